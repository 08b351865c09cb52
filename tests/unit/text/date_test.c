/* SPDX-License-Identifier: Apache-2.0 */
#include "text/date.h"

#include "unit.h"

static const struct both_row {
	const char *name;
	int64_t ms;
	const char *mail;
	const char *rfc3339;
	const char *basic;
} both[] = {
	{"the epoch", 0, "Thu, 1 Jan 1970 00:00:00 +0000",
	 "1970-01-01T00:00:00Z", "19700101T000000Z"},
	{"a leap day", 1709164800000, "Thu, 29 Feb 2024 00:00:00 +0000",
	 "2024-02-29T00:00:00Z", "20240229T000000Z"},
	{"2000 is a leap year", 951868799000, "Tue, 29 Feb 2000 23:59:59 +0000",
	 "2000-02-29T23:59:59Z", "20000229T235959Z"},
	{"2100 is none", 4107542400000, "Mon, 1 Mar 2100 00:00:00 +0000",
	 "2100-03-01T00:00:00Z", "21000301T000000Z"},
	{"a year's end", 1798761599000, "Thu, 31 Dec 2026 23:59:59 +0000",
	 "2026-12-31T23:59:59Z", "20261231T235959Z"},
	{"SigV4's example", 1440938160000, "Sun, 30 Aug 2015 12:36:00 +0000",
	 "2015-08-30T12:36:00Z", "20150830T123600Z"},
	{"the last second", 253402300799000, "Fri, 31 Dec 9999 23:59:59 +0000",
	 "9999-12-31T23:59:59Z", "99991231T235959Z"},
};

static void
test_both(void **state)
{
	const struct both_row *row = *state;
	int64_t ms = -1;

	assert_string_equal(date_mail_format(row->ms).s, row->mail);
	assert_string_equal(date_rfc3339_format(row->ms).s, row->rfc3339);
	assert_string_equal(date_basic_format(row->ms).s, row->basic);
	assert_true(date_rfc3339_parse(span_of(row->rfc3339), &ms));
	assert_int_equal(ms, row->ms);
	assert_true(date_basic_parse(span_of(row->basic), &ms));
	assert_int_equal(ms, row->ms);
}

static const struct rfc3339_row {
	const char *name;
	const char *text;
	int64_t ms; /* -1: not a time */
} rfc3339[] = {
	{"milliseconds", "1970-01-01T00:00:01.250Z", 1250},
	{"one digit", "1970-01-01T00:00:00.5Z", 500},
	{"nine digits", "1970-01-01T00:00:00.123456789Z", 123},
	{"lower case", "1970-01-01t00:00:00z", 0},
	{"an offset east", "1970-01-01T02:00:00+02:00", 0},
	{"an offset west", "1970-01-01T00:00:00-00:30", 1800000},
	{"before the epoch by offset", "1970-01-01T00:00:00+00:01", -1},
	{"no zone", "1970-01-01T00:00:00", -1},
	{"no digit after the dot", "1970-01-01T00:00:00.Z", -1},
	{"a leap second", "2016-12-31T23:59:60Z", -1},
	{"February 30", "2024-02-30T00:00:00Z", -1},
	{"February 29 of no leap year", "2023-02-29T00:00:00Z", -1},
	{"month 0", "2023-00-01T00:00:00Z", -1},
	{"month 13", "2023-13-01T00:00:00Z", -1},
	{"hour 24", "2023-01-01T24:00:00Z", -1},
	{"1969", "1969-12-31T23:59:59Z", -1},
	{"text behind", "1970-01-01T00:00:00Zx", -1},
	{"a space for T", "1970-01-01 00:00:00Z", -1},
	{"empty", "", -1},
	{"offset of a day", "1971-01-01T00:00:00+24:00", -1},
};

static void
test_rfc3339(void **state)
{
	const struct rfc3339_row *row = *state;
	int64_t ms = -1;

	assert_int_equal(date_rfc3339_parse(span_of(row->text), &ms),
			 row->ms >= 0);
	assert_int_equal(ms, row->ms);
}

static const struct basic_row {
	const char *name;
	const char *text;
} basic[] = {
	{"extended form", "2015-08-30T12:36:00Z"},
	{"lower case z", "20150830T123600z"},
	{"no zone", "20150830T123600"},
	{"a sign", "+0150830T123600Z"},
	{"a space", "20150830T 23600Z"},
	{"minute 60", "20150830T126000Z"},
	{"too long", "20150830T1236000Z"},
	{"empty", ""},
};

static void
test_basic(void **state)
{
	const struct basic_row *row = *state;
	int64_t ms = 7;

	assert_false(date_basic_parse(span_of(row->text), &ms));
	assert_int_equal(ms, 7);
}

/* Every day of the years we know, forth and back. */
static void
test_days(void **state)
{
	int64_t back, step = (int64_t)86400000 * (unit_slow() ? 97 : 1);

	(void)state;
	for (int64_t ms = 86399999; ms <= DATE_MAX; ms += step) {
		struct date_text text = date_rfc3339_format(ms);

		assert_true(date_rfc3339_parse(span_of(text.s), &back));
		assert_int_equal(back, ms);
	}
	assert_string_equal(date_basic_format(-1).s, "19700101T000000Z");
	assert_string_equal(date_basic_format(INT64_MAX).s, "99991231T235959Z");
}

int
main(void)
{
	UNIT_ROWS(test_both, both);
	UNIT_ROWS(test_rfc3339, rfc3339);
	UNIT_ROWS(test_basic, basic);
	UNIT(test_days);
	return unit_run("text/date");
}
