/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/configuration_sets.h"

#include "ses/model.h"

static bool
is_set_name(struct span name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '_' || c == '-'))
			return false;
	}
	return name.len > 0;
}

bool
ses_create_set_read(const json_t *body, struct ses_create_set *ret,
		    json_t **ret_options, struct error *reterr)
{
	if (!ses_model_body("CreateConfigurationSet", body, reterr))
		return false;
	ret->name = shape_text(body, "ConfigurationSetName");
	if (ret->name.len > SES_SET_NAME_MAX)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "1 validation error detected: Value at "
				 "'configurationSetName' failed to satisfy "
				 "constraint: Member must have length less "
				 "than or equal to %d",
				 SES_SET_NAME_MAX);
	if (!is_set_name(ret->name))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Invalid configuration set name <" SPAN_FMT
				 ">: only alphanumeric ASCII characters, '_',  "
				 "'-' are allowed.",
				 SPAN_ARG(ret->name));
	return ses_tags_read(json_get(body, "Tags"), &ret->tags, reterr) &&
	       ses_options_read(body, ret_options, reterr);
}

bool
ses_list_sets_read(const json_t *input, struct ses_list_identities *ret,
		   struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *rest = json_object_new();
	const json_t *filter = json_get(input, "Filter");
	const char *key;
	json_t *value;
	struct span contains = SPAN("");

	/* Page and token are those of every list. */
	json_object_foreach((json_t *)(uintptr_t)input, key,
			    value) if (strcmp(key, "Filter") != 0)
		json_put(rest, key, json_incref(value));
	json_object_foreach((json_t *)(uintptr_t)filter, key, value)
	{
		if (json_is_null(value))
			continue;
		contains = json_text(value);
		if (strcmp(key, "CONFIGURATION_SET_NAME_CONTAINS") != 0 ||
		    contains.len == 0 || contains.len > SES_SET_NAME_MAX)
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "The filter '%.64s' or its value is "
					 "not valid.",
					 key);
	}
	if (!ses_list_identities_read(rest, ret, reterr))
		return false;
	/* `rest` goes, what was given stays. */
	ret->next_token = json_text(json_object_get(input, "NextToken"));
	ret->contains = contains;
	return true;
}

json_t *
ses_create_set_write(const struct ses_create_set *request)
{
	json_t *body = json_object_new();

	json_put_text(body, "ConfigurationSetName", request->name);
	if (request->tags.len > 0)
		json_put(body, "Tags", ses_tags_write(&request->tags));
	return body;
}

json_t *
ses_set_write(struct span name, const json_t *options,
	      const struct ses_tags *tags)
{
	json_t *json = json_object_new();

	json_put_text(json, "ConfigurationSetName", name);
	ses_options_write(options, json);
	json_put(json, "Tags", ses_tags_write(tags));
	return json;
}
