/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/duration.h"

#include "unit.h"

static const struct row {
	const char *name;
	int64_t want; /* -1: it is none */
} rows[] = {
	{"0", 0},          {"90", 90000},
	{"90s", 90000},    {"1500ms", 1500},
	{"30m", 1800000},  {"2h", 7200000},
	{"3d", 259200000}, {"3650d", DURATION_MAX},
	{"3651d", -1},     {"99999999999999999999s", -1},
	{"", -1},          {"s", -1},
	{"-1s", -1},       {"1.5h", -1},
	{"1 h", -1},       {"1w", -1},
};

static void
test_parse(void **state)
{
	const struct row *row = *state;
	int64_t got = -1;

	assert_int_equal(duration_parse(span_of(row->name), &got),
			 row->want >= 0);
	assert_int_equal(got, row->want);
}

int
main(void)
{
	UNIT_ROWS(test_parse, rows);
	return unit_run("cli/duration");
}
