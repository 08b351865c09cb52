/* SPDX-License-Identifier: Apache-2.0 */
#include "text/domain.h"

#include "unit.h"

#define L63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
#define L61 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi"

static const struct good_row {
	const char *name;
	const char *text;
	const char *want;    /* in A-labels */
	const char *display; /* in U-labels */
} good[] = {
	{"a domain", "example.org", "example.org", "example.org"},
	{"upper case and a final dot", "EXAMPLE.Org.", "example.org",
	 "example.org"},
	{"digits", "3.14.example", "3.14.example", "3.14.example"},
	{"a hyphen inside", "a-b.org", "a-b.org", "a-b.org"},
	{"two hyphens, third and fourth", "r3---x.org", "r3---x.org",
	 "r3---x.org"},
	{"a U-label", "m\xc3\xbcnchen.de", "xn--mnchen-3ya.de",
	 "m\xc3\xbcnchen.de"},
	{"a U-label in upper case", "M\xc3\x9cNCHEN.de", "xn--mnchen-3ya.de",
	 "m\xc3\xbcnchen.de"},
	{"a decomposed U-label", "mu\xcc\x88nchen.de", "xn--mnchen-3ya.de",
	 "m\xc3\xbcnchen.de"},
	{"an A-label", "XN--MNCHEN-3YA.de", "xn--mnchen-3ya.de",
	 "m\xc3\xbcnchen.de"},
	{"sharp s stays", "fa\xc3\x9f.de", "xn--fa-hia.de", "fa\xc3\x9f.de"},
	{"a soft hyphen goes", "exam\xc2\xadple.com", "example.com",
	 "example.com"},
	{"an ideographic full stop", "example\xe3\x80\x82org", "example.org",
	 "example.org"},
	{"a full-width letter", "ex\xef\xbd\x81mple.org", "example.org",
	 "example.org"},
	{"a TLD in A-labels", "example.xn--p1ai", "example.xn--p1ai",
	 "example.\xd1\x80\xd1\x84"},
	{"63 in a label", L63 ".org", L63 ".org", L63 ".org"},
	{"253 in all", L63 "." L63 "." L63 "." L61, L63 "." L63 "." L63 "." L61,
	 L63 "." L63 "." L63 "." L61},
};

static const struct bad_row {
	const char *name;
	const char *text;
	enum domain_status status;
} bad[] = {
	{"nothing", "", DOMAIN_EMPTY},
	{"a dot", ".", DOMAIN_EMPTY},
	{"a dot first", ".example.org", DOMAIN_EMPTY_LABEL},
	{"two dots", "example..org", DOMAIN_EMPTY_LABEL},
	{"two dots last", "example.org..", DOMAIN_EMPTY_LABEL},
	{"64 in a label", L63 "l.org", DOMAIN_LONG_LABEL},
	{"254 in all", L63 "." L63 "." L63 "." L61 "j", DOMAIN_TOO_LONG},
	{"one label", "localhost", DOMAIN_ONE_LABEL},
	{"one label and a dot", "com.", DOMAIN_ONE_LABEL},
	{"IPv4", "192.0.2.1", DOMAIN_ADDRESS},
	{"IPv4 and a dot", "192.0.2.1.", DOMAIN_ADDRESS},
	{"a literal", "[192.0.2.1]", DOMAIN_ADDRESS},
	{"IPv6", "2001:db8::1", DOMAIN_ADDRESS},
	{"digits as TLD", "example.123", DOMAIN_ADDRESS},
	{"an underscore", "_domainkey.example.org", DOMAIN_UNDERSCORE},
	{"an underscore beside a U-label", "_x.m\xc3\xbcnchen.de",
	 DOMAIN_UNDERSCORE},
	{"a full-width underscore", "\xef\xbc\xbfx.org", DOMAIN_UNDERSCORE},
	{"a full-width slash", "a\xef\xbc\x8fx.org", DOMAIN_BAD_CHARACTER},
	{"a full-width dot in digits",
	 "1.2.3\xef\xbc\x8e"
	 "4",
	 DOMAIN_ADDRESS},
	{"a hyphen first", "-a.org", DOMAIN_HYPHEN},
	{"a hyphen last", "a-.org", DOMAIN_HYPHEN},
	{"a space", "exam ple.org", DOMAIN_BAD_CHARACTER},
	{"a new line", "example.org\n", DOMAIN_BAD_CHARACTER},
	{"a wildcard", "*.example.org", DOMAIN_BAD_CHARACTER},
	{"an address", "me@example.org", DOMAIN_BAD_CHARACTER},
	{"a URL", "https://example.org/", DOMAIN_BAD_CHARACTER},
	{"a backslash", "a\\.b.org", DOMAIN_BAD_CHARACTER},
	{"bad UTF-8", "ex\xff\xfe.org", DOMAIN_BAD_CHARACTER},
	{"an overlong NUL", "ex\xc0\x80.org", DOMAIN_BAD_CHARACTER},
	{"no A-label", "xn--a.com", DOMAIN_BAD_IDN},
	{"an empty A-label", "xn--.com", DOMAIN_HYPHEN},
	{"an A-label of ASCII", "xn--abc-.com", DOMAIN_HYPHEN},
	{"an A-label of upper case", "xn--mnchen-nsa.de", DOMAIN_BAD_IDN},
	{"mixed directions", "a\xd7\x90.org", DOMAIN_BAD_IDN},
	{"a bidi control", "a\xe2\x80\xae.org", DOMAIN_BAD_IDN},
	{"a symbol", "\xe2\x98\x83\xe2\x83\xa3.org", DOMAIN_BAD_IDN},
};

static void
test_good(void **state)
{
	const struct good_row *row = *state;
	CLEANUP(buf_release) struct buf got = BUF_INIT(DOMAIN_TEXT_MAX);
	struct domain domain, again;

	assert_int_equal(domain_parse(span_of(row->text), &domain), DOMAIN_OK);
	assert_string_equal(domain.s, row->want);
	assert_int_equal(domain.len, strlen(row->want));
	domain_format(&domain, &got);
	assert_string_equal(got.ptr, row->display);
	assert_int_equal(domain_parse(buf_span(&got), &again), DOMAIN_OK);
	assert_string_equal(again.s, domain.s);
}

static void
test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct domain domain = {.len = 77};
	enum domain_status status = domain_parse(span_of(row->text), &domain);

	assert_string_equal(domain_strerror(status),
			    domain_strerror(row->status));
	assert_int_equal(domain.len, 77);
}

static void
test_nul(void **state)
{
	struct domain domain;

	(void)state;
	assert_int_equal(domain_parse(SPAN("a\0.org"), &domain),
			 DOMAIN_BAD_CHARACTER);
	assert_int_equal(domain_parse(SPAN("\xc3\xbc\0.org"), &domain),
			 DOMAIN_BAD_CHARACTER);
}

static void
test_under(void **state)
{
	struct domain a, b, c;

	(void)state;
	assert_int_equal(domain_parse(SPAN("example.org"), &a), DOMAIN_OK);
	assert_int_equal(domain_parse(SPAN("x.example.org"), &b), DOMAIN_OK);
	assert_int_equal(domain_parse(SPAN("xexample.org"), &c), DOMAIN_OK);
	assert_true(domain_is_under(&a, &a));
	assert_true(domain_is_under(&b, &a));
	assert_false(domain_is_under(&a, &b));
	assert_false(domain_is_under(&c, &a));
}

int
main(void)
{
	UNIT_ROWS(test_good, good);
	UNIT_ROWS(test_bad, bad);
	UNIT(test_nul);
	UNIT(test_under);
	return unit_run("text/domain");
}
