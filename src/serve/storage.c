/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/storage.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"

struct storage {
	struct store *store;
	struct worker *worker;
	atomic_bool is_broken; /* said by the thread, looked at by the loop */
	loop_call *broken;
	void *context;
	bool told; /* that it is broken */
};

static bool
batch_begin(void *context)
{
	struct storage *storage = context;
	struct error why;

	return store_begin(storage->store, &why);
}

static bool
batch_end(void *context)
{
	struct storage *storage = context;
	struct error why;
	bool kept = store_commit(storage->store, &why);

	if (store_is_broken(storage->store))
		atomic_store(&storage->is_broken, true);
	return kept;
}

static const struct worker_batch batch = {batch_begin, batch_end};

static struct storage_job *
job_of(struct worker_job *work)
{
	return container_of(work, struct storage_job, work);
}

static void
run(struct worker_job *work, void *context)
{
	struct storage *storage = context;
	struct storage_job *job = job_of(work);

	job->failure.code = ERROR_NONE;
	if (!store_job_begin(storage->store, &job->failure))
		return;
	if (!job->run(job, storage->store, &job->failure))
		store_job_undo(storage->store);
	else if (!store_job_keep(storage->store, &job->failure))
		assert(job->failure.code != ERROR_NONE);
}

static void
done(struct worker_job *work, bool kept)
{
	struct storage_job *job = job_of(work);
	struct storage *storage = job->storage;

	/* What failed may have done so for what another job did, which is now
	 * undone: nothing is known but that the store did not keep it. */
	if (!kept && job->failure.code != ERROR_UNAVAILABLE)
		error_set(&job->failure, ERROR_UNAVAILABLE,
			  "the store could not keep the change");
	job->done(job, job->failure.code != ERROR_NONE ? &job->failure : NULL);
	if (atomic_load(&storage->is_broken) && !storage->told) {
		storage->told = true;
		storage->broken(storage->context);
	}
}

bool
storage_new(struct loop *loop, const char *path, loop_call *broken,
	    void *context, struct storage **ret, struct error *reterr)
{
	struct storage *storage = mem_new(sizeof(*storage));

	if (!store_open(path, NULL, &storage->store, reterr)) {
		free(storage);
		return false;
	}
	storage->broken = broken;
	storage->context = context;
	storage->worker = worker_new(loop, &batch, storage);
	*ret = storage;
	return true;
}

void
storage_do(struct storage *storage, struct storage_job *job)
{
	job->storage = storage;
	job->failure.code = ERROR_NONE; /* run() may not come to it */
	job->work.run = run;
	job->work.done = done;
	worker_add(storage->worker, &job->work);
}

size_t
storage_pending(const struct storage *storage)
{
	return worker_pending(storage->worker);
}

struct store *
storage_store(struct storage *storage)
{
	return storage->store;
}

void
storage_free(struct storage *storage)
{
	if (storage == NULL)
		return;
	worker_free(storage->worker);
	store_free(storage->store);
	free(storage);
}
