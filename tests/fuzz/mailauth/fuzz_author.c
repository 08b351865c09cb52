/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The author of any header: there is a domain only if From is one field of a
 * header in order, and a second From, or a defect, always takes it away.
 */
#include <assert.h>
#include <stdint.h>

#include "mailauth/author.h"

static void
read_header(struct span text, struct arena *arena, struct author *ret)
{
	struct header_block block;
	size_t offset;
	enum header_status status = header_parse(text, arena, &block, &offset);

	author_read(&block, status, arena, ret);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_bytes(data, size);
	struct arena arena = ARENA_INIT((size_t)64 << 20);
	struct author one, two;
	struct domain again;
	struct buf twice = BUF_INIT((size_t)1 << 20);

	read_header(text, &arena, &one);
	assert(author_fault(&one)[0] != '\0');
	if (one.status == AUTHOR_OK) {
		enum domain_status status =
			domain_parse(domain_span(&one.domain), &again);
		size_t at = span_find_last(one.address, '@');

		assert(one.fields == 1 && one.mailboxes > 0);
		assert(one.header == HEADER_OK && status == DOMAIN_OK);
		assert(at != SPAN_NONE && one.display.ptr != NULL);
		status = domain_parse(span_skip(one.address, at + 1), &again);
		assert(status == DOMAIN_OK &&
		       span_equal(domain_span(&again),
				  domain_span(&one.domain)));
		/* with a second one above it there is none */
		buf_adds(&twice, "From: x@y.example\r\n");
		buf_add(&twice, text);
		if (!twice.full) {
			read_header(buf_span(&twice), &arena, &two);
			assert(two.status != AUTHOR_OK);
		}
	}
	/* a value alone is read without fear of what stands around it */
	author_read_value(text, &arena, &two);
	assert(two.fields == 1 && two.offset <= size);
	buf_release(&twice);
	arena_release(&arena);
	return 0;
}
