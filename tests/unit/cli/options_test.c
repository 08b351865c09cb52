/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include "base/buf.h"
#include "unit.h"

#define WORDS_MAX 8

static const struct option_spec first[] = {
	{"json", OPTION_FLAG, NULL, "one document"},
	{"help", OPTION_FLAG, NULL, "help"},
	{0},
};

static const struct option_spec second[] = {
	{"from", OPTION_TEXT, "DOMAIN", "of the author"},
	{"spf", OPTION_LIST, "DOMAIN", "repeatable"},
	{"at", OPTION_INT, "TIME", "a number"},
	{"output", OPTION_TEXT, "FORMAT", "of the export"},
	{0},
};

static const struct option_spec *const tables[] = {first, second};

static const struct row {
	const char *name;
	const char *word[WORDS_MAX];
	const char *want; /* as show() writes it, or "!" and the error */
} rows[] = {
	{"nothing", {0}, ""},
	{"a flag", {"--json"}, "--json="},
	{"a value behind", {"--from", "a.example"}, "--from=a.example"},
	{"a value inside", {"--from=a.example"}, "--from=a.example"},
	{"an empty value", {"--from="}, "--from="},
	{"an empty word as a value", {"--from", ""}, "--from="},
	{"a value with an equals sign", {"--spf=a=b"}, "--spf=a=b"},
	{"many of a list", {"--spf", "a", "--spf", "b"}, "--spf=a --spf=b"},
	{"operands between", {"x", "--json", "y"}, "--json= x y"},
	{"the end of options", {"--", "--json"}, "--json"},
	{"a dash is an operand", {"-"}, "-"},
	{"-h", {"-h"}, "--help="},
	{"-o", {"-o", "csv"}, "--output=csv"},
	{"a number", {"--at", "17"}, "--at=17"},
	{"a value that looks like an option",
	 {"--from", "--json"},
	 "--from=--json"},
	{"no value", {"--from"}, "!--from needs DOMAIN"},
	{"a flag with a value", {"--json=1"}, "!--json takes no value"},
	{"no number", {"--at", "-1"}, "!--at takes a whole number, not \"-1\""},
	{"a name that is near",
	 {"--jsn"},
	 "!there is no option --jsn; did you mean --json?"},
	{"a name that is nowhere near",
	 {"--quite-different"},
	 "!there is no option --quite-different"},
	{"a short one", {"-x"}, "!there is no option -x"},
};

static void
show(const struct options *o, struct buf *to)
{
	for (size_t i = 0; i < o->len; i++)
		buf_addf(to, "%s--%s=" SPAN_FMT, to->len > 0 ? " " : "",
			 o->option[i].spec->name, SPAN_ARG(o->option[i].value));
	for (size_t i = 0; i < o->operands; i++)
		buf_addf(to, "%s%s", to->len > 0 ? " " : "", o->operand[i]);
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	static struct options options;
	struct buf text = BUF_INIT(4096);
	char *word[WORDS_MAX];
	struct error error;
	size_t count = 0;

	for (; count < WORDS_MAX && row->word[count] != NULL; count++)
		word[count] = (char *)(uintptr_t)row->word[count];
	if (options_parse(word, count, tables, 2, &options, &error)) {
		show(&options, &text);
	} else {
		assert_int_equal(error.code, ERROR_USAGE);
		buf_addf(&text, "!%s", error.text);
	}
	assert_string_equal(text.ptr, row->want);
	buf_release(&text);
}

static void
test_get(void **state)
{
	static struct options o;
	char *word[] = {
		(char *)(uintptr_t) "--from=a", (char *)(uintptr_t) "--from=b",
		(char *)(uintptr_t) "--at=9", (char *)(uintptr_t) "--spf=x",
		(char *)(uintptr_t) "--spf=y"};
	struct error error;
	size_t at = 0;

	(void)state;
	assert_true(options_parse(word, 5, tables, 2, &o, &error));
	assert_span(*options_get(&o, "from"), "b");
	assert_span(options_text(&o, "output", "table"), "table");
	assert_int_equal(options_int(&o, "at", 1), 9);
	assert_int_equal(options_int(&o, "ta", 1), 1);
	assert_true(options_has(&o, "at"));
	assert_false(options_has(&o, "json"));
	assert_span(*options_each(&o, "spf", &at), "x");
	assert_span(*options_each(&o, "spf", &at), "y");
	assert_null(options_each(&o, "spf", &at));
}

static void
test_distance(void **state)
{
	(void)state;
	assert_int_equal(options_distance(SPAN("verify"), SPAN("verify")), 0);
	assert_int_equal(options_distance(SPAN("verfy"), SPAN("verify")), 1);
	assert_int_equal(options_distance(SPAN("evrify"), SPAN("verify")), 2);
	assert_int_equal(options_distance(SPAN(""), SPAN("abc")), 3);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_get);
	UNIT(test_distance);
	return unit_run("cli/options");
}
