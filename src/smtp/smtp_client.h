/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smtp_client - the client's side of an SMTP session that delivers mail.
 *
 * RFC 5321: greeting, EHLO or HELO, STARTTLS (3207) where it may or must,
 * then one transaction after the other, PIPELINING (2920) if offered, and
 * QUIT.  What became of each recipient is a RESULT of its own.
 *
 * A message with eight-bit text goes to a server without 8BITMIME as it is:
 * to convert it would break the DKIM signature that is on it, and no server
 * in use today clips the eighth bit.
 *
 * The driver's loop: tick with the time; feed what came; call next and do
 * what it says until it says NEED_BYTES.  READY is said as long as there is
 * no job: begin one, or quit.  A job may be begun before READY too.
 *
 * Pure: no allocation, no I/O, no logging, no clock: time is the `now`
 * given, milliseconds of a clock that never goes back.
 * Ownership: the struct is the caller's and needs no release.  It borrows
 * config.name and what the job points at, until the job's last RESULT.
 */
#pragma once

#include "smtp/dot.h"
#include "smtp/path.h"
#include "smtp/reply.h"

/* Recipients of one job: RFC 5321 section 4.5.3.1.8, what a server takes. */
#define SMTP_CLIENT_RECIPIENTS_MAX 100
#define SMTP_CLIENT_OUT_MAX        16384 /* octets of one SEND */
#define SMTP_CLIENT_TEXT_SIZE      513   /* a result's text, with its NUL */

/* What smtp_client_due() says when nothing is due. */
#define SMTP_CLIENT_NEVER INT64_MAX

/* How long to wait, in ms: RFC 5321 section 4.5.3.2. */
struct smtp_client_timeouts {
	int64_t greeting; /* the banner */
	int64_t command;  /* the reply to EHLO, MAIL, RCPT ... */
	int64_t data;     /* the reply to DATA */
	int64_t block;    /* the sending of one piece of a message */
	int64_t end;      /* the reply to the final dot */
	int64_t quit;     /* the reply to QUIT, which is of no use */
};

#define SMTP_CLIENT_TIMEOUTS                                                   \
	((struct smtp_client_timeouts){.greeting = 300000,                     \
				       .command = 300000,                      \
				       .data = 120000,                         \
				       .block = 180000,                        \
				       .end = 600000,                          \
				       .quit = 5000})

/* Whether the session is to be under TLS. */
enum smtp_client_tls {
	SMTP_CLIENT_TLS_MAY = 0, /* if it is offered */
	SMTP_CLIENT_TLS_MUST,    /* or nothing is delivered */
	SMTP_CLIENT_TLS_OFF,     /* not even if it is offered */
};

struct smtp_client_config {
	struct span name; /* our own, for EHLO: a host name */
	enum smtp_client_tls tls;
	struct smtp_client_timeouts timeouts;
};

/* What became of a recipient. */
enum smtp_outcome {
	SMTP_DELIVERED = 1, /* the server has taken it over */
	SMTP_DEFERRED = 2,  /* try again later */
	SMTP_FAILED = 3,    /* it never will be */
};

/* What was under way when a result came about, in this order. */
enum smtp_phase {
	SMTP_PHASE_ROUTE,     /* no server to talk to (not from this module) */
	SMTP_PHASE_CONNECT,   /* the connection (not from this module) */
	SMTP_PHASE_GREETING,  /* the banner */
	SMTP_PHASE_HELLO,     /* EHLO, HELO */
	SMTP_PHASE_TLS,       /* STARTTLS and the handshake */
	SMTP_PHASE_MAIL,      /* MAIL FROM */
	SMTP_PHASE_RECIPIENT, /* RCPT TO */
	SMTP_PHASE_DATA,      /* DATA and the sending of the message */
	SMTP_PHASE_MESSAGE,   /* the reply to the whole message */
};

struct smtp_result {
	enum smtp_outcome outcome;
	enum smtp_phase phase;
	int code;                           /* of the reply; 0: none came */
	char enhanced[REPLY_ENHANCED_SIZE]; /* RFC 3463 code, or "" */
	char text[SMTP_CLIENT_TEXT_SIZE];   /* the reply, or our own reason;
					       printable, one line */
	bool tls;                           /* it was said under TLS */
};

/* A message for some recipients of one server. */
struct smtp_job {
	struct path sender;              /* the null path for a bounce */
	const struct path *recipient;    /* none is the null path */
	size_t recipients;               /* 1 to SMTP_CLIENT_RECIPIENTS_MAX */
	struct span part[DOT_PARTS_MAX]; /* the message, in this order */
	size_t parts;                    /* of part */
	struct dot_facts facts;          /* what dot_check() said of them */
};

enum smtp_client_event {
	SMTP_CLIENT_NEED_BYTES, /* wait for bytes, or until it is due */
	SMTP_CLIENT_SEND,       /* send ask.bytes */
	SMTP_CLIENT_START_TLS,  /* shake hands, then smtp_client_secured() */
	SMTP_CLIENT_RESULT,     /* of ask.recipient: ask.result */
	SMTP_CLIENT_READY,      /* there is no job: begin one, or quit */
	SMTP_CLIENT_CLOSE,      /* close the connection */
};

/* What comes with an event; a member counts only where the event says so. */
struct smtp_client_ask {
	struct span bytes;                /* until the next call */
	size_t recipient;                 /* its place in the job */
	const struct smtp_result *result; /* until the next call */
};

/* What the session waits for. */
enum smtp_client_state {
	SMTP_CLIENT_GREETING,  /* the banner */
	SMTP_CLIENT_EHLO,      /* the reply to EHLO */
	SMTP_CLIENT_HELO,      /* the reply to HELO */
	SMTP_CLIENT_STARTTLS,  /* the reply to STARTTLS */
	SMTP_CLIENT_HANDSHAKE, /* smtp_client_secured() */
	SMTP_CLIENT_IDLE,      /* a job */
	SMTP_CLIENT_ENVELOPE,  /* replies to MAIL, RCPT and DATA */
	SMTP_CLIENT_BODY,      /* the driver, to send the message */
	SMTP_CLIENT_END,       /* the reply to the message */
	SMTP_CLIENT_RSET,      /* the reply to RSET */
	SMTP_CLIENT_QUIT,      /* the reply to QUIT */
	SMTP_CLIENT_CLOSING,   /* nothing more */
};

/* How far a recipient of the job is. */
enum smtp_client_recipient {
	SMTP_CLIENT_OPEN = 0, /* RCPT has no reply yet */
	SMTP_CLIENT_TAKEN,    /* RCPT was accepted */
	SMTP_CLIENT_GIVE,     /* its result is to be yielded */
	SMTP_CLIENT_DONE,     /* its result was yielded */
};

struct smtp_client {
	struct smtp_client_config config;
	enum smtp_client_state state;
	enum smtp_phase phase; /* of what is under way */
	int64_t now;           /* of the last tick */
	int64_t due;           /* when the server is too slow */
	bool asked;            /* START_TLS was yielded */
	bool secured;          /* under TLS */
	bool pipelining;       /* offered */
	bool eight_bit;        /* 8BITMIME was offered */
	bool sizes;            /* SIZE was offered */
	uint64_t size_max;     /* with this limit; 0: none */
	bool has_job;          /* job is not done */
	struct smtp_job job;
	uint8_t recipient[SMTP_CLIENT_RECIPIENTS_MAX]; /* how far each is */
	size_t sent;    /* commands of the envelope: MAIL, each RCPT, DATA */
	size_t replied; /* of them, with a reply */
	size_t taken;   /* recipients accepted */
	size_t give;    /* recipients whose result is to be yielded */
	struct dot dot; /* while BODY */
	struct smtp_result result; /* of those to be yielded */
	struct reply_reader reader;
	size_t out_len; /* of out */
	char out[SMTP_CLIENT_OUT_MAX];
};

/* Begins a session at the time `now`; copies *config. */
void smtp_client_init(struct smtp_client *m,
		      const struct smtp_client_config *config, int64_t now);

/* Takes octets off the front of `bytes`; returns how many. */
size_t smtp_client_feed(struct smtp_client *m, struct span bytes);

/* Returns what is to be done now, and with what in *ret. */
enum smtp_client_event smtp_client_next(struct smtp_client *m,
					struct smtp_client_ask *ret);

/* Gives a job to a session that has none; copies *job, not what it borrows. */
void smtp_client_begin(struct smtp_client *m, const struct smtp_job *job);

/* Ends a session that has no job. */
void smtp_client_quit(struct smtp_client *m);

/* The handshake that START_TLS asked for is done. */
void smtp_client_secured(struct smtp_client *m);

/* The connection is gone, or its handshake failed: `why`, for a person. */
void smtp_client_lost(struct smtp_client *m, const char *why);

/* Returns when smtp_client_tick() must be called, or SMTP_CLIENT_NEVER. */
int64_t smtp_client_due(const struct smtp_client *m);

/* Says what time it is. */
void smtp_client_tick(struct smtp_client *m, int64_t now);

/* Returns "RCPT TO" and the like, for a person; static. */
const char *smtp_phase_name(enum smtp_phase phase);
