/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/nameserver.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/reader.h"
#include "crypt/random.h"
#include "dns/responder.h"
#include "dns/rrl.h"
#include "sys/clock.h"
#include "sys/stream.h"

/* Datagrams, or messages of one connection, answered before the loop is
 * given back. */
#define BURST 64
/* How often connections are looked at for being idle, ms. */
#define SWEEP_MS 500

/* A TCP connection. */
struct connection {
	struct nameserver *server;
	struct connection *newer, *older; /* by `since` */
	struct stream *stream;
	struct net_address peer;
	int64_t since; /* of its last whole query, monotonic ms */
	bool paused;   /* it does not take its answers */
};

struct nameserver {
	struct loop *loop;
	const struct zone *zone;
	int udp;
	struct loop_watch *watch;
	struct net_listener *listener;
	struct loop_timer *sweep;
	struct rrl rrl;
	struct connection *newest, *oldest;
	size_t connections; /* how many there are */
	struct nameserver_counts counts;
	uint8_t in[WIRE_UDP_MAX];          /* a query */
	uint8_t out[2 + WIRE_MESSAGE_MAX]; /* an answer, its length before */
};

/* ---- UDP ---- */

/* Returns what to answer to a datagram, if anything. */
static struct span
answer_datagram(struct nameserver *server, struct span query,
		const struct net_address *from)
{
	struct span none = SPAN("");

	server->counts.queries++;
	switch (rrl_count(&server->rrl, from->v6, from->ip, clock_mono())) {
	case RRL_ANSWER:
		return responder_answer(server->zone, query, false, server->out,
					sizeof(server->out));
	case RRL_TRUNCATE:
		server->counts.truncated++;
		return responder_slip(query, server->out, sizeof(server->out));
	case RRL_DROP:
		server->counts.limited++;
		break;
	}
	return none;
}

static void
datagram_ready(void *context)
{
	struct nameserver *server = context;

	for (size_t i = 0; i < BURST; i++) {
		struct net_address from;
		ssize_t n = net_receive(server->udp, server->in,
					sizeof(server->in), &from);
		struct span answer;

		if (n < 0)
			return;
		answer = answer_datagram(
			server, span_bytes(server->in, (size_t)n), &from);
		if (answer.len > 0 && from.port != 0 &&
		    net_send(server->udp, answer, &from))
			server->counts.answers++;
	}
}

/* ---- TCP ---- */

static void
connection_unlink(struct connection *c)
{
	struct nameserver *server = c->server;

	if (c->newer != NULL)
		c->newer->older = c->older;
	else
		server->newest = c->older;
	if (c->older != NULL)
		c->older->newer = c->newer;
	else
		server->oldest = c->newer;
	server->connections--;
}

/* Puts `c` in as the one that was heard of last. */
static void
connection_link(struct connection *c)
{
	struct nameserver *server = c->server;

	c->newer = NULL;
	c->older = server->newest;
	if (c->older != NULL)
		c->older->newer = c;
	else
		server->oldest = c;
	server->newest = c;
	c->since = clock_mono();
	server->connections++;
}

static void
connection_free(struct connection *c)
{
	connection_unlink(c);
	stream_free(c->stream);
	free(c);
}

/* Sends the answer to `query`, its length before it; false to hang up. */
static bool
answer_message(struct connection *c, struct span query)
{
	struct nameserver *server = c->server;
	struct span answer = responder_answer(
		server->zone, query, true, server->out + 2, WIRE_MESSAGE_MAX);

	server->counts.queries++;
	if (answer.len == 0)
		return false; /* no client would send that */
	server->out[0] = (uint8_t)(answer.len >> 8);
	server->out[1] = (uint8_t)answer.len;
	stream_send(c->stream, span_bytes(server->out, answer.len + 2));
	server->counts.answers++;
	return true;
}

/* Answers what has come whole, unless the peer does not take its answers. */
static void
connection_readable(void *context)
{
	struct connection *c = context;

	for (size_t i = 0; !c->paused; i++) {
		struct reader r = reader_of(stream_peek(c->stream));
		struct span query = reader_take(&r, reader_u16(&r));

		if (r.bad)
			return; /* not all of it is here */
		if (!answer_message(c, query)) {
			c->server->counts.refused++;
			connection_free(c);
			return;
		}
		stream_consume(c->stream, r.at);
		connection_unlink(c);
		connection_link(c);
		if (i == BURST ||
		    stream_unsent(c->stream) > NAMESERVER_UNSENT_MAX) {
			c->paused = true; /* until it has drained */
			stream_pause(c->stream, true);
		}
	}
}

static void
connection_drained(void *context)
{
	struct connection *c = context;

	if (!c->paused)
		return;
	c->paused = false;
	stream_pause(c->stream, false);
	connection_readable(c);
}

static void
connection_ended(void *context, enum stream_end end, const char *why)
{
	(void)end;
	(void)why;
	connection_free(context);
}

static const struct stream_handler connection_handler = {
	.readable = connection_readable,
	.drained = connection_drained,
	.ended = connection_ended,
};

static bool
is_same_ip(const struct net_address *a, const struct net_address *b)
{
	return a->v6 == b->v6 && memcmp(a->ip, b->ip, a->v6 ? 16 : 4) == 0;
}

/* Makes room for one more from `peer`: the oldest of its own, or of all. */
static void
make_room(struct nameserver *server, const struct net_address *peer)
{
	struct connection *own = NULL;
	size_t count = 0;

	for (struct connection *c = server->oldest; c != NULL; c = c->newer) {
		if (!is_same_ip(&c->peer, peer))
			continue;
		if (own == NULL)
			own = c;
		count++;
	}
	if (count >= NAMESERVER_TCP_EACH_MAX) {
		server->counts.refused++;
		connection_free(own);
	} else if (server->connections >= NAMESERVER_TCP_MAX) {
		server->counts.refused++;
		connection_free(server->oldest);
	}
}

static void
connection_accepted(void *context, int fd, const struct net_address *peer)
{
	struct nameserver *server = context;
	struct connection *c;

	make_room(server, peer);
	c = mem_new(sizeof(*c));
	c->server = server;
	c->peer = *peer;
	c->stream = stream_new(server->loop, fd, &connection_handler, c);
	connection_link(c);
}

/* Closes what was quiet for too long. */
static void
sweep(void *context)
{
	struct nameserver *server = context;
	int64_t limit = clock_mono() - NAMESERVER_IDLE_MS;

	while (server->oldest != NULL && server->oldest->since <= limit)
		connection_free(server->oldest);
	loop_timer_set(server->sweep, SWEEP_MS);
}

struct nameserver *
nameserver_new(struct loop *loop, const struct zone *zone, int udp, int tcp)
{
	struct nameserver *server = mem_new(sizeof(*server));
	uint64_t seed;

	random_fill(&seed, sizeof(seed));
	server->loop = loop;
	server->zone = zone;
	server->udp = udp;
	rrl_init(&server->rrl, seed);
	server->watch = loop_watch_new(loop, udp, datagram_ready, server);
	server->listener =
		net_listener_new(loop, tcp, connection_accepted, server);
	server->sweep = loop_timer_new(loop, sweep, server);
	loop_timer_set(server->sweep, SWEEP_MS);
	return server;
}

void
nameserver_free(struct nameserver *server)
{
	if (server == NULL)
		return;
	loop_watch_free(server->watch);
	net_listener_free(server->listener);
	loop_timer_free(server->sweep);
	while (server->oldest != NULL)
		connection_free(server->oldest);
	rrl_release(&server->rrl);
	free(server);
}

struct nameserver_counts
nameserver_counts(const struct nameserver *server)
{
	return server->counts;
}
