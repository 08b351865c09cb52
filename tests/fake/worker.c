/* SPDX-License-Identifier: Apache-2.0 */
/* The store thread, without a thread: a batch is run when the loop turns. */
#include "sys/worker.h"

#include <stdlib.h>

#include "base/mem.h"

#include "fake.h"

struct worker {
	const struct worker_batch *batch;
	void *context;
	struct worker_job *first;
	struct worker_job **last;
	size_t pending;
	struct loop_timer *turn;
};

static void
run_batch(void *context)
{
	struct worker *worker = context;
	struct worker_job *jobs = worker->first;
	bool kept = worker->batch->begin(worker->context);

	worker->first = NULL;
	worker->last = &worker->first;
	if (kept) {
		for (struct worker_job *job = jobs; job != NULL;
		     job = job->next)
			job->run(job, worker->context);
		kept = worker->batch->end(worker->context);
	}
	while (jobs != NULL) {
		struct worker_job *next = jobs->next;

		worker->pending--;
		jobs->done(jobs, kept);
		jobs = next;
	}
}

struct worker *
worker_new(struct loop *loop, const struct worker_batch *batch, void *context)
{
	struct worker *worker = mem_new(sizeof(*worker));

	worker->batch = batch;
	worker->context = context;
	worker->last = &worker->first;
	worker->turn = loop_timer_new(loop, run_batch, worker);
	return worker;
}

void
worker_add(struct worker *worker, struct worker_job *job)
{
	job->next = NULL;
	*worker->last = job;
	worker->last = &job->next;
	worker->pending++;
	loop_timer_set(worker->turn, 0);
}

size_t
worker_pending(const struct worker *worker)
{
	return worker->pending;
}

void
worker_free(struct worker *worker)
{
	if (worker == NULL)
		return;
	if (worker->first != NULL)
		run_batch(worker);
	loop_timer_free(worker->turn);
	free(worker);
}
