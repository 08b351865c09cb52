/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asking - runs a machine that asks DNS until it has all its answers.
 *
 * Couples any pair of x_ask() and x_answer() (docs/adr/0002) to the resolver.
 */
#pragma once

#include "serve/lookup.h"

/* The two functions of a machine, with it as a void pointer. */
struct asking_machine {
	bool (*ask)(void *machine, struct dns_question *ret);
	void (*answer)(void *machine, const struct dns_answer *answer);
};

/* Makes `name_machine` of name_ask() and name_answer() for `struct type`. */
#define ASKING_MACHINE(name, type)                                             \
	static bool name##_machine_ask(void *machine,                          \
				       struct dns_question *ret)               \
	{                                                                      \
		return name##_ask((type *)machine, ret);                       \
	}                                                                      \
	static void name##_machine_answer(void *machine,                       \
					  const struct dns_answer *answer)     \
	{                                                                      \
		name##_answer((type *)machine, answer);                        \
	}                                                                      \
	static const struct asking_machine name##_machine = {                  \
		name##_machine_ask, name##_machine_answer}

/* Most time that a machine is given, in ms: then every answer is a timeout. */
#define ASKING_TIME_MAX 30000

struct asking;

/*
 * Runs `machine` and calls `done` when it asks no more, never from inside
 * this call.  `fresh` is as in lookup_ask().  The result is for
 * asking_cancel(), and dead once `done` is called.
 */
struct asking *asking_start(struct loop *loop, struct lookup *lookup,
			    const struct asking_machine *kind, void *machine,
			    bool fresh, loop_call *done, void *context);

/* Stops asking: `done` will not be called.  NULL is fine. */
void asking_cancel(struct asking *asking);
