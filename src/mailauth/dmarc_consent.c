/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc_consent.h"

#include <assert.h>

#include "text/domain.h"

static void
finish(struct dmarc_consent *m, enum dmarc_consent_verdict verdict)
{
	m->result.verdict = verdict;
	m->step = DMARC_CONSENT_DONE;
}

/* Whether both have the same organizational domain; *ret_known: by now. */
static bool
is_same_house(struct dmarc_consent *m, bool *ret_known)
{
	struct dname_text text;
	struct span host, part;
	struct dname above;

	*ret_known = true;
	if (dname_equal(&m->result.host, &m->org))
		return true;
	/* an organizational domain is the name itself or above it */
	if (!dname_is_under(&m->result.host, &m->org))
		return false;
	*ret_known = m->suffixes != NULL;
	if (!*ret_known)
		return false;
	host = dname_print(&m->result.host, &text);
	part = suffixes_registered(m->suffixes, host);
	return part.len > 0 && dname_parse(part, &above) == DNAME_OK &&
	       dname_equal(&above, &m->org);
}

/* The name of the consent: <policy>._report._dmarc.<host>. */
static bool
make_question(struct dmarc_consent *m)
{
	struct dname below;

	return dname_under(SPAN("_report._dmarc"), &m->result.host, &below) &&
	       dname_join(&m->policy, &below, &m->result.question);
}

void
dmarc_consent_init(struct dmarc_consent *m, const struct dname *policy,
		   const struct dname *org, struct span uri, bool failure,
		   struct dmarc_names *names, const struct suffixes *suffixes)
{
	struct domain domain;
	struct span host;
	bool known;

	*m = (struct dmarc_consent){
		.failure = failure,
		.policy = *policy,
		.org = *org,
		.names = names,
		.suffixes = suffixes,
		.result.uri = uri,
		.result.host = DNAME_ROOT,
		.result.text = SPAN(""),
	};
	if (!dmarc_uri_host(uri, &host) ||
	    domain_parse(host, &domain) != DOMAIN_OK ||
	    dname_parse(domain_span(&domain), &m->result.host) != DNAME_OK) {
		finish(m, DMARC_CONSENT_NO_HOST);
		return;
	}
	if (is_same_house(m, &known))
		finish(m, DMARC_CONSENT_OWN);
	else if (known)
		m->step = DMARC_CONSENT_ASK;
	else
		dmarc_walk_init(&m->walk, &m->result.host);
}

/* Walks from the destination; false: an answer is waited for. */
static bool
do_walk(struct dmarc_consent *m)
{
	struct dname org;

	switch (dmarc_walk_on(&m->walk, m->names, &m->walked, &m->question)) {
	case DMARC_WALK_ASKS:
		return false;
	case DMARC_WALK_MEMORY:
		finish(m, DMARC_CONSENT_ERROR);
		return true;
	case DMARC_WALKED:
		break;
	}
	org = dmarc_walk_org(&m->walk);
	if (dmarc_walk_failed(&m->walk))
		finish(m, DMARC_CONSENT_ERROR);
	else if (dname_equal(&org, &m->org))
		finish(m, DMARC_CONSENT_OWN);
	else
		m->step = DMARC_CONSENT_ASK;
	return true;
}

bool
dmarc_consent_ask(struct dmarc_consent *m, struct dns_question *ret)
{
	if (m->step == DMARC_CONSENT_WALK && !m->waiting)
		m->waiting = !do_walk(m);
	if (m->step == DMARC_CONSENT_ASK && !m->waiting) {
		m->result.asked = make_question(m);
		m->question = (struct dns_question){.name = m->result.question,
						    .type = DNS_TXT};
		m->waiting = m->result.asked;
		/* a name too long to exist consents to nothing */
		if (!m->waiting)
			finish(m, DMARC_CONSENT_ABSENT);
	}
	if (m->waiting)
		*ret = m->question;
	return m->waiting;
}

/* Whether all of `uris` are at the destination's host. */
static bool
are_at_host(const struct dmarc_uris *uris, const struct dname *host)
{
	for (size_t i = 0; i < uris->len; i++) {
		struct domain domain;
		struct dname name;
		struct span text;

		if (!dmarc_uri_host(uris->uri[i], &text) ||
		    domain_parse(text, &domain) != DOMAIN_OK ||
		    dname_parse(domain_span(&domain), &name) != DNAME_OK ||
		    !dname_equal(&name, host))
			return false;
	}
	return true;
}

/* Takes one record of the answer, if it is a consent. */
static void
take_record(struct dmarc_consent *m, struct span text)
{
	struct dmarc_consent_result *r = &m->result;
	const struct dmarc_uris *uris;
	struct dmarc_record record;

	if (!dmarc_record_parse(text, &record) || record.untagged > 0)
		return;
	if (r->verdict == DMARC_CONSENT_ABSENT) {
		r->verdict = DMARC_CONSENT_GIVEN;
		r->text = arena_copy(m->names->arena, text);
	}
	uris = m->failure ? &record.ruf : &record.rua;
	if (!are_at_host(uris, &r->host)) {
		r->verdict = DMARC_CONSENT_ELSEWHERE;
	} else if (r->override.len == 0) {
		/* again, so that they borrow from a copy */
		text = arena_copy(m->names->arena, text);
		if (dmarc_record_parse(text, &record))
			r->override = *uris;
	}
}

void
dmarc_consent_answer(struct dmarc_consent *m, const struct dns_answer *a)
{
	assert(m->waiting);
	m->waiting = false;
	if (m->step == DMARC_CONSENT_WALK) {
		if (dmarc_names_take(m->names, &m->walked, a) == NULL)
			finish(m, DMARC_CONSENT_ERROR);
		return;
	}
	m->result.verdict = DMARC_CONSENT_ABSENT;
	for (size_t i = 0; a->status == DNS_OK && i < a->len; i++)
		if (a->rr[i].type == DNS_TXT)
			take_record(m, a->rr[i].txt.text);
	if (m->result.verdict == DMARC_CONSENT_ELSEWHERE)
		m->result.override.len = 0;
	finish(m, dns_is_error(a->status) ? DMARC_CONSENT_ERROR
					  : m->result.verdict);
}

const struct dmarc_consent_result *
dmarc_consent_result(const struct dmarc_consent *m)
{
	assert(m->step == DMARC_CONSENT_DONE);
	return &m->result;
}

bool
dmarc_consent_allows(enum dmarc_consent_verdict verdict)
{
	return verdict == DMARC_CONSENT_OWN || verdict == DMARC_CONSENT_GIVEN;
}

const char *
dmarc_consent_text(enum dmarc_consent_verdict verdict)
{
	static const char *const text[] = {
		[DMARC_CONSENT_OWN] = "it is of the same organization",
		[DMARC_CONSENT_GIVEN] = "it consents to the reports",
		[DMARC_CONSENT_ABSENT] = "it does not consent to the reports",
		[DMARC_CONSENT_ELSEWHERE] =
			"its consent names an address at another host",
		[DMARC_CONSENT_NO_HOST] = "the URI does not name one host",
		[DMARC_CONSENT_ERROR] = "DNS did not answer",
	};
	return text[verdict];
}
