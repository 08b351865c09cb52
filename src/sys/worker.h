/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker - one thread that runs jobs for the loop, in batches.
 *
 * Blocking work (the store) is done here.  All jobs that wait are one batch:
 * `begin`, each job's run(), then `end`, which commits once for all of them;
 * only then is each job's done() called, back in the loop.  So what done()
 * acknowledges is durable, and many share one fsync.
 *
 * Ownership: a job belongs to the worker from worker_add() until done() is
 * called, which may free it.  Jobs are run in the order they were added.
 */
#pragma once

#include <stdbool.h>

#include "sys/loop.h"

#define WORKER_BATCH_MAX 256 /* most jobs that share one commit */

/* A piece of work; a member of a larger struct that knows the rest. */
struct worker_job {
	/* In the thread.  `context` is the worker's. */
	void (*run)(struct worker_job *job, void *context);
	/* In the loop.  `kept`: whether the batch was committed. */
	void (*done)(struct worker_job *job, bool kept);
	struct worker_job *next; /* the worker's own */
	bool kept;               /* the worker's own */
};

/* What is done around a batch, in the thread. */
struct worker_batch {
	bool (*begin)(void *context); /* false: run nothing, kept = false */
	bool (*end)(void *context);   /* commits; false: nothing was kept */
};

struct worker;

/* Starts the thread.  Borrows `batch` and `context`. */
struct worker *worker_new(struct loop *loop, const struct worker_batch *batch,
			  void *context) MUST_CHECK;

/* Adds a job at the end of the queue. */
void worker_add(struct worker *worker, struct worker_job *job);

/* Returns how many jobs were added and are not yet done. */
size_t worker_pending(const struct worker *worker);

/* Runs what is queued, ends the thread, calls every done(), and frees. */
void worker_free(struct worker *worker);
