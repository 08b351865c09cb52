/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf_cache.h"

#include <stdlib.h>

#include "base/mem.h"
#include "mailauth/spf_macro.h"

/* Records whose hashes begin alike; one of them makes room for another. */
#define WAYS 4

/* A record; behind it are its terms, its names and its text. */
struct entry {
	struct spf_record record;
	size_t size; /* of all of it */
		     /* then struct spf_term[], names, text */
};

struct slot {
	uint64_t hash;
	struct entry *entry; /* or NULL */
	uint64_t used;       /* when, by the cache's own count */
};

struct spf_cache {
	uint64_t seed;
	uint64_t now;      /* counts what is asked for */
	size_t mask;       /* groups of WAYS slots, less one */
	size_t hand;       /* the slot that makes room next */
	size_t octets;     /* of all entries */
	struct slot *slot; /* (mask + 1) * WAYS */
};

static inline uint64_t
load(const char *p)
{
	uint64_t n;

	memcpy(&n, p, sizeof(n));
	return n;
}

/* The halves of a product, folded. */
static inline uint64_t
mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static const uint64_t odd[] = {
	UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xd1b54a32d192ed03),
	UINT64_C(0x8bb84b93962eacc9), UINT64_C(0x2d358dccaa6c78a5)};

/* Takes 16 octets into one lane of a hash. */
static inline uint64_t
take(uint64_t lane, const char *p, uint64_t seed, int i)
{
	return mix(load(p) ^ odd[i] ^ lane, load(p + 8) ^ odd[3 - i] ^ seed);
}

/*
 * A hash that whoever does not know the seed cannot aim with.  It need not
 * be more: a collision costs a comparison, and WAYS of them a parse.  Four
 * lanes, because a multiplication is slow to end but not to begin.
 */
static uint64_t
hash_of(uint64_t seed, struct span text)
{
	const char *p = text.ptr;
	size_t left = text.len;
	uint64_t lane[4] = {seed, seed, seed, seed};
	char last[16] = {0};

	for (; left > 64; p += 64, left -= 64)
		for (int i = 0; i < 4; i++)
			lane[i] = take(lane[i], p + 16 * i, seed, i);
	lane[0] ^= mix(lane[1], odd[0]) ^ mix(lane[2], odd[1]) ^
		   mix(lane[3] ^ text.len, odd[2]);
	for (; left > 16; p += 16, left -= 16)
		lane[0] = take(lane[0], p, seed, 0);
	memcpy(last, p, left);
	return mix(take(lane[0], last, seed, 1), odd[3]);
}

struct spf_cache *
spf_cache_new(size_t records, uint64_t seed)
{
	struct spf_cache *cache = mem_new(sizeof(*cache));
	size_t groups = 1;

	if (records > SPF_CACHE_RECORDS_MAX)
		records = SPF_CACHE_RECORDS_MAX;
	while (groups * WAYS < records)
		groups *= 2;
	cache->seed = mix(seed ^ UINT64_C(0xa0761d6478bd642f),
			  UINT64_C(0xe7037ed1a0b428db));
	cache->mask = groups - 1;
	cache->slot = mem_array(groups * WAYS, sizeof(*cache->slot));
	return cache;
}

static void
drop(struct spf_cache *cache, struct slot *slot)
{
	if (slot->entry == NULL)
		return;
	cache->octets -= slot->entry->size;
	free(slot->entry);
	slot->entry = NULL;
}

void
spf_cache_free(struct spf_cache *cache)
{
	if (cache == NULL)
		return;
	for (size_t i = 0; i < (cache->mask + 1) * WAYS; i++)
		drop(cache, &cache->slot[i]);
	free(cache->slot);
	free(cache);
}

/* The slots that a record with this hash may be in. */
static struct slot *
group_of(const struct spf_cache *cache, uint64_t hash)
{
	return &cache->slot[(hash & cache->mask) * WAYS];
}

const struct spf_record *
spf_cache_get(struct spf_cache *cache, struct span text)
{
	struct slot *slot;
	uint64_t hash;

	if (text.len > SPF_CACHE_TEXT_MAX)
		return NULL;
	hash = hash_of(cache->seed, text);
	slot = group_of(cache, hash);
	for (size_t i = 0; i < WAYS; i++) {
		if (slot[i].entry == NULL || slot[i].hash != hash ||
		    !span_equal(slot[i].entry->record.text, text))
			continue;
		slot[i].used = ++cache->now;
		return &slot[i].entry->record;
	}
	return NULL;
}

/* Octets that a name takes there: dname_set() copies so many at once. */
static size_t
name_size(size_t wire)
{
	return (wire + 32) / 32 * 32;
}

/* Adds the name of a domain-spec that is nothing else to `names`. */
static void
add_name(const struct spf_record *r, struct spf_term *term, uint8_t *names,
	 uint16_t *len)
{
	UNINITIALIZED struct dname name;
	struct span domain = spf_term_domain(r, term);

	if (domain.len == 0 || (term->uses & SPF_USES_MACRO) != 0 ||
	    dname_parse_plain(domain, &name) != DNAME_OK)
		return;
	term->name = *len;
	dname_set((struct dname *)(void *)(names + *len), &name);
	*len = (uint16_t)(*len + name_size(name.len));
}

/* Octets that the names of a record can take: one is two octets longer. */
static size_t
names_max(const struct spf_record *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->len; i++)
		if (r->term[i].domain_len > 0)
			n += name_size(r->term[i].domain_len + 2u);
	return n;
}

/* Makes the entry of a record, in one piece. */
static struct entry *
make(const struct spf_record *r)
{
	size_t terms = r->len * sizeof(struct spf_term);
	size_t names = names_max(r);
	size_t size = sizeof(struct entry) + terms + names + r->text.len;
	struct entry *entry = mem_new(size);
	struct spf_term *term = (struct spf_term *)(void *)(entry + 1);
	uint8_t *name = (uint8_t *)term + terms;
	char *text = (char *)name + names;

	memcpy(term, r->term, terms);
	memcpy(text, r->text.ptr, r->text.len);
	entry->size = size;
	entry->record = *r;
	entry->record.text.ptr = text;
	entry->record.term = term;
	entry->record.names = name;
	entry->record.names_len = 0;
	for (size_t i = 0; i < r->len; i++)
		add_name(&entry->record, &term[i], name,
			 &entry->record.names_len);
	return entry;
}

/* The slot of the group that is empty, or was not used for longest. */
static struct slot *
oldest(struct slot *group)
{
	struct slot *slot = group;

	for (size_t i = 0; i < WAYS; i++) {
		if (group[i].entry == NULL)
			return &group[i];
		if (group[i].used < slot->used)
			slot = &group[i];
	}
	return slot;
}

const struct spf_record *
spf_cache_put(struct spf_cache *cache, const struct spf_record *record)
{
	struct entry *entry;
	struct slot *slot;
	uint64_t hash;

	if (record->text.len > SPF_CACHE_TEXT_MAX)
		return NULL;
	entry = make(record);
	hash = hash_of(cache->seed, record->text);
	slot = oldest(group_of(cache, hash));
	drop(cache, slot);
	/* one entry is far below the maximum: this ends */
	while (cache->octets + entry->size > SPF_CACHE_OCTETS_MAX) {
		drop(cache, &cache->slot[cache->hand]);
		cache->hand = (cache->hand + 1) % ((cache->mask + 1) * WAYS);
	}
	cache->octets += entry->size;
	*slot = (struct slot){
		.hash = hash, .entry = entry, .used = ++cache->now};
	return &entry->record;
}
