/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/steps.h"

#include "unit.h"

#define START INT64_C(1800000000000)

static const struct record_set set = {
	.domain = "example.org",
	.record = {{.purpose = RECORD_DKIM,
		    .type = DNS_CNAME,
		    .name = "t._domainkey.example.org"},
		   {.purpose = RECORD_MAIL_FROM_MX,
		    .type = DNS_MX,
		    .name = "m.example.org"},
		   {.purpose = RECORD_MAIL_FROM_SPF,
		    .type = DNS_TXT,
		    .name = "m.example.org"},
		   {.purpose = RECORD_DMARC,
		    .type = DNS_TXT,
		    .name = "_dmarc.example.org"}},
	.len = 4,
};

/* A letter for each record: - not asked, Match, Absent, Different, Error. */
static struct observation
see(const char *letters)
{
	struct observation seen = {.set = &set, .len = set.len};

	for (size_t i = 0; i < set.len; i++) {
		seen.record[i].want = &set.record[i];
		seen.record[i].status = (enum observed_status)(
			strchr("-MADE", letters[i]) - "-MADE");
		seen.record[i].reason = SPAN("why");
		seen.record[i].found = SPAN("");
	}
	seen.control = (struct observed_group){
		seen.record[0].status, SES_ERROR_NONE, SPAN("evidence")};
	seen.dkim = seen.control;
	seen.mail_from = (struct observed_group){
		seen.record[1].status, SES_ERROR_NONE, SPAN("evidence")};
	seen.dmarc = (struct policy){
		.name = SPAN(""), .record = SPAN(""), .policy = SPAN("")};
	return seen;
}

static struct identity
make(enum ses_status verification, enum ses_status dkim,
     enum ses_status mail_from)
{
	return (struct identity){
		.name = "example.org",
		.type = SES_DOMAIN,
		.created = START,
		.verification = {.status = verification, .since = START + 1},
		.dkim = {.status = dkim, .since = START + 2},
		.mail_from = "m.example.org",
		.mail_from_standing = {.status = mail_from, .since = START + 3},
		.signing_enabled = true,
		.next_check = START + 9,
	};
}

static const struct dkim_row {
	const char *name;
	enum ses_status verification;
	enum ses_status dkim;
	const char *seen; /* NULL: nothing */
	enum step_state state;
	enum step_who who;
	int64_t since;    /* from START */
	const char *text; /* ends so */
} dkims[] = {
	{"verified", SES_SUCCESS, SES_SUCCESS, "MMMM", STEP_DONE, STEP_NOBODY,
	 2, "the records are there and right"},
	{"not looked at", SES_PENDING, SES_PENDING, NULL, STEP_WAITING,
	 STEP_SERVICE, 1, "DNS was not asked yet"},
	{"nothing there", SES_PENDING, SES_PENDING, "AAAA", STEP_WAITING,
	 STEP_OPERATOR, 1, "CNAME t._domainkey.example.org: why"},
	{"something else there", SES_PENDING, SES_PENDING, "DAAA", STEP_WRONG,
	 STEP_OPERATOR, 1, "CNAME t._domainkey.example.org: why"},
	{"DNS fails", SES_PENDING, SES_PENDING, "EAAA", STEP_WAITING,
	 STEP_SERVICE, 1, "CNAME t._domainkey.example.org: why"},
	{"to be confirmed", SES_PENDING, SES_PENDING, "MAAA", STEP_WAITING,
	 STEP_SERVICE, 1, "they are looked at once more before they count"},
	{"the identity is, DKIM is not", SES_SUCCESS, SES_PENDING, "MAAA",
	 STEP_WAITING, STEP_SERVICE, 2,
	 "they are looked at once more before they count"},
	{"gone", SES_TEMPORARY_FAILURE, SES_TEMPORARY_FAILURE, "AMMM",
	 STEP_WRONG, STEP_OPERATOR, 1,
	 "not now: CNAME t._domainkey.example.org: why"},
	{"failed", SES_FAILED, SES_FAILED, "AMMM", STEP_WRONG,
	 STEP_ADMINISTRATOR, 1,
	 "when they are published, restart the verification"},
};

static const struct mail_from_row {
	const char *name;
	enum ses_status status;
	const char *seen;
	enum step_state state;
	enum step_who who;
} mail_froms[] = {
	{"both are right", SES_SUCCESS, "MMMM", STEP_DONE, STEP_NOBODY},
	{"no SPF", SES_SUCCESS, "MMAM", STEP_WAITING, STEP_OPERATOR},
	{"another SPF", SES_SUCCESS, "MMDM", STEP_WRONG, STEP_OPERATOR},
	{"SPF fails", SES_SUCCESS, "MMEM", STEP_WAITING, STEP_SERVICE},
	{"SPF not asked", SES_SUCCESS, "MM-M", STEP_WAITING, STEP_SERVICE},
	{"nothing seen", SES_SUCCESS, NULL, STEP_WAITING, STEP_SERVICE},
	{"no MX", SES_PENDING, "MAMM", STEP_WAITING, STEP_OPERATOR},
	{"another MX", SES_PENDING, "MDMM", STEP_WRONG, STEP_OPERATOR},
	{"the MX went", SES_TEMPORARY_FAILURE, "MAMM", STEP_WRONG,
	 STEP_OPERATOR},
	{"given up", SES_FAILED, "MAMM", STEP_WRONG, STEP_ADMINISTRATOR},
};

static const struct dmarc_row {
	const char *name;
	const char *seen;
	enum policy_status status;
	const char *at;
	const char *policy;
	enum step_state state;
	enum step_who who;
} dmarcs[] = {
	{"its own", "MMMM", POLICY_FOUND, "_dmarc.example.org", "quarantine",
	 STEP_DONE, STEP_NOBODY},
	{"inherited", "MMMA", POLICY_FOUND, "_dmarc.org", "reject", STEP_DONE,
	 STEP_NOBODY},
	{"only to watch", "MMMM", POLICY_FOUND, "_dmarc.example.org", "none",
	 STEP_DONE, STEP_NOBODY},
	{"without a policy", "MMMA", POLICY_FOUND, "_dmarc.org", "", STEP_WRONG,
	 STEP_OPERATOR},
	{"its own is wrong", "MMMD", POLICY_FOUND, "_dmarc.org", "reject",
	 STEP_WRONG, STEP_OPERATOR},
	{"none", "MMMA", POLICY_NONE, "", "", STEP_WAITING, STEP_OPERATOR},
	{"DNS fails", "MMME", POLICY_ERROR, "", "", STEP_WAITING, STEP_SERVICE},
	{"not asked", "MMM-", 0, "", "", STEP_WAITING, STEP_SERVICE},
	{"nothing seen", NULL, 0, "", "", STEP_WAITING, STEP_SERVICE},
};

static void
test_dkim(void **state)
{
	const struct dkim_row *row = *state;
	struct arena arena = ARENA_INIT(1 << 16);
	struct identity identity =
		make(row->verification, row->dkim, SES_SUCCESS);
	struct observation seen;
	struct step step[STEPS];

	if (row->seen != NULL)
		seen = see(row->seen);
	steps_of(&identity, row->seen ? &seen : NULL, &arena, step);
	for (int i = 0; i < STEPS; i++)
		assert_int_equal(step[i].number, i + 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(step[i].state, STEP_DONE);
		assert_int_equal(step[i].since, START);
		assert_span(step[i].text, "example.org");
	}
	assert_int_equal(step[2].state, row->state);
	assert_int_equal(step[2].who, row->who);
	assert_int_equal(step[2].since, START + row->since);
	assert_int_equal(step[2].next_check,
			 row->state == STEP_DONE ? 0 : START + 9);
	if (!span_ends(step[2].text, span_of(row->text)))
		fail_msg("\"" SPAN_FMT "\"", SPAN_ARG(step[2].text));
	arena_release(&arena);
}

static void
test_signing_off(void **state)
{
	struct arena arena = ARENA_INIT(1 << 16);
	struct identity identity = make(SES_SUCCESS, SES_SUCCESS, SES_SUCCESS);
	struct step step[STEPS];

	(void)state;
	identity.signing_enabled = false;
	steps_of(&identity, NULL, &arena, step);
	assert_int_equal(step[2].state, STEP_DONE);
	assert_true(span_ends(step[2].text, SPAN("turned off")));
	arena_release(&arena);
}

static void
test_address(void **state)
{
	struct arena arena = ARENA_INIT(1 << 16);
	struct identity identity =
		make(SES_PENDING, SES_NOT_STARTED, SES_NOT_STARTED);
	struct step step[STEPS];

	(void)state;
	memcpy(identity.name, "a@example.org", 14);
	identity.type = SES_EMAIL_ADDRESS;
	identity.mail_from[0] = '\0';
	steps_of(&identity, NULL, &arena, step);
	assert_span(step[0].text, "example.org");
	assert_span(step[1].text, "a@example.org");
	assert_int_equal(step[2].state, STEP_WAITING);
	assert_int_equal(step[3].state, STEP_WAITING);
	assert_int_equal(step[3].who, STEP_ADMINISTRATOR);
	identity.verification.status = SES_SUCCESS;
	steps_of(&identity, NULL, &arena, step);
	assert_int_equal(step[2].state, STEP_DONE);
	arena_release(&arena);
}

static void
test_mail_from(void **state)
{
	const struct mail_from_row *row = *state;
	struct arena arena = ARENA_INIT(1 << 16);
	struct identity identity = make(SES_SUCCESS, SES_SUCCESS, row->status);
	struct observation seen;
	struct step step[STEPS];

	if (row->seen != NULL)
		seen = see(row->seen);
	steps_of(&identity, row->seen ? &seen : NULL, &arena, step);
	assert_int_equal(step[3].state, row->state);
	assert_int_equal(step[3].who, row->who);
	assert_int_equal(step[3].since, START + 3);
	assert_true(step[3].text.len > 0);
	arena_release(&arena);
}

static void
test_dmarc(void **state)
{
	const struct dmarc_row *row = *state;
	struct arena arena = ARENA_INIT(1 << 16);
	struct identity identity = make(SES_SUCCESS, SES_SUCCESS, SES_SUCCESS);
	struct observation seen;
	struct step step[STEPS];

	if (row->seen != NULL) {
		seen = see(row->seen);
		seen.dmarc.status = row->status;
		seen.dmarc.name = span_of(row->at);
		seen.dmarc.policy = span_of(row->policy);
	}
	steps_of(&identity, row->seen ? &seen : NULL, &arena, step);
	assert_int_equal(step[4].state, row->state);
	assert_int_equal(step[4].who, row->who);
	assert_true(step[4].text.len > 0);
	arena_release(&arena);
}

int
main(void)
{
	UNIT_ROWS(test_dkim, dkims);
	UNIT(test_signing_off);
	UNIT(test_address);
	UNIT_ROWS(test_mail_from, mail_froms);
	UNIT_ROWS(test_dmarc, dmarcs);
	return unit_run("identity/steps");
}
