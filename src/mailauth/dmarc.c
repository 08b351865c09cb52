/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc.h"

#include <assert.h>

static enum dmarc_disposition
disposition_of(const struct dmarc_result *r)
{
	switch (r->verdict) {
	case DMARC_VERDICT_PASS:
		return DMARC_DISPOSITION_PASS;
	case DMARC_VERDICT_NONE:
		return DMARC_DISPOSITION_NONE;
	case DMARC_VERDICT_TEMPERROR:
	case DMARC_VERDICT_PERMERROR:
		return DMARC_DISPOSITION_LOCAL;
	case DMARC_VERDICT_FAIL:
		break;
	}
	if (r->effective == DMARC_REJECT)
		return DMARC_DISPOSITION_REJECT;
	return r->effective == DMARC_QUARANTINE ? DMARC_DISPOSITION_QUARANTINE
						: DMARC_DISPOSITION_NONE;
}

static void
finish(struct dmarc *m, enum dmarc_verdict verdict, enum dmarc_reason reason)
{
	m->result.verdict = verdict;
	m->result.reason = reason;
	m->result.disposition = disposition_of(&m->result);
	m->step = DMARC_STEP_DONE;
}

/* Waits for the answer to m->question; false if there were too many. */
static bool
await(struct dmarc *m)
{
	m->exhausted = m->result.questions == DMARC_QUESTIONS_MAX;
	if (m->exhausted)
		return false;
	m->result.questions++;
	m->waiting = true;
	return true;
}

/* How far the walk, or what RFC 7489 has for one, came. */
enum progress {
	READY,   /* all is known */
	WAITING, /* an answer is waited for */
	GAVE_UP, /* it takes too many questions, or too much memory */
};

static enum progress
walk(struct dmarc *m)
{
	switch (dmarc_walk_on(&m->walk, &m->names, &m->asked, &m->question)) {
	case DMARC_WALKED:
		return READY;
	case DMARC_WALK_ASKS:
		return await(m) ? WAITING : GAVE_UP;
	case DMARC_WALK_MEMORY:
		break;
	}
	return GAVE_UP;
}

/* What `name` says, of RFC 7489's two: *ret is it, if that is known. */
static enum progress
look(struct dmarc *m, const struct dname *name, const struct dmarc_name **ret)
{
	*ret = dmarc_names_get(&m->names, name);
	if (*ret != NULL)
		return READY;
	m->asked = *name;
	if (dmarc_names_question(name, &m->question))
		return await(m) ? WAITING : GAVE_UP;
	*ret = dmarc_names_take(&m->names, name, NULL);
	return *ret != NULL ? READY : GAVE_UP;
}

/* RFC 7489 section 3.2: what was registered; a public suffix is its own. */
static struct dname
registered(const struct suffixes *suffixes, const struct dname *name)
{
	struct dname_text text;
	struct span all = dname_print(name, &text);
	struct span part = suffixes_registered(suffixes, all);
	size_t labels = dname_labels(name), keep = 0;

	if (part.len == 0)
		return *name;
	/* counted, not parsed: an escaped dot is none */
	for (struct span rest = part; rest.len > 0; keep++)
		(void)span_cut(&rest, '.');
	return keep < labels ? dname_skip(name, labels - keep) : *name;
}

/* Takes the record that was chosen, or that there is none. */
static void
take_source(struct dmarc_result *r, const struct dmarc_name *n)
{
	if (n == NULL) {
		r->source = DMARC_SOURCE_NOWHERE;
		return;
	}
	r->policy_domain = n->name;
	r->text = n->text;
	r->record = n->record;
}

/* Chooses the record that holds the policy (section 4.10.1). */
static void
choose_record(struct dmarc *m)
{
	struct dmarc_result *r = &m->result;
	const struct dmarc_name *n = dmarc_walk_at(&m->walk, &r->author);

	r->source = DMARC_SOURCE_AUTHOR;
	if (n == NULL) {
		n = dmarc_walk_at(&m->walk, &r->org);
		r->source = DMARC_SOURCE_ORG;
	}
	if (n == NULL) {
		n = dmarc_walk_psd(&m->walk);
		r->source = DMARC_SOURCE_PSD;
	}
	take_source(r, n);
}

/* t=y: "apply the policy one level below" (section 4.7). */
static enum dmarc_policy
lower(enum dmarc_policy policy)
{
	return policy == DMARC_REJECT ? DMARC_QUARANTINE : DMARC_NONE;
}

static enum dmarc_effect
effect_of(const struct dmarc_result *r)
{
	return r->rfc == DMARC_RFC7489 ? dmarc_record_effect_7489(&r->record)
				       : dmarc_record_effect(&r->record);
}

/* Whether np= could be the policy, so that the author must be asked for. */
static bool
needs_existence(const struct dmarc_result *r)
{
	return r->rfc == DMARC_RFC9989 && r->source != DMARC_SOURCE_AUTHOR &&
	       r->record.np != DMARC_POLICY_ABSENT;
}

/* Chooses p, sp or np (section 4.7), now that np's question is answered. */
static void
choose_policy(struct dmarc_result *r)
{
	const struct dmarc_record *record = &r->record;
	bool below = r->source != DMARC_SOURCE_AUTHOR;

	if (effect_of(r) == DMARC_EFFECT_MONITOR) {
		r->tag = record->bad_policy || record->bad_np
				 ? DMARC_TAG_INVALID
				 : DMARC_TAG_ABSENT;
		r->policy = DMARC_NONE;
	} else if (needs_existence(r) && r->author_absent) {
		r->tag = DMARC_TAG_NP;
		r->policy = record->np;
	} else if (below && record->sp != DMARC_POLICY_ABSENT) {
		r->tag = DMARC_TAG_SP;
		r->policy = record->sp;
	} else {
		r->tag = DMARC_TAG_P;
		r->policy = record->p;
	}
	r->effective = r->policy;
	if (r->rfc == DMARC_RFC7489)
		r->pct = record->pct;
	else if (record->testing)
		r->effective = lower(r->policy);
}

/* The record is chosen: goes on to what it asks for. */
static void
take_policy(struct dmarc *m)
{
	struct dmarc_result *r = &m->result;

	if (r->source == DMARC_SOURCE_NOWHERE) {
		/* without records each name is an organization of its own */
		for (size_t i = 0; i < r->identifiers; i++)
			r->identifier[i].aligned = dname_equal(
				&r->identifier[i].domain, &r->author);
		finish(m, DMARC_VERDICT_NONE, DMARC_REASON_NO_RECORD);
		return;
	}
	if (effect_of(r) == DMARC_EFFECT_NOTHING) {
		finish(m, DMARC_VERDICT_NONE, DMARC_REASON_BAD_RECORD);
		return;
	}
	m->step = DMARC_STEP_EXISTS;
	if (!needs_existence(r)) {
		choose_policy(r);
		m->step = DMARC_STEP_IDENTIFIER;
	}
}

/* Walks from the author domain, and takes what was found. */
static void
do_author(struct dmarc *m)
{
	struct dmarc_result *r = &m->result;
	enum progress progress = walk(m);

	if (progress == WAITING)
		return;
	if (progress == GAVE_UP || dmarc_walk_failed(&m->walk)) {
		finish(m, DMARC_VERDICT_TEMPERROR,
		       progress == GAVE_UP ? DMARC_REASON_QUESTIONS
					   : DMARC_REASON_DNS);
		return;
	}
	r->org = dmarc_walk_org(&m->walk);
	r->has_org = true;
	choose_record(m);
	take_policy(m);
}

/* RFC 7489 section 6.6.3: the author domain, else its organization. */
static void
do_author_7489(struct dmarc *m)
{
	struct dmarc_result *r = &m->result;
	const struct dmarc_name *n = NULL;
	enum progress progress = look(m, &r->author, &n);

	r->source = DMARC_SOURCE_AUTHOR;
	if (progress == READY && !n->failed && n->records == 0 &&
	    !dname_equal(&r->author, &r->org)) {
		progress = look(m, &r->org, &n);
		r->source = DMARC_SOURCE_ORG;
	}
	if (progress == READY && !n->failed && n->records <= 1) {
		take_source(r, n->found ? n : NULL);
		take_policy(m);
		return;
	}
	r->source = DMARC_SOURCE_NOWHERE;
	if (progress == WAITING)
		return;
	if (progress == READY && !n->failed)
		finish(m, DMARC_VERDICT_NONE, DMARC_REASON_SEVERAL);
	else
		finish(m, DMARC_VERDICT_TEMPERROR,
		       progress == READY ? DMARC_REASON_DNS
					 : DMARC_REASON_QUESTIONS);
}

/* Why nothing passed; section 5.3.6: an error leaves neither pass nor fail. */
static void
conclude_unproved(struct dmarc *m, bool passed, bool error)
{
	if (m->failed)
		finish(m, DMARC_VERDICT_TEMPERROR,
		       m->exhausted ? DMARC_REASON_QUESTIONS
				    : DMARC_REASON_DNS);
	else if (error)
		finish(m, DMARC_VERDICT_TEMPERROR, DMARC_REASON_IDENTIFIER);
	else
		finish(m, DMARC_VERDICT_FAIL,
		       passed ? DMARC_REASON_NOT_ALIGNED
			      : DMARC_REASON_NO_PASS);
}

/* Every identifier is looked at. */
static void
conclude(struct dmarc *m)
{
	struct dmarc_result *r = &m->result;
	bool passed = false, error = false;

	for (size_t i = 0; i < r->identifiers; i++) {
		const struct dmarc_identifier *id = &r->identifier[i];
		bool counts = id->aligned && id->auth == DMARC_AUTH_PASS;

		passed = passed || id->auth == DMARC_AUTH_PASS;
		error = error || (id->aligned && id->auth == DMARC_AUTH_ERROR);
		r->spf_aligned = r->spf_aligned || (counts && id->spf);
		r->dkim_aligned = r->dkim_aligned || (counts && !id->spf);
	}
	if (r->spf_aligned || r->dkim_aligned)
		finish(m, DMARC_VERDICT_PASS, DMARC_REASON_ALIGNED);
	else
		conclude_unproved(m, passed, error);
}

/* Whether the alignment of `id` needs no walk; then *ret is it. */
static bool
is_plain(const struct dmarc_result *r, const struct dmarc_identifier *id,
	 bool *ret)
{
	bool strict = id->spf ? r->record.aspf_strict : r->record.adkim_strict;

	*ret = dname_equal(&id->domain, &r->author);
	if (*ret || strict)
		return true;
	/* its organizational domain is above it, if it is not it */
	return !dname_is_under(&id->domain, &r->org);
}

/* Whether the identifier belongs to the author's organization. */
static enum progress
align(struct dmarc *m, struct dmarc_identifier *id)
{
	struct dname org;
	enum progress progress;

	if (m->result.rfc == DMARC_RFC7489) {
		org = registered(m->suffixes, &id->domain);
		id->aligned = dname_equal(&org, &m->result.org);
		return READY;
	}
	if (m->walk.done || m->walk.len == 0 ||
	    !dname_equal(&m->walk.start, &id->domain))
		dmarc_walk_init(&m->walk, &id->domain);
	progress = walk(m);
	if (progress != READY)
		return progress;
	if (dmarc_walk_failed(&m->walk))
		return GAVE_UP;
	org = dmarc_walk_org(&m->walk);
	id->aligned = dname_equal(&org, &m->result.org);
	return READY;
}

static void
do_identifier(struct dmarc *m)
{
	struct dmarc_result *r = &m->result;
	struct dmarc_identifier *id;

	if (m->at == r->identifiers) {
		conclude(m);
		return;
	}
	id = &r->identifier[m->at];
	if (!is_plain(r, id, &id->aligned)) {
		enum progress progress = align(m, id);

		if (progress == WAITING)
			return;
		/* one that did not pass changes nothing */
		if (progress == GAVE_UP && id->auth != DMARC_AUTH_FAIL)
			m->failed = true;
	}
	m->at++;
}

void
dmarc_init(struct dmarc *m, const struct dname *author, struct arena *arena)
{
	*m = (struct dmarc){.names.arena = arena};
	m->step = DMARC_STEP_AUTHOR;
	dmarc_walk_init(&m->walk, author);
	m->result.author = *author;
	m->result.org = *author;
	m->result.policy_domain = *author;
	m->result.text = SPAN("");
	m->result.record.fo = SPAN("0");
	m->result.record.pct = m->result.pct = 100;
}

void
dmarc_use_rfc7489(struct dmarc *m, const struct suffixes *suffixes)
{
	assert(suffixes != NULL && m->result.questions == 0);
	m->suffixes = suffixes;
	m->result.rfc = DMARC_RFC7489;
	if (m->step == DMARC_STEP_DONE)
		return;
	m->result.org = registered(suffixes, &m->result.author);
	m->result.has_org = true;
}

void
dmarc_init_no_author(struct dmarc *m, struct arena *arena)
{
	dmarc_init(m, &DNAME_ROOT, arena);
	finish(m, DMARC_VERDICT_PERMERROR, DMARC_REASON_NO_AUTHOR);
}

void
dmarc_add(struct dmarc *m, bool spf, const struct dname *domain,
	  enum dmarc_auth auth)
{
	struct dmarc_result *r = &m->result;

	if (r->identifiers < DMARC_IDENTIFIERS_MAX)
		r->identifier[r->identifiers++] = (struct dmarc_identifier){
			.domain = *domain, .auth = auth, .spf = spf};
}

/* Asks whether the author domain exists: RFC 9989 section 3.2. */
static void
do_exists(struct dmarc *m)
{
	m->question =
		(struct dns_question){.name = m->result.author, .type = DNS_A};
	if (await(m))
		return;
	m->failed = true;
	choose_policy(&m->result);
	m->step = DMARC_STEP_IDENTIFIER;
}

bool
dmarc_ask(struct dmarc *m, struct dns_question *ret)
{
	while (!m->waiting && m->step != DMARC_STEP_DONE) {
		if (m->step == DMARC_STEP_EXISTS)
			do_exists(m);
		else if (m->step == DMARC_STEP_IDENTIFIER)
			do_identifier(m);
		else if (m->result.rfc == DMARC_RFC7489)
			do_author_7489(m);
		else
			do_author(m);
	}
	if (m->waiting)
		*ret = m->question;
	return m->waiting;
}

void
dmarc_answer(struct dmarc *m, const struct dns_answer *a)
{
	assert(m->waiting);
	m->waiting = false;
	if (m->step != DMARC_STEP_EXISTS) {
		if (dmarc_names_take(&m->names, &m->asked, a) == NULL)
			finish(m, DMARC_VERDICT_TEMPERROR,
			       DMARC_REASON_QUESTIONS);
		return;
	}
	if (dns_is_error(a->status))
		m->failed = true;
	else /* RFC 9989 section 3.2: NXDOMAIN, and nothing else */
		m->result.author_absent = a->status == DNS_NXDOMAIN;
	choose_policy(&m->result);
	m->step = DMARC_STEP_IDENTIFIER;
}

const struct dmarc_result *
dmarc_result(const struct dmarc *m)
{
	assert(m->step == DMARC_STEP_DONE);
	return &m->result;
}
