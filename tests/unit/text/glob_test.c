/* SPDX-License-Identifier: Apache-2.0 */
#include "text/glob.h"

#include "unit.h"

static const struct row {
	const char *name, *pattern, *text;
	bool match;
} rows[] = {
	{"the same", "abc", "abc", true},
	{"another", "abc", "abd", false},
	{"shorter", "abc", "ab", false},
	{"longer", "abc", "abcd", false},
	{"case counts", "abc", "ABC", false},
	{"nothing for nothing", "", "", true},
	{"nothing for something", "", "a", false},
	{"a star for nothing", "*", "", true},
	{"a star for all", "*", "anything", true},
	{"stars for nothing", "***", "", true},
	{"at the end", "ab*", "abcd", true},
	{"at the end, for nothing", "ab*", "ab", true},
	{"at the end, too short", "ab*", "a", false},
	{"at the start", "*cd", "abcd", true},
	{"at the start, elsewhere", "*cd", "cdab", false},
	{"in the middle", "a*d", "abcd", true},
	{"ends do not overlap", "aba*ba", "aba", false},
	{"ends that touch", "aba*ba", "ababa", true},
	{"first match is enough", "*ab*ab*", "abxab", true},
	{"not twice in one", "*ab*ab*", "aab", false},
	{"runs in order", "*b*a*", "ab", false},
	{"one octet", "a?c", "abc", true},
	{"one octet, none there", "a?c", "ac", false},
	{"only one octet", "?", "ab", false},
	{"as many octets", "???", "abc", true},
	{"at least one", "?*", "", false},
	{"at least one is there", "*?", "x", true},
	{"open run in the middle", "*a?c*", "xxabcxx", true},
	{"open run is found late", "*a?c*", "abbabbabc", true},
	{"open run is not there", "*a?c*", "abbabb", false},
	{"open run, then the end", "*a?c*c", "abcc", true},
	{"open run, and no end left", "*a?c*c", "abc", false},
	{"an address", "*@*.example.com", "u+x@mail.example.com", true},
	{"an address elsewhere", "*@*.example.com", "u@example.com", false},
};

static void
test_match(void **state)
{
	const struct row *row = *state;

	assert_int_equal(glob_match(span_of(row->pattern), span_of(row->text)),
			 row->match);
}

/* A run of more octets than a word has bits, with holes, at every place. */
static void
test_long_runs(void **state)
{
	char text[GLOB_TEXT_MAX], pattern[GLOB_TEXT_MAX];

	(void)state;
	for (size_t len = 1; len < 200; len++) {
		memset(text, 'a', sizeof(text));
		memset(pattern, 'a', sizeof(pattern));
		pattern[0] = '*';
		pattern[1] = '?';
		pattern[len] = 'b';
		pattern[len + 1] = '*';
		for (size_t at = len > 1 ? len - 1 : 1; at < 700; at += 37) {
			text[at] = 'b';
			assert_int_equal(
				glob_match(span_bytes(pattern, len + 2),
					   span_bytes(text, 800)),
				true);
			text[at] = 'a';
		}
		assert_int_equal(glob_match(span_bytes(pattern, len + 2),
					    span_bytes(text, 800)),
				 false);
	}
}

/* What is longer than we look at is never matched, not even by "*". */
static void
test_too_long(void **state)
{
	static char text[GLOB_TEXT_MAX + 1];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_true(glob_match(SPAN("*"), span_bytes(text, GLOB_TEXT_MAX)));
	assert_false(glob_match(SPAN("*"), span_bytes(text, sizeof(text))));
}

int
main(void)
{
	UNIT_ROWS(test_match, rows);
	UNIT(test_long_runs);
	UNIT(test_too_long);
	return unit_run("text/glob");
}
