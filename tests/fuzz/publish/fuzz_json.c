/* SPDX-License-Identifier: Apache-2.0 */
/* A record set that is read can be written, read again, and exported. */
#include <assert.h>

#include "publish/export.h"
#include "publish/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void export(const struct record_set *set,
		   const struct export_format *format)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(EXPORT_MAX);
	struct export_options options = {span_of(set->domain), true};

	format->write(set, &options, &text);
	assert(!text.full && text.len > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct record_set first, second;
	CLEANUP(buf_release) struct buf text = BUF_INIT(EXPORT_MAX);
	CLEANUP(buf_release) struct buf again = BUF_INIT(EXPORT_MAX);
	struct export_options options = {SPAN(""), false};
	struct error error;

	if (!publish_json_parse(span_bytes(data, size), &first, &error))
		return 0;
	assert(first.len <= RECORDS_MAX && first.domain[0] != '\0');
	publish_json_write(&first, &options, &text);
	assert(!text.full);
	if (!publish_json_parse(buf_span(&text), &second, &error))
		assert(false && "what was written can be read");
	publish_json_write(&second, &options, &again);
	assert(span_equal(buf_span(&text), buf_span(&again)));
	for (size_t i = 0; export_at(i) != NULL; i++)
		export(&first, export_at(i));
	return 0;
}
