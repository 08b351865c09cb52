/* SPDX-License-Identifier: Apache-2.0 */
#include <sesame/mailauth/verify.h>

#include <stdlib.h>

#include "base/mem.h"
#include "lib/cache.h"
#include "lib/convert.h"
#include "lib/dns.h"
#include "lib/message.h"
#include "mailauth/report_authres.h"
#include "mailauth/verify.h"

struct sesame_verify {
	struct arena arena;   /* of the machine */
	struct arena results; /* of what is given out */
	struct lines lines;
	bool ended;
	struct verify *verify;
	struct sesame_dns dns;
	struct sesame_verify_result result;
	struct sesame_spf_result spf, helo;
	struct sesame_dkim_result dkim[DKIM_VERIFY_MAX];
	struct sesame_dmarc_result dmarc;
	struct sesame_arc_result arc;
	struct buf report;         /* as text, once it was asked for */
	struct buf field;          /* Authentication-Results */
	struct sesame_field found; /* as last given out */
};

static enum sesame_verdict
verdict_of(enum report_verdict verdict)
{
	switch (verdict) {
	case REPORT_PASS:
		return SESAME_VERDICT_PASS;
	case REPORT_PARTLY:
		return SESAME_VERDICT_PARTLY;
	case REPORT_UNPROTECTED:
		return SESAME_VERDICT_UNPROTECTED;
	case REPORT_FAIL:
		return SESAME_VERDICT_FAIL;
	case REPORT_UNKNOWN:
		break;
	}
	return SESAME_VERDICT_UNKNOWN;
}

static enum sesame_turn
turn_of(enum report_turn turn)
{
	switch (turn) {
	case REPORT_TURN_NOBODY:
		return SESAME_TURN_NOBODY;
	case REPORT_TURN_OPERATOR:
		return SESAME_TURN_OPERATOR;
	case REPORT_TURN_SENDER:
		return SESAME_TURN_SENDER;
	case REPORT_TURN_FORWARDER:
		return SESAME_TURN_FORWARDER;
	case REPORT_TURN_RECEIVER:
		break;
	}
	return SESAME_TURN_RECEIVER;
}

/* Sets what is said of the whole. */
static void
set_result(struct sesame_verify *m, const struct report *r)
{
	bool author = r->from.status == AUTHOR_OK;

	m->result = (struct sesame_verify_result){
		.verdict = verdict_of(r->verdict),
		.verdict_text = report_verdict_text(r->verdict),
		.fact = report_fact_code(r->fact.kind),
		.turn = turn_of(r->fact.turn),
		.headline = text_copy(&m->results, r->fact.headline),
		.evidence = text_copy(&m->results, r->fact.evidence),
		.repair = text_copy(&m->results, r->fact.repair),
		.author = text_of_span(SPAN("")),
		.author_domain = text_of_span(SPAN("")),
		.author_name = text_of_span(SPAN("")),
		.author_text = author ? "" : author_fault(&r->from),
		.dkim = code_of_dkim(r->dkim_outcome),
		.dkim_count = r->signatures,
		.dkim_skipped = r->skipped,
		.spf_aligned = r->spf_aligned,
	};
	if (!author)
		return;
	m->result.author = text_copy(&m->results, r->from.address);
	m->result.author_name = text_copy(&m->results, r->from.display);
	m->result.author_domain =
		text_copy(&m->results, domain_span(&r->from.domain));
}

static void
finish(void *object)
{
	struct sesame_verify *m = object;
	const struct report *r = verify_report(m->verify);

	arena_release(&m->results);
	set_result(m, r);
	if (r->has_spf)
		result_of_spf(&r->spf, &m->results, &m->spf);
	if (r->has_helo)
		result_of_spf(&r->helo, &m->results, &m->helo);
	for (size_t i = 0; i < r->signatures; i++) {
		result_of_dkim(&r->dkim[i], verify_header(m->verify),
			       &m->results, &m->dkim[i]);
		m->dkim[i].aligned = r->dkim_aligned[i];
	}
	result_of_dmarc(&r->dmarc, &m->results, &m->dmarc);
	result_of_arc(&r->arc, &m->results, &m->arc);
}

DNS_MACHINE(machine, verify, struct verify, finish);

/* Reads what is known of the transport. */
static enum sesame_status
read_input(const struct sesame_verify_input *in, struct report_transport *t)
{
	if ((in->flags & ~(unsigned)SESAME_UNIX_LINES) != 0)
		return SESAME_ERR_ARGUMENT;
	t->has_ip = in->client_ip.ptr != NULL;
	if (t->has_ip && !spf_ip_parse(span_of_text(in->client_ip), &t->ip))
		return SESAME_ERR_ADDRESS;
	t->helo = span_of_text(in->helo);
	t->has_mail_from = in->mail_from.ptr != NULL;
	t->mail_from = bare_path(span_of_text(in->mail_from));
	t->receiver = span_of_text(in->receiver);
	t->tls = span_of_text(in->tls);
	return SESAME_OK;
}

enum sesame_status
sesame_verify_new(const struct sesame_verify_input *in,
		  struct sesame_verify **ret)
{
	struct sesame_verify_input given = {.size = 0};
	struct report_transport transport = {.has_ip = false};
	enum sesame_status status;
	struct sesame_verify *m;

	if (!input_take(in, &given, sizeof(given)))
		return SESAME_ERR_ARGUMENT;
	status = read_input(&given, &transport);
	if (status != SESAME_OK)
		return status;
	m = mem_new(sizeof(*m));
	arena_init(&m->arena, VERIFY_ARENA_MAX);
	arena_init(&m->results, RESULTS_ARENA_MAX);
	buf_init(&m->report, REPORT_TEXT_MAX);
	buf_init(&m->field, REPORT_AUTHRES_MAX);
	dns_init(&m->dns);
	m->lines.unix_ends = (given.flags & SESAME_UNIX_LINES) != 0;
	m->verify = verify_new(&transport, given.time_ms, &m->arena);
	if (given.cache != NULL) {
		verify_use_keys(m->verify, given.cache->keys);
		verify_use_records(m->verify, given.cache->spf);
	}
	*ret = m;
	return SESAME_OK;
}

void
sesame_verify_free(struct sesame_verify *verify)
{
	if (verify == NULL)
		return;
	verify_free(verify->verify);
	dns_release(&verify->dns);
	buf_release(&verify->report);
	buf_release(&verify->field);
	arena_release(&verify->results);
	arena_release(&verify->arena);
	free(verify);
}

static void
take(void *context, struct span bytes)
{
	verify_feed(context, bytes);
}

enum sesame_status
sesame_verify_feed(struct sesame_verify *verify, const void *bytes, size_t len)
{
	if (verify->ended)
		return SESAME_ERR_ORDER;
	lines_feed(&verify->lines, span_bytes(bytes, len), take,
		   verify->verify);
	return SESAME_OK;
}

enum sesame_status
sesame_verify_end(struct sesame_verify *verify)
{
	if (verify->ended)
		return SESAME_ERR_ORDER;
	verify->ended = true;
	verify_end(verify->verify);
	dns_start(&verify->dns, &machine, verify->verify, verify);
	return SESAME_OK;
}

struct sesame_dns *
sesame_verify_dns(struct sesame_verify *verify)
{
	return &verify->dns;
}

/* Makes `bytes` one text with CRLF line ends. */
static void
gather(void *context, struct span bytes)
{
	buf_add(context, bytes);
}

enum sesame_status
sesame_verify_explain(struct sesame_verify *verify, const void *message,
		      size_t len)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(2 * len);
	struct lines lines = {.unix_ends = verify->lines.unix_ends};

	if (!verify->dns.done)
		return SESAME_ERR_ORDER;
	if (len > SESAME_EXPLAIN_MAX)
		return SESAME_ERR_TOO_BIG;
	lines_feed(&lines, span_bytes(message, len), gather, &text);
	verify_explain(verify->verify, buf_span(&text));
	buf_clear(&verify->report);
	finish(verify);
	return SESAME_OK;
}

const struct sesame_verify_result *
sesame_verify_result(const struct sesame_verify *verify)
{
	return verify->dns.done ? &verify->result : NULL;
}

const struct sesame_spf_result *
sesame_verify_spf(const struct sesame_verify *verify)
{
	if (!verify->dns.done || !verify_report(verify->verify)->has_spf)
		return NULL;
	return &verify->spf;
}

const struct sesame_spf_result *
sesame_verify_helo(const struct sesame_verify *verify)
{
	if (!verify->dns.done || !verify_report(verify->verify)->has_helo)
		return NULL;
	return &verify->helo;
}

const struct sesame_dkim_result *
sesame_verify_dkim(const struct sesame_verify *verify, size_t i)
{
	if (!verify->dns.done || i >= verify->result.dkim_count)
		return NULL;
	return &verify->dkim[i];
}

const struct sesame_dmarc_result *
sesame_verify_dmarc(const struct sesame_verify *verify)
{
	return verify->dns.done ? &verify->dmarc : NULL;
}

const struct sesame_arc_result *
sesame_verify_arc(const struct sesame_verify *verify)
{
	return verify->dns.done ? &verify->arc : NULL;
}

struct sesame_text
sesame_verify_report(struct sesame_verify *verify)
{
	if (verify->dns.done && verify->report.len == 0)
		report_text(verify_report(verify->verify), &verify->report);
	return text_of_span(buf_span(&verify->report));
}

struct sesame_text
sesame_verify_authres(struct sesame_verify *verify,
		      struct sesame_text authserv_id)
{
	struct span id = span_of_text(authserv_id);

	buf_clear(&verify->field);
	if (verify->dns.done && is_authserv_id(id)) {
		buf_adds(&verify->field, "Authentication-Results: ");
		report_authres(verify_report(verify->verify), id,
			       &verify->field);
		buf_adds(&verify->field, "\r\n");
	}
	return text_of_span(buf_span(&verify->field));
}

const struct sesame_field *
sesame_verify_forged(struct sesame_verify *verify,
		     struct sesame_text authserv_id, size_t i)
{
	struct span id = span_of_text(authserv_id);
	const struct header_block *header;
	size_t offset = 0, index = 0;

	if (!verify->ended || id.len == 0)
		return NULL;
	header = verify_header(verify->verify);
	for (size_t k = 0; k < header->len; k++) {
		const struct header_field *field = &header->field[k];
		size_t at = offset;

		offset += field->raw.len;
		if (!header_is(field, SPAN("Authentication-Results")))
			continue;
		index++;
		if (!authres_claims(field, id) || i-- > 0)
			continue;
		verify->found =
			(struct sesame_field){at, field->raw.len, index};
		return &verify->found;
	}
	return NULL;
}
