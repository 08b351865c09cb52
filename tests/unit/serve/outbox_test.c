/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outbox on a store on a disk, with the real mailer, which sends to our
 * own listener over loopback.
 */
#include "serve/outbox.h"

#include <sqlite3.h>

#include "sending/retry.h"
#include "serve/world.h"

#define MAILS 64 /* that the other side remembers */

static struct outbox *outbox;

/* What came to the other side. */
static struct {
	size_t count;
	size_t recipients[MAILS];
	char first[MAILS][PATH_MAX_LEN + 1];
	char text[200];
	bool deaf; /* messages are not answered */
	struct smtp_inbound *held[MAILS];
} came;

static void
on_recipient(void *context, const struct smtp_inbound *in,
	     const struct path *path, struct smtpd_verdict *ret)
{
	(void)context;
	(void)in;
	if (span_starts(path_text(path), SPAN("no")))
		*ret = (struct smtpd_verdict){550, "5.1.1", "nobody", false};
	else if (span_starts(path_text(path), SPAN("grey")))
		*ret = (struct smtpd_verdict){451, "4.7.1", "later", false};
}

static void
on_message(void *context, struct smtp_inbound *in)
{
	const struct smtpd_verdict yes = {0};

	(void)context;
	assert_true(came.count < MAILS);
	came.recipients[came.count] = in->recipients;
	snprintf(came.first[came.count], sizeof(came.first[0]), "%s",
		 in->recipient[0].text);
	snprintf(came.text, sizeof(came.text), "%s", in->text.ptr);
	if (came.deaf)
		came.held[came.count++] = in;
	else if (came.count++ < MAILS)
		smtp_listener_answer(in, &yes);
}

static const struct smtp_listener_handler receiver = {
	.recipient = on_recipient,
	.message = on_message,
};

static struct outbox_parts
usual(void)
{
	return (struct outbox_parts){.mails_max = OUTBOX_MAILS_MAX,
				     .held_max = OUTBOX_HELD_MAX,
				     .seed = 3};
}

static void
start(struct outbox_parts parts, struct mailer_config config)
{
	memset(&came, 0, sizeof(came));
	world_start(config, &receiver, NULL);
	parts.loop = loop;
	parts.storage = storage;
	parts.mailer = mailer;
	outbox = outbox_new(&parts);
}

static void
end(void)
{
	outbox_stop(outbox);
	assert_int_equal(outbox_busy(outbox), 0);
	outbox_free(outbox);
	world_end();
}

static bool
is_quiet(void)
{
	uint64_t queued = 1;

	OK(store_queued_count(db, NULL, &queued, &err));
	return queued == 0 && outbox_busy(outbox) == 0;
}

static bool
is_idle(void)
{
	return outbox_busy(outbox) == 0;
}

/* Adds a message to these recipients; returns its row. */
static uint64_t
add(const char *message_id, const char *data, struct recipient *r, size_t len)
{
	struct message m = temp_message(message_id);

	m.created = clock_now();
	OK(store_message_add(db, &m, span_of(data), r, len, &err));
	return m.id;
}

static uint64_t
add_one(const char *message_id, const char *local, const char *domain)
{
	struct recipient r = temp_recipient(local, domain, T0);

	return add(message_id, "hi\r\n", &r, 1);
}

/* Returns recipient number `i` of a message. */
static struct recipient
row_of(uint64_t message, size_t i)
{
	struct recipient r[8];
	size_t len = 0;

	OK(store_recipient_list(db, message, 0, r, 8, &len, &err));
	assert_true(i < len);
	return r[i];
}

/* The kinds of all events so far, each with a space. */
static const char *
events(void)
{
	static char kinds[400];
	struct event *e = mem_array(100, sizeof(*e));
	size_t len = 0, at = 0;

	kinds[0] = '\0';
	OK(store_event_list(db, A, "", 0, e, 100, &len, &err));
	for (size_t i = 0; i < len && at < sizeof(kinds); i++)
		at += (size_t)snprintf(kinds + at, sizeof(kinds) - at, "%s ",
				       e[i].kind);
	free(e);
	return kinds;
}

/* Three fates in one transaction; the delayed one is tried again. */
static void
test_fates(void **state)
{
	struct identity identity = temp_identity("us.test");
	struct recipient to[] = {
		temp_recipient("a", "d.test", T0),
		temp_recipient("no", "d.test", T0),
		temp_recipient("grey", "d.test", T0),
	};
	struct recipient r;
	struct event event[4];
	uint64_t id;
	size_t len = 0;

	(void)state;
	world_store();
	OK(store_identity_add(db, &identity, &err));
	id = add("m1", "hi\r\n.\r\n", to, 3);
	start(usual(), MAILER_CONFIG);
	wait_until(is_idle);
	while (row_of(id, 0).state != RECIPIENT_DELIVERED)
		wait_until(is_idle);
	assert_int_equal(came.count, 1);
	assert_int_equal(came.recipients[0], 1);
	assert_string_equal(came.text, "hi\r\n.\r\n");
	assert_string_equal(row_of(id, 0).remote, "d.test");
	assert_int_equal(row_of(id, 0).attempts, 1);
	assert_int_equal(row_of(id, 1).state, RECIPIENT_FAILED);
	assert_non_null(strstr(row_of(id, 1).reply, "nobody"));
	r = row_of(id, 2);
	assert_int_equal(r.state, RECIPIENT_QUEUED);
	assert_int_equal(r.attempts, 1);
	assert_true(r.next_attempt > clock_now() + RETRY_FIRST / 2);
	OK(store_event_list(db, A, "us.test", 0, event, 4, &len, &err));
	assert_int_equal(len, 3);
	assert_string_equal(events(),
			    "send.delivered send.bounced send.delayed ");
	/* now it is due, and somebody else by now */
	r.next_attempt = clock_now();
	OK(store_recipient_update(db, &r, &err));
	outbox_wake(outbox);
	while (row_of(id, 2).attempts == 1)
		wait_until(is_idle);
	assert_int_equal(row_of(id, 2).attempts, 2);
	assert_int_equal(row_of(id, 2).state, RECIPIENT_QUEUED);
	assert_int_equal(came.count, 1);
	end();
}

/* What a killed process was sending is sent by the next. */
static void
test_requeue(void **state)
{
	struct recipient r = temp_recipient("a", "d.test", T0);
	size_t one = 1;
	uint64_t id;

	(void)state;
	world_store();
	id = add("m1", "hi\r\n", &r, 1);
	r = row_of(id, 0);
	OK(store_recipient_claim(db, &r, &one, T0, &err));
	assert_int_equal(row_of(id, 0).state, RECIPIENT_SENDING);
	start(usual(), MAILER_CONFIG);
	wait_until(is_quiet);
	assert_int_equal(row_of(id, 0).state, RECIPIENT_DELIVERED);
	assert_int_equal(came.count, 1);
	end();
}

/* One transaction for up to a hundred of one domain, none for two domains. */
static void
test_groups(void **state)
{
	struct recipient *to = mem_array(152, sizeof(*to));
	size_t sum = 0;

	(void)state;
	world_store();
	for (size_t i = 0; i < 152; i++) {
		char local[16];

		snprintf(local, sizeof(local), "a%zu", i);
		to[i] = temp_recipient(local, i < 150 ? "d.test" : "e.test",
				       T0);
	}
	add("m1", "hi\r\n", to, 152);
	start(usual(), MAILER_CONFIG);
	wait_until(is_quiet);
	for (size_t i = 0; i < came.count; i++)
		sum += came.recipients[i];
	assert_int_equal(came.count, 3);
	assert_int_equal(sum, 152);
	free(to);
	end();
}

/* With room for one mail, smaller than a message, all have their turn. */
static void
test_bounds(void **state)
{
	struct outbox_parts parts = usual();

	(void)state;
	world_store();
	for (int i = 0; i < 12; i++) {
		char id[16];

		snprintf(id, sizeof(id), "m%d", i);
		add_one(id, "a", i % 2 ? "d.test" : "e.test");
	}
	parts.mails_max = 3;
	parts.held_max = 2;
	start(parts, MAILER_CONFIG);
	wait_until(is_quiet);
	assert_int_equal(came.count, 12);
	end();
}

/* Many for one domain do not keep the one for another waiting. */
static void
test_turns(void **state)
{
	struct mailer_config config = MAILER_CONFIG;
	size_t place = 0;

	(void)state;
	world_store();
	for (int i = 0; i < 50; i++) {
		char id[16];

		snprintf(id, sizeof(id), "m%d", i);
		add_one(id, "a", "d.test");
	}
	add_one("other", "b", "e.test");
	config.per_domain_max = 1;
	start(usual(), config);
	wait_until(is_quiet);
	assert_int_equal(came.count, 51);
	while (strcmp(came.first[place], "b@e.test") != 0)
		place++;
	assert_in_range(place, 0, 25);
	end();
}

/* What the mailer does not take is queued, untried. */
static void
test_refused(void **state)
{
	struct recipient r;
	uint64_t id;
	int64_t before = clock_now();

	(void)state;
	world_store();
	id = add_one("m1", "a", "d.test");
	start(usual(), MAILER_CONFIG);
	mailer_stop(mailer, NULL);
	do {
		wait_until(is_idle);
		r = row_of(id, 0);
	} while (r.updated == T0);
	assert_int_equal(r.state, RECIPIENT_QUEUED);
	assert_int_equal(r.attempts, 0);
	assert_true(r.next_attempt >= before + 1000);
	assert_string_equal(events(), "");
	end();
}

static bool
has_come(void)
{
	return came.count > 0;
}

/* Stopped: what waits is queued, what is under way is finished and kept. */
static void
test_stop(void **state)
{
	const struct smtpd_verdict yes = {0};
	struct mailer_config config = MAILER_CONFIG;
	uint64_t first, second, third;

	(void)state;
	world_store();
	first = add_one("m1", "a", "d.test");
	second = add_one("m2", "b", "d.test");
	config.per_domain_max = 1;
	start(usual(), config);
	came.deaf = true;
	wait_until(has_come);
	assert_int_equal(row_of(second, 0).state, RECIPIENT_SENDING);
	outbox_stop(outbox);
	third = add_one("m3", "c", "d.test");
	outbox_wake(outbox);
	assert_int_equal(outbox_busy(outbox), 2);
	smtp_listener_answer(came.held[0], &yes);
	wait_until(is_idle);
	assert_int_equal(row_of(first, 0).state, RECIPIENT_DELIVERED);
	assert_int_equal(row_of(second, 0).state, RECIPIENT_QUEUED);
	assert_int_equal(row_of(second, 0).attempts, 0);
	assert_int_equal(row_of(third, 0).state, RECIPIENT_QUEUED);
	assert_int_equal(came.count, 1);
	end();
}

/* Cut off: the mail under way is SENDING in the store, for the next process. */
static void
test_cut_off(void **state)
{
	const struct smtpd_verdict yes = {0};
	uint64_t id;

	(void)state;
	world_store();
	id = add_one("m1", "a", "d.test");
	start(usual(), MAILER_CONFIG);
	came.deaf = true;
	wait_until(has_come);
	outbox_stop(outbox);
	mailer_free(take_ptr(&mailer));
	storage_free(take_ptr(&storage));
	outbox_free(outbox);
	assert_int_equal(row_of(id, 0).state, RECIPIENT_SENDING);
	smtp_listener_answer(came.held[0], &yes);
	world_end();
}

/* Runs SQL in the database behind everybody's back. */
static void
meddle(const char *sql)
{
	sqlite3 *raw = NULL;
	char *why = NULL;

	assert_int_equal(sqlite3_open(temp.path, &raw), SQLITE_OK);
	sqlite3_busy_timeout(raw, 5000);
	if (sqlite3_exec(raw, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	sqlite3_close(raw);
}

/*
 * A store that does not take the result is told again: the recipient is not
 * lost meanwhile, nor sent twice, nor called delivered.
 */
static void
test_store_failure(void **state)
{
	uint64_t id;

	(void)state;
	world_store();
	id = add_one("m1", "a", "d.test");
	meddle("CREATE TRIGGER ill BEFORE INSERT ON event BEGIN"
	       " SELECT RAISE(ABORT, 'ill'); END");
	start(usual(), MAILER_CONFIG);
	wait_until(has_come);
	patience = clock_mono() + 1300;
	wait_until(has_waited);
	assert_int_equal(row_of(id, 0).state, RECIPIENT_SENDING);
	assert_int_equal(outbox_busy(outbox), 1);
	assert_string_equal(events(), "");
	meddle("DROP TRIGGER ill");
	wait_until(is_quiet);
	assert_int_equal(row_of(id, 0).state, RECIPIENT_DELIVERED);
	assert_string_equal(events(), "send.delivered ");
	assert_int_equal(came.count, 1);
	end();
}

/* While the store does not say who is due, nothing is sent, nor lost. */
static void
test_load_failure(void **state)
{
	uint64_t id;

	(void)state;
	world_store();
	id = add_one("m1", "a", "d.test");
	meddle("CREATE TRIGGER ill BEFORE UPDATE ON recipient BEGIN"
	       " SELECT RAISE(ABORT, 'ill'); END");
	start(usual(), MAILER_CONFIG);
	patience = clock_mono() + 300;
	wait_until(has_waited);
	assert_int_equal(row_of(id, 0).state, RECIPIENT_QUEUED);
	meddle("DROP TRIGGER ill");
	wait_until(is_quiet);
	assert_int_equal(row_of(id, 0).state, RECIPIENT_DELIVERED);
	assert_int_equal(came.count, 1);
	end();
}

static const struct fault_row {
	const char *name;
	const char *data;
	const char *local;
	const char *want; /* in the reply */
	bool purged;
} faults[] = {
	{"bare LF", "hi\n", "a", "bare LF", false},
	{"bare CR", "hi\rho\r\n", "a", "bare CR", false},
	{"no address", "hi\r\n", "a b", "not an address", false},
	{"no data", "hi\r\n", "a", "not in the queue", true},
};

/* What cannot be sent fails at once, with its reason. */
static void
test_fault(void **state)
{
	const struct fault_row *row = *state;
	struct recipient to[] = {temp_recipient(row->local, "d.test", T0)};
	uint64_t id, other;

	world_store();
	id = add("m1", row->data, to, 1);
	if (row->purged)
		meddle("DELETE FROM message_data");
	other = add_one("m2", "b", "d.test");
	start(usual(), MAILER_CONFIG);
	wait_until(is_quiet);
	assert_int_equal(row_of(id, 0).state, RECIPIENT_FAILED);
	assert_non_null(strstr(row_of(id, 0).reply, row->want));
	assert_int_equal(row_of(other, 0).state, RECIPIENT_DELIVERED);
	assert_int_equal(came.count, 1);
	end();
}

int
main(void)
{
	UNIT(test_fates);
	UNIT(test_requeue);
	UNIT(test_groups);
	UNIT(test_bounds);
	UNIT(test_turns);
	UNIT(test_refused);
	UNIT(test_stop);
	UNIT(test_cut_off);
	UNIT(test_store_failure);
	UNIT(test_load_failure);
	UNIT_ROWS(test_fault, faults);
	return unit_run("serve/outbox");
}
