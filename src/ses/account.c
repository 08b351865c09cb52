/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/account.h"

#include "ses/kept.h"
#include "ses/set_options.h"

/* "^(.+)@(.+)$" */
static bool
is_contact(struct span text)
{
	size_t at =
		span_find_last(span_head(text, text.len - (text.len > 0)), '@');

	return at != SPAN_NONE && at > 0;
}

static const struct shape_member contact_element[] = {
	{"AdditionalContactEmailAddress", SHAPE_TEXT, .min = 6, .max = 254,
	 .match = is_contact, .pattern = "^(.+)@(.+)$"},
};
static const struct shape contact_list = SHAPE(contact_element);

static const struct shape_member details_members[] = {
	{"MailType", SHAPE_TEXT, .required = true,
	 .words = "MARKETING, TRANSACTIONAL"},
	{"WebsiteURL", SHAPE_TEXT, .required = true, .min = 1, .max = 1000},
	{"ContactLanguage", SHAPE_TEXT, .words = "EN, JA"},
	{"UseCaseDescription", SHAPE_TEXT, .max = 5000},
	{"AdditionalContactEmailAddresses", SHAPE_LIST, .min = 1,
	 .max = SES_CONTACTS_MAX, .of = &contact_list},
};
static const struct shape details_shape = SHAPE(details_members);
static const struct shape_member access_members[] = {
	{"ProductionAccessEnabled", SHAPE_TRUTH},
};
static const struct shape access_shape = SHAPE(access_members);

bool
ses_account_details_read(const json_t *body, json_t **ret, struct error *reterr)
{
	if (!shape_check(body, &details_shape, reterr) ||
	    !shape_check(body, &access_shape, reterr))
		return false;
	*ret = kept_members(body, &details_shape);
	return true;
}

bool
ses_account_suppression_read(const json_t *body, json_t **ret,
			     struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *options = json_object_new();
	CLEANUP(json_decrefp) json_t *group = NULL;
	json_t *value;

	/* The same but for the name of a member, and without a scope. */
	value = json_object_get(body, "SuppressedReasons");
	if (value != NULL)
		json_put(options, "SuppressedReasons", json_incref(value));
	value = json_object_get(body, "ValidationAttributes");
	if (value != NULL)
		json_put(options, "ValidationOptions", json_incref(value));
	if (body != NULL && !json_is_object(body))
		return error_set(reterr, ERROR_SERIALIZATION,
				 "The body must be a JSON object.");
	if (!ses_options_put_read(SES_OPTIONS_SUPPRESSION, options, &group,
				  reterr))
		return false;
	*ret = json_object_new();
	value = json_get(group, "SuppressedReasons");
	json_put(*ret, "SuppressedReasons",
		 value != NULL ? json_incref(value) : json_array_new());
	value = json_get(group, "ValidationOptions");
	if (value != NULL)
		json_put(*ret, "ValidationAttributes", json_incref(value));
	return true;
}

bool
ses_account_sending_read(const json_t *body, json_t **ret, struct error *reterr)
{
	return ses_options_put_read(SES_OPTIONS_SENDING, body, ret, reterr);
}
