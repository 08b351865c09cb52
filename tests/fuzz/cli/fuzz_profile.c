/* SPDX-License-Identifier: Apache-2.0 */
/* A profile that parses is written and read again the same. */
#include <assert.h>
#include <stdlib.h>

#include "cli/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(PROFILE_FILE_MAX);
	static struct profile first, second;
	struct error error = {0};

	if (!profile_parse(span_bytes(data, size), &first, &error)) {
		assert(error.code == ERROR_CONFIG);
		return 0;
	}
	profile_format(&first, &text);
	assert(!text.full);
	if (!profile_parse(buf_span(&text), &second, &error))
		abort(); /* what was written is not read */
	assert(memcmp(&first, &second, sizeof(first)) == 0);
	return 0;
}
