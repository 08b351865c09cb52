/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lint - what in a published record does not do what its author thinks.
 *
 * Of SPF and DMARC: of the text of one record alone, before it is published;
 * or of a domain, whose records, and those they lead to, are asked for.
 *
 *	struct sesame_lint_input in = {
 *		.size = sizeof(in),
 *		.kind = SESAME_LINT_SPF,
 *		.record = sesame_text_of("v=spf1 ptr +all"),
 *	};
 *
 * Memory: at most 5 MiB and a DNS answer.  At most 256 questions.
 */
#ifndef SESAME_MAILAUTH_LINT_H
#define SESAME_MAILAUTH_LINT_H

#include <sesame/mailauth/dns.h>

SESAME_BEGIN

struct sesame_lint;

/* What is looked at. */
enum sesame_lint_kind {
	SESAME_LINT_SPF = 1,   /* RFC 7208 */
	SESAME_LINT_DMARC = 2, /* RFC 9989 */
};

/* How much a finding matters. */
enum sesame_severity {
	SESAME_NOTE = 0,    /* good to know */
	SESAME_WARNING = 1, /* works, and will hurt */
	SESAME_ERROR = 2,   /* does not do what it is there for */
};

/* What to look at.  Zero it, then set `kind` and one of the two texts. */
struct sesame_lint_input {
	size_t size;                /* sizeof(struct sesame_lint_input) */
	enum sesame_lint_kind kind; /* of the record */
	struct sesame_text record;  /* a text alone: nothing is asked */
	struct sesame_text domain;  /* the records of a domain */
};

struct sesame_finding {
	enum sesame_severity severity; /* how much it matters */
	const char *name;              /* what it is: a name that stays */
	struct sesame_text domain;     /* whose record; "" if that is known */
	struct sesame_text term;       /* term or tag, as written; "" */
	struct sesame_text what;       /* what is there and what it does */
	struct sesame_text repair;     /* what to do about it */
};

/*
 * Starts.  SESAME_ERR_ARGUMENT: `kind` is not known, or neither or both of
 * the texts are set.  SESAME_ERR_DOMAIN: `domain` is none.
 */
SESAME_API enum sesame_status
sesame_lint_new(const struct sesame_lint_input *in, struct sesame_lint **ret);

/* Frees `lint`, which may be NULL, and its findings. */
SESAME_API void sesame_lint_free(struct sesame_lint *lint);

/* Borrows its DNS side, to be answered until it asks no more. */
SESAME_API struct sesame_dns *sesame_lint_dns(struct sesame_lint *lint);

/* Borrows finding `i`; NULL if there is none, or a question waits. */
SESAME_API const struct sesame_finding *
sesame_lint_finding(const struct sesame_lint *lint, size_t i);

/* Returns how many findings were too many to be kept. */
SESAME_API size_t sesame_lint_more(const struct sesame_lint *lint);

/* Returns whether DNS failed, so that there may be more to be said. */
SESAME_API bool sesame_lint_incomplete(const struct sesame_lint *lint);

/* Returns "note", "warning" or "error"; static. */
SESAME_API const char *sesame_severity_name(enum sesame_severity severity);

SESAME_END

#endif
