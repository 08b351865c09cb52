/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf_record.h"

#include <stdlib.h>

#include "base/buf.h"
#include "unit.h"

#define ARENA_MAX ((size_t)1 << 20)

static const struct good_row {
	const char *name;
	const char *text;
	const char *want; /* the terms as join() writes them */
} good[] = {
	{"RFC 7208 s4.5: the version alone", "v=spf1", ""},
	{"RFC 7208 s4.5: the version in any case", "V=SPF1 all", "+all"},
	{"RFC 7208 s4.5: spaces at the end", "v=spf1 -all  ", "-all"},
	{"RFC 7208 s4.6.2: each qualifier", "v=spf1 +all -all ~all ?all",
	 "+all -all ~all ?all"},
	{"RFC 7208 s4.6.1: names in any case", "v=spf1 A Mx",
	 "+a/32//128 "
	 "+mx/32//128"},
	{"RFC 7208 s5.2: include", "v=spf1 include:a.example",
	 "+include:a.example"},
	{"RFC 7208 s5.3: a with both lengths", "v=spf1 a:b.example/24//64",
	 "+a:b.example/24//64"},
	{"RFC 7208 s5.3: a with an IPv6 length only", "v=spf1 a//0",
	 "+a/32//0"},
	{"RFC 7208 s5.3: the longest lengths", "v=spf1 a/32//128",
	 "+a/32//128"},
	{"RFC 7208 s5.3: a slash in the domain", "v=spf1 a:/x32.com//12",
	 "+a:/x32.com/32//12"},
	{"RFC 7208 s5.4: mx with a macro and a length", "v=spf1 mx:%{d}/24",
	 "+mx:%{d}/24//128"},
	{"RFC 7208 s5.5: ptr", "v=spf1 ptr ptr:a.example",
	 "+ptr "
	 "+ptr:a.example"},
	{"RFC 7208 s5.6: ip4", "v=spf1 ip4:192.0.2.0/24", "+ip4=192.0.2.0/24"},
	{"RFC 7208 s5.6: ip4 without a length", "v=spf1 -ip4:192.0.2.1",
	 "-ip4=192.0.2.1/32"},
	{"RFC 7208 s5.6: ip6", "v=spf1 ip6:2001:DB8::/32",
	 "+ip6=2001:db8::/32"},
	{"RFC 7208 s5.6: ip6 that maps", "v=spf1 ip6:::ffff:192.0.2.1",
	 "+ip6=::ffff:192.0.2.1/128"},
	{"RFC 7208 s5.7: exists", "v=spf1 exists:%{ir}.%{d}",
	 "+exists:%{ir}.%{d}"},
	{"RFC 7208 s6.1: redirect", "v=spf1 redirect=a.example",
	 "redirect=a.example"},
	{"RFC 7208 s6.2: exp", "v=spf1 exp=a.example -all",
	 "exp=a.example -all"},
	{"RFC 7208 s6: a modifier that is not known",
	 "v=spf1 x-y_z.1=%{d}/any -all", "modifier -all"},
	{"RFC 7208 s6: an empty modifier", "v=spf1 a=", "modifier"},
	{"RFC 7208 s12: a final dot", "v=spf1 a:b.example.",
	 "+a:b.example./32//128"},
	{"RFC 7208 s12: a toplabel with a hyphen", "v=spf1 a:b.x-1",
	 "+a:b.x-1/32//128"},
};

static const struct bad_row {
	const char *name;
	const char *text;
	enum spf_record_status status;
	const char *fault;
} bad[] = {
	{"RFC 7208 s4.5: nothing", "", SPF_RECORD_NOT_SPF, ""},
	{"RFC 7208 s4.5: v=spf10", "v=spf10", SPF_RECORD_NOT_SPF, "v=spf10"},
	{"RFC 7208 s4.5: a space first", " v=spf1", SPF_RECORD_NOT_SPF,
	 " v=spf1"},
	{"RFC 7208 s4.5: a tab behind", "v=spf1\tall", SPF_RECORD_NOT_SPF,
	 "v=spf1\tall"},
	{"RFC 7208 s4.6: an error behind all", "v=spf1 -all moo",
	 SPF_RECORD_NO_MECHANISM, "moo"},
	{"RFC 7208 s4.6: a control character", "v=spf1 a\r -all",
	 SPF_RECORD_BAD_BYTE, "a\r"},
	{"RFC 7208 s4.6: an eight-bit character", "v=spf1 a\xc3\xa9",
	 SPF_RECORD_BAD_BYTE, "a\xc3\xa9"},
	{"RFC 7208 s4.6.1: a mechanism with =", "v=spf1 -all=",
	 SPF_RECORD_NO_MECHANISM, "-all="},
	{"RFC 7208 s4.6.2: a qualifier alone", "v=spf1 -",
	 SPF_RECORD_NO_MECHANISM, "-"},
	{"RFC 7208 s4.6.2: two qualifiers", "v=spf1 --all",
	 SPF_RECORD_NO_MECHANISM, "--all"},
	{"RFC 7208 s5.1: all with an argument", "v=spf1 all:a.example",
	 SPF_RECORD_NO_ARGUMENT, "all:a.example"},
	{"RFC 7208 s5.1: all with a length", "v=spf1 all/8",
	 SPF_RECORD_NO_ARGUMENT, "all/8"},
	{"RFC 7208 s5.2: include alone", "v=spf1 include", SPF_RECORD_NO_DOMAIN,
	 "include"},
	{"RFC 7208 s5.2: include with a length", "v=spf1 include:a.example/24",
	 SPF_RECORD_BAD_DOMAIN, "include:a.example/24"},
	{"RFC 7208 s5.3: an empty domain", "v=spf1 a:", SPF_RECORD_NO_DOMAIN,
	 "a:"},
	{"RFC 7208 s5.3: only a length", "v=spf1 a:/24", SPF_RECORD_NO_DOMAIN,
	 "a:/24"},
	{"RFC 7208 s5.3: a length of 33", "v=spf1 a/33", SPF_RECORD_BAD_PREFIX,
	 "a/33"},
	{"RFC 7208 s5.3: an IPv6 length of 129", "v=spf1 a//129",
	 SPF_RECORD_BAD_PREFIX, "a//129"},
	{"RFC 7208 s5.4: likewise of mx", "v=spf1 mx:a.example/24//129",
	 SPF_RECORD_BAD_PREFIX, "mx:a.example/24//129"},
	{"RFC 7208 s5.3: a length with a zero first", "v=spf1 a/08",
	 SPF_RECORD_BAD_PREFIX, "a/08"},
	{"RFC 7208 s5.3: two IPv4 lengths", "v=spf1 a/1/2",
	 SPF_RECORD_BAD_PREFIX, "a/1/2"},
	{"RFC 7208 s5.3: the lengths in the wrong order", "v=spf1 a//64/32",
	 SPF_RECORD_BAD_PREFIX, "a//64/32"},
	{"RFC 7208 s5.3: an address", "v=spf1 a:192.0.2.1",
	 SPF_RECORD_BAD_DOMAIN, "a:192.0.2.1"},
	{"RFC 7208 s5.3: a single label", "v=spf1 a:museum",
	 SPF_RECORD_BAD_DOMAIN, "a:museum"},
	{"RFC 7208 s5.5: ptr with a length", "v=spf1 ptr/0",
	 SPF_RECORD_BAD_PREFIX, "ptr/0"},
	{"RFC 7208 s5.6: a length of 33", "v=spf1 ip4:1.2.3.4/33",
	 SPF_RECORD_BAD_PREFIX, "ip4:1.2.3.4/33"},
	{"RFC 7208 s5.6: three octets", "v=spf1 ip4:1.2.3/4",
	 SPF_RECORD_BAD_ADDRESS, "ip4:1.2.3/4"},
	{"RFC 7208 s5.6: a zero first", "v=spf1 ip4:1.2.3.04",
	 SPF_RECORD_BAD_ADDRESS, "ip4:1.2.3.04"},
	{"RFC 7208 s5.6: ip6 with an IPv4 address", "v=spf1 ip6:127.0.0.1",
	 SPF_RECORD_BAD_ADDRESS, "ip6:127.0.0.1"},
	{"RFC 7208 s5.6: a length of 129", "v=spf1 ip6:::/129",
	 SPF_RECORD_BAD_PREFIX, "ip6:::/129"},
	{"RFC 7208 s6: a qualifier before a modifier",
	 "v=spf1 -redirect=a.example", SPF_RECORD_NO_MECHANISM,
	 "-redirect=a.example"},
	{"RFC 7208 s6: no name", "v=spf1 =x", SPF_RECORD_BAD_MODIFIER, "=x"},
	{"RFC 7208 s6: a bad macro in any modifier", "v=spf1 moo=%abc",
	 SPF_RECORD_BAD_MODIFIER, "moo=%abc"},
	{"RFC 7208 s6: redirect twice",
	 "v=spf1 redirect=a.example redirect=b.example", SPF_RECORD_TWICE,
	 "redirect=b.example"},
	{"RFC 7208 s6: exp twice", "v=spf1 exp=a.example -all exp=a.example",
	 SPF_RECORD_TWICE, "exp=a.example"},
	{"RFC 7208 s6.1: redirect without a domain",
	 "v=spf1 redirect=", SPF_RECORD_NO_DOMAIN, "redirect="},
	{"RFC 7208 s7.2: a letter only of explanations", "v=spf1 a:%{c}.b.c",
	 SPF_RECORD_BAD_DOMAIN, "a:%{c}.b.c"},
};

/* Puts a record back together. */
static void
join(const struct spf_record *record, struct buf *to)
{
	for (size_t i = 0; i < record->len; i++) {
		const struct spf_term *t = &record->term[i];
		struct spf_ip address = spf_term_ip(t);
		struct spf_ip_text ip = spf_ip_format(&address);
		struct span domain = spf_term_domain(record, t);

		if (i > 0)
			buf_addc(to, ' ');
		if (t->kind < SPF_REDIRECT)
			buf_addc(to, t->qualifier);
		buf_adds(to, spf_kind_name(t->kind));
		if (t->kind == SPF_IP4)
			buf_addf(to, "=%s/%u", ip.s, t->prefix4);
		if (t->kind == SPF_IP6)
			buf_addf(to, "=%s/%u", ip.s, t->prefix6);
		if (domain.len > 0)
			buf_addf(to, "%c" SPAN_FMT,
				 t->kind < SPF_REDIRECT ? ':' : '=',
				 SPAN_ARG(domain));
		if (t->kind == SPF_A || t->kind == SPF_MX)
			buf_addf(to, "/%u//%u", t->prefix4, t->prefix6);
	}
}

static void
test_good(void **state)
{
	const struct good_row *row = *state;
	struct arena arena = ARENA_INIT(ARENA_MAX);
	struct buf text = BUF_INIT(4096);
	struct spf_record record;
	struct span fault = SPAN("untouched");

	assert_int_equal(
		spf_record_parse(span_of(row->text), &arena, &record, &fault),
		SPF_RECORD_OK);
	assert_span(fault, "untouched");
	join(&record, &text);
	assert_string_equal(text.ptr, row->want);
	buf_release(&text);
	arena_release(&arena);
}

static void
test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct arena arena = ARENA_INIT(ARENA_MAX);
	struct spf_record record = {.len = 77};
	struct span fault;

	assert_int_equal(
		spf_record_parse(span_of(row->text), &arena, &record, &fault),
		row->status);
	assert_span(fault, row->fault);
	assert_int_equal(record.len, 77);
	assert_true(strlen(spf_record_strerror(row->status)) > 0);
	arena_release(&arena);
}

/* Returns "v=spf1" and `count` times " a". */
static void
many(struct buf *to, size_t count)
{
	buf_adds(to, "v=spf1");
	for (size_t i = 0; i < count; i++)
		buf_adds(to, " a");
}

static void
test_limits(void **state)
{
	struct arena arena = ARENA_INIT(ARENA_MAX);
	struct buf text = BUF_INIT(1 << 20);
	struct spf_record record;
	struct span fault;

	(void)state;
	many(&text, SPF_TERMS_MAX);
	assert_int_equal(
		spf_record_parse(buf_span(&text), &arena, &record, &fault),
		SPF_RECORD_OK);
	assert_int_equal(record.len, SPF_TERMS_MAX);
	buf_adds(&text, " a");
	assert_int_equal(
		spf_record_parse(buf_span(&text), &arena, &record, &fault),
		SPF_RECORD_TOO_MANY);
	buf_clear(&text);
	buf_adds(&text, "v=spf1");
	while (text.len < SPF_TEXT_MAX)
		buf_addc(&text, ' ');
	assert_int_equal(
		spf_record_parse(buf_span(&text), &arena, &record, &fault),
		SPF_RECORD_OK);
	buf_addc(&text, ' ');
	assert_int_equal(
		spf_record_parse(buf_span(&text), &arena, &record, &fault),
		SPF_RECORD_TOO_LONG);
	buf_release(&text);
	arena_release(&arena);
}

/* Cuts a record at every byte, in a block of that size: ASan watches. */
static void
test_prefixes(void **state)
{
	static const char text[] = "v=spf1 a:%{d1r-}.b.c/24//64 ip6:::1/128 "
				   "mx/1 redirect=%{ir}.x exp=%%%_%-.y x=1";

	(void)state;
	for (size_t n = 1; n < sizeof(text); n++) {
		struct arena arena = ARENA_INIT(ARENA_MAX);
		char *copy = memcpy(malloc(n), text, n);
		struct spf_record record;
		struct span fault;

		if (spf_record_parse((struct span){copy, n}, &arena, &record,
				     &fault) != SPF_RECORD_OK)
			assert_true(fault.ptr >= copy &&
				    fault.ptr + fault.len <= copy + n);
		free(copy);
		arena_release(&arena);
	}
}

int
main(void)
{
	UNIT_ROWS(test_good, good);
	UNIT_ROWS(test_bad, bad);
	UNIT(test_limits);
	UNIT(test_prefixes);
	return unit_run("mailauth/spf_record");
}
