/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of RFC 7208, by their sections, where spf_test.c does not have
 * them already; and what hostile records and answers may do to a receiver.
 */
#include "base/buf.h"
#include "dns/fixture.h"
#include "mailauth/spf.h"
#include "mailauth/spf_macro.h"
#include "unit.h"

/* Turns ' into " and parses the fixture. */
static struct fixture *
zone_of(const char *text)
{
	struct buf json = BUF_INIT(FIXTURE_MAX);
	struct fixture *fixture;
	struct error error;

	for (; *text != '\0'; text++)
		buf_addc(&json, *text == '\'' ? '"' : *text);
	fixture = fixture_parse(buf_span(&json), &error);
	if (fixture == NULL)
		fail_msg("%s", error.text);
	buf_release(&json);
	return fixture;
}

#define SPF(text) "{'TXT':[['v=spf1 " text "']]}"
#define A(ip)     "{'A':['" ip "']}"

static const struct row {
	const char *name;
	const char *ip;
	const char *mail_from; /* HELO is mx.example.net */
	const char *zone;
	enum spf_verdict verdict;
	enum spf_reason reason;
	const char *term;
	const char *explanation;
} rows[] = {
	{"RFC 7208 s2.3: HELO, not of a single label", "192.0.2.1", "",
	 "{'mx.example.net':" SPF("ip4:192.0.2.1 -all") "}", SPF_PASS,
	 SPF_REASON_MATCH, "ip4:192.0.2.1", ""},
	{"RFC 7208 s4.3: no local-part is postmaster", "192.0.2.1",
	 "@a.example",
	 "{'a.example':" SPF("exists:%{l}.b.c -all") ",'postmaster.b.c':" A(
		 "127.0.0.2") "}",
	 SPF_PASS, SPF_REASON_MATCH, "exists:%{l}.b.c", ""},
	{"RFC 7208 s4.3: no @ at all is a domain", "192.0.2.1", "a.example",
	 "{'a.example':" SPF("exists:%{l}.b.c -all") ",'postmaster.b.c':" A(
		 "127.0.0.2") "}",
	 SPF_PASS, SPF_REASON_MATCH, "exists:%{l}.b.c", ""},
	{"RFC 7208 s4.3: the last @ is the one", "192.0.2.1",
	 "\"b@c\"@a.example", "{'a.example':" SPF("-all") "}", SPF_FAIL,
	 SPF_REASON_MATCH, "-all", ""},
	{"RFC 7208 s4.3: a label of 64 octets", "192.0.2.1",
	 "u@0123456789012345678901234567890123456789012345678901234567890123"
	 ".example",
	 "{}", SPF_NONE, SPF_REASON_DOMAIN, "", ""},
	{"RFC 7208 s4.4: SERVFAIL", "192.0.2.1", "u@a.example",
	 "{'a.example':{'SERVFAIL':'*'}}", SPF_TEMPERROR, SPF_REASON_DNS, "",
	 ""},
	{"RFC 7208 s4.5: the version in any case", "192.0.2.1", "u@A.ExAmPlE",
	 "{'a.example':{'TXT':[['V=sPf1 IP4:192.0.2.1 -ALL']]}}", SPF_PASS,
	 SPF_REASON_MATCH, "IP4:192.0.2.1", ""},
	{"RFC 7208 s4.6.4: an mx of ten hosts is one lookup", "192.0.2.9",
	 "u@a.example",
	 "{'a.example':{'TXT':[['v=spf1 mx -all']],'MX':[[1,'1.b.c'],"
	 "[1,'2.b.c'],[1,'3.b.c'],[1,'4.b.c'],[1,'5.b.c'],[1,'6.b.c'],"
	 "[1,'7.b.c'],[1,'8.b.c'],[1,'9.b.c'],[1,'x.b.c']]},'x.b.c':" A(
		 "192.0.2.9") "}",
	 SPF_PASS, SPF_REASON_MATCH, "mx", ""},
	{"RFC 7208 s4.6.4: redirect= is a lookup", "192.0.2.1", "u@a.example",
	 "{'a.example':{'A':['192.0.2.9'],'TXT':[['v=spf1 a a/31 a/30 a/32//1 "
	 "a/32//2 a/32//3 a/32//4 a/32//5 a/32//6 a/32//7 redirect=b.c']]},"
	 "'b.c':" SPF("+all") "}",
	 SPF_PERMERROR, SPF_REASON_LOOKUPS, "redirect=b.c", ""},
	{"RFC 7208 s4.6.4: all, ip4, ip6 and exp= are none", "192.0.2.1",
	 "u@a.example",
	 "{'a.example':" SPF(
		 "ip4:1.2.3.4 ip4:1.2.3.4 ip4:1.2.3.4 ip4:1.2.3.4 ip4:1.2.3.4 "
		 "ip4:1.2.3.4 ip4:1.2.3.4 ip4:1.2.3.4 ip4:1.2.3.4 ip6:::1 "
		 "ip6:::1 -all exp=e.c") ",'e.c':{'TXT':[['so']]}}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", "so"},
	{"RFC 7208 s4.6.4: a void of an include's record counts not as one",
	 "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("a:x.c a:y.c ip4:192.0.2.1 -all") "}", SPF_PASS,
	 SPF_REASON_MATCH, "ip4:192.0.2.1", ""},
	{"RFC 7208 s4.7: terms are evaluated from left to right", "192.0.2.1",
	 "u@a.example", "{'a.example':" SPF("?ip4:192.0.2.1 ip4:192.0.2.1") "}",
	 SPF_NEUTRAL, SPF_REASON_MATCH, "?ip4:192.0.2.1", ""},
	{"RFC 7208 s5: an IPv4-mapped client is an IPv4 client",
	 "::ffff:192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("ip6:::/0 ip4:192.0.2.1 -all") "}", SPF_PASS,
	 SPF_REASON_MATCH, "ip4:192.0.2.1", ""},
	{"RFC 7208 s5: ... and its macro i is one", "::ffff:192.0.2.1",
	 "u@a.example",
	 "{'a.example':" SPF("exists:%{ir}.%{v}.b.c -all") ",'1.2.0.192.in-"
							   "addr.b.c':" A(
								   "127."
								   "0.0."
								   "2") "}",
	 SPF_PASS, SPF_REASON_MATCH, "exists:%{ir}.%{v}.b.c", ""},
	{"RFC 7208 s5: an IPv6 client asks for AAAA", "2001:db8::1",
	 "u@a.example",
	 "{'a.example':{'TXT':[['v=spf1 a//64 -all']],'A':['192.0.2.1'],"
	 "'AAAA':['2001:db8::99']}}",
	 SPF_PASS, SPF_REASON_MATCH, "a//64", ""},
	{"RFC 7208 s5: a prefix of the other family does not count",
	 "2001:db8::1", "u@a.example",
	 "{'a.example':{'TXT':[['v=spf1 a/0 -all']],'AAAA':['2001:db8::99']}}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", ""},
	{"RFC 7208 s5: all but one bit", "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("ip4:192.0.2.2/31 ip4:192.0.2.0/31 -all") "}",
	 SPF_PASS, SPF_REASON_MATCH, "ip4:192.0.2.0/31", ""},
	{"RFC 7208 s5: an IPv6 prefix beyond 64", "2001:db8::1:1",
	 "u@a.example",
	 "{'a.example':" SPF("ip6:2001:db8::/112 ip6:2001:db8::/111 -all") "}",
	 SPF_PASS, SPF_REASON_MATCH, "ip6:2001:db8::/111", ""},
	{"RFC 7208 s5.2: include of a permerror is one", "192.0.2.1",
	 "u@a.example",
	 "{'a.example':" SPF("include:b.c +all") ",'b.c':" SPF("moo") "}",
	 SPF_PERMERROR, SPF_REASON_SYNTAX, "moo", ""},
	{"RFC 7208 s5.2: include of a softfail goes on", "192.0.2.1",
	 "u@a.example",
	 "{'a.example':" SPF("include:b.c ?all") ",'b.c':" SPF("~all") "}",
	 SPF_NEUTRAL, SPF_REASON_MATCH, "?all", ""},
	{"RFC 7208 s5.2: include of a redirect", "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("include:b.c -all") ",'b.c':" SPF(
		 "redirect=c.d") ",'c.d':" SPF("ip4:192.0.2.1 -all") "}",
	 SPF_PASS, SPF_REASON_MATCH, "ip4:192.0.2.1", ""},
	{"RFC 7208 s5.2: +all behind redirect= of an include stays there",
	 "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("-include:b.c ?all") ",'b.c':" SPF(
		 "redirect=c.d") ",'c.d':" SPF("+all") "}",
	 SPF_FAIL, SPF_REASON_MATCH, "+all", ""},
	{"RFC 7208 s5.3: SERVFAIL of an address", "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("a:b.c +all") ",'b.c':{'SERVFAIL':'*'}}",
	 SPF_TEMPERROR, SPF_REASON_DNS, "a:b.c", ""},
	{"RFC 7208 s5.4: SERVFAIL of an MX host", "192.0.2.1", "u@a.example",
	 "{'a.example':{'TXT':[['v=spf1 mx +all']],'MX':[[1,'b.c']]},'b.c':{'"
	 "SERVFAIL':'*'}}",
	 SPF_TEMPERROR, SPF_REASON_DNS, "mx", ""},
	{"RFC 7208 s5.4: the implicit MX is none", "192.0.2.1", "u@a.example",
	 "{'a.example':{'TXT':[['v=spf1 mx -all']],'A':['192.0.2.1']}}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", ""},
	{"RFC 7505: a null MX matches nobody", "192.0.2.1", "u@a.example",
	 "{'a.example':{'TXT':[['v=spf1 mx -all']],'MX':[[0,'.']],"
	 "'A':['192.0.2.1']}}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", ""},
	{"RFC 7208 s5.5: the name itself", "192.0.2.1", "u@a.example",
	 "{'a.example':{'TXT':[['v=spf1 ptr -all']],'A':['192.0.2.1']},"
	 "'1.2.0.192.in-addr.arpa':{'PTR':['A.EXAMPLE']}}",
	 SPF_PASS, SPF_REASON_MATCH, "ptr", ""},
	{"RFC 7208 s5.5: not a name that only ends alike", "192.0.2.1",
	 "u@a.example",
	 "{'a.example':" SPF("ptr -all") ",'xa.example':" A(
		 "192.0.2.1") ",'1.2.0.192.in-addr.arpa':{'PTR':['xa.example']}"
			      "}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", ""},
	{"RFC 7208 s5.5: of eleven names the last is not looked at",
	 "192.0.2.1", "u@a.example",
	 "{'a.example':{'TXT':[['v=spf1 ptr -all']],'A':['192.0.2.1']},"
	 "'1.2.0.192.in-addr.arpa':{'PTR':['1.b.c','2.b.c','3.b.c','4.b.c',"
	 "'5.b.c','6.b.c','7.b.c','8.b.c','9.b.c','10.b.c','a.example']}}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", ""},
	{"RFC 7208 s5.5: of ten it is", "192.0.2.1", "u@a.example",
	 "{'a.example':{'TXT':[['v=spf1 ptr -all']],'A':['192.0.2.1']},"
	 "'1.2.0.192.in-addr.arpa':{'PTR':['1.b.c','2.b.c','3.b.c','4.b.c',"
	 "'5.b.c','6.b.c','7.b.c','8.b.c','9.b.c','a.example']}}",
	 SPF_PASS, SPF_REASON_MATCH, "ptr", ""},
	{"RFC 7208 s5.5: an error of one name passes over it", "192.0.2.1",
	 "u@a.example",
	 "{'a.example':" SPF("ptr -all") ",'x.a.example':{'SERVFAIL':'*'},'y.a."
					 "example':" A(
						 "192.0.2.1") ",'1.2.0.192.in-"
							      "addr.arpa':{'"
							      "PTR':["
							      "'x.a.example','"
							      "y.a.example']}}",
	 SPF_PASS, SPF_REASON_MATCH, "ptr", ""},
	{"RFC 7208 s5.5: of an IPv6 client", "2001:db8::1", "u@a.example",
	 "{'a.example':{'TXT':[['v=spf1 ptr -all']],'AAAA':['2001:db8::1']},"
	 "'1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2."
	 "ip6.arpa':{'PTR':['a.example']}}",
	 SPF_PASS, SPF_REASON_MATCH, "ptr", ""},
	{"RFC 7208 s5.7: exists asks for A of an IPv6 client too",
	 "2001:db8::1", "u@a.example",
	 "{'a.example':" SPF("exists:b.c -all") ",'b.c':{'AAAA':['::1']}}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", ""},
	{"RFC 7208 s5.7: exists fails with DNS", "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("exists:b.c +all") ",'b.c':{'TIMEOUT':'*'}}",
	 SPF_TEMPERROR, SPF_REASON_DNS, "exists:b.c", ""},
	{"RFC 7208 s6.1: redirect= makes %{d} another", "192.0.2.1",
	 "u@a.example",
	 "{'a.example':" SPF("redirect=b.c") ",'b.c':" SPF(
		 "exists:%{d}._x.y -all") ",'b.c._x.y':" A("127.0.0.2") "}",
	 SPF_PASS, SPF_REASON_MATCH, "exists:%{d}._x.y", ""},
	{"RFC 7208 s6.1: redirect= to a name of one label", "192.0.2.1",
	 "u@a.example", "{'a.example':" SPF("redirect=%{l}") "}", SPF_PERMERROR,
	 SPF_REASON_REDIRECT, "redirect=%{l}", ""},
	{"RFC 7208 s6.1: redirect= fails with DNS", "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("redirect=b.c") ",'b.c':{'TIMEOUT':'*'}}",
	 SPF_TEMPERROR, SPF_REASON_DNS, "", ""},
	{"RFC 7208 s6.2: strings of an explanation are joined", "192.0.2.1",
	 "u@a.example",
	 "{'a.example':" SPF("-all exp=e.c") ",'e.c':{'TXT':[['no',' %{i}']]}}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", "no 192.0.2.1"},
	{"RFC 7208 s6.2: two texts are none", "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("-all exp=e.c") ",'e.c':{'TXT':[['x'],['y']]}}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", ""},
	{"RFC 7208 s6.2: one that DNS does not say is none", "192.0.2.1",
	 "u@a.example",
	 "{'a.example':" SPF("-all exp=e.c") ",'e.c':{'TIMEOUT':'*'}}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", ""},
	{"RFC 7208 s6.2: eight-bit text is none", "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("-all exp=e.c") ",'e.c':{'TXT':[['caf\\u00e9']]}}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", ""},
	{"RFC 7208 s6.2: eight bits of a sender are none", "192.0.2.1",
	 "\xc3\xa9@a.example",
	 "{'a.example':" SPF("-all exp=e.c") ",'e.c':{'TXT':[['by %{l}']]}}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", ""},
	{"RFC 7208 s6.2: of a sender with eight bits, escaped, they are",
	 "192.0.2.1", "\xc3\xa9@a.example",
	 "{'a.example':" SPF("-all exp=e.c") ",'e.c':{'TXT':[['by %{L}']]}}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", "by %C3%A9"},
	{"RFC 7208 s6.2: exp= is for a fail only", "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("~all exp=e.c") ",'e.c':{'TXT':[['x']]}}",
	 SPF_SOFTFAIL, SPF_REASON_MATCH, "~all", ""},
	{"RFC 7208 s6.2: an include that fails the message says nothing",
	 "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("-include:b.c exp=e.c") ",'b.c':" SPF(
		 "+all exp=f.c") ",'e.c':{'TXT':[['outer']]},'f.c':{'TXT':[["
				 "'inner']]}}",
	 SPF_FAIL, SPF_REASON_MATCH, "+all", "outer"},
	{"RFC 7208 s7.2: every letter", "192.0.2.1", "l+x@a.example",
	 "{'a.example':" SPF("-all exp=e.c") ",'e.c':{'TXT':[['%{s} %{l} %{o} "
					     "%{d} %{i} %{p} %{v} %{h} %{c} "
					     "%{r} %{t} %%%_%-']]}}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all",
	 "l+x@a.example l+x a.example a.example 192.0.2.1 unknown in-addr "
	 "mx.example.net 192.0.2.1 me.example 1700000000 % %20"},
	{"RFC 7208 s7.3: %{p} is the domain itself if that is validated",
	 "192.0.2.1", "u@a.example",
	 "{'a.example':{'TXT':[['v=spf1 -all exp=e.c']],'A':['192.0.2.1']},"
	 "'x.a.example':" A("192.0.2.1") ",'z.y':" A(
		 "192.0.2.1") ",'1.2.0.192.in-addr.arpa':{'PTR':['z.y',"
			      "'x.a.example','a.example']},'e.c':{'TXT':[['%{p}"
			      "']]}}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", "a.example"},
	{"RFC 7208 s7.3: else one below it", "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("-all exp=e.c") ",'x.a.example':" A(
		 "192.0.2.1") ",'z.y':" A("192.0.2.1") ",'1.2.0.192.in-addr."
						       "arpa':{'PTR':['z.y','"
						       "x.a.example']},'e.c':{'"
						       "TXT':[['%{p}']]}}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", "x.a.example"},
	{"RFC 7208 s7.3: unknown if none is validated", "192.0.2.1",
	 "u@a.example",
	 "{'a.example':" SPF("-all exp=e.c") ",'x.a.example':" A(
		 "192.0.2.2") ",'1.2.0.192.in-addr.arpa':{'PTR':['x.a.example']"
			      "},'e.c':{'TXT':[['%{p}']]}}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", "unknown"},
	{"RFC 7208 s7.3: %{p} in a domain-spec", "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("exists:%{p}.b.c -all") ",'x.a.example':" A(
		 "192.0.2.1") ",'1.2.0.192.in-addr.arpa':{'PTR':['x.a.example']"
			      "},'x.a.example.b.c':" A("127.0.0.2") "}",
	 SPF_PASS, SPF_REASON_MATCH, "exists:%{p}.b.c", ""},
	{"RFC 8616 s4: U-labels are asked for, and put in, as A-labels",
	 "192.0.2.1",
	 "u@b\xc3\xbc"
	 "cher.example",
	 "{'xn--bcher-kva.example':" SPF(
		 "exists:%{o}.b.c -all") ",'xn--bcher-"
					 "kva.example."
					 "b.c':" A("127."
						   "0.0."
						   "2") "}",
	 SPF_PASS, SPF_REASON_MATCH, "exists:%{o}.b.c", ""},
	{"RFC 8616 s4: eight-bit octets that are no U-label have no record",
	 "192.0.2.1", "u@b\xff.example", "{'b.example':" SPF("+all") "}",
	 SPF_NONE, SPF_REASON_NO_RECORD, "", ""},
	{"RFC 8616 s4: %{s} of an eight-bit local-part does not match",
	 "192.0.2.1", "\xc3\xa9@a.example",
	 "{'a.example':" SPF(
		 "exists:%{s}.b.c ~exists:%{o}.b.c -all") ",'*.b.c"
							  "':" A("127.0.0.2") "}",
	 SPF_SOFTFAIL, SPF_REASON_MATCH, "~exists:%{o}.b.c", ""},
	{"security P4: digits above 2^31", "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF(
		 "exists:%{d2147483648}.b.c -all") ",'a.example.b."
						   "c':" A("127.0.0.2") "}",
	 SPF_PASS, SPF_REASON_MATCH, "exists:%{d2147483648}.b.c", ""},
	{"security P4: no digits, no letter, no end", "192.0.2.1",
	 "u@a.example", "{'a.example':" SPF("+all a:%{d0}.b.c") "}",
	 SPF_PERMERROR, SPF_REASON_SYNTAX, "a:%{d0}.b.c", ""},
	{"security P4: an unknown letter", "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("+all a:%{x}.b.c") "}", SPF_PERMERROR,
	 SPF_REASON_SYNTAX, "a:%{x}.b.c", ""},
	{"security P4: an open brace", "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("+all a:b.c.%{") "}", SPF_PERMERROR,
	 SPF_REASON_SYNTAX, "a:b.c.%{", ""},
	{"security P4: a transformer behind the delimiters", "192.0.2.1",
	 "u@a.example", "{'a.example':" SPF("+all a:%{l1-r}.b.c") "}",
	 SPF_PERMERROR, SPF_REASON_SYNTAX, "a:%{l1-r}.b.c", ""},
	{"security P5: a label of 64 octets is not asked", "192.0.2.1",
	 "0123456789012345678901234567890123456789012345678901234567890123"
	 "@a.example",
	 "{'a.example':" SPF("exists:%{l}.b.c -all") ",'*.b.c':" A(
		 "127.0.0.2") "}",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", ""},
	{"security P6: a NUL inside", "192.0.2.1", "u@a.example",
	 "{'a.example':{'TXT':[['v=spf1 a\\u0001 +all']]}}", SPF_PERMERROR,
	 SPF_REASON_SYNTAX, "a\1", ""},
	{"security P8: ip4 of 33 bits", "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("ip4:1.2.3.4/33 +all") "}", SPF_PERMERROR,
	 SPF_REASON_SYNTAX, "ip4:1.2.3.4/33", ""},
	{"security P8: ip4 of 0 bits", "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("ip4:1.2.3.4/0 -all") "}", SPF_PASS,
	 SPF_REASON_MATCH, "ip4:1.2.3.4/0", ""},
	{"security P8: ip6 of 32 bits", "2001:db8:ffff::1", "u@a.example",
	 "{'a.example':" SPF("ip6:2001:db8::/32 -all") "}", SPF_PASS,
	 SPF_REASON_MATCH, "ip6:2001:db8::/32", ""},
	{"security P8: ip6 of 129 bits", "192.0.2.1", "u@a.example",
	 "{'a.example':" SPF("ip6:::/129 +all") "}", SPF_PERMERROR,
	 SPF_REASON_SYNTAX, "ip6:::/129", ""},
	{"security P8: a/0//0", "192.0.2.1", "u@a.example",
	 "{'a.example':{'TXT':[['v=spf1 a/0//0 -all']],'A':['1.1.1.1']}}",
	 SPF_PASS, SPF_REASON_MATCH, "a/0//0", ""},
	{"security P8: a//64 of an IPv4 client is a/32", "192.0.2.1",
	 "u@a.example",
	 "{'a.example':{'TXT':[['v=spf1 a//64 -all']],'A':['192.0.2.1']}}",
	 SPF_PASS, SPF_REASON_MATCH, "a//64", ""},
	{"security P10: NXDOMAIN", "192.0.2.1", "u@a.example",
	 "{'a.example':{'NXDOMAIN':'*'}}", SPF_NONE, SPF_REASON_NO_RECORD, "",
	 ""},
	{"security P10: a timeout", "192.0.2.1", "u@a.example",
	 "{'a.example':{'TIMEOUT':'*'}}", SPF_TEMPERROR, SPF_REASON_DNS, "",
	 ""},
};

static const struct spf_result *
evaluate(struct spf *m, const char *ip, const char *mail_from,
	 const struct fixture *fixture, struct arena *arena)
{
	struct spf_input input = {
		.helo = SPAN("mx.example.net"),
		.mail_from = span_of(mail_from),
		.receiver = SPAN("me.example"),
		.now = INT64_C(1700000000999),
		.trace = true,
	};
	struct dns_question question;

	assert_true(spf_ip_parse(span_of(ip), &input.ip));
	spf_init(m, &input, arena);
	while (spf_ask(m, &question)) {
		struct arena scratch = ARENA_INIT(1 << 20);
		struct dns_answer answer;

		fixture_answer(fixture, &question, &scratch, &answer);
		spf_answer(m, &answer);
		arena_release(&scratch);
	}
	return spf_result(m);
}

/* Of the trace: as many questions and lookups as the result has. */
static void
check_trace(const struct spf_result *r)
{
	unsigned questions = 0, lookups = 0, voids = 0;
	bool decided = false;

	for (const struct spf_trace *t = r->trace; t != NULL; t = t->next) {
		questions += t->kind == SPF_TRACE_QUESTION;
		voids += t->is_void;
		if (t->lookup > lookups)
			lookups = t->lookup;
		if (t->kind == SPF_TRACE_TERM && t->decided && r->term.len > 0)
			decided |= span_equal(t->text, r->term);
	}
	assert_int_equal(questions, r->questions);
	assert_int_equal(lookups, r->lookups);
	assert_true(voids == r->voids || voids == r->voids + 1);
	assert_true(decided || r->reason != SPF_REASON_MATCH);
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = ARENA_INIT(SPF_ARENA_MAX);
	struct fixture *fixture = zone_of(row->zone);
	const struct spf_result *got;
	static struct spf m;

	got = evaluate(&m, row->ip, row->mail_from, fixture, &arena);
	assert_string_equal(spf_verdict_name(got->verdict),
			    spf_verdict_name(row->verdict));
	assert_string_equal(spf_reason_text(got->reason),
			    spf_reason_text(row->reason));
	assert_span(got->term, row->term);
	assert_span(got->explanation, row->explanation);
	check_trace(got);
	fixture_free(fixture);
	arena_release(&arena);
}

/* The tree of an evaluation, in short. */
static void
draw(const struct spf_result *r, struct buf *to)
{
	for (const struct spf_trace *t = r->trace; t != NULL; t = t->next) {
		buf_addf(to, "%u", t->depth);
		if (t->kind == SPF_TRACE_RECORD)
			buf_addf(to, "%c" SPAN_FMT "=%s",
				 t->redirected ? '>' : ' ', SPAN_ARG(t->domain),
				 spf_verdict_name(t->verdict));
		else if (t->kind == SPF_TRACE_TERM)
			buf_addf(to, " " SPAN_FMT ":%s", SPAN_ARG(t->text),
				 spf_outcome_name(t->outcome));
		else
			buf_addf(to, "?" SPAN_FMT " %s", SPAN_ARG(t->text),
				 dns_type_name(t->type));
		buf_adds(to, t->decided ? "*;" : ";");
	}
}

static void
test_tree(void **state)
{
	struct arena arena = ARENA_INIT(SPF_ARENA_MAX);
	struct buf got = BUF_INIT(65536);
	struct fixture *fixture = zone_of("{'a.example':" SPF(
		"a:x.c "
		"include:b.c "
		"redirect=d.c") ",'b.c':" SPF("-all") ",'d.c':" SPF("include:e."
								    "c -all") ",'e.c':" SPF("ip4:"
											    "192.0."
											    "2.1 "
											    "?all") "}");
	static struct spf m;

	(void)state;
	draw(evaluate(&m, "192.0.2.1", "u@a.example", fixture, &arena), &got);
	assert_string_equal(
		got.ptr,
		"0 a.example=pass*;0?a.example TXT;0 a:x.c:no match;0?x.c A;"
		"0 include:b.c:no match;1 b.c=fail;1?b.c TXT;1 -all:match;"
		"0 redirect=d.c:followed*;0>d.c=pass*;0?d.c TXT;"
		"0 include:e.c:match*;1 e.c=pass*;1?e.c TXT;"
		"1 ip4:192.0.2.1:match*;");
	buf_release(&got);
	fixture_free(fixture);
	arena_release(&arena);
}

/* security P7: what was made of the sender and asked can be seen. */
static void
test_names(void **state)
{
	struct arena arena = ARENA_INIT(SPF_ARENA_MAX);
	struct fixture *fixture = zone_of(
		"{'a.example':" SPF("exists:%{l}.%{o}.%{i}._log.b.c -all") "}");
	const struct spf_result *r;
	static struct spf m;
	bool seen = false;

	(void)state;
	r = evaluate(&m, "192.0.2.1", "bob@a.example", fixture, &arena);
	assert_int_equal(r->questions, 2);
	for (const struct spf_trace *t = r->trace; t != NULL; t = t->next)
		seen |= t->kind == SPF_TRACE_QUESTION &&
			span_equal(t->text,
				   SPAN("bob.a.example.192.0.2.1._log.b.c"));
	assert_true(seen);
	fixture_free(fixture);
	arena_release(&arena);
}

/* One TXT record for the first question, then an error for each other one. */
static const struct spf_result *
answered(struct spf *m, struct span record, enum dns_status then,
	 struct arena *arena)
{
	struct spf_input input = {
		.helo = SPAN("mx.example.net"),
		.mail_from = SPAN("u@a.example"),
		.receiver = SPAN(""),
	};
	struct dns_rr rr = {.type = DNS_TXT, .txt.strings = 1};
	struct dns_answer a = {.status = DNS_OK, .rr = &rr, .len = 1};
	struct dns_question question;

	rr.txt.text = record;
	assert_true(spf_ip_parse(SPAN("192.0.2.1"), &input.ip));
	spf_init(m, &input, arena);
	while (spf_ask(m, &question)) {
		spf_answer(m, &a);
		a = (struct dns_answer){.status = then};
	}
	return spf_result(m);
}

/* security P10: no error, of whatever kind, is "none" or "pass". */
static void
test_errors(void **state)
{
	static const enum dns_status errors[] = {DNS_SERVFAIL, DNS_TIMEOUT,
						 DNS_BAD};
	static const char *const records[] = {
		"v=spf1 a +all", "v=spf1 mx +all", "v=spf1 include:b.c +all",
		"v=spf1 exists:b.c +all", "v=spf1 redirect=b.c"};
	static struct spf m;

	(void)state;
	for (size_t i = 0; i < COUNT(errors) * COUNT(records); i++) {
		struct arena arena = ARENA_INIT(SPF_ARENA_MAX);
		const struct spf_result *r =
			answered(&m, span_of(records[i / COUNT(errors)]),
				 errors[i % COUNT(errors)], &arena);

		assert_int_equal(r->verdict, SPF_TEMPERROR);
		assert_int_equal(r->questions, 2);
		arena_release(&arena);
	}
}

/*
 * security P3: the caller's time is over.  Each question is answered with a
 * timeout, and the evaluation ends soon, also where errors are passed over.
 */
static void
test_time(void **state)
{
	struct arena arena = ARENA_INIT(SPF_ARENA_MAX);
	const struct spf_result *r;
	static struct spf m;

	(void)state;
	r = answered(&m, SPAN("v=spf1 ptr ptr:b.c -all exp=%{p}.c.d"),
		     DNS_TIMEOUT, &arena);
	assert_int_equal(r->verdict, SPF_FAIL);
	assert_int_equal(r->questions, 3);
	arena_release(&arena);
}

/* security P6: what is too large, and what only looks like a record. */
static void
test_large(void **state)
{
	static const struct {
		const char *unit;
		size_t octets;
		enum spf_verdict verdict;
		enum spf_record_status syntax;
	} large[] = {
		{" ", 65000, SPF_PERMERROR, SPF_RECORD_TOO_LONG},
		{" ip4:192.0.2.1", 65000, SPF_PERMERROR, SPF_RECORD_TOO_LONG},
		{" x=y", 5000, SPF_PERMERROR, SPF_RECORD_TOO_MANY},
		{" x=y", 1000, SPF_NEUTRAL, SPF_RECORD_OK},
	};
	struct buf text = BUF_INIT(1 << 20);
	static struct spf m;

	(void)state;
	for (size_t i = 0; i < COUNT(large); i++) {
		struct arena arena = ARENA_INIT(SPF_ARENA_MAX);
		const struct spf_result *r;

		buf_clear(&text);
		buf_adds(&text, "v=spf1");
		while (text.len < large[i].octets)
			buf_adds(&text, large[i].unit);
		r = answered(&m, buf_span(&text), DNS_NXDOMAIN, &arena);
		assert_int_equal(r->verdict, large[i].verdict);
		assert_int_equal(r->syntax, large[i].syntax);
		assert_true(r->record.len <= SPF_TEXT_MAX + 1);
		arena_release(&arena);
	}
	buf_release(&text);
}

/* security P9: a text of ten KiB is cut, never more than 255 octets. */
static void
test_explanation(void **state)
{
	struct buf zone = BUF_INIT(65536);
	struct arena arena = ARENA_INIT(SPF_ARENA_MAX);
	const struct spf_result *r;
	struct fixture *fixture;
	static struct spf m;

	(void)state;
	buf_adds(&zone, "{'a.example':" SPF("-all exp=e.c") ",'e.c':{'TXT':[[");
	for (int i = 0; i < 50; i++)
		buf_addf(&zone, "%s'%0200d %%{s}'", i > 0 ? "," : "", i);
	buf_adds(&zone, "]]}}");
	fixture = zone_of(zone.ptr);
	r = evaluate(&m, "192.0.2.1", "u@a.example", fixture, &arena);
	assert_int_equal(r->verdict, SPF_FAIL);
	assert_int_equal(r->explanation.len, SPF_EXPLANATION_MAX);
	fixture_free(fixture);
	buf_release(&zone);
	arena_release(&arena);
}

/* Records above SPF_SCRATCH_MAX terms, from memory and from a cache. */
static void
test_scratch(void **state)
{
	struct spf_cache *cache = spf_cache_new(8, 1);
	struct buf text = BUF_INIT(65536);
	static struct spf m;

	(void)state;
	for (int terms = SPF_SCRATCH_MAX - 1; terms < SPF_SCRATCH_MAX + 2;
	     terms++)
		for (int round = 0; round < 3; round++) {
			struct arena arena = ARENA_INIT(SPF_ARENA_MAX);
			struct spf_input input = {
				.helo = SPAN(""),
				.mail_from = SPAN("u@a.example"),
				.receiver = SPAN(""),
				.cache = round > 0 ? cache : NULL,
			};
			struct dns_question q;
			struct dns_rr rr = {.type = DNS_TXT};
			struct dns_answer a = {
				.status = DNS_OK, .rr = &rr, .len = 1};
			const struct spf_result *r;

			buf_clear(&text);
			buf_adds(&text, "v=spf1");
			for (int i = 1; i < terms; i++)
				buf_addf(&text, " ip4:198.51.100.%d", i);
			buf_adds(&text, " ip4:192.0.2.1");
			rr.txt.text = buf_span(&text);
			assert_true(spf_ip_parse(SPAN("192.0.2.1"), &input.ip));
			spf_init(&m, &input, &arena);
			assert_true(spf_ask(&m, &q));
			spf_answer(&m, &a);
			/* nothing of the result is the answer's any more */
			memset(text.ptr, 'x', text.len);
			assert_false(spf_ask(&m, &q));
			r = spf_result(&m);
			assert_int_equal(r->verdict, SPF_PASS);
			assert_span(r->term, "ip4:192.0.2.1");
			assert_true(span_starts(r->record, SPAN("v=spf1 ")));
			arena_release(&arena);
		}
	spf_cache_free(cache);
	buf_release(&text);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_tree);
	UNIT(test_names);
	UNIT(test_errors);
	UNIT(test_time);
	UNIT(test_large);
	UNIT(test_explanation);
	UNIT(test_scratch);
	return unit_run("mailauth/spf_rules");
}
