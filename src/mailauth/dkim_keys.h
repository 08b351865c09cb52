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

/* Returns how many texts were found in `keys` so far. */
uint64_t dkim_keys_hits(const struct dkim_keys *keys);

/* Returns how many texts had to be parsed so far. */
uint64_t dkim_keys_misses(const struct dkim_keys *keys);
