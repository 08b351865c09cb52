/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inbox behind a listener, with a store on a disk; the real mailer is the
 * other side that sends to it over loopback.
 */
#include "serve/inbox.h"

#include <sqlite3.h>

#include "serve/world.h"
#include "text/json.h"

#define TOKEN   "abcdefghijklmnopqrstuvwxyz234567"
#define TOKEN2  "zbcdefghijklmnopqrstuvwxyz234567"
#define UNKNOWN "bbcdefghijklmnopqrstuvwxyz234567"
#define ID      "0100019a5a22074b-2fa38887-99a3-4b33-b83a-1fb32e6b023a-000000"
#define ID_NONE "0100019a5a22074b-2fa38887-99a3-4b33-b83a-1fb32e6b023b-000000"

#define AT_REPORT "@report.zone.test"

static struct inbox *inbox;

/* ---- the other side ---- */

static struct {
	struct mail mail;
	struct path to[16];
	char results[16][100];
	bool done;
} sent;

static void
on_result(struct mail *mail, size_t i, const struct smtp_result *result,
	  const char *host)
{
	(void)mail;
	(void)host;
	snprintf(sent.results[i], sizeof(sent.results[i]), "%s %d %s",
		 smtp_phase_name(result->phase), result->code,
		 result->enhanced);
}

static void
on_done(struct mail *mail)
{
	(void)mail;
	sent.done = true;
}

static bool
is_sent(void)
{
	return sent.done;
}

/* Puts a mail on its way. */
static void
post(const char *sender, const char *const *to, size_t len, struct span text)
{
	memset(&sent, 0, sizeof(sent));
	sent.mail = (struct mail){.recipient = sent.to,
				  .recipients = len,
				  .part = {text},
				  .parts = 1,
				  .result = on_result,
				  .done = on_done};
	assert_int_equal(dname_parse(SPAN("mx.test"), &sent.mail.domain), 0);
	assert_int_equal(path_parse(span_of(sender), &sent.mail.sender), 0);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(path_parse(span_of(to[i]), &sent.to[i]), 0);
	assert_true(dot_check(sent.mail.part, 1, &sent.mail.facts));
	assert_true(mailer_send(mailer, &sent.mail));
}

/* Sends a mail to one recipient and returns what became of it. */
static const char *
send_one(const char *sender, const char *to, const char *text)
{
	post(sender, &to, 1, span_of(text));
	wait_until(is_sent);
	return sent.results[0];
}

/* ---- our side ---- */

static void
ask_report(const char *token)
{
	struct report_row *r = mem_new(sizeof(*r));

	r->received = T0;
	COPY(r->token, token);
	COPY(r->account, A);
	COPY(r->identity, "good.test");
	OK(store_report_put(db, r, &err));
	free(r);
}

static void
start(void)
{
	struct identity identity = temp_identity("good.test");
	struct message m = temp_message(ID);
	struct recipient r = temp_recipient("a", "d.test", T0);
	struct inbox_parts parts = {.zone = "Zone.test",
				    .receiver = "mx.zone.test"};

	world_store();
	OK(store_identity_add(db, &identity, &err));
	m.identity = identity.id;
	OK(store_message_add(db, &m, SPAN("hi\r\n"), &r, 1, &err));
	ask_report(TOKEN);
	ask_report(TOKEN2);
	parts.loop = loop;
	parts.storage = storage;
	inbox = inbox_new(&parts);
	world_start(MAILER_CONFIG, inbox_handler(), inbox);
}

static void
end(void)
{
	assert_int_equal(inbox_busy(inbox), 0);
	inbox_free(inbox);
	world_end();
}

/* Returns the report of `token`; json_decref() it.  NULL if none came. */
static json_t *
report_of(const char *token)
{
	struct report_row *r = mem_new(sizeof(*r));
	json_t *json = NULL;

	OK(store_report_get(db, token, r, &err));
	if (r->json[0] != '\0') {
		assert_true(r->received > T0);
		assert_int_equal(json_parse(span_of(r->json), sizeof(r->json),
					    &json, NULL),
				 JSON_OK);
	}
	free(r);
	return json;
}

/* Fails unless the member at `object`.`name` is this text. */
static void
is_text(const json_t *object, const char *name, const char *want)
{
	struct span text = SPAN("");

	assert_true(json_get_text(object, name, &text));
	assert_span(text, want);
}

/* Returns the last event's text, having looked at its kind. */
static const char *
last_event(const char *kind)
{
	static struct event e;
	size_t len = 0;

	OK(store_event_last(db, A, "good.test", 0, &e, 1, &len, &err));
	assert_int_equal(len, 1);
	assert_string_equal(e.kind, kind);
	return e.text;
}

static size_t
count_events(void)
{
	struct event e[4];
	size_t len = 0;

	OK(store_event_list(db, A, "", 0, e, 4, &len, &err));
	return len;
}

#define GOOD                                                                   \
	"From: Me <me@good.test>\r\nSubject: a test\r\n"                       \
	"Message-ID: <1@good.test>\r\n\r\nhello\r\n"

/* The verdict, the message as it is kept, and the event. */
static void
test_report(void **state)
{
	CLEANUP(json_decrefp) json_t *json = NULL;
	CLEANUP(buf_release) struct buf kept = BUF_INIT(100000);
	const char *text;

	(void)state;
	start();
	assert_string_equal(send_one("me@good.test", TOKEN AT_REPORT, GOOD),
			    "end of message 250 2.0.0");
	json = report_of(TOKEN);
	assert_non_null(json);
	is_text(json, "verdict", "partly");
	is_text(json_get(json, "spf"), "result", "pass");
	is_text(json_get(json, "dkim"), "result", "none");
	is_text(json_get(json, "dmarc"), "result", "pass");
	is_text(json, "subject", "a test");
	is_text(json_get(json, "transport"), "mail_from", "me@good.test");
	is_text(json_get(json, "transport"), "client_ip", "127.0.0.1");
	is_text(json_get(json, "transport"), "helo", "out.good.test");
	is_text(json_get(json, "transport"), "receiver", "mx.zone.test");
	is_text(json_get(json, "transport"), "tls", "none");
	OK(store_report_message(db, TOKEN, &kept, &err));
	assert_true(span_starts(buf_span(&kept),
				SPAN("Return-Path: <me@good.test>\r\n"
				     "Authentication-Results: mx.zone.test")));
	assert_true(span_ends(buf_span(&kept), SPAN(GOOD)));
	assert_non_null(strstr(kept.ptr, "spf=pass"));
	assert_non_null(strstr(kept.ptr, "dmarc=pass"));
	assert_non_null(strstr(kept.ptr, "Received: from out.good.test "
					 "([127.0.0.1])\r\n\tby mx.zone.test "
					 "with ESMTP;"));
	text = last_event("report.received");
	assert_non_null(strstr(text, "\"" TOKEN "\""));
	assert_non_null(strstr(text, "\"partly\""));
	end();
}

/* Who forges a result of ours is not believed, and it is not passed on. */
static void
test_forged(void **state)
{
	static const char message[] =
		"Authentication-Results: MX.zone.test; dkim=pass "
		"header.d=forged.test\r\n"
		"From: Me <me@bad.test>\r\n"
		"authentication-results : mx.zone.test;\r\n spf=pass "
		"smtp.mailfrom=forged.test\r\n"
		"Authentication-Results: else.test; spf=pass "
		"smtp.mailfrom=kept.test\r\n"
		"\r\nAuthentication-Results: mx.zone.test; body\r\n";
	CLEANUP(json_decrefp) json_t *json = NULL;
	CLEANUP(buf_release) struct buf kept = BUF_INIT(100000);

	(void)state;
	start();
	assert_string_equal(send_one("me@good.test", TOKEN AT_REPORT, message),
			    "end of message 250 2.0.0");
	json = report_of(TOKEN);
	is_text(json, "verdict", "unprotected");
	OK(store_report_message(db, TOKEN, &kept, &err));
	assert_null(strstr(kept.ptr, "forged.test"));
	assert_non_null(strstr(kept.ptr, "kept.test"));
	assert_non_null(strstr(kept.ptr, "mx.zone.test; body"));
	assert_non_null(strstr(kept.ptr, "dkim=none"));
	end();
}

static const struct address_row {
	const char *name;
	const char *to;
	const char *want;
} addresses[] = {
	{"in upper case", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567@REPORT.ZONE.TEST",
	 "end of message 250 2.0.0"},
	{"unknown token", UNKNOWN AT_REPORT, "end of message 550 5.1.1"},
	{"no token", "postbox" AT_REPORT, "RCPT TO 550 5.1.1"},
	{"token elsewhere", TOKEN "@zone.test", "RCPT TO 550 5.7.1"},
	{"token below", TOKEN "@x.report.zone.test", "RCPT TO 550 5.7.1"},
	{"relaying", "a@example.org", "RCPT TO 550 5.7.1"},
	{"feedback", ID "@feedback.zone.test", "end of message 250 2.0.0"},
	{"feedback at a MAIL FROM", ID "@mail.good.test",
	 "end of message 250 2.0.0"},
	{"unknown feedback", ID_NONE "@mail.good.test",
	 "end of message 550 5.1.1"},
	{"no message id", "x" ID "@mail.good.test", "RCPT TO 550 5.7.1"},
};

static void
test_address(void **state)
{
	const struct address_row *row = *state;
	bool good = strstr(row->want, " 250 ") != NULL;

	start();
	assert_string_equal(send_one("me@good.test", row->to, GOOD), row->want);
	assert_int_equal(count_events(), good);
	if (!good)
		assert_int_equal(questions, 0);
	end();
}

/* A bounce becomes an event of its identity, its Subject cleaned. */
static void
test_feedback(void **state)
{
	static const char bounce[] =
		"Subject: \tno  such\x01\r\n user \x1b[2J\xc3\xa9\r\n\r\nx\r\n";
	CLEANUP(json_decrefp) json_t *json = NULL;
	const char *text;
	int64_t size = 0;

	(void)state;
	start();
	assert_string_equal(send_one("", ID "@mail.good.test", bounce),
			    "end of message 250 2.0.0");
	text = last_event("feedback.received");
	assert_int_equal(json_parse(span_of(text), 2000, &json, NULL), JSON_OK);
	is_text(json, "message_id", ID);
	is_text(json, "recipient", ID "@mail.good.test");
	is_text(json, "subject", "no such user [2J\xc3\xa9");
	assert_true(json_get_int(json, "size", &size));
	assert_int_equal(size, sizeof(bounce) - 1);
	assert_true(json_is_true(json_get(json, "null_sender")));
	end();
}

/* All recipients or none. */
static void
test_several(void **state)
{
	static const char *const good[] = {TOKEN AT_REPORT, TOKEN2 AT_REPORT,
					   ID "@mail.good.test"};
	static const char *const bad[] = {TOKEN AT_REPORT, UNKNOWN AT_REPORT};
	static const char *const late[] = {TOKEN AT_REPORT,
					   ID_NONE "@mail.good.test"};
	const char *many[INBOX_RECIPIENTS_MAX + 1];
	json_t *json;

	(void)state;
	start();
	post("me@good.test", bad, 2, SPAN(GOOD));
	wait_until(is_sent);
	assert_string_equal(sent.results[0], "end of message 550 5.1.1");
	post("me@good.test", late, 2, SPAN(GOOD));
	wait_until(is_sent);
	assert_string_equal(sent.results[0], "end of message 550 5.1.1");
	assert_null(report_of(TOKEN));
	assert_int_equal(count_events(), 0);
	post("me@good.test", good, 3, SPAN(GOOD));
	wait_until(is_sent);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(sent.results[i],
				    "end of message 250 2.0.0");
	json = report_of(TOKEN);
	assert_non_null(json);
	json_decref(json);
	json = report_of(TOKEN2);
	assert_non_null(json);
	json_decref(json);
	assert_int_equal(count_events(), 3);
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = TOKEN AT_REPORT;
	post("me@good.test", many, COUNT(many), SPAN(GOOD));
	wait_until(is_sent);
	assert_string_equal(sent.results[COUNT(many) - 1], "RCPT TO 452 4.5.3");
	assert_string_equal(sent.results[0], "end of message 250 2.0.0");
	end();
}

/* Not acknowledged unless it is stored. */
static void
test_store_failure(void **state)
{
	sqlite3 *raw = NULL;

	(void)state;
	start();
	assert_int_equal(sqlite3_open(temp.path, &raw), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(raw,
			     "CREATE TRIGGER ill BEFORE INSERT ON event BEGIN"
			     " SELECT RAISE(ABORT, 'ill'); END",
			     NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(raw);
	assert_string_equal(send_one("me@good.test", TOKEN AT_REPORT, GOOD),
			    "end of message 451 4.3.0");
	assert_null(report_of(TOKEN));
	assert_string_equal(send_one("", ID "@mail.good.test", GOOD),
			    "end of message 451 4.3.0");
	end();
}

/* A message of many pieces, and one that is too large. */
static void
test_large(void **state)
{
	const char *to = TOKEN AT_REPORT;
	CLEANUP(buf_release) struct buf text = BUF_INIT(INBOX_SIZE_MAX + 100);
	CLEANUP(buf_release) struct buf kept = BUF_INIT(INBOX_SIZE_MAX * 2);

	(void)state;
	start();
	buf_adds(&text, GOOD);
	while (text.len + 80 < INBOX_SIZE_MAX)
		buf_adds(&text, "...............................\r\n");
	post("me@good.test", &to, 1, buf_span(&text));
	wait_until(is_sent);
	assert_string_equal(sent.results[0], "end of message 250 2.0.0");
	OK(store_report_message(db, TOKEN, &kept, &err));
	assert_true(span_ends(buf_span(&kept), buf_span(&text)));
	while (text.len <= INBOX_SIZE_MAX)
		buf_adds(&text, "...............................\r\n");
	post("me@good.test", &to, 1, buf_span(&text));
	wait_until(is_sent);
	assert_string_equal(sent.results[0], "end of message 552 5.3.4");
	end();
}

static bool
is_verifying(void)
{
	return questions > 0;
}

/* Stopped in the midst: the client is told to come again. */
static void
test_stop(void **state)
{
	const char *to = TOKEN AT_REPORT;

	(void)state;
	start();
	dns_is_slow = true;
	post("me@good.test", &to, 1, SPAN(GOOD));
	wait_until(is_verifying);
	assert_int_equal(inbox_busy(inbox), 1);
	inbox_stop(inbox);
	assert_int_equal(inbox_busy(inbox), 0);
	wait_until(is_sent);
	assert_string_equal(sent.results[0], "end of message 451 4.3.0");
	assert_null(report_of(TOKEN));
	assert_string_equal(send_one("a@b.test", to, GOOD),
			    "RCPT TO 451 4.3.0");
	end();
}

#define AT_ONCE (INBOX_VERIFY_MAX + 4)

static bool
are_many(void)
{
	return inbox_busy(inbox) == AT_ONCE && questions >= INBOX_VERIFY_MAX;
}

static bool
are_none(void)
{
	return mailer_busy(mailer) == 0;
}

static bool
are_stored(void)
{
	return inbox_busy(inbox) == 0;
}

/* More than may be verified at once wait for their turn. */
static void
test_turns(void **state)
{
	static const char message[] = GOOD;
	struct mail mail[AT_ONCE];

	(void)state;
	start();
	dns_is_slow = true;
	post("me@good.test", (const char *const[]){TOKEN AT_REPORT}, 1,
	     span_of(message));
	for (size_t i = 1; i < AT_ONCE; i++) {
		char domain[16];

		mail[i] = sent.mail;
		snprintf(domain, sizeof(domain), "d%zu.test", i % 5);
		assert_int_equal(dname_parse(span_of(domain), &mail[i].domain),
				 0);
		assert_true(mailer_send(mailer, &mail[i]));
	}
	wait_until(are_many);
	patience = clock_mono() + 20;
	wait_until(has_waited);
	assert_int_equal(questions, INBOX_VERIFY_MAX);
	assert_int_equal(count_events(), 0);
	dns_is_slow = false;
	wait_until(are_none);
	wait_until(are_stored);
	assert_string_equal(sent.results[0], "end of message 250 2.0.0");
	end();
}

int
main(void)
{
	UNIT(test_report);
	UNIT(test_forged);
	UNIT_ROWS(test_address, addresses);
	UNIT(test_feedback);
	UNIT(test_several);
	UNIT(test_store_failure);
	UNIT(test_large);
	UNIT(test_stop);
	UNIT(test_turns);
	return unit_run("serve/inbox");
}
