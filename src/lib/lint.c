/* SPDX-License-Identifier: Apache-2.0 */
#include <sesame/mailauth/lint.h>

#include <stdlib.h>

#include "base/mem.h"
#include "lib/convert.h"
#include "lib/dns.h"
#include "mailauth/dmarc_lint.h"
#include "mailauth/spf_lint.h"

/* Octets of the longest record that is looked at, of either kind. */
#define RECORD_MAX ((size_t)65535)

#define FINDINGS                                                               \
	(SPF_FINDINGS_MAX > DMARC_FINDINGS_MAX ? SPF_FINDINGS_MAX              \
					       : DMARC_FINDINGS_MAX)

struct sesame_lint {
	struct arena arena; /* of all that follows */
	bool done;          /* the findings stand */
	union {
		struct spf_lint spf;
		struct dmarc_lint dmarc;
	};
	struct sesame_dns dns;
	struct sesame_finding finding[FINDINGS];
	size_t len; /* of finding */
	size_t more;
	bool unknown;
};

/* Adds a finding. */
static void
add(struct sesame_lint *m, int severity, const char *name, struct span domain,
    struct span term, struct span what, struct span repair)
{
	m->finding[m->len++] = (struct sesame_finding){
		.severity = (enum sesame_severity)severity,
		.name = name,
		.domain = text_copy(&m->arena, domain),
		.term = text_copy(&m->arena, term),
		.what = text_copy(&m->arena, what),
		.repair = text_copy(&m->arena, repair),
	};
}

_Static_assert((int)SESAME_ERROR == (int)SPF_LINT_ERROR &&
		       (int)SESAME_NOTE == (int)SPF_LINT_NOTE,
	       "severities are the same");
_Static_assert((int)SESAME_ERROR == (int)DMARC_LINT_ERROR &&
		       (int)SESAME_NOTE == (int)DMARC_LINT_NOTE,
	       "severities are the same");

static void
take_spf(struct sesame_lint *m, const struct spf_findings *f)
{
	for (size_t i = 0; i < f->len; i++) {
		const struct spf_finding *one = &f->finding[i];
		struct spf_lint_text what = spf_lint_what(one);

		add(m, (int)spf_lint_severity_of(one->code),
		    spf_lint_name(one->code), one->domain, one->term,
		    span_of(what.s), span_of(spf_lint_repair(one)));
	}
	m->more = f->more;
	m->done = true;
}

static void
take_dmarc(struct sesame_lint *m, const struct dmarc_findings *f,
	   struct span domain)
{
	for (size_t i = 0; i < f->len; i++) {
		const struct dmarc_finding *one = &f->finding[i];

		add(m, (int)one->severity, one->name, domain, one->tag,
		    one->what, one->repair);
	}
	m->more = f->more;
	m->done = true;
}

static void
finish_spf(void *object)
{
	struct sesame_lint *m = object;

	take_spf(m, &m->spf.findings);
	m->unknown = m->spf.unknown;
}

static void
finish_dmarc(void *object)
{
	struct sesame_lint *m = object;
	struct dname_text text;

	take_dmarc(m, &m->dmarc.findings,
		   m->dmarc.has_record ? dname_print(&m->dmarc.at, &text)
				       : SPAN(""));
	m->unknown = m->dmarc.unknown;
}

DNS_MACHINE(spf_machine, spf_lint, struct spf_lint, finish_spf);
DNS_MACHINE(dmarc_machine, dmarc_lint, struct dmarc_lint, finish_dmarc);

/* Looks at a text alone. */
static void
look_at(struct sesame_lint *m, enum sesame_lint_kind kind, struct span text)
{
	if (kind == SESAME_LINT_SPF) {
		spf_findings_init(&m->spf.findings);
		spf_lint_record(text, &m->spf.findings);
		take_spf(m, &m->spf.findings);
	} else {
		dmarc_findings_init(&m->dmarc.findings, &m->arena);
		dmarc_lint_record(text, &m->dmarc.findings);
		take_dmarc(m, &m->dmarc.findings, SPAN(""));
	}
}

/* Begins to look at a domain. */
static void
start_on(struct sesame_lint *m, enum sesame_lint_kind kind,
	 const struct dname *domain)
{
	if (kind == SESAME_LINT_SPF) {
		spf_lint_init(&m->spf, domain, &m->arena);
		dns_start(&m->dns, &spf_machine, &m->spf, m);
	} else {
		dmarc_lint_init(&m->dmarc, domain, NULL, &m->arena);
		dns_start(&m->dns, &dmarc_machine, &m->dmarc, m);
	}
}

enum sesame_status
sesame_lint_new(const struct sesame_lint_input *in, struct sesame_lint **ret)
{
	struct sesame_lint_input given = {.size = 0};
	struct sesame_lint *m;
	struct dname domain;

	if (!input_take(in, &given, sizeof(given)) ||
	    (given.kind != SESAME_LINT_SPF &&
	     given.kind != SESAME_LINT_DMARC) ||
	    (given.record.ptr != NULL) == (given.domain.ptr != NULL))
		return SESAME_ERR_ARGUMENT;
	if (given.domain.ptr != NULL && !name_of_text(given.domain, &domain))
		return SESAME_ERR_DOMAIN;
	if (given.record.len > RECORD_MAX)
		return SESAME_ERR_TOO_BIG;
	m = mem_new(sizeof(*m));
	arena_init(&m->arena, (SPF_LINT_ARENA_MAX > DMARC_LINT_ARENA_MAX
				       ? SPF_LINT_ARENA_MAX
				       : DMARC_LINT_ARENA_MAX) +
				      RESULTS_ARENA_MAX);
	dns_init(&m->dns);
	if (given.record.ptr != NULL)
		look_at(m, given.kind,
			arena_copy(&m->arena, span_of_text(given.record)));
	else
		start_on(m, given.kind, &domain);
	*ret = m;
	return SESAME_OK;
}

void
sesame_lint_free(struct sesame_lint *lint)
{
	if (lint == NULL)
		return;
	dns_release(&lint->dns);
	arena_release(&lint->arena);
	free(lint);
}

struct sesame_dns *
sesame_lint_dns(struct sesame_lint *lint)
{
	return &lint->dns;
}

const struct sesame_finding *
sesame_lint_finding(const struct sesame_lint *lint, size_t i)
{
	return lint->done && i < lint->len ? &lint->finding[i] : NULL;
}

size_t
sesame_lint_more(const struct sesame_lint *lint)
{
	return lint->more;
}

bool
sesame_lint_incomplete(const struct sesame_lint *lint)
{
	return !lint->done || lint->unknown;
}

const char *
sesame_severity_name(enum sesame_severity severity)
{
	static const char *const name[] = {
		[SESAME_NOTE] = "note",
		[SESAME_WARNING] = "warning",
		[SESAME_ERROR] = "error",
	};

	return (unsigned)severity < COUNT(name) ? name[severity] : "error";
}
