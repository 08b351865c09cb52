/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/cache.h"

#include "unit.h"

#define ARENA_MAX ((size_t)1 << 20)

static struct cache_key
key_of(const char *name, enum dns_type type)
{
	struct dns_question q = {.type = (uint16_t)type};

	assert_int_equal(dname_parse(span_of(name), &q.name), DNAME_OK);
	return cache_key(&q);
}

/* Puts an answer in that is known again by its octet `mark`. */
static void
put(struct cache *cache, const char *name, uint8_t mark, uint32_t ttl,
    int64_t now)
{
	struct dns_rr rr = {.type = DNS_A, .a = {mark}, .data = SPAN("")};
	struct dns_answer answer = {
		.status = DNS_OK, .rr = &rr, .len = 1, .ttl = ttl};
	struct cache_key key = key_of(name, DNS_A);

	cache_put(cache, &key, &answer, now);
}

/* Returns the mark, or -1; checks the TTL that is left. */
static int
get(struct cache *cache, const char *name, int64_t now, uint32_t ttl)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	struct cache_key key = key_of(name, DNS_A);
	struct dns_answer answer;

	if (!cache_get(cache, &key, now, &arena, &answer))
		return -1;
	assert_int_equal(answer.ttl, ttl);
	return answer.rr[0].a[0];
}

static void
test_time(void **state)
{
	CLEANUP(cache_release) struct cache cache;

	(void)state;
	cache_init(&cache, 1);
	put(&cache, "a.test", 7, 10, 5000);
	assert_int_equal(get(&cache, "a.test", 5000, 10), 7);
	assert_int_equal(get(&cache, "A.TEST", 5001, 10), 7);
	assert_int_equal(get(&cache, "a.test", 6000, 9), 7);
	assert_int_equal(get(&cache, "a.test", 14999, 1), 7);
	assert_int_equal(get(&cache, "a.test", 15000, 0), -1);
	assert_int_equal(cache.len, 0);
	assert_int_equal(cache.bytes, 0);
}

static void
test_keys(void **state)
{
	CLEANUP(cache_release) struct cache cache;
	struct cache_key a = key_of("a.test", DNS_A);
	struct cache_key txt = key_of("a.test", DNS_TXT);

	(void)state;
	assert_false(span_equal(cache_key_span(&a), cache_key_span(&txt)));
	cache_init(&cache, 1);
	put(&cache, "a.test", 1, 10, 0);
	put(&cache, "b.test", 2, 10, 0);
	put(&cache, "a.test", 3, 20, 0);
	assert_int_equal(cache.len, 2);
	assert_int_equal(get(&cache, "a.test", 0, 20), 3);
	assert_int_equal(get(&cache, "b.test", 0, 10), 2);
	assert_int_equal(get(&cache, "c.test", 0, 0), -1);
}

static void
test_full(void **state)
{
	CLEANUP(cache_release) struct cache cache;
	char name[32];

	(void)state;
	cache_init(&cache, 1);
	for (size_t i = 0; i < CACHE_ANSWERS_MAX + 10; i++) {
		snprintf(name, sizeof(name), "n%zu.test", i);
		put(&cache, name, 1, 10, 0);
	}
	assert_int_equal(cache.len, CACHE_ANSWERS_MAX);
	assert_true(cache.bytes <= CACHE_BYTES_MAX);
	assert_int_equal(get(&cache, "n9.test", 0, 0), -1);
	assert_int_equal(get(&cache, "n10.test", 0, 10), 1);
}

/* What takes much memory: less of it is kept, or nothing. */
static void
test_large(void **state)
{
	static char text[CACHE_ANSWER_MAX + 1];
	struct dns_rr rr = {.type = DNS_TXT, .data = SPAN("")};
	struct dns_answer answer = {
		.status = DNS_OK, .rr = &rr, .len = 1, .ttl = 10};
	CLEANUP(cache_release) struct cache cache;
	struct cache_key key;
	char name[32];

	(void)state;
	cache_init(&cache, 1);
	key = key_of("a.test", DNS_A);
	rr.txt.text = span_bytes(text, sizeof(text));
	put(&cache, "a.test", 1, 10, 0);
	cache_put(&cache, &key, &answer, 0);
	assert_int_equal(cache.len, 0); /* the old one is gone, too */
	rr.txt.text = span_bytes(text, 60000);
	for (size_t i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "n%zu.test", i);
		key = key_of(name, DNS_TXT);
		cache_put(&cache, &key, &answer, 0);
	}
	assert_in_range(cache.len, 900, 1100);
	assert_true(cache.bytes <= CACHE_BYTES_MAX);
}

int
main(void)
{
	UNIT(test_time);
	UNIT(test_keys);
	UNIT(test_full);
	UNIT(test_large);
	return unit_run("dns/cache");
}
