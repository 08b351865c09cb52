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
