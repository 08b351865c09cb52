/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sign - the signatures of a message that is sent: planned, then put on.
 *
 * A message carries one for each key of the identity (d= its domain, s= the
 * token) and one of the deployment itself (d= its zone).  The plan says which
 * digests keyd is to sign, in which order the fields stand, and puts the
 * bytes together; it never sees a private key.
 *
 * Pure: no I/O, no logging, no clock.  Ownership: a plan borrows the message
 * and the keys; sign_release() frees what it holds itself.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "mailauth/dkim_sign.h"
#include "store/types.h"

#define SIGN_MAX 4 /* signatures of a message */
/* x= minus t=, in ms: longer than a message may wait in the queue. */
#define SIGN_LIFE (INT64_C(7) * 86400 * 1000)

/* One signature to be made. */
struct sign_one {
	const struct dkim_key *key;  /* the key that is to sign `digest` */
	uint8_t digest[DIGEST_SIZE]; /* what it is to sign */
	struct buf field;            /* the field so far */
	bool done;                   /* it has its signature */
};

struct sign_plan {
	struct span message;            /* header and body, CRLF throughout */
	struct arena arena;             /* of the header's fields */
	struct header_block header;     /* of message */
	uint8_t body_hash[DIGEST_SIZE]; /* of message */
	int64_t now;                    /* t=, in ms since 1970 */
	struct sign_one one[SIGN_MAX];  /* in the order they will stand */
	size_t len;                     /* of one */
};

/*
 * Starts the plan for `message`, which sending/compose.h made.  It hashes the
 * whole body: for a worker thread.  Fails with ERROR_INTERNAL if the message
 * is not well formed.
 */
bool sign_init(struct sign_plan *plan, struct span message, int64_t now,
	       struct error *reterr) MUST_CHECK;

/* Frees what the plan holds. */
void sign_release(struct sign_plan *plan);

/*
 * Adds a signature with `key` for `domain`.  Fails with ERROR_BAD_REQUEST if
 * the message has too many fields to be signed, ERROR_INTERNAL if `domain` is
 * none or there are SIGN_MAX already.
 */
bool sign_add(struct sign_plan *plan, struct span domain,
	      const struct dkim_key *key, struct error *reterr) MUST_CHECK;

/* Gives signature `i`; fails with ERROR_INTERNAL if it is no signature. */
bool sign_put(struct sign_plan *plan, size_t i, struct span signature,
	      struct error *reterr) MUST_CHECK;

/*
 * Appends the signed message to `to`: the fields in the order they were
 * added, then the message.  Fails with ERROR_INTERNAL if a signature is
 * missing, ERROR_TOO_LARGE if it does not fit.
 */
bool sign_finish(const struct sign_plan *plan, struct buf *to,
		 struct error *reterr) MUST_CHECK;
