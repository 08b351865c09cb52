/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dmarc_lint - what in a DMARC record does not do what its author thinks.
 *
 * dmarc_lint_record() reads the text of one record.  The machine asks DNS for
 * what applies to a domain, and for the consent of the addresses its reports
 * go to (dmarc_consent.h), and says besides what is wrong with where records
 * are and are not.  A finding has a code that stays, a severity, the tag and
 * the place in the text, and what hurts and what to do as sentences
 * (dmarc_lint.def).  RFC 9989 decides; what receivers that still go by RFC
 * 7489 would do otherwise is a finding too.
 *
 * Pure: no I/O, no logging, no clock; allocates in the arena given, at most
 * DMARC_LINT_ARENA_MAX.  Linear in the text, but for the few tags there are.
 * Ownership: the structs are the caller's; what they point at lives in the
 * arena, or borrows from the text.
 */
#pragma once

#include "mailauth/dmarc_consent.h"

#define DMARC_FINDINGS_MAX       64  /* that are kept; more are only counted */
#define DMARC_LINT_URIS_MAX      8   /* destinations asked for consent */
#define DMARC_LINT_QUESTIONS_MAX 96  /* of one machine */
#define DMARC_LINT_QUOTE_MAX     80  /* octets of the record in a sentence */
#define DMARC_LINT_SIZE_MAX      512 /* octets of a record without a warning */
/* What a lint may take of its arena. */
#define DMARC_LINT_ARENA_MAX ((size_t)2 << 20)

/* How much a finding matters. */
enum dmarc_lint_severity {
	DMARC_LINT_NOTE,    /* good to know */
	DMARC_LINT_WARNING, /* works, and will hurt */
	DMARC_LINT_ERROR,   /* does not do what it is there for */
};

/* What is found; see dmarc_lint.def. */
enum dmarc_lint_code {
#define LINT(code, name, severity, what, repair) DMARC_LINT_##code,
#include "mailauth/dmarc_lint.def"
#undef LINT
	DMARC_LINT_CODES, /* how many there are */
};

struct dmarc_finding {
	enum dmarc_lint_code code;
	enum dmarc_lint_severity severity; /* of this code, always */
	const char *name;                  /* the stable name of `code` */
	struct span tag;    /* that it is about, as written, or "" */
	bool in_text;       /* it is about a place in the record's text: */
	size_t offset;      /* where, from its beginning */
	struct span what;   /* what is there and what it does; a sentence */
	struct span repair; /* what to do about it; a sentence */
};

/* All that was found, in the order of the text, then of the domain. */
struct dmarc_findings {
	struct arena *arena;                              /* of the sentences */
	struct dmarc_finding finding[DMARC_FINDINGS_MAX]; /* the first ones */
	size_t len;                                       /* of finding */
	size_t more;                    /* that are not kept */
	enum dmarc_lint_severity worst; /* of all of them; NOTE if none */
};

/* Begins an empty list. */
void dmarc_findings_init(struct dmarc_findings *f, struct arena *arena);

/*
 * Adds a finding with its two facts, which are cut at DMARC_LINT_QUOTE_MAX.
 * `at` is its place within `text`, both of the record; SPAN_NONE: it has
 * none.
 */
void dmarc_findings_add(struct dmarc_findings *f, enum dmarc_lint_code code,
			struct span tag, size_t at, struct span a,
			struct span b);

/* Returns whether there is a finding of `code` among those kept. */
bool dmarc_findings_has(const struct dmarc_findings *f,
			enum dmarc_lint_code code);

/* Returns "note", "warning" or "error"; static. */
const char *dmarc_lint_severity_name(enum dmarc_lint_severity severity);

/* Returns the stable name of `code`; static. */
const char *dmarc_lint_name(enum dmarc_lint_code code);

/* Adds what there is to say of the text of a record. */
void dmarc_lint_record(struct span text, struct dmarc_findings *f);

/* Adds what there is to say of the report URIs in the value of `tag`. */
void dmarc_lint_uris(struct span text, struct span tag, struct span value,
		     struct dmarc_findings *f);

/* What the machine does next. */
enum dmarc_lint_step {
	DMARC_LINT_WALK,    /* find the records of the domain */
	DMARC_LINT_PLACES,  /* look where a record often is by mistake */
	DMARC_LINT_CONSENT, /* ask the destinations of reports */
	DMARC_LINT_DONE,    /* the findings stand */
};

struct dmarc_lint {
	enum dmarc_lint_step step;
	bool waiting;                    /* for an answer */
	bool unknown;                    /* DNS failed: not all is said */
	struct dns_question question;    /* that it waits for */
	struct dname asked;              /* of the walk, without _dmarc */
	unsigned questions;              /* how many were asked */
	const struct suffixes *suffixes; /* or NULL */
	struct dname domain;             /* that is looked at */
	struct dname org;                /* its organizational domain */
	struct dmarc_names names;        /* all that were asked */
	struct dmarc_walk walk;          /* from the domain */
	bool has_alias;                  /* a record came through an alias: */
	struct dname alias_of;           /* the domain asked about */
	struct dname alias;              /* the name at its end */
	bool has_record;                 /* one applies: */
	struct dname at;                 /* which domain it is published for */
	struct span text;                /* the record */
	struct dmarc_record record;      /* the same, read */
	size_t next;                     /* place, or destination, to look at */
	struct dmarc_consent consent;    /* the one under way */
	bool consents;                   /* it is under way */
	struct dmarc_findings findings;  /* what was found */
};

/*
 * Starts on `domain`; without `suffixes` (NULL), which it borrows, nothing is
 * said of public suffixes.
 */
void dmarc_lint_init(struct dmarc_lint *m, const struct dname *domain,
		     const struct suffixes *suffixes, struct arena *arena);

/* As dmarc_ask(). */
bool dmarc_lint_ask(struct dmarc_lint *m, struct dns_question *ret) MUST_CHECK;

/* As dmarc_answer(). */
void dmarc_lint_answer(struct dmarc_lint *m, const struct dns_answer *a);
