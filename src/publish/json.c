/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/json.h"

static json_t *
record_json(const struct record *r, const struct export_options *options)
{
	json_t *object = json_object_new();

	json_puts(object, "purpose", record_purpose_name(r->purpose));
	json_puts(object, "name", r->name);
	if (options->zone.len > 0) {
		CLEANUP(buf_release)
		struct buf name = BUF_INIT(STORE_DOMAIN_SIZE);

		record_relative(span_of(r->name), options->zone, &name);
		json_put_text(object, "relative_name", buf_span(&name));
	}
	json_puts(object, "type", dns_type_name((uint16_t)r->type));
	json_puts(object, "value", r->value);
	if (r->type == DNS_MX)
		json_put_int(object, "priority", r->priority);
	return object;
}

json_t *
publish_json(const struct record_set *set, const struct export_options *options)
{
	json_t *object = json_object_new();
	json_t *records = json_array_new();

	json_put_int(object, "schema", PUBLISH_JSON_SCHEMA);
	json_puts(object, "domain", set->domain);
	if (set->mail_from[0] != '\0')
		json_puts(object, "mail_from_domain", set->mail_from);
	json_puts(object, "region", set->region);
	json_puts(object, "service_zone", set->service_zone);
	if (options->zone.len > 0)
		json_put_text(object, "zone", options->zone);
	for (size_t i = 0; i < set->len; i++)
		json_add(records, record_json(&set->record[i], options));
	json_put(object, "records", records);
	return object;
}

void
publish_json_write(const struct record_set *set,
		   const struct export_options *options, struct buf *to)
{
	json_t *object = publish_json(set, options);

	json_format_pretty(object, to);
	buf_addc(to, '\n');
	json_decref(object);
}

/* Copies a text member to `to`; "" if it is not there, false if too long. */
static bool
get(const json_t *object, const char *name, char *to, size_t room)
{
	struct span text;

	to[0] = '\0';
	if (!json_get_text(object, name, &text))
		return true;
	if (text.len >= room || memchr(text.ptr, '\0', text.len) != NULL)
		return false;
	memcpy(to, text.ptr, text.len);
	to[text.len] = '\0';
	return true;
}

/* As get(), of a domain name, which loses its final dot. */
static bool
get_name(const json_t *object, const char *name, char *to, size_t room)
{
	struct dname_text text;
	struct dname dname;
	struct span s;

	to[0] = '\0';
	if (!json_get_text(object, name, &s) || s.len == 0)
		return true;
	if (dname_parse(s, &dname) != DNAME_OK || dname_labels(&dname) == 0)
		return false;
	s = dname_print(&dname, &text);
	if (s.len >= room)
		return false;
	memcpy(to, s.ptr, s.len);
	to[s.len] = '\0';
	return true;
}

/* Whether a record for `purpose` can have `type`. */
static bool
is_type_of(enum record_purpose purpose, uint16_t type)
{
	if (purpose == RECORD_DKIM)
		return type == DNS_CNAME || type == DNS_TXT;
	return type == (purpose == RECORD_MAIL_FROM_MX ? DNS_MX : DNS_TXT);
}

static bool
read_record(const json_t *object, struct record *r)
{
	struct span purpose, type;
	uint16_t number;
	int64_t priority;

	if (!json_get_text(object, "purpose", &purpose) ||
	    !record_purpose_parse(purpose, &r->purpose) ||
	    !json_get_text(object, "type", &type) ||
	    !dns_type_parse(type, &number) || !is_type_of(r->purpose, number) ||
	    !get_name(object, "name", r->name, sizeof(r->name)) ||
	    r->name[0] == '\0' ||
	    !(number == DNS_TXT ? get : get_name)(object, "value", r->value,
						  sizeof(r->value)) ||
	    r->value[0] == '\0')
		return false;
	r->type = (enum dns_type)number;
	if (number == DNS_MX && json_get_int(object, "priority", &priority) &&
	    priority >= 0 && priority <= UINT16_MAX)
		r->priority = (unsigned)priority;
	return true;
}

static bool
read_set(const json_t *object, struct record_set *set, struct error *reterr)
{
	json_t *records = json_get_array(object, "records");

	if (!get_name(object, "domain", set->domain, sizeof(set->domain)) ||
	    set->domain[0] == '\0' ||
	    !get_name(object, "mail_from_domain", set->mail_from,
		      sizeof(set->mail_from)) ||
	    !get(object, "region", set->region, sizeof(set->region)) ||
	    !get_name(object, "service_zone", set->service_zone,
		      sizeof(set->service_zone)) ||
	    records == NULL)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "A record set has the members domain, region, "
				 "service_zone and records");
	if (json_array_size(records) > RECORDS_MAX)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "A record set has at most %d records",
				 RECORDS_MAX);
	for (size_t i = 0; i < json_array_size(records); i++)
		if (!read_record(json_array_get(records, i),
				 &set->record[set->len++]))
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "Record %zu of the set lacks a "
					 "purpose, name, type or value that "
					 "could be used",
					 i + 1);
	return true;
}

bool
publish_json_parse(struct span text, struct record_set *ret,
		   struct error *reterr)
{
	struct record_set set = {.len = 0};
	struct json_fault fault;
	json_t *object;
	bool done;

	if (json_parse(text, PUBLISH_JSON_MAX, &object, &fault) != JSON_OK)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The record set is no JSON: %s", fault.text);
	done = read_set(object, &set, reterr);
	json_decref(object);
	if (done)
		*ret = set;
	return done;
}
