/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc_lint.h"

#include <assert.h>
#include <stdio.h>

/* Names where a record often is by mistake, from the domain's own. */
#define PLACES 3

/* The text of `name`, kept. */
static struct span
text_of(struct dmarc_lint *m, const struct dname *name)
{
	struct dname_text text;

	return arena_copy(m->findings.arena, dname_print(name, &text));
}

/* Adds a finding about names, which has no place in the text. */
static void
say(struct dmarc_lint *m, enum dmarc_lint_code code, const char *tag,
    struct span a, struct span b)
{
	dmarc_findings_add(&m->findings, code, span_of(tag), SPAN_NONE, a, b);
}

/* The part of `name` that was registered; "" for a public suffix. */
static struct span
registered(struct dmarc_lint *m, const struct dname *name)
{
	if (m->suffixes == NULL)
		return SPAN("");
	return suffixes_registered(m->suffixes, text_of(m, name));
}

void
dmarc_lint_init(struct dmarc_lint *m, const struct dname *domain,
		const struct suffixes *suffixes, struct arena *arena)
{
	*m = (struct dmarc_lint){
		.suffixes = suffixes,
		.domain = *domain,
		.org = *domain,
		.names.arena = arena,
		.text = SPAN(""),
	};
	dmarc_findings_init(&m->findings, arena);
	dmarc_walk_init(&m->walk, domain);
}

/* Waits for the answer to m->question. */
static void
await(struct dmarc_lint *m)
{
	if (m->questions == DMARC_LINT_QUESTIONS_MAX) {
		m->unknown = true;
		m->step = DMARC_LINT_DONE;
		return;
	}
	m->questions++;
	m->waiting = true;
}

/* What is wrong at the names of the walk themselves. */
static void
lint_names(struct dmarc_lint *m)
{
	char number[24];

	for (size_t i = 0; i < m->walk.len; i++) {
		const struct dmarc_name *n = m->walk.at[i];

		if (n->failed)
			say(m, DMARC_LINT_DNS_FAILED, "",
			    arena_printf(m->findings.arena, "_dmarc." SPAN_FMT,
					 SPAN_ARG(text_of(m, &n->name))),
			    SPAN(""));
		if (n->records <= 1)
			continue;
		snprintf(number, sizeof(number), "%zu", n->records);
		say(m, DMARC_LINT_RECORD_SEVERAL, "", span_of(number),
		    text_of(m, &n->name));
	}
}

/* The record that applies; NULL if there is none. */
static const struct dmarc_name *
choose(const struct dmarc_lint *m)
{
	const struct dmarc_name *n = dmarc_walk_at(&m->walk, &m->domain);

	if (n == NULL)
		n = dmarc_walk_at(&m->walk, &m->org);
	return n != NULL ? n : dmarc_walk_psd(&m->walk);
}

/* What public suffixes say of the organization that the walk found. */
static void
lint_organization(struct dmarc_lint *m)
{
	struct span part = registered(m, &m->domain);
	struct dname reg;

	if (part.len == 0 || dname_parse(part, &reg) != DNAME_OK ||
	    dname_equal(&reg, &m->org) || m->record.psd != DMARC_PSD_UNKNOWN)
		return;
	if (dname_is_under(&m->org, &reg))
		say(m, DMARC_LINT_ORG_MISSING, "", text_of(m, &m->org), part);
	else
		say(m, DMARC_LINT_ORG_ABOVE, "psd", part, text_of(m, &m->org));
}

/* What is to be said of the place of the record. */
static void
lint_place(struct dmarc_lint *m)
{
	struct span at = text_of(m, &m->at);
	bool own = dname_equal(&m->at, &m->domain);
	bool subs = m->record.sp != DMARC_POLICY_ABSENT ||
		    m->record.np != DMARC_POLICY_ABSENT;

	if (!own)
		say(m, DMARC_LINT_RECORD_INHERITED, "", text_of(m, &m->domain),
		    at);
	else if (subs && !dname_equal(&m->org, &m->domain))
		say(m, DMARC_LINT_RECORD_UNUSED,
		    m->record.sp != DMARC_POLICY_ABSENT ? "sp" : "np", at,
		    text_of(m, &m->org));
	if (m->has_alias && dname_equal(&m->alias_of, &m->at))
		say(m, DMARC_LINT_RECORD_ALIAS, "", at, text_of(m, &m->alias));
	if (m->suffixes == NULL)
		return;
	if (m->record.psd == DMARC_PSD_YES && !suffixes_has(m->suffixes, at))
		say(m, DMARC_LINT_PSD_NOT_SUFFIX, "psd", at, SPAN(""));
	if (own && m->record.psd != DMARC_PSD_YES &&
	    suffixes_has(m->suffixes, at))
		say(m, DMARC_LINT_PSD_MISSING, "psd", at, SPAN(""));
	lint_organization(m);
}

/* The walk is done. */
static void
take_walk(struct dmarc_lint *m)
{
	bool failed = dmarc_walk_failed(&m->walk);
	const struct dmarc_name *n;
	struct span part;

	lint_names(m);
	m->unknown = m->unknown || failed;
	m->step = DMARC_LINT_DONE;
	/* of a walk that failed, only the domain's own record is sure */
	if (!failed)
		m->org = dmarc_walk_org(&m->walk);
	n = choose(m);
	if (n != NULL) {
		m->has_record = true;
		m->at = n->name;
		m->text = n->text;
		m->record = n->record;
		dmarc_lint_record(m->text, &m->findings);
	}
	if (failed)
		return;
	if (m->has_record) {
		lint_place(m);
		m->step = DMARC_LINT_CONSENT;
		return;
	}
	part = registered(m, &m->domain);
	say(m, DMARC_LINT_RECORD_MISSING, "", text_of(m, &m->domain),
	    part.len > 0 ? part : text_of(m, &m->domain));
	m->step = DMARC_LINT_PLACES;
}

static void
do_walk(struct dmarc_lint *m)
{
	switch (dmarc_walk_on(&m->walk, &m->names, &m->asked, &m->question)) {
	case DMARC_WALKED:
		take_walk(m);
		return;
	case DMARC_WALK_ASKS:
		await(m);
		return;
	case DMARC_WALK_MEMORY:
		m->unknown = true;
		m->step = DMARC_LINT_DONE;
		return;
	}
}

/* The domain itself, without the underscore, with the zone twice. */
static bool
place(const struct dmarc_lint *m, size_t i, struct dname *ret)
{
	struct dname under;

	switch (i) {
	case 0:
		*ret = m->domain;
		return true;
	case 1:
		return dname_under(SPAN("dmarc"), &m->domain, ret);
	default:
		return dname_join(&m->domain, &m->domain, &under) &&
		       dname_under(SPAN("_dmarc"), &under, ret);
	}
}

static void
do_place(struct dmarc_lint *m)
{
	if (m->next == PLACES) {
		m->step = DMARC_LINT_DONE;
		return;
	}
	m->question.type = DNS_TXT;
	if (place(m, m->next++, &m->question.name))
		await(m);
}

/* The next report URI that mail could go to; false: there is none left. */
static bool
next_uri(struct dmarc_lint *m, struct span *ret, bool *ret_failure)
{
	const struct dmarc_uris *rua = &m->record.rua, *ruf = &m->record.ruf;

	while (m->next < rua->len + ruf->len && m->next < DMARC_LINT_URIS_MAX) {
		size_t i = m->next++;

		*ret_failure = i >= rua->len;
		*ret = *ret_failure ? ruf->uri[i - rua->len] : rua->uri[i];
		if (span_starts_nocase(*ret, SPAN("mailto:")))
			return true;
	}
	return false;
}

static void
take_consent(struct dmarc_lint *m)
{
	const struct dmarc_consent_result *r =
		dmarc_consent_result(&m->consent);
	const char *tag = m->consent.failure ? "ruf" : "rua";
	struct span where =
		r->asked ? text_of(m, &r->question) : text_of(m, &r->host);

	switch (r->verdict) {
	case DMARC_CONSENT_ABSENT:
		say(m, DMARC_LINT_CONSENT_MISSING, tag, r->uri, where);
		return;
	case DMARC_CONSENT_ELSEWHERE:
		say(m, DMARC_LINT_CONSENT_ELSEWHERE, tag, r->uri, where);
		return;
	case DMARC_CONSENT_ERROR:
		m->unknown = true;
		say(m, DMARC_LINT_CONSENT_UNKNOWN, tag, r->uri, where);
		return;
	case DMARC_CONSENT_OWN:
	case DMARC_CONSENT_GIVEN:
	case DMARC_CONSENT_NO_HOST: /* the record's lint said so */
		return;
	}
}

static void
do_consent(struct dmarc_lint *m)
{
	struct span uri;
	bool failure;

	if (!m->consents) {
		if (!next_uri(m, &uri, &failure)) {
			m->step = DMARC_LINT_DONE;
			return;
		}
		dmarc_consent_init(&m->consent, &m->at, &m->org, uri, failure,
				   &m->names, NULL);
		m->consents = true;
	}
	if (dmarc_consent_ask(&m->consent, &m->question)) {
		await(m);
		return;
	}
	take_consent(m);
	m->consents = false;
}

bool
dmarc_lint_ask(struct dmarc_lint *m, struct dns_question *ret)
{
	while (!m->waiting && m->step != DMARC_LINT_DONE) {
		if (m->step == DMARC_LINT_WALK)
			do_walk(m);
		else if (m->step == DMARC_LINT_PLACES)
			do_place(m);
		else
			do_consent(m);
	}
	if (m->waiting)
		*ret = m->question;
	return m->waiting;
}

/* What _dmarc of a name says. */
static void
take_name(struct dmarc_lint *m, const struct dns_answer *a)
{
	const struct dmarc_name *n = dmarc_names_take(&m->names, &m->asked, a);

	if (n == NULL) {
		m->unknown = true;
		m->step = DMARC_LINT_DONE;
		return;
	}
	/* the first that has a record is the one that may apply */
	if (!n->found || a->aliases == 0 || m->has_alias)
		return;
	m->has_alias = true;
	m->alias_of = n->name;
	m->alias = a->alias[a->aliases - 1];
}

/* What a name says where no record belongs. */
static void
take_place(struct dmarc_lint *m, const struct dns_answer *a)
{
	struct dmarc_record record;

	for (size_t i = 0; a->status == DNS_OK && i < a->len; i++)
		if (a->rr[i].type == DNS_TXT &&
		    dmarc_record_parse(a->rr[i].txt.text, &record)) {
			say(m, DMARC_LINT_RECORD_PLACE, "",
			    text_of(m, &m->question.name),
			    text_of(m, &m->domain));
			return;
		}
}

void
dmarc_lint_answer(struct dmarc_lint *m, const struct dns_answer *a)
{
	assert(m->waiting);
	m->waiting = false;
	if (m->step == DMARC_LINT_WALK)
		take_name(m, a);
	else if (m->step == DMARC_LINT_PLACES)
		take_place(m, a);
	else
		dmarc_consent_answer(&m->consent, a);
}
