/* SPDX-License-Identifier: Apache-2.0 */
#include "keyd/keyd.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "crypt/hmac.h"
#include "crypt/random.h"

/* A key in the cache, in a ring by last use. */
struct cached {
	uint8_t name[DIGEST_SIZE]; /* of the sealed key and its aad */
	struct privkey *key;
	struct cached *older;
	struct cached *newer;
};

struct keyd {
	struct seal_ring *ring;
	struct map cache;  /* by name */
	struct cached lru; /* its `newer` is the oldest, `older` the newest */
	struct buf sealed;
	struct buf public;
	struct buf signature;
	struct secret secret;
};

struct keyd *
keyd_new(struct seal_ring *ring)
{
	struct keyd *k = mem_new(sizeof(*k));
	uint64_t seed;

	random_fill(&seed, sizeof(seed));
	k->ring = ring;
	map_init(&k->cache, seed);
	k->lru.older = k->lru.newer = &k->lru;
	buf_init(&k->sealed, KEYD_SEALED_MAX);
	buf_init(&k->public, PRIVKEY_PUBLIC_MAX);
	buf_init(&k->signature, PRIVKEY_SIGNATURE_MAX);
	return k;
}

static void
unlink_cached(struct cached *c)
{
	c->older->newer = c->newer;
	c->newer->older = c->older;
}

static void
link_newest(struct keyd *k, struct cached *c)
{
	c->older = k->lru.older;
	c->newer = &k->lru;
	c->older->newer = c;
	k->lru.older = c;
}

static void
drop(struct keyd *k, struct cached *c)
{
	unlink_cached(c);
	(void)map_take(&k->cache, span_bytes(c->name, sizeof(c->name)));
	privkey_free(c->key);
	free(c);
}

void
keyd_free(struct keyd *k)
{
	if (k == NULL)
		return;
	while (k->lru.newer != &k->lru)
		drop(k, k->lru.newer);
	map_release(&k->cache);
	seal_ring_free(k->ring);
	buf_release(&k->sealed);
	buf_release(&k->public);
	buf_release(&k->signature);
	secret_release(&k->secret);
	free(k);
}

static enum keyd_status
status_of(enum seal_status status)
{
	switch (status) {
	case SEAL_OK:
		return KEYD_OK;
	case SEAL_MALFORMED:
	case SEAL_REFUSED:
		return KEYD_BAD_SEAL;
	case SEAL_NO_MASTER:
		return KEYD_NO_MASTER;
	}
	return KEYD_FAILED;
}

/* Names what is in the cache: the key opens only with this aad. */
static void
name_of(struct span aad, struct span sealed, uint8_t ret[DIGEST_SIZE])
{
	uint8_t both[2][DIGEST_SIZE];

	digest_of(aad, both[0]);
	digest_of(sealed, both[1]);
	digest_of(span_bytes(both, sizeof(both)), ret);
}

/* Sets *ret to the key of `r`, which the cache owns. */
static enum keyd_status
find_key(struct keyd *k, const struct keyd_request *r,
	 const struct privkey **ret)
{
	CLEANUP(secret_release) struct secret der = {.ptr = NULL};
	uint8_t name[DIGEST_SIZE];
	struct span id = span_bytes(name, sizeof(name));
	struct cached *c;
	struct privkey *key;
	enum seal_status status;

	name_of(r->aad, r->sealed, name);
	c = map_get(&k->cache, id);
	if (c == NULL) {
		status =
			unseal(k->ring, SEAL_DKIM_KEY, r->aad, r->sealed, &der);
		if (status != SEAL_OK)
			return status_of(status);
		key = privkey_load(secret_span(&der));
		if (key == NULL)
			return KEYD_FAILED;
		if (k->cache.len == KEYD_CACHE_MAX)
			drop(k, k->lru.newer);
		c = mem_new(sizeof(*c));
		memcpy(c->name, name, sizeof(c->name));
		c->key = key;
		map_put(&k->cache, id, c);
	} else {
		unlink_cached(c);
	}
	link_newest(k, c);
	*ret = c->key;
	return KEYD_OK;
}

/* Seals `key` for `r` and says what it is. */
static enum keyd_status
keep(struct keyd *k, const struct keyd_request *r, const struct privkey *key,
     struct keyd_reply *ret)
{
	CLEANUP(secret_release) struct secret der = {.ptr = NULL};

	privkey_export(key, &der);
	if (!seal(k->ring, SEAL_DKIM_KEY, r->aad, secret_span(&der),
		  &k->sealed))
		return KEYD_FAILED;
	privkey_public(key, &k->public);
	ret->sealed = buf_span(&k->sealed);
	ret->public = buf_span(&k->public);
	ret->type = privkey_type(key);
	ret->bits = (uint32_t)privkey_bits(key);
	return KEYD_OK;
}

static enum keyd_status
generate(struct keyd *k, const struct keyd_request *r, struct keyd_reply *ret)
{
	CLEANUP(privkey_freep) struct privkey *key = NULL;

	if (r->type == KEY_RSA && r->bits != 1024 && r->bits != 2048 &&
	    r->bits != 3072 && r->bits != 4096)
		return KEYD_BAD_REQUEST;
	key = privkey_generate(r->type, (int)r->bits);
	return key != NULL ? keep(k, r, key, ret) : KEYD_FAILED;
}

static enum keyd_status
import(struct keyd *k, const struct keyd_request *r, struct keyd_reply *ret)
{
	CLEANUP(privkey_freep) struct privkey *key = NULL;

	ret->fault = privkey_import(r->bytes, &key);
	return ret->fault == PRIVKEY_OK ? keep(k, r, key, ret) : KEYD_BAD_KEY;
}

static enum keyd_status
rebind(struct keyd *k, const struct keyd_request *r, struct keyd_reply *ret)
{
	CLEANUP(secret_release) struct secret plain = {.ptr = NULL};
	enum seal_status status =
		unseal(k->ring, r->purpose, r->aad, r->sealed, &plain);

	if (status != SEAL_OK)
		return status_of(status);
	if (!seal(k->ring, r->purpose, r->aad_new, secret_span(&plain),
		  &k->sealed))
		return KEYD_FAILED;
	ret->sealed = buf_span(&k->sealed);
	return KEYD_OK;
}

static enum keyd_status
sign(struct keyd *k, const struct keyd_request *r, struct keyd_reply *ret)
{
	const struct privkey *key;
	enum keyd_status status;

	if (r->digest.len != DIGEST_SIZE)
		return KEYD_BAD_REQUEST;
	status = find_key(k, r, &key);
	if (status != KEYD_OK)
		return status;
	if (!privkey_sign(key, (const uint8_t *)r->digest.ptr, &k->signature))
		return KEYD_FAILED;
	ret->signature = buf_span(&k->signature);
	ret->type = privkey_type(key);
	return KEYD_OK;
}

static enum keyd_status
new_secret(struct keyd *k, const struct keyd_request *r, struct keyd_reply *ret)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";

	secret_init(&k->secret, KEYD_NEW_SECRET_SIZE);
	random_fill(k->secret.ptr, k->secret.len);
	for (size_t i = 0; i < k->secret.len; i++)
		k->secret.ptr[i] = (uint8_t)digit[k->secret.ptr[i] & 63];
	if (!seal(k->ring, SEAL_API_SECRET, r->aad, secret_span(&k->secret),
		  &k->sealed))
		return KEYD_FAILED;
	ret->sealed = buf_span(&k->sealed);
	ret->secret = secret_span(&k->secret);
	return KEYD_OK;
}

/* What verify() works on, in the secure heap. */
struct chain {
	char start[4 + KEYD_SECRET_MAX]; /* "AWS4" and the secret */
	uint8_t key[2][HMAC_SIZE];
};

/* Sets `ret` to the signature that `r` ought to have. */
static void
sign_v4(struct span secret, const struct keyd_request *r,
	uint8_t ret[HMAC_SIZE])
{
	const struct span step[] = {r->date, r->region, r->service,
				    SPAN("aws4_request"), r->string_to_sign};
	CLEANUP(secret_release) struct secret room = {.ptr = NULL};
	struct chain *chain;
	struct span key;

	secret_init(&room, sizeof(*chain));
	chain = (struct chain *)(void *)room.ptr;
	memcpy(chain->start, "AWS4", 4);
	memcpy(chain->start + 4, secret.ptr, secret.len);
	key = span_bytes(chain->start, 4 + secret.len);
	for (size_t i = 0; i < COUNT(step); i++) {
		hmac_of(key, step[i], chain->key[i % 2]);
		key = span_bytes(chain->key[i % 2], HMAC_SIZE);
	}
	memcpy(ret, key.ptr, HMAC_SIZE);
}

static enum keyd_status
verify(struct keyd *k, const struct keyd_request *r)
{
	/* What is used when the seal does not open: as long as ours. */
	static const char nobody[KEYD_NEW_SECRET_SIZE] = {0};
	CLEANUP(secret_release) struct secret plain = {.ptr = NULL};
	uint8_t want[HMAC_SIZE];
	struct span secret = span_bytes(nobody, sizeof(nobody));
	enum keyd_status status;
	bool equal;

	if (r->signature.len != HMAC_SIZE)
		return KEYD_BAD_REQUEST;
	status = status_of(
		unseal(k->ring, SEAL_API_SECRET, r->aad, r->sealed, &plain));
	if (status == KEYD_OK && plain.len <= KEYD_SECRET_MAX)
		secret = secret_span(&plain);
	else if (status == KEYD_OK)
		status = KEYD_BAD_SEAL;
	sign_v4(secret, r, want);
	equal = secret_equal(span_bytes(want, sizeof(want)), r->signature);
	secret_wipe(want, sizeof(want));
	if (status != KEYD_OK)
		return status;
	return equal ? KEYD_OK : KEYD_NO;
}

void
keyd_answer(struct keyd *k, const struct keyd_request *request,
	    struct keyd_reply *ret)
{
	struct keyd_reply reply = keyd_reply_of(request->op, KEYD_OK);

	keyd_forget(k);
	switch (request->op) {
	case KEYD_GENERATE:
		reply.status = generate(k, request, &reply);
		break;
	case KEYD_IMPORT:
		reply.status = import(k, request, &reply);
		break;
	case KEYD_REBIND:
		reply.status = rebind(k, request, &reply);
		break;
	case KEYD_SIGN:
		reply.status = sign(k, request, &reply);
		break;
	case KEYD_NEW_SECRET:
		reply.status = new_secret(k, request, &reply);
		break;
	case KEYD_VERIFY:
		reply.status = verify(k, request);
		break;
	case KEYD_OP_COUNT:
		reply.status = KEYD_BAD_REQUEST;
		break;
	}
	*ret = reply;
}

void
keyd_forget(struct keyd *k)
{
	buf_clear(&k->sealed);
	buf_clear(&k->public);
	buf_clear(&k->signature);
	secret_release(&k->secret);
}

size_t
keyd_cached(const struct keyd *k)
{
	return k->cache.len;
}
