/* SPDX-License-Identifier: Apache-2.0 */
#include "text/suffix.h"

#include "corpus.h"
#include "text/domain.h"

static const struct row {
	const char *name;
	const char *domain;
	const char *want; /* what is registered */
} rows[] = {
	{"a rule of one label", "y.x.example", "x.example"},
	{"the suffix itself", "example", ""},
	{"a wildcard", "d.c.b.net", "c.b.net"},
	{"a wildcard's match is a suffix", "b.net", ""},
	{"an exception of a wildcard", "x.a.net", "a.net"},
	{"an exception itself", "a.net", "a.net"},
	{"what no rule names: the last label", "x.y.z.test", "z.test"},
	{"case does not matter", "Y.X.Example", "X.Example"},
	{"nor in a wildcard", "D.C.B.NET", "C.B.NET"},
	{"a private rule", "mine.shop.test", "mine.shop.test"},
	{"a private suffix", "shop.test", ""},
	{"nothing", "", ""},
	{"no domain at all", ".", ""},
	{"internationalised, in A-labels", "a.xn--bcher-kva.test",
	 "a.xn--bcher-kva.test"},
};

static const char text[] = "// VERSION: 2026-11-20_08-15-43_UTC\n"
			   "example\n*.net\n!a.net\n"
			   "// ===BEGIN PRIVATE DOMAINS===\nshop.test\n"
			   "b\xc3\xbc"
			   "cher.test\n";

static void
test_row(void **state)
{
	const struct row *row = *state;
	CLEANUP(suffixes_freep)
	struct suffixes *list = suffixes_parse(span_of(text));
	struct span domain = span_of(row->domain);
	struct span got;

	assert_non_null(list);
	got = suffixes_registered(list, domain);
	assert_span(got, row->want);
	if (domain.len > 1)
		assert_int_equal(suffixes_has(list, domain), got.len == 0);
}

static void
test_about(void **state)
{
	struct suffixes *list = suffixes_parse(span_of(text));
	struct suffixes_about about = suffixes_about(list);

	(void)state;
	assert_int_equal(about.made, INT64_C(1795162543000));
	assert_int_equal(about.rules, 5);
	assert_false(about.builtin);
	suffixes_free(list);

	list = suffixes_parse(SPAN("// VERSION: yesterday\nexample\n"));
	assert_int_equal(suffixes_about(list).made, 0);
	suffixes_free(list);
	list = suffixes_parse(SPAN("// VERSION: 2026-99-20_08-15-43_UTC\nx\n"));
	assert_int_equal(suffixes_about(list).made, 0);
	suffixes_free(list);
}

static void
test_builtin(void **state)
{
	struct suffixes *list = suffixes_builtin();

	(void)state;
	if (list == NULL)
		skip();
	assert_true(suffixes_about(list).builtin);
	assert_true(suffixes_has(list, SPAN("co.uk")));
	assert_span(suffixes_registered(list, SPAN("a.b.co.uk")), "b.co.uk");
	suffixes_free(list);
}

static void
test_none(void **state)
{
	char *big = calloc(1, SUFFIX_LIST_MAX + 1);

	(void)state;
	assert_null(suffixes_parse(SPAN("")));
	assert_null(suffixes_parse(SPAN("// nothing\n")));
	assert_non_null(big);
	memset(big, 'a', SUFFIX_LIST_MAX + 1);
	assert_null(suffixes_parse(span_bytes(big, SUFFIX_LIST_MAX + 1)));
	free(big);
	suffixes_free(NULL);
}

/* A domain longer than any there is. */
static void
test_long(void **state)
{
	CLEANUP(suffixes_freep)
	struct suffixes *list = suffixes_parse(span_of(text));
	char name[600];

	(void)state;
	for (size_t i = 0; i < sizeof(name); i++)
		name[i] = i % 2 == 0 ? 'a' : '.';
	assert_span(suffixes_registered(list, span_bytes(name, 599)), "");
	assert_false(suffixes_has(list, span_bytes(name, 599)));
}

/* The rows of psl/psl.json, with the list beside them. */
static void
test_corpus(void **state)
{
	CLEANUP(buf_release) struct buf file = BUF_INIT(SUFFIX_LIST_MAX);
	json_t *json = corpus_json("psl/psl.json"), *one;
	struct suffixes *list;
	size_t i, bad = 0, rules = 0;

	(void)state;
	corpus_read("psl/public_suffix_list.dat", &file);
	list = suffixes_parse(buf_span(&file));
	assert_non_null(list);
	json_array_foreach(json_get_array(json, "cases"), i, one)
	{
		struct span domain = corpus_member(one, "domain");
		struct span want = corpus_member(one, "registrable");
		struct domain name = {.len = 0}, registrable = {.len = 0};
		enum domain_status status = domain_parse(domain, &name);

		/* of one label: a suffix, if it is a name at all */
		if (status == DOMAIN_OK)
			domain = domain_span(&name);
		if (domain_parse(want, &registrable) == DOMAIN_OK)
			want = domain_span(&registrable);
		bad += corpus_row(
			"psl.json", corpus_member(one, "id"),
			span_equal_nocase(suffixes_registered(list, domain),
					  want));
		rules++;
	}
	print_message("psl.json: %zu rows\n", rules);
	json_decref(json);
	suffixes_free(list);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_about);
	UNIT(test_builtin);
	UNIT(test_none);
	UNIT(test_long);
	UNIT(test_corpus);
	return unit_run("text/suffix");
}
