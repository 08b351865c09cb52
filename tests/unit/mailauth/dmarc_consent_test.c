/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc_consent.h"

#include "corpus.h"
#include "dns/fixture.h"

#define ARENA_MAX ((size_t)1 << 20)

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

#define CONSENT(host, text)                                                    \
	"'a.example._report._dmarc." host "':{'TXT':[['" text "']]}"

static const struct row {
	const char *name;
	const char *zone;
	const char *uri;
	enum dmarc_consent_verdict verdict;
	const char *override; /* the first one, or "" */
	unsigned questions;
} rows[] = {
	{"RFC 9990: the same domain needs none", "{}", "mailto:x@a.example",
	 DMARC_CONSENT_OWN, "", 0},
	{"RFC 9990: nor does a name of the organization",
	 "{'_dmarc.a.example':{'TXT':[['v=DMARC1; p=none']]}}",
	 "mailto:x@Reports.A.example", DMARC_CONSENT_OWN, "", 3},
	{"RFC 9990: psd=n below makes another organization",
	 "{'_dmarc.a.example':{'TXT':[['v=DMARC1; p=none']]},"
	 "'_dmarc.r.a.example':{'TXT':[['v=DMARC1; p=none; psd=n']]}}",
	 "mailto:x@r.a.example", DMARC_CONSENT_ABSENT, "", 2},
	{"RFC 9990: consent", "{" CONSENT("b.example", "v=DMARC1;") "}",
	 "mailto:x@b.example", DMARC_CONSENT_GIVEN, "", 1},
	{"RFC 9990: none (M6)", "{}", "mailto:x@b.example",
	 DMARC_CONSENT_ABSENT, "", 1},
	{"RFC 9990: consent to another domain's reports is none",
	 "{'c.example._report._dmarc.b.example':{'TXT':[['v=DMARC1']]}}",
	 "mailto:x@b.example", DMARC_CONSENT_ABSENT, "", 1},
	{"RFC 9990: a wildcard consents for all",
	 "{'*._report._dmarc.b.example':{'TXT':[['v=DMARC1']]}}",
	 "mailto:x@b.example", DMARC_CONSENT_GIVEN, "", 1},
	{"RFC 9990: the version must be first",
	 "{" CONSENT("b.example", "p=none; v=DMARC1") "}", "mailto:x@b.example",
	 DMARC_CONSENT_ABSENT, "", 1},
	{"RFC 9990: what is no tag=value is no consent",
	 "{" CONSENT("b.example", "v=DMARC1; yes") "}", "mailto:x@b.example",
	 DMARC_CONSENT_ABSENT, "", 1},
	{"RFC 9990: one good record among others",
	 "{'a.example._report._dmarc.b.example':{'TXT':[['x'],['v=DMARC1'],"
	 "['v=DMARC1; p=none']]}}",
	 "mailto:x@b.example", DMARC_CONSENT_GIVEN, "", 1},
	{"RFC 9990: another address at the same host",
	 "{" CONSENT("b.example", "v=DMARC1; rua=mailto:y@B.example") "}",
	 "mailto:x@b.example", DMARC_CONSENT_GIVEN, "mailto:y@B.example", 1},
	{"RFC 9990: another host is refused, for both",
	 "{" CONSENT("b.example", "v=DMARC1; rua=mailto:y@victim.example") "}",
	 "mailto:x@b.example", DMARC_CONSENT_ELSEWHERE, "", 1},
	{"RFC 9990: one of several is at another host",
	 "{" CONSENT("b.example", "v=DMARC1; rua=mailto:y@b.example,"
				  "mailto:z@victim.example") "}",
	 "mailto:x@b.example", DMARC_CONSENT_ELSEWHERE, "", 1},
	{"RFC 9990: one of two records names another host",
	 "{'a.example._report._dmarc.b.example':{'TXT':[['v=DMARC1; "
	 "rua=mailto:y@b.example'],['v=DMARC1; rua=mailto:y@c.example']]}}",
	 "mailto:x@b.example", DMARC_CONSENT_ELSEWHERE, "", 1},
	{"RFC 9990: a name below the host is another host",
	 "{" CONSENT("b.example", "v=DMARC1; rua=mailto:y@c.b.example") "}",
	 "mailto:x@b.example", DMARC_CONSENT_ELSEWHERE, "", 1},
	{"RFC 9990: ruf= does not override rua=",
	 "{" CONSENT("b.example", "v=DMARC1; ruf=mailto:y@victim.example") "}",
	 "mailto:x@b.example", DMARC_CONSENT_GIVEN, "", 1},
	{"RFC 9990: a temporary error",
	 "{'a.example._report._dmarc.b.example':{'SERVFAIL':'*'}}",
	 "mailto:x@b.example", DMARC_CONSENT_ERROR, "", 1},
	{"RFC 9990: the destination's walk fails",
	 "{'_dmarc.r.a.example':{'TIMEOUT':'*'}}", "mailto:x@r.a.example",
	 DMARC_CONSENT_ERROR, "", 1},
	{"https: the host of the authority",
	 "{" CONSENT("b.example", "v=DMARC1") "}",
	 "https://u:p@b.example:8443/r?q@x.example#f", DMARC_CONSENT_GIVEN, "",
	 1},
	{"mailto with header fields: the address's host",
	 "{" CONSENT("b.example", "v=DMARC1") "}",
	 "mailto:x@b.example?cc=y@victim.example", DMARC_CONSENT_GIVEN, "", 1},
	{"two addresses in one mailto", "{}",
	 "mailto:x@b.example%2Cy@victim.example", DMARC_CONSENT_NO_HOST, "", 0},
	{"no host at all", "{}", "mailto:x", DMARC_CONSENT_NO_HOST, "", 0},
	{"a scheme without an authority", "{}", "urn:x:y",
	 DMARC_CONSENT_NO_HOST, "", 0},
	{"an address literal", "{}", "mailto:x@[192.0.2.1]",
	 DMARC_CONSENT_NO_HOST, "", 0},
	{"one label", "{}", "mailto:x@localhost", DMARC_CONSENT_NO_HOST, "", 0},
};

static struct dname
name_of(const char *text)
{
	struct dname name;

	assert_int_equal(dname_parse(span_of(text), &name), DNAME_OK);
	return name;
}

static unsigned
run(struct dmarc_consent *m, const struct fixture *fixture)
{
	struct dns_question question, again;
	unsigned questions = 0;

	while (dmarc_consent_ask(m, &question)) {
		struct arena arena = ARENA_INIT(ARENA_MAX);
		struct dns_answer answer;

		assert_true(dmarc_consent_ask(m, &again));
		assert_true(dname_equal(&question.name, &again.name));
		fixture_answer(fixture, &question, &arena, &answer);
		dmarc_consent_answer(m, &answer);
		arena_release(&arena);
		questions++;
	}
	assert_true(questions <= DMARC_CONSENT_QUESTIONS_MAX);
	return questions;
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = ARENA_INIT(ARENA_MAX);
	struct dmarc_names names = {.arena = &arena};
	struct fixture *fixture = zone_of(row->zone);
	struct dname policy = name_of("a.example");
	const struct dmarc_consent_result *got;
	struct dmarc_consent m;
	unsigned questions;

	dmarc_consent_init(&m, &policy, &policy, span_of(row->uri), false,
			   &names, NULL);
	questions = run(&m, fixture);
	got = dmarc_consent_result(&m);
	assert_string_equal(dmarc_consent_text(got->verdict),
			    dmarc_consent_text(row->verdict));
	assert_int_equal(dmarc_consent_allows(got->verdict),
			 row->verdict == DMARC_CONSENT_OWN ||
				 row->verdict == DMARC_CONSENT_GIVEN);
	assert_span(got->override.len > 0 ? got->override.uri[0] : SPAN(""),
		    row->override);
	assert_int_equal(questions, row->questions);
	fixture_free(fixture);
	arena_release(&arena);
}

/* ruf= is overridden by ruf=. */
static void
test_failure(void **state)
{
	struct arena arena = ARENA_INIT(ARENA_MAX);
	struct dmarc_names names = {.arena = &arena};
	struct fixture *fixture = zone_of("{" CONSENT(
		"b.example", "v=DMARC1; rua=mailto:v@victim.example; "
			     "ruf=mailto:f@b.example") "}");
	struct dname policy = name_of("a.example");
	struct dmarc_consent m;

	(void)state;
	dmarc_consent_init(&m, &policy, &policy, SPAN("mailto:x@b.example"),
			   true, &names, NULL);
	(void)run(&m, fixture);
	assert_int_equal(dmarc_consent_result(&m)->verdict,
			 DMARC_CONSENT_GIVEN);
	assert_span(dmarc_consent_result(&m)->override.uri[0],
		    "mailto:f@b.example");
	fixture_free(fixture);
	arena_release(&arena);
}

/* RFC 9990: consent is to the domain "from which the policy was retrieved". */
static void
test_policy_domain(void **state)
{
	struct arena arena = ARENA_INIT(ARENA_MAX);
	struct dmarc_names names = {.arena = &arena};
	struct fixture *fixture =
		zone_of("{" CONSENT("b.example", "v=DMARC1") "}");
	struct dname org = name_of("a.example");
	struct dname below = name_of("m.a.example");
	struct dmarc_consent m;

	(void)state;
	dmarc_consent_init(&m, &below, &org, SPAN("mailto:x@b.example"), false,
			   &names, NULL);
	(void)run(&m, fixture);
	assert_int_equal(dmarc_consent_result(&m)->verdict,
			 DMARC_CONSENT_ABSENT);
	fixture_free(fixture);
	arena_release(&arena);
}

/* RFC 7489 section 7.1: the organization by public suffix, without a walk. */
static void
test_7489(void **state)
{
	struct arena arena = ARENA_INIT(ARENA_MAX);
	struct dmarc_names names = {.arena = &arena};
	struct suffixes *list = suffixes_parse(SPAN("co.test\n"));
	struct fixture *fixture = zone_of("{}");
	struct dname policy = name_of("m.a.co.test");
	struct dname org = name_of("a.co.test");
	struct dmarc_consent m;

	(void)state;
	dmarc_consent_init(&m, &policy, &org, SPAN("mailto:x@r.a.co.test"),
			   false, &names, list);
	assert_int_equal(run(&m, fixture), 0);
	assert_int_equal(dmarc_consent_result(&m)->verdict, DMARC_CONSENT_OWN);
	dmarc_consent_init(&m, &policy, &org, SPAN("mailto:x@b.co.test"), false,
			   &names, list);
	assert_int_equal(run(&m, fixture), 1);
	assert_int_equal(dmarc_consent_result(&m)->verdict,
			 DMARC_CONSENT_ABSENT);
	suffixes_free(list);
	fixture_free(fixture);
	arena_release(&arena);
}

/* A policy domain so long that the name of its consent cannot exist. */
static void
test_long(void **state)
{
	struct arena arena = ARENA_INIT(ARENA_MAX);
	struct dmarc_names names = {.arena = &arena};
	struct buf text = BUF_INIT(300);
	struct dns_question question;
	struct dname policy;
	struct dmarc_consent m;

	(void)state;
	while (text.len < 240)
		buf_adds(&text, "x.");
	buf_adds(&text, "a.example");
	policy = name_of(text.ptr);
	dmarc_consent_init(&m, &policy, &policy, SPAN("mailto:x@b.example"),
			   false, &names, NULL);
	assert_false(dmarc_consent_ask(&m, &question));
	assert_int_equal(dmarc_consent_result(&m)->verdict,
			 DMARC_CONSENT_ABSENT);
	assert_false(dmarc_consent_result(&m)->asked);
	buf_release(&text);
	arena_release(&arena);
}

/* An arena too small for the walk: it could not be found out. */
static void
test_memory(void **state)
{
	struct dns_answer nothing = {.status = DNS_NXDOMAIN};
	struct arena arena = ARENA_INIT(64);
	struct dmarc_names names = {.arena = &arena};
	struct dname policy = name_of("a.example");
	struct dns_question question;
	struct dmarc_consent m;

	(void)state;
	dmarc_consent_init(&m, &policy, &policy, SPAN("mailto:x@r.a.example"),
			   false, &names, NULL);
	assert_true(dmarc_consent_ask(&m, &question));
	dmarc_consent_answer(&m, &nothing);
	assert_false(dmarc_consent_ask(&m, &question));
	assert_int_equal(dmarc_consent_result(&m)->verdict,
			 DMARC_CONSENT_ERROR);
	arena_release(&arena);
}

static bool
corpus_agrees(const json_t *one)
{
	CLEANUP(buf_release) struct buf zone = BUF_INIT(FIXTURE_MAX);
	CLEANUP(buf_release) struct buf uri = BUF_INIT(1024);
	const json_t *want = json_object_get(one, "expect");
	struct arena arena = ARENA_INIT(ARENA_MAX);
	struct dmarc_names names = {.arena = &arena};
	const struct dmarc_consent_result *got;
	struct dname_text asked;
	struct fixture *fixture;
	struct dmarc_consent m;
	struct dname policy;
	struct error error;
	bool agrees;

	json_format(json_object_get(one, "dns"), &zone);
	fixture = fixture_parse(buf_span(&zone), &error);
	assert_non_null(fixture);
	assert_int_equal(
		dname_parse(corpus_member(one, "policy_domain"), &policy),
		DNAME_OK);
	buf_addf(&uri, "mailto:x@" SPAN_FMT,
		 SPAN_ARG(corpus_member(one, "rua_domain")));
	dmarc_consent_init(&m, &policy, &policy, buf_span(&uri), false, &names,
			   NULL);
	(void)run(&m, fixture);
	got = dmarc_consent_result(&m);
	if (json_is_string(want))
		agrees = got->verdict == DMARC_CONSENT_ERROR;
	else
		agrees = got->verdict != DMARC_CONSENT_ERROR &&
			 dmarc_consent_allows(got->verdict) ==
				 json_is_true(want);
	if (json_is_string(json_object_get(one, "query")))
		agrees = agrees && got->asked &&
			 span_equal_nocase(corpus_member(one, "query"),
					   dname_print(&got->question, &asked));
	fixture_free(fixture);
	arena_release(&arena);
	return agrees;
}

static void
test_corpus(void **state)
{
	json_t *json = corpus_json("dmarc/ext-report.json"), *one;
	size_t i, bad = 0;

	(void)state;
	json_array_foreach(json_get_array(json, "cases"), i, one) bad +=
		corpus_row("ext-report.json", corpus_member(one, "id"),
			   corpus_agrees(one));
	print_message("ext-report.json: %zu rows\n", i);
	json_decref(json);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_failure);
	UNIT(test_policy_domain);
	UNIT(test_7489);
	UNIT(test_long);
	UNIT(test_memory);
	UNIT(test_corpus);
	return unit_run("mailauth/dmarc_consent");
}
