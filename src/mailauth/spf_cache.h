/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spf_cache - SPF records that were parsed before.
 *
 * The key is the record's text, all of it, so that what is found is never
 * stale: a domain that publishes another text has another record.  Bounded
 * in records and in octets; what was not used for long makes room.
 *
 * Single owner: nothing in it is locked, and a machine that is given a cache
 * uses it while it is called, never between its calls.
 * Allocates; no I/O, no logging, no clock.
 * Ownership: what it returns is borrowed until the next spf_cache_put().
 */
#pragma once

#include "mailauth/spf_record.h"

#define SPF_CACHE_RECORDS_MAX 65536 /* records of one cache */
/* Octets of one cache, whatever is in it. */
#define SPF_CACHE_OCTETS_MAX ((size_t)64 << 20)
/* Octets of a record that is kept; a longer one is parsed each time. */
#define SPF_CACHE_TEXT_MAX 4096

struct spf_cache;

/*
 * Returns an empty cache for up to `records` (1 to SPF_CACHE_RECORDS_MAX)
 * and SPF_CACHE_OCTETS_MAX octets.  `seed` should be random: strangers
 * choose the texts.
 */
struct spf_cache *spf_cache_new(size_t records, uint64_t seed) MUST_CHECK;

/* Frees `cache`, which may be NULL, and what it holds. */
void spf_cache_free(struct spf_cache *cache);

DEFINE_FREEP(spf_cache)

/* Borrows the record that was parsed from `text`, or NULL. */
const struct spf_record *spf_cache_get(struct spf_cache *cache,
				       struct span text);

/*
 * Keeps a copy of `record`, which is not there yet, with the names of its
 * domains made; returns it, or NULL if it is not to be kept.
 */
const struct spf_record *spf_cache_put(struct spf_cache *cache,
				       const struct spf_record *record);
