/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dkim_explain_work - what the parts of dkim_explain share.
 *
 * For dkim_explain*.c alone.  Pure, as dkim_explain.h says.
 */
#pragma once

#include "mailauth/dkim_explain.h"

/*
 * Counts one more guess that hashes `octets`.  Returns false, and sets
 * e->limited, if a limit does not allow it: it must then not be made.
 */
bool dkim_explain_spend(struct dkim_explained *e, uint64_t octets) MUST_CHECK;

/* Keeps the beginning of `s`, to be shown, in `arena`. */
struct span dkim_explain_keep(struct span s, struct arena *arena);

/* Sets `body` and what goes with it in *e: the hash of `body` is wrong. */
void dkim_explain_body(const struct dkim_signature *s,
		       const struct header_block *header, struct span body,
		       struct arena *arena, struct dkim_explained *e);

/* Sets `header` and what goes with it in *e; `d` has a key record. */
void dkim_explain_header(const struct dkim_result *d,
			 const struct header_block *header, struct arena *arena,
			 struct dkim_explained *e);
