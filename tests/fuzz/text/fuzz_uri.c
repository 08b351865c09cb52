/* SPDX-License-Identifier: Apache-2.0 */
/* Decoding undoes encoding, and a query is cut into what fits in it. */
#include <assert.h>
#include <stdint.h>

#include "text/uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_release) struct buf there = BUF_INIT(size * 3);
	CLEANUP(buf_release) struct buf back = BUF_INIT(size);
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 22);
	struct span text = span_bytes(data, size);
	struct uri_param *params;
	size_t len, sum = 0;

	assert(uri_encode(text, &there));
	assert(uri_decode(buf_span(&there), &back));
	assert(span_equal(buf_span(&back), text));
	if (!uri_query_parse(text, &arena, &params, &len))
		return 0;
	assert(len <= URI_PARAMS_MAX);
	for (size_t i = 0; i < len; i++)
		sum += params[i].name.len + params[i].value.len;
	assert(sum <= size);
	return 0;
}
