/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/lifecycle.h"

#include "unit.h"

#define S   INT64_C(1000)
#define MIN (60 * S)
#define H   (60 * MIN)

/* When the status of each test began. */
#define START INT64_C(1800000000000)

#define NONE ((enum observed_status) - 1) /* ends a list */

/* What is seen of all records at some time after START. */
struct look {
	int64_t at;
	enum observed_status seen;
};

/*
 * One status's way, the same for all three: from a status that began at START
 * through some observations, with a confirmation of 60 s.
 */
static const struct way_row {
	const char *name;
	enum ses_status from;
	struct look look[8];
	const char *want; /* the statuses it then had, after each look */
} way[] = {
	{"right twice, 60 s apart",
	 SES_PENDING,
	 {{5 * S, OBSERVED_MATCH}, {65 * S, OBSERVED_MATCH}, {0, NONE}},
	 "PENDING SUCCESS "},
	{"right twice, too soon",
	 SES_PENDING,
	 {{5 * S, OBSERVED_MATCH}, {64 * S, OBSERVED_MATCH}, {0, NONE}},
	 "PENDING PENDING "},
	{"right, gone, right: the waiting begins again",
	 SES_PENDING,
	 {{0, OBSERVED_MATCH},
	  {30 * S, OBSERVED_ABSENT},
	  {60 * S, OBSERVED_MATCH},
	  {119 * S, OBSERVED_MATCH},
	  {120 * S, OBSERVED_MATCH},
	  {0, NONE}},
	 "PENDING PENDING PENDING PENDING SUCCESS "},
	{"right, error, right: an error is no disagreement",
	 SES_PENDING,
	 {{0, OBSERVED_MATCH},
	  {60 * S, OBSERVED_ERROR},
	  {65 * S, OBSERVED_MATCH},
	  {0, NONE}},
	 "PENDING PENDING SUCCESS "},
	{"another value is no agreement",
	 SES_PENDING,
	 {{0, OBSERVED_MATCH},
	  {30 * S, OBSERVED_DIFFERENT},
	  {65 * S, OBSERVED_MATCH},
	  {0, NONE}},
	 "PENDING PENDING PENDING "},
	{"absent for 72 h",
	 SES_PENDING,
	 {{1 * H, OBSERVED_ABSENT},
	  {72 * H - 1, OBSERVED_ABSENT},
	  {72 * H, OBSERVED_ABSENT},
	  {0, NONE}},
	 "PENDING PENDING FAILED "},
	{"another value for 72 h",
	 SES_PENDING,
	 {{72 * H, OBSERVED_DIFFERENT}, {0, NONE}},
	 "FAILED "},
	{"SERVFAIL for 71 h changes nothing",
	 SES_PENDING,
	 {{1 * H, OBSERVED_ERROR},
	  {71 * H, OBSERVED_ERROR},
	  {71 * H + MIN, OBSERVED_MATCH},
	  {71 * H + 2 * MIN, OBSERVED_MATCH},
	  {0, NONE}},
	 "PENDING PENDING PENDING SUCCESS "},
	{"errors alone never fail it",
	 SES_PENDING,
	 {{72 * H, OBSERVED_ERROR},
	  {99 * H, OBSERVED_ERROR},
	  {100 * H, OBSERVED_ABSENT},
	  {0, NONE}},
	 "PENDING PENDING FAILED "},
	{"right at last, confirmed after 72 h",
	 SES_PENDING,
	 {{72 * H - S, OBSERVED_MATCH},
	  {72 * H + MIN, OBSERVED_MATCH},
	  {0, NONE}},
	 "PENDING SUCCESS "},
	{"gone",
	 SES_SUCCESS,
	 {{6 * H, OBSERVED_MATCH}, {12 * H, OBSERVED_ABSENT}, {0, NONE}},
	 "SUCCESS TEMPORARY_FAILURE "},
	{"changed",
	 SES_SUCCESS,
	 {{6 * H, OBSERVED_DIFFERENT}, {0, NONE}},
	 "TEMPORARY_FAILURE "},
	{"an error demotes nobody",
	 SES_SUCCESS,
	 {{6 * H, OBSERVED_ERROR}, {900 * H, OBSERVED_ERROR}, {0, NONE}},
	 "SUCCESS SUCCESS "},
	{"gone and back",
	 SES_SUCCESS,
	 {{6 * H, OBSERVED_ABSENT},
	  {7 * H, OBSERVED_MATCH},
	  {7 * H + MIN, OBSERVED_MATCH},
	  {0, NONE}},
	 "TEMPORARY_FAILURE TEMPORARY_FAILURE SUCCESS "},
	{"gone for 72 h, counted from when it was missed",
	 SES_SUCCESS,
	 {{6 * H, OBSERVED_ABSENT},
	  {78 * H - 1, OBSERVED_ABSENT},
	  {78 * H, OBSERVED_ABSENT},
	  {0, NONE}},
	 "TEMPORARY_FAILURE TEMPORARY_FAILURE FAILED "},
	{"errors keep a temporary failure temporary",
	 SES_TEMPORARY_FAILURE,
	 {{73 * H, OBSERVED_ERROR}, {74 * H, OBSERVED_DIFFERENT}, {0, NONE}},
	 "TEMPORARY_FAILURE FAILED "},
	{"failed is only left by a restart",
	 SES_FAILED,
	 {{1 * H, OBSERVED_MATCH}, {2 * H, OBSERVED_MATCH}, {0, NONE}},
	 "FAILED FAILED "},
	{"the clock was set back: the waiting begins again",
	 SES_PENDING,
	 {{9 * H, OBSERVED_MATCH},
	  {1 * H, OBSERVED_MATCH},
	  {1 * H + MIN, OBSERVED_MATCH},
	  {0, NONE}},
	 "PENDING PENDING SUCCESS "},
};

static struct identity
make(enum ses_status status)
{
	return (struct identity){
		.account = "123456789012",
		.name = "example.org",
		.type = SES_DOMAIN,
		.created = START,
		.verification = {.status = status, .since = START},
		.dkim = {.status = status, .since = START},
		.mail_from_standing = {.status = status, .since = START},
		.mail_from = "m.example.org",
	};
}

static struct observation
see(enum observed_status control, enum observed_status dkim,
    enum observed_status mail_from)
{
	return (struct observation){
		.control = {control, SES_ERROR_NONE, SPAN("the CNAMEs")},
		.dkim = {dkim, SES_ERROR_NONE, SPAN("the key")},
		.mail_from = {mail_from, SES_ERROR_NONE, SPAN("the MX")},
	};
}

static void
walk(struct identity *identity, enum lifecycle_kind kind,
     const struct way_row *row)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT(512);
	enum ses_status last = row->from;
	struct standing *standing = kind == LIFECYCLE_DKIM ? &identity->dkim
				    : kind == LIFECYCLE_MAIL_FROM
					    ? &identity->mail_from_standing
					    : &identity->verification;

	for (const struct look *l = row->look; l->seen != NONE; l++) {
		struct lifecycle_events events = {.len = 0};
		struct observation seen =
			see(OBSERVED_NOT_ASKED, OBSERVED_NOT_ASKED,
			    OBSERVED_NOT_ASKED);

		*(kind == LIFECYCLE_DKIM        ? &seen.dkim.status
		  : kind == LIFECYCLE_MAIL_FROM ? &seen.mail_from.status
						: &seen.control.status) =
			l->seen;
		lifecycle_step(identity, &seen, START + l->at, 60 * S, &events);
		buf_addf(&got, "%s ", ses_status_name(standing->status));
		assert_int_equal(events.len, standing->status != last);
		if (events.len > 0) {
			assert_int_equal(events.event[0].kind, kind);
			assert_int_equal(events.event[0].from, last);
			assert_int_equal(events.event[0].to, standing->status);
			assert_int_equal(standing->since, START + l->at);
		}
		last = standing->status;
	}
	assert_span(buf_span(&got), row->want);
}

/* Each status goes that way, and takes no other along. */
static void
test_way(void **state)
{
	const struct way_row *row = *state;

	for (enum lifecycle_kind kind = LIFECYCLE_VERIFICATION;
	     kind <= LIFECYCLE_MAIL_FROM; kind++) {
		struct identity identity = make(row->from);

		walk(&identity, kind, row);
		assert_true(kind == LIFECYCLE_VERIFICATION ||
			    identity.verification.status == row->from);
		assert_true(kind == LIFECYCLE_DKIM ||
			    identity.dkim.status == row->from);
		assert_true(kind == LIFECYCLE_MAIL_FROM ||
			    identity.mail_from_standing.status == row->from);
	}
}

static void
test_begin(void **state)
{
	struct identity identity = make(SES_NOT_STARTED);
	struct lifecycle_events events = {.len = 0};

	(void)state;
	identity.mail_from[0] = '\0';
	lifecycle_begin(&identity, START + 5, &events);
	assert_int_equal(identity.verification.status, SES_PENDING);
	assert_int_equal(identity.verification.since, START + 5);
	assert_int_equal(identity.dkim.status, SES_PENDING);
	assert_int_equal(identity.mail_from_standing.status, SES_NOT_STARTED);
	assert_int_equal(events.len, 2);
	lifecycle_begin(&identity, START + 9, &events);
	assert_int_equal(events.len, 2);
	assert_int_equal(identity.dkim.since, START + 5);
}

/* With verify_confirm 0, one good observation of a new identity is enough. */
static void
test_at_once(void **state)
{
	struct identity identity = make(SES_NOT_STARTED);
	struct lifecycle_events events = {.len = 0};
	struct observation seen =
		see(OBSERVED_MATCH, OBSERVED_MATCH, OBSERVED_MATCH);

	(void)state;
	identity.mail_from_standing.status = SES_PENDING;
	lifecycle_step(&identity, &seen, START, 0, &events);
	assert_int_equal(identity.verification.status, SES_SUCCESS);
	assert_int_equal(identity.dkim.status, SES_SUCCESS);
	assert_int_equal(identity.mail_from_standing.status, SES_SUCCESS);
	assert_int_equal(events.len, 5);
	assert_string_equal(events.event[4].evidence, "the MX");
	assert_int_equal(identity.verification.confirmed, 0);
}

/* Three statuses, three ways, in one step. */
static void
test_apart(void **state)
{
	struct identity identity = make(SES_SUCCESS);
	struct lifecycle_events events = {.len = 0};
	struct observation seen =
		see(OBSERVED_MATCH, OBSERVED_DIFFERENT, OBSERVED_ERROR);

	(void)state;
	lifecycle_step(&identity, &seen, START + 6 * H, 60 * S, &events);
	assert_int_equal(identity.verification.status, SES_SUCCESS);
	assert_int_equal(identity.dkim.status, SES_TEMPORARY_FAILURE);
	assert_int_equal(identity.mail_from_standing.status, SES_SUCCESS);
}

/* Without a MAIL FROM domain nothing is to be seen of it. */
static void
test_no_mail_from(void **state)
{
	struct identity identity = make(SES_NOT_STARTED);
	struct lifecycle_events events = {.len = 0};
	struct observation seen =
		see(OBSERVED_MATCH, OBSERVED_MATCH, OBSERVED_MATCH);

	(void)state;
	identity.mail_from[0] = '\0';
	lifecycle_step(&identity, &seen, START, 0, &events);
	assert_int_equal(identity.mail_from_standing.status, SES_NOT_STARTED);
}

/* A changed key is DKIM's business: the identity waits for it, but not for
 * longer than 72 h after it was last seen. */
static void
test_changed_key(void **state)
{
	struct identity identity = make(SES_SUCCESS);
	struct lifecycle_events events = {.len = 0};
	struct observation seen =
		see(OBSERVED_ABSENT, OBSERVED_ABSENT, OBSERVED_MATCH);

	(void)state;
	identity.last_success = START + 9 * H;
	lifecycle_restart(&identity, LIFECYCLE_DKIM, START + 10 * H,
			  SPAN("changed"), &events);
	assert_int_equal(identity.dkim.status, SES_PENDING);
	assert_string_equal(events.event[0].evidence, "changed");
	lifecycle_step(&identity, &seen, START + 11 * H, 60 * S, &events);
	assert_int_equal(identity.verification.status, SES_SUCCESS);
	lifecycle_step(&identity, &seen, START + 81 * H, 60 * S, &events);
	assert_int_equal(identity.verification.status, SES_TEMPORARY_FAILURE);
}

/* Seen since the change, then gone: that is no waiting for the operator. */
static void
test_changed_key_gone(void **state)
{
	struct identity identity = make(SES_SUCCESS);
	struct lifecycle_events events = {.len = 0};
	struct observation seen =
		see(OBSERVED_MATCH, OBSERVED_DIFFERENT, OBSERVED_MATCH);

	(void)state;
	lifecycle_restart(&identity, LIFECYCLE_DKIM, START + 10 * H,
			  SPAN("changed"), &events);
	lifecycle_step(&identity, &seen, START + 11 * H, 60 * S, &events);
	seen = see(OBSERVED_ABSENT, OBSERVED_ABSENT, OBSERVED_MATCH);
	lifecycle_step(&identity, &seen, START + 12 * H, 60 * S, &events);
	assert_int_equal(identity.verification.status, SES_TEMPORARY_FAILURE);
}

/* VerificationInfo; its ErrorType stays when a later check succeeds. */
static void
test_info(void **state)
{
	struct identity identity = make(SES_PENDING);
	struct lifecycle_events events = {.len = 0};
	struct observation seen =
		see(OBSERVED_ABSENT, OBSERVED_ABSENT, OBSERVED_ABSENT);

	(void)state;
	seen.control.error = SES_ERROR_HOST_NOT_FOUND;
	lifecycle_step(&identity, &seen, START + S, 60 * S, &events);
	assert_int_equal(identity.error, SES_ERROR_HOST_NOT_FOUND);
	assert_int_equal(identity.last_checked, START + S);
	assert_int_equal(identity.last_success, 0);
	assert_string_equal(identity.soa_primary, "");

	seen = see(OBSERVED_MATCH, OBSERVED_MATCH, OBSERVED_MATCH);
	seen.has_soa = true;
	seen.soa_primary = SPAN("ns1.example.org");
	seen.soa_admin = SPAN("hostmaster.example.org");
	seen.soa_serial = 4000000000;
	lifecycle_step(&identity, &seen, START + 2 * S, 60 * S, &events);
	assert_int_equal(identity.error, SES_ERROR_HOST_NOT_FOUND);
	assert_int_equal(identity.last_checked, START + 2 * S);
	assert_int_equal(identity.last_success, START + 2 * S);
	assert_string_equal(identity.soa_primary, "ns1.example.org");
	assert_string_equal(identity.soa_admin, "hostmaster.example.org");
	assert_int_equal(identity.soa_serial, 4000000000);

	seen.dkim = (struct observed_group){
		OBSERVED_ERROR, SES_ERROR_DNS_SERVER, SPAN("SERVFAIL")};
	lifecycle_step(&identity, &seen, START + 3 * S, 60 * S, &events);
	assert_int_equal(identity.error, SES_ERROR_DNS_SERVER);
	assert_int_equal(identity.last_success, START + 3 * S);
}

/* The link to an address: a day, and no DNS. */
static void
test_address(void **state)
{
	struct identity identity = make(SES_NOT_STARTED);
	struct lifecycle_events events = {.len = 0};
	struct observation seen =
		see(OBSERVED_NOT_ASKED, OBSERVED_NOT_ASKED, OBSERVED_NOT_ASKED);

	(void)state;
	identity.type = SES_EMAIL_ADDRESS;
	identity.mail_from[0] = '\0';
	assert_false(lifecycle_confirm_address(&identity, START, &events));
	lifecycle_begin(&identity, START, &events);
	assert_int_equal(identity.dkim.status, SES_NOT_STARTED);
	lifecycle_step(&identity, &seen, START + 24 * H - 1, 0, &events);
	assert_int_equal(identity.verification.status, SES_PENDING);
	assert_int_equal(identity.last_checked, 0);
	lifecycle_step(&identity, &seen, START + 24 * H, 0, &events);
	assert_int_equal(identity.verification.status, SES_FAILED);
	assert_false(lifecycle_confirm_address(&identity, START, &events));

	identity.verification.status = SES_PENDING;
	assert_true(lifecycle_confirm_address(&identity, START + H, &events));
	assert_int_equal(identity.verification.status, SES_SUCCESS);
	assert_int_equal(identity.last_success, START + H);
}

static void
test_drop_mail_from(void **state)
{
	struct identity identity = make(SES_SUCCESS);
	struct lifecycle_events events = {.len = 0};

	(void)state;
	lifecycle_drop_mail_from(&identity, START + H, &events);
	assert_int_equal(identity.mail_from_standing.status, SES_NOT_STARTED);
	assert_int_equal(events.len, 1);
	lifecycle_drop_mail_from(&identity, START + H, &events);
	assert_int_equal(events.len, 1);
}

static void
test_row(void **state)
{
	struct identity identity = make(SES_SUCCESS);
	struct lifecycle_event event = {
		.kind = LIFECYCLE_MAIL_FROM,
		.from = SES_SUCCESS,
		.to = SES_TEMPORARY_FAILURE,
		.evidence = "MX is \"a\\b\"",
	};
	struct event row;

	(void)state;
	lifecycle_event_row(&event, &identity, START, &row);
	assert_int_equal(row.time, START);
	assert_string_equal(row.account, "123456789012");
	assert_string_equal(row.identity, "example.org");
	assert_string_equal(row.kind, "mail_from.status");
	assert_string_equal(row.text,
			    "{\"from\":\"SUCCESS\",\"to\":\"TEMPORARY_FAILURE\""
			    ",\"evidence\":\"MX is \\\"a\\\\b\\\"\"}");

	memset(event.evidence, '"', sizeof(event.evidence) - 1);
	lifecycle_event_row(&event, &identity, START, &row);
	assert_true(span_ends(span_of(row.text), SPAN("\\\"\"}")));
}

/* What strangers publish is cut, and never goes on raw. */
static void
test_evidence(void **state)
{
	struct identity identity = make(SES_SUCCESS);
	struct lifecycle_events events = {.len = 0};
	char text[2 * LIFECYCLE_EVIDENCE_SIZE];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[0] = '\n';
	text[1] = (char)0x9b;
	lifecycle_restart(&identity, LIFECYCLE_DKIM, START,
			  span_bytes(text, sizeof(text)), &events);
	assert_int_equal(strlen(events.event[0].evidence),
			 LIFECYCLE_EVIDENCE_SIZE - 1);
	assert_memory_equal(events.event[0].evidence, "??xx", 4);
}

int
main(void)
{
	UNIT_ROWS(test_way, way);
	UNIT(test_begin);
	UNIT(test_at_once);
	UNIT(test_apart);
	UNIT(test_no_mail_from);
	UNIT(test_changed_key);
	UNIT(test_changed_key_gone);
	UNIT(test_info);
	UNIT(test_address);
	UNIT(test_drop_mail_from);
	UNIT(test_row);
	UNIT(test_evidence);
	return unit_run("identity/lifecycle");
}
