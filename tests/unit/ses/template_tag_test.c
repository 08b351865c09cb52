/* SPDX-License-Identifier: Apache-2.0 */
/* What the tags mean is tested in template_test.c. */
#include "ses/template_tag.h"

#include "unit.h"

static const struct tag_row {
	const char *name;
	const char *text; /* begins with a tag */
	enum template_status status;
	char sigil;
	size_t end;
	size_t words;
	const char *first; /* of the words, or "" */
} tags[] = {
	{"value", "{{a}}b", TEMPLATE_OK, 0, 5, 1, "a"},
	{"words", "{{ a  b\tc\nd }}", TEMPLATE_OK, 0, 14, 4, "a"},
	{"brackets", "{{[a b].c d}}", TEMPLATE_OK, 0, 13, 2, "[a b].c"},
	{"open bracket", "{{[a b}}", TEMPLATE_OK, 0, 8, 1, "[a b"},
	{"raw", "{{{a}}}", TEMPLATE_OK, 0, 7, 1, "a"},
	{"raw, tildes", "{{~{a}~}}", TEMPLATE_OK, 0, 9, 1, "a"},
	{"ampersand", "{{&a}}", TEMPLATE_OK, '&', 6, 1, "a"},
	{"block", "{{#if a}}", TEMPLATE_OK, '#', 9, 2, "if"},
	{"end", "{{/if}}", TEMPLATE_OK, '/', 7, 1, "if"},
	{"else", "{{else}}", TEMPLATE_OK, 'e', 8, 0, ""},
	{"else if", "{{else if a}}", TEMPLATE_OK, 'e', 13, 2, "if"},
	{"hat", "{{^}}", TEMPLATE_OK, 'e', 5, 0, ""},
	{"inverse", "{{^a}}", TEMPLATE_OK, '^', 6, 1, "a"},
	{"partial", "{{> a}}", TEMPLATE_OK, '>', 7, 1, "a"},
	{"comment", "{{! a }} }}", TEMPLATE_OK, '!', 8, 1, "a"},
	{"long comment", "{{!-- }} --}}", TEMPLATE_OK, '!', 13, 0, ""},
	{"long comment, tilde", "{{!-- }} --~}}", TEMPLATE_OK, '!', 14, 0, ""},
	{"nothing", "{{}}", TEMPLATE_OK, 0, 4, 0, ""},
	{"not ended", "{{a}", TEMPLATE_UNENDED, 0, 0, 0, ""},
	{"raw, not ended", "{{{a}} }", TEMPLATE_UNENDED, 0, 0, 0, ""},
	{"comment not ended", "{{!-- a }}", TEMPLATE_UNENDED, 0, 0, 0, ""},
	{"four braces", "{{{{a}}}}", TEMPLATE_UNSUPPORTED, 0, 0, 0, ""},
};

static void
test_tag(void **state)
{
	const struct tag_row *row = *state;
	struct template_tag tag;

	assert_int_equal(template_tag_find(span_of(row->text), 0), 0);
	assert_int_equal(template_tag_parse(span_of(row->text), 0, &tag),
			 row->status);
	if (row->status != TEMPLATE_OK)
		return;
	assert_int_equal(tag.sigil, row->sigil);
	assert_int_equal(tag.end, row->end);
	assert_int_equal(tag.words, row->words);
	if (row->words > 0)
		assert_span(tag.word[0], row->first);
}

static const struct text_row {
	const char *name;
	const char *text; /* has one tag */
	const char *before;
	const char *after;
} texts[] = {
	{"a value", " \n {{a}} \n b", " \n ", " \n b"},
	{"a block", "x\n {{#a}} \ny", "x\n", "y"},
	{"first and last", "{{#a}}", "", ""},
	{"CRLF", "x\r\n{{/a}}\r\ny", "x\r\n", "y"},
	{"not alone before", "x {{#a}}\ny", "x ", "\ny"},
	{"not alone behind", "\n{{#a}} y", "\n", " y"},
	{"a CR is no line's end", "{{#a}}\ry", "", "\ry"},
	{"tildes", "x \n\t{{~a~}}\r\n y", "x", "y"},
	{"behind a partial", "x{{/inline}}\ny", "x", "y"},
	{"behind one on its line", "x\n{{/inline}}\n\ny", "x\n", "\ny"},
};

static void
test_text(void **state)
{
	const struct text_row *row = *state;
	struct span all = span_of(row->text);
	struct template_tag tag;
	size_t next;

	assert_int_equal(
		template_tag_parse(all, template_tag_find(all, 0), &tag),
		TEMPLATE_OK);
	assert_span(template_tag_text(all, 0, &tag, &next), row->before);
	assert_span(span_skip(all, next), row->after);
}

static const struct path_row {
	const char *name;
	bool good;
} paths[] = {
	{"a", true},        {"a.b", true},     {"a/b", true},
	{"../a", true},     {"../../a", true}, {"..", true},
	{".", true},        {"./a", true},     {"this", true},
	{"@index", true},   {"@../key", true}, {"@root.a", true},
	{"[a b].c", true},  {"a.[0]", true},   {"a-b_c:d$", true},
	{"\xc3\xbc", true}, {"", false},       {"a.", false},
	{".a", false},      {"a..b", false},   {"[a", false},
	{"[]", false},      {"a b", false},    {"a=b", false},
	{"(a)", false},     {"\"a\"", false},  {"a@b", false},
	{"@", false},       {"a\x7f", false},  {"[a]b", false},
};

static void
test_path(void **state)
{
	const struct path_row *row = *state;

	assert_int_equal(template_path_is(span_of(row->name)), row->good);
}

static void
test_find(void **state)
{
	(void)state;
	assert_int_equal(template_tag_find(SPAN("a{b{{c"), 0), 3);
	assert_int_equal(template_tag_find(SPAN("{{a{{"), 2), 3);
	assert_true(template_tag_find(SPAN("a{b{"), 0) == SPAN_NONE);
	assert_true(template_tag_find(SPAN(""), 0) == SPAN_NONE);
}

int
main(void)
{
	UNIT_ROWS(test_tag, tags);
	UNIT_ROWS(test_text, texts);
	UNIT_ROWS(test_path, paths);
	UNIT(test_find);
	return unit_run("ses/template_tag");
}
