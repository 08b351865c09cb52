/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever is asked: an answer is well formed, small enough, an answer to
 * that, and never answered itself.  The last octet chooses UDP or TCP.
 */
#include <assert.h>
#include <stdint.h>

#include "dns/responder.h"

#define ARENA_MAX ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct zone *
make_zone(void)
{
	struct zone_config config = {.region = SPAN("eu"),
				     .dmarc = SPAN("v=DMARC1; p=none;"),
				     .selector = SPAN(""),
				     .key = SPAN(""),
				     .ttl = 60,
				     .servers = 1};
	static char text[1500];
	struct zone *zone;

	if (dname_parse(SPAN("mail.example"), &config.apex) != DNAME_OK)
		return NULL;
	config.contact = config.server[0].name = config.apex;
	zone = zone_new(&config);
	assert(zone != NULL);
	memset(text, 'x', sizeof(text));
	zone_key_put(zone, SPAN("t"), SPAN("v=DKIM1; p=x"));
	zone_key_put(zone, SPAN("long"), span_bytes(text, sizeof(text)));
	return zone;
}

static void
check(struct span query, struct span answer, bool tcp)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	uint8_t again[WIRE_UDP_MAX];
	struct wire_message m;

	assert(wire_parse(answer, &arena, &m) == WIRE_OK);
	assert(m.header.qr && !m.header.ra);
	assert(answer.ptr[0] == query.ptr[0] && answer.ptr[1] == query.ptr[1]);
	assert(tcp || answer.len <= WIRE_UDP_MAX);
	assert(!tcp || !m.header.tc);
	assert(responder_answer(NULL, answer, tcp, again, sizeof(again)).len ==
	       0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct zone *zone;
	static uint8_t bytes[WIRE_MESSAGE_MAX];
	struct span query, answer;
	bool tcp;

	if (zone == NULL)
		zone = make_zone();
	if (size == 0)
		return 0;
	tcp = (data[size - 1] & 1) != 0;
	query = span_bytes(data, size - (data[size - 1] & 2) / 2);
	answer = responder_answer(zone, query, tcp, bytes, sizeof(bytes));
	if (answer.len > 0)
		check(query, answer, tcp);
	answer = responder_slip(query, bytes, sizeof(bytes));
	if (answer.len > 0) {
		check(query, answer, false);
		assert(answer.len <= query.len);
	}
	return 0;
}
