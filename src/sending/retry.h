/* SPDX-License-Identifier: Apache-2.0 */
/*
 * retry - when a delivery is tried again, where, and when it is given up.
 *
 * Waits double from RETRY_FIRST to RETRY_LONGEST and are spread by jitter,
 * so that what failed together does not come back together.  A message is
 * given up RETRY_AGE_MAX after it was accepted, or sooner if its configuration
 * set says so (MaxDeliverySeconds), with one last attempt then:
 * as long as Amazon SES tries, and far less than the days of RFC 5321
 * section 4.5.4.1, since what is sent by API is seldom worth more.
 *
 * Pure: no allocation, no I/O, no logging, no clock, and the randomness is
 * given.
 */
#pragma once

#include "smtp/smtp_client.h"

#define RETRY_FIRST   60000    /* ms after the first attempt */
#define RETRY_LONGEST 3600000  /* ms, most between two attempts */
#define RETRY_AGE_MAX 50400000 /* ms: 14 hours */

/* What is to be done about a recipient after an attempt. */
enum retry_verdict {
	RETRY_DONE,      /* it is delivered */
	RETRY_GIVE_UP,   /* it never will be: it has failed */
	RETRY_LATER,     /* at the time given */
	RETRY_ELSEWHERE, /* now, at the next address of the domain */
};

/*
 * Returns when to try again after attempt number `attempts` (from 1) ended
 * at `now`; `entropy` is random.
 */
int64_t retry_time(int64_t now, uint32_t attempts, uint64_t entropy);

/*
 * Judges the result of attempt number `attempts` at `now` for a message
 * accepted at `created`, all times in one clock, that is tried for `age` ms.
 * `more`: there are addresses of the domain that were not tried in this
 * attempt.
 * RETRY_LATER sets *ret_time; anything else leaves it alone.
 */
enum retry_verdict retry_judge(const struct smtp_result *result, bool more,
			       int64_t created, int64_t age, int64_t now,
			       uint32_t attempts, uint64_t entropy,
			       int64_t *ret_time);

/*
 * Returns whether `result` is about this server or connection rather than
 * about the message, so that the domain's next address is worth a try.
 */
bool retry_elsewhere(const struct smtp_result *result);

/*
 * Returns SES's name for why a result delays a message ("MailboxFull",
 * "TransientCommunicationFailure" ...: delayType of its events); static.
 */
const char *retry_delay_type(const struct smtp_result *result);

/*
 * Returns SES's name for what kind of bounce a failed result is: bounceType
 * ("Permanent", "Transient") and, in *ret_sub, bounceSubType ("General",
 * "NoEmail", "MailboxFull", "MessageTooLarge", "ContentRejected"); static.
 */
const char *retry_bounce_type(const struct smtp_result *result,
			      const char **ret_sub);
