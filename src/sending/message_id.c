/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/message_id.h"

#include <stdio.h>

#include "crypt/digest.h"
#include "text/base64.h"

/* Four digits for the region; SES's own are 0100 for us-east-1 and so on. */
#define REGION "0100"

static const char form[] = "xxxxxxxxxxxxxxxx-xxxxxxxx-xxxx-xxxx-xxxx-"
			   "xxxxxxxxxxxx-000000";

void
message_id_make(int64_t now, const uint8_t entropy[MESSAGE_ID_ENTROPY],
		char ret[MESSAGE_ID_SIZE])
{
	uint8_t u[MESSAGE_ID_ENTROPY];

	memcpy(u, entropy, sizeof(u));
	u[6] = (uint8_t)((u[6] & 0x0f) | 0x40); /* version 4: random */
	u[8] = (uint8_t)((u[8] & 0x3f) | 0x80); /* the variant of RFC 9562 */
	snprintf(ret, MESSAGE_ID_SIZE,
		 REGION "%012llx-%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
			"%02x%02x%02x%02x%02x%02x-000000",
		 (unsigned long long)now & 0xffffffffffff, u[0], u[1], u[2],
		 u[3], u[4], u[5], u[6], u[7], u[8], u[9], u[10], u[11], u[12],
		 u[13], u[14], u[15]);
}

bool
message_id_is(struct span text)
{
	if (text.len != MESSAGE_ID_LEN)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = span_lower(text.ptr[i]);
		bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');

		if (form[i] == 'x' ? !digit : c != form[i])
			return false;
	}
	return true;
}

void
message_feedback_id(struct span region, struct span account, struct span zone,
		    struct buf *to)
{
	CLEANUP(digest_freep) struct digest *digest = digest_new();
	uint8_t hash[DIGEST_SIZE];

	digest_add(digest, zone);
	digest_add(digest, SPAN("/"));
	digest_add(digest, account);
	digest_end(digest, hash);
	buf_adds(to, "::1.");
	buf_add(to, region);
	buf_addc(to, '.');
	base64_encode(span_bytes(hash, sizeof(hash)), to);
	buf_adds(to, ":Sesame");
}
