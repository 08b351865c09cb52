/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/set_options.h"

#include "ses/kept.h"

#define REASONS_MAX 2 /* as many as there are */

static const struct shape_member delivery_members[] = {
	{"TlsPolicy", SHAPE_TEXT, .words = "REQUIRE, OPTIONAL"},
	{"SendingPoolName", SHAPE_TEXT},
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

static const struct shape_member confidence_members[] = {
	{"ConfidenceVerdictThreshold", SHAPE_TEXT, .required = true,
	 .words = "MEDIUM, HIGH, MANAGED"},
};
static const struct shape confidence_shape = SHAPE(confidence_members);
static const struct shape_member condition_members[] = {
	{"ConditionThresholdEnabled", SHAPE_TEXT, .required = true,
	 .words = "ENABLED, DISABLED"},
	{"OverallConfidenceThreshold", SHAPE_OBJECT, .of = &confidence_shape},
};
static const struct shape condition_shape = SHAPE(condition_members);
static const struct shape_member validation_members[] = {
	{"ConditionThreshold", SHAPE_OBJECT, .required = true,
	 .of = &condition_shape},
};
static const struct shape validation_shape = SHAPE(validation_members);
static const struct shape_member reason_element[] = {
	{"SuppressionListReason", SHAPE_TEXT, .words = "BOUNCE, COMPLAINT"},
};
static const struct shape reason_list = SHAPE(reason_element);
static const struct shape_member suppression_members[] = {
	{"SuppressedReasons", SHAPE_LIST, .max = REASONS_MAX,
	 .of = &reason_list},
	{"SuppressionScope", SHAPE_TEXT, .words = "ACCOUNT, TENANT"},
	{"ValidationOptions", SHAPE_OBJECT, .of = &validation_shape},
};
static const struct shape suppression_shape = SHAPE(suppression_members);

#define HTTPS_POLICY                                                           \
	{                                                                      \
		"HttpsPolicy", SHAPE_TEXT,                                     \
			.words = "REQUIRE, REQUIRE_OPEN_ONLY, OPTIONAL"        \
	}
static const struct shape_member tracking_members[] = {
	{"CustomRedirectDomain", SHAPE_TEXT, .required = true},
	HTTPS_POLICY,
};
static const struct shape tracking_shape = SHAPE(tracking_members);
static const struct shape_member tracking_put_members[] = {
	{"CustomRedirectDomain", SHAPE_TEXT},
	HTTPS_POLICY,
};
static const struct shape tracking_put_shape = SHAPE(tracking_put_members);

static const struct shape_member dashboard_members[] = {
	{"EngagementMetrics", SHAPE_TEXT, .words = "ENABLED, DISABLED"},
};
static const struct shape dashboard_shape = SHAPE(dashboard_members);
static const struct shape_member guardian_members[] = {
	{"OptimizedSharedDelivery", SHAPE_TEXT, .words = "ENABLED, DISABLED"},
};
static const struct shape guardian_shape = SHAPE(guardian_members);
static const struct shape_member vdm_members[] = {
	{"DashboardOptions", SHAPE_OBJECT, .of = &dashboard_shape},
	{"GuardianOptions", SHAPE_OBJECT, .of = &guardian_shape},
};
static const struct shape vdm_shape = SHAPE(vdm_members);
static const struct shape_member vdm_put_members[] = {
	{"VdmOptions", SHAPE_OBJECT, .of = &vdm_shape},
};
static const struct shape vdm_put_shape = SHAPE(vdm_put_members);

static const struct shape_member archiving_members[] = {
	{"ArchiveArn", SHAPE_TEXT, .min = 20, .max = 1011},
};
static const struct shape archiving_shape = SHAPE(archiving_members);

static const struct shape no_members = {NULL, 0};
static const struct shape_member smime_members[] = {
	{"SignatureFormat", SHAPE_TEXT, .words = "DETACHED"},
};
static const struct shape smime_shape = SHAPE(smime_members);
static const struct shape_member scheme_members[] = {
	{"DefaultScheme", SHAPE_OBJECT, .of = &no_members},
	{"SmimeScheme", SHAPE_OBJECT, .of = &smime_shape},
};
static const struct shape scheme_shape = SHAPE(scheme_members);
static const struct shape_member security_members[] = {
	{"SigningScheme", SHAPE_OBJECT, .of = &scheme_shape},
};
static const struct shape security_shape = SHAPE(security_members);
static const struct shape_member security_put_members[] = {
	{"ConfigurationSetName", SHAPE_TEXT, .required = true},
	{"MessageSecurityOptions", SHAPE_OBJECT, .of = &security_shape},
};
static const struct shape security_put_shape = SHAPE(security_put_members);

/* The groups as members of CreateConfigurationSet, in the order of the enum. */
static const struct shape_member group_members[] = {
	{"TrackingOptions", SHAPE_OBJECT, .of = &tracking_shape},
	{"DeliveryOptions", SHAPE_OBJECT, .of = &delivery_shape},
	{"ReputationOptions", SHAPE_OBJECT, .of = &reputation_shape},
	{"SendingOptions", SHAPE_OBJECT, .of = &sending_shape},
	{"SuppressionOptions", SHAPE_OBJECT, .of = &suppression_shape},
	{"VdmOptions", SHAPE_OBJECT, .of = &vdm_shape},
	{"ArchivingOptions", SHAPE_OBJECT, .of = &archiving_shape},
	{"MessageSecurityOptions", SHAPE_OBJECT, .of = &security_shape},
};
static const struct shape group_shape = SHAPE(group_members);

/* The bodies of the calls that put one; nested where a group is a member. */
static const struct {
	const struct shape *shape;
	bool nested;
} put[SES_OPTIONS_COUNT] = {
	[SES_OPTIONS_TRACKING] = {&tracking_put_shape, false},
	[SES_OPTIONS_DELIVERY] = {&delivery_shape, false},
	[SES_OPTIONS_REPUTATION] = {&reputation_shape, false},
	[SES_OPTIONS_SENDING] = {&sending_shape, false},
	[SES_OPTIONS_SUPPRESSION] = {&suppression_shape, false},
	[SES_OPTIONS_VDM] = {&vdm_put_shape, true},
	[SES_OPTIONS_ARCHIVING] = {&archiving_shape, false},
	[SES_OPTIONS_SECURITY] = {&security_put_shape, true},
};

const char *
ses_options_name(enum ses_options group)
{
	return group_members[group].name;
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
	if (group == SES_OPTIONS_REPUTATION)
		json_put_bool(options, "ReputationMetricsEnabled",
			      shape_truth(options, "ReputationMetricsEnabled"));
}

bool
ses_options_read(const json_t *body, json_t **ret, struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *options = NULL;

	if (!shape_check(body, &group_shape, reterr))
		return false;
	options = kept_members(body, &group_shape);
	for (size_t i = 0; i < SES_OPTIONS_COUNT; i++) {
		json_t *value = json_get(options, group_members[i].name);

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

	if (!shape_check(body, put[group].shape, reterr))
		return false;
	if (put[group].nested)
		from = json_get(body, group_members[group].name);
	options = kept_members(from, group_members[group].of);
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
		json_put(options, group_members[group].name, value);
	else
		json_object_del(options, group_members[group].name);
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
	json_t *object = json_get(to, group_members[group].name);

	if (object == NULL) {
		object = json_object_new();
		json_put(to, group_members[group].name, object);
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
		json_t *value = json_get(options, group_members[i].name);

		if (value != NULL)
			json_put(to, group_members[i].name, json_copy(value));
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
