/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/configuration_sets.h"

#include "ses/shape.h"

static const struct shape_member tag_members[] = {
	{"Key", SHAPE_TEXT, .required = true, .min = 1, .max = 128},
	{"Value", SHAPE_TEXT, .required = true, .max = 256},
};
static const struct shape tag_shape = SHAPE(tag_members);
static const struct shape_member tag_element[] = {
	{"Tag", SHAPE_OBJECT, .of = &tag_shape},
};
static const struct shape tag_list = SHAPE(tag_element);

static const struct shape_member delivery_members[] = {
	{"TlsPolicy", SHAPE_TEXT, .words = "OPTIONAL, REQUIRE"},
	{"MaxDeliverySeconds", SHAPE_NUMBER, .min = 300, .max = 50400},
};
static const struct shape delivery_shape = SHAPE(delivery_members);

static const struct shape_member reputation_members[] = {
	{"ReputationMetricsEnabled", SHAPE_TRUTH},
};
static const struct shape reputation_shape = SHAPE(reputation_members);

static const struct shape_member sending_members[] = {
	{"SendingEnabled", SHAPE_TRUTH},
};
static const struct shape sending_shape = SHAPE(sending_members);

static const struct shape_member reason_element[] = {
	{"SuppressionListReason", SHAPE_TEXT, .words = "BOUNCE, COMPLAINT"},
};
static const struct shape reason_list = SHAPE(reason_element);
static const struct shape_member suppression_members[] = {
	{"SuppressedReasons", SHAPE_LIST, .max = 2, .of = &reason_list},
};
static const struct shape suppression_shape = SHAPE(suppression_members);

static const struct shape_member create_members[] = {
	{"ConfigurationSetName", SHAPE_TEXT, .required = true},
	{"Tags", SHAPE_LIST, .max = SES_TAGS_MAX, .of = &tag_list},
	{"DeliveryOptions", SHAPE_OBJECT, .of = &delivery_shape},
	{"ReputationOptions", SHAPE_OBJECT, .of = &reputation_shape},
	{"SendingOptions", SHAPE_OBJECT, .of = &sending_shape},
	{"SuppressionOptions", SHAPE_OBJECT, .of = &suppression_shape},
};
static const struct shape create_shape = SHAPE(create_members);

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

/* Copies what the shape knows of `from`; what it does not is dropped. */
static json_t *
known_members(const json_t *from, const struct shape *shape)
{
	json_t *to = json_object_new();

	for (size_t i = 0; i < shape->len; i++) {
		const struct shape_member *member = &shape->member[i];
		json_t *value = json_get(from, member->name);

		if (value == NULL)
			continue;
		if (member->kind == SHAPE_TRUTH)
			json_put_bool(to, member->name,
				      shape_truth(from, member->name));
		else
			json_put(to, member->name, json_incref(value));
	}
	return to;
}

static json_t *
options_of(const json_t *body)
{
	json_t *options = json_object_new();

	for (size_t i = 0; i < create_shape.len; i++) {
		const struct shape_member *member = &create_shape.member[i];
		const json_t *value = json_get(body, member->name);

		if (member->kind == SHAPE_OBJECT && value != NULL)
			json_put(options, member->name,
				 known_members(value, member->of));
	}
	return options;
}

bool
ses_create_set_read(const json_t *body, struct ses_create_set *ret,
		    json_t **ret_options, struct error *reterr)
{
	static const char *const refused[] = {"TrackingOptions", "VdmOptions",
					      "ArchivingOptions",
					      "MessageSecurityOptions"};

	if (!shape_check(body, &create_shape, reterr))
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
	for (size_t i = 0; i < COUNT(refused); i++)
		if (json_get(body, refused[i]) != NULL)
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "%s are not supported by this "
					 "deployment.",
					 refused[i]);
	if (!ses_tags_read(json_get(body, "Tags"), &ret->tags, reterr))
		return false;
	*ret_options = options_of(body);
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
	const char *key;
	json_t *value;

	json_put_text(json, "ConfigurationSetName", name);
	json_object_foreach((json_t *)(uintptr_t)options, key, value)
		json_put(json, key, json_incref(value));
	json_put(json, "Tags", ses_tags_write(tags));
	return json;
}
