/* SPDX-License-Identifier: Apache-2.0 */
/* What domain.h promises of a domain, and that display and back is the same. */
#include <assert.h>
#include <stdint.h>

#include "text/domain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT(8 * DOMAIN_MAX);
	struct domain domain, again;

	if (domain_parse(span_bytes(data, size), &domain) != DOMAIN_OK)
		return 0;
	assert(domain.len > 2 && domain.len <= DOMAIN_MAX);
	assert(domain.s[domain.len] == '\0');
	assert(span_find(domain_span(&domain), '.') != SPAN_NONE);
	for (size_t i = 0; i < domain.len; i++)
		assert(strchr("abcdefghijklmnopqrstuvwxyz0123456789-.",
			      domain.s[i]) != NULL);
	assert(domain_parse(domain_span(&domain), &again) == DOMAIN_OK);
	assert(span_equal(domain_span(&domain), domain_span(&again)));
	domain_format(&domain, &shown);
	assert(!shown.full);
	assert(domain_parse(buf_span(&shown), &again) == DOMAIN_OK);
	assert(span_equal(domain_span(&domain), domain_span(&again)));
	return 0;
}
