/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utf8 - whether octets are UTF-8 (RFC 3629).
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 */
#pragma once

#include "base/span.h"

/*
 * Returns whether all of `s` is UTF-8: no overlong forms, no surrogates,
 * nothing above U+10FFFF, nothing cut off.  A NUL is a character.
 */
bool utf8_is_valid(struct span s);

/* Returns the octets of the character that `s` begins with; 0: it is none. */
size_t utf8_length(struct span s);
