/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/show.h"

#include "text/date.h"

/* Sets a member to a text, or to null if it is empty. */
static void
put(json_t *object, const char *name, struct span text)
{
	json_put(object, name,
		 text.len > 0 ? json_text_new(text) : json_null());
}

static void
put_names(json_t *object, const char *name,
	  const struct eligibility_names *names)
{
	json_t *array = json_array_new();

	for (size_t i = 0; i < names->len; i++)
		json_add_text(array, names->name[i]);
	json_put(object, name, array);
}

static json_t *
host_json(const struct dnshost *host)
{
	json_t *object;

	if (host == NULL)
		return json_null();
	object = json_object_new();
	json_puts(object, "id", host->id);
	json_puts(object, "name", host->name);
	put(object, "hint", span_of(host->hint));
	return object;
}

static json_t *
policy_json(const struct policy *policy)
{
	json_t *object;

	if (policy->status != POLICY_FOUND)
		return json_null();
	object = json_object_new();
	json_put_text(object, "name", policy->name);
	json_put_text(object, "record", policy->record);
	put(object, "policy", policy->policy);
	json_put_bool(object, "inherited", policy->inherited);
	return object;
}

static json_t *
notes_json(const struct eligibility *m)
{
	struct eligibility_note note[ELIGIBILITY_NOTES_MAX];
	size_t len = eligibility_notes(m, note);
	json_t *array = json_array_new();

	for (size_t i = 0; i < len; i++) {
		json_t *object = json_object_new();

		json_puts(object, "code", note[i].code);
		json_puts(object, "severity",
			  eligibility_weight_name(note[i].weight));
		json_put_text(object, "message", note[i].text);
		json_add(array, object);
	}
	return array;
}

/* What DNS said of the domain. */
static void
put_dns(json_t *object, const struct eligibility *m)
{
	const struct eligibility_result *r = eligibility_result(m);

	put(object, "zone", r->zone);
	put_names(object, "name_servers", &r->ns);
	json_put(object, "dns_host", host_json(r->host));
	put_names(object, "mx", &r->mx);
	put(object, "spf", r->spf);
	json_put(object, "dmarc", policy_json(&r->dmarc));
	put_names(object, "domainkey_delegated_to", &r->domainkey);
	json_put_bool(object, "wildcard", r->wildcard);
	json_put_bool(object, "mail_from_taken", r->mail_from_taken);
	json_put_bool(object, "complete", !r->incomplete);
}

json_t *
show_eligibility(const struct eligibility *m)
{
	const struct eligibility_result *r = eligibility_result(m);
	json_t *object = json_object_new();

	json_put_int(object, "schema", SHOW_SCHEMA);
	put(object, "domain",
	    r->domain.len > 0 ? domain_span(&r->domain) : SPAN(""));
	json_puts(object, "verdict", eligibility_verdict_name(r->verdict));
	json_put(object, "eligible",
		 r->verdict == ELIGIBILITY_UNKNOWN
			 ? json_null()
			 : json_boolean(r->verdict == ELIGIBILITY_YES));
	put(object, "reason", span_of(eligibility_reason_name(r->reason)));
	put(object, "message", r->message);
	put(object, "registered_domain", r->registered);
	json_put_bool(object, "asked_dns", r->asked);
	if (r->verdict == ELIGIBILITY_YES)
		put_dns(object, m);
	json_put(object, "notes", notes_json(m));
	return object;
}

static json_t *
finding_json(const struct finding *f)
{
	json_t *object = json_object_new();

	json_puts(object, "code", diagnose_code_name(f->code));
	json_puts(object, "severity", diagnose_severity_name(f->severity));
	json_put_bool(object, "temporary", f->temporary);
	put(object, "record",
	    f->record != NULL ? span_of(f->record->name) : SPAN(""));
	if (f->record != NULL)
		json_puts(object, "type",
			  dns_type_name((uint16_t)f->record->type));
	put(object, "zone", f->zone);
	put(object, "expected", f->expected);
	put(object, "found", f->found);
	json_put_text(object, "message", f->message);
	json_put_text(object, "repair", f->repair);
	return object;
}

json_t *
show_findings(const struct diagnosis *diagnosis)
{
	json_t *findings = json_array_new();

	for (size_t i = 0; i < diagnosis->len; i++)
		json_add(findings, finding_json(&diagnosis->finding[i]));
	return findings;
}

json_t *
show_diagnosis(const struct observation *seen,
	       const struct diagnosis *diagnosis)
{
	json_t *object = json_object_new();

	json_put_int(object, "schema", SHOW_SCHEMA);
	json_puts(object, "domain", seen->set->domain);
	json_put_bool(object, "ok", diagnosis->ok);
	json_put(object, "findings", show_findings(diagnosis));
	return object;
}

json_t *
show_time(int64_t time)
{
	if (time == 0)
		return json_null();
	return json_text_new(span_of(date_rfc3339_format(time).s));
}

json_t *
show_steps(const struct step step[static STEPS])
{
	json_t *array = json_array_new();

	for (size_t i = 0; i < STEPS; i++) {
		json_t *object = json_object_new();

		json_put_int(object, "step", step[i].number);
		json_puts(object, "name", step[i].name);
		json_puts(object, "title", step[i].title);
		json_puts(object, "state", step_state_name(step[i].state));
		json_puts(object, "who", step_who_name(step[i].who));
		json_put(object, "since", show_time(step[i].since));
		json_put(object, "next_check", show_time(step[i].next_check));
		json_put_text(object, "text", step[i].text);
		json_add(array, object);
	}
	return array;
}
