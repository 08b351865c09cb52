/* SPDX-License-Identifier: Apache-2.0 */
/*
 * submit - the way of a message from an API call into the queue.
 *
 *	compose (worker) -> authorise (store) -> plan signatures (worker) ->
 *	sign (keyd) -> enqueue (store, one fsync with many others) -> done
 *
 * What is acknowledged by done() without a failure is durable.  Everything
 * that takes time is done on the worker thread, so that a large message does
 * not hold the loop.
 */
#pragma once

#include "sending/message_id.h"
#include "serve/keyring.h"
#include "serve/storage.h"
#include "ses/outbound.h"

/* Octets of a message as it is signed: SES's 40 MiB and the fields we add. */
#define SUBMIT_SIZE_MAX (((size_t)40 << 20) + (256 << 10))
/* Octets of all submissions under way; above it, "try again". */
#define SUBMIT_HELD_MAX ((size_t)256 << 20)

struct submitter;

/* What a submitter needs; borrowed. */
struct submit_parts {
	struct loop *loop;
	struct storage *storage;
	struct keyring *keyring;
	const char *zone;   /* the deployment's zone: d= of its signature */
	const char *region; /* as API clients give it */
	const char *region_domain; /* REGION.ZONE: the default MAIL FROM */
	loop_call *queued;         /* there is something new in the queue */
	void *context;
};

/* One message on its way; the caller's until submit() and after done(). */
struct submission {
	char account[STORE_ACCOUNT_SIZE];
	const struct ses_send *send; /* what is asked; borrowed until done */
	/*
	 * Called once, in the loop.  Without a failure the message is in the
	 * queue for good, and message_id is its name.
	 */
	void (*done)(struct submission *submission,
		     const struct error *failure);
	char message_id[MESSAGE_ID_SIZE];
	struct submitting *way; /* the submitter's own */
};

/* Starts a submitter and its worker thread. */
struct submitter *submitter_new(const struct submit_parts *parts) MUST_CHECK;

/* Puts `submission` on its way; done() is never called from inside. */
void submit(struct submitter *submitter, struct submission *submission);

/* Returns how many submissions are under way. */
size_t submitter_busy(const struct submitter *submitter);

/* Frees it, which may be NULL; nothing may be under way. */
void submitter_free(struct submitter *submitter);
