/* SPDX-License-Identifier: Apache-2.0 */
/* What spf_record.h promises must hold for any bytes; and each term that was
 * read must be read alike when it stands alone. */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "mailauth/spf_macro.h"
#include "mailauth/spf_quick.h"
#include "mailauth/spf_record.h"

static bool
inside(struct span part, struct span whole)
{
	return part.len == 0 || (part.ptr >= whole.ptr &&
				 part.ptr + part.len <= whole.ptr + whole.len);
}

static void
check_alone(const struct spf_record *all, const struct spf_term *term)
{
	struct arena arena = ARENA_INIT(1 << 16);
	struct buf text = BUF_INIT(SPF_TEXT_MAX + 16);
	struct spf_record record;
	struct span fault;

	buf_adds(&text, "v=spf1 ");
	buf_add(&text, spf_term_text(all, term));
	assert(text.len > SPF_TEXT_MAX ||
	       (spf_record_parse(buf_span(&text), &arena, &record, &fault) ==
			SPF_RECORD_OK &&
		record.len == 1 && record.term[0].kind == term->kind &&
		record.term[0].prefix4 == term->prefix4 &&
		span_equal(spf_term_domain(&record, record.term),
			   spf_term_domain(all, term))));
	buf_release(&text);
	arena_release(&arena);
}

/* What the quick reader takes, the slow one reads alike. */
static void
check_quick(struct span text)
{
	struct spf_term quick, slow;
	static char padded[SPF_TEXT_MAX + SPF_QUICK_MAX];
	size_t n;

	memcpy(padded, text.ptr, text.len);
	memset(padded + text.len, ' ', SPF_QUICK_MAX);
	if (spf_quick_parse((struct span){padded, text.len + SPF_QUICK_MAX}, 0,
			    &quick, 1, &n) == 0)
		return;
	assert(n == 1 && quick.len == text.len);
	assert(spf_term_parse(text, &slow) == SPF_RECORD_OK);
	assert(quick.kind == slow.kind && quick.qualifier == slow.qualifier &&
	       quick.prefix4 == slow.prefix4 && quick.prefix6 == slow.prefix6 &&
	       quick.uses == slow.uses && quick.at == slow.at &&
	       quick.len == slow.len && quick.domain_at == slow.domain_at &&
	       quick.domain_len == slow.domain_len && quick.name == slow.name &&
	       quick.net6[0] == slow.net6[0] && quick.net6[1] == slow.net6[1]);
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

		struct span whole = spf_term_text(&record, term);
		struct span domain = spf_term_domain(&record, term);

		assert(inside(whole, text) && whole.len > 0);
		assert(inside(domain, whole));
		assert(term->prefix4 <= 32 && term->prefix6 <= 128);
		if (domain.len > 0)
			assert(spf_macro_valid(domain, SPF_MACRO_DOMAIN));
		check_quick(whole);
		check_alone(&record, term);
	}
	arena_release(&arena);
	return 0;
}
