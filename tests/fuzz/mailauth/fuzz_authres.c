/* SPDX-License-Identifier: Apache-2.0 */
/* What is read, written and read again is the same. */
#include <assert.h>
#include <stdint.h>

#include "mailauth/authres.h"

static bool
same(const struct authres *a, const struct authres *b)
{
	if (a->len != b->len)
		return false;
	for (size_t i = 0; i < a->len; i++) {
		const struct authres_result *x = &a->result[i];
		const struct authres_result *y = &b->result[i];

		if (!span_equal(x->method, y->method) ||
		    !span_equal(x->value, y->value) ||
		    x->reason.len != y->reason.len ||
		    x->properties != y->properties)
			return false;
		for (size_t k = 0; k < x->properties; k++)
			if (!span_equal(x->property[k].name,
					y->property[k].name) ||
			    x->property[k].value.len !=
				    y->property[k].value.len)
				return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 22);
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 22);
	struct span value = span_bytes(data, size);
	struct header_field field = {SPAN("Authentication-Results"), value,
				     value};
	struct authres a, b;

	(void)authres_claims(&field, SPAN("mx.example"));
	if (authres_parse(value, false, &arena, &a) != AUTHRES_OK)
		return 0;
	assert(a.len <= AUTHRES_RESULTS_MAX);
	assert(authres_claims(&field, a.authserv_id));
	authres_format(&a, &text);
	assert(authres_parse(buf_span(&text), false, &arena, &b) == AUTHRES_OK);
	assert(same(&a, &b));
	return 0;
}
