/* SPDX-License-Identifier: Apache-2.0 */
#include "api/seen.h"

#include <inttypes.h>
#include <stdio.h>

#include "identity/show.h"
#include "ses/shape.h"

void
seen_setting(uint64_t id, char ret[static SEEN_SETTING_SIZE])
{
	snprintf(ret, SEEN_SETTING_SIZE, "seen.%" PRIu64, id);
}

static const char *
policy_status_name(enum policy_status status)
{
	switch (status) {
	case POLICY_FOUND:
		return "found";
	case POLICY_NONE:
		return "none";
	case POLICY_ERROR:
		return "error";
	case POLICY_NOT_ASKED:
		break;
	}
	return "not_asked";
}

static enum policy_status
policy_status_parse(struct span text)
{
	for (int i = POLICY_FOUND; i <= POLICY_ERROR; i++)
		if (span_equal(text, span_of(policy_status_name(
					     (enum policy_status)i))))
			return (enum policy_status)i;
	return POLICY_NOT_ASKED;
}

static enum observed_status
status_parse(struct span text)
{
	for (int i = OBSERVED_NOT_ASKED; i <= OBSERVED_ERROR; i++)
		if (span_equal(text, span_of(observed_status_name(
					     (enum observed_status)i))))
			return (enum observed_status)i;
	return OBSERVED_NOT_ASKED;
}

/* Puts a text, or null if it is empty. */
static void
put_known(json_t *object, const char *name, struct span text)
{
	if (text.len > 0)
		json_put_text(object, name, text);
	else
		json_put(object, name, json_null());
}

static json_t *
group_write(const struct observed_group *group)
{
	json_t *json = json_object_new();

	json_puts(json, "status", observed_status_name(group->status));
	put_known(json, "evidence", group->evidence);
	return json;
}

static void
group_read(const json_t *json, struct observed_group *ret)
{
	*ret = (struct observed_group){
		.status = status_parse(shape_text(json, "status")),
		.evidence = shape_text(json, "evidence"),
	};
}

static json_t *
policy_write(const struct policy *policy)
{
	json_t *json = json_object_new();
	bool found = policy->status == POLICY_FOUND;

	json_puts(json, "status", policy_status_name(policy->status));
	put_known(json, "name", found ? policy->name : SPAN(""));
	put_known(json, "record", found ? policy->record : SPAN(""));
	put_known(json, "policy", found ? policy->policy : SPAN(""));
	json_put_bool(json, "inherited", found && policy->inherited);
	return json;
}

static void
policy_read(const json_t *json, struct policy *ret)
{
	*ret = (struct policy){
		.status = policy_status_parse(shape_text(json, "status")),
		.name = shape_text(json, "name"),
		.record = shape_text(json, "record"),
		.policy = shape_text(json, "policy"),
		.inherited = shape_truth(json, "inherited"),
	};
}

static json_t *
record_write(const struct record *record, const struct observed *o)
{
	json_t *json = json_object_new();

	json_puts(json, "purpose", record_purpose_name(record->purpose));
	json_puts(json, "name", record->name);
	json_puts(json, "value", record->value);
	json_puts(json, "status", observed_status_name(o->status));
	put_known(json, "found", o->found);
	put_known(json, "reason", o->reason);
	return json;
}

static json_t *
records_write(const struct record_set *set, const struct observation *seen)
{
	json_t *list = json_array_new();

	for (size_t i = 0; i < set->len; i++)
		json_add(list, record_write(&set->record[i], &seen->record[i]));
	return list;
}

json_t *
seen_write(const struct observation *seen, int64_t now, json_t *findings)
{
	json_t *json = json_object_new();

	json_put_int(json, "schema", SEEN_SCHEMA);
	json_put(json, "checked_at", show_time(now));
	put_known(json, "zone", seen->has_soa ? seen->zone : SPAN(""));
	json_put(json, "control", group_write(&seen->control));
	json_put(json, "dkim", group_write(&seen->dkim));
	json_put(json, "mail_from", group_write(&seen->mail_from));
	json_put(json, "dmarc", policy_write(&seen->dmarc));
	json_put(json, "records", records_write(seen->set, seen));
	json_put(json, "findings", findings ? findings : json_array_new());
	return json;
}

/* Returns the stored record that is `want`, or NULL. */
static const json_t *
record_find(const json_t *list, const struct record *want)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *json = json_array_get(list, i);

		if (span_equal(shape_text(json, "name"), span_of(want->name)) &&
		    span_equal(shape_text(json, "value"),
			       span_of(want->value)) &&
		    span_equal(shape_text(json, "purpose"),
			       span_of(record_purpose_name(want->purpose))))
			return json;
	}
	return NULL;
}

bool
seen_read(const json_t *json, const struct record_set *set,
	  struct observation *ret)
{
	const json_t *list = json_get(json, "records");
	int64_t schema = 0;

	if (!json_get_int(json, "schema", &schema) || schema != SEEN_SCHEMA)
		return false;
	*ret = (struct observation){
		.set = set,
		.len = set->len,
		.zone = shape_text(json, "zone"),
		.soa_primary = SPAN(""),
		.soa_admin = SPAN(""),
	};
	ret->has_soa = ret->zone.len > 0;
	for (size_t i = 0; i < set->len; i++) {
		const struct record *want = &set->record[i];
		const json_t *record = record_find(list, want);

		ret->record[i] = (struct observed){
			.want = want,
			.status = status_parse(shape_text(record, "status")),
			.found = shape_text(record, "found"),
			.reason = shape_text(record, "reason"),
		};
	}
	group_read(json_get(json, "control"), &ret->control);
	group_read(json_get(json, "dkim"), &ret->dkim);
	group_read(json_get(json, "mail_from"), &ret->mail_from);
	policy_read(json_get(json, "dmarc"), &ret->dmarc);
	return true;
}
