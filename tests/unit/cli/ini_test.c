/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ini.h"

#include "unit.h"

#define TEXT                                                                   \
	"# a comment\n"                                                        \
	"outside = 1\n"                                                        \
	"[default]\r\n"                                                        \
	"region=eu-west-2\n"                                                   \
	"key = with = equals # a comment\n"                                    \
	"hash = a#b;c\n"                                                       \
	"; another = 2\n"                                                      \
	"s3 =\n"                                                               \
	"  region = nested\n"                                                  \
	"empty =\n"                                                            \
	"[ profile other ]\n"                                                  \
	"region = us-east-1\n"                                                 \
	"region = us-east-2\n"                                                 \
	"no equals\n"                                                          \
	"[default]\n"                                                          \
	"late = yes"

static const struct row {
	const char *name;
	const char *section;
	const char *key;
	const char *want; /* NULL: there is none */
} rows[] = {
	{"a value", "default", "region", "eu-west-2"},
	{"equals in a value", "default", "key", "with = equals"},
	{"a comment needs white space", "default", "hash", "a#b;c"},
	{"a line that is a comment", "default", "; another", NULL},
	{"nothing is a value", "default", "empty", ""},
	{"nested settings are passed over", "default", "s3", ""},
	{"the last one counts", "profile other", "region", "us-east-2"},
	{"a section may come twice", "default", "late", "yes"},
	{"not in another section", "profile other", "late", NULL},
	{"not outside of sections", "", "outside", NULL},
	{"no such section", "third", "region", NULL},
	{"names differ by case", "default", "Region", NULL},
};

static void
test_get(void **state)
{
	const struct row *row = *state;
	struct span got = SPAN("untouched");
	bool found = ini_get(SPAN(TEXT), span_of(row->section),
			     span_of(row->key), &got);

	assert_int_equal(found, row->want != NULL);
	assert_span(got, found ? row->want : "untouched");
}

static void
test_has(void **state)
{
	(void)state;
	assert_true(ini_has(SPAN(TEXT), SPAN("profile other")));
	assert_false(ini_has(SPAN(TEXT), SPAN("other")));
	assert_false(ini_has(SPAN(""), SPAN("")));
}

int
main(void)
{
	UNIT_ROWS(test_get, rows);
	UNIT(test_has);
	return unit_run("cli/ini");
}
