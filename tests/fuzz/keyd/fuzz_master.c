/* SPDX-License-Identifier: Apache-2.0 */
/* A master key has its size, whatever form it came in. */
#include <assert.h>
#include <stdint.h>

#include "keyd/master.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(secret_release) struct secret key = {.ptr = NULL};

	if (!master_parse(span_bytes(data, size), &key)) {
		assert(key.ptr == NULL);
		return 0;
	}
	assert(secret_span(&key).len == SEAL_MASTER_SIZE);
	return 0;
}
