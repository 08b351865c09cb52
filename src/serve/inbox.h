/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inbox - what is done with mail that comes to us: tests and bounces.
 *
 * Mail to TOKEN@report.ZONE is a test that somebody asked for: the message is
 * verified as any receiver would (mailauth/verify.h), with fresh answers from
 * DNS, and the report of that token gets the verdict and the message.  Mail
 * to MESSAGE-ID@anything is feedback to a message of ours, since that is its
 * envelope sender: it becomes an event of the identity it was sent as.  All
 * else is refused: nobody relays through us.
 *
 * A message is acknowledged when it is durable, and only if all of its
 * recipients were; otherwise nothing of it is kept.
 *
 * Feedback is noted and not yet read: what a DSN (RFC 3464) or a complaint
 * (RFC 5965) says of a recipient changes nothing here.
 *
 * Ownership: an inbox is its owner's, and the context of its handler; it
 * must outlive the listener.
 */
#pragma once

#include "serve/lookup.h"
#include "serve/smtp_listener.h"
#include "serve/storage.h"

/* Octets of a message; for smtp_listener_config.smtpd.limits.size. */
#define INBOX_SIZE_MAX ((size_t)2 << 20)
/* Recipients of one message; more are told to come again. */
#define INBOX_RECIPIENTS_MAX 10
/* Messages that are verified at once; more wait. */
#define INBOX_VERIFY_MAX 16
/* Octets of a Subject that go into an event. */
#define INBOX_SUBJECT_MAX 200

/* What an inbox needs; borrowed. */
struct inbox_parts {
	struct loop *loop;
	struct storage *storage;
	struct lookup *lookup;
	const char *zone;     /* of the deployment */
	const char *receiver; /* our name, in what is put before messages */
};

struct inbox;

/* Returns the decisions of an inbox, which is their context; static. */
const struct smtp_listener_handler *inbox_handler(void);

/* Makes an inbox. */
struct inbox *inbox_new(const struct inbox_parts *parts) MUST_CHECK;

/*
 * Takes nothing any more: what is being verified, and what comes, is told to
 * come again; what is being stored goes on.
 */
void inbox_stop(struct inbox *inbox);

/* Returns how many messages are under way. */
size_t inbox_busy(const struct inbox *inbox);

/* Frees it, which may be NULL; nothing may be under way. */
void inbox_free(struct inbox *inbox);
