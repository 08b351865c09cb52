/* SPDX-License-Identifier: Apache-2.0 */
/* The event destinations of configuration sets. */
#include "ses/event_destinations.h"

#include <stdio.h>

#include "api/operations.h"

/* Octets of a definition as it is stored. */
#define DEFINITION_MAX ((size_t)64 << 10)

/*
 * Begins an operation: the set that the path names must be there.  Fills in
 * what a destination of it is stored as, but for its name.
 */
static bool
begin(struct api_call *call, struct document *ret, struct error *reterr)
{
	struct configuration_set *set = arena_get(&call->arena, sizeof(*set));

	if (set == NULL)
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	if (!api_set(call, call->param[0], set, ERROR_NOT_FOUND, reterr))
		return false;
	*ret = (struct document){
		.kind = DOCUMENT_EVENT_DESTINATION,
		.created = call->now,
		.updated = call->now,
	};
	memcpy(ret->account, call->account, sizeof(ret->account));
	memcpy(ret->parent, set->name, sizeof(set->name));
	return true;
}

static bool
missing(const struct document *d, struct span name, struct error *reterr)
{
	return error_set(
		reterr, ERROR_NOT_FOUND,
		"Event destination <" SPAN_FMT
		"> does not exist in configuration set <%s>.",
		SPAN_ARG(span_head(name, SES_EVENT_DESTINATION_NAME_MAX)),
		d->parent);
}

/* As begin(), with the name that the path has. */
static bool
begin_named(struct api_call *call, struct document *ret, struct error *reterr)
{
	struct span name = call->param[1];

	if (!begin(call, ret, reterr))
		return false;
	if (!ses_event_destination_named(name))
		return missing(ret, name, reterr);
	memcpy(ret->name, name.ptr, name.len);
	return true;
}

/* Says in the audit log what became of a destination, and answers. */
static bool
end(struct api_call *call, const struct document *d, const char *what,
    struct error *reterr)
{
	const char *text =
		arena_printf(&call->arena,
			     "{\"name\":\"%s\",\"event_destination\":\"%s\","
			     "\"change\":\"%s\"}",
			     d->parent, d->name, what)
			.ptr;

	api_answer(call, json_object_new());
	return api_event(call, "", "configuration_set.changed", text, reterr);
}

static bool
format(const json_t *definition, struct buf *to, struct error *reterr)
{
	return json_format(definition, to) ||
	       error_set(reterr, ERROR_BAD_REQUEST,
			 "The event destination is too long.");
}

bool
create_event_destination(struct api_call *call, struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *definition = NULL;
	CLEANUP(buf_release) struct buf text = BUF_INIT(DEFINITION_MAX);
	struct document d;
	struct error why;
	struct span name;
	uint64_t count;

	if (!ses_event_destination_read(call->body, &name, &definition,
					reterr) ||
	    !begin(call, &d, reterr) || !format(definition, &text, reterr) ||
	    !store_document_count(call->store, d.account, d.kind, d.parent,
				  &count, reterr))
		return false;
	memcpy(d.name, name.ptr, name.len);
	if (!store_document_add(call->store, &d, buf_span(&text), &why)) {
		if (why.code == ERROR_ALREADY_EXISTS)
			return error_set(reterr, ERROR_ALREADY_EXISTS,
					 "Event destination <%s> already "
					 "exists in configuration set <%s>.",
					 d.name, d.parent);
		*reterr = why;
		return false;
	}
	if (count >= SES_EVENT_DESTINATIONS_MAX)
		return error_set(reterr, ERROR_LIMIT_EXCEEDED,
				 "A configuration set can have at most %d "
				 "event destinations.",
				 SES_EVENT_DESTINATIONS_MAX);
	return end(call, &d, "created", reterr);
}

/* Adds a destination to the list of the answer. */
static bool
list_one(struct api_call *call, const struct document *d, json_t *list,
	 struct error *reterr)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(DEFINITION_MAX);
	CLEANUP(json_decrefp) json_t *definition = NULL;
	struct document got;

	if (!store_document_get(call->store, d->account, d->kind, d->parent,
				d->name, &got, &text, reterr))
		return false;
	if (json_parse(buf_span(&text), text.len, &definition, NULL) != JSON_OK)
		return error_set(reterr, ERROR_INTERNAL,
				 "A stored event destination is damaged.");
	json_add(list,
		 ses_event_destination_write(span_of(d->name), definition));
	return true;
}

bool
get_event_destinations(struct api_call *call, struct error *reterr)
{
	struct document *row = arena_array(
		&call->arena, SES_EVENT_DESTINATIONS_MAX, sizeof(*row));
	CLEANUP(json_decrefp) json_t *list = json_array_new();
	struct document d;
	json_t *answer;
	size_t len;

	if (row == NULL)
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	if (!begin(call, &d, reterr) ||
	    !store_document_list(call->store, d.account, d.kind, d.parent, "",
				 row, SES_EVENT_DESTINATIONS_MAX, &len, reterr))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!list_one(call, &row[i], list, reterr))
			return false;
	answer = json_object_new();
	json_put(answer, "EventDestinations", take_ptr(&list));
	api_answer(call, answer);
	return true;
}

bool
update_event_destination(struct api_call *call, struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *definition = NULL;
	CLEANUP(buf_release) struct buf text = BUF_INIT(DEFINITION_MAX);
	struct document d;
	struct error why;

	if (!ses_event_destination_update_read(call->body, &definition,
					       reterr) ||
	    !begin_named(call, &d, reterr) ||
	    !format(definition, &text, reterr))
		return false;
	if (store_document_put(call->store, &d, buf_span(&text), &why))
		return end(call, &d, "changed", reterr);
	if (why.code == ERROR_NOT_FOUND)
		return missing(&d, call->param[1], reterr);
	*reterr = why;
	return false;
}

bool
delete_event_destination(struct api_call *call, struct error *reterr)
{
	struct document d;
	struct error why;

	if (!begin_named(call, &d, reterr))
		return false;
	if (store_document_delete(call->store, d.account, d.kind, d.parent,
				  d.name, &why))
		return end(call, &d, "deleted", reterr);
	if (why.code == ERROR_NOT_FOUND)
		return missing(&d, call->param[1], reterr);
	*reterr = why;
	return false;
}
