/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smtp_listener - receives mail: the driver of smtp/smtpd.h.
 *
 * Accepts connections within its caps, runs a session over each, shakes
 * hands for STARTTLS, and gathers each message.  What is taken, and when it
 * is safe, its owner says: a message is acknowledged only when it has called
 * smtp_listener_answer().  A client that is gone by then does not matter: the
 * message is answered all the same.
 *
 * Many slow clients shorten the time that new ones get, so that there is
 * room for the others.
 *
 * Ownership: a listener is its owner's; an inbound message is the owner's
 * from handler.message until smtp_listener_answer().
 */
#pragma once

#include "base/buf.h"
#include "smtp/smtpd.h"
#include "sys/net.h"
#include "sys/tls.h"

struct smtp_listener;
struct smtp_session;

/* A message that came, and with what envelope. */
struct smtp_inbound {
	struct net_address peer;       /* the client's address */
	char helo[SMTPD_NAME_MAX + 1]; /* the name it gave; printable ASCII */
	bool extended;                 /* it said EHLO */
	const char *tls_version; /* "TLSv1.3" and the like; NULL in clear */
	const char *tls_cipher;  /* likewise */
	int64_t received;        /* wall clock, ms since 1970 */
	struct path sender;
	struct path *recipient;
	size_t recipients; /* of recipient, at least 1 */
	struct buf text;   /* as it came, dots taken away; lines end in CRLF */
	struct smtp_session *session;   /* smtp_listener's own */
	struct smtp_listener *listener; /* likewise */
	bool too_much;                  /* likewise */
};

/* What the owner decides. */
struct smtp_listener_handler {
	/* May this one send?  NULL: everybody may. */
	void (*sender)(void *context, const struct smtp_inbound *inbound,
		       const struct path *path, struct smtpd_verdict *ret);
	/* Is this one ours?  *ret is "yes" before. */
	void (*recipient)(void *context, const struct smtp_inbound *inbound,
			  const struct path *path, struct smtpd_verdict *ret);
	/* Here is a message: answer it once, later or from inside. */
	void (*message)(void *context, struct smtp_inbound *inbound);
};

struct smtp_listener_config {
	struct smtpd_config smtpd;     /* offers_tls is set from `tls` */
	const struct tls_context *tls; /* NULL: no STARTTLS */
	size_t sessions_max;           /* at once */
	size_t per_net_max;     /* of them, from one address, or IPv6 /64 */
	size_t held_max;        /* octets of messages held at once, in all */
	int64_t stress_timeout; /* ms for a command, when 3/4 of the sessions
				   are in use */
	uint64_t seed;          /* entropy, for the table of addresses */
};

/* What is usual; smtpd.name, tls and seed are still to be set. */
#define SMTP_LISTENER_CONFIG                                                   \
	((struct smtp_listener_config){.smtpd = SMTPD_CONFIG,                  \
				       .sessions_max = 1000,                   \
				       .per_net_max = 50,                      \
				       .held_max = 256 * 1024 * 1024,          \
				       .stress_timeout = 10000})

/* What has happened so far. */
struct smtp_listener_counts {
	uint64_t accepted; /* connections that got a session */
	uint64_t refused;  /* connections above a cap */
	uint64_t messages; /* given to the handler */
	uint64_t ended[SMTPD_END_DRAINED + 1]; /* sessions, by why; 0: the
						  client hung up */
};

/*
 * Listens on the socket `fd`, which it borrows.  Copies *config; borrows
 * its TLS context and name, and *handler.
 */
struct smtp_listener *smtp_listener_new(
	struct loop *loop, int fd, const struct smtp_listener_config *config,
	const struct smtp_listener_handler *handler, void *context) MUST_CHECK;

/*
 * Answers a message: {0} is yes, and may be said only when the message is
 * durable.  Takes `inbound`.
 */
void smtp_listener_answer(struct smtp_inbound *inbound,
			  const struct smtpd_verdict *verdict);

/* Accepts no more, and ends each session at its next pause. */
void smtp_listener_drain(struct smtp_listener *listener);

/* Returns how many sessions and unanswered messages there are. */
size_t smtp_listener_busy(const struct smtp_listener *listener);

/* Borrows the counts. */
const struct smtp_listener_counts *
smtp_listener_counts(const struct smtp_listener *listener);

/*
 * Ends all sessions at once and frees; NULL is fine.  Every message must be
 * answered.
 */
void smtp_listener_free(struct smtp_listener *listener);
