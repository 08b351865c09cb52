/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing that was not signed is taken; what we sign, we take. */
#include <assert.h>
#include <stdint.h>

#include "dns/tsig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Signs any message that can be read, and verifies that. */
static void
sign(const struct tsig_key *key, struct span message)
{
	static uint8_t bytes[2 * WIRE_MESSAGE_MAX];
	uint8_t mac[TSIG_MAC_SIZE], again[TSIG_MAC_SIZE];
	struct wire_query q;
	size_t len = message.len;

	if (len > WIRE_MESSAGE_MAX - 200 ||
	    wire_parse_query(message, &q) != WIRE_OK)
		return;
	memcpy(bytes, message.ptr, len);
	if (!tsig_sign(key, SPAN(""), 1, bytes, &len, sizeof(bytes), mac))
		return;
	switch (tsig_verify(key, SPAN(""), 1, span_bytes(bytes, len), again)) {
	case TSIG_OK:
		assert(memcmp(mac, again, sizeof(mac)) == 0);
		break;
	case TSIG_MALFORMED: /* there was a TSIG already */
		break;
	case TSIG_MISSING:
	case TSIG_BAD_KEY:
	case TSIG_BAD_MAC:
	case TSIG_BAD_TIME:
	case TSIG_REFUSED:
		assert(false);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tsig_key key = {.secret = "not the one of the corpus",
			       .len = 25};
	struct span message = span_bytes(data, size);
	uint8_t mac[TSIG_MAC_SIZE];

	if (dname_parse(SPAN("key.example"), &key.name) != DNAME_OK)
		return 0;
	assert(tsig_verify(&key, SPAN(""), 1700000000, message, mac) !=
	       TSIG_OK);
	sign(&key, message);
	return 0;
}
