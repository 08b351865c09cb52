/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outbox - delivers what is in the queue: between the store and the mailer.
 *
 * Looks what is due, each domain in its turn; marks it as being sent, in the
 * store; gives it to the mailer; and stores what became of it, which
 * sending/outcome.h decides.  When things are due stands in the store, so
 * that restarts lose nothing: whatever was being sent when the process ended
 * is sent again.  A recipient whose delivery was told but could not be stored
 * is told to the store again and again; only if the process ends before that
 * is the message delivered twice, as with any failure between a final dot
 * and its reply.
 *
 * The outbox also keeps the store small: it has a cleaner (serve/cleaner.h).
 *
 * Ownership: an outbox is its owner's.  It is the only user of its mailer.
 */
#pragma once

#include "serve/mailer.h"
#include "serve/storage.h"

#define OUTBOX_MAILS_MAX 500                 /* usual mails_max */
#define OUTBOX_HELD_MAX  ((size_t)128 << 20) /* usual held_max */
/* Mails under way to one domain at which it gets no more for now. */
#define OUTBOX_DOMAIN_MAX 20
/* The longest sleep, in ms: a clock that was set is noticed. */
#define OUTBOX_SLEEP_MAX 60000

/* What an outbox needs; all but the mailer may have other users. */
struct outbox_parts {
	struct loop *loop;
	struct storage *storage;
	struct mailer *mailer;
	size_t mails_max; /* under way at once, at least 1 */
	size_t held_max;  /* octets of their messages; one may be larger */
	uint64_t seed;    /* entropy, for jitter and tables */
};

struct outbox;

/* Starts it: first of all what a killed process was sending is made due. */
struct outbox *outbox_new(const struct outbox_parts *parts) MUST_CHECK;

/* Something may have become due: looks soon. */
void outbox_wake(struct outbox *outbox);

/*
 * Begins nothing more, and stops the mailer: what waits for its turn is
 * queued again, what is under way goes on and its results are stored.
 */
void outbox_stop(struct outbox *outbox);

/* Returns how many mails and jobs are under way: 0 when all is stored. */
size_t outbox_busy(const struct outbox *outbox);

/*
 * Frees it, which may be NULL.  If it is busy, it must have been stopped,
 * and its mailer and then its storage freed before; what was under way is
 * sent again by the next process.
 */
void outbox_free(struct outbox *outbox);
