/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/template.h"

#include "unit.h"

#define PEOPLE                                                                 \
	"{\"greeting\":\"Dear\",\"firstName\":\"Ann\",\"friends\":["           \
	"{\"firstName\":\"Bo\",\"lastName\":\"Dee\"},{\"firstName\":\"Cy\"}]}"

static json_t *
parse(const char *text)
{
	json_t *json = NULL;

	assert_int_equal(json_parse(span_of(text), 1 << 20, &json, NULL),
			 JSON_OK);
	return json;
}

/* Parses and renders, with room for `max` octets. */
static enum template_status
make(struct span text, const char *data, size_t max, struct buf *to,
     struct buf *why)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(TEMPLATE_ARENA);
	CLEANUP(json_decrefp) json_t *json = parse(data);
	struct template_fault fault = {0};
	struct template template;
	enum template_status status;

	buf_init(to, max);
	buf_init(why, 1000);
	status = template_parse(text, &arena, &template, &fault);
	if (status == TEMPLATE_OK)
		status = template_render(&template, json, to, &fault);
	if (status != TEMPLATE_OK) {
		assert_int_equal(fault.status, status);
		template_fault_format(&fault, why);
	}
	return status;
}

static const struct good_row {
	const char *name;
	const char *text;
	const char *data;
	const char *want;
} good[] = {
	{"text", "no tags { at } all }}", "{}", "no tags { at } all }}"},
	{"empty", "", "{}", ""},
	{"value", "Hi {{name}}!", "{\"name\":\"Ann\"}", "Hi Ann!"},
	{"white space in a tag", "{{ name\n}}", "{\"name\":\"Ann\"}", "Ann"},
	{"case counts", "{{Name}}{{name}}", "{\"name\":\"a\",\"Name\":\"A\"}",
	 "Aa"},
	{"empty value", "<{{a}}>", "{\"a\":\"\"}", "<>"},
	{"nothing is escaped", "{{a}}{{{a}}}{{&a}}{{& a }}",
	 "{\"a\":\"<b>&\\\"'\"}", "<b>&\"'<b>&\"'<b>&\"'<b>&\"'"},
	{"a value is no template", "{{a}}", "{\"a\":\"{{b}}\"}", "{{b}}"},
	{"UTF-8", "{{größe}} {{a}}", "{\"größe\":\"\\u00fc\",\"a\":\"✓\"}",
	 "ü ✓"},
	{"numbers", "{{a}} {{b}} {{c}} {{d}} {{e}}",
	 "{\"a\":42,\"b\":-1.5,\"c\":0.1,\"d\":3.0,\"e\":1e300}",
	 "42 -1.5 0.1 3 1e+300"},
	{"booleans", "{{a}} {{b}}", "{\"a\":true,\"b\":false}", "true false"},
	{"a list or an object is JSON", "{{a}} {{b}}",
	 "{\"a\":[1,\"x\"],\"b\":{\"c\":1}}", "[1,\"x\"] {\"c\":1}"},

	{"nested", "{{a.b.c}} {{a/b/c}}", "{\"a\":{\"b\":{\"c\":\"x\"}}}",
	 "x x"},
	{"elements", "{{a.1}} {{a.[0]}} {{a.length}}", "{\"a\":[7,8,9]}",
	 "8 7 3"},
	{"odd names", "{{[a b].[c.d]}}", "{\"a b\":{\"c.d\":\"x\"}}", "x"},
	{"names like words", "{{if}}{{each}}{{this.else}}",
	 "{\"if\":1,\"each\":2,\"else\":3}", "123"},
	{"this", "{{this.a}}{{./a}}{{#with a}}{{.}}{{this}}{{/with}}",
	 "{\"a\":5}", "5555"},
	{"root", "{{#each a}}{{@root.b}}{{@root.c.d}}{{/each}}",
	 "{\"a\":[1,2],\"b\":\"x\",\"c\":{\"d\":\"y\"}}", "xyxy"},

	{"if", "{{#if a}}yes{{/if}}.{{#if b}}no{{/if}}", "{\"a\":1}", "yes."},
	{"if else", "{{#if a}}1{{else}}2{{/if}}{{#if b}}3{{^}}4{{/if}}",
	 "{\"a\":true}", "14"},
	{"else if", "{{#if a}}1{{else if b}}2{{else if c}}3{{else}}4{{/if}}",
	 "{\"c\":1}", "3"},
	{"else if, the first", "{{#if a}}1{{else if b}}2{{else}}4{{/if}}.",
	 "{\"a\":1,\"b\":1}", "1."},
	{"else if, none", "{{#if a}}1{{else if b}}2{{else}}4{{/if}}.", "{}",
	 "4."},
	{"else each", "{{#if a}}1{{else each b}}{{this}}{{/if}}",
	 "{\"b\":[2,3]}", "23"},
	{"false things", "{{#each a}}{{#if this}}x{{else}}-{{/if}}{{/each}}",
	 "{\"a\":[false,null,0,0.0,\"\",[]]}", "------"},
	{"true things", "{{#each a}}{{#if this}}x{{else}}-{{/if}}{{/each}}",
	 "{\"a\":[true,1,-0.5,\"0\",\"false\",[0],{}]}", "xxxxxxx"},
	{"unless",
	 "{{#unless a}}1{{else}}2{{/unless}}{{#unless b}}3{{/unless}}",
	 "{\"a\":1}", "23"},
	{"blocks in blocks",
	 "{{#if a}}{{#if b}}1{{else}}2{{/if}}{{else}}3{{/if}}", "{\"a\":1}",
	 "2"},

	{"each", "{{#each a}}<{{name}}>{{/each}}",
	 "{\"a\":[{\"name\":\"x\"},{\"name\":\"y\"}]}", "<x><y>"},
	{"each of nothing",
	 "{{#each a}}1{{else}}2{{/each}}{{#each b}}3{{/each}}", "{\"a\":[]}",
	 "2"},
	{"each of a text is none", "{{#each a}}1{{else}}2{{/each}}",
	 "{\"a\":\"text\"}", "2"},
	{"each with its numbers",
	 "{{#each a}}{{@index}}{{@key}}{{#if @first}}f{{/if}}{{#if @last}}l"
	 "{{/if}}:{{this}} {{/each}}",
	 "{\"a\":[\"x\",\"y\",\"z\"]}", "00f:x 11:y 22l:z "},
	{"each of an object",
	 "{{#each a}}{{@index}}{{@key}}={{this}};{{/each}}",
	 "{\"a\":{\"x\":1,\"y\":2}}", "0x=1;1y=2;"},
	{"each in each",
	 "{{#each a}}{{#each this}}{{@../index}}{{@index}}{{this}} {{/each}}"
	 "{{/each}}",
	 "{\"a\":[[\"p\",\"q\"],[\"r\"]]}", "00p 01q 10r "},
	{"else in a loop", "{{#each a}}{{#if b}}1{{else}}2{{/if}}{{/each}}",
	 "{\"a\":[{\"b\":1},{},{\"b\":1}]}", "121"},
	{"the name around", "{{#each a}}{{b}}{{../b}}{{/each}}",
	 "{\"a\":[{},{\"b\":2}],\"b\":1}", "1121"},
	{"two around",
	 "{{#each a}}{{#with x}}{{../../b}}{{../this.n}}{{/with}}{{/each}}",
	 "{\"a\":[{\"x\":{\"b\":9},\"n\":7}],\"b\":1}", "17"},
	{"if is no scope", "{{#with a}}{{#if b}}{{../c}}{{/if}}{{/with}}",
	 "{\"a\":{\"b\":1},\"c\":2}", "2"},
	{"this does not look around",
	 "{{#with a}}{{#if this.b}}1{{/if}}2{{/with}}",
	 "{\"a\":{\"x\":1},\"b\":1}", "2"},
	{"with", "{{#with a.b}}{{c}}{{else}}none{{/with}}",
	 "{\"a\":{\"b\":{\"c\":1}}}", "1"},
	{"with nothing", "{{#with a.b}}{{c}}{{else}}none{{/with}}", "{}",
	 "none"},
	{"sections", "{{#a}}{{b}}{{/a}}{{#c}}{{this}}{{/c}}{{#d}}{{e}}{{/d}}",
	 "{\"a\":{\"b\":1},\"c\":[2,3],\"d\":true,\"e\":4}", "1234"},
	{"sections of nothing",
	 "{{#a}}1{{else}}2{{/a}}{{^a}}3{{/a}}{{^b}}4{{/b}}", "{\"b\":1}", "23"},

	{"comments", "a{{! b }}c{{!-- {{d}} -- --}}e{{!--~}}~--}}f{{!}}g", "{}",
	 "ace~--}}fg"},
	{"a comment of two", "a{{!-- {{d}} --}}b{{!-- x --~}}  c", "{}", "abc"},
	{"white space taken", "a  {{~b~}}  c {{~#if b}} 1 {{/if~}}\n d",
	 "{\"b\":\"B\"}", "aBc 1 d"},
	{"white space taken by three braces", "a {{~{b}~}} c", "{\"b\":\"B\"}",
	 "aBc"},
	{"alone on a line",
	 "a\n  {{#if b}}\nc\r\n{{else}}\r\nd\n {{/if}} \t\ne\n{{! x }}\nf",
	 "{\"b\":1}", "a\nc\r\ne\nf"},
	{"alone at both ends", "{{#each a}}\n- {{this}}\n{{/each}}",
	 "{\"a\":[1,2]}", "- 1\n- 2\n"},
	{"not alone", "a {{#if b}}\nc{{/if}}\n", "{\"b\":1}", "a \nc\n"},
	{"two on a line are not alone", "{{#if b}}{{#if b}}\nc{{/if}}{{/if}}",
	 "{\"b\":1}", "\nc"},
	{"a value is never alone", "a\n{{b}}\nc", "{\"b\":1}", "a\n1\nc"},
	{"escaped", "\\{{a}} \\\\{{a}} \\ {{a}}\\n", "{\"a\":1}",
	 "{{a}} \\1 \\ 1\\n"},
	{"escaped first and last", "\\{{a}}\\{{", "{\"a\":1}", "{{a}}{{"},

	{"partial",
	 "{{#* inline \"fullName\"}}{{firstName}}{{#if this.lastName}} "
	 "{{lastName}}{{/if}}{{/inline}}\nHello {{> fullName}}!"
	 "{{#each friends}} {{> fullName}}{{/each}}",
	 PEOPLE, "Hello Ann! Bo Dee Cy"},
	{"partial on lines",
	 "{{#* inline \"p\"}}\n{{firstName}}\n{{/inline~}}\n<h1>{{> p}}</h1>",
	 PEOPLE, "<h1>Ann\n</h1>"},
	{"partial before it is defined",
	 "{{> p}}{{#*inline 'p'}}x{{greeting}}{{/inline}}", PEOPLE, "xDear"},
	{"partial with a context",
	 "{{#*inline \"p\"}}{{firstName}},{{greeting}};{{/inline}}"
	 "{{> p friends.0}}{{> \"p\"}}",
	 PEOPLE, "Bo,Dear;Ann,Dear;"},
	{"partials call each other",
	 "{{#*inline \"p\"}}1{{> q}}2{{/inline}}{{#*inline \"q\"}}3{{/inline}}"
	 "{{> p}}",
	 "{}", "132"},
	{"the last partial of a name",
	 "{{#*inline \"p\"}}1{{/inline}}{{#*inline \"p\"}}2{{/inline}}{{> p}}",
	 "{}", "2"},
	{"partial of a tree",
	 "{{#*inline \"p\"}}({{n}}{{#each this.of}}{{> p}}{{/each}})"
	 "{{/inline}}{{> p}}",
	 "{\"n\":1,\"of\":[{\"n\":2,\"of\":[{\"n\":3}]},{\"n\":4}]}",
	 "(1(2(3))(4))"},
};

static void
test_good(void **state)
{
	const struct good_row *row = *state;
	struct buf to, why;

	if (make(span_of(row->text), row->data, 10000, &to, &why) !=
	    TEMPLATE_OK)
		fail_msg("%s", why.ptr);
	assert_span(buf_span(&to), row->want);
	buf_release(&to);
	buf_release(&why);
}

static const struct bad_row {
	const char *name;
	const char *text;
	enum template_status status;
	const char *want;
} bad[] = {
	{"missing", "Hi\n {{name}}", TEMPLATE_MISSING,
	 "Attribute 'name' is not present in the rendering data."},
	{"null is missing", "{{none}}", TEMPLATE_MISSING,
	 "Attribute 'none' is not present in the rendering data."},
	{"missing in an object", "{{a.x}}", TEMPLATE_MISSING,
	 "Attribute 'a.x' is not present in the rendering data."},
	{"missing under a text", "{{s.x}}", TEMPLATE_MISSING,
	 "Attribute 's.x' is not present in the rendering data."},
	{"missing element", "{{l.2}}", TEMPLATE_MISSING,
	 "Attribute 'l.2' is not present in the rendering data."},
	{"missing in a loop", "{{#each l}}{{x}}{{/each}}", TEMPLATE_MISSING,
	 "Attribute 'x' is not present in the rendering data."},
	{"above the root", "{{../s}}", TEMPLATE_MISSING,
	 "Attribute '../s' is not present in the rendering data."},
	{"no loop", "{{@index}}", TEMPLATE_MISSING,
	 "Attribute '@index' is not present in the rendering data."},
	{"context of a partial", "{{#*inline \"p\"}}{{/inline}}{{> p x}}",
	 TEMPLATE_MISSING,
	 "Attribute 'x' is not present in the rendering data."},
	{"helper", "{{upper s}}", TEMPLATE_MISSING,
	 "Attribute 'upper' is not present in the rendering data."},
	{"helper in capitals", "{{#IF s}}x{{/IF}}", TEMPLATE_MISSING,
	 "Attribute 'IF' is not present in the rendering data."},

	{"not ended", "a\nbc{{name", TEMPLATE_UNENDED,
	 "A tag is not ended (line 2, column 3)."},
	{"three braces, two ends", "{{{s}} x", TEMPLATE_UNENDED,
	 "A tag is not ended (line 1, column 1)."},
	{"comment not ended", "{{!-- }}", TEMPLATE_UNENDED,
	 "A tag is not ended (line 1, column 1)."},
	{"empty", "{{}}", TEMPLATE_BAD_TAG,
	 "A tag is not well formed (line 1, column 1)."},
	{"path with two dots", "{{a..b}}", TEMPLATE_BAD_TAG,
	 "A tag is not well formed: 'a..b' (line 1, column 1)."},
	{"tag in a tag", "{{a {{b}}", TEMPLATE_MISSING,
	 "Attribute 'a' is not present in the rendering data."},
	{"odd character", "{{a;b}}", TEMPLATE_BAD_TAG,
	 "A tag is not well formed: 'a;b' (line 1, column 1)."},
	{"no condition", "{{#if}}{{/if}}", TEMPLATE_BAD_TAG,
	 "A tag is not well formed: 'if' (line 1, column 1)."},
	{"partial without name", "{{#* inline}}{{/inline}}",
	 TEMPLATE_UNSUPPORTED,
	 "Template contains unsupported operations: '*' (line 1, column 1)."},
	{"partial with a bare name", "{{#* inline a}}{{/inline}}",
	 TEMPLATE_BAD_TAG, "A tag is not well formed: 'a' (line 1, column 1)."},
	{"call of nothing", "{{>}}", TEMPLATE_BAD_TAG,
	 "A tag is not well formed: '>' (line 1, column 1)."},
	{"close of nothing", "{{#if a}}{{/}}", TEMPLATE_BAD_TAG,
	 "A tag is not well formed: '/' (line 1, column 10)."},

	{"raw block", "{{{{raw}}}}", TEMPLATE_UNSUPPORTED,
	 "Template contains unsupported operations: '{{{{' (line 1, column "
	 "1)."},
	{"block parameters", "{{#each l as |x|}}{{/each}}",
	 TEMPLATE_UNSUPPORTED,
	 "Template contains unsupported operations: 'each' (line 1, column "
	 "1)."},
	{"subexpression", "{{#if (or a b)}}{{/if}}", TEMPLATE_UNSUPPORTED,
	 "Template contains unsupported operations: 'if' (line 1, column 1)."},
	{"literal", "{{\"a\"}}", TEMPLATE_UNSUPPORTED,
	 "Template contains unsupported operations: '\"a\"' (line 1, column "
	 "1)."},
	{"partial block", "{{#> a}}{{/a}}", TEMPLATE_UNSUPPORTED,
	 "Template contains unsupported operations: '#>' (line 1, column 1)."},
	{"decorator", "{{#* other \"a\"}}{{/other}}", TEMPLATE_UNSUPPORTED,
	 "Template contains unsupported operations: '*' (line 1, column 1)."},
	{"parameters of a partial",
	 "{{#*inline \"p\"}}{{/inline}}{{> p a=1 b=2}}", TEMPLATE_UNSUPPORTED,
	 "Template contains unsupported operations: 'b=2' (line 1, column "
	 "28)."},
	{"dynamic partial", "{{> (x)}}", TEMPLATE_UNSUPPORTED,
	 "Template contains unsupported operations: '(x)' (line 1, column "
	 "1)."},

	{"not closed", "\n{{#if a}}", TEMPLATE_UNCLOSED,
	 "A block is not closed: 'if' (line 2, column 1)."},
	{"not closed inside", "{{#if a}}{{#each b}}{{/if}}", TEMPLATE_UNOPENED,
	 "There is no block that this could belong to: 'if' (line 1, column "
	 "21)."},
	{"else if not closed", "{{#if a}}{{else if b}}", TEMPLATE_UNCLOSED,
	 "A block is not closed: 'if' (line 1, column 10)."},
	{"not opened", "{{/if}}", TEMPLATE_UNOPENED,
	 "There is no block that this could belong to: 'if' (line 1, column "
	 "1)."},
	{"else of nothing", "{{else}}", TEMPLATE_UNOPENED,
	 "There is no block that this could belong to: 'else' (line 1, column "
	 "1)."},
	{"second else", "{{#if a}}{{else}}{{else}}{{/if}}", TEMPLATE_UNOPENED,
	 "There is no block that this could belong to: 'else' (line 1, column "
	 "18)."},
	{"else of a partial", "{{#*inline \"p\"}}{{else}}{{/inline}}",
	 TEMPLATE_UNOPENED,
	 "There is no block that this could belong to: 'else' (line 1, column "
	 "17)."},
	{"no partial", "{{> nobody}}", TEMPLATE_NO_PARTIAL,
	 "There is no inline partial of that name: 'nobody' (line 1, column "
	 "1)."},
	{"a partial of itself", "{{#*inline \"p\"}}x{{> p}}{{/inline}}{{> p}}",
	 TEMPLATE_TOO_DEEP,
	 "Blocks or partials stand too deep in each other: 'p' (line 1, column "
	 "18)."},
};

static void
test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct buf to, why;

	assert_int_equal(make(span_of(row->text),
			      "{\"s\":\"text\",\"a\":{\"b\":1},\"l\":[1,2],"
			      "\"none\":null}",
			      10000, &to, &why),
			 row->status);
	assert_string_equal(why.ptr, row->want);
	buf_release(&to);
	buf_release(&why);
}

/* `times` copies of `part`, then `last`. */
static void
repeat(struct buf *to, const char *part, size_t times, const char *last)
{
	while (times-- > 0)
		buf_adds(to, part);
	buf_adds(to, last);
}

static enum template_status
make_many(const char *part, size_t times, const char *last, const char *data,
	  size_t max)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 21);
	enum template_status status;
	struct buf to, why;

	repeat(&text, part, times, last);
	assert_false(text.full);
	status = make(buf_span(&text), data, max, &to, &why);
	buf_release(&to);
	buf_release(&why);
	return status;
}

static const struct limit_row {
	const char *name;
	const char *part;
	size_t good, bad; /* how often */
	const char *last;
	enum template_status status; /* if it is too often */
} limits[] = {
	{"size", "x", TEMPLATE_SIZE_MAX, TEMPLATE_SIZE_MAX + 1, "",
	 TEMPLATE_TOO_BIG},
	{"tags", "{{a}}", TEMPLATE_TAGS_MAX, TEMPLATE_TAGS_MAX + 1, "",
	 TEMPLATE_TOO_MANY},
	{"escaped tags count", "\\{{", TEMPLATE_TAGS_MAX, TEMPLATE_TAGS_MAX + 1,
	 "", TEMPLATE_TOO_MANY},
	{"two backslashes and chains",
	 "{{#if b}}\\\\{{else if a}}x\\\\{{a}}y\\\\{{/if}}z\\\\",
	 TEMPLATE_TAGS_MAX / 4, TEMPLATE_TAGS_MAX / 4 + 1, "",
	 TEMPLATE_TOO_MANY},
	{"partials", "{{#*inline \"p\"}}{{/inline}}", TEMPLATE_PARTIALS_MAX,
	 TEMPLATE_PARTIALS_MAX + 1, "", TEMPLATE_TOO_MANY},
	{"a long path", "x", TEMPLATE_PATH_MAX, 0, "", TEMPLATE_OK},
};

static void
test_limits(void **state)
{
	const struct limit_row *row = *state;

	assert_int_equal(make_many(row->part, row->good, row->last, "{\"a\":1}",
				   1 << 21),
			 TEMPLATE_OK);
	assert_int_equal(
		make_many(row->part, row->bad, row->last, "{\"a\":1}", 1 << 21),
		row->status);
}

/* Blocks, scopes and calls in each other: as deep as is said, no deeper. */
static void
test_depth(void **state)
{
	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 16);
		struct buf to, why;

		repeat(&text, "{{#with a}}", TEMPLATE_DEPTH_MAX + extra, "x");
		repeat(&text, "{{/with}}", TEMPLATE_DEPTH_MAX + extra, "");
		assert_int_equal(make(buf_span(&text), "{\"a\":{\"b\":1}}",
				      1000, &to, &why),
				 extra ? TEMPLATE_TOO_DEEP : TEMPLATE_OK);
		buf_release(&to);
		buf_release(&why);
	}
	for (size_t extra = 0; extra < 2; extra++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 16);
		struct buf to, why;
		size_t calls = TEMPLATE_SCOPES_MAX - 1 + extra;

		for (size_t i = 0; i < calls; i++)
			buf_addf(&text,
				 "{{#*inline \"p%zu\"}}%s%zu%s{{/inline}}", i,
				 i + 1 < calls ? "{{> p" : "", i + 1,
				 i + 1 < calls ? "}}" : "");
		buf_adds(&text, "{{> p0}}");
		assert_int_equal(make(buf_span(&text), "{}", 1000, &to, &why),
				 extra ? TEMPLATE_TOO_DEEP : TEMPLATE_OK);
		buf_release(&to);
		buf_release(&why);
	}
}

static void
test_path_length(void **state)
{
	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT(1000);
		struct buf to, why;

		repeat(&text, "{{#if ", 1, "");
		repeat(&text, "x", TEMPLATE_PATH_MAX + extra, "}}{{/if}}");
		assert_int_equal(make(buf_span(&text), "{}", 1000, &to, &why),
				 extra ? TEMPLATE_BAD_TAG : TEMPLATE_OK);
		buf_release(&to);
		buf_release(&why);
	}
}

/* What is rendered is cut off at the limit, and loops at their steps. */
static void
test_budget(void **state)
{
	CLEANUP(buf_release) struct buf data = BUF_INIT(1 << 20);
	struct buf to, why;

	(void)state;
	assert_int_equal(make_many("0123456789", 10, "", "{}", 100),
			 TEMPLATE_OK);
	assert_int_equal(make_many("0123456789", 10, "!", "{}", 100),
			 TEMPLATE_OUTPUT_FULL);
	buf_adds(&data, "{\"a\":[0");
	repeat(&data, ",1", 999, "]}");
	assert_int_equal(make(SPAN("{{#each a}}{{#each a}}{{/each}}{{/each}}"),
			      data.ptr, 1 << 20, &to, &why),
			 TEMPLATE_TOO_MANY_STEPS);
	assert_string_equal(why.ptr, "Rendering takes too many steps (line 1, "
				     "column 23).");
	buf_release(&why);
	buf_release(&to);
}

/* A list that is put often is counted by its length. */
static void
test_lists_count(void **state)
{
	CLEANUP(buf_release) struct buf data = BUF_INIT(1 << 20);
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 20);
	struct buf to, why;

	(void)state;
	buf_adds(&data, "{\"a\":[0");
	repeat(&data, ",1", 49999, "]}");
	repeat(&text, "{{a}}", 100, "");
	assert_int_equal(
		make(buf_span(&text), data.ptr, TEMPLATE_OUTPUT_MAX, &to, &why),
		TEMPLATE_TOO_MANY_STEPS);
	buf_release(&why);
	buf_release(&to);
}

/* A deep search for a name is counted by the scopes that it looks at. */
static void
test_search_counts(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 20);
	struct buf to, why;

	(void)state;
	repeat(&text, "{{#with a}}", 30, "");
	repeat(&text, "{{b}}", 15000, "");
	repeat(&text, "{{/with}}", 30, "");
	assert_int_equal(make(buf_span(&text), "{\"a\":{\"c\":1},\"b\":2}",
			      1 << 20, &to, &why),
			 TEMPLATE_TOO_MANY_STEPS);
	buf_release(&why);
	buf_release(&to);
}

int
main(void)
{
	UNIT_ROWS(test_good, good);
	UNIT_ROWS(test_bad, bad);
	UNIT_ROWS(test_limits, limits);
	UNIT(test_depth);
	UNIT(test_path_length);
	UNIT(test_budget);
	UNIT(test_lists_count);
	UNIT(test_search_counts);
	return unit_run("ses/template");
}
