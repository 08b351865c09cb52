/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf.h"

#include <assert.h>

#include "mailauth/spf_machine.h"

/* Makes a name of `text`, in which a backslash is an octet like another. */
static bool
to_name(struct span text, struct dname *ret)
{
	char escaped[2 * SPF_DOMAIN_MAX + 2];
	size_t len = 0;

	if (text.len > 0 && text.ptr[text.len - 1] == '.')
		text.len--;
	if (text.len == 0 || text.len > SPF_DOMAIN_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\\')
			escaped[len++] = '\\';
		escaped[len++] = text.ptr[i];
	}
	return dname_parse((struct span){escaped, len}, ret) == DNAME_OK;
}

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

/* Notes the place in the newest record that decides. */
static void
note(struct spf *m, enum spf_reason reason, struct span term)
{
	m->result.reason = reason;
	m->result.term = term;
	m->result.record = spf_top(m)->text;
	m->result.at = spf_top(m)->domain;
}

/* The first record's result is the result. */
static void
finish(struct spf *m, enum spf_verdict verdict)
{
	const struct spf_frame *f = &m->frame[0];

	m->result.verdict = verdict;
	if (f->at < f->record.len)
		m->result.first = spf_term_of(f)->text;
	m->step = SPF_STEP_DONE;
	if (verdict == SPF_FAIL && f->record.exp != NULL) {
		m->explaining = true;
		m->step = SPF_STEP_EXPLAIN;
	}
}

/*
 * The newest record's result is `verdict`: hands it to the include: it was
 * opened for (RFC 7208 section 5.2), as far up as that goes.
 */
static void
end_frame(struct spf *m, enum spf_verdict verdict)
{
	while (m->depth > 1) {
		struct spf_frame *f = &m->frame[--m->depth - 1];

		switch (verdict) {
		case SPF_PASS:
			verdict = verdict_of(spf_term_of(f)->qualifier);
			break;
		case SPF_FAIL:
		case SPF_SOFTFAIL:
		case SPF_NEUTRAL:
			f->at++;
			f->counted = false;
			m->step = SPF_STEP_TERM;
			return;
		case SPF_NONE:
			note(m, SPF_REASON_INCLUDE, spf_term_of(f)->text);
			verdict = SPF_PERMERROR;
			break;
		case SPF_TEMPERROR:
		case SPF_PERMERROR:
			break;
		}
	}
	finish(m, verdict);
}

/* The term under evaluation, or the record as such, makes this an error. */
void
spf_fail(struct spf *m, enum spf_verdict verdict, enum spf_reason reason)
{
	struct spf_frame *f = spf_top(m);

	if (m->explaining) { /* without an explanation, then */
		m->step = SPF_STEP_DONE;
		return;
	}
	if (f->at < f->record.len)
		note(m, reason, spf_term_of(f)->text);
	else if (f->record.redirect != NULL)
		note(m, reason, f->record.redirect->text);
	else
		note(m, reason, SPAN(""));
	end_frame(m, verdict);
}

/* The term under evaluation matched. */
void
spf_match(struct spf *m)
{
	const struct spf_term *term = spf_term_of(spf_top(m));

	note(m, SPF_REASON_MATCH, term->text);
	end_frame(m, verdict_of(term->qualifier));
}

/* The term under evaluation did not match. */
void
spf_no_match(struct spf *m)
{
	spf_top(m)->at++;
	spf_top(m)->counted = false;
	m->step = SPF_STEP_TERM;
}

/* Waits in `step` for the answer to (name, type). */
void
spf_await(struct spf *m, enum spf_step step, const struct dname *name,
	  uint16_t type)
{
	if (m->result.questions == SPF_QUESTIONS_MAX) {
		spf_fail(m, SPF_TEMPERROR, SPF_REASON_QUESTIONS);
		return;
	}
	m->result.questions++;
	m->question = (struct dns_question){.name = *name, .type = type};
	m->waiting = true;
	m->step = step;
}

/* Counts the term under evaluation, or redirect=, as one that asks DNS. */
static bool
count_lookup(struct spf *m)
{
	if (spf_top(m)->counted)
		return true;
	spf_top(m)->counted = true;
	if (m->result.lookups == SPF_LOOKUPS_MAX) {
		spf_fail(m, SPF_PERMERROR, SPF_REASON_LOOKUPS);
		return false;
	}
	m->result.lookups++;
	return true;
}

/* Counts `a` if it is void; false if that was one too many. */
bool
spf_count_void(struct spf *m, const struct dns_answer *a)
{
	if (!spf_is_void(a))
		return true;
	if (m->result.voids == SPF_VOIDS_MAX) {
		spf_fail(m, SPF_PERMERROR, SPF_REASON_VOIDS);
		return false;
	}
	m->result.voids++;
	return true;
}

struct spf_macro
spf_macro_of(struct spf *m)
{
	return (struct spf_macro){
		.ip = m->in.ip,
		.local = m->local,
		.sender = m->sender,
		.domain = spf_top(m)->domain,
		.helo = m->in.helo,
		.receiver = m->in.receiver,
		.validated = spf_top(m)->p,
		.now = m->in.now,
	};
}

/* Finds %{p} if `text` needs it, then to go on with `resume`; false: it is. */
bool
spf_need_p(struct spf *m, struct span text, enum spf_step resume)
{
	if (spf_top(m)->has_p || !spf_macro_uses(text, 'p'))
		return false;
	m->resume = resume;
	m->step = SPF_STEP_PTR_P;
	return true;
}

/*
 * RFC 8616 section 4: "if the local-part contains non-ASCII characters,
 * terms that include these two macros [l and s] never match".
 */
static bool
is_never(const struct spf *m, struct span text)
{
	if (!spf_macro_uses(text, 'l') && !spf_macro_uses(text, 's'))
		return false;
	for (size_t i = 0; i < m->local.len; i++)
		if ((unsigned char)m->local.ptr[i] > 0x7e)
			return true;
	return false;
}

/* Expands a domain-spec; `resume` is the step that does so. */
enum expanded
spf_expand(struct spf *m, struct span spec, enum spf_step resume,
	   struct spf_macro_text *ret, struct dname *ret_name)
{
	struct spf_macro macro;

	if (is_never(m, spec))
		return EXPANDED_NEVER;
	if (spf_need_p(m, spec, resume))
		return EXPANDED_LATER;
	macro = spf_macro_of(m);
	*ret = spf_macro_domain(spec, &macro);
	return to_name((struct span){ret->s, ret->len}, ret_name)
		       ? EXPANDED
		       : EXPANDED_NEVER;
}

/* RFC 7208 section 4.3: whether check_host() can be asked about it at all. */
static bool
is_domain(struct span domain, struct dname *ret)
{
	return to_name(domain, ret) && dname_labels(ret) >= 2;
}

/* Makes `f` the frame of `domain`, whose record is then fetched. */
static void
open_frame(struct spf *m, struct spf_frame *f, struct span domain,
	   bool redirected)
{
	*f = (struct spf_frame){.redirected = redirected, .p = SPAN("")};
	f->text = SPAN("");
	f->domain = arena_copy(m->arena, domain);
	m->step = SPF_STEP_RECORD;
	if (!is_domain(domain, &f->name)) {
		if (redirected)
			end_frame(m, SPF_PERMERROR);
		else
			spf_fail(m, SPF_NONE, SPF_REASON_DOMAIN);
	}
}

static void
open_include(struct spf *m, struct span domain)
{
	/* SPF_LOOKUPS_MAX holds before SPF_DEPTH_MAX does */
	assert(m->depth < SPF_DEPTH_MAX);
	m->depth++;
	open_frame(m, spf_top(m), domain, false);
}

/* A term that asks DNS, its domain-spec expanded (or the current domain). */
static void
ask_term(struct spf *m, const struct spf_term *term, struct span domain,
	 const struct dname *name)
{
	if (term->kind == SPF_INCLUDE) {
		open_include(m, domain);
	} else if (term->kind == SPF_A) {
		spf_await(m, SPF_STEP_ADDRESS, name, spf_address_type(m));
	} else if (term->kind == SPF_EXISTS) {
		spf_await(m, SPF_STEP_EXISTS, name, DNS_A);
	} else if (term->kind == SPF_MX) {
		spf_await(m, SPF_STEP_MX, name, DNS_MX);
	} else {
		m->target = *name;
		m->step = SPF_STEP_PTR_TERM;
	}
}

static void
do_lookup_term(struct spf *m, const struct spf_term *term)
{
	struct spf_macro_text text;
	struct dname name;

	if (!count_lookup(m))
		return;
	if (term->domain.len == 0) {
		ask_term(m, term, spf_top(m)->domain, &spf_top(m)->name);
		return;
	}
	switch (spf_expand(m, term->domain, SPF_STEP_TERM, &text, &name)) {
	case EXPANDED_LATER:
		return;
	case EXPANDED:
		ask_term(m, term, (struct span){text.s, text.len}, &name);
		return;
	case EXPANDED_NEVER:
		if (term->kind == SPF_INCLUDE)
			spf_fail(m, SPF_PERMERROR, SPF_REASON_INCLUDE);
		else
			spf_no_match(m);
		return;
	}
}

/* No mechanism matched (RFC 7208 section 4.7). */
static void
do_end_of_record(struct spf *m)
{
	if (spf_top(m)->record.redirect != NULL) {
		m->step = SPF_STEP_REDIRECT;
		return;
	}
	note(m, SPF_REASON_DEFAULT, SPAN(""));
	end_frame(m, SPF_NEUTRAL);
}

static void
do_term(struct spf *m)
{
	struct spf_frame *f = spf_top(m);
	const struct spf_term *term = spf_term_of(f);
	bool matched = false;

	if (f->at == f->record.len) {
		do_end_of_record(m);
		return;
	}
	switch (term->kind) {
	case SPF_ALL:
		matched = true;
		break;
	case SPF_IP4:
	case SPF_IP6:
		matched = m->in.ip.v6 == term->ip.v6 &&
			  spf_ip_match(&m->in.ip, &term->ip,
				       term->ip.v6 ? term->prefix6
						   : term->prefix4);
		break;
	case SPF_INCLUDE:
	case SPF_A:
	case SPF_MX:
	case SPF_PTR:
	case SPF_EXISTS:
		do_lookup_term(m, term);
		return;
	case SPF_REDIRECT:
	case SPF_EXP:
	case SPF_UNKNOWN:
		break;
	}
	if (matched)
		spf_match(m);
	else
		spf_no_match(m);
}

static void
do_redirect(struct spf *m)
{
	struct span spec = spf_top(m)->record.redirect->domain;
	struct spf_macro_text text;
	struct dname name;

	if (!count_lookup(m))
		return;
	switch (spf_expand(m, spec, SPF_STEP_REDIRECT, &text, &name)) {
	case EXPANDED_LATER:
		return;
	case EXPANDED:
		/* stands unless the domain turns out to have a record */
		note(m, SPF_REASON_REDIRECT, spf_top(m)->record.redirect->text);
		open_frame(m, spf_top(m), (struct span){text.s, text.len},
			   true);
		return;
	case EXPANDED_NEVER:
		spf_fail(m, SPF_PERMERROR, SPF_REASON_REDIRECT);
		return;
	}
}

/* Selects the one record of RFC 7208 section 4.5; false: none of them. */
static bool
select_record(const struct dns_answer *a, struct span *ret, bool *ret_several)
{
	bool found = false;

	*ret_several = false;
	for (size_t i = 0; a->status == DNS_OK && i < a->len; i++) {
		if (a->rr[i].type != DNS_TXT ||
		    !spf_record_is(a->rr[i].txt.text))
			continue;
		*ret_several = found;
		if (found)
			return true;
		found = true;
		*ret = a->rr[i].txt.text;
	}
	return found;
}

static void
take_record(struct spf *m, const struct dns_answer *a)
{
	struct spf_frame *f = spf_top(m);
	struct span text, fault;
	bool several;

	if (dns_is_error(a->status)) {
		spf_fail(m, SPF_TEMPERROR, SPF_REASON_DNS);
		return;
	}
	if (!select_record(a, &text, &several)) {
		if (f->redirected)
			end_frame(m, SPF_PERMERROR);
		else
			spf_fail(m, SPF_NONE, SPF_REASON_NO_RECORD);
		return;
	}
	if (several) {
		spf_fail(m, SPF_PERMERROR, SPF_REASON_RECORDS);
		return;
	}
	f->text = arena_copy(m->arena, span_head(text, SPF_TEXT_MAX + 1));
	if (arena_full(m->arena)) {
		spf_fail(m, SPF_PERMERROR, SPF_REASON_TOO_BIG);
		return;
	}
	m->step = SPF_STEP_TERM;
	m->result.syntax =
		spf_record_parse(f->text, m->arena, &f->record, &fault);
	if (m->result.syntax != SPF_RECORD_OK) {
		note(m, SPF_REASON_SYNTAX,
		     fault.len < f->text.len ? fault : SPAN(""));
		end_frame(m, SPF_PERMERROR);
	}
}

/* Does one thing, which may be to wait. */
static void
advance(struct spf *m)
{
	switch (m->step) {
	case SPF_STEP_RECORD:
		spf_await(m, SPF_STEP_RECORD, &spf_top(m)->name, DNS_TXT);
		return;
	case SPF_STEP_TERM:
		do_term(m);
		return;
	case SPF_STEP_MX_HOST:
		spf_do_mx_host(m);
		return;
	case SPF_STEP_PTR_TERM:
		spf_do_ptr_term(m);
		return;
	case SPF_STEP_PTR_P:
		spf_do_ptr_p(m);
		return;
	case SPF_STEP_REDIRECT:
		do_redirect(m);
		return;
	case SPF_STEP_EXPLAIN:
		spf_do_explain(m);
		return;
	case SPF_STEP_TEXT:
		spf_do_text(m);
		return;
	case SPF_STEP_ADDRESS:
	case SPF_STEP_EXISTS:
	case SPF_STEP_MX:
	case SPF_STEP_PTR:
	case SPF_STEP_DONE:
		break;
	}
	assert(false && "a step that only waits");
}

void
spf_init(struct spf *m, const struct spf_input *input, struct arena *arena)
{
	size_t at = span_find_last(input->mail_from, '@');

	*m = (struct spf){.arena = arena, .depth = 1};
	m->in = *input;
	m->in.helo = arena_copy(arena, input->helo);
	m->in.mail_from = arena_copy(arena, input->mail_from);
	m->in.receiver = arena_copy(arena, input->receiver);
	m->text = SPAN("");
	m->result = (struct spf_result){
		.identity = input->mail_from.len > 0 ? SPF_MAILFROM : SPF_HELO,
		.term = SPAN(""),
		.record = SPAN(""),
		.at = SPAN(""),
		.first = SPAN(""),
		.explanation = SPAN(""),
	};
	m->sender = m->in.helo;
	m->local = SPAN("");
	if (input->mail_from.len > 0)
		m->sender = at == SPAN_NONE
				    ? m->in.mail_from
				    : span_skip(m->in.mail_from, at + 1);
	if (at != SPAN_NONE)
		m->local = span_sub(m->in.mail_from, 0, at);
	if (m->local.len == 0) /* RFC 7208 section 4.3 */
		m->local = SPAN("postmaster");
	m->result.domain = m->sender;
	open_frame(m, spf_top(m), m->sender, false);
}

bool
spf_ask(struct spf *m, struct dns_question *ret)
{
	while (!m->waiting && m->step != SPF_STEP_DONE)
		advance(m);
	if (m->waiting)
		*ret = m->question;
	return m->waiting;
}

void
spf_answer(struct spf *m, const struct dns_answer *a)
{
	assert(m->waiting);
	m->waiting = false;
	switch (m->step) {
	case SPF_STEP_RECORD:
		take_record(m, a);
		return;
	case SPF_STEP_ADDRESS:
		spf_take_address(m, a);
		return;
	case SPF_STEP_EXISTS:
		spf_take_exists(m, a);
		return;
	case SPF_STEP_MX:
		spf_take_mx(m, a);
		return;
	case SPF_STEP_MX_HOST:
		spf_take_mx_host(m, a);
		return;
	case SPF_STEP_PTR:
		spf_take_ptr_names(m, a);
		return;
	case SPF_STEP_PTR_TERM:
	case SPF_STEP_PTR_P:
		spf_take_ptr_address(m, a);
		return;
	case SPF_STEP_EXPLAIN:
		spf_take_explain(m, a);
		return;
	case SPF_STEP_TERM:
	case SPF_STEP_REDIRECT:
	case SPF_STEP_TEXT:
	case SPF_STEP_DONE:
		break;
	}
	assert(false && "a step that asks nothing");
}

const struct spf_result *
spf_result(const struct spf *m)
{
	assert(m->step == SPF_STEP_DONE);
	return &m->result;
}
