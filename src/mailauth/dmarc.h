/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dmarc - is the author's domain authenticated, and what does it wish if not?
 *
 * RFC 9989, as a machine: dmarc_ask() says which question it waits for,
 * dmarc_answer() gives the answer.  The organizational domain is found by the
 * tree walk of section 4.10, not by a list of public suffixes.  What SPF and
 * DKIM found is given; the From field is read by others.
 *
 * Pure: no I/O, no logging, no clock; allocates in the arena given, at most
 * DMARC_ARENA_MAX.
 * Ownership: the struct is the caller's; what the result points at lives in
 * the arena.
 */
#pragma once

#include "base/arena.h"
#include "dns/record.h"
#include "mailauth/dmarc_record.h"

#define DMARC_WALK_MAX        8   /* questions of one walk (section 4.10) */
#define DMARC_IDENTIFIERS_MAX 34  /* of SPF and DKIM; more are left out */
#define DMARC_QUESTIONS_MAX   100 /* of one evaluation */
/* What an evaluation may take of its arena. */
#define DMARC_ARENA_MAX ((size_t)1 << 20)

/* RFC 9989 section 5 and the "dmarc" results of RFC 8601. */
enum dmarc_verdict {
	DMARC_VERDICT_NONE,      /* no policy applies to the author domain */
	DMARC_VERDICT_PASS,      /* an aligned identifier passed */
	DMARC_VERDICT_FAIL,      /* none did */
	DMARC_VERDICT_TEMPERROR, /* DNS did not answer */
	DMARC_VERDICT_PERMERROR, /* there is no one author domain */
};

/* Why the verdict is what it is. */
enum dmarc_reason {
	DMARC_REASON_ALIGNED,     /* an aligned identifier passed */
	DMARC_REASON_NOT_ALIGNED, /* identifiers passed, none is aligned */
	DMARC_REASON_NO_PASS,     /* no identifier passed */
	DMARC_REASON_NO_RECORD,   /* no DMARC record for the author domain */
	DMARC_REASON_BAD_RECORD,  /* its policies are not usable */
	DMARC_REASON_DNS,         /* a DNS question failed */
	DMARC_REASON_IDENTIFIER,  /* an aligned identifier had a temperror */
	DMARC_REASON_QUESTIONS,   /* above DMARC_QUESTIONS_MAX */
	DMARC_REASON_NO_AUTHOR,   /* the From field has no usable domain */
};

/* Which record the policy was taken from (RFC 9989 section 4.10.1). */
enum dmarc_source {
	DMARC_SOURCE_NOWHERE, /* there is none */
	DMARC_SOURCE_AUTHOR,  /* the author domain's own */
	DMARC_SOURCE_ORG,     /* its organizational domain's */
	DMARC_SOURCE_PSD,     /* that of the public suffix above */
};

/* What SPF or DKIM found. */
enum dmarc_auth {
	DMARC_AUTH_PASS,  /* the identifier is authenticated */
	DMARC_AUTH_FAIL,  /* it is not */
	DMARC_AUTH_ERROR, /* that could not be found out */
};

/* A domain that SPF or DKIM speaks for. */
struct dmarc_identifier {
	struct dname domain;  /* SPF's, or d= of a signature */
	enum dmarc_auth auth; /* what was found */
	bool spf;             /* it is SPF's, else DKIM's */
	bool aligned;         /* set by the machine: with the author domain,
				 whatever `auth` is */
};

struct dmarc_result {
	enum dmarc_verdict verdict;  /* as in RFC 8601 */
	enum dmarc_reason reason;    /* why */
	struct dname author;         /* the domain of From */
	bool has_org;                /* `org` is known */
	struct dname org;            /* its organizational domain */
	enum dmarc_source source;    /* where `record` is from */
	struct dname policy_domain;  /* that `record` is published for;
					not for DMARC_SOURCE_NOWHERE */
	struct span text;            /* the record as published, or "" */
	struct dmarc_record record;  /* the same, read */
	enum dmarc_policy policy;    /* that was chosen from it */
	enum dmarc_policy effective; /* the same, lowered by t=y */
	bool author_absent;          /* the author domain does not exist, as
					far as that was asked (np=) */
	bool spf_aligned;            /* SPF passed, aligned */
	bool dkim_aligned;           /* a signature passed, aligned */
	struct dmarc_identifier identifier[DMARC_IDENTIFIERS_MAX];
	size_t identifiers; /* of identifier */
	unsigned questions; /* DNS questions in all */
};

/* What one name's _dmarc says; names are asked only once. */
struct dmarc_name {
	struct dname name;          /* without _dmarc */
	bool found;                 /* it has one DMARC record */
	bool failed;                /* the question failed */
	struct span text;           /* of the record */
	struct dmarc_record record; /* the same */
	struct dmarc_name *next;    /* asked before */
};

/* A walk up the tree (section 4.10). */
struct dmarc_walk {
	struct dname start;                          /* where it begins */
	const struct dmarc_name *at[DMARC_WALK_MAX]; /* in the order asked */
	size_t len;                                  /* of at */
	bool done; /* nothing is left to ask */
};

/* What the machine does next. */
enum dmarc_step {
	DMARC_STEP_AUTHOR,     /* walk from the author domain */
	DMARC_STEP_EXISTS,     /* ask whether the author domain exists */
	DMARC_STEP_IDENTIFIER, /* walk from the next identifier */
	DMARC_STEP_DONE,       /* the result stands */
};

struct dmarc {
	struct arena *arena;
	enum dmarc_step step;
	bool waiting;                 /* for the answer to `question` */
	struct dns_question question; /* that it waits for */
	struct dname asked;           /* without _dmarc */
	struct dmarc_name *names;     /* all that were asked, newest first */
	struct dmarc_walk walk;       /* the one under way */
	size_t at;                    /* the identifier under evaluation */
	bool failed;                  /* alignment of one could not be found */
	struct dmarc_result result;
};

/* Starts an evaluation for the author domain, in A-labels. */
void dmarc_init(struct dmarc *m, const struct dname *author,
		struct arena *arena);

/*
 * Starts one for a message without one author domain: the result is
 * permerror at once.
 */
void dmarc_init_no_author(struct dmarc *m, struct arena *arena);

/* Adds what SPF or DKIM found, before the first dmarc_ask(). */
void dmarc_add(struct dmarc *m, bool spf, const struct dname *domain,
	       enum dmarc_auth auth);

/*
 * Returns whether the machine waits for an answer, and sets *ret to its
 * question; the same one until it is answered.  False: it is done.
 */
bool dmarc_ask(struct dmarc *m, struct dns_question *ret) MUST_CHECK;

/* Gives the answer to the question dmarc_ask() last gave.  Borrows it. */
void dmarc_answer(struct dmarc *m, const struct dns_answer *a);

/* Returns the result; only once dmarc_ask() returned false. */
const struct dmarc_result *dmarc_result(const struct dmarc *m);

/* Returns "pass", "none" ...; static. */
const char *dmarc_verdict_name(enum dmarc_verdict verdict);

/* Returns a static clause that says why, fit to show to a user. */
const char *dmarc_reason_text(enum dmarc_reason reason);

/* Returns a static clause for where a policy is from. */
const char *dmarc_source_text(enum dmarc_source source);
