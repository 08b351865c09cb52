/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a server gone bad may send a keyd, and a keyd gone bad its server.
 * Every request is answered with a reply that packs; no reply is one that the
 * client trips over.
 */
#include <assert.h>

#include "keyd/client.h"
#include "keyd/keyd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t called;

static void
count(void *context, const struct keyd_reply *reply)
{
	(void)context;
	assert(reply->status < KEYD_STATUS_COUNT);
	called++;
}

static void
feed_keyd(struct span bytes)
{
	static uint8_t room[KEYD_FRAME_MAX];
	static struct keyd *k;
	struct writer w = writer_over(room, sizeof(room));
	struct keyd_request request;
	struct keyd_reply reply;
	struct span frame;
	uint64_t id;

	if (k == NULL) {
		struct seal_ring *ring = seal_ring_new();
		bool added = seal_ring_add(
			ring, SPAN("0123456789abcdef0123456789abcdef"));

		assert(added);
		k = keyd_new(ring);
	}
	if (keyd_frame_cut(&bytes, &frame) != KEYD_FRAME_OK ||
	    !keyd_request_unpack(frame, &id, &request))
		return;
	/* Making RSA keys takes too long here. */
	if (request.op == KEYD_GENERATE && request.type == KEY_RSA)
		return;
	keyd_answer(k, &request, &reply);
	assert(reply.op == request.op);
	assert(keyd_reply_pack(id, &reply, &w));
}

static void
feed_client(struct span bytes)
{
	static const struct keyd_request request = {.op = KEYD_NEW_SECRET};
	struct keyd_client *c = keyd_client_new();
	bool asked, fine;

	called = 0;
	for (int i = 0; i < 3; i++) {
		asked = keyd_client_ask(c, &request, count, NULL);
		assert(asked);
	}
	fine = keyd_client_feed(c, bytes);
	assert(called + keyd_client_pending(c) == 3);
	(void)fine;
	keyd_client_lost(c);
	assert(called == 3);
	keyd_client_free(c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = span_bytes(data, size);

	feed_keyd(bytes);
	feed_client(bytes);
	return 0;
}
