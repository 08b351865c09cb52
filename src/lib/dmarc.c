/* SPDX-License-Identifier: Apache-2.0 */
#include <sesame/mailauth/dmarc.h>

#include <stdlib.h>

#include "base/mem.h"
#include "lib/convert.h"
#include "lib/dns.h"

struct sesame_dmarc {
	struct arena arena; /* of the machine, and of the result */
	struct dmarc dmarc;
	size_t identifiers; /* added so far */
	bool started;       /* its DNS side was asked for */
	struct sesame_dns dns;
	struct sesame_dmarc_result result;
};

_Static_assert(SESAME_DMARC_IDENTIFIERS_MAX == DMARC_IDENTIFIERS_MAX,
	       "the header says it");

static enum sesame_dmarc_code
code_of(enum dmarc_verdict verdict)
{
	switch (verdict) {
	case DMARC_VERDICT_NONE:
		return SESAME_DMARC_NONE;
	case DMARC_VERDICT_PASS:
		return SESAME_DMARC_PASS;
	case DMARC_VERDICT_FAIL:
		return SESAME_DMARC_FAIL;
	case DMARC_VERDICT_TEMPERROR:
		return SESAME_DMARC_TEMPERROR;
	case DMARC_VERDICT_PERMERROR:
		break;
	}
	return SESAME_DMARC_PERMERROR;
}

static enum sesame_dmarc_reason
reason_of(enum dmarc_reason reason)
{
	switch (reason) {
	case DMARC_REASON_ALIGNED:
		return SESAME_DMARC_ALIGNED;
	case DMARC_REASON_NOT_ALIGNED:
		return SESAME_DMARC_NOT_ALIGNED;
	case DMARC_REASON_NO_PASS:
		return SESAME_DMARC_NO_PASS;
	case DMARC_REASON_NO_RECORD:
		return SESAME_DMARC_NO_RECORD;
	case DMARC_REASON_SEVERAL:
	case DMARC_REASON_BAD_RECORD:
		return SESAME_DMARC_BAD_RECORD;
	case DMARC_REASON_DNS:
		return SESAME_DMARC_DNS;
	case DMARC_REASON_IDENTIFIER:
		return SESAME_DMARC_IDENTIFIER;
	case DMARC_REASON_QUESTIONS:
		return SESAME_DMARC_LIMIT;
	case DMARC_REASON_NO_AUTHOR:
		break;
	}
	return SESAME_DMARC_NO_AUTHOR;
}

static enum sesame_dmarc_policy
policy_of(enum dmarc_policy policy)
{
	switch (policy) {
	case DMARC_POLICY_ABSENT:
		return SESAME_POLICY_ABSENT;
	case DMARC_NONE:
		return SESAME_POLICY_NONE;
	case DMARC_QUARANTINE:
		return SESAME_POLICY_QUARANTINE;
	case DMARC_REJECT:
		break;
	}
	return SESAME_POLICY_REJECT;
}

static enum sesame_dmarc_policy
disposition_of(enum dmarc_disposition disposition)
{
	switch (disposition) {
	case DMARC_DISPOSITION_QUARANTINE:
		return SESAME_POLICY_QUARANTINE;
	case DMARC_DISPOSITION_REJECT:
		return SESAME_POLICY_REJECT;
	case DMARC_DISPOSITION_PASS:
	case DMARC_DISPOSITION_NONE:
	case DMARC_DISPOSITION_LOCAL:
		break;
	}
	return SESAME_POLICY_NONE;
}

static struct sesame_text
name_text(struct arena *arena, const struct dname *name)
{
	struct dname_text text;

	return text_copy(arena, dname_print(name, &text));
}

void
result_of_dmarc(const struct dmarc_result *dmarc, struct arena *arena,
		struct sesame_dmarc_result *ret)
{
	*ret = (struct sesame_dmarc_result){
		.code = code_of(dmarc->verdict),
		.reason = reason_of(dmarc->reason),
		.reason_text = dmarc_reason_text(dmarc->reason),
		.policy = policy_of(dmarc->policy),
		.disposition = disposition_of(dmarc->disposition),
		.spf_aligned = dmarc->spf_aligned,
		.dkim_aligned = dmarc->dkim_aligned,
		.testing = dmarc->record.testing,
		.author = text_of_span(SPAN("")),
		.org = text_of_span(SPAN("")),
		.record = text_copy(arena, dmarc->text),
		.record_domain = text_of_span(SPAN("")),
		.questions = dmarc->questions,
	};
	if (dmarc->reason != DMARC_REASON_NO_AUTHOR)
		ret->author = name_text(arena, &dmarc->author);
	if (dmarc->has_org)
		ret->org = name_text(arena, &dmarc->org);
	if (dmarc->source != DMARC_SOURCE_NOWHERE)
		ret->record_domain = name_text(arena, &dmarc->policy_domain);
}

static void
finish(void *object)
{
	struct sesame_dmarc *m = object;

	result_of_dmarc(dmarc_result(&m->dmarc), &m->arena, &m->result);
}

DNS_MACHINE(machine, dmarc, struct dmarc, finish);

enum sesame_status
sesame_dmarc_new(const struct sesame_dmarc_input *in, struct sesame_dmarc **ret)
{
	struct sesame_dmarc_input given = {.size = 0};
	struct sesame_dmarc *m;
	struct domain domain;
	struct dname author;

	if (!input_take(in, &given, sizeof(given)))
		return SESAME_ERR_ARGUMENT;
	if (given.author_domain.ptr != NULL &&
	    (domain_parse(span_of_text(given.author_domain), &domain) !=
		     DOMAIN_OK ||
	     dname_parse(domain_span(&domain), &author) != DNAME_OK))
		return SESAME_ERR_DOMAIN;
	m = mem_new(sizeof(*m));
	arena_init(&m->arena, DMARC_ARENA_MAX + RESULTS_ARENA_MAX);
	dns_init(&m->dns);
	if (given.author_domain.ptr != NULL)
		dmarc_init(&m->dmarc, &author, &m->arena);
	else
		dmarc_init_no_author(&m->dmarc, &m->arena);
	*ret = m;
	return SESAME_OK;
}

void
sesame_dmarc_free(struct sesame_dmarc *dmarc)
{
	if (dmarc == NULL)
		return;
	dns_release(&dmarc->dns);
	arena_release(&dmarc->arena);
	free(dmarc);
}

/* Adds an identifier. */
static enum sesame_status
add(struct sesame_dmarc *m, bool spf, struct sesame_text domain,
    enum dmarc_auth auth)
{
	struct dname name;

	if (m->started)
		return SESAME_ERR_ORDER;
	if (m->identifiers == SESAME_DMARC_IDENTIFIERS_MAX)
		return SESAME_ERR_TOO_BIG;
	if (!name_of_text(domain, &name))
		return SESAME_ERR_DOMAIN;
	m->identifiers++;
	dmarc_add(&m->dmarc, spf, &name, auth);
	return SESAME_OK;
}

static enum dmarc_auth
auth_of(bool pass, bool error)
{
	if (pass)
		return DMARC_AUTH_PASS;
	return error ? DMARC_AUTH_ERROR : DMARC_AUTH_FAIL;
}

enum sesame_status
sesame_dmarc_add_spf(struct sesame_dmarc *dmarc, struct sesame_text domain,
		     enum sesame_spf_code code)
{
	return add(
		dmarc, true, domain,
		auth_of(code == SESAME_SPF_PASS, code == SESAME_SPF_TEMPERROR));
}

enum sesame_status
sesame_dmarc_add_dkim(struct sesame_dmarc *dmarc, struct sesame_text domain,
		      enum sesame_dkim_code code)
{
	return add(dmarc, false, domain,
		   auth_of(code == SESAME_DKIM_PASS,
			   code == SESAME_DKIM_TEMPERROR));
}

struct sesame_dns *
sesame_dmarc_dns(struct sesame_dmarc *dmarc)
{
	if (!dmarc->started) {
		dmarc->started = true;
		dns_start(&dmarc->dns, &machine, &dmarc->dmarc, dmarc);
	}
	return &dmarc->dns;
}

const struct sesame_dmarc_result *
sesame_dmarc_result(const struct sesame_dmarc *dmarc)
{
	return dmarc->dns.done ? &dmarc->result : NULL;
}

const char *
sesame_dmarc_name(enum sesame_dmarc_code code)
{
	static const char *const name[] = {
		[SESAME_DMARC_NONE] = "none",
		[SESAME_DMARC_PASS] = "pass",
		[SESAME_DMARC_FAIL] = "fail",
		[SESAME_DMARC_TEMPERROR] = "temperror",
		[SESAME_DMARC_PERMERROR] = "permerror",
	};

	return (unsigned)code < COUNT(name) ? name[code] : "permerror";
}

const char *
sesame_policy_name(enum sesame_dmarc_policy policy)
{
	static const char *const name[] = {
		[SESAME_POLICY_ABSENT] = "",
		[SESAME_POLICY_NONE] = "none",
		[SESAME_POLICY_QUARANTINE] = "quarantine",
		[SESAME_POLICY_REJECT] = "reject",
	};

	return (unsigned)policy < COUNT(name) ? name[policy] : "";
}
