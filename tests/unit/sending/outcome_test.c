/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/outcome.h"

#include "text/json.h"
#include "unit.h"

static const struct message message = {
	.message_id = "0100-abc",
	.account = "123456789012",
	.created = 1000000,
};

#define RESULT(outcome, phase, code, enhanced, text)                           \
	{                                                                      \
		SMTP_##outcome, SMTP_PHASE_##phase, code, enhanced, text, true \
	}

static const struct row {
	const char *name;
	struct smtp_result result;
	int64_t age;
	enum recipient_state state;
	const char *kind;
	const char *member; /* of the event, and its value */
	const char *value;
} rows[] = {
	{"delivered", RESULT(DELIVERED, MESSAGE, 250, "2.0.0", "250 2.0.0 ok"),
	 5000, RECIPIENT_DELIVERED, "send.delivered", "reply", "250 2.0.0 ok"},
	{"delayed", RESULT(DEFERRED, RECIPIENT, 452, "4.2.2", "452 4.2.2 full"),
	 5000, RECIPIENT_QUEUED, "send.delayed", "delay_type", "MailboxFull"},
	{"bounced", RESULT(FAILED, RECIPIENT, 550, "5.1.1", "550 \"no\"\\"),
	 5000, RECIPIENT_FAILED, "send.bounced", "bounce_sub_type", "NoEmail"},
	{"given up", RESULT(DEFERRED, CONNECT, 0, "4.4.1", "no connection"),
	 RETRY_AGE_MAX, RECIPIENT_FAILED, "send.bounced", "bounce_type",
	 "Transient"},
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct recipient r = {.address = "a@d.test",
			      .state = RECIPIENT_SENDING,
			      .attempts = 2};
	int64_t now = message.created + row->age;
	json_t *evidence;
	struct event event;
	struct span got;

	outcome_apply(&message, "us.test", &row->result, "mx.d.test", now, 3,
		      &r, &event);
	assert_int_equal(r.state, row->state);
	assert_int_equal(r.attempts, 3);
	assert_int_equal(r.updated, now);
	assert_string_equal(r.reply, row->result.text);
	assert_string_equal(r.remote, "mx.d.test");
	assert_true(r.tls);
	assert_int_equal(r.next_attempt > now, r.state == RECIPIENT_QUEUED);
	assert_string_equal(event.kind, row->kind);
	assert_string_equal(event.account, message.account);
	assert_string_equal(event.identity, "us.test");
	assert_int_equal(event.time, now);
	assert_int_equal(json_parse(span_of(event.text), 4096, &evidence, NULL),
			 JSON_OK);
	assert_true(json_get_text(evidence, row->member, &got));
	assert_span(got, row->value);
	assert_true(json_get_text(evidence, "message_id", &got));
	assert_span(got, "0100-abc");
	assert_true(json_get_text(evidence, "reply", &got));
	assert_span(got, row->result.text);
	json_decref(evidence);
}

/* MaxDeliverySeconds: given up sooner than usual. */
static void
test_age(void **state)
{
	static const struct smtp_result late =
		RESULT(DEFERRED, CONNECT, 0, "4.4.1", "no connection");
	struct message m = message;
	struct recipient r = {.attempts = 1};
	struct event event;

	(void)state;
	m.max_age = 300000;
	outcome_apply(&m, "us.test", &late, "", m.created + 299000, 3, &r,
		      &event);
	assert_int_equal(r.state, RECIPIENT_QUEUED);
	assert_int_equal(r.next_attempt, m.created + 300000);
	outcome_apply(&m, "us.test", &late, "", m.created + 300000, 3, &r,
		      &event);
	assert_int_equal(r.state, RECIPIENT_FAILED);
}

static const struct suppress_row {
	const char *name;
	enum suppressed_reason reason;
	const char *kind;
	const char *member; /* that says the sub type */
} suppressing[] = {
	{"bounce", SUPPRESSED_BOUNCE, "send.bounced", "bounce_sub_type"},
	{"complaint", SUPPRESSED_COMPLAINT, "send.complained",
	 "complaint_sub_type"},
};

static void
test_suppress(void **state)
{
	const struct suppress_row *row = *state;
	struct recipient r = {.state = RECIPIENT_QUEUED, .next_attempt = 5};
	struct event event;
	json_t *evidence;
	struct span got;

	/* The longest address still makes an event that can be read. */
	memset(r.address, '"', sizeof(r.address) - 1);
	outcome_suppress(&message, "us.test", row->reason, 77, &r, &event);
	assert_int_equal(r.state, RECIPIENT_FAILED);
	assert_int_equal(r.updated, 77);
	assert_int_equal(r.attempts, 0);
	assert_true(r.reply[0] != '\0');
	assert_string_equal(event.kind, row->kind);
	assert_string_equal(event.account, message.account);
	assert_string_equal(event.identity, "us.test");
	assert_int_equal(json_parse(span_of(event.text), 4096, &evidence, NULL),
			 JSON_OK);
	assert_true(json_get_text(evidence, row->member, &got));
	assert_span(got, "OnAccountSuppressionList");
	assert_true(json_get_text(evidence, "recipient", &got));
	assert_span(got, r.address);
	assert_int_equal(json_get_text(evidence, "bounce_type", &got),
			 row->reason == SUPPRESSED_BOUNCE);
	json_decref(evidence);
}

/* The longest of everything still makes an event that can be read. */
static void
test_longest(void **state)
{
	struct smtp_result result = RESULT(FAILED, RECIPIENT, 550, "", "");
	struct recipient r = {.attempts = 1};
	struct event event;
	json_t *evidence;
	char host[254];

	(void)state;
	memset(result.text, '"', sizeof(result.text) - 1);
	memset(r.address, '"', sizeof(r.address) - 1);
	memset(host, 'x', sizeof(host) - 1);
	host[sizeof(host) - 1] = '\0';
	outcome_apply(&message, "us.test", &result, host, message.created + 1,
		      3, &r, &event);
	assert_int_equal(strlen(r.reply), sizeof(result.text) - 1);
	assert_string_equal(r.remote, host);
	assert_int_equal(json_parse(span_of(event.text), 4096, &evidence, NULL),
			 JSON_OK);
	json_decref(evidence);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_longest);
	UNIT(test_age);
	UNIT_ROWS(test_suppress, suppressing);
	return unit_run("sending/outcome");
}
