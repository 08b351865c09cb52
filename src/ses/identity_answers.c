/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/identity_answers.h"

#include "ses/shape.h"

static void
put_some(json_t *object, const char *name, struct span text)
{
	if (text.len > 0)
		json_put_text(object, name, text);
}

json_t *
ses_dkim_write(const struct ses_dkim *dkim)
{
	json_t *json = json_object_new();
	json_t *tokens = json_array_new();

	json_put_bool(json, "SigningEnabled", dkim->signing_enabled);
	json_puts(json, "Status", ses_status_name(dkim->status));
	for (size_t i = 0; i < dkim->tokens; i++)
		json_add_text(tokens, dkim->token[i]);
	if (dkim->tokens > 0)
		json_put(json, "Tokens", json_incref(tokens));
	json_decref(tokens);
	put_some(json, "SigningHostedZone", dkim->signing_zone);
	json_puts(json, "SigningAttributesOrigin",
		  ses_dkim_origin_name(dkim->origin));
	if (dkim->next_length != 0)
		json_puts(json, "NextSigningKeyLength",
			  ses_key_length_name(dkim->next_length));
	if (dkim->current_length == SES_RSA_1024_BIT ||
	    dkim->current_length == SES_RSA_2048_BIT)
		json_puts(json, "CurrentSigningKeyLength",
			  ses_key_length_name(
				  (enum ses_key_length)dkim->current_length));
	if (dkim->key_generated > 0)
		json_put_time(json, "LastKeyGenerationTimestamp",
			      dkim->key_generated);
	return json;
}

json_t *
ses_created_write(enum ses_identity_type type, bool verified,
		  const struct ses_dkim *dkim)
{
	json_t *json = json_object_new();

	json_puts(json, "IdentityType", ses_identity_type_name(type));
	json_put_bool(json, "VerifiedForSendingStatus", verified);
	json_put(json, "DkimAttributes", ses_dkim_write(dkim));
	return json;
}

json_t *
ses_signing_answer_write(const struct ses_dkim *dkim)
{
	json_t *json = json_object_new();
	json_t *tokens = json_array_new();

	json_puts(json, "DkimStatus", ses_status_name(dkim->status));
	for (size_t i = 0; i < dkim->tokens; i++)
		json_add_text(tokens, dkim->token[i]);
	json_put(json, "DkimTokens", tokens);
	put_some(json, "SigningHostedZone", dkim->signing_zone);
	return json;
}

static json_t *
verification_write(const struct ses_verification *v)
{
	json_t *json = json_object_new();

	if (v->last_checked > 0)
		json_put_time(json, "LastCheckedTimestamp", v->last_checked);
	if (v->last_success > 0)
		json_put_time(json, "LastSuccessTimestamp", v->last_success);
	if (v->error != SES_ERROR_NONE)
		json_puts(json, "ErrorType",
			  ses_verification_error_name(v->error));
	if (v->soa_primary.len > 0) {
		json_t *soa = json_object_new();

		json_put_text(soa, "PrimaryNameServer", v->soa_primary);
		json_put_text(soa, "AdminEmail", v->soa_admin);
		json_put_int(soa, "SerialNumber", v->soa_serial);
		json_put(json, "SOARecord", soa);
	}
	return json;
}

/* Without a domain there is no status either: as SES answers. */
static json_t *
mail_from_write(const struct ses_mail_from *mail_from)
{
	json_t *json = json_object_new();

	if (mail_from->domain.len > 0) {
		json_put_text(json, "MailFromDomain", mail_from->domain);
		json_puts(json, "MailFromDomainStatus",
			  ses_status_name(mail_from->status));
	}
	json_puts(json, "BehaviorOnMxFailure",
		  ses_mx_failure_name(mail_from->behavior));
	return json;
}

json_t *
ses_identity_write(const struct ses_identity *identity)
{
	json_t *json = ses_created_write(identity->type, identity->verified,
					 &identity->dkim);

	json_put_bool(json, "FeedbackForwardingStatus",
		      identity->feedback_forwarding);
	json_put(json, "MailFromAttributes",
		 mail_from_write(&identity->mail_from));
	json_put(json, "Policies", json_object_new());
	json_put(json, "Tags", ses_tags_write(&identity->tags));
	put_some(json, "ConfigurationSetName", identity->configuration_set);
	json_puts(json, "VerificationStatus",
		  ses_status_name(identity->status));
	json_put(json, "VerificationInfo",
		 verification_write(&identity->verification));
	return json;
}

/* A time of the API, seconds with or without a fraction, in milliseconds. */
static int64_t
time_read(const json_t *json, const char *name)
{
	const json_t *value = json_object_get(json, name);
	double seconds = json_number_value(value);

	return seconds > 0 && seconds < 1e11 ? (int64_t)(seconds * 1000 + 0.5)
					     : 0;
}

static void
tokens_read(const json_t *list, struct ses_dkim *ret)
{
	ret->tokens = 0;
	for (size_t i = 0; i < json_array_size(list); i++)
		if (ret->tokens < SES_TOKENS_MAX)
			ret->token[ret->tokens++] =
				json_text(json_array_get(list, i));
}

/* What PutEmailIdentityDkimSigningAttributes answers. */
static void
signing_answer_read(const json_t *json, struct ses_dkim *ret)
{
	if (!ses_status_parse(shape_text(json, "DkimStatus"), &ret->status))
		ret->status = SES_NOT_STARTED;
	tokens_read(json_object_get(json, "DkimTokens"), ret);
	ret->signing_zone = shape_text(json, "SigningHostedZone");
}

static void
dkim_read(const json_t *json, struct ses_dkim *ret)
{
	struct span origin = shape_text(json, "SigningAttributesOrigin");
	enum ses_key_length current = 0;

	ret->signing_enabled = shape_truth(json, "SigningEnabled");
	if (!ses_status_parse(shape_text(json, "Status"), &ret->status))
		ret->status = SES_NOT_STARTED;
	tokens_read(json_object_get(json, "Tokens"), ret);
	ret->signing_zone = shape_text(json, "SigningHostedZone");
	/* AWS_SES_EU_WEST_1 and the like: an Easy DKIM of another region */
	if (!ses_dkim_origin_parse(origin, &ret->origin) &&
	    span_starts(origin, SPAN("AWS_SES_")))
		ret->origin = SES_ORIGIN_AWS_SES;
	if (!ses_key_length_parse(shape_text(json, "NextSigningKeyLength"),
				  &ret->next_length))
		ret->next_length = 0;
	if (ses_key_length_parse(shape_text(json, "CurrentSigningKeyLength"),
				 &current))
		ret->current_length = (int)current;
	ret->key_generated = time_read(json, "LastKeyGenerationTimestamp");
}

static enum ses_verification_error
verification_error_read(struct span text)
{
	for (int i = SES_ERROR_SERVICE; i <= SES_ERROR_INVALID_VALUE; i++)
		if (span_equal(text, span_of(ses_verification_error_name(
					     (enum ses_verification_error)i))))
			return (enum ses_verification_error)i;
	return SES_ERROR_NONE;
}

static void
verification_read(const json_t *json, struct ses_verification *ret)
{
	const json_t *soa = json_object_get(json, "SOARecord");
	int64_t serial = 0;

	ret->last_checked = time_read(json, "LastCheckedTimestamp");
	ret->last_success = time_read(json, "LastSuccessTimestamp");
	ret->error = verification_error_read(shape_text(json, "ErrorType"));
	ret->soa_primary = shape_text(soa, "PrimaryNameServer");
	ret->soa_admin = shape_text(soa, "AdminEmail");
	if (json_get_int(soa, "SerialNumber", &serial))
		ret->soa_serial = (uint32_t)serial;
}

static void
mail_from_read(const json_t *json, struct ses_mail_from *ret)
{
	ret->domain = shape_text(json, "MailFromDomain");
	ret->behavior = SES_USE_DEFAULT_VALUE;
	if (!ses_status_parse(shape_text(json, "MailFromDomainStatus"),
			      &ret->status))
		ret->status = SES_NOT_STARTED;
	if (!ses_mx_failure_parse(shape_text(json, "BehaviorOnMxFailure"),
				  &ret->behavior))
		ret->behavior = SES_USE_DEFAULT_VALUE;
}

bool
ses_identity_read(const json_t *body, struct ses_identity *ret,
		  struct error *reterr)
{
	struct error ignored;

	if (!json_is_object(body))
		return error_set(reterr, ERROR_INTERNAL,
				 "The answer is not a JSON object.");
	*ret = (struct ses_identity){.status = SES_NOT_STARTED};
	ret->dkim.status = SES_NOT_STARTED;
	ret->dkim.origin = SES_ORIGIN_AWS_SES;
	if (!ses_identity_type_parse(shape_text(body, "IdentityType"),
				     &ret->type))
		ret->type = 0;
	ret->feedback_forwarding =
		shape_truth(body, "FeedbackForwardingStatus");
	ret->verified = shape_truth(body, "VerifiedForSendingStatus");
	if (!ses_status_parse(shape_text(body, "VerificationStatus"),
			      &ret->status))
		ret->status = SES_NOT_STARTED;
	if (json_get_object(body, "DkimAttributes") != NULL)
		dkim_read(json_object_get(body, "DkimAttributes"), &ret->dkim);
	else
		signing_answer_read(body, &ret->dkim);
	mail_from_read(json_object_get(body, "MailFromAttributes"),
		       &ret->mail_from);
	verification_read(json_object_get(body, "VerificationInfo"),
			  &ret->verification);
	ret->configuration_set = shape_text(body, "ConfigurationSetName");
	if (!ses_tags_read(json_object_get(body, "Tags"), &ret->tags, &ignored))
		ret->tags.len = 0;
	return true;
}

json_t *
ses_identity_entry_write(const struct ses_identity_entry *e)
{
	json_t *json = json_object_new();

	json_puts(json, "IdentityType", ses_identity_type_name(e->type));
	json_put_text(json, "IdentityName", e->name);
	json_put_bool(json, "SendingEnabled", e->sending_enabled);
	json_puts(json, "VerificationStatus", ses_status_name(e->status));
	return json;
}

bool
ses_identity_entry_read(const json_t *json, struct ses_identity_entry *ret)
{
	*ret = (struct ses_identity_entry){.status = SES_NOT_STARTED};
	ret->sending_enabled = shape_truth(json, "SendingEnabled");
	if (!ses_status_parse(shape_text(json, "VerificationStatus"),
			      &ret->status))
		ret->status = SES_NOT_STARTED;
	return json_get_text(json, "IdentityName", &ret->name) &&
	       ses_identity_type_parse(shape_text(json, "IdentityType"),
				       &ret->type);
}
