/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc_lint.h"

#include <stdlib.h>

#include "base/buf.h"
#include "dns/fixture.h"
#include "unit.h"

/* A record that nothing is to be said of, but what a row adds. */
#define RUA "; rua=mailto:r@a.example"

static const struct row {
	const char *name;
	const char *text;
	const char *want; /* codes with "@" and their offsets, in order */
} rows[] = {
	{"nothing to say", "v=DMARC1; p=reject" RUA, ""},
	{"nothing to say, with all that is allowed",
	 "v=DMARC1;p=quarantine;sp=reject;adkim=s;aspf=r;psd=n;t=n" RUA, ""},
	{"RFC 9989 s4.7: no version", "p=none", "version.missing@0"},
	{"RFC 9989 s4.7: an SPF record", "v=spf1 -all", "version.value@2"},
	{"RFC 9989 s4.7: the version is not first", "p=none; v=DMARC1",
	 "version.not_first@8"},
	{"RFC 9989 s4.8: the version in small letters",
	 "v=dmarc1; p=reject" RUA, "version.case@0"},
	{"RFC 9989 s4.8: the tag v in capitals", "V=DMARC1; p=reject" RUA,
	 "version.case@0"},
	{"RFC 9989 s4.8: another version", "v=DMARC2; p=reject" RUA,
	 "version.value@2"},
	{"RFC 9989 s4.8: no semicolon behind the version",
	 "v=DMARC1 p=reject" RUA, "version.semicolon@2"},
	{"RFC 9989 s4.8: a comma behind the version", "v=DMARC1, p=reject",
	 "version.semicolon@2"},
	{"RFC 9989 s4.8: white space first", " v=DMARC1; p=reject" RUA,
	 "version.space@0"},
	{"quotation marks in the text", "\"v=DMARC1; p=reject\"",
	 "text.quotes@0"},
	{"a quotation mark at its end", "v=DMARC1; p=reject" RUA "; \"",
	 "text.quotes@44 tag.no_equals@44"},
	{"a zone file's backslashes", "v=DMARC1\\; p=reject\\;",
	 "text.backslash@8"},
	{"a word processor's dash",
	 "v=DMARC1; p=reject; adkim=\xe2\x80\x93" RUA,
	 "text.character@26 value.invalid@26"},
	{"RFC 9989 s4.8: a part without an equals sign",
	 "v=DMARC1; p=reject; tagonly" RUA, "tag.no_equals@20"},
	{"RFC 9989 s4.8: a colon for an equals sign",
	 "v=DMARC1; p=reject; fo:1" RUA, "tag.no_equals@20"},
	{"an address behind a semicolon",
	 "v=DMARC1; p=reject" RUA "; mailto:x@a.example", "tag.uri_outside@44"},
	{"an address with an equals sign there",
	 "v=DMARC1; p=reject" RUA "; mailto:x@a.example?a=b",
	 "tag.uri_outside@44"},
	{"a semicolon is missing", "v=DMARC1; p=reject sp=none" RUA,
	 "tag.semicolon_missing@19"},
	{"a semicolon is missing before a tab",
	 "v=DMARC1; p=reject\tsp=none" RUA, "tag.semicolon_missing@19"},
	{"a semicolon is missing behind an address",
	 "v=DMARC1; p=reject; rua=mailto:r@a.example ruf=mailto:f@a.example",
	 "tag.semicolon_missing@43 rua.missing"},
	{"no tag of an address's text is missing a semicolon",
	 "v=DMARC1; p=reject; rua=mailto:rua@a.example?p=1", ""},
	{"a tag in capitals", "v=DMARC1; p=reject; ADKIM=s" RUA, "tag.case@20"},
	{"p in capitals is no p", "v=DMARC1; P=reject" RUA,
	 "tag.case@10 p.missing@0"},
	{"a misspelt tag: a letter too few", "v=DMARC1; p=reject; adkm=s" RUA,
	 "tag.misspelt@20"},
	{"a misspelt tag: two letters swapped",
	 "v=DMARC1; p=reject; asfp=s" RUA, "tag.misspelt@20"},
	{"a misspelt tag: two letters of two",
	 "v=DMARC1; p=reject; ps=none" RUA, "tag.misspelt@20"},
	{"a misspelt tag: two letters of three swapped",
	 "v=DMARC1; p=reject; rau=mailto:r@a.example",
	 "tag.misspelt@20 rua.missing"},
	{"a misspelt tag: its whole word", "v=DMARC1; policy=reject" RUA,
	 "tag.misspelt@10 p.missing@0"},
	{"a tag of one letter could be any", "v=DMARC1; p=reject; x=y" RUA,
	 "tag.unknown@20"},
	{"RFC 9989 s4.7: an unknown tag", "v=DMARC1; p=reject; foobar=1" RUA,
	 "tag.unknown@20"},
	{"a long unknown tag",
	 "v=DMARC1; p=reject; aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=1" RUA,
	 "tag.unknown@20"},
	{"a tag twice", "v=DMARC1; p=reject; p=none" RUA, "tag.twice@20"},
	{"the version twice", "v=DMARC1; p=reject; v=DMARC1; v=DMARC1" RUA,
	 NULL},
	{"RFC 9989 appendix A.6: pct", "v=DMARC1; p=reject; pct=50" RUA,
	 "pct.obsolete@20"},
	{"pct=100 changed nothing", "v=DMARC1; p=reject; pct=100" RUA,
	 "tag.obsolete@20"},
	{"pct that is no number", "v=DMARC1; p=reject; pct=half" RUA,
	 "tag.obsolete@20"},
	{"rf and ri", "v=DMARC1; p=reject; rf=afrf; ri=3600" RUA,
	 "tag.obsolete@20 tag.obsolete@29"},
	{"RFC 9989 s4.8: a tag without a value",
	 "v=DMARC1; p=reject; adkim=" RUA, "tag.empty@20"},
	{"a policy without a value", "v=DMARC1; p=" RUA, "policy.invalid@12"},
	{"RFC 9989 s4.10.1: p is missing", "v=DMARC1; sp=reject" RUA,
	 "p.missing@0"},
	{"RFC 7489 s6.4: p is not second", "v=DMARC1; adkim=s; p=reject" RUA,
	 "p.not_second"},
	{"empty parts do not count", "v=DMARC1;; p=reject;;" RUA, ""},
	{"RFC 9989 s4.10.1: a policy that is none",
	 "v=DMARC1; p=quarentine" RUA, "policy.invalid@12"},
	{"sp and np that are none", "v=DMARC1; p=reject; sp=x; np=y" RUA,
	 "policy.invalid@23 policy.invalid@29"},
	{"p=none", "v=DMARC1; p=none" RUA, "p.none"},
	{"sp is weaker", "v=DMARC1; p=reject; sp=quarantine" RUA, "sp.weaker"},
	{"np is weaker than p", "v=DMARC1; p=reject; np=none" RUA, "np.weaker"},
	{"np is weaker than sp",
	 "v=DMARC1; p=quarantine; sp=reject; np=quarantine" RUA, "np.weaker"},
	{"np is as strong as p, but new", "v=DMARC1; p=reject; np=reject" RUA,
	 "np.new"},
	{"np is stronger than sp", "v=DMARC1; p=reject; sp=none; np=reject" RUA,
	 "sp.weaker np.new"},
	{"RFC 9989 s4.7: t=y", "v=DMARC1; p=reject; t=y" RUA, "t.testing"},
	{"t=y without effect", "v=DMARC1; p=none; t=y" RUA, "p.none"},
	{"values that are none",
	 "v=DMARC1; p=reject; adkim=x; aspf=; t=1; psd=yes; fo=2" RUA
	 "; ruf=mailto:f@a.example",
	 "value.invalid@26 tag.empty@29 value.invalid@38 value.invalid@45 "
	 "value.invalid@53 ruf.rare"},
	{"values in capitals", "v=DMARC1; p=Reject; aspf=S" RUA,
	 "value.case@12 value.case@25"},
	{"psd=y", "v=DMARC1; p=reject; psd=y" RUA, "psd.yes"},
	{"no rua", "v=DMARC1; p=reject", "rua.missing"},
	{"ruf", "v=DMARC1; p=reject" RUA "; ruf=mailto:f@a.example; fo=1:d:s",
	 "ruf.rare"},
	{"fo without ruf", "v=DMARC1; p=reject; fo=1" RUA, "fo.unused"},
	{"an address without mailto", "v=DMARC1; p=reject; rua=r@a.example",
	 "uri.no_scheme@24 rua.missing"},
	{"mailto with slashes", "v=DMARC1; p=reject; rua=mailto://r@a.example",
	 "uri.slashes@24"},
	{"mailto with slashes and no address",
	 "v=DMARC1; p=reject; rua=mailto://a.example",
	 "uri.slashes@24 rua.missing"},
	{"no URI at all", "v=DMARC1; p=reject; rua=me",
	 "uri.invalid@24 "
	 "rua.missing"},
	{"addresses apart by a space",
	 "v=DMARC1; p=reject; rua=mailto:r@a.example mailto:s@a.example",
	 "uri.invalid@24 rua.missing"},
	{"M5: encoded line ends",
	 "v=DMARC1; p=reject; rua=mailto:x%0d%0aBcc:y@a.example!10m",
	 "uri.control@24 rua.missing"},
	{"M5: an encoded NUL and DEL",
	 "v=DMARC1; p=reject; rua=mailto:x%1b@a.example,mailto:y%7f@a.example",
	 "uri.control@24 uri.control@46 rua.missing"},
	{"an encoded space is none",
	 "v=DMARC1; p=reject; rua="
	 "mailto:x%20y@a.example",
	 ""},
	{"RFC 9989 s4.8: a size", "v=DMARC1; p=reject" RUA "!10m",
	 "uri.size@24"},
	{"a size that is none", "v=DMARC1; p=reject" RUA "!10x",
	 "uri.invalid@24 rua.missing"},
	{"another scheme", "v=DMARC1; p=reject" RUA ",https://a.example/r",
	 "uri.scheme@43"},
	{"two addresses in one",
	 "v=DMARC1; p=reject; rua="
	 "mailto:x@a.example%2Cy@b.example",
	 "uri.host@24"},
	{"an address twice", "v=DMARC1; p=reject" RUA ",mailto:R@A.example",
	 "uri.twice@43"},
	{"more than two addresses",
	 "v=DMARC1; p=reject; rua=mailto:r@a.example,mailto:s@a.example, "
	 "mailto:t@a.example",
	 "uri.many@24"},
	{"RFC 9989 s4.8: two reports wrong in one",
	 "v=DMARC1; p=reject" RUA ",,r@a.example", "uri.no_scheme@44"},
};

static void
show(const struct dmarc_findings *f, struct buf *to)
{
	for (size_t i = 0; i < f->len; i++) {
		const struct dmarc_finding *one = &f->finding[i];

		buf_addf(to, "%s%s", i > 0 ? " " : "", one->name);
		if (one->in_text)
			buf_addf(to, "@%zu", one->offset);
		/* each says something, with all facts in */
		assert_true(one->what.len > 10 && one->repair.len > 5);
		assert_true(span_search(one->what, SPAN("{")) == SPAN_NONE);
		assert_true(span_search(one->repair, SPAN("{")) == SPAN_NONE);
		assert_true(span_ends(one->what, SPAN(".")) ||
			    span_ends(one->what, SPAN("\"")));
		assert_string_equal(one->name, dmarc_lint_name(one->code));
		assert_true(one->severity <= f->worst);
	}
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = ARENA_INIT(DMARC_LINT_ARENA_MAX);
	static struct dmarc_findings f;
	struct buf text = BUF_INIT(4096);

	dmarc_findings_init(&f, &arena);
	dmarc_lint_record(span_of(row->text), &f);
	show(&f, &text);
	if (row->want != NULL)
		assert_string_equal(text.ptr, row->want);
	else
		assert_true(dmarc_findings_has(&f, DMARC_LINT_TAG_TWICE));
	buf_release(&text);
	arena_release(&arena);
}

static void
test_sentence(void **state)
{
	struct arena arena = ARENA_INIT(DMARC_LINT_ARENA_MAX);
	static struct dmarc_findings f;

	(void)state;
	dmarc_findings_init(&f, &arena);
	dmarc_lint_record(SPAN("v=DMARC1; p=reject; sp=none" RUA), &f);
	assert_int_equal(f.len, 1);
	assert_int_equal(f.worst, DMARC_LINT_WARNING);
	assert_span(f.finding[0].tag, "sp");
	assert_span(f.finding[0].what, "sp=none is weaker than p=reject: "
				       "whoever forges you takes a subdomain.");
	assert_span(f.finding[0].repair,
		    "Take sp= out, or make it as strong as p=.");
	assert_string_equal(dmarc_lint_severity_name(f.worst), "warning");
	arena_release(&arena);
}

/* M5: records too long, findings too many, facts too long. */
static void
test_limits(void **state)
{
	struct arena arena = ARENA_INIT(DMARC_LINT_ARENA_MAX);
	static struct dmarc_findings f;
	struct buf text = BUF_INIT(200000);

	(void)state;
	buf_adds(&text, "v=DMARC1; p=reject" RUA);
	for (int i = 0; i < 1000; i++)
		buf_adds(&text, ";?");
	dmarc_findings_init(&f, &arena);
	dmarc_lint_record(buf_span(&text), &f);
	assert_int_equal(f.len, DMARC_FINDINGS_MAX);
	assert_int_equal(f.more, 1001 - DMARC_FINDINGS_MAX);
	assert_int_equal(f.worst, DMARC_LINT_ERROR);
	assert_true(dmarc_findings_has(&f, DMARC_LINT_LONG));
	assert_false(dmarc_findings_has(&f, DMARC_LINT_TOO_LONG));

	while (text.len < 100 << 10)
		buf_addc(&text, 'x');
	dmarc_findings_init(&f, &arena);
	dmarc_lint_record(buf_span(&text), &f);
	assert_int_equal(f.len, 1);
	assert_int_equal(f.finding[0].code, DMARC_LINT_TOO_LONG);

	buf_clear(&text);
	buf_adds(&text, "v=DMARC1; p=");
	while (text.len < 300)
		buf_addc(&text, 'x');
	buf_adds(&text, RUA);
	dmarc_findings_init(&f, &arena);
	dmarc_lint_record(buf_span(&text), &f);
	assert_true(f.finding[0].what.len < 200);
	assert_true(span_search(f.finding[0].what, SPAN("xxx... ")) !=
		    SPAN_NONE);
	buf_release(&text);
	arena_release(&arena);
}

static void
test_prefixes(void **state)
{
	static const char text[] =
		"v=DMARC1; p=reject sp=none; asfp=s; rua=mailto:a%0d@b.c!1m, "
		"x:y; psd=y; fo=1:x ;mailto:a@b; P=q";
	static struct dmarc_findings f;

	(void)state;
	for (size_t n = 1; n < sizeof(text); n++) {
		struct arena arena = ARENA_INIT(DMARC_LINT_ARENA_MAX);
		char *copy = memcpy(malloc(n), text, n);

		dmarc_findings_init(&f, &arena);
		dmarc_lint_record(span_bytes(copy, n), &f);
		for (size_t i = 0; i < f.len; i++)
			assert_true(f.finding[i].offset <= n);
		free(copy);
		arena_release(&arena);
	}
}

#define AT(name, text) "'_dmarc." name "':{'TXT':[['" text "']]}"
#define OK(name)       AT(name, "v=DMARC1; p=reject; rua=mailto:r@" name)

static const struct domain_row {
	const char *name;
	const char *zone;
	const char *domain;
	const char *want;
	bool unknown;
} domain_rows[] = {
	{"all is well", "{" OK("a.test") "}", "a.test", "", false},
	{"RFC 9989 s5.1: no record anywhere", "{}", "m.a.test",
	 "record.missing", false},
	{"a record at the domain itself",
	 "{'a.test':{'TXT':[['v=spf1 -all'],['v=DMARC1; p=none']]}}", "a.test",
	 "record.missing record.place", false},
	{"a record without the underscore",
	 "{'dmarc.a.test':{'TXT':[['v=DMARC1; p=none']]}}", "a.test",
	 "record.missing record.place", false},
	{"the zone's name twice",
	 "{'_dmarc.a.test.a.test':{'TXT':[['v=DMARC1; p=none']]}}", "a.test",
	 "record.missing record.place", false},
	{"RFC 9989 s4.10: several records",
	 "{'_dmarc.a.test':{'TXT':[['v=DMARC1; p=none'],['v=DMARC1; "
	 "p=none']]}}",
	 "a.test", "record.several record.missing", false},
	{"RFC 9989 s4.10.1: the organization's record", "{" OK("a.test") "}",
	 "x.m.a.test", "record.inherited", false},
	{"an inherited record has its faults",
	 "{" AT("a.test", "v=DMARC1; p=none") "}", "m.a.test",
	 "p.none rua.missing record.inherited", false},
	{"RFC 9989 s4.10.2: none at the organizational domain",
	 "{" OK("m.a.test") "}", "m.a.test", "org.missing", false},
	{"the same, seen from below", "{" OK("m.a.test") "}", "x.m.a.test",
	 "record.inherited org.missing", false},
	{"RFC 9989 s4.7: psd=n makes it one",
	 "{" AT("m.a.test",
		"v=DMARC1; p=reject; psd=n; rua=mailto:r@m.a.test") "}",
	 "m.a.test", "", false},
	{"RFC 9989 s4.7: sp of a subdomain's record is not used",
	 "{" OK("a.test") "," AT("m.a.test", "v=DMARC1; p=reject; sp=reject; "
					     "rua=mailto:r@a.test") "}",
	 "m.a.test", "record.unused", false},
	{"RFC 9989 s4.7: psd=y at a name that is no public suffix",
	 "{" AT("a.test", "v=DMARC1; p=reject; psd=y; rua=mailto:r@a.test") "}",
	 "a.test", "psd.yes psd.not_suffix", false},
	{"RFC 9989 s5.2: a public suffix without psd=y", "{" OK("co.test") "}",
	 "co.test", "psd.missing", false},
	{"RFC 9989 s5.2: one with it",
	 "{" AT("co.test",
		"v=DMARC1; p=reject; psd=y; rua=mailto:r@co.test") "}",
	 "co.test", "psd.yes", false},
	{"a public suffix's record makes one organization of all",
	 "{" OK("a.co.test") "," OK("co.test") "}", "a.co.test", "org.above",
	 false},
	{"RFC 9990: no consent",
	 "{" AT("a.test", "v=DMARC1; p=reject; rua=mailto:r@b.test") "}",
	 "a.test", "consent.missing", false},
	{"RFC 9990: consent",
	 "{" AT("a.test",
		"v=DMARC1; p=reject; rua=mailto:r@b.test") ","
							   "'a.test._report._"
							   "dmarc.b.test':{'"
							   "TXT':[['v=DMARC1']]"
							   "}}",
	 "a.test", "", false},
	{"RFC 9990: consent is to the domain of the record",
	 "{" AT("a.test",
		"v=DMARC1; p=reject; rua=mailto:r@b.test") ","
							   "'a.test._report._"
							   "dmarc.b.test':{'"
							   "TXT':[['v=DMARC1']]"
							   "}}",
	 "m.a.test", "record.inherited", false},
	{"RFC 9990: consent to another host",
	 "{" AT("a.test",
		"v=DMARC1; p=reject; rua=mailto:r@b.test") ","
							   "'a.test._report._"
							   "dmarc.b.test':{'"
							   "TXT':[['v=DMARC1; "
							   "rua=mailto:v@c."
							   "test']]}}",
	 "a.test", "consent.elsewhere", false},
	{"RFC 9990: of ruf too, and of the same only once each",
	 "{" AT("a.test", "v=DMARC1; p=reject; rua=mailto:r@a.test; "
			  "ruf=mailto:r@b.test") "}",
	 "a.test", "ruf.rare consent.missing", false},
	{"RFC 9990: the destination's DNS fails",
	 "{" AT("a.test",
		"v=DMARC1; p=reject; rua=mailto:r@b.test") ","
							   "'a.test._report._"
							   "dmarc.b.test':{'"
							   "SERVFAIL':'*'}}",
	 "a.test", "consent.unknown", true},
	{"RFC 9990: nobody is asked who gets no mail",
	 "{" AT("a.test", "v=DMARC1; p=reject; rua=mailto:r@a.test,"
			  "https://b.test/") "}",
	 "a.test", "uri.scheme@40", false},
	{"the record is another's",
	 "{'_dmarc.a.test':{'CNAME':['d.b.test']},'d.b.test':{'TXT':[["
	 "'v=DMARC1; p=reject; rua=mailto:r@a.test']]}}",
	 "a.test", "record.alias", false},
	{"RFC 9989 s5.3.6: DNS fails at the domain",
	 "{'_dmarc.a.test':{'SERVFAIL':'*'}}", "a.test", "dns.failed", true},
	{"RFC 9989 s5.3.6: DNS fails above the record",
	 "{" AT("m.a.test",
		"v=DMARC1; p=none; rua=mailto:r@m.a.test") ","
							   "'_dmarc.test':{'"
							   "TIMEOUT':'*'}}",
	 "m.a.test", "dns.failed p.none", true},
};

static struct fixture *
zone_of(const char *text)
{
	CLEANUP(buf_release) struct buf json = BUF_INIT(FIXTURE_MAX);
	struct fixture *fixture;
	struct error error;

	for (; *text != '\0'; text++)
		buf_addc(&json, *text == '\'' ? '"' : *text);
	fixture = fixture_parse(buf_span(&json), &error);
	if (fixture == NULL)
		fail_msg("%s", error.text);
	return fixture;
}

static void
run(struct dmarc_lint *m, const struct fixture *fixture)
{
	struct dns_question question, again;

	while (dmarc_lint_ask(m, &question)) {
		struct arena arena = ARENA_INIT(1 << 20);
		struct dns_answer answer;

		assert_true(dmarc_lint_ask(m, &again));
		assert_true(dname_equal(&question.name, &again.name));
		fixture_answer(fixture, &question, &arena, &answer);
		dmarc_lint_answer(m, &answer);
		arena_release(&arena);
	}
	assert_true(m->questions <= DMARC_LINT_QUESTIONS_MAX);
}

static void
test_domain(void **state)
{
	const struct domain_row *row = *state;
	struct suffixes *list = suffixes_parse(SPAN("test\nco.test\n"));
	struct arena arena = ARENA_INIT(DMARC_LINT_ARENA_MAX);
	struct fixture *fixture = zone_of(row->zone);
	struct buf text = BUF_INIT(4096);
	static struct dmarc_lint m;
	struct dname domain;

	assert_int_equal(dname_parse(span_of(row->domain), &domain), DNAME_OK);
	dmarc_lint_init(&m, &domain, list, &arena);
	run(&m, fixture);
	show(&m.findings, &text);
	assert_string_equal(text.ptr, row->want);
	assert_int_equal(m.unknown, row->unknown);
	buf_release(&text);
	fixture_free(fixture);
	suffixes_free(list);
	arena_release(&arena);
}

/* Many destinations: only so many are asked. */
static void
test_many(void **state)
{
	struct arena arena = ARENA_INIT(DMARC_LINT_ARENA_MAX);
	struct buf zone = BUF_INIT(65536);
	static struct dmarc_lint m;
	struct fixture *fixture;
	struct dname domain;
	size_t asked = 0;

	(void)state;
	buf_adds(&zone, "{'_dmarc.a.test':{'TXT':[['v=DMARC1;p=reject;rua=");
	for (int i = 0; i < 16; i++)
		buf_addf(&zone, "%smailto:r@r%d.test", i > 0 ? "," : "", i);
	buf_adds(&zone, "']]}}");
	fixture = zone_of(zone.ptr);
	assert_int_equal(dname_parse(SPAN("a.test"), &domain), DNAME_OK);
	dmarc_lint_init(&m, &domain, NULL, &arena);
	run(&m, fixture);
	for (size_t i = 0; i < m.findings.len; i++)
		asked += m.findings.finding[i].code ==
			 DMARC_LINT_CONSENT_MISSING;
	assert_int_equal(asked, DMARC_LINT_URIS_MAX);
	buf_release(&zone);
	fixture_free(fixture);
	arena_release(&arena);
}

/* Without a list of public suffixes nothing is said of them. */
static void
test_no_list(void **state)
{
	struct arena arena = ARENA_INIT(DMARC_LINT_ARENA_MAX);
	struct fixture *fixture = zone_of("{" OK("m.a.test") "}");
	static struct dmarc_lint m;
	struct dname domain;

	(void)state;
	assert_int_equal(dname_parse(SPAN("m.a.test"), &domain), DNAME_OK);
	dmarc_lint_init(&m, &domain, NULL, &arena);
	run(&m, fixture);
	assert_int_equal(m.findings.len, 0);
	fixture_free(fixture);
	fixture = zone_of("{}");
	dmarc_lint_init(&m, &domain, NULL, &arena);
	run(&m, fixture);
	assert_int_equal(m.findings.len, 1);
	assert_span(m.findings.finding[0].repair,
		    "Publish a TXT record at _dmarc.m.a.test, to begin with "
		    "\"v=DMARC1; p=none; rua=mailto:ADDRESS\".");
	fixture_free(fixture);
	arena_release(&arena);
}

/* An arena too small: it is not all that could be said. */
static void
test_memory(void **state)
{
	struct dns_answer nothing = {.status = DNS_NXDOMAIN};
	struct arena arena = ARENA_INIT(64);
	struct dns_question question;
	static struct dmarc_lint m;
	struct dname domain;

	(void)state;
	assert_int_equal(dname_parse(SPAN("a.test"), &domain), DNAME_OK);
	dmarc_lint_init(&m, &domain, NULL, &arena);
	assert_true(dmarc_lint_ask(&m, &question));
	dmarc_lint_answer(&m, &nothing);
	assert_false(dmarc_lint_ask(&m, &question));
	assert_true(m.unknown);
	arena_release(&arena);
}

/* A name so long that _dmarc of it cannot be, and no memory for that. */
static void
test_long(void **state)
{
	struct dns_question question;
	struct buf text = BUF_INIT(300);
	static struct dmarc_lint m;
	struct dname domain;

	(void)state;
	while (text.len < 252 - strlen("a.test"))
		buf_adds(&text, "x.");
	buf_adds(&text, "a.test");
	assert_int_equal(dname_parse(buf_span(&text), &domain), DNAME_OK);
	for (int small = 0; small < 2; small++) {
		struct arena arena =
			ARENA_INIT(small == 1 ? 8 : DMARC_LINT_ARENA_MAX);
		struct fixture *fixture = zone_of("{" OK("a.test") "}");

		dmarc_lint_init(&m, &domain, NULL, &arena);
		if (small == 0)
			run(&m, fixture);
		else
			assert_false(dmarc_lint_ask(&m, &question));
		assert_int_equal(m.unknown, small == 1);
		assert_int_equal(m.has_record, small == 0);
		fixture_free(fixture);
		arena_release(&arena);
	}
	buf_release(&text);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_sentence);
	UNIT(test_limits);
	UNIT(test_prefixes);
	UNIT_ROWS(test_domain, domain_rows);
	UNIT(test_many);
	UNIT(test_no_list);
	UNIT(test_memory);
	UNIT(test_long);
	return unit_run("mailauth/dmarc_lint");
}
