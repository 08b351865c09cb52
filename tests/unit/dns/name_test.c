/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/name.h"

#include <stdlib.h>

#include "unit.h"

#define L63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"

static const struct good_row {
	const char *name;
	const char *text;
	const char *want; /* dname_format() of it */
	size_t labels;
} good[] = {
	{"a domain", "example.org", "example.org", 2},
	{"a final dot", "example.org.", "example.org", 2},
	{"the root", ".", ".", 0},
	{"one label", "org", "org", 1},
	{"case is kept", "ExAmple.ORG", "ExAmple.ORG", 2},
	{"underscores and a wildcard", "*._domainkey.x", "*._domainkey.x", 3},
	{"an escaped dot", "a\\.b.c", "a\\.b.c", 2},
	{"decimal escapes", "\\097\\000.\\255", "a\\000.\\255", 2},
	{"a space is escaped", "a b", "a\\032b", 1},
	{"an escaped backslash", "\\\\", "\\\\", 1},
	{"an escaped dot last", "a\\.", "a\\.", 1},
	{"eight bits", "caf\xc3\xa9", "caf\\195\\169", 1},
	{"63 octets in a label", L63 ".x", L63 ".x", 2},
	{"255 octets in all",
	 L63 "." L63 "." L63 "."
	     "a1234567890123456789"
	     "01234567890123456789012345678901234567890",
	 L63 "." L63 "." L63 "."
	     "a1234567890123456789"
	     "01234567890123456789012345678901234567890",
	 4},
};

static const struct bad_row {
	const char *name;
	const char *text;
	enum dname_status status;
} bad[] = {
	{"nothing", "", DNAME_EMPTY},
	{"a dot first", ".org", DNAME_EMPTY_LABEL},
	{"two dots", "a..b", DNAME_EMPTY_LABEL},
	{"two dots last", "a..", DNAME_EMPTY_LABEL},
	{"only dots", "..", DNAME_EMPTY_LABEL},
	{"64 octets in a label", L63 "x.y", DNAME_LONG_LABEL},
	{"256 octets in all",
	 L63 "." L63 "." L63 "."
	     "a1234567890123456789"
	     "012345678901234567890123456789012345678901",
	 DNAME_TOO_LONG},
	{"a backslash last", "a\\", DNAME_BAD_ESCAPE},
	{"two digits", "a\\12", DNAME_BAD_ESCAPE},
	{"a letter among digits", "a\\1x2", DNAME_BAD_ESCAPE},
	{"above 255", "a\\256", DNAME_BAD_ESCAPE},
};

static struct dname
name_of(const char *text)
{
	struct dname name;

	assert_int_equal(dname_parse(span_of(text), &name), DNAME_OK);
	return name;
}

static void
test_good(void **state)
{
	const struct good_row *row = *state;
	struct dname name = name_of(row->text);

	assert_string_equal(dname_format(&name).s, row->want);
	assert_int_equal(dname_labels(&name), row->labels);
}

static void
test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct dname name = {.len = 77};

	assert_int_equal(dname_parse(span_of(row->text), &name), row->status);
	assert_int_equal(name.len, 77);
	assert_true(strlen(dname_strerror(row->status)) > 0);
}

static void
test_wire(void **state)
{
	struct dname name = name_of("ab.C");

	(void)state;
	assert_int_equal(name.len, 6);
	assert_memory_equal(name.wire, "\2ab\1C\0", 6);
	name = name_of(".");
	assert_int_equal(name.len, 1);
	assert_int_equal(name.wire[0], 0);
}

static const struct under_row {
	const char *name;
	const char *below, *above;
	bool equal, under;
} under[] = {
	{"the same", "a.b", "a.b", true, true},
	{"the same in another case", "A.b", "a.B", true, true},
	{"below", "x.a.b", "A.B", false, true},
	{"all are under the root", "a", ".", false, true},
	{"a sibling", "a.c", "a.b", false, false},
	{"the end of a label is not enough", "xa.b", "a.b", false, false},
	{"above is not under", "b", "a.b", false, false},
	{"bytes that look like labels", "\\001a.b", "a.b", false, false},
	{"only ASCII letters fold", "\\193.b", "\\225.b", false, false},
};

static void
test_under(void **state)
{
	const struct under_row *row = *state;
	struct dname below = name_of(row->below);
	struct dname above = name_of(row->above);

	assert_int_equal(dname_equal(&below, &above), row->equal);
	assert_int_equal(dname_is_under(&below, &above), row->under);
}

static void
test_parts(void **state)
{
	struct dname name = name_of("A.b.Cd");
	struct dname part, long_name, ret = {.len = 77};

	(void)state;
	assert_span(dname_label(&name, 0), "A");
	assert_span(dname_label(&name, 2), "Cd");
	part = dname_skip(&name, 1);
	assert_string_equal(dname_format(&part).s, "b.Cd");
	part = dname_skip(&name, 3);
	assert_string_equal(dname_format(&part).s, ".");
	part = dname_lower(&name);
	assert_string_equal(dname_format(&part).s, "a.b.cd");

	assert_true(dname_under(SPAN("_dmarc"), &name, &part));
	assert_string_equal(dname_format(&part).s, "_dmarc.A.b.Cd");
	long_name = name_of(L63 "." L63 "." L63 "."
				"abcdefghijklmnopqrstuvwxyz");
	assert_true(dname_under(SPAN("a123456789012345678901234567890123"),
				&long_name, &part));
	long_name = part;
	assert_false(dname_under(SPAN("a"), &long_name, &ret));
	assert_false(dname_under(SPAN(""), &name, &ret));
	assert_int_equal(ret.len, 77);
}

/* Without escapes, dname_parse_plain() reads what dname_parse() reads. */
static void
test_plain(void **state)
{
	struct dname name = DNAME_ROOT, plain = DNAME_ROOT, copy;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct span text = span_of(good[i].text);

		if (span_find(text, '\\') != SPAN_NONE || text.len == 1)
			continue;
		assert_int_equal(dname_parse(text, &name), DNAME_OK);
		assert_int_equal(dname_parse_plain(text, &plain), DNAME_OK);
		assert_true(span_equal(dname_wire(&name), dname_wire(&plain)));
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		if (bad[i].status != DNAME_BAD_ESCAPE)
			assert_int_equal(
				dname_parse_plain(span_of(bad[i].text), &name),
				bad[i].status);
	assert_int_equal(dname_parse_plain(SPAN("."), &name), DNAME_EMPTY);
	assert_int_equal(dname_parse_plain(SPAN("a\\.b\\1"), &name), DNAME_OK);
	assert_int_equal(dname_labels(&name), 2);
	assert_span(dname_label(&name, 0), "a\\");
	assert_span(dname_label(&name, 1), "b\\1");
	dname_set(&copy, &name);
	assert_true(dname_equal(&copy, &name));
}

int
main(void)
{
	UNIT(test_plain);
	UNIT_ROWS(test_good, good);
	UNIT_ROWS(test_bad, bad);
	UNIT(test_wire);
	UNIT_ROWS(test_under, under);
	UNIT(test_parts);
	return unit_run("dns/name");
}
