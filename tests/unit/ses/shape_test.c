/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/shape.h"

#include "unit.h"

#define ONE(what)  "1 validation error detected: Value at " what
#define BAD(where) "'" where "' failed to satisfy constraint: "

static bool
is_even(struct span s)
{
	return s.len % 2 == 0;
}

static const struct shape_member inner_members[] = {
	{"Word", SHAPE_TEXT, .required = true, .words = "ONE, TWO"},
	{"Even", SHAPE_TEXT, .match = is_even, .pattern = "^(..)*$"},
};
static const struct shape inner = SHAPE(inner_members);
static const struct shape_member inner_element[] = {
	{NULL, SHAPE_OBJECT, .of = &inner},
};
static const struct shape inners = SHAPE(inner_element);
static const struct shape_member word_element[] = {
	{NULL, SHAPE_TEXT, .min = 1, .max = 4, .match = is_even,
	 .pattern = "^(..)*$"},
};
static const struct shape words = SHAPE(word_element);
static const struct shape_member entry[] = {
	{NULL, SHAPE_TEXT, .words = "A, B"},
	{NULL, SHAPE_TEXT, .min = 1},
};
static const struct shape entries = SHAPE(entry);
static const struct shape_member list_entry[] = {
	{NULL, SHAPE_TEXT},
	{NULL, SHAPE_LIST, .max = 1, .of = &words},
};
static const struct shape list_entries = SHAPE(list_entry);
static const struct shape_member all_members[] = {
	{"Text", SHAPE_TEXT, .min = 2, .max = 4},
	{"Truth", SHAPE_TRUTH},
	{"Number", SHAPE_NUMBER, .min = 300, .max = 50400},
	{"Real", SHAPE_REAL},
	{"Time", SHAPE_TIME},
	{"Blob", SHAPE_BLOB},
	{"Object", SHAPE_OBJECT, .of = &inner},
	{"List", SHAPE_LIST, .min = 1, .max = 2, .of = &inners},
	{"Words", SHAPE_LIST, .of = &words},
	{"Map", SHAPE_MAP, .max = 2, .of = &entries},
	{"Maps", SHAPE_MAP, .of = &list_entries},
	{"Any", SHAPE_MAP},
};
static const struct shape all = SHAPE(all_members);

static const struct row {
	const char *name;
	const char *body;
	const char *want; /* "": it is good */
	enum error_code code;
} rows[] = {
	{"nothing", "{}", ""},
	{"nulls", "{\"Text\":null,\"Object\":null,\"List\":null}", ""},
	{"what nobody knows", "{\"Text2\":[1],\"text\":1}", ""},
	{"everything",
	 "{\"Text\":\"abc\",\"Truth\":false,\"Number\":300,\"Real\":1.5,"
	 "\"Time\":1700000000.123,\"Blob\":\"AA==\",\"Object\":{\"Word\":"
	 "\"ONE\",\"Even\":\"\"},\"List\":[{\"Word\":\"TWO\"}],\"Words\":["
	 "\"ab\"],\"Map\":{\"A\":\"x\"},\"Maps\":{\"x\":[\"ab\"]},\"Any\":{"
	 "\"\":\"\"}}",
	 ""},
	{"a whole number is a number", "{\"Real\":1,\"Time\":1}", ""},
	{"a string is a boolean", "{\"Truth\":\"no\"}", ""},
	{"characters are counted",
	 "{\"Text\":\"\\u00e9\\u00e9\\u20ac\\u20ac\"}", ""},

	{"a list for all", "[]", "Start of list found where not expected",
	 ERROR_SERIALIZATION},
	{"a number for a text", "{\"Text\":1}",
	 "NUMBER_VALUE can not be converted to a String", ERROR_SERIALIZATION},
	{"a fraction for a text", "{\"Text\":1.5}",
	 "NUMBER_VALUE can not be converted to a String", ERROR_SERIALIZATION},
	{"true for a text", "{\"Text\":true}",
	 "TRUE_VALUE can not be converted to a String", ERROR_SERIALIZATION},
	{"false for a text", "{\"Text\":false}",
	 "FALSE_VALUE can not be converted to a String", ERROR_SERIALIZATION},
	{"a list for a text", "{\"Text\":[]}",
	 "Start of list found where not expected", ERROR_SERIALIZATION},
	{"an object for a text", "{\"Text\":{}}",
	 "Start of structure or map found where not expected.",
	 ERROR_SERIALIZATION},
	{"a number for a boolean", "{\"Truth\":1}",
	 "NUMBER_VALUE can not be converted to a Boolean", ERROR_SERIALIZATION},
	{"null for a boolean", "{\"Truth\":null}",
	 "NULL_VALUE can not be converted to a Boolean", ERROR_SERIALIZATION},
	{"a text for a number", "{\"Number\":\"300\"}",
	 "STRING_VALUE can not be converted to an Integer",
	 ERROR_SERIALIZATION},
	{"a fraction for a whole number", "{\"Number\":300.5}",
	 "NUMBER_VALUE can not be converted to an Integer",
	 ERROR_SERIALIZATION},
	{"a text for a fraction", "{\"Real\":\"1\"}",
	 "STRING_VALUE can not be converted to a Double", ERROR_SERIALIZATION},
	{"a text for a time", "{\"Time\":\"2026-11-24T00:00:00Z\"}",
	 "STRING_VALUE can not be converted to a Timestamp",
	 ERROR_SERIALIZATION},
	{"no base64", "{\"Blob\":\"A-_=\"}", "'blob' must be base64.",
	 ERROR_SERIALIZATION},
	{"base64 cut short", "{\"Blob\":\"AAA\"}", "'blob' must be base64.",
	 ERROR_SERIALIZATION},
	{"a text for an object", "{\"Object\":\"\"}", "Expected null",
	 ERROR_SERIALIZATION},
	{"a list for an object", "{\"Object\":[]}",
	 "Start of list found where not expected", ERROR_SERIALIZATION},
	{"a text for a list", "{\"List\":\"\"}", "Expected list or null",
	 ERROR_SERIALIZATION},
	{"an object for a list", "{\"List\":{}}",
	 "Start of structure or map found where not expected.",
	 ERROR_SERIALIZATION},
	{"a list for a map", "{\"Map\":[]}",
	 "Start of list found where not expected", ERROR_SERIALIZATION},
	{"a number in a list", "{\"Words\":[1]}",
	 "NUMBER_VALUE can not be converted to a String", ERROR_SERIALIZATION},
	{"a number in a map", "{\"Map\":{\"A\":1}}",
	 "NUMBER_VALUE can not be converted to a String", ERROR_SERIALIZATION},
	{"a number in a map that is not described", "{\"Any\":{\"A\":1}}",
	 "NUMBER_VALUE can not be converted to a String", ERROR_SERIALIZATION},
	{"a number in a list in a map", "{\"Maps\":{\"A\":[1]}}",
	 "NUMBER_VALUE can not be converted to a String", ERROR_SERIALIZATION},
	{"a kind is judged before anything else",
	 "{\"Text\":\"abcde\",\"Words\":[1]}",
	 "NUMBER_VALUE can not be converted to a String", ERROR_SERIALIZATION},

	{"too short", "{\"Text\":\"a\"}",
	 ONE(BAD("text") "Member must have length greater than or equal to 2"),
	 ERROR_BAD_REQUEST},
	{"too long", "{\"Text\":\"abcde\"}",
	 ONE(BAD("text") "Member must have length less than or equal to 4"),
	 ERROR_BAD_REQUEST},
	{"too little", "{\"Number\":299}",
	 ONE(BAD("number") "Member must have value greater than or equal to "
			   "300"),
	 ERROR_BAD_REQUEST},
	{"too much", "{\"Number\":50401}",
	 ONE(BAD("number") "Member must have value less than or equal to "
			   "50400"),
	 ERROR_BAD_REQUEST},
	{"nothing where something must be", "{\"Object\":{}}",
	 ONE(BAD("object.word") "Member must not be null"), ERROR_BAD_REQUEST},
	{"null there", "{\"Object\":{\"Word\":null}}",
	 ONE(BAD("object.word") "Member must not be null"), ERROR_BAD_REQUEST},
	{"another word", "{\"Object\":{\"Word\":\"one\"}}",
	 ONE(BAD("object.word") "Member must satisfy enum value set: [ONE, "
				"TWO]"),
	 ERROR_BAD_REQUEST},
	{"two words are none", "{\"Object\":{\"Word\":\"ONE, TWO\"}}",
	 ONE(BAD("object.word") "Member must satisfy enum value set: [ONE, "
				"TWO]"),
	 ERROR_BAD_REQUEST},
	{"no word is none", "{\"Object\":{\"Word\":\"\"}}",
	 ONE(BAD("object.word") "Member must satisfy enum value set: [ONE, "
				"TWO]"),
	 ERROR_BAD_REQUEST},
	{"another form", "{\"Object\":{\"Word\":\"ONE\",\"Even\":\"a\"}}",
	 ONE(BAD("object.even") "Member must satisfy regular expression "
				"pattern: ^(..)*$"),
	 ERROR_BAD_REQUEST},
	{"too few", "{\"List\":[]}",
	 ONE(BAD("list") "Member must have length greater than or equal to 1"),
	 ERROR_BAD_REQUEST},
	{"an element's member", "{\"List\":[{\"Word\":\"ONE\"},{}]}",
	 ONE(BAD("list.2.member.word") "Member must not be null"),
	 ERROR_BAD_REQUEST},
	{"null for an element", "{\"List\":[null]}",
	 ONE(BAD("list") "Member must satisfy constraint: [Member must not be "
			 "null]"),
	 ERROR_BAD_REQUEST},
	{"null for a word", "{\"Words\":[null,\"ab\"]}",
	 ONE(BAD("words") "Member must satisfy constraint: [Member must not be "
			  "null]"),
	 ERROR_BAD_REQUEST},
	{"words, all that is asked of them is said once",
	 "{\"Words\":[\"\",\"abc\",\"abcdef\"]}",
	 ONE(BAD("words") "Member must satisfy constraint: [Member must have "
			  "length less than or equal to 4, Member must have "
			  "length greater than or equal to 1, Member must "
			  "satisfy regular expression pattern: ^(..)*$]"),
	 ERROR_BAD_REQUEST},
	{"a key of a map", "{\"Map\":{\"A\":\"x\",\"C\":\"\"}}",
	 ONE(BAD("map") "Map keys must satisfy constraint: [Member must "
			"satisfy enum value set: [A, B]]"),
	 ERROR_BAD_REQUEST},
	{"a value of a map", "{\"Map\":{\"A\":\"\"}}",
	 ONE(BAD("map") "Map value must satisfy constraint: [Member must have "
			"length greater than or equal to 1]"),
	 ERROR_BAD_REQUEST},
	{"null for a value of a map", "{\"Map\":{\"A\":null}}", ""},
	{"null does not make a key good", "{\"Map\":{\"C\":null}}",
	 ONE(BAD("map") "Map keys must satisfy constraint: [Member must "
			"satisfy enum value set: [A, B]]"),
	 ERROR_BAD_REQUEST},
	{"a list in a map", "{\"Maps\":{\"A\":[\"ab\",\"cd\"]}}",
	 ONE(BAD("maps") "Map value must satisfy constraint: [Member must have "
			 "length less than or equal to 1]"),
	 ERROR_BAD_REQUEST},
	{"several",
	 "{\"Text\":\"a\",\"Number\":1,\"List\":[{\"Word\":\"x\",\"Even\":"
	 "\"1\"}]}",
	 "4 validation errors detected: Value at " BAD(
		 "text") "Member must have length greater than or equal to 2; "
			 "Value "
			 "at " BAD(
				 "number") "Member must have value greater "
					   "than or "
					   "equal to 300; Value at " BAD(
						   "list.1.member.word") "Membe"
									 "r "
									 "must "
									 "satis"
									 "fy "
									 "enum "
									 "value"
									 " set:"
									 " ["
									 "ONE, "
									 "TWO];"
									 " "
									 "Value"
									 " at "
									 "*",
	 ERROR_BAD_REQUEST},
};

static bool
begins_like(const char *got, const char *want)
{
	size_t len = strlen(want);

	if (len > 0 && want[len - 1] == '*' && want[len - 2] == ' ')
		return strncmp(got, want, len - 1) == 0;
	return strcmp(got, want) == 0;
}

static void
test_check(void **state)
{
	const struct row *row = *state;
	CLEANUP(json_decrefp) json_t *body = NULL;
	struct error error = {.text = ""};

	assert_int_equal(json_parse(span_of(row->body), 10000, &body, NULL),
			 JSON_OK);
	assert_int_equal(shape_check(body, &all, &error), row->code == 0);
	assert_int_equal(error.code, row->code);
	if (!begins_like(error.text, row->want))
		fail_msg("%s", error.text);
}

/* However much is wrong, what is said of it has an end. */
static void
test_much(void **state)
{
	CLEANUP(json_decrefp) json_t *body = json_object_new();
	json_t *list = json_array_new();
	struct error error;

	(void)state;
	for (size_t i = 0; i < 50000; i++)
		json_add(list, json_object_new());
	json_put(body, "List", list);
	assert_false(shape_check(body, &all, &error));
	assert_int_equal(error.code, ERROR_BAD_REQUEST);
	assert_non_null(strstr(error.text, "50001 validation errors detected"));
}

static void
test_none(void **state)
{
	struct error error;

	(void)state;
	assert_true(shape_check(NULL, &all, &error));
	assert_false(shape_check(NULL, &inner, &error));
	assert_int_equal(shape_length(SPAN("\xe2\x82\xac"
					   "a")),
			 2);
}

int
main(void)
{
	UNIT_ROWS(test_check, rows);
	UNIT(test_much);
	UNIT(test_none);
	return unit_run("ses/shape");
}
