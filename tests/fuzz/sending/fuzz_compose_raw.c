/* SPDX-License-Identifier: Apache-2.0 */
/* What is sent of any bytes has one From, CRLF throughout and nothing of
 * ours in it; composed again it stays as it is. */
#include <assert.h>
#include <stdint.h>

#include "sending/compose.h"
#include "text/crlf.h"
#include "text/header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const gone[] = {"Bcc", "Return-Path", "Resent-Bcc",
					   "X-SES-CONFIGURATION-SET"};
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(COMPOSE_ARENA);
	CLEANUP(buf_release) struct buf once = BUF_INIT(1 << 22);
	CLEANUP(buf_release) struct buf twice = BUF_INIT(1 << 22);
	struct compose_stamp stamp = {
		.now = 0,
		.message_id = SPAN("id@mail.example"),
		.feedback_id = SPAN(""),
		.boundary = SPAN("b"),
	};
	struct header_block header;
	struct composed got, again;
	struct error error = {.code = ERROR_NONE};
	size_t offset;

	if (!compose_raw(span_bytes(data, size), &stamp, &arena, &once, &got,
			 &error)) {
		assert(error.code == ERROR_BAD_REQUEST ||
		       error.code == ERROR_TOO_LARGE);
		return 0;
	}
	assert(crlf_is_clean(buf_span(&once)));
	assert(span_find(buf_span(&once), '\0') == SPAN_NONE);
	assert(header_parse(buf_span(&once), &arena, &header, &offset) ==
	       HEADER_OK);
	assert(header_count(&header, SPAN("From")) == 1);
	assert(header_count(&header, SPAN("Date")) == 1);
	assert(header_count(&header, SPAN("Message-ID")) == 1);
	for (size_t i = 0; i < COUNT(gone); i++)
		assert(header_get(&header, span_of(gone[i])) == NULL);
	assert(compose_raw(buf_span(&once), &stamp, &arena, &twice, &again,
			   &error));
	assert(span_equal(address_text(&got.from), address_text(&again.from)));
	assert(span_equal(buf_span(&once), buf_span(&twice)));
	return 0;
}
