/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/worker.h"

#include "unit.h"

#define JOBS 1000

struct count_job {
	struct worker_job job;
	int number;
};

static struct loop *loop;
static struct count_job jobs[JOBS];
static int begun, ended, ran, done_kept, done_lost;
static int fail_batch; /* the batch whose commit fails, counted from 1 */

static bool
begin(void *context)
{
	(void)context;
	begun++;
	return true;
}

static bool
end(void *context)
{
	(void)context;
	return ++ended != fail_batch;
}

static const struct worker_batch batch = {begin, end};

static void
run(struct worker_job *job, void *context)
{
	(void)context;
	/* In the order they were added, one at a time. */
	assert_int_equal(((struct count_job *)job)->number, ran);
	ran++;
}

static void
done(struct worker_job *job, bool kept)
{
	(void)job;
	if (kept)
		done_kept++;
	else
		done_lost++;
	if (done_kept + done_lost == JOBS)
		loop_stop(loop);
}

static void
test_batches(void **state)
{
	struct worker *worker;

	(void)state;
	loop = loop_new();
	worker = worker_new(loop, &batch, NULL);
	for (int i = 0; i < JOBS; i++) {
		jobs[i].job.run = run;
		jobs[i].job.done = done;
		jobs[i].number = i;
		worker_add(worker, &jobs[i].job);
	}
	loop_run(loop);
	assert_int_equal(ran, JOBS);
	assert_int_equal(done_kept, JOBS);
	assert_int_equal(worker_pending(worker), 0);
	assert_int_equal(begun, ended);
	assert_true(begun >= JOBS / WORKER_BATCH_MAX && begun <= JOBS);
	worker_free(worker);
	loop_free(loop);
}

static void
test_lost_and_drained(void **state)
{
	struct worker *worker;

	(void)state;
	begun = ended = ran = done_kept = done_lost = 0;
	fail_batch = 1;
	loop = loop_new();
	worker = worker_new(loop, &batch, NULL);
	for (int i = 0; i < 3; i++)
		worker_add(worker, &jobs[i].job);
	worker_free(worker); /* runs them, and says what became of them */
	assert_int_equal(ran, 3);
	assert_true(done_lost >= 1);
	assert_int_equal(done_lost + done_kept, 3);
	loop_free(loop);
}

int
main(void)
{
	UNIT(test_batches);
	UNIT(test_lost_and_drained);
	return unit_run("sys/worker");
}
