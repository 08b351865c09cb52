/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/diagnose.h"

#include <assert.h>

#include "identity/findings.h"
#include "identity/judge.h"
#include "identity/policy.h"
#include "identity/probes.h"

/* What is looked at, in this order. */
enum phase {
	PHASE_RECORDS,     /* each record, and the probes for its cause */
	PHASE_NONTERMINAL, /* does `_domainkey` exist? */
	PHASE_WILDCARD,    /* does everything answer? */
	PHASE_RUA_WANTED,  /* does a report address want the reports? */
	PHASE_RUA_SERVER,  /* has it an MX? */
	PHASE_RUA_ADDRESS, /* or at least an address? */
	PHASE_DONE,
};

void
diagnose_init(struct diagnose *m, const struct diagnose_want *want,
	      struct arena *arena)
{
	*m = (struct diagnose){
		.arena = arena,
		.want = *want,
		.seen = want->seen,
		.result = arena_get(arena, sizeof(*m->result)),
		.phase = PHASE_RECORDS,
		.probe = SPAN_NONE, /* the record is to be begun */
		.asked = SPAN(""),
	};
	assert(m->result != NULL);
}

/* Goes on to the next record. */
static void
next_record(struct diagnose *m)
{
	m->at++;
	m->probe = SPAN_NONE;
}

/* No probe proved a cause. */
static void
give_up(struct diagnose *m, const struct observed *o)
{
	struct finding_facts facts = {o, SPAN(""), SPAN(""), SPAN("")};

	if (m->missing != DIAGNOSE_OK)
		findings_add(m->result, m->seen, m->missing, &facts, m->arena);
	next_record(m);
}

/* What the probes are to know. */
static struct probes
facts_of(const struct diagnose *m)
{
	return (struct probes){m->seen, m->want.nonce, m->arena};
}

/* Makes the question of the next probe of a record; false: no more records. */
static bool
next_probe(struct diagnose *m)
{
	struct probes probes = facts_of(m);

	while (m->at < m->seen->len) {
		const struct observed *o = &m->seen->record[m->at];

		if (m->probe == SPAN_NONE) {
			m->missing = findings_of_record(m->result, m->seen, o,
							m->arena);
			m->probe = 0;
			if (probes_txt_failed(o) && o->signs)
				m->missing = DIAGNOSE_ZONE_UNREACHABLE;
			if (m->missing == DIAGNOSE_OK &&
			    !probes_txt_failed(o)) {
				next_record(m);
				continue;
			}
		}
		if (probes_question(&probes, o, &m->probe, &m->question,
				    &m->asked))
			return true;
		give_up(m, o);
	}
	return false;
}

/* Collects the report addresses of the domain's own DMARC record. */
static void
collect_rua(struct diagnose *m)
{
	struct span uris = judge_tag(m->seen->dmarc.record, SPAN("rua"));

	while (uris.len > 0 && m->ruas < DIAGNOSE_RUA_MAX) {
		struct span uri = span_trim(span_cut(&uris, ','));
		size_t at = span_find_last(uri, '@');

		if (!span_starts_nocase(uri, SPAN("mailto:")) ||
		    at == SPAN_NONE)
			continue;
		uri = span_skip(uri, at + 1);
		m->rua[m->ruas++] = span_cut(&uri, '!');
	}
	m->at = 0;
}

/* Sets the question to `type` at `name`; false if that is no name. */
static bool
ask_name(struct diagnose *m, struct span name, uint16_t type)
{
	m->question.type = type;
	m->asked = name;
	return dname_parse(name, &m->question.name) == DNAME_OK;
}

/* Whether two domains are of one house: registered as one, or one above. */
static bool
is_same_house(const struct diagnose *m, struct span a, struct span b)
{
	const struct suffixes *list = m->want.suffixes;
	struct span longer = a.len > b.len ? a : b;
	struct span shorter = a.len > b.len ? b : a;

	if (list != NULL && span_equal_nocase(suffixes_registered(list, a),
					      suffixes_registered(list, b)))
		return true;
	return span_equal_nocase(span_skip(longer, longer.len - shorter.len),
				 shorter) &&
	       (longer.len == shorter.len ||
		longer.ptr[longer.len - shorter.len - 1] == '.');
}

/* The domain that the DMARC record in force is published for. */
static struct span
policy_domain(const struct diagnose *m)
{
	return span_skip(m->seen->dmarc.name, sizeof("_dmarc.") - 1);
}

/* Makes the question of a phase behind the records; false if it has none. */
static bool
make_question(struct diagnose *m)
{
	const char *domain = m->seen->set->domain;

	switch (m->phase) {
	case PHASE_NONTERMINAL:
		return ask_name(m,
				arena_printf(m->arena, "_domainkey.%s", domain),
				DNS_TXT);
	case PHASE_WILDCARD:
		return m->want.nonce.len > 0 &&
		       ask_name(m,
				arena_printf(m->arena, SPAN_FMT ".%s",
					     SPAN_ARG(m->want.nonce), domain),
				DNS_TXT);
	case PHASE_RUA_WANTED:
		return m->at < m->ruas &&
		       !is_same_house(m, m->rua[m->at], policy_domain(m)) &&
		       ask_name(m,
				arena_printf(m->arena,
					     SPAN_FMT
					     "._report._dmarc." SPAN_FMT,
					     SPAN_ARG(policy_domain(m)),
					     SPAN_ARG(m->rua[m->at])),
				DNS_TXT);
	case PHASE_RUA_SERVER:
		return m->at < m->ruas && ask_name(m, m->rua[m->at], DNS_MX);
	case PHASE_RUA_ADDRESS:
		return m->at < m->ruas && ask_name(m, m->rua[m->at], DNS_A);
	default:
		return false;
	}
}

/* Says that the domain is not in the DNS, if that is what its SOA says. */
static void
look_at_zone(struct diagnose *m)
{
	struct finding_facts facts = {NULL, span_of(m->seen->set->domain),
				      SPAN(""), SPAN("")};

	/* The zone that answered is a top-level domain's. */
	if (m->seen->soa_dns == DNS_NXDOMAIN && m->seen->zone.len > 0 &&
	    span_find(m->seen->zone, '.') == SPAN_NONE)
		findings_add(m->result, m->seen, DIAGNOSE_ZONE_NOT_DELEGATED,
			     &facts, m->arena);
}

static void
finish(struct diagnose *m)
{
	struct diagnosis *d = m->result;
	bool lasting = false;

	d->ok = true;
	for (size_t i = 0; i < d->len; i++) {
		if (d->finding[i].severity != DIAGNOSE_ERROR)
			continue;
		d->ok = false;
		lasting = lasting || !d->finding[i].temporary;
	}
	d->temporary = !d->ok && !lasting;
}

/* Goes on behind the records: from one report address to the next, too. */
static void
next_phase(struct diagnose *m)
{
	if (m->phase == PHASE_RUA_ADDRESS && ++m->at < m->ruas)
		m->phase = PHASE_RUA_WANTED;
	else
		m->phase++;
	if (m->phase == PHASE_RUA_WANTED && m->ruas == 0)
		collect_rua(m);
	if (m->phase == PHASE_DONE)
		finish(m);
}

bool
diagnose_ask(struct diagnose *m, struct dns_question *ret)
{
	while (!m->waiting && m->phase != PHASE_DONE) {
		if (m->phase == PHASE_RECORDS)
			m->waiting = next_probe(m);
		else
			m->waiting = make_question(m);
		if (m->waiting)
			break;
		if (m->phase == PHASE_RECORDS)
			look_at_zone(m);
		next_phase(m);
	}
	if (m->phase == PHASE_DONE)
		return false;
	*ret = m->question;
	return true;
}

static void
take_probe(struct diagnose *m, const struct dns_answer *answer)
{
	const struct observed *o = &m->seen->record[m->at];
	struct probes probes = facts_of(m);
	struct finding_facts facts = {o, SPAN(""), SPAN(""), m->asked};
	enum diagnose_code code =
		probes_prove(&probes, o, m->probe, answer, &facts.found);

	if (code == DIAGNOSE_OK) {
		m->probe++;
		return;
	}
	if (code == DIAGNOSE_ZONE_OCCLUDED) {
		facts.about = NULL;
		facts.zone = m->asked;
	}
	findings_add(m->result, m->seen, code, &facts, m->arena);
	next_record(m);
}

/* The record at the domain's `_dmarc`, for findings about it. */
static const struct observed *
find_dmarc(const struct diagnose *m)
{
	for (size_t i = 0; i < m->seen->len; i++)
		if (m->seen->record[i].want->purpose == RECORD_DMARC &&
		    span_equal_nocase(span_of(m->seen->record[i].want->name),
				      m->seen->dmarc.name))
			return &m->seen->record[i];
	return NULL;
}

static bool
any_dkim_is_there(const struct observation *seen)
{
	for (size_t i = 0; i < seen->len; i++)
		if (seen->record[i].want->purpose == RECORD_DKIM &&
		    seen->record[i].main.count > 0)
			return true;
	return false;
}

static void
take_rua(struct diagnose *m, const struct dns_answer *a)
{
	struct finding_facts facts = {find_dmarc(m), SPAN(""), m->rua[m->at],
				      m->asked};
	bool wants = false;

	if (dns_is_error(a->status))
		return;
	for (size_t i = 0; i < a->len; i++)
		wants = wants || (a->rr[i].type == DNS_TXT &&
				  policy_is_dmarc(a->rr[i].txt.text));
	if (m->phase == PHASE_RUA_WANTED && !wants)
		findings_add(m->result, m->seen,
			     DIAGNOSE_DMARC_RUA_UNAUTHORISED, &facts, m->arena);
	if (m->phase == PHASE_RUA_SERVER && a->status == DNS_OK)
		m->phase = PHASE_RUA_ADDRESS; /* an MX is enough */
	else if (m->phase == PHASE_RUA_ADDRESS && a->status != DNS_OK)
		findings_add(m->result, m->seen, DIAGNOSE_DMARC_RUA_NO_SERVER,
			     &facts, m->arena);
}

void
diagnose_answer(struct diagnose *m, const struct dns_answer *a)
{
	struct finding_facts facts = {NULL, m->asked, SPAN(""), SPAN("")};

	assert(m->waiting);
	m->waiting = false;
	switch (m->phase) {
	case PHASE_RECORDS:
		take_probe(m, a);
		return;
	case PHASE_NONTERMINAL:
		if (a->status == DNS_NXDOMAIN && any_dkim_is_there(m->seen))
			findings_add(m->result, m->seen,
				     DIAGNOSE_ZONE_NONTERMINAL, &facts,
				     m->arena);
		break;
	case PHASE_WILDCARD:
		facts.zone = span_of(m->seen->set->domain);
		if (a->status == DNS_OK || a->status == DNS_NODATA)
			findings_add(m->result, m->seen, DIAGNOSE_ZONE_WILDCARD,
				     &facts, m->arena);
		break;
	default:
		take_rua(m, a);
		break;
	}
	next_phase(m);
}

const struct diagnosis *
diagnose_result(const struct diagnose *m)
{
	assert(m->phase == PHASE_DONE);
	return m->result;
}
