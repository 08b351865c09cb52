/* SPDX-License-Identifier: Apache-2.0 */
#include "api/identity_json.h"

#include "publish/json.h"
#include "text/date.h"

static void
put_time(json_t *object, const char *name, int64_t time)
{
	if (time == 0)
		json_put(object, name, json_null());
	else
		json_puts(object, name, date_rfc3339_format(time).s);
}

/* A text, or null if it is empty. */
static void
put_text(json_t *object, const char *name, struct span text)
{
	if (text.len == 0)
		json_put(object, name, json_null());
	else
		json_put_text(object, name, text);
}

static json_t *
standing_json(const struct standing *standing)
{
	json_t *object = json_object_new();

	json_puts(object, "status", ses_status_name(standing->status));
	put_time(object, "since", standing->since);
	return object;
}

static json_t *
dkim_json(const struct identity *i)
{
	json_t *object = standing_json(&i->dkim);

	json_put_bool(object, "signing_enabled", i->signing_enabled);
	json_puts(object, "origin", ses_dkim_origin_name(i->origin));
	if (i->next_length != 0)
		json_puts(object, "next_key_length",
			  ses_key_length_name(i->next_length));
	json_put_int(object, "current_key_bits", i->current_length);
	put_time(object, "key_generated", i->key_generated);
	return object;
}

static json_t *
mail_from_json(const struct identity *i)
{
	json_t *object;

	if (i->mail_from[0] == '\0')
		return json_null();
	object = standing_json(&i->mail_from_standing);
	json_puts(object, "domain", i->mail_from);
	json_puts(object, "on_mx_failure",
		  ses_mx_failure_name(i->on_mx_failure));
	return object;
}

static json_t *
steps_json(const struct step *step)
{
	json_t *array = json_array_new();

	for (int n = 0; n < STEPS; n++, step++) {
		json_t *object = json_object_new();

		json_put_int(object, "step", step->number);
		json_puts(object, "name", step->name);
		json_puts(object, "title", step->title);
		json_puts(object, "state", step_state_name(step->state));
		json_puts(object, "who", step_who_name(step->who));
		put_time(object, "since", step->since);
		put_time(object, "next_check", step->next_check);
		put_text(object, "text", step->text);
		json_add(array, object);
	}
	return array;
}

/* What was seen of record `i` of the set. */
static void
put_seen(json_t *object, const struct observation *seen, size_t i)
{
	static const struct observed nothing = {
		.status = OBSERVED_NOT_ASKED,
		.found = {"", 0},
		.reason = {"", 0},
	};
	const struct observed *o =
		seen != NULL && i < seen->len ? &seen->record[i] : &nothing;

	json_puts(object, "state", observed_status_name(o->status));
	put_text(object, "found", o->found);
	put_text(object, "reason", o->reason);
}

/* The record set, with what was seen of it, as members of `object`. */
static void
put_records(json_t *object, const struct identity_json *what)
{
	const struct observation *seen = what->seen;
	const struct export_options options = {
		.zone = seen != NULL && seen->has_soa
				? seen->zone
				: span_of(what->set->domain),
	};
	CLEANUP(json_decrefp)
	json_t *set = publish_json(what->set, &options);
	json_t *records = json_get_array(set, "records");

	for (size_t i = 0; i < json_array_size(records); i++)
		put_seen(json_array_get(records, i), seen, i);
	json_object_update_missing(object, set);
}

static bool
all_done(const struct step *step)
{
	for (int n = 0; n < STEPS; n++)
		if (step[n].state != STEP_DONE)
			return false;
	return true;
}

json_t *
identity_json(const struct identity_json *what)
{
	const struct identity *i = what->identity;
	json_t *object = json_object_new();

	json_put_int(object, "schema", IDENTITY_JSON_SCHEMA);
	json_puts(object, "name", i->name);
	json_puts(object, "type", ses_identity_type_name(i->type));
	put_text(object, "account", span_of(i->account));
	put_time(object, "created", i->created);
	put_text(object, "configuration_set", span_of(i->configuration_set));
	json_put_bool(object, "verified_for_sending", what->may_send);
	json_put_bool(object, "done", all_done(what->step));
	json_put(object, "verification", standing_json(&i->verification));
	json_put(object, "dkim", dkim_json(i));
	json_put(object, "mail_from", mail_from_json(i));
	put_time(object, "last_checked", i->last_checked);
	put_time(object, "next_check", i->next_check);
	json_put(object, "steps", steps_json(what->step));
	put_text(object, "signing_zone", span_of(what->signing_zone));
	put_records(object, what);
	json_put(object, "findings",
		 what->findings != NULL ? json_incref(what->findings)
					: json_array_new());
	return object;
}
