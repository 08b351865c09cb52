/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf.h"

#include <assert.h>

#include "mailauth/spf_macro.h"

/* What came of making a name of a domain-spec. */
enum expanded {
	EXPANDED,       /* there is a name */
	EXPANDED_NEVER, /* the text is no name: nothing can be there */
	EXPANDED_LATER, /* %{p} must be found first, and is being */
};

static struct spf_frame *
top(struct spf *m)
{
	return &m->frame[m->depth - 1];
}

/* The term under evaluation. */
static const struct spf_term *
term_of(const struct spf_frame *f)
{
	return &f->record.term[f->at];
}

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

/* The answer has no record of what was asked, and no error either. */
static bool
is_void(const struct dns_answer *a)
{
	return a->status == DNS_NXDOMAIN || a->status == DNS_NODATA ||
	       (a->status == DNS_OK && a->len == 0);
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
	m->result.record = top(m)->text;
	m->result.at = top(m)->domain;
}

/* The first record's result is the result. */
static void
finish(struct spf *m, enum spf_verdict verdict)
{
	const struct spf_frame *f = &m->frame[0];

	m->result.verdict = verdict;
	if (f->at < f->record.len)
		m->result.first = term_of(f)->text;
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
			verdict = verdict_of(term_of(f)->qualifier);
			break;
		case SPF_FAIL:
		case SPF_SOFTFAIL:
		case SPF_NEUTRAL:
			f->at++;
			f->counted = false;
			m->step = SPF_STEP_TERM;
			return;
		case SPF_NONE:
			note(m, SPF_REASON_INCLUDE, term_of(f)->text);
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
static void
fail(struct spf *m, enum spf_verdict verdict, enum spf_reason reason)
{
	struct spf_frame *f = top(m);

	if (m->explaining) { /* without an explanation, then */
		m->step = SPF_STEP_DONE;
		return;
	}
	if (f->at < f->record.len)
		note(m, reason, term_of(f)->text);
	else if (f->record.redirect != NULL)
		note(m, reason, f->record.redirect->text);
	else
		note(m, reason, SPAN(""));
	end_frame(m, verdict);
}

/* The term under evaluation matched. */
static void
match(struct spf *m)
{
	const struct spf_term *term = term_of(top(m));

	note(m, SPF_REASON_MATCH, term->text);
	end_frame(m, verdict_of(term->qualifier));
}

/* The term under evaluation did not match. */
static void
no_match(struct spf *m)
{
	top(m)->at++;
	top(m)->counted = false;
	m->step = SPF_STEP_TERM;
}

/* Waits in `step` for the answer to (name, type). */
static void
ask(struct spf *m, enum spf_step step, const struct dname *name, uint16_t type)
{
	if (m->result.questions == SPF_QUESTIONS_MAX) {
		fail(m, SPF_TEMPERROR, SPF_REASON_QUESTIONS);
		return;
	}
	m->result.questions++;
	m->question = (struct dns_question){.name = *name, .type = type};
	m->waiting = true;
	m->step = step;
}

static uint16_t
address_type(const struct spf *m)
{
	return m->in.ip.v6 ? DNS_AAAA : DNS_A;
}

/* Counts the term under evaluation, or redirect=, as one that asks DNS. */
static bool
count_lookup(struct spf *m)
{
	if (top(m)->counted)
		return true;
	top(m)->counted = true;
	if (m->result.lookups == SPF_LOOKUPS_MAX) {
		fail(m, SPF_PERMERROR, SPF_REASON_LOOKUPS);
		return false;
	}
	m->result.lookups++;
	return true;
}

/* Counts `a` if it is void; false if that was one too many. */
static bool
count_void(struct spf *m, const struct dns_answer *a)
{
	if (!is_void(a))
		return true;
	if (m->result.voids == SPF_VOIDS_MAX) {
		fail(m, SPF_PERMERROR, SPF_REASON_VOIDS);
		return false;
	}
	m->result.voids++;
	return true;
}

static struct spf_macro
macro_of(struct spf *m)
{
	return (struct spf_macro){
		.ip = m->in.ip,
		.local = m->local,
		.sender = m->sender,
		.domain = top(m)->domain,
		.helo = m->in.helo,
		.receiver = m->in.receiver,
		.validated = top(m)->p,
		.now = m->in.now,
	};
}

/* Finds %{p} if `text` needs it, then to go on with `resume`; false: it is. */
static bool
need_p(struct spf *m, struct span text, enum spf_step resume)
{
	if (top(m)->has_p || !spf_macro_uses(text, 'p'))
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
static enum expanded
expand(struct spf *m, struct span spec, enum spf_step resume,
       struct spf_macro_text *ret, struct dname *ret_name)
{
	struct spf_macro macro;

	if (is_never(m, spec))
		return EXPANDED_NEVER;
	if (need_p(m, spec, resume))
		return EXPANDED_LATER;
	macro = macro_of(m);
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
			fail(m, SPF_PERMERROR, SPF_REASON_REDIRECT);
		else
			fail(m, SPF_NONE, SPF_REASON_DOMAIN);
	}
}

static void
open_include(struct spf *m, struct span domain)
{
	/* SPF_LOOKUPS_MAX holds before SPF_DEPTH_MAX does */
	assert(m->depth < SPF_DEPTH_MAX);
	m->depth++;
	open_frame(m, top(m), domain, false);
}

/* A term that asks DNS, its domain-spec expanded (or the current domain). */
static void
ask_term(struct spf *m, const struct spf_term *term, struct span domain,
	 const struct dname *name)
{
	if (term->kind == SPF_INCLUDE) {
		open_include(m, domain);
	} else if (term->kind == SPF_A) {
		ask(m, SPF_STEP_ADDRESS, name, address_type(m));
	} else if (term->kind == SPF_EXISTS) {
		ask(m, SPF_STEP_EXISTS, name, DNS_A);
	} else if (term->kind == SPF_MX) {
		ask(m, SPF_STEP_MX, name, DNS_MX);
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
		ask_term(m, term, top(m)->domain, &top(m)->name);
		return;
	}
	switch (expand(m, term->domain, SPF_STEP_TERM, &text, &name)) {
	case EXPANDED_LATER:
		return;
	case EXPANDED:
		ask_term(m, term, (struct span){text.s, text.len}, &name);
		return;
	case EXPANDED_NEVER:
		if (term->kind == SPF_INCLUDE)
			fail(m, SPF_PERMERROR, SPF_REASON_INCLUDE);
		else
			no_match(m);
		return;
	}
}

/* No mechanism matched (RFC 7208 section 4.7). */
static void
do_end_of_record(struct spf *m)
{
	if (top(m)->record.redirect != NULL) {
		m->step = SPF_STEP_REDIRECT;
		return;
	}
	note(m, SPF_REASON_DEFAULT, SPAN(""));
	end_frame(m, SPF_NEUTRAL);
}

static void
do_term(struct spf *m)
{
	struct spf_frame *f = top(m);
	const struct spf_term *term = term_of(f);
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
		match(m);
	else
		no_match(m);
}

static void
do_redirect(struct spf *m)
{
	struct span spec = top(m)->record.redirect->domain;
	struct spf_macro_text text;
	struct dname name;

	if (!count_lookup(m))
		return;
	switch (expand(m, spec, SPF_STEP_REDIRECT, &text, &name)) {
	case EXPANDED_LATER:
		return;
	case EXPANDED:
		open_frame(m, top(m), (struct span){text.s, text.len}, true);
		return;
	case EXPANDED_NEVER:
		fail(m, SPF_PERMERROR, SPF_REASON_REDIRECT);
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
	struct spf_frame *f = top(m);
	struct span text, fault;
	bool several;

	if (dns_is_error(a->status)) {
		fail(m, SPF_TEMPERROR, SPF_REASON_DNS);
		return;
	}
	if (!select_record(a, &text, &several)) {
		if (f->redirected)
			fail(m, SPF_PERMERROR, SPF_REASON_REDIRECT);
		else
			fail(m, SPF_NONE, SPF_REASON_NO_RECORD);
		return;
	}
	if (several) {
		fail(m, SPF_PERMERROR, SPF_REASON_RECORDS);
		return;
	}
	f->text = arena_copy(m->arena, span_head(text, SPF_TEXT_MAX + 1));
	if (arena_full(m->arena)) {
		fail(m, SPF_PERMERROR, SPF_REASON_TOO_BIG);
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

/* Whether an address of the answer is the client's, within the prefix. */
static bool
has_client(const struct spf *m, const struct dns_answer *a, uint8_t prefix4,
	   uint8_t prefix6)
{
	for (size_t i = 0; a->status == DNS_OK && i < a->len; i++) {
		const struct dns_rr *rr = &a->rr[i];
		struct spf_ip ip = {.v6 = rr->type == DNS_AAAA};

		if (rr->type != address_type(m))
			continue;
		memcpy(ip.octet, ip.v6 ? rr->aaaa : rr->a, ip.v6 ? 16 : 4);
		if (spf_ip_match(&m->in.ip, &ip, ip.v6 ? prefix6 : prefix4))
			return true;
	}
	return false;
}

static void
take_address(struct spf *m, const struct dns_answer *a)
{
	const struct spf_term *term = term_of(top(m));

	if (dns_is_error(a->status))
		fail(m, SPF_TEMPERROR, SPF_REASON_DNS);
	else if (!count_void(m, a))
		return;
	else if (has_client(m, a, term->prefix4, term->prefix6))
		match(m);
	else
		no_match(m);
}

static void
take_exists(struct spf *m, const struct dns_answer *a)
{
	if (dns_is_error(a->status))
		fail(m, SPF_TEMPERROR, SPF_REASON_DNS);
	else if (!count_void(m, a))
		return;
	else if (!is_void(a))
		match(m);
	else
		no_match(m);
}

static void
take_mx(struct spf *m, const struct dns_answer *a)
{
	if (dns_is_error(a->status)) {
		fail(m, SPF_TEMPERROR, SPF_REASON_DNS);
		return;
	}
	if (!count_void(m, a))
		return;
	m->mx_len = m->mx_at = 0;
	for (size_t i = 0; a->status == DNS_OK && i < a->len; i++) {
		if (a->rr[i].type != DNS_MX)
			continue;
		if (m->mx_len == SPF_MX_MAX) {
			fail(m, SPF_PERMERROR, SPF_REASON_MX);
			return;
		}
		m->mx[m->mx_len++] = a->rr[i].mx.exchange;
	}
	m->step = SPF_STEP_MX_HOST;
}

static void
do_mx_host(struct spf *m)
{
	if (m->mx_at == m->mx_len)
		no_match(m);
	else if (dname_labels(&m->mx[m->mx_at]) == 0)
		m->mx_at++; /* the null MX of RFC 7505 */
	else
		ask(m, SPF_STEP_MX_HOST, &m->mx[m->mx_at], address_type(m));
}

static void
take_mx_host(struct spf *m, const struct dns_answer *a)
{
	const struct spf_term *term = term_of(top(m));

	m->mx_at++;
	if (dns_is_error(a->status))
		fail(m, SPF_TEMPERROR, SPF_REASON_DNS);
	else if (has_client(m, a, term->prefix4, term->prefix6))
		match(m);
}

/*
 * RFC 7208 section 5.5: an error makes "ptr" fail to match; of the names the
 * first SPF_PTR_MAX are looked at.
 */
static void
take_ptr_names(struct spf *m, const struct dns_answer *a)
{
	m->has_ptr = true;
	for (size_t i = 0; a->status == DNS_OK && i < a->len; i++)
		if (a->rr[i].type == DNS_PTR && m->ptr_len < SPF_PTR_MAX)
			m->ptr[m->ptr_len++].name = a->rr[i].target;
	m->step = m->resume == SPF_STEP_PTR_TERM ? SPF_STEP_PTR_TERM
						 : SPF_STEP_PTR_P;
	if (m->step == SPF_STEP_PTR_TERM && !count_void(m, a))
		return;
}

static void
take_ptr_address(struct spf *m, const struct dns_answer *a)
{
	m->ptr[m->ptr_at].asked = true;
	m->ptr[m->ptr_at].valid = has_client(m, a, 32, 128);
}

/* How near `name` is to `target`: 0 equal, 1 below, 2 elsewhere. */
static unsigned
distance(const struct dname *name, const struct dname *target)
{
	if (dname_equal(name, target))
		return 0;
	return dname_is_under(name, target) ? 1 : 2;
}

/*
 * Looks for a validated name at most `far` from `target`, the nearest first.
 * Returns whether the search is over; then *ret is the name or NULL.  If it
 * is not, a question was asked in `step`.
 */
static bool
find_validated(struct spf *m, const struct dname *target, unsigned far,
	       enum spf_step step, const struct dname **ret)
{
	*ret = NULL;
	if (!m->has_ptr) {
		struct dname reverse = spf_ip_reverse(&m->in.ip);

		if (step == SPF_STEP_PTR_TERM)
			m->resume = step;
		ask(m, SPF_STEP_PTR, &reverse, DNS_PTR);
		return false;
	}
	for (unsigned d = 0; d <= far; d++)
		for (size_t i = 0; i < m->ptr_len; i++) {
			if (distance(&m->ptr[i].name, target) != d)
				continue;
			if (!m->ptr[i].asked) {
				m->ptr_at = i;
				ask(m, step, &m->ptr[i].name, address_type(m));
				return false;
			}
			if (m->ptr[i].valid) {
				*ret = &m->ptr[i].name;
				return true;
			}
		}
	return true;
}

static void
do_ptr_term(struct spf *m)
{
	const struct dname *found;

	if (!find_validated(m, &m->target, 1, SPF_STEP_PTR_TERM, &found))
		return;
	if (found != NULL)
		match(m);
	else
		no_match(m);
}

/* RFC 7208 section 7.3: the domain itself, else one below it, else any. */
static void
do_ptr_p(struct spf *m)
{
	struct spf_frame *f = top(m);
	const struct dname *found;

	if (!find_validated(m, &f->name, 2, SPF_STEP_PTR_P, &found))
		return;
	if (found != NULL) {
		struct dname_text text;

		f->p = arena_copy(m->arena, dname_print(found, &text));
	}
	f->has_p = true;
	m->step = m->resume;
}

/* RFC 7208 section 6.2. */
static void
do_explain(struct spf *m)
{
	struct spf_macro_text text;
	struct dname name;

	switch (expand(m, top(m)->record.exp->domain, SPF_STEP_EXPLAIN, &text,
		       &name)) {
	case EXPANDED_LATER:
		return;
	case EXPANDED:
		ask(m, SPF_STEP_EXPLAIN, &name, DNS_TXT);
		return;
	case EXPANDED_NEVER:
		m->step = SPF_STEP_DONE;
		return;
	}
}

static void
take_explain(struct spf *m, const struct dns_answer *a)
{
	m->step = SPF_STEP_DONE;
	if (a->status != DNS_OK || a->len != 1 || a->rr[0].type != DNS_TXT ||
	    a->rr[0].txt.text.len > SPF_TEXT_MAX ||
	    !spf_macro_valid(a->rr[0].txt.text, SPF_MACRO_EXPLAIN))
		return;
	m->text = arena_copy(m->arena, a->rr[0].txt.text);
	m->step = SPF_STEP_TEXT;
}

static void
do_text(struct spf *m)
{
	struct spf_macro macro;
	struct spf_macro_text text;

	if (need_p(m, m->text, SPF_STEP_TEXT))
		return;
	m->step = SPF_STEP_DONE;
	macro = macro_of(m);
	text = spf_macro_explain(m->text, &macro);
	for (size_t i = 0; i < text.len; i++)
		if (text.s[i] < ' ' || text.s[i] > '~')
			return;
	m->result.explanation =
		arena_copy(m->arena, (struct span){text.s, text.len});
}

/* Does one thing, which may be to wait. */
static void
advance(struct spf *m)
{
	switch (m->step) {
	case SPF_STEP_RECORD:
		ask(m, SPF_STEP_RECORD, &top(m)->name, DNS_TXT);
		return;
	case SPF_STEP_TERM:
		do_term(m);
		return;
	case SPF_STEP_MX_HOST:
		do_mx_host(m);
		return;
	case SPF_STEP_PTR_TERM:
		do_ptr_term(m);
		return;
	case SPF_STEP_PTR_P:
		do_ptr_p(m);
		return;
	case SPF_STEP_REDIRECT:
		do_redirect(m);
		return;
	case SPF_STEP_EXPLAIN:
		do_explain(m);
		return;
	case SPF_STEP_TEXT:
		do_text(m);
		return;
	case SPF_STEP_ADDRESS:
	case SPF_STEP_EXISTS:
	case SPF_STEP_MX:
	case SPF_STEP_PTR:
	case SPF_STEP_DONE:
		break;
	}
	assert(!"a step that only waits");
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
	open_frame(m, top(m), m->sender, false);
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
		take_address(m, a);
		return;
	case SPF_STEP_EXISTS:
		take_exists(m, a);
		return;
	case SPF_STEP_MX:
		take_mx(m, a);
		return;
	case SPF_STEP_MX_HOST:
		take_mx_host(m, a);
		return;
	case SPF_STEP_PTR:
		take_ptr_names(m, a);
		return;
	case SPF_STEP_PTR_TERM:
	case SPF_STEP_PTR_P:
		take_ptr_address(m, a);
		return;
	case SPF_STEP_EXPLAIN:
		take_explain(m, a);
		return;
	case SPF_STEP_TERM:
	case SPF_STEP_REDIRECT:
	case SPF_STEP_TEXT:
	case SPF_STEP_DONE:
		break;
	}
	assert(!"a step that asks nothing");
}

const struct spf_result *
spf_result(const struct spf *m)
{
	assert(m->step == SPF_STEP_DONE);
	return &m->result;
}

static const char *const verdicts[] = {
	[SPF_NONE] = "none",           [SPF_NEUTRAL] = "neutral",
	[SPF_PASS] = "pass",           [SPF_FAIL] = "fail",
	[SPF_SOFTFAIL] = "softfail",   [SPF_TEMPERROR] = "temperror",
	[SPF_PERMERROR] = "permerror",
};

const char *
spf_verdict_name(enum spf_verdict verdict)
{
	return verdicts[verdict];
}

bool
spf_verdict_parse(struct span text, enum spf_verdict *ret)
{
	for (size_t i = 0; i < COUNT(verdicts); i++)
		if (span_equal_nocase(text, span_of(verdicts[i]))) {
			*ret = (enum spf_verdict)i;
			return true;
		}
	return false;
}

const char *
spf_reason_text(enum spf_reason reason)
{
	static const char *const text[] = {
		[SPF_REASON_MATCH] = "a mechanism of the record matched",
		[SPF_REASON_DEFAULT] = "no mechanism of the record matched",
		[SPF_REASON_DOMAIN] = "there is no domain name to ask about",
		[SPF_REASON_NO_RECORD] = "the domain has no SPF record",
		[SPF_REASON_RECORDS] = "the domain has more than one SPF "
				       "record",
		[SPF_REASON_SYNTAX] = "the SPF record is malformed",
		[SPF_REASON_DNS] = "a DNS question was not answered",
		[SPF_REASON_LOOKUPS] = "the record needs more than 10 DNS "
				       "lookups",
		[SPF_REASON_VOIDS] = "more than 2 DNS lookups found nothing",
		[SPF_REASON_MX] = "an mx mechanism has more than 10 hosts",
		[SPF_REASON_INCLUDE] = "the domain of an include: has no SPF "
				       "record",
		[SPF_REASON_REDIRECT] = "the domain of redirect= has no SPF "
					"record",
		[SPF_REASON_QUESTIONS] = "the evaluation needs more than 50 "
					 "DNS questions",
		[SPF_REASON_TOO_BIG] = "the records are too large",
	};
	return text[reason];
}
