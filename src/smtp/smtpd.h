/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smtpd - the server's side of an SMTP session that receives mail.
 *
 * RFC 5321 with SIZE (1870), 8BITMIME (6152), PIPELINING (2920),
 * ENHANCEDSTATUSCODES (2034) and STARTTLS (3207).  No AUTH, CHUNKING or
 * SMTPUTF8: this is the door for bounces and reports, not for submission.
 * It knows no mailbox and stores nothing: it asks.
 *
 * The driver's loop: tick with the time; feed what has come and is not yet
 * taken, all of it, so that a client which talks out of turn is seen; then
 * call next and do what it says until it says NEED_BYTES.  A question holds
 * everything up until smtpd_answer(); feed takes nothing meanwhile.
 *
 * Pure: no allocation, no I/O, no logging, no clock: time is the `now`
 * given, milliseconds of a clock that never goes back.
 * Ownership: the struct is the caller's and needs no release.  It borrows
 * config.name.
 */
#pragma once

#include "smtp/path.h"
#include "smtp/undot.h"

#define SMTPD_LINE_MAX  512  /* octets of a command with its CRLF */
#define SMTPD_NAME_MAX  255  /* octets of a client's name kept */
#define SMTPD_CHUNK_MAX 8192 /* octets of one SMTPD_BODY */
#define SMTPD_OUT_MAX   2048 /* octets of replies that wait for next */
#define SMTPD_TEXT_MAX  400  /* octets of a verdict's text that are sent */

/* What smtpd_due() says when nothing is due. */
#define SMTPD_NEVER INT64_MAX

struct smtpd_config {
	struct span name;           /* our own, in the banner and after EHLO */
	bool offers_tls;            /* whether the driver can do START_TLS */
	bool refuses_space;         /* "MAIL FROM: <a@b>" is an error */
	struct undot_limits limits; /* of a message; size is shown in EHLO */
	size_t recipients_max;      /* of one message: then 452 */
	size_t junk_max;            /* NOOP, RSET, VRFY ... without a message */
	size_t errors_max;          /* refusals in a session */
	int64_t greet_delay;        /* ms before the banner, for pregreeters */
	int64_t timeout;            /* ms for a command, and to begin DATA */
	int64_t rate_min;           /* octets a second that DATA must bring */
};

/* What is usual; the name and offers_tls are still to be set. */
#define SMTPD_CONFIG                                                           \
	((struct smtpd_config){.name = SPAN("localhost"),                      \
			       .limits = {.size = 40 * 1024 * 1024,            \
					  .line = 8192,                        \
					  .header = 102400,                    \
					  .fields = 1000,                      \
					  .received = 50},                     \
			       .recipients_max = 1000,                         \
			       .junk_max = 100,                                \
			       .errors_max = 100,                              \
			       .greet_delay = 100,                             \
			       .timeout = 300000,                              \
			       .rate_min = 500})

enum smtpd_event {
	SMTPD_NEED_BYTES,    /* wait for bytes, or until smtpd_due() */
	SMTPD_SEND,          /* send ask.bytes */
	SMTPD_ASK_MAIL,      /* may ask.path send? answer */
	SMTPD_ASK_RECIPIENT, /* is ask.path ours? answer */
	SMTPD_BODY,          /* ask.bytes are the next of the message */
	SMTPD_ASK_MESSAGE,   /* all of it was given: answer once it is safe */
	SMTPD_DROP,          /* the message begun is off: forget it */
	SMTPD_START_TLS,     /* shake hands, then smtpd_secured() */
	SMTPD_CLOSE,         /* close; ask.end says why */
};

/* Why a session ended. */
enum smtpd_end {
	SMTPD_END_NONE = 0,   /* it has not */
	SMTPD_END_QUIT,       /* the client said so */
	SMTPD_END_PREGREET,   /* it spoke before the banner */
	SMTPD_END_PIPELINING, /* it spoke where it had to wait */
	SMTPD_END_JUNK,       /* too many commands that send no mail */
	SMTPD_END_ERRORS,     /* too many refusals */
	SMTPD_END_SMUGGLING,  /* a bare CR or LF, or a NUL, in a message */
	SMTPD_END_TIMEOUT,    /* it was too slow */
	SMTPD_END_REFUSED,    /* a verdict said to close */
	SMTPD_END_DRAINED,    /* smtpd_drain() */
};

/* What comes with an event; a member counts only where the event says so. */
struct smtpd_ask {
	struct span bytes;       /* until the next call of any function */
	const struct path *path; /* until the answer */
	uint64_t size;           /* ASK_MAIL: as declared, or 0 */
	bool eight_bit;          /* ASK_MAIL: BODY=8BITMIME was said */
	enum smtpd_end end;      /* CLOSE */
};

/* An answer; {0} is yes. */
struct smtpd_verdict {
	int code;             /* 250, or 400 to 599 for no; 0 is 250 */
	const char *enhanced; /* RFC 3463 code, or NULL for a usual one */
	const char *text;     /* for a person, or NULL for a usual one */
	bool close;           /* end the session with this */
};

/* What the session waits for. */
enum smtpd_state {
	SMTPD_GREET,       /* the time of the banner */
	SMTPD_COMMAND,     /* a command line */
	SMTPD_SKIP,        /* the end of a line that was too long */
	SMTPD_DATA,        /* the text of a message */
	SMTPD_WAIT_MAIL,   /* the answer to ASK_MAIL */
	SMTPD_WAIT_RCPT,   /* the answer to ASK_RECIPIENT */
	SMTPD_WAIT_STORED, /* the answer to ASK_MESSAGE */
	SMTPD_WAIT_TLS,    /* smtpd_secured() */
	SMTPD_CLOSING,     /* nothing more */
};

struct smtpd {
	struct smtpd_config config;
	enum smtpd_state state;
	enum smtpd_end end;        /* why, once CLOSING */
	int64_t now;               /* of the last tick */
	int64_t due;               /* when the client is too slow */
	bool behind;               /* bytes stood behind this command */
	bool secured;              /* under TLS */
	bool draining;             /* to end at the next pause */
	bool asked;                /* the question was not yet yielded */
	bool dropped;              /* a DROP was not yet yielded */
	bool extended;             /* EHLO, not HELO */
	size_t junk;               /* since the last message */
	size_t errors;             /* refusals so far */
	size_t helo_len;           /* of helo; 0 before EHLO or HELO */
	bool in_mail;              /* MAIL was accepted */
	size_t recipients;         /* accepted in this transaction */
	uint64_t size;             /* declared with MAIL */
	bool eight_bit;            /* BODY=8BITMIME was declared */
	struct path path;          /* the one being asked about */
	struct undot undot;        /* while DATA */
	size_t line_len;           /* of line */
	size_t out_len;            /* of out */
	size_t chunk_len;          /* of chunk */
	char helo[SMTPD_NAME_MAX]; /* the client's name, as it says */
	char line[SMTPD_LINE_MAX];
	char out[SMTPD_OUT_MAX];
	char chunk[SMTPD_CHUNK_MAX];
};

/* Begins a session at the time `now`; copies *config. */
void smtpd_init(struct smtpd *m, const struct smtpd_config *config,
		int64_t now);

/* Takes octets off the front of `bytes`; returns how many. */
size_t smtpd_feed(struct smtpd *m, struct span bytes);

/* Returns what is to be done now, and with what in *ret. */
enum smtpd_event smtpd_next(struct smtpd *m, struct smtpd_ask *ret);

/* Answers the question that smtpd_next() yielded last. */
void smtpd_answer(struct smtpd *m, const struct smtpd_verdict *v);

/*
 * The handshake that START_TLS asked for is done.  All that was said before
 * is forgotten (RFC 3207 section 4.2).  The driver must throw away, or close
 * for, plain bytes that came before the handshake.
 */
void smtpd_secured(struct smtpd *m);

/* Ends the session with 421 at the next pause between two messages. */
void smtpd_drain(struct smtpd *m);

/* Returns when smtpd_tick() must be called at the latest, or SMTPD_NEVER. */
int64_t smtpd_due(const struct smtpd *m);

/* Says what time it is. */
void smtpd_tick(struct smtpd *m, int64_t now);

/* Borrows the name the client gave with EHLO or HELO; "" before. */
struct span smtpd_helo(const struct smtpd *m);
