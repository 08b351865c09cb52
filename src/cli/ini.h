/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ini - files of sections with "name = value" lines, as ~/.aws/config.
 *
 * Read as the AWS tools read them: "#" and ";" begin a comment at the start
 * of a line, or behind white space; indented lines are nested settings of
 * the line before and are passed over; the last of several equal names
 * counts.  Values are taken as they are, without quoting.
 *
 * Pure: no allocation, no I/O, no logging, no clock.  Results borrow.
 */
#pragma once

#include "base/macros.h"
#include "base/span.h"

/*
 * Sets *ret to the value of `name` in the section [section] of `text`.
 * Returns false, leaving *ret alone, if there is none.
 */
bool ini_get(struct span text, struct span section, struct span name,
	     struct span *ret) MUST_CHECK;

/* Returns whether `text` has a section [section]. */
bool ini_has(struct span text, struct span section);
