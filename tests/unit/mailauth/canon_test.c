/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/canon.h"

#include "unit.h"

static const struct header_row {
	const char *name;
	const char *raw;
	const char *simple;
	const char *relaxed;
} header[] = {
	{"RFC 6376 s3.4.5: A", "A: X\r\n", "A: X\r\n", "a:X\r\n"},
	{"RFC 6376 s3.4.5: B", "B : Y\t\r\n\tZ  \r\n", "B : Y\t\r\n\tZ  \r\n",
	 "b:Y Z\r\n"},
	{"s3.4.2: names in lower case", "SUBJect: AbC\r\n", "SUBJect: AbC\r\n",
	 "subject:AbC\r\n"},
	{"s3.4.2: runs of white space", "A: b \t c\t\td\r\n",
	 "A: b \t c\t\td\r\n", "a:b c d\r\n"},
	{"s3.4.2: folds and white space are one", "A: b \r\n\t c\r\n",
	 "A: b \r\n\t c\r\n", "a:b c\r\n"},
	{"s3.4.2: white space at the end", "A: b \r\n \r\n", "A: b \r\n \r\n",
	 "a:b\r\n"},
	{"s3.4.2: around the colon", "A \t: \r\n b\r\n", "A \t: \r\n b\r\n",
	 "a:b\r\n"},
	{"an empty value", "A:\r\n", "A:\r\n", "a:\r\n"},
	{"a value of white space", "A: \t\r\n \r\n", "A: \t\r\n \r\n",
	 "a:\r\n"},
	{"a colon in the value", "A: b:c\r\n", "A: b:c\r\n", "a:b:c\r\n"},
	{"8-bit", "A: \xc3\xa9 \xff\r\n", "A: \xc3\xa9 \xff\r\n",
	 "a:\xc3\xa9 \xff\r\n"},
	{"a CR and a LF alone are octets", "A: b\rc\nd\r\n", "A: b\rc\nd\r\n",
	 "a:b\rc\nd\r\n"},
	{"no CRLF at the end", "A: b", "A: b\r\n", "a:b\r\n"},
};

static void
test_header(void **state)
{
	const struct header_row *row = *state;
	CLEANUP(buf_release) struct buf b = BUF_INIT(1024);

	canon_header(CANON_SIMPLE, span_of(row->raw), &b);
	assert_span(buf_span(&b), row->simple);
	buf_clear(&b);
	canon_header(CANON_RELAXED, span_of(row->raw), &b);
	assert_span(buf_span(&b), row->relaxed);
}

static const struct body_row {
	const char *name;
	const char *body;
	const char *simple;
	const char *relaxed;
} body[] = {
	{"RFC 6376 s3.4.5", " C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n",
	 " C\r\nD E\r\n"},
	{"s3.4.3: an empty body", "", "\r\n", ""},
	{"s3.4.3: one empty line", "\r\n", "\r\n", ""},
	{"s3.4.3: empty lines", "\r\n\r\n\r\n", "\r\n", ""},
	{"s3.4.3: no CRLF at the end", "a", "a\r\n", "a\r\n"},
	{"s3.4.3: empty lines at the end", "a\r\n\r\n\r\n", "a\r\n", "a\r\n"},
	{"empty lines within", "a\r\n\r\n\r\nb\r\n", "a\r\n\r\n\r\nb\r\n",
	 "a\r\n\r\n\r\nb\r\n"},
	{"empty lines first", "\r\n\r\na\r\n", "\r\n\r\na\r\n",
	 "\r\n\r\na\r\n"},
	{"s3.4.4: a line of white space at the end", "a\r\n \t\r\n",
	 "a\r\n \t\r\n", "a\r\n"},
	{"s3.4.4: a line of white space alone", " \t\r\n", " \t\r\n", ""},
	{"s3.4.4: white space at an end without CRLF", "a \t", "a \t\r\n",
	 "a\r\n"},
	{"s3.4.4: white space alone without CRLF", " ", " \r\n", ""},
	{"s3.4.4: at the start of a line", "  a\r\n\tb\r\n", "  a\r\n\tb\r\n",
	 " a\r\n b\r\n"},
	{"s3.4.4: runs within", "a \t  b\r\n", "a \t  b\r\n", "a b\r\n"},
	{"a lone CR", "a\rb\r\n", "a\rb\r\n", "a\rb\r\n"},
	{"a lone CR at the end", "a\r", "a\r\r\n", "a\r\r\n"},
	{"a lone LF", "a\nb \n", "a\nb \n\r\n", "a\nb \n\r\n"},
	{"CR CR LF", "a \r\r\n", "a \r\r\n", "a \r\r\n"},
	{"CR LF CR", "a\r\n\r", "a\r\n\r\r\n", "a\r\n\r\r\n"},
	{"LF CR", "\n\r", "\n\r\r\n", "\n\r\r\n"},
	{"a dot", ".\r\n..\r\n", ".\r\n..\r\n", ".\r\n..\r\n"},
};

static void
add(void *context, struct span bytes)
{
	buf_add(context, bytes);
}

/* Feeds `body` in pieces of `size` octets. */
static void
feed(enum canon form, struct span bytes, size_t size, struct buf *to)
{
	struct canon_body b;

	buf_clear(to);
	canon_body_init(&b, form, (struct canon_sink){add, to});
	while (bytes.len > 0) {
		size_t n = bytes.len < size ? bytes.len : size;

		canon_body_feed(&b, span_sub(bytes, 0, n));
		bytes = span_skip(bytes, n);
	}
	canon_body_end(&b);
	assert_int_equal(b.total, to->len);
}

static void
test_body(void **state)
{
	const struct body_row *row = *state;
	CLEANUP(buf_release) struct buf b = BUF_INIT(1024);

	for (size_t size = 1; size <= 9; size++) {
		feed(CANON_SIMPLE, span_of(row->body), size, &b);
		assert_span(buf_span(&b), row->simple);
		feed(CANON_RELAXED, span_of(row->body), size, &b);
		assert_span(buf_span(&b), row->relaxed);
	}
}

static const struct large_row {
	const char *name;
	const char *unit; /* again and again */
	const char *last; /* once, behind them */
	size_t times;
	size_t simple;  /* canonical octets */
	size_t relaxed; /* canonical octets */
} large[] = {
	{"empty lines and a letter", "\r\n", "x", 100000, 200003, 200003},
	{"empty lines alone", "\r\n", "", 100000, 2, 0},
	{"spaces", " ", "", 300000, 300002, 0},
	{"spaces and a letter", " ", "x", 300000, 300003, 4},
	{"one long line", "xyz", "\r\n", 100000, 300002, 300002},
	{"white lines", " \r\n", "x\r\n", 100000, 300003, 200003},
	{"words", "ab  ", "\r\n", 100000, 400002, 300001},
	{"CRs", "\r", "\r\n", 100000, 100002, 100002},
};

static void
test_large(void **state)
{
	const struct large_row *row = *state;
	CLEANUP(buf_release) struct buf in = BUF_INIT(1 << 20);
	CLEANUP(buf_release) struct buf b = BUF_INIT(1 << 20);

	for (size_t i = 0; i < row->times; i++)
		buf_adds(&in, row->unit);
	buf_adds(&in, row->last);
	for (size_t size = 1; size < in.len; size = size * 13 + 1) {
		feed(CANON_SIMPLE, buf_span(&in), size, &b);
		assert_int_equal(b.len, row->simple);
		feed(CANON_RELAXED, buf_span(&in), size, &b);
		assert_int_equal(b.len, row->relaxed);
	}
}

int
main(void)
{
	UNIT_ROWS(test_header, header);
	UNIT_ROWS(test_body, body);
	UNIT_ROWS(test_large, large);
	return unit_run("mailauth/canon");
}
