/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes, in pieces of any size: the machine says the same as when it is
 * fed whole, never waits for an answer it has, and yields requests that keep
 * what request.h promises.
 */
#include <assert.h>
#include <stdint.h>

#include "http/httpd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
inside(struct span part, const struct httpd *m)
{
	return part.len == 0 ||
	       (part.ptr >= m->head.ptr &&
		part.ptr + part.len <= m->head.ptr + m->head.len);
}

static void
check(const struct httpd *m, const struct httpd_ask *ask)
{
	const struct http_request *r = ask->request;

	assert(inside(r->target, m) && inside(r->host, m));
	assert(r->target.len >= 1 && r->target.len <= HTTP_TARGET_MAX);
	assert(r->target.ptr[0] == '/' && r->host.len > 0);
	assert(http_header_count(r, SPAN("host")) == 1);
	assert(http_header_get(r, SPAN("transfer-encoding")) == NULL);
	for (size_t i = 0; i < r->headers; i++)
		assert(inside(r->header[i].name, m) &&
		       inside(r->header[i].value, m));
}

static bool
serve(struct httpd *m, struct buf *log)
{
	struct http_response response = {.status = 200};
	struct httpd_ask ask;

	for (;;) {
		switch (httpd_next(m, &ask)) {
		case HTTPD_SEND:
			/* whether it is sent depends on the pieces */
			if (!span_starts(ask.bytes, SPAN("HTTP/1.1 100 ")))
				buf_add(log, ask.bytes);
			break;
		case HTTPD_HEAD:
			check(m, &ask);
			response.body = SPAN("");
			if (span_starts(ask.request->path, SPAN("/no")))
				httpd_respond(m, &response);
			else
				httpd_accept(m, 64);
			break;
		case HTTPD_REQUEST:
			check(m, &ask);
			assert(ask.body.len == ask.request->length);
			buf_add(log, ask.body);
			response.body = ask.request->path;
			httpd_respond(m, &response);
			break;
		case HTTPD_NEED_BYTES:
			return true;
		case HTTPD_CLOSE:
			return false;
		case HTTPD_WAIT:
			assert(false);
		}
	}
}

static void
run(struct span bytes, size_t step, struct buf *log)
{
	struct httpd m;

	httpd_init(&m, &HTTPD_LIMITS_DEFAULT, 0);
	while (bytes.len > 0) {
		size_t n = bytes.len < step ? bytes.len : step;
		size_t taken = httpd_feed(&m, span_sub(bytes, 0, n));

		bytes = span_skip(bytes, taken);
		if (!serve(&m, log))
			break;
		assert(taken > 0);
	}
	httpd_release(&m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_release) struct buf whole = BUF_INIT(1 << 24);
	CLEANUP(buf_release) struct buf pieces = BUF_INIT(1 << 24);

	if (size == 0)
		return 0;
	run(span_bytes(data + 1, size - 1), SIZE_MAX, &whole);
	run(span_bytes(data + 1, size - 1), (size_t)data[0] % 16 + 1, &pieces);
	assert(span_equal(buf_span(&whole), buf_span(&pieces)));
	return 0;
}
