/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/token.h"

static const char alphabet[32] = "abcdefghijklmnopqrstuvwxyz234567";

void
token_format(const uint8_t entropy[static TOKEN_ENTROPY],
	     char ret[static TOKEN_LEN + 1])
{
	unsigned bits = 0; /* not yet written, the oldest uppermost */
	unsigned held = 0; /* how many */
	size_t n = 0;

	for (size_t i = 0; i < TOKEN_ENTROPY; i++) {
		bits = (bits << 8 | entropy[i]) & 0xfff;
		held += 8;
		while (held >= 5) {
			held -= 5;
			ret[n++] = alphabet[bits >> held & 31];
		}
	}
	ret[n] = '\0';
}

bool
token_is(struct span text)
{
	if (text.len != TOKEN_LEN)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (memchr(alphabet, span_lower(text.ptr[i]),
			   sizeof(alphabet)) == NULL)
			return false;
	return true;
}
