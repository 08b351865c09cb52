/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/observe.h"

#include <assert.h>

#include "identity/judge.h"
#include "identity/policy.h"

/* What is asked, in this order; MAIN and TEXT of each record. */
enum phase {
	PHASE_SOA,
	PHASE_MAIN,
	PHASE_TEXT,
	PHASE_POLICY,
	PHASE_LAST, /* all was asked, and not yet judged */
	PHASE_DONE,
};

/* Of a question that was not asked. */
static const struct observed_answer no_answer = {
	.alias = {"", 0},
	.end = {"", 0},
};

void
observe_init(struct observe *m, const struct observe_want *want,
	     struct arena *arena)
{
	*m = (struct observe){
		.arena = arena,
		.want = *want,
		.seen = arena_get(arena, sizeof(*m->seen)),
		.phase = PHASE_SOA,
	};
	assert(m->seen != NULL && want->set->len <= RECORDS_MAX);
	m->seen->set = want->set;
	m->seen->len = want->set->len;
	m->seen->zone = SPAN("");
	m->seen->soa_primary = SPAN("");
	m->seen->soa_admin = SPAN("");
	m->seen->dmarc = POLICY_UNKNOWN;
	for (size_t i = 0; i < want->set->len; i++) {
		struct observed *o = &m->seen->record[i];
		struct span name = span_of(want->set->record[i].name);

		o->want = &want->set->record[i];
		o->found = SPAN("");
		o->reason = SPAN("");
		o->main = o->text = no_answer;
		o->signs = want->signing_selector.len > 0 &&
			   o->want->purpose == RECORD_DKIM &&
			   o->want->type == DNS_CNAME &&
			   span_equal_nocase(span_cut(&name, '.'),
					     want->signing_selector);
	}
}

/* Whether no status needs this record, so that a quick look leaves it out. */
static bool
is_extra(const struct record *r)
{
	return r->purpose == RECORD_MAIL_FROM_SPF || r->purpose == RECORD_DMARC;
}

/* Whether the question of this phase is to be asked of this record. */
static bool
is_wanted(const struct observe *m, const struct observed *o)
{
	switch (m->phase) {
	case PHASE_MAIN:
		return !m->want.quick || !is_extra(o->want);
	case PHASE_TEXT:
		if (o->want->type != DNS_CNAME)
			return false;
		return !m->want.quick ||
		       (o->signs && o->status == OBSERVED_MATCH);
	default:
		return false;
	}
}

/* Makes the question about a record; false if it has no name to ask. */
static bool
make_question(struct observe *m, struct observed *o)
{
	struct span name = span_of(o->want->name);

	m->question.type = (uint16_t)o->want->type;
	if (m->phase == PHASE_TEXT)
		m->question.type = DNS_TXT;
	if (dname_parse(name, &m->question.name) == DNAME_OK)
		return true;
	o->status = OBSERVED_ERROR;
	o->reason = SPAN("the name cannot be asked for");
	return false;
}

/* Goes on to the next question about a record, or to the next record. */
static void
skip(struct observe *m)
{
	if (m->phase == PHASE_TEXT) {
		m->at++;
		m->phase = PHASE_MAIN;
	} else {
		m->phase++;
	}
}

/* Finds the next record to ask about; true if m->question is one. */
static bool
next_record(struct observe *m)
{
	while (m->at < m->seen->len) {
		struct observed *o = &m->seen->record[m->at];

		if (m->phase == PHASE_MAIN && !is_wanted(m, o))
			o->status = OBSERVED_NOT_ASKED;
		if (is_wanted(m, o) && make_question(m, o))
			return true;
		skip(m);
	}
	return false;
}

static void
begin_policy(struct observe *m)
{
	struct dname domain;

	m->phase = PHASE_LAST;
	if (m->want.quick ||
	    dname_parse(span_of(m->want.set->domain), &domain) != DNAME_OK)
		return;
	policy_init(&m->policy, &domain, m->arena);
	m->phase = PHASE_POLICY;
}

static void
finish(struct observe *m)
{
	if (m->policy.done)
		m->seen->dmarc = *policy_result(&m->policy);
	judge_groups(m->seen, &m->want, m->arena);
	m->phase = PHASE_DONE;
}

/* Sets m->question to the next one; false if all was asked. */
static bool
next_question(struct observe *m)
{
	if (m->phase == PHASE_SOA) {
		m->question.type = DNS_SOA;
		if (dname_parse(span_of(m->want.set->domain),
				&m->question.name) == DNAME_OK)
			return true;
		m->seen->soa_dns = DNS_BAD;
		m->phase = PHASE_MAIN;
	}
	if (m->phase < PHASE_POLICY) {
		if (next_record(m))
			return true;
		begin_policy(m);
	}
	return m->phase == PHASE_POLICY && policy_ask(&m->policy, &m->question);
}

bool
observe_ask(struct observe *m, struct dns_question *ret)
{
	if (m->phase == PHASE_DONE)
		return false;
	if (!m->waiting)
		m->waiting = next_question(m);
	if (!m->waiting) {
		finish(m);
		return false;
	}
	*ret = m->question;
	return true;
}

static struct span
copy_name(struct observe *m, const struct dname *name)
{
	struct dname_text text;

	return arena_copy(m->arena, dname_print(name, &text));
}

static void
take_soa(struct observe *m, const struct dns_answer *a)
{
	const struct dns_rr *soa = NULL;

	m->seen->soa_dns = a->status;
	if (a->status == DNS_OK && a->len > 0)
		soa = &a->rr[0];
	else if (!dns_is_error(a->status) && a->has_soa)
		soa = &a->soa;
	if (soa == NULL)
		return;
	m->seen->has_soa = true;
	m->seen->zone = copy_name(m, &soa->name);
	m->seen->soa_primary = copy_name(m, &soa->soa.mname);
	m->seen->soa_admin = copy_name(m, &soa->soa.rname);
	m->seen->soa_serial = soa->soa.serial;
}

/* Keeps one record of an answer as text. */
static void
keep_value(struct observe *m, struct observed_answer *to,
	   const struct dns_rr *rr)
{
	struct span text = SPAN("");
	size_t i = to->len++;

	if (rr->type == DNS_CNAME) {
		to->value[i] = to->target[i] = copy_name(m, &rr->target);
	} else if (rr->type == DNS_MX) {
		to->target[i] = copy_name(m, &rr->mx.exchange);
		to->value[i] = arena_printf(m->arena, "%u " SPAN_FMT,
					    rr->mx.preference,
					    SPAN_ARG(to->target[i]));
	} else {
		text = rr->txt.text;
		if (text.len > OBSERVE_TEXT_MAX)
			text.len = OBSERVE_TEXT_MAX;
		to->value[i] = to->target[i] = arena_copy(m->arena, text);
	}
}

static void
take_answer(struct observe *m, struct observed_answer *to,
	    const struct dns_answer *a)
{
	*to = no_answer;
	to->asked = true;
	to->dns = a->status;
	if (!dns_is_error(a->status) && a->aliases > 0) {
		to->alias = copy_name(m, &a->alias[0]);
		to->end = copy_name(m, &a->alias[a->aliases - 1]);
	}
	if (a->status != DNS_OK)
		return;
	to->count = a->len;
	to->value =
		arena_array(m->arena, OBSERVE_VALUES_MAX, sizeof(*to->value));
	to->target =
		arena_array(m->arena, OBSERVE_VALUES_MAX, sizeof(*to->target));
	if (to->value == NULL || to->target == NULL) {
		to->dns = DNS_BAD; /* no room: as if it had not come */
		to->count = 0;
		return;
	}
	for (size_t i = 0; i < a->len && i < OBSERVE_VALUES_MAX; i++)
		keep_value(m, to, &a->rr[i]);
}

void
observe_answer(struct observe *m, const struct dns_answer *answer)
{
	struct observed *o = &m->seen->record[m->at];

	assert(m->waiting);
	m->waiting = false;
	switch (m->phase) {
	case PHASE_SOA:
		take_soa(m, answer);
		break;
	case PHASE_MAIN:
		take_answer(m, &o->main, answer);
		judge_record(o, &m->want, m->arena);
		break;
	case PHASE_TEXT:
		take_answer(m, &o->text, answer);
		judge_record(o, &m->want, m->arena);
		break;
	case PHASE_POLICY:
		policy_answer(&m->policy, answer);
		return;
	default:
		return;
	}
	skip(m);
}

const struct observation *
observe_result(const struct observe *m)
{
	assert(m->phase == PHASE_DONE);
	return m->seen;
}

const char *
observed_status_name(enum observed_status status)
{
	static const char *const name[] = {
		[OBSERVED_NOT_ASKED] = "not_asked",
		[OBSERVED_MATCH] = "match",
		[OBSERVED_ABSENT] = "absent",
		[OBSERVED_DIFFERENT] = "different",
		[OBSERVED_ERROR] = "error",
	};
	return name[status];
}
