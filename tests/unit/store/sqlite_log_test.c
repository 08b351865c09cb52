/* SPDX-License-Identifier: Apache-2.0 */
#include "store/temp.h"

static void
add(struct store *s, const char *account, const char *identity, int64_t time,
    const char *kind)
{
	struct event e = {.time = time, .text = "{}"};

	COPY(e.account, account);
	COPY(e.identity, identity);
	COPY(e.kind, kind);
	OK(store_event_add(s, &e, &err));
	assert_true(e.id > 0);
}

static void
test_events(void **state)
{
	struct store *s = temp_open(NULL);
	struct event list[5];
	uint64_t count;
	size_t len;

	(void)state;
	add(s, A, "a.example", T0 + 1, "identity.created");
	add(s, A, "b.example", T0 + 2, "identity.created");
	add(s, B, "a.example", T0 + 3, "identity.created");
	add(s, A, "a.example", T0 + 4, "dkim.status");
	add(s, "", "", T0 + 5, "server.started");

	OK(store_event_list(s, A, "", 0, list, 5, &len, &err));
	assert_int_equal(len, 3);
	assert_int_equal(list[0].time, T0 + 1);
	assert_string_equal(list[2].kind, "dkim.status");
	assert_string_equal(list[2].text, "{}");
	OK(store_event_list(s, A, "", list[0].id, list, 1, &len, &err));
	assert_int_equal(len, 1);
	assert_string_equal(list[0].identity, "b.example");
	OK(store_event_list(s, A, "a.example", 0, list, 5, &len, &err));
	assert_int_equal(len, 2);
	OK(store_event_list(s, "", "", 0, list, 5, &len, &err));
	assert_int_equal(len, 1);

	OK(store_event_last(s, A, "", 0, list, 2, &len, &err));
	assert_int_equal(len, 2);
	assert_int_equal(list[0].time, T0 + 4);
	assert_int_equal(list[1].time, T0 + 2);
	OK(store_event_last(s, A, "", list[1].id, list, 2, &len, &err));
	assert_int_equal(len, 1);
	OK(store_event_last(s, A, "a.example", 0, list, 5, &len, &err));
	assert_int_equal(len, 2);
	assert_int_equal(list[0].time, T0 + 4);

	OK(store_event_purge(s, T0 + 4, 2, &count, &err));
	assert_int_equal(count, 2);
	OK(store_event_purge(s, T0 + 4, 2, &count, &err));
	assert_int_equal(count, 1);
	OK(store_event_list(s, A, "", 0, list, 5, &len, &err));
	assert_int_equal(len, 1);
	store_free(s);
}

static void
test_reports(void **state)
{
	static struct report_row r, got;
	CLEANUP(buf_release) struct buf message = BUF_INIT(100);
	struct store *s = temp_open(NULL);
	CLEANUP(buf_release) struct buf b = BUF_INIT(100);
	uint64_t count;

	(void)state;
	COPY(r.token, "tok");
	COPY(r.account, A);
	COPY(r.identity, "a.example");
	r.received = T0;
	OK(store_report_put(s, &r, &err));
	memset(r.json, 'j', sizeof(r.json) - 1);
	r.received = T0 + 1;
	OK(store_report_put(s, &r, &err));
	OK(store_report_get(s, "tok", &got, &err));
	assert_memory_equal(&got, &r, sizeof(r));
	FAILS(store_report_get(s, "other", &got, &err), ERROR_NOT_FOUND);
	OK(store_report_message(s, "tok", &message, &err));
	assert_int_equal(message.len, 0);
	OK(store_report_message_put(s, "tok", SPAN("a\0b"), &err));
	OK(store_report_message(s, "tok", &message, &err));
	assert_int_equal(message.len, 3);
	assert_memory_equal(message.ptr, "a\0b", 3);
	FAILS(store_report_message_put(s, "other", SPAN("x"), &err),
	      ERROR_NOT_FOUND);
	FAILS(store_report_message(s, "other", &message, &err),
	      ERROR_NOT_FOUND);
	OK(store_setting_put(s, "report.tok", SPAN("message"), &err));
	OK(store_setting_put(s, "report.other", SPAN("message"), &err));
	OK(store_report_purge(s, T0 + 1, 10, &count, &err));
	assert_int_equal(count, 0);
	OK(store_report_purge(s, T0 + 2, 10, &count, &err));
	assert_int_equal(count, 1);
	FAILS(store_report_get(s, "tok", &got, &err), ERROR_NOT_FOUND);
	FAILS(store_setting_get(s, "report.tok", &b, &err), ERROR_NOT_FOUND);
	OK(store_setting_get(s, "report.other", &b, &err));
	store_free(s);
}

int
main(void)
{
	UNIT(test_events);
	UNIT(test_reports);
	return unit_run("store/sqlite_log");
}
