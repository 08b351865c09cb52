/* SPDX-License-Identifier: Apache-2.0 */
/* What spf_record.h promises must hold for any bytes; and each term that was
 * read must be read alike when it stands alone. */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "mailauth/spf_macro.h"
#include "mailauth/spf_record.h"

static bool
inside(struct span part, struct span whole)
{
	return part.len == 0 || (part.ptr >= whole.ptr &&
				 part.ptr + part.len <= whole.ptr + whole.len);
}

static void
check_alone(const struct spf_term *term)
{
	struct arena arena = ARENA_INIT(1 << 16);
	struct buf text = BUF_INIT(SPF_TEXT_MAX + 16);
	struct spf_record record;
	struct span fault;

	buf_adds(&text, "v=spf1 ");
	buf_add(&text, term->text);
	assert(text.len > SPF_TEXT_MAX ||
	       (spf_record_parse(buf_span(&text), &arena, &record, &fault) ==
			SPF_RECORD_OK &&
		record.len == 1 && record.term[0].kind == term->kind &&
		record.term[0].prefix4 == term->prefix4 &&
		span_equal(record.term[0].domain, term->domain)));
	buf_release(&text);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_bytes(data, size);
	struct arena arena = ARENA_INIT(1 << 20);
	struct spf_record record;
	struct span fault;
	enum spf_record_status status =
		spf_record_parse(text, &arena, &record, &fault);

	assert((status == SPF_RECORD_NOT_SPF) == !spf_record_is(text));
	if (status != SPF_RECORD_OK) {
		assert(inside(fault, text));
		arena_release(&arena);
		return 0;
	}
	assert(record.len <= SPF_TERMS_MAX);
	for (size_t i = 0; i < record.len; i++) {
		const struct spf_term *term = &record.term[i];

		assert(inside(term->text, text) && term->text.len > 0);
		assert(inside(term->domain, term->text));
		assert(term->prefix4 <= 32 && term->prefix6 <= 128);
		if (term->domain.len > 0)
			assert(spf_macro_valid(term->domain, SPF_MACRO_DOMAIN));
		check_alone(term);
	}
	arena_release(&arena);
	return 0;
}
