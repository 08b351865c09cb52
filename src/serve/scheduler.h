/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scheduler - checks each identity when it is due.
 *
 * When that is stands in the store (identity.next_check), so that it
 * survives restarts; the scheduler only wakes in time and keeps the number
 * of checks under way within SCHEDULER_MAX.
 */
#pragma once

#include "serve/checker.h"

#define SCHEDULER_MAX 64 /* checks under way at once */
/* The longest sleep, in ms: a clock that was set is noticed. */
#define SCHEDULER_SLEEP_MAX 60000

struct scheduler;

/* Starts it.  `seed` is entropy for jitter.  Borrows `checker`. */
struct scheduler *scheduler_new(const struct checker *checker,
				uint64_t seed) MUST_CHECK;

/* Something may have become due: looks soon. */
void scheduler_wake(struct scheduler *scheduler);

/* Starts no further checks; those under way go on. */
void scheduler_stop(struct scheduler *scheduler);

/* Returns how many checks are under way. */
size_t scheduler_busy(const struct scheduler *scheduler);

/* Frees it, which may be NULL; no check may be under way. */
void scheduler_free(struct scheduler *scheduler);
