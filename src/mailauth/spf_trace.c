/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf_trace.h"

#include "mailauth/spf_machine.h"

/* Appends a step; NULL if there is no trace, or no room for more of it. */
static struct spf_trace *
append(struct spf *m, enum spf_trace_kind kind)
{
	struct spf_trace *t;

	if (m->traced == SPF_TRACE_MAX) {
		m->result.trace_more++;
		return NULL;
	}
	t = arena_get(m->arena, sizeof(*t));
	if (t == NULL)
		return NULL;
	*t = (struct spf_trace){
		.kind = kind,
		.depth = (unsigned)m->depth - 1,
		.text = SPAN(""),
		.domain = SPAN(""),
	};
	if (m->trace_last == NULL)
		m->result.trace = m->trace_first = t;
	else
		m->trace_last->next = t;
	m->trace_last = t;
	m->traced++;
	return t;
}

void
spf_trace_open(struct spf *m)
{
	struct spf_frame *f = spf_top(m);
	struct spf_trace *from = f->redirected ? f->record_trace : NULL;

	f->term_trace = NULL;
	f->record_trace = append(m, SPF_TRACE_RECORD);
	if (f->record_trace == NULL)
		return;
	f->record_trace->from = from;
	f->record_trace->domain = f->domain;
	f->record_trace->redirected = f->redirected;
}

void
spf_trace_text(struct spf *m)
{
	if (spf_top(m)->record_trace != NULL)
		spf_top(m)->record_trace->text = spf_top(m)->record.text;
}

void
spf_trace_end(struct spf *m, enum spf_verdict verdict)
{
	struct spf_trace *t = spf_top(m)->record_trace;

	for (; t != NULL; t = t->from)
		t->verdict = verdict;
}

void
spf_trace_decide(struct spf *m)
{
	for (size_t i = 0; i < m->depth; i++) {
		if (m->frame[i].record_trace != NULL)
			m->frame[i].record_trace->decided = true;
		if (m->frame[i].term_trace != NULL)
			m->frame[i].term_trace->decided = true;
	}
}

void
spf_trace_undecide(struct spf *m)
{
	for (struct spf_trace *t = m->trace_first; t != NULL; t = t->next)
		t->decided = false;
}

void
spf_trace_term(struct spf *m)
{
	struct spf_frame *f = spf_top(m);
	const struct spf_term *term = spf_record_redirect(&f->record);

	if (f->term_trace != NULL)
		return;
	if (f->at < f->record.len)
		term = spf_term_of(f);
	f->term_trace = append(m, SPF_TRACE_TERM);
	if (f->term_trace != NULL)
		f->term_trace->text = spf_term_text(&f->record, term);
}

void
spf_trace_lookup(struct spf *m)
{
	if (spf_top(m)->term_trace != NULL)
		spf_top(m)->term_trace->lookup = m->result.lookups;
}

void
spf_trace_target(struct spf *m, struct span domain)
{
	if (spf_top(m)->term_trace != NULL)
		spf_top(m)->term_trace->domain = arena_copy(m->arena, domain);
}

void
spf_trace_outcome(struct spf_frame *f, enum spf_trace_outcome outcome)
{
	if (f->term_trace != NULL)
		f->term_trace->outcome = outcome;
	f->term_trace = NULL;
}

void
spf_trace_ask(struct spf *m)
{
	struct dname_text text;
	struct span name;

	m->asked_trace = append(m, SPF_TRACE_QUESTION);
	if (m->asked_trace == NULL)
		return;
	name = dname_print(m->asked, &text);
	m->asked_trace->text = arena_copy(m->arena, name);
	m->asked_trace->type = m->asked_type;
}

void
spf_trace_answer(struct spf *m, const struct dns_answer *a)
{
	if (m->asked_trace == NULL)
		return;
	m->asked_trace->status = a->status;
	m->asked_trace->records = a->status == DNS_OK ? a->len : 0;
}

void
spf_trace_void(struct spf *m)
{
	if (m->asked_trace != NULL)
		m->asked_trace->is_void = true;
}

const char *
spf_outcome_name(enum spf_trace_outcome outcome)
{
	static const char *const text[] = {
		[SPF_OUTCOME_NONE] = "not evaluated",
		[SPF_OUTCOME_NO_MATCH] = "no match",
		[SPF_OUTCOME_MATCH] = "match",
		[SPF_OUTCOME_ERROR] = "error",
		[SPF_OUTCOME_FOLLOWED] = "followed",
	};
	return text[outcome];
}
