/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keeper - sees that every Easy DKIM identity gets the key it asks for, and
 * that some keys are made ahead.
 *
 * A new identity gets a key from the pool, or a freshly made one, at its
 * first token: it signs at once, since nothing was looked up there before.
 * A key of another length comes at the next token, is published, and signs
 * only KEEPER_SETTLE later, when no resolver can remember that the token had
 * no key; the old one stays published.  One thing at a time, so that keys for
 * identities never wait behind the pool.
 */
#pragma once

#include "serve/keyring.h"
#include "serve/storage.h"

/* From the publication of a key until it signs, in ms: twice the zone's
 * negative TTL, and a minute. */
#define KEEPER_SETTLE 180000

struct keeper;

/* What the keeper needs; borrowed. */
struct keeper_parts {
	struct loop *loop;
	struct storage *storage;
	struct keyring *keyring;
	uint64_t pool; /* keys of RSA_2048_BIT to have ahead */
	/* A key is to be published from now on, in the loop. */
	void (*publish)(void *context, const struct dkim_key *key);
	/* The key of the identity changed: it is to be looked at again. */
	loop_call *changed;
	void *context;
};

/* Starts it. */
struct keeper *keeper_new(const struct keeper_parts *parts) MUST_CHECK;

/* Somebody may be in want of a key: looks soon. */
void keeper_wake(struct keeper *keeper);

/* Begins nothing new. */
void keeper_stop(struct keeper *keeper);

/* Returns whether something is under way. */
bool keeper_busy(const struct keeper *keeper);

/* Frees it, which may be NULL; it must not be busy. */
void keeper_free(struct keeper *keeper);
