/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf_machine.h"

/* Whether an address of the answer is the client's, within the prefix. */
static bool
has_client(const struct spf *m, const struct dns_answer *a, uint8_t prefix4,
	   uint8_t prefix6)
{
	uint16_t type = spf_address_type(m);

	for (size_t i = 0; a->status == DNS_OK && i < a->len; i++) {
		const struct dns_rr *rr = &a->rr[i];
		struct spf_ip ip = {.v6 = m->in.ip.v6};

		if (rr->type != type)
			continue;
		memcpy(ip.octet, ip.v6 ? rr->aaaa : rr->a, ip.v6 ? 16 : 4);
		if (spf_ip_match(&m->in.ip, &ip, ip.v6 ? prefix6 : prefix4))
			return true;
	}
	return false;
}

void
spf_take_address(struct spf *m, const struct dns_answer *a)
{
	const struct spf_term *term = spf_term_of(spf_top(m));

	if (dns_is_error(a->status))
		spf_fail(m, SPF_TEMPERROR, SPF_REASON_DNS);
	else if (!spf_count_void(m, a))
		return;
	else if (has_client(m, a, term->prefix4, term->prefix6))
		spf_match(m);
	else
		spf_no_match(m);
}

void
spf_take_exists(struct spf *m, const struct dns_answer *a)
{
	if (dns_is_error(a->status))
		spf_fail(m, SPF_TEMPERROR, SPF_REASON_DNS);
	else if (!spf_count_void(m, a))
		return;
	else if (!spf_is_void(a))
		spf_match(m);
	else
		spf_no_match(m);
}

void
spf_take_mx(struct spf *m, const struct dns_answer *a)
{
	if (dns_is_error(a->status)) {
		spf_fail(m, SPF_TEMPERROR, SPF_REASON_DNS);
		return;
	}
	if (!spf_count_void(m, a))
		return;
	m->mx_len = m->mx_at = 0;
	for (size_t i = 0; a->status == DNS_OK && i < a->len; i++) {
		if (a->rr[i].type != DNS_MX)
			continue;
		if (m->mx_len == SPF_MX_MAX) {
			spf_fail(m, SPF_PERMERROR, SPF_REASON_MX);
			return;
		}
		dname_set(&m->mx[m->mx_len++], &a->rr[i].mx.exchange);
	}
	m->step = SPF_STEP_MX_HOST;
}

void
spf_do_mx_host(struct spf *m)
{
	if (m->mx_at == m->mx_len)
		spf_no_match(m);
	else if (dname_labels(&m->mx[m->mx_at]) == 0)
		m->mx_at++; /* the null MX of RFC 7505 */
	else
		spf_await(m, SPF_STEP_MX_HOST, &m->mx[m->mx_at],
			  spf_address_type(m));
}

void
spf_take_mx_host(struct spf *m, const struct dns_answer *a)
{
	const struct spf_term *term = spf_term_of(spf_top(m));

	m->mx_at++;
	if (dns_is_error(a->status))
		spf_fail(m, SPF_TEMPERROR, SPF_REASON_DNS);
	else if (has_client(m, a, term->prefix4, term->prefix6))
		spf_match(m);
}

/*
 * RFC 7208 section 5.5: an error makes "ptr" fail to match; of the names the
 * first SPF_PTR_MAX are looked at.
 */
void
spf_take_ptr_names(struct spf *m, const struct dns_answer *a)
{
	m->has_ptr = true;
	for (size_t i = 0; a->status == DNS_OK && i < a->len; i++)
		if (a->rr[i].type == DNS_PTR && m->ptr_len < SPF_PTR_MAX) {
			struct spf_ptr *ptr = &m->ptr[m->ptr_len++];

			ptr->asked = ptr->valid = false;
			dname_set(&ptr->name, &a->rr[i].target);
		}
	m->step = m->resume == SPF_STEP_PTR_TERM ? SPF_STEP_PTR_TERM
						 : SPF_STEP_PTR_P;
	if (m->step == SPF_STEP_PTR_TERM && !spf_count_void(m, a))
		return;
}

void
spf_take_ptr_address(struct spf *m, const struct dns_answer *a)
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
		m->reverse = spf_ip_reverse(&m->in.ip);
		if (step == SPF_STEP_PTR_TERM)
			m->resume = step;
		spf_await(m, SPF_STEP_PTR, &m->reverse, DNS_PTR);
		return false;
	}
	for (unsigned d = 0; d <= far; d++)
		for (size_t i = 0; i < m->ptr_len; i++) {
			if (distance(&m->ptr[i].name, target) != d)
				continue;
			if (!m->ptr[i].asked) {
				m->ptr_at = i;
				spf_await(m, step, &m->ptr[i].name,
					  spf_address_type(m));
				return false;
			}
			if (m->ptr[i].valid) {
				*ret = &m->ptr[i].name;
				return true;
			}
		}
	return true;
}

void
spf_do_ptr_term(struct spf *m)
{
	const struct dname *found;

	if (!find_validated(m, &m->target, 1, SPF_STEP_PTR_TERM, &found))
		return;
	if (found != NULL)
		spf_match(m);
	else
		spf_no_match(m);
}

/* RFC 7208 section 7.3: the domain itself, else one below it, else any. */
void
spf_do_ptr_p(struct spf *m)
{
	struct spf_frame *f = spf_top(m);
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
void
spf_do_explain(struct spf *m)
{
	const struct spf_term *exp = spf_record_exp(&spf_top(m)->record);

	switch (spf_expand(m, exp, SPF_STEP_EXPLAIN, NULL, &m->target)) {
	case EXPANDED_LATER:
		return;
	case EXPANDED:
		spf_await(m, SPF_STEP_EXPLAIN, &m->target, DNS_TXT);
		return;
	case EXPANDED_NEVER:
		m->step = SPF_STEP_DONE;
		return;
	}
}

void
spf_take_explain(struct spf *m, const struct dns_answer *a)
{
	m->step = SPF_STEP_DONE;
	if (a->status != DNS_OK || a->len != 1 || a->rr[0].type != DNS_TXT ||
	    a->rr[0].txt.text.len > SPF_TEXT_MAX ||
	    !spf_macro_valid(a->rr[0].txt.text, SPF_MACRO_EXPLAIN))
		return;
	m->text = arena_copy(m->arena, a->rr[0].txt.text);
	m->step = SPF_STEP_TEXT;
}

void
spf_do_text(struct spf *m)
{
	struct spf_macro macro;
	UNINITIALIZED struct spf_macro_text text;
	uint8_t uses;

	if (!spf_macro_scan(m->text, SPF_MACRO_EXPLAIN, &uses) ||
	    spf_need_p(m, uses, SPF_STEP_TEXT))
		return;
	m->step = SPF_STEP_DONE;
	macro = spf_macro_of(m);
	spf_macro_explain(m->text, &macro, &text);
	for (size_t i = 0; i < text.len; i++)
		if (text.s[i] < ' ' || text.s[i] > '~')
			return;
	m->result.explanation =
		arena_copy(m->arena, (struct span){text.s, text.len});
}
