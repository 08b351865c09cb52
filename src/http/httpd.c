/* SPDX-License-Identifier: Apache-2.0 */
#include "http/httpd.h"

#include <assert.h>

/* Room for a whole response: its head has what HTTP_HEAD_MAX would allow. */
#define OUT_MAX (HTTP_RESPONSE_MAX + HTTP_HEAD_MAX)

static void
enter(struct httpd *m, enum httpd_state state)
{
	m->state = state;
	m->asked = false;
	m->since = m->now;
}

void
httpd_init(struct httpd *m, const struct httpd_limits *limits, int64_t now)
{
	*m = (struct httpd){
		.limits = *limits, .now = now, .since = now, .fresh = true};
	buf_init(&m->in, HTTP_HEAD_MAX);
	buf_init(&m->head, HTTP_HEAD_MAX);
	buf_init(&m->body, 0);
	buf_init(&m->out, OUT_MAX);
}

void
httpd_release(struct httpd *m)
{
	buf_release(&m->in);
	buf_release(&m->head);
	buf_release(&m->body);
	buf_release(&m->out);
}

/* Drops what was written, so that `out` holds only what is yet to go. */
static void
settle_out(struct httpd *m)
{
	if (m->sending && m->out.room > HTTP_HEAD_MAX)
		buf_release(&m->out);
	if (m->sending)
		buf_clear(&m->out);
	m->sending = false;
}

static void
put_response(struct httpd *m, const struct http_response *response, bool close)
{
	static const struct http_response failed = {.status = 500};
	bool head =
		m->head.len > 0 && span_equal(m->request.method, SPAN("HEAD"));

	settle_out(m);
	if (http_response_write(response, m->now, close, head, &m->out))
		return;
	buf_clear(&m->out);
	if (!http_response_write(&failed, m->now, close, head, &m->out))
		assert(false);
}

/* Answers what cannot be served, and ends the connection. */
static void
refuse(struct httpd *m, int status, const char *text)
{
	CLEANUP(buf_release) struct buf body = BUF_INIT(1000);
	struct http_response response = {.status = status};

	buf_addf(&body, "{\"message\":\"%s\"}", text);
	response.body = buf_span(&body);
	http_response_add(&response, SPAN("Content-Type"),
			  SPAN("application/json"));
	put_response(m, &response, true);
	enter(m, HTTPD_IN_END);
}

static void
refuse_verdict(struct httpd *m, enum http_verdict verdict)
{
	buf_clear(&m->head);
	refuse(m, http_verdict_status(verdict), http_verdict_text(verdict));
}

/*
 * Looks at the octets that came new.  Returns whether the head is complete;
 * what is wrong is refused as soon as it is seen, since no end of it need
 * ever come.
 */
static bool
look(struct httpd *m, size_t *ret_end)
{
	const char *ptr = m->in.ptr;

	for (; m->seen < m->in.len; m->seen++) {
		size_t i = m->seen;
		uint8_t c = (uint8_t)ptr[i];
		bool after_cr = i > 0 && ptr[i - 1] == '\r';

		if (after_cr != (c == '\n') || c == 0x7f ||
		    (c < ' ' && c != '\t' && c != '\r' && c != '\n')) {
			refuse_verdict(m, HTTP_BAD_OCTET);
			return false;
		}
		if (c != '\n')
			continue;
		if (!m->lined) {
			enum http_verdict verdict = http_line_parse(
				span_bytes(ptr, i - 1), &m->request);

			if (verdict != HTTP_OK) {
				refuse_verdict(m, verdict);
				return false;
			}
			m->lined = true;
		} else if (i >= 3 && ptr[i - 2] == '\n') {
			*ret_end = i + 1;
			return true;
		}
	}
	return false;
}

/* RFC 9112 s2.2: "SHOULD ignore at least one empty line (CRLF) received
 * prior to the request-line"; we ignore just one. */
static void
skip_empty_line(struct httpd *m)
{
	if (m->lined || m->skipped ||
	    !span_starts(buf_span(&m->in), SPAN("\r\n")))
		return;
	buf_consume(&m->in, 2);
	m->seen = 0;
	m->skipped = true;
}

static void
read_head(struct httpd *m)
{
	enum http_verdict verdict;
	size_t end;

	skip_empty_line(m);
	if (!look(m, &end)) {
		if (m->state != HTTPD_IN_HEAD)
			return;
		if (m->in.len == m->in.limit)
			refuse_verdict(m, m->lined ? HTTP_LONG_HEAD
						   : HTTP_LONG_TARGET);
		else if (m->eof)
			enter(m, HTTPD_IN_END);
		return;
	}
	buf_clear(&m->head);
	buf_add(&m->head, span_bytes(m->in.ptr, end));
	buf_consume(&m->in, end);
	m->seen = 0;
	m->lined = false;
	m->skipped = false;
	m->fresh = false;
	verdict = http_request_parse(buf_span(&m->head), &m->request);
	if (verdict != HTTP_OK)
		refuse_verdict(m, verdict);
	else
		enter(m, HTTPD_IN_GATE);
}

/* Moves up to what is missing of the body out of `bytes`; returns how many. */
static size_t
take_body(struct httpd *m, struct span bytes)
{
	size_t missing = (size_t)m->request.length - m->body.len;
	size_t n = bytes.len < missing ? bytes.len : missing;

	buf_add(&m->body, span_sub(bytes, 0, n));
	return n;
}

static void
read_body(struct httpd *m)
{
	buf_consume(&m->in, take_body(m, buf_span(&m->in)));
	if (m->body.len == m->request.length)
		enter(m, HTTPD_IN_ANSWER);
	else if (m->eof)
		enter(m, HTTPD_IN_END);
}

static void
read_drain(struct httpd *m)
{
	m->drained += m->in.len;
	buf_clear(&m->in);
	if (m->drained >= m->request.length || m->drained >= HTTPD_DRAIN_MAX ||
	    m->eof)
		enter(m, HTTPD_IN_END);
}

size_t
httpd_feed(struct httpd *m, struct span bytes)
{
	size_t n, taken = 0;

	if (m->state == HTTPD_IN_END || m->eof)
		return bytes.len;
	if (m->state == HTTPD_IN_DRAIN) {
		m->drained += bytes.len;
		return bytes.len;
	}
	if (m->state == HTTPD_IN_HEAD && m->in.len == 0 && !m->skipped &&
	    !m->fresh && bytes.len > 0)
		m->since = m->now;
	if (m->state == HTTPD_IN_BODY && m->in.len == 0)
		taken = take_body(m, bytes);
	n = m->in.limit - m->in.len;
	if (n > bytes.len - taken)
		n = bytes.len - taken;
	buf_add(&m->in, span_sub(bytes, taken, taken + n));
	return taken + n;
}

void
httpd_eof(struct httpd *m)
{
	m->eof = true;
}

/* Reads on, as far as what was fed goes. */
static void
advance(struct httpd *m)
{
	enum httpd_state before;

	do {
		before = m->state;
		if (m->state == HTTPD_IN_HEAD)
			read_head(m);
		else if (m->state == HTTPD_IN_BODY)
			read_body(m);
		else if (m->state == HTTPD_IN_DRAIN)
			read_drain(m);
	} while (m->state != before);
}

/* Yields `event` once; after that, only that it waits. */
static enum httpd_event
ask_once(struct httpd *m, enum httpd_event event, struct httpd_ask *ret)
{
	if (m->asked)
		return HTTPD_WAIT;
	m->asked = true;
	ret->request = &m->request;
	ret->body = buf_span(&m->body);
	return event;
}

enum httpd_event
httpd_next(struct httpd *m, struct httpd_ask *ret)
{
	settle_out(m);
	*ret = (struct httpd_ask){.bytes = SPAN(""), .body = SPAN("")};
	if (m->out.len == 0)
		advance(m);
	if (m->out.len > 0) {
		m->sending = true;
		ret->bytes = buf_span(&m->out);
		return HTTPD_SEND;
	}
	switch (m->state) {
	case HTTPD_IN_GATE:
		return ask_once(m, HTTPD_HEAD, ret);
	case HTTPD_IN_ANSWER:
		return ask_once(m, HTTPD_REQUEST, ret);
	case HTTPD_IN_END:
		return HTTPD_CLOSE;
	case HTTPD_IN_HEAD:
	case HTTPD_IN_BODY:
	case HTTPD_IN_DRAIN:
		break;
	}
	return HTTPD_NEED_BYTES;
}

bool
httpd_accept(struct httpd *m, size_t body_max)
{
	assert(m->state == HTTPD_IN_GATE && m->asked);
	if (m->request.length > body_max) {
		struct http_response response = {
			.status = 413,
			.body = SPAN("{\"message\":\"the body is too long\"}")};

		http_response_add(&response, SPAN("Content-Type"),
				  SPAN("application/json"));
		httpd_respond(m, &response);
		return false;
	}
	buf_release(&m->body);
	buf_init(&m->body, (size_t)m->request.length);
	buf_reserve(&m->body, (size_t)m->request.length);
	settle_out(m);
	/* RFC 9110 s10.1.1: not if the content began to come already */
	if (m->request.expects && m->in.len == 0)
		buf_adds(&m->out, "HTTP/1.1 100 Continue\r\n\r\n");
	enter(m, HTTPD_IN_BODY);
	return true;
}

void
httpd_respond(struct httpd *m, const struct http_response *response)
{
	bool refused = m->state == HTTPD_IN_GATE && m->request.length > 0;
	bool close = m->request.close || m->eof || m->finishing || refused;

	assert(m->state == HTTPD_IN_GATE || m->state == HTTPD_IN_ANSWER);
	put_response(m, response, close);
	m->drained = 0;
	/* who waits for 100 has not sent its body, and will not */
	if (refused && !m->request.expects)
		enter(m, HTTPD_IN_DRAIN);
	else
		enter(m, close ? HTTPD_IN_END : HTTPD_IN_HEAD);
	buf_clear(&m->head);
	buf_release(&m->body);
}

void
httpd_take_body(struct httpd *m, struct buf *ret)
{
	assert(m->state == HTTPD_IN_ANSWER);
	*ret = m->body;
	buf_init(&m->body, 0);
}

struct buf
httpd_take_head(struct httpd *m)
{
	struct buf head = m->head;

	buf_init(&m->head, HTTP_HEAD_MAX);
	return head;
}

void
httpd_finish(struct httpd *m)
{
	if (m->state == HTTPD_IN_HEAD && m->in.len == 0)
		enter(m, HTTPD_IN_END);
	else
		m->finishing = true;
}

/* Milliseconds that a body may take of which so much is there. */
static int64_t
body_time(const struct httpd *m)
{
	int64_t ms = m->limits.grace_ms +
		     (int64_t)(m->body.len * 1000 / m->limits.rate);

	return ms < m->limits.body_ms ? ms : m->limits.body_ms;
}

int64_t
httpd_due(const struct httpd *m)
{
	switch (m->state) {
	case HTTPD_IN_HEAD:
		return m->since + (m->in.len > 0 || m->skipped || m->fresh
					   ? m->limits.head_ms
					   : m->limits.idle_ms);
	case HTTPD_IN_BODY:
		return m->since + body_time(m);
	case HTTPD_IN_DRAIN:
		return m->since + HTTPD_DRAIN_MS;
	case HTTPD_IN_GATE:
	case HTTPD_IN_ANSWER:
	case HTTPD_IN_END:
		break;
	}
	return HTTPD_NEVER;
}

void
httpd_tick(struct httpd *m, int64_t now)
{
	if (now < m->now)
		m->since -= m->now - now;
	m->now = now;
	if (now < httpd_due(m))
		return;
	if ((m->state == HTTPD_IN_HEAD && m->in.len > 0) ||
	    m->state == HTTPD_IN_BODY)
		refuse(m, 408, "the request did not come in time");
	else
		enter(m, HTTPD_IN_END);
}
