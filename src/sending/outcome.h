/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outcome - what the result of an attempt makes of a recipient.
 *
 * The one place where a recipient's state moves after it was queued:
 *
 *	SENDING -> DELIVERED            event "send.delivered"
 *	SENDING -> QUEUED, later        event "send.delayed"
 *	SENDING -> FAILED               event "send.bounced"
 *
 *	-> FAILED, when it is accepted	event "send.bounced" or
 *					"send.complained": it is suppressed
 *
 * (A restart moves SENDING back to QUEUED: store_recipient_requeue().)
 *
 * Pure: no I/O, no logging, no clock, and the randomness is given.
 */
#pragma once

#include "sending/retry.h"
#include "store/types.h"

/* Octets of the reply that go into the event; the recipient has all. */
#define OUTCOME_REPLY_MAX 200

/*
 * Moves *r, a recipient of `m`, by the result of its attempt, which ended at
 * `now`; `host` is who gave it, or "".  `identity` is the name the message is
 * sent as.  Sets *ret to the event that says so.
 */
void outcome_apply(const struct message *m, const char *identity,
		   const struct smtp_result *result, const char *host,
		   int64_t now, uint64_t entropy, struct recipient *r,
		   struct event *ret);

/*
 * Fails *r, a recipient of `m` that is being accepted at `now`, without an
 * attempt: its address is suppressed for `reason`.  As SES does, it is
 * reported as that bounce or complaint would be: event *ret.
 */
void outcome_suppress(const struct message *m, const char *identity,
		      enum suppressed_reason reason, int64_t now,
		      struct recipient *r, struct event *ret);
