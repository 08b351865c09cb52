/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_words - what strangers wrote, made fit to stand in a report.
 *
 * Records, field values and names come from whoever sent the message or owns
 * a zone.  They are shown cut and escaped, in one way, everywhere.
 *
 * Pure: no allocation but in the given buf, no I/O, no logging, no clock.
 */
#pragma once

#include "base/buf.h"

/* Octets of one value that are shown; the rest is cut, and marked. */
#define REPORT_WORDS_MAX 1000

/*
 * Appends `s`: white space as spaces, and what is not printable ASCII as \x
 * with its two digits.
 */
void report_words(struct buf *to, struct span s);
