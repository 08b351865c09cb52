/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arc_seal - adds a set to a message's Authenticated Received Chain, without
 * ever seeing a private key.
 *
 * RFC 8617 section 5.1, in three steps: arc_seal_begin() writes the
 * ARC-Authentication-Results and the ARC-Message-Signature up to b=, and says
 * which 32 octets are to be signed; arc_seal_next() takes that signature,
 * writes the ARC-Seal and says what to sign next; arc_seal_finish() takes the
 * second one and gives the three fields, to stand on top of the message.
 *
 * Relaxed canonical forms, t= and no l=.  The tags stand in the order of the
 * alphabet.  Whatever else is done to a message must be done before.
 *
 * Pure: no I/O, no logging, no clock.  Ownership: a sealing owns its bufs
 * between begin and release; the header is borrowed until arc_seal_next().
 */
#pragma once

#include "crypt/pubkey.h"
#include "mailauth/arc_set.h"
#include "mailauth/authres.h"

/* Octets of results that a set takes. */
#define ARC_RESULTS_MAX 16384
/* Octets of the three fields that are made. */
#define ARC_FIELDS_MAX 32768

enum arc_seal_status {
	ARC_SEAL_OK = 0,
	ARC_SEAL_ENDED,       /* the newest seal says cv=fail: no more then */
	ARC_SEAL_FULL,        /* there are ARC_INSTANCE_MAX sets already */
	ARC_SEAL_UNKNOWN,     /* DNS failed: what the chain is, is not known */
	ARC_SEAL_NO_FROM,     /* h= would not name From, or there is none */
	ARC_SEAL_BAD_NAME,    /* h= would name what no AMS may, or no field */
	ARC_SEAL_TOO_MANY,    /* h= would have over DKIM_HEADERS_MAX names */
	ARC_SEAL_BAD_RESULTS, /* the results are none (RFC 8601 section 2.2) */
	ARC_SEAL_TOO_LONG,    /* above one of the limits */
};

/* How to seal. */
struct arc_seal {
	struct domain domain;      /* d= of both */
	struct span selector;      /* s= of both */
	enum key_type type;        /* of the key: decides a= */
	int64_t time;              /* t=, in seconds since 1970 */
	struct span authserv_id;   /* who found out the results */
	struct span results;       /* resinfo of RFC 8601, each but the first
				      behind a ";"; "": none but arc= */
	const struct span *header; /* names for h=; NULL: all that matter, each
				      once more than it is there */
	size_t headers;            /* of header */
	bool one_line;             /* b= is not folded: lines above 78 */
};

/* A set on its way; only the functions below change the members. */
struct arc_sealing {
	unsigned instance;   /* i= */
	enum arc_cv cv;      /* what the seal says of the chain before it */
	struct arc_seal how; /* as given; its header is not kept */
	struct buf results;  /* the whole ARC-Authentication-Results */
	struct buf message;  /* the ARC-Message-Signature */
	struct buf seal;     /* the ARC-Seal */
	struct buf tail;     /* of the one that waits: what follows b= */
	struct buf text;     /* canonical: what the seal signs */
};

/*
 * Begins a set.  `chain` is the arc machine's result for this header and
 * body, `body_hash` that of the body in relaxed form (dkim_sign_body()).
 * arc= with that result is put behind the results that have none.  The arena
 * must allow ARC_ARENA_MAX.
 *
 * ARC_SEAL_OK sets ret_digest to what is to be signed first.  Any other
 * status: nothing is to be added.  Either way the caller releases *ret.
 */
enum arc_seal_status arc_seal_begin(const struct arc_seal *how,
				    const struct header_block *header,
				    const uint8_t body_hash[DIGEST_SIZE],
				    const struct arc_result *chain,
				    struct arena *arena,
				    struct arc_sealing *ret,
				    uint8_t ret_digest[DIGEST_SIZE]) MUST_CHECK;

/*
 * Takes the first signature, and sets ret_digest to what is to be signed
 * second.  Returns false if the signature is too long.
 */
bool arc_seal_next(struct arc_sealing *s, struct span signature,
		   uint8_t ret_digest[DIGEST_SIZE]) MUST_CHECK;

/*
 * Takes the second signature and appends the three fields to `to`, the seal
 * first, each with its CRLF.  Returns false if something is too long.
 */
bool arc_seal_finish(struct arc_sealing *s, struct span signature,
		     struct buf *to) MUST_CHECK;

/* Frees what the sealing holds. */
void arc_seal_release(struct arc_sealing *s);

/*
 * Appends, as arc_seal's results, those of the header's
 * Authentication-Results fields that are of `authserv_id`, from the top down
 * and as they are written.  These must be the caller's own: forged ones are
 * removed before (authres_strip()).  Returns false if they do not fit.
 */
bool arc_seal_collect(const struct header_block *header,
		      struct span authserv_id, struct buf *to) MUST_CHECK;

/* Returns a static clause for `status`, fit to show to a user. */
const char *arc_seal_strerror(enum arc_seal_status status);

/* Returns "none", "pass" or "fail"; static. */
const char *arc_cv_name(enum arc_cv cv);
