/* SPDX-License-Identifier: Apache-2.0 */
#include "text/utf8.h"

#include "unit.h"

static const struct utf8_row {
	const char *name;
	struct span text;
	bool valid;
} rows[] = {
	{"nothing", {"", 0}, true},
	{"ASCII and NUL", {"a\0\x7f", 3}, true},
	{"RFC 3629 s4: least of two", {"\xc2\x80", 2}, true},
	{"greatest of two", {"\xdf\xbf", 2}, true},
	{"least of three", {"\xe0\xa0\x80", 3}, true},
	{"before the surrogates", {"\xed\x9f\xbf", 3}, true},
	{"after the surrogates", {"\xee\x80\x80", 3}, true},
	{"greatest of three", {"\xef\xbf\xbf", 3}, true},
	{"least of four", {"\xf0\x90\x80\x80", 4}, true},
	{"U+10FFFF", {"\xf4\x8f\xbf\xbf", 4}, true},
	{"mixed",
	 {"a\xc3\xbc"
	  "b\xe2\x82\xac",
	  7},
	 true},
	{"s3: overlong of two", {"\xc0\x80", 2}, false},
	{"overlong of two, greatest", {"\xc1\xbf", 2}, false},
	{"overlong of three", {"\xe0\x9f\xbf", 3}, false},
	{"overlong of four", {"\xf0\x8f\xbf\xbf", 4}, false},
	{"a surrogate", {"\xed\xa0\x80", 3}, false},
	{"the last surrogate", {"\xed\xbf\xbf", 3}, false},
	{"above U+10FFFF", {"\xf4\x90\x80\x80", 4}, false},
	{"five octets", {"\xf8\x88\x80\x80\x80", 5}, false},
	{"0xff", {"\xff", 1}, false},
	{"a continuation alone", {"\x80", 1}, false},
	{"cut off after one of two", {"\xc3", 1}, false},
	{"cut off after two of three", {"\xe2\x82", 2}, false},
	{"cut off after three of four", {"\xf0\x9f\x98", 3}, false},
	{"a letter in the third place", {"\xe2\x82z", 3}, false},
	{"a letter in the fourth place", {"\xf0\x9f\x98z", 4}, false},
	{"a letter", {"ab", 2}, true},
	{"Latin-1", {"J\xf6rg", 4}, false},
};

static void
test_utf8(void **state)
{
	const struct utf8_row *row = *state;

	assert_int_equal(utf8_is_valid(row->text), row->valid);
}

static void
test_length(void **state)
{
	(void)state;
	assert_int_equal(utf8_length(SPAN("")), 0);
	assert_int_equal(utf8_length(SPAN("ab")), 1);
	assert_int_equal(utf8_length(SPAN("\xc3\xb6x")), 2);
	assert_int_equal(utf8_length(SPAN("\xe2\x82\xac")), 3);
	assert_int_equal(utf8_length(SPAN("\xf0\x9f\x98\x80")), 4);
	assert_int_equal(utf8_length(SPAN("\xc3x")), 0);
	assert_int_equal(utf8_length(SPAN("\xff")), 0);
}

int
main(void)
{
	UNIT_ROWS(test_utf8, rows);
	UNIT(test_length);
	return unit_run("text/utf8");
}
