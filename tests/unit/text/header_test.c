/* SPDX-License-Identifier: Apache-2.0 */
#include "text/header.h"

#include "unit.h"

static const struct parse_row {
	const char *name;
	const char *text;
	enum header_status status;
	size_t offset;      /* of the defect */
	const char *fields; /* "name=value|" of each, CR and LF as they are */
	const char *body;
} parse[] = {
	{"RFC 5322 s2.1: header and body", "From: a@b\r\nTo: c\r\n\r\nHi\r\n",
	 HEADER_OK, 0, "From= a@b|To= c|", "Hi\r\n"},
	{"RFC 5322 s2.2.3: folds", "A: b\r\n c\r\n\td\r\nE:\r\n\r\n", HEADER_OK,
	 0, "A= b\r\n c\r\n\td|E=|", ""},
	{"no body", "A: b\r\n", HEADER_OK, 0, "A= b|", ""},
	{"no CRLF at the end", "A: b", HEADER_OK, 0, "A= b|", ""},
	{"nothing", "", HEADER_OK, 0, "", ""},
	{"a body alone", "\r\nHi", HEADER_OK, 0, "", "Hi"},
	{"a body that begins empty", "A:b\r\n\r\n\r\nx", HEADER_OK, 0, "A=b|",
	 "\r\nx"},
	{"a line of white space is a fold", "A: b\r\n \r\n\r\n", HEADER_OK, 0,
	 "A= b\r\n |", ""},
	{"RFC 5322 s4.5.8: space before the colon (a10)", "From : a\r\n\r\n",
	 HEADER_OK, 0, "From= a|", ""},
	{"a colon in the value", "A: b: c\r\n\r\n", HEADER_OK, 0, "A= b: c|",
	 ""},
	{"8-bit in the value", "A: \xfc\r\n\r\n", HEADER_OK, 0, "A= \xfc|", ""},
	{"leading fold (a9)", " From: a\r\nFrom: b\r\n\r\nx",
	 HEADER_LEADING_FOLD, 0, " From= a|From= b|", "x"},
	{"leading tab", "\tFrom: a\r\n\r\n", HEADER_LEADING_FOLD, 0,
	 "\tFrom= a|", ""},
	{"name folded off its colon (a11)", "To: x\r\nFrom\r\n : a\r\n\r\n",
	 HEADER_NO_COLON, 7, "To= x|From=\r\n : a|", ""},
	{"no colon", "A: b\r\nhello there\r\n\r\n", HEADER_NO_COLON, 6,
	 "A= b|hello= there|", ""},
	{"no name", ": b\r\n\r\n", HEADER_BAD_NAME, 0, "= b|", ""},
	{"space in a name", "A b: c\r\n\r\n", HEADER_BAD_NAME, 0, "A b= c|",
	 ""},
	{"8-bit in a name", "\xc3\xa9: c\r\n\r\n", HEADER_BAD_NAME, 0,
	 "\xc3\xa9= c|", ""},
	{"mbox line", "From me Mon Nov 23 10:00\r\nA: b\r\n\r\n",
	 HEADER_BAD_NAME, 0, "From me Mon Nov 23 10=00|A= b|", ""},
	{"bare LF", "A: b\nB: c\r\n\r\n", HEADER_BARE_LF, 4, "A= b\nB: c|", ""},
	{"bare CR", "A: b\rB: c\r\n\r\n", HEADER_BARE_CR, 4, "A= b\rB: c|", ""},
	{"CR CR LF", "A: b\r\r\n\r\n", HEADER_BARE_CR, 4, "A= b\r|", ""},
	{"CR at the end", "A: b\r", HEADER_BARE_CR, 4, "A= b\r|", ""},
	{"bare LF after the header", "A: b\r\n\nbody", HEADER_BARE_LF, 6,
	 "A= b|=\nbody|", ""},
	{"the first defect is told", "A b: c\nd\re\r\n\r\n", HEADER_BAD_NAME, 0,
	 "A b= c\nd\re|", ""},
	{"all LF", "A: b\nB: c\n\nbody\n", HEADER_BARE_LF, 4,
	 "A= b\nB: c\n\nbody\n|", ""},
};

static void
test_parse(void **state)
{
	const struct parse_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf b = BUF_INIT(4096);
	struct header_block block;
	size_t offset = 0;
	size_t raw = 0;

	assert_int_equal(
		header_parse(span_of(row->text), &arena, &block, &offset),
		row->status);
	assert_int_equal(offset, row->offset);
	for (size_t i = 0; i < block.len; i++) {
		buf_add(&b, block.field[i].name);
		buf_addc(&b, '=');
		buf_add(&b, block.field[i].value);
		buf_addc(&b, '|');
		assert_ptr_equal(block.field[i].raw.ptr, row->text + raw);
		raw += block.field[i].raw.len;
	}
	assert_span(buf_span(&b), row->fields);
	assert_span(block.body, row->body);
	assert_int_equal(block.size + block.body.len, strlen(row->text));
}

static void
test_nul(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct header_block block;
	size_t offset = 0;

	(void)state;
	assert_int_equal(
		header_parse(SPAN("A: b\0c\r\n\r\n"), &arena, &block, &offset),
		HEADER_NUL);
	assert_int_equal(offset, 4);
	/* A body is not looked at. */
	assert_int_equal(header_parse(SPAN("A: b\r\n\r\n\0\n\r"), &arena,
				      &block, &offset),
			 HEADER_OK);
	assert_int_equal(block.body.len, 3);
}

static void
test_find(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct header_block block;
	size_t offset;

	(void)state;
	assert_int_equal(
		header_parse(SPAN("FROM: 1\r\nfrom : 2\r\nFromm: 3\r\n\r\n"),
			     &arena, &block, &offset),
		HEADER_OK);
	assert_int_equal(header_count(&block, SPAN("From")), 2);
	assert_int_equal(header_count(&block, SPAN("Fro")), 0);
	assert_ptr_equal(header_get(&block, SPAN("froM")), &block.field[0]);
	assert_ptr_equal(header_get(&block, SPAN("FROMM")), &block.field[2]);
	assert_null(header_get(&block, SPAN("To")));
}

/* A header that is exactly at the limit, and one octet above it. */
static void
test_size(void **state)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(1 << 20);
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct header_block block;
	size_t offset = 0;

	(void)state;
	buf_adds(&b, "A: ");
	while (b.len < HEADER_SIZE_MAX - 4)
		buf_addc(&b, 'x');
	buf_adds(&b, "\r\n\r\n");
	while (b.len < HEADER_SIZE_MAX * 2)
		buf_adds(&b, "body\r\n");
	assert_int_equal(header_parse(buf_span(&b), &arena, &block, &offset),
			 HEADER_OK);
	assert_int_equal(block.size, HEADER_SIZE_MAX);
	memcpy(b.ptr, "A: b\r\nC: d", 10);
	b.ptr[HEADER_SIZE_MAX - 4] = 'x';
	b.ptr[HEADER_SIZE_MAX - 3] = 'x';
	b.ptr[HEADER_SIZE_MAX - 2] = 'x';
	assert_int_equal(header_parse(buf_span(&b), &arena, &block, &offset),
			 HEADER_TOO_BIG);
	assert_int_equal(block.body.len, 0);
	assert_int_equal(header_count(&block, SPAN("a")), 1);
	assert_int_equal(block.size, 6);
}

static void
test_fields(void **state)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(1 << 20);
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct header_block block;
	size_t offset = 0;

	(void)state;
	for (size_t i = 0; i < HEADER_FIELDS_MAX; i++)
		buf_adds(&b, "A:b\r\n");
	assert_int_equal(header_parse(buf_span(&b), &arena, &block, &offset),
			 HEADER_OK);
	assert_int_equal(block.len, HEADER_FIELDS_MAX);
	buf_adds(&b, "A:b\r\n\r\nbody");
	assert_int_equal(header_parse(buf_span(&b), &arena, &block, &offset),
			 HEADER_TOO_MANY);
	assert_int_equal(block.len, HEADER_FIELDS_MAX);
	assert_int_equal(offset, HEADER_FIELDS_MAX * 5);
	assert_int_equal(block.body.len, 0);
}

/* Fields that the arena has no room for are too much, wherever that is. */
static void
test_small_arena(void **state)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(1 << 16);
	bool fits = false;

	(void)state;
	for (int i = 0; i < 100; i++)
		buf_adds(&b, "A:b\r\n");
	for (size_t limit = 16; !fits; limit *= 2) {
		CLEANUP(arena_release) struct arena arena = ARENA_INIT(limit);
		struct header_block block;
		size_t offset = 1;
		enum header_status status =
			header_parse(buf_span(&b), &arena, &block, &offset);

		fits = status == HEADER_OK;
		if (fits)
			break;
		assert_int_equal(status, HEADER_TOO_BIG);
		assert_true(block.len < 100);
		assert_int_equal(offset, block.len * 5);
	}
}

static void
test_unfold(void **state)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(64);

	(void)state;
	assert_true(header_unfold(SPAN(" a\r\n b \r\n\tc \r\n"), &b));
	assert_span(buf_span(&b), "a b \tc");
}

int
main(void)
{
	UNIT_ROWS(test_parse, parse);
	UNIT(test_nul);
	UNIT(test_find);
	UNIT(test_size);
	UNIT(test_fields);
	UNIT(test_small_arena);
	UNIT(test_unfold);
	return unit_run("text/header");
}
