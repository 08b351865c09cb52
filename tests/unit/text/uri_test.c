/* SPDX-License-Identifier: Apache-2.0 */
#include "text/uri.h"

#include "unit.h"

static const struct code_row {
	const char *name;
	const char *plain;
	const char *encoded;
} codes[] = {
	{"unreserved", "AZaz09-._~", "AZaz09-._~"},
	{"an address", "user+x@example.com", "user%2Bx%40example.com"},
	{"a space is %20", "a b", "a%20b"},
	{"a slash", "a/b", "a%2Fb"},
	{"a percent sign", "%", "%25"},
	{"eight bits", "\xc3\xa9", "%C3%A9"},
	{"controls", "\r\n\x7f", "%0D%0A%7F"},
	{"nothing", "", ""},
};

static const struct decode_row {
	const char *name;
	const char *text;
	const char *want; /* NULL: refused */
} decodes[] = {
	{"lower case digits", "%2b%c3%a9", "+\xc3\xa9"},
	{"a plus stays", "a+b", "a+b"},
	{"decoded once", "%252F", "%2F"},
	{"a cut escape", "a%2", NULL},
	{"a percent sign last", "a%", NULL},
	{"no digits", "%zz", NULL},
	{"one digit", "%2g", NULL},
	{"a sign", "%+1", NULL},
};

static const struct query_row {
	const char *name;
	const char *query;
	const char *want; /* name=value, each with a bar behind; NULL: bad */
} queries[] = {
	{"two", "a=1&b=2", "a=1|b=2|"},
	{"none", "", ""},
	{"a name alone", "a&b=", "a=|b=|"},
	{"empty ones", "&&a=1&&", "a=1|"},
	{"equals in the value", "a=b=c", "a=b=c|"},
	{"repeated", "TagKeys=a&TagKeys=b", "TagKeys=a|TagKeys=b|"},
	{"decoded after the cuts", "a%26b=c%3Dd%26", "a&b=c=d&|"},
	{"a bad escape", "a=%", NULL},
};

static void
test_code(void **state)
{
	const struct code_row *row = *state;
	CLEANUP(buf_release) struct buf there = BUF_INIT(100);
	CLEANUP(buf_release) struct buf back = BUF_INIT(100);

	assert_true(uri_encode(span_of(row->plain), &there));
	assert_string_equal(there.ptr, row->encoded);
	assert_true(uri_decode(buf_span(&there), &back));
	assert_string_equal(back.ptr, row->plain);
}

static void
test_decode(void **state)
{
	const struct decode_row *row = *state;
	CLEANUP(buf_release) struct buf buf = BUF_INIT(100);
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1000);
	struct span got = SPAN("untouched");

	assert_int_equal(uri_decode(span_of(row->text), &buf),
			 row->want != NULL);
	assert_int_equal(uri_decoded(span_of(row->text), &arena, &got),
			 row->want != NULL);
	assert_span(got, row->want != NULL ? row->want : "untouched");
	if (row->want != NULL)
		assert_string_equal(buf.ptr, row->want);
}

static void
test_query(void **state)
{
	const struct query_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(10000);
	CLEANUP(buf_release) struct buf joined = BUF_INIT(100);
	struct uri_param *params;
	size_t len;

	assert_int_equal(
		uri_query_parse(span_of(row->query), &arena, &params, &len),
		row->want != NULL);
	for (size_t i = 0; row->want != NULL && i < len; i++)
		buf_addf(&joined, SPAN_FMT "=" SPAN_FMT "|",
			 SPAN_ARG(params[i].name), SPAN_ARG(params[i].value));
	assert_string_equal(joined.ptr, row->want != NULL ? row->want : "");
}

static void
test_limits(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(100000);
	CLEANUP(arena_release) struct arena small = ARENA_INIT(16);
	CLEANUP(buf_release) struct buf query = BUF_INIT(10000);
	CLEANUP(buf_release) struct buf full = BUF_INIT(3);
	struct uri_param *params;
	struct span got;
	size_t len;

	(void)state;
	for (size_t i = 0; i < URI_PARAMS_MAX; i++)
		buf_adds(&query, "a&");
	assert_true(uri_query_parse(buf_span(&query), &arena, &params, &len));
	assert_int_equal(len, URI_PARAMS_MAX);
	buf_adds(&query, "a&");
	assert_false(uri_query_parse(buf_span(&query), &arena, &params, &len));
	assert_false(uri_query_parse(SPAN("a=b"), &small, &params, &len));
	assert_false(uri_decoded(SPAN("12345678901234567"), &small, &got));
	assert_false(uri_encode(SPAN("a b"), &full));
	assert_false(uri_decode(SPAN("abcd"), &full));
}

static void
test_path(void **state)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(100);

	(void)state;
	assert_true(uri_encode_path(SPAN("/v2/a b%2F/"), &path));
	assert_string_equal(path.ptr, "/v2/a%20b%252F/");
}

int
main(void)
{
	UNIT_ROWS(test_code, codes);
	UNIT_ROWS(test_decode, decodes);
	UNIT_ROWS(test_query, queries);
	UNIT(test_limits);
	UNIT(test_path);
	return unit_run("text/uri");
}
