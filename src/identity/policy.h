/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy - which DMARC record is in force for a domain, and what it says.
 *
 * Asks mailauth/dmarc.h about a message from the domain that nobody
 * authenticated, and keeps what an operator needs to know: whose record it
 * is, and the policy that applies to mail from the domain.
 *
 * Pure: no I/O, no logging, no clock; allocation only in the given arena.
 */
#pragma once

#include "mailauth/dmarc.h"

/* How the search ended. */
enum policy_status {
	POLICY_NOT_ASKED = 0, /* nobody looked */
	POLICY_FOUND,         /* a record is in force */
	POLICY_NONE,          /* no record is */
	POLICY_ERROR,         /* DNS did not say: there may be one or not */
};

/* What is in force. */
struct policy {
	enum policy_status status;
	struct span name;   /* where the record is: "_dmarc.example.org" */
	struct span record; /* its text */
	struct span policy; /* "none", "quarantine" or "reject", as it applies
			       to mail from the domain; "" if it names none
			       that is valid */
	bool inherited;     /* the record is that of a domain above */
};

/* The machine.  Its members are its own. */
struct policy_walk {
	struct arena *arena;
	struct dmarc dmarc;
	bool done;
	struct policy found;
};

/* What nobody looked for. */
#define POLICY_UNKNOWN                                                         \
	((struct policy){                                                      \
		.name = SPAN(""), .record = SPAN(""), .policy = SPAN("")})

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

/* Returns the policy that the DMARC record `text` has for its own domain,
 * "" if it names none that is valid; static. */
struct span policy_of(struct span text);
