/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf_lint.h"

#include <assert.h>

#include "mailauth/spf_macro.h"

/* Octets of a DNS message besides its records: header, question, EDNS. */
#define MESSAGE_OCTETS 31
/* Octets of a record besides its data: a pointer, type, class, TTL, length. */
#define RECORD_OCTETS 12

static struct spf_lint_frame *
top(struct spf_lint *m)
{
	return &m->frame[m->depth - 1];
}

/* Adds a finding about `term` of the newest record, or of none. */
static void
find(struct spf_lint *m, enum spf_lint_code code, struct span term, size_t n)
{
	struct span record = SPAN("");

	m->findings.domain = m->domain;
	m->findings.foreign = m->depth > 1;
	if (m->depth > 0) {
		m->findings.domain = top(m)->node->domain;
		record = top(m)->node->record.text;
	}
	spf_findings_add(&m->findings, code, record, term, n);
}

/* Looks at no more terms: there are more than it looks at. */
static void
stop(struct spf_lint *m)
{
	m->depth = 0;
	if (m->stopped) /* there is no room to ask for the rest either */
		m->step = SPF_LINT_DONE;
	else
		find(m, SPF_LINT_TOO_LARGE, SPAN(""), 0);
	m->stopped = true;
}

/* Waits in `step` for the answer to (name, type). */
static void
await(struct spf_lint *m, enum spf_lint_step step, const struct dname *name,
      uint16_t type)
{
	if (m->questions == SPF_LINT_QUESTIONS_MAX) {
		stop(m);
		return;
	}
	m->questions++;
	dname_set(&m->question.name, name);
	m->question.type = type;
	m->waiting = true;
	m->step = step;
}

/* DNS did not say what `term` needs. */
static void
note_failure(struct spf_lint *m, struct span term)
{
	m->unknown = true;
	find(m, SPF_LINT_DNS, term, 0);
}

static void
note_void(struct spf_lint *m, struct span term)
{
	m->voids++;
	find(m, SPF_LINT_VOID, term, 0);
}

/* The node of a domain that was asked before, or NULL. */
static struct spf_lint_node *
find_node(struct spf_lint *m, const struct dname *name)
{
	for (struct spf_lint_node *n = m->node; n != NULL; n = n->next)
		if (dname_equal(&n->name, name))
			return n;
	return NULL;
}

/* The record of `node` is the next to be looked at. */
static void
push(struct spf_lint *m, struct spf_lint_node *node)
{
	if (node->record.len == 0)
		return;
	if (m->depth == COUNT(m->frame)) {
		stop(m);
		return;
	}
	m->frame[m->depth++] = (struct spf_lint_frame){.node = node};
}

/* A record that was seen before is looked at again. */
static void
visit_again(struct spf_lint *m, struct spf_lint_node *node, struct span lead,
	    enum spf_lint_code fault)
{
	for (size_t i = 0; i < m->depth; i++)
		if (m->frame[i].node == node) {
			find(m, SPF_LINT_LOOP, lead, 0);
			return;
		}
	if (node->fault != SPF_LINT_CODES)
		find(m, node->fault == SPF_LINT_DNS ? SPF_LINT_DNS : fault,
		     lead, 0);
	else
		find(m, SPF_LINT_TWICE, lead, 0);
	push(m, node);
}

/* Looks at the record of `name`, to which the term `lead` leads. */
static void
visit(struct spf_lint *m, const struct dname *name, struct span lead,
      enum spf_lint_code fault)
{
	struct spf_lint_node *node = find_node(m, name);
	struct dname_text text;

	if (node != NULL) {
		visit_again(m, node, lead, fault);
		return;
	}
	node = arena_get(m->arena, sizeof(*node));
	if (node == NULL || m->records == SPF_LINT_RECORDS_MAX) {
		stop(m);
		return;
	}
	m->records++;
	*node = (struct spf_lint_node){
		.next = m->node, .fault = fault, .domain = SPAN("")};
	dname_set(&node->name, name);
	node->domain = arena_copy(m->arena, dname_print(name, &text));
	node->record = (struct spf_record){
		.text = SPAN(""), .redirect = -1, .exp = -1};
	m->node = m->pending = node;
	m->lead = lead;
	await(m, SPF_LINT_RECORD, name, DNS_TXT);
}

/* How large an answer with these records is. */
static size_t
size_of(const struct dns_question *q, const struct dns_answer *a)
{
	size_t size = MESSAGE_OCTETS + q->name.len;

	for (size_t i = 0; i < a->len; i++)
		size += RECORD_OCTETS + a->rr[i].txt.text.len +
			a->rr[i].txt.strings;
	return size;
}

/* The first SPF record of an answer; returns how many there are. */
static size_t
select_record(const struct dns_answer *a, struct span *ret)
{
	size_t n = 0;

	for (size_t i = 0; a->status == DNS_OK && i < a->len; i++)
		if (a->rr[i].type == DNS_TXT &&
		    spf_record_is(a->rr[i].txt.text) && n++ == 0)
			*ret = a->rr[i].txt.text;
	return n;
}

/* Looks at the text of a record that came, and goes into it. */
static void
read_record(struct spf_lint *m, struct spf_lint_node *node, struct span text)
{
	struct span fault, kept;
	struct spf_findings *f = &m->findings;

	kept = arena_copy(m->arena, span_head(text, SPF_TEXT_MAX + 1));
	node->fault = SPF_LINT_CODES;
	node->record.text = kept;
	if (m->depth == 0)
		m->text = kept;
	f->domain = node->domain;
	f->foreign = m->depth > 0;
	spf_lint_record(kept, f);
	if (spf_record_parse(kept, m->arena, &node->record, &fault) ==
	    SPF_RECORD_OK)
		push(m, node);
}

static void
take_record(struct spf_lint *m, const struct dns_answer *a)
{
	struct spf_lint_node *node = m->pending;
	size_t size = size_of(&m->question, a), n;
	struct span text;

	m->pending = NULL;
	if (dns_is_error(a->status)) {
		node->fault = SPF_LINT_DNS;
		note_failure(m, m->lead);
		return;
	}
	if (m->depth == 0 && size > SPF_LINT_ANSWER_MAX)
		find(m, SPF_LINT_ANSWER, SPAN(""), size);
	n = select_record(a, &text);
	if (n == 0) {
		find(m, node->fault, m->lead, 0);
		return;
	}
	if (n > 1) {
		m->findings.domain = node->domain;
		m->findings.foreign = m->depth > 0;
		spf_findings_add(&m->findings, SPF_LINT_RECORDS, SPAN(""),
				 SPAN(""), 0);
	}
	read_record(m, node, text);
}

/* The name that a term is about; false if it depends on the message. */
static bool
target_of(const struct spf_lint_node *node, const struct spf_term *t,
	  struct dname *ret)
{
	struct span spec = spf_term_domain(&node->record, t);

	if (t->domain_len == 0) {
		dname_set(ret, &node->name);
		return true;
	}
	return (t->uses & SPF_USES_MACRO) == 0 &&
	       dname_parse_plain(spec, ret) == DNAME_OK;
}

/* A term that asks DNS: counts it, and asks. */
static void
do_lookup(struct spf_lint *m, const struct spf_term *t)
{
	struct spf_lint_node *node = top(m)->node;
	struct span s = spf_term_text(&node->record, t);
	struct dname name = DNAME_ROOT;

	if (++m->lookups > SPF_LINT_LOOKUPS_MAX) {
		stop(m);
		return;
	}
	if (!target_of(node, t, &name)) {
		if (t->kind == SPF_INCLUDE || t->kind == SPF_REDIRECT)
			find(m, SPF_LINT_MACRO_FOLLOW, s, 0);
		return;
	}
	if (t->kind == SPF_INCLUDE)
		visit(m, &name, s, SPF_LINT_INCLUDE_NONE);
	else if (t->kind == SPF_REDIRECT)
		visit(m, &name, s, SPF_LINT_REDIRECT_NONE);
	else if (t->kind == SPF_A)
		await(m, SPF_LINT_ADDRESS, &name, DNS_A);
	else if (t->kind == SPF_MX)
		await(m, SPF_LINT_MX, &name, DNS_MX);
	else if (t->kind == SPF_EXISTS)
		await(m, SPF_LINT_EXISTS, &name, DNS_A);
}

/* Looks at the next term of the newest record, or leaves it. */
static void
do_term(struct spf_lint *m)
{
	struct spf_lint_frame *f = top(m);
	const struct spf_record *r = &f->node->record;
	const struct spf_term *t = spf_record_redirect(r);

	if (++m->steps > SPF_LINT_STEPS_MAX) {
		stop(m);
		return;
	}
	if (f->at > r->len) {
		m->depth--;
		return;
	}
	if (f->at < r->len)
		t = &r->term[f->at];
	f->at++;
	if (t == NULL)
		return;
	if (t->kind == SPF_ALL) { /* nothing behind it counts */
		m->depth--;
		return;
	}
	if ((t->kind != SPF_REDIRECT || f->at > r->len) && t->kind != SPF_IP4 &&
	    t->kind != SPF_IP6 && t->kind != SPF_EXP && t->kind != SPF_UNKNOWN)
		do_lookup(m, t);
}

/* The term that an answer is for. */
static struct span
asking_term(struct spf_lint *m)
{
	const struct spf_record *r = &top(m)->node->record;

	return spf_term_text(r, &r->term[top(m)->at - 1]);
}

static bool
is_void(const struct dns_answer *a)
{
	return a->status != DNS_OK || a->len == 0;
}

static void
take_address(struct spf_lint *m, const struct dns_answer *a)
{
	struct dname name;

	if (dns_is_error(a->status)) {
		note_failure(m, asking_term(m));
	} else if (is_void(a) && m->step == SPF_LINT_ADDRESS) {
		dname_set(&name, &m->question.name);
		await(m, SPF_LINT_AAAA, &name, DNS_AAAA);
	} else if (is_void(a)) {
		note_void(m, asking_term(m));
	}
}

static void
take_mx(struct spf_lint *m, const struct dns_answer *a)
{
	if (dns_is_error(a->status))
		note_failure(m, asking_term(m));
	else if (is_void(a))
		note_void(m, asking_term(m));
	else if (a->len > SPF_MX_MAX)
		find(m, SPF_LINT_MX_MANY, asking_term(m), a->len);
}

/* All terms are seen: the limits, and what else the domain has. */
static void
do_end(struct spf_lint *m)
{
	const struct spf_lint_node *root = m->node;
	const struct spf_term *exp;
	struct dname name = DNAME_ROOT;

	while (root->next != NULL)
		root = root->next;
	if (m->step == SPF_LINT_EXP) {
		await(m, SPF_LINT_OLD, &root->name, DNS_SPF);
		return;
	}
	if (m->step == SPF_LINT_OLD) {
		m->step = SPF_LINT_DONE;
		return;
	}
	if (m->lookups > SPF_LOOKUPS_MAX)
		find(m, SPF_LINT_LOOKUPS, SPAN(""), m->lookups);
	else if (m->lookups > SPF_LINT_NEAR_MAX)
		find(m, SPF_LINT_LOOKUPS_NEAR, SPAN(""), m->lookups);
	if (m->voids > SPF_VOIDS_MAX)
		find(m, SPF_LINT_VOIDS, SPAN(""), m->voids);
	exp = spf_record_exp(&root->record);
	m->step = SPF_LINT_EXP;
	if (exp != NULL && target_of(root, exp, &name))
		await(m, SPF_LINT_EXP, &name, DNS_TXT);
}

static void
take_exp(struct spf_lint *m, const struct dns_answer *a)
{
	struct spf_lint_node *root = m->node;

	if (!dns_is_error(a->status) && a->len == 1)
		return;
	while (root->next != NULL)
		root = root->next;
	m->findings.domain = m->domain;
	m->findings.foreign = false;
	spf_findings_add(
		&m->findings, SPF_LINT_EXP_NONE, root->record.text,
		spf_term_text(&root->record, spf_record_exp(&root->record)), 0);
}

/* Goes on until it waits or is done. */
static void
go_on(struct spf_lint *m)
{
	while (!m->waiting && m->step != SPF_LINT_DONE)
		if (m->depth > 0)
			do_term(m);
		else
			do_end(m);
}

void
spf_lint_init(struct spf_lint *m, const struct dname *domain,
	      struct arena *arena)
{
	struct dname_text text;

	memset(m, 0, sizeof(*m));
	m->arena = arena;
	m->lead = m->text = SPAN("");
	m->domain = arena_copy(arena, dname_print(domain, &text));
	spf_findings_init(&m->findings);
	visit(m, domain, SPAN(""), SPF_LINT_NO_RECORD);
	if (m->node == NULL) /* the arena is full */
		m->step = SPF_LINT_DONE;
	go_on(m);
}

bool
spf_lint_ask(struct spf_lint *m, struct dns_question *ret)
{
	if (m->waiting) {
		dname_set(&ret->name, &m->question.name);
		ret->type = m->question.type;
	}
	return m->waiting;
}

void
spf_lint_answer(struct spf_lint *m, const struct dns_answer *a)
{
	assert(m->waiting);
	m->waiting = false;
	switch (m->step) {
	case SPF_LINT_RECORD:
		take_record(m, a);
		break;
	case SPF_LINT_ADDRESS:
	case SPF_LINT_AAAA:
		take_address(m, a);
		break;
	case SPF_LINT_EXISTS:
		if (dns_is_error(a->status))
			note_failure(m, asking_term(m));
		else if (is_void(a))
			note_void(m, asking_term(m));
		break;
	case SPF_LINT_MX:
		take_mx(m, a);
		break;
	case SPF_LINT_EXP:
		take_exp(m, a);
		break;
	case SPF_LINT_OLD:
		if (a->status == DNS_OK && a->len > 0)
			find(m, SPF_LINT_TYPE99, SPAN(""), 0);
		break;
	case SPF_LINT_DONE:
		break;
	}
	go_on(m);
}
