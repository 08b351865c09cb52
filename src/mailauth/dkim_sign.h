/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dkim_sign - makes DKIM signatures, without ever seeing a private key.
 *
 * Two steps (RFC 6376 section 5): dkim_sign_begin() writes the field up to
 * b= and says which 32 octets are to be signed; whoever has the key signs
 * them; dkim_sign_finish() puts the signature behind b=.
 *
 * Always t= and no l=; c=relaxed/relaxed unless asked otherwise.  Each field
 * that matters is named once more than it is there, so that none can be added
 * afterwards without breaking the signature.
 *
 * Pure: no I/O, no logging, no clock; no allocation but in given bufs.
 */
#pragma once

#include "base/buf.h"
#include "crypt/digest.h"
#include "crypt/pubkey.h"
#include "text/domain.h"
#include "text/header.h"

#define DKIM_FIELD_MAX 8192 /* octets of the field that is made */

struct dkim_sign {
	struct domain domain; /* d= */
	struct span selector; /* s=: letters, digits, "-", "_" and dots */
	enum key_type type;   /* of the key: decides a= */
	int64_t time;         /* t=, in seconds since 1970 */
	int64_t expiry;       /* x=, likewise; 0: no x= */
	struct span
		identity;   /* i=, an address at or under `domain`; "": none */
	bool header_simple; /* c=simple/...; else relaxed */
	bool body_simple;   /* c=.../simple; else relaxed */
};

/*
 * Sets `ret` to the body hash (bh=) of a whole `body`, relaxed.  A body that
 * comes in pieces, or in the simple form, is hashed by dkim_hash's dkim_body.
 */
void dkim_sign_body(struct span body, uint8_t ret[DIGEST_SIZE]);

/*
 * Appends the field to `field`, up to and with "b=", and sets ret_digest to
 * what is to be signed.  `body_hash` is that of the body in the form that
 * `how` says.  Returns false if the header has too many fields to
 * be named or `field` is too small: then nothing may be used of it.
 */
bool dkim_sign_begin(const struct dkim_sign *how,
		     const struct header_block *header,
		     const uint8_t body_hash[DIGEST_SIZE], struct buf *field,
		     uint8_t ret_digest[DIGEST_SIZE]) MUST_CHECK;

/*
 * Appends the `signature` to `field`, in folded lines, and the CRLF that ends
 * it: it then stands as it is before the header.  Returns false if it is too
 * long.
 */
bool dkim_sign_finish(struct buf *field, struct span signature) MUST_CHECK;
