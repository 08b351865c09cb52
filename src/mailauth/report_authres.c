/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/report_authres.h"

#include "text/base64.h"

/* SPF of two identities, each signature, DMARC, ARC. */
#define RESULTS    (DKIM_VERIFY_MAX + 4)
#define PROPERTIES 4 /* of one result */
/* Characters of b= that tell a signature from others (RFC 6008 section 4). */
#define B_CHARACTERS 8

/* What the field is made of. */
struct results {
	struct authres_result result[RESULTS];
	struct authres_property property[RESULTS][PROPERTIES];
	char b[DKIM_VERIFY_MAX][B_CHARACTERS]; /* of each signature */
	struct dname_text author;
	size_t len; /* of result */
};

static void
add_result(struct results *all, const char *method, const char *value,
	   const char *reason)
{
	all->result[all->len] = (struct authres_result){
		.method = span_of(method),
		.version = 1,
		.value = span_of(value),
		.reason = span_of(reason),
		.property = all->property[all->len],
	};
	all->len++;
}

/* Gives the last result a property, unless there is nothing to say. */
static void
add_property(struct results *all, const char *type, const char *name,
	     struct span value)
{
	struct authres_result *result = &all->result[all->len - 1];

	if (value.len == 0)
		return;
	all->property[all->len - 1][result->properties++] =
		(struct authres_property){span_of(type), span_of(name), value};
}

static void
add_spf(struct results *all, const struct report *report,
	const struct spf_result *spf)
{
	add_result(all, "spf", spf_verdict_name(spf->verdict), "");
	if (spf->identity == SPF_HELO)
		add_property(all, "smtp", "helo", spf->domain);
	else
		add_property(all, "smtp", "mailfrom",
			     report->transport.mail_from);
}

/* Borrows the first characters of b=, as base64. */
static struct span
first_of_b(struct results *all, size_t i, struct span signature)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(64);

	/* eight characters are six octets */
	if (signature.len < 6)
		return SPAN("");
	base64_encode(span_head(signature, 6), &text);
	memcpy(all->b[i], text.ptr, B_CHARACTERS);
	return span_bytes(all->b[i], B_CHARACTERS);
}

static void
add_dkim(struct results *all, const struct dkim_result *dkim, size_t i)
{
	const struct dkim_signature *s = &dkim->signature;
	bool good = dkim->outcome == DKIM_PASS;

	add_result(all, "dkim", dkim_outcome_name(dkim->outcome),
		   good ? "" : dkim_result_text(dkim));
	add_property(all, "header", "d", domain_span(&s->domain));
	if (s->selector.len > 0)
		add_property(all, "header", "s", s->selector);
	if (dkim->signature_status != DKIM_SIGNATURE_OK)
		return;
	add_property(all, "header", "a",
		     span_of(dkim_algorithm_name(s->algorithm)));
	add_property(all, "header", "b", first_of_b(all, i, s->signature));
}

static void
add_dmarc(struct results *all, const struct dmarc_result *dmarc)
{
	add_result(all, "dmarc", dmarc_verdict_name(dmarc->verdict), "");
	if (dmarc->reason != DMARC_REASON_NO_AUTHOR)
		add_property(all, "header", "from",
			     dname_print(&dmarc->author, &all->author));
}

void
report_authres(const struct report *r, struct span authserv_id, struct buf *to)
{
	struct results all = {.len = 0};
	struct authres field = {
		.authserv_id = authserv_id, .version = 1, .result = all.result};

	if (r->has_spf)
		add_spf(&all, r, &r->spf);
	if (r->has_helo)
		add_spf(&all, r, &r->helo);
	if (r->signatures == 0)
		add_result(&all, "dkim", "none", "");
	for (size_t i = 0; i < r->signatures && i < DKIM_VERIFY_MAX; i++)
		add_dkim(&all, &r->dkim[i], i);
	add_dmarc(&all, &r->dmarc);
	if (r->arc.verdict != ARC_NONE)
		add_result(&all, "arc", arc_verdict_name(r->arc.verdict),
			   r->arc.verdict == ARC_FAIL
				   ? arc_reason_text(r->arc.reason)
				   : "");
	field.len = all.len;
	authres_format(&field, to);
}
