/* SPDX-License-Identifier: Apache-2.0 */
#include "text/json.h"

#include "base/mem.h"
#include "unit.h"

static const struct good_row {
	const char *name;
	const char *text;
	const char *want; /* as json_format() writes it */
} good[] = {
	{"an object", " {\"a\" : 1 } ", "{\"a\":1}"},
	{"an array", "[true,false,null]", "[true,false,null]"},
	{"brackets in a string", "[\"[[[{{{\"]", "[\"[[[{{{\"]"},
	{"an escaped quote", "[\"a\\\"]\"]", "[\"a\\\"]\"]"},
	{"an escaped backslash", "[\"a\\\\\"]", "[\"a\\\\\"]"},
	{"a surrogate pair", "[\"\\ud83d\\ude00\"]", "[\"\xf0\x9f\x98\x80\"]"},
	{"a fraction", "[1700000000.123]", "[1700000000.123]"},
};

static const struct bad_row {
	const char *name;
	const char *text;
	enum json_status status;
} bad[] = {
	{"nothing", "", JSON_EMPTY},
	{"white space", " \r\n\t", JSON_EMPTY},
	{"a word", "hello", JSON_BAD},
	{"a bare string", "\"a\"", JSON_BAD},
	{"a bare number", "1", JSON_BAD},
	{"a cut object", "{\"a\":1", JSON_BAD},
	{"a member twice", "{\"a\":1,\"a\":2}", JSON_BAD},
	{"a member twice, once escaped", "{\"a\":1,\"\\u0061\":2}", JSON_BAD},
	{"an escaped NUL", "[\"\\u0000\"]", JSON_BAD},
	{"an escaped NUL in a name", "{\"\\u0000\":1}", JSON_BAD},
	{"a lone surrogate", "[\"\\ud800\"]", JSON_BAD},
	{"a low surrogate first", "[\"\\udc00\\ud800\"]", JSON_BAD},
	{"bad UTF-8", "[\"\xc3\x28\"]", JSON_BAD},
	{"overlong UTF-8", "[\"\xc0\x80\"]", JSON_BAD},
	{"a byte order mark", "\xef\xbb\xbf{}", JSON_BAD},
	{"bytes behind it", "{} x", JSON_BAD},
	{"two documents", "{}{}", JSON_BAD},
	{"a number too great", "[1e400]", JSON_BAD},
	{"an integer too great", "[9223372036854775808]", JSON_BAD},
	{"NaN", "[NaN]", JSON_BAD},
	{"a comment", "[/* */1]", JSON_BAD},
	{"a comma too many", "[1,]", JSON_BAD},
	{"single quotes", "['a']", JSON_BAD},
	{"a raw line feed in a string", "[\"a\nb\"]", JSON_BAD},
	{"closing what was not opened", "]]]]", JSON_BAD},
};

static void
test_good(void **state)
{
	const struct good_row *row = *state;
	CLEANUP(json_decrefp) json_t *json = NULL;
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000);

	assert_int_equal(json_parse(span_of(row->text), 1000, &json, NULL),
			 JSON_OK);
	assert_true(json_format(json, &text));
	assert_string_equal(text.ptr, row->want);
}

static void
test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct json_fault fault = {.offset = SIZE_MAX};
	json_t *json = NULL;

	assert_int_equal(json_parse(span_of(row->text), 1000, &json, &fault),
			 row->status);
	assert_null(json);
	assert_true(fault.offset <= strlen(row->text));
	assert_true(fault.text[0] != '\0');
}

/* Fills a text with `open`, `n` times, and `close`. */
static void
nest(struct buf *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_adds(text, i % 2 ? "{\"a\":" : "[");
	buf_adds(text, "1");
	for (size_t i = n; i-- > 0;)
		buf_adds(text, i % 2 ? "}" : "]");
}

static void
test_depth(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000000);
	struct json_fault fault;
	json_t *json = NULL;

	(void)state;
	nest(&text, JSON_DEPTH_MAX);
	assert_int_equal(json_parse(buf_span(&text), 1000, &json, NULL),
			 JSON_OK);
	json_decref(json);
	buf_clear(&text);
	nest(&text, JSON_DEPTH_MAX + 1);
	assert_int_equal(json_parse(buf_span(&text), 1000, &json, &fault),
			 JSON_TOO_DEEP);
	assert_int_equal(text.ptr[fault.offset], '[');
	buf_clear(&text);
	nest(&text, 100000);
	assert_int_equal(json_parse(buf_span(&text), 1000000, &json, &fault),
			 JSON_TOO_DEEP);
}

static void
test_sizes(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000000);
	struct json_fault fault;
	json_t *json = NULL;

	(void)state;
	assert_int_equal(json_parse(SPAN("[1]"), 2, &json, &fault),
			 JSON_TOO_BIG);
	buf_addc(&text, '[');
	for (size_t i = 0; i <= JSON_VALUES_MAX; i++)
		buf_adds(&text, "1,");
	buf_adds(&text, "1]");
	assert_int_equal(json_parse(buf_span(&text), 1000000, &json, &fault),
			 JSON_TOO_MANY);
}

static void
test_getters(void **state)
{
	CLEANUP(json_decrefp) json_t *json = NULL;
	struct span text = SPAN("");
	int64_t number = 0;
	bool truth = false;

	(void)state;
	assert_int_equal(json_parse(SPAN("{\"s\":\"x\",\"i\":-7,\"b\":true,"
					 "\"n\":null,\"a\":[],\"o\":{}}"),
				    100, &json, NULL),
			 JSON_OK);
	assert_true(json_get_text(json, "s", &text));
	assert_span(text, "x");
	assert_true(json_get_int(json, "i", &number));
	assert_int_equal(number, -7);
	assert_true(json_get_bool(json, "b", &truth));
	assert_true(truth);
	assert_null(json_get(json, "n"));
	assert_null(json_get(json, "absent"));
	assert_non_null(json_get(json, "i"));
	assert_non_null(json_get_array(json, "a"));
	assert_null(json_get_array(json, "o"));
	assert_non_null(json_get_object(json, "o"));
	assert_null(json_get_object(json, "s"));
	assert_false(json_get_text(json, "i", &text));
	assert_false(json_get_text(json, "absent", &text));
	assert_false(json_get_int(json, "s", &number));
	assert_false(json_get_bool(json, "i", &truth));
}

static void
test_build(void **state)
{
	CLEANUP(json_decrefp) json_t *json = json_object_new();
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000);
	CLEANUP(buf_release) struct buf small = BUF_INIT(10);
	json_t *list = json_array_new();

	(void)state;
	json_puts(json, "a", "caf\xc3\xa9");
	json_puts(json, "cut", "x\xc3");
	json_puts(json, "bad", "\xff\xed\xa0\x80\xf5y\xf0\x9f\x98\x80");
	json_put_text(json, "nul", SPAN("x\0y"));
	json_put_int(json, "i", 1);
	json_put_bool(json, "b", false);
	json_put_time(json, "t", 1700000000123);
	json_put_time(json, "u", 1700000000000);
	json_add_text(list, SPAN("z"));
	json_put(json, "l", list);
	assert_true(json_format(json, &text));
	assert_string_equal(
		text.ptr,
		"{\"a\":\"caf\xc3\xa9\",\"cut\":\"x\xef\xbf\xbd\","
		"\"bad\":\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
		"\xef\xbf\xbdy\xf0\x9f\x98\x80\",\"nul\":\"x\xef\xbf\xbdy\","
		"\"i\":1,\"b\":false,"
		"\"t\":1700000000.123,\"u\":1700000000,\"l\":[\"z\"]}");
	assert_false(json_format(json, &small));
	assert_true(small.full);
}

int
main(void)
{
	UNIT_ROWS(test_good, good);
	UNIT_ROWS(test_bad, bad);
	UNIT(test_depth);
	UNIT(test_sizes);
	UNIT(test_getters);
	UNIT(test_build);
	return unit_run("text/json");
}
