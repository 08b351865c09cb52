/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client - the server's side of one keyd: requests out, replies in.
 *
 * A machine without I/O.  Its driver writes keyd_client_output() to the
 * channel, feeds what it reads, ticks it now and then, and when the process
 * dies says keyd_client_lost(): every request still waiting is then answered
 * KEYD_LOST, so that the caller may ask again (nothing was stored by keyd).
 *
 * A callback runs from keyd_client_feed() or keyd_client_lost(), after its
 * request was forgotten; it may ask again, but not feed, lose or free.
 *
 * Purity: no I/O, no logging; time is a parameter.  Ownership: requests are
 * packed at once and borrow nothing after; a reply borrows until its callback
 * returns.  Bytes sent and received are overwritten once they are used: an
 * imported key or a new secret passes through here.
 */
#pragma once

#include "keyd/message.h"

/* Most requests that wait for their replies. */
#define KEYD_PENDING_MAX 4096
/* Most octets that wait to be sent. */
#define KEYD_OUT_MAX (1 << 20)
/* How long a keyd may be silent while it is being waited for, in
 * milliseconds: a key of 4096 bits and a queue before it take seconds. */
#define KEYD_PATIENCE 30000

struct keyd_client;

/* What is called with the reply; `context` is as keyd_client_ask() got it. */
typedef void keyd_callback(void *context, const struct keyd_reply *reply);

/* Returns a client that waits for nothing. */
struct keyd_client *keyd_client_new(void) MUST_CHECK;

/* Frees `c`, which may be NULL; callbacks still waiting are not called. */
void keyd_client_free(struct keyd_client *c);

/* For CLEANUP(keyd_client_freep). */
DEFINE_FREEP(keyd_client)

/*
 * Asks `request`; `callback` will be called once with the reply.  Returns
 * false, and never calls it, if too many wait already (try later) or the
 * request is one that keyd_request_pack() refuses.
 */
bool keyd_client_ask(struct keyd_client *c, const struct keyd_request *request,
		     keyd_callback *callback, void *context) MUST_CHECK;

/* Borrows the bytes to be sent, until `c` is next changed; may be empty. */
struct span keyd_client_output(const struct keyd_client *c);

/* Says that the first `n` bytes of the output were sent. */
void keyd_client_sent(struct keyd_client *c, size_t n);

/*
 * Takes `bytes`, which keyd sent, and calls the callbacks of the replies in
 * them.  Returns false if keyd talks nonsense: kill it, then say
 * keyd_client_lost().
 */
bool keyd_client_feed(struct keyd_client *c, struct span bytes) MUST_CHECK;

/*
 * Says that the process is gone: calls every waiting callback with KEYD_LOST
 * and forgets all bytes.  What a callback asks meanwhile is kept for the next
 * process, for which `c` is then ready.
 */
void keyd_client_lost(struct keyd_client *c);

/* Returns how many requests wait: the keyd with the fewest is the best. */
size_t keyd_client_pending(const struct keyd_client *c);

/*
 * Says that it is `now`, in milliseconds of a clock that never goes back.
 * Returns false if a request has waited in silence for KEYD_PATIENCE: the
 * process hangs and should be killed.
 */
bool keyd_client_tick(struct keyd_client *c, int64_t now) MUST_CHECK;
