/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dns - the DNS side of the library's machines: struct sesame_dns.
 *
 * A machine of the engine asks and is answered by two functions; here is what
 * gives each of them the same public face.  The next question is fetched as
 * soon as one is answered, so that an answer need only live that long.
 *
 * No I/O, no logging, no clock.  Ownership: a struct sesame_dns is a member
 * of the object it serves, between dns_init() and dns_release().
 */
#pragma once

#include <sesame/mailauth/dns.h>

#include "dns/record.h"

/* Octets that one answer may take while it is looked at. */
#define DNS_ANSWER_ARENA_MAX ((size_t)8 << 20)

/* How the machine behind it is asked and answered. */
struct dns_machine {
	bool (*ask)(void *machine, struct dns_question *ret);
	void (*answer)(void *machine, const struct dns_answer *answer);
	void (*done)(void *object); /* it asks no more: results can be made */
};

struct sesame_dns {
	const struct dns_machine *type;
	void *machine; /* what `ask` and `answer` are given */
	void *object;  /* what `done` is given */
	bool done;     /* it asks no more */
	bool waiting;  /* for the answer to `question` */
	struct dns_question question;
	struct dname_text name;       /* its name, as text */
	struct sesame_question shown; /* the same, as given out */
	struct dns_rr *rr;            /* records added to the answer */
	size_t len, room;             /* of rr */
	struct arena arena;           /* what they point at */
};

/* Makes `dns` ready: nothing is asked yet. */
void dns_init(struct sesame_dns *dns);

/* Frees what `dns` holds. */
void dns_release(struct sesame_dns *dns);

/* Lets `machine` of `object` ask; its first question may be there now. */
void dns_start(struct sesame_dns *dns, const struct dns_machine *type,
	       void *machine, void *object);

/*
 * Makes a struct dns_machine `name` of module x's x_ask() and x_answer(), and
 * of `finish`, which is called when it asks no more.
 */
#define DNS_MACHINE(name, x, type, finish)                                     \
	static bool name##_ask(void *machine, struct dns_question *ret)        \
	{                                                                      \
		type *m = machine;                                             \
                                                                               \
		return x##_ask(m, ret);                                        \
	}                                                                      \
	static void name##_answer(void *machine,                               \
				  const struct dns_answer *answer)             \
	{                                                                      \
		type *m = machine;                                             \
                                                                               \
		x##_answer(m, answer);                                         \
	}                                                                      \
	static const struct dns_machine name = {name##_ask, name##_answer,     \
						finish}
