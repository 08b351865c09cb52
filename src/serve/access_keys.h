/* SPDX-License-Identifier: Apache-2.0 */
/*
 * access_keys - the access keys of a deployment, as its API server knows
 * them: their sealed secrets, what they may do, and when they were used.
 *
 * They are made and changed in the store by `sesame access-key`, also while
 * the server runs: whoever changes them calls access_keys_touch() in the same
 * transaction, and the server, which looks once a second, reads them anew.
 * A key's last use is kept at most once in ACCESS_KEYS_USE_MS.
 */
#pragma once

#include "serve/storage.h"

/* How often the store is asked whether they changed, in ms. */
#define ACCESS_KEYS_POLL_MS 1000
/* A key's last use is stored when the one stored is so old, in ms. */
#define ACCESS_KEYS_USE_MS 60000
/* Uses that wait to be stored; more are noted at their next use. */
#define ACCESS_KEYS_USES_MAX 256
/* Keys that an account may have. */
#define ACCESS_KEYS_ACCOUNT_MAX 100

struct access_keys;

/*
 * Reads the keys from the store and begins to follow it.  `seed`: of a map.
 * Returns NULL with *reterr if they cannot be read.
 */
struct access_keys *access_keys_new(struct loop *loop, struct storage *storage,
				    uint64_t seed,
				    struct error *reterr) MUST_CHECK;

/*
 * Returns the key `id` that may be used, or NULL: nobody has it, or it is
 * disabled.  Borrowed until the loop goes on.
 */
const struct access_key *access_keys_get(const struct access_keys *keys,
					 struct span id);

/*
 * Returns a key of no account, whose sealed secret has the form of the others'
 * and never opens: for keyd to do the same work with.
 */
const struct access_key *access_keys_nobody(const struct access_keys *keys);

/* Notes that the key `id` was used at `now`. */
void access_keys_used(struct access_keys *keys, const char *id, int64_t now);

/* Frees, NULL is fine; after the storage, which has no job then. */
void access_keys_free(struct access_keys *keys);

/* Says in the store that keys changed: `mark` is not what it was before. */
bool access_keys_touch(struct store *store, uint64_t mark,
		       struct error *reterr) MUST_CHECK;
