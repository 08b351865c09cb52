/* SPDX-License-Identifier: Apache-2.0 */
/* Identities: create, get, list, delete. */
#include "api/identity_view.h"

#include <stdlib.h>

#include "api/next_token.h"
#include "api/operations.h"
#include "base/mem.h"
#include "identity/eligibility.h"
#include "text/domain.h"

/* What CreateEmailIdentity keeps from one phase to the next. */
struct creation {
	struct ses_create_identity ask;
	char name[STORE_NAME_SIZE];
	struct identity identity;
};

/* What needs no look-up: public suffixes, mailbox providers, our own zone. */
static bool
domain_good(const struct api_call *call, const char *name, struct error *reterr)
{
	static const char *const why[] = {
		[ELIGIBILITY_OK] = "",
		[ELIGIBILITY_SYNTAX] = "it is not a domain name",
		[ELIGIBILITY_IP_ADDRESS] = "it is an IP address",
		[ELIGIBILITY_SPECIAL] = "it is a name that no public DNS has",
		[ELIGIBILITY_REVERSE] = "it is a name made of addresses",
		[ELIGIBILITY_PUBLIC_SUFFIX] =
			"it is a public suffix, under which strangers "
			"register domains",
		[ELIGIBILITY_MAILBOX] =
			"it is a mailbox provider's; verify an address, or "
			"use a domain of your own",
		[ELIGIBILITY_OWN_ZONE] = "it is this deployment's own",
		[ELIGIBILITY_NOT_THERE] = "it does not exist",
		[ELIGIBILITY_DNS_ERROR] = "",
	};
	enum eligibility_reason reason;
	struct domain domain;

	if (domain_parse(span_of(name), &domain) != DOMAIN_OK)
		reason = ELIGIBILITY_SYNTAX;
	else
		reason =
			eligibility_of(&domain, call->deployment->suffixes,
				       span_of(call->deployment->service.zone));
	return why[reason][0] == '\0' ||
	       error_set(reterr, ERROR_BAD_REQUEST,
			 "%s cannot be an identity: %s.", name, why[reason]);
}

/* Everything that refuses the call, before anything is done. */
static bool
create_check(struct api_call *call, struct creation *new, struct error *reterr)
{
	struct configuration_set *set = arena_get(&call->arena, sizeof(*set));
	struct error why = {.code = ERROR_NONE};
	uint64_t count = 0;

	if (!identity_name(new->ask.name, new->name, reterr) ||
	    (!identity_is_address(span_of(new->name)) &&
	     !domain_good(call, new->name, reterr)))
		return false;
	if (set == NULL)
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	if (new->ask.configuration_set.len > 0 &&
	    !api_set(call, new->ask.configuration_set, set, ERROR_NOT_FOUND,
		     reterr))
		return false;
	if (store_identity_get(call->store, call->account, new->name,
			       &new->identity, &why))
		return error_set(reterr, ERROR_ALREADY_EXISTS,
				 "Email identity %s already exist.", new->name);
	if (why.code != ERROR_NOT_FOUND) {
		*reterr = why;
		return false;
	}
	if (!store_identity_count(call->store, call->account, &count, reterr))
		return false;
	return count < API_IDENTITIES_MAX ||
	       error_set(reterr, ERROR_LIMIT_EXCEEDED,
			 "An account can have at most %d identities.",
			 API_IDENTITIES_MAX);
}

static bool
put_tokens(struct api_call *call, const struct identity *identity,
	   struct error *reterr)
{
	struct span token[STORE_TOKENS];
	size_t len = identity_selectors(identity, token);

	if (identity->origin != SES_ORIGIN_AWS_SES)
		return true;
	for (size_t i = 0; i < len; i++)
		if (!store_token_add(call->store, token[i].ptr, identity->id,
				     call->now, reterr))
			return false;
	return true;
}

/* Stores the identity; the answer shows it before its checks began. */
static bool
create_store(struct api_call *call, struct creation *new, struct error *reterr)
{
	struct identity_ask ask = {
		.account = span_of(call->account),
		.name = span_of(new->name),
		.configuration_set = new->ask.configuration_set,
		.length = new->ask.signing.length,
		.selector = new->ask.signing.selector,
		.key_bits = call->key.bits,
		.entropy = call->entropy,
	};
	struct lifecycle_events events = {.len = 0};
	struct identity *identity = &new->identity;
	struct ses_dkim dkim;

	if (!identity_create(&ask, call->now, identity, reterr))
		return false;
	identity->feedback_forwarding = true;
	identity_view_dkim(call, identity, &dkim);
	api_answer(call, ses_created_write(identity->type,
					   identity_may_send(identity), &dkim));
	lifecycle_begin(identity, call->now, &events);
	if (!store_identity_add(call->store, identity, reterr) ||
	    !put_tokens(call, identity, reterr) ||
	    !api_tags_put(call, identity_resource(call, identity),
			  &new->ask.tags, reterr) ||
	    !api_event(call, identity->name, "identity.created", "{}",
		       reterr) ||
	    !api_lifecycle(call, identity, &events, reterr))
		return false;
	/* Spare tokens have names too, before and without any key. */
	call->wake |= API_WAKE_SCHEDULER | API_WAKE_KEYS | API_WAKE_ZONE;
	return true;
}

/* A key of the customer's is sealed before there is a row to bind it to. */
static void
need_import(struct api_call *call, const struct ses_signing *signing)
{
	call->key_text = signing->private_key;
	call->key = (struct dkim_key){
		.type = DKIM_KEY_RSA,
		.state = DKIM_KEY_ACTIVE,
		.created = call->now,
	};
	memcpy(call->key.selector, signing->selector.ptr,
	       signing->selector.len);
	for (char *c = call->key.selector; *c != '\0'; c++)
		*c = span_lower(*c);
	call->need = API_NEED_IMPORT;
}

static bool
create_begin(struct api_call *call, struct error *reterr)
{
	struct creation *new = arena_get(&call->arena, sizeof(*new));

	if (new == NULL)
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	call->state = new;
	if (!ses_create_identity_read(call->body, &new->ask, reterr) ||
	    !create_check(call, new, reterr))
		return false;
	if (new->ask.signing.selector.len == 0)
		return create_store(call, new, reterr);
	if (identity_is_address(span_of(new->name)))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The EmailIdentity value must be a valid "
				 "domain.");
	need_import(call, &new->ask.signing);
	return true;
}

bool
create_email_identity(struct api_call *call, struct error *reterr)
{
	struct creation *new = call->state;

	switch (call->phase) {
	case 0:
		return create_begin(call, reterr);
	case 1: /* the key is sealed, for nobody yet */
		if (!api_key_good(call, reterr) ||
		    !create_check(call, new, reterr) ||
		    !create_store(call, new, reterr))
			return false;
		call->key_was = call->key;
		call->key.identity = new->identity.id;
		call->key.generation = 1;
		call->need = API_NEED_REBIND;
		return true;
	default: /* the key is sealed for the identity */
		call->need = API_NEED_NOTHING;
		call->wake |= API_WAKE_ZONE;
		return store_dkim_key_put(call->store, &call->key, reterr);
	}
}

bool
get_email_identity(struct api_call *call, struct error *reterr)
{
	struct ses_identity view;
	struct identity identity;

	if (!api_identity(call, &identity, ERROR_NOT_FOUND,
			  "Email identity {} does not exist.", reterr) ||
	    !identity_view(call, &identity, &view, reterr))
		return false;
	api_answer(call, ses_identity_write(&view));
	return true;
}

/* What a token of this list is bound to. */
static struct span
list_query(struct api_call *call, const struct ses_list_identities *ask)
{
	return arena_printf(&call->arena, "identities|%d|%d|" SPAN_FMT,
			    (int)ask->type, (int)ask->status,
			    SPAN_ARG(ask->contains));
}

static bool
list_after(struct api_call *call, const struct ses_list_identities *ask,
	   struct span after, struct error *reterr)
{
	CLEANUP(buf_release) struct buf token = BUF_INIT(SES_NEXT_TOKEN_MAX);
	struct identity_filter filter = {.type = ask->type,
					 .verification = ask->status};
	struct identity *row = mem_array(ask->page + 1, sizeof(*row));
	json_t *list = json_array_new(), *answer = json_object_new();
	size_t len = 0;
	bool good;

	memcpy(filter.contains, ask->contains.ptr, ask->contains.len);
	good = store_identity_list(call->store, call->account, after.ptr,
				   &filter, row, ask->page + 1, &len, reterr);
	for (size_t i = 0; good && i < len && i < ask->page; i++) {
		struct ses_identity_entry entry = {
			.type = row[i].type,
			.name = span_of(row[i].name),
			.sending_enabled = identity_may_send(&row[i]),
			.status = row[i].verification.status,
		};

		json_add(list, ses_identity_entry_write(&entry));
	}
	json_put(answer, "EmailIdentities", list);
	if (good && len > ask->page) {
		next_token_format(call, list_query(call, ask),
				  span_of(row[ask->page - 1].name), &token);
		json_put_text(answer, "NextToken", buf_span(&token));
	}
	free(row);
	api_answer(call, answer);
	return good;
}

static bool
list_identities(struct api_call *call, const struct ses_list_identities *ask,
		struct error *reterr)
{
	struct span after;

	return next_token_parse(call, list_query(call, ask), ask->next_token,
				&after, reterr) &&
	       list_after(call, ask, after, reterr);
}

bool
list_email_identities(struct api_call *call, struct error *reterr)
{
	struct ses_list_identities ask;

	return ses_list_identities_read(call->body, &ask, reterr) &&
	       list_identities(call, &ask, reterr);
}

bool
delete_email_identity(struct api_call *call, struct error *reterr)
{
	struct identity identity;

	if (!api_identity(call, &identity, ERROR_NOT_FOUND,
			  "Email identity {} does not exist.", reterr) ||
	    !store_identity_delete(call->store, identity.id, call->now,
				   reterr) ||
	    !api_event(call, identity.name, "identity.deleted", "{}", reterr))
		return false;
	call->wake |= API_WAKE_ZONE;
	api_answer(call, json_object_new());
	return true;
}
