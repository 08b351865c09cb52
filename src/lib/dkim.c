/* SPDX-License-Identifier: Apache-2.0 */
#include <sesame/mailauth/dkim.h>

#include <stdlib.h>

#include "base/mem.h"
#include "lib/cache.h"
#include "lib/convert.h"
#include "lib/dns.h"
#include "lib/message.h"

struct sesame_dkim {
	struct arena arena; /* of all that follows */
	struct message message;
	struct dkim_verify_input input;
	struct domain author;
	struct dkim_verify *verify; /* once the header is there */
	struct sesame_dns dns;
	struct sesame_dkim_result result[DKIM_VERIFY_MAX];
	size_t count;
	size_t skipped;
	enum sesame_dkim_code outcome;
};

enum sesame_dkim_code
code_of_dkim(enum dkim_outcome outcome)
{
	switch (outcome) {
	case DKIM_NONE:
		return SESAME_DKIM_NONE;
	case DKIM_PASS:
		return SESAME_DKIM_PASS;
	case DKIM_FAIL:
		return SESAME_DKIM_FAIL;
	case DKIM_TEMPERROR:
		return SESAME_DKIM_TEMPERROR;
	case DKIM_PERMERROR:
		break;
	}
	return SESAME_DKIM_PERMERROR;
}

static enum sesame_dkim_reason
reason_of(enum dkim_reason reason)
{
	switch (reason) {
	case DKIM_REASON_OK:
		return SESAME_DKIM_GOOD;
	case DKIM_REASON_SHA1:
		return SESAME_DKIM_SHA1;
	case DKIM_REASON_EXPIRED:
		return SESAME_DKIM_EXPIRED;
	case DKIM_REASON_FUTURE:
		return SESAME_DKIM_FUTURE;
	case DKIM_REASON_DNS:
		return SESAME_DKIM_DNS;
	case DKIM_REASON_NO_KEY:
		return SESAME_DKIM_NO_KEY;
	case DKIM_REASON_KEY_RECORD:
		return SESAME_DKIM_KEY_RECORD;
	case DKIM_REASON_MANY_KEYS:
		return SESAME_DKIM_MANY_KEYS;
	case DKIM_REASON_KEY_TYPE:
		return SESAME_DKIM_KEY_TYPE;
	case DKIM_REASON_KEY_STRICT:
		return SESAME_DKIM_KEY_STRICT;
	case DKIM_REASON_LENGTH:
		return SESAME_DKIM_LENGTH;
	case DKIM_REASON_BODY:
		return SESAME_DKIM_BODY;
	case DKIM_REASON_HEADER:
		return SESAME_DKIM_HEADER;
	case DKIM_REASON_SIGNATURE:
		break;
	}
	return SESAME_DKIM_MALFORMED;
}

/* The name of a=, if it was read. */
static struct span
algorithm_of(const struct dkim_signature *s)
{
	switch (s->algorithm) {
	case DKIM_RSA_SHA256:
	case DKIM_ED25519_SHA256:
	case DKIM_RSA_SHA1:
		return span_of(dkim_algorithm_name(s->algorithm));
	}
	return SPAN("");
}

/* A span that was set, or "". */
static struct span
or_empty(struct span s)
{
	return s.ptr != NULL ? s : SPAN("");
}

void
result_of_dkim(const struct dkim_result *dkim,
	       const struct header_block *header, struct arena *arena,
	       struct sesame_dkim_result *ret)
{
	const struct dkim_signature *s = &dkim->signature;

	*ret = (struct sesame_dkim_result){
		.code = code_of_dkim(dkim->outcome),
		.reason = reason_of(dkim->reason),
		.reason_text = dkim_result_text(dkim),
		.domain = text_copy(arena, domain_span(&s->domain)),
		.selector = text_copy(arena, or_empty(s->selector)),
		.identity = text_copy(arena, or_empty(s->identity)),
		.algorithm = text_of_span(algorithm_of(s)),
		.record = text_copy(arena, or_empty(dkim->record)),
		.bits = dkim->bits,
		.time_s = s->time,
		.expiry_s = s->expiry,
		.testing = dkim->testing,
		.authentic = dkim->authentic,
		.dmarc_eligible = dkim->dmarc_eligible,
		.body_rest = dkim->body_rest,
		.field = (size_t)(dkim->field - header->field),
	};
}

static void
finish(void *object)
{
	struct sesame_dkim *m = object;
	const struct dkim_result *result =
		dkim_verify_results(m->verify, &m->count);

	for (size_t i = 0; i < m->count; i++)
		result_of_dkim(&result[i], &m->message.header, &m->arena,
			       &m->result[i]);
	m->skipped = dkim_verify_skipped(m->verify);
	m->outcome = code_of_dkim(dkim_verify_outcome(m->verify));
}

DNS_MACHINE(machine, dkim_verify, struct dkim_verify, finish);

static void
take_header(void *context)
{
	struct sesame_dkim *m = context;

	m->verify = dkim_verify_new(&m->message.header, &m->input, &m->arena);
}

static void
take_body(void *context, struct span bytes)
{
	struct sesame_dkim *m = context;

	dkim_verify_feed(m->verify, bytes);
}

enum sesame_status
sesame_dkim_new(const struct sesame_dkim_input *in, struct sesame_dkim **ret)
{
	struct sesame_dkim_input given = {.size = 0};
	struct sesame_dkim *m;
	struct domain author = {.len = 0};

	if (!input_take(in, &given, sizeof(given)) ||
	    (given.flags & ~(unsigned)SESAME_UNIX_LINES) != 0)
		return SESAME_ERR_ARGUMENT;
	if (given.author_domain.ptr != NULL &&
	    domain_parse(span_of_text(given.author_domain), &author) !=
		    DOMAIN_OK)
		return SESAME_ERR_DOMAIN;
	m = mem_new(sizeof(*m));
	arena_init(&m->arena,
		   MESSAGE_ARENA_MAX + DKIM_VERIFY_ARENA + RESULTS_ARENA_MAX);
	message_init(&m->message, (given.flags & SESAME_UNIX_LINES) != 0,
		     (struct message_to){take_header, take_body, m}, &m->arena);
	dns_init(&m->dns);
	m->author = author;
	m->input.now = given.time_ms;
	m->input.from = author.len > 0 ? &m->author : NULL;
	m->input.keys = given.cache != NULL ? given.cache->keys : NULL;
	*ret = m;
	return SESAME_OK;
}

void
sesame_dkim_free(struct sesame_dkim *dkim)
{
	if (dkim == NULL)
		return;
	dkim_verify_free(dkim->verify);
	message_release(&dkim->message);
	dns_release(&dkim->dns);
	arena_release(&dkim->arena);
	free(dkim);
}

enum sesame_status
sesame_dkim_feed(struct sesame_dkim *dkim, const void *bytes, size_t len)
{
	return message_feed(&dkim->message, span_bytes(bytes, len))
		       ? SESAME_OK
		       : SESAME_ERR_ORDER;
}

enum sesame_status
sesame_dkim_end(struct sesame_dkim *dkim)
{
	if (!message_end(&dkim->message))
		return SESAME_ERR_ORDER;
	dkim_verify_end(dkim->verify);
	dns_start(&dkim->dns, &machine, dkim->verify, dkim);
	return SESAME_OK;
}

struct sesame_dns *
sesame_dkim_dns(struct sesame_dkim *dkim)
{
	return &dkim->dns;
}

size_t
sesame_dkim_count(const struct sesame_dkim *dkim)
{
	return dkim->count;
}

size_t
sesame_dkim_skipped(const struct sesame_dkim *dkim)
{
	return dkim->skipped;
}

const struct sesame_dkim_result *
sesame_dkim_result(const struct sesame_dkim *dkim, size_t i)
{
	return i < dkim->count ? &dkim->result[i] : NULL;
}

enum sesame_dkim_code
sesame_dkim_outcome(const struct sesame_dkim *dkim)
{
	return dkim->outcome;
}

const char *
sesame_dkim_name(enum sesame_dkim_code code)
{
	static const char *const name[] = {
		[SESAME_DKIM_NONE] = "none",
		[SESAME_DKIM_PASS] = "pass",
		[SESAME_DKIM_FAIL] = "fail",
		[SESAME_DKIM_PERMERROR] = "permerror",
		[SESAME_DKIM_TEMPERROR] = "temperror",
	};

	return (unsigned)code < COUNT(name) ? name[code] : "permerror";
}
