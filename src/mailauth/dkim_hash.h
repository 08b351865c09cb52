/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dkim_hash - what DKIM hashes of a header and of a body (RFC 6376 s3.7).
 *
 * Shared by signer and verifier, so that they cannot differ.
 *
 * Pure: no I/O, no logging, no clock.  A dkim_body is the caller's, between
 * init and release.
 */
#pragma once

#include "crypt/digest.h"
#include "mailauth/canon.h"
#include "text/header.h"

/* Body hashes of one message: one for each form and length asked for. */
#define DKIM_BODY_MAX 8

/* One body hash on its way. */
struct dkim_body_hash {
	enum canon form;            /* canonical form */
	uint64_t limit;             /* octets to hash; UINT64_MAX: all */
	uint64_t seen;              /* octets hashed */
	struct digest *digest;      /* NULL once it has ended */
	uint8_t value[DIGEST_SIZE]; /* when it has ended */
};

/* A body that is hashed once for all that need its hash. */
struct dkim_body {
	struct dkim_body_hash hash[DKIM_BODY_MAX]; /* each another one */
	size_t len;                                /* of hash */
	bool needed[2];             /* by form: some hash has it */
	struct canon_body canon[2]; /* by form */
};

/* Makes `b` ready, with no hash to compute yet. */
void dkim_body_init(struct dkim_body *b);

/* Frees what `b` holds. */
void dkim_body_release(struct dkim_body *b);

/*
 * Asks for the hash of the first `limit` octets in `form`, before any
 * feeding; returns its index.  At most DKIM_BODY_MAX different ones.
 */
size_t dkim_body_want(struct dkim_body *b, enum canon form, uint64_t limit);

/* Goes on with `bytes` of the body. */
void dkim_body_feed(struct dkim_body *b, struct span bytes);

/* Ends the body: the values are there. */
void dkim_body_end(struct dkim_body *b);

/* Returns the length of the whole canonical body of hash `i`, at the end. */
uint64_t dkim_body_total(const struct dkim_body *b, size_t i);

/*
 * Sets `ret` to the hash of the fields that the `names` of h= stand for, from
 * the bottom up (RFC 6376 s5.4.2), and of the signature's own field without
 * its b= value: `before_b` and `after_b`.  `own` is left out of the choice;
 * NULL when signing.
 */
void dkim_header_hash(const struct header_block *header, enum canon form,
		      const struct span *names, size_t count,
		      const struct header_field *own, struct span before_b,
		      struct span after_b, uint8_t ret[DIGEST_SIZE]);
