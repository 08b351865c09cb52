/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dmarc - is the author's domain authenticated, and what does it wish if not?
 *
 * RFC 9989, as a machine: dmarc_ask() says which question it waits for,
 * dmarc_answer() gives the answer.  The organizational domain is found by the
 * tree walk of section 4.10, not by a list of public suffixes.  What SPF and
 * DKIM found is given; the From field is read by mailauth/author.h.
 *
 * Receivers that still go by RFC 7489 come to another verdict where records
 * are missing at the organizational domain, or psd=, np= or t= are used:
 * dmarc_use_rfc7489() reads as they do, with the list of public suffixes that
 * is given, two questions at most, and pct=.
 *
 * Pure: no I/O, no logging, no clock; allocates in the arena given, at most
 * DMARC_ARENA_MAX.
 * Ownership: the struct is the caller's; what the result points at lives in
 * the arena.
 */
#pragma once

#include "base/buf.h"
#include "mailauth/dmarc_walk.h"
#include "text/suffix.h"

#define DMARC_IDENTIFIERS_MAX 34   /* of SPF and DKIM; more are left out */
#define DMARC_QUESTIONS_MAX   100  /* of one evaluation */
#define DMARC_POLICY_TEXT_MAX 2048 /* octets of dmarc_policy_text() */
/* What an evaluation may take of its arena. */
#define DMARC_ARENA_MAX ((size_t)1 << 20)

/* Which document the evaluation goes by. */
enum dmarc_rfc {
	DMARC_RFC9989, /* of 2026: the tree walk */
	DMARC_RFC7489, /* of 2015: public suffixes */
};

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
	DMARC_REASON_SEVERAL,     /* RFC 7489 only: several at one name */
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

/* Which tag of that record the policy is (sections 4.7 and 4.10.1). */
enum dmarc_tag {
	DMARC_TAG_NOTHING, /* there is no policy */
	DMARC_TAG_P,       /* p= */
	DMARC_TAG_SP,      /* sp= */
	DMARC_TAG_NP,      /* np= */
	DMARC_TAG_ABSENT,  /* none: there is no p=, which is as p=none */
	DMARC_TAG_INVALID, /* none: one is not valid, which is as p=none */
};

/*
 * What DMARC asks a receiver to do: its own policy and knowledge decide
 * (section 5.3.6), and p=reject alone is never enough to refuse (7.4).
 */
enum dmarc_disposition {
	DMARC_DISPOSITION_PASS,       /* nothing: the author is proved */
	DMARC_DISPOSITION_NONE,       /* nothing: no wish is expressed */
	DMARC_DISPOSITION_QUARANTINE, /* to treat it as suspicious */
	DMARC_DISPOSITION_REJECT,     /* to refuse it, if nothing else known
					 of it speaks for it */
	DMARC_DISPOSITION_LOCAL,      /* nothing: it could not be found out */
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
	enum dmarc_rfc rfc;                 /* what it goes by */
	enum dmarc_verdict verdict;         /* as in RFC 8601 */
	enum dmarc_reason reason;           /* why */
	struct dname author;                /* the domain of From */
	bool has_org;                       /* `org` is known */
	struct dname org;                   /* its organizational domain */
	enum dmarc_source source;           /* where `record` is from */
	struct dname policy_domain;         /* that `record` is published for;
					       not for DMARC_SOURCE_NOWHERE */
	struct span text;                   /* the record as published, or "" */
	struct dmarc_record record;         /* the same, read */
	enum dmarc_policy policy;           /* that was chosen from it */
	enum dmarc_tag tag;                 /* by which tag */
	enum dmarc_policy effective;        /* the same, lowered by t=y */
	enum dmarc_disposition disposition; /* what it comes to */
	unsigned pct;       /* percent of failing mail that `policy`
			       is for: 100, but by RFC 7489 */
	bool author_absent; /* the author domain does not exist, as
			       far as that was asked (np=) */
	bool spf_aligned;   /* SPF passed, aligned */
	bool dkim_aligned;  /* a signature passed, aligned */
	struct dmarc_identifier identifier[DMARC_IDENTIFIERS_MAX];
	size_t identifiers; /* of identifier */
	unsigned questions; /* DNS questions in all */
};

/* What the machine does next. */
enum dmarc_step {
	DMARC_STEP_AUTHOR,     /* walk from the author domain */
	DMARC_STEP_EXISTS,     /* ask whether the author domain exists */
	DMARC_STEP_IDENTIFIER, /* walk from the next identifier */
	DMARC_STEP_DONE,       /* the result stands */
};

struct dmarc {
	enum dmarc_step step;
	bool waiting;                    /* for the answer to `question` */
	struct dns_question question;    /* that it waits for */
	struct dname asked;              /* without _dmarc */
	struct dmarc_names names;        /* all that were asked */
	struct dmarc_walk walk;          /* the one under way */
	const struct suffixes *suffixes; /* for RFC 7489, else NULL */
	size_t at;                       /* the identifier under evaluation */
	bool failed;    /* alignment of one could not be found */
	bool exhausted; /* it would take too many questions */
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

/*
 * Has the evaluation go by RFC 7489, with these public suffixes, which it
 * borrows; before the first dmarc_ask().
 */
void dmarc_use_rfc7489(struct dmarc *m, const struct suffixes *suffixes);

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

/* Returns "pass", "none", "quarantine", "reject" or "local"; static. */
const char *dmarc_disposition_name(enum dmarc_disposition disposition);

/* Returns a static clause for what a receiver should do. */
const char *dmarc_disposition_text(enum dmarc_disposition disposition);

/* Returns "p", "sp" or "np"; "" if the policy is from none of them. */
const char *dmarc_tag_name(enum dmarc_tag tag);

/*
 * Appends why the policy is what it is, as one sentence without a full stop:
 * of which record, by which tag, lowered by what.  Nothing, without one.
 */
void dmarc_policy_text(const struct dmarc_result *r, struct buf *to);
