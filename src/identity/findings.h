/* SPDX-License-Identifier: Apache-2.0 */
/*
 * findings - the texts of a diagnosis, and how a finding is added to it.
 *
 * For diagnose.c and its neighbours only.
 *
 * Pure: no I/O, no logging, no clock; allocation only in the given arena.
 */
#pragma once

#include "identity/diagnose.h"

/* What the texts of a finding are made of. */
struct finding_facts {
	const struct observed *about; /* the record, or NULL */
	struct span zone;             /* with a finding about a zone */
	struct span found;            /* what there is, or "" */
	struct span at;               /* where that is, or "" */
};

/*
 * Adds the finding `code`.  One about a zone is added once for each zone, one
 * too many for DIAGNOSE_FINDINGS_MAX is left out.
 */
void findings_add(struct diagnosis *to, const struct observation *seen,
		  enum diagnose_code code, const struct finding_facts *facts,
		  struct arena *arena);

/*
 * Says what the observation proves of the record `o` by itself: adds those
 * findings.  Returns DIAGNOSE_OK if there is nothing more to look for, else
 * what is to be said if no cause is found.
 */
enum diagnose_code findings_of_record(struct diagnosis *to,
				      const struct observation *seen,
				      const struct observed *o,
				      struct arena *arena);

/* Returns whether `text` ends in "." and `zone`, or in "." and the domain,
 * behind `value`: the zone was added to a target. */
bool findings_is_doubled(struct span text, struct span value,
			 const struct observation *seen);
