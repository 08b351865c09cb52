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
	struct loop_timer *soon;  /* for a machine that asks nothing */
};

static void
finish(void *context)
{
	struct asking *asking = context;
	loop_call *done = asking->done;
	void *with = asking->context;

	loop_timer_free(asking->soon);
	free(asking);
	done(with);
}

static void answered(void *context, const struct dns_answer *answer);

/* Asks the next question; false if there is none. */
static bool
ask_next(struct asking *asking)
{
	struct dns_question question;

	if (!asking->kind->ask(asking->machine, &question))
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
	asking->soon = loop_timer_new(loop, finish, asking);
	if (!ask_next(asking))
		loop_timer_set(asking->soon, 0);
	return asking;
}

void
asking_cancel(struct asking *asking)
{
	if (asking == NULL)
		return;
	lookup_cancel(asking->wait);
	loop_timer_free(asking->soon);
	free(asking);
}
