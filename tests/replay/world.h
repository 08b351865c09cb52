/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world - a deployment and its operators' DNS, in which scenarios happen.
 *
 * The scheduler, the checker and the store are the real ones; clock, loop,
 * store thread and resolver are those of tests/fake.  The DNS is a fixture
 * that the scenario edits.
 */
#pragma once

#include "identity/lifecycle.h"
#include "identity/records.h"
#include "serve/scheduler.h"
#include "text/json.h"

/* The service's names and the account, in all scenarios. */
#define WORLD_ZONE    "mail.example"
#define WORLD_REGION  "eu-west-2"
#define WORLD_ACCOUNT "123456789012"
/* When every scenario begins: ms since 1970. */
#define WORLD_START INT64_C(1800000000000)

struct world {
	char path[64]; /* of the database */
	struct loop *loop;
	struct storage *storage;
	struct scheduler *scheduler;
	struct checker checker;
	json_t *dns;       /* the fixture's object */
	json_t *failing;   /* names whose questions fail -> "SERVFAIL" ... */
	char all_fail[16]; /* "SERVFAIL" or "TIMEOUT": every question does */
	uint64_t id;       /* row of the identity created last */
	unsigned tokens;   /* given out so far: makes their entropy */
};

/* Begins at WORLD_START, with nothing published. */
void world_init(struct world *w);

/* Ends it and removes the database. */
void world_release(struct world *w);

/* Ends the service's process and starts another on the same database. */
void world_restart(struct world *w);

/* Reads the identity of the scenario. */
struct identity world_identity(struct world *w);

/* Stores what a call of the API made of it, with its events, and wakes the
 * scheduler. */
void world_update(struct world *w, struct identity *identity,
		  const struct lifecycle_events *events);

/* Creates an identity, as the API does: it has no key yet. */
void world_create(struct world *w, struct span name);

/* Puts a key on its first token and publishes it, as the keeper does. */
void world_add_key(struct world *w);

/* The record set that the identity's operator is asked for. */
struct record_set world_records(struct world *w);

/* Publishes a record, in place of what its name has of that type. */
void world_publish(struct world *w, const struct record *r);

/* Takes a record away. */
void world_unpublish(struct world *w, const struct record *r);

/* Lets time pass. */
void world_pass(struct world *w, int64_t ms);
