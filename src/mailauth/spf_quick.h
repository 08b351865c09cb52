/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spf_quick - the terms that most records are made of, read in one go.
 *
 * "ip4:" and "ip6:" with a prefix or without, and "all", each with or
 * without a qualifier, in the forms that people write.  What is not quite
 * like that is left to spf_term_parse(), which knows the whole grammar and
 * says what is wrong; both read the same thing out of what is read here.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 */
#pragma once

#include "mailauth/spf_record.h"

/*
 * Reads the term that `rest` begins with, up to a space or the end, into
 * *ret, whose `at` is 0.  Returns its length; 0 if it is for another to read,
 * and then *ret may be anything.
 */
size_t spf_quick_parse(struct span rest, struct spf_term *ret) MUST_CHECK;
