/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream - a buffered TCP connection, in clear or under TLS.
 *
 * Bytes that came are looked at with stream_peek() and dropped with
 * stream_consume(); bytes to send are copied.  A handler's functions are run
 * from the loop, never from inside a call on the stream, and any of them may
 * free the stream.
 *
 * Limits: at most STREAM_IN_MAX bytes wait to be read; more are left to the
 * peer's window until some are consumed.
 */
#pragma once

#include "base/error.h"
#include "base/span.h"
#include "sys/loop.h"
#include "sys/net.h"
#include "sys/tls.h"

#define STREAM_IN_MAX (256 * 1024) /* octets received and not yet consumed */

/* Why a stream ended. */
enum stream_end {
	STREAM_CLOSED = 1, /* the peer closed; nothing more will come */
	STREAM_FAILED = 2, /* refused, reset, timed out or a TLS failure */
};

/* What the owner of a stream wants to hear; NULL where it does not. */
struct stream_handler {
	void (*connected)(void *context); /* stream_connect() got through */
	void (*readable)(void *context);  /* there are more bytes to peek at */
	void (*drained)(void *context);   /* all that was sent has left */
	void (*secured)(void *context);   /* the TLS handshake is done */
	/* It ended; `why` is a clause for a person.  Free it now or later. */
	void (*ended)(void *context, enum stream_end end, const char *why);
};

struct stream;

/* Wraps the connected socket `fd`, which it takes. */
struct stream *stream_new(struct loop *loop, int fd,
			  const struct stream_handler *handler,
			  void *context) MUST_CHECK;

/*
 * Begins to connect to `to`; `connected` or `ended` follows.  Returns NULL
 * with *reterr if not even that could be done.
 */
struct stream *stream_connect(struct loop *loop, const struct net_address *to,
			      const struct stream_handler *handler,
			      void *context, struct error *reterr) MUST_CHECK;

/* Closes at once, unsent bytes lost, and frees; NULL is fine. */
void stream_free(struct stream *stream);

/*
 * Gives the stream up: it sends what it still has, closes, and frees itself,
 * after STREAM_LINGER_MS at the latest.  No handler is called any more.
 */
void stream_finish(struct stream *stream);

#define STREAM_LINGER_MS 5000 /* most time that stream_finish() may take */

/* Borrows the bytes that came, until the next call on the stream. */
struct span stream_peek(struct stream *stream);

/* Drops the first `n` bytes that came. */
void stream_consume(struct stream *stream, size_t n);

/* Sends `bytes` (a copy). */
void stream_send(struct stream *stream, struct span bytes);

/* Returns how many bytes wait to be sent. */
size_t stream_unsent(struct stream *stream);

/* Stops (or lets go on) reading; what came stays to be peeked at. */
void stream_pause(struct stream *stream, bool paused);

/*
 * Begins a TLS handshake; `secured` or `ended` follows.  Bytes that came in
 * clear and were not consumed are thrown away (CVE-2011-0411), and what was
 * sent before is flushed first.  `host` is the server's name for SNI when we
 * are the client, or NULL.
 */
void stream_start_tls(struct stream *stream, const struct tls_context *tls,
		      bool server, const char *host);

/* Returns "TLSv1.3" and the like, static, or NULL in clear. */
const char *stream_tls_version(const struct stream *stream);

/* Returns the name of the cipher in use, static, or NULL in clear. */
const char *stream_tls_cipher(const struct stream *stream);
