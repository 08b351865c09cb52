/* SPDX-License-Identifier: Apache-2.0 */
#include "http/httpd.h"

#include "unit.h"

#define H     "Host: a\r\n"
#define DATE  "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
#define REPLY "HTTP/1.1 200 OK\r\n" DATE "Content-Length: 2\r\n\r\nok"
#define LAST                                                                   \
	"HTTP/1.1 200 OK\r\n" DATE                                             \
	"Content-Length: 2\r\nConnection: close\r\n\r\nok"

/*
 * Serves what is asked and writes down what happens: "<METHOD path|body>" for
 * a request, what is sent as it is, "[closed]".  Paths that begin with /no
 * are refused at the gate with 403; bodies may have 20 octets.
 */
static void
serve(struct httpd *m, struct buf *log)
{
	struct http_response ok = {.status = 200, .body = SPAN("ok")};
	struct http_response no = {.status = 403};
	struct httpd_ask ask;

	for (;;) {
		switch (httpd_next(m, &ask)) {
		case HTTPD_SEND:
			buf_add(log, ask.bytes);
			break;
		case HTTPD_HEAD:
			if (span_starts(ask.request->path, SPAN("/no")))
				httpd_respond(m, &no);
			else
				httpd_accept(m, 20);
			break;
		case HTTPD_REQUEST:
			buf_addf(log,
				 "<" SPAN_FMT " " SPAN_FMT "|" SPAN_FMT ">",
				 SPAN_ARG(ask.request->method),
				 SPAN_ARG(ask.request->path),
				 SPAN_ARG(ask.body));
			httpd_respond(m, &ok);
			break;
		case HTTPD_CLOSE:
			buf_adds(log, "[closed]");
			return;
		case HTTPD_NEED_BYTES:
			return;
		case HTTPD_WAIT:
			fail_msg("waits for an answer that was given");
		}
	}
}

/* Feeds `bytes` in pieces of `step` and serves them. */
static void
converse(struct span bytes, size_t step, struct buf *log)
{
	struct httpd m;

	httpd_init(&m, &HTTPD_LIMITS_DEFAULT, 0);
	while (bytes.len > 0 && !span_ends(buf_span(log), SPAN("[closed]"))) {
		size_t n = bytes.len < step ? bytes.len : step;

		bytes = span_skip(bytes, httpd_feed(&m, span_sub(bytes, 0, n)));
		serve(&m, log);
	}
	httpd_release(&m);
}

#define BAD(status, text)                                                      \
	"HTTP/1.1 " status "\r\n" DATE                                         \
	"Content-Type: application/json\r\nContent-Length: " text

static const struct row {
	const char *name;
	const char *in;
	const char *want; /* all of the log, or how it begins if it ends in * */
} rows[] = {
	{"a request", "GET /a?b HTTP/1.1\r\n" H "\r\n", "<GET /a|>" REPLY},
	{"a body", "PUT /a HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhello",
	 "<PUT /a|hello>" REPLY},
	{"an empty line first", "\r\nGET / HTTP/1.1\r\n" H "\r\n",
	 "<GET /|>" REPLY},
	{"two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\n" H "\r\n",
	 "HTTP/1.1 400 *"},
	{"three in a row",
	 "POST /1 HTTP/1.1\r\n" H "Content-Length: 2\r\n\r\nabGET /2 HTTP/1.1"
	 "\r\n" H "\r\n\r\nPUT /3 HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\nc",
	 "<POST /1|ab>" REPLY "<GET /2|>" REPLY "<PUT /3|c>" REPLY},
	{"close at once",
	 "GET / HTTP/1.1\r\n" H "Connection: close\r\n\r\n"
	 "GET /2 HTTP/1.1\r\n" H "\r\n",
	 "<GET /|>" LAST "[closed]"},
	{"HEAD", "HEAD / HTTP/1.1\r\n" H "\r\n",
	 "<HEAD /|>HTTP/1.1 200 OK\r\n" DATE "Content-Length: 2\r\n\r\n"},
	{"the last byte of a head missing", "GET / HTTP/1.1\r\n" H "\r", ""},
	{"the last byte of a body missing",
	 "PUT / HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nab", ""},
	{"refused at the gate, without a body",
	 "GET /no HTTP/1.1\r\n" H "\r\nGET /a HTTP/1.1\r\n" H "\r\n",
	 "HTTP/1.1 403 Forbidden\r\n" DATE
	 "Content-Length: 0\r\n\r\n<GET /a|>" REPLY},
	{"refused at the gate: its body is no request",
	 "PUT /no HTTP/1.1\r\n" H "Content-Length: 28\r\n\r\n"
	 "GET /a HTTP/1.1\r\n" H "\r\nGET /b HTTP/1.1\r\n" H "\r\n",
	 "HTTP/1.1 403 Forbidden\r\n" DATE
	 "Content-Length: 0\r\nConnection: close\r\n\r\n[closed]"},
	{"a body above what is accepted",
	 "PUT /a HTTP/1.1\r\n" H "Content-Length: 21\r\n\r\n"
	 "123456789012345678901",
	 "HTTP/1.1 413 *"},
	{"a body of just what is accepted",
	 "PUT /a HTTP/1.1\r\n" H "Content-Length: 20\r\n\r\n"
	 "12345678901234567890",
	 "<PUT /a|12345678901234567890>" REPLY},
	{"a NUL is seen at once", "\x16\x03\x01", "HTTP/1.1 400 *"},
	{"a bare line feed is seen at once", "GET / HTTP/1.1\n",
	 "HTTP/1.1 400 *"},
	{"HTTP/0.9 is seen at its line", "GET /\r\n", "HTTP/1.1 400 *"},
	{"the HTTP/2 preface is seen at its line", "PRI * HTTP/2.0\r\n",
	 "HTTP/1.1 505 *"},
	{"chunked",
	 "PUT / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n"
	 "0\r\n\r\n",
	 BAD("501 Not Implemented",
	     "73\r\nConnection: close\r\n\r\n{\"message\":\"Transfer-Encoding "
	     "is "
	     "not served here: send a Content-Length\"}[closed]")},
	{"a bare carriage return", "GET / HTTP/1.1\r\n" H "A: b\rc\r\n\r\n",
	 "HTTP/1.1 400 *"},
	{"two carriage returns", "GET / HTTP/1.1\r\n" H "A: b\r\r\n\r\n",
	 "HTTP/1.1 400 *"},
};

static void
check_log(const char *log, const char *want)
{
	size_t len = strlen(want);

	if (len == 0 || want[len - 1] != '*') {
		assert_string_equal(log, want);
		return;
	}
	if (strncmp(log, want, len - 1) != 0)
		fail_msg("\"%s\" does not begin \"%s\"", log, want);
	assert_true(span_ends(span_of(log), SPAN("[closed]")));
}

static void
test_whole(void **state)
{
	const struct row *row = *state;
	CLEANUP(buf_release) struct buf log = BUF_INIT(10000);

	converse(span_of(row->in), SIZE_MAX, &log);
	check_log(log.ptr, row->want);
}

static void
test_bytes(void **state)
{
	const struct row *row = *state;

	for (size_t step = 1; step < 6; step++) {
		CLEANUP(buf_release) struct buf log = BUF_INIT(10000);

		converse(span_of(row->in), step, &log);
		check_log(log.ptr, row->want);
	}
}

/* The application takes its time; what is pipelined meanwhile is bounded. */
static void
test_waiting(void **state)
{
	struct http_response ok = {.status = 200, .body = SPAN("ok")};
	CLEANUP(httpd_release) struct httpd m;
	CLEANUP(buf_release) struct buf body = BUF_INIT(0);
	char flood[2 * HTTP_HEAD_MAX];
	struct httpd_ask ask;
	size_t taken;

	(void)state;
	memset(flood, 'x', sizeof(flood));
	httpd_init(&m, &HTTPD_LIMITS_DEFAULT, 0);
	assert_int_equal(httpd_next(&m, &ask), HTTPD_NEED_BYTES);
	httpd_feed(&m,
		   SPAN("PUT / HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabc"));
	assert_int_equal(httpd_next(&m, &ask), HTTPD_HEAD);
	assert_int_equal(httpd_next(&m, &ask), HTTPD_WAIT);
	assert_true(httpd_accept(&m, 3));
	assert_int_equal(httpd_next(&m, &ask), HTTPD_REQUEST);
	assert_span(ask.body, "abc");
	assert_int_equal(httpd_next(&m, &ask), HTTPD_WAIT);
	httpd_take_body(&m, &body);
	assert_string_equal(body.ptr, "abc");
	taken = httpd_feed(&m, span_bytes(flood, sizeof(flood)));
	assert_true(taken <= HTTP_HEAD_MAX);
	assert_int_equal(httpd_feed(&m, SPAN("x")), 0);
	assert_int_equal(httpd_due(&m), HTTPD_NEVER);
	assert_int_equal(httpd_next(&m, &ask), HTTPD_WAIT);
	httpd_respond(&m, &ok);
	assert_int_equal(httpd_next(&m, &ask), HTTPD_SEND);
	assert_span(ask.bytes, REPLY);
	assert_int_equal(httpd_next(&m, &ask), HTTPD_SEND); /* 414 */
	assert_true(span_starts(ask.bytes, SPAN("HTTP/1.1 414 ")));
	assert_int_equal(httpd_next(&m, &ask), HTTPD_CLOSE);
}

static void
test_continue(void **state)
{
	CLEANUP(httpd_release) struct httpd m;
	CLEANUP(buf_release) struct buf log = BUF_INIT(10000);

	(void)state;
	httpd_init(&m, &HTTPD_LIMITS_DEFAULT, 0);
	httpd_feed(&m, SPAN("PUT / HTTP/1.1\r\n" H "Expect: 100-continue\r\n"
			    "Content-Length: 3\r\n\r\n"));
	serve(&m, &log);
	assert_string_equal(log.ptr, "HTTP/1.1 100 Continue\r\n\r\n");
	buf_clear(&log);
	httpd_feed(&m, SPAN("abc"));
	serve(&m, &log);
	assert_string_equal(log.ptr, "<PUT /|abc>" REPLY);
	/* the body came with the head: nobody waits */
	buf_clear(&log);
	httpd_feed(&m, SPAN("PUT / HTTP/1.1\r\n" H "Expect: 100-continue\r\n"
			    "Content-Length: 3\r\n\r\na"));
	serve(&m, &log);
	httpd_feed(&m, SPAN("bc"));
	serve(&m, &log);
	assert_string_equal(log.ptr, "<PUT /|abc>" REPLY);
	/* refused: the body is not awaited either */
	buf_clear(&log);
	httpd_feed(&m, SPAN("PUT /no HTTP/1.1\r\n" H "Expect: 100-continue\r\n"
			    "Content-Length: 3\r\n\r\n"));
	serve(&m, &log);
	check_log(log.ptr, "HTTP/1.1 403 *");
}

/* Feeds `in` at time 0 and gives back when it is due, and the log at it. */
static int64_t
overdue(const char *in, struct buf *log)
{
	struct httpd m;
	int64_t due;

	httpd_init(&m, &HTTPD_LIMITS_DEFAULT, 0);
	httpd_feed(&m, span_of(in));
	serve(&m, log);
	due = httpd_due(&m);
	httpd_tick(&m, due - 1);
	serve(&m, log);
	assert_int_equal(httpd_due(&m), due);
	httpd_tick(&m, due);
	serve(&m, log);
	httpd_release(&m);
	return due;
}

static void
test_time(void **state)
{
	CLEANUP(buf_release) struct buf log = BUF_INIT(10000);
	static const char late[] = "HTTP/1.1 408 *";

	(void)state;
	assert_int_equal(overdue("", &log), 10000);
	assert_string_equal(log.ptr, "[closed]");
	buf_clear(&log);
	assert_int_equal(overdue("GET / HTTP/1.1\r\n", &log), 10000);
	check_log(log.ptr, late);
	buf_clear(&log);
	assert_int_equal(overdue("GET / HTTP/1.1\r\n" H "\r\n", &log), 60000);
	assert_string_equal(log.ptr, "<GET /|>" REPLY "[closed]");
	buf_clear(&log);
	assert_int_equal(overdue("PUT / HTTP/1.1\r\n" H
				 "Content-Length: 20\r\n\r\n1234567890",
				 &log),
			 10020);
	check_log(log.ptr, late);
	buf_clear(&log);
	assert_int_equal(overdue("PUT /no HTTP/1.1\r\n" H
				 "Content-Length: 20\r\n\r\n1234567890",
				 &log),
			 HTTPD_DRAIN_MS);
	check_log(log.ptr, "HTTP/1.1 403 *");
}

/* One octet every five seconds: the head has ten, whatever comes. */
static void
test_trickle(void **state)
{
	CLEANUP(httpd_release) struct httpd m;
	CLEANUP(buf_release) struct buf log = BUF_INIT(10000);
	int64_t now = 0;

	(void)state;
	httpd_init(&m, &HTTPD_LIMITS_DEFAULT, 0);
	while (!span_ends(buf_span(&log), SPAN("[closed]")) && now < 100000) {
		httpd_tick(&m, now);
		httpd_feed(&m, SPAN("G"));
		serve(&m, &log);
		now += 5000;
	}
	assert_int_equal(now, 15000);
	assert_true(span_starts(buf_span(&log), SPAN("HTTP/1.1 408 ")));
}

static void
test_eof(void **state)
{
	struct http_response ok = {.status = 200, .body = SPAN("ok")};
	CLEANUP(buf_release) struct buf log = BUF_INIT(10000);
	struct httpd_ask ask;
	struct httpd m;

	(void)state;
	httpd_init(&m, &HTTPD_LIMITS_DEFAULT, 0);
	httpd_feed(&m, SPAN("GET / HT"));
	httpd_eof(&m);
	assert_int_equal(httpd_next(&m, &ask), HTTPD_CLOSE);
	httpd_release(&m);

	httpd_init(&m, &HTTPD_LIMITS_DEFAULT, 0);
	httpd_feed(&m, SPAN("GET / HTTP/1.1\r\n" H "\r\n"));
	assert_int_equal(httpd_next(&m, &ask), HTTPD_HEAD);
	httpd_accept(&m, 0);
	assert_int_equal(httpd_next(&m, &ask), HTTPD_REQUEST);
	httpd_eof(&m);
	assert_int_equal(httpd_next(&m, &ask), HTTPD_WAIT);
	httpd_respond(&m, &ok);
	serve(&m, &log);
	assert_string_equal(log.ptr, LAST "[closed]");
	httpd_release(&m);
}

static void
test_finish(void **state)
{
	CLEANUP(buf_release) struct buf log = BUF_INIT(10000);
	struct httpd_ask ask;
	struct httpd m;

	(void)state;
	httpd_init(&m, &HTTPD_LIMITS_DEFAULT, 0);
	httpd_finish(&m);
	assert_int_equal(httpd_next(&m, &ask), HTTPD_CLOSE);
	httpd_release(&m);

	httpd_init(&m, &HTTPD_LIMITS_DEFAULT, 0);
	httpd_feed(&m, SPAN("GET / HTTP/1.1\r\n"));
	serve(&m, &log);
	httpd_finish(&m);
	httpd_feed(&m, SPAN(H "\r\n"));
	serve(&m, &log);
	assert_string_equal(log.ptr, "<GET /|>" LAST "[closed]");
	httpd_release(&m);
}

/* A field that cannot be sent becomes a 500, not a second response. */
static void
test_injection(void **state)
{
	struct http_response evil = {.status = 200};
	CLEANUP(httpd_release) struct httpd m;
	struct httpd_ask ask;

	(void)state;
	httpd_init(&m, &HTTPD_LIMITS_DEFAULT, 0);
	httpd_feed(&m, SPAN("GET / HTTP/1.1\r\n" H "\r\n"));
	assert_int_equal(httpd_next(&m, &ask), HTTPD_HEAD);
	httpd_accept(&m, 0);
	assert_int_equal(httpd_next(&m, &ask), HTTPD_REQUEST);
	http_response_add(&evil, SPAN("Location"), SPAN("/\r\nSet-Cookie: a"));
	httpd_respond(&m, &evil);
	assert_int_equal(httpd_next(&m, &ask), HTTPD_SEND);
	assert_span(ask.bytes, "HTTP/1.1 500 Internal Server Error\r\n" DATE
			       "Content-Length: 0\r\n\r\n");
}

int
main(void)
{
	UNIT_ROWS(test_whole, rows);
	UNIT_ROWS(test_bytes, rows);
	UNIT(test_waiting);
	UNIT(test_continue);
	UNIT(test_time);
	UNIT(test_trickle);
	UNIT(test_eof);
	UNIT(test_finish);
	UNIT(test_injection);
	return unit_run("http/httpd");
}
