/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/account.h"

#include "ses/kept.h"
#include "ses/model.h"
#include "ses/set_options.h"

bool
ses_account_details_read(const json_t *body, json_t **ret, struct error *reterr)
{
	const struct ses_operation *operation =
		ses_model_operation(SPAN("PutAccountDetails"));

	if (!ses_model_body("PutAccountDetails", body, reterr))
		return false;
	*ret = kept_members(body, operation->input);
	/* no part of the details: it is for sesame to say */
	json_object_del(*ret, "ProductionAccessEnabled");
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
