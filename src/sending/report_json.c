/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/report_json.h"

#include "text/date.h"

/* Sets a member to `text`, or null if that is empty. */
static void
put(json_t *object, const char *name, struct span text)
{
	json_put(object, name,
		 text.len > 0 ? json_text_new(text) : json_null());
}

/* The terms by which SPF came to its result, from record to record. */
static json_t *
path_json(const struct spf_trace *trace)
{
	json_t *array = json_array_new();

	for (trace = report_path(trace); trace != NULL;
	     trace = report_path(trace->next))
		json_add_text(array, trace->text);
	return array;
}

json_t *
report_json_spf(const struct spf_result *r)
{
	json_t *json = json_object_new();

	json_put_int(json, "schema", REPORT_JSON_SCHEMA);
	json_puts(json, "result", spf_verdict_name(r->verdict));
	json_puts(json, "reason", spf_reason_text(r->reason));
	json_puts(json, "identity",
		  r->identity == SPF_HELO ? "helo" : "mailfrom");
	put(json, "domain", r->domain);
	put(json, "term", r->term);
	put(json, "record", r->record);
	put(json, "record_domain", r->at);
	put(json, "first_term", r->first);
	put(json, "syntax_error",
	    r->reason == SPF_REASON_SYNTAX
		    ? span_of(spf_record_strerror(r->syntax))
		    : SPAN(""));
	put(json, "explanation", r->explanation);
	if (r->trace != NULL)
		json_put(json, "path", path_json(r->trace));
	json_put_int(json, "lookups", r->lookups);
	json_put_int(json, "void_lookups", r->voids);
	json_put_int(json, "dns_questions", r->questions);
	return json;
}

/* Sets a member to the text of `name`, or null. */
static void
put_name(json_t *object, const char *name, const struct dname *domain,
	 bool there)
{
	struct dname_text text;

	put(object, name, there ? dname_print(domain, &text) : SPAN(""));
}

static json_t *
uris(const struct dmarc_uris *list)
{
	json_t *array = json_array_new();

	for (size_t i = 0; i < list->len; i++)
		json_add_text(array, list->uri[i]);
	return array;
}

/* The alignment of each identifier. */
static json_t *
identifiers(const struct dmarc_result *r)
{
	static const char *const auth[] = {
		[DMARC_AUTH_PASS] = "pass",
		[DMARC_AUTH_FAIL] = "fail",
		[DMARC_AUTH_ERROR] = "temperror",
	};
	json_t *array = json_array_new();

	for (size_t i = 0; i < r->identifiers; i++) {
		const struct dmarc_identifier *id = &r->identifier[i];
		json_t *one = json_object_new();

		json_puts(one, "method", id->spf ? "spf" : "dkim");
		put_name(one, "domain", &id->domain, true);
		json_puts(one, "result", auth[id->auth]);
		json_put_bool(one, "aligned", id->aligned);
		json_add(array, one);
	}
	return array;
}

static const char *
source_slug(enum dmarc_source source)
{
	static const char *const slug[] = {
		[DMARC_SOURCE_NOWHERE] = "",
		[DMARC_SOURCE_AUTHOR] = "author",
		[DMARC_SOURCE_ORG] = "org",
		[DMARC_SOURCE_PSD] = "psd",
	};
	return slug[source];
}

json_t *
report_json_dmarc(const struct dmarc_result *r)
{
	CLEANUP(buf_release) struct buf why = BUF_INIT(DMARC_POLICY_TEXT_MAX);
	bool there = r->source != DMARC_SOURCE_NOWHERE;
	json_t *json = json_object_new();

	dmarc_policy_text(r, &why);
	json_put_int(json, "schema", REPORT_JSON_SCHEMA);
	json_put_int(json, "rfc", r->rfc == DMARC_RFC7489 ? 7489 : 9989);
	json_puts(json, "result", dmarc_verdict_name(r->verdict));
	json_puts(json, "reason", dmarc_reason_text(r->reason));
	put_name(json, "author_domain", &r->author,
		 r->reason != DMARC_REASON_NO_AUTHOR);
	put_name(json, "org_domain", &r->org, r->has_org);
	put_name(json, "policy_domain", &r->policy_domain, there);
	put(json, "policy_source", span_of(source_slug(r->source)));
	put(json, "policy", span_of(dmarc_policy_name(r->policy)));
	put(json, "effective_policy", span_of(dmarc_policy_name(r->effective)));
	put(json, "policy_tag", span_of(dmarc_tag_name(r->tag)));
	put(json, "policy_reason", buf_span(&why));
	json_puts(json, "disposition", dmarc_disposition_name(r->disposition));
	json_puts(json, "advice", dmarc_disposition_text(r->disposition));
	put(json, "record", r->text);
	if (there) {
		json_put_bool(json, "spf_strict", r->record.aspf_strict);
		json_put_bool(json, "dkim_strict", r->record.adkim_strict);
		json_put_bool(json, "testing", r->record.testing);
		if (r->rfc == DMARC_RFC7489)
			json_put_int(json, "pct", r->pct);
		json_put(json, "rua", uris(&r->record.rua));
		json_put(json, "ruf", uris(&r->record.ruf));
	}
	json_put_bool(json, "spf_aligned", r->spf_aligned);
	json_put_bool(json, "dkim_aligned", r->dkim_aligned);
	json_put(json, "identifiers", identifiers(r));
	json_put_int(json, "dns_questions", r->questions);
	return json;
}

/* Sets a member to a time in RFC 3339, or null if it is not known. */
static void
put_time(json_t *object, const char *name, int64_t ms)
{
	struct date_text text = date_rfc3339_format(ms);

	put(object, name, ms > 0 ? span_of(text.s) : SPAN(""));
}

static json_t *
signature_json(const struct dkim_result *d)
{
	const struct dkim_signature *s = &d->signature;
	json_t *one = json_object_new();

	json_puts(one, "result", dkim_outcome_name(d->outcome));
	json_puts(one, "reason", dkim_result_text(d));
	put(one, "domain", domain_span(&s->domain));
	put(one, "selector", s->selector);
	put(one, "algorithm",
	    s->algorithm != 0 ? span_of(dkim_algorithm_name(s->algorithm))
			      : SPAN(""));
	put(one, "identity", s->identity);
	if (d->bits > 0)
		json_put_int(one, "key_bits", d->bits);
	else
		json_put(one, "key_bits", json_null());
	put(one, "key_record", d->record);
	json_put_bool(one, "testing", d->testing);
	json_put_bool(one, "dnssec", d->authentic);
	put_time(one, "signed_at", s->time > 0 ? s->time * 1000 : 0);
	put_time(one, "expires_at", s->expiry > 0 ? s->expiry * 1000 : 0);
	json_put_int(one, "unsigned_octets", (int64_t)d->body_rest);
	json_put_bool(one, "dmarc_eligible", d->dmarc_eligible);
	return one;
}

json_t *
report_json_dkim(enum dkim_outcome outcome, const struct dkim_result *result,
		 size_t len, size_t skipped)
{
	json_t *json = json_object_new(), *array = json_array_new();

	json_put_int(json, "schema", REPORT_JSON_SCHEMA);
	json_puts(json, "result", dkim_outcome_name(outcome));
	for (size_t i = 0; i < len; i++)
		json_add(array, signature_json(&result[i]));
	json_put(json, "signatures", array);
	json_put_int(json, "signatures_skipped", (int64_t)skipped);
	return json;
}

static json_t *
from_json(const struct author *from)
{
	json_t *json = json_object_new();

	json_put_bool(json, "usable", from->status == AUTHOR_OK);
	put(json, "fault",
	    from->status == AUTHOR_OK ? SPAN("") : span_of(author_fault(from)));
	put(json, "address", from->address);
	put(json, "domain",
	    from->status == AUTHOR_OK ? domain_span(&from->domain) : SPAN(""));
	put(json, "raw", from->raw);
	json_put_int(json, "fields", (int64_t)from->fields);
	return json;
}

static json_t *
transport_json(const struct report_transport *t)
{
	struct spf_ip_text ip = spf_ip_format(&t->ip);
	json_t *json = json_object_new();

	put(json, "client_ip", t->has_ip ? span_of(ip.s) : SPAN(""));
	put(json, "helo", t->helo);
	json_put(json, "mail_from",
		 t->has_mail_from ? json_text_new(t->mail_from) : json_null());
	put(json, "receiver", t->receiver);
	put(json, "tls", t->tls);
	put_time(json, "received_at", t->received);
	return json;
}

static json_t *
fact_json(const struct report_fact *f)
{
	json_t *json = json_object_new();

	json_puts(json, "code", report_fact_code(f->kind));
	json_put_text(json, "headline", f->headline);
	json_puts(json, "turn", report_turn_name(f->turn));
	json_puts(json, "turn_text", report_turn_text(f->turn));
	put(json, "evidence", f->evidence);
	put(json, "repair", f->repair);
	return json;
}

/* Sets a member to what a dkim_explained_ function says. */
static void
put_explained(json_t *json, const char *name, const struct dkim_explained *e,
	      void (*say)(const struct dkim_explained *e, struct buf *to))
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(REPORT_FACT_TEXT_MAX);

	if (e != NULL)
		say(e, &text);
	put(json, name, buf_span(&text));
}

/* Adds to a signature what only a whole report has. */
static void
evidence_json(const struct report *r, size_t i, json_t *json)
{
	const struct dkim_result *d = &r->dkim[i];
	const struct dkim_explained *e =
		r->explained != NULL ? &r->explained[i] : NULL;

	put_name(json, "key_name", &d->signature.key_name, r->key[i].asked);
	put(json, "key_dns",
	    r->key[i].asked ? span_of(dns_status_name(r->key[i].status))
			    : SPAN(""));
	put(json, "key_cname", r->key[i].alias);
	json_put_int(json, "key_ttl", d->ttl);
	json_put(json, "age", d->age >= 0 ? json_integer(d->age) : json_null());
	json_put(json, "body_as_signed",
		 d->body_checked ? json_boolean(d->body_good) : json_null());
	put_explained(json, "body_change", e, dkim_explained_body);
	put_explained(json, "header_change", e, dkim_explained_header);
	put(json, "changed_field", e != NULL ? e->field : SPAN(""));
	put(json, "fields_not_signed", r->not_signed[i]);
}

json_t *
report_json(const struct report *r)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(REPORT_TEXT_MAX);
	json_t *json = json_object_new();
	json_t *dkim = report_json_dkim(r->dkim_outcome, r->dkim, r->signatures,
					r->skipped);
	json_t *spf = r->has_spf ? report_json_spf(&r->spf) : json_null();

	report_text(r, &text);
	for (size_t i = 0; i < r->signatures; i++)
		evidence_json(
			r, i,
			json_array_get(json_get_array(dkim, "signatures"), i));
	for (size_t i = 0; i < r->signatures; i++)
		json_put_bool(
			json_array_get(json_get_array(dkim, "signatures"), i),
			"aligned", r->dkim_aligned[i]);
	if (r->has_spf)
		json_put_bool(spf, "aligned", r->spf_aligned);
	json_put_int(json, "schema", REPORT_JSON_SCHEMA);
	json_puts(json, "verdict", report_verdict_name(r->verdict));
	json_puts(json, "summary", report_verdict_text(r->verdict));
	json_put(json, "fact", fact_json(&r->fact));
	json_put(json, "from", from_json(&r->from));
	json_put(json, "spf", spf);
	json_put(json, "helo",
		 r->has_helo ? report_json_spf(&r->helo) : json_null());
	json_put(json, "dkim", dkim);
	json_put(json, "dmarc", report_json_dmarc(&r->dmarc));
	json_put(json, "arc",
		 r->arc.verdict != ARC_NONE ? report_json_arc(&r->arc)
					    : json_null());
	put(json, "list", r->list);
	put(json, "subject", r->subject);
	put(json, "message_id", r->message_id);
	json_put(json, "transport", transport_json(&r->transport));
	put_time(json, "evaluated_at", r->evaluated);
	json_put_text(json, "text", buf_span(&text));
	return json;
}

json_t *
report_json_arc(const struct arc_result *r)
{
	json_t *json = json_object_new();

	json_put_int(json, "schema", REPORT_JSON_SCHEMA);
	json_puts(json, "result", arc_verdict_name(r->verdict));
	put(json, "reason",
	    r->verdict == ARC_NONE ? SPAN("")
				   : span_of(arc_reason_text(r->reason)));
	json_put_int(json, "sets", r->len);
	if (r->instance > 0)
		json_put_int(json, "instance", r->instance);
	else
		json_put(json, "instance", json_null());
	put(json, "sealed_by", r->domain);
	return json;
}
