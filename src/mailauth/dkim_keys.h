/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dkim_keys - key records that were parsed, kept for the next message.
 *
 * A bounded cache.  It is keyed by the text of the record, not by its name:
 * DNS is asked for each message as before, and what is found here can never
 * be stale.  It only spares the work of base64, DER and making a key.  A text
 * has few places where it may stand, so that looking costs the same whatever
 * strangers publish; a new one puts out the oldest in those places.
 *
 * Pure: no I/O, no logging, no clock.  Ownership: the cache is the caller's
 * and, with every key that came out of it, belongs to one thread at a time.
 */
#pragma once

#include "dns/record.h"
#include "mailauth/dkim_key.h"

/*
 * Records in one cache.  Each takes its text, at most DKIM_RECORD_MAX, and
 * about 4 KiB in libcrypto.
 */
#define DKIM_KEYS_MAX 16384

struct dkim_keys;

/* Returns an empty cache for `limit` records, DKIM_KEYS_MAX at most. */
struct dkim_keys *dkim_keys_new(size_t limit) MUST_CHECK;

/* Frees `keys`, which may be NULL; keys that were given out live on. */
void dkim_keys_free(struct dkim_keys *keys);

/* For CLEANUP(dkim_keys_freep). */
DEFINE_FREEP(dkim_keys)

/*
 * As dkim_key_parse(), in all that it returns and sets.  `keys` may be NULL:
 * then it is the same.
 */
enum dkim_key_status dkim_keys_parse(struct dkim_keys *keys, struct span text,
				     struct dkim_key_record *ret) MUST_CHECK;

/* TXT records looked at under one name. */
#define DKIM_ANSWERS_MAX 16

/* What the TXT records under the name of a key come to. */
struct dkim_choice {
	bool found;  /* there is a record to speak of */
	size_t good; /* records that are keys; one alone may be used */
	enum dkim_key_status status;   /* of the record to speak of */
	struct span text;              /* of it, borrowed from the answer */
	struct dkim_key_record record; /* the same, read; its key is the
					  caller's to free, and may be NULL */
};

/*
 * Reads the TXT records of `answer`: those that are no key records do not
 * count.  The one to speak of is the first that is good, else the first that
 * wants to be one.  RFC 6376 section 3.6.2.2 leaves open what several mean;
 * whoever signs by one of them cannot be known, so that none may be used.
 */
void dkim_keys_choose(struct dkim_keys *keys, const struct dns_answer *answer,
		      struct dkim_choice *ret);

/* Returns how many texts were found in `keys` so far. */
uint64_t dkim_keys_hits(const struct dkim_keys *keys);

/* Returns how many texts had to be parsed so far. */
uint64_t dkim_keys_misses(const struct dkim_keys *keys);
