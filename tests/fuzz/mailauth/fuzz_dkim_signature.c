/* SPDX-License-Identifier: Apache-2.0 */
/* A signature that is accepted keeps every promise of dkim_signature.h. */
#include <assert.h>
#include <stdint.h>

#include "mailauth/dkim_signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 18);
	struct header_block block;
	struct dkim_signature s;
	size_t offset;

	if (header_parse(span_bytes(data, size), &arena, &block, &offset) !=
		    HEADER_OK ||
	    block.len == 0)
		return 0;
	if (dkim_signature_parse(&block.field[0], &arena, &s) !=
	    DKIM_SIGNATURE_OK)
		return 0;
	assert(s.domain.len > 0 && s.selector.len > 0);
	assert(dname_labels(&s.key_name) >= 4);
	assert(s.headers > 0 && s.headers <= DKIM_HEADERS_MAX);
	assert(span_find(s.identity, '@') != SPAN_NONE);
	assert(s.signature.len > 0 && s.signature.len <= DKIM_SIGNATURE_MAX);
	assert(s.before_b.ptr == block.field[0].raw.ptr);
	assert(span_ends(s.before_b, SPAN("=")));
	assert(s.after_b.len == 0 || s.after_b.ptr[0] == ';');
	assert(s.expiry < 0 || s.expiry > s.time);
	return 0;
}
