/* SPDX-License-Identifier: Apache-2.0 */
/* A well-formed text expands within its limits, whatever the values are. */
#include <assert.h>
#include <stdint.h>

#include "mailauth/spf_macro.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_bytes(data, size);
	struct spf_macro m = {
		.ip = {.v6 = size % 2 == 0, .octet = {[0] = 192, [3] = 255}},
		.local = span_head(text, 300),
		.sender = span_skip(text, size / 2),
		.domain = text,
		.helo = span_head(text, 3),
		.receiver = SPAN(""),
		.validated = span_head(text, 70),
		.now = INT64_MAX,
	};
	bool domain = spf_macro_valid(text, SPF_MACRO_DOMAIN);
	bool explain = spf_macro_valid(text, SPF_MACRO_EXPLAIN);
	struct spf_macro_text got;

	/* what may be in a name may be in an explanation */
	assert(!domain || explain);
	assert(!domain || spf_macro_valid(text, SPF_MACRO_STRING));
	if (domain) {
		spf_macro_domain(text, &m, &got);
		assert(got.len <= SPF_DOMAIN_MAX);
	}
	if (explain) {
		spf_macro_explain(text, &m, &got);
		assert(got.len <= SPF_EXPLANATION_MAX);
		assert(!spf_macro_uses(text, 'p') ||
		       span_find(text, 'p') != SPAN_NONE ||
		       span_find(text, 'P') != SPAN_NONE);
	}
	return 0;
}
