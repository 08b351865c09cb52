/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publisher - keeps the zone in memory as the store says: a name for each
 * token that was given out, a key where there is one, and nothing for those
 * that are retired.
 */
#pragma once

#include "dns/zone.h"
#include "serve/config.h"
#include "serve/storage.h"

/* TTL of the zone's records, in seconds. */
#define PUBLISHER_TTL 300
/* TTL of an absence, in seconds: how long a resolver may not see a new key. */
#define PUBLISHER_NEGATIVE_TTL 60

struct publisher;

/*
 * Makes the zone of the configuration and loads the store's tokens and keys
 * into it; no job may be under way.  `serial` is of the SOA, to begin with.
 */
struct publisher *publisher_new(struct loop *loop, const struct config *config,
				struct storage *storage, uint32_t serial,
				struct error *reterr) MUST_CHECK;

/* Borrows the zone. */
const struct zone *publisher_zone(const struct publisher *publisher);

/* Publishes a key at its token. */
void publisher_key(struct publisher *publisher, const struct dkim_key *key);

/*
 * Looks what was given out and retired since the last time, and again until
 * the store could say.
 */
void publisher_sync(struct publisher *publisher);

/* Returns whether a look is under way. */
bool publisher_busy(const struct publisher *publisher);

/* Frees it, which may be NULL; it must not be busy. */
void publisher_free(struct publisher *publisher);
