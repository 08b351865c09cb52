/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/cleaner.h"

#include <stdlib.h>

#include "base/mem.h"
#include "sys/clock.h"

struct cleaner {
	struct storage *storage;
	struct loop_timer *timer;
	struct storage_job job;
	int64_t now;
	bool more; /* a kind has more rows than one piece */
	bool busy;
	bool stopped;
};

static bool
clean_run(struct storage_job *job, struct store *store, struct error *reterr)
{
	static const struct kind {
		bool (*purge)(struct store *s, int64_t time, size_t limit,
			      uint64_t *ret, struct error *reterr);
		int64_t keep;
	} kinds[] = {
		{store_data_purge, CLEANER_DATA},
		{store_message_purge, CLEANER_MESSAGE},
		{store_event_purge, CLEANER_EVENT},
		{store_report_purge, CLEANER_REPORT},
	};
	struct cleaner *cleaner = container_of(job, struct cleaner, job);

	cleaner->more = false;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		uint64_t count;

		if (!kinds[i].purge(store, cleaner->now - kinds[i].keep,
				    CLEANER_PIECE, &count, reterr))
			return false;
		if (count >= CLEANER_PIECE)
			cleaner->more = true;
	}
	return store_sent_purge(store, cleaner->now - CLEANER_SENT, reterr);
}

static void
clean_done(struct storage_job *job, const struct error *failure)
{
	struct cleaner *cleaner = container_of(job, struct cleaner, job);

	cleaner->busy = false;
	if (cleaner->stopped)
		return;
	if (failure != NULL)
		loop_timer_set(cleaner->timer, CLEANER_FIRST);
	else
		loop_timer_set(cleaner->timer,
			       cleaner->more ? CLEANER_PAUSE : CLEANER_EVERY);
}

static void
clean(void *context)
{
	struct cleaner *cleaner = context;

	cleaner->busy = true;
	cleaner->now = clock_now();
	storage_do(cleaner->storage, &cleaner->job);
}

struct cleaner *
cleaner_new(struct loop *loop, struct storage *storage)
{
	struct cleaner *cleaner = mem_new(sizeof(*cleaner));

	cleaner->storage = storage;
	cleaner->job.run = clean_run;
	cleaner->job.done = clean_done;
	cleaner->timer = loop_timer_new(loop, clean, cleaner);
	loop_timer_set(cleaner->timer, CLEANER_FIRST);
	return cleaner;
}

void
cleaner_stop(struct cleaner *cleaner)
{
	cleaner->stopped = true;
	loop_timer_clear(cleaner->timer);
}

size_t
cleaner_busy(const struct cleaner *cleaner)
{
	return cleaner->busy;
}

void
cleaner_free(struct cleaner *cleaner)
{
	if (cleaner == NULL)
		return;
	loop_timer_free(cleaner->timer);
	free(cleaner);
}
