/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dkim_hash - what DKIM hashes of a header and of a body (RFC 6376 s3.7).
 *
 * Shared by signer and verifier, so that they cannot differ.  A body is
 * hashed once for each canonical form that is asked for, however many
 * signatures ask and whatever their l= is.
 *
 * Pure: no I/O, no logging, no clock.  A dkim_body and a dkim_fields are the
 * caller's, between init and release.
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
	bool done;                  /* `value` is there */
	uint8_t value[DIGEST_SIZE]; /* in the end */
};

/* A body in one canonical form. */
struct dkim_body_form {
	bool needed;             /* some hash has it */
	struct canon_body canon; /* on its way */
	struct digest *digest;   /* of what came; NULL: not needed */
	uint64_t seen;           /* octets in `digest` */
	uint64_t stop;           /* the largest limit: no more than that */
	uint64_t next;           /* the least limit not yet reached */
};

/* A body that is hashed once for all that need its hash. */
struct dkim_body {
	struct dkim_body_hash hash[DKIM_BODY_MAX]; /* each another one */
	size_t len;                                /* of hash */
	struct dkim_body_form form[2];             /* by enum canon */
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

/* Moves out a digest that was used and is as new again, or NULL: at the end. */
struct digest *dkim_body_take_digest(struct dkim_body *b);

/* Returns the length of the whole canonical body of hash `i`, at the end. */
uint64_t dkim_body_total(const struct dkim_body *b, size_t i);

/* Lists of fields whose names may be the same. */
#define DKIM_FIELDS_LISTS 64

/* The fields of a header, to be found by name from the bottom up. */
struct dkim_fields {
	const struct header_block *header;
	uint16_t lowest[DKIM_FIELDS_LISTS]; /* of each list, from 1; 0: none */
	uint32_t *tag;         /* owned: of each field, a hash of its name */
	uint16_t *above;       /* behind those: of each, the next in its list */
	struct buf text;       /* canonical fields, to be hashed */
	struct digest *digest; /* owned; NULL: the first hash makes one */
};

/* Makes `f` ready; borrows `header`. */
void dkim_fields_init(struct dkim_fields *f, const struct header_block *header);

/* Frees what `f` holds. */
void dkim_fields_release(struct dkim_fields *f);

/* Returns how many fields are called `name`. */
size_t dkim_fields_count(const struct dkim_fields *f, struct span name);

/* What a header hash is of. */
struct dkim_hashed {
	enum canon form;                /* canonical form */
	const struct span *name;        /* of h= */
	size_t names;                   /* of name */
	const struct header_field *own; /* left out of the choice: the
					   signature's own field; NULL when
					   signing */
	struct span before_b; /* of that field up to the value of b= */
	struct span after_b;  /* of it behind that value */
};

/*
 * Sets `ret` to the hash of the fields that the names of h= stand for, from
 * the bottom up (RFC 6376 s5.4.2), and of the signature's own field without
 * its b= value.
 */
void dkim_fields_hash(struct dkim_fields *f, const struct dkim_hashed *of,
		      uint8_t ret[DIGEST_SIZE]);

/* As dkim_fields_hash(), for a header that is hashed only once. */
void dkim_header_hash(const struct header_block *header, enum canon form,
		      const struct span *names, size_t count,
		      const struct header_field *own, struct span before_b,
		      struct span after_b, uint8_t ret[DIGEST_SIZE]);
