/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A body canonicalised in one go, in pieces and by a slow twin that follows
 * RFC 6376 section 3.4 word by word must come out the same.
 */
#include <assert.h>
#include <stdint.h>

#include "mailauth/canon.h"

#define ROOM ((size_t)1 << 22)

static void
add(void *context, struct span bytes)
{
	buf_add(context, bytes);
}

static bool
is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* One line without its CRLF, with its white space reduced. */
static void
reduce(struct span line, struct buf *to)
{
	while (line.len > 0 && is_wsp(line.ptr[line.len - 1]))
		line.len--;
	for (size_t i = 0; i < line.len; i++) {
		if (!is_wsp(line.ptr[i]))
			buf_addc(to, line.ptr[i]);
		else if (i == 0 || !is_wsp(line.ptr[i - 1]))
			buf_addc(to, ' ');
	}
}

/* The whole body line by line, then without what is at its end. */
static void
twin(enum canon form, struct span body, struct buf *to)
{
	while (body.len > 0) {
		size_t n = span_search(body, SPAN("\r\n"));
		struct span line =
			span_sub(body, 0, n == SPAN_NONE ? body.len : n);

		if (form == CANON_RELAXED)
			reduce(line, to);
		else
			buf_add(to, line);
		buf_adds(to, "\r\n");
		body = span_skip(body, line.len + 2);
	}
	while (span_ends(buf_span(to), SPAN("\r\n\r\n")))
		buf_truncate(to, to->len - 2);
	if (span_equal(buf_span(to), SPAN("\r\n")))
		buf_truncate(to, 0);
	if (to->len == 0 && form == CANON_SIMPLE)
		buf_adds(to, "\r\n");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_release) struct buf want = BUF_INIT(ROOM);
	CLEANUP(buf_release) struct buf got = BUF_INIT(ROOM);
	struct span body = span_bytes(data, size);

	for (enum canon form = CANON_SIMPLE; form <= CANON_RELAXED; form++) {
		buf_clear(&want);
		twin(form, body, &want);
		for (size_t piece = 1; piece <= size + 1; piece = piece * 7) {
			struct canon_body b;
			struct span rest = body;

			buf_clear(&got);
			canon_body_init(&b, form,
					(struct canon_sink){add, &got});
			while (rest.len > 0) {
				size_t n = rest.len < piece ? rest.len : piece;

				canon_body_feed(&b, span_sub(rest, 0, n));
				rest = span_skip(rest, n);
			}
			canon_body_end(&b);
			assert(b.total == got.len);
			assert(span_equal(buf_span(&got), buf_span(&want)));
		}
		/* A header field: what is canonical is so already. */
		buf_clear(&got);
		buf_clear(&want);
		canon_header(form, body, &got);
		assert(span_ends(buf_span(&got), SPAN("\r\n")));
		canon_header(form, buf_span(&got), &want);
		if (form == CANON_SIMPLE)
			assert(span_equal(buf_span(&got), buf_span(&want)));
	}
	return 0;
}
