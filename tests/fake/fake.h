/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fake - a clock, a loop, a store thread and a resolver that obey the test.
 *
 * Linked instead of sys/clock.c, sys/loop.c, sys/worker.c and serve/lookup.c:
 * the same functions, so that the drivers above run as they are, in one
 * thread and in no time.
 */
#pragma once

#include "dns/record.h"
#include "sys/loop.h"

/* What clock_now() and clock_mono() return, in milliseconds. */
extern int64_t fake_now;

/* Answers a question; set by the test.  The answer lives in `arena`. */
typedef void fake_dns(void *context, const struct dns_question *question,
		      struct arena *arena, struct dns_answer *ret);

/* Sets who answers the questions. */
void fake_set_dns(fake_dns *answer, void *context);

/* Returns how many questions were asked so far. */
uint64_t fake_questions(void);

/*
 * Lets time pass up to `until`, firing every timer that is due on the way at
 * its moment.  Fails the test if more than a million fire.
 */
void fake_run(struct loop *loop, int64_t until);
