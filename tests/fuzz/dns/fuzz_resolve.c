/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever comes in, the machine ends, and its answer is one.  The input is
 * a list of messages: an octet of flags, a 8-bit length in units of 8, and
 * octets from the flags on; ID and question are set right, unless told not to.
 */
#include <assert.h>
#include <stdint.h>

#include "dns/resolve.h"

#define ARENA_MAX ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Makes `to` an answer to `send` that goes on with `rest`. */
static size_t
make(uint8_t *to, size_t room, struct span send, struct reader *rest, size_t n)
{
	struct span body = reader_take(rest, n);

	if (body.len > room)
		body.len = room;
	memcpy(to, body.ptr, body.len);
	for (size_t i = 0; i < 2 && i < body.len; i++)
		to[i] = (uint8_t)send.ptr[i];
	for (size_t i = WIRE_HEADER_SIZE; i < 23 && i < body.len; i++)
		to[i] = (uint8_t)send.ptr[i];
	return body.len;
}

static void
check(const struct dns_answer *a)
{
	assert((a->status == DNS_OK) == (a->len > 0));
	assert(a->aliases <= DNS_ALIASES_MAX);
	assert(a->ttl >= RESOLVE_TTL_MIN && a->ttl <= RESOLVE_TTL_MAX);
	assert(!a->authentic);
	for (size_t i = 0; i < a->len; i++) {
		assert(a->rr[i].type == DNS_A);
		if (a->aliases > 0)
			assert(dname_equal(&a->rr[i].name,
					   &a->alias[a->aliases - 1]));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t entropy[RESOLVE_ENTROPY_SIZE];
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	struct reader r = reader_of(span_bytes(data, size));
	struct dns_question q = {.type = DNS_A};
	struct resolve_options options = RESOLVE_DEFAULTS;
	struct resolve_send send = {0, SPAN("")};
	enum resolve_event event;
	uint8_t bytes[2048];
	int64_t now = 0;
	struct resolve m;

	if (dname_parse(SPAN("a.test"), &q.name) != DNAME_OK)
		return 0;
	options.mix_case = false;
	resolve_init(&m, &q, &options, entropy, &arena, now);
	for (size_t steps = 0;
	     (event = resolve_next(&m, &send)) != RESOLVE_DONE; steps++) {
		assert(steps < 10000);
		if (reader_left(&r) > 4) {
			uint8_t flags = reader_u8(&r);
			size_t n = flags & 0x80 ? 64 : reader_left(&r);
			size_t len =
				make(bytes, sizeof(bytes), send.bytes, &r,
				     n < reader_left(&r) ? n : reader_left(&r));

			resolve_feed(&m, 0, m.tcp ^ (flags & 1),
				     span_bytes(bytes, len), now);
		} else if (event == RESOLVE_WAIT) {
			now = resolve_due(&m);
			resolve_tick(&m, now);
		}
	}
	assert(now <= options.deadline);
	check(resolve_answer(&m));
	return 0;
}
