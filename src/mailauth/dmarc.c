/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc.h"

#include <assert.h>

/* Labels left after the jump of a walk that begins deeper (section 4.10). */
#define JUMP_TO 7

static void
finish(struct dmarc *m, enum dmarc_verdict verdict, enum dmarc_reason reason)
{
	m->result.verdict = verdict;
	m->result.reason = reason;
	m->step = DMARC_STEP_DONE;
}

static struct dmarc_name *
find_name(const struct dmarc *m, const struct dname *name)
{
	struct dmarc_name *n = m->names;

	while (n != NULL && !dname_equal(&n->name, name))
		n = n->next;
	return n;
}

/* Waits for the answer to (name, type). */
static void
await(struct dmarc *m, const struct dname *name, uint16_t type)
{
	if (m->result.questions == DMARC_QUESTIONS_MAX) {
		finish(m, DMARC_VERDICT_TEMPERROR, DMARC_REASON_QUESTIONS);
		return;
	}
	m->result.questions++;
	m->question = (struct dns_question){.name = *name, .type = type};
	m->waiting = true;
}

/* Where a walk goes next: the name, or false if the last was the last. */
static bool
next_name(const struct dmarc_walk *w, struct dname *ret)
{
	const struct dmarc_name *last;
	size_t labels;

	if (w->len == 0) {
		*ret = w->start;
		return true;
	}
	last = w->at[w->len - 1];
	labels = dname_labels(&last->name);
	if (labels <= 1 || w->len == DMARC_WALK_MAX)
		return false;
	if (last->found && last->record.psd != DMARC_PSD_UNKNOWN)
		return false;
	*ret = dname_skip(&last->name, labels > JUMP_TO ? labels - JUMP_TO : 1);
	return true;
}

/*
 * Goes on with the walk as far as names are known.  Returns true when it is
 * done; false when an answer is waited for, or the machine gave up.
 */
static bool
walk(struct dmarc *m)
{
	struct dmarc_walk *w = &m->walk;
	struct dname name, full;

	while (!w->done) {
		struct dmarc_name *known;

		if (!next_name(w, &name)) {
			w->done = true;
			break;
		}
		known = find_name(m, &name);
		if (known == NULL) {
			if (!dname_under(SPAN("_dmarc"), &name, &full)) {
				/* too long to be asked: nothing is there */
				known = arena_get(m->arena, sizeof(*known));
				if (known == NULL) {
					finish(m, DMARC_VERDICT_TEMPERROR,
					       DMARC_REASON_QUESTIONS);
					return false;
				}
				known->name = name;
				known->next = m->names;
				m->names = known;
			} else {
				m->asked = name;
				await(m, &full, DNS_TXT);
				return false;
			}
		}
		w->at[w->len++] = known;
		w->done = known->failed;
	}
	return true;
}

static bool
walk_failed(const struct dmarc_walk *w)
{
	return w->len > 0 && w->at[w->len - 1]->failed;
}

/* RFC 9989 section 4.10.2: the organizational domain a walk found. */
static struct dname
organization(const struct dmarc_walk *w)
{
	const struct dname *fewest = &w->start;
	size_t labels = dname_labels(&w->start);

	for (size_t i = 0; i < w->len; i++) {
		const struct dmarc_name *n = w->at[i];

		if (!n->found)
			continue;
		if (n->record.psd == DMARC_PSD_NO)
			return n->name;
		if (n->record.psd == DMARC_PSD_YES && i > 0)
			return dname_skip(&w->start,
					  labels - dname_labels(&n->name) - 1);
		fewest = &n->name;
	}
	return *fewest;
}

/* The record of `name` that a walk found, or NULL. */
static const struct dmarc_name *
found_at(const struct dmarc_walk *w, const struct dname *name)
{
	for (size_t i = 0; i < w->len; i++)
		if (w->at[i]->found && dname_equal(&w->at[i]->name, name))
			return w->at[i];
	return NULL;
}

/* The record of the public suffix that ended a walk, or NULL. */
static const struct dmarc_name *
found_psd(const struct dmarc_walk *w)
{
	const struct dmarc_name *last;

	if (w->len == 0)
		return NULL;
	last = w->at[w->len - 1];
	return last->found && last->record.psd == DMARC_PSD_YES ? last : NULL;
}

/* Chooses the record that holds the policy (section 4.10.1). */
static void
choose_record(struct dmarc *m)
{
	struct dmarc_result *r = &m->result;
	const struct dmarc_name *n = found_at(&m->walk, &r->author);

	r->source = DMARC_SOURCE_AUTHOR;
	if (n == NULL) {
		n = found_at(&m->walk, &r->org);
		r->source = DMARC_SOURCE_ORG;
	}
	if (n == NULL) {
		n = found_psd(&m->walk);
		r->source = DMARC_SOURCE_PSD;
	}
	if (n == NULL) {
		r->source = DMARC_SOURCE_NOWHERE;
		return;
	}
	r->policy_domain = n->name;
	r->text = n->text;
	r->record = n->record;
}

/* t=y: "apply the policy one level below" (section 4.7). */
static enum dmarc_policy
lower(enum dmarc_policy policy)
{
	return policy == DMARC_REJECT ? DMARC_QUARANTINE : DMARC_NONE;
}

/* Chooses p, sp or np (section 4.7), now that np's question is answered. */
static void
choose_policy(struct dmarc_result *r)
{
	enum dmarc_policy policy = DMARC_POLICY_ABSENT;

	if (dmarc_record_effect(&r->record) == DMARC_EFFECT_MONITOR) {
		policy = DMARC_NONE;
	} else if (r->source != DMARC_SOURCE_AUTHOR) {
		if (r->author_absent)
			policy = r->record.np;
		if (policy == DMARC_POLICY_ABSENT)
			policy = r->record.sp;
	}
	if (policy == DMARC_POLICY_ABSENT)
		policy = r->record.p;
	r->policy = policy;
	r->effective = r->record.testing ? lower(policy) : policy;
}

/* The author's walk is done. */
static void
take_author(struct dmarc *m)
{
	struct dmarc_result *r = &m->result;

	if (walk_failed(&m->walk)) {
		finish(m, DMARC_VERDICT_TEMPERROR, DMARC_REASON_DNS);
		return;
	}
	r->org = organization(&m->walk);
	r->has_org = true;
	choose_record(m);
	if (r->source == DMARC_SOURCE_NOWHERE) {
		/* without records each name is an organization of its own */
		for (size_t i = 0; i < r->identifiers; i++)
			r->identifier[i].aligned = dname_equal(
				&r->identifier[i].domain, &r->author);
		finish(m, DMARC_VERDICT_NONE, DMARC_REASON_NO_RECORD);
		return;
	}
	if (dmarc_record_effect(&r->record) == DMARC_EFFECT_NOTHING) {
		finish(m, DMARC_VERDICT_NONE, DMARC_REASON_BAD_RECORD);
		return;
	}
	m->step = DMARC_STEP_EXISTS;
	/* only np= makes a difference between absent and there */
	if (r->source == DMARC_SOURCE_AUTHOR ||
	    r->record.np == DMARC_POLICY_ABSENT) {
		choose_policy(r);
		m->step = DMARC_STEP_IDENTIFIER;
	}
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
	/* section 5.3.6: an error leaves neither pass nor fail */
	if (r->spf_aligned || r->dkim_aligned)
		finish(m, DMARC_VERDICT_PASS, DMARC_REASON_ALIGNED);
	else if (m->failed)
		finish(m, DMARC_VERDICT_TEMPERROR, DMARC_REASON_DNS);
	else if (error)
		finish(m, DMARC_VERDICT_TEMPERROR, DMARC_REASON_IDENTIFIER);
	else if (passed)
		finish(m, DMARC_VERDICT_FAIL, DMARC_REASON_NOT_ALIGNED);
	else
		finish(m, DMARC_VERDICT_FAIL, DMARC_REASON_NO_PASS);
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

static void
do_identifier(struct dmarc *m)
{
	struct dmarc_result *r = &m->result;
	struct dmarc_identifier *id;
	struct dname org;

	if (m->at == r->identifiers) {
		conclude(m);
		return;
	}
	id = &r->identifier[m->at];
	if (!is_plain(r, id, &id->aligned)) {
		if (m->walk.done || m->walk.len == 0 ||
		    !dname_equal(&m->walk.start, &id->domain))
			m->walk = (struct dmarc_walk){.start = id->domain};
		if (!walk(m))
			return;
		org = organization(&m->walk);
		if (walk_failed(&m->walk))
			m->failed = m->failed || id->auth != DMARC_AUTH_FAIL;
		else
			id->aligned = dname_equal(&org, &r->org);
	}
	m->at++;
}

void
dmarc_init(struct dmarc *m, const struct dname *author, struct arena *arena)
{
	*m = (struct dmarc){.arena = arena};
	m->step = DMARC_STEP_AUTHOR;
	m->walk.start = *author;
	m->result.author = *author;
	m->result.org = *author;
	m->result.policy_domain = *author;
	m->result.text = SPAN("");
	m->result.record.fo = SPAN("0");
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

bool
dmarc_ask(struct dmarc *m, struct dns_question *ret)
{
	while (!m->waiting && m->step != DMARC_STEP_DONE) {
		if (m->step == DMARC_STEP_AUTHOR) {
			if (walk(m))
				take_author(m);
		} else if (m->step == DMARC_STEP_EXISTS) {
			await(m, &m->result.author, DNS_A);
		} else {
			do_identifier(m);
		}
	}
	if (m->waiting)
		*ret = m->question;
	return m->waiting;
}

/* The one DMARC record of an answer; none if there are several. */
static bool
select_record(const struct dns_answer *a, struct span *ret_text,
	      struct dmarc_record *ret)
{
	size_t found = 0;

	for (size_t i = 0; a->status == DNS_OK && i < a->len; i++)
		if (a->rr[i].type == DNS_TXT &&
		    dmarc_record_parse(a->rr[i].txt.text, ret)) {
			*ret_text = a->rr[i].txt.text;
			found++;
		}
	return found == 1;
}

static void
take_record(struct dmarc *m, const struct dns_answer *a)
{
	struct dmarc_name *n = arena_get(m->arena, sizeof(*n));
	struct span text;

	if (n == NULL) {
		finish(m, DMARC_VERDICT_TEMPERROR, DMARC_REASON_QUESTIONS);
		return;
	}
	n->name = m->asked;
	n->text = SPAN("");
	n->failed = dns_is_error(a->status);
	if (select_record(a, &text, &n->record)) {
		n->text = arena_copy(m->arena, text);
		n->found = dmarc_record_parse(n->text, &n->record);
	}
	n->next = m->names;
	m->names = n;
}

void
dmarc_answer(struct dmarc *m, const struct dns_answer *a)
{
	assert(m->waiting);
	m->waiting = false;
	if (m->step != DMARC_STEP_EXISTS) {
		take_record(m, a);
		return;
	}
	if (dns_is_error(a->status)) {
		m->failed = true;
	} else {
		/* RFC 9989 section 3.2: NXDOMAIN, and nothing else */
		m->result.author_absent = a->status == DNS_NXDOMAIN;
	}
	choose_policy(&m->result);
	m->step = DMARC_STEP_IDENTIFIER;
}

const struct dmarc_result *
dmarc_result(const struct dmarc *m)
{
	assert(m->step == DMARC_STEP_DONE);
	return &m->result;
}

const char *
dmarc_verdict_name(enum dmarc_verdict verdict)
{
	static const char *const name[] = {
		[DMARC_VERDICT_NONE] = "none",
		[DMARC_VERDICT_PASS] = "pass",
		[DMARC_VERDICT_FAIL] = "fail",
		[DMARC_VERDICT_TEMPERROR] = "temperror",
		[DMARC_VERDICT_PERMERROR] = "permerror",
	};
	return name[verdict];
}

const char *
dmarc_reason_text(enum dmarc_reason reason)
{
	static const char *const text[] = {
		[DMARC_REASON_ALIGNED] = "an aligned identifier passed",
		[DMARC_REASON_NOT_ALIGNED] =
			"what passed is not aligned with the author domain",
		[DMARC_REASON_NO_PASS] = "neither SPF nor DKIM passed",
		[DMARC_REASON_NO_RECORD] =
			"no DMARC record applies to the author domain",
		[DMARC_REASON_BAD_RECORD] =
			"the DMARC record has no usable policy",
		[DMARC_REASON_DNS] = "a DNS question was not answered",
		[DMARC_REASON_IDENTIFIER] =
			"an aligned identifier could not be checked",
		[DMARC_REASON_QUESTIONS] =
			"the evaluation needs too many DNS questions",
		[DMARC_REASON_NO_AUTHOR] =
			"the From field does not name one author domain",
	};
	return text[reason];
}

const char *
dmarc_source_text(enum dmarc_source source)
{
	static const char *const text[] = {
		[DMARC_SOURCE_NOWHERE] = "there is no record",
		[DMARC_SOURCE_AUTHOR] = "the author domain's record",
		[DMARC_SOURCE_ORG] = "the organizational domain's record",
		[DMARC_SOURCE_PSD] = "the record of the public suffix",
	};
	return text[source];
}
