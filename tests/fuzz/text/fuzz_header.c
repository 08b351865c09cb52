/* SPDX-License-Identifier: Apache-2.0 */
/* What header.h promises of any bytes: the fields are the header, in order,
 * without gaps, and only a good block is called good. */
#include <assert.h>
#include <stdint.h>

#include "text/header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct span text = span_bytes(data, size);
	struct header_block block;
	size_t offset = SIZE_MAX;
	size_t at = 0;
	enum header_status status = header_parse(text, &arena, &block, &offset);

	assert((status == HEADER_OK) == (offset == SIZE_MAX));
	assert(block.len <= HEADER_FIELDS_MAX);
	for (size_t i = 0; i < block.len; i++) {
		const struct header_field *field = &block.field[i];

		assert(field->raw.ptr == text.ptr + at && field->raw.len > 0);
		at += field->raw.len;
		assert(field->name.len + field->value.len <= field->raw.len);
		assert(header_get(&block, field->name) != NULL);
		assert(status != HEADER_OK || field->name.len > 0);
	}
	assert(at <= block.size && block.size <= at + 2);
	if (status == HEADER_OK) {
		assert(block.size + block.body.len == size);
		for (size_t i = 0; i < block.size; i++)
			assert(text.ptr[i] != '\0' &&
			       (text.ptr[i] == '\n') ==
				       (i > 0 && text.ptr[i - 1] == '\r'));
	}
	return 0;
}
