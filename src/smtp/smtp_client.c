/* SPDX-License-Identifier: Apache-2.0 */
#include "smtp/smtp_client.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "smtp/smtp_client_step.h"

void
smtp_client_await(struct smtp_client *m, enum smtp_client_state state,
		  int64_t timeout)
{
	m->state = state;
	m->due = m->now + timeout;
}

void
smtp_client_put(struct smtp_client *m, const char *format, ...)
{
	size_t room = SMTP_CLIENT_OUT_MAX - m->out_len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(m->out + m->out_len, room, format, args);
	va_end(args);
	assert(n >= 0 && (size_t)n + 2 < room);
	m->out_len += (size_t)n;
	memcpy(m->out + m->out_len, "\r\n", 2);
	m->out_len += 2;
}

static enum smtp_outcome
outcome_of(int code)
{
	if (code / 100 == 2)
		return SMTP_DELIVERED;
	return code / 100 == 5 ? SMTP_FAILED : SMTP_DEFERRED;
}

void
smtp_client_judge(struct smtp_client *m)
{
	const struct reply *reply = &m->reader.reply;
	struct smtp_result *result = &m->result;

	*result = (struct smtp_result){
		.outcome = outcome_of(reply->code),
		.phase = m->phase,
		.code = reply->code,
		.tls = m->secured,
	};
	memcpy(result->enhanced, reply->enhanced, sizeof(result->enhanced));
	reply_line(reply, result->text, sizeof(result->text));
}

void
smtp_client_explain(struct smtp_client *m, enum smtp_outcome outcome,
		    const char *format, ...)
{
	va_list args;

	m->result = (struct smtp_result){
		.outcome = outcome,
		.phase = m->phase,
		.tls = m->secured,
	};
	va_start(args, format);
	vsnprintf(m->result.text, sizeof(m->result.text), format, args);
	va_end(args);
}

void
smtp_client_give_all(struct smtp_client *m)
{
	for (size_t i = 0; m->has_job && i < m->job.recipients; i++)
		if (m->recipient[i] < SMTP_CLIENT_GIVE) {
			m->recipient[i] = SMTP_CLIENT_GIVE;
			m->give++;
		}
}

void
smtp_client_abort(struct smtp_client *m)
{
	smtp_client_give_all(m);
	m->state = SMTP_CLIENT_CLOSING;
	m->out_len = 0;
}

void
smtp_client_init(struct smtp_client *m, const struct smtp_client_config *config,
		 int64_t now)
{
	*m = (struct smtp_client){
		.config = *config, .phase = SMTP_PHASE_GREETING, .now = now};
	reply_reader_init(&m->reader);
	smtp_client_await(m, SMTP_CLIENT_GREETING, config->timeouts.greeting);
}

static void
say_hello(struct smtp_client *m, const char *verb, enum smtp_client_state state)
{
	m->phase = SMTP_PHASE_HELLO;
	smtp_client_put(m, "%s " SPAN_FMT, verb, SPAN_ARG(m->config.name));
	smtp_client_await(m, state, m->config.timeouts.command);
}

static void
say_quit(struct smtp_client *m)
{
	smtp_client_put(m, "QUIT");
	smtp_client_await(m, SMTP_CLIENT_QUIT, m->config.timeouts.quit);
}

/* The server will not have us: m->result says why. */
static void
refused(struct smtp_client *m)
{
	smtp_client_give_all(m);
	say_quit(m);
}

static void
on_greeting(struct smtp_client *m)
{
	if (m->result.outcome == SMTP_DELIVERED)
		say_hello(m, "EHLO", SMTP_CLIENT_EHLO);
	else
		refused(m);
}

/* After EHLO: on to TLS, or to the first job. */
static void
on_extensions(struct smtp_client *m)
{
	const struct reply *reply = &m->reader.reply;
	struct span parameters = SPAN("");
	bool tls = reply_offers(reply, SPAN("STARTTLS"), &parameters);

	m->pipelining = reply_offers(reply, SPAN("PIPELINING"), &parameters);
	m->eight_bit = reply_offers(reply, SPAN("8BITMIME"), &parameters);
	m->sizes = reply_offers(reply, SPAN("SIZE"), &parameters);
	m->size_max = 0;
	if (m->sizes && !span_to_u64(parameters, UINT64_MAX, &m->size_max))
		m->size_max = 0;
	if (m->secured || m->config.tls == SMTP_CLIENT_TLS_OFF) {
		tls = false;
	} else if (m->config.tls == SMTP_CLIENT_TLS_MUST && !tls) {
		m->phase = SMTP_PHASE_TLS;
		smtp_client_explain(m, SMTP_DEFERRED,
				    "the server offers no TLS, which must be");
		refused(m);
		return;
	}
	smtp_client_await(m, tls ? SMTP_CLIENT_STARTTLS : SMTP_CLIENT_IDLE,
			  m->config.timeouts.command);
	if (tls) {
		m->phase = SMTP_PHASE_TLS;
		smtp_client_put(m, "STARTTLS");
	}
}

static void
on_ehlo(struct smtp_client *m)
{
	if (m->result.outcome == SMTP_DELIVERED)
		on_extensions(m);
	else if (m->result.outcome == SMTP_FAILED &&
		 m->config.tls != SMTP_CLIENT_TLS_MUST)
		say_hello(m, "HELO", SMTP_CLIENT_HELO);
	else
		refused(m);
}

static void
on_helo(struct smtp_client *m)
{
	if (m->result.outcome != SMTP_DELIVERED) {
		refused(m);
		return;
	}
	m->pipelining = m->eight_bit = m->sizes = false;
	smtp_client_await(m, SMTP_CLIENT_IDLE, m->config.timeouts.command);
}

static void
on_starttls(struct smtp_client *m)
{
	if (m->reader.reply.code == 220) {
		smtp_client_await(m, SMTP_CLIENT_HANDSHAKE,
				  m->config.timeouts.command);
	} else if (m->config.tls == SMTP_CLIENT_TLS_MUST) {
		m->result.outcome = SMTP_DEFERRED;
		refused(m);
	} else {
		smtp_client_await(m, SMTP_CLIENT_IDLE,
				  m->config.timeouts.command);
	}
}

/* The reply in m->reader is whole. */
static void
on_reply(struct smtp_client *m)
{
	smtp_client_judge(m);
	if (m->result.code == 421 && m->state != SMTP_CLIENT_QUIT) {
		smtp_client_abort(m);
		return;
	}
	switch (m->state) {
	case SMTP_CLIENT_GREETING:
		on_greeting(m);
		break;
	case SMTP_CLIENT_EHLO:
		on_ehlo(m);
		break;
	case SMTP_CLIENT_HELO:
		on_helo(m);
		break;
	case SMTP_CLIENT_STARTTLS:
		on_starttls(m);
		break;
	case SMTP_CLIENT_ENVELOPE:
		if (m->replied < m->sent) {
			smtp_client_on_envelope(m);
			break;
		}
		/* fall through */
	case SMTP_CLIENT_IDLE:
	case SMTP_CLIENT_BODY:
		smtp_client_explain(m, SMTP_DEFERRED,
				    "the server spoke out of turn: %.400s",
				    m->reader.reply.text);
		smtp_client_abort(m);
		break;
	case SMTP_CLIENT_END:
		smtp_client_on_end(m);
		break;
	case SMTP_CLIENT_RSET:
		if (m->result.outcome == SMTP_DELIVERED)
			smtp_client_await(m, SMTP_CLIENT_IDLE,
					  m->config.timeouts.command);
		else
			say_quit(m);
		break;
	case SMTP_CLIENT_QUIT:
		m->state = SMTP_CLIENT_CLOSING;
		break;
	case SMTP_CLIENT_HANDSHAKE:
	case SMTP_CLIENT_CLOSING:
		break;
	}
}

size_t
smtp_client_feed(struct smtp_client *m, struct span bytes)
{
	size_t all = 0;

	while (all < bytes.len && m->give == 0) {
		enum reply_status status;
		size_t n;

		/*
		 * What stands behind the 220 to STARTTLS was not said under
		 * TLS, whoever said it: it is dropped.
		 */
		if (m->state == SMTP_CLIENT_HANDSHAKE ||
		    m->state == SMTP_CLIENT_CLOSING)
			return bytes.len;
		status = reply_read(&m->reader, span_skip(bytes, all), &n);
		all += n;
		if (status == REPLY_OK) {
			on_reply(m);
		} else if (status != REPLY_MORE) {
			smtp_client_explain(m, SMTP_DEFERRED, "%s",
					    reply_strerror(status));
			smtp_client_abort(m);
		}
	}
	return all;
}

/* Yields the next result that is waiting. */
static enum smtp_client_event
yield_result(struct smtp_client *m, struct smtp_client_ask *ret)
{
	size_t i = 0;

	while (m->recipient[i] != SMTP_CLIENT_GIVE)
		i++;
	m->recipient[i] = SMTP_CLIENT_DONE;
	m->give--;
	ret->recipient = i;
	ret->result = &m->result;
	return SMTP_CLIENT_RESULT;
}

enum smtp_client_event
smtp_client_next(struct smtp_client *m, struct smtp_client_ask *ret)
{
	*ret = (struct smtp_client_ask){.bytes = SPAN("")};
	if (m->give > 0)
		return yield_result(m, ret);
	if (m->state == SMTP_CLIENT_IDLE && m->out_len == 0) {
		for (size_t i = 0; m->has_job && i < m->job.recipients; i++)
			if (m->recipient[i] == SMTP_CLIENT_OPEN) {
				smtp_client_start(m);
				return smtp_client_next(m, ret);
			}
		m->has_job = false;
		return SMTP_CLIENT_READY;
	}
	if (m->state == SMTP_CLIENT_ENVELOPE)
		smtp_client_put_envelope(m);
	else if (m->state == SMTP_CLIENT_BODY)
		smtp_client_put_body(m);
	if (m->out_len > 0) {
		ret->bytes = (struct span){m->out, m->out_len};
		m->out_len = 0;
		return SMTP_CLIENT_SEND;
	}
	if (m->state == SMTP_CLIENT_HANDSHAKE && !m->asked) {
		m->asked = true;
		return SMTP_CLIENT_START_TLS;
	}
	if (m->state == SMTP_CLIENT_CLOSING)
		return SMTP_CLIENT_CLOSE;
	return SMTP_CLIENT_NEED_BYTES;
}

void
smtp_client_begin(struct smtp_client *m, const struct smtp_job *job)
{
	assert(!m->has_job && job->recipients > 0 &&
	       job->recipients <= SMTP_CLIENT_RECIPIENTS_MAX);
	m->job = *job;
	m->has_job = true;
	memset(m->recipient, SMTP_CLIENT_OPEN, sizeof(m->recipient));
	if (m->state == SMTP_CLIENT_CLOSING || m->state == SMTP_CLIENT_QUIT) {
		smtp_client_explain(m, SMTP_DEFERRED, "the session is over");
		smtp_client_give_all(m);
	}
}

void
smtp_client_quit(struct smtp_client *m)
{
	assert(!m->has_job);
	if (m->state == SMTP_CLIENT_IDLE)
		say_quit(m);
	else
		m->state = SMTP_CLIENT_CLOSING;
}

void
smtp_client_secured(struct smtp_client *m)
{
	if (m->state != SMTP_CLIENT_HANDSHAKE)
		return;
	m->secured = true;
	reply_reader_init(&m->reader);
	say_hello(m, "EHLO", SMTP_CLIENT_EHLO);
}

void
smtp_client_lost(struct smtp_client *m, const char *why)
{
	if (m->state == SMTP_CLIENT_CLOSING)
		return;
	if (m->state != SMTP_CLIENT_QUIT)
		smtp_client_explain(m, SMTP_DEFERRED, "%s: %s",
				    smtp_phase_name(m->phase), why);
	smtp_client_abort(m);
}

int64_t
smtp_client_due(const struct smtp_client *m)
{
	return m->state == SMTP_CLIENT_CLOSING ? SMTP_CLIENT_NEVER : m->due;
}

void
smtp_client_tick(struct smtp_client *m, int64_t now)
{
	m->now = now;
	if (now < smtp_client_due(m))
		return;
	smtp_client_lost(m, "the server took too long");
}

const char *
smtp_phase_name(enum smtp_phase phase)
{
	static const char *const name[] = {
		[SMTP_PHASE_ROUTE] = "route",
		[SMTP_PHASE_CONNECT] = "connection",
		[SMTP_PHASE_GREETING] = "greeting",
		[SMTP_PHASE_HELLO] = "EHLO",
		[SMTP_PHASE_TLS] = "STARTTLS",
		[SMTP_PHASE_MAIL] = "MAIL FROM",
		[SMTP_PHASE_RECIPIENT] = "RCPT TO",
		[SMTP_PHASE_DATA] = "DATA",
		[SMTP_PHASE_MESSAGE] = "end of message",
	};
	return name[phase];
}
