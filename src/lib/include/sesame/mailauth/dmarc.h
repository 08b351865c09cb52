/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dmarc - is the author's domain authenticated, and what does it wish if not?
 *
 * RFC 9989 alone, for programs that have their own SPF and DKIM: the author
 * domain (that of the one From) and the identifiers that were authenticated
 * are given.  The organizational domain is found by the tree walk of RFC 9989
 * section 4.10, of at most 8 questions.
 *
 * Memory: at most 1 MiB and a DNS answer.
 */
#ifndef SESAME_MAILAUTH_DMARC_H
#define SESAME_MAILAUTH_DMARC_H

#include <sesame/mailauth/dkim.h>
#include <sesame/mailauth/spf.h>

SESAME_BEGIN

struct sesame_dmarc;

/* Identifiers that are looked at; more are left out. */
#define SESAME_DMARC_IDENTIFIERS_MAX 34

/* RFC 8601 section 2.7.3 and RFC 9989. */
enum sesame_dmarc_code {
	SESAME_DMARC_NONE = 0,      /* no policy applies */
	SESAME_DMARC_PASS = 1,      /* an aligned identifier passed */
	SESAME_DMARC_FAIL = 2,      /* none did */
	SESAME_DMARC_TEMPERROR = 3, /* DNS did not answer: later perhaps */
	SESAME_DMARC_PERMERROR = 4, /* there is no one author domain */
};

/* Why a result is what it is. */
enum sesame_dmarc_reason {
	SESAME_DMARC_ALIGNED = 0,     /* an aligned identifier passed */
	SESAME_DMARC_NOT_ALIGNED = 1, /* some passed, none is aligned */
	SESAME_DMARC_NO_PASS = 2,     /* no identifier passed */
	SESAME_DMARC_NO_RECORD = 3,   /* no record for the author domain */
	SESAME_DMARC_BAD_RECORD = 4,  /* its policies are not usable */
	SESAME_DMARC_DNS = 5,         /* a DNS question failed */
	SESAME_DMARC_IDENTIFIER = 6,  /* an aligned one had a temperror */
	SESAME_DMARC_LIMIT = 7,       /* above a limit of ours */
	SESAME_DMARC_NO_AUTHOR = 8,   /* From has no usable domain */
};

/* A policy, and what it comes to for one message. */
enum sesame_dmarc_policy {
	SESAME_POLICY_ABSENT = 0,     /* there is none */
	SESAME_POLICY_NONE = 1,       /* treat it as you always do */
	SESAME_POLICY_QUARANTINE = 2, /* it is suspicious */
	SESAME_POLICY_REJECT = 3,     /* refuse it */
};

/* What an evaluation goes by.  Zero it, then set what is needed. */
struct sesame_dmarc_input {
	size_t size;                      /* sizeof(struct
					     sesame_dmarc_input) */
	struct sesame_text author_domain; /* of From; unset: there is no one,
					     which is a permerror */
};

struct sesame_dmarc_result {
	enum sesame_dmarc_code code;          /* the result */
	enum sesame_dmarc_reason reason;      /* why */
	const char *reason_text;              /* the same, for a person */
	enum sesame_dmarc_policy policy;      /* that applies to the author */
	enum sesame_dmarc_policy disposition; /* what it asks for this message:
						 NONE unless `code` is FAIL;
						 t=y lowers it */
	bool spf_aligned;                     /* SPF passed, aligned */
	bool dkim_aligned;                    /* a signature passed, aligned */
	bool testing;                         /* t=y */
	struct sesame_text author;            /* author domain, in A-labels */
	struct sesame_text org;           /* its organizational domain; "" */
	struct sesame_text record;        /* as published; "" if none */
	struct sesame_text record_domain; /* it is at _dmarc. of this; "" */
	unsigned questions;               /* DNS questions in all */
};

/* Starts an evaluation.  Fails with SESAME_ERR_ARGUMENT, SESAME_ERR_DOMAIN. */
SESAME_API enum sesame_status
sesame_dmarc_new(const struct sesame_dmarc_input *in,
		 struct sesame_dmarc **ret);

/* Frees `dmarc`, which may be NULL, and its result. */
SESAME_API void sesame_dmarc_free(struct sesame_dmarc *dmarc);

/*
 * Adds what SPF found for the domain of MAIL FROM (of HELO if that was
 * empty), before the first sesame_dmarc_dns().  SESAME_ERR_TOO_BIG: above
 * SESAME_DMARC_IDENTIFIERS_MAX.
 */
SESAME_API enum sesame_status sesame_dmarc_add_spf(struct sesame_dmarc *dmarc,
						   struct sesame_text domain,
						   enum sesame_spf_code code);

/*
 * As sesame_dmarc_add_spf(), of a DKIM signature with d= `domain`.  One that
 * leaves a part of the body unsigned should not be added.
 */
SESAME_API enum sesame_status sesame_dmarc_add_dkim(struct sesame_dmarc *dmarc,
						    struct sesame_text domain,
						    enum sesame_dkim_code code);

/* Borrows its DNS side, to be answered until it asks no more. */
SESAME_API struct sesame_dns *sesame_dmarc_dns(struct sesame_dmarc *dmarc);

/* Borrows the result; NULL while a question waits. */
SESAME_API const struct sesame_dmarc_result *
sesame_dmarc_result(const struct sesame_dmarc *dmarc);

/* Returns "pass", "permerror" ... as RFC 8601 has it; static. */
SESAME_API const char *sesame_dmarc_name(enum sesame_dmarc_code code);

/* Returns "none", "quarantine", "reject", or "" if absent; static. */
SESAME_API const char *sesame_policy_name(enum sesame_dmarc_policy policy);

SESAME_END

#endif
