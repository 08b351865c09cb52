/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/loop.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

#include "fake.h"

/* More timers than this fire only in an endless loop. */
#define FIRED_MAX 1000000

struct loop {
	struct loop_timer *timer; /* all of them */
	uint64_t order;           /* counts what was set */
};

struct loop_timer {
	struct loop *loop;
	struct loop_timer *next;
	loop_call *fire;
	void *context;
	bool set;
	int64_t at;
	uint64_t order; /* among those of the same moment, first set first */
};

struct loop *
loop_new(void)
{
	return mem_new(sizeof(struct loop));
}

void
loop_free(struct loop *loop)
{
	assert(loop == NULL || loop->timer == NULL);
	free(loop);
}

struct loop_timer *
loop_timer_new(struct loop *loop, loop_call *fire, void *context)
{
	struct loop_timer *timer = mem_new(sizeof(*timer));

	timer->loop = loop;
	timer->fire = fire;
	timer->context = context;
	timer->next = loop->timer;
	loop->timer = timer;
	return timer;
}

void
loop_timer_set(struct loop_timer *timer, int64_t after)
{
	timer->set = true;
	timer->at = fake_now + (after > 0 ? after : 0);
	timer->order = timer->loop->order++;
}

void
loop_timer_clear(struct loop_timer *timer)
{
	timer->set = false;
}

void
loop_timer_free(struct loop_timer *timer)
{
	struct loop_timer **at;

	if (timer == NULL)
		return;
	for (at = &timer->loop->timer; *at != timer; at = &(*at)->next)
		;
	*at = timer->next;
	free(timer);
}

static bool
is_before(const struct loop_timer *a, const struct loop_timer *b)
{
	return a->at < b->at || (a->at == b->at && a->order < b->order);
}

void
fake_run(struct loop *loop, int64_t until)
{
	for (long fired = 0;; fired++) {
		struct loop_timer *first = NULL;

		for (struct loop_timer *t = loop->timer; t != NULL; t = t->next)
			if (t->set && (first == NULL || is_before(t, first)))
				first = t;
		if (first == NULL || first->at > until)
			break;
		assert(fired < FIRED_MAX);
		if (first->at > fake_now)
			fake_now = first->at;
		first->set = false;
		first->fire(first->context);
	}
	fake_now = until;
}
