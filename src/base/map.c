/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

struct map_slot {
	char *key;   /* NULL: free, or removed when `value` is GONE */
	size_t len;  /* of the key */
	void *value; /* NULL: free */
	uint64_t hash;
};

static char gone_mark[1];
#define GONE ((void *)gone_mark)

void
map_init(struct map *m, uint64_t seed)
{
	*m = (struct map){.seed = seed};
}

void
map_release(struct map *m)
{
	for (size_t i = 0; i < m->room; i++)
		free(m->slot[i].key);
	free(m->slot);
	map_init(m, m->seed);
}

static uint64_t
rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static void
sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/* SipHash-1-3 (Aumasson, Bernstein 2012), keyed with the seed twice. */
static uint64_t
hash_of(uint64_t seed, struct span key)
{
	uint64_t v[4] = {
		seed ^ 0x736f6d6570736575u, ~seed ^ 0x646f72616e646f6du,
		seed ^ 0x6c7967656e657261u, ~seed ^ 0x7465646279746573u};
	uint64_t word;
	size_t i;

	for (i = 0; i + 8 <= key.len; i += 8) {
		memcpy(&word, key.ptr + i, 8);
		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
	}
	word = (uint64_t)key.len << 56;
	for (size_t k = 0; i + k < key.len; k++)
		word |= (uint64_t)(unsigned char)key.ptr[i + k] << (8 * k);
	v[3] ^= word;
	sip_round(v);
	v[0] ^= word;
	v[2] ^= 0xff;
	for (int k = 0; k < 3; k++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* Returns the slot of `key`, or the free one where it would go. */
static struct map_slot *
find(const struct map *m, struct span key, uint64_t hash)
{
	struct map_slot *free_slot = NULL;

	for (size_t i = hash & (m->room - 1);; i = (i + 1) & (m->room - 1)) {
		struct map_slot *slot = &m->slot[i];

		if (slot->value == NULL)
			return free_slot != NULL ? free_slot : slot;
		if (slot->value == GONE) {
			if (free_slot == NULL)
				free_slot = slot;
		} else if (slot->hash == hash && slot->len == key.len &&
			   memcmp(slot->key, key.ptr, key.len) == 0) {
			return slot;
		}
	}
}

/* Makes room for one more key, dropping the marks of removed ones. */
static void
make_room(struct map *m)
{
	struct map old = *m;

	if (m->room > 0 && (m->len + m->gone + 1) * 4 <= m->room * 3)
		return;
	m->room = 8;
	while ((m->len + 1) * 2 > m->room)
		m->room *= 2;
	m->slot = mem_array(m->room, sizeof(*m->slot));
	m->gone = 0;
	for (size_t i = 0; i < old.room; i++) {
		struct map_slot *slot = &old.slot[i];

		if (slot->value != NULL && slot->value != GONE)
			*find(m, (struct span){slot->key, slot->len},
			      slot->hash) = *slot;
	}
	free(old.slot);
}

void *
map_get(const struct map *m, struct span key)
{
	struct map_slot *slot;

	if (m->len == 0)
		return NULL;
	slot = find(m, key, hash_of(m->seed, key));
	return slot->key == NULL ? NULL : slot->value;
}

void *
map_put(struct map *m, struct span key, void *value)
{
	uint64_t hash = hash_of(m->seed, key);
	struct map_slot *slot;
	void *old;

	assert(value != NULL && value != GONE);
	make_room(m);
	slot = find(m, key, hash);
	if (slot->key != NULL) {
		old = slot->value;
		slot->value = value;
		return old;
	}
	if (slot->value == GONE)
		m->gone--;
	slot->key = mem_string(key);
	slot->len = key.len;
	slot->hash = hash;
	slot->value = value;
	m->len++;
	return NULL;
}

void *
map_take(struct map *m, struct span key)
{
	struct map_slot *slot;
	void *old;

	if (m->len == 0)
		return NULL;
	slot = find(m, key, hash_of(m->seed, key));
	if (slot->key == NULL)
		return NULL;
	old = slot->value;
	free(slot->key);
	slot->key = NULL;
	slot->value = GONE;
	m->len--;
	m->gone++;
	return old;
}

void *
map_each(const struct map *m, size_t *at, struct span *ret_key)
{
	while (*at < m->room) {
		const struct map_slot *slot = &m->slot[(*at)++];

		if (slot->key == NULL)
			continue;
		if (ret_key != NULL)
			*ret_key = (struct span){slot->key, slot->len};
		return slot->value;
	}
	return NULL;
}
