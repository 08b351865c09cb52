/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/configuration_sets.h"

#include "unit.h"

#define LONG65                                                                 \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

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
	const char *body;
	const char *want; /* the options, or why not */
	enum error_code code;
} rows[] = {
	{"a name alone", "{\"ConfigurationSetName\":\"a_b-C9\"}", "{}", 0},
	{"options",
	 "{\"ConfigurationSetName\":\"a\",\"DeliveryOptions\":{\"TlsPolicy\":"
	 "\"REQUIRE\",\"MaxDeliverySeconds\":300,\"X\":1},\"SendingOptions\":{"
	 "\"SendingEnabled\":\"true\"},\"SuppressionOptions\":{"
	 "\"SuppressedReasons\":[\"BOUNCE\"]}}",
	 "{\"DeliveryOptions\":{\"MaxDeliverySeconds\":300,"
	 "\"TlsPolicy\":\"REQUIRE\"},\"SendingOptions\":{\"SendingEnabled\":"
	 "true},\"SuppressionOptions\":{\"SuppressedReasons\":[\"BOUNCE\"]}}",
	 0},
	{"no name", "{}",
	 "1 validation error detected: Value at 'configurationSetName' failed "
	 "to satisfy constraint: Member must not be null",
	 ERROR_BAD_REQUEST},
	{"an empty name", "{\"ConfigurationSetName\":\"\"}",
	 "Invalid configuration set name <>: only alphanumeric ASCII "
	 "characters, '_',  '-' are allowed.",
	 ERROR_BAD_REQUEST},
	{"a name with a space", "{\"ConfigurationSetName\":\"a b\"}",
	 "Invalid configuration set name <a b>: only alphanumeric ASCII "
	 "characters, '_',  '-' are allowed.",
	 ERROR_BAD_REQUEST},
	{"a name too long", "{\"ConfigurationSetName\":\"" LONG65 "\"}",
	 "1 validation error detected: Value at 'configurationSetName' failed "
	 "to satisfy constraint: Member must have length less than or equal to "
	 "64",
	 ERROR_BAD_REQUEST},
	{"seconds out of range",
	 "{\"ConfigurationSetName\":\"a\",\"DeliveryOptions\":{"
	 "\"MaxDeliverySeconds\":299}}",
	 "1 validation error detected: Value at "
	 "'deliveryOptions.maxDeliverySeconds' failed to satisfy constraint: "
	 "Member must have value greater than or equal to 300",
	 ERROR_BAD_REQUEST},
	{"a reason that is none",
	 "{\"ConfigurationSetName\":\"a\",\"SuppressionOptions\":{"
	 "\"SuppressedReasons\":[\"BOUNCE\",\"MOOD\"]}}",
	 "1 validation error detected: Value at "
	 "'suppressionOptions.suppressedReasons' failed to satisfy constraint: "
	 "Member must satisfy constraint: [Member must satisfy enum value set: "
	 "[BOUNCE, COMPLAINT]]",
	 ERROR_BAD_REQUEST},
	{"tracking without a domain",
	 "{\"ConfigurationSetName\":\"a\",\"TrackingOptions\":{}}",
	 "1 validation error detected: Value at "
	 "'trackingOptions.customRedirectDomain' failed to satisfy "
	 "constraint: Member must not be null",
	 ERROR_BAD_REQUEST},
	{"an option that nobody keeps",
	 "{\"ConfigurationSetName\":\"a\",\"MessageSecurityOptions\":{"
	 "\"SigningScheme\":{\"SmimeScheme\":{}}}}",
	 "SmimeScheme is not supported by this deployment.", ERROR_BAD_REQUEST},
	{"all that may be said",
	 "{\"ConfigurationSetName\":\"a\",\"SendingOptions\":{},"
	 "\"ReputationOptions\":{},\"ArchivingOptions\":{},\"VdmOptions\":{"
	 "\"GuardianOptions\":{\"OptimizedSharedDelivery\":\"ENABLED\"}}}",
	 "{\"ReputationOptions\":{\"ReputationMetricsEnabled\":false},"
	 "\"SendingOptions\":{\"SendingEnabled\":false},\"VdmOptions\":{"
	 "\"GuardianOptions\":{\"OptimizedSharedDelivery\":\"ENABLED\"}},"
	 "\"ArchivingOptions\":{}}",
	 0},
};

static void
test_read(void **state)
{
	const struct row *row = *state;
	CLEANUP(json_decrefp) json_t *body = parse(row->body);
	CLEANUP(json_decrefp) json_t *options = NULL;
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000);
	struct ses_create_set request;
	struct error error = {0};
	bool good = ses_create_set_read(body, &request, &options, &error);

	assert_int_equal(error.code, row->code);
	if (!good) {
		assert_string_equal(error.text, row->want);
		return;
	}
	assert_true(json_format(options, &text));
	assert_string_equal(text.ptr, row->want);
}

static void
test_write(void **state)
{
	struct ses_create_set request = {
		.name = SPAN("cs"),
		.tags = {.tag = {{SPAN("k"), SPAN("v")}}, .len = 1},
	};
	CLEANUP(json_decrefp) json_t *body = ses_create_set_write(&request);
	CLEANUP(json_decrefp) json_t *options = NULL;
	CLEANUP(json_decrefp) json_t *answer = NULL;
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000);
	struct ses_create_set got;
	struct error error;

	(void)state;
	assert_true(ses_create_set_read(body, &got, &options, &error));
	answer = ses_set_write(got.name, options, &got.tags);
	assert_true(json_format(answer, &text));
	assert_string_equal(text.ptr,
			    "{\"ConfigurationSetName\":\"cs\","
			    "\"DeliveryOptions\":{\"TlsPolicy\":\"OPTIONAL\"},"
			    "\"ReputationOptions\":{"
			    "\"ReputationMetricsEnabled\":false},"
			    "\"SendingOptions\":{\"SendingEnabled\":true},"
			    "\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}]}");
}

int
main(void)
{
	UNIT_ROWS(test_read, rows);
	UNIT(test_write);
	return unit_run("ses/configuration_sets");
}
