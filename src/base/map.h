/* SPDX-License-Identifier: Apache-2.0 */
/*
 * map - values found by a key of bytes.
 *
 * A hash table with open addressing.  Keys are copied, values are borrowed
 * pointers, never NULL.  The hash is keyed with a seed, so that strangers
 * who choose the keys cannot choose the collisions.
 *
 * Ownership: the table and the copied keys are the map's.
 */
#pragma once

#include "base/span.h"

struct map_slot;

struct map {
	struct map_slot *slot; /* `room` of them, or NULL */
	size_t room;           /* a power of two, or 0 */
	size_t len;            /* how many keys there are */
	size_t gone;           /* slots whose key was removed */
	uint64_t seed;         /* of the hash */
};

/* Makes `m` empty.  `seed` should be random where strangers choose keys. */
void map_init(struct map *m, uint64_t seed);

/* Frees the table and its keys; the values are not touched. */
void map_release(struct map *m);

/* Returns the value under `key`, or NULL. */
void *map_get(const struct map *m, struct span key);

/* Puts `value` under `key`; returns the value that was there, or NULL. */
void *map_put(struct map *m, struct span key, void *value);

/* Removes `key`; returns the value that was there, or NULL. */
void *map_take(struct map *m, struct span key);

/*
 * Walks the map in no particular order: set *at to 0 and call until it
 * returns NULL.  Each call gives a value and, if ret_key is not NULL, its
 * key, borrowed until the map changes.  Nothing may be put while walking.
 */
void *map_each(const struct map *m, size_t *at, struct span *ret_key);
