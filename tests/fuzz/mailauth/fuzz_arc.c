/* SPDX-License-Identifier: Apache-2.0 */
/* Any header: the machine ends, asks a bounded number of questions, and never
 * passes, since no key here signed anything. */
#include <assert.h>
#include <stdint.h>

#include "mailauth/arc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT(ARC_ARENA_MAX + ((size_t)1 << 20));
	struct dns_question question;
	struct header_block header;
	unsigned asked = 0;
	struct arc *m;
	size_t offset;

	if (header_parse(span_bytes(data, size), &arena, &header, &offset) >=
	    HEADER_TOO_BIG) {
		arena_release(&arena);
		return 0;
	}
	m = arc_new(&header, &arena);
	arc_feed(m, header.body);
	arc_end(m);
	while (arc_ask(m, &question)) {
		struct dns_rr rr = {.type = DNS_TXT};
		struct dns_answer a = {.status = DNS_OK, .rr = &rr, .len = 1};

		rr.txt.text = SPAN("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/"
				   "7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
		assert(++asked <= ARC_INSTANCE_MAX + 1);
		arc_answer(m, &a);
	}
	assert(arc_result(m)->verdict != ARC_PASS);
	assert(arc_result(m)->len <= ARC_INSTANCE_MAX);
	assert(!arena_full(&arena));
	arc_free(m);
	arena_release(&arena);
	return 0;
}
