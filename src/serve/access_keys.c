/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/access_keys.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"

/* The setting that changes with them. */
#define MARK     "access-keys.mark"
#define MARK_MAX 32
/* Keys and accounts that are read at a time. */
#define PAGE 16

/* A use to be stored. */
struct use {
	char id[sizeof(((struct access_key *)NULL)->id)];
	int64_t time;
};

struct access_keys {
	struct storage *storage;
	struct loop_timer *timer;
	uint64_t seed;
	struct map map; /* id: struct access_key, ours */
	struct access_key nobody;
	struct use use[ACCESS_KEYS_USES_MAX]; /* not given to the job yet */
	size_t uses;                          /* of use */
	struct storage_job job;               /* has what follows, if busy */
	bool busy;                            /* it is under way */
	bool loaded;                          /* it filled `fresh` */
	struct buf mark;                      /* what `map` was read at */
	struct map fresh;                     /* as `map` */
	struct use writing[ACCESS_KEYS_USES_MAX];
	size_t writings; /* of writing */
};

static void
release_keys(struct map *map)
{
	size_t at = 0;
	void *key;

	while ((key = map_each(map, &at, NULL)) != NULL)
		free(key);
	map_release(map);
}

static bool
load_account(struct store *store, const char *account, struct map *to,
	     struct error *reterr)
{
	struct access_key *page = mem_array(PAGE, sizeof(*page));
	char after[sizeof(page->id)] = "";
	size_t len = PAGE;
	bool ok = true;

	while (ok && len == PAGE) {
		ok = store_access_key_list(store, account, after, page, PAGE,
					   &len, reterr);
		for (size_t i = 0; ok && i < len; i++) {
			struct access_key *key = mem_new(sizeof(*key));

			*key = page[i];
			memcpy(after, key->id, sizeof(after));
			free(map_put(to, span_of(key->id), key));
		}
	}
	free(page);
	return ok;
}

/* Reads all keys into `to`, which is empty. */
static bool
load(struct store *store, struct map *to, struct error *reterr)
{
	struct account page[PAGE];
	char after[sizeof(page->id)] = "";
	size_t len = PAGE;

	while (len == PAGE) {
		if (!store_account_list(store, after, page, PAGE, &len, reterr))
			return false;
		for (size_t i = 0; i < len; i++) {
			if (!load_account(store, page[i].id, to, reterr))
				return false;
			memcpy(after, page[i].id, sizeof(after));
		}
	}
	return true;
}

/* Reads the mark; "" if keys were never changed. */
static bool
read_mark(struct store *store, struct buf *ret, struct error *reterr)
{
	buf_clear(ret);
	return store_setting_get(store, MARK, ret, reterr) ||
	       reterr->code == ERROR_NOT_FOUND;
}

bool
access_keys_touch(struct store *store, uint64_t mark, struct error *reterr)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(MARK_MAX);

	buf_addf(&text, "%016llx", (unsigned long long)mark);
	return store_setting_put(store, MARK, buf_span(&text), reterr);
}

/* Takes the keys of `fresh`. */
static void
take_fresh(struct access_keys *keys)
{
	const struct access_key *any;
	size_t at = 0;

	release_keys(&keys->map);
	keys->map = keys->fresh;
	map_init(&keys->fresh, keys->seed);
	any = map_each(&keys->map, &at, NULL);
	/* A blob of the same form that never opens for its associated data. */
	keys->nobody.sealed_len = any != NULL ? any->sealed_len : 0;
	if (any != NULL)
		memcpy(keys->nobody.sealed, any->sealed, any->sealed_len);
}

/* ---- on the store thread ---- */

static bool
poll_run(struct storage_job *job, struct store *store, struct error *reterr)
{
	struct access_keys *keys = container_of(job, struct access_keys, job);
	CLEANUP(buf_release) struct buf mark = BUF_INIT(MARK_MAX);
	struct error none;

	/* What is stored late, or of a key that is gone, matters to nobody. */
	for (size_t i = 0; i < keys->writings; i++)
		(void)!store_access_key_used(store, keys->writing[i].id,
					     keys->writing[i].time, &none);
	if (!read_mark(store, &mark, reterr))
		return false;
	if (span_equal(buf_span(&mark), buf_span(&keys->mark)))
		return true;
	if (!load(store, &keys->fresh, reterr))
		return false;
	buf_clear(&keys->mark);
	buf_add(&keys->mark, buf_span(&mark));
	keys->loaded = true;
	return true;
}

static void
poll_done(struct storage_job *job, const struct error *failure)
{
	struct access_keys *keys = container_of(job, struct access_keys, job);

	keys->busy = false;
	if (keys->loaded && failure == NULL) {
		take_fresh(keys);
	} else if (failure != NULL) {
		/* Another time, and all of them. */
		release_keys(&keys->fresh);
		map_init(&keys->fresh, keys->seed);
		if (keys->loaded)
			buf_clear(&keys->mark);
	}
	loop_timer_set(keys->timer, ACCESS_KEYS_POLL_MS);
}

/* ---- in the loop ---- */

static void
poll_store(void *context)
{
	struct access_keys *keys = context;

	if (keys->busy)
		return;
	keys->busy = true;
	keys->loaded = false;
	memcpy(keys->writing, keys->use, keys->uses * sizeof(*keys->use));
	keys->writings = keys->uses;
	keys->uses = 0;
	keys->job.run = poll_run;
	keys->job.done = poll_done;
	storage_do(keys->storage, &keys->job);
}

struct access_keys *
access_keys_new(struct loop *loop, struct storage *storage, uint64_t seed,
		struct error *reterr)
{
	struct access_keys *keys = mem_new(sizeof(*keys));
	struct store *store = storage_store(storage);

	keys->storage = storage;
	keys->seed = seed;
	map_init(&keys->map, seed);
	map_init(&keys->fresh, seed);
	buf_init(&keys->mark, MARK_MAX);
	keys->timer = loop_timer_new(loop, poll_store, keys);
	/* The mark first: what changes in between is read once more. */
	if (!read_mark(store, &keys->mark, reterr) ||
	    !load(store, &keys->fresh, reterr)) {
		access_keys_free(keys);
		return NULL;
	}
	take_fresh(keys);
	loop_timer_set(keys->timer, ACCESS_KEYS_POLL_MS);
	return keys;
}

const struct access_key *
access_keys_get(const struct access_keys *keys, struct span id)
{
	const struct access_key *key = map_get(&keys->map, id);

	return key != NULL && !key->disabled ? key : NULL;
}

const struct access_key *
access_keys_nobody(const struct access_keys *keys)
{
	return &keys->nobody;
}

void
access_keys_used(struct access_keys *keys, const char *id, int64_t now)
{
	struct access_key *key = map_get(&keys->map, span_of(id));
	struct use *use = &keys->use[keys->uses];

	if (key == NULL || now < key->used + ACCESS_KEYS_USE_MS ||
	    keys->uses == COUNT(keys->use))
		return;
	key->used = now;
	memcpy(use->id, key->id, sizeof(use->id));
	use->time = now;
	keys->uses++;
}

void
access_keys_free(struct access_keys *keys)
{
	if (keys == NULL)
		return;
	loop_timer_free(keys->timer);
	release_keys(&keys->map);
	release_keys(&keys->fresh);
	buf_release(&keys->mark);
	free(keys);
}
