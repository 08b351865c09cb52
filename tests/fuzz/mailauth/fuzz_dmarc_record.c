/* SPDX-License-Identifier: Apache-2.0 */
/* What dmarc_record.h promises must hold for any bytes. */
#include <assert.h>
#include <stdint.h>

#include "mailauth/dmarc_record.h"

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
	struct span text = span_bytes(data, size);
	struct dmarc_record r;

	if (!dmarc_record_parse(text, &r))
		return 0;
	assert(span_starts(text, SPAN("v")) && size <= DMARC_TEXT_MAX);
	assert(r.rua.len <= DMARC_URIS_MAX && r.ruf.len <= DMARC_URIS_MAX);
	for (size_t i = 0; i < r.rua.len; i++)
		assert(inside(r.rua.uri[i], text) &&
		       span_find(r.rua.uri[i], ':') != SPAN_NONE);
	for (size_t i = 0; i < r.faults && i < DMARC_FAULTS_MAX; i++)
		assert(inside(r.fault[i], text) && r.fault[i].len > 0);
	if (dmarc_record_effect(&r) == DMARC_EFFECT_NORMAL)
		assert(r.p != DMARC_POLICY_ABSENT);
	return 0;
}
