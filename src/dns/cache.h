/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cache - answers that are kept for as long as they allow.
 *
 * Bounded in number and in memory: what was put in first goes first.  An
 * answer too large to keep is not kept.
 *
 * No I/O, no logging, no clock: `now` is monotonic, in milliseconds.
 * Ownership: the struct is the caller's, the copies in it are its own.
 */
#pragma once

#include "base/map.h"
#include "dns/record.h"

#define CACHE_ANSWERS_MAX 8192               /* answers kept */
#define CACHE_BYTES_MAX   ((size_t)64 << 20) /* memory that they take */
#define CACHE_ANSWER_MAX  ((size_t)64 << 10) /* memory that one may take */

struct cached;

struct cache {
	struct map map;                 /* of struct cached, by key */
	struct cached *newest, *oldest; /* a list of all of them */
	size_t len;                     /* how many there are */
	size_t bytes;                   /* what they take */
};

/* A question as the key of a map: equal questions have equal keys. */
struct cache_key {
	uint8_t bytes[DNAME_MAX + 2]; /* name in lower case, type */
	size_t len;                   /* of bytes */
};

/* Returns the key of `question`. */
struct cache_key cache_key(const struct dns_question *question);

/* Borrows the bytes of `key`. */
static inline struct span
cache_key_span(const struct cache_key *key)
{
	return span_bytes(key->bytes, key->len);
}

/* Makes `cache` empty.  `seed` should be random. */
void cache_init(struct cache *cache, uint64_t seed);

/* Frees all that is kept. */
void cache_release(struct cache *cache);

/* Keeps a copy of `answer` from `now` on, in place of what was there. */
void cache_put(struct cache *cache, const struct cache_key *key,
	       const struct dns_answer *answer, int64_t now);

/*
 * Copies what is kept under `key` to `arena` and *ret, its TTL being what is
 * left of it.  Returns false if there is nothing, or the arena is full.
 */
bool cache_get(struct cache *cache, const struct cache_key *key, int64_t now,
	       struct arena *arena, struct dns_answer *ret) MUST_CHECK;
