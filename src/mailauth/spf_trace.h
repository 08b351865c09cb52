/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spf_trace - what an SPF evaluation did, step by step.
 *
 * A list in the order in which things happened: a record was looked for, one
 * of its terms was evaluated, a question was asked for it.  `depth` makes it
 * a tree: the record of an include: is one deeper than the term, and what a
 * record has is as deep as the record.  redirect= stays as deep as it is.
 *
 * Pure: no I/O, no logging, no clock.
 * Ownership: everything lives in the arena of the evaluation.
 */
#pragma once

#include "dns/record.h"

#define SPF_TRACE_MAX 2048 /* steps told of; more are counted only */

/* RFC 7208 section 2.6. */
enum spf_verdict {
	SPF_NONE,      /* no domain to ask about, or it has no record */
	SPF_NEUTRAL,   /* the domain does not say */
	SPF_PASS,      /* the host may send for the domain */
	SPF_FAIL,      /* it may not */
	SPF_SOFTFAIL,  /* it probably may not */
	SPF_TEMPERROR, /* DNS did not answer: another time perhaps */
	SPF_PERMERROR, /* the record cannot be interpreted */
};

/* What a step was. */
enum spf_trace_kind {
	SPF_TRACE_RECORD,   /* the record of a domain was looked for */
	SPF_TRACE_TERM,     /* a term was evaluated */
	SPF_TRACE_QUESTION, /* DNS was asked */
};

/* What a term did. */
enum spf_trace_outcome {
	SPF_OUTCOME_NONE,     /* evaluation ended before it could tell */
	SPF_OUTCOME_NO_MATCH, /* it did not match: on to the next one */
	SPF_OUTCOME_MATCH,    /* it matched */
	SPF_OUTCOME_ERROR,    /* it ended the evaluation with an error */
	SPF_OUTCOME_FOLLOWED, /* redirect= was followed */
};

struct spf_trace {
	struct spf_trace *next;   /* what was done then, or NULL */
	enum spf_trace_kind kind; /* what it was */
	unsigned depth;           /* includes around it; 0: the first record */
	struct span text; /* SPF_TRACE_RECORD: the record, "" if there is none;
			     SPF_TRACE_TERM: as written;
			     SPF_TRACE_QUESTION: the name that was asked */
	struct span domain; /* SPF_TRACE_RECORD: whose it is; SPF_TRACE_TERM:
			       its domain-spec expanded, "" if it has none */
	struct spf_trace *from;   /* SPF_TRACE_RECORD: the one whose redirect=
				     led there, or NULL */
	enum spf_verdict verdict; /* SPF_TRACE_RECORD: its own result */
	bool redirected;          /* SPF_TRACE_RECORD: reached by redirect= */
	bool decided;             /* RECORD, TERM: on the way to the result */
	enum spf_trace_outcome outcome; /* SPF_TRACE_TERM: what it did */
	unsigned lookup;        /* SPF_TRACE_TERM: which of the ten lookups it
				   was, from 1; 0: none */
	uint16_t type;          /* SPF_TRACE_QUESTION: an enum dns_type */
	enum dns_status status; /* SPF_TRACE_QUESTION: how it ended */
	size_t records;         /* SPF_TRACE_QUESTION: in the answer */
	bool is_void;           /* SPF_TRACE_QUESTION: counted as void */
};

/* Returns "match", "no match" ...; static. */
const char *spf_outcome_name(enum spf_trace_outcome outcome);
