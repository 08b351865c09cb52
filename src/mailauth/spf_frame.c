/* SPDX-License-Identifier: Apache-2.0 */
/* Records under evaluation: how they come, where they are, how they end. */
#include <assert.h>

#include "mailauth/spf_machine.h"

static enum spf_verdict
verdict_of(char qualifier)
{
	switch (qualifier) {
	case '-':
		return SPF_FAIL;
	case '~':
		return SPF_SOFTFAIL;
	case '?':
		return SPF_NEUTRAL;
	default:
		return SPF_PASS;
	}
}

/* The part of `copy` that `part`, which was in `text`, is in `text`. */
static struct span
rebase(struct span part, struct span text, struct span copy)
{
	if (part.len == 0 || part.ptr < text.ptr ||
	    part.ptr + part.len > text.ptr + text.len)
		return part;
	if (copy.len == 0)
		return SPAN("");
	return span_sub(copy, (size_t)(part.ptr - text.ptr),
			(size_t)(part.ptr - text.ptr) + part.len);
}

/* Copies the text of the borrowed record, if there is one, and no more. */
static void
keep_text(struct spf *m)
{
	struct span text, copy;

	if (m->borrowed == NULL || m->text_kept)
		return;
	text = m->borrowed->record.text;
	copy = arena_copy(m->arena, text);
	if (copy.len < text.len) { /* nothing may point into it any more */
		m->borrowed->record.len = 0;
		m->borrowed->record.redirect = m->borrowed->record.exp = -1;
	}
	m->result.record = rebase(m->result.record, text, copy);
	m->result.term = rebase(m->result.term, text, copy);
	m->result.first = rebase(m->result.first, text, copy);
	m->borrowed->record.text = copy;
	m->text_kept = true;
}

bool
spf_settle(struct spf *m)
{
	struct spf_frame *f = m->borrowed;
	size_t terms, names;
	char *copy;

	if (f == NULL)
		return true;
	keep_text(m);
	if (arena_full(m->arena))
		return false;
	terms = f->record.len * sizeof(struct spf_term);
	names = f->record.names_len;
	copy = arena_get(m->arena, terms + names);
	if (copy == NULL)
		return false;
	memcpy(copy, f->record.term, terms);
	f->record.term = (const struct spf_term *)(const void *)copy;
	if (names > 0) {
		memcpy(copy + terms, f->record.names, names);
		f->record.names = (const uint8_t *)copy + terms;
	}
	m->borrowed = NULL;
	return true;
}

void
spf_note(struct spf *m, enum spf_reason reason, struct span term)
{
	m->result.reason = reason;
	m->result.term = term;
	m->result.record = spf_top(m)->record.text;
	m->result.at = spf_top(m)->domain;
	TRACE(m, spf_trace_decide(m));
}

/* The first record's result is the result. */
static void
finish(struct spf *m, enum spf_verdict verdict)
{
	const struct spf_frame *f = &m->frame[0];

	m->result.verdict = verdict;
	if (f->at < f->record.len)
		m->result.first = spf_term_text(&f->record, spf_term_of(f));
	keep_text(m);
	m->step = SPF_STEP_DONE;
	if (m->borrowed != f)
		m->borrowed = NULL;
	if (verdict == SPF_FAIL && f->record.exp >= 0) {
		m->explaining = true;
		m->step = SPF_STEP_EXPLAIN;
	}
}

void
spf_end_frame(struct spf *m, enum spf_verdict verdict)
{
	TRACE(m, spf_trace_end(m, verdict));
	while (m->depth > 1) {
		struct spf_frame *f = &m->frame[--m->depth - 1];
		const struct spf_term *term = spf_term_of(f);

		switch (verdict) {
		case SPF_PASS:
			verdict = verdict_of(term->qualifier);
			TRACE(m, spf_trace_outcome(f, SPF_OUTCOME_MATCH));
			break;
		case SPF_FAIL:
		case SPF_SOFTFAIL:
		case SPF_NEUTRAL:
			if (m->borrowed == f + 1)
				m->borrowed = NULL;
			TRACE(m, spf_trace_undecide(m));
			spf_no_match(m);
			return;
		case SPF_NONE:
			spf_note(m, SPF_REASON_INCLUDE,
				 spf_term_text(&f->record, term));
			verdict = SPF_PERMERROR;
			TRACE(m, spf_trace_outcome(f, SPF_OUTCOME_ERROR));
			break;
		case SPF_TEMPERROR:
		case SPF_PERMERROR:
			TRACE(m, spf_trace_outcome(f, SPF_OUTCOME_ERROR));
			break;
		}
		TRACE(m, spf_trace_end(m, verdict));
	}
	finish(m, verdict);
}

/* The term that is at fault when the newest record fails as it is now. */
static struct span
fault_of(const struct spf_frame *f)
{
	const struct spf_term *redirect = spf_record_redirect(&f->record);

	if (f->at < f->record.len)
		return spf_term_text(&f->record, spf_term_of(f));
	return redirect == NULL ? SPAN("")
				: spf_term_text(&f->record, redirect);
}

void
spf_fail(struct spf *m, enum spf_verdict verdict, enum spf_reason reason)
{
	struct spf_frame *f = spf_top(m);

	if (m->explaining) { /* without an explanation, then */
		m->step = SPF_STEP_DONE;
		return;
	}
	spf_note(m, reason, fault_of(f));
	TRACE(m, spf_trace_outcome(f, SPF_OUTCOME_ERROR));
	spf_end_frame(m, verdict);
}

void
spf_match(struct spf *m)
{
	struct spf_frame *f = spf_top(m);
	const struct spf_term *term = spf_term_of(f);

	spf_note(m, SPF_REASON_MATCH, spf_term_text(&f->record, term));
	TRACE(m, spf_trace_outcome(f, SPF_OUTCOME_MATCH));
	spf_end_frame(m, verdict_of(term->qualifier));
}

void
spf_no_match(struct spf *m)
{
	TRACE(m, spf_trace_outcome(spf_top(m), SPF_OUTCOME_NO_MATCH));
	spf_top(m)->at++;
	spf_top(m)->counted = false;
	m->step = SPF_STEP_TERM;
}

void
spf_open(struct spf *m, struct span domain, bool is_name, bool redirected)
{
	struct spf_frame *f = spf_top(m);

	/* not its name, which is there already */
	f->domain = domain;
	f->record = (struct spf_record){
		.text = SPAN(""), .redirect = -1, .exp = -1};
	f->at = 0;
	f->redirected = redirected;
	f->counted = f->has_p = false;
	f->p = SPAN("");
	m->step = SPF_STEP_RECORD;
	TRACE(m, spf_trace_open(m));
	/* RFC 7208 section 4.3: "not a multi-label domain name" */
	if (is_name && f->name.wire[f->name.wire[0] + 1] != 0)
		return;
	if (redirected)
		spf_end_frame(m, SPF_PERMERROR);
	else
		spf_fail(m, SPF_NONE, SPF_REASON_DOMAIN);
}

/* Selects the one record of RFC 7208 section 4.5; returns how many are. */
static size_t
select_record(const struct dns_answer *a, struct span *ret)
{
	size_t found = 0;

	for (size_t i = 0; a->status == DNS_OK && i < a->len; i++) {
		if (a->rr[i].type != DNS_TXT ||
		    !spf_record_is(a->rr[i].txt.text))
			continue;
		*ret = a->rr[i].txt.text;
		if (++found == 2)
			break;
	}
	return found;
}

/* Reads `text` into the newest frame, from the cache or as it is written. */
static enum spf_record_status
read_record(struct spf *m, struct span text, struct span *reterr)
{
	struct spf_record *to = &spf_top(m)->record;
	const struct spf_record *kept = NULL;
	enum spf_record_status status;

	if (m->in.cache != NULL)
		kept = spf_cache_get(m->in.cache, text);
	if (kept != NULL) {
		*to = *kept;
		return SPF_RECORD_OK;
	}
	to->text = span_head(text, SPF_TEXT_MAX + 1);
	status = spf_record_parse_into(to->text, m->scratch, SPF_SCRATCH_MAX,
				       to, reterr);
	if (status == SPF_RECORD_TOO_MANY)
		status = spf_record_parse(to->text, m->arena, to, reterr);
	if (status == SPF_RECORD_OK && m->in.cache != NULL)
		kept = spf_cache_put(m->in.cache, to);
	if (kept != NULL)
		*to = *kept;
	return status;
}

void
spf_take_record(struct spf *m, const struct dns_answer *a)
{
	struct spf_frame *f = spf_top(m);
	struct span text = SPAN(""), fault;
	size_t found;

	if (dns_is_error(a->status)) {
		spf_fail(m, SPF_TEMPERROR, SPF_REASON_DNS);
		return;
	}
	found = select_record(a, &text);
	if (found == 0 && f->redirected) {
		spf_end_frame(m, SPF_PERMERROR);
		return;
	}
	if (found != 1) {
		spf_fail(m, found == 0 ? SPF_NONE : SPF_PERMERROR,
			 found == 0 ? SPF_REASON_NO_RECORD
				    : SPF_REASON_RECORDS);
		return;
	}
	m->step = SPF_STEP_TERM;
	m->borrowed = f;
	m->text_kept = false;
	m->result.syntax = read_record(m, text, &fault);
	if (arena_full(m->arena) || (m->in.trace && !spf_settle(m))) {
		spf_fail(m, SPF_PERMERROR, SPF_REASON_TOO_BIG);
		return;
	}
	TRACE(m, spf_trace_text(m));
	if (m->result.syntax != SPF_RECORD_OK) {
		fault = rebase(fault, text, f->record.text);
		spf_note(m, SPF_REASON_SYNTAX,
			 fault.len < f->record.text.len ? fault : SPAN(""));
		spf_end_frame(m, SPF_PERMERROR);
	}
}
