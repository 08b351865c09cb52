/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A body canonicalised in one go, in pieces and by a slow twin that follows
 * RFC 6376 section 3.4 word by word must come out the same; a field too.
 */
#include <assert.h>
#include <stdint.h>

#include "../../unit/mailauth/canon_twin.h"

#define ROOM ((size_t)1 << 22)

static void
add(void *context, struct span bytes)
{
	assert(bytes.len > 0);
	buf_add(context, bytes);
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
		twin_body(form, body, &want);
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
		if (form == CANON_RELAXED) {
			buf_clear(&got);
			buf_clear(&want);
			canon_header(form, body, &got);
			twin_header(body, &want);
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
