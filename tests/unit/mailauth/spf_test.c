/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf.h"

#include "base/buf.h"
#include "dns/fixture.h"
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

#define TXT(text) "{'TXT':[['" text "']]}"

static const struct row {
	const char *name;
	const char *zone;
	const char *mail_from; /* from 192.0.2.1, HELO mx.example.net */
	enum spf_verdict verdict;
	enum spf_reason reason;
	const char *term;
	const char *explanation;
	unsigned lookups;
} rows[] = {
	{"RFC 7208 s2.6.3: pass, and the term that matched",
	 "{'a.example':" TXT("v=spf1 ip4:192.0.2.0/24 -all") "}", "u@a.example",
	 SPF_PASS, SPF_REASON_MATCH, "ip4:192.0.2.0/24", "", 0},
	{"RFC 7208 s2.6.1: none without a record", "{'b.example':{}}",
	 "u@a.example", SPF_NONE, SPF_REASON_NO_RECORD, "", "", 0},
	{"RFC 7208 s4.3: none for a single label", "{}", "u@localhost",
	 SPF_NONE, SPF_REASON_DOMAIN, "", "", 0},
	{"RFC 7208 s4.3: none for an empty label", "{}", "u@a..example",
	 SPF_NONE, SPF_REASON_DOMAIN, "", "", 0},
	{"RFC 7208 s4.3: an address literal is no domain", "{}",
	 "u@[192.0.2.1]", SPF_NONE, SPF_REASON_NO_RECORD, "", "", 0},
	{"RFC 7208 s2.4: a null sender is its HELO",
	 "{'mx.example.net':" TXT(
		 "v=spf1 exists:%{l}.%{o} -all") ","
						 "'postmaster.mx.example.net':{"
						 "'A':['192.0.2.9']}}",
	 "", SPF_PASS, SPF_REASON_MATCH, "exists:%{l}.%{o}", "", 1},
	{"RFC 7208 s4.4: temperror when DNS fails",
	 "{'a.example':{'TIMEOUT':'*'}}", "u@a.example", SPF_TEMPERROR,
	 SPF_REASON_DNS, "", "", 0},
	{"RFC 7208 s4.5: two records",
	 "{'a.example':{'TXT':[['v=spf1 +all'],['v=spf1 -all']]}}",
	 "u@a.example", SPF_PERMERROR, SPF_REASON_RECORDS, "", "", 0},
	{"RFC 7208 s4.5: other records do not count",
	 "{'a.example':{'TXT':[['v=spf10 +all'],['v=spf1 -all'],['x']]}}",
	 "u@a.example", SPF_FAIL, SPF_REASON_MATCH, "-all", "", 0},
	{"RFC 7208 s3.3: strings are joined without a space",
	 "{'a.example':{'TXT':[['v=spf1 ip4:192.0','.2.1 -all']]}}",
	 "u@a.example", SPF_PASS, SPF_REASON_MATCH, "ip4:192.0.2.1", "", 0},
	{"RFC 7208 s4.6: an error anywhere, before evaluation",
	 "{'a.example':" TXT("v=spf1 +all ip4:1.2.3") "}", "u@a.example",
	 SPF_PERMERROR, SPF_REASON_SYNTAX, "ip4:1.2.3", "", 0},
	{"RFC 7208 s4.7: neutral by default",
	 "{'a.example':" TXT("v=spf1 ip4:192.0.2.7") "}", "u@a.example",
	 SPF_NEUTRAL, SPF_REASON_DEFAULT, "", "", 0},
	{"RFC 7208 s5.2: include passes on pass",
	 "{'a.example':" TXT(
		 "v=spf1 ?include:b.example -all") ","
						   "'b.example':" TXT(
							   "v=spf1 +all") "}",
	 "u@a.example", SPF_NEUTRAL, SPF_REASON_MATCH, "+all", "", 1},
	{"RFC 7208 s5.2: include of a fail goes on",
	 "{'a.example':" TXT(
		 "v=spf1 include:b.example ~all") ","
						  "'b.example':" TXT(
							  "v=spf1 -all") "}",
	 "u@a.example", SPF_SOFTFAIL, SPF_REASON_MATCH, "~all", "", 1},
	{"RFC 7208 s5.2: include of none is permerror",
	 "{'a.example':" TXT("v=spf1 include:b.example +all") "}",
	 "u@a.example", SPF_PERMERROR, SPF_REASON_INCLUDE, "include:b.example",
	 "", 1},
	{"RFC 7208 s5.2: include of a temperror is one",
	 "{'a.example':" TXT("v=spf1 include:b.example +all") ","
							      "'b.example':{'"
							      "SERVFAIL':'*'}}",
	 "u@a.example", SPF_TEMPERROR, SPF_REASON_DNS, "", "", 1},
	{"RFC 7208 s5.2: include of itself ends",
	 "{'a.example':" TXT("v=spf1 include:a.example") "}", "u@a.example",
	 SPF_PERMERROR, SPF_REASON_LOOKUPS, "include:a.example", "", 10},
	{"RFC 7208 s5.2: two that include each other end",
	 "{'a.example':" TXT("v=spf1 include:b.example") ","
							 "'b.example':" TXT(
								 "v=spf1 "
								 "include:a."
								 "example") "}",
	 "u@a.example", SPF_PERMERROR, SPF_REASON_LOOKUPS, "include:b.example",
	 "", 10},
	{"RFC 7208 s5.3: a, within a prefix",
	 "{'a.example':{'TXT':[['v=spf1 a/24 -all']],'A':['192.0.2.77']}}",
	 "u@a.example", SPF_PASS, SPF_REASON_MATCH, "a/24", "", 1},
	{"RFC 7208 s5.4: mx",
	 "{'a.example':{'TXT':[['v=spf1 mx -all']],"
	 "'MX':[[10,'h.example'],[20,'i.example']]},"
	 "'i.example':{'A':['192.0.2.1']}}",
	 "u@a.example", SPF_PASS, SPF_REASON_MATCH, "mx", "", 1},
	{"RFC 7208 s5.4: mx does not mean a",
	 "{'a.example':{'TXT':[['v=spf1 mx -all']],'A':['192.0.2.1']}}",
	 "u@a.example", SPF_FAIL, SPF_REASON_MATCH, "-all", "", 1},
	{"RFC 7208 s4.6.4: eleven MX names",
	 "{'a.example':{'TXT':[['v=spf1 mx -all']],'MX':["
	 "[1,'1.b.c'],[1,'2.b.c'],[1,'3.b.c'],[1,'4.b.c'],[1,'5.b.c'],"
	 "[1,'6.b.c'],[1,'7.b.c'],[1,'8.b.c'],[1,'9.b.c'],[1,'10.b.c'],"
	 "[1,'11.b.c']]}}",
	 "u@a.example", SPF_PERMERROR, SPF_REASON_MX, "mx", "", 1},
	{"RFC 7208 s5.5: ptr of a name below",
	 "{'a.example':" TXT(
		 "v=spf1 ptr -all") ","
				    "'1.2.0.192.in-addr.arpa':{'PTR':['h.a."
				    "example']},"
				    "'h.a.example':{'A':['192.0.2.1']}}",
	 "u@a.example", SPF_PASS, SPF_REASON_MATCH, "ptr", "", 1},
	{"RFC 7208 s5.5: ptr of a name that does not point back",
	 "{'a.example':" TXT(
		 "v=spf1 ptr -all") ","
				    "'1.2.0.192.in-addr.arpa':{'PTR':['h.a."
				    "example']},"
				    "'h.a.example':{'A':['192.0.2.2']}}",
	 "u@a.example", SPF_FAIL, SPF_REASON_MATCH, "-all", "", 1},
	{"RFC 7208 s5.5: a DNS error is no match",
	 "{'a.example':" TXT("v=spf1 ptr -all") ","
						"'1.2.0.192.in-addr.arpa':{'"
						"SERVFAIL':'*'}}",
	 "u@a.example", SPF_FAIL, SPF_REASON_MATCH, "-all", "", 1},
	{"RFC 7208 s5.7: exists asks for A whatever the client",
	 "{'a.example':" TXT(
		 "v=spf1 exists:%{ir}.l.example -all") ","
						       "'1.2.0.192.l.example':{"
						       "'A':['127.0.0.2']}}",
	 "u@a.example", SPF_PASS, SPF_REASON_MATCH, "exists:%{ir}.l.example",
	 "", 1},
	{"RFC 7208 s6.1: redirect, whose record's words these are",
	 "{'a.example':" TXT(
		 "v=spf1 redirect=b.example exp=x.example") ","
							    "'b.example':" TXT(
								    "v=spf1 "
								    "-all "
								    "exp=y."
								    "example") ","
									       "'x.example':" TXT("no") ",'y.example':" TXT(
										       "%{d} says no") "}",
	 "u@a.example", SPF_FAIL, SPF_REASON_MATCH, "-all", "b.example says no",
	 1},
	{"RFC 7208 s6.1: redirect to none is permerror",
	 "{'a.example':" TXT("v=spf1 redirect=b.example") "}", "u@a.example",
	 SPF_PERMERROR, SPF_REASON_REDIRECT, "redirect=b.example", "", 1},
	{"RFC 7208 s6.1: redirect is not looked at behind all",
	 "{'a.example':" TXT("v=spf1 redirect=b.example ?all") "}",
	 "u@a.example", SPF_NEUTRAL, SPF_REASON_MATCH, "?all", "", 0},
	{"RFC 7208 s6.1: redirect to itself ends",
	 "{'a.example':" TXT("v=spf1 redirect=a.example") "}", "u@a.example",
	 SPF_PERMERROR, SPF_REASON_LOOKUPS, "redirect=a.example", "", 10},
	{"RFC 7208 s6.2: exp of an include does not speak",
	 "{'a.example':" TXT(
		 "v=spf1 include:b.example -all") ","
						  "'b.example':" TXT(
							  "v=spf1 -all "
							  "exp=y.example") ","
									   "'y."
									   "exa"
									   "mpl"
									   "e'"
									   ":" TXT("inner") "}",
	 "u@a.example", SPF_FAIL, SPF_REASON_MATCH, "-all", "", 1},
	{"RFC 7208 s6.2: a malformed explanation is none",
	 "{'a.example':" TXT("v=spf1 -all exp=y.example") ","
							  "'y.example':" TXT(
								  "%{x}") "}",
	 "u@a.example", SPF_FAIL, SPF_REASON_MATCH, "-all", "", 0},
	{"RFC 7208 s6.2: line ends do not come through",
	 "{'a.example':" TXT(
		 "v=spf1 -all exp=y.example") ","
					      "'y.example':" TXT(
						      "a\\r\\nb") "}",
	 "u@a.example", SPF_FAIL, SPF_REASON_MATCH, "-all", "", 0},
	{"RFC 7208 s7.3: %{p} is the validated name",
	 "{'a.example':" TXT(
		 "v=spf1 -all exp=y.example") ","
					      "'y.example':" TXT(
						      "from %{p}") ","
								   "'1.2.0.192."
								   "in-addr."
								   "arpa':{'"
								   "PTR':['no."
								   "example','"
								   "h.example']"
								   "},"
								   "'h.example'"
								   ":{'A':['"
								   "192.0.2.1']"
								   "}}",
	 "u@a.example", SPF_FAIL, SPF_REASON_MATCH, "-all", "from h.example",
	 0},
	{"RFC 7208 s4.6.4: ten lookups",
	 "{'a.example':" TXT(
		 "v=spf1 a a a a a a a a a a +all") ",'b.a.example':{'A':['192."
						    "0.2.9']}}",
	 "u@a.example", SPF_PERMERROR, SPF_REASON_VOIDS, "a", "", 3},
	{"RFC 7208 s4.6.4: ten lookups that find something",
	 "{'a.example':{'A':['192.0.2.9'],"
	 "'TXT':[['v=spf1 a a a a a a a a a a +all']]}}",
	 "u@a.example", SPF_PASS, SPF_REASON_MATCH, "+all", "", 10},
	{"RFC 7208 s4.6.4: eleven lookups",
	 "{'a.example':{'A':['192.0.2.9'],"
	 "'TXT':[['v=spf1 a a a a a a a a a a a +all']]}}",
	 "u@a.example", SPF_PERMERROR, SPF_REASON_LOOKUPS, "a", "", 10},
	{"RFC 7208 s4.6.4: two void lookups",
	 "{'a.example':" TXT("v=spf1 a:b.c a:d.e +all") "}", "u@a.example",
	 SPF_PASS, SPF_REASON_MATCH, "+all", "", 2},
	{"RFC 7208 s4.8: a name that cannot be is not asked",
	 "{'a.example':" TXT("v=spf1 a:%{l}..b.c -all") "}", "u@a.example",
	 SPF_FAIL, SPF_REASON_MATCH, "-all", "", 1},
	{"RFC 8616 s4: %{l} of an eight-bit local-part does not match",
	 "{'a.example':" TXT(
		 "v=spf1 exists:%{l}.b.c -all") ",'*.b.c':{'A':['127.0.0.1']}}",
	 "\xc3\xa9@a.example", SPF_FAIL, SPF_REASON_MATCH, "-all", "", 1},
	{"RFC 8616 s4: nor does a redirect= with it lead anywhere",
	 "{'a.example':" TXT("v=spf1 redirect=%{l}.b.example") "}",
	 "\xc3\xa9@a.example", SPF_PERMERROR, SPF_REASON_REDIRECT,
	 "redirect=%{l}.b.example", "", 1},
	{"RFC 8616 s4: nor is an exp= with it asked for",
	 "{'a.example':" TXT("v=spf1 -all exp=%{l}.b.example") "}",
	 "\xc3\xa9@a.example", SPF_FAIL, SPF_REASON_MATCH, "-all", "", 0},
	{"RFC 7208 s4.8: the dot at the end is not asked",
	 "{'a.example':" TXT(
		 "v=spf1 include:b.example. -all") ","
						   "'b.example':" TXT(
							   "v=spf1 +all") "}",
	 "u@a.example", SPF_PASS, SPF_REASON_MATCH, "+all", "", 1},
};

/* Answers what the machine asks from `fixture`. */
static const struct spf_result *
run(struct spf *m, const struct fixture *fixture)
{
	struct dns_question question, again;

	while (spf_ask(m, &question)) {
		struct arena arena = ARENA_INIT(1 << 20);
		struct dns_answer answer;

		assert_true(spf_ask(m, &again));
		assert_true(dname_equal(&question.name, &again.name));
		fixture_answer(fixture, &question, &arena, &answer);
		spf_answer(m, &answer);
		arena_release(&arena);
	}
	return spf_result(m);
}

static void
check_row(const struct row *row, const struct fixture *fixture,
	  struct spf_cache *cache, bool trace)
{
	struct arena arena = ARENA_INIT(SPF_ARENA_MAX);
	struct spf_input input = {
		.helo = SPAN("mx.example.net"),
		.mail_from = span_of(row->mail_from),
		.receiver = SPAN("me.example"),
		.cache = cache,
		.trace = trace,
	};
	const struct spf_result *got;
	struct spf m;

	memset(&m, 0xa5, sizeof(m)); /* nothing is expected of it */
	assert_true(spf_ip_parse(SPAN("192.0.2.1"), &input.ip));
	spf_init(&m, &input, &arena);
	got = run(&m, fixture);
	assert_string_equal(spf_verdict_name(got->verdict),
			    spf_verdict_name(row->verdict));
	assert_string_equal(spf_reason_text(got->reason),
			    spf_reason_text(row->reason));
	assert_span(got->term, row->term);
	assert_span(got->explanation, row->explanation);
	assert_int_equal(got->lookups, row->lookups);
	assert_int_equal(got->identity,
			 row->mail_from[0] != '\0' ? SPF_MAILFROM : SPF_HELO);
	assert_int_equal(got->trace != NULL, trace);
	arena_release(&arena);
}

/* As it is, with an empty cache, with a full one, and with a trace. */
static void
test_row(void **state)
{
	const struct row *row = *state;
	struct fixture *fixture = zone_of(row->zone);
	struct spf_cache *cache = spf_cache_new(64, 99);

	check_row(row, fixture, NULL, false);
	check_row(row, fixture, cache, false);
	check_row(row, fixture, cache, false);
	check_row(row, fixture, NULL, true);
	check_row(row, fixture, cache, true);
	spf_cache_free(cache);
	fixture_free(fixture);
}

/* Ten "mx" of ten names each: more questions than one evaluation may ask. */
static void
test_budget(void **state)
{
	struct buf zone = BUF_INIT(65536);
	struct arena arena = ARENA_INIT(SPF_ARENA_MAX);
	struct spf_input input = {
		.helo = SPAN(""),
		.mail_from = SPAN("u@a.example"),
		.receiver = SPAN(""),
	};
	const struct spf_result *got;
	struct fixture *fixture;
	struct spf m;

	(void)state;
	buf_adds(&zone, "{'a.example':{'TXT':[['v=spf1 mx mx mx mx mx mx -all']"
			"],'MX':[[0,'0.b.c']");
	for (int i = 1; i < SPF_MX_MAX; i++)
		buf_addf(&zone, ",[%d,'%d.b.c']", i, i);
	buf_adds(&zone, "]}}");
	fixture = zone_of(zone.ptr);
	assert_true(spf_ip_parse(SPAN("2001:db8::1"), &input.ip));
	spf_init(&m, &input, &arena);
	got = run(&m, fixture);
	assert_int_equal(got->verdict, SPF_TEMPERROR);
	assert_int_equal(got->reason, SPF_REASON_QUESTIONS);
	assert_int_equal(got->questions, SPF_QUESTIONS_MAX);
	fixture_free(fixture);
	buf_release(&zone);
	arena_release(&arena);
}

/* Whatever fits in the arena, the machine ends and gives a verdict. */
static void
check_arena(const struct fixture *fixture, size_t limit, const char *mail_from,
	    bool trace)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(limit);
	struct spf_input input = {
		.helo = SPAN("h.example"),
		.mail_from = span_of(mail_from),
		.receiver = SPAN(""),
		.trace = trace,
	};
	const struct spf_result *got;
	struct spf m;

	assert_true(spf_ip_parse(SPAN("192.0.2.1"), &input.ip));
	spf_init(&m, &input, &arena);
	got = run(&m, fixture);
	assert_true(got->verdict == SPF_FAIL || got->verdict == SPF_PERMERROR);
}

static void
test_small_arena(void **state)
{
	static const char *const from[] = {"u@a.example", "u@d.example",
					   "u@f.example"};
	struct fixture *fixture = zone_of("{'a.example':" TXT(
		"v=spf1 "
		"include:"
		"b."
		"example "
		"exp=c."
		"example "
		"-all") ",'b.example':" TXT("v=spf1 a mx -all") ",'c.example'"
								":" TXT("becaus"
									"e "
									"%{p}") ",'d.example':" TXT("v=spf1 include:%{d1r}.%{o} "
												    "redirect=e.example") ",'d.d.example'"
															  ":" TXT("v=spf1 "
																  "-all") ",'e.example':" TXT("v=spf1 ip4:203.0.113.0/24 moo") ",'f.example':" TXT("v=spf1 -all exp=%{p}.%{d}.c.example") "}");

	(void)state;
	for (size_t limit = 64; limit < 6144; limit += 16)
		for (size_t i = 0; i < COUNT(from); i++) {
			check_arena(fixture, limit, from[i], false);
			check_arena(fixture, limit, from[i], true);
		}
	fixture_free(fixture);
}

/* Without any memory the machine ends before it asks. */
static void
test_no_arena(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(8);
	struct spf_input input = {
		.helo = SPAN("h.example"),
		.mail_from = SPAN("u@a.example"),
		.receiver = SPAN(""),
	};
	struct dns_question question;
	struct spf m;

	(void)state;
	assert_true(spf_ip_parse(SPAN("192.0.2.1"), &input.ip));
	spf_init(&m, &input, &arena);
	assert_false(spf_ask(&m, &question));
	assert_int_equal(spf_result(&m)->verdict, SPF_PERMERROR);
	assert_int_equal(spf_result(&m)->reason, SPF_REASON_TOO_BIG);
}

/* Records of other types in an answer are nobody's address or exchange. */
static void
test_other_types(void **state)
{
	static const char *const record[] = {"v=spf1 a ~all", "v=spf1 mx ~all"};

	(void)state;
	for (size_t i = 0; i < COUNT(record); i++) {
		CLEANUP(arena_release)
		struct arena arena = ARENA_INIT(SPF_ARENA_MAX);
		struct dns_rr rr[] = {{.type = DNS_TXT}, {.type = DNS_CNAME}};
		struct dns_answer a = {.rr = rr, .len = 2, .status = DNS_OK};
		struct spf_input input = {
			.helo = SPAN("h.example"),
			.mail_from = SPAN("u@a.example"),
			.receiver = SPAN(""),
		};
		struct dns_question question;
		struct spf m;

		rr[0].txt.text = span_of(record[i]);
		assert_true(spf_ip_parse(SPAN("192.0.2.1"), &input.ip));
		spf_init(&m, &input, &arena);
		while (spf_ask(&m, &question)) {
			rr[1].type = DNS_CNAME;
			spf_answer(&m, &a);
		}
		assert_int_equal(spf_result(&m)->verdict, SPF_SOFTFAIL);
	}
}

/* Of steps above the limit only the number is told. */
static void
test_long_trace(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(SPF_ARENA_MAX);
	CLEANUP(buf_release) struct buf zone = BUF_INIT(FIXTURE_MAX);
	struct spf_input input = {
		.helo = SPAN("h.example"),
		.mail_from = SPAN("u@0.example"),
		.receiver = SPAN(""),
		.trace = true,
	};
	const struct spf_result *got;
	struct fixture *fixture;
	size_t told = 0;
	struct spf m;

	(void)state;
	for (int i = 0; i < 6; i++) {
		buf_addf(&zone, "%s'%d.example':{'TXT':[['v=spf1",
			 i > 0 ? "," : "{", i);
		for (size_t k = 1; k < SPF_TERMS_MAX; k++)
			buf_addf(&zone, "%s ip4:1.2.3.4",
				 k % 10 == 0 ? "','" : "");
		buf_addf(&zone, " redirect=%d.example']]}", i + 1);
	}
	buf_adds(&zone, ",'6.example':" TXT("v=spf1 -all") "}");
	fixture = zone_of(zone.ptr);
	assert_true(spf_ip_parse(SPAN("192.0.2.1"), &input.ip));
	spf_init(&m, &input, &arena);
	got = run(&m, fixture);
	assert_int_equal(got->verdict, SPF_FAIL);
	for (const struct spf_trace *t = got->trace; t != NULL; t = t->next)
		told++;
	assert_int_equal(told, SPF_TRACE_MAX);
	assert_int_equal(got->trace_more,
			 6 * (SPF_TERMS_MAX + 2) + 3 - SPF_TRACE_MAX);
	fixture_free(fixture);
}

static void
test_verdict_names(void **state)
{
	enum spf_verdict verdict;

	(void)state;
	for (int i = SPF_NONE; i <= SPF_PERMERROR; i++) {
		const char *name = spf_verdict_name((enum spf_verdict)i);

		assert_true(spf_verdict_parse(span_of(name), &verdict));
		assert_int_equal(verdict, i);
	}
	assert_false(spf_verdict_parse(SPAN("passed"), &verdict));
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_budget);
	UNIT(test_small_arena);
	UNIT(test_no_arena);
	UNIT(test_other_types);
	UNIT(test_long_trace);
	UNIT(test_verdict_names);
	return unit_run("mailauth/spf");
}
