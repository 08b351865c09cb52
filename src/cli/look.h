/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look - asks DNS what is there of a record set, and why not the rest.
 */
#pragma once

#include "cli/ask.h"
#include "identity/diagnose.h"

/* Octets that what was seen and its diagnosis may take. */
#define LOOK_ARENA_MAX (OBSERVE_ARENA_MAX + DIAGNOSE_ARENA_MAX)

/* What came of it; all in the arena. */
struct look {
	const struct observation *seen;
	const struct diagnosis *diagnosis;
};

/*
 * Asks the source that the options of `cli` name about `set`, which is
 * borrowed.  `arena` has room for LOOK_ARENA_MAX.
 */
bool look(const struct cli *cli, const struct record_set *set,
	  struct arena *arena, struct look *ret,
	  struct error *reterr) MUST_CHECK;
