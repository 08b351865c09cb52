/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd - the server's side of one HTTP/1.1 connection, as a machine.
 *
 * Bytes go in with httpd_feed(), what is to be done comes out of
 * httpd_next(): the head of a request first, so that the application can
 * refuse it before a body is read, then the whole request, then what is to
 * be sent.  Pipelined requests are served one after the other, in order.
 * What http/request.h cannot read without doubt is answered
 * with its status, and the connection ends.
 *
 *	httpd_tick(m, now), httpd_feed(m, bytes), then httpd_next(m, &ask) until
 *	it says HTTPD_NEED_BYTES, HTTPD_WAIT or HTTPD_CLOSE
 *
 * Time: `now` is the wall clock in milliseconds; httpd_tick() tells it, before
 * bytes are fed and when httpd_due() has come; a clock that is set back takes
 * no deadline away.  The driver's own concern is a
 * peer that does not read: it calls httpd_next() only while its output is
 * short, and gives up on a peer that takes nothing.
 *
 * RFC 9112.
 *
 * No I/O, no logging, no clock.  Ownership: the machine owns the head and
 * body it has read, and what it has to send.
 */
#pragma once

#include "base/buf.h"
#include "http/request.h"
#include "http/response.h"

/* Octets of what is refused that are still read, so that the peer, who
 * writes before it reads, sees our answer. */
#define HTTPD_DRAIN_MAX ((uint64_t)64 << 20)
/* Milliseconds that this may take. */
#define HTTPD_DRAIN_MS 5000
/* What httpd_due() says when there is nothing to wait for. */
#define HTTPD_NEVER INT64_MAX

/* What a deployment may set. */
struct httpd_limits {
	int64_t head_ms;  /* for a whole head, from its first octet; the first
			     head of a connection, from the start */
	int64_t idle_ms;  /* for the first octet of the next request */
	int64_t grace_ms; /* for a body, before its rate counts */
	int64_t body_ms;  /* for a body, at whatever rate it comes */
	uint64_t rate;    /* octets a second that a body must come with */
};

/* The limits of a server that faces the network. */
#define HTTPD_LIMITS_DEFAULT                                                   \
	((struct httpd_limits){.head_ms = 10000,                               \
			       .idle_ms = 60000,                               \
			       .grace_ms = 10000,                              \
			       .body_ms = 900000,                              \
			       .rate = 500})

/* What httpd_next() asks for. */
enum httpd_event {
	HTTPD_NEED_BYTES, /* feed more; nothing else can be done */
	HTTPD_SEND,       /* write ask.bytes, then call httpd_next() again */
	HTTPD_HEAD,       /* ask.request is here, without its body: answer with
			     httpd_accept() or httpd_respond() */
	HTTPD_REQUEST,    /* ask.request is complete, with ask.body: answer with
			     httpd_respond(), now or later */
	HTTPD_WAIT,       /* an answer of the application is awaited */
	HTTPD_CLOSE,      /* all is sent: close the connection */
};

/* What comes with an event; borrowed until the next call of the machine. */
struct httpd_ask {
	struct span bytes;                  /* HTTPD_SEND */
	const struct http_request *request; /* HTTPD_HEAD, HTTPD_REQUEST: until
					       httpd_respond() */
	struct span body;                   /* HTTPD_REQUEST */
};

/* Where a connection stands; the machine's own. */
enum httpd_state {
	HTTPD_IN_HEAD,   /* reading a head, or waiting for one */
	HTTPD_IN_GATE,   /* a head is there, to be accepted or refused */
	HTTPD_IN_BODY,   /* reading the body */
	HTTPD_IN_ANSWER, /* a request is there, to be answered */
	HTTPD_IN_DRAIN,  /* refused: reading what the peer still sends */
	HTTPD_IN_END,    /* to be closed once all is sent */
};

/* The connection.  Members are the machine's own. */
struct httpd {
	struct httpd_limits limits;
	enum httpd_state state;
	bool asked;                  /* the application knows of the state */
	bool eof;                    /* the peer sends no more */
	bool finishing;              /* no further request is served */
	bool fresh;                  /* no head has come yet */
	bool skipped;                /* an empty line before the head */
	bool lined;                  /* the request line was looked at */
	int64_t now;                 /* as last told */
	int64_t since;               /* when the state's clock started */
	struct buf in;               /* fed, not used yet */
	size_t seen;                 /* of `in`, looked at for the head's end */
	struct buf head;             /* of the request being served */
	struct http_request request; /* borrows `head` */
	struct buf body;             /* of the request being served */
	uint64_t drained;            /* octets read in HTTPD_IN_DRAIN */
	struct buf out;              /* to be sent */
	bool sending;                /* `out` was yielded: it is written now */
};

/* Starts a connection at `now`. */
void httpd_init(struct httpd *m, const struct httpd_limits *limits,
		int64_t now);

/* Frees what the machine holds. */
void httpd_release(struct httpd *m);

/*
 * Gives bytes of the peer.  Returns how many were taken: fewer than all when
 * a request is being served and enough wait behind it; the rest is fed again
 * after httpd_next().
 */
size_t httpd_feed(struct httpd *m, struct span bytes);

/* Says that the peer will send no more. */
void httpd_eof(struct httpd *m);

/* Returns what is to be done next. */
enum httpd_event httpd_next(struct httpd *m, struct httpd_ask *ret);

/*
 * Answers HTTPD_HEAD: the body may come, up to `body_max` octets.  If it is
 * announced longer, the machine answers 413 itself and returns false.
 */
bool httpd_accept(struct httpd *m, size_t body_max);

/*
 * Answers HTTPD_REQUEST, or refuses at HTTPD_HEAD; the connection then ends
 * if there was a body.  A response that cannot be written becomes a 500.
 */
void httpd_respond(struct httpd *m, const struct http_response *response);

/*
 * Moves the body of the request at HTTPD_REQUEST to *ret, which the caller
 * releases: for work on another thread.
 */
void httpd_take_body(struct httpd *m, struct buf *ret);

/*
 * Moves the head of the request at HTTPD_REQUEST, which ask.request borrows,
 * to the caller, who releases it; the machine is only to be released then.
 */
struct buf httpd_take_head(struct httpd *m) MUST_CHECK;

/* Ends the connection after what is being served: for a shutdown. */
void httpd_finish(struct httpd *m);

/* Returns when httpd_tick() is due, or HTTPD_NEVER. */
int64_t httpd_due(const struct httpd *m);

/* Tells the time, and gives up on what is overdue. */
void httpd_tick(struct httpd *m, int64_t now);
