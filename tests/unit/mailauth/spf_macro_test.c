/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf_macro.h"

#include "unit.h"

/* RFC 7208 section 7.4: strong-bad@email.example.com from 192.0.2.3. */
static const struct row {
	const char *name;
	const char *text;
	const char *want; /* NULL: malformed */
	enum spf_macro_mode mode;
	bool v6; /* from 2001:db8::cb01 */
} rows[] = {
	{"RFC 7208 s7.4: s", "%{s}", "strong-bad@email.example.com", 0, 0},
	{"RFC 7208 s7.4: o", "%{o}", "email.example.com", 0, 0},
	{"RFC 7208 s7.4: d", "%{d}", "email.example.com", 0, 0},
	{"RFC 7208 s7.4: d4", "%{d4}", "email.example.com", 0, 0},
	{"RFC 7208 s7.4: d2", "%{d2}", "example.com", 0, 0},
	{"RFC 7208 s7.4: d1", "%{d1}", "com", 0, 0},
	{"RFC 7208 s7.4: dr", "%{dr}", "com.example.email", 0, 0},
	{"RFC 7208 s7.4: d2r", "%{d2r}", "example.email", 0, 0},
	{"RFC 7208 s7.4: l", "%{l}", "strong-bad", 0, 0},
	{"RFC 7208 s7.4: l-", "%{l-}", "strong.bad", 0, 0},
	{"RFC 7208 s7.4: lr", "%{lr}", "strong-bad", 0, 0},
	{"RFC 7208 s7.4: lr-", "%{lr-}", "bad.strong", 0, 0},
	{"RFC 7208 s7.4: l1r-", "%{l1r-}", "strong", 0, 0},
	{"RFC 7208 s7.4: i and v", "%{ir}.%{v}._spf.%{d2}",
	 "3.2.0.192.in-addr._spf.example.com", 0, 0},
	{"RFC 7208 s7.4: i of IPv6", "%{ir}.%{v}._spf.%{d2}",
	 "1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.ip6."
	 "_spf.example.com",
	 0, 1},
	{"RFC 7208 s7.2: h", "%{h}", "mx.example.org", 0, 0},
	{"RFC 7208 s7.2: p that is not known", "%{p}", "unknown", 0, 0},
	{"RFC 7208 s7.2: c", "%{c}", "2001:db8::cb01", SPF_MACRO_EXPLAIN, 1},
	{"RFC 7208 s7.2: r", "%{r}", "unknown", SPF_MACRO_EXPLAIN, 0},
	{"RFC 7208 s7.2: t is in seconds", "%{t}", "1700000000",
	 SPF_MACRO_EXPLAIN, 0},
	{"RFC 7208 s7.2: c is not for names", "%{c}.a.b", NULL, 0, 0},
	{"RFC 7208 s7.2: r is not for names", "%{r}.a.b", NULL, 0, 0},
	{"RFC 7208 s7.2: t is not for names", "%{t}.a.b", NULL, 0, 0},
	{"RFC 7208 s7.3: a capital escapes", "%{S}",
	 "strong-bad%40email.example.com", SPF_MACRO_EXPLAIN, 0},
	{"RFC 7208 s7.3: a capital escapes what is not unreserved", "%{C}",
	 "2001%3Adb8%3A%3Acb01", SPF_MACRO_EXPLAIN, 1},
	{"RFC 7208 s7.1: %% %_ %-", "%%%_%-", "% %20", SPF_MACRO_EXPLAIN, 0},
	{"RFC 7208 s7.1: spaces in an explanation", "you: %{i} ?",
	 "you: 192.0.2.3 ?", SPF_MACRO_EXPLAIN, 0},
	{"RFC 7208 s7.1: no spaces in a name", "a .b.c", NULL, 0, 0},
	{"RFC 7208 s7.1: zero is no digit to give", "%{d0}", NULL, 0, 0},
	{"RFC 7208 s7.1: a number no machine holds", "%{d99999999999999999999}",
	 NULL, 0, 0},
	{"RFC 7208 s7.1: a number above 2^31", "%{d2147483648}",
	 "email.example.com", 0, 0},
	{"RFC 7208 s7.1: a letter that is none", "%{x}", NULL, 0, 0},
	{"RFC 7208 s7.1: no letter", "%{}", NULL, 0, 0},
	{"RFC 7208 s7.1: not closed", "%{d", NULL, 0, 0},
	{"RFC 7208 s7.1: a brace only", "%{", NULL, 0, 0},
	{"RFC 7208 s7.1: a percent sign last", "a.b%", NULL, 0, 0},
	{"RFC 7208 s7.1: a percent sign before a letter", "%b", NULL, 0, 0},
	{"RFC 7208 s7.1: a delimiter before r", "%{d.r}", NULL, 0, 0},
	{"RFC 7208 s7.1: several delimiters", "%{l+-}", "strong.bad", 0, 0},
	{"RFC 7208 s7.1: DEL in an explanation", "no\x7f", NULL,
	 SPF_MACRO_EXPLAIN, 0},
	{"RFC 7208 s7.1: a control character in an explanation", "no\x1f", NULL,
	 SPF_MACRO_EXPLAIN, 0},
	{"RFC 7208 s7.1: 8-bit in an explanation", "no\xc3\xa9", NULL,
	 SPF_MACRO_EXPLAIN, 0},
	{"RFC 7208 s7.1: the ends of what is literal", "!$&~", "!$&~",
	 SPF_MACRO_EXPLAIN, 0},
	{"RFC 7208 s12: a toplabel of digits", "%{d}.123", NULL, 0, 0},
	{"RFC 7208 s12: a hyphen at its end", "%{d}.b-", NULL, 0, 0},
	{"RFC 7208 s12: two dots at the end", "%{d}..", NULL, 0, 0},
	{"RFC 7208 s12: the dot at the end is not asked", "%{d}.b.",
	 "email.example.com.b", 0, 0},
};

static struct spf_macro
context(bool v6)
{
	struct spf_macro m = {
		.local = SPAN("strong-bad"),
		.sender = SPAN("email.example.com"),
		.domain = SPAN("email.example.com"),
		.helo = SPAN("mx.example.org"),
		.receiver = SPAN(""),
		.validated = SPAN(""),
		.now = INT64_C(1700000000999),
	};

	assert_true(spf_ip_parse(
		v6 ? SPAN("2001:db8::cb01") : SPAN("192.0.2.3"), &m.ip));
	return m;
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct spf_macro m = context(row->v6);
	struct spf_macro_text got;

	assert_int_equal(spf_macro_valid(span_of(row->text), row->mode),
			 row->want != NULL);
	if (row->want == NULL)
		return;
	if (row->mode == SPF_MACRO_EXPLAIN)
		spf_macro_explain(span_of(row->text), &m, &got);
	else
		spf_macro_domain(span_of(row->text), &m, &got);
	assert_span(((struct span){got.s, got.len}), row->want);
}

#define LABEL_50 "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghij"
#define NAME_249                                                               \
	LABEL_50 "." LABEL_50 "." LABEL_50 "." LABEL_50 "."                    \
		 "abcdefghijabcdefghijabcdefghijabcdefghijabcde"

static void
test_truncation(void **state)
{
	struct spf_macro m = context(false);
	struct spf_macro_text got;

	(void)state;
	spf_macro_domain(SPAN("abc." NAME_249), &m, &got);
	assert_int_equal(got.len, 253);
	spf_macro_domain(SPAN("abcd." NAME_249), &m, &got);
	assert_span(((struct span){got.s, got.len}), NAME_249);
	spf_macro_domain(SPAN("x.y.abcd." NAME_249), &m, &got);
	assert_span(((struct span){got.s, got.len}), NAME_249);
	/* one label that does not fit leaves nothing */
	m.domain = SPAN(LABEL_50 LABEL_50 LABEL_50 LABEL_50 LABEL_50 LABEL_50);
	spf_macro_domain(SPAN("%{d}"), &m, &got);
	assert_int_equal(got.len, 0);
}

/* Many times the longest sender: only the end of it matters. */
static void
test_large(void **state)
{
	static char text[16384];
	struct spf_macro m = context(false);
	struct spf_macro_text got;
	size_t len = 0;

	(void)state;
	while (len + 20 < sizeof(text)) {
		memcpy(text + len, "%{S}.", 5);
		len += 5;
	}
	memcpy(text + len, "example.org", 11);
	len += 11;
	assert_true(
		spf_macro_valid((struct span){text, len}, SPF_MACRO_DOMAIN));
	spf_macro_domain((struct span){text, len}, &m, &got);
	assert_true(got.len <= SPF_DOMAIN_MAX && got.len > 200);
	assert_true(span_ends((struct span){got.s, got.len},
			      SPAN("email.example.com.example.org")));
	spf_macro_explain((struct span){text, len}, &m, &got);
	assert_int_equal(got.len, SPF_EXPLANATION_MAX);
	assert_true(span_starts((struct span){got.s, got.len},
				SPAN("strong-bad%40email.example.com.s")));
}

/* CVE-2021-20314: octets above 127 are not negative when escaped. */
static void
test_eight_bit(void **state)
{
	struct spf_macro m = context(false);
	struct spf_macro_text got;
	char local[64];

	(void)state;
	memset(local, 0xff, sizeof(local));
	m.local = (struct span){local, sizeof(local)};
	spf_macro_explain(SPAN("%{L}"), &m, &got);
	assert_int_equal(got.len, 192);
	assert_true(
		span_starts((struct span){got.s, got.len}, SPAN("%FF%FF%FF")));
}

/* RFC 7208 section 7.1: delimiter = "." / "-" / "+" / "," / "/" / "_" / "=" */
static void
test_delimiters(void **state)
{
	static const char delimiters[] = ".-+,/_=";
	struct spf_macro m = context(false);
	struct spf_macro_text got;

	(void)state;
	for (const char *c = delimiters; *c != '\0'; c++) {
		char text[] = "%{l?}.example", local[] = "a?b";

		text[3] = local[1] = *c;
		m.local = span_of(local);
		assert_true(spf_macro_valid(span_of(text), SPF_MACRO_DOMAIN));
		spf_macro_domain(span_of(text), &m, &got);
		assert_span(((struct span){got.s, got.len}), "a.b.example");
	}
	m.local = SPAN("a.b-c+d,e/f_g=h");
	spf_macro_domain(SPAN("%{l.-+,/_=}.example"), &m, &got);
	assert_span(((struct span){got.s, got.len}), "a.b.c.d.e.f.g.h.example");
	for (int c = ' '; c <= '~'; c++) {
		char text[] = "%{l?}.example";

		text[3] = (char)c;
		assert_int_equal(
			spf_macro_valid(span_of(text), SPF_MACRO_DOMAIN),
			strchr(delimiters, c) != NULL ||
				strchr("rR}123456789", c) != NULL);
	}
}

/* A sender of more parts than are split off. */
static void
test_parts(void **state)
{
	struct spf_macro m = context(false);
	struct spf_macro_text got;
	char local[800];

	(void)state;
	memset(local, '.', sizeof(local));
	memcpy(local, "first.second", 12);
	m.local = (struct span){local, sizeof(local)};
	spf_macro_explain(SPAN("%{l2r}"), &m, &got);
	assert_span(((struct span){got.s, got.len}), "second.first");
}

static void
test_uses(void **state)
{
	(void)state;
	assert_true(spf_macro_uses(SPAN("a.%{P2r}.b"), 'p'));
	assert_true(spf_macro_uses(SPAN("a.%{p}"), 'p'));
	assert_false(spf_macro_uses(SPAN("p.%{d}%%p"), 'p'));
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_truncation);
	UNIT(test_large);
	UNIT(test_eight_bit);
	UNIT(test_delimiters);
	UNIT(test_parts);
	UNIT(test_uses);
	return unit_run("mailauth/spf_macro");
}
