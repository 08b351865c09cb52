/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_keys.h"

#include <stdlib.h>

#include "base/mem.h"

#define WAYS 4 /* places where a text may stand */

/* A record as it was parsed. */
struct entry {
	char *text; /* NULL: there is none */
	size_t len; /* of text */
	uint64_t hash;
	enum dkim_key_status status;
	struct dkim_key_record record;
};

/* The places of all texts with the same remainder of their hash. */
struct set {
	struct entry entry[WAYS];
	unsigned next; /* the one put there longest ago */
};

struct dkim_keys {
	struct set *set;
	size_t len; /* of set */
	uint64_t hits;
	uint64_t misses;
};

struct dkim_keys *
dkim_keys_new(size_t limit)
{
	struct dkim_keys *keys = mem_new(sizeof(*keys));

	if (limit > DKIM_KEYS_MAX)
		limit = DKIM_KEYS_MAX;
	keys->len = limit < WAYS ? 1 : limit / WAYS;
	keys->set = mem_array(keys->len, sizeof(*keys->set));
	return keys;
}

static void
drop(struct entry *e)
{
	free(e->text);
	pubkey_free(e->record.key);
	*e = (struct entry){.text = NULL};
}

void
dkim_keys_free(struct dkim_keys *keys)
{
	if (keys == NULL)
		return;
	for (size_t i = 0; i < keys->len; i++)
		for (size_t k = 0; k < WAYS; k++)
			drop(&keys->set[i].entry[k]);
	free(keys->set);
	free(keys);
}

static inline uint64_t
mix(uint64_t hash, const char octet[8])
{
	uint64_t word;

	memcpy(&word, octet, sizeof(word));
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

/*
 * Sixteen octets at a time.  Who makes two texts of one hash only puts one of
 * them out of the cache: texts are compared in full.
 */
static uint64_t
hash_of(struct span text)
{
	uint64_t hash[2] = {text.len, 0};
	char last[16] = {0};
	size_t i;

	for (i = 0; text.len - i >= sizeof(last); i += sizeof(last)) {
		hash[0] = mix(hash[0], text.ptr + i);
		hash[1] = mix(hash[1], text.ptr + i + 8);
	}
	memcpy(last, text.ptr + i, text.len - i);
	return mix(hash[0], last) ^ mix(hash[1] * 3, last + 8);
}

/* Sets *ret to what `e` holds, with a share of its key. */
static enum dkim_key_status
give(const struct entry *e, struct dkim_key_record *ret)
{
	*ret = e->record;
	if (ret->key != NULL)
		pubkey_share(ret->key);
	return e->status;
}

enum dkim_key_status
dkim_keys_parse(struct dkim_keys *keys, struct span text,
		struct dkim_key_record *ret)
{
	struct entry *e;
	struct set *set;
	uint64_t hash;

	if (keys == NULL || text.len > DKIM_RECORD_MAX)
		return dkim_key_parse(text, ret);
	hash = hash_of(text);
	set = &keys->set[hash % keys->len];
	for (size_t i = 0; i < WAYS; i++) {
		e = &set->entry[i];
		if (e->text != NULL && e->hash == hash &&
		    span_equal((struct span){e->text, e->len}, text)) {
			keys->hits++;
			return give(e, ret);
		}
	}
	keys->misses++;
	e = &set->entry[set->next];
	set->next = (set->next + 1) % WAYS;
	drop(e);
	*e = (struct entry){
		.text = mem_string(text),
		.len = text.len,
		.hash = hash,
	};
	e->status = dkim_key_parse(text, &e->record);
	return give(e, ret);
}

void
dkim_keys_choose(struct dkim_keys *keys, const struct dns_answer *answer,
		 struct dkim_choice *ret)
{
	*ret = (struct dkim_choice){.text = SPAN("")};
	for (size_t i = 0; i < answer->len && i < DKIM_ANSWERS_MAX; i++) {
		struct span text = answer->rr[i].txt.text;
		struct dkim_key_record record;
		enum dkim_key_status status =
			dkim_keys_parse(keys, text, &record);
		bool better = ret->good == 0 &&
			      (status == DKIM_KEY_OK || !ret->found ||
			       ret->status == DKIM_KEY_NOT_DKIM);

		ret->good += status == DKIM_KEY_OK;
		if (!better) {
			pubkey_free(record.key);
			continue;
		}
		ret->record = record; /* what it replaces has no key */
		ret->text = text;
		ret->found = true;
		ret->status = status;
	}
}

uint64_t
dkim_keys_hits(const struct dkim_keys *keys)
{
	return keys->hits;
}

uint64_t
dkim_keys_misses(const struct dkim_keys *keys)
{
	return keys->misses;
}
