/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dmarc_consent - does the destination of DMARC reports want them?
 *
 * "Verifying External Destinations" (RFC 9990; RFC 7489 section 7.1), as a
 * machine: a report goes to another organization only if that publishes
 * "v=DMARC1" at <policy domain>._report._dmarc.<destination host>.  The
 * destination's record may name another address, at the same host only.
 *
 * Organizations are compared by the tree walk of RFC 9989 section 4.10.2, or
 * by public suffixes for RFC 7489.  A consent must be tag=value pairs and
 * nothing else: what is garbled consents to nothing.
 *
 * Pure: no I/O, no logging, no clock; allocates in the arena of the names
 * given.  Ownership: the struct is the caller's and borrows what it is given;
 * what the result points at lives in that arena.
 */
#pragma once

#include "mailauth/dmarc_walk.h"
#include "text/suffix.h"

#define DMARC_CONSENT_QUESTIONS_MAX 9 /* of one: a walk, and the consent */

enum dmarc_consent_verdict {
	DMARC_CONSENT_OWN,       /* the same organization: none is needed */
	DMARC_CONSENT_GIVEN,     /* the destination wants the reports */
	DMARC_CONSENT_ABSENT,    /* it does not say so: none are sent */
	DMARC_CONSENT_ELSEWHERE, /* it names another host: none are sent */
	DMARC_CONSENT_NO_HOST,   /* the URI names no one host */
	DMARC_CONSENT_ERROR,     /* DNS did not answer */
};

struct dmarc_consent_result {
	enum dmarc_consent_verdict verdict;
	struct span uri;            /* as asked about */
	struct dname host;          /* of it, but with NO_HOST */
	bool asked;                 /* `question` was asked */
	struct dname question;      /* where consent is, or would be */
	struct span text;           /* of the first consent, or "" */
	struct dmarc_uris override; /* where to send instead; none: to `uri` */
};

/* What the machine does next. */
enum dmarc_consent_step {
	DMARC_CONSENT_WALK, /* find the destination's organization */
	DMARC_CONSENT_ASK,  /* ask for its consent */
	DMARC_CONSENT_DONE, /* the result stands */
};

struct dmarc_consent {
	enum dmarc_consent_step step;
	bool failure;        /* `uri` is of ruf=, else of rua= */
	bool waiting;        /* for an answer */
	struct dname policy; /* domain the policy was found at */
	struct dname org;    /* its organizational domain */
	struct dmarc_names *names;
	const struct suffixes *suffixes;
	struct dmarc_walk walk; /* from the destination */
	struct dname walked;    /* that the walk waits for */
	struct dns_question question;
	struct dmarc_consent_result result;
};

/*
 * Starts on the report URI `uri` (of ruf= if `failure`, else of rua=) of the
 * record at `policy`, whose organizational domain is `org`.  With `suffixes`
 * organizations are as in RFC 7489, else as in RFC 9989.  `names` keeps what
 * was asked; all machines of a record should share one.
 */
void dmarc_consent_init(struct dmarc_consent *m, const struct dname *policy,
			const struct dname *org, struct span uri, bool failure,
			struct dmarc_names *names,
			const struct suffixes *suffixes);

/* As dmarc_ask(). */
bool dmarc_consent_ask(struct dmarc_consent *m,
		       struct dns_question *ret) MUST_CHECK;

/* As dmarc_answer(). */
void dmarc_consent_answer(struct dmarc_consent *m, const struct dns_answer *a);

/* Returns the result; only once dmarc_consent_ask() returned false. */
const struct dmarc_consent_result *
dmarc_consent_result(const struct dmarc_consent *m);

/* Returns whether reports may be sent. */
bool dmarc_consent_allows(enum dmarc_consent_verdict verdict);

/* Returns a static clause for `verdict`, fit to show to a user. */
const char *dmarc_consent_text(enum dmarc_consent_verdict verdict);
