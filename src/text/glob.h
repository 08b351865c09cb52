/* SPDX-License-Identifier: Apache-2.0 */
/*
 * glob - patterns in which "*" is any run of octets and "?" is any one.
 *
 * Nothing is escaped: neither can be asked for as itself.  The time taken
 * grows with the text and the pattern and not with their product, whatever
 * they are: each run between two stars is searched for once, from where the
 * one before it ended; a run with "?" in it is found with one bit an octet of
 * it (Shift-And), 64 at a time.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 */
#pragma once

#include "base/span.h"

/* Octets of a text that is looked at; a longer one matches nothing. */
#define GLOB_TEXT_MAX 1024

/* Returns whether all of `text` is what `pattern` describes. */
bool glob_match(struct span pattern, struct span text);
