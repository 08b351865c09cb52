/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/cache.h"

#include <stdlib.h>

#include "base/mem.h"
#include "crypt/random.h"
#include "lib/convert.h"

/* What is kept if the program does not say. */
#define KEPT 1024

_Static_assert(SESAME_CACHE_KEYS_MAX == DKIM_KEYS_MAX, "the header says it");
_Static_assert(SESAME_CACHE_SPF_MAX == SPF_CACHE_RECORDS_MAX, "the same");

struct sesame_cache *
sesame_cache_new(const struct sesame_cache_input *input)
{
	struct sesame_cache_input in = {.keys = 0};
	struct sesame_cache *cache;
	uint64_t seed;

	if (input != NULL && !input_take(input, &in, sizeof(in)))
		return NULL;
	if (in.keys > SESAME_CACHE_KEYS_MAX || in.spf > SESAME_CACHE_SPF_MAX)
		return NULL;
	cache = mem_new(sizeof(*cache));
	cache->keys = dkim_keys_new(in.keys > 0 ? in.keys : KEPT);
	random_fill(&seed, sizeof(seed));
	cache->spf = spf_cache_new(in.spf > 0 ? in.spf : KEPT, seed);
	return cache;
}

void
sesame_cache_free(struct sesame_cache *cache)
{
	if (cache == NULL)
		return;
	dkim_keys_free(cache->keys);
	spf_cache_free(cache->spf);
	free(cache);
}

const struct sesame_cache_counts *
sesame_cache_counts(struct sesame_cache *cache)
{
	cache->counts.key_hits = dkim_keys_hits(cache->keys);
	cache->counts.key_misses = dkim_keys_misses(cache->keys);
	return &cache->counts;
}
