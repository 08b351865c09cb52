/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/retry.h"

#include "unit.h"

static const struct time_row {
	const char *name;
	uint32_t attempts;
	int64_t wait; /* the longest */
} times[] = {
	{"first", 1, 60000},      {"second", 2, 120000},
	{"third", 3, 240000},     {"sixth", 6, 1920000},
	{"seventh", 7, 3600000},  {"twentieth", 20, 3600000},
	{"never mind", 0, 60000}, {"the most", UINT32_MAX, 3600000},
};

static void
test_time(void **state)
{
	const struct time_row *row = *state;
	int64_t now = 1000000;

	assert_int_equal(retry_time(now, row->attempts, 0), now + row->wait);
	assert_int_equal(
		retry_time(now, row->attempts, (uint64_t)row->wait / 5),
		now + row->wait * 4 / 5);
	for (uint64_t entropy = 1; entropy != 0; entropy <<= 1) {
		int64_t t = retry_time(now, row->attempts, entropy);

		assert_in_range(t - now, row->wait * 4 / 5, row->wait);
	}
}

#define RESULT(outcome, phase, code, enhanced)                                 \
	{                                                                      \
		SMTP_##outcome, SMTP_PHASE_##phase, code, enhanced, "", false  \
	}

static const struct judge_row {
	const char *name;
	struct smtp_result result;
	bool more;
	int64_t age;
	enum retry_verdict want;
} judges[] = {
	{"delivered", RESULT(DELIVERED, MESSAGE, 250, ""), true, 1, RETRY_DONE},
	{"grey", RESULT(DEFERRED, RECIPIENT, 451, "4.7.1"), true, 1,
	 RETRY_LATER},
	{"unknown", RESULT(FAILED, RECIPIENT, 550, "5.1.1"), true, 1,
	 RETRY_GIVE_UP},
	{"no route", RESULT(FAILED, ROUTE, 0, "5.1.2"), true, 1, RETRY_GIVE_UP},
	{"no DNS", RESULT(DEFERRED, ROUTE, 0, "4.4.3"), true, 1, RETRY_LATER},
	{"not connected", RESULT(DEFERRED, CONNECT, 0, ""), true, 1,
	 RETRY_ELSEWHERE},
	{"not connected, last", RESULT(DEFERRED, CONNECT, 0, ""), false, 1,
	 RETRY_LATER},
	{"banner 554", RESULT(FAILED, GREETING, 554, "5.7.1"), true, 1,
	 RETRY_ELSEWHERE},
	{"banner 554, last", RESULT(FAILED, GREETING, 554, "5.7.1"), false, 1,
	 RETRY_GIVE_UP},
	{"going down", RESULT(DEFERRED, RECIPIENT, 421, ""), true, 1,
	 RETRY_ELSEWHERE},
	{"lost at the end", RESULT(DEFERRED, MESSAGE, 0, ""), true, 1,
	 RETRY_LATER},
	{"old", RESULT(DEFERRED, RECIPIENT, 451, ""), true, RETRY_AGE_MAX,
	 RETRY_GIVE_UP},
	{"nearly old", RESULT(DEFERRED, RECIPIENT, 451, ""), true,
	 RETRY_AGE_MAX - 1, RETRY_LATER},
};

static void
test_judge(void **state)
{
	const struct judge_row *row = *state;
	int64_t created = 7777, next = -1;

	assert_int_equal(retry_judge(&row->result, row->more, created,
				     RETRY_AGE_MAX, created + row->age, 3, 5,
				     &next),
			 row->want);
	if (row->want != RETRY_LATER) {
		assert_int_equal(next, -1);
		return;
	}
	assert_true(next > created + row->age);
	assert_true(next <= created + RETRY_AGE_MAX);
}

/* A message that is always put off is tried to the end, and not for ever. */
static void
test_life(void **state)
{
	const struct smtp_result result = RESULT(DEFERRED, RECIPIENT, 451, "");
	int64_t now = 0;
	uint32_t attempts = 1;

	(void)state;
	while (retry_judge(&result, false, 0, RETRY_AGE_MAX, now, attempts,
			   attempts * 977, &now) == RETRY_LATER)
		attempts++;
	assert_int_equal(now, RETRY_AGE_MAX);
	assert_in_range(attempts, 19, 26);
}

static const struct name_row {
	const char *name;
	struct smtp_result result;
	const char *delay;
	const char *type;
	const char *sub;
} names[] = {
	{"full", RESULT(FAILED, RECIPIENT, 552, "5.2.2"), "MailboxFull",
	 "Transient", "MailboxFull"},
	{"unknown", RESULT(FAILED, RECIPIENT, 550, "5.1.1"), "General",
	 "Permanent", "NoEmail"},
	{"unknown, no enhanced code", RESULT(FAILED, RECIPIENT, 550, ""),
	 "General", "Permanent", "NoEmail"},
	{"no such domain", RESULT(FAILED, ROUTE, 0, "5.1.2"),
	 "TransientCommunicationFailure", "Permanent", "General"},
	{"too large", RESULT(FAILED, MAIL, 552, "5.3.4"),
	 "RecipientServerError", "Transient", "MessageTooLarge"},
	{"content", RESULT(FAILED, MESSAGE, 554, "5.6.0"), "General",
	 "Transient", "ContentRejected"},
	{"policy", RESULT(FAILED, MESSAGE, 550, "5.7.26"), "SpamDetected",
	 "Transient", "ContentRejected"},
	{"our address", RESULT(FAILED, GREETING, 554, "5.7.1"), "IPFailure",
	 "Permanent", "General"},
	{"time ran out", RESULT(DEFERRED, RECIPIENT, 451, "4.3.0"),
	 "RecipientServerError", "Transient", "General"},
	{"not connected", RESULT(DEFERRED, CONNECT, 0, ""),
	 "TransientCommunicationFailure", "Transient", "General"},
	{"network", RESULT(DEFERRED, RECIPIENT, 450, "4.4.1"),
	 "TransientCommunicationFailure", "Transient", "General"},
};

static void
test_name(void **state)
{
	const struct name_row *row = *state;
	const char *sub;

	assert_string_equal(retry_delay_type(&row->result), row->delay);
	assert_string_equal(retry_bounce_type(&row->result, &sub), row->type);
	assert_string_equal(sub, row->sub);
}

int
main(void)
{
	UNIT_ROWS(test_time, times);
	UNIT_ROWS(test_judge, judges);
	UNIT(test_life);
	UNIT_ROWS(test_name, names);
	return unit_run("sending/retry");
}
