/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/set_options.h"

#include "unit.h"

#define NOW  INT64_C(1795455102000)
#define ARN  "arn:aws:ses:us-east-1:111111111111:mailmanager-archive/"
#define V(p) "1 validation error detected: Value at '" p "' failed to satisfy "

static json_t *
parse(const char *text)
{
	json_t *json = NULL;

	assert_int_equal(json_parse(span_of(text), 10000, &json, NULL),
			 JSON_OK);
	return json;
}

static const struct row {
	const char *name;
	enum ses_options group;
	const char *body; /* NULL: none */
	const char *want; /* the options, "" if cleared; or why not */
	enum error_code code;
} rows[] = {
	{"archive, none", SES_OPTIONS_ARCHIVING, NULL, "", 0},
	{"archive, one", SES_OPTIONS_ARCHIVING,
	 "{\"ArchiveArn\":\"" ARN "a-aaaaaaaaaaaaaaaaaaaaaaaa\"}",
	 "The archive does not exist.", ERROR_NOT_FOUND},
	{"archive, short", SES_OPTIONS_ARCHIVING, "{\"ArchiveArn\":\"arn\"}",
	 "2 validation errors detected: Value at 'archiveArn' failed to "
	 "satisfy "
	 "constraint: Member must have length greater than or equal to 20; "
	 "Value at "
	 "'archiveArn' failed to satisfy constraint: Member must satisfy "
	 "regular "
	 "expression pattern: "
	 "arn:(aws|aws-[a-z-]+):ses:[a-z]{2,4}-[a-z-]+-[0-9]:"
	 "[0-9]{1,20}:mailmanager-archive/a-[a-z0-9]{24,62}",
	 ERROR_BAD_REQUEST},
	{"delivery", SES_OPTIONS_DELIVERY,
	 "{\"TlsPolicy\":\"REQUIRE\",\"MaxDeliverySeconds\":50400,\"X\":1}",
	 "{\"MaxDeliverySeconds\":50400,\"TlsPolicy\":\"REQUIRE\"}", 0},
	{"delivery, none", SES_OPTIONS_DELIVERY, "{}", "", 0},
	{"delivery, the pool that there is", SES_OPTIONS_DELIVERY,
	 "{\"SendingPoolName\":\"ses-shared-pool\"}",
	 "{\"SendingPoolName\":\"ses-shared-pool\"}", 0},
	{"delivery, another pool", SES_OPTIONS_DELIVERY,
	 "{\"SendingPoolName\":\"mine\"}",
	 "Dedicated IP pool <mine> does not exist.", ERROR_NOT_FOUND},
	{"delivery, a word", SES_OPTIONS_DELIVERY, "{\"TlsPolicy\":\"YES\"}",
	 V("tlsPolicy") "constraint: Member must satisfy enum value set: "
			"[OPTIONAL, REQUIRE]",
	 ERROR_BAD_REQUEST},
	{"delivery, a text for a number", SES_OPTIONS_DELIVERY,
	 "{\"MaxDeliverySeconds\":\"300\"}",
	 "STRING_VALUE can not be converted to an Integer",
	 ERROR_SERIALIZATION},
	{"delivery, too long", SES_OPTIONS_DELIVERY,
	 "{\"MaxDeliverySeconds\":50401}",
	 V("maxDeliverySeconds") "constraint: Member must have value less than "
				 "or equal to 50400",
	 ERROR_BAD_REQUEST},
	{"reputation", SES_OPTIONS_REPUTATION,
	 "{\"ReputationMetricsEnabled\":true,\"LastFreshStart\":5}",
	 "{\"ReputationMetricsEnabled\":true}", 0},
	{"sending", SES_OPTIONS_SENDING, "{\"SendingEnabled\":true}",
	 "{\"SendingEnabled\":true}", 0},
	{"sending, not said is off", SES_OPTIONS_SENDING, NULL,
	 "{\"SendingEnabled\":false}", 0},
	{"sending, a string is on", SES_OPTIONS_SENDING,
	 "{\"SendingEnabled\":\"false\"}", "{\"SendingEnabled\":true}", 0},
	{"sending, a number", SES_OPTIONS_SENDING, "{\"SendingEnabled\":1}",
	 "NUMBER_VALUE can not be converted to a Boolean", ERROR_SERIALIZATION},
	{"suppression", SES_OPTIONS_SUPPRESSION,
	 "{\"SuppressedReasons\":[\"COMPLAINT\"],\"SuppressionScope\":"
	 "\"ACCOUNT\"}",
	 "{\"SuppressedReasons\":[\"COMPLAINT\"],\"SuppressionScope\":"
	 "\"ACCOUNT\"}",
	 0},
	{"suppression, no reason", SES_OPTIONS_SUPPRESSION,
	 "{\"SuppressedReasons\":[]}", "{\"SuppressedReasons\":[]}", 0},
	{"suppression, cleared", SES_OPTIONS_SUPPRESSION, "{}", "", 0},
	{"suppression, of a tenant", SES_OPTIONS_SUPPRESSION,
	 "{\"SuppressionScope\":\"TENANT\"}",
	 "SuppressionScope TENANT is not supported by this deployment.",
	 ERROR_BAD_REQUEST},
	{"suppression, validation off", SES_OPTIONS_SUPPRESSION,
	 "{\"ValidationOptions\":{\"ConditionThreshold\":{"
	 "\"ConditionThresholdEnabled\":\"DISABLED\"}}}",
	 "{\"ValidationOptions\":{\"ConditionThreshold\":{"
	 "\"ConditionThresholdEnabled\":\"DISABLED\"}}}",
	 0},
	{"suppression, validation on", SES_OPTIONS_SUPPRESSION,
	 "{\"ValidationOptions\":{\"ConditionThreshold\":{"
	 "\"ConditionThresholdEnabled\":\"ENABLED\"}}}",
	 "The validation of addresses is not supported by this deployment.",
	 ERROR_BAD_REQUEST},
	{"tracking", SES_OPTIONS_TRACKING,
	 "{\"CustomRedirectDomain\":\"t.example\",\"HttpsPolicy\":\"REQUIRE\"}",
	 "{\"CustomRedirectDomain\":\"t.example\",\"HttpsPolicy\":\"REQUIRE\"}",
	 0},
	{"tracking, cleared", SES_OPTIONS_TRACKING,
	 "{\"HttpsPolicy\":\"OPTIONAL\"}", "", 0},
	{"tracking, a policy that is none", SES_OPTIONS_TRACKING,
	 "{\"HttpsPolicy\":\"SOME\"}",
	 V("httpsPolicy") "constraint: Member must satisfy enum value set: "
			  "[OPTIONAL, REQUIRE, REQUIRE_OPEN_ONLY]",
	 ERROR_BAD_REQUEST},
	{"vdm", SES_OPTIONS_VDM,
	 "{\"VdmOptions\":{\"DashboardOptions\":{\"EngagementMetrics\":"
	 "\"ENABLED\",\"X\":1},\"GuardianOptions\":{"
	 "\"OptimizedSharedDelivery\":\"DISABLED\"}}}",
	 "{\"DashboardOptions\":{\"EngagementMetrics\":\"ENABLED\"},"
	 "\"GuardianOptions\":{\"OptimizedSharedDelivery\":\"DISABLED\"}}",
	 0},
	{"vdm, cleared", SES_OPTIONS_VDM, "{\"VdmOptions\":{}}", "", 0},
	{"vdm, a word", SES_OPTIONS_VDM,
	 "{\"VdmOptions\":{\"DashboardOptions\":{\"EngagementMetrics\":"
	 "\"on\"}}}",
	 V("vdmOptions.dashboardOptions.engagementMetrics") "constraint: "
							    "Member must "
							    "satisfy enum "
							    "value set: "
							    "[DISABLED, "
							    "ENABLED]",
	 ERROR_BAD_REQUEST},
	{"security", SES_OPTIONS_SECURITY,
	 "{\"ConfigurationSetName\":\"a\",\"MessageSecurityOptions\":{"
	 "\"SigningScheme\":{\"DefaultScheme\":{}}}}",
	 "{\"SigningScheme\":{\"DefaultScheme\":{}}}", 0},
	{"security, S/MIME", SES_OPTIONS_SECURITY,
	 "{\"ConfigurationSetName\":\"a\",\"MessageSecurityOptions\":{"
	 "\"SigningScheme\":{\"SmimeScheme\":{}}}}",
	 "SmimeScheme is not supported by this deployment.", ERROR_BAD_REQUEST},
	{"security, no name", SES_OPTIONS_SECURITY, "{}",
	 V("configurationSetName") "constraint: Member must not be null",
	 ERROR_BAD_REQUEST},
};

static void
test_put_read(void **state)
{
	const struct row *row = *state;
	CLEANUP(json_decrefp) json_t *body = NULL;
	CLEANUP(json_decrefp) json_t *got = NULL;
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000);
	struct error error = {0};

	if (row->body != NULL)
		body = parse(row->body);
	if (!ses_options_put_read(row->group, body, &got, &error)) {
		assert_string_equal(error.text, row->want);
		assert_int_equal(error.code, row->code);
		assert_null(got);
		return;
	}
	assert_int_equal(row->code, 0);
	if (got != NULL)
		assert_true(json_format(got, &text));
	assert_string_equal(text.ptr, row->want);
}

/* Each group takes the place of the one before, and only of that. */
static void
test_put(void **state)
{
	CLEANUP(json_decrefp)
	json_t *options = parse("{\"SendingOptions\":{\"SendingEnabled\":"
				"false},\"DeliveryOptions\":{\"TlsPolicy\":"
				"\"REQUIRE\"}}");
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000);
	static const char *const want[] = {
		"{\"SendingOptions\":{\"SendingEnabled\":false}}",
		"{\"SendingOptions\":{\"SendingEnabled\":true},"
		"\"ReputationOptions\":{\"LastFreshStart\":1795455102}}",
		"{\"SendingOptions\":{\"SendingEnabled\":true},"
		"\"ReputationOptions\":{\"ReputationMetricsEnabled\":true,"
		"\"LastFreshStart\":1795455102}}",
	};

	(void)state;
	ses_options_put(options, SES_OPTIONS_DELIVERY, NULL, NOW - 1);
	assert_true(json_format(options, &text));
	assert_string_equal(text.ptr, want[0]);
	/* Sending that goes on begins its reputation anew. */
	ses_options_put(options, SES_OPTIONS_SENDING,
			parse("{\"SendingEnabled\":true}"), NOW);
	buf_clear(&text);
	assert_true(json_format(options, &text));
	assert_string_equal(text.ptr, want[1]);
	ses_options_put(options, SES_OPTIONS_REPUTATION,
			parse("{\"ReputationMetricsEnabled\":true}"), NOW + 1);
	ses_options_put(options, SES_OPTIONS_SENDING,
			parse("{\"SendingEnabled\":true}"), NOW + 2);
	buf_clear(&text);
	assert_true(json_format(options, &text));
	assert_string_equal(text.ptr, want[2]);
}

static const struct rules_row {
	const char *name;
	const char *options; /* NULL: none */
	struct ses_rules want;
} rules_rows[] = {
	{"nothing said", NULL, {0}},
	{"an empty object", "{}", {0}},
	{"sending on", "{\"SendingOptions\":{\"SendingEnabled\":true}}", {0}},
	{"sending off",
	 "{\"SendingOptions\":{\"SendingEnabled\":false}}",
	 {.paused = true}},
	{"delivery",
	 "{\"DeliveryOptions\":{\"TlsPolicy\":\"REQUIRE\","
	 "\"MaxDeliverySeconds\":300}}",
	 {.require_tls = true, .max_seconds = 300}},
	{"optional TLS",
	 "{\"DeliveryOptions\":{\"TlsPolicy\":\"OPTIONAL\"}}",
	 {0}},
	{"no reasons",
	 "{\"SuppressionOptions\":{\"SuppressedReasons\":[]}}",
	 {.has_reasons = true}},
	{"both reasons",
	 "{\"SuppressionOptions\":{\"SuppressedReasons\":[\"BOUNCE\","
	 "\"COMPLAINT\"]}}",
	 {.has_reasons = true,
	  .suppressing = SES_REASON_BOUNCE | SES_REASON_COMPLAINT}},
	{"a scope alone",
	 "{\"SuppressionOptions\":{\"SuppressionScope\":\"ACCOUNT\"}}",
	 {0}},
};

static void
test_rules(void **state)
{
	const struct rules_row *row = *state;
	CLEANUP(json_decrefp) json_t *options = NULL;
	struct ses_rules got;

	if (row->options != NULL)
		options = parse(row->options);
	ses_rules_read(options, &got);
	assert_int_equal(got.paused, row->want.paused);
	assert_int_equal(got.require_tls, row->want.require_tls);
	assert_int_equal(got.max_seconds, row->want.max_seconds);
	assert_int_equal(got.has_reasons, row->want.has_reasons);
	assert_int_equal(got.suppressing, row->want.suppressing);
}

int
main(void)
{
	UNIT_ROWS(test_put_read, rows);
	UNIT_ROWS(test_rules, rules_rows);
	UNIT(test_put);
	return unit_run("ses/set_options");
}
