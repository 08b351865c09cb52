/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/policy.h"

#include "ask.h"

static const struct walk_row {
	const char *name;
	const char *domain;
	const char *fixture;
	enum policy_status status;
	const char *at;     /* name of the record in force */
	const char *policy; /* as it applies to the domain */
	size_t asked;       /* at most */
} walks[] = {
	{"its own", "a.example.org",
	 "{'_dmarc.a.example.org': {'TXT': [['v=DMARC1; p=none; sp=reject']]},"
	 " '_dmarc.example.org': {'TXT': [['v=DMARC1; p=reject']]}}",
	 POLICY_FOUND, "_dmarc.a.example.org", "none", 3},
	{"nothing anywhere", "a.example.org", "{}", POLICY_NONE, "", "", 3},
	{"the parent's p", "a.example.org",
	 "{'_dmarc.example.org': {'TXT': [['v=DMARC1; p=reject']]}}",
	 POLICY_FOUND, "_dmarc.example.org", "reject", 3},
	{"the parent's sp", "a.example.org",
	 "{'_dmarc.example.org':"
	 " {'TXT': [['v=DMARC1; p=reject; sp=quarantine']]}}",
	 POLICY_FOUND, "_dmarc.example.org", "quarantine", 3},
	{"an sp that is no policy", "a.example.org",
	 "{'_dmarc.example.org': {'TXT': [['v=DMARC1; p=reject; sp=x']]}}",
	 POLICY_FOUND, "_dmarc.example.org", "", 3},
	{"the fewest labels, not the nearest", "a.b.example.org",
	 "{'_dmarc.b.example.org': {'TXT': [['v=DMARC1; p=none']]},"
	 " '_dmarc.example.org': {'TXT': [['v=DMARC1; p=reject']]}}",
	 POLICY_FOUND, "_dmarc.example.org", "reject", 4},
	{"psd=n ends the walk", "a.b.example.org",
	 "{'_dmarc.b.example.org': {'TXT': [['v=DMARC1; p=none; psd=n']]},"
	 " '_dmarc.example.org': {'TXT': [['v=DMARC1; p=reject']]}}",
	 POLICY_FOUND, "_dmarc.b.example.org", "none", 2},
	{"psd=y, and a record one label below", "a.example.org",
	 "{'_dmarc.example.org': {'TXT': [['v=DMARC1; p=none']]},"
	 " '_dmarc.org': {'TXT': [['v=DMARC1; p=reject; psd=y']]}}",
	 POLICY_FOUND, "_dmarc.example.org", "none", 3},
	{"psd=y, and none one label below", "a.b.example.org",
	 "{'_dmarc.b.example.org': {'TXT': [['v=DMARC1; p=none']]},"
	 " '_dmarc.org': {'TXT': [['v=DMARC1; p=reject; psd=y']]}}",
	 POLICY_FOUND, "_dmarc.org", "reject", 4},
	{"two records cancel each other", "a.example.org",
	 "{'_dmarc.a.example.org': {'TXT': [['v=DMARC1; p=none'],"
	 " ['v=DMARC1; p=reject']]},"
	 " '_dmarc.example.org': {'TXT': [['v=DMARC1; p=reject']]}}",
	 POLICY_FOUND, "_dmarc.example.org", "reject", 3},
	{"another TXT beside it", "example.org",
	 "{'_dmarc.example.org': {'TXT': [['v=spf1 -all'],"
	 " ['v=DMARC1; p=reject']]}}",
	 POLICY_FOUND, "_dmarc.example.org", "reject", 2},
	{"a record without a policy", "example.org",
	 "{'_dmarc.example.org': {'TXT': [['v=DMARC1; p=rejct']]}}",
	 POLICY_FOUND, "_dmarc.example.org", "", 2},
	{"an error is not an absence", "a.example.org",
	 "{'_dmarc.a.example.org': {'SERVFAIL': '*'},"
	 " '_dmarc.example.org': {'TXT': [['v=DMARC1; p=reject']]}}",
	 POLICY_ERROR, "", "", 1},
	{"an error above", "a.example.org", "{'_dmarc.org': {'TIMEOUT': '*'}}",
	 POLICY_ERROR, "", "", 3},
	{"at most eight questions", "a.b.c.d.e.f.g.h.i.j.mail.example.com",
	 "{'_dmarc.com': {'TXT': [['v=DMARC1; p=reject']]}}", POLICY_FOUND,
	 "_dmarc.com", "reject", 8},
	{"names between are left out", "a.b.c.d.e.f.g.h.i.j.mail.example.com",
	 "{'_dmarc.e.f.g.h.i.j.mail.example.com':"
	 " {'TXT': [['v=DMARC1; p=reject']]}}",
	 POLICY_NONE, "", "", 8},
	{"eight labels leave none out", "a.b.c.d.e.f.example.com",
	 "{'_dmarc.b.c.d.e.f.example.com':"
	 " {'TXT': [['v=DMARC1; p=reject']]}}",
	 POLICY_FOUND, "_dmarc.b.c.d.e.f.example.com", "reject", 8},
};

static const struct is_row {
	const char *name;
	const char *text;
	bool want;
} is[] = {
	{"a record", "v=DMARC1; p=none", true},
	{"alone", "v=DMARC1", true},
	{"spaces", "v = DMARC1 ;p=none", true},
	{"a space first", " v=DMARC1;p=none", false},
	{"a version in small letters", "v=dmarc1; p=none", false},
	{"a longer version", "v=DMARC12; p=none", false},
	{"not first", "p=none; v=DMARC1", false},
	{"a colon", "v:DMARC1; p=none", false},
	{"SPF", "v=spf1 -all", false},
	{"nothing", "", false},
};

static void
test_walk(void **state)
{
	const struct walk_row *row = *state;
	struct fixture *fixture = ask_fixture(row->fixture);
	struct arena arena = ARENA_INIT(DMARC_ARENA_MAX);
	struct policy_walk walk;
	struct dname domain;
	size_t asked;

	assert_int_equal(dname_parse(span_of(row->domain), &domain), DNAME_OK);
	policy_init(&walk, &domain, &arena);
	ASK_ALL(policy, &walk, fixture, &asked);
	assert_int_equal(policy_result(&walk)->status, row->status);
	assert_true(asked <= row->asked);
	if (row->status == POLICY_FOUND) {
		assert_span(policy_result(&walk)->name, row->at);
		assert_span(policy_result(&walk)->policy, row->policy);
		assert_int_equal(policy_result(&walk)->inherited,
				 strcmp(row->at + 7, row->domain) != 0);
	}
	arena_release(&arena);
	fixture_free(fixture);
}

static void
test_is(void **state)
{
	const struct is_row *row = *state;

	assert_int_equal(policy_is_dmarc(span_of(row->text)), row->want);
}

static void
test_of(void **state)
{
	(void)state;
	assert_span(policy_of(SPAN("v=DMARC1; sp=none; p=Reject")), "reject");
	assert_span(policy_of(SPAN("v=DMARC1; p=quarentine")), "");
	assert_span(policy_of(SPAN("v=DMARC1")), "");
	assert_span(policy_of(SPAN("p=reject")), "");
}

int
main(void)
{
	UNIT_ROWS(test_walk, walks);
	UNIT_ROWS(test_is, is);
	UNIT(test_of);
	return unit_run("identity/policy");
}
