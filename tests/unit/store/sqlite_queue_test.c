/* SPDX-License-Identifier: Apache-2.0 */
#include "store/temp.h"

static void
test_whole(void **state)
{
	struct store *s = temp_open(NULL);
	struct message m = temp_message("m1"), got;
	struct recipient r[2] = {temp_recipient("a", "x.example", T0),
				 temp_recipient("b", "y.example", T0 + 1)};
	struct recipient list[3];
	CLEANUP(buf_release) struct buf data = BUF_INIT(100);
	CLEANUP(buf_release) struct buf small = BUF_INIT(3);
	size_t len;

	(void)state;
	m.fell_back = true;
	m.require_tls = true;
	m.max_age = 300000;
	memset(r[1].reply, 'r', sizeof(r[1].reply) - 1);
	memset(r[1].remote, 'h', sizeof(r[1].remote) - 1);
	r[1].tls = true;
	r[1].attempts = 4;
	OK(store_message_add(s, &m, SPAN("a\0b\r\n"), r, 2, &err));
	assert_int_equal(m.size, 5);
	assert_int_equal(r[1].message, m.id);
	OK(store_message_get(s, m.id, &got, &err));
	assert_memory_equal(&got, &m, sizeof(m));
	OK(store_message_find(s, "m1", &got, &err));
	assert_memory_equal(&got, &m, sizeof(m));
	OK(store_message_data(s, m.id, &data, &err));
	assert_int_equal(data.len, 5);
	assert_memory_equal(data.ptr, "a\0b\r\n", 5);
	FAILS(store_message_data(s, m.id, &small, &err), ERROR_TOO_LARGE);
	FAILS(store_message_data(s, m.id + 1, &data, &err), ERROR_NOT_FOUND);
	OK(store_recipient_list(s, m.id, 0, list, 3, &len, &err));
	assert_int_equal(len, 2);
	assert_memory_equal(list, r, sizeof(r));
	OK(store_recipient_list(s, m.id, list[0].id, list, 3, &len, &err));
	assert_int_equal(len, 1);
	OK(store_recipient_get(s, r[1].id, &list[0], &err));
	assert_memory_equal(&list[0], &r[1], sizeof(r[1]));
	FAILS(store_message_add(s, &m, SPAN("again"), r, 1, &err),
	      ERROR_ALREADY_EXISTS);
	store_free(s);
}

/* A message that nobody is left to get is finished, and never due. */
static void
test_nobody(void **state)
{
	struct store *s = temp_open(NULL);
	struct message m = temp_message("m1"), got;
	struct recipient r[2] = {temp_recipient("a", "x.example", T0),
				 temp_recipient("b", "y.example", T0)};
	uint64_t count;

	(void)state;
	r[0].state = r[1].state = RECIPIENT_FAILED;
	OK(store_message_add(s, &m, SPAN("x"), r, 2, &err));
	assert_int_equal(m.finished, T0);
	OK(store_message_get(s, m.id, &got, &err));
	assert_int_equal(got.finished, T0);
	OK(store_queued_count(s, A, &count, &err));
	assert_int_equal(count, 0);
	OK(store_sent_count(s, A, T0 - 3600000, &count, &err));
	assert_int_equal(count, 2);
	/* With one that is queued it goes on. */
	COPY(m.message_id, "m2");
	r[1].state = RECIPIENT_QUEUED;
	OK(store_message_add(s, &m, SPAN("x"), r, 2, &err));
	assert_int_equal(m.finished, 0);
	store_free(s);
}

/* Puts `count` recipients of `domain` into the queue, due at `due`. */
static void
enqueue(struct store *s, const char *domain, int count, int64_t due)
{
	struct message m = temp_message("");

	for (int i = 0; i < count; i++) {
		struct recipient r = temp_recipient("a", domain, due + i);

		snprintf(m.message_id, sizeof(m.message_id), "%s %ld %d",
			 domain, (long)due, i);
		OK(store_message_add(s, &m, SPAN("data"), &r, 1, &err));
	}
}

static void
test_due(void **state)
{
	struct store *s = temp_open(NULL);
	struct recipient list[10];
	char cursor[STORE_DOMAIN_SIZE] = "";
	size_t len;
	int64_t next;

	(void)state;
	OK(store_recipient_next_attempt(s, &next, &err));
	assert_true(next == INT64_MAX);
	enqueue(s, "big.example", 20, T0);
	enqueue(s, "later.example", 1, T0 + 1000);
	enqueue(s, "small.example", 1, T0 - 5);
	OK(store_recipient_next_attempt(s, &next, &err));
	assert_int_equal(next, T0 - 5);

	OK(store_recipient_due(s, T0 + 100, 3, cursor, list, 10, &len, &err));
	assert_int_equal(len, 4);
	assert_string_equal(cursor, "");
	for (int i = 0; i < 3; i++) {
		assert_string_equal(list[i].domain, "big.example");
		assert_int_equal(list[i].next_attempt, T0 + i);
	}
	assert_string_equal(list[3].domain, "small.example");
	/* What is not due is not seen. */
	OK(store_recipient_due(s, T0 - 1, 3, cursor, list, 10, &len, &err));
	assert_int_equal(len, 1);
	/* Little room: the next call goes on behind the last domain. */
	OK(store_recipient_due(s, T0 + 100, 3, cursor, list, 2, &len, &err));
	assert_int_equal(len, 2);
	assert_string_equal(cursor, "big.example");
	OK(store_recipient_due(s, T0 + 100, 3, cursor, list, 2, &len, &err));
	assert_int_equal(len, 1);
	assert_string_equal(list[0].domain, "small.example");
	assert_string_equal(cursor, "");
	store_free(s);
}

/* However many domains there are, a call looks at STORE_SCAN_MAX only. */
static void
test_many_domains(void **state)
{
	struct store *s = temp_open(NULL);
	struct recipient list[1];
	char cursor[STORE_DOMAIN_SIZE] = "";
	size_t len;

	(void)state;
	OK(store_begin(s, &err));
	for (int i = 0; i < STORE_SCAN_MAX + 1; i++) {
		char name[32];

		snprintf(name, sizeof(name), "%05d.example", i);
		enqueue(s, name, 1, i < STORE_SCAN_MAX ? T0 + 100 : T0);
	}
	OK(store_commit(s, &err));
	OK(store_recipient_due(s, T0, 3, cursor, list, 1, &len, &err));
	assert_int_equal(len, 0);
	assert_string_equal(cursor, "00999.example");
	OK(store_recipient_due(s, T0, 3, cursor, list, 1, &len, &err));
	assert_int_equal(len, 1);
	assert_string_equal(list[0].domain, "01000.example");
	store_free(s);
}

static void
test_delivery(void **state)
{
	struct store *s = temp_open(NULL);
	struct message m = temp_message("m1");
	struct recipient r[3] = {temp_recipient("a", "x.example", T0),
				 temp_recipient("b", "x.example", T0),
				 temp_recipient("c", "x.example", T0)};
	struct recipient again[3], got;
	CLEANUP(buf_release) struct buf data = BUF_INIT(100);
	uint64_t count;
	size_t len = 2;

	(void)state;
	OK(store_message_add(s, &m, SPAN("data"), r, 3, &err));
	memcpy(again, r, sizeof(r));
	OK(store_recipient_claim(s, r, &len, T0 + 1, &err));
	assert_int_equal(len, 2);
	assert_int_equal(r[0].state, RECIPIENT_SENDING);
	/* Nobody gets what another has. */
	len = 3;
	OK(store_recipient_claim(s, again, &len, T0 + 2, &err));
	assert_int_equal(len, 1);
	assert_string_equal(again[0].address, "c@x.example");
	OK(store_queued_count(s, NULL, &count, &err));
	assert_int_equal(count, 3);
	OK(store_queued_count(s, A, &count, &err));
	assert_int_equal(count, 3);
	OK(store_queued_count(s, B, &count, &err));
	assert_int_equal(count, 0);

	r[0].state = RECIPIENT_DELIVERED;
	r[0].attempts = 1;
	r[0].tls = true;
	r[0].updated = T0 + 10;
	COPY(r[0].reply, "250 2.0.0 taken");
	COPY(r[0].remote, "mx.x.example");
	OK(store_recipient_update(s, &r[0], &err));
	OK(store_recipient_get(s, r[0].id, &got, &err));
	assert_memory_equal(&got, &r[0], sizeof(got));
	OK(store_message_get(s, m.id, &m, &err));
	assert_int_equal(m.finished, 0);
	r[1].state = RECIPIENT_FAILED;
	r[1].updated = T0 + 20;
	OK(store_recipient_update(s, &r[1], &err));

	/* After a crash those under way are due again. */
	OK(store_recipient_requeue(s, T0 + 30, &count, &err));
	assert_int_equal(count, 1);
	OK(store_recipient_get(s, again[0].id, &got, &err));
	assert_int_equal(got.state, RECIPIENT_QUEUED);
	assert_int_equal(got.next_attempt, T0 + 30);

	OK(store_data_purge(s, INT64_MAX, 10, &count, &err));
	assert_int_equal(count, 0);
	got.state = RECIPIENT_DELIVERED;
	got.updated = T0 + 40;
	OK(store_recipient_update(s, &got, &err));
	OK(store_message_get(s, m.id, &m, &err));
	assert_int_equal(m.finished, T0 + 40);
	OK(store_queued_count(s, A, &count, &err));
	assert_int_equal(count, 0);

	OK(store_data_purge(s, T0 + 40, 10, &count, &err));
	assert_int_equal(count, 0);
	OK(store_data_purge(s, T0 + 41, 10, &count, &err));
	assert_int_equal(count, 1);
	OK(store_data_purge(s, T0 + 41, 10, &count, &err));
	assert_int_equal(count, 0);
	FAILS(store_message_data(s, m.id, &data, &err), ERROR_NOT_FOUND);
	OK(store_message_get(s, m.id, &m, &err));
	OK(store_message_purge(s, T0 + 41, 10, &count, &err));
	assert_int_equal(count, 1);
	FAILS(store_message_get(s, m.id, &m, &err), ERROR_NOT_FOUND);
	FAILS(store_recipient_get(s, r[0].id, &got, &err), ERROR_NOT_FOUND);
	FAILS(store_recipient_update(s, &r[0], &err), ERROR_NOT_FOUND);
	store_free(s);
}

static void
test_sent(void **state)
{
	struct store *s = temp_open(NULL);
	const int64_t day = 86400000;
	uint64_t count;

	(void)state;
	enqueue(s, "x.example", 5, T0);
	OK(store_sent_count(s, A, T0 - day, &count, &err));
	assert_int_equal(count, 5);
	OK(store_sent_count(s, B, T0 - day, &count, &err));
	assert_int_equal(count, 0);
	OK(store_sent_count(s, A, T0 + 600000, &count, &err));
	assert_int_equal(count, 0);
	OK(store_sent_purge(s, T0, &err));
	OK(store_sent_count(s, A, T0 - day, &count, &err));
	assert_int_equal(count, 5);
	OK(store_sent_purge(s, T0 + day, &err));
	OK(store_sent_count(s, A, T0 - day, &count, &err));
	assert_int_equal(count, 0);
	store_free(s);
}

int
main(void)
{
	UNIT(test_whole);
	UNIT(test_nobody);
	UNIT(test_due);
	UNIT(test_many_domains);
	UNIT(test_delivery);
	UNIT(test_sent);
	return unit_run("store/sqlite_queue");
}
