/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diagnose - why a record is not as it should be, and what to do about it.
 *
 * A machine over an observation.  What that proves by itself is a finding at
 * once; for a record that is absent it asks in the places where people put
 * it by mistake (the zone added twice, an underscore left out, name and value
 * exchanged ...), and the first that has it is the cause.  A record gets the
 * most specific cause that a look-up proves; only without one it is called
 * missing.  A DNS error is a finding of its own and never an absence.
 *
 * The codes, their severities and texts are in diagnosis.def.
 *
 * Pure: no I/O, no logging, no clock, no randomness; allocation only in the
 * given arena.  Ownership: findings live in the arena and borrow from the
 * observation.
 */
#pragma once

#include "identity/observe.h"
#include "text/suffix.h"

#define DIAGNOSE_FINDINGS_MAX 96 /* of one diagnosis */
#define DIAGNOSE_RUA_MAX      4  /* report addresses that are looked at */
#define DIAGNOSE_ARENA_MAX    (512 * 1024) /* a diagnosis takes less */

/* How much a finding matters. */
enum diagnose_severity {
	DIAGNOSE_NOTE = 1, /* nothing has to be done */
	DIAGNOSE_WARNING,  /* works, and will hurt */
	DIAGNOSE_ERROR,    /* blocks verification or sending */
};

/* Each finding, listed in identity/diagnosis.def. */
enum diagnose_code {
	DIAGNOSE_OK = 0, /* nothing was found */
#define X(name, code, severity, message, repair) DIAGNOSE_##name,
#include "identity/diagnosis.def"
#undef X
	DIAGNOSE_CODE_COUNT /* how many there are, DIAGNOSE_OK included */
};

/* One thing that is to be said. */
struct finding {
	enum diagnose_code code;
	enum diagnose_severity severity;
	bool temporary;              /* it may pass by itself */
	const struct record *record; /* it is about; NULL: about `zone` */
	struct span zone;            /* or "" */
	struct span expected;        /* value of the record, or "" */
	struct span found;           /* what there is instead, or "" */
	struct span message;         /* for people: the cause */
	struct span repair;          /* for people: what to do */
};

/* All that was found. */
struct diagnosis {
	struct finding finding[DIAGNOSE_FINDINGS_MAX];
	size_t len;
	bool ok;        /* no finding is an error */
	bool temporary; /* not ok, but for errors that may pass alone */
};

/* What to look at. */
struct diagnose_want {
	const struct observation *seen;
	struct span nonce; /* a label that nobody publishes: for wildcards */
	const struct suffixes *suffixes; /* or NULL: to tell whether two
					    domains are of one house */
};

/* The machine.  Its members are its own. */
struct diagnose {
	struct arena *arena;
	struct diagnose_want want;
	const struct observation *seen;
	struct diagnosis *result;
	int phase;                  /* what is looked at */
	size_t at;                  /* which record, or report address */
	size_t probe;               /* the next in the table */
	enum diagnose_code missing; /* what to say if no probe proves a cause */
	struct dns_question question;
	struct span asked; /* the name of the question, as text */
	bool waiting;
	struct span rua[DIAGNOSE_RUA_MAX]; /* report addresses */
	size_t ruas;
};

/* Makes `m` ready to ask. */
void diagnose_init(struct diagnose *m, const struct diagnose_want *want,
		   struct arena *arena);

/* Returns true if `m` waits for the answer to *ret, false if it is done. */
bool diagnose_ask(struct diagnose *m, struct dns_question *ret) MUST_CHECK;

/* Gives the answer to the question that diagnose_ask() yielded. */
void diagnose_answer(struct diagnose *m, const struct dns_answer *answer);

/* Returns what was found, once diagnose_ask() returned false. */
const struct diagnosis *diagnose_result(const struct diagnose *m);

/* Returns the stable name of a code, such as "name.doubled"; static. */
const char *diagnose_code_name(enum diagnose_code code);

/* Returns how much `code` matters. */
enum diagnose_severity diagnose_code_severity(enum diagnose_code code);

/* Returns "note", "warning" or "error"; static. */
const char *diagnose_severity_name(enum diagnose_severity severity);
