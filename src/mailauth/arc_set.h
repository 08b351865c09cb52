/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arc_set - the ARC fields of a header, by their instances.
 *
 * RFC 8617 sections 4 and 5.2, steps 1 to 3: what can be said of a chain
 * without a key.  For arc.c, which validates, and arc_seal.c, which adds to
 * it, so that they cannot read a chain differently.
 *
 * Pure: no I/O, no logging, no clock.  Ownership: the sets borrow from the
 * header, and what was parsed lives in the arena; the table is a heap object.
 */
#pragma once

#include "mailauth/arc.h"

/* Octets that the canonical form of all sets may have. */
#define ARC_TEXT_MAX ((size_t)2 * HEADER_SIZE_MAX)

/* The three fields of an instance; NULL: there is none. */
struct arc_set {
	const struct header_field *results; /* ARC-Authentication-Results */
	const struct header_field *message; /* ARC-Message-Signature */
	const struct header_field *seal;    /* ARC-Seal */
	struct dkim_signature message_signature; /* of `message` */
	struct dkim_signature seal_signature;    /* of `seal` */
	enum arc_cv cv;                          /* of `seal` */
};

struct arc_sets {
	struct arc_set *set;    /* by instance, from 1: ARC_INSTANCE_MAX + 1 */
	unsigned len;           /* the highest instance there is */
	size_t fields;          /* ARC fields, usable or not */
	enum arc_reason reason; /* the first defect; ARC_REASON_OK: none */
	unsigned instance;      /* at fault; 0: no certain one */
	bool ended; /* the newest seal says cv=fail: nothing may follow */
};

/* Reads the ARC fields of `header`, all of them, whatever their defects. */
void arc_sets_read(struct arc_sets *s, const struct header_block *header,
		   struct arena *arena);

/* Frees the table. */
void arc_sets_release(struct arc_sets *s);

/*
 * Appends the sets in the order of their instances, each field in relaxed
 * canonical form (RFC 8617 section 5.1.1), and sets ret_end[i] to where
 * instance i has its ARC-Message-Signature behind it: a seal signs all up to
 * there.  ret_end has ARC_INSTANCE_MAX + 1 places.  The sets must have no
 * defect.
 */
void arc_sets_text(const struct arc_sets *s, struct buf *to, size_t *ret_end);

/*
 * Sets `ret` to the hash that a seal signs: of `text`, then of its own field
 * without the value of b=.
 */
void arc_seal_hash(struct span text, struct span before_b, struct span after_b,
		   uint8_t ret[DIGEST_SIZE]);
