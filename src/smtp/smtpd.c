/* SPDX-License-Identifier: Apache-2.0 */
#include "smtp/smtpd.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "smtp/smtpd_cmd.h"

/* Longest line of a reply: RFC 5321 section 4.5.3.1.5, without its CRLF. */
#define REPLY_MAX 510

/* Makes what goes into a reply printable, whoever wrote it. */
static void
clean(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			text[i] = '?';
}

void
smtpd_reply(struct smtpd *m, int code, const char *enhanced, const char *format,
	    ...)
{
	char text[REPLY_MAX + 1];
	va_list args;
	int head, n;

	head = snprintf(text, sizeof(text), "%d %s%s", code, enhanced,
			enhanced[0] != '\0' ? " " : "");
	va_start(args, format);
	n = vsnprintf(text + head, sizeof(text) - (size_t)head, format, args);
	va_end(args);
	n = n < 0 ? head : head + n;
	if (n > REPLY_MAX)
		n = REPLY_MAX;
	clean(text, (size_t)n);
	assert(m->out_len + (size_t)n + 2 <= SMTPD_OUT_MAX);
	memcpy(m->out + m->out_len, text, (size_t)n);
	memcpy(m->out + m->out_len + n, "\r\n", 2);
	m->out_len += (size_t)n + 2;
	if (code >= 500)
		m->errors++;
}

void
smtpd_close(struct smtpd *m, enum smtpd_end end)
{
	if (m->state == SMTPD_CLOSING)
		return;
	smtpd_forget(m);
	m->state = SMTPD_CLOSING;
	m->end = end;
}

void
smtpd_await(struct smtpd *m, enum smtpd_state state)
{
	if (m->state == SMTPD_CLOSING)
		return;
	m->state = state;
	m->due = m->now + m->config.timeout;
	m->line_len = 0;
	if (m->draining && state == SMTPD_COMMAND && !m->in_mail) {
		smtpd_reply(m, 421, "4.3.2", "going down, try again later");
		smtpd_close(m, SMTPD_END_DRAINED);
	}
}

void
smtpd_ask(struct smtpd *m, enum smtpd_state state)
{
	m->state = state;
	m->asked = true;
}

void
smtpd_forget(struct smtpd *m)
{
	m->dropped = m->dropped || m->in_mail;
	m->in_mail = false;
	m->recipients = 0;
	m->chunk_len = 0;
}

bool
smtpd_junk(struct smtpd *m)
{
	if (++m->junk <= m->config.junk_max)
		return true;
	smtpd_reply(m, 421, "4.7.0", "too many commands that send no mail");
	smtpd_close(m, SMTPD_END_JUNK);
	return false;
}

bool
smtpd_is_last(struct smtpd *m)
{
	if (!m->behind)
		return true;
	smtpd_reply(m, 554, "5.5.0", "you must wait for the reply");
	smtpd_close(m, SMTPD_END_PIPELINING);
	return false;
}

static void
greet(struct smtpd *m)
{
	smtpd_reply(m, 220, "", SPAN_FMT " ESMTP", SPAN_ARG(m->config.name));
	smtpd_await(m, SMTPD_COMMAND);
}

void
smtpd_init(struct smtpd *m, const struct smtpd_config *config, int64_t now)
{
	*m = (struct smtpd){.config = *config, .now = now};
	m->due = now + config->greet_delay;
	if (config->greet_delay == 0)
		greet(m);
}

/* Ends the session of a client that has been refused too often. */
static void
check_errors(struct smtpd *m)
{
	if (m->errors <= m->config.errors_max || m->state == SMTPD_CLOSING)
		return;
	smtpd_reply(m, 421, "4.7.0", "too many errors");
	smtpd_close(m, SMTPD_END_ERRORS);
}

/* Runs the line that has come, without its CRLF. */
static void
end_line(struct smtpd *m)
{
	struct span line = {m->line, m->line_len - 2};

	smtpd_await(m, SMTPD_COMMAND);
	if (m->state == SMTPD_COMMAND)
		smtpd_command(m, line);
	check_errors(m);
}

static bool
line_has_ended(const struct smtpd *m)
{
	return m->line_len >= 2 && m->line[m->line_len - 1] == '\n' &&
	       m->line[m->line_len - 2] == '\r';
}

static size_t
feed_command(struct smtpd *m, struct span bytes)
{
	size_t n = 0;

	while (n < bytes.len && m->line_len < SMTPD_LINE_MAX) {
		m->line[m->line_len++] = bytes.ptr[n++];
		if (line_has_ended(m)) {
			m->behind = n < bytes.len;
			end_line(m);
			return n;
		}
	}
	if (m->line_len == SMTPD_LINE_MAX) {
		smtpd_reply(m, 500, "5.5.2", "the line is too long");
		m->state = SMTPD_SKIP;
		check_errors(m);
	}
	return n;
}

/* Throws away the rest of a line that was too long, keeping its last octet. */
static size_t
feed_skip(struct smtpd *m, struct span bytes)
{
	char last = m->line[SMTPD_LINE_MAX - 1];
	size_t n = 0;

	while (n < bytes.len) {
		char c = bytes.ptr[n++];

		if (last == '\r' && c == '\n') {
			smtpd_await(m, SMTPD_COMMAND);
			return n;
		}
		last = c;
	}
	m->line[SMTPD_LINE_MAX - 1] = last;
	return n;
}

/* Each octet buys time at the least rate, up to the whole time again. */
static void
buy_time(struct smtpd *m, size_t n)
{
	int64_t most = m->now + m->config.timeout;
	int64_t bought = (int64_t)n * 1000 / m->config.rate_min;

	m->due = bought < most - m->due ? m->due + bought : most;
}

static size_t
feed_data(struct smtpd *m, struct span bytes)
{
	struct writer to = writer_over(m->chunk, SMTPD_CHUNK_MAX);
	size_t n;

	to.len = m->chunk_len;
	n = undot_feed(&m->undot, bytes, &to);
	m->chunk_len = to.len;
	buy_time(m, n);
	if (undot_ended(&m->undot))
		smtpd_data_ended(m);
	return n;
}

size_t
smtpd_feed(struct smtpd *m, struct span bytes)
{
	if (m->out_len > 0 || bytes.len == 0)
		return 0;
	switch (m->state) {
	case SMTPD_GREET:
		smtpd_reply(m, 554, "5.5.1", "you must wait for the greeting");
		smtpd_close(m, SMTPD_END_PREGREET);
		return bytes.len;
	case SMTPD_COMMAND:
		return feed_command(m, bytes);
	case SMTPD_SKIP:
		return feed_skip(m, bytes);
	case SMTPD_DATA:
		return feed_data(m, bytes);
	case SMTPD_WAIT_MAIL:
	case SMTPD_WAIT_RCPT:
	case SMTPD_WAIT_STORED:
		return 0;
	case SMTPD_WAIT_TLS:
		/* Plain text behind STARTTLS: CVE-2011-0411. */
		smtpd_close(m, SMTPD_END_PIPELINING);
		return bytes.len;
	case SMTPD_CLOSING:
		return bytes.len;
	}
	return 0;
}

/* Yields the question that the state waits for an answer to. */
static enum smtpd_event
yield_ask(struct smtpd *m, struct smtpd_ask *ret)
{
	m->asked = false;
	ret->path = &m->path;
	ret->size = m->size;
	ret->eight_bit = m->eight_bit;
	if (m->state == SMTPD_WAIT_MAIL)
		return SMTPD_ASK_MAIL;
	if (m->state == SMTPD_WAIT_RCPT)
		return SMTPD_ASK_RECIPIENT;
	if (m->state == SMTPD_WAIT_STORED)
		return SMTPD_ASK_MESSAGE;
	return SMTPD_START_TLS;
}

enum smtpd_event
smtpd_next(struct smtpd *m, struct smtpd_ask *ret)
{
	*ret = (struct smtpd_ask){.bytes = SPAN("")};
	if (m->dropped) {
		m->dropped = false;
		return SMTPD_DROP;
	}
	if (m->chunk_len > 0) {
		ret->bytes = (struct span){m->chunk, m->chunk_len};
		m->chunk_len = 0;
		return SMTPD_BODY;
	}
	if (m->out_len > 0) {
		ret->bytes = (struct span){m->out, m->out_len};
		m->out_len = 0;
		return SMTPD_SEND;
	}
	if (m->state == SMTPD_CLOSING) {
		ret->end = m->end;
		return SMTPD_CLOSE;
	}
	return m->asked ? yield_ask(m, ret) : SMTPD_NEED_BYTES;
}

/* Puts the reply to the client that a verdict asks for. */
static void
reply_verdict(struct smtpd *m, const struct smtpd_verdict *v, int code,
	      const char *usual)
{
	const char *enhanced = v->enhanced;
	const char *text = v->text;

	if (enhanced == NULL)
		enhanced = code < 400   ? "2.0.0"
			   : code < 500 ? "4.3.0"
					: "5.7.1";
	if (text == NULL)
		text = code < 400 ? usual : "refused";
	smtpd_reply(m, code, enhanced, "%.*s", SMTPD_TEXT_MAX, text);
	if (v->close)
		smtpd_close(m, SMTPD_END_REFUSED);
}

void
smtpd_answer(struct smtpd *m, const struct smtpd_verdict *v)
{
	enum smtpd_state asked = m->state;
	int code = v->code == 0 ? 250 : v->code;
	bool yes = code < 400;

	assert(!m->asked);
	if (asked == SMTPD_WAIT_MAIL) {
		m->in_mail = yes;
		reply_verdict(m, v, code, "sender ok");
	} else if (asked == SMTPD_WAIT_RCPT) {
		m->recipients += yes;
		reply_verdict(m, v, code, "recipient ok");
	} else if (asked == SMTPD_WAIT_STORED) {
		m->in_mail = false; /* it was answered: there is no DROP */
		m->recipients = 0;
		if (yes)
			m->junk = 0;
		reply_verdict(m, v, code, "message accepted");
	} else {
		return; /* closed meanwhile */
	}
	smtpd_await(m, SMTPD_COMMAND);
}

void
smtpd_secured(struct smtpd *m)
{
	if (m->state != SMTPD_WAIT_TLS)
		return;
	smtpd_forget(m);
	m->secured = true;
	m->helo_len = 0;
	smtpd_await(m, SMTPD_COMMAND);
}

void
smtpd_drain(struct smtpd *m)
{
	m->draining = true;
	if (m->state == SMTPD_GREET ||
	    (m->state == SMTPD_COMMAND && !m->in_mail && m->line_len == 0))
		smtpd_await(m, SMTPD_COMMAND);
}

int64_t
smtpd_due(const struct smtpd *m)
{
	switch (m->state) {
	case SMTPD_GREET:
	case SMTPD_COMMAND:
	case SMTPD_SKIP:
	case SMTPD_DATA:
	case SMTPD_WAIT_TLS:
		return m->due;
	case SMTPD_WAIT_MAIL:
	case SMTPD_WAIT_RCPT:
	case SMTPD_WAIT_STORED:
	case SMTPD_CLOSING:
		break;
	}
	return SMTPD_NEVER;
}

void
smtpd_tick(struct smtpd *m, int64_t now)
{
	m->now = now;
	if (now < smtpd_due(m))
		return;
	if (m->state == SMTPD_GREET) {
		greet(m);
		return;
	}
	if (m->state != SMTPD_WAIT_TLS)
		smtpd_reply(m, 421, "4.4.2", "you took too long");
	smtpd_close(m, SMTPD_END_TIMEOUT);
}

struct span
smtpd_helo(const struct smtpd *m)
{
	return span_bytes(m->helo, m->helo_len);
}
