/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/schedule.h"

#include "identity/lifecycle.h"
#include "unit.h"

#define S   INT64_C(1000)
#define MIN (60 * S)
#define H   (60 * MIN)

/* When every schedule of these tests began. */
#define START INT64_C(1800000000000)

/* One status for all, at an age. */
static const struct next_row {
	const char *name;
	enum ses_status status;
	int64_t age;  /* of the status and the schedule, in ms */
	int64_t want; /* ms from now to the next check; -1: never */
} nexts[] = {
	{"just created", SES_NOT_STARTED, 0, 5 * S},
	{"pending, new", SES_PENDING, 0, 5 * S},
	{"pending for a minute", SES_PENDING, 1 * MIN, 5 * S},
	{"pending for two minutes", SES_PENDING, 2 * MIN, 15 * S},
	{"pending for ten minutes", SES_PENDING, 10 * MIN, 1 * MIN},
	{"pending for an hour", SES_PENDING, 1 * H, 5 * MIN},
	{"pending for six hours", SES_PENDING, 6 * H, 1 * H},
	{"pending for two days", SES_PENDING, 48 * H, 1 * H},
	{"the end of 72 h is looked at", SES_PENDING, 72 * H - 10 * MIN,
	 10 * MIN},
	{"at 72 h, for errors alone", SES_PENDING, 72 * H, 1 * H},
	{"beyond 72 h", SES_PENDING, 100 * H, 1 * H},
	{"was right", SES_TEMPORARY_FAILURE, 1 * H, 15 * MIN},
	{"was right, 72 h soon over", SES_TEMPORARY_FAILURE, 72 * H - 2 * MIN,
	 2 * MIN},
	{"failed", SES_FAILED, 0, -1},
};

static struct identity
make(enum ses_status status, int64_t since)
{
	return (struct identity){
		.type = SES_DOMAIN,
		.verification = {.status = status, .since = since},
		.dkim = {.status = status, .since = since},
		.mail_from_standing = {.status = status, .since = since},
		.mail_from = "m.example.org",
		.check_from = since,
	};
}

static void
test_next(void **state)
{
	const struct next_row *row = *state;
	struct identity identity = make(row->status, START);
	int64_t now = START + row->age;

	assert_int_equal(schedule_next(&identity, now, 60 * S, 1),
			 row->want < 0 ? 0 : now + row->want);
}

/* A restart long after creation is looked for as quickly as a creation. */
static void
test_change(void **state)
{
	struct identity identity = make(SES_PENDING, START);

	(void)state;
	identity.check_from = START + 40 * H;
	assert_int_equal(schedule_next(&identity, START + 40 * H, 60 * S, 1),
			 START + 40 * H + 5 * S);
}

static void
test_jitter(void **state)
{
	struct identity identity = make(SES_SUCCESS, START);
	int64_t lowest = INT64_MAX, highest = 0;

	(void)state;
	for (uint64_t entropy = 0; entropy < 1000; entropy++) {
		int64_t next =
			schedule_next(&identity, START, 60 * S,
				      entropy * UINT64_C(0x9e3779b97f4a7c15));

		assert_true(next >= START + 6 * H - 30 * MIN);
		assert_true(next <= START + 6 * H + 30 * MIN);
		lowest = next < lowest ? next : lowest;
		highest = next > highest ? next : highest;
	}
	assert_true(highest - lowest > 50 * MIN);
	assert_int_equal(schedule_next(&identity, START, 60 * S, UINT64_MAX),
			 schedule_next(&identity, START, 0, UINT64_MAX));
}

/* "An unconfirmed first positive observation is asked again when due." */
static void
test_confirm(void **state)
{
	struct identity identity = make(SES_PENDING, START);
	int64_t now = START + 48 * H;

	(void)state;
	identity.dkim.confirmed = now;
	assert_int_equal(schedule_next(&identity, now, 60 * S, 1),
			 now + 60 * S);
	identity.dkim.confirmed = now - 50 * S;
	assert_int_equal(schedule_next(&identity, now, 60 * S, 1),
			 now + 10 * S);
	/* Overdue, for an error came between: soon, but not in a tight loop. */
	identity.dkim.confirmed = now - 70 * S;
	assert_int_equal(schedule_next(&identity, now, 60 * S, 1),
			 now + SCHEDULE_MIN);
}

/* Whatever is most urgent decides. */
static void
test_each_apart(void **state)
{
	struct identity identity = make(SES_SUCCESS, START);

	(void)state;
	identity.mail_from_standing.status = SES_PENDING;
	assert_int_equal(schedule_next(&identity, START, 60 * S, 1),
			 START + 5 * S);
	identity.mail_from[0] = '\0';
	assert_true(schedule_next(&identity, START, 60 * S, 1) > START + 5 * H);
	identity.verification.status = SES_FAILED;
	identity.dkim.status = SES_FAILED;
	assert_int_equal(schedule_next(&identity, START, 60 * S, 1), 0);
}

/* An address waits for a link, for a day; its MAIL FROM is a matter of DNS. */
static void
test_address(void **state)
{
	struct identity identity = make(SES_PENDING, START);

	(void)state;
	identity.type = SES_EMAIL_ADDRESS;
	identity.dkim.status = SES_NOT_STARTED;
	identity.mail_from[0] = '\0';
	assert_int_equal(schedule_next(&identity, START, 60 * S, 1),
			 START + 24 * H);
	identity.verification.status = SES_SUCCESS;
	assert_int_equal(schedule_next(&identity, START, 60 * S, 1), 0);
	memcpy(identity.mail_from, "m.b", 4);
	assert_int_equal(schedule_next(&identity, START, 60 * S, 1),
			 START + 5 * S);
}

int
main(void)
{
	UNIT_ROWS(test_next, nexts);
	UNIT(test_change);
	UNIT(test_jitter);
	UNIT(test_confirm);
	UNIT(test_each_apart);
	UNIT(test_address);
	return unit_run("identity/schedule");
}
