/* SPDX-License-Identifier: Apache-2.0 */
#include "api/identity_view.h"

/* Room for a domain's name. */
#define ZONE_MAX 512

void
identity_view_dkim(struct api_call *call, const struct identity *identity,
		   struct ses_dkim *ret)
{
	CLEANUP(buf_release) struct buf zone = BUF_INIT(ZONE_MAX);
	bool easy = identity->origin == SES_ORIGIN_AWS_SES;

	*ret = (struct ses_dkim){
		.signing_enabled = identity->signing_enabled,
		.status = identity->dkim.status,
		.origin = identity->origin,
		.signing_zone = SPAN(""),
		.current_length = identity->current_length,
		.key_generated = identity->key_generated,
	};
	ret->tokens = identity_selectors(identity, ret->token);
	if (easy)
		ret->next_length = identity->next_length;
	if (easy && ret->tokens > 0) {
		service_signing_zone(&call->deployment->service, &zone);
		ret->signing_zone = arena_copy(&call->arena, buf_span(&zone));
	}
}

/*
 * An address has no DKIM of its own: if the very domain behind its "@" is an
 * identity, that one's is shown.
 */
static bool
view_parent(struct api_call *call, const struct identity *identity,
	    struct ses_dkim *ret, struct error *reterr)
{
	struct identity *parent = arena_get(&call->arena, sizeof(*parent));
	const char *domain = api_text(call, records_domain(identity));
	struct error why;
	struct ses_dkim dkim;

	if (parent == NULL)
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	if (store_identity_get(call->store, call->account, domain, parent,
			       &why)) {
		identity_view_dkim(call, parent, &dkim);
		ret->signing_enabled = dkim.signing_enabled;
		ret->status = dkim.status;
		memcpy(ret->token, dkim.token, sizeof(dkim.token));
		ret->tokens = dkim.tokens;
		ret->signing_zone = dkim.signing_zone;
		return true;
	}
	if (why.code == ERROR_NOT_FOUND)
		return true;
	*reterr = why;
	return false;
}

bool
identity_view(struct api_call *call, const struct identity *identity,
	      struct ses_identity *ret, struct error *reterr)
{
	*ret = (struct ses_identity){
		.type = identity->type,
		.feedback_forwarding = identity->feedback_forwarding,
		.verified = identity_may_send(identity),
		.status = identity->verification.status,
		.mail_from = {span_of(identity->mail_from),
			      identity->mail_from_standing.status,
			      identity->on_mx_failure},
		.verification = {.last_checked = identity->last_checked,
				 .last_success = identity->last_success,
				 .error = identity->error,
				 .soa_primary = span_of(identity->soa_primary),
				 .soa_admin = span_of(identity->soa_admin),
				 .soa_serial = identity->soa_serial},
		.configuration_set = span_of(identity->configuration_set),
	};
	identity_view_dkim(call, identity, &ret->dkim);
	if (identity->type == SES_EMAIL_ADDRESS &&
	    !view_parent(call, identity, &ret->dkim, reterr))
		return false;
	return api_tags_get(call, identity_resource(call, identity), &ret->tags,
			    reterr);
}

const char *
identity_resource(struct api_call *call, const struct identity *identity)
{
	return arena_printf(&call->arena, "identity/%s", identity->name).ptr;
}
