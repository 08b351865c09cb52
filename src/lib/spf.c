/* SPDX-License-Identifier: Apache-2.0 */
#include <sesame/mailauth/spf.h>

#include <stdlib.h>

#include "base/mem.h"
#include "lib/cache.h"
#include "lib/convert.h"
#include "lib/dns.h"

struct sesame_spf {
	struct arena arena; /* of the machine, and of the result */
	struct spf spf;
	struct sesame_dns dns;
	struct sesame_spf_result result;
};

static enum sesame_spf_code
code_of(enum spf_verdict verdict)
{
	switch (verdict) {
	case SPF_NONE:
		return SESAME_SPF_NONE;
	case SPF_NEUTRAL:
		return SESAME_SPF_NEUTRAL;
	case SPF_PASS:
		return SESAME_SPF_PASS;
	case SPF_FAIL:
		return SESAME_SPF_FAIL;
	case SPF_SOFTFAIL:
		return SESAME_SPF_SOFTFAIL;
	case SPF_TEMPERROR:
		return SESAME_SPF_TEMPERROR;
	case SPF_PERMERROR:
		break;
	}
	return SESAME_SPF_PERMERROR;
}

static enum sesame_spf_reason
reason_of(enum spf_reason reason)
{
	switch (reason) {
	case SPF_REASON_MATCH:
		return SESAME_SPF_MATCHED;
	case SPF_REASON_DEFAULT:
		return SESAME_SPF_UNMATCHED;
	case SPF_REASON_DOMAIN:
		return SESAME_SPF_NO_DOMAIN;
	case SPF_REASON_NO_RECORD:
		return SESAME_SPF_NO_RECORD;
	case SPF_REASON_RECORDS:
		return SESAME_SPF_RECORDS;
	case SPF_REASON_SYNTAX:
		return SESAME_SPF_SYNTAX;
	case SPF_REASON_DNS:
		return SESAME_SPF_DNS;
	case SPF_REASON_INCLUDE:
	case SPF_REASON_REDIRECT:
		return SESAME_SPF_NO_INCLUDE;
	case SPF_REASON_LOOKUPS:
	case SPF_REASON_VOIDS:
	case SPF_REASON_MX:
	case SPF_REASON_QUESTIONS:
	case SPF_REASON_TOO_BIG:
		break;
	}
	return SESAME_SPF_LIMIT;
}

void
result_of_spf(const struct spf_result *spf, struct arena *arena,
	      struct sesame_spf_result *ret)
{
	*ret = (struct sesame_spf_result){
		.code = code_of(spf->verdict),
		.reason = reason_of(spf->reason),
		.reason_text = spf->reason == SPF_REASON_SYNTAX
				       ? spf_record_strerror(spf->syntax)
				       : spf_reason_text(spf->reason),
		.identity = spf->identity == SPF_HELO ? SESAME_SPF_HELO
						      : SESAME_SPF_MAILFROM,
		.domain = text_copy(arena, spf->domain),
		.term = text_copy(arena, spf->term),
		.record = text_copy(arena, spf->record),
		.record_domain = text_copy(arena, spf->at),
		.explanation = text_copy(arena, spf->explanation),
		.lookups = spf->lookups,
		.voids = spf->voids,
		.questions = spf->questions,
	};
}

static void
finish(void *object)
{
	struct sesame_spf *m = object;

	result_of_spf(spf_result(&m->spf), &m->arena, &m->result);
}

DNS_MACHINE(machine, spf, struct spf, finish);

enum sesame_status
sesame_spf_new(const struct sesame_spf_input *in, struct sesame_spf **ret)
{
	struct sesame_spf_input given = {.size = 0};
	struct spf_input input = {.now = 0};
	struct sesame_spf *m;

	if (!input_take(in, &given, sizeof(given)))
		return SESAME_ERR_ARGUMENT;
	if (!spf_ip_parse(span_of_text(given.client_ip), &input.ip))
		return SESAME_ERR_ADDRESS;
	input.helo = span_of_text(given.helo);
	input.mail_from = bare_path(span_of_text(given.mail_from));
	input.receiver = span_of_text(given.receiver);
	input.now = given.time_ms;
	input.cache = given.cache != NULL ? given.cache->spf : NULL;
	m = mem_new(sizeof(*m));
	arena_init(&m->arena, SPF_ARENA_MAX + RESULTS_ARENA_MAX);
	dns_init(&m->dns);
	spf_init(&m->spf, &input, &m->arena);
	dns_start(&m->dns, &machine, &m->spf, m);
	*ret = m;
	return SESAME_OK;
}

void
sesame_spf_free(struct sesame_spf *spf)
{
	if (spf == NULL)
		return;
	dns_release(&spf->dns);
	arena_release(&spf->arena);
	free(spf);
}

struct sesame_dns *
sesame_spf_dns(struct sesame_spf *spf)
{
	return &spf->dns;
}

const struct sesame_spf_result *
sesame_spf_result(const struct sesame_spf *spf)
{
	return spf->dns.done ? &spf->result : NULL;
}

const char *
sesame_spf_name(enum sesame_spf_code code)
{
	static const char *const name[] = {
		[SESAME_SPF_NONE] = "none",
		[SESAME_SPF_NEUTRAL] = "neutral",
		[SESAME_SPF_PASS] = "pass",
		[SESAME_SPF_FAIL] = "fail",
		[SESAME_SPF_SOFTFAIL] = "softfail",
		[SESAME_SPF_TEMPERROR] = "temperror",
		[SESAME_SPF_PERMERROR] = "permerror",
	};

	return (unsigned)code < COUNT(name) ? name[code] : "permerror";
}
