/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probes - where people put a record by mistake, and what proves that they
 * did.
 *
 * A table in which a new kind of mistake is a row: a name to ask for, made of
 * the record's own, and a function that looks at the answer.  The rows stand
 * with the most specific cause first.
 *
 * For diagnose.c only.  Pure: no I/O, no logging, no clock; allocation only
 * in the given arena.
 */
#pragma once

#include "identity/diagnose.h"

/* What the probes know. */
struct probes {
	const struct observation *seen;
	struct span nonce;   /* a label that nobody publishes, or "" */
	struct arena *arena; /* for the texts */
};

/*
 * Sets *ret to the question of the first probe from row *at on that applies
 * to `o`, *ret_name to its name as text, and *at to its row.
 * Returns false if there is none.
 */
bool probes_question(const struct probes *probes, const struct observed *o,
		     size_t *at, struct dns_question *ret,
		     struct span *ret_name) MUST_CHECK;

/*
 * Returns the cause that the answer to the question of row `at` proves, with
 * what was found in *ret_found, or DIAGNOSE_OK if it proves none.
 */
enum diagnose_code probes_prove(const struct probes *probes,
				const struct observed *o, size_t at,
				const struct dns_answer *answer,
				struct span *ret_found) MUST_CHECK;

/* Returns whether a CNAME is right and a question for TXT at it failed. */
bool probes_txt_failed(const struct observed *o);
