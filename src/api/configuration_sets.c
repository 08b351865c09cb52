/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration sets. */
#include "ses/configuration_sets.h"

#include <stdlib.h>

#include "api/next_token.h"
#include "api/operations.h"
#include "base/mem.h"
#include "sending/authorise.h"
#include "text/domain.h"

/* Names of a domain and those above it that are looked up. */
#define REDIRECT_LABELS_MAX 32

static bool
too_much(struct error *reterr)
{
	return error_set(reterr, ERROR_INTERNAL,
			 "A call took too much memory.");
}

static const char *
set_resource(struct api_call *call, const char *name)
{
	return arena_printf(&call->arena, "configuration-set/%s", name).ptr;
}

/* Counts by listing: the store has no count, and the quota is rarely near. */
static bool
within_quota(struct api_call *call, struct error *reterr)
{
	struct configuration_set *row = mem_array(100, sizeof(*row));
	char after[STORE_SET_SIZE] = "";
	size_t count = 0, len = 0;
	bool good;

	do {
		good = store_set_list(call->store, call->account, after, "",
				      row, 100, &len, reterr);
		count += len;
		if (len > 0)
			memcpy(after, row[len - 1].name, sizeof(after));
	} while (good && len == 100 && count < API_SETS_MAX);
	free(row);
	if (!good)
		return false;
	return count < API_SETS_MAX ||
	       error_set(reterr, ERROR_LIMIT_EXCEEDED,
			 "An account can have at most %d configuration sets.",
			 API_SETS_MAX);
}

/*
 * A domain that links and pictures lead to has to be one that the account may
 * send as: itself, or one above it.
 */
static bool
redirect_good(struct api_call *call, const json_t *options,
	      struct error *reterr)
{
	struct span name = ses_options_redirect(options);
	struct span above[REDIRECT_LABELS_MAX];
	struct identity *found;
	struct domain domain;
	size_t len = 0, identities = 0;

	if (name.len == 0)
		return true;
	if (domain_parse(name, &domain) != DOMAIN_OK)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The CustomRedirectDomain is not a valid "
				 "domain.");
	for (struct span rest = domain_span(&domain);
	     rest.len > 0 && len < REDIRECT_LABELS_MAX; span_cut(&rest, '.'))
		above[len++] = span_of(api_text(call, rest));
	found = arena_array(&call->arena, len, sizeof(*found));
	if (found == NULL)
		return too_much(reterr);
	if (!store_identity_find(call->store, call->account, above, len, found,
				 &identities, reterr))
		return false;
	for (size_t i = 0; i < identities; i++)
		if (authorise_may_send(&found[i]))
			return true;
	return error_set(reterr, ERROR_BAD_REQUEST,
			 "The CustomRedirectDomain is not covered by a "
			 "verified domain identity.");
}

/* Reads the options of a set to a new object. */
static bool
options_read(const struct configuration_set *row, json_t **ret,
	     struct error *reterr)
{
	if (row->options[0] == '\0') {
		*ret = json_object_new();
		return true;
	}
	return json_parse(span_of(row->options), sizeof(row->options), ret,
			  NULL) == JSON_OK ||
	       error_set(reterr, ERROR_INTERNAL,
			 "The stored options of %s are damaged.", row->name);
}

/* Writes the options into `row`. */
static bool
options_write(const json_t *options, struct configuration_set *row,
	      struct error *reterr)
{
	CLEANUP(buf_release)
	struct buf text = BUF_INIT(sizeof(row->options) - 1);

	if (!json_format(options, &text))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The options are too long.");
	memcpy(row->options, text.ptr, text.len + 1);
	return true;
}

bool
create_configuration_set(struct api_call *call, struct error *reterr)
{
	struct configuration_set *row = arena_get(&call->arena, sizeof(*row));
	CLEANUP(json_decrefp) json_t *options = NULL;
	struct ses_create_set ask;
	struct error why;

	if (row == NULL)
		return too_much(reterr);
	if (!ses_create_set_read(call->body, &ask, &options, reterr) ||
	    !redirect_good(call, options, reterr) ||
	    !within_quota(call, reterr) || !options_write(options, row, reterr))
		return false;
	memcpy(row->account, call->account, sizeof(row->account));
	memcpy(row->name, ask.name.ptr, ask.name.len);
	row->created = call->now;
	if (!store_set_add(call->store, row, &why)) {
		if (why.code == ERROR_ALREADY_EXISTS)
			return error_set(reterr, ERROR_ALREADY_EXISTS,
					 "Configuration set <%s> already "
					 "exists.",
					 row->name);
		*reterr = why;
		return false;
	}
	if (!api_tags_put(call, set_resource(call, row->name), &ask.tags,
			  reterr))
		return false;
	api_answer(call, json_object_new());
	return true;
}

bool
get_configuration_set(struct api_call *call, struct error *reterr)
{
	struct configuration_set *row = arena_get(&call->arena, sizeof(*row));
	CLEANUP(json_decrefp) json_t *options = NULL;
	struct ses_tags tags;

	if (row == NULL)
		return too_much(reterr);
	if (!api_set(call, call->param[0], row, ERROR_NOT_FOUND, reterr) ||
	    !api_tags_get(call, set_resource(call, row->name), &tags, reterr) ||
	    !options_read(row, &options, reterr))
		return false;
	api_answer(call, ses_set_write(span_of(row->name), options, &tags));
	return true;
}

static bool
list_sets(struct api_call *call, const struct ses_list_identities *ask,
	  struct error *reterr)
{
	CLEANUP(buf_release) struct buf token = BUF_INIT(SES_NEXT_TOKEN_MAX);
	struct configuration_set *row;
	json_t *list, *answer;
	struct span after, query;
	size_t len = 0;
	bool good;

	query = arena_printf(&call->arena, "configuration-sets|" SPAN_FMT,
			     SPAN_ARG(ask->contains));
	if (!next_token_parse(call, query, ask->next_token, &after, reterr))
		return false;
	row = mem_array(ask->page + 1, sizeof(*row));
	list = json_array_new();
	answer = json_object_new();
	good = store_set_list(call->store, call->account, after.ptr,
			      api_text(call, ask->contains), row, ask->page + 1,
			      &len, reterr);
	for (size_t i = 0; good && i < len && i < ask->page; i++)
		json_add_text(list, span_of(row[i].name));
	json_put(answer, "ConfigurationSets", list);
	if (good && len > ask->page) {
		next_token_format(call, query, span_of(row[ask->page - 1].name),
				  &token);
		json_put_text(answer, "NextToken", buf_span(&token));
	}
	free(row);
	api_answer(call, answer);
	return good;
}

bool
list_configuration_sets(struct api_call *call, struct error *reterr)
{
	struct ses_list_identities ask;

	return ses_list_sets_read(call->body, &ask, reterr) &&
	       list_sets(call, &ask, reterr);
}

/* Puts a group of options of the set `name` in place of what was there. */
static bool
put_options(struct api_call *call, struct span name, enum ses_options group,
	    struct error *reterr)
{
	struct configuration_set *row = arena_get(&call->arena, sizeof(*row));
	CLEANUP(json_decrefp) json_t *options = NULL;
	CLEANUP(json_decrefp) json_t *value = NULL;
	const char *text;

	if (row == NULL)
		return too_much(reterr);
	if (!ses_options_put_read(group, call->body, &value, reterr) ||
	    !api_set(call, name, row, ERROR_NOT_FOUND, reterr) ||
	    !options_read(row, &options, reterr))
		return false;
	ses_options_put(options, group, take_ptr(&value), call->now);
	if ((group == SES_OPTIONS_TRACKING &&
	     !redirect_good(call, options, reterr)) ||
	    !options_write(options, row, reterr) ||
	    !store_set_update(call->store, row, reterr))
		return false;
	text = arena_printf(&call->arena,
			    "{\"name\":\"%s\",\"options\":\"%s\"}", row->name,
			    ses_options_name(group))
		       .ptr;
	api_answer(call, json_object_new());
	return api_event(call, "", "configuration_set.changed", text, reterr);
}

bool
put_set_archiving(struct api_call *call, struct error *reterr)
{
	return put_options(call, call->param[0], SES_OPTIONS_ARCHIVING, reterr);
}

bool
put_set_delivery(struct api_call *call, struct error *reterr)
{
	return put_options(call, call->param[0], SES_OPTIONS_DELIVERY, reterr);
}

bool
put_set_reputation(struct api_call *call, struct error *reterr)
{
	return put_options(call, call->param[0], SES_OPTIONS_REPUTATION,
			   reterr);
}

bool
put_set_sending(struct api_call *call, struct error *reterr)
{
	return put_options(call, call->param[0], SES_OPTIONS_SENDING, reterr);
}

bool
put_set_suppression(struct api_call *call, struct error *reterr)
{
	return put_options(call, call->param[0], SES_OPTIONS_SUPPRESSION,
			   reterr);
}

bool
put_set_tracking(struct api_call *call, struct error *reterr)
{
	return put_options(call, call->param[0], SES_OPTIONS_TRACKING, reterr);
}

bool
put_set_vdm(struct api_call *call, struct error *reterr)
{
	return put_options(call, call->param[0], SES_OPTIONS_VDM, reterr);
}

bool
update_configuration_set(struct api_call *call, struct error *reterr)
{
	return put_options(
		call,
		json_text(json_object_get(call->body, "ConfigurationSetName")),
		SES_OPTIONS_SECURITY, reterr);
}

bool
delete_configuration_set(struct api_call *call, struct error *reterr)
{
	struct configuration_set *row = arena_get(&call->arena, sizeof(*row));

	if (row == NULL)
		return too_much(reterr);
	if (!api_set(call, call->param[0], row, ERROR_NOT_FOUND, reterr) ||
	    !store_set_delete(call->store, call->account, row->name, reterr))
		return false;
	api_answer(call, json_object_new());
	return true;
}
