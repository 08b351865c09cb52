/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token - the selector of an Easy DKIM key: 32 characters of "a-z2-7".
 *
 * A token is 160 random bits in the alphabet of base32 (RFC 4648 section 6)
 * in lower case, so that it is a label of a name whatever its first
 * character.  Where the bits come from is the caller's business: they must be
 * unpredictable, since a token is never given out twice.
 *
 * Pure: no allocation, no I/O, no logging, no clock, no randomness.
 */
#pragma once

#include "base/macros.h"
#include "base/span.h"

#define TOKEN_ENTROPY 20 /* octets that make a token */
#define TOKEN_LEN     32 /* characters of a token, without a NUL */

/* Writes the token of `entropy`, and a NUL, to `ret`. */
void token_format(const uint8_t entropy[static TOKEN_ENTROPY],
		  char ret[static TOKEN_LEN + 1]);

/* Returns whether `text` has the form of a token of ours or of Amazon's. */
bool token_is(struct span text);
