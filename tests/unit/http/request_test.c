/* SPDX-License-Identifier: Apache-2.0 */
#include "http/request.h"

#include "base/buf.h"
#include "unit.h"

#define H "Host: a\r\n"

static const struct good_row {
	const char *name;
	const char *head;
	const char *path, *query;
	uint64_t length;
	bool expects, close;
} good[] = {
	{"the least", "GET / HTTP/1.1\r\n" H "\r\n", "/", "", 0, false, false},
	{"a query", "GET /a?b=c&d HTTP/1.1\r\n" H "\r\n", "/a", "b=c&d", 0,
	 false, false},
	{"an empty query", "GET /a? HTTP/1.1\r\n" H "\r\n", "/a", "", 0, false,
	 false},
	{"a second question mark", "GET /a?b?c HTTP/1.1\r\n" H "\r\n", "/a",
	 "b?c", 0, false, false},
	{"escapes stay", "GET /a%2fb%2F%252F HTTP/1.1\r\n" H "\r\n",
	 "/a%2fb%2F%252F", "", 0, false, false},
	{"dots and slashes stay", "GET //a/./../b HTTP/1.1\r\n" H "\r\n",
	 "//a/./../b", "", 0, false, false},
	{"a length", "PUT / HTTP/1.1\r\n" H "content-length: 168\r\n\r\n", "/",
	 "", 168, false, false},
	{"a length of zero",
	 "DELETE / HTTP/1.1\r\n" H "Content-Length:0\r\n\r\n", "/", "", 0,
	 false, false},
	{"white space round a value",
	 "GET / HTTP/1.1\r\n" H "Content-Length: \t 5\t \r\n\r\n", "/", "", 5,
	 false, false},
	{"an expectation",
	 "PUT / HTTP/1.1\r\n" H
	 "Content-Length: 1\r\nExpect: 100-Continue\r\n\r\n",
	 "/", "", 1, true, false},
	{"an expectation without a body",
	 "PUT / HTTP/1.1\r\n" H "Expect: 100-continue\r\n\r\n", "/", "", 0,
	 false, false},
	{"close",
	 "GET / HTTP/1.1\r\n" H "Connection: keep-alive, Close\r\n\r\n", "/",
	 "", 0, false, true},
	{"keep-alive", "GET / HTTP/1.1\r\n" H "Connection: keep-alive\r\n\r\n",
	 "/", "", 0, false, false},
	{"an address with a port", "GET / HTTP/1.1\r\nHost: [::1]:8025\r\n\r\n",
	 "/", "", 0, false, false},
	{"eight bits in a value",
	 "GET / HTTP/1.1\r\n" H "User-Agent: caf\xc3\xa9\r\n\r\n", "/", "", 0,
	 false, false},
	{"an empty value", "GET / HTTP/1.1\r\n" H "X:\r\n\r\n", "/", "", 0,
	 false, false},
};

static const struct bad_row {
	const char *name;
	const char *head;
	enum http_verdict verdict;
	int status;
} bad[] = {
	{"HTTP/0.9", "GET /\r\n\r\n", HTTP_BAD_LINE, 400},
	{"HTTP/1.0", "GET / HTTP/1.0\r\n" H "\r\n", HTTP_BAD_VERSION, 505},
	{"HTTP/1.2", "GET / HTTP/1.2\r\n" H "\r\n", HTTP_BAD_VERSION, 505},
	{"the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\n", HTTP_BAD_VERSION, 505},
	{"a version in lower case", "GET / http/1.1\r\n" H "\r\n",
	 HTTP_BAD_LINE, 400},
	{"bytes behind the version", "GET / HTTP/1.1 x\r\n" H "\r\n",
	 HTTP_BAD_LINE, 400},
	{"two spaces", "GET  / HTTP/1.1\r\n" H "\r\n", HTTP_BAD_LINE, 400},
	{"a tab", "GET\t/ HTTP/1.1\r\n" H "\r\n", HTTP_BAD_LINE, 400},
	{"no method", " / HTTP/1.1\r\n" H "\r\n", HTTP_BAD_LINE, 400},
	{"a method not known", "BREW / HTTP/1.1\r\n" H "\r\n", HTTP_BAD_METHOD,
	 501},
	{"a method in lower case", "get / HTTP/1.1\r\n" H "\r\n",
	 HTTP_BAD_METHOD, 501},
	{"CONNECT", "CONNECT a:1 HTTP/1.1\r\n" H "\r\n", HTTP_BAD_METHOD, 501},
	{"TRACE", "TRACE / HTTP/1.1\r\n" H "\r\n", HTTP_BAD_METHOD, 501},
	{"the absolute form", "GET http://a/ HTTP/1.1\r\n" H "\r\n",
	 HTTP_BAD_TARGET, 400},
	{"the asterisk form", "OPTIONS * HTTP/1.1\r\n" H "\r\n",
	 HTTP_BAD_TARGET, 400},
	{"a fragment", "GET /a#b HTTP/1.1\r\n" H "\r\n", HTTP_BAD_TARGET, 400},
	{"eight bits in a target", "GET /\xc3\xa9 HTTP/1.1\r\n" H "\r\n",
	 HTTP_BAD_TARGET, 400},
	{"a quotation mark in a target", "GET /\" HTTP/1.1\r\n" H "\r\n",
	 HTTP_BAD_TARGET, 400},
	{"an escaped NUL", "GET /a%00 HTTP/1.1\r\n" H "\r\n", HTTP_BAD_TARGET,
	 400},
	{"a cut escape", "GET /a%2 HTTP/1.1\r\n" H "\r\n", HTTP_BAD_TARGET,
	 400},
	{"a bad escape", "GET /a%2x HTTP/1.1\r\n" H "\r\n", HTTP_BAD_TARGET,
	 400},
	{"no Host", "GET / HTTP/1.1\r\n\r\n", HTTP_BAD_HOST, 400},
	{"two Hosts", "GET / HTTP/1.1\r\n" H H "\r\n", HTTP_BAD_HOST, 400},
	{"an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", HTTP_BAD_HOST,
	 400},
	{"a path as Host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", HTTP_BAD_HOST,
	 400},
	{"a user in Host", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", HTTP_BAD_HOST,
	 400},
	{"a list as Host", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
	 HTTP_BAD_HOST, 400},
	{"chunked", "PUT / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n",
	 HTTP_BAD_CODING, 501},
	{"chunked and more",
	 "PUT / HTTP/1.1\r\n" H "Transfer-Encoding: chunked, x\r\n\r\n",
	 HTTP_BAD_CODING, 501},
	{"almost chunked",
	 "PUT / HTTP/1.1\r\n" H "Transfer-Encoding: xchunked\r\n\r\n",
	 HTTP_BAD_CODING, 501},
	{"identity",
	 "PUT / HTTP/1.1\r\n" H "Transfer-Encoding: identity\r\n"
	 "\r\n",
	 HTTP_BAD_CODING, 501},
	{"a length, then chunked",
	 "PUT / HTTP/1.1\r\n" H
	 "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
	 HTTP_TWO_FRAMES, 400},
	{"chunked, then a length",
	 "PUT / HTTP/1.1\r\n" H
	 "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
	 HTTP_TWO_FRAMES, 400},
	{"two lengths",
	 "PUT / HTTP/1.1\r\n" H
	 "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
	 HTTP_BAD_LENGTH, 400},
	{"the same length twice",
	 "PUT / HTTP/1.1\r\n" H
	 "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
	 HTTP_BAD_LENGTH, 400},
	{"a list of lengths",
	 "PUT / HTTP/1.1\r\n" H "Content-Length: 1,1\r\n\r\n", HTTP_BAD_LENGTH,
	 400},
	{"a signed length", "PUT / HTTP/1.1\r\n" H "Content-Length: +5\r\n\r\n",
	 HTTP_BAD_LENGTH, 400},
	{"a negative length",
	 "PUT / HTTP/1.1\r\n" H "Content-Length: -1\r\n\r\n", HTTP_BAD_LENGTH,
	 400},
	{"a hexadecimal length",
	 "PUT / HTTP/1.1\r\n" H "Content-Length: 0x10\r\n\r\n", HTTP_BAD_LENGTH,
	 400},
	{"a length of 2^64",
	 "PUT / HTTP/1.1\r\n" H "Content-Length: 18446744073709551616\r\n\r\n",
	 HTTP_BAD_LENGTH, 400},
	{"a length of 2^63",
	 "PUT / HTTP/1.1\r\n" H "Content-Length: 9223372036854775808\r\n\r\n",
	 HTTP_BAD_LENGTH, 400},
	{"a fraction of a length",
	 "PUT / HTTP/1.1\r\n" H "Content-Length: 1.0\r\n\r\n", HTTP_BAD_LENGTH,
	 400},
	{"an empty length", "PUT / HTTP/1.1\r\n" H "Content-Length:\r\n\r\n",
	 HTTP_BAD_LENGTH, 400},
	{"a folded field", "GET / HTTP/1.1\r\n" H "X: a\r\n b\r\n\r\n",
	 HTTP_BAD_FIELD, 400},
	{"a fold first", "GET / HTTP/1.1\r\n X: a\r\n" H "\r\n", HTTP_BAD_FIELD,
	 400},
	{"a space before the colon",
	 "PUT / HTTP/1.1\r\n" H "Content-Length : 5\r\n\r\n", HTTP_BAD_FIELD,
	 400},
	{"a field without a name", "GET / HTTP/1.1\r\n" H ": x\r\n\r\n",
	 HTTP_BAD_FIELD, 400},
	{"a field without a colon", "GET / HTTP/1.1\r\n" H "X\r\n\r\n",
	 HTTP_BAD_FIELD, 400},
	{"an underscore is a token, a slash is not",
	 "GET / HTTP/1.1\r\n" H "X/Y: 1\r\n\r\n", HTTP_BAD_FIELD, 400},
	{"a bare line feed", "GET / HTTP/1.1\r\n" H "X: a\nY: b\r\n\r\n",
	 HTTP_BAD_OCTET, 400},
	{"a bare carriage return", "GET / HTTP/1.1\r\n" H "X: a\rb\r\n\r\n",
	 HTTP_BAD_OCTET, 400},
	{"an escape character", "GET / HTTP/1.1\r\n" H "X: \x1b[31m\r\n\r\n",
	 HTTP_BAD_OCTET, 400},
	{"line feeds only", "GET / HTTP/1.1\nHost: a\n\n", HTTP_BAD_LINE, 400},
	{"another expectation", "PUT / HTTP/1.1\r\n" H "Expect: 200-ok\r\n\r\n",
	 HTTP_BAD_EXPECT, 417},
	{"no end", "GET / HTTP/1.1\r\n" H, HTTP_BAD_FIELD, 400},
	{"bytes behind the end", "GET / HTTP/1.1\r\n" H "\r\nx", HTTP_BAD_FIELD,
	 400},
};

static void
test_good(void **state)
{
	const struct good_row *row = *state;
	struct http_request r;

	assert_int_equal(http_request_parse(span_of(row->head), &r), HTTP_OK);
	assert_span(r.path, row->path);
	assert_span(r.query, row->query);
	assert_int_equal(r.length, row->length);
	assert_int_equal(r.expects, row->expects);
	assert_int_equal(r.close, row->close);
	assert_true(r.host.len > 0);
}

static void
test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct http_request r;

	assert_int_equal(http_request_parse(span_of(row->head), &r),
			 row->verdict);
	assert_int_equal(http_verdict_status(row->verdict), row->status);
	assert_true(http_verdict_text(row->verdict)[0] != '\0');
}

static void
test_nul(void **state)
{
	struct http_request r;

	(void)state;
	assert_int_equal(
		http_request_parse(
			SPAN("GET / HTTP/1.1\r\n" H "X: a\0b\r\n\r\n"), &r),
		HTTP_BAD_OCTET);
	assert_int_equal(
		http_request_parse(SPAN("GET /\0 HTTP/1.1\r\n" H "\r\n"), &r),
		HTTP_BAD_OCTET);
}

static void
test_fields(void **state)
{
	CLEANUP(buf_release) struct buf head = BUF_INIT(100000);
	struct http_request r;

	(void)state;
	buf_adds(&head, "GET / HTTP/1.1\r\n" H);
	for (size_t i = 1; i < HTTP_HEADERS_MAX; i++)
		buf_addf(&head, "X-%zu: %zu\r\n", i, i);
	buf_adds(&head, "\r\n");
	assert_int_equal(http_request_parse(buf_span(&head), &r), HTTP_OK);
	assert_int_equal(r.headers, HTTP_HEADERS_MAX);
	assert_span(*http_header_get(&r, SPAN("x-63")), "63");
	assert_int_equal(http_header_count(&r, SPAN("x-1")), 1);
	assert_null(http_header_get(&r, SPAN("x-64")));
	buf_truncate(&head, head.len - 2);
	buf_adds(&head, "Y: 1\r\n\r\n");
	assert_int_equal(http_request_parse(buf_span(&head), &r),
			 HTTP_MANY_FIELDS);
	assert_int_equal(http_verdict_status(HTTP_MANY_FIELDS), 431);
}

static void
test_lengths(void **state)
{
	CLEANUP(buf_release) struct buf head = BUF_INIT(100000);
	struct http_request r;

	(void)state;
	buf_adds(&head, "GET /");
	for (size_t i = 0; i < HTTP_TARGET_MAX; i++)
		buf_addc(&head, 'a');
	buf_adds(&head, " HTTP/1.1\r\n" H "\r\n");
	assert_int_equal(http_request_parse(buf_span(&head), &r),
			 HTTP_LONG_TARGET);
	buf_clear(&head);
	buf_adds(&head, "GET / HTTP/1.1\r\n" H "X: ");
	for (size_t i = 0; i < HTTP_HEAD_MAX; i++)
		buf_addc(&head, 'a');
	buf_adds(&head, "\r\n\r\n");
	assert_int_equal(http_request_parse(buf_span(&head), &r),
			 HTTP_LONG_HEAD);
}

int
main(void)
{
	UNIT_ROWS(test_good, good);
	UNIT_ROWS(test_bad, bad);
	UNIT(test_nul);
	UNIT(test_fields);
	UNIT(test_lengths);
	return unit_run("http/request");
}
