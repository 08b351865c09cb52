/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/identities.h"

#include "ses/model.h"

static void
put_some(json_t *object, const char *name, struct span text)
{
	if (text.len > 0)
		json_put_text(object, name, text);
}

bool
ses_tags_read(const json_t *list, struct ses_tags *ret, struct error *reterr)
{
	ret->len = 0;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *tag = json_array_get(list, i);
		struct span key = shape_text(tag, "Key");

		if (ret->len == SES_TAGS_MAX)
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "A resource can have at most %d tags.",
					 SES_TAGS_MAX);
		if (span_starts_nocase(key, SPAN("aws:")))
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "Tag keys that begin with 'aws:' are "
					 "reserved.");
		for (size_t j = 0; j < ret->len; j++)
			if (span_equal(ret->tag[j].key, key))
				return error_set(reterr, ERROR_BAD_REQUEST,
						 "The tag key '" SPAN_FMT
						 "' is given twice.",
						 SPAN_ARG(key));
		ret->tag[ret->len++] =
			(struct ses_tag){key, shape_text(tag, "Value")};
	}
	return true;
}

json_t *
ses_tags_write(const struct ses_tags *tags)
{
	json_t *list = json_array_new();

	for (size_t i = 0; i < tags->len; i++) {
		json_t *tag = json_object_new();

		json_put_text(tag, "Key", tags->tag[i].key);
		json_put_text(tag, "Value", tags->tag[i].value);
		json_add(list, tag);
	}
	return list;
}

/* Reads DkimSigningAttributes, in which BYODKIM and Easy DKIM do not mix. */
static bool
signing_read(const json_t *json, struct ses_signing *ret, struct error *reterr)
{
	struct span length = shape_text(json, "NextSigningKeyLength");
	struct span origin = shape_text(json, "DomainSigningAttributesOrigin");

	ret->length = 0;
	ret->selector = shape_text(json, "DomainSigningSelector");
	ret->private_key = shape_text(json, "DomainSigningPrivateKey");
	if (length.len > 0 && !ses_key_length_parse(length, &ret->length))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "NextSigningKeyLength is not valid.");
	if (origin.len > 0)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "DomainSigningAttributesOrigin '" SPAN_FMT
				 "' is not supported: this deployment has one "
				 "region.",
				 SPAN_ARG(origin));
	if ((ret->selector.len > 0) != (ret->private_key.len > 0))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "DomainSigningSelector and "
				 "DomainSigningPrivateKey must be given "
				 "together.");
	if (ret->selector.len > 0 && ret->length != 0)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "NextSigningKeyLength cannot be given with a "
				 "private key of your own.");
	return true;
}

static json_t *
signing_write(const struct ses_signing *signing)
{
	json_t *json = json_object_new();

	put_some(json, "DomainSigningSelector", signing->selector);
	put_some(json, "DomainSigningPrivateKey", signing->private_key);
	if (signing->length != 0)
		json_puts(json, "NextSigningKeyLength",
			  ses_key_length_name(signing->length));
	return json;
}

bool
ses_create_identity_read(const json_t *body, struct ses_create_identity *ret,
			 struct error *reterr)
{
	if (!ses_model_body("CreateEmailIdentity", body, reterr))
		return false;
	ret->name = shape_text(body, "EmailIdentity");
	ret->configuration_set = shape_text(body, "ConfigurationSetName");
	return signing_read(json_object_get(body, "DkimSigningAttributes"),
			    &ret->signing, reterr) &&
	       ses_tags_read(json_object_get(body, "Tags"), &ret->tags, reterr);
}

json_t *
ses_create_identity_write(const struct ses_create_identity *request)
{
	json_t *body = json_object_new();
	json_t *signing = signing_write(&request->signing);

	json_put_text(body, "EmailIdentity", request->name);
	if (request->tags.len > 0)
		json_put(body, "Tags", ses_tags_write(&request->tags));
	if (json_object_size(signing) > 0)
		json_put(body, "DkimSigningAttributes", json_incref(signing));
	json_decref(signing);
	put_some(body, "ConfigurationSetName", request->configuration_set);
	return body;
}

bool
ses_put_signing_read(const json_t *body, struct ses_put_signing *ret,
		     struct error *reterr)
{
	const json_t *signing = json_object_get(body, "SigningAttributes");
	struct span origin = shape_text(body, "SigningAttributesOrigin");

	if (!ses_model_body("PutEmailIdentityDkimSigningAttributes", body,
			    reterr))
		return false;
	if (!ses_dkim_origin_parse(origin, &ret->origin))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "SigningAttributesOrigin must be AWS_SES or "
				 "EXTERNAL.");
	if (!signing_read(signing, &ret->signing, reterr))
		return false;
	if (ret->origin == SES_ORIGIN_EXTERNAL &&
	    ret->signing.selector.len == 0)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "DomainSigningSelector and "
				 "DomainSigningPrivateKey are required when "
				 "SigningAttributesOrigin is EXTERNAL.");
	if (ret->origin == SES_ORIGIN_AWS_SES && ret->signing.selector.len > 0)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "DomainSigningSelector and "
				 "DomainSigningPrivateKey cannot be given when "
				 "SigningAttributesOrigin is AWS_SES.");
	return true;
}

json_t *
ses_put_signing_write(const struct ses_put_signing *request)
{
	json_t *body = json_object_new();
	json_t *signing = signing_write(&request->signing);

	json_puts(body, "SigningAttributesOrigin",
		  ses_dkim_origin_name(request->origin));
	if (json_object_size(signing) > 0)
		json_put(body, "SigningAttributes", json_incref(signing));
	json_decref(signing);
	return body;
}

bool
ses_put_mail_from_read(const json_t *body, struct ses_put_mail_from *ret,
		       struct error *reterr)
{
	struct span behavior = shape_text(body, "BehaviorOnMxFailure");

	if (!ses_model_body("PutEmailIdentityMailFromAttributes", body, reterr))
		return false;
	ret->domain = shape_text(body, "MailFromDomain");
	ret->behavior = SES_USE_DEFAULT_VALUE;
	return behavior.len == 0 ||
	       ses_mx_failure_parse(behavior, &ret->behavior) ||
	       error_set(reterr, ERROR_BAD_REQUEST,
			 "BehaviorOnMxFailure is not valid.");
}

json_t *
ses_put_mail_from_write(const struct ses_put_mail_from *request)
{
	json_t *body = json_object_new();

	json_put_text(body, "MailFromDomain", request->domain);
	json_puts(body, "BehaviorOnMxFailure",
		  ses_mx_failure_name(request->behavior));
	return body;
}

bool
ses_put_flag_read(const json_t *body, const char *name, bool *ret,
		  struct error *reterr)
{
	const struct shape_member member = {name, SHAPE_TRUTH};
	const struct shape shape = {&member, 1};

	if (!shape_check(body, &shape, reterr))
		return false;
	*ret = shape_truth(body, name);
	return true;
}

bool
ses_put_set_read(const json_t *body, struct span *ret, struct error *reterr)
{
	if (!ses_model_body("PutEmailIdentityConfigurationSetAttributes", body,
			    reterr))
		return false;
	*ret = shape_text(body, "ConfigurationSetName");
	return true;
}

/* PageSize 0 is in the model's range and asks for nothing in particular. */
static bool
page_set(int64_t page, struct ses_list_identities *ret, struct error *reterr)
{
	if (page < 0 || page > SES_PAGE_MAX)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "PageSize must be between 0 and %d.",
				 SES_PAGE_MAX);
	ret->page = page == 0 ? SES_PAGE_DEFAULT : (size_t)page;
	return true;
}

static bool
filter_read(const json_t *filter, struct ses_list_identities *ret,
	    struct error *reterr)
{
	const char *key;
	const json_t *value;

	json_object_foreach((json_t *)(uintptr_t)filter, key, value)
	{
		struct span text = json_text(value);
		struct span name = span_of(key);
		bool good;

		if (json_is_null(value))
			continue;
		if (span_equal(name, SPAN("IDENTITY_NAME_CONTAINS"))) {
			ret->contains = text;
			good = text.len > 0 && text.len <= SES_NAME_MAX;
		} else if (span_equal(name, SPAN("IDENTITY_TYPE"))) {
			good = ses_identity_type_parse(text, &ret->type);
		} else if (span_equal(name, SPAN("VERIFICATION_STATUS"))) {
			good = ses_status_parse(text, &ret->status);
		} else {
			good = false;
		}
		if (!good)
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "The filter '%.64s' or its value is "
					 "not valid.",
					 key);
	}
	return true;
}

bool
ses_list_identities_read(const json_t *body, struct ses_list_identities *ret,
			 struct error *reterr)
{
	int64_t page = 0;

	if (!ses_model_body("ListEmailIdentities", body, reterr))
		return false;
	*ret = (struct ses_list_identities){
		.next_token = shape_text(body, "NextToken"),
		.contains = SPAN(""),
	};
	if (!json_get_int(body, "PageSize", &page))
		page = 0;
	return page_set(page, ret, reterr) &&
	       filter_read(json_get(body, "Filter"), ret, reterr);
}
