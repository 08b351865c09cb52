/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/delivery.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sending/retry.h"
#include "serve/asking.h"
#include "sys/clock.h"
#include "sys/stream.h"

/* What may wait to be sent before the machine is asked for more. */
#define UNSENT_MAX 65536

ASKING_MACHINE(route, struct route);

struct delivery {
	struct loop *loop;
	struct lookup *lookup;
	const struct mailer_config *config;
	const struct delivery_handler *on;
	void *context;
	struct delivery *next; /* the mailer's */
	struct dname domain;
	uint64_t entropy;

	struct mail *mail; /* the present one, or NULL */
	size_t mails;      /* over this session so far */
	/* Recipients of the mail that have no result yet, and which. */
	struct path open[SMTP_CLIENT_RECIPIENTS_MAX];
	size_t place[SMTP_CLIENT_RECIPIENTS_MAX]; /* in mail->recipient */
	size_t opens;
	/* Of those in the session's job: which want another server. */
	bool again[SMTP_CLIENT_RECIPIENTS_MAX];
	struct smtp_result last; /* why they do */

	struct asking *asking;    /* while the route is asked for */
	struct loop_timer *timer; /* the machine's, or the connection's */
	struct route route;
	size_t i;    /* the address in use */
	bool routed; /* route holds */
	bool plain;  /* this address is tried without TLS */

	struct stream *stream;
	bool connected;
	struct smtp_client client;
};

static void try_address(struct delivery *d);

/* ---- results ---- */

/* The host that is talked to, or "". */
static struct dname_text
host_of(const struct delivery *d)
{
	if (d->routed && d->i < d->route.len)
		return dname_format(&d->route.address[d->i].host);
	return (struct dname_text){""};
}

static void
tell(struct delivery *d, size_t open, const struct smtp_result *result)
{
	struct dname_text host = host_of(d);

	d->mail->result(d->mail, d->place[open], result, host.s);
}

static void
end_mail(struct delivery *d)
{
	struct mail *mail = take_ptr(&d->mail);

	d->opens = 0;
	d->on->done(d->context);
	mail->done(mail);
}

static void
delivery_free(struct delivery *d)
{
	asking_cancel(d->asking);
	loop_timer_free(d->timer);
	stream_free(d->stream);
	free(d);
}

static void
end_delivery(struct delivery *d)
{
	d->on->over(d->context, d);
	delivery_free(d);
}

/* Everyone still open gets `result`; that is the end of the mail. */
static void
tell_all(struct delivery *d, const struct smtp_result *result)
{
	for (size_t n = 0; n < d->opens; n++)
		tell(d, n, result);
	end_mail(d);
}

static struct smtp_result
own_result(enum smtp_outcome outcome, enum smtp_phase phase,
	   const char *enhanced, const char *text)
{
	struct smtp_result result = {.outcome = outcome, .phase = phase};

	snprintf(result.enhanced, sizeof(result.enhanced), "%s", enhanced);
	snprintf(result.text, sizeof(result.text), "%s", text);
	return result;
}

/* ---- the session ---- */

/* Takes a new mail: nobody of it has a result. */
static void
take_mail(struct delivery *d, struct mail *mail)
{
	assert(mail->recipients > 0 &&
	       mail->recipients <= SMTP_CLIENT_RECIPIENTS_MAX);
	d->mail = mail;
	d->opens = mail->recipients;
	for (size_t n = 0; n < d->opens; n++) {
		d->open[n] = mail->recipient[n];
		d->place[n] = n;
	}
}

/* Gives the session a job for all that are open. */
static void
begin_job(struct delivery *d)
{
	struct smtp_job job = {
		.sender = d->mail->sender,
		.recipient = d->open,
		.recipients = d->opens,
		.parts = d->mail->parts,
		.facts = d->mail->facts,
	};

	memcpy(job.part, d->mail->part, sizeof(job.part));
	memset(d->again, 0, sizeof(d->again));
	smtp_client_begin(&d->client, &job);
}

/* Whether TLS alone failed, and the mail may be sent without. */
static bool
may_be_plain(const struct delivery *d, const struct smtp_result *result)
{
	return result->phase == SMTP_PHASE_TLS && result->code == 0 &&
	       !d->plain && d->config->tls != NULL && !d->mail->require_tls;
}

/* Whether there is another server, or another way to talk to this one. */
static bool
has_more(const struct delivery *d, const struct smtp_result *result)
{
	if (may_be_plain(d, result))
		return true;
	return d->i + 1 < d->route.len;
}

static void
on_result(struct delivery *d, size_t n, const struct smtp_result *result)
{
	if (retry_elsewhere(result) && has_more(d, result)) {
		d->again[n] = true;
		d->last = *result;
	} else {
		tell(d, n, result);
	}
}

/* Keeps those that want another server; returns whether there are any. */
static bool
keep_again(struct delivery *d)
{
	size_t kept = 0;

	for (size_t n = 0; n < d->opens; n++)
		if (d->again[n]) {
			d->open[kept] = d->open[n];
			d->place[kept++] = d->place[n];
		}
	memset(d->again, 0, sizeof(d->again));
	d->opens = kept;
	return kept > 0;
}

/* The session is over: on to the next address, or to the end. */
static void
end_session(struct delivery *d, bool clean)
{
	struct stream *stream = take_ptr(&d->stream);

	if (clean)
		stream_finish(stream);
	else
		stream_free(stream);
	loop_timer_clear(d->timer);
	if (d->mail == NULL) {
		end_delivery(d);
		return;
	}
	if (!keep_again(d)) {
		end_mail(d);
		end_delivery(d);
		return;
	}
	if (may_be_plain(d, &d->last)) {
		d->plain = true; /* RFC 7435: rather in clear than not at all */
	} else {
		d->plain = false;
		d->i++;
	}
	try_address(d);
}

static bool
wants_another_server(const struct delivery *d)
{
	for (size_t n = 0; n < d->opens; n++)
		if (d->again[n])
			return true;
	return false;
}

/* The session is free for another mail. */
static void
on_ready(struct delivery *d)
{
	struct mail *mail = NULL;

	if (wants_another_server(d)) {
		smtp_client_quit(&d->client);
		return;
	}
	end_mail(d);
	if (++d->mails < d->config->per_session_max)
		mail = d->on->more(d->context, d);
	if (mail == NULL) {
		smtp_client_quit(&d->client);
	} else {
		take_mail(d, mail);
		begin_job(d);
	}
}

static bool
feed(struct delivery *d)
{
	size_t n = smtp_client_feed(&d->client, stream_peek(d->stream));

	stream_consume(d->stream, n);
	return n > 0;
}

static void
start_tls(struct delivery *d)
{
	struct dname_text host = host_of(d);

	stream_start_tls(d->stream, d->config->tls, false, host.s);
}

static void
set_timer(struct delivery *d, int64_t now)
{
	int64_t due = smtp_client_due(&d->client);

	if (due == SMTP_CLIENT_NEVER)
		loop_timer_clear(d->timer);
	else
		loop_timer_set(d->timer, due > now ? due - now : 0);
}

/* Does what the machine says; false: the session is over, and *d maybe too. */
static bool
pump(struct delivery *d)
{
	int64_t now = clock_mono();
	struct smtp_client_ask ask;

	smtp_client_tick(&d->client, now);
	while (stream_unsent(d->stream) <= UNSENT_MAX ||
	       d->client.state == SMTP_CLIENT_CLOSING) {
		switch (smtp_client_next(&d->client, &ask)) {
		case SMTP_CLIENT_NEED_BYTES:
			if (feed(d))
				break;
			set_timer(d, now);
			return true;
		case SMTP_CLIENT_SEND:
			stream_send(d->stream, ask.bytes);
			break;
		case SMTP_CLIENT_START_TLS:
			start_tls(d);
			set_timer(d, now);
			return true;
		case SMTP_CLIENT_RESULT:
			on_result(d, ask.recipient, ask.result);
			break;
		case SMTP_CLIENT_READY:
			on_ready(d);
			break;
		case SMTP_CLIENT_CLOSE:
			end_session(d, true);
			return false;
		}
	}
	set_timer(d, now);
	return true;
}

/* The mail requires TLS, which we cannot do ourselves. */
static void
no_tls(struct delivery *d)
{
	const struct smtp_result result =
		own_result(SMTP_DEFERRED, SMTP_PHASE_TLS, "4.7.5",
			   "TLS is required, and not to be had here");

	for (size_t n = 0; n < d->opens; n++)
		on_result(d, n, &result);
	end_session(d, false);
}

static void
on_connected(void *context)
{
	struct delivery *d = context;
	bool plain = d->plain || d->config->tls == NULL;
	struct smtp_client_config config = {
		.name = d->config->name,
		.tls = plain ? SMTP_CLIENT_TLS_OFF : SMTP_CLIENT_TLS_MAY,
		.timeouts = d->config->timeouts,
	};

	d->connected = true;
	if (d->mail->require_tls) {
		if (plain) {
			no_tls(d);
			return;
		}
		config.tls = SMTP_CLIENT_TLS_MUST;
	}
	smtp_client_init(&d->client, &config, clock_mono());
	begin_job(d);
	pump(d);
}

static void
on_event(void *context)
{
	struct delivery *d = context;

	if (d->connected)
		pump(d);
}

static void
on_secured(void *context)
{
	struct delivery *d = context;

	smtp_client_secured(&d->client);
	pump(d);
}

/* The connection did not come about. */
static void
not_connected(struct delivery *d, const char *why)
{
	struct net_address to = {.v6 = d->route.address[d->i].at.v6,
				 .port = d->config->port};
	struct smtp_result result;
	char text[300];

	memcpy(to.ip, d->route.address[d->i].at.ip, sizeof(to.ip));
	snprintf(text, sizeof(text), "no connection to %s: %s",
		 net_format(&to).s, why);
	result = own_result(SMTP_DEFERRED, SMTP_PHASE_CONNECT, "4.4.1", text);
	for (size_t n = 0; n < d->opens; n++)
		on_result(d, n, &result);
	end_session(d, false);
}

static void
on_ended(void *context, enum stream_end end, const char *why)
{
	struct delivery *d = context;

	(void)end;
	if (!d->connected) {
		not_connected(d, why);
		return;
	}
	/* What came before the end is heard first. */
	if (pump(d)) {
		smtp_client_lost(&d->client, why);
		pump(d);
	}
}

static void
on_timer(void *context)
{
	struct delivery *d = context;

	if (d->connected)
		pump(d);
	else
		not_connected(d, "it took too long");
}

static const struct stream_handler delivery_stream = {
	.connected = on_connected,
	.readable = on_event,
	.drained = on_event,
	.secured = on_secured,
	.ended = on_ended,
};

/* Connects to address number d->i. */
static void
try_address(struct delivery *d)
{
	const struct route_ip *at = &d->route.address[d->i].at;
	struct net_address to = {.v6 = at->v6, .port = d->config->port};
	struct error error;

	memcpy(to.ip, at->ip, sizeof(to.ip));
	d->connected = false;
	memset(d->again, 0, sizeof(d->again));
	d->stream = stream_connect(d->loop, &to, &delivery_stream, d, &error);
	/* Without a stream the timer says so, and soon. */
	loop_timer_set(d->timer,
		       d->stream != NULL ? d->config->connect_timeout : 0);
}

/* ---- the route ---- */

static void
on_routed(void *context)
{
	struct delivery *d = context;
	struct smtp_result result;

	d->asking = NULL;
	if (d->route.status == ROUTE_OK) {
		d->routed = true;
		try_address(d);
		return;
	}
	result = own_result(d->route.status == ROUTE_FAILED ? SMTP_FAILED
							    : SMTP_DEFERRED,
			    SMTP_PHASE_ROUTE, d->route.enhanced, d->route.text);
	tell_all(d, &result);
	end_delivery(d);
}

struct delivery *
delivery_start(struct loop *loop, struct lookup *lookup,
	       const struct mailer_config *config, uint64_t entropy,
	       struct mail *mail, const struct delivery_handler *on,
	       void *context)
{
	struct delivery *d = mem_new(sizeof(*d));

	d->loop = loop;
	d->lookup = lookup;
	d->config = config;
	d->on = on;
	d->context = context;
	d->domain = mail->domain;
	d->entropy = entropy;
	d->timer = loop_timer_new(loop, on_timer, d);
	take_mail(d, mail);
	route_init(&d->route, &config->route, &mail->domain, entropy);
	d->asking = asking_start(loop, lookup, &route_machine, &d->route, false,
				 on_routed, d);
	return d;
}

const struct dname *
delivery_domain(const struct delivery *d)
{
	return &d->domain;
}

bool
delivery_secured(const struct delivery *d)
{
	return d->client.secured;
}

void
delivery_cancel(struct delivery *d)
{
	delivery_free(d);
}

struct delivery **
delivery_next(struct delivery *d)
{
	return &d->next;
}
