/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spf_quick - the terms that most records are made of, read in one go.
 *
 * "ip4:" and "ip6:" with a prefix or without, "include:" of a plain name, and
 * "all", each with or without a qualifier, in the forms that people write. What
 * is not quite like that is left to spf_term_parse(), which knows the whole
 * grammar and says what is wrong; both read the same thing out of what is read
 * here.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 */
#pragma once

#include "mailauth/spf_record.h"

/*
 * Octets that are looked at, at most: a qualifier, "ip6:", 8 groups of up to
 * five octets, one more where "::" is, "/", three digits and what is behind.
 */
#define SPF_QUICK_MAX 64

/*
 * Reads terms from the offset `at` of `window` on, up to `room` of them into
 * *term, and the spaces before each.  Stops before a term that is for another
 * to read, or that SPF_QUICK_MAX octets from its first would not be in
 * `window`: who wants all to be read puts spaces behind.  Returns the offset
 * at which it stopped; *ret_terms is how many there were.
 */
size_t spf_quick_parse(struct span window, size_t at, struct spf_term *term,
		       size_t room, size_t *ret_terms) MUST_CHECK;
