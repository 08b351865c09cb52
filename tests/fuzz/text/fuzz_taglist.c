/* SPDX-License-Identifier: Apache-2.0 */
/* Not only "does not crash": what taglist.h promises must hold for any bytes.
 */
#include <assert.h>
#include <stdint.h>

#include "text/taglist.h"

static bool
inside(struct span part, struct span whole)
{
	return part.ptr >= whole.ptr &&
	       part.ptr + part.len <= whole.ptr + whole.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = {(const char *)data, size};
	struct taglist list;
	size_t offset;

	if (taglist_parse(text, &list, &offset) != TAGLIST_OK) {
		assert(offset <= size);
		return 0;
	}
	assert(list.len >= 1 && list.len <= TAGLIST_MAX);
	for (size_t i = 0; i < list.len; i++) {
		const struct tag *tag = &list.tag[i];

		assert(inside(tag->name, text) && tag->name.len > 0);
		assert(inside(tag->value, text));
		assert(taglist_get(&list, tag->name) == &tag->value);
	}
	return 0;
}
