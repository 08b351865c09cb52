/* SPDX-License-Identifier: Apache-2.0 */
/* Identities: what their owner changes. */
#include "api/identity_view.h"
#include "api/operations.h"
#include "text/domain.h"

/* DKIM keys of an identity that are looked at. */
#define KEYS_MAX (2 * STORE_TOKENS)

/* Stores the changed identity with its transitions, and answers {}. */
static bool
keep(struct api_call *call, struct identity *identity,
     const struct lifecycle_events *events, const char *operation,
     struct error *reterr)
{
	const char *text =
		arena_printf(&call->arena, "{\"operation\":\"%s\"}", operation)
			.ptr;

	if (!store_identity_update(call->store, identity, reterr) ||
	    !api_event(call, identity->name, "identity.changed", text,
		       reterr) ||
	    !api_lifecycle(call, identity, events, reterr))
		return false;
	if (call->answer == NULL)
		api_answer(call, json_object_new());
	return true;
}

bool
put_mail_from(struct api_call *call, struct error *reterr)
{
	struct lifecycle_events events = {.len = 0};
	struct ses_put_mail_from ask;
	struct identity identity;
	struct domain domain;
	struct span name = SPAN("");

	if (!ses_put_mail_from_read(call->body, &ask, reterr) ||
	    !api_identity(call, &identity, ERROR_BAD_REQUEST,
			  "Identity <{}> does not exist.", reterr))
		return false;
	if (ask.domain.len > 0) {
		enum domain_status status = domain_parse(ask.domain, &domain);

		if (status != DOMAIN_OK)
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "Invalid MAIL-FROM domain name: %s",
					 domain_strerror(status));
		name = domain_span(&domain);
	}
	if (!identity_put_mail_from(&identity, name, ask.behavior, call->now,
				    &events, reterr))
		return false;
	call->wake |= API_WAKE_SCHEDULER;
	return keep(call, &identity, &events,
		    "PutEmailIdentityMailFromAttributes", reterr);
}

/*
 * For an address whose domain is an identity SES says yes and changes
 * nothing; for any other it knows no domain to sign with.
 */
static bool
put_dkim_of_address(struct api_call *call, struct span name,
		    struct error *reterr)
{
	struct span domain = span_skip(name, span_find_last(name, '@') + 1);
	struct identity parent;

	call->param[0] = domain;
	if (!api_identity(call, &parent, ERROR_BAD_REQUEST,
			  "Domain {} is not verified for DKIM signing.",
			  reterr))
		return false;
	api_answer(call, json_object_new());
	return true;
}

bool
put_dkim(struct api_call *call, struct error *reterr)
{
	struct lifecycle_events none = {.len = 0};
	struct identity identity;
	bool enabled;

	if (!ses_put_flag_read(call->body, "SigningEnabled", &enabled, reterr))
		return false;
	if (identity_is_address(call->param[0]))
		return put_dkim_of_address(call, call->param[0], reterr);
	if (!api_identity(call, &identity, ERROR_BAD_REQUEST,
			  "Domain {} is not verified for DKIM signing.",
			  reterr))
		return false;
	identity.signing_enabled = enabled;
	return keep(call, &identity, &none, "PutEmailIdentityDkimAttributes",
		    reterr);
}

/* Keys that signed are still shown, so that mail under way verifies. */
static bool
retire_keys(struct api_call *call, uint64_t identity, const char *except,
	    struct error *reterr)
{
	struct dkim_key *key =
		arena_array(&call->arena, KEYS_MAX, sizeof(*key));
	size_t len = 0;

	if (key == NULL)
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	if (!store_dkim_key_list(call->store, identity, key, KEYS_MAX, &len,
				 reterr))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (strcmp(key[i].selector, except) == 0)
			continue;
		key[i].state = DKIM_KEY_RETIRED;
		if (!store_dkim_key_put(call->store, &key[i], reterr))
			return false;
	}
	return true;
}

static bool
has_dkim(const struct lifecycle_events *events)
{
	for (size_t i = 0; i < events->len; i++)
		if (events->event[i].kind == LIFECYCLE_DKIM)
			return true;
	return false;
}

/* SES answers a restart with NOT_STARTED; the next Get says PENDING. */
static void
answer_signing(struct api_call *call, const struct identity *identity,
	       bool restarted)
{
	struct ses_dkim dkim;

	identity_view_dkim(call, identity, &dkim);
	if (restarted)
		dkim.status = SES_NOT_STARTED;
	api_answer(call, ses_signing_answer_write(&dkim));
}

static bool
signing_identity(struct api_call *call, struct identity *ret,
		 struct error *reterr)
{
	if (identity_is_address(call->param[0]))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The EmailIdentity value must be a valid "
				 "domain.");
	return api_identity(call, ret, ERROR_NOT_FOUND,
			    "Email identity {} does not exist.", reterr);
}

static bool
put_easy(struct api_call *call, struct identity *identity,
	 enum ses_key_length length, struct error *reterr)
{
	bool was_easy = identity->origin == SES_ORIGIN_AWS_SES;
	struct lifecycle_events events = {.len = 0};
	struct span token[STORE_TOKENS];
	size_t len;

	if (!identity_put_easy(identity, length, call->entropy, call->now,
			       &events, reterr))
		return false;
	len = identity_selectors(identity, token);
	for (size_t i = 0; !was_easy && i < len; i++)
		if (!store_token_add(call->store, token[i].ptr, identity->id,
				     call->now, reterr))
			return false;
	if (!was_easy && !retire_keys(call, identity->id, "", reterr))
		return false;
	call->wake |= API_WAKE_SCHEDULER | API_WAKE_KEYS;
	answer_signing(call, identity, !was_easy || has_dkim(&events));
	return keep(call, identity, &events,
		    "PutEmailIdentityDkimSigningAttributes", reterr);
}

/* The row is known: the key can be sealed for it at once. */
static bool
begin_byodkim(struct api_call *call, const struct identity *identity,
	      const struct ses_signing *signing, struct error *reterr)
{
	struct dkim_key had;
	struct error why;

	call->key = (struct dkim_key){
		.identity = identity->id,
		.generation = 1,
		.type = DKIM_KEY_RSA,
		.state = DKIM_KEY_ACTIVE,
		.created = call->now,
	};
	for (size_t i = 0; i < signing->selector.len; i++)
		call->key.selector[i] = span_lower(signing->selector.ptr[i]);
	if (store_dkim_key_get(call->store, identity->id, call->key.selector,
			       &had, &why)) {
		call->key.generation = had.generation + 1;
	} else if (why.code != ERROR_NOT_FOUND) {
		*reterr = why;
		return false;
	}
	call->key_text = signing->private_key;
	call->need = API_NEED_IMPORT;
	return true;
}

static bool
finish_byodkim(struct api_call *call, struct identity *identity,
	       struct error *reterr)
{
	struct lifecycle_events events = {.len = 0};

	call->need = API_NEED_NOTHING;
	if (identity->id != call->key.identity)
		return error_set(reterr, ERROR_CONCURRENT,
				 "The identity was deleted meanwhile.");
	if (!api_key_good(call, reterr) ||
	    !identity_put_byodkim(identity, span_of(call->key.selector),
				  call->key.bits, call->now, &events, reterr) ||
	    !retire_keys(call, identity->id, call->key.selector, reterr) ||
	    !store_dkim_key_put(call->store, &call->key, reterr))
		return false;
	call->wake |= API_WAKE_SCHEDULER | API_WAKE_ZONE;
	answer_signing(call, identity, true);
	return keep(call, identity, &events,
		    "PutEmailIdentityDkimSigningAttributes", reterr);
}

bool
put_dkim_signing(struct api_call *call, struct error *reterr)
{
	struct ses_put_signing ask;
	struct identity identity;

	if (!ses_put_signing_read(call->body, &ask, reterr) ||
	    !signing_identity(call, &identity, reterr))
		return false;
	if (ask.origin == SES_ORIGIN_AWS_SES)
		return put_easy(call, &identity, ask.signing.length, reterr);
	if (call->phase == 0)
		return begin_byodkim(call, &identity, &ask.signing, reterr);
	return finish_byodkim(call, &identity, reterr);
}

bool
put_feedback(struct api_call *call, struct error *reterr)
{
	struct lifecycle_events none = {.len = 0};
	struct identity identity;
	bool enabled;

	if (!ses_put_flag_read(call->body, "EmailForwardingEnabled", &enabled,
			       reterr) ||
	    !api_identity(call, &identity, ERROR_BAD_REQUEST,
			  "Identity {} is invalid. Must be a verified email "
			  "address or domain.",
			  reterr))
		return false;
	identity.feedback_forwarding = enabled;
	return keep(call, &identity, &none,
		    "PutEmailIdentityFeedbackAttributes", reterr);
}

bool
put_identity_set(struct api_call *call, struct error *reterr)
{
	struct lifecycle_events none = {.len = 0};
	struct configuration_set *set = arena_get(&call->arena, sizeof(*set));
	struct identity identity;
	struct span name;

	if (set == NULL)
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	if (!ses_put_set_read(call->body, &name, reterr) ||
	    !api_identity(call, &identity, ERROR_NOT_FOUND,
			  "Identity <{}> does not exist.", reterr))
		return false;
	if (name.len > 0 && !api_set(call, name, set, ERROR_NOT_FOUND, reterr))
		return false;
	memset(identity.configuration_set, 0,
	       sizeof(identity.configuration_set));
	memcpy(identity.configuration_set, name.ptr, name.len);
	return keep(call, &identity, &none,
		    "PutEmailIdentityConfigurationSetAttributes", reterr);
}
