/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/set_options.h"

#include "ses/kept.h"
#include "ses/model.h"

/* The groups as members of CreateConfigurationSet, in the order of the enum. */
static const char *const group_name[SES_OPTIONS_COUNT] = {
	[SES_OPTIONS_TRACKING] = "TrackingOptions",
	[SES_OPTIONS_DELIVERY] = "DeliveryOptions",
	[SES_OPTIONS_REPUTATION] = "ReputationOptions",
	[SES_OPTIONS_SENDING] = "SendingOptions",
	[SES_OPTIONS_SUPPRESSION] = "SuppressionOptions",
	[SES_OPTIONS_VDM] = "VdmOptions",
	[SES_OPTIONS_ARCHIVING] = "ArchivingOptions",
	[SES_OPTIONS_SECURITY] = "MessageSecurityOptions",
};

/* The calls that put one; nested where the group is a member of the body. */
static const struct {
	const char *operation;
	bool nested;
} put[SES_OPTIONS_COUNT] = {
	[SES_OPTIONS_TRACKING] = {"PutConfigurationSetTrackingOptions", false},
	[SES_OPTIONS_DELIVERY] = {"PutConfigurationSetDeliveryOptions", false},
	[SES_OPTIONS_REPUTATION] = {"PutConfigurationSetReputationOptions",
				    false},
	[SES_OPTIONS_SENDING] = {"PutConfigurationSetSendingOptions", false},
	[SES_OPTIONS_SUPPRESSION] = {"PutConfigurationSetSuppressionOptions",
				     false},
	[SES_OPTIONS_VDM] = {"PutConfigurationSetVdmOptions", true},
	[SES_OPTIONS_ARCHIVING] = {"PutConfigurationSetArchivingOptions",
				   false},
	[SES_OPTIONS_SECURITY] = {"UpdateConfigurationSet", true},
};

const char *
ses_options_name(enum ses_options group)
{
	return group_name[group];
}

/* Returns the group as the model has it. */
static const struct shape_member *
group_member(enum ses_options group)
{
	return ses_model_member("CreateConfigurationSet", group_name[group]);
}

/* Refuses the lists that addresses are not kept on here. */
static bool
suppression_good(const json_t *options, struct error *reterr)
{
	const json_t *condition = json_get(
		json_get(options, "ValidationOptions"), "ConditionThreshold");

	if (span_equal(shape_text(options, "SuppressionScope"), SPAN("TENANT")))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "SuppressionScope TENANT is not supported by "
				 "this deployment.");
	if (span_equal(shape_text(condition, "ConditionThresholdEnabled"),
		       SPAN("ENABLED")))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The validation of addresses is not supported "
				 "by this deployment.");
	return true;
}

/* Refuses what `group` names that this deployment does not have. */
static bool
group_good(enum ses_options group, const json_t *options, struct error *reterr)
{
	struct span text;

	switch (group) {
	case SES_OPTIONS_DELIVERY:
		text = shape_text(options, "SendingPoolName");
		if (text.len > 0 && !span_equal(text, SPAN("ses-shared-pool")))
			return error_set(
				reterr, ERROR_NOT_FOUND,
				"Dedicated IP pool <" SPAN_FMT
				"> does not exist.",
				SPAN_ARG(span_sub(text, 0,
						  text.len < 64 ? text.len
								: 64)));
		return true;
	case SES_OPTIONS_ARCHIVING:
		text = shape_text(options, "ArchiveArn");
		if (text.len > 0)
			return error_set(reterr, ERROR_NOT_FOUND,
					 "The archive does not exist.");
		return true;
	case SES_OPTIONS_SECURITY:
		if (json_get(json_get(options, "SigningScheme"),
			     "SmimeScheme") != NULL)
			return error_set(reterr, ERROR_BAD_REQUEST,
					 "SmimeScheme is not supported by this "
					 "deployment.");
		return true;
	case SES_OPTIONS_SUPPRESSION:
		return suppression_good(options, reterr);
	case SES_OPTIONS_TRACKING:
	case SES_OPTIONS_REPUTATION:
	case SES_OPTIONS_SENDING:
	case SES_OPTIONS_VDM:
	case SES_OPTIONS_COUNT:
		break;
	}
	return true;
}

/* SES takes a switch that was not said for off, once its group was. */
static void
complete(enum ses_options group, json_t *options)
{
	if (group == SES_OPTIONS_SENDING)
		json_put_bool(options, "SendingEnabled",
			      shape_truth(options, "SendingEnabled"));
	if (group != SES_OPTIONS_REPUTATION)
		return;
	json_put_bool(options, "ReputationMetricsEnabled",
		      shape_truth(options, "ReputationMetricsEnabled"));
	/* the model has it here; it is ours to say */
	json_object_del(options, "LastFreshStart");
}

bool
ses_options_read(const json_t *body, json_t **ret, struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *options = NULL;
	struct shape_member member[SES_OPTIONS_COUNT];
	struct shape groups = {member, SES_OPTIONS_COUNT};

	for (size_t i = 0; i < SES_OPTIONS_COUNT; i++)
		member[i] = *group_member((enum ses_options)i);
	if (!shape_check(body, &groups, reterr))
		return false;
	options = kept_members(body, &groups);
	for (size_t i = 0; i < SES_OPTIONS_COUNT; i++) {
		json_t *value = json_get(options, group_name[i]);

		if (value == NULL)
			continue;
		if (!group_good((enum ses_options)i, value, reterr))
			return false;
		complete((enum ses_options)i, value);
	}
	*ret = take_ptr(&options);
	return true;
}

/* Whether the group says nothing, so that it need not be kept. */
static bool
is_clear(enum ses_options group, const json_t *options)
{
	if (group == SES_OPTIONS_TRACKING)
		return shape_text(options, "CustomRedirectDomain").len == 0;
	return json_object_size(options) == 0;
}

bool
ses_options_put_read(enum ses_options group, const json_t *body, json_t **ret,
		     struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *options = NULL;
	const json_t *from = body;

	if (!ses_model_body(put[group].operation, body, reterr))
		return false;
	if (put[group].nested)
		from = json_get(body, group_name[group]);
	options = kept_members(from, group_member(group)->of);
	if (!group_good(group, options, reterr))
		return false;
	complete(group, options);
	*ret = is_clear(group, options) ? NULL : take_ptr(&options);
	return true;
}

void
ses_options_put(json_t *options, enum ses_options group, json_t *value,
		int64_t now)
{
	json_t *reputation = json_get(options, "ReputationOptions");
	json_t *start = json_incref(json_get(reputation, "LastFreshStart"));
	struct ses_rules before, after;

	ses_rules_read(options, &before);
	if (value != NULL)
		json_put(options, group_name[group], value);
	else
		json_object_del(options, group_name[group]);
	ses_rules_read(options, &after);
	reputation = json_get(options, "ReputationOptions");
	if (before.paused && !after.paused) {
		if (reputation == NULL) {
			reputation = json_object_new();
			json_put(options, "ReputationOptions", reputation);
		}
		json_put_time(reputation, "LastFreshStart", now);
	} else if (start != NULL && reputation != NULL) {
		json_put(reputation, "LastFreshStart", json_incref(start));
	}
	json_decref(start);
}

/* Sets a member of a group, unless it is there. */
static void
put_default(json_t *to, enum ses_options group, const char *name, json_t *value)
{
	json_t *object = json_get(to, group_name[group]);

	if (object == NULL) {
		object = json_object_new();
		json_put(to, group_name[group], object);
	}
	if (json_get(object, name) == NULL)
		json_put(object, name, value);
	else
		json_decref(value);
}

void
ses_options_write(const json_t *options, json_t *to)
{
	for (size_t i = 0; i < SES_OPTIONS_COUNT; i++) {
		json_t *value = json_get(options, group_name[i]);

		if (value != NULL)
			json_put(to, group_name[i], json_copy(value));
	}
	put_default(to, SES_OPTIONS_DELIVERY, "TlsPolicy",
		    json_text_new(SPAN("OPTIONAL")));
	put_default(to, SES_OPTIONS_REPUTATION, "ReputationMetricsEnabled",
		    json_false());
	put_default(to, SES_OPTIONS_SENDING, "SendingEnabled", json_true());
}

struct span
ses_options_redirect(const json_t *options)
{
	return shape_text(json_get(options, "TrackingOptions"),
			  "CustomRedirectDomain");
}

unsigned
ses_reasons_read(const json_t *list)
{
	unsigned reasons = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		struct span word = json_text(json_array_get(list, i));

		if (span_equal(word, SPAN("BOUNCE")))
			reasons |= SES_REASON_BOUNCE;
		else if (span_equal(word, SPAN("COMPLAINT")))
			reasons |= SES_REASON_COMPLAINT;
	}
	return reasons;
}

void
ses_rules_read(const json_t *options, struct ses_rules *ret)
{
	const json_t *delivery = json_get(options, "DeliveryOptions");
	const json_t *sending = json_get(options, "SendingOptions");
	const json_t *list = json_get_array(
		json_get(options, "SuppressionOptions"), "SuppressedReasons");

	*ret = (struct ses_rules){
		.paused = sending != NULL &&
			  !shape_truth(sending, "SendingEnabled"),
		.require_tls = span_equal(shape_text(delivery, "TlsPolicy"),
					  SPAN("REQUIRE")),
		.has_reasons = list != NULL,
		.suppressing = ses_reasons_read(list),
	};
	if (!json_get_int(delivery, "MaxDeliverySeconds", &ret->max_seconds))
		ret->max_seconds = 0;
}
