/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/event_destinations.h"

#include "ses/kept.h"
#include "ses/model.h"

/* Returns the shape of a definition. */
static const struct shape *
definition_shape(void)
{
	return ses_model_member("CreateConfigurationSetEventDestination",
				"EventDestination")
		->of;
}

/* An ARN that a destination has, and the form that it must be of. */
static const struct form {
	const char *destination;
	const char *member;
	const char *service;
	const char *before; /* the name in its resource; "" if it is all */
	bool regional;      /* it says a region */
} forms[] = {
	{"SnsDestination", "TopicArn", "sns", "", true},
	{"KinesisFirehoseDestination", "DeliveryStreamArn", "firehose",
	 "deliverystream/", true},
	{"KinesisFirehoseDestination", "IamRoleArn", "iam", "role/", false},
	{"EventBridgeDestination", "EventBusArn", "events", "event-bus/", true},
	{"PinpointDestination", "ApplicationArn", "mobiletargeting", "apps/",
	 true},
};

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/* Returns whether `s` is not empty, and of letters, digits and `more`. */
static bool
is_made_of(struct span s, const char *more)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_alnum(s.ptr[i]) &&
		    span_find(span_of(more), s.ptr[i]) == SPAN_NONE)
			return false;
	return s.len > 0;
}

static bool
is_account(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return s.len == 12;
}

/* arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE */
static bool
is_arn(struct span arn, const struct form *form)
{
	struct span rest = arn, before = span_of(form->before), region;

	if (!span_equal(span_cut(&rest, ':'), SPAN("arn")))
		return false;
	if (!span_starts(rest, SPAN("aws")) ||
	    !is_made_of(span_cut(&rest, ':'), "-") ||
	    !span_equal(span_cut(&rest, ':'), span_of(form->service)))
		return false;
	region = span_cut(&rest, ':');
	if (form->regional ? !is_made_of(region, "-") : region.len > 0)
		return false;
	if (!is_account(span_cut(&rest, ':')) || !span_starts(rest, before))
		return false;
	return is_made_of(span_skip(rest, before.len), "-_./+=,@");
}

static bool
arns_good(const json_t *definition, struct error *reterr)
{
	for (size_t i = 0; i < COUNT(forms); i++) {
		const json_t *of = json_get(definition, forms[i].destination);

		if (of == NULL ||
		    is_arn(shape_text(of, forms[i].member), &forms[i]))
			continue;
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "%s of the %s is not a valid ARN.",
				 forms[i].member, forms[i].destination);
	}
	return true;
}

static bool
dimensions_good(const json_t *definition, struct error *reterr)
{
	const json_t *list =
		json_get(json_get(definition, "CloudWatchDestination"),
			 "DimensionConfigurations");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);

		if (!is_made_of(shape_text(one, "DimensionName"), "_-:") ||
		    !is_made_of(shape_text(one, "DefaultDimensionValue"),
				"_-@."))
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "The name and the default value of a "
					 "CloudWatch dimension must only have "
					 "alphanumeric ASCII characters, '_', "
					 "'-'.");
	}
	return true;
}

static bool
definition_good(const json_t *definition, struct error *reterr)
{
	const struct shape *shape = definition_shape();
	size_t destinations = 0;

	for (size_t i = 0; i < shape->len; i++)
		if (shape->member[i].kind == SHAPE_OBJECT &&
		    json_get(definition, shape->member[i].name) != NULL)
			destinations++;
	if (destinations != 1)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "An event destination must have exactly one "
				 "of KinesisFirehoseDestination, "
				 "CloudWatchDestination, SnsDestination, "
				 "EventBridgeDestination and "
				 "PinpointDestination.");
	if (json_array_size(json_get(definition, "MatchingEventTypes")) == 0)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "An event destination must have at least one "
				 "matching event type.");
	return arns_good(definition, reterr) &&
	       dimensions_good(definition, reterr);
}

/* Keeps each type once, in the order of their first places. */
static json_t *
distinct(const json_t *types)
{
	json_t *to = json_array_new();

	for (size_t i = 0; i < json_array_size(types); i++) {
		json_t *type = json_array_get(types, i);
		size_t k = 0;

		while (k < i && !json_equal(type, json_array_get(types, k)))
			k++;
		if (k == i)
			json_add(to, json_incref(type));
	}
	return to;
}

static bool
read_definition(const json_t *body, const char *operation, json_t **ret,
		struct error *reterr)
{
	const json_t *definition;

	if (!ses_model_body(operation, body, reterr))
		return false;
	definition = json_get(body, "EventDestination");
	if (!definition_good(definition, reterr))
		return false;
	*ret = kept_members(definition, definition_shape());
	json_put_bool(*ret, "Enabled", shape_truth(definition, "Enabled"));
	json_put(*ret, "MatchingEventTypes",
		 distinct(json_get(definition, "MatchingEventTypes")));
	return true;
}

bool
ses_event_destination_named(struct span name)
{
	return is_made_of(name, "_-") &&
	       name.len <= SES_EVENT_DESTINATION_NAME_MAX;
}

bool
ses_event_destination_read(const json_t *body, struct span *ret_name,
			   json_t **ret, struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *definition = NULL;
	struct span name;

	if (!read_definition(body, "CreateConfigurationSetEventDestination",
			     &definition, reterr))
		return false;
	name = shape_text(body, "EventDestinationName");
	if (!ses_event_destination_named(name))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "Invalid event destination name: 1 to %d "
				 "alphanumeric ASCII characters, '_', '-' are "
				 "allowed.",
				 SES_EVENT_DESTINATION_NAME_MAX);
	*ret_name = name;
	*ret = take_ptr(&definition);
	return true;
}

bool
ses_event_destination_update_read(const json_t *body, json_t **ret,
				  struct error *reterr)
{
	return read_definition(body, "UpdateConfigurationSetEventDestination",
			       ret, reterr);
}

json_t *
ses_event_destination_write(struct span name, const json_t *definition)
{
	json_t *to = kept_members(definition, definition_shape());

	json_put_text(to, "Name", name);
	return to;
}
