/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/scheduler.h"

#include <stdlib.h>

#include "base/mem.h"
#include "sys/clock.h"

/* Rest before the store is asked again after it failed, in ms. */
#define AFTER_FAILURE 1000

/* A check that is under way. */
struct slot {
	struct scheduler *scheduler;
	uint64_t id; /* row of the identity; 0: free */
};

/* Asks the store what is due. */
struct due_job {
	struct storage_job job;
	struct scheduler *scheduler;
	int64_t now;
	struct identity row[SCHEDULER_MAX];
	size_t len;
	int64_t next; /* when the first of all is due */
};

struct scheduler {
	const struct checker *checker;
	uint64_t seed;
	struct loop_timer *timer;
	struct due_job due;
	bool asking; /* the due job is under way */
	bool again;  /* and is to be run once more */
	bool stopped;
	struct slot slot[SCHEDULER_MAX];
	size_t busy;
};

static bool
due_run(struct storage_job *job, struct store *store, struct error *reterr)
{
	struct due_job *due = container_of(job, struct due_job, job);

	return store_identity_due(store, due->now, due->row, SCHEDULER_MAX,
				  &due->len, reterr) &&
	       store_identity_next_check(store, &due->next, reterr);
}

static void
over(void *context, bool kept)
{
	struct slot *slot = context;
	struct scheduler *scheduler = slot->scheduler;

	slot->id = 0;
	scheduler->busy--;
	if (kept)
		scheduler_wake(scheduler);
	else if (!scheduler->stopped)
		loop_timer_set(scheduler->timer, AFTER_FAILURE);
}

static bool
is_under_way(const struct scheduler *scheduler, uint64_t id)
{
	for (size_t i = 0; i < SCHEDULER_MAX; i++)
		if (scheduler->slot[i].id == id)
			return true;
	return false;
}

static void
start_check(struct scheduler *scheduler, uint64_t id)
{
	for (size_t i = 0; i < SCHEDULER_MAX; i++) {
		struct slot *slot = &scheduler->slot[i];

		if (slot->id != 0)
			continue;
		slot->scheduler = scheduler;
		slot->id = id;
		scheduler->busy++;
		scheduler->seed = scheduler->seed * 6364136223846793005u +
				  1442695040888963407u;
		check_start(scheduler->checker, id, scheduler->seed ^ id, over,
			    slot);
		return;
	}
}

/*
 * Sleeps until the first of all is due.  What was due when the store was
 * asked is under way, and wakes us when it is done; what came due since then
 * (a timer may be a moment early) is not, and has its turn at once.
 */
static void
sleep_until(struct scheduler *scheduler, int64_t next)
{
	int64_t after = next - clock_now();

	if (next <= scheduler->due.now || after > SCHEDULER_SLEEP_MAX)
		after = SCHEDULER_SLEEP_MAX;
	else if (after < 0)
		after = 0;
	loop_timer_set(scheduler->timer, after);
}

static void
due_done(struct storage_job *job, const struct error *failure)
{
	struct due_job *due = container_of(job, struct due_job, job);
	struct scheduler *scheduler = due->scheduler;

	scheduler->asking = false;
	if (scheduler->stopped)
		return;
	if (failure != NULL) {
		loop_timer_set(scheduler->timer, AFTER_FAILURE);
		return;
	}
	for (size_t i = 0; i < due->len; i++)
		if (!is_under_way(scheduler, due->row[i].id))
			start_check(scheduler, due->row[i].id);
	if (scheduler->again) {
		scheduler->again = false;
		loop_timer_set(scheduler->timer, 0);
	} else {
		sleep_until(scheduler, due->next);
	}
}

static void
look(void *context)
{
	struct scheduler *scheduler = context;

	if (scheduler->stopped)
		return;
	if (scheduler->asking) {
		scheduler->again = true;
		return;
	}
	scheduler->asking = true;
	scheduler->due.now = clock_now();
	storage_do(scheduler->checker->storage, &scheduler->due.job);
}

struct scheduler *
scheduler_new(const struct checker *checker, uint64_t seed)
{
	struct scheduler *scheduler = mem_new(sizeof(*scheduler));

	scheduler->checker = checker;
	scheduler->seed = seed;
	scheduler->due.scheduler = scheduler;
	scheduler->due.job.run = due_run;
	scheduler->due.job.done = due_done;
	scheduler->timer = loop_timer_new(checker->loop, look, scheduler);
	loop_timer_set(scheduler->timer, 0);
	return scheduler;
}

void
scheduler_wake(struct scheduler *scheduler)
{
	if (scheduler->stopped)
		return;
	/* The answer that is on its way would set the timer anew. */
	if (scheduler->asking)
		scheduler->again = true;
	else
		loop_timer_set(scheduler->timer, 0);
}

void
scheduler_stop(struct scheduler *scheduler)
{
	scheduler->stopped = true;
	loop_timer_clear(scheduler->timer);
}

size_t
scheduler_busy(const struct scheduler *scheduler)
{
	return scheduler->busy + scheduler->asking;
}

void
scheduler_free(struct scheduler *scheduler)
{
	if (scheduler == NULL)
		return;
	loop_timer_free(scheduler->timer);
	free(scheduler);
}
