/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/policy.h"

#include <assert.h>

bool
policy_is_dmarc(struct span text)
{
	struct span first = span_cut(&text, ';');
	struct span name = span_cut(&first, '=');

	return span_equal(span_trim(name), SPAN("v")) &&
	       span_equal(span_trim(first), SPAN("DMARC1"));
}

struct span
policy_tag(struct span text, struct span name)
{
	while (text.len > 0) {
		struct span value = span_cut(&text, ';');
		struct span tag = span_cut(&value, '=');

		if (span_equal_nocase(span_trim(tag), name))
			return span_trim(value);
	}
	return SPAN("");
}

struct span
policy_word(struct span value)
{
	static const char *const word[] = {"none", "quarantine", "reject"};

	for (size_t i = 0; i < COUNT(word); i++)
		if (span_equal_nocase(value, span_of(word[i])))
			return span_of(word[i]);
	return SPAN("");
}

void
policy_init(struct policy_walk *m, const struct dname *domain,
	    struct arena *arena)
{
	*m = (struct policy_walk){
		.arena = arena,
		.at = *domain,
		.found = {.status = POLICY_NONE,
			  .name = SPAN(""),
			  .record = SPAN(""),
			  .policy = SPAN("")},
		.done = dname_labels(domain) == 0,
	};
}

bool
policy_ask(struct policy_walk *m, struct dns_question *ret)
{
	if (m->done)
		return false;
	ret->type = DNS_TXT;
	if (!dname_under(SPAN("_dmarc"), &m->at, &ret->name)) {
		m->done = true; /* there is no room for a record there */
		return false;
	}
	return true;
}

/*
 * The one DMARC record of an answer; RFC 9989 section 4.10: "If multiple
 * DMARC Policy Records are returned for a single target, they are all
 * discarded."
 */
static bool
find_record(const struct dns_answer *answer, struct span *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < answer->len; i++) {
		struct span text = answer->rr[i].txt.text;

		if (text.len <= POLICY_TEXT_MAX && policy_is_dmarc(text)) {
			*ret = text;
			count++;
		}
	}
	return count == 1;
}

/* Keeps the record at m->at as the one found so far. */
static void
keep(struct policy_walk *m, struct span text)
{
	struct dname_text name;
	struct span policy = SPAN("");

	m->found.status = POLICY_FOUND;
	m->found.inherited = m->asked > 0;
	m->found.record = arena_copy(m->arena, text);
	m->found.name = arena_printf(m->arena, "_dmarc." SPAN_FMT,
				     SPAN_ARG(dname_print(&m->at, &name)));
	if (m->found.inherited)
		policy = policy_word(policy_tag(text, SPAN("sp")));
	if (policy.len == 0)
		policy = policy_word(policy_tag(text, SPAN("p")));
	m->found.policy = policy;
	m->found_at = m->at;
}

/*
 * A record above the domain: RFC 9989 section 4.10.2 takes it for that of the
 * organizational domain if it says psd=n, or has the fewest labels of all
 * that were found; one with psd=y counts only if there is none one label
 * below it.
 */
static void
keep_above(struct policy_walk *m, struct span text)
{
	struct span psd = policy_tag(text, SPAN("psd"));
	bool is_psd = span_equal_nocase(psd, SPAN("y"));

	if (!is_psd || m->found.status != POLICY_FOUND ||
	    dname_labels(&m->found_at) != dname_labels(&m->at) + 1)
		keep(m, text);
	m->done = is_psd || span_equal_nocase(psd, SPAN("n"));
}

/* Goes on to the next name, if there is one: steps 4 and 7 of the walk. */
static void
go_up(struct policy_walk *m)
{
	size_t labels = dname_labels(&m->at);

	m->asked++;
	if (labels <= 1 || m->asked == POLICY_WALK_MAX) {
		m->done = true;
		return;
	}
	m->at = dname_skip(&m->at, labels > 8 ? labels - 7 : 1);
}

void
policy_answer(struct policy_walk *m, const struct dns_answer *answer)
{
	struct span text;

	assert(!m->done);
	if (dns_is_error(answer->status)) {
		m->found.status = POLICY_ERROR;
		m->done = true;
		return;
	}
	if (answer->status == DNS_OK && find_record(answer, &text)) {
		if (m->asked == 0) {
			keep(m, text);
			m->done = true; /* its own record decides */
			return;
		}
		keep_above(m, text);
	}
	if (!m->done)
		go_up(m);
}

const struct policy *
policy_result(const struct policy_walk *m)
{
	assert(m->done);
	return &m->found;
}
