/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any header: the machine ends, asks a bounded number of questions, and never
 * passes, since no key here signed anything; fed octet by octet it says the
 * same.
 */
#include <assert.h>
#include <stdint.h>

#include "mailauth/arc.h"

/* When chains are looked at: ms since 1970. */
#define NOW INT64_C(1794300000000)

/* Validates with the body in pieces of `piece` octets. */
static struct arc_result
validate(const struct header_block *header, size_t piece)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARC_ARENA_MAX);
	CLEANUP(arc_freep) struct arc *m = arc_new(header, NOW, NULL, &arena);
	struct span body = header->body;
	struct dns_question question;
	struct arc_result result;
	unsigned asked = 0;

	while (body.len > 0) {
		arc_feed(m, span_head(body, piece));
		body = span_skip(body, piece);
	}
	arc_end(m);
	while (arc_ask(m, &question)) {
		struct dns_rr rr = {.type = DNS_TXT};
		struct dns_answer a = {.status = DNS_OK, .rr = &rr, .len = 1};

		rr.txt.text = SPAN("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/"
				   "7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
		assert(++asked <= ARC_INSTANCE_MAX + 1);
		arc_answer(m, &a);
	}
	result = *arc_result(m);
	result.domain = SPAN("");
	assert(result.verdict != ARC_PASS);
	assert(result.len <= ARC_INSTANCE_MAX);
	assert(!arena_full(&arena));
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct arc_result whole, pieces;
	struct header_block header;
	size_t offset;

	if (header_parse(span_bytes(data, size), &arena, &header, &offset) >=
	    HEADER_TOO_BIG)
		return 0;
	whole = validate(&header, size);
	pieces = validate(&header, 1);
	assert(whole.verdict == pieces.verdict &&
	       whole.reason == pieces.reason &&
	       whole.instance == pieces.instance && whole.len == pieces.len);
	return 0;
}
