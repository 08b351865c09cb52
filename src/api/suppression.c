/* SPDX-License-Identifier: Apache-2.0 */
/* The suppression list of the account. */
#include "ses/suppression.h"

#include <stdio.h>
#include <stdlib.h>

#include "api/next_token.h"
#include "api/operations.h"
#include "base/mem.h"
#include "sending/rules.h"

/* An account has one list; those of tenants there are not. */
static bool
no_tenant(struct span tenant, struct error *reterr)
{
	if (tenant.len == 0)
		return true;
	return error_set(reterr, ERROR_NOT_FOUND,
			 "Tenant <" SPAN_FMT "> does not exist.",
			 SPAN_ARG(span_head(tenant, 64)));
}

/* Writes the address as the list has it. */
static bool
read_address(struct span text, char ret[STORE_NAME_SIZE], struct error *reterr)
{
	struct address address;

	if (address_parse(text, &address) == ADDRESS_OK &&
	    rules_address(&address, ret))
		return true;
	return error_set(reterr, ERROR_BAD_REQUEST,
			 "Email address <" SPAN_FMT "> is not valid.",
			 SPAN_ARG(span_head(text, 100)));
}

static bool
missing(const char *address, struct error *reterr)
{
	return error_set(reterr, ERROR_NOT_FOUND,
			 "Email address %s does not exist on your suppression "
			 "list.",
			 address);
}

/* Says in the audit log what became of an address, and answers. */
static bool
end(struct api_call *call, const char *address, const char *kind,
    const char *reason, struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *said = json_object_new();
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000);

	json_puts(said, "address", address);
	if (reason != NULL)
		json_puts(said, "reason", reason);
	json_format(said, &text);
	api_answer(call, json_object_new());
	return api_event(call, "", kind, text.ptr, reterr);
}

bool
put_suppressed(struct api_call *call, struct error *reterr)
{
	struct suppressed row = {.time = call->now};
	struct ses_put_suppressed ask;

	if (!ses_put_suppressed_read(call->body, &ask, reterr) ||
	    !no_tenant(ask.tenant, reterr) ||
	    !read_address(ask.address, row.address, reterr))
		return false;
	memcpy(row.account, call->account, sizeof(row.account));
	row.reason = ask.reason == SES_REASON_COMPLAINT ? SUPPRESSED_COMPLAINT
							: SUPPRESSED_BOUNCE;
	return store_suppressed_put(call->store, &row, reterr) &&
	       end(call, row.address, "suppression.added",
		   ses_reason_name(ask.reason), reterr);
}

/* Writes what all answers have of an address. */
static json_t *
entry(const struct suppressed *row)
{
	json_t *to = json_object_new();

	json_puts(to, "EmailAddress", row->address);
	json_puts(to, "Reason",
		  ses_reason_name(row->reason == SUPPRESSED_COMPLAINT
					  ? SES_REASON_COMPLAINT
					  : SES_REASON_BOUNCE));
	json_put_time(to, "LastUpdateTime", row->time);
	return to;
}

bool
get_suppressed(struct api_call *call, struct error *reterr)
{
	char address[STORE_NAME_SIZE];
	struct suppressed row;
	struct error why;
	json_t *answer, *one;

	if (!no_tenant(api_query(call, "TenantName"), reterr) ||
	    !read_address(call->param[0], address, reterr))
		return false;
	if (!store_suppressed_get(call->store, call->account, address, &row,
				  &why)) {
		if (why.code == ERROR_NOT_FOUND)
			return missing(address, reterr);
		*reterr = why;
		return false;
	}
	one = entry(&row);
	if (row.message_id[0] != '\0') {
		json_t *attributes = json_object_new();

		json_puts(attributes, "MessageId", row.message_id);
		json_put(one, "Attributes", attributes);
	}
	answer = json_object_new();
	json_put(answer, "SuppressedDestination", one);
	api_answer(call, answer);
	return true;
}

/* What a token is bound to. */
static struct span
query_of(struct api_call *call, const struct ses_list_suppressed *ask)
{
	return arena_printf(&call->arena, "suppressed|%u|%lld|%lld",
			    ask->reasons, (long long)ask->from,
			    (long long)ask->to);
}

static struct suppressed_filter
filter_of(const struct ses_list_suppressed *ask)
{
	struct suppressed_filter filter = {.from = ask->from, .to = ask->to};

	if (ask->reasons == SES_REASON_BOUNCE)
		filter.reason = SUPPRESSED_BOUNCE;
	else if (ask->reasons == SES_REASON_COMPLAINT)
		filter.reason = SUPPRESSED_COMPLAINT;
	return filter;
}

bool
list_suppressed(struct api_call *call, struct error *reterr)
{
	CLEANUP(buf_release) struct buf token = BUF_INIT(SES_NEXT_TOKEN_MAX);
	struct suppressed_filter filter;
	struct ses_list_suppressed ask;
	struct suppressed *row;
	struct span query, after;
	json_t *list, *answer;
	size_t len = 0;
	bool good;

	if (!ses_list_suppressed_read(call->body, &ask, reterr) ||
	    !no_tenant(ask.tenant, reterr))
		return false;
	query = query_of(call, &ask);
	if (!next_token_parse(call, query, ask.next_token, &after, reterr))
		return false;
	filter = filter_of(&ask);
	row = mem_array(ask.page + 1, sizeof(*row));
	list = json_array_new();
	answer = json_object_new();
	good = store_suppressed_list(call->store, call->account, after.ptr,
				     &filter, row, ask.page + 1, &len, reterr);
	for (size_t i = 0; good && i < len && i < ask.page; i++)
		json_add(list, entry(&row[i]));
	json_put(answer, "SuppressedDestinationSummaries", list);
	if (good && len > ask.page) {
		next_token_format(call, query,
				  span_of(row[ask.page - 1].address), &token);
		json_put_text(answer, "NextToken", buf_span(&token));
	}
	free(row);
	api_answer(call, answer);
	return good;
}

bool
delete_suppressed(struct api_call *call, struct error *reterr)
{
	char address[STORE_NAME_SIZE];
	struct error why;

	if (!no_tenant(api_query(call, "TenantName"), reterr) ||
	    !read_address(call->param[0], address, reterr))
		return false;
	if (store_suppressed_delete(call->store, call->account, address, &why))
		return end(call, address, "suppression.deleted", NULL, reterr);
	if (why.code == ERROR_NOT_FOUND)
		return missing(address, reterr);
	*reterr = why;
	return false;
}
