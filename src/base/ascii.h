/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ascii - what kind of character an octet is, whatever the locale.
 *
 * The ALPHA, DIGIT and HEXDIG of RFC 5234 appendix B.1.  An octet above 127 is
 * none of them.
 *
 * Pure.
 */
#pragma once

#include <stdbool.h>

/* Returns whether `c` is "0" to "9". */
static inline bool
ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Returns whether `c` is a letter, of either case. */
static inline bool
ascii_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Returns whether `c` is a letter or a digit. */
static inline bool
ascii_is_alnum(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c);
}

/* Returns the value of a hexadecimal digit of either case; -1: it is none. */
static inline int
ascii_hex(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}
