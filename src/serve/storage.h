/* SPDX-License-Identifier: Apache-2.0 */
/*
 * storage - the store on its own thread, asked from the loop.
 *
 * Jobs that wait are run one after the other in one transaction, each in a
 * savepoint of its own, and answered after the one commit: what is answered
 * as done is durable (DESIGN.md section 5).  A store that is broken ends the
 * server, so that the next one recovers from the log.
 *
 * Ownership: a job belongs to the storage from storage_do() until its done()
 * is called, which may free it.
 */
#pragma once

#include "store/store.h"
#include "sys/worker.h"

struct storage;
struct storage_job;

/* A piece of work on the store; a member of a larger struct. */
struct storage_job {
	/*
	 * On the store thread.  False with *reterr: nothing this job did is
	 * kept.  It must touch nothing that the loop may touch meanwhile.
	 */
	bool (*run)(struct storage_job *job, struct store *store,
		    struct error *reterr);
	/* In the loop.  `failure` is NULL if all was done and is durable. */
	void (*done)(struct storage_job *job, const struct error *failure);
	struct storage *storage; /* storage's own */
	struct worker_job work;  /* storage's own */
	struct error failure;    /* storage's own */
};

/*
 * Opens (or makes) the database at `path` and starts its thread.  `broken`
 * is called in the loop, once, when the database can no longer be trusted.
 */
bool storage_new(struct loop *loop, const char *path, loop_call *broken,
		 void *context, struct storage **ret,
		 struct error *reterr) MUST_CHECK;

/* Hands `job` to the store thread. */
void storage_do(struct storage *storage, struct storage_job *job);

/* Returns how many jobs are under way. */
size_t storage_pending(const struct storage *storage);

/*
 * Borrows the store itself, for work before the loop runs; no job may be
 * under way.
 */
struct store *storage_store(struct storage *storage);

/* Finishes all jobs, closes the store and frees; NULL is fine. */
void storage_free(struct storage *storage);
