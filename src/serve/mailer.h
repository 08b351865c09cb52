/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mailer - delivers mail: the driver of sending/route.h and
 * smtp/smtp_client.h.
 *
 * A mail is one message for recipients of one domain.  The mailer finds the
 * domain's addresses, connects to one after the other until a server speaks
 * with it, and says what became of each recipient; when to try again, and
 * whether, is its caller's business (sending/retry.h).  A session that is
 * done takes the next waiting mail for the same domain.
 *
 * TLS is opportunistic: a server whose handshake fails is tried once more in
 * clear.  A mail that requires TLS waits for a server that does it, of whatever
 * name its certificate is: RFC 3207.
 *
 * It stores nothing: a mail that is under way when the process ends was not
 * reported, and its caller has to begin again.
 *
 * Ownership: a mailer is its owner's.  It borrows a mail, and all that it
 * points at, from mailer_send() until mail->done() is called.
 */
#pragma once

#include "sending/route.h"
#include "serve/lookup.h"
#include "smtp/smtp_client.h"
#include "sys/net.h"
#include "sys/tls.h"

#define MAILER_WAITING_MAX 10000 /* mails that wait for their turn */

/* A message for one domain; the caller's, who may embed it. */
struct mail {
	struct dname domain; /* of all recipients */
	struct path sender;  /* the null path for a bounce */
	const struct path *recipient;
	size_t recipients;               /* 1 to SMTP_CLIENT_RECIPIENTS_MAX */
	struct span part[DOT_PARTS_MAX]; /* the message, in this order */
	size_t parts;                    /* of part */
	struct dot_facts facts;          /* what dot_check() said of them */
	bool require_tls;                /* rather not at all than in clear */
	/*
	 * What became of recipient[i], said by `host` (a name, or "" if there
	 * was none).  Called once for each, before done().
	 */
	void (*result)(struct mail *mail, size_t i,
		       const struct smtp_result *result, const char *host);
	/* All results were told: the mail is its owner's again. */
	void (*done)(struct mail *mail);
	struct mail *next; /* the mailer's own */
};

struct mailer_config {
	struct span name; /* our own, for EHLO */
	uint16_t port;    /* that servers listen on: 25 */
	struct route_config route;
	const struct tls_context *tls; /* NULL: never under TLS */
	struct smtp_client_timeouts timeouts;
	int64_t connect_timeout; /* ms for a connection to come about */
	size_t sessions_max;     /* at once */
	size_t per_domain_max;   /* of them, to one domain */
	size_t per_session_max;  /* mails over one session */
	uint64_t seed;           /* entropy, for shuffling and tables */
};

/* What is usual; name, route, tls and seed are still to be set. */
#define MAILER_CONFIG                                                          \
	((struct mailer_config){.name = SPAN("localhost"),                     \
				.port = 25,                                    \
				.timeouts = SMTP_CLIENT_TIMEOUTS,              \
				.connect_timeout = 30000,                      \
				.sessions_max = 200,                           \
				.per_domain_max = 10,                          \
				.per_session_max = 100})

struct mailer;

/* Makes a mailer.  Copies *config and borrows what it points at. */
struct mailer *mailer_new(struct loop *loop, struct lookup *lookup,
			  const struct mailer_config *config) MUST_CHECK;

/*
 * Delivers `mail`, or lets it wait for its turn.  Returns false, and does
 * not take it, if MAILER_WAITING_MAX wait already, or after mailer_stop().
 */
bool mailer_send(struct mailer *mailer, struct mail *mail) MUST_CHECK;

/*
 * Begins nothing more; those that wait are given back by calling `back` for
 * each, with no result told.
 */
void mailer_stop(struct mailer *mailer, void (*back)(struct mail *mail));

/* Returns how many mails are under way or wait. */
size_t mailer_busy(const struct mailer *mailer);

/* Returns how many sessions to `domain` are under way. */
size_t mailer_sessions(const struct mailer *mailer, const struct dname *domain);

/*
 * Cuts all sessions and frees; NULL is fine.  Mails under way are forgotten
 * without a word.
 */
void mailer_free(struct mailer *mailer);
