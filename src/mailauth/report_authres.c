/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/report_authres.h"

#include <assert.h>

#include "text/base64.h"

/* DKIM signatures, SPF of two identities, DMARC and ARC. */
#define RESULTS_MAX (DKIM_VERIFY_MAX + 4)
/* Characters of b= that tell one signature from another (RFC 6008 s4). */
#define B_CHARACTERS 8
/* Properties of a result: the most are a signature's. */
#define OWN_PROPERTIES_MAX 8

/* What is being made. */
struct making {
	struct arena *arena;
	struct authres_result *result;
	size_t len;                        /* of result */
	struct authres_property *property; /* of the newest result */
};

/* Adds a result without properties yet. */
static struct authres_result *
add_result(struct making *m, const char *method, const char *value)
{
	struct authres_result *r = &m->result[m->len++];

	assert(m->len <= RESULTS_MAX);
	m->property =
		arena_array(m->arena, OWN_PROPERTIES_MAX, sizeof(*m->property));
	*r = (struct authres_result){
		.method = span_of(method),
		.version = 1,
		.value = span_of(value),
		.reason = SPAN(""),
		.property = m->property,
	};
	return r;
}

/* Adds a property to the newest result, unless it has no value. */
static void
add_property(struct making *m, const char *type, const char *name,
	     struct span value)
{
	struct authres_result *r = &m->result[m->len - 1];

	if (value.len == 0 || m->property == NULL)
		return;
	assert(r->properties < OWN_PROPERTIES_MAX);
	m->property[r->properties++] =
		(struct authres_property){span_of(type), span_of(name), value};
}

/* The first characters of b=, which tell signatures of one key apart. */
static struct span
start_of_b(const struct dkim_signature *s, struct arena *arena)
{
	CLEANUP(buf_release)
	struct buf text = BUF_INIT(BASE64_LEN(DKIM_SIGNATURE_MAX));

	base64_encode(s->signature, &text);
	return arena_copy(arena, span_head(buf_span(&text), B_CHARACTERS));
}

/* What local policy has to say of a signature; "" if nothing. */
static struct span
rules_of(const struct dkim_result *d)
{
	if (d->outcome != DKIM_PASS)
		return SPAN("");
	if (!d->dmarc_eligible)
		return SPAN("unsigned-body");
	return d->testing ? SPAN("testing-key") : SPAN("");
}

static void
add_dkim(struct making *m, const struct dkim_result *d)
{
	const struct dkim_signature *s = &d->signature;
	struct authres_result *r;

	r = add_result(m, "dkim", dkim_outcome_name(d->outcome));
	if (d->outcome != DKIM_PASS || !d->dmarc_eligible)
		r->reason = span_of(dkim_result_text(d));
	add_property(m, "header", "d", domain_span(&s->domain));
	add_property(m, "header", "i", s->identity);
	add_property(m, "header", "s", s->selector);
	if (s->algorithm != 0)
		add_property(m, "header", "a",
			     span_of(dkim_algorithm_name(s->algorithm)));
	if (s->signature.len > 0)
		add_property(m, "header", "b", start_of_b(s, m->arena));
	add_property(m, "policy", "dkim-rules", rules_of(d));
}

static void
add_spf(struct making *m, const struct spf_result *s, struct span mail_from)
{
	struct authres_result *r;

	r = add_result(m, "spf", spf_verdict_name(s->verdict));
	if (s->verdict != SPF_PASS)
		r->reason = span_of(spf_reason_text(s->reason));
	if (s->identity == SPF_HELO)
		add_property(m, "smtp", "helo", s->domain);
	else
		add_property(m, "smtp", "mailfrom",
			     mail_from.len > 0 ? mail_from : s->domain);
}

static void
add_dmarc(struct making *m, const struct report *report)
{
	const struct dmarc_result *d = &report->dmarc;
	struct authres_result *r;

	r = add_result(m, "dmarc", dmarc_verdict_name(d->verdict));
	if (d->verdict != DMARC_VERDICT_PASS)
		r->reason = span_of(dmarc_reason_text(d->reason));
	if (report->from.status == AUTHOR_OK)
		add_property(m, "header", "from",
			     domain_span(&report->from.domain));
	if (d->source != DMARC_SOURCE_NOWHERE)
		add_property(m, "policy", "dmarc",
			     span_of(dmarc_policy_name(d->effective)));
}

static void
add_arc(struct making *m, const struct report *report)
{
	const struct arc_result *a = &report->arc;
	struct spf_ip_text ip = spf_ip_format(&report->transport.ip);
	struct authres_result *r;

	r = add_result(m, "arc", arc_verdict_name(a->verdict));
	if (a->verdict == ARC_FAIL)
		r->reason = span_of(arc_reason_text(a->reason));
	if (report->transport.has_ip)
		add_property(m, "smtp", "remote-ip",
			     arena_copy(m->arena, span_of(ip.s)));
}

void
report_authres_results(const struct report *report, struct span authserv_id,
		       struct arena *arena, struct authres *ret)
{
	struct making m = {.arena = arena};

	m.result = arena_array(arena, RESULTS_MAX, sizeof(*m.result));
	*ret = (struct authres){.authserv_id = authserv_id, .version = 1};
	if (m.result == NULL)
		return;
	if (report->has_spf)
		add_spf(&m, &report->spf, report->transport.mail_from);
	if (report->has_helo)
		add_spf(&m, &report->helo, SPAN(""));
	for (size_t i = 0; i < report->signatures; i++)
		add_dkim(&m, &report->dkim[i]);
	if (report->signatures == 0)
		add_result(&m, "dkim", dkim_outcome_name(DKIM_NONE));
	add_dmarc(&m, report);
	if (report->arc.verdict != ARC_NONE)
		add_arc(&m, report);
	ret->result = m.result;
	ret->len = m.len;
}

void
report_authres(const struct report *report, struct span authserv_id,
	       struct buf *to)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(REPORT_AUTHRES_ARENA);
	struct authres a;

	report_authres_results(report, authserv_id, &arena, &a);
	authres_format(&a, to);
}
