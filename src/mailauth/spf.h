/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spf - may this host send mail for this domain?
 *
 * RFC 7208 in full, as a machine: spf_ask() says which question it waits
 * for, spf_answer() gives the answer.  include: and redirect= are frames of
 * the machine's own, not calls, and every number is bounded: the ten terms
 * and two void lookups of RFC 7208 section 4.6.4, and over all of it
 * SPF_QUESTIONS_MAX questions.
 *
 * Time is the caller's: RFC 7208 section 4.6.4 wants a limit of at least 20
 * seconds on the whole evaluation, and who keeps it (SPF_TIME_MAX) answers
 * what is asked thereafter with DNS_TIMEOUT, which ends the evaluation as
 * "temperror" (or leaves out what does not decide: "ptr", the explanation).
 *
 * With a cache (spf_cache.h) a record that was seen before is not parsed
 * again; the result is the same.  With `trace` every record, term and
 * question is told of in the result.
 *
 * Pure: no I/O, no logging, no clock; allocates in the arena given, at most
 * SPF_ARENA_MAX, besides what the cache keeps.
 * Ownership: the struct is the caller's, need not be zeroed and may not be
 * moved while it is in use; what the result points at lives in the arena,
 * whatever becomes of the cache.
 */
#pragma once

#include "base/arena.h"
#include "dns/record.h"
#include "mailauth/spf_cache.h"
#include "mailauth/spf_record.h"
#include "mailauth/spf_trace.h"

#define SPF_LOOKUPS_MAX   10 /* terms that ask DNS (section 4.6.4) */
#define SPF_VOIDS_MAX     2  /* of them, those that find nothing */
#define SPF_MX_MAX        10 /* names behind one "mx" (section 4.6.4) */
#define SPF_PTR_MAX       10 /* names behind an address (section 4.6.4) */
#define SPF_QUESTIONS_MAX 50 /* DNS questions of one evaluation */
/* Records open at once: the first one and an include: for each lookup. */
#define SPF_DEPTH_MAX (SPF_LOOKUPS_MAX + 1)
/* Milliseconds that a caller should give one evaluation. */
#define SPF_TIME_MAX 20000
/* Terms of a record that are read without memory of their own. */
#define SPF_SCRATCH_MAX 64
/* What an evaluation may take of its arena. */
#define SPF_ARENA_MAX ((size_t)2 << 20)

/* Whose domain was evaluated. */
enum spf_identity {
	SPF_MAILFROM, /* that of MAIL FROM (RFC 7208 section 2.4) */
	SPF_HELO,     /* MAIL FROM was empty: postmaster@ the HELO name */
};

/* Why the verdict is what it is. */
enum spf_reason {
	SPF_REASON_MATCH,     /* a mechanism matched */
	SPF_REASON_DEFAULT,   /* none matched, and there is no redirect= */
	SPF_REASON_DOMAIN,    /* not a domain name of two labels or more */
	SPF_REASON_NO_RECORD, /* the domain has no SPF record */
	SPF_REASON_RECORDS,   /* it has several */
	SPF_REASON_SYNTAX,    /* its record is malformed */
	SPF_REASON_DNS,       /* a DNS question failed */
	SPF_REASON_LOOKUPS,   /* above SPF_LOOKUPS_MAX */
	SPF_REASON_VOIDS,     /* above SPF_VOIDS_MAX */
	SPF_REASON_MX,        /* above SPF_MX_MAX */
	SPF_REASON_INCLUDE,   /* the domain of include: has no record */
	SPF_REASON_REDIRECT,  /* the domain of redirect= has no record */
	SPF_REASON_QUESTIONS, /* above SPF_QUESTIONS_MAX */
	SPF_REASON_TOO_BIG,   /* above SPF_ARENA_MAX */
};

struct spf_input {
	struct spf_ip ip;      /* of the client */
	struct span helo;      /* what it called itself; may be "" */
	struct span mail_from; /* without "<" and ">"; "" is the null sender */
	struct span receiver;  /* who asks, for %{r}; "" is "unknown" */
	int64_t now;           /* ms since 1970, for %{t} */
	struct spf_cache *cache; /* of records seen before; NULL: none */
	bool trace;              /* tell of every step in the result */
};

struct spf_result {
	enum spf_verdict verdict;   /* as in RFC 7208 section 2.6 */
	enum spf_reason reason;     /* why */
	enum spf_identity identity; /* whose domain it is */
	struct span domain;         /* that was evaluated */
	struct span term;   /* that matched or is at fault; "" if none */
	struct span record; /* that `term` stands in; "" if there is none */
	struct span at;     /* the domain of `record` */
	struct span first;  /* the term of the first record that led there */
	enum spf_record_status syntax; /* for SPF_REASON_SYNTAX */
	unsigned lookups;              /* terms that asked DNS */
	unsigned voids;                /* lookups that found nothing */
	unsigned questions;            /* DNS questions in all */
	struct span explanation;       /* the domain's own words for a fail,
					  printable ASCII; "" if none */
	const struct spf_trace *trace; /* every step, in order, if it was asked
					  for; else NULL */
	size_t trace_more;             /* steps above SPF_TRACE_MAX */
};

/* What the machine does next. */
enum spf_step {
	SPF_STEP_RECORD,   /* fetch the record of the newest frame */
	SPF_STEP_TERM,     /* evaluate its next term */
	SPF_STEP_ADDRESS,  /* "a": compare addresses */
	SPF_STEP_EXISTS,   /* "exists": is there an address */
	SPF_STEP_MX,       /* "mx": learn the names */
	SPF_STEP_MX_HOST,  /* "mx": compare addresses of the next name */
	SPF_STEP_PTR,      /* learn the names behind the client's address */
	SPF_STEP_PTR_TERM, /* "ptr": find a validated name */
	SPF_STEP_PTR_P,    /* %{p}: find a validated name */
	SPF_STEP_REDIRECT, /* go where redirect= points */
	SPF_STEP_EXPLAIN,  /* fetch what exp= points at */
	SPF_STEP_TEXT,     /* expand it */
	SPF_STEP_DONE,     /* the result stands */
};

/* A record under evaluation. */
struct spf_frame {
	struct span domain;             /* its domain, as text */
	struct dname name;              /* the same */
	struct spf_record record;       /* of the domain */
	size_t at;                      /* the term under evaluation */
	bool redirected;                /* it was reached by redirect= */
	bool counted;                   /* the term is counted as a lookup */
	bool has_p;                     /* `p` is known */
	struct span p;                  /* %{p}; "" is "unknown" */
	struct spf_trace *record_trace; /* of the record; NULL: no trace */
	struct spf_trace *term_trace;   /* of the term; NULL: no trace */
};

/* A name behind the client's address. */
struct spf_ptr {
	struct dname name;
	bool asked; /* its addresses are known */
	bool valid; /* the client's address is one of them */
};

struct spf {
	struct arena *arena;
	struct spf_input in;
	struct span local;          /* %{l} */
	struct span sender;         /* %{o} */
	uint32_t ip4;               /* the client's IPv4 address */
	uint64_t ip6[2];            /* or its IPv6 address */
	enum spf_step step;         /* what is done next */
	enum spf_step resume;       /* what is done when %{p} is known */
	bool waiting;               /* for the answer to a question */
	bool explaining;            /* the verdict stands already */
	bool has_ptr;               /* `ptr` is filled */
	bool is_eai;                /* the local-part is not ASCII (RFC 8616) */
	const struct dname *asked;  /* whom the question is about; in here */
	uint16_t asked_type;        /* and what is asked */
	size_t depth;               /* frames in use */
	struct spf_frame *borrowed; /* whose record is not in the arena (yet),
				       or NULL; never while it waits */
	bool text_kept;             /* but the text of it is */
	size_t mx_len, mx_at;
	size_t ptr_len, ptr_at;
	struct span text;              /* what exp= points at */
	struct spf_trace *trace_first; /* the same as in the result */
	struct spf_trace *trace_last;  /* step of the trace, or NULL */
	size_t traced;                 /* steps told of */
	struct spf_trace *asked_trace; /* of the question */
	struct spf_result result;
	/* from here on nothing is set before it is used */
	struct dname target;  /* a name that was made of a domain-spec */
	struct dname reverse; /* where PTR records of the client stand */
	struct spf_frame frame[SPF_DEPTH_MAX];
	struct dname mx[SPF_MX_MAX];
	struct spf_ptr ptr[SPF_PTR_MAX];
	struct spf_term scratch[SPF_SCRATCH_MAX]; /* of a borrowed record */
};

/* Starts an evaluation.  Copies what `input` points at into `arena`. */
void spf_init(struct spf *m, const struct spf_input *input,
	      struct arena *arena);

/*
 * Returns whether the machine waits for an answer, and sets *ret to its
 * question; the same one until it is answered.  False: it is done.
 */
bool spf_ask(struct spf *m, struct dns_question *ret) MUST_CHECK;

/* Gives the answer to the question spf_ask() last gave.  Borrows it. */
void spf_answer(struct spf *m, const struct dns_answer *a);

/* Returns the result; only once spf_ask() returned false. */
const struct spf_result *spf_result(const struct spf *m);

/* Returns "pass", "softfail" ...; static. */
const char *spf_verdict_name(enum spf_verdict verdict);

/* Reads what spf_verdict_name() writes; false if it is none of these. */
bool spf_verdict_parse(struct span text, enum spf_verdict *ret) MUST_CHECK;

/* Returns a static clause that says why, fit to show to a user. */
const char *spf_reason_text(enum spf_reason reason);
