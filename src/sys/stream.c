/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/stream.h"

#include <assert.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

/* Longest text of why a stream ended. */
#define WHY_SIZE 160

struct stream {
	struct loop *loop;
	struct bufferevent *bev;
	int fd;
	const struct stream_handler *handler;
	void *context;
	struct loop_timer *linger;          /* of stream_finish() */
	const struct tls_context *tls_next; /* handshake once all is sent */
	bool tls_server;
	char *tls_host;
	bool secure;   /* the handshake is done */
	bool finished; /* nobody listens any more */
};

static void start_handshake(struct stream *stream);

static void
on_read(struct bufferevent *bev, void *arg)
{
	struct stream *stream = arg;

	if (stream->finished || stream->tls_next != NULL) {
		struct evbuffer *in = bufferevent_get_input(bev);

		evbuffer_drain(in, evbuffer_get_length(in));
	} else if (stream->handler->readable != NULL) {
		stream->handler->readable(stream->context);
	}
}

/*
 * All may have left.  A new bufferevent calls this once with nothing sent,
 * which may be after a handler has put its last words into the buffer.
 */
static void
on_write(struct bufferevent *bev, void *arg)
{
	struct stream *stream = arg;

	if (evbuffer_get_length(bufferevent_get_output(bev)) > 0)
		return;
	if (stream->finished)
		stream_free(stream);
	else if (stream->tls_next != NULL)
		start_handshake(stream);
	else if (stream->handler->drained != NULL)
		stream->handler->drained(stream->context);
}

/* Says in `why` what went wrong with the connection. */
static void
explain(struct stream *stream, short what, char why[WHY_SIZE])
{
	unsigned long code = bufferevent_get_openssl_error(stream->bev);
	const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;
	int error = EVUTIL_SOCKET_ERROR();

	if (what & BEV_EVENT_EOF)
		snprintf(why, WHY_SIZE, "the other side closed the connection");
	else if (what & BEV_EVENT_TIMEOUT)
		snprintf(why, WHY_SIZE, "timed out");
	else if (reason != NULL)
		snprintf(why, WHY_SIZE, "TLS: %s", reason);
	else
		snprintf(why, WHY_SIZE, "%s",
			 error != 0 ? strerror(error) : "connection failed");
}

static void
on_event(struct bufferevent *bev, short what, void *arg)
{
	struct stream *stream = arg;
	char why[WHY_SIZE];

	(void)bev;
	if (what & BEV_EVENT_CONNECTED) {
		bool tls = bufferevent_openssl_get_ssl(stream->bev) != NULL;

		stream->secure = tls;
		if (stream->finished)
			return;
		if (tls && stream->handler->secured != NULL)
			stream->handler->secured(stream->context);
		else if (!tls && stream->handler->connected != NULL)
			stream->handler->connected(stream->context);
		return;
	}
	if (stream->finished) {
		stream_free(stream);
		return;
	}
	explain(stream, what, why);
	bufferevent_disable(stream->bev, EV_READ | EV_WRITE);
	if (stream->handler->ended != NULL)
		stream->handler->ended(stream->context,
				       what & BEV_EVENT_EOF ? STREAM_CLOSED
							    : STREAM_FAILED,
				       why);
}

static void
watch(struct stream *stream)
{
	bufferevent_setcb(stream->bev, on_read, on_write, on_event, stream);
	bufferevent_setwatermark(stream->bev, EV_READ, 0, STREAM_IN_MAX);
	bufferevent_enable(stream->bev, EV_READ | EV_WRITE);
}

static struct stream *
wrap(struct loop *loop, int fd, const struct stream_handler *handler,
     void *context)
{
	struct stream *stream = mem_new(sizeof(*stream));

	stream->loop = loop;
	stream->fd = fd;
	stream->handler = handler;
	stream->context = context;
	stream->bev = bufferevent_socket_new(loop_base(loop), fd,
					     BEV_OPT_DEFER_CALLBACKS);
	if (stream->bev == NULL)
		mem_exhausted();
	return stream;
}

struct stream *
stream_new(struct loop *loop, int fd, const struct stream_handler *handler,
	   void *context)
{
	struct stream *stream = wrap(loop, fd, handler, context);

	watch(stream);
	return stream;
}

struct stream *
stream_connect(struct loop *loop, const struct net_address *to,
	       const struct stream_handler *handler, void *context,
	       struct error *reterr)
{
	struct sockaddr_storage room = {0};
	struct sockaddr_in *v4 = (struct sockaddr_in *)&room;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&room;
	struct stream *stream;
	int one = 1;
	int fd = socket(to->v6 ? AF_INET6 : AF_INET,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0) {
		error_set(reterr, ERROR_NETWORK, "cannot open a socket: %s",
			  strerror(errno));
		return NULL;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (to->v6) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(to->port);
		memcpy(&v6->sin6_addr, to->ip, 16);
	} else {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(to->port);
		memcpy(&v4->sin_addr, to->ip, 4);
	}
	stream = wrap(loop, fd, handler, context);
	watch(stream);
	if (bufferevent_socket_connect(stream->bev, (struct sockaddr *)&room,
				       to->v6 ? (int)sizeof(*v6)
					      : (int)sizeof(*v4)) == 0)
		return stream;
	error_set(reterr, ERROR_NETWORK, "cannot connect to %s: %s",
		  net_format(to).s, strerror(errno));
	stream_free(stream);
	return NULL;
}

void
stream_free(struct stream *stream)
{
	if (stream == NULL)
		return;
	/* In a callback the bufferevent outlives its freeing by a little: its
	 * events must be gone before another socket has this descriptor. */
	bufferevent_disable(stream->bev, EV_READ | EV_WRITE);
	if (bufferevent_openssl_get_ssl(stream->bev) != NULL) {
		SSL *ssl = bufferevent_openssl_get_ssl(stream->bev);

		SSL_set_quiet_shutdown(ssl, stream->finished ? 0 : 1);
		SSL_shutdown(ssl);
		bufferevent_free(stream->bev);
		SSL_free(ssl);
		ERR_clear_error();
	} else {
		bufferevent_free(stream->bev);
	}
	loop_timer_free(stream->linger);
	free(stream->tls_host);
	close(stream->fd);
	free(stream);
}

static void
lingered(void *context)
{
	stream_free(context);
}

void
stream_finish(struct stream *stream)
{
	if (stream == NULL)
		return;
	stream->finished = true;
	bufferevent_disable(stream->bev, EV_READ);
	stream->linger = loop_timer_new(stream->loop, lingered, stream);
	loop_timer_set(stream->linger,
		       stream_unsent(stream) > 0 ? STREAM_LINGER_MS : 0);
}

struct span
stream_peek(struct stream *stream)
{
	struct evbuffer *in = bufferevent_get_input(stream->bev);
	size_t len = evbuffer_get_length(in);

	return span_bytes(evbuffer_pullup(in, -1), len);
}

void
stream_consume(struct stream *stream, size_t n)
{
	evbuffer_drain(bufferevent_get_input(stream->bev), n);
}

void
stream_send(struct stream *stream, struct span bytes)
{
	assert(!stream->finished);
	if (bufferevent_write(stream->bev, bytes.ptr, bytes.len) != 0)
		mem_exhausted();
}

size_t
stream_unsent(struct stream *stream)
{
	return evbuffer_get_length(bufferevent_get_output(stream->bev));
}

void
stream_pause(struct stream *stream, bool paused)
{
	if (paused)
		bufferevent_disable(stream->bev, EV_READ);
	else
		bufferevent_enable(stream->bev, EV_READ);
}

static void
start_handshake(struct stream *stream)
{
	SSL *ssl = SSL_new(stream->tls_next->ctx);

	stream->tls_next = NULL;
	if (ssl == NULL)
		mem_exhausted();
	if (stream->tls_host != NULL)
		SSL_set_tlsext_host_name(ssl, stream->tls_host);
	/* The buffer of clear text goes, and what is in it (CVE-2011-0411). */
	bufferevent_free(stream->bev);
	stream->bev = bufferevent_openssl_socket_new(
		loop_base(stream->loop), stream->fd, ssl,
		stream->tls_server ? BUFFEREVENT_SSL_ACCEPTING
				   : BUFFEREVENT_SSL_CONNECTING,
		BEV_OPT_DEFER_CALLBACKS);
	if (stream->bev == NULL)
		mem_exhausted();
	bufferevent_openssl_set_allow_dirty_shutdown(stream->bev, 1);
	watch(stream);
}

void
stream_start_tls(struct stream *stream, const struct tls_context *tls,
		 bool server, const char *host)
{
	struct evbuffer *in = bufferevent_get_input(stream->bev);

	assert(!stream->secure && stream->tls_next == NULL);
	evbuffer_drain(in, evbuffer_get_length(in));
	stream->tls_next = tls;
	stream->tls_server = server;
	if (host != NULL)
		stream->tls_host = mem_string(span_of(host));
	if (stream_unsent(stream) == 0)
		start_handshake(stream);
	else
		bufferevent_disable(stream->bev, EV_READ);
}

const char *
stream_tls_version(const struct stream *stream)
{
	if (!stream->secure)
		return NULL;
	return SSL_get_version(bufferevent_openssl_get_ssl(stream->bev));
}

const char *
stream_tls_cipher(const struct stream *stream)
{
	if (!stream->secure)
		return NULL;
	return SSL_get_cipher_name(bufferevent_openssl_get_ssl(stream->bev));
}
