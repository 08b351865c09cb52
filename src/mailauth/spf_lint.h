/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spf_lint - what in an SPF record will hurt.
 *
 * spf_lint_record() reads the text of one record.  The machine asks DNS for
 * the record of a domain and for all that it includes or redirects to, as a
 * receiver would for a client that nothing matches: that is the most that an
 * evaluation can need, and what RFC 7208 section 4.6.4 limits.  A finding has
 * a code that stays, a severity, the term and its place, and what hurts and
 * what to do as sentences (spf_lint.def).  Of records that belong to others
 * only errors are told, and "ptr".
 *
 * Pure: no I/O, no logging, no clock; allocates in the arena given, at most
 * SPF_LINT_ARENA_MAX.  No recursion; each term is compared with those before
 * it, of which there are at most SPF_TERMS_MAX.
 * Ownership: the structs are the caller's; what they point at lives in the
 * arena, or for spf_lint_record() in the text.
 */
#pragma once

#include "mailauth/spf.h"

#define SPF_FINDINGS_MAX       128   /* that are kept; more are counted only */
#define SPF_LINT_RECORDS_MAX   64    /* domains whose record is looked at */
#define SPF_LINT_QUESTIONS_MAX 256   /* of one machine */
#define SPF_LINT_LOOKUPS_MAX   64    /* then it stops counting */
#define SPF_LINT_STEPS_MAX     16384 /* terms looked at, again ones too */
#define SPF_LINT_LONG_MAX      450   /* octets of a record without a warning */
#define SPF_LINT_ANSWER_MAX    512   /* octets of an answer without a warning */
#define SPF_LINT_NEAR_MAX      7     /* lookups without a warning */
/* What a lint may take of its arena. */
#define SPF_LINT_ARENA_MAX ((size_t)4 << 20)

/* How much a finding matters. */
enum spf_lint_severity {
	SPF_LINT_NOTE,    /* good to know */
	SPF_LINT_WARNING, /* works, and will hurt */
	SPF_LINT_ERROR,   /* does not do what it is there for */
};

/* What is found; see spf_lint.def. */
enum spf_lint_code {
#define LINT(code, name, severity, what, repair) SPF_LINT_##code,
#include "mailauth/spf_lint.def"
#undef LINT
	SPF_LINT_CODES, /* how many there are */
};

struct spf_finding {
	enum spf_lint_code code; /* what it is */
	struct span domain; /* whose record it is in; "" for a text alone */
	struct span term;   /* that it is about, as written; "": the record */
	size_t offset;      /* of the term in the record */
	size_t number;      /* that the sentence has; 0 if it has none */
	enum spf_record_status syntax; /* for SPF_LINT_SYNTAX: what is wrong */
};

/* All that was found, in the order of the text and of the tree. */
struct spf_findings {
	struct spf_finding finding[SPF_FINDINGS_MAX]; /* the first ones */
	size_t len;                                   /* of finding */
	size_t more;                                  /* that are not kept */
	enum spf_lint_severity worst;                 /* NOTE if none */
	struct span domain; /* put into what is added: whose record it is */
	bool foreign;       /* it is another's: errors and "ptr" only */
};

/* A sentence with its number, so that a format needs no buffer of others. */
struct spf_lint_text {
	char s[256];
};

/* Begins an empty list. */
void spf_findings_init(struct spf_findings *f);

/* Adds a finding; `term` is "" or a part of `record`. */
void spf_findings_add(struct spf_findings *f, enum spf_lint_code code,
		      struct span record, struct span term, size_t number);

/* Returns whether there is a finding of `code` among those kept. */
bool spf_findings_has(const struct spf_findings *f, enum spf_lint_code code);

/* Returns how many of those kept are as severe as that. */
size_t spf_findings_count(const struct spf_findings *f,
			  enum spf_lint_severity severity);

/* Returns the stable name of `code`; static. */
const char *spf_lint_name(enum spf_lint_code code);

/* Returns how severe `code` is. */
enum spf_lint_severity spf_lint_severity_of(enum spf_lint_code code);

/* Returns "note", "warning" or "error"; static. */
const char *spf_lint_severity_name(enum spf_lint_severity severity);

/* Returns what is there and what it does. */
struct spf_lint_text spf_lint_what(const struct spf_finding *finding);

/* Returns what to do about it; static. */
const char *spf_lint_repair(const struct spf_finding *finding);

/* Adds what there is to say of the text of a record. */
void spf_lint_record(struct span text, struct spf_findings *f);

/* A domain that was asked for its record. */
struct spf_lint_node {
	struct spf_lint_node *next; /* asked before, or NULL */
	struct dname name;          /* of the domain */
	struct span domain;         /* the same, as text */
	struct spf_record record;   /* its record; len 0 if there is none */
	enum spf_lint_code fault;   /* of the term that leads to it, or
				       SPF_LINT_CODES */
};

/* A record on the way to the one that is looked at. */
struct spf_lint_frame {
	struct spf_lint_node *node;
	size_t at; /* the term that is looked at */
};

/* What the machine waits for. */
enum spf_lint_step {
	SPF_LINT_RECORD,  /* the record of a domain */
	SPF_LINT_ADDRESS, /* "a": IPv4 addresses */
	SPF_LINT_AAAA,    /* "a": there were none; IPv6 addresses */
	SPF_LINT_MX,      /* "mx": hosts */
	SPF_LINT_EXISTS,  /* "exists": an address */
	SPF_LINT_EXP,     /* the text of exp= */
	SPF_LINT_OLD,     /* the record of type 99 */
	SPF_LINT_DONE,    /* nothing: the findings stand */
};

struct spf_lint {
	struct arena *arena;
	enum spf_lint_step step;       /* what it waits for */
	bool waiting;                  /* for an answer */
	bool stopped;                  /* there was more than it looks at */
	bool unknown;                  /* DNS failed: not all is said */
	struct dns_question question;  /* that it waits for */
	unsigned questions;            /* how many were asked */
	unsigned lookups;              /* of RFC 7208 section 4.6.4 */
	unsigned voids;                /* of them, those that find nothing */
	unsigned records;              /* domains whose record was read */
	size_t steps;                  /* terms looked at */
	struct spf_lint_node *node;    /* every domain, the newest first */
	struct spf_lint_node *pending; /* whose record is asked for */
	struct span lead;              /* the term that led to it */
	struct spf_lint_frame frame[SPF_LINT_LOOKUPS_MAX + 2];
	size_t depth;                 /* of frame */
	struct span domain;           /* that is looked at */
	struct span text;             /* its record; "" if there is none */
	struct spf_findings findings; /* what was found */
};

/* Starts on `domain`. */
void spf_lint_init(struct spf_lint *m, const struct dname *domain,
		   struct arena *arena);

/*
 * Returns whether the machine waits for an answer, and sets *ret to its
 * question; the same one until it is answered.  False: it is done.
 */
bool spf_lint_ask(struct spf_lint *m, struct dns_question *ret) MUST_CHECK;

/* Gives the answer to the question spf_lint_ask() last gave.  Borrows it. */
void spf_lint_answer(struct spf_lint *m, const struct dns_answer *a);
