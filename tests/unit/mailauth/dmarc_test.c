/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc.h"

#include "base/buf.h"
#include "dns/fixture.h"
#include "unit.h"

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
	{"RFC 9989 s5.3.6: it fails, but another is aligned",
	 "{'_dmarc.m.a.example':{'TIMEOUT':'*'}," AT("a.example",
						     "v=DMARC1; p=none") "}",
	 "a.example", "m.a.example", "a.example", DMARC_VERDICT_PASS,
	 DMARC_REASON_ALIGNED, "a.example a.example none none dkim"},
	{"RFC 9989 s5.3.6: SPF had a temperror",
	 "{" AT("a.example", "v=DMARC1; p=reject") "}", "a.example",
	 "!a.example", NULL, DMARC_VERDICT_TEMPERROR, DMARC_REASON_IDENTIFIER,
	 "a.example a.example reject reject"},
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
static void
test_many(void **state)
{
	struct fixture *fixture =
		zone_of("{" AT("a.example", "v=DMARC1; p=reject") "}");
	struct arena arena = ARENA_INIT(DMARC_ARENA_MAX);
	struct dname author = name_of("a.example");
	const struct dmarc_result *got;
	struct dmarc m;

	(void)state;
	dmarc_init(&m, &author, &arena);
	for (int i = 0; i < DMARC_IDENTIFIERS_MAX + 5; i++) {
		char text[64];

		snprintf(text, sizeof(text), "%d.5.4.%d.2.1.a.example", i, i);
		add(&m, false, text);
	}
	got = run(&m, fixture);
	assert_int_equal(got->identifiers, DMARC_IDENTIFIERS_MAX);
	assert_true(got->questions <= DMARC_QUESTIONS_MAX);
	assert_int_equal(got->reason, DMARC_REASON_QUESTIONS);
	fixture_free(fixture);
	arena_release(&arena);
}

static void
test_no_author(void **state)
{
	struct arena arena = ARENA_INIT(DMARC_ARENA_MAX);
	struct dns_question question;
	struct dmarc m;

	(void)state;
	dmarc_init_no_author(&m, &arena);
	assert_false(dmarc_ask(&m, &question));
	assert_int_equal(dmarc_result(&m)->verdict, DMARC_VERDICT_PERMERROR);
	arena_release(&arena);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_walk);
	UNIT(test_long_name);
	UNIT(test_many);
	UNIT(test_no_author);
	return unit_run("mailauth/dmarc");
}
