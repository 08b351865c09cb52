/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy - which DMARC record is in force for a domain.
 *
 * A machine over the tree walk of RFC 9989 sections 4.10 and 4.10.1: the
 * record of the domain itself, else that of its organizational domain, else
 * that of the public suffix domain above.  It only finds the record and what
 * it says for mail from the domain; judging a message is mailauth's business.
 *
 * Pure: no I/O, no logging, no clock; allocation only in the given arena.
 */
#pragma once

#include "base/arena.h"
#include "dns/record.h"

#define POLICY_WALK_MAX 8 /* questions, RFC 9989 section 4.10 */
#define POLICY_TEXT_MAX                                                        \
	2048 /* octets of a record; a longer one is no record                  \
	      */

/* How a walk ended. */
enum policy_status {
	POLICY_FOUND = 1, /* a record is in force */
	POLICY_NONE,      /* no record is */
	POLICY_ERROR,     /* DNS did not say: there may be one or not */
};

/* What is in force. */
struct policy {
	enum policy_status status;
	struct span name;   /* where the record is: "_dmarc.example.org" */
	struct span record; /* its text */
	struct span policy; /* "none", "quarantine" or "reject", as it applies
			       to mail from the domain; "" if it names none */
	bool inherited;     /* the record is that of a domain above */
};

/* The machine.  Its members are its own. */
struct policy_walk {
	struct arena *arena;
	struct dname at; /* the name whose _dmarc is asked next */
	unsigned asked;  /* answers so far */
	bool done;
	struct policy found; /* so far: of the fewest labels */
	struct dname found_at;
};

/* Makes `m` ready to ask about `domain`. */
void policy_init(struct policy_walk *m, const struct dname *domain,
		 struct arena *arena);

/* Returns true if `m` waits for the answer to *ret, false if it is done. */
bool policy_ask(struct policy_walk *m, struct dns_question *ret) MUST_CHECK;

/* Gives the answer to the question that policy_ask() yielded. */
void policy_answer(struct policy_walk *m, const struct dns_answer *answer);

/* Returns what was found, once policy_ask() returned false. */
const struct policy *policy_result(const struct policy_walk *m);

/* Returns whether `text` is a DMARC record: "v=DMARC1" comes first. */
bool policy_is_dmarc(struct span text);

/*
 * Returns the value of the tag `name` in the DMARC record `text`, trimmed;
 * "" if it has none.  As RFC 9989 section 4.7 asks, what is malformed beside
 * it is passed over.
 */
struct span policy_tag(struct span text, struct span name);

/* Returns `value` if it is "none", "quarantine" or "reject", else "". */
struct span policy_word(struct span value);
