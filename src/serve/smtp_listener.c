/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/smtp_listener.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/stream.h"

/* Replies that a client may leave unread before it is heard no more. */
#define UNSENT_MAX 65536

/* How many sessions a net has: under its octets in listener->nets. */
struct net_use {
	size_t sessions;
};

struct smtp_session {
	struct smtp_listener *listener;
	struct smtp_session *next, *previous;
	struct stream *stream;
	struct loop_timer *timer;
	struct net_address peer;
	struct smtp_inbound *inbound; /* the message begun, or asked about */
	struct smtpd smtpd;
};

struct smtp_listener {
	struct loop *loop;
	struct smtp_listener_config config;
	const struct smtp_listener_handler *handler;
	void *context;
	struct net_listener *door; /* NULL once drained */
	struct smtp_session *first;
	size_t sessions;
	size_t unanswered; /* messages that the owner has */
	size_t held;       /* octets of text, in all messages */
	struct map nets;
	struct smtp_listener_counts counts;
};

/* ---- caps ---- */

/* What counts as one net: an IPv4 address, or the /64 of an IPv6 one. */
static struct span
net_of(const struct net_address *peer)
{
	return span_bytes(peer->ip, peer->v6 ? 8 : 4);
}

static bool
has_room(struct smtp_listener *l, const struct net_address *peer)
{
	const struct net_use *use = map_get(&l->nets, net_of(peer));

	return l->sessions < l->config.sessions_max &&
	       (use == NULL || use->sessions < l->config.per_net_max);
}

static void
count_in(struct smtp_listener *l, const struct net_address *peer)
{
	struct net_use *use = map_get(&l->nets, net_of(peer));

	if (use == NULL) {
		use = mem_new(sizeof(*use));
		map_put(&l->nets, net_of(peer), use);
	}
	use->sessions++;
	l->sessions++;
}

static void
count_out(struct smtp_listener *l, const struct net_address *peer)
{
	struct net_use *use = map_get(&l->nets, net_of(peer));

	if (--use->sessions == 0)
		free(map_take(&l->nets, net_of(peer)));
	l->sessions--;
}

/* ---- messages ---- */

static void
inbound_free(struct smtp_inbound *in)
{
	if (in == NULL)
		return;
	in->listener->held -= in->text.len;
	buf_release(&in->text);
	free(in->recipient);
	free(in);
}

/* Begins a message: the client has said MAIL. */
static void
begin_message(struct smtp_session *s)
{
	struct smtp_inbound *in = mem_new(sizeof(*in));
	struct span helo = smtpd_helo(&s->smtpd);

	inbound_free(s->inbound);
	s->inbound = in;
	in->peer = s->peer;
	memcpy(in->helo, helo.ptr, helo.len);
	in->extended = s->smtpd.extended;
	in->tls_version = stream_tls_version(s->stream);
	in->tls_cipher = stream_tls_cipher(s->stream);
	in->session = s;
	in->listener = s->listener;
	buf_init(&in->text, s->listener->config.smtpd.limits.size);
}

static void
ask_sender(struct smtp_session *s, const struct path *path)
{
	const struct smtp_listener *l = s->listener;
	struct smtpd_verdict verdict = {.code = 0};

	begin_message(s);
	s->inbound->sender = *path;
	if (l->handler->sender != NULL)
		l->handler->sender(l->context, s->inbound, path, &verdict);
	smtpd_answer(&s->smtpd, &verdict);
}

static void
ask_recipient(struct smtp_session *s, const struct path *path)
{
	const struct smtp_listener *l = s->listener;
	struct smtp_inbound *in = s->inbound;
	struct smtpd_verdict verdict = {.code = 0};

	l->handler->recipient(l->context, in, path, &verdict);
	if (verdict.code < 400) {
		in->recipient = mem_resize(in->recipient,
					   (in->recipients + 1) *
						   sizeof(in->recipient[0]));
		in->recipient[in->recipients++] = *path;
	}
	smtpd_answer(&s->smtpd, &verdict);
}

/* Keeps a piece of the message, unless too much is held already. */
static void
keep_text(struct smtp_session *s, struct span bytes)
{
	struct smtp_listener *l = s->listener;
	struct smtp_inbound *in = s->inbound;

	if (!in->too_much && l->held + bytes.len <= l->config.held_max &&
	    buf_add(&in->text, bytes)) {
		l->held += bytes.len;
		return;
	}
	in->too_much = true;
	l->held -= in->text.len;
	buf_release(&in->text);
}

static void
ask_message(struct smtp_session *s)
{
	static const struct smtpd_verdict later = {
		.code = 452, .enhanced = "4.3.1", .text = "try again later"};
	struct smtp_listener *l = s->listener;
	struct smtp_inbound *in = s->inbound;

	in->received = clock_now();
	l->unanswered++;
	if (in->too_much) {
		smtp_listener_answer(in, &later);
		return;
	}
	l->counts.messages++;
	l->handler->message(l->context, in);
}

/* ---- sessions ---- */

static void
end_session(struct smtp_session *s, enum smtpd_end end)
{
	struct smtp_listener *l = s->listener;

	l->counts.ended[end]++;
	if (s->smtpd.state == SMTPD_WAIT_STORED && s->inbound != NULL)
		s->inbound->session = NULL; /* the owner has it */
	else
		inbound_free(s->inbound);
	if (s->previous != NULL)
		s->previous->next = s->next;
	else
		l->first = s->next;
	if (s->next != NULL)
		s->next->previous = s->previous;
	count_out(l, &s->peer);
	loop_timer_free(s->timer);
	if (end == SMTPD_END_NONE)
		stream_free(s->stream);
	else
		stream_finish(s->stream);
	free(s);
}

/* Gives what has come to the machine; returns whether it took anything. */
static bool
feed(struct smtp_session *s)
{
	size_t n;

	if (stream_unsent(s->stream) > UNSENT_MAX)
		return false; /* until it has read what we said */
	n = smtpd_feed(&s->smtpd, stream_peek(s->stream));
	stream_consume(s->stream, n);
	return n > 0;
}

static void
set_timer(struct smtp_session *s, int64_t now)
{
	int64_t due = smtpd_due(&s->smtpd);

	if (due == SMTPD_NEVER)
		loop_timer_clear(s->timer);
	else
		loop_timer_set(s->timer, due > now ? due - now : 0);
}

/* Does what the machine says until it waits for something. */
static void
pump(struct smtp_session *s)
{
	int64_t now = clock_mono();
	struct smtpd_ask ask;

	smtpd_tick(&s->smtpd, now);
	for (;;) {
		switch (smtpd_next(&s->smtpd, &ask)) {
		case SMTPD_NEED_BYTES:
			if (feed(s))
				break;
			set_timer(s, now);
			return;
		case SMTPD_SEND:
			stream_send(s->stream, ask.bytes);
			break;
		case SMTPD_ASK_MAIL:
			ask_sender(s, ask.path);
			break;
		case SMTPD_ASK_RECIPIENT:
			ask_recipient(s, ask.path);
			break;
		case SMTPD_BODY:
			keep_text(s, ask.bytes);
			break;
		case SMTPD_ASK_MESSAGE:
			ask_message(s);
			break;
		case SMTPD_DROP:
			inbound_free(take_ptr(&s->inbound));
			break;
		case SMTPD_START_TLS:
			stream_start_tls(s->stream, s->listener->config.tls,
					 true, NULL);
			set_timer(s, now);
			return;
		case SMTPD_CLOSE:
			end_session(s, ask.end);
			return;
		}
	}
}

static void
on_event(void *context)
{
	pump(context);
}

static void
on_secured(void *context)
{
	struct smtp_session *s = context;

	smtpd_secured(&s->smtpd);
	pump(s);
}

static void
on_ended(void *context, enum stream_end end, const char *why)
{
	(void)end;
	(void)why;
	end_session(context, SMTPD_END_NONE);
}

static const struct stream_handler session_handler = {
	.readable = on_event,
	.drained = on_event,
	.secured = on_secured,
	.ended = on_ended,
};

/* Says no to a connection above a cap. */
static void
turn_away(struct smtp_listener *l, int fd)
{
	static const struct stream_handler deaf = {NULL};
	struct stream *stream = stream_new(l->loop, fd, &deaf, NULL);

	l->counts.refused++;
	stream_send(stream, SPAN("421 4.7.0 too many connections\r\n"));
	stream_finish(stream);
}

static void
on_accept(void *context, int fd, const struct net_address *peer)
{
	struct smtp_listener *l = context;
	struct smtpd_config config = l->config.smtpd;
	struct smtp_session *s;

	if (!has_room(l, peer)) {
		turn_away(l, fd);
		return;
	}
	if (l->sessions * 4 >= l->config.sessions_max * 3)
		config.timeout = l->config.stress_timeout;
	s = mem_new(sizeof(*s));
	s->listener = l;
	s->peer = *peer;
	s->next = l->first;
	if (s->next != NULL)
		s->next->previous = s;
	l->first = s;
	count_in(l, peer);
	l->counts.accepted++;
	s->stream = stream_new(l->loop, fd, &session_handler, s);
	s->timer = loop_timer_new(l->loop, on_event, s);
	smtpd_init(&s->smtpd, &config, clock_mono());
	pump(s);
}

/* ---- the listener ---- */

struct smtp_listener *
smtp_listener_new(struct loop *loop, int fd,
		  const struct smtp_listener_config *config,
		  const struct smtp_listener_handler *handler, void *context)
{
	struct smtp_listener *l = mem_new(sizeof(*l));

	l->loop = loop;
	l->config = *config;
	l->config.smtpd.offers_tls = config->tls != NULL;
	l->handler = handler;
	l->context = context;
	map_init(&l->nets, config->seed);
	l->door = net_listener_new(loop, fd, on_accept, l);
	return l;
}

void
smtp_listener_answer(struct smtp_inbound *inbound,
		     const struct smtpd_verdict *verdict)
{
	struct smtp_session *s = inbound->session;

	inbound->listener->unanswered--;
	if (s != NULL) {
		s->inbound = NULL;
		smtpd_answer(&s->smtpd, verdict);
		/* Not from here: the caller may be inside pump(). */
		loop_timer_set(s->timer, 0);
	}
	inbound_free(inbound);
}

void
smtp_listener_drain(struct smtp_listener *l)
{
	net_listener_free(take_ptr(&l->door));
	for (struct smtp_session *s = l->first; s != NULL; s = s->next) {
		smtpd_drain(&s->smtpd);
		loop_timer_set(s->timer, 0);
	}
}

size_t
smtp_listener_busy(const struct smtp_listener *l)
{
	return l->sessions + l->unanswered;
}

const struct smtp_listener_counts *
smtp_listener_counts(const struct smtp_listener *l)
{
	return &l->counts;
}

void
smtp_listener_free(struct smtp_listener *l)
{
	if (l == NULL)
		return;
	while (l->first != NULL)
		end_session(l->first, SMTPD_END_NONE);
	assert(l->unanswered == 0);
	net_listener_free(l->door);
	map_release(&l->nets);
	free(l);
}
