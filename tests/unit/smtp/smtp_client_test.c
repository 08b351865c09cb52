/* SPDX-License-Identifier: Apache-2.0 */
#include "smtp/smtp_client.h"

#include "base/buf.h"
#include "unit.h"

#define RECIPIENTS 3

/* A job to a@1, b@2 and c@3 and what came of it. */
struct run {
	struct smtp_client m;
	struct path recipient[RECIPIENTS];
	struct buf sent; /* since the last look */
	struct buf log;  /* results and the end */
	int64_t now;
};

static struct smtp_client_config
usual(enum smtp_client_tls tls)
{
	return (struct smtp_client_config){
		.name = SPAN("me.test"),
		.tls = tls,
		.timeouts = SMTP_CLIENT_TIMEOUTS,
	};
}

static struct path
path_of(const char *text)
{
	struct path path;

	assert_int_equal(path_parse(span_of(text), &path), PATH_OK);
	return path;
}

/* Sets *job to the message `text` from s@0 to the first `n` recipients. */
static void
make_job(struct run *r, struct smtp_job *job, size_t n, struct span text)
{
	r->recipient[0] = path_of("a@1");
	r->recipient[1] = path_of("b@2");
	r->recipient[2] = path_of("c@3");
	*job = (struct smtp_job){
		.sender = path_of("s@0"),
		.recipient = r->recipient,
		.recipients = n,
		.part = {text},
		.parts = 1,
	};
	assert_true(dot_check(job->part, job->parts, &job->facts));
}

static void
begin(struct run *r, enum smtp_client_tls tls, size_t recipients,
      struct span text)
{
	const struct smtp_client_config config = usual(tls);
	struct smtp_job job;

	*r = (struct run){.sent = BUF_INIT(1 << 24),
			  .log = BUF_INIT(1 << 20),
			  .now = 5000};
	smtp_client_init(&r->m, &config, r->now);
	make_job(r, &job, recipients, text);
	smtp_client_begin(&r->m, &job);
}

static void
end(struct run *r)
{
	buf_release(&r->sent);
	buf_release(&r->log);
}

static void
log_result(struct run *r, const struct smtp_client_ask *ask)
{
	const struct smtp_result *result = ask->result;

	assert_true(strlen(result->text) > 0);
	buf_addf(&r->log, "%zu:%c %s %d %s%s|", ask->recipient,
		 "?+~-"[result->outcome], smtp_phase_name(result->phase),
		 result -> code, result -> enhanced,
		 result -> tls ? " tls" : "");
}

/* Does what the machine says until it waits; a handshake always succeeds. */
static bool
pump(struct run *r)
{
	struct smtp_client_ask ask;

	for (;;) {
		switch (smtp_client_next(&r->m, &ask)) {
		case SMTP_CLIENT_NEED_BYTES:
			return true;
		case SMTP_CLIENT_SEND:
			buf_add(&r->sent, ask.bytes);
			break;
		case SMTP_CLIENT_START_TLS:
			buf_adds(&r->sent, "[tls]");
			return true;
		case SMTP_CLIENT_RESULT:
			log_result(r, &ask);
			break;
		case SMTP_CLIENT_READY:
			smtp_client_quit(&r->m);
			break;
		case SMTP_CLIENT_CLOSE:
			buf_adds(&r->log, "close");
			return false;
		}
	}
}

static bool
give(struct run *r, struct span bytes, size_t most)
{
	bool open = pump(r);

	while (open && bytes.len > 0) {
		size_t n = bytes.len < most ? bytes.len : most;

		bytes = span_skip(
			bytes, smtp_client_feed(&r->m, span_sub(bytes, 0, n)));
		open = pump(r);
	}
	return open;
}

#define EHLO                                                                   \
	{                                                                      \
		"220 hi\r\n", "EHLO me.test\r\n"                               \
	}
#define PLAIN                                                                  \
	{                                                                      \
		"250 hi\r\n", "MAIL FROM:<s@0>\r\n"                            \
	}
#define GROUP                                                                  \
	{                                                                      \
		"250-hi\r\n250-SIZE 1000\r\n250 PIPELINING\r\n",               \
			"MAIL FROM:<s@0> SIZE=3\r\nRCPT TO:<a@1>\r\n"          \
			"RCPT TO:<b@2>\r\nDATA\r\n"                            \
	}
#define BYE                                                                    \
	{                                                                      \
		"221 bye\r\n", ""                                              \
	}

/* What the server says, and what the client sends then. */
static const struct row {
	const char *name;
	size_t recipients;
	enum smtp_client_tls tls;
	const char *turn[14][2];
	const char *want;
} rows[] = {
	{"one at a time",
	 2,
	 0,
	 {EHLO,
	  PLAIN,
	  {"250 ok\r\n", "RCPT TO:<a@1>\r\n"},
	  {"250 ok\r\n", "RCPT TO:<b@2>\r\n"},
	  {"250 ok\r\n", "DATA\r\n"},
	  {"354 go\r\n", "x\r\n.\r\n"},
	  {"250 2.6.0 taken\r\n", "QUIT\r\n"},
	  BYE},
	 "0:+ end of message 250 2.6.0|1:+ end of message 250 2.6.0|close"},
	{"in a group",
	 2,
	 0,
	 {EHLO,
	  GROUP,
	  {"250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n", "x\r\n.\r\n"},
	  {"250 taken\r\n", "QUIT\r\n"},
	  BYE},
	 "0:+ end of message 250 |1:+ end of message 250 |close"},
	{"one refused in a group",
	 2,
	 0,
	 {EHLO,
	  GROUP,
	  {"250 ok\r\n550 5.1.1 no\r\n250 ok\r\n354 go\r\n", "x\r\n.\r\n"},
	  {"250 taken\r\n", "QUIT\r\n"}},
	 "0:- RCPT TO 550 5.1.1|1:+ end of message 250 |"},
	{"all refused in a group, DATA too",
	 2,
	 0,
	 {EHLO,
	  GROUP,
	  {"250 ok\r\n550 5.1.1 no\r\n451 4.7.1 grey\r\n554 no\r\n",
	   "RSET\r\n"},
	  {"250 ok\r\n", "QUIT\r\n"}},
	 "0:- RCPT TO 550 5.1.1|1:~ RCPT TO 451 4.7.1|"},
	{"all refused in a group, DATA not",
	 2,
	 0,
	 {EHLO,
	  GROUP,
	  {"250 ok\r\n550 no\r\n550 no\r\n354 go\r\n", ".\r\n"},
	  {"554 nothing\r\n", "QUIT\r\n"}},
	 "0:- RCPT TO 550 |1:- RCPT TO 550 |"},
	{"all refused, one at a time",
	 2,
	 0,
	 {EHLO,
	  PLAIN,
	  {"250 ok\r\n", "RCPT TO:<a@1>\r\n"},
	  {"550 no\r\n", "RCPT TO:<b@2>\r\n"},
	  {"552 full\r\n", "RSET\r\n"},
	  {"250 ok\r\n", "QUIT\r\n"}},
	 "0:- RCPT TO 550 |1:~ RCPT TO 552 |"},
	{"sender refused",
	 2,
	 0,
	 {EHLO, PLAIN, {"550 5.7.1 no\r\n", "QUIT\r\n"}},
	 "0:- MAIL FROM 550 5.7.1|1:- MAIL FROM 550 5.7.1|"},
	{"sender refused in a group",
	 2,
	 0,
	 {EHLO,
	  GROUP,
	  {"450 later\r\n503 no\r\n503 no\r\n503 no\r\n", "RSET\r\n"},
	  {"250 ok\r\n", "QUIT\r\n"}},
	 "0:~ MAIL FROM 450 |1:~ MAIL FROM 450 |"},
	{"DATA refused",
	 1,
	 0,
	 {EHLO,
	  PLAIN,
	  {"250 ok\r\n", "RCPT TO:<a@1>\r\n"},
	  {"250 ok\r\n", "DATA\r\n"},
	  {"451 4.3.0 no\r\n", "RSET\r\n"}},
	 "0:~ DATA 451 4.3.0|"},
	{"message refused",
	 1,
	 0,
	 {EHLO,
	  PLAIN,
	  {"250 ok\r\n", "RCPT TO:<a@1>\r\n"},
	  {"250 ok\r\n", "DATA\r\n"},
	  {"354 go\r\n", "x\r\n.\r\n"},
	  {"550 5.7.26 unauthenticated\r\n", "QUIT\r\n"}},
	 "0:- end of message 550 5.7.26|"},
	{"DATA answered with 250",
	 1,
	 0,
	 {EHLO,
	  PLAIN,
	  {"250 ok\r\n", "RCPT TO:<a@1>\r\n"},
	  {"250 ok\r\n", "DATA\r\n"},
	  {"250 ok\r\n", ""}},
	 "0:~ DATA 0 |close"},
	{"greeting refused",
	 1,
	 0,
	 {{"554 5.7.1 go away\r\n", "QUIT\r\n"}, BYE},
	 "0:- greeting 554 5.7.1|close"},
	{"busy",
	 1,
	 0,
	 {{"421 4.3.2 busy\r\n", ""}},
	 "0:~ greeting 421 4.3.2|close"},
	{"421 in the midst",
	 2,
	 0,
	 {EHLO, GROUP, {"250 ok\r\n550 no\r\n421 4.3.2 down\r\n", ""}},
	 "0:- RCPT TO 550 |1:~ RCPT TO 421 4.3.2|close"},
	{"HELO",
	 1,
	 0,
	 {EHLO,
	  {"500 what\r\n", "HELO me.test\r\n"},
	  {"250 hi\r\n", "MAIL FROM:<s@0>\r\n"}},
	 ""},
	{"HELO refused",
	 1,
	 0,
	 {EHLO,
	  {"500 what\r\n", "HELO me.test\r\n"},
	  {"550 5.7.1 no\r\n", "QUIT\r\n"}},
	 "0:- EHLO 550 5.7.1|"},
	{"too big",
	 2,
	 0,
	 {EHLO, {"250-hi\r\n250 SIZE 2\r\n", "QUIT\r\n"}},
	 "0:- MAIL FROM 0 5.3.4|1:- MAIL FROM 0 5.3.4|"},
	{"SIZE 0 is no limit",
	 1,
	 0,
	 {EHLO, {"250-hi\r\n250 SIZE 0\r\n", "MAIL FROM:<s@0> SIZE=3\r\n"}},
	 ""},
	{"TLS",
	 1,
	 0,
	 {EHLO,
	  {"250-hi\r\n250 STARTTLS\r\n", "STARTTLS\r\n"},
	  {"220 go\r\n", "[tls]EHLO me.test\r\n"},
	  {"250 hi\r\n", "MAIL FROM:<s@0>\r\n"},
	  {"550 no\r\n", "QUIT\r\n"}},
	 "0:- MAIL FROM 550  tls|"},
	{"T05 response injection",
	 1,
	 0,
	 {EHLO,
	  {"250-hi\r\n250 STARTTLS\r\n", "STARTTLS\r\n"},
	  {"220 go\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n",
	   "[tls]EHLO me.test\r\n"},
	  {"250 hi\r\n", "MAIL FROM:<s@0>\r\n"},
	  {"250 ok\r\n", "RCPT TO:<a@1>\r\n"}},
	 ""},
	{"T06 TLS must be, and is not offered",
	 1,
	 SMTP_CLIENT_TLS_MUST,
	 {EHLO, {"250 hi\r\n", "QUIT\r\n"}},
	 "0:~ STARTTLS 0 |"},
	{"T06 TLS must be, EHLO is refused",
	 1,
	 SMTP_CLIENT_TLS_MUST,
	 {EHLO, {"500 what\r\n", "QUIT\r\n"}},
	 "0:- EHLO 500 |"},
	{"T06 TLS must be, STARTTLS is refused",
	 1,
	 SMTP_CLIENT_TLS_MUST,
	 {EHLO,
	  {"250-hi\r\n250 STARTTLS\r\n", "STARTTLS\r\n"},
	  {"502 no\r\n", "QUIT\r\n"}},
	 "0:~ STARTTLS 502 |"},
	{"STARTTLS refused",
	 1,
	 0,
	 {EHLO,
	  {"250-hi\r\n250 STARTTLS\r\n", "STARTTLS\r\n"},
	  {"454 no\r\n", "MAIL FROM:<s@0>\r\n"}},
	 ""},
	{"TLS off",
	 1,
	 SMTP_CLIENT_TLS_OFF,
	 {EHLO, {"250-hi\r\n250 STARTTLS\r\n", "MAIL FROM:<s@0>\r\n"}},
	 ""},
	{"nonsense", 1, 0, {{"hello\r\n", ""}}, "0:~ greeting 0 |close"},
	{"a bare LF", 1, 0, {{"220 hi\n", ""}}, "0:~ greeting 0 |close"},
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	for (size_t most = 1; most <= 100; most += 9) {
		struct run r;

		begin(&r, row->tls, row->recipients, SPAN("x\r\n"));
		assert_true(pump(&r));
		for (size_t i = 0; row->turn[i][0] != NULL; i++) {
			give(&r, span_of(row->turn[i][0]), most);
			if (span_ends(buf_span(&r.sent), SPAN("[tls]"))) {
				smtp_client_secured(&r.m);
				pump(&r);
			}
			assert_span(buf_span(&r.sent), row->turn[i][1]);
			buf_clear(&r.sent);
		}
		assert_span(buf_span(&r.log), row->want);
		end(&r);
	}
}

/* When the server says nothing, and for how long that is borne. */
static const struct slow_row {
	const char *name;
	const char *said;
	int64_t ms;
	const char *want;
} slow[] = {
	{"greeting", "", 300000, "0:~ greeting 0 |close"},
	{"EHLO", "220 x\r\n", 300000, "0:~ EHLO 0 |close"},
	{"MAIL", "220 x\r\n250 x\r\n", 300000, "0:~ MAIL FROM 0 |close"},
	{"RCPT", "220 x\r\n250 x\r\n250 x\r\n", 300000, "0:~ RCPT TO 0 |close"},
	{"DATA", "220 x\r\n250 x\r\n250 x\r\n250 x\r\n", 120000,
	 "0:~ DATA 0 |close"},
	{"the end", "220 x\r\n250 x\r\n250 x\r\n250 x\r\n354 x\r\n", 600000,
	 "0:~ end of message 0 |close"},
	{"QUIT", "220 x\r\n250 x\r\n250 x\r\n250 x\r\n354 x\r\n250 x\r\n", 5000,
	 "0:+ end of message 250 |close"},
};

static void
test_slow(void **state)
{
	const struct slow_row *row = *state;
	struct run r;

	begin(&r, 0, 1, SPAN("x\r\n"));
	give(&r, span_of(row->said), 1);
	assert_int_equal(smtp_client_due(&r.m), r.now + row->ms);
	smtp_client_tick(&r.m, r.now + row->ms - 1);
	assert_true(pump(&r));
	smtp_client_tick(&r.m, r.now + row->ms);
	assert_false(pump(&r));
	assert_span(buf_span(&r.log), row->want);
	assert_int_equal(smtp_client_due(&r.m), SMTP_CLIENT_NEVER);
	end(&r);
}

/* A reply to a command that was not sent yet. */
static void
test_out_of_turn(void **state)
{
	struct run r;

	(void)state;
	begin(&r, 0, 1, SPAN("x\r\n"));
	give(&r, SPAN("220 x\r\n"), 1);
	give(&r, SPAN("250 x\r\n"), 1);
	assert_false(give(&r, SPAN("250 x\r\n250 x\r\n"), 100));
	assert_span(buf_span(&r.log), "0:~ RCPT TO 0 |close");
	end(&r);
}

static void
test_lost(void **state)
{
	struct run r;

	(void)state;
	begin(&r, 0, 2, SPAN("x\r\n"));
	give(&r, SPAN("220 x\r\n250 x\r\n250 x\r\n550 no\r\n"), 1);
	smtp_client_lost(&r.m, "reset");
	assert_string_equal(r.m.result.text, "RCPT TO: reset");
	assert_false(pump(&r));
	assert_span(buf_span(&r.log), "0:- RCPT TO 550 |1:~ RCPT TO 0 |close");
	end(&r);
}

/* A second message goes over the same session. */
static void
test_second_job(void **state)
{
	struct smtp_client_ask ask;
	struct smtp_job job;
	struct run r;

	(void)state;
	begin(&r, 0, 1, SPAN("x\r\n"));
	smtp_client_feed(&r.m, SPAN("220 x\r\n"));
	smtp_client_next(&r.m, &ask);
	for (int i = 0; i < 3; i++) {
		smtp_client_feed(&r.m, SPAN("250 x\r\n"));
		assert_int_equal(smtp_client_next(&r.m, &ask),
				 SMTP_CLIENT_SEND);
	}
	smtp_client_feed(&r.m, SPAN("354 x\r\n"));
	assert_int_equal(smtp_client_next(&r.m, &ask), SMTP_CLIENT_SEND);
	smtp_client_feed(&r.m, SPAN("250 x\r\n"));
	assert_int_equal(smtp_client_next(&r.m, &ask), SMTP_CLIENT_RESULT);
	assert_int_equal(smtp_client_next(&r.m, &ask), SMTP_CLIENT_READY);
	make_job(&r, &job, 2, SPAN("y\r\n"));
	smtp_client_begin(&r.m, &job);
	assert_int_equal(smtp_client_next(&r.m, &ask), SMTP_CLIENT_SEND);
	assert_span(ask.bytes, "MAIL FROM:<s@0>\r\n");
	give(&r, SPAN("250 x\r\n550 x\r\n250 x\r\n354 x\r\n250 x\r\n221 x\r\n"),
	     1);
	assert_span(buf_span(&r.log),
		    "0:- RCPT TO 550 |1:+ end of message 250 |close");
	end(&r);
}

/* What the server talks in while there is no job ends the session. */
static void
test_idle_421(void **state)
{
	const struct smtp_client_config config = usual(0);
	struct smtp_client_ask ask;
	struct smtp_client m;

	(void)state;
	smtp_client_init(&m, &config, 0);
	smtp_client_feed(&m, SPAN("220 x\r\n"));
	smtp_client_next(&m, &ask);
	smtp_client_feed(&m, SPAN("250 x\r\n"));
	assert_int_equal(smtp_client_next(&m, &ask), SMTP_CLIENT_READY);
	smtp_client_feed(&m, SPAN("421 idle\r\n"));
	assert_int_equal(smtp_client_next(&m, &ask), SMTP_CLIENT_CLOSE);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT_ROWS(test_slow, slow);
	UNIT(test_out_of_turn);
	UNIT(test_lost);
	UNIT(test_second_job);
	UNIT(test_idle_421);
	return unit_run("smtp/smtp_client");
}
