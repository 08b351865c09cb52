/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf_lint.h"

#include <stdlib.h>

#include "base/buf.h"
#include "dns/fixture.h"
#include "text/json.h"
#include "unit.h"

#define FILE_MAX ((size_t)1 << 20)

/* The names of what was found, each with its offset if it has a term. */
static void
names_of(const struct spf_findings *f, struct buf *to)
{
	for (size_t i = 0; i < f->len; i++) {
		const struct spf_finding *one = &f->finding[i];

		buf_addf(to, "%s%s", i > 0 ? " " : "",
			 spf_lint_name(one->code));
		if (one->term.len > 0)
			buf_addf(to, "@%zu", one->offset);
		if (one->number > 0)
			buf_addf(to, "=%zu", one->number);
	}
}

static const struct text_row {
	const char *name;
	const char *text;
	const char *want;
} texts[] = {
	{"nothing to say", "v=spf1 ip4:192.0.2.1 include:a.example ~all", ""},
	{"redirect= ends a record", "v=spf1 mx redirect=a.example", ""},
	{"RFC 7208 s4.5: another text", "v=spf2.0/pra -all", "not-spf"},
	{"RFC 7208 s4.5: a space first", " v=spf1 -all", "not-spf"},
	{"RFC 7208 s4.5: v=spf10", "v=spf10 -all", "not-spf"},
	{"RFC 7208 s4.5: no space behind the version", "v=spf1-all",
	 "version-without-space"},
	{"RFC 7208 s4.6: a malformed term", "v=spf1 ip4:1.2.3 -all",
	 "syntax@7"},
	{"RFC 7208 s4.6: each malformed term", "v=spf1 moo a:b ~all",
	 "syntax@7 syntax@11"},
	{"RFC 7208 s4.6.4: eleven lookups of its own",
	 "v=spf1 a:1.b.c a:2.b.c a:3.b.c a:4.b.c a:5.b.c a:6.b.c a:7.b.c "
	 "a:8.b.c a:9.b.c a:10.b.c redirect=a.b",
	 "too-many-lookups=11"},
	{"RFC 7208 s4.6.4: what is behind all does not count",
	 "v=spf1 a:1.b.c a:2.b.c a:3.b.c a:4.b.c a:5.b.c a:6.b.c a:7.b.c "
	 "a:8.b.c a:9.b.c a:10.b.c -all exists:%{i}.b.c",
	 "behind-all@93"},
	{"RFC 7208 s4.7: no end", "v=spf1 ip4:192.0.2.1", "no-all"},
	{"RFC 7208 s5.1: +all", "v=spf1 +all", "pass-all@7"},
	{"RFC 7208 s5.1: all is +all", "v=spf1 all", "pass-all@7"},
	{"RFC 7208 s5.1: ?all", "v=spf1 ?all", "neutral-all@7"},
	{"RFC 7208 s5.1: behind all", "v=spf1 -all a mx",
	 "behind-all@12 behind-all@14"},
	{"RFC 7208 s6.1: redirect= and all", "v=spf1 -all redirect=a.example",
	 "redirect-with-all@12"},
	{"RFC 7208 s5.5: ptr", "v=spf1 ptr:a.example -all", "ptr@7"},
	{"RFC 7208 s5.7: exists of one name", "v=spf1 exists:a.example -all",
	 "exists-without-macro@7"},
	{"RFC 7208 s6: twice", "v=spf1 exp=a.b -all exp=c.d exp=e.f",
	 "modifier-not-last@15 duplicate-modifier@20 duplicate-modifier@28"},
	{"RFC 7208 s6: a modifier first", "v=spf1 redirect=a.example mx",
	 "modifier-not-last@26"},
	{"RFC 7208 s6: one that is not known", "v=spf1 -all x=y",
	 "unknown-modifier@12"},
	{"RFC 7208 s6: = in place of :", "v=spf1 -all Include=a.example",
	 "upper-case@12 equals-sign@12"},
	{"RFC 7208 s7.2: the macro p", "v=spf1 exists:%{p}._a.b.c -all",
	 "macro-p@7"},
	{"a macro of what the sender says", "v=spf1 a:%{l}.b.c -all",
	 "macro-odd@7"},
	{"exists may use it", "v=spf1 exists:%{l}.%{o}.b.c -all", ""},
	{"bits behind the prefix",
	 "v=spf1 ip4:192.0.2.1/24 ip6:2001:db8::1/64"
	 " -all",
	 "host-bits@7 host-bits@24"},
	{"the whole address has none",
	 "v=spf1 ip4:192.0.2.1/32 "
	 "ip6:2001:db8::1/128 -all",
	 ""},
	{"wide networks", "v=spf1 ip4:3.0.0.0/8 ip6:2000::/3 a/8 mx//20 -all",
	 "wide-network@7=8 wide-network@21=3 wide-network@34=8 "
	 "wide-network@38=20"},
	{"everybody", "v=spf1 ip4:0.0.0.0/0 ip6:::/0 a/0 mx//0 -all",
	 "every-address@7 every-address@21 every-address@30 "
	 "every-address@34"},
	{"not on the Internet",
	 "v=spf1 ip4:10.1.0.0/16 ip4:127.0.0.1 ip4:172.31.0.0/24 "
	 "ip4:172.32.0.0/24 ip6:fd00::/16 ip6:fe80::/10 -all",
	 "private-network@7 private-network@23 private-network@37 "
	 "private-network@73 private-network@87"},
	{"the same twice", "v=spf1 mx +MX a:b.c a:b.c//64 -all",
	 "upper-case@10 duplicate-term@10"},
	{"a network in another",
	 "v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.128/25 ip4:192.0.0.0/16 "
	 "ip6:2001:db8::/32 ip6:2001:db8:1::/48 -all",
	 "covered-network@24 covered-network@78"},
	{"capital letters", "V=spf1 -all", "upper-case@0"},
};

static void
test_text(void **state)
{
	const struct text_row *row = *state;
	static struct spf_findings f;
	struct buf got = BUF_INIT(65536);

	spf_findings_init(&f);
	spf_lint_record(span_of(row->text), &f);
	names_of(&f, &got);
	assert_string_equal(got.ptr, row->want);
	for (size_t i = 0; i < f.len; i++) {
		struct spf_lint_text what = spf_lint_what(&f.finding[i]);

		assert_null(strchr(what.s, '#'));
		assert_true(strlen(what.s) > 20 &&
			    strlen(what.s) < sizeof(what.s) - 1);
		assert_true(strlen(spf_lint_repair(&f.finding[i])) > 5);
	}
	buf_release(&got);
}

static void
test_long(void **state)
{
	static struct spf_findings f;
	struct buf text = BUF_INIT(1 << 20);

	(void)state;
	buf_adds(&text, "v=spf1");
	for (int i = 0; text.len < 300; i++)
		buf_addf(&text, " ip4:192.0.%d.0/24", i);
	spf_findings_init(&f);
	spf_lint_record(buf_span(&text), &f);
	assert_true(spf_findings_has(&f, SPF_LINT_STRING));
	for (int i = 100; text.len <= SPF_LINT_LONG_MAX; i++)
		buf_addf(&text, " ip4:192.0.%d.0/24", i);
	spf_findings_init(&f);
	spf_lint_record(buf_span(&text), &f);
	assert_true(spf_findings_has(&f, SPF_LINT_LONG));
	assert_false(spf_findings_has(&f, SPF_LINT_STRING));
	/* as many findings as there are, and the first ones of them */
	for (int i = 0; i < 600; i++)
		buf_adds(&text, " x=1");
	spf_findings_init(&f);
	spf_lint_record(buf_span(&text), &f);
	assert_int_equal(f.len, SPF_FINDINGS_MAX);
	assert_true(f.more > 300);
	while (text.len <= SPF_TEXT_MAX)
		buf_adds(&text, " a");
	spf_findings_init(&f);
	spf_lint_record(buf_span(&text), &f);
	assert_true(spf_findings_has(&f, SPF_LINT_TOO_LONG));
	buf_clear(&text);
	buf_adds(&text, "v=spf1");
	for (int i = 0; i <= SPF_TERMS_MAX; i++)
		buf_addf(&text, " ip4:192.%d.%d.0/24", i / 256, i % 256);
	spf_findings_init(&f);
	spf_lint_record(buf_span(&text), &f);
	assert_true(spf_findings_has(&f, SPF_LINT_TOO_MANY_TERMS));
	buf_release(&text);
}

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

static const struct tree_row {
	const char *name;
	const char *zone; /* of a.example */
	const char *want;
	unsigned lookups, voids;
	bool unknown;
} trees[] = {
	{"nothing to say",
	 "{'a.example':" SPF("include:b.example -all") ",'b.example':" SPF(
		 "ip4:"
		 "192.0."
		 "2.1 "
		 "?all") "}",
	 "", 1, 0, false},
	{"RFC 7208 s4.5: no record", "{'a.example':{'TXT':[['x']]}}",
	 "no-record", 0, 0, false},
	{"RFC 7208 s4.5: no domain", "{}", "no-record", 0, 0, false},
	{"RFC 7208 s4.5: two records",
	 "{'a.example':{'TXT':[['v=spf1 -all'],['v=spf1 a -all']]}}",
	 "several-records", 0, 0, false},
	{"RFC 7208 s3.1: type 99",
	 "{'a.example':{'TXT':[['v=spf1 -all']],'SPF':[['v=spf1 "
	 "-all']]}}",
	 "type-99", 0, 0, false},
	{"RFC 7208 s5.2: include of none",
	 "{'a.example':" SPF("mx:a.example include:b.example -all") ",'c':{}}",
	 "void-lookup@7 include-without-record@20", 2, 1, false},
	{"RFC 7208 s5.2: in an include, told where it stands",
	 "{'a.example':" SPF("include:b.example -all") ",'b.example':" SPF(
		 "include"
		 ":c."
		 "example"
		 " +all") "}",
	 "pass-all@25 include-without-record@7", 2, 0, false},
	{"RFC 7208 s6.1: redirect to none",
	 "{'a.example':" SPF("redirect=b.example") "}",
	 "redirect-without-record@7", 1, 0, false},
	{"RFC 7208 s6.1: redirect counts, and what is there",
	 "{'a.example':" SPF("redirect=b.example") ",'b.example':" SPF(
		 "include:c.example -all") ",'c.example':" SPF("-all") "}",
	 "", 2, 0, false},
	{"RFC 7208 s6.1: not behind all",
	 "{'a.example':" SPF("-all redirect=b.example") "}",
	 "redirect-with-all@12", 0, 0, false},
	{"RFC 7208 s5.2: a loop",
	 "{'a.example':" SPF("include:b.example -all") ",'b.example':" SPF(
		 "include"
		 ":A."
		 "example"
		 " -all") "}",
	 "loop@7", 2, 0, false},
	{"RFC 7208 s5.2: of itself",
	 "{'a.example':" SPF("redirect=a.example") "}", "loop@7", 1, 0, false},
	{"RFC 7208 s4.6.4: a record reached twice counts twice",
	 "{'a.example':" SPF(
		 "include:b.example include:c.example -all") ","
							     "'b."
							     "example'"
							     ":" SPF("i"
								     "n"
								     "c"
								     "l"
								     "u"
								     "d"
								     "e"
								     ":"
								     "c"
								     "."
								     "e"
								     "x"
								     "a"
								     "m"
								     "p"
								     "l"
								     "e"
								     " "
								     "-"
								     "a"
								     "l"
								     "l") ",'c."
									  "exam"
									  "ple'"
									  ":" SPF("e"
										  "x"
										  "i"
										  "s"
										  "t"
										  "s"
										  ":"
										  "%"
										  "{"
										  "i"
										  "}"
										  "."
										  "d"
										  "."
										  "e"
										  "x"
										  "a"
										  "m"
										  "p"
										  "l"
										  "e"
										  " "
										  "-"
										  "a"
										  "l"
										  "l") "}",
	 "record-twice@25", 5, 0, false},
	{"RFC 7208 s4.6.4: eight lookups",
	 "{'a.example':{'A':['192.0.2.1'],'TXT':[['v=spf1 a a/31 a/30 "
	 "a/29 "
	 "a/28 a/27 a/26 a/25 -all']]}}",
	 "lookups-near-limit=8", 8, 0, false},
	{"RFC 7208 s4.6.4: eleven lookups over the tree",
	 "{'a.example':" SPF(
		 "include:b.example include:c.example -all") ","
							     "'b."
							     "example':"
							     "{'A':['"
							     "192.0.2."
							     "1'],'TXT'"
							     ":[['v="
							     "spf1 a "
							     "a/31 "
							     "a/30 "
							     "a/29 "
							     "-all']]},"
							     "'c."
							     "example':"
							     "{'AAAA':["
							     "'2001:"
							     "db8::1'],"
							     "'TXT':[['"
							     "v=spf1 a "
							     "a/31 "
							     "a/30 "
							     "a/29 "
							     "a/28 "
							     "-all']]}"
							     "}",
	 "too-many-lookups=11", 11, 0, false},
	{"RFC 7208 s4.6.4: three lookups that find nothing",
	 "{'a.example':" SPF(
		 "a:x.example mx:y.example exists:z.example -all") "}",
	 "exists-without-macro@32 void-lookup@7 void-lookup@19 "
	 "void-lookup@32 "
	 "too-many-voids=3",
	 3, 3, false},
	{"RFC 7208 s4.6.4: eleven MX hosts",
	 "{'a.example':{'TXT':[['v=spf1 mx -all']],'MX':["
	 "[1,'1.b.c'],[1,'2.b.c'],[1,'3.b.c'],[1,'4.b.c'],[1,'5.b.c'],"
	 "[1,'6.b.c'],[1,'7.b.c'],[1,'8.b.c'],[1,'9.b.c'],[1,'10.b.c'],"
	 "[1,'11.b.c']]}}",
	 "mx-too-many@7=11", 1, 0, false},
	{"RFC 7208 s6.2: exp= without a text",
	 "{'a.example':" SPF("-all exp=e.example") "}", "exp-without-text@12",
	 0, 0, false},
	{"RFC 7208 s6.2: exp= with one",
	 "{'a.example':" SPF("-all exp=e.example") ",'e.example':{'TXT':[['no'"
						   "]]}}",
	 "", 0, 0, false},
	{"a name that depends on the message",
	 "{'a.example':" SPF("include:%{i}.b.example -all") "}",
	 "macro-not-followed@7", 1, 0, false},
	{"DNS does not answer", "{'a.example':{'TIMEOUT':'*'}}", "dns-failed",
	 0, 0, true},
	{"DNS does not answer for a term",
	 "{'a.example':" SPF(
		 "a:b.example include:c.example -all") ","
						       "'b.example':{'"
						       "SERVFAIL':'*'},"
						       "'c.example':{'"
						       "TIMEOUT':'*'}}",
	 "dns-failed@7 dns-failed@19", 2, 0, true},
	{"of others, only what breaks",
	 "{'a.example':" SPF("include:b.example -all") ",'b.example':" SPF(
		 "ip4:10."
		 "0.0.1 "
		 "x=y "
		 "ptr "
		 "ip4:0."
		 "0.0.0/"
		 "0") "}",
	 "ptr@24 every-address@28", 2, 0, false},
	{"a malformed record",
	 "{'a.example':" SPF("include:b.example -all") ",'b.example':" SPF(
		 "a:b "
		 "-all") "}",
	 "syntax@7", 1, 0, false},
};

static void
answer_all(struct spf_lint *m, const struct fixture *fixture)
{
	struct dns_question question, again;

	while (spf_lint_ask(m, &question)) {
		struct arena arena = ARENA_INIT(1 << 20);
		struct dns_answer answer;

		assert_true(spf_lint_ask(m, &again));
		assert_true(dname_equal(&question.name, &again.name));
		fixture_answer(fixture, &question, &arena, &answer);
		spf_lint_answer(m, &answer);
		arena_release(&arena);
	}
}

static void
test_tree(void **state)
{
	const struct tree_row *row = *state;
	struct arena arena = ARENA_INIT(SPF_LINT_ARENA_MAX);
	struct fixture *fixture = zone_of(row->zone);
	struct buf got = BUF_INIT(65536);
	static struct spf_lint m;
	struct dname name;

	assert_int_equal(dname_parse(SPAN("a.example"), &name), DNAME_OK);
	spf_lint_init(&m, &name, &arena);
	answer_all(&m, fixture);
	names_of(&m.findings, &got);
	assert_string_equal(got.ptr, row->want);
	assert_int_equal(m.lookups, row->lookups);
	assert_int_equal(m.voids, row->voids);
	assert_int_equal(m.unknown, row->unknown);
	assert_false(m.stopped);
	buf_release(&got);
	fixture_free(fixture);
	arena_release(&arena);
}

/* Each record includes two others twice: it gives up, and says so. */
static void
test_explosion(void **state)
{
	struct buf zone = BUF_INIT(65536);
	struct arena arena = ARENA_INIT(SPF_LINT_ARENA_MAX);
	static struct spf_lint m;
	struct fixture *fixture;
	struct dname name;

	(void)state;
	buf_adds(&zone, "{'x':{}");
	for (int i = 0; i < 100; i++)
		buf_addf(&zone,
			 ",'%d.example':" SPF("include:%d.example "
					      "include:%d.example -all"),
			 i, i + 1, i + 2);
	buf_adds(&zone, "}");
	fixture = zone_of(zone.ptr);
	assert_int_equal(dname_parse(SPAN("0.example"), &name), DNAME_OK);
	spf_lint_init(&m, &name, &arena);
	answer_all(&m, fixture);
	assert_true(m.stopped);
	assert_true(spf_findings_has(&m.findings, SPF_LINT_TOO_LARGE));
	assert_true(spf_findings_has(&m.findings, SPF_LINT_LOOKUPS));
	assert_true(m.questions <= SPF_LINT_QUESTIONS_MAX);
	fixture_free(fixture);
	buf_release(&zone);
	arena_release(&arena);
}

/* Lints a.example of `zone`. */
static void
lint_zone(struct spf_lint *m, const char *zone, struct arena *arena)
{
	struct fixture *fixture = zone_of(zone);
	struct dname name;

	assert_int_equal(dname_parse(SPAN("a.example"), &name), DNAME_OK);
	spf_lint_init(m, &name, arena);
	answer_all(m, fixture);
	fixture_free(fixture);
}

/* Where DNS fails nothing is said but that, and each finding has a weight. */
static void
test_failures(void **state)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(SPF_LINT_ARENA_MAX);
	static struct spf_lint m;
	size_t n = 0;

	(void)state;
	lint_zone(&m,
		  "{'a.example':" SPF("mx:m.example exists:m.example "
				      "include:no.example include:no.example "
				      "-all") ",'m.example':{'SERVFAIL':'*'}}",
		  &arena);
	assert_true(m.unknown);
	assert_int_equal(m.lookups, 4);
	assert_true(spf_findings_has(&m.findings, SPF_LINT_DNS));
	assert_true(spf_findings_has(&m.findings, SPF_LINT_INCLUDE_NONE));
	for (int i = SPF_LINT_NOTE; i <= SPF_LINT_ERROR; i++) {
		enum spf_lint_severity severity = (enum spf_lint_severity)i;

		n += spf_findings_count(&m.findings, severity);
		assert_true(strlen(spf_lint_severity_name(severity)) > 0);
	}
	assert_int_equal(n, m.findings.len);
	assert_true(spf_findings_count(&m.findings, SPF_LINT_ERROR) > 0);
}

/* It gives up at too many look-ups, and at too many terms. */
static void
test_gives_up(void **state)
{
	CLEANUP(buf_release) struct buf zone = BUF_INIT(65536);
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(SPF_LINT_ARENA_MAX);
	CLEANUP(arena_release)
	struct arena again = ARENA_INIT(SPF_LINT_ARENA_MAX);
	static struct spf_lint m;

	(void)state;
	buf_adds(&zone, "{'a.example':{'TXT':[['v=spf1");
	for (int i = 0; i <= SPF_LINT_LOOKUPS_MAX; i++)
		buf_addf(&zone, "%s exists:%%{i}.example",
			 i % 8 == 7 ? "','" : "");
	buf_adds(&zone, "']]}}");
	lint_zone(&m, zone.ptr, &arena);
	assert_true(m.stopped);
	assert_true(spf_findings_has(&m.findings, SPF_LINT_TOO_LARGE));
	buf_clear(&zone);
	buf_adds(&zone, "{'a.example':{'TXT':[['v=spf1");
	for (int i = 0; i < 40; i++)
		buf_addf(&zone, "%s include:b.example",
			 i % 8 == 7 ? "','" : "");
	buf_adds(&zone, "']]},'b.example':{'TXT':[['v=spf1");
	for (int i = 0; i < 500; i++)
		buf_addf(&zone, "%s ip4:192.0.2.%d", i % 8 == 7 ? "','" : "",
			 i % 256);
	buf_adds(&zone, "']]}}");
	lint_zone(&m, zone.ptr, &again);
	assert_true(m.stopped);
	assert_true(m.lookups < 40);
	assert_true(spf_findings_has(&m.findings, SPF_LINT_TOO_LARGE));
}

/* All TXT records of a name are one answer. */
static void
test_answer(void **state)
{
	struct buf zone = BUF_INIT(65536);
	struct arena arena = ARENA_INIT(SPF_LINT_ARENA_MAX);
	static struct spf_lint m;
	struct fixture *fixture;
	struct dname name;

	(void)state;
	buf_adds(&zone, "{'a.example':{'TXT':[['v=spf1 -all']");
	for (int i = 0; i < 12; i++)
		buf_addf(&zone, ",['some-service-verification=%032d']", i);
	buf_adds(&zone, "]}}");
	fixture = zone_of(zone.ptr);
	assert_int_equal(dname_parse(SPAN("a.example"), &name), DNAME_OK);
	spf_lint_init(&m, &name, &arena);
	answer_all(&m, fixture);
	assert_true(spf_findings_has(&m.findings, SPF_LINT_ANSWER));
	fixture_free(fixture);
	buf_release(&zone);
	arena_release(&arena);
}

/* A small arena is no reason to crash. */
static void
test_small_arena(void **state)
{
	struct fixture *fixture = zone_of(trees[0].zone);
	static struct spf_lint m;
	struct dname name;

	(void)state;
	assert_int_equal(dname_parse(SPAN("a.example"), &name), DNAME_OK);
	for (size_t max = 16; max < 2048; max += 32) {
		struct arena arena = ARENA_INIT(max);

		spf_lint_init(&m, &name, &arena);
		answer_all(&m, fixture);
		arena_release(&arena);
	}
	fixture_free(fixture);
}

/* What others call it: any of ours will do. */
static const struct alias {
	const char *theirs;
	enum spf_lint_code ours[3];
} aliases[] = {
	{"TOO_MANY_DNS_LOOKUPS", {SPF_LINT_LOOKUPS, SPF_LINT_LOOKUPS}},
	{"ALL_NOT_LAST_MECHANISM", {SPF_LINT_BEHIND_ALL, SPF_LINT_BEHIND_ALL}},
	{"ALL_AND_REDIRECT", {SPF_LINT_REDIRECT_ALL, SPF_LINT_REDIRECT_ALL}},
	{"SHOULD_AVOID_PTR", {SPF_LINT_PTR, SPF_LINT_PTR}},
	{"SHOULD_AVOID_VALIDATED_DOMAIN_MACRO",
	 {SPF_LINT_MACRO_P, SPF_LINT_MACRO_P}},
	{"MODIFIER_NOT_AFTER_MECHANISMS",
	 {SPF_LINT_MODIFIER_PLACE, SPF_LINT_MODIFIER_PLACE}},
	{"DUPLICATED_MODIFIER",
	 {SPF_LINT_DUPLICATE_MODIFIER, SPF_LINT_DUPLICATE_MODIFIER}},
	{"UNKNOWN_MODIFIER", {SPF_LINT_UNKNOWN_MODIFIER, SPF_LINT_EQUALS_SIGN}},
};

static size_t
count_code(const struct spf_findings *f, const struct alias *alias)
{
	size_t n = 0;

	for (size_t i = 0; i < f->len; i++)
		n += f->finding[i].code == alias->ours[0] ||
		     f->finding[i].code == alias->ours[1];
	return n;
}

static size_t
count_theirs(const json_t *issues, const char *name)
{
	const json_t *issue;
	size_t n = 0, i;

	json_array_foreach(issues, i, issue) n +=
		span_equal(json_text(issue), span_of(name));
	return n;
}

/*
 * Rows of SESAME_CONFORMANCE: we find what they find, and nothing of that
 * kind where they do not.  (Of what is there three times they tell once.)
 */
static void
test_conformance(void **state)
{
	const char *dir = getenv("SESAME_CONFORMANCE");
	static struct spf_findings f;
	json_t *json, *one;
	char path[4096];
	size_t i;

	(void)state;
	snprintf(path, sizeof(path), "%s/spf/spf-lint.json",
		 dir != NULL ? dir : SOURCE_ROOT "/../shared/conformance");
	json = json_load_file(path, 0, NULL);
	if (json == NULL)
		skip();
	json_array_foreach(json_object_get(json, "cases"), i, one)
	{
		const json_t *issues = json_object_get(one, "issues"), *issue;
		struct span id = json_text(json_object_get(one, "id"));
		size_t k;

		spf_findings_init(&f);
		spf_lint_record(json_text(json_object_get(one, "txt")), &f);
		for (k = 0; k < COUNT(aliases); k++)
			if ((count_theirs(issues, aliases[k].theirs) > 0) !=
			    (count_code(&f, &aliases[k]) > 0))
				fail_msg(SPAN_FMT ": %s", SPAN_ARG(id),
					 aliases[k].theirs);
		json_array_foreach(issues, k, issue)
		{
			bool known = false;

			for (size_t a = 0; a < COUNT(aliases); a++)
				known |= span_equal(json_text(issue),
						    span_of(aliases[a].theirs));
			assert_true(known);
		}
	}
	json_decref(json);
}

int
main(void)
{
	UNIT_ROWS(test_text, texts);
	UNIT(test_long);
	UNIT_ROWS(test_tree, trees);
	UNIT(test_explosion);
	UNIT(test_failures);
	UNIT(test_gives_up);
	UNIT(test_answer);
	UNIT(test_small_arena);
	UNIT(test_conformance);
	return unit_run("mailauth/spf_lint");
}
