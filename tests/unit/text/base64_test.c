/* SPDX-License-Identifier: Apache-2.0 */
#include "text/base64.h"

#include "unit.h"

static const struct both_row {
	const char *name;
	const char *plain;
	const char *text;
} both[] = {
	{"RFC 4648 s10: empty", "", ""},
	{"RFC 4648 s10: f", "f", "Zg=="},
	{"RFC 4648 s10: fo", "fo", "Zm8="},
	{"RFC 4648 s10: foo", "foo", "Zm9v"},
	{"RFC 4648 s10: foob", "foob", "Zm9vYg=="},
	{"RFC 4648 s10: fooba", "fooba", "Zm9vYmE="},
	{"RFC 4648 s10: foobar", "foobar", "Zm9vYmFy"},
	{"62 and 63", "\xfb\xef\xff", "++//"},
};

static void
test_both(void **state)
{
	const struct both_row *row = *state;
	CLEANUP(buf_release) struct buf b = BUF_INIT(64);

	base64_encode(span_of(row->plain), &b);
	assert_span(buf_span(&b), row->text);
	buf_clear(&b);
	assert_true(base64_decode(span_of(row->text), &b));
	assert_span(buf_span(&b), row->plain);
	buf_clear(&b);
	assert_true(base64_decode_folded(span_of(row->text), &b));
	assert_span(buf_span(&b), row->plain);
}

static const struct only_row {
	const char *name;
	const char *text;
	const char *folded; /* what the folded reading gives, or NULL */
} only[] = {
	{"no padding", "Zm8", "fo"},
	{"no padding at all", "Zg", "f"},
	{"RFC 4648 s3.5: unused bits", "Zm9=", "fo"},
	{"space inside", "Zm 9v", "foo"},
	{"fold inside", "Zm\r\n\t9vY\r\n g==", "foob"},
	{"space in padding", "Zg= =", "f"},
	{"one letter too many", "Zm9vY", NULL},
	{"padding half there", "Zg=", NULL},
	{"padding too long", "Zm8==", NULL},
	{"padding only", "====", NULL},
	{"padding after whole", "Zm9v=", NULL},
	{"letter after padding", "Zg==Zg==", NULL},
	{"three pads", "Zg===", NULL},
	{"four pads too many", "Zg======", NULL},
	{"four pads too many behind three letters", "Zm8=====", NULL},
	{"URL letters", "-_-_", NULL},
	{"NUL", "Zm9\1", NULL},
	{"8-bit", "Zm9\xfc", NULL},
};

static void
test_only(void **state)
{
	const struct only_row *row = *state;
	CLEANUP(buf_release) struct buf b = BUF_INIT(64);

	buf_adds(&b, "x");
	assert_false(base64_decode(span_of(row->text), &b));
	assert_span(buf_span(&b), "x");
	assert_int_equal(strlen(b.ptr), 1);
	assert_int_equal(base64_decode_folded(span_of(row->text), &b),
			 row->folded != NULL);
	if (row->folded != NULL)
		assert_span(span_skip(buf_span(&b), 1), row->folded);
	assert_int_equal(b.ptr[b.len], '\0');
}

static void
test_limit(void **state)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(3);

	(void)state;
	assert_true(base64_decode(SPAN("Zm9v"), &b));
	assert_false(base64_decode(SPAN("Zg=="), &b));
	buf_clear(&b);
	base64_encode(SPAN("f"), &b);
	assert_true(b.full);
	assert_int_equal(b.len, 0);
}

/* Whether `c` stands for six bits, by RFC 4648 table 1. */
static bool
is_letter(int c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '+' || c == '/';
}

/* Each octet at each place of a text that is decoded many at a time. */
static void
test_every_octet(void **state)
{
	static const char good[] = "Zm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9v";
	CLEANUP(buf_release) struct buf b = BUF_INIT(64);

	(void)state;
	for (size_t at = 0; at < sizeof(good) - 1; at++)
		for (int c = 0; c < 256; c++) {
			CLEANUP(buf_release) struct buf back = BUF_INIT(64);
			char text[sizeof(good)];

			memcpy(text, good, sizeof(good));
			text[at] = (char)c;
			buf_clear(&b);
			assert_int_equal(
				base64_decode(span_bytes(text, 36), &b),
				is_letter(c));
			if (!is_letter(c))
				continue;
			base64_encode(buf_span(&b), &back);
			assert_span(buf_span(&back), text);
		}
}

int
main(void)
{
	UNIT_ROWS(test_both, both);
	UNIT_ROWS(test_only, only);
	UNIT(test_limit);
	UNIT(test_every_octet);
	return unit_run("text/base64");
}
