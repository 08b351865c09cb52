/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spf_cases - the questions in spf.cases, for the C programs that answer them.
 *
 * Ownership: what is read lives for ever.
 */
#pragma once

#include "harness.h"

#define SPF_ROUND 64 /* evaluations between two looks at the clock */

/* One question, and what the answer must be. */
struct spf_case {
	uint8_t ip[4];         /* the client's address */
	struct span mail_from; /* NUL-ended too */
	struct span helo;      /* NUL-ended too */
	const char *result;    /* "pass" ... */
};

/*
 * Reads folder/spf.cases into `c`, each with `round` and a struct spf_case
 * as context; returns how many there are, BENCH_CASES at most.
 */
size_t spf_cases(const char *folder,
		 size_t (*round)(const struct bench_case *c),
		 struct bench_case *c);
