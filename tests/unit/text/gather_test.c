/* SPDX-License-Identifier: Apache-2.0 */
#include "text/gather.h"

#include "unit.h"

static const struct row {
	const char *name;
	const char *text;
	size_t want; /* octets of the header */
	bool whole;
} rows[] = {
	{"a header and a body", "A: b\r\n\r\nbody\r\n\r\n", 8, true},
	{"no body", "A: b\r\n\r\n", 8, true},
	{"no header", "\r\nA: b\r\n\r\n", 2, true},
	{"no empty line", "A: b\r\nC: d\r\n", 12, false},
	{"half an empty line", "A: b\r\n\r", 7, false},
	{"line ends of another kind are not one", "A: b\n\nC: d\r\n\r\nb", 14,
	 true},
	{"nothing", "", 0, false},
};

/* Whatever the pieces, the same octets are the header's. */
static void
test_row(void **state)
{
	const struct row *row = *state;
	struct span text = span_of(row->text);

	for (size_t piece = 1; piece <= text.len + 1; piece++) {
		struct span rest = text;
		struct gather g;
		size_t taken = 0;

		gather_init(&g);
		while (!g.whole && rest.len > 0) {
			struct span part = span_head(rest, piece);
			size_t n = gather_feed(&g, part);

			assert_true(n == part.len || g.whole);
			taken += n;
			rest = span_skip(rest, n);
		}
		assert_int_equal(taken, row->want);
		assert_int_equal(g.whole, row->whole);
		assert_true(span_equal(buf_span(&g.text),
				       span_head(text, row->want)));
		gather_release(&g);
	}
}

/* A header without an end is cut where header_parse() refuses it anyway. */
static void
test_too_long(void **state)
{
	static char text[HEADER_SIZE_MAX * 2];
	struct gather g;
	size_t n;

	(void)state;
	memset(text, 'a', sizeof(text));
	gather_init(&g);
	n = gather_feed(&g, span_bytes(text, sizeof(text)));
	assert_true(g.whole);
	assert_true(n > HEADER_SIZE_MAX && n <= HEADER_SIZE_MAX + 4);
	gather_release(&g);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_too_long);
	return unit_run("text/gather");
}
