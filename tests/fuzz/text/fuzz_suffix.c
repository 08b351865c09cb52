/* SPDX-License-Identifier: Apache-2.0 */
/* A list of public suffixes answers, whatever is in it. */
#include <assert.h>
#include <stdint.h>

#include "text/suffix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const name[] = {"a.b.co.uk", "co.uk", "uk",
					   "x.test"};
	CLEANUP(suffixes_freep)
	struct suffixes *list = suffixes_parse(span_bytes(data, size));

	for (size_t i = 0; list != NULL && i < COUNT(name); i++) {
		struct span domain = span_of(name[i]);
		struct span registered = suffixes_registered(list, domain);

		/* It is a part of the name at its end, and no suffix. */
		if (registered.len == 0)
			continue;
		assert(span_ends(domain, registered));
		assert(!suffixes_has(list, registered));
	}
	return 0;
}
