/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include <stdlib.h>

#include "unit.h"

static const struct row {
	const char *name;
	const char *text;
	const char *want;
} rows[] = {
	{"plain text", "v=spf1 -all", "v=spf1 -all"},
	{"letters of other scripts",
	 "b\xc3\xbc"
	 "cher \xe2\x82\xac",
	 "b\xc3\xbc"
	 "cher \xe2\x82\xac"},
	{"an escape sequence", "a\x1b[2Jb", "a?[2Jb"},
	{"line ends", "a\r\nb\tc", "a  b c"},
	{"delete, and C1 controls",
	 "a\x7f\xc2\x9b"
	 "b",
	 "a??b"},
	{"a change of direction",
	 "a\xe2\x80\xae"
	 "b",
	 "a?b"},
	{"no space at all",
	 "a\xe2\x80\x8b"
	 "b\xef\xbb\xbf",
	 "a?b?"},
	{"not UTF-8",
	 "a\xff"
	 "b\xc3",
	 "a?b?"},
	{"too long a form", "\xc0\xaf\xe0\x80\xaf", "?????"},
	{"a surrogate", "\xed\xa0\x80", "???"},
	{"above the last character", "\xf4\x90\x80\x80", "????"},
};

static void
test_clean(void **state)
{
	const struct row *row = *state;
	struct buf text = BUF_INIT(4096);

	output_clean(&text, span_of(row->text));
	assert_string_equal(text.ptr, row->want);
	buf_release(&text);
}

/* Prints a table into memory. */
static char *
print_table(bool tty)
{
	static const char *const heading[] = {"NAME", "RESULT"};
	struct output o = {.tty = tty};
	char *text = NULL;
	size_t len;
	struct table t;

	o.file = open_memstream(&text, &len);
	table_init(&t, 2, heading);
	table_row(&t, (struct span[]){SPAN("a"), SPAN("good")});
	table_row(&t, (struct span[]){SPAN("b\xc3\xbc\x1b"), SPAN("b\tad")});
	table_print(&t, &o);
	table_release(&t);
	fclose(o.file);
	return text;
}

static void
test_table(void **state)
{
	char *text = print_table(true);

	(void)state;
	assert_string_equal(text, "NAME  RESULT\n"
				  "a     good\n"
				  "b\xc3\xbc?   b ad\n");
	free(text);
	text = print_table(false);
	assert_string_equal(text, "a\tgood\nb\xc3\xbc?\tb ad\n");
	free(text);
}

static void
test_tone(void **state)
{
	struct output o = {.colour = false};
	char *text = NULL;
	size_t len;

	(void)state;
	o.file = open_memstream(&text, &len);
	output_tone(&o, OUTPUT_GOOD, "pass");
	o.colour = true;
	output_tone(&o, OUTPUT_GOOD, "pass");
	output_print(&o, "%s\n", "a\x1b[0m");
	fclose(o.file);
	assert_string_equal(text, "pass\033[32mpass\033[0ma?[0m\n");
	free(text);
}

int
main(void)
{
	UNIT_ROWS(test_clean, rows);
	UNIT(test_table);
	UNIT(test_tone);
	return unit_run("cli/output");
}
