/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration sets. */
#include "ses/configuration_sets.h"

#include <stdlib.h>

#include "api/next_token.h"
#include "api/operations.h"
#include "base/mem.h"

#define QUERY SPAN("configuration-sets") /* what a token is bound to */

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
		good = store_set_list(call->store, call->account, after, row,
				      100, &len, reterr);
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

bool
create_configuration_set(struct api_call *call, struct error *reterr)
{
	struct configuration_set *row = arena_get(&call->arena, sizeof(*row));
	CLEANUP(buf_release)
	struct buf text = BUF_INIT(STORE_OPTIONS_SIZE - 1);
	CLEANUP(json_decrefp) json_t *options = NULL;
	struct ses_create_set ask;
	struct error why;

	if (row == NULL)
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	if (!ses_create_set_read(call->body, &ask, &options, reterr) ||
	    !within_quota(call, reterr))
		return false;
	if (!json_format(options, &text))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The options are too long.");
	memcpy(row->account, call->account, sizeof(row->account));
	memcpy(row->name, ask.name.ptr, ask.name.len);
	memcpy(row->options, text.ptr, text.len);
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
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	if (!api_set(call, call->param[0], row, ERROR_NOT_FOUND, reterr) ||
	    !api_tags_get(call, set_resource(call, row->name), &tags, reterr))
		return false;
	if (row->options[0] != '\0' &&
	    json_parse(span_of(row->options), sizeof(row->options), &options,
		       NULL) != JSON_OK)
		return error_set(reterr, ERROR_INTERNAL,
				 "The stored options of %s are damaged.",
				 row->name);
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
	struct span after;
	size_t len = 0;
	bool good;

	if (!next_token_parse(call, QUERY, ask->next_token, &after, reterr))
		return false;
	row = mem_array(ask->page + 1, sizeof(*row));
	list = json_array_new();
	answer = json_object_new();
	good = store_set_list(call->store, call->account, after.ptr, row,
			      ask->page + 1, &len, reterr);
	for (size_t i = 0; good && i < len && i < ask->page; i++)
		json_add_text(list, span_of(row[i].name));
	json_put(answer, "ConfigurationSets", list);
	if (good && len > ask->page) {
		next_token_format(call, QUERY, span_of(row[ask->page - 1].name),
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

	return ses_list_identities_read(call->body, &ask, reterr) &&
	       list_sets(call, &ask, reterr);
}

bool
delete_configuration_set(struct api_call *call, struct error *reterr)
{
	struct configuration_set *row = arena_get(&call->arena, sizeof(*row));

	if (row == NULL)
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	if (!api_set(call, call->param[0], row, ERROR_NOT_FOUND, reterr) ||
	    !store_set_delete(call->store, call->account, row->name, reterr))
		return false;
	api_answer(call, json_object_new());
	return true;
}
