/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spf_machine - what the files of the SPF machine share; for them only.
 *
 * spf.c walks the terms; spf_frame.c has the records; spf_lookup.c has the
 * mechanisms that ask for addresses and names, and the explanation;
 * spf_trace.c tells of it.  A `do` function does one step, a `take` function
 * takes the answer that a step waited for.
 *
 * A record is evaluated where it is: its text in the answer, its terms in the
 * cache or in `scratch`.  Only a machine that is about to wait, or is done,
 * copies what it needs into the arena (spf_settle()), so that a record of
 * addresses, which most are, is never copied.
 *
 * Pure: no I/O, no logging, no clock; allocates in the machine's arena.
 * Ownership: everything is the machine's.
 */
#pragma once

#include "mailauth/spf.h"
#include "mailauth/spf_macro.h"

/* What came of making a name of a domain-spec. */
enum expanded {
	EXPANDED,       /* there is a name */
	EXPANDED_NEVER, /* the text is no name: nothing can be there */
	EXPANDED_LATER, /* %{p} must be found first, and is being */
};

/* Returns the newest frame. */
static inline struct spf_frame *
spf_top(struct spf *m)
{
	return &m->frame[m->depth - 1];
}

/* The term under evaluation. */
static inline const struct spf_term *
spf_term_of(const struct spf_frame *f)
{
	return &f->record.term[f->at];
}

/*
 * Copies the newest record into the arena if it is borrowed; false if that
 * is full.  Spans of its text and terms are to be taken anew.
 */
bool spf_settle(struct spf *m) MUST_CHECK;

/* Notes the place in the newest record that decides. */
void spf_note(struct spf *m, enum spf_reason reason, struct span term);

/*
 * The newest record's result is `verdict`: hands it to the include: it was
 * opened for (RFC 7208 section 5.2), as far up as that goes.
 */
void spf_end_frame(struct spf *m, enum spf_verdict verdict);

/*
 * Makes the newest frame that of `domain`, in the arena, whose record is then
 * fetched; its name is set already, unless it has none.
 */
void spf_open(struct spf *m, struct span domain, bool is_name, bool redirected);

/* Takes the record of the newest frame. */
void spf_take_record(struct spf *m, const struct dns_answer *a);

/* The answer has no record of what was asked, and no error either. */
static inline bool
spf_is_void(const struct dns_answer *a)
{
	return a->status == DNS_NXDOMAIN || a->status == DNS_NODATA ||
	       (a->status == DNS_OK && a->len == 0);
}

/* Returns the type of record that holds addresses like the client's. */
static inline uint16_t
spf_address_type(const struct spf *m)
{
	return m->in.ip.v6 ? DNS_AAAA : DNS_A;
}

/* Waits in `step` for the answer to (name, type); `name` is in `m`. */
void spf_await(struct spf *m, enum spf_step step, const struct dname *name,
	       uint16_t type);

/* The term under evaluation, or the record as such, makes this an error. */
void spf_fail(struct spf *m, enum spf_verdict verdict, enum spf_reason reason);

/* The term under evaluation matched. */
void spf_match(struct spf *m);

/* The term under evaluation did not match. */
void spf_no_match(struct spf *m);

/* Counts `a` if it is void; false (and failed) if that was one too many. */
bool spf_count_void(struct spf *m, const struct dns_answer *a);

/* Returns what the macros stand for in the newest frame. */
struct spf_macro spf_macro_of(struct spf *m);

/*
 * Returns whether %{p}, if `uses` says so, must be found first; then it is
 * being, and `resume` is the step to go on with.
 */
bool spf_need_p(struct spf *m, uint8_t uses, enum spf_step resume);

/*
 * Expands the domain-spec of a term of the newest record; `resume` is the
 * step that does so.  If `ret` is not NULL the record is settled, and *ret
 * becomes the domain as text, in the arena.
 */
enum expanded spf_expand(struct spf *m, const struct spf_term *term,
			 enum spf_step resume, struct span *ret,
			 struct dname *ret_name);

/* "a": compares addresses. */
void spf_take_address(struct spf *m, const struct dns_answer *a);

/* "exists": any address matches. */
void spf_take_exists(struct spf *m, const struct dns_answer *a);

/* "mx": learns the names. */
void spf_take_mx(struct spf *m, const struct dns_answer *a);

/* "mx": asks for the addresses of the next name. */
void spf_do_mx_host(struct spf *m);

/* "mx": compares addresses. */
void spf_take_mx_host(struct spf *m, const struct dns_answer *a);

/* Learns the names behind the client's address. */
void spf_take_ptr_names(struct spf *m, const struct dns_answer *a);

/* Learns whether one of these names is valid. */
void spf_take_ptr_address(struct spf *m, const struct dns_answer *a);

/* "ptr": looks for a valid name under the target. */
void spf_do_ptr_term(struct spf *m);

/* %{p}: looks for the valid name nearest to the domain. */
void spf_do_ptr_p(struct spf *m);

/* Asks for what exp= points at. */
void spf_do_explain(struct spf *m);

/* Learns it. */
void spf_take_explain(struct spf *m, const struct dns_answer *a);

/* Expands it. */
void spf_do_text(struct spf *m);

/*
 * Each of these is called with a trace only: TRACE(m, spf_trace_open(m)).
 */
#define TRACE(m, call)                                                         \
	do {                                                                   \
		if (__builtin_expect((m)->in.trace, 0))                        \
			(call);                                                \
	} while (0)

/* Tells of a record that is looked for. */
void spf_trace_open(struct spf *m);

/* Tells its text. */
void spf_trace_text(struct spf *m);

/* Tells the result of the newest record. */
void spf_trace_end(struct spf *m, enum spf_verdict verdict);

/* Tells that what the frames are at led to the result, as it is now. */
void spf_trace_decide(struct spf *m);

/* Tells that nothing has led to a result yet. */
void spf_trace_undecide(struct spf *m);

/* Tells of the term under evaluation, or redirect=, unless it did already. */
void spf_trace_term(struct spf *m);

/* Tells that it was counted as a lookup. */
void spf_trace_lookup(struct spf *m);

/* Tells what its domain-spec was expanded to. */
void spf_trace_target(struct spf *m, struct span domain);

/* Tells what the term under evaluation of `f` did. */
void spf_trace_outcome(struct spf_frame *f, enum spf_trace_outcome outcome);

/* Tells of a question. */
void spf_trace_ask(struct spf *m);

/* Tells how it was answered. */
void spf_trace_answer(struct spf *m, const struct dns_answer *a);

/* Tells that the answer was counted as void. */
void spf_trace_void(struct spf *m);
