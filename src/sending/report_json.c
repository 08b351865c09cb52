/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/report_json.h"

/* Sets a member to `text`, or null if that is empty. */
static void
put(json_t *object, const char *name, struct span text)
{
	json_put(object, name,
		 text.len > 0 ? json_text_new(text) : json_null());
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
	bool there = r->source != DMARC_SOURCE_NOWHERE;
	json_t *json = json_object_new();

	json_put_int(json, "schema", REPORT_JSON_SCHEMA);
	json_puts(json, "result", dmarc_verdict_name(r->verdict));
	json_puts(json, "reason", dmarc_reason_text(r->reason));
	put_name(json, "author_domain", &r->author,
		 r->reason != DMARC_REASON_NO_AUTHOR);
	put_name(json, "org_domain", &r->org, r->has_org);
	put_name(json, "policy_domain", &r->policy_domain, there);
	put(json, "policy_source", span_of(source_slug(r->source)));
	put(json, "policy", span_of(dmarc_policy_name(r->policy)));
	put(json, "effective_policy", span_of(dmarc_policy_name(r->effective)));
	put(json, "record", r->text);
	if (there) {
		json_put_bool(json, "spf_strict", r->record.aspf_strict);
		json_put_bool(json, "dkim_strict", r->record.adkim_strict);
		json_put_bool(json, "testing", r->record.testing);
		json_put(json, "rua", uris(&r->record.rua));
		json_put(json, "ruf", uris(&r->record.ruf));
	}
	json_put_bool(json, "spf_aligned", r->spf_aligned);
	json_put_bool(json, "dkim_aligned", r->dkim_aligned);
	json_put(json, "identifiers", identifiers(r));
	json_put_int(json, "dns_questions", r->questions);
	return json;
}
