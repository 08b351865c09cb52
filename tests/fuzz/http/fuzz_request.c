/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request line and fields, any bytes: what is understood keeps what
 * request.h promises, and says the same when it is written anew from its
 * parts, so that nobody behind us can read another request in it.
 */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "http/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
inside(struct span part, struct span whole)
{
	return part.len == 0 || (part.ptr >= whole.ptr &&
				 part.ptr + part.len <= whole.ptr + whole.len);
}

/* Nothing that ends a line, or a text, may be left in a part. */
static void
check_plain(struct span part)
{
	assert(span_find(part, '\r') == SPAN_NONE &&
	       span_find(part, '\n') == SPAN_NONE &&
	       span_find(part, '\0') == SPAN_NONE);
}

static void
check(const struct http_request *r, struct span head)
{
	assert(r->target.len >= 1 && r->target.len <= HTTP_TARGET_MAX);
	assert(r->target.ptr[0] == '/');
	assert(inside(r->method, head) && inside(r->target, head));
	assert(span_find(r->path, '?') == SPAN_NONE);
	assert(r->path.len +
		       (r->path.len < r->target.len ? 1 + r->query.len : 0) ==
	       r->target.len);
	assert(span_find(r->target, ' ') == SPAN_NONE);
	check_plain(r->target);
	assert(r->headers >= 1 && r->headers <= HTTP_HEADERS_MAX);
	assert(http_header_count(r, SPAN("host")) == 1 && r->host.len > 0);
	assert(http_header_count(r, SPAN("content-length")) <= 1);
	assert(http_header_count(r, SPAN("transfer-encoding")) == 0);
	for (size_t i = 0; i < r->headers; i++) {
		struct span name = r->header[i].name;
		struct span value = r->header[i].value;

		assert(inside(name, head) && inside(value, head));
		assert(name.len > 0 && span_find(name, ':') == SPAN_NONE);
		assert(span_equal(span_trim(value), value));
		check_plain(name);
		check_plain(value);
	}
}

/* Writes what was understood as a client would. */
static void
write_head(const struct http_request *r, struct buf *ret)
{
	buf_addf(ret, SPAN_FMT " " SPAN_FMT " HTTP/1.1\r\n",
		 SPAN_ARG(r->method), SPAN_ARG(r->target));
	for (size_t i = 0; i < r->headers; i++) {
		buf_add(ret, r->header[i].name);
		buf_addc(ret, ':');
		buf_add(ret, r->header[i].value);
		buf_adds(ret, "\r\n");
	}
	buf_adds(ret, "\r\n");
}

static void
same(const struct http_request *a, const struct http_request *b)
{
	assert(span_equal(a->method, b->method));
	assert(span_equal(a->path, b->path));
	assert(span_equal(a->query, b->query));
	assert(span_equal(a->host, b->host));
	assert(a->length == b->length && a->headers == b->headers);
	assert(a->expects == b->expects && a->close == b->close);
	for (size_t i = 0; i < a->headers; i++)
		assert(span_equal(a->header[i].name, b->header[i].name) &&
		       span_equal(a->header[i].value, b->header[i].value));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_release) struct buf anew = BUF_INIT(2 * HTTP_HEAD_MAX);
	struct span head = span_bytes(data, size);
	struct http_request request, again;
	enum http_verdict verdict = http_request_parse(head, &request);

	assert(verdict < HTTP_VERDICT_COUNT);
	assert((http_verdict_status(verdict) == 200) == (verdict == HTTP_OK));
	assert(http_verdict_text(verdict) != NULL);
	if (verdict != HTTP_OK)
		return 0;
	check(&request, head);
	write_head(&request, &anew);
	assert(http_request_parse(buf_span(&anew), &again) == HTTP_OK);
	same(&request, &again);
	return 0;
}
