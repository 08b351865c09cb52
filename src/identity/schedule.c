/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/schedule.h"

#include "identity/lifecycle.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

/* How far apart the checks of something pending are, by its age. */
static const struct pace {
	int64_t until; /* age in milliseconds */
	int64_t every;
} paces[] = {
	{2 * MINUTE, 5 * SECOND}, {10 * MINUTE, 15 * SECOND},
	{1 * HOUR, 1 * MINUTE},   {6 * HOUR, 5 * MINUTE},
	{INT64_MAX, 1 * HOUR},
};

/* The earlier of two times, of which 0 is never. */
static int64_t
earlier(int64_t a, int64_t b)
{
	if (a == 0 || (b != 0 && b < a))
		return b;
	return a;
}

static int64_t
after_pace(int64_t from, int64_t now)
{
	const struct pace *pace = paces;

	while (now - from >= pace->until)
		pace++;
	return now + pace->every;
}

static int64_t
after_jitter(int64_t now, uint64_t entropy)
{
	return now + SCHEDULE_VERIFIED - SCHEDULE_JITTER +
	       (int64_t)(entropy % (2 * SCHEDULE_JITTER + 1));
}

/* When one status wants to be looked at again; 0: never. */
static int64_t
next_of(const struct standing *standing, int64_t from, int64_t now,
	int64_t confirm, uint64_t entropy)
{
	int64_t next;

	switch (standing->status) {
	case SES_NOT_STARTED:
	case SES_PENDING:
		next = after_pace(from, now);
		break;
	case SES_TEMPORARY_FAILURE:
		next = now + SCHEDULE_RECHECK;
		break;
	case SES_SUCCESS:
		return after_jitter(now, entropy);
	case SES_FAILED:
	default:
		return 0;
	}
	if (standing->confirmed != 0)
		next = earlier(next, standing->confirmed + confirm);
	if (standing->since + LIFECYCLE_WINDOW > now)
		next = earlier(next, standing->since + LIFECYCLE_WINDOW);
	return next < now + SCHEDULE_MIN ? now + SCHEDULE_MIN : next;
}

int64_t
schedule_next(const struct identity *identity, int64_t now, int64_t confirm,
	      uint64_t entropy)
{
	const struct standing *verification = &identity->verification;
	int64_t from = identity->check_from;
	int64_t next = 0;

	if (identity->type == SES_DOMAIN) {
		next = earlier(next, next_of(verification, from, now, confirm,
					     entropy));
		next = earlier(next, next_of(&identity->dkim, from, now,
					     confirm, entropy));
	} else if (verification->status == SES_PENDING) {
		next = verification->since + LIFECYCLE_ADDRESS_WINDOW;
		if (next < now + SCHEDULE_MIN)
			next = now + SCHEDULE_MIN;
	}
	if (identity->mail_from[0] != '\0')
		next = earlier(next, next_of(&identity->mail_from_standing,
					     from, now, confirm, entropy));
	return next;
}
