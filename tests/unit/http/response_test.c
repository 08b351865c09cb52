/* SPDX-License-Identifier: Apache-2.0 */
#include "http/response.h"

#include "unit.h"

/* RFC 9110 section 5.6.7's own example. */
#define NOW  784111777000
#define DATE "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"

static const struct row {
	const char *name;
	int status;
	const char *field, *value;
	const char *body;
	bool close, head;
	const char *want; /* NULL: refused */
} rows[] = {
	{"a body", 200, "Content-Type", "application/json", "{}", false, false,
	 "HTTP/1.1 200 OK\r\n" DATE "Content-Type: application/json\r\n"
	 "Content-Length: 2\r\n\r\n{}"},
	{"no body", 403, "A", "", "", true, false,
	 "HTTP/1.1 403 Forbidden\r\n" DATE
	 "A: \r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
	{"to HEAD", 200, "A", "b", "12345", false, true,
	 "HTTP/1.1 200 OK\r\n" DATE "A: b\r\nContent-Length: 5\r\n\r\n"},
	{"a status that has no body", 204, "A", "b", "12345", false, false,
	 "HTTP/1.1 204 No Content\r\n" DATE "A: b\r\n\r\n"},
	{"a status without a phrase", 299, "A", "b", "", false, false,
	 "HTTP/1.1 299 Status\r\n" DATE "A: b\r\nContent-Length: 0\r\n\r\n"},
	{"a field that would end early", 200, "A", "b\r\nSet-Cookie: x", "",
	 false, false, NULL},
	{"a bare line feed", 200, "A", "b\nc", "", false, false, NULL},
	{"a field name with a space", 200, "A b", "c", "", false, false, NULL},
	{"a field name with a colon", 200, "A:", "c", "", false, false, NULL},
	{"a field without a name", 200, "", "c", "", false, false, NULL},
};

static void
test_write(void **state)
{
	const struct row *row = *state;
	CLEANUP(buf_release) struct buf out = BUF_INIT(1000);
	struct http_response response = {.status = row->status,
					 .body = span_of(row->body)};

	http_response_add(&response, span_of(row->field), span_of(row->value));
	assert_int_equal(http_response_write(&response, NOW, row->close,
					     row->head, &out),
			 row->want != NULL);
	assert_string_equal(out.ptr, row->want != NULL ? row->want : "");
}

static void
test_room(void **state)
{
	CLEANUP(buf_release) struct buf out = BUF_INIT(100);
	struct http_response response = {.status = 200};
	char body[100] = {0};

	(void)state;
	buf_adds(&out, "before");
	response.body = span_bytes(body, sizeof(body));
	assert_false(http_response_write(&response, NOW, false, false, &out));
	assert_string_equal(out.ptr, "before");
}

int
main(void)
{
	UNIT_ROWS(test_write, rows);
	UNIT(test_room);
	return unit_run("http/response");
}
