/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/asking.h"

#include <stdlib.h>

#include "base/mem.h"

struct asking {
	struct lookup *lookup;
	const struct asking_machine *kind;
	void *machine;
	bool fresh;
	loop_call *done;
	void *context;
	struct lookup_wait *wait; /* the question under way, or NULL */
	struct loop_timer *timer; /* when there is no more time */
	bool over;                /* there is no more */
};

static void
finish(struct asking *asking)
{
	loop_call *done = asking->done;
	void *with = asking->context;

	loop_timer_free(asking->timer);
	free(asking);
	done(with);
}

static void answered(void *context, const struct dns_answer *answer);

/* Asks the next question; false if there is none, or no time for it. */
static bool
ask_next(struct asking *asking)
{
	static const struct dns_answer late = {.status = DNS_TIMEOUT};
	struct dns_question question;

	while (asking->over && asking->kind->ask(asking->machine, &question))
		asking->kind->answer(asking->machine, &late);
	if (asking->over || !asking->kind->ask(asking->machine, &question))
		return false;
	asking->wait = lookup_ask(asking->lookup, &question, asking->fresh,
				  answered, asking);
	return true;
}

static void
answered(void *context, const struct dns_answer *answer)
{
	struct asking *asking = context;

	asking->wait = NULL;
	asking->kind->answer(asking->machine, answer);
	if (!ask_next(asking))
		finish(asking);
}

/* The time is up, or nothing was asked at all. */
static void
timed_out(void *context)
{
	struct asking *asking = context;

	lookup_cancel(take_ptr(&asking->wait));
	asking->over = true;
	(void)ask_next(asking);
	finish(asking);
}

struct asking *
asking_start(struct loop *loop, struct lookup *lookup,
	     const struct asking_machine *kind, void *machine, bool fresh,
	     loop_call *done, void *context)
{
	struct asking *asking = mem_new(sizeof(*asking));

	asking->lookup = lookup;
	asking->kind = kind;
	asking->machine = machine;
	asking->fresh = fresh;
	asking->done = done;
	asking->context = context;
	asking->timer = loop_timer_new(loop, timed_out, asking);
	loop_timer_set(asking->timer, ask_next(asking) ? ASKING_TIME_MAX : 0);
	return asking;
}

void
asking_cancel(struct asking *asking)
{
	if (asking == NULL)
		return;
	lookup_cancel(asking->wait);
	loop_timer_free(asking->timer);
	free(asking);
}
