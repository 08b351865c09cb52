/* SPDX-License-Identifier: Apache-2.0 */
/*
 * steps - how far the process of an identity has come, in its five steps.
 *
 * From the stored identity and the last observation: for each step whether
 * it is done, who has to act, since when, and what was found that is wrong.
 * API, CLI, console and the hand-off page all show these.
 *
 * Pure: no I/O, no logging, no clock; texts go in the given arena.
 */
#pragma once

#include "identity/observe.h"

#define STEPS 5 /* of the process */

/* How far a step is. */
enum step_state {
	STEP_DONE = 1, /* nothing to do */
	STEP_WAITING,  /* for `who` */
	STEP_WRONG,    /* there is something, and it is not right */
};

/* Who has to act. */
enum step_who {
	STEP_NOBODY = 1,    /* it is done */
	STEP_OPERATOR,      /* who runs the DNS of the domain */
	STEP_ADMINISTRATOR, /* who created the identity */
	STEP_SERVICE,       /* the service: it looks again by itself */
};

/* One step. */
struct step {
	int number;            /* from 1 */
	const char *name;      /* "domain", "identity", "dkim", "mail_from" or
				  "dmarc"; static */
	const char *title;     /* for people; static */
	enum step_state state; /* how far it is */
	enum step_who who;     /* who has to act now */
	int64_t since;         /* when it came to this, ms since 1970; 0: not
				  known */
	int64_t next_check;    /* when DNS is asked again; 0: it is not */
	struct span text;      /* what is so: for people */
};

/*
 * Sets the five steps of `identity` by what was `seen`, which may be NULL if
 * nothing was looked at yet.
 */
void steps_of(const struct identity *identity, const struct observation *seen,
	      struct arena *arena, struct step ret[static STEPS]);

/* Returns "done", "waiting" or "wrong"; static. */
const char *step_state_name(enum step_state state);

/* Returns "nobody", "operator", "administrator" or "service"; static. */
const char *step_who_name(enum step_who who);
