/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"

struct queue {
	struct worker_job *first;
	struct worker_job **last; /* where the next goes */
};

struct worker {
	const struct worker_batch *batch;
	void *context;
	pthread_t thread;
	pthread_mutex_t lock; /* of the three below */
	pthread_cond_t work;
	struct queue todo, done;
	bool stop;
	size_t pending; /* of the loop's side */
	int wake;       /* eventfd: `done` is not empty */
	struct loop_watch *watch;
};

static void
queue_init(struct queue *queue)
{
	queue->first = NULL;
	queue->last = &queue->first;
}

static void
queue_put(struct queue *queue, struct worker_job *job)
{
	job->next = NULL;
	*queue->last = job;
	queue->last = &job->next;
}

/* Moves up to `max` jobs out; returns them as a list. */
static struct worker_job *
queue_take(struct queue *queue, size_t max)
{
	struct worker_job *first = queue->first;
	struct worker_job **end = &queue->first;

	while (*end != NULL && max-- > 0)
		end = &(*end)->next;
	queue->first = *end;
	*end = NULL;
	if (queue->first == NULL)
		queue->last = &queue->first;
	return first == queue->first ? NULL : first;
}

static void
run_batch(struct worker *worker, struct worker_job *jobs)
{
	bool kept = worker->batch->begin(worker->context);

	if (kept) {
		for (struct worker_job *job = jobs; job != NULL;
		     job = job->next)
			job->run(job, worker->context);
		kept = worker->batch->end(worker->context);
	}
	for (struct worker_job *job = jobs; job != NULL; job = job->next)
		job->kept = kept;
}

static void
give_back(struct worker *worker, struct worker_job *jobs)
{
	uint64_t one = 1;

	while (jobs != NULL) {
		struct worker_job *next = jobs->next;

		queue_put(&worker->done, jobs);
		jobs = next;
	}
	if (write(worker->wake, &one, sizeof(one)) < 0)
		abort();
}

static void *
thread_main(void *arg)
{
	struct worker *worker = arg;

	pthread_mutex_lock(&worker->lock);
	for (;;) {
		struct worker_job *jobs;

		while (worker->todo.first == NULL && !worker->stop)
			pthread_cond_wait(&worker->work, &worker->lock);
		jobs = queue_take(&worker->todo, WORKER_BATCH_MAX);
		if (jobs == NULL)
			break;
		pthread_mutex_unlock(&worker->lock);
		run_batch(worker, jobs);
		pthread_mutex_lock(&worker->lock);
		give_back(worker, jobs);
	}
	pthread_mutex_unlock(&worker->lock);
	return NULL;
}

static void
call_done(void *context)
{
	struct worker *worker = context;
	struct worker_job *jobs;
	uint64_t count;

	if (read(worker->wake, &count, sizeof(count)) < 0)
		count = 0;
	pthread_mutex_lock(&worker->lock);
	jobs = queue_take(&worker->done, SIZE_MAX);
	pthread_mutex_unlock(&worker->lock);
	while (jobs != NULL) {
		struct worker_job *next = jobs->next;

		worker->pending--;
		jobs->done(jobs, jobs->kept);
		jobs = next;
	}
}

struct worker *
worker_new(struct loop *loop, const struct worker_batch *batch, void *context)
{
	struct worker *worker = mem_new(sizeof(*worker));
	sigset_t all, before;

	worker->batch = batch;
	worker->context = context;
	queue_init(&worker->todo);
	queue_init(&worker->done);
	pthread_mutex_init(&worker->lock, NULL);
	pthread_cond_init(&worker->work, NULL);
	worker->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (worker->wake < 0)
		mem_exhausted();
	worker->watch = loop_watch_new(loop, worker->wake, call_done, worker);
	/* Signals are the loop's: the thread is born with all of them blocked.
	 */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&worker->thread, NULL, thread_main, worker) != 0)
		mem_exhausted();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return worker;
}

void
worker_add(struct worker *worker, struct worker_job *job)
{
	worker->pending++;
	pthread_mutex_lock(&worker->lock);
	queue_put(&worker->todo, job);
	pthread_cond_signal(&worker->work);
	pthread_mutex_unlock(&worker->lock);
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
	pthread_mutex_lock(&worker->lock);
	worker->stop = true;
	pthread_cond_signal(&worker->work);
	pthread_mutex_unlock(&worker->lock);
	pthread_join(worker->thread, NULL);
	call_done(worker);
	loop_watch_free(worker->watch);
	close(worker->wake);
	pthread_cond_destroy(&worker->work);
	pthread_mutex_destroy(&worker->lock);
	free(worker);
}
