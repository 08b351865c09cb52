/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/policy.h"

#include <assert.h>

void
policy_init(struct policy_walk *m, const struct dname *domain,
	    struct arena *arena)
{
	m->arena = arena;
	m->done = false;
	m->found = POLICY_UNKNOWN;
	dmarc_init(&m->dmarc, domain, arena);
}

/* Keeps what came of it. */
static void
finish(struct policy_walk *m)
{
	const struct dmarc_result *r = dmarc_result(&m->dmarc);
	struct dname_text name;

	m->done = true;
	m->found.status = POLICY_NONE;
	if (r->verdict == DMARC_VERDICT_TEMPERROR)
		m->found.status = POLICY_ERROR;
	else if (r->source != DMARC_SOURCE_NOWHERE)
		m->found.status = POLICY_FOUND;
	if (m->found.status != POLICY_FOUND)
		return;
	m->found.inherited = r->source != DMARC_SOURCE_AUTHOR;
	m->found.record = r->text;
	m->found.name =
		arena_printf(m->arena, "_dmarc." SPAN_FMT,
			     SPAN_ARG(dname_print(&r->policy_domain, &name)));
	if (dmarc_record_effect(&r->record) == DMARC_EFFECT_NORMAL)
		m->found.policy = span_of(dmarc_policy_name(r->policy));
}

bool
policy_ask(struct policy_walk *m, struct dns_question *ret)
{
	if (m->done)
		return false;
	if (dmarc_ask(&m->dmarc, ret))
		return true;
	finish(m);
	return false;
}

void
policy_answer(struct policy_walk *m, const struct dns_answer *answer)
{
	assert(!m->done);
	dmarc_answer(&m->dmarc, answer);
}

const struct policy *
policy_result(const struct policy_walk *m)
{
	assert(m->done);
	return &m->found;
}

bool
policy_is_dmarc(struct span text)
{
	struct dmarc_record record;

	return dmarc_record_parse(text, &record);
}

struct span
policy_of(struct span text)
{
	struct dmarc_record record;

	if (!dmarc_record_parse(text, &record))
		return SPAN("");
	return span_of(dmarc_policy_name(record.p));
}
