/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worst - messages made to cost a verifier as much as they can.
 *
 * Each is a header, a body, the signatures over it (or what looks like them)
 * and the key records they name.  Ownership: a message is the caller's;
 * worst_make() frees what it held before.
 */
#pragma once

#include "answers.h"
#include "crypt/pubkey.h"
#include "mailauth/dkim_verify.h"

#define WORST_MESSAGE_MAX ((size_t)64 << 20)

/* A message, and what its verification must find. */
struct worst {
	struct buf text;
	size_t passed;    /* signatures that are good */
	size_t failed;    /* that are not, after all the work */
	size_t permerror; /* refused before the public-key operation */
	size_t skipped;   /* not looked at */
};

/* How one is made. */
struct worst_recipe {
	const char *name; /* "D6-..." as in docs/benchmarks.md */
	void (*make)(struct worst *w);
};

extern const struct worst_recipe worst_recipes[];
extern const size_t worst_recipes_len;
