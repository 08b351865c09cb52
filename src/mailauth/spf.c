/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf.h"

#include <assert.h>

#include "mailauth/spf_machine.h"
#include "text/domain.h"

void
spf_await(struct spf *m, enum spf_step step, const struct dname *name,
	  uint16_t type)
{
	if (m->result.questions == SPF_QUESTIONS_MAX) {
		spf_fail(m, SPF_TEMPERROR, SPF_REASON_QUESTIONS);
		return;
	}
	if (m->borrowed != NULL && !spf_settle(m)) {
		spf_fail(m, SPF_PERMERROR, SPF_REASON_TOO_BIG);
		return;
	}
	m->result.questions++;
	m->asked = name;
	m->asked_type = type;
	m->waiting = true;
	m->step = step;
	TRACE(m, spf_trace_ask(m));
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
	TRACE(m, spf_trace_lookup(m));
	return true;
}

/* Counts `a` if it is void; false if that was one too many. */
bool
spf_count_void(struct spf *m, const struct dns_answer *a)
{
	if (!spf_is_void(a))
		return true;
	TRACE(m, spf_trace_void(m));
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

bool
spf_need_p(struct spf *m, uint8_t uses, enum spf_step resume)
{
	if ((uses & SPF_USES_P) == 0 || spf_top(m)->has_p)
		return false;
	m->resume = resume;
	m->step = SPF_STEP_PTR_P;
	return true;
}

/* The name of a domain-spec without macros. */
static inline enum expanded
plain_name(const struct spf_record *r, const struct spf_term *term,
	   struct dname *ret)
{
	if (term->name == SPF_NAME_NONE)
		return dname_parse_plain(spf_term_domain(r, term), ret) ==
				       DNAME_OK
			       ? EXPANDED
			       : EXPANDED_NEVER;
	dname_set(ret,
		  (const struct dname *)(const void *)(r->names + term->name));
	return EXPANDED;
}

/* The name of one that has macros, or is too long: as far as it fits. */
static enum expanded
macro_name(struct spf *m, struct span spec, struct span *ret,
	   struct dname *ret_name)
{
	struct spf_macro macro = spf_macro_of(m);
	UNINITIALIZED struct spf_macro_text text;

	spf_macro_domain(spec, &macro, &text);
	spec = (struct span){text.s, text.len};
	TRACE(m, spf_trace_target(m, spec));
	if (ret != NULL)
		*ret = arena_copy(m->arena, spec);
	return dname_parse_plain(spec, ret_name) == DNAME_OK ? EXPANDED
							     : EXPANDED_NEVER;
}

enum expanded
spf_expand(struct spf *m, const struct spf_term *term, enum spf_step resume,
	   struct span *ret, struct dname *ret_name)
{
	const struct spf_record *r = &spf_top(m)->record;
	struct span spec;

	/* RFC 8616 section 4: "terms that include these two macros never
	 * match" */
	if ((term->uses & SPF_USES_L) != 0 && m->is_eai)
		return EXPANDED_NEVER;
	if (spf_need_p(m, term->uses, resume))
		return EXPANDED_LATER;
	/* the text of a borrowed record is about to go */
	if (ret != NULL && !spf_settle(m))
		return EXPANDED_NEVER;
	spec = spf_term_domain(r, term);
	if ((term->uses & SPF_USES_MACRO) != 0 || spec.len > SPF_DOMAIN_MAX)
		return macro_name(m, spec, ret, ret_name);
	if (spec.ptr[spec.len - 1] == '.')
		spec.len--;
	TRACE(m, spf_trace_target(m, spec));
	if (ret != NULL)
		*ret = spec;
	return plain_name(r, term, ret_name);
}

/* include:, whose record is one deeper. */
static void
do_include(struct spf *m, const struct spf_term *term)
{
	struct span domain = SPAN("");

	/* SPF_LOOKUPS_MAX holds before SPF_DEPTH_MAX does */
	assert(m->depth < SPF_DEPTH_MAX);
	switch (spf_expand(m, term, SPF_STEP_TERM, &domain,
			   &m->frame[m->depth].name)) {
	case EXPANDED_LATER:
		return;
	case EXPANDED:
		m->depth++;
		spf_open(m, domain, true, false);
		return;
	case EXPANDED_NEVER:
		spf_fail(m, SPF_PERMERROR,
			 arena_full(m->arena) ? SPF_REASON_TOO_BIG
					      : SPF_REASON_INCLUDE);
		return;
	}
}

static void
do_lookup_term(struct spf *m, const struct spf_term *term)
{
	const struct dname *name = &spf_top(m)->name;

	if (!count_lookup(m))
		return;
	if (term->kind == SPF_INCLUDE) {
		do_include(m, term);
		return;
	}
	if (term->domain_len > 0) {
		name = &m->target;
		switch (spf_expand(m, term, SPF_STEP_TERM, NULL, &m->target)) {
		case EXPANDED_LATER:
			return;
		case EXPANDED:
			break;
		case EXPANDED_NEVER:
			spf_no_match(m);
			return;
		}
	}
	if (term->kind == SPF_A) {
		spf_await(m, SPF_STEP_ADDRESS, name, spf_address_type(m));
	} else if (term->kind == SPF_EXISTS) {
		spf_await(m, SPF_STEP_EXISTS, name, DNS_A);
	} else if (term->kind == SPF_MX) {
		spf_await(m, SPF_STEP_MX, name, DNS_MX);
	} else {
		if (name != &m->target)
			dname_set(&m->target, name);
		m->step = SPF_STEP_PTR_TERM;
	}
}

/* No mechanism matched (RFC 7208 section 4.7). */
static void
do_end_of_record(struct spf *m)
{
	if (spf_top(m)->record.redirect >= 0) {
		m->step = SPF_STEP_REDIRECT;
		return;
	}
	spf_note(m, SPF_REASON_DEFAULT, SPAN(""));
	spf_end_frame(m, SPF_NEUTRAL);
}

/* Whether the client is in the network of an "ip4" or "ip6". */
static inline bool
is_inside(const struct spf *m, const struct spf_term *term)
{
	if (term->kind == SPF_IP4)
		return !m->in.ip.v6 &&
		       ((m->ip4 ^ term->net4) & term->mask4) == 0;
	return m->in.ip.v6 &&
	       ((m->ip6[0] ^ term->net6[0]) & spf_ip_mask64(term->prefix6)) ==
		       0 &&
	       (term->prefix6 <= 64 ||
		((m->ip6[1] ^ term->net6[1]) &
		 spf_ip_mask64(term->prefix6 - 64u)) == 0);
}

static void
do_term(struct spf *m)
{
	struct spf_frame *f = spf_top(m);
	const struct spf_term *term = spf_term_of(f);

	if (term->kind < SPF_REDIRECT)
		TRACE(m, spf_trace_term(m));
	switch (term->kind) {
	case SPF_ALL:
		spf_match(m);
		return;
	case SPF_IP4:
	case SPF_IP6:
		if (is_inside(m, term))
			spf_match(m);
		else
			spf_no_match(m);
		return;
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
		spf_no_match(m);
		return;
	}
}

/* The terms from the one under evaluation on, as far as they need no DNS. */
static void
do_terms(struct spf *m)
{
	struct spf_frame *f = spf_top(m);

	while (!m->in.trace && f->at < f->record.len) {
		const struct spf_term *term = &f->record.term[f->at];

		if ((term->kind != SPF_IP4 && term->kind != SPF_IP6) ||
		    is_inside(m, term))
			break;
		f->at++;
	}
	if (f->at < f->record.len)
		do_term(m);
	else
		do_end_of_record(m);
}

static void
do_redirect(struct spf *m)
{
	const struct spf_term *term = spf_record_redirect(&spf_top(m)->record);
	struct span domain = SPAN("");

	TRACE(m, spf_trace_term(m));
	if (!count_lookup(m))
		return;
	switch (spf_expand(m, term, SPF_STEP_REDIRECT, &domain, &m->target)) {
	case EXPANDED_LATER:
		return;
	case EXPANDED:
		/* stands unless the domain turns out to have a record */
		term = spf_record_redirect(&spf_top(m)->record);
		spf_note(m, SPF_REASON_REDIRECT,
			 spf_term_text(&spf_top(m)->record, term));
		TRACE(m, spf_trace_outcome(spf_top(m), SPF_OUTCOME_FOLLOWED));
		dname_set(&spf_top(m)->name, &m->target);
		spf_open(m, domain, true, true);
		return;
	case EXPANDED_NEVER:
		spf_fail(m, SPF_PERMERROR,
			 arena_full(m->arena) ? SPF_REASON_TOO_BIG
					      : SPF_REASON_REDIRECT);
		return;
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
		do_terms(m);
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

/* Goes on until it waits or is done. */
static void
go_on(struct spf *m)
{
	while (!m->waiting && m->step != SPF_STEP_DONE)
		advance(m);
}

/* Appends `s` to what is at *to, which has the room; returns where it is. */
static struct span
put(char **to, struct span s)
{
	struct span copy = {*to, s.len};

	memcpy(*to, s.ptr, s.len);
	*to += s.len;
	return copy;
}

/* Copies what the input points at. */
static void
copy_input(struct spf *m, const struct spf_input *input)
{
	char *to = arena_get(m->arena, input->helo.len + input->mail_from.len +
					       input->receiver.len);

	m->in.ip = input->ip;
	m->in.now = input->now;
	m->in.cache = input->cache;
	m->in.trace = input->trace;
	m->in.helo = m->in.mail_from = m->in.receiver = SPAN("");
	if (to == NULL)
		return;
	m->in.helo = put(&to, input->helo);
	m->in.mail_from = put(&to, input->mail_from);
	m->in.receiver = put(&to, input->receiver);
}

/* `name` in A-labels if it is not ASCII (RFC 7208 section 4.3, RFC 8616
 * section 4), else itself; as it is, too, if it is no domain name. */
static struct span
in_a_labels(struct spf *m, struct span name)
{
	struct domain domain;
	bool high = false;

	for (size_t i = 0; i < name.len; i++)
		high = high || (unsigned char)name.ptr[i] > 0x7f;
	if (!high || domain_parse(name, &domain) != DOMAIN_OK)
		return name;
	return arena_copy(m->arena, domain_span(&domain));
}

/* Finds %{o}, %{l} and %{h}: RFC 7208 sections 2.4 and 4.3. */
static void
find_sender(struct spf *m)
{
	struct span from = m->in.mail_from;
	size_t at = span_find_last(from, '@');

	m->in.helo = in_a_labels(m, m->in.helo);
	m->sender = from.len == 0     ? m->in.helo
		    : at == SPAN_NONE ? in_a_labels(m, from)
				      : in_a_labels(m, span_skip(from, at + 1));
	m->local = SPAN("postmaster");
	if (at != SPAN_NONE && at > 0)
		m->local = span_sub(from, 0, at);
	m->is_eai = false;
	for (size_t i = 0; i < m->local.len; i++)
		if ((unsigned char)m->local.ptr[i] > 0x7f)
			m->is_eai = true;
}

/* Sets each member: the compiler's way with all of them at once is slow. */
static void
clear_result(struct spf_result *r)
{
	r->verdict = SPF_NONE;
	r->reason = SPF_REASON_DEFAULT;
	r->identity = SPF_MAILFROM;
	r->domain = r->term = r->record = r->at = r->first = SPAN("");
	r->syntax = SPF_RECORD_OK;
	r->lookups = r->voids = r->questions = 0;
	r->explanation = SPAN("");
	r->trace = NULL;
	r->trace_more = 0;
}

void
spf_init(struct spf *m, const struct spf_input *input, struct arena *arena)
{
	m->arena = arena;
	copy_input(m, input);
	find_sender(m);
	m->ip4 = spf_ip_v4(&input->ip);
	m->ip6[0] = spf_ip_high(&input->ip);
	m->ip6[1] = spf_ip_low(&input->ip);
	m->waiting = m->explaining = m->has_ptr = m->text_kept = false;
	m->depth = 1;
	m->borrowed = NULL;
	m->mx_len = m->mx_at = m->ptr_len = m->ptr_at = 0;
	m->text = SPAN("");
	m->trace_first = m->trace_last = NULL;
	m->traced = 0;
	m->asked_trace = NULL;
	m->resume = SPF_STEP_TERM;
	clear_result(&m->result);
	m->result.domain = m->sender;
	if (input->mail_from.len == 0)
		m->result.identity = SPF_HELO;
	if (arena_full(arena)) {
		m->result.verdict = SPF_PERMERROR;
		m->result.reason = SPF_REASON_TOO_BIG;
		m->step = SPF_STEP_DONE;
		return;
	}
	spf_open(m, m->sender,
		 dname_parse_plain(m->sender, &spf_top(m)->name) == DNAME_OK,
		 false);
	go_on(m);
}

bool
spf_ask(struct spf *m, struct dns_question *ret)
{
	if (m->waiting) {
		dname_set(&ret->name, m->asked);
		ret->type = m->asked_type;
	}
	return m->waiting;
}

/* Hands the answer to the step that waited for it. */
static void
take(struct spf *m, const struct dns_answer *a)
{
	switch (m->step) {
	case SPF_STEP_RECORD:
		spf_take_record(m, a);
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

void
spf_answer(struct spf *m, const struct dns_answer *a)
{
	assert(m->waiting);
	m->waiting = false;
	TRACE(m, spf_trace_answer(m, a));
	take(m, a);
	go_on(m);
}

const struct spf_result *
spf_result(const struct spf *m)
{
	assert(m->step == SPF_STEP_DONE);
	return &m->result;
}
