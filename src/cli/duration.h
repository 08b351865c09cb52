/* SPDX-License-Identifier: Apache-2.0 */
/*
 * duration - lengths of time as a person writes them: 90s, 30m, 2h, 3d.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 */
#pragma once

#include "base/macros.h"
#include "base/span.h"

/* Longest duration: ten years, in milliseconds. */
#define DURATION_MAX (INT64_C(3650) * 86400 * 1000)

/*
 * Parses a whole number and its unit: ms, s, m, h or d; without one, seconds.
 * Sets *ret in milliseconds; false, *ret alone, if it is none or above
 * DURATION_MAX.
 */
bool duration_parse(struct span text, int64_t *ret) MUST_CHECK;
