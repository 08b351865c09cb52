/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/keeper.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "crypt/random.h"
#include "identity/aad.h"
#include "sys/clock.h"

/* Rest after keyd or the store failed, in ms. */
#define AFTER_FAILURE 1000
/* How often a key that waits to sign is looked at, in ms. */
#define IDLE 15000
/* Keys of an identity that are looked at. */
#define KEYS_MAX (2 * STORE_TOKENS)

/* What the store says is to be done next. */
enum task {
	TASK_NONE,     /* nothing now */
	TASK_KEY,      /* `key` is wanted by `identity` */
	TASK_PROMOTED, /* a key that was published has begun to sign */
	TASK_POOL,     /* a key for the pool */
};

struct keeper {
	const struct keeper_parts *parts;
	struct loop_timer *timer;
	struct storage_job job;
	bool busy;
	bool again; /* woken while busy */
	bool stopped;
	enum task task;
	int64_t now;
	uint64_t after; /* identities up to this row were looked at */
	struct identity identity;
	struct dkim_key key;    /* that is being made */
	struct pool_key pooled; /* sealed_len 0: none was taken */
};

static void
rest(struct keeper *keeper, int64_t ms)
{
	keeper->busy = false;
	if (keeper->stopped)
		return;
	loop_timer_set(keeper->timer, keeper->again ? 0 : ms);
	keeper->again = false;
}

/* Returns the token that has no key yet, or that of the oldest one. */
static const char *
next_token(const struct identity *identity, const struct dkim_key *key,
	   size_t len)
{
	const char *oldest = identity->token[0];
	int64_t created = INT64_MAX;

	for (size_t t = 0; t < STORE_TOKENS; t++) {
		const struct dkim_key *own = NULL;

		for (size_t i = 0; i < len; i++)
			if (strcmp(key[i].selector, identity->token[t]) == 0)
				own = &key[i];
		if (own == NULL)
			return identity->token[t];
		if (own->state != DKIM_KEY_ACTIVE && own->created < created) {
			created = own->created;
			oldest = identity->token[t];
		}
	}
	return oldest;
}

static bool
promote(struct keeper *keeper, struct store *store, struct dkim_key *next,
	struct dkim_key *active, struct error *reterr)
{
	struct identity *identity = &keeper->identity;

	next->state = DKIM_KEY_ACTIVE;
	active->state = DKIM_KEY_RETIRED;
	identity->current_length = next->bits;
	identity->key_generated = next->created;
	identity->next_check = keeper->now;
	keeper->task = TASK_PROMOTED;
	return store_dkim_key_put(store, active, reterr) &&
	       store_dkim_key_put(store, next, reterr) &&
	       store_identity_update(store, identity, reterr);
}

/* Decides what keeper->identity needs; TASK_NONE: to wait. */
static bool
consider(struct keeper *keeper, struct store *store, struct error *reterr)
{
	const struct identity *identity = &keeper->identity;
	struct dkim_key key[KEYS_MAX], *active = NULL, *next = NULL;
	uint32_t generation = 0;
	size_t len;

	if (!store_dkim_key_list(store, identity->id, key, KEYS_MAX, &len,
				 reterr))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (key[i].generation > generation)
			generation = key[i].generation;
		if (key[i].state == DKIM_KEY_ACTIVE)
			active = &key[i];
		if (key[i].state == DKIM_KEY_NEXT &&
		    key[i].bits == (int)identity->next_length)
			next = &key[i];
	}
	if (active != NULL && next != NULL) {
		if (next->created + KEEPER_SETTLE > keeper->now)
			return true;
		return promote(keeper, store, next, active, reterr);
	}
	keeper->task = TASK_KEY;
	keeper->key = (struct dkim_key){
		.identity = identity->id,
		.generation = generation + 1,
		.type = DKIM_KEY_RSA,
		.bits = (int)identity->next_length,
		.state = active == NULL ? DKIM_KEY_ACTIVE : DKIM_KEY_NEXT,
		.created = keeper->now,
	};
	snprintf(keeper->key.selector, sizeof(keeper->key.selector), "%s",
		 next_token(identity, key, len));
	return true;
}

/* Takes a key of the wanted length out of the pool, if there is one. */
static bool
take_from_pool(struct keeper *keeper, struct store *store, struct error *reterr)
{
	struct error none = {.code = ERROR_NONE};

	keeper->pooled.sealed_len = 0;
	if (store_pool_take(store, DKIM_KEY_RSA, keeper->key.bits,
			    &keeper->pooled, &none))
		return true;
	keeper->pooled.sealed_len = 0;
	if (none.code == ERROR_NOT_FOUND)
		return true;
	*reterr = none;
	return false;
}

/* On the store thread: finds the first identity that needs something. */
static bool
find_run(struct storage_job *job, struct store *store, struct error *reterr)
{
	struct keeper *keeper = container_of(job, struct keeper, job);
	uint64_t pooled;
	size_t len;

	keeper->task = TASK_NONE;
	for (;;) {
		if (!store_identity_unkeyed(store, keeper->after,
					    &keeper->identity, 1, &len, reterr))
			return false;
		if (len == 0)
			break;
		keeper->after = keeper->identity.id;
		if (!consider(keeper, store, reterr))
			return false;
		if (keeper->task == TASK_KEY)
			return take_from_pool(keeper, store, reterr);
		if (keeper->task != TASK_NONE)
			return true;
	}
	if (!store_pool_count(store, DKIM_KEY_RSA, SES_RSA_2048_BIT, &pooled,
			      reterr))
		return false;
	if (pooled < keeper->parts->pool)
		keeper->task = TASK_POOL;
	return true;
}

/* Keeps what keyd made; false if it does not fit. */
static bool
keep(struct span sealed, struct span public, uint8_t *to, size_t *to_len,
     char *text, size_t text_size)
{
	if (sealed.len > STORE_SEALED_MAX || public.len >= text_size)
		return false;
	memcpy(to, sealed.ptr, sealed.len);
	*to_len = sealed.len;
	memcpy(text, public.ptr, public.len);
	text[public.len] = '\0';
	return true;
}

/*
 * Returns whether the key that was made is still the one that is wanted: not
 * if the identity has a key of its owner now, other tokens or another length.
 */
static bool
is_still_wanted(const struct keeper *keeper, const struct identity *identity)
{
	const struct identity *was = &keeper->identity;

	return identity->origin == was->origin &&
	       identity->next_length == was->next_length &&
	       identity->current_length == was->current_length &&
	       memcmp(identity->token, was->token, sizeof(was->token)) == 0;
}

static bool
save_key_run(struct storage_job *job, struct store *store, struct error *reterr)
{
	struct keeper *keeper = container_of(job, struct keeper, job);
	struct identity identity;

	/* It may have been deleted or changed meanwhile: then not found, or
	 * found again and considered anew. */
	if (!store_identity_get_by_id(store, keeper->key.identity, &identity,
				      reterr))
		return false;
	if (!is_still_wanted(keeper, &identity))
		return error_set(reterr, ERROR_CONFLICT,
				 "the identity wants another key now");
	if (!store_dkim_key_put(store, &keeper->key, reterr))
		return false;
	if (keeper->key.state == DKIM_KEY_ACTIVE) {
		identity.current_length = keeper->key.bits;
		identity.key_generated = keeper->key.created;
		if (identity.next_check != 0)
			identity.next_check = keeper->now;
	}
	return store_identity_update(store, &identity, reterr);
}

static void
save_key_done(struct storage_job *job, const struct error *failure)
{
	struct keeper *keeper = container_of(job, struct keeper, job);

	if (failure == NULL) {
		keeper->parts->publish(keeper->parts->context, &keeper->key);
		keeper->parts->changed(keeper->parts->context);
	}
	rest(keeper, failure == NULL ? 0 : AFTER_FAILURE);
}

static bool
save_pool_run(struct storage_job *job, struct store *store,
	      struct error *reterr)
{
	struct keeper *keeper = container_of(job, struct keeper, job);

	return store_pool_add(store, &keeper->pooled, reterr);
}

static void
save_pool_done(struct storage_job *job, const struct error *failure)
{
	struct keeper *keeper = container_of(job, struct keeper, job);

	rest(keeper, failure == NULL ? 0 : AFTER_FAILURE);
}

static void
save(struct keeper *keeper,
     bool (*run)(struct storage_job *, struct store *, struct error *),
     void (*done)(struct storage_job *, const struct error *))
{
	keeper->job.run = run;
	keeper->job.done = done;
	storage_do(keeper->parts->storage, &keeper->job);
}

/* keyd has made, or bound, the key for an identity. */
static void
key_made(void *context, const struct keyd_reply *reply)
{
	struct keeper *keeper = context;
	struct dkim_key *key = &keeper->key;
	struct span public = keeper->pooled.sealed_len > 0
				     ? span_of(keeper->pooled.public)
				     : reply->public;

	if (reply->status != KEYD_OK ||
	    !keep(reply->sealed, public, key->sealed, &key->sealed_len,
		  key->public, sizeof(key->public)))
		rest(keeper, AFTER_FAILURE);
	else
		save(keeper, save_key_run, save_key_done);
}

static void
pool_made(void *context, const struct keyd_reply *reply)
{
	struct keeper *keeper = context;
	struct pool_key *key = &keeper->pooled;

	if (reply->status != KEYD_OK ||
	    !keep(reply->sealed, reply->public, key->sealed, &key->sealed_len,
		  key->public, sizeof(key->public)))
		rest(keeper, AFTER_FAILURE);
	else
		save(keeper, save_pool_run, save_pool_done);
}

static void
ask_for_key(struct keeper *keeper)
{
	CLEANUP(buf_release) struct buf aad = BUF_INIT(AAD_MAX);
	CLEANUP(buf_release) struct buf from = BUF_INIT(AAD_MAX);
	struct keyd_request request = {.op = KEYD_GENERATE};

	aad_of_key(keeper->identity.account, &keeper->key, &aad);
	if (keeper->pooled.sealed_len > 0) {
		aad_of_pool(keeper->pooled.label, &from);
		request.op = KEYD_REBIND;
		request.purpose = SEAL_DKIM_KEY;
		request.sealed = span_bytes(keeper->pooled.sealed,
					    keeper->pooled.sealed_len);
		request.aad = buf_span(&from);
		request.aad_new = buf_span(&aad);
	} else {
		request.type = KEY_RSA;
		request.bits = (uint32_t)keeper->key.bits;
		request.aad = buf_span(&aad);
	}
	if (!keyring_ask(keeper->parts->keyring, &request, key_made, keeper))
		rest(keeper, AFTER_FAILURE);
}

static void
ask_for_pool(struct keeper *keeper)
{
	CLEANUP(buf_release) struct buf aad = BUF_INIT(AAD_MAX);
	struct pool_key *key = &keeper->pooled;
	uint8_t entropy[8];
	struct keyd_request request = {
		.op = KEYD_GENERATE,
		.type = KEY_RSA,
		.bits = SES_RSA_2048_BIT,
	};

	random_fill(entropy, sizeof(entropy));
	*key = (struct pool_key){
		.type = DKIM_KEY_RSA,
		.bits = SES_RSA_2048_BIT,
		.created = keeper->now,
	};
	for (size_t i = 0; i < sizeof(entropy); i++)
		snprintf(key->label + 2 * i, 3, "%02x", entropy[i]);
	aad_of_pool(key->label, &aad);
	request.aad = buf_span(&aad);
	if (!keyring_ask(keeper->parts->keyring, &request, pool_made, keeper))
		rest(keeper, AFTER_FAILURE);
}

static void
find_done(struct storage_job *job, const struct error *failure)
{
	struct keeper *keeper = container_of(job, struct keeper, job);

	if (failure != NULL || keeper->stopped) {
		rest(keeper, AFTER_FAILURE);
		return;
	}
	switch (keeper->task) {
	case TASK_NONE:
		rest(keeper, IDLE);
		break;
	case TASK_KEY:
		ask_for_key(keeper);
		break;
	case TASK_PROMOTED:
		keeper->parts->changed(keeper->parts->context);
		rest(keeper, 0);
		break;
	case TASK_POOL:
		ask_for_pool(keeper);
		break;
	}
}

static void
look(void *context)
{
	struct keeper *keeper = context;

	keeper->busy = true;
	keeper->now = clock_now();
	keeper->after = 0;
	save(keeper, find_run, find_done);
}

struct keeper *
keeper_new(const struct keeper_parts *parts)
{
	struct keeper *keeper = mem_new(sizeof(*keeper));

	keeper->parts = parts;
	keeper->timer = loop_timer_new(parts->loop, look, keeper);
	loop_timer_set(keeper->timer, 0);
	return keeper;
}

void
keeper_wake(struct keeper *keeper)
{
	if (keeper->busy)
		keeper->again = true;
	else if (!keeper->stopped)
		loop_timer_set(keeper->timer, 0);
}

void
keeper_stop(struct keeper *keeper)
{
	keeper->stopped = true;
	loop_timer_clear(keeper->timer);
}

bool
keeper_busy(const struct keeper *keeper)
{
	return keeper->busy;
}

void
keeper_free(struct keeper *keeper)
{
	if (keeper == NULL)
		return;
	loop_timer_free(keeper->timer);
	free(keeper);
}
