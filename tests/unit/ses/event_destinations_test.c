/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/event_destinations.h"

#include "unit.h"

#define NAME65                                                                 \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define DEFINED(more)                                                          \
	"{\"EventDestinationName\":\"d\",\"EventDestination\":{"               \
	"\"MatchingEventTypes\":[\"SEND\"]" more "}}"
#define SNS(arn) DEFINED(",\"SnsDestination\":{\"TopicArn\":\"" arn "\"}")
#define BAD_SNS  "TopicArn of the SnsDestination is not a valid ARN."
#define DIMENSION(name, value)                                                 \
	DEFINED(",\"CloudWatchDestination\":{\"DimensionConfigurations\":[{"   \
		"\"DimensionName\":\"" name                                    \
		"\",\"DimensionValueSource\":\"EMAIL_HEADER\","                \
		"\"DefaultDimensionValue\":\"" value "\"}]}")
#define ONE                                                                    \
	"An event destination must have exactly one of "                       \
	"KinesisFirehoseDestination, CloudWatchDestination, SnsDestination, "  \
	"EventBridgeDestination and PinpointDestination."
#define V(path)                                                                \
	"1 validation error detected: Value at '" path "' failed to satisfy "  \
	"constraint: Member must "

static const struct row {
	const char *name;
	const char *body;
	const char *want; /* the definition as it is shown; or why not */
	enum error_code code;
} rows[] = {
	{"sns",
	 "{\"EventDestinationName\":\"d\",\"EventDestination\":{\"Enabled\":"
	 "true,\"MatchingEventTypes\":[\"SEND\",\"BOUNCE\",\"SEND\"],"
	 "\"SnsDestination\":{\"TopicArn\":\"arn:aws:sns:eu-west-2:"
	 "111111111111:topic_1\",\"X\":1},\"Y\":2}}",
	 "{\"Enabled\":true,\"MatchingEventTypes\":[\"SEND\",\"BOUNCE\"],"
	 "\"SnsDestination\":{\"TopicArn\":\"arn:aws:sns:eu-west-2:"
	 "111111111111:topic_1\"},\"Name\":\"d\"}",
	 0},
	{"not enabled unless it is said",
	 SNS("arn:aws-cn:sns:cn-north-1:111111111111:t.fifo"),
	 "{\"Enabled\":false,\"MatchingEventTypes\":[\"SEND\"],"
	 "\"SnsDestination\":{\"TopicArn\":\"arn:aws-cn:sns:cn-north-1:"
	 "111111111111:t.fifo\"},\"Name\":\"d\"}",
	 0},
	{"firehose",
	 DEFINED(",\"KinesisFirehoseDestination\":{\"IamRoleArn\":\"arn:aws:"
		 "iam::111111111111:role/a/b\",\"DeliveryStreamArn\":\"arn:aws:"
		 "firehose:us-east-1:111111111111:deliverystream/s\"}"),
	 "{*\"KinesisFirehoseDestination\":{*}*}", 0},
	{"firehose, a role with a region",
	 DEFINED(",\"KinesisFirehoseDestination\":{\"IamRoleArn\":\"arn:aws:"
		 "iam:us-east-1:111111111111:role/a\",\"DeliveryStreamArn\":"
		 "\"arn:aws:firehose:us-east-1:111111111111:deliverystream/s"
		 "\"}"),
	 "IamRoleArn of the KinesisFirehoseDestination is not a valid ARN.",
	 ERROR_BAD_REQUEST},
	{"firehose without a role",
	 DEFINED(",\"KinesisFirehoseDestination\":{\"DeliveryStreamArn\":\"x\"}"
		 ""),
	 V("eventDestination.kinesisFirehoseDestination.iamRoleArn") "not be "
								     "null",
	 ERROR_BAD_REQUEST},
	{"the bus",
	 DEFINED(",\"EventBridgeDestination\":{\"EventBusArn\":\"arn:aws:"
		 "events:us-east-1:111111111111:event-bus/default\"}"),
	 "{*\"EventBridgeDestination\":{*}*}", 0},
	{"a rule is no bus",
	 DEFINED(",\"EventBridgeDestination\":{\"EventBusArn\":\"arn:aws:"
		 "events:us-east-1:111111111111:rule/default\"}"),
	 "EventBusArn of the EventBridgeDestination is not a valid ARN.",
	 ERROR_BAD_REQUEST},
	{"pinpoint",
	 DEFINED(",\"PinpointDestination\":{\"ApplicationArn\":\"arn:aws:"
		 "mobiletargeting:us-east-1:111111111111:apps/1\"}"),
	 "{*\"PinpointDestination\":{*}*}", 0},
	{"cloudwatch", DIMENSION("X-Campaign", "a@b.example"),
	 "{*\"CloudWatchDestination\":{\"DimensionConfigurations\":[{*}]}*}",
	 0},
	{"cloudwatch, a name with a space", DIMENSION("a b", "c"),
	 "The name and the default value of a CloudWatch dimension must only "
	 "have alphanumeric ASCII characters, '_', '-'.",
	 ERROR_BAD_REQUEST},
	{"cloudwatch, no value", DIMENSION("a", ""),
	 V("eventDestination.cloudWatchDestination.dimensionConfigurations.1."
	   "member.defaultDimensionValue") "have length greater than or equal "
					   "to 1",
	 ERROR_BAD_REQUEST},
	{"cloudwatch, no dimension",
	 DEFINED(",\"CloudWatchDestination\":{\"DimensionConfigurations\":[]}"),
	 V("eventDestination.cloudWatchDestination."
	   "dimensionConfigurations") "have length greater than or equal "
				      "to 1",
	 ERROR_BAD_REQUEST},
	{"no destination", DEFINED(""), ONE, ERROR_BAD_REQUEST},
	{"two destinations",
	 DEFINED(",\"SnsDestination\":{\"TopicArn\":\"arn:aws:sns:us-east-1:"
		 "111111111111:t\"},\"PinpointDestination\":{"
		 "\"ApplicationArn\":\"arn:aws:mobiletargeting:us-east-1:"
		 "111111111111:apps/1\"}"),
	 ONE, ERROR_BAD_REQUEST},
	{"no event",
	 "{\"EventDestinationName\":\"d\",\"EventDestination\":{"
	 "\"SnsDestination\":{\"TopicArn\":\"arn:aws:sns:us-east-1:"
	 "111111111111:t\"}}}",
	 "An event destination must have at least one matching event type.",
	 ERROR_BAD_REQUEST},
	{"an event that is none",
	 "{\"EventDestinationName\":\"d\",\"EventDestination\":{"
	 "\"MatchingEventTypes\":[\"MOOD\"]}}",
	 V("eventDestination.matchingEventTypes") "satisfy constraint: [Member "
						  "must satisfy enum value "
						  "set: [BOUNCE, *",
	 ERROR_BAD_REQUEST},
	{"no name", "{\"EventDestination\":{}}",
	 V("eventDestinationName") "not be null", ERROR_BAD_REQUEST},
	{"a name with a dot",
	 "{\"EventDestinationName\":\"a.b\",\"EventDestination\":{"
	 "\"MatchingEventTypes\":[\"SEND\"],\"SnsDestination\":{\"TopicArn\":"
	 "\"arn:aws:sns:us-east-1:111111111111:t\"}}}",
	 "Invalid event destination name: 1 to 64 *", ERROR_BAD_REQUEST},
	{"a name too long",
	 "{\"EventDestinationName\":\"" NAME65 "\",\"EventDestination\":{"
	 "\"MatchingEventTypes\":[\"SEND\"],\"SnsDestination\":{\"TopicArn\":"
	 "\"arn:aws:sns:us-east-1:111111111111:t\"}}}",
	 "Invalid event destination name: 1 to 64 *", ERROR_BAD_REQUEST},
	{"arn, nothing", SNS("x"), BAD_SNS, ERROR_BAD_REQUEST},
	{"arn, another partition", SNS("arn:gcp:sns:us-east-1:111111111111:t"),
	 BAD_SNS, ERROR_BAD_REQUEST},
	{"arn, another service", SNS("arn:aws:sqs:us-east-1:111111111111:t"),
	 BAD_SNS, ERROR_BAD_REQUEST},
	{"arn, no region", SNS("arn:aws:sns::111111111111:t"), BAD_SNS,
	 ERROR_BAD_REQUEST},
	{"arn, a short account", SNS("arn:aws:sns:us-east-1:11111111111:t"),
	 BAD_SNS, ERROR_BAD_REQUEST},
	{"arn, no topic", SNS("arn:aws:sns:us-east-1:111111111111:"), BAD_SNS,
	 ERROR_BAD_REQUEST},
	{"arn, a subscription", SNS("arn:aws:sns:us-east-1:111111111111:t:u"),
	 BAD_SNS, ERROR_BAD_REQUEST},
	{"a list for an object", "{\"EventDestination\":[]}",
	 "Start of list found where not expected", ERROR_SERIALIZATION},
};

static json_t *
parse(const char *text)
{
	json_t *json = NULL;

	assert_int_equal(json_parse(span_of(text), 10000, &json, NULL),
			 JSON_OK);
	return json;
}

static void
test_read(void **state)
{
	const struct row *row = *state;
	CLEANUP(json_decrefp) json_t *body = parse(row->body);
	CLEANUP(json_decrefp) json_t *got = NULL;
	CLEANUP(json_decrefp) json_t *shown = NULL;
	CLEANUP(buf_release) struct buf text = BUF_INIT(2000);
	struct error error = {0};
	struct span name;

	if (ses_event_destination_read(body, &name, &got, &error)) {
		shown = ses_event_destination_write(name, got);
		assert_true(json_format(shown, &text));
	} else {
		assert_null(got);
		buf_adds(&text, error.text);
	}
	if (!looks_like(text.ptr, row->want))
		fail_msg("%s", text.ptr);
	assert_int_equal(error.code, row->code);
}

static void
test_update(void **state)
{
	CLEANUP(json_decrefp)
	json_t *body = parse(SNS("arn:aws:sns:us-east-1:111111111111:t"));
	CLEANUP(json_decrefp) json_t *got = NULL;
	struct error error = {0};

	(void)state;
	/* The name is in the path, whatever the body says. */
	json_object_del(body, "EventDestinationName");
	assert_true(ses_event_destination_update_read(body, &got, &error));
	json_decref(take_ptr(&got));
	assert_false(ses_event_destination_update_read(NULL, &got, &error));
	assert_int_equal(error.code, ERROR_BAD_REQUEST);
}

int
main(void)
{
	UNIT_ROWS(test_read, rows);
	UNIT(test_update);
	return unit_run("ses/event_destinations");
}
