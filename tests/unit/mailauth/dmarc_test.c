/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc.h"

#include "corpus.h"
#include "dns/fixture.h"

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

#define AT(name, text) "'_dmarc." name "':{'TXT':[['" text "']]}"
#define HOST(name)     "'" name "':{'A':['192.0.2.1']}"

static const struct row {
	const char *name;
	const char *zone;
	const char *author;
	const char *spf;  /* the domain that passed; "!" before: temperror */
	const char *dkim; /* the same; "-" before: failed */
	enum dmarc_verdict verdict;
	enum dmarc_reason reason;
	const char *want; /* org, policy domain, policy, effective, aligned */
} rows[] = {
	{"RFC 9989 s4.10.1: the author domain's own record",
	 "{" AT("a.example", "v=DMARC1; p=reject") "}", "a.example",
	 "a.example", NULL, DMARC_VERDICT_PASS, DMARC_REASON_ALIGNED,
	 "a.example a.example reject reject spf"},
	{"RFC 9989 s4.4: relaxed alignment within an organization",
	 "{" AT("a.example", "v=DMARC1; p=quarantine") "}", "n.a.example",
	 "sesmail.a.example", "a.example", DMARC_VERDICT_PASS,
	 DMARC_REASON_ALIGNED,
	 "a.example a.example quarantine quarantine spf dkim"},
	{"RFC 9989 s4.4: strict alignment of SPF",
	 "{" AT("a.example", "v=DMARC1; p=none; aspf=s") "}", "a.example",
	 "m.a.example", NULL, DMARC_VERDICT_FAIL, DMARC_REASON_NOT_ALIGNED,
	 "a.example a.example none none"},
	{"RFC 9989 s4.4: strict alignment of DKIM only",
	 "{" AT("a.example", "v=DMARC1; p=none; adkim=s") "}", "a.example",
	 "m.a.example", "m.a.example", DMARC_VERDICT_PASS, DMARC_REASON_ALIGNED,
	 "a.example a.example none none spf"},
	{"RFC 9989 s4.4: another organization",
	 "{" AT("a.example", "v=DMARC1; p=reject") "}", "a.example",
	 "b.example", "xa.example", DMARC_VERDICT_FAIL,
	 DMARC_REASON_NOT_ALIGNED, "a.example a.example reject reject"},
	{"RFC 9989 s5.3: nothing passed",
	 "{" AT("a.example", "v=DMARC1; p=reject") "}", "a.example", NULL,
	 "-a.example", DMARC_VERDICT_FAIL, DMARC_REASON_NO_PASS,
	 "a.example a.example reject reject"},
	{"RFC 9989 s4.10.1: no record", "{}", "a.example", "a.example", NULL,
	 DMARC_VERDICT_NONE, DMARC_REASON_NO_RECORD, "a.example -"},
	{"RFC 9989 s4.10: several records are none, and the walk goes "
	 "on",
	 "{'_dmarc.m.a.example':{'TXT':[['v=DMARC1; p=none'],"
	 "['v=DMARC1; p=reject']]}," AT("a.example",
					"v=DMARC1; sp=reject; "
					"p=none") "," HOST("m.a.example") "}",
	 "m.a.example", "a.example", NULL, DMARC_VERDICT_PASS,
	 DMARC_REASON_ALIGNED, "a.example a.example reject reject spf"},
	{"RFC 9989 s4.10: other TXT records do not count",
	 "{'_dmarc.a.example':{'TXT':[['v=DMARC1; p=none'],['x']]}}",
	 "a.example", "a.example", NULL, DMARC_VERDICT_PASS,
	 DMARC_REASON_ALIGNED, "a.example a.example none none spf"},
	{"RFC 9989 s4.10: nine labels never ask for the eighth",
	 "{" AT("8.7.6.5.4.3.a.example", "v=DMARC1; p=reject") "," AT(
		 "a.example", "v=DMARC1; p=none") "}",
	 "9.8.7.6.5.4.3.a.example", NULL, NULL, DMARC_VERDICT_FAIL,
	 DMARC_REASON_NO_PASS, "a.example a.example none none"},
	{"RFC 9989 s4.10: nine labels ask for the seventh",
	 "{" AT("7.6.5.4.3.a.example", "v=DMARC1; p=reject; psd=n") "}",
	 "9.8.7.6.5.4.3.a.example", NULL, NULL, DMARC_VERDICT_FAIL,
	 DMARC_REASON_NO_PASS,
	 "7.6.5.4.3.a.example 7.6.5.4.3.a.example reject reject"},
	{"RFC 9989 s4.10.2: psd=n ends the organization",
	 "{" AT("m.a.example", "v=DMARC1; p=reject; psd=n") "," AT(
		 "a.example", "v=DMARC1; p=none") "," HOST("x.m.a.example") "}",
	 "x.m.a.example", NULL, "a.example", DMARC_VERDICT_FAIL,
	 DMARC_REASON_NOT_ALIGNED, "m.a.example m.a.example reject reject"},
	{"RFC 9989 s4.10.2: psd=y is one label above the organization",
	 "{" AT("bank.example",
		"v=DMARC1; p=reject; psd=y") "," HOST("a.bank.example") "}",
	 "a.bank.example", "b.bank.example", NULL, DMARC_VERDICT_FAIL,
	 DMARC_REASON_NOT_ALIGNED, "a.bank.example bank.example reject reject"},
	{"RFC 9989 s4.10.2: unless the walk begins there",
	 "{" AT("bank.example", "v=DMARC1; p=reject; psd=y") "}",
	 "bank.example", "bank.example", NULL, DMARC_VERDICT_PASS,
	 DMARC_REASON_ALIGNED, "bank.example bank.example reject reject spf"},
	{"RFC 9989 s4.10.1: records between are not used",
	 "{" AT("m.a.example", "v=DMARC1; p=reject") "," AT(
		 "a.example", "v=DMARC1; p=none") "," HOST("x.m.a.example") "}",
	 "x.m.a.example", NULL, NULL, DMARC_VERDICT_FAIL, DMARC_REASON_NO_PASS,
	 "a.example a.example none none"},
	{"RFC 9989 s4.7: sp for a subdomain that exists",
	 "{" AT("a.example", "v=DMARC1; p=none; sp=quarantine; "
			     "np=reject") "," HOST("m.a.example") "}",
	 "m.a.example", NULL, NULL, DMARC_VERDICT_FAIL, DMARC_REASON_NO_PASS,
	 "a.example a.example quarantine quarantine"},
	{"RFC 9989 s4.7: np for one that does not",
	 "{" AT("a.example", "v=DMARC1; p=none; sp=quarantine; np=reject") "}",
	 "m.a.example", NULL, NULL, DMARC_VERDICT_FAIL, DMARC_REASON_NO_PASS,
	 "a.example a.example reject reject"},
	{"RFC 9989 s3: an empty non-terminal exists",
	 "{" AT("a.example", "v=DMARC1; p=none; sp=quarantine; "
			     "np=reject") "," HOST("h.m.a.example") "}",
	 "m.a.example", NULL, NULL, DMARC_VERDICT_FAIL, DMARC_REASON_NO_PASS,
	 "a.example a.example quarantine quarantine"},
	{"RFC 9989 s4.7: without sp and np, p",
	 "{" AT("a.example", "v=DMARC1; p=reject") "}", "m.a.example", NULL,
	 NULL, DMARC_VERDICT_FAIL, DMARC_REASON_NO_PASS,
	 "a.example a.example reject reject"},
	{"RFC 9989 s4.7: t=y lowers by one",
	 "{" AT("a.example", "v=DMARC1; p=reject; t=y") "}", "a.example", NULL,
	 NULL, DMARC_VERDICT_FAIL, DMARC_REASON_NO_PASS,
	 "a.example a.example reject quarantine"},
	{"RFC 9989 s4.10.1: no usable policy and no report",
	 "{" AT("a.example", "v=DMARC1; p=x") "}", "a.example", "a.example",
	 NULL, DMARC_VERDICT_NONE, DMARC_REASON_BAD_RECORD,
	 "a.example a.example"},
	{"RFC 9989 s5.3.6: the author's walk fails",
	 "{'_dmarc.example':{'SERVFAIL':'*'}," AT("a.example",
						  "v=DMARC1; p=none") "}",
	 "a.example", "a.example", NULL, DMARC_VERDICT_TEMPERROR,
	 DMARC_REASON_DNS, "- -"},
	{"RFC 9989 s5.3.6: an identifier's walk fails",
	 "{'_dmarc.m.a.example':{'TIMEOUT':'*'}," AT("a.example",
						     "v=DMARC1; p=none") "}",
	 "a.example", "m.a.example", NULL, DMARC_VERDICT_TEMPERROR,
	 DMARC_REASON_DNS, "a.example a.example none none"},
	{"RFC 9989 s5.3.6: that of an identifier that did not pass fails",
	 "{'_dmarc.m.a.example':{'TIMEOUT':'*'}," AT("a.example",
						     "v=DMARC1; p=none") "}",
	 "a.example", NULL, "-m.a.example", DMARC_VERDICT_FAIL,
	 DMARC_REASON_NO_PASS, "a.example a.example none none"},
	{"RFC 9989 s4.7: np is not for the name of the record itself",
	 "{'a.example':{'NXDOMAIN':'*'}," AT("a.example", "v=DMARC1; p=none; "
							  "np=reject") "}",
	 "a.example", NULL, NULL, DMARC_VERDICT_FAIL, DMARC_REASON_NO_PASS,
	 "a.example a.example none none"},
	{"RFC 9989 s5.3.6: it fails, but another is aligned",
	 "{'_dmarc.m.a.example':{'TIMEOUT':'*'}," AT("a.example",
						     "v=DMARC1; p=none") "}",
	 "a.example", "m.a.example", "a.example", DMARC_VERDICT_PASS,
	 DMARC_REASON_ALIGNED, "a.example a.example none none dkim"},
	{"RFC 9989 s5.3.6: SPF had a temperror",
	 "{" AT("a.example", "v=DMARC1; p=reject") "}", "a.example",
	 "!a.example", NULL, DMARC_VERDICT_TEMPERROR, DMARC_REASON_IDENTIFIER,
	 "a.example a.example reject reject"},
	{"RFC 9989 s5.3.6: whether np applies cannot be found out",
	 "{'m.a.example':{'SERVFAIL':'*'}," AT("a.example", "v=DMARC1; p=none; "
							    "np=reject") "}",
	 "m.a.example", NULL, NULL, DMARC_VERDICT_TEMPERROR, DMARC_REASON_DNS,
	 "a.example a.example none none"},
	{"RFC 9989 s5.3.5: what is aligned passes even then",
	 "{'m.a.example':{'SERVFAIL':'*'}," AT("a.example", "v=DMARC1; p=none; "
							    "np=reject") "}",
	 "m.a.example", "m.a.example", NULL, DMARC_VERDICT_PASS,
	 DMARC_REASON_ALIGNED, "a.example a.example none none spf"},
	{"RFC 9989 s3.2: NODATA is existence",
	 "{" AT("a.example",
		"v=DMARC1; p=none; np=reject") ","
					       "'m.a.example':{'TXT':[['x']]}}",
	 "m.a.example", NULL, NULL, DMARC_VERDICT_FAIL, DMARC_REASON_NO_PASS,
	 "a.example a.example none none"},
	{"RFC 9989 s5.3.6: DKIM had a temperror, SPF is not aligned",
	 "{" AT("a.example", "v=DMARC1; p=reject") "}", "a.example",
	 "b.example", "!m.a.example", DMARC_VERDICT_TEMPERROR,
	 DMARC_REASON_IDENTIFIER, "a.example a.example reject reject"},
	{"RFC 9989 s5.3.5: a temperror that is not aligned changes nothing",
	 "{" AT("a.example", "v=DMARC1; p=reject") "}", "a.example",
	 "!b.example", NULL, DMARC_VERDICT_FAIL, DMARC_REASON_NO_PASS,
	 "a.example a.example reject reject"},
	{"RFC 9989 s4.10.2: psd=y at the identifier's parent",
	 "{" AT("a.example", "v=DMARC1; p=reject") "," AT(
		 "m.a.example", "v=DMARC1; p=none; psd=y") "}",
	 "a.example", "x.m.a.example", NULL, DMARC_VERDICT_FAIL,
	 DMARC_REASON_NOT_ALIGNED, "a.example a.example reject reject"},
	{"case does not matter",
	 "{" AT("a.example", "v=DMARC1; p=reject; aspf=s") "}", "A.Example",
	 "a.EXAMPLE", NULL, DMARC_VERDICT_PASS, DMARC_REASON_ALIGNED,
	 "A.Example A.Example reject reject spf"},
};

static struct dname
name_of(const char *text)
{
	struct dname name;

	assert_int_equal(dname_parse(span_of(text), &name), DNAME_OK);
	return name;
}

static void
add(struct dmarc *m, bool spf, const char *domain)
{
	enum dmarc_auth auth = DMARC_AUTH_PASS;
	struct dname name;

	if (domain == NULL)
		return;
	if (*domain == '!' || *domain == '-')
		auth = *domain++ == '!' ? DMARC_AUTH_ERROR : DMARC_AUTH_FAIL;
	name = name_of(domain);
	dmarc_add(m, spf, &name, auth);
}

static void
show(const struct dmarc_result *r, struct buf *to)
{
	struct dname_text text;

	buf_add(to, r->has_org ? dname_print(&r->org, &text) : SPAN("-"));
	buf_addc(to, ' ');
	buf_add(to, r->source != DMARC_SOURCE_NOWHERE
			    ? dname_print(&r->policy_domain, &text)
			    : SPAN("-"));
	if (r->policy != DMARC_POLICY_ABSENT)
		buf_addf(to, " %s %s", dmarc_policy_name(r->policy),
			 dmarc_policy_name(r->effective));
	if (r->spf_aligned)
		buf_adds(to, " spf");
	if (r->dkim_aligned)
		buf_adds(to, " dkim");
}

static const struct dmarc_result *
run(struct dmarc *m, const struct fixture *fixture)
{
	struct dns_question question, again;

	while (dmarc_ask(m, &question)) {
		struct arena arena = ARENA_INIT(1 << 20);
		struct dns_answer answer;

		assert_true(dmarc_ask(m, &again));
		assert_true(dname_equal(&question.name, &again.name));
		fixture_answer(fixture, &question, &arena, &answer);
		dmarc_answer(m, &answer);
		arena_release(&arena);
	}
	return dmarc_result(m);
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = ARENA_INIT(DMARC_ARENA_MAX);
	struct fixture *fixture = zone_of(row->zone);
	struct dname author = name_of(row->author);
	struct buf text = BUF_INIT(4096);
	const struct dmarc_result *got;
	struct dmarc m;

	dmarc_init(&m, &author, &arena);
	add(&m, true, row->spf);
	add(&m, false, row->dkim);
	got = run(&m, fixture);
	assert_string_equal(dmarc_verdict_name(got->verdict),
			    dmarc_verdict_name(row->verdict));
	assert_string_equal(dmarc_reason_text(got->reason),
			    dmarc_reason_text(row->reason));
	show(got, &text);
	assert_string_equal(text.ptr, row->want);
	buf_release(&text);
	fixture_free(fixture);
	arena_release(&arena);
}

/* RFC 9989 section 4.10 gives the questions of this walk, in this order. */
static void
test_walk(void **state)
{
	static const char *const want[] = {
		"_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com",
		"_dmarc.g.h.i.j.mail.example.com",
		"_dmarc.h.i.j.mail.example.com",
		"_dmarc.i.j.mail.example.com",
		"_dmarc.j.mail.example.com",
		"_dmarc.mail.example.com",
		"_dmarc.example.com",
		"_dmarc.com",
	};
	struct arena arena = ARENA_INIT(DMARC_ARENA_MAX);
	struct dname author = name_of("a.b.c.d.e.f.g.h.i.j.mail.example.com");
	struct dns_answer nothing = {.status = DNS_NXDOMAIN};
	struct dns_question question;
	struct dname_text text;
	struct dmarc m;

	(void)state;
	dmarc_init(&m, &author, &arena);
	for (size_t i = 0; i < COUNT(want); i++) {
		assert_true(dmarc_ask(&m, &question));
		assert_int_equal(question.type, DNS_TXT);
		assert_span(dname_print(&question.name, &text), want[i]);
		dmarc_answer(&m, &nothing);
	}
	assert_false(dmarc_ask(&m, &question));
	assert_int_equal(dmarc_result(&m)->verdict, DMARC_VERDICT_NONE);
	arena_release(&arena);
}

/* A name of 255 octets has no room for _dmarc: its walk begins above it. */
static void
test_long_name(void **state)
{
	struct fixture *fixture =
		zone_of("{" AT("a.example", "v=DMARC1; p=reject") "}");
	struct arena arena = ARENA_INIT(DMARC_ARENA_MAX);
	struct buf text = BUF_INIT(300);
	struct dname author;
	struct dmarc m;

	(void)state;
	while (text.len < 253 - strlen("a.example"))
		buf_adds(&text, "x.");
	buf_adds(&text, "a.example");
	author = name_of(text.ptr);
	dmarc_init(&m, &author, &arena);
	assert_int_equal(run(&m, fixture)->policy, DMARC_REJECT);
	buf_release(&text);
	fixture_free(fixture);
	arena_release(&arena);
}

/* Many identifiers, each with a walk of its own, end in bounded work. */
static const struct dmarc_result *
run_many(struct dmarc *m, const char *leaf, struct arena *arena)
{
	CLEANUP(buf_release) struct buf zone = BUF_INIT(65536);
	struct dname author = name_of("a.example");
	struct fixture *fixture;

	buf_adds(&zone, "{" AT("a.example", "v=DMARC1; p=reject"));
	for (int i = 0; i < DMARC_IDENTIFIERS_MAX + 5; i++)
		buf_addf(&zone,
			 "," AT("i%d.a.example", "v=DMARC1; p=none; psd=n"), i);
	buf_adds(&zone, "}");
	fixture = zone_of(zone.ptr);
	dmarc_init(m, &author, arena);
	for (int i = 0; i < DMARC_IDENTIFIERS_MAX + 4; i++) {
		char text[64];

		snprintf(text, sizeof(text), "5.4.3.2.1.i%d.a.example", i);
		add(m, false, text);
	}
	add(m, false, leaf);
	(void)run(m, fixture);
	fixture_free(fixture);
	return dmarc_result(m);
}

static void
test_many(void **state)
{
	struct arena arena = ARENA_INIT(DMARC_ARENA_MAX);
	const struct dmarc_result *got;
	struct dmarc m;

	(void)state;
	got = run_many(&m, NULL, &arena);
	assert_int_equal(got->identifiers, DMARC_IDENTIFIERS_MAX);
	assert_int_equal(got->questions, DMARC_QUESTIONS_MAX);
	assert_int_equal(got->verdict, DMARC_VERDICT_TEMPERROR);
	assert_int_equal(got->reason, DMARC_REASON_QUESTIONS);
	assert_int_equal(got->disposition, DMARC_DISPOSITION_LOCAL);
	arena_release(&arena);
}

/* What is aligned beyond doubt passes, whatever the others cost. */
static void
test_many_and_one(void **state)
{
	struct arena arena = ARENA_INIT(DMARC_ARENA_MAX);
	struct fixture *fixture =
		zone_of("{" AT("a.example", "v=DMARC1; p=reject") "}");
	struct dname author = name_of("a.example");
	const struct dmarc_result *got;
	struct dmarc m;

	(void)state;
	dmarc_init(&m, &author, &arena);
	for (int i = 0; i < DMARC_IDENTIFIERS_MAX - 1; i++) {
		char text[64];

		snprintf(text, sizeof(text), "-5.4.3.2.%d.a.example", i);
		add(&m, false, text);
	}
	add(&m, false, "a.example");
	got = run(&m, fixture);
	assert_int_equal(got->questions, DMARC_QUESTIONS_MAX);
	assert_int_equal(got->verdict, DMARC_VERDICT_PASS);
	assert_int_equal(got->disposition, DMARC_DISPOSITION_PASS);
	fixture_free(fixture);
	arena_release(&arena);
}

/* An arena too small for what is asked: it could not be found out. */
static void
test_memory(void **state)
{
	struct dns_answer nothing = {.status = DNS_NXDOMAIN};
	struct arena arena = ARENA_INIT(64);
	struct dname author = name_of("a.example");
	struct dns_question question;
	struct dmarc m;

	(void)state;
	dmarc_init(&m, &author, &arena);
	assert_true(dmarc_ask(&m, &question));
	dmarc_answer(&m, &nothing);
	assert_false(dmarc_ask(&m, &question));
	assert_int_equal(dmarc_result(&m)->verdict, DMARC_VERDICT_TEMPERROR);
	arena_release(&arena);
}

static const struct policy_row {
	const char *name;
	const char *zone;
	enum dmarc_tag tag;
	enum dmarc_disposition disposition;
	const char *text; /* for mail from m.a.example that nothing proves */
} policy_rows[] = {
	{"RFC 9989 s4.10.1: p of the author's record",
	 "{" AT("m.a.example", "v=DMARC1; p=reject; sp=none") "}", DMARC_TAG_P,
	 DMARC_DISPOSITION_REJECT,
	 "p=reject of the author domain's record, _dmarc.m.a.example, which "
	 "is for the domain itself"},
	{"RFC 9989 s4.10.1: sp of the organization's",
	 "{" AT("a.example", "v=DMARC1; p=none; sp=quarantine") "}",
	 DMARC_TAG_SP, DMARC_DISPOSITION_QUARANTINE,
	 "sp=quarantine of the organizational domain's record, "
	 "_dmarc.a.example, which is for subdomains"},
	{"RFC 9989 s4.7: np of the organization's",
	 "{" AT("a.example", "v=DMARC1; p=none; sp=none; np=reject") "}",
	 DMARC_TAG_NP, DMARC_DISPOSITION_REJECT,
	 "np=reject of the organizational domain's record, _dmarc.a.example, "
	 "which is for subdomains that do not exist"},
	{"RFC 9989 s4.7: p, as there is no sp",
	 "{" AT("a.example", "v=DMARC1; p=quarantine") "}", DMARC_TAG_P,
	 DMARC_DISPOSITION_QUARANTINE,
	 "p=quarantine of the organizational domain's record, "
	 "_dmarc.a.example, as it has no policy of its own for subdomains"},
	{"RFC 9989 s4.10.1: of the public suffix",
	 "{" AT("example", "v=DMARC1; p=none; sp=reject; psd=y") "}",
	 DMARC_TAG_SP, DMARC_DISPOSITION_REJECT,
	 "sp=reject of the record of the public suffix, _dmarc.example, which "
	 "is for subdomains"},
	{"RFC 9989 s4.7: lowered by t=y",
	 "{" AT("m.a.example", "v=DMARC1; p=quarantine; t=y") "}", DMARC_TAG_P,
	 DMARC_DISPOSITION_NONE,
	 "p=quarantine of the author domain's record, _dmarc.m.a.example, "
	 "which is for the domain itself; applied as none, because of t=y"},
	{"RFC 9989 s4.7: t=y has no effect on none",
	 "{" AT("m.a.example", "v=DMARC1; p=none; t=y") "}", DMARC_TAG_P,
	 DMARC_DISPOSITION_NONE,
	 "p=none of the author domain's record, _dmarc.m.a.example, which is "
	 "for the domain itself"},
	{"RFC 9989 s4.7: no p at all",
	 "{" AT("m.a.example", "v=DMARC1; rua=mailto:x@a.example") "}",
	 DMARC_TAG_ABSENT, DMARC_DISPOSITION_NONE,
	 "the author domain's record, _dmarc.m.a.example, which has no p=: "
	 "that is as p=none"},
	{"RFC 9989 s4.10.1: np is not valid",
	 "{" AT("a.example",
		"v=DMARC1; p=reject; np=no; rua=mailto:x@a.example") "}",
	 DMARC_TAG_INVALID, DMARC_DISPOSITION_NONE,
	 "the organizational domain's record, _dmarc.a.example, in which a "
	 "policy is not valid: that is as p=none"},
	{"no record", "{}", DMARC_TAG_NOTHING, DMARC_DISPOSITION_NONE, ""},
};

static void
test_policy(void **state)
{
	const struct policy_row *row = *state;
	struct arena arena = ARENA_INIT(DMARC_ARENA_MAX);
	struct fixture *fixture = zone_of(row->zone);
	struct dname author = name_of("m.a.example");
	struct buf text = BUF_INIT(4096);
	const struct dmarc_result *got;
	struct dmarc m;

	dmarc_init(&m, &author, &arena);
	got = run(&m, fixture);
	assert_int_equal(got->tag, row->tag);
	assert_string_equal(dmarc_disposition_name(got->disposition),
			    dmarc_disposition_name(row->disposition));
	dmarc_policy_text(got, &text);
	assert_string_equal(text.ptr, row->text);
	buf_release(&text);
	fixture_free(fixture);
	arena_release(&arena);
}

static const struct row rows_7489[] = {
	{"RFC 7489 s6.6.3: the organization is by public suffix",
	 "{" AT("a.co.test", "v=DMARC1; p=reject") "}", "x.m.a.co.test",
	 "y.a.co.test", NULL, DMARC_VERDICT_PASS, DMARC_REASON_ALIGNED,
	 "a.co.test a.co.test reject reject spf"},
	{"RFC 7489 s3.2: siblings below a public suffix",
	 "{" AT("a.co.test", "v=DMARC1; p=reject") "}", "a.co.test",
	 "b.co.test", "co.test", DMARC_VERDICT_FAIL, DMARC_REASON_NOT_ALIGNED,
	 "a.co.test a.co.test reject reject"},
	{"RFC 7489 s6.6.3: two questions, no record between",
	 "{" AT("m.a.co.test", "v=DMARC1; p=reject") "}", "x.m.a.co.test", NULL,
	 NULL, DMARC_VERDICT_NONE, DMARC_REASON_NO_RECORD, "a.co.test -"},
	{"RFC 7489 s6.6.3: none of the public suffix",
	 "{" AT("co.test", "v=DMARC1; p=reject; psd=y") "}", "a.co.test", NULL,
	 NULL, DMARC_VERDICT_NONE, DMARC_REASON_NO_RECORD, "a.co.test -"},
	{"RFC 7489 s6.6.3: a subdomain's record alone aligns its parent",
	 "{" AT("m.a.co.test", "v=DMARC1; p=reject") "}", "m.a.co.test", NULL,
	 "a.co.test", DMARC_VERDICT_PASS, DMARC_REASON_ALIGNED,
	 "a.co.test m.a.co.test reject reject dkim"},
	{"RFC 7489 s6.6.3 (M1): several records end it, the parent's too",
	 "{'_dmarc.m.a.co.test':{'TXT':[['v=DMARC1; p=none'],"
	 "['v=DMARC1; p=none']]}," AT("a.co.test", "v=DMARC1; p=reject") "}",
	 "m.a.co.test", NULL, NULL, DMARC_VERDICT_NONE, DMARC_REASON_SEVERAL,
	 "a.co.test -"},
	{"RFC 7489 s6.3: sp for all subdomains, np and t mean nothing",
	 "{" AT("a.co.test", "v=DMARC1; p=none; sp=reject; np=none; t=y") "}",
	 "m.a.co.test", NULL, NULL, DMARC_VERDICT_FAIL, DMARC_REASON_NO_PASS,
	 "a.co.test a.co.test reject reject"},
	{"RFC 7489 s6.6.3: p is missing",
	 "{" AT("a.co.test", "v=DMARC1; sp=reject") "}", "a.co.test",
	 "a.co.test", NULL, DMARC_VERDICT_NONE, DMARC_REASON_BAD_RECORD,
	 "a.co.test a.co.test"},
	{"RFC 7489 s6.6.3: p is missing, but reports are wanted",
	 "{" AT("a.co.test", "v=DMARC1; rua=mailto:x@a.co.test") "}",
	 "a.co.test", "a.co.test", NULL, DMARC_VERDICT_PASS,
	 DMARC_REASON_ALIGNED, "a.co.test a.co.test none none spf"},
	{"RFC 7489 s6.6.3: DNS fails", "{'_dmarc.a.co.test':{'SERVFAIL':'*'}}",
	 "m.a.co.test", "a.co.test", NULL, DMARC_VERDICT_TEMPERROR,
	 DMARC_REASON_DNS, "a.co.test -"},
	{"RFC 7489 s3.1.1: strict",
	 "{" AT("a.co.test", "v=DMARC1; p=none; "
			     "adkim=s; aspf=s") "}",
	 "a.co.test", "m.a.co.test", "m.a.co.test", DMARC_VERDICT_FAIL,
	 DMARC_REASON_NOT_ALIGNED, "a.co.test a.co.test none none"},
	{"RFC 7489 s3.2: a public suffix is its own organization",
	 "{" AT("co.test", "v=DMARC1; p=reject") "}", "co.test", "a.co.test",
	 NULL, DMARC_VERDICT_FAIL, DMARC_REASON_NOT_ALIGNED,
	 "co.test co.test reject reject"},
	{"M4: not aligned with a public suffix, of the private part too",
	 "{" AT("evil.pages.test", "v=DMARC1; p=reject") "}", "evil.pages.test",
	 NULL, "pages.test", DMARC_VERDICT_FAIL, DMARC_REASON_NOT_ALIGNED,
	 "evil.pages.test evil.pages.test reject reject"},
};

static void
test_7489(void **state)
{
	const struct row *row = *state;
	struct arena arena = ARENA_INIT(DMARC_ARENA_MAX);
	struct fixture *fixture = zone_of(row->zone);
	struct suffixes *list = suffixes_parse(SPAN("co.test\npages.test\n"));
	struct dname author = name_of(row->author);
	struct buf text = BUF_INIT(4096);
	const struct dmarc_result *got;
	struct dmarc m;

	dmarc_init(&m, &author, &arena);
	dmarc_use_rfc7489(&m, list);
	add(&m, true, row->spf);
	add(&m, false, row->dkim);
	got = run(&m, fixture);
	assert_true(got->questions <= 2);
	assert_string_equal(dmarc_verdict_name(got->verdict),
			    dmarc_verdict_name(row->verdict));
	assert_string_equal(dmarc_reason_text(got->reason),
			    dmarc_reason_text(row->reason));
	show(got, &text);
	assert_string_equal(text.ptr, row->want);
	buf_release(&text);
	suffixes_free(list);
	fixture_free(fixture);
	arena_release(&arena);
}

static void
test_pct(void **state)
{
	struct fixture *fixture =
		zone_of("{" AT("a.test", "v=DMARC1; p=reject; pct=7") "}");
	struct suffixes *list = suffixes_parse(SPAN("co.test\n"));
	struct dname author = name_of("a.test");
	struct buf text = BUF_INIT(4096);

	(void)state;
	for (int old = 0; old < 2; old++) {
		struct arena arena = ARENA_INIT(DMARC_ARENA_MAX);
		struct dmarc m;

		dmarc_init(&m, &author, &arena);
		if (old == 1)
			dmarc_use_rfc7489(&m, list);
		/* RFC 9989 appendix A.6: pct is gone */
		assert_int_equal(run(&m, fixture)->pct, old == 1 ? 7 : 100);
		buf_clear(&text);
		dmarc_policy_text(dmarc_result(&m), &text);
		assert_int_equal(span_search(buf_span(&text), SPAN("7 %")) !=
					 SPAN_NONE,
				 old == 1);
		arena_release(&arena);
	}
	buf_release(&text);
	suffixes_free(list);
	fixture_free(fixture);
}

static void
test_no_author(void **state)
{
	struct suffixes *list = suffixes_parse(SPAN("co.test\n"));

	(void)state;
	for (int old = 0; old < 2; old++) {
		struct arena arena = ARENA_INIT(DMARC_ARENA_MAX);
		struct dns_question question;
		struct dmarc m;

		dmarc_init_no_author(&m, &arena);
		if (old == 1)
			dmarc_use_rfc7489(&m, list);
		assert_false(dmarc_ask(&m, &question));
		assert_int_equal(dmarc_result(&m)->verdict,
				 DMARC_VERDICT_PERMERROR);
		assert_int_equal(dmarc_result(&m)->disposition,
				 DMARC_DISPOSITION_LOCAL);
		arena_release(&arena);
	}
	suffixes_free(list);
}

/* A name that cannot be asked about needs memory all the same. */
static void
test_long_memory(void **state)
{
	struct suffixes *list = suffixes_parse(SPAN("co.test\n"));
	struct buf text = BUF_INIT(300);
	struct dname author;

	(void)state;
	while (text.len < 253 - strlen("a.example"))
		buf_adds(&text, "x.");
	buf_adds(&text, "a.example");
	author = name_of(text.ptr);
	for (int old = 0; old < 2; old++) {
		struct arena arena = ARENA_INIT(8);
		struct dns_question question;
		struct dmarc m;

		dmarc_init(&m, &author, &arena);
		if (old == 1)
			dmarc_use_rfc7489(&m, list);
		assert_false(dmarc_ask(&m, &question));
		assert_int_equal(dmarc_result(&m)->reason,
				 DMARC_REASON_QUESTIONS);
		arena_release(&arena);
	}
	suffixes_free(list);
	buf_release(&text);
}

/* RFC 9989 section 7.4: p=reject alone is not enough to refuse. */
static void
test_texts(void **state)
{
	(void)state;
	for (int i = 0; i <= DMARC_DISPOSITION_LOCAL; i++) {
		enum dmarc_disposition d = (enum dmarc_disposition)i;
		struct span text = span_of(dmarc_disposition_text(d));

		assert_true(text.len > 20);
		assert_int_equal(span_search(text, SPAN("suspicious")) !=
					 SPAN_NONE,
				 d == DMARC_DISPOSITION_QUARANTINE ||
					 d == DMARC_DISPOSITION_REJECT);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(
				text.ptr, dmarc_disposition_text(
						  (enum dmarc_disposition)k));
	}
	assert_string_equal(dmarc_tag_name(DMARC_TAG_NP), "np");
	assert_string_equal(dmarc_tag_name(DMARC_TAG_ABSENT), "");
}

/* M1 to M4 of the security rows, where they are not among the rows above. */
static const struct row m_rows[] = {
	{"M1, RFC 9989 s4.10: two records at the top of the walk",
	 "{'_dmarc.a.example':{'TXT':[['v=DMARC1; p=none'],"
	 "['v=DMARC1; p=reject']]}}",
	 "m.a.example", "a.example", NULL, DMARC_VERDICT_NONE,
	 DMARC_REASON_NO_RECORD, "m.a.example -"},
	{"M3: psd=n in mid tree, and the suffix above it",
	 "{" AT("bank.example", "v=DMARC1; p=none; psd=y") "," AT(
		 "m.a.bank.example", "v=DMARC1; p=reject; "
				     "psd=n") "}",
	 "m.a.bank.example", NULL, "a.bank.example", DMARC_VERDICT_FAIL,
	 DMARC_REASON_NOT_ALIGNED,
	 "m.a.bank.example m.a.bank.example reject reject"},
	{"M4: d= of a public suffix without a record",
	 "{" AT("evil.pages.example", "v=DMARC1; p=reject") "}",
	 "evil.pages.example", NULL, "pages.example", DMARC_VERDICT_FAIL,
	 DMARC_REASON_NOT_ALIGNED,
	 "evil.pages.example evil.pages.example reject reject"},
	{"M4: d= of a top level domain",
	 "{" AT("a.example", "v=DMARC1; p=reject") "}", "a.example", NULL,
	 "example", DMARC_VERDICT_FAIL, DMARC_REASON_NOT_ALIGNED,
	 "a.example a.example reject reject"},
};

/* Which names the author's walk asks, in the order of "queries_author". */
static bool
names_agree(const struct dmarc *m, const json_t *want)
{
	const struct dmarc_name *n = m->names.newest;
	size_t i = json_array_size(want);

	/* where DNS fails, only the last question is told */
	if (want == NULL)
		return n != NULL && n->failed;
	for (; n != NULL && i > 0; n = n->next) {
		struct dname_text text;
		struct span name = json_text(json_array_get(want, --i));

		if (!span_starts(name, SPAN("_dmarc.")) ||
		    !span_equal_nocase(span_skip(name, strlen("_dmarc.")),
				       dname_print(&n->name, &text)))
			return false;
	}
	return n == NULL && i == 0;
}

static bool
text_agrees(const json_t *want, const char *name, struct span got)
{
	return json_object_get(want, name) == NULL ||
	       span_equal_nocase(corpus_member(want, name), got);
}

static bool
result_agrees(const struct dmarc_result *r, const json_t *want)
{
	const json_t *spf = json_object_get(want, "spf_aligned");
	const json_t *dkim = json_object_get(want, "dkim_aligned");
	struct dname_text policy, org;
	char pct[8];

	snprintf(pct, sizeof(pct), "%u", r->pct);
	return text_agrees(want, "result",
			   span_of(dmarc_verdict_name(r->verdict))) &&
	       text_agrees(want, "policy_domain",
			   dname_print(&r->policy_domain, &policy)) &&
	       text_agrees(want, "org_domain", dname_print(&r->org, &org)) &&
	       text_agrees(want, "policy",
			   span_of(dmarc_policy_name(r->policy))) &&
	       text_agrees(want, "effective_policy",
			   span_of(dmarc_policy_name(r->effective))) &&
	       text_agrees(want, "pct", span_of(pct)) &&
	       (spf == NULL || json_is_true(spf) == r->spf_aligned) &&
	       (dkim == NULL || json_is_true(dkim) == r->dkim_aligned);
}

static void
add_all(struct dmarc *m, const json_t *one, const char *kind)
{
	json_t *list = json_get_array(one, kind), *id;
	size_t i;

	json_array_foreach(list, i, id)
	{
		struct span result = corpus_member(id, "result");
		struct dname name;

		if (dname_parse(corpus_member(id, "domain"), &name) != DNAME_OK)
			continue;
		dmarc_add(m, *kind == 's', &name,
			  span_equal(result, SPAN("pass")) ? DMARC_AUTH_PASS
			  : span_equal(result, SPAN("temperror"))
				  ? DMARC_AUTH_ERROR
				  : DMARC_AUTH_FAIL);
	}
}

/* Runs a case with or without the list of public suffixes. */
static bool
case_agrees(const json_t *one, const struct suffixes *list)
{
	const json_t *want =
		json_object_get(json_object_get(one, "expect"),
				list != NULL ? "rfc7489" : "rfc9989");
	CLEANUP(buf_release) struct buf zone = BUF_INIT(FIXTURE_MAX);
	struct arena arena = ARENA_INIT(DMARC_ARENA_MAX);
	struct dname author = {.len = 0};
	struct fixture *fixture;
	struct error error;
	struct dmarc m;
	bool agrees;

	json_format(json_object_get(one, "dns"), &zone);
	fixture = fixture_parse(buf_span(&zone), &error);
	assert_non_null(fixture);
	if (dname_parse(corpus_member(one, "from"), &author) != DNAME_OK)
		fail();
	dmarc_init(&m, &author, &arena);
	if (list != NULL)
		dmarc_use_rfc7489(&m, list);
	/* the author's walk alone, then all of it */
	(void)run(&m, fixture);
	agrees = list != NULL ||
		 names_agree(&m, json_object_get(want, "queries_author"));
	if (!agrees)
		print_message("other questions\n");
	dmarc_init(&m, &author, &arena);
	if (list != NULL)
		dmarc_use_rfc7489(&m, list);
	add_all(&m, one, "spf");
	add_all(&m, one, "dkim");
	agrees = result_agrees(run(&m, fixture), want) && agrees;
	/* where the text contradicts itself either reading will do */
	if (json_object_get(want, "ambiguous") != NULL &&
	    dmarc_result(&m)->effective <= DMARC_NONE)
		agrees = true;
	/* RFC 9989 s5.3.6: a DNS error leaves neither pass nor fail */
	if (json_is_true(json_object_get(one, "disputed")) &&
	    text_agrees(json_object_get(one, "upstream"), "result",
			span_of(dmarc_verdict_name(dmarc_result(&m)->verdict))))
		agrees = true;
	fixture_free(fixture);
	arena_release(&arena);
	return agrees;
}

static const char *const suites[] = {
	"authheaders", "derived-rfc9989", "maddy", "mail-auth",
	"mail-dmarc",  "mailauth",        "mox",   "rfc9989-examples",
};

static size_t
check_suite(const char *suite, const struct suffixes *list)
{
	char name[64];
	json_t *json, *one;
	size_t i, bad = 0;

	snprintf(name, sizeof(name), "dmarc/%s.json", suite);
	json = corpus_json(name);
	snprintf(name, sizeof(name), "%s%s.json", suite,
		 list != NULL ? "-7489" : "");
	json_array_foreach(json_get_array(json, "cases"), i, one) bad +=
		corpus_row(name, corpus_member(one, "id"),
			   case_agrees(one, list));
	print_message("%s: %zu rows\n", name, i);
	json_decref(json);
	return bad;
}

static void
test_corpus(void **state)
{
	size_t bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(suites); i++)
		bad += check_suite(suites[i], NULL);
	assert_int_equal(bad, 0);
}

static void
test_corpus_7489(void **state)
{
	CLEANUP(buf_release) struct buf file = BUF_INIT(SUFFIX_LIST_MAX);
	struct suffixes *list;
	size_t bad = 0;

	(void)state;
	corpus_read("psl/public_suffix_list.dat", &file);
	list = suffixes_parse(buf_span(&file));
	assert_non_null(list);
	for (size_t i = 0; i < COUNT(suites); i++)
		bad += check_suite(suites[i], list);
	suffixes_free(list);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_walk);
	UNIT(test_long_name);
	UNIT(test_many);
	UNIT(test_many_and_one);
	UNIT(test_memory);
	UNIT_ROWS(test_policy, policy_rows);
	UNIT_ROWS(test_row, m_rows);
	UNIT_ROWS(test_7489, rows_7489);
	UNIT(test_pct);
	UNIT(test_corpus);
	UNIT(test_corpus_7489);
	UNIT(test_no_author);
	UNIT(test_long_memory);
	UNIT(test_texts);
	return unit_run("mailauth/dmarc");
}
