/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"

#include "unit.h"

static const struct trim_row {
	const char *name;
	const char *text;
	const char *want;
} trims[] = {
	{"nothing to trim", "ab", "ab"},
	{"both ends", " \t\r\na b\n ", "a b"},
	{"only white space", " \r\n\t", ""},
	{"empty", "", ""},
};

static void
test_trim(void **state)
{
	const struct trim_row *row = *state;

	assert_span(span_trim(span_of(row->text)), row->want);
}

static const struct number_row {
	const char *name;
	const char *text;
	uint64_t max;
	bool ok;
	uint64_t want;
} numbers[] = {
	{"zero", "0", 10, true, 0},
	{"leading zeros", "007", 10, true, 7},
	{"the maximum itself", "10", 10, true, 10},
	{"above the maximum", "11", 10, false, 0},
	{"all of 64 bits", "18446744073709551615", UINT64_MAX, true,
	 UINT64_MAX},
	{"one more than 64 bits", "18446744073709551616", UINT64_MAX, false, 0},
	{"far more than 64 bits", "99999999999999999999999", UINT64_MAX, false,
	 0},
	{"empty", "", 10, false, 0},
	{"a sign", "+1", 10, false, 0},
	{"a minus", "-1", 10, false, 0},
	{"a space", " 1", 10, false, 0},
	{"hexadecimal", "0x1", 100, false, 0},
};

static void
test_number(void **state)
{
	const struct number_row *row = *state;
	uint64_t n = 42;

	assert_int_equal(span_to_u64(span_of(row->text), row->max, &n),
			 row->ok);
	assert_int_equal(n, row->ok ? row->want : 42);
}

static void
test_cut(void **state)
{
	struct span rest = SPAN("a,,b");

	(void)state;
	assert_span(span_cut(&rest, ','), "a");
	assert_span(span_cut(&rest, ','), "");
	assert_span(span_cut(&rest, ','), "b");
	assert_int_equal(rest.len, 0);
	assert_span(span_cut(&rest, ','), "");
}

static void
test_compare(void **state)
{
	(void)state;
	assert_true(span_equal(SPAN("a"), SPAN("a")));
	assert_false(span_equal(SPAN("a"), SPAN("A")));
	assert_true(span_equal_nocase(SPAN("aB-1"), SPAN("Ab-1")));
	assert_false(span_equal_nocase(SPAN("a["), SPAN("a{")));
	assert_false(span_equal_nocase(SPAN("a"), SPAN("ab")));
	assert_true(span_compare(SPAN("a"), SPAN("ab")) < 0);
	assert_true(span_compare(SPAN("b"), SPAN("ab")) > 0);
	assert_true(span_compare(SPAN("ab"), SPAN("a")) > 0);
	assert_int_equal(span_compare(SPAN("ab"), SPAN("ab")), 0);
}

static void
test_search(void **state)
{
	(void)state;
	assert_int_equal(span_find(SPAN("abcb"), 'b'), 1);
	assert_int_equal(span_find_last(SPAN("abcb"), 'b'), 3);
	assert_int_equal(span_find(SPAN("abc"), 'x'), SPAN_NONE);
	assert_int_equal(span_find_last(SPAN(""), 'x'), SPAN_NONE);
	assert_int_equal(span_search(SPAN("aab"), SPAN("ab")), 1);
	assert_int_equal(span_search(SPAN("a"), SPAN("ab")), SPAN_NONE);
	assert_int_equal(span_search(SPAN("a"), SPAN("")), 0);
	assert_true(span_starts(SPAN("abc"), SPAN("ab")));
	assert_false(span_starts(SPAN("a"), SPAN("ab")));
	assert_true(span_starts_nocase(SPAN("ABc"), SPAN("ab")));
	assert_true(span_ends(SPAN("abc"), SPAN("bc")));
	assert_false(span_ends(SPAN("c"), SPAN("bc")));
	assert_span(span_skip(SPAN("abc"), 2), "c");
	assert_span(span_skip(SPAN("abc"), 9), "");
	assert_span(span_head(SPAN("abc"), 2), "ab");
	assert_span(span_head(SPAN("abc"), 9), "abc");
	assert_span(span_sub(SPAN("abc"), 1, 2), "b");
}

int
main(void)
{
	UNIT_ROWS(test_trim, trims);
	UNIT_ROWS(test_number, numbers);
	UNIT(test_cut);
	UNIT(test_compare);
	UNIT(test_search);
	return unit_run("base/span");
}
