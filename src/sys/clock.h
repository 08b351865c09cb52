/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock - what time it is.  Only drivers ask; all below takes `now` as a
 * parameter.
 *
 * Times are milliseconds in an int64_t.  Wall-clock time is what is stored
 * and shown; monotonic time is what deadlines are counted in.
 */
#pragma once

#include <stdint.h>

/* Returns milliseconds since 1970-01-01 UTC. */
int64_t clock_now(void);

/* Returns milliseconds of a clock that is never set, from an unknown start. */
int64_t clock_mono(void);

/* Does nothing for `ms` milliseconds: for commands that wait. */
void clock_sleep(int64_t ms);
