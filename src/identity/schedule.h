/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schedule - when DNS is to be asked again for an identity.
 *
 * What is PENDING is looked for every few seconds just after the creation or
 * the last change, then every minute, and at ever longer intervals up to an
 * hour; what was right and is not, every quarter of an hour; what is right,
 * every six hours with jitter.  A first good observation that waits for its
 * confirmation is asked again when that is due, and the end of the 72 hours
 * is always looked at.  What is FAILED is looked for no more.
 *
 * The result goes into identity.next_check: the schedule lives in the store.
 *
 * Pure: no allocation, no I/O, no logging, no clock, no randomness.  Times are
 * milliseconds since 1970.
 */
#pragma once

#include "store/types.h"

/* Between checks of a verified identity, in milliseconds, before jitter. */
#define SCHEDULE_VERIFIED (INT64_C(6) * 3600 * 1000)
/* Most that jitter takes off or adds to it, in milliseconds. */
#define SCHEDULE_JITTER (INT64_C(30) * 60 * 1000)
/* Between checks of a TEMPORARY_FAILURE, in milliseconds. */
#define SCHEDULE_RECHECK (INT64_C(15) * 60 * 1000)
/* The shortest time between two checks, in milliseconds. */
#define SCHEDULE_MIN (INT64_C(1000))

/*
 * Returns when `identity`, as lifecycle_step() left it at `now`, is to be
 * checked again; 0 for never.  `confirm` is as in lifecycle_step(); `entropy`
 * is any number that differs from identity to identity.
 */
int64_t schedule_next(const struct identity *identity, int64_t now,
		      int64_t confirm, uint64_t entropy);
