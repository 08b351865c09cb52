/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lifecycle - how what DNS said moves the statuses of an identity.
 *
 * The only writer of a status: (identity, observation, now) -> identity' and
 * events.  There are three statuses, each with a life of its own: the
 * identity's (VerificationStatus), DKIM's and MAIL FROM's.
 *
 *	NOT_STARTED -> PENDING            lifecycle_begin()
 *	PENDING -> SUCCESS                two agreeing observations,
 *	TEMPORARY_FAILURE -> SUCCESS      `confirm` apart
 *	PENDING -> FAILED                 not there for 72 h
 *	TEMPORARY_FAILURE -> FAILED       not there for 72 h
 *	SUCCESS -> TEMPORARY_FAILURE      not there
 *	FAILED -> PENDING                 a restart: identity.h
 *
 * A DNS error is evidence of nothing: it moves no status, ends no waiting
 * for confirmation, and FAILED is only entered by an observation that shows
 * absence or another value, however long ago the 72 h ended.
 *
 * An address is verified by a link, not by DNS: lifecycle_confirm_address().
 *
 * Pure: no allocation, no I/O, no logging, no clock.  Times are milliseconds
 * since 1970.
 */
#pragma once

#include "identity/observe.h"
#include "store/types.h"

/* How long a status waits before it is FAILED, in milliseconds. */
#define LIFECYCLE_WINDOW (INT64_C(72) * 3600 * 1000)
/* The same, of the link to an address. */
#define LIFECYCLE_ADDRESS_WINDOW (INT64_C(24) * 3600 * 1000)
/* Most events of one step: each status moves at most twice. */
#define LIFECYCLE_EVENTS_MAX 6
/* Characters of an event's evidence, with the NUL; what is longer is cut. */
#define LIFECYCLE_EVIDENCE_SIZE 448

/* Which of the statuses moved. */
enum lifecycle_kind {
	LIFECYCLE_VERIFICATION = 1, /* VerificationStatus */
	LIFECYCLE_DKIM,             /* DkimAttributes.Status */
	LIFECYCLE_MAIL_FROM,        /* MailFromDomainStatus */
};

/* One transition. */
struct lifecycle_event {
	enum lifecycle_kind kind;
	enum ses_status from;
	enum ses_status to;
	char evidence[LIFECYCLE_EVIDENCE_SIZE]; /* what DNS said; for people */
};

/* The transitions of one step, in order. */
struct lifecycle_events {
	struct lifecycle_event event[LIFECYCLE_EVENTS_MAX];
	size_t len;
};

/*
 * Begins what is NOT_STARTED and has something to be looked for: it is
 * PENDING from `now`.  Adds the events to *events.
 */
void lifecycle_begin(struct identity *identity, int64_t now,
		     struct lifecycle_events *events);

/*
 * Starts one status again, PENDING from `now`, whatever it was: a restart or
 * a changed value to look for.  `why` is the event's evidence.
 */
void lifecycle_restart(struct identity *identity, enum lifecycle_kind kind,
		       int64_t now, struct span why,
		       struct lifecycle_events *events);

/* Takes MAIL FROM's status back to NOT_STARTED: there is none any more. */
void lifecycle_drop_mail_from(struct identity *identity, int64_t now,
			      struct lifecycle_events *events);

/*
 * Moves `identity` by what was `seen` at `now`, and keeps the members that
 * VerificationInfo shows.  `confirm` is the time, in milliseconds, that must
 * lie between two agreeing observations before a SUCCESS; with 0 one is
 * enough.  Adds the events to *events.  next_check is not touched: see
 * schedule.h.
 *
 * While DKIM is PENDING for a changed selector, a verified identity is not
 * demoted for the lack of the new record, unless its last success is 72 h
 * past: changing the key touches DKIM only.
 */
void lifecycle_step(struct identity *identity, const struct observation *seen,
		    int64_t now, int64_t confirm,
		    struct lifecycle_events *events);

/*
 * The link that was sent to an address was followed: PENDING -> SUCCESS.
 * Returns false, changing nothing, unless `identity` is a pending address.
 */
bool lifecycle_confirm_address(struct identity *identity, int64_t now,
			       struct lifecycle_events *events);

/* Returns "verification.status", "dkim.status" or "mail_from.status". */
const char *lifecycle_kind_name(enum lifecycle_kind kind);

/*
 * Writes `event` as a line of the audit log: its text is a JSON object with
 * the members "from", "to" and "evidence".
 */
void lifecycle_event_row(const struct lifecycle_event *event,
			 const struct identity *identity, int64_t now,
			 struct event *ret);
