/* SPDX-License-Identifier: Apache-2.0 */
#include "smtp/path.h"

#include <stdlib.h>

#include "unit.h"

static const struct take_row {
	const char *name;
	const char *text;
	enum path_status status;
	const char *local;
	const char *domain;
	const char *rest;
} takes[] = {
	{"plain", "<a@b>", PATH_OK, "a", "b", ""},
	{"dots", "<a.b@c.example>", PATH_OK, "a.b", "c.example", ""},
	{"null", "<> BODY=7BIT", PATH_OK, "", "", " BODY=7BIT"},
	{"postmaster", "<Postmaster>", PATH_OK, "Postmaster", "", ""},
	{"something behind", "<a@b> <c@d>", PATH_OK, "a", "b", " <c@d>"},
	{"quoted", "<\"a b\"@c>", PATH_OK, "\"a b\"", "c", ""},
	{"quoted pair", "<\"a\\\"@x>\"@c>", PATH_OK, "\"a\\\"@x>\"", "c", ""},
	{"IPv6 literal", "<a@[IPv6:::1]>", PATH_OK, "a", "[IPv6:::1]", ""},
	{"IPv4 literal", "<a@[192.0.2.1]>", PATH_OK, "a", "[192.0.2.1]", ""},
	{"source route", "<@x.test,@y.test:a@b>", PATH_OK, "a", "b", ""},
	{"shell's characters", "<`id`@test>", PATH_OK, "`id`", "test", ""},
	{"an expansion", "<${run{id}}@test>", PATH_OK, "${run{id}}", "test",
	 ""},
	{"an option", "<-oQ/tmp@test>", PATH_OK, "-oQ/tmp", "test", ""},
	{"underscore", "<a@b_c.example>", PATH_OK, "a", "b_c.example", ""},
	{"a semicolon", "<;id;@test>", PATH_BAD_LOCAL, "", "", ""},
	{"a line feed", "<a@b\nfoo>", PATH_NO_BRACKET, "", "", ""},
	{"nothing on either side", "<@>", PATH_BAD_DOMAIN, "", "", ""},
	{"no domain after @", "<a@>", PATH_BAD_DOMAIN, "", "", ""},
	{"no @", "<a>", PATH_NO_DOMAIN, "", "", ""},
	{"no brackets", "a@b", PATH_NO_BRACKET, "", "", ""},
	{"not closed", "<a@b", PATH_NO_BRACKET, "", "", ""},
	{"two @", "<a@b@c>", PATH_NO_BRACKET, "", "", ""},
	{"two dots", "<a..b@c>", PATH_BAD_LOCAL, "", "", ""},
	{"a dot last", "<a.@c>", PATH_BAD_LOCAL, "", "", ""},
	{"a root dot", "<a@b.>", PATH_BAD_DOMAIN, "", "", ""},
	{"a dash first", "<a@-b>", PATH_BAD_DOMAIN, "", "", ""},
	{"a dash last", "<a@b->", PATH_BAD_DOMAIN, "", "", ""},
	{"eight bits", "<caf\xc3\xa9@b>", PATH_NO_DOMAIN, "", "", ""},
	{"literal of nonsense", "<a@[1.2.3]>", PATH_BAD_DOMAIN, "", "", ""},
	{"literal not closed", "<a@[1.2.3.4>", PATH_BAD_DOMAIN, "", "", ""},
	{"quote not closed", "<\"a@b>", PATH_BAD_LOCAL, "", "", ""},
	{"control in a quote", "<\"a\rb\"@c>", PATH_BAD_LOCAL, "", "", ""},
	{"a route to nowhere", "<@x.test:>", PATH_BAD_LOCAL, "", "", ""},
	{"a route alone", "<@x.test>", PATH_BAD_DOMAIN, "", "", ""},
	{"nothing", "", PATH_NO_BRACKET, "", "", ""},
};

static void
test_take(void **state)
{
	const struct take_row *row = *state;
	struct span rest = span_of(row->text);
	struct path path;

	assert_int_equal(path_take(&rest, &path), row->status);
	if (row->status != PATH_OK) {
		assert_span(rest, row->text);
		return;
	}
	assert_span(path_local(&path), row->local);
	assert_span(path_domain(&path), row->domain);
	assert_span(rest, row->rest);
	assert_int_equal(path_is_null(&path), path_text(&path).len == 0);
}

/* path_parse() wants the whole and no brackets. */
static void
test_parse(void **state)
{
	struct path path;

	(void)state;
	assert_int_equal(path_parse(SPAN("a@b.example"), &path), PATH_OK);
	assert_span(path_text(&path), "a@b.example");
	assert_int_equal(path_parse(SPAN(""), &path), PATH_OK);
	assert_true(path_is_null(&path));
	assert_int_equal(path_parse(SPAN("<a@b>"), &path), PATH_BAD_LOCAL);
	assert_int_equal(path_parse(SPAN("a@b>"), &path), PATH_BAD_DOMAIN);
	assert_int_equal(path_parse(SPAN("a@b\r\nQUIT"), &path),
			 PATH_BAD_DOMAIN);
	assert_int_equal(path_parse((struct span){"a\0b@c", 5}, &path),
			 PATH_NO_DOMAIN);
}

static void
test_long(void **state)
{
	char text[600];
	struct path path;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[PATH_LOCAL_MAX] = '@';
	assert_int_equal(
		path_parse((struct span){text, PATH_LOCAL_MAX + 60}, &path),
		PATH_OK);
	assert_int_equal(path.local, PATH_LOCAL_MAX);
	/* A label of 64 octets */
	assert_int_equal(
		path_parse((struct span){text, PATH_LOCAL_MAX + 65}, &path),
		PATH_BAD_DOMAIN);
	for (size_t i = PATH_LOCAL_MAX + 10; i < sizeof(text); i += 10)
		text[i] = '.';
	assert_int_equal(path_parse((struct span){text, PATH_MAX_LEN}, &path),
			 PATH_OK);
	assert_int_equal(
		path_parse((struct span){text, PATH_MAX_LEN + 1}, &path),
		PATH_TOO_LONG);
	text[PATH_LOCAL_MAX] = 'x';
	text[PATH_LOCAL_MAX + 1] = '@';
	assert_int_equal(
		path_parse((struct span){text, PATH_LOCAL_MAX + 8}, &path),
		PATH_TOO_LONG);
}

/* Every prefix in a block of its size: ASan sees a read past the end. */
static void
test_prefixes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(takes); i++)
		for (size_t n = 1; n <= strlen(takes[i].text); n++) {
			char *copy = memcpy(malloc(n), takes[i].text, n);
			struct span rest = {copy, n};
			struct path path;

			if (path_take(&rest, &path) == PATH_OK)
				assert_true(path.local <= path.len);
			free(copy);
		}
}

static void
test_strerror(void **state)
{
	(void)state;
	for (int i = PATH_OK; i <= PATH_TOO_LONG; i++)
		assert_true(strlen(path_strerror((enum path_status)i)) > 0);
}

int
main(void)
{
	UNIT_ROWS(test_take, takes);
	UNIT(test_parse);
	UNIT(test_long);
	UNIT(test_prefixes);
	UNIT(test_strerror);
	return unit_run("smtp/path");
}
