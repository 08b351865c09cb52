/* SPDX-License-Identifier: Apache-2.0 */
/* What json_parse() takes can be written, and is then read as the same. */
#include <assert.h>
#include <stdint.h>

#include "text/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 20);
	CLEANUP(json_decrefp) json_t *json = NULL;
	CLEANUP(json_decrefp) json_t *again = NULL;
	CLEANUP(json_decrefp)
	json_t *string = json_text_new(span_bytes(data, size));
	struct json_fault fault;

	assert(json_text(string).len >= size);
	if (json_parse(span_bytes(data, size), size, &json, &fault) !=
	    JSON_OK) {
		assert(json == NULL && fault.offset <= size);
		return 0;
	}
	assert(json_format(json, &text));
	/* The greatest double, rounded up to fifteen digits, is out of range.
	 */
	if (span_search(buf_span(&text), SPAN("e308")) == SPAN_NONE &&
	    span_search(buf_span(&text), SPAN("e+308")) == SPAN_NONE)
		assert(json_parse(buf_span(&text), text.len, &again, &fault) ==
		       JSON_OK);
	return 0;
}
