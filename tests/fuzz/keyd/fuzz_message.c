/* SPDX-License-Identifier: Apache-2.0 */
/* Frames of either kind: what is unpacked packs to the same octets. */
#include <assert.h>

#include "keyd/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_request(struct span frame, struct span whole)
{
	static uint8_t room[KEYD_FRAME_MAX];
	struct writer w = writer_over(room, sizeof(room));
	struct keyd_request request;
	uint64_t id;

	if (!keyd_request_unpack(frame, &id, &request))
		return;
	assert(keyd_request_pack(id, &request, &w));
	assert(span_equal(writer_span(&w), whole));
}

static void
check_reply(struct span frame, struct span whole)
{
	static uint8_t room[KEYD_FRAME_MAX];
	struct writer w = writer_over(room, sizeof(room));
	struct keyd_reply reply;
	uint64_t id;

	if (!keyd_reply_unpack(frame, &id, &reply))
		return;
	assert(keyd_reply_pack(id, &reply, &w));
	assert(span_equal(writer_span(&w), whole));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_bytes(data, size);
	struct span frame, whole;

	for (;;) {
		whole = rest;
		if (keyd_frame_cut(&rest, &frame) != KEYD_FRAME_OK)
			return 0;
		whole = span_sub(whole, 0, KEYD_HEAD_SIZE + frame.len);
		check_request(frame, whole);
		check_reply(frame, whole);
	}
}
