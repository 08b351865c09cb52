/* SPDX-License-Identifier: Apache-2.0 */
/* The resolver, as the test wants it to be. */
#include "serve/lookup.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

#include "fake.h"

/* Most memory that one answer takes. */
#define ANSWER_MAX (1024 * 1024)

struct lookup {
	struct loop *loop;
};

struct lookup_wait {
	struct dns_question question;
	lookup_done *done;
	void *context;
	struct loop_timer *turn;
};

static fake_dns *dns;
static void *dns_context;
static uint64_t questions;

void
fake_set_dns(fake_dns *answer, void *context)
{
	dns = answer;
	dns_context = context;
}

uint64_t
fake_questions(void)
{
	return questions;
}

struct lookup *
lookup_new(struct loop *loop, const struct net_address *servers, size_t count)
{
	struct lookup *lookup = mem_new(sizeof(*lookup));

	(void)servers;
	(void)count;
	lookup->loop = loop;
	return lookup;
}

void
lookup_free(struct lookup *lookup)
{
	free(lookup);
}

static void
turn(void *context)
{
	struct lookup_wait *wait = context;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ANSWER_MAX);
	struct dns_answer answer = {.status = DNS_SERVFAIL};
	lookup_done *done = wait->done;
	void *with = wait->context;

	assert(dns != NULL);
	questions++;
	dns(dns_context, &wait->question, &arena, &answer);
	lookup_cancel(wait);
	done(with, &answer);
}

struct lookup_wait *
lookup_ask(struct lookup *lookup, const struct dns_question *question,
	   bool fresh, lookup_done *done, void *context)
{
	struct lookup_wait *wait = mem_new(sizeof(*wait));

	(void)fresh;
	wait->question = *question;
	wait->done = done;
	wait->context = context;
	wait->turn = loop_timer_new(lookup->loop, turn, wait);
	loop_timer_set(wait->turn, 0);
	return wait;
}

void
lookup_cancel(struct lookup_wait *wait)
{
	if (wait == NULL)
		return;
	loop_timer_free(wait->turn);
	free(wait);
}
