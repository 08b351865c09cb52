/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dkim_key - the key record that a selector publishes, read and checked.
 *
 * RFC 6376 section 3.6.1 with RFC 8301 and 8463.  It says whether a text is a
 * key for mail and for SHA-256, and makes the public key of it; whether that
 * key fits a signature is for dkim_verify.  The g= tag of RFC 4871 is one
 * more unknown tag, which is ignored.
 *
 * Pure: no I/O, no logging, no clock.  The public key is a heap object.
 */
#pragma once

#include "base/buf.h"
#include "crypt/pubkey.h"

#define DKIM_RECORD_MAX 4096 /* octets of the text, its strings joined */

enum dkim_key_status {
	DKIM_KEY_OK = 0,
	DKIM_KEY_TOO_LONG,    /* above DKIM_RECORD_MAX */
	DKIM_KEY_NOT_DKIM,    /* no tag list with a v= or p= in it */
	DKIM_KEY_BAD_LIST,    /* begins like one, but is no tag list */
	DKIM_KEY_BAD_VERSION, /* v= is not DKIM1, or not the first tag */
	DKIM_KEY_NO_KEY,      /* no p= */
	DKIM_KEY_REVOKED,     /* p= is empty */
	DKIM_KEY_BAD_TYPE,    /* k= is neither rsa nor ed25519 */
	DKIM_KEY_BAD_HASH,    /* h= does not allow sha256 */
	DKIM_KEY_BAD_SERVICE, /* s= does not allow email */
	DKIM_KEY_BAD_BASE64,  /* p= is not base64 */
	DKIM_KEY_BAD_KEY,     /* p= holds no key, or one not to be used: see
				 dkim_key_record.key_status */
};

struct dkim_key_record {
	enum key_type type;            /* k= */
	bool testing;                  /* t=y */
	bool strict;                   /* t=s: i= must be at d= itself */
	bool has_version;              /* v=DKIM1 is there */
	int bits;                      /* of the key, once it was read */
	enum pubkey_status key_status; /* why DKIM_KEY_BAD_KEY */
	struct pubkey *key; /* with DKIM_KEY_OK; the caller frees it */
};

/*
 * Parses `text`, the strings of one TXT record joined.
 *
 * DKIM_KEY_OK sets *ret with a key in it.  Any other status sets *ret to
 * what could be read before it, with `key` NULL.
 */
enum dkim_key_status dkim_key_parse(struct span text,
				    struct dkim_key_record *ret) MUST_CHECK;

/* Returns a static clause for `status`, fit to show to a user. */
const char *dkim_key_strerror(enum dkim_key_status status);
