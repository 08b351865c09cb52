/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/canon.h"

#include "canon_twin.h"
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
	{"a LF alone first", "A:\n b\r\n", "A:\n b\r\n", "a:\n b\r\n"},
	{"a CR alone last", "A: b\r", "A: b\r\r\n", "a:b\r\r\n"},
	{"a LF alone behind white space", "A: \t\n b\r\n", "A: \t\n b\r\n",
	 "a:\n b\r\n"},
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

/* How many pieces a body came out in. */
static size_t pieces;

static void
add(void *context, struct span bytes)
{
	assert_true(bytes.len > 0);
	pieces++;
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

/* D10: a body comes out in no more pieces than its length allows, whatever
 * it holds: what is held back is counted, not gone over again. */
static void
test_work(void **state)
{
	static const char *const unit[] = {" ",     "\r\n", "x",
					   " \r\n", "\r",   "x \r\n\r\n"};

	(void)state;
	for (size_t i = 0; i < COUNT(unit); i++)
		for (size_t len = 1 << 16; len <= 1 << 20; len *= 4) {
			CLEANUP(buf_release)
			struct buf in = BUF_INIT((1 << 20) + 64);
			CLEANUP(buf_release)
			struct buf b = BUF_INIT((1 << 20) + 64);

			while (in.len < len)
				buf_adds(&in, unit[i]);
			buf_adds(&in, "x\r\n");
			for (enum canon form = CANON_SIMPLE;
			     form <= CANON_RELAXED; form++) {
				pieces = 0;
				feed(form, buf_span(&in), in.len, &b);
				assert_true(pieces <= in.len / 64 + 8);
			}
		}
}

/* The next number of a sequence that looks like chance. */
static uint32_t
draw(uint32_t below)
{
	static uint64_t state = 88172645463325252;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32) % below;
}

/* Appends `len` octets, `dense` in a hundred of which are white space or
 * parts of a line's end. */
static void
put_random(struct buf *to, size_t len, uint32_t dense)
{
	static const char *const special[] = {
		" ", "\t", "\r\n", "\r", "\n", "\r\n ", "  ", ":", " \r\n"};

	for (size_t i = 0; i < len; i++)
		if (draw(100) < dense)
			buf_adds(to, special[draw(COUNT(special))]);
		else
			buf_addc(to, (char)('!' + draw(94)));
}

/* Texts of all lengths against the slow twin, in pieces of all sizes. */
static void
test_random(void **state)
{
	CLEANUP(buf_release) struct buf in = BUF_INIT(1 << 16);
	CLEANUP(buf_release) struct buf got = BUF_INIT(1 << 17);
	CLEANUP(buf_release) struct buf want = BUF_INIT(1 << 17);

	(void)state;
	for (size_t len = 0; len < 600; len++) {
		buf_clear(&in);
		put_random(&in, len < 500 ? len : len * 40, draw(60));
		for (enum canon form = CANON_SIMPLE; form <= CANON_RELAXED;
		     form++) {
			buf_clear(&want);
			twin_body(form, buf_span(&in), &want);
			for (int i = 0; i < 4; i++) {
				size_t size =
					i == 0 ? in.len + 1 : 1 + draw(200);

				feed(form, buf_span(&in), size, &got);
				assert_true(span_equal(buf_span(&got),
						       buf_span(&want)));
			}
		}
		buf_clear(&got);
		buf_clear(&want);
		canon_header(CANON_RELAXED, buf_span(&in), &got);
		twin_header(buf_span(&in), &want);
		assert_true(span_equal(buf_span(&got), buf_span(&want)));
	}
}

/* A field that is well folded, of all lengths. */
static void
test_folded(void **state)
{
	static const char *const part[] = {"\r\n ", " ",        "a",   "bc",
					   "\t",    "\r\n\t\t", "d; e"};

	(void)state;
	for (size_t parts = 0; parts < 400; parts++) {
		CLEANUP(buf_release) struct buf in = BUF_INIT(1 << 16);
		CLEANUP(buf_release) struct buf got = BUF_INIT(1 << 16);
		CLEANUP(buf_release) struct buf want = BUF_INIT(1 << 16);

		buf_adds(&in, draw(4) == 0 ? "N:\n" : "Some-Name:");
		for (size_t i = 0; i < parts; i++)
			buf_adds(&in, part[draw(COUNT(part))]);
		buf_adds(&in, "\r\n");
		canon_header(CANON_RELAXED, buf_span(&in), &got);
		twin_header(buf_span(&in), &want);
		assert_true(span_equal(buf_span(&got), buf_span(&want)));
	}
}

/* What is full gets nothing more, and says so. */
static void
test_full(void **state)
{
	CLEANUP(buf_release) struct buf to = BUF_INIT(8);

	(void)state;
	canon_header(CANON_RELAXED, SPAN("Subject: apples\r\n"), &to);
	assert_true(to.full);
	assert_int_equal(to.len, 0);
}

int
main(void)
{
	UNIT_ROWS(test_header, header);
	UNIT_ROWS(test_body, body);
	UNIT_ROWS(test_large, large);
	UNIT(test_work);
	UNIT(test_random);
	UNIT(test_folded);
	UNIT(test_full);
	return unit_run("mailauth/canon");
}
