/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dmarc_walk - what the _dmarc names above a domain say: the DNS tree walk.
 *
 * RFC 9989 section 4.10: from a name upwards, at most DMARC_WALK_MAX
 * questions; of several DMARC records at one name none counts; a record with
 * psd=y or psd=n ends the walk.  Section 4.10.2: which of the names passed is
 * the organizational domain.  A walk asks nothing that was asked before: its
 * names are kept in a struct dmarc_names, shared by all walks of a message.
 *
 * This is half a machine: whoever has one carries its questions to DNS.
 *
 * Pure: no I/O, no logging, no clock; allocates in the arena given, one
 * struct dmarc_name and its record's text for each name asked.
 * Ownership: names live in the arena; a walk borrows from them.
 */
#pragma once

#include "base/arena.h"
#include "dns/record.h"
#include "mailauth/dmarc_record.h"

#define DMARC_WALK_MAX 8 /* questions of one walk (section 4.10) */

/* What one name's _dmarc says. */
struct dmarc_name {
	struct dname name;          /* without _dmarc */
	enum dns_status status;     /* how the question ended */
	size_t records;             /* DMARC records there are */
	bool found;                 /* there is exactly one, and it counts */
	bool failed;                /* the question failed */
	struct span text;           /* of the record, or of the first */
	struct dmarc_record record; /* the same */
	struct dmarc_name *next;    /* asked before */
};

/* All names that were asked. */
struct dmarc_names {
	struct arena *arena;
	struct dmarc_name *newest;
};

/* A walk up the tree. */
struct dmarc_walk {
	struct dname start;                          /* where it begins */
	const struct dmarc_name *at[DMARC_WALK_MAX]; /* in the order asked */
	size_t len;                                  /* of at */
	bool done; /* nothing is left to ask */
};

/* How far a walk came. */
enum dmarc_walked {
	DMARC_WALKED,      /* it is done */
	DMARC_WALK_ASKS,   /* it waits for the answer to its question */
	DMARC_WALK_MEMORY, /* the arena is full: it never will be done */
};

/* Begins a walk at `start`. */
void dmarc_walk_init(struct dmarc_walk *w, const struct dname *start);

/*
 * Goes on as far as names are known.  DMARC_WALK_ASKS sets *ret_name to the
 * name, without _dmarc, and *ret to the question: give its answer to
 * dmarc_names_take() and go on.
 */
enum dmarc_walked dmarc_walk_on(struct dmarc_walk *w, struct dmarc_names *names,
				struct dname *ret_name,
				struct dns_question *ret) MUST_CHECK;

/* Borrows what `name` said, or NULL if it was not asked. */
struct dmarc_name *dmarc_names_get(const struct dmarc_names *names,
				   const struct dname *name);

/*
 * Sets *ret to the question for the _dmarc of `name`.  Returns false if that
 * name would be too long to exist.
 */
bool dmarc_names_question(const struct dname *name,
			  struct dns_question *ret) MUST_CHECK;

/*
 * Keeps the answer `a` for `name`; NULL: there is none to be had, as for a
 * name that cannot exist.  Returns it, or NULL if the arena is full.
 */
struct dmarc_name *dmarc_names_take(struct dmarc_names *names,
				    const struct dname *name,
				    const struct dns_answer *a);

/* Returns whether a question of the walk failed; it ended there. */
bool dmarc_walk_failed(const struct dmarc_walk *w);

/* Returns the organizational domain that a walk found (section 4.10.2). */
struct dname dmarc_walk_org(const struct dmarc_walk *w);

/* Borrows the name with a record of its own that equals `name`, or NULL. */
const struct dmarc_name *dmarc_walk_at(const struct dmarc_walk *w,
				       const struct dname *name);

/* Borrows the public suffix domain (psd=y) that ended the walk, or NULL. */
const struct dmarc_name *dmarc_walk_psd(const struct dmarc_walk *w);
