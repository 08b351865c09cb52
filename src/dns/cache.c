/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/cache.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/writer.h"

/* An answer that is kept. */
struct cached {
	struct cached *newer, *older;
	struct cache_key key;
	struct arena arena;
	struct dns_answer answer;
	int64_t until; /* it may be given out before that */
};

struct cache_key
cache_key(const struct dns_question *question)
{
	struct dname lower = dname_lower(&question->name);
	struct cache_key key;
	struct writer w = writer_over(key.bytes, sizeof(key.bytes));

	writer_put(&w, dname_wire(&lower));
	writer_u16(&w, question->type);
	key.len = w.len;
	return key;
}

void
cache_init(struct cache *cache, uint64_t seed)
{
	*cache = (struct cache){.len = 0};
	map_init(&cache->map, seed);
}

/* An arena takes its memory in pieces of about this. */
#define PIECE ((size_t)4096)

/* Returns what an answer takes. */
static size_t
size_of(const struct cached *cached)
{
	return sizeof(*cached) +
	       (cached->arena.used + PIECE - 1) / PIECE * PIECE;
}

static void
forget(struct cache *cache, struct cached *cached)
{
	if (cached->newer != NULL)
		cached->newer->older = cached->older;
	else
		cache->newest = cached->older;
	if (cached->older != NULL)
		cached->older->newer = cached->newer;
	else
		cache->oldest = cached->newer;
	map_take(&cache->map, cache_key_span(&cached->key));
	cache->len--;
	cache->bytes -= size_of(cached);
	arena_release(&cached->arena);
	free(cached);
}

void
cache_release(struct cache *cache)
{
	while (cache->oldest != NULL)
		forget(cache, cache->oldest);
	map_release(&cache->map);
}

/* Puts `cached` in, and out what is then too much. */
static void
add(struct cache *cache, struct cached *cached)
{
	cached->older = cache->newest;
	if (cached->older != NULL)
		cached->older->newer = cached;
	else
		cache->oldest = cached;
	cache->newest = cached;
	map_put(&cache->map, cache_key_span(&cached->key), cached);
	cache->len++;
	cache->bytes += size_of(cached);
	while (cache->len > CACHE_ANSWERS_MAX || cache->bytes > CACHE_BYTES_MAX)
		forget(cache, cache->oldest);
}

void
cache_put(struct cache *cache, const struct cache_key *key,
	  const struct dns_answer *answer, int64_t now)
{
	struct cached *cached = map_get(&cache->map, cache_key_span(key));

	if (cached != NULL)
		forget(cache, cached);
	cached = mem_new(sizeof(*cached));
	cached->key = *key;
	cached->arena = ARENA_INIT(CACHE_ANSWER_MAX);
	cached->until = now + (int64_t)answer->ttl * 1000;
	if (dns_answer_copy(answer, &cached->arena, &cached->answer)) {
		add(cache, cached);
		return;
	}
	arena_release(&cached->arena);
	free(cached);
}

bool
cache_get(struct cache *cache, const struct cache_key *key, int64_t now,
	  struct arena *arena, struct dns_answer *ret)
{
	struct cached *cached = map_get(&cache->map, cache_key_span(key));
	int64_t left;

	if (cached == NULL)
		return false;
	left = cached->until - now;
	if (left <= 0) {
		forget(cache, cached);
		return false;
	}
	if (!dns_answer_copy(&cached->answer, arena, ret))
		return false;
	ret->ttl = (uint32_t)((left + 999) / 1000);
	return true;
}
