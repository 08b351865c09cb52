/* SPDX-License-Identifier: Apache-2.0 */
/* A time that was read is written and read as itself. */
#include <assert.h>
#include <stdint.h>

#include "text/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = span_bytes(data, size);
	struct date_text text;
	int64_t ms, again;

	if (date_rfc3339_parse(in, &ms)) {
		assert(ms >= 0 && ms <= DATE_MAX);
		text = date_rfc3339_format(ms);
		assert(date_rfc3339_parse(span_of(text.s), &again));
		assert(again == ms);
	}
	if (date_basic_parse(in, &ms)) {
		text = date_basic_format(ms);
		assert(span_equal(span_of(text.s), in));
	}
	return 0;
}
