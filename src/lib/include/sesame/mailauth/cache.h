/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cache - DKIM keys and SPF records that were parsed, kept between messages.
 *
 * What it keeps is found by the text of the record, not by its name: DNS is
 * asked as before, and nothing here can ever be stale.  It only spares the
 * work of parsing, which for a key is a good part of verifying with it.
 *
 * A cache belongs to one thread at a time, with every object it was given to;
 * it must outlive them.  The usual thing is one for each thread.
 */
#ifndef SESAME_MAILAUTH_CACHE_H
#define SESAME_MAILAUTH_CACHE_H

#include <sesame/mailauth/text.h>

SESAME_BEGIN

struct sesame_cache;

/* DKIM keys in one cache at most; each takes up to 8 KiB. */
#define SESAME_CACHE_KEYS_MAX 16384
/* SPF records in one cache at most; together they take up to 64 MiB. */
#define SESAME_CACHE_SPF_MAX 65536

/* What a cache is to keep. */
struct sesame_cache_input {
	size_t size; /* sizeof(struct sesame_cache_input) */
	size_t keys; /* DKIM keys, SESAME_CACHE_KEYS_MAX at most; 0: 1024 */
	size_t spf;  /* SPF records, SESAME_CACHE_SPF_MAX at most; 0: 1024 */
};

/* How a cache does. */
struct sesame_cache_counts {
	uint64_t key_hits;   /* keys that were found in it */
	uint64_t key_misses; /* keys that had to be parsed */
};

/*
 * Returns a cache; `input` may be NULL.  NULL if it is not in order.  Draws
 * from OpenSSL's randomness, so that strangers cannot choose what collides.
 */
SESAME_API struct sesame_cache *
sesame_cache_new(const struct sesame_cache_input *input);

/* Frees `cache`, which may be NULL. */
SESAME_API void sesame_cache_free(struct sesame_cache *cache);

/* Returns how `cache` does, until the next call with it. */
SESAME_API const struct sesame_cache_counts *
sesame_cache_counts(struct sesame_cache *cache);

SESAME_END

#endif
