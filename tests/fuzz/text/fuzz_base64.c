/* SPDX-License-Identifier: Apache-2.0 */
/* Octets come back as they were; a text that is read strictly comes back as
 * it was, and is read the same way when white space may stand in it. */
#include <assert.h>
#include <stdint.h>

#include "text/base64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_release) struct buf plain = BUF_INIT(1 << 24);
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 24);
	CLEANUP(buf_release) struct buf loose = BUF_INIT(1 << 24);
	struct span in = span_bytes(data, size);

	base64_encode(in, &text);
	assert(text.len == BASE64_LEN(size));
	assert(base64_decode(buf_span(&text), &plain));
	assert(span_equal(buf_span(&plain), in));

	buf_clear(&text);
	buf_clear(&plain);
	if (base64_decode(in, &plain)) {
		base64_encode(buf_span(&plain), &text);
		assert(span_equal(buf_span(&text), in));
		assert(base64_decode_folded(in, &loose));
		assert(span_equal(buf_span(&plain), buf_span(&loose)));
	} else {
		assert(plain.len == 0);
		if (!base64_decode_folded(in, &loose))
			assert(loose.len == 0);
	}
	return 0;
}
