/* SPDX-License-Identifier: Apache-2.0 */
#include "text/crlf.h"

#include "unit.h"

static const struct crlf_row {
	const char *name;
	const char *text;
	const char *want;
	bool clean;
} rows[] = {
	{"nothing", "", "", true},
	{"CRLF throughout", "a\r\n\r\nb\r\n", "a\r\n\r\nb\r\n", true},
	{"no end", "a\r\nb", "a\r\nb\r\n", true},
	{"LF", "a\n\nb\n", "a\r\n\r\nb\r\n", false},
	{"CR", "a\r\rb\r", "a\r\n\r\nb\r\n", false},
	{"mixed", "a\n\rb\r\nc\rd", "a\r\n\r\nb\r\nc\r\nd\r\n", false},
	{"CR CR LF", "a\r\r\n", "a\r\n\r\n", false},
	{"LF CR LF", "a\n\r\nb\r\n", "a\r\n\r\nb\r\n", false},
	{"a dot between", "a\n.\nb", "a\r\n.\r\nb\r\n", false},
	{"CR dot CR", "a\r.\rb", "a\r\n.\r\nb\r\n", false},
	{"LF alone", "\n", "\r\n", false},
	{"CR alone", "\r", "\r\n", false},
};

static void
test_crlf(void **state)
{
	const struct crlf_row *row = *state;
	CLEANUP(buf_release) struct buf b = BUF_INIT(100);
	CLEANUP(buf_release) struct buf small = BUF_INIT(strlen(row->want));

	assert_int_equal(crlf_is_clean(span_of(row->text)), row->clean);
	assert_true(crlf_normalise(span_of(row->text), &b));
	assert_span(buf_span(&b), row->want);
	assert_true(crlf_is_clean(buf_span(&b)));
	/* At the limit, and one octet under it. */
	assert_true(crlf_normalise(span_of(row->text), &small));
	if (small.limit-- > 0) {
		struct buf less = BUF_INIT(small.limit);

		assert_false(crlf_normalise(span_of(row->text), &less));
		buf_release(&less);
	}
}

int
main(void)
{
	UNIT_ROWS(test_crlf, rows);
	return unit_run("text/crlf");
}
