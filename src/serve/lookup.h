/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lookup - asks the configured resolver over the network, from the loop.
 *
 * The driver of dns/resolve.h: a fresh socket with a random source port for
 * every datagram, TCP where that is asked for, and as many questions under
 * way as LOOKUP_MAX; more wait their turn.  Equal questions under way are
 * asked once.  Answers are kept as long as they allow (dns/cache.h) unless the
 * caller wants a fresh one.
 *
 * A callback is never run from inside lookup_ask(), and runs after its
 * question was forgotten, so that it may ask the next.
 */
#pragma once

#include "dns/record.h"
#include "sys/loop.h"
#include "sys/net.h"

#define LOOKUP_SERVERS_MAX 4   /* resolvers to ask in turn */
#define LOOKUP_MAX         512 /* questions under way at once */

struct lookup;
struct lookup_wait; /* a question under way, for one caller */

/* Called with the answer, which lives until the function returns. */
typedef void lookup_done(void *context, const struct dns_answer *answer);

/* Makes a driver that asks `servers`, of which there is at least one. */
struct lookup *lookup_new(struct loop *loop, const struct net_address *servers,
			  size_t count) MUST_CHECK;

/* Frees `lookup`, which may be NULL; questions under way are forgotten. */
void lookup_free(struct lookup *lookup);

/*
 * Asks `question` and calls `done` with the answer, whatever it is.  `fresh`:
 * what is kept from before does not count.  The result is for
 * lookup_cancel(), and dead once `done` is called.
 */
struct lookup_wait *lookup_ask(struct lookup *lookup,
			       const struct dns_question *question, bool fresh,
			       lookup_done *done, void *context);

/* Forgets a question: `done` will not be called.  NULL is fine. */
void lookup_cancel(struct lookup_wait *wait);

/*
 * Reads the resolvers of /etc/resolv.conf, or 127.0.0.1 if it names none.
 * Returns how many.
 */
size_t lookup_system_servers(struct net_address ret[LOOKUP_SERVERS_MAX]);
