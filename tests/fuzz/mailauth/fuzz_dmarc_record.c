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
	for (size_t i = 0; i < r.rua.len; i++) {
		struct span host, again;
		bool valid = dmarc_uri_parse(r.rua.uri[i], &again);

		/* what was kept is a URI again, and its host is in it */
		assert(inside(r.rua.uri[i], text) && valid &&
		       span_equal(again, r.rua.uri[i]));
		if (dmarc_uri_host(r.rua.uri[i], &host))
			assert(host.len > 0 && inside(host, r.rua.uri[i]));
	}
	assert(r.pct <= 100 && r.untagged <= r.faults);
	for (size_t i = 0; i < r.faults && i < DMARC_FAULTS_MAX; i++)
		assert(inside(r.fault[i], text) && r.fault[i].len > 0);
	if (dmarc_record_effect(&r) == DMARC_EFFECT_NORMAL)
		assert(r.p != DMARC_POLICY_ABSENT &&
		       dmarc_record_effect_7489(&r) == DMARC_EFFECT_NORMAL);
	return 0;
}
