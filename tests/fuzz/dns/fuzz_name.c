/* SPDX-License-Identifier: Apache-2.0 */
/* dname_parse() and dname_format() are inverse, for any name and any text. */
#include <assert.h>
#include <stdint.h>

#include "dns/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dname name, again, joined;
	struct dname_text text;

	if (dname_parse(span_bytes(data, size), &name) != DNAME_OK)
		return 0;
	assert(name.len >= 1 && name.wire[name.len - 1] == 0);
	assert(dname_labels(&name) <= DNAME_LABELS_MAX);
	text = dname_format(&name);
	assert(dname_parse(span_of(text.s), &again) == DNAME_OK);
	assert(again.len == name.len);
	assert(memcmp(again.wire, name.wire, name.len) == 0);

	again = dname_lower(&name);
	assert(dname_equal(&name, &again));
	for (size_t i = 0; i <= dname_labels(&name); i++) {
		again = dname_skip(&name, i);
		assert(dname_is_under(&name, &again));
		assert(dname_is_under(&again, &name) == (i == 0));
	}
	if (dname_join(&name, &name, &joined))
		assert(joined.len == 2 * name.len - 1);
	return 0;
}
