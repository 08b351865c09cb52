/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration sets, tags, the account, sending. */
#include "world.h"

#define SETS "/v2/email/configuration-sets"
#define ARN  "arn:aws:ses:eu-west-2:" A ":"
#define TAGS "/v2/email/tags"

static const struct step_row sets[] = {
	{A, "POST " SETS,
	 "{\"ConfigurationSetName\":\"b\",\"DeliveryOptions\":{\"TlsPolicy\":"
	 "\"REQUIRE\"},\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}]}",
	 200, "{}"},
	{A, "POST " SETS, "{\"ConfigurationSetName\":\"b\"}", 400,
	 "AlreadyExistsException: Configuration set <b> already exists."},
	{A, "POST " SETS, "{\"ConfigurationSetName\":\"a\"}", 200, "{}"},
	{A, "GET " SETS "/b", NULL, 200,
	 "{\"ConfigurationSetName\":\"b\",\"DeliveryOptions\":{\"TlsPolicy\":"
	 "\"REQUIRE\"},\"ReputationOptions\":{\"ReputationMetricsEnabled\":"
	 "false},\"SendingOptions\":{\"SendingEnabled\":true},\"Tags\":[{"
	 "\"Key\":\"k\",\"Value\":\"v\"}]}"},
	{B, "GET " SETS "/b", NULL, 404,
	 "NotFoundException: Configuration set <b> does not exist."},
	{A, "GET " SETS, NULL, 200, "{\"ConfigurationSets\":[\"a\",\"b\"]}"},
	{A, "GET " SETS "?PageSize=1", NULL, 200,
	 "{\"ConfigurationSets\":[\"a\"],\"NextToken\":\"*\"}"},
	{A, "POST /v2/email/list-configuration-sets", "{\"PageSize\":2}", 200,
	 "{\"ConfigurationSets\":[\"a\",\"b\"]}"},
	{B, "DELETE " SETS "/a", NULL, 404, "NotFoundException: *"},
	{A, "DELETE " SETS "/a", NULL, 200, "{}"},
	{A, "DELETE " SETS "/a", NULL, 404, "NotFoundException: *"},
	{A, "GET " SETS, NULL, 200, "{\"ConfigurationSets\":[\"b\"]}"},
};

static const struct step_row tags[] = {
	{A, "POST /v2/email/identities", "{\"EmailIdentity\":\"a.example\"}",
	 200, "{*"},
	{A, "POST " TAGS,
	 "{\"ResourceArn\":\"" ARN "identity/a.example\",\"Tags\":[{\"Key\":"
	 "\"x\",\"Value\":\"1\"},{\"Key\":\"y z\",\"Value\":\"2\"}]}",
	 200, "{}"},
	{A,
	 "GET " TAGS "?ResourceArn=arn%3Aaws%3Ases%3Aeu-west-2%3A" A
	 "%3Aidentity%2Fa.example",
	 NULL, 200,
	 "{\"Tags\":[{\"Key\":\"x\",\"Value\":\"1\"},{\"Key\":\"y z\","
	 "\"Value\":\"2\"}]}"},
	{A,
	 "DELETE " TAGS "?ResourceArn=" ARN
	 "identity/a.example&TagKeys=y%20z&TagKeys=none",
	 NULL, 200, "{}"},
	{A, "GET /v2/email/identities/a.example", NULL, 200,
	 "*\"Tags\":[{\"Key\":\"x\",\"Value\":\"1\"}]*"},
	{A, "POST " TAGS,
	 "{\"ResourceArn\":\"" ARN "identity/b.example\",\"Tags\":[{\"Key\":"
	 "\"x\",\"Value\":\"1\"}]}",
	 404, "NotFoundException: *"},
	{A, "POST " TAGS,
	 "{\"ResourceArn\":\"" ARN "identity/a.example\","
	 "\"Tags\":[]}",
	 400, "BadRequestException: 1 validation error detected: *"},
	{A, "POST " TAGS,
	 "{\"ResourceArn\":\"arn:aws:ses:us-east-1:" A
	 ":identity/a.example\",\"Tags\":[{\"Key\":\"x\",\"Value\":\"1\"}]}",
	 400, "BadRequestException: Failed to tag resource: *"},
	{B, "POST " TAGS,
	 "{\"ResourceArn\":\"" ARN "identity/a.example\",\"Tags\":[{\"Key\":"
	 "\"x\",\"Value\":\"1\"}]}",
	 400, "BadRequestException: Failed to tag resource: *"},
	{A, "GET " TAGS "?ResourceArn=x", NULL, 400, "BadRequestException: *"},
	{A, "GET " TAGS "?ResourceArn=" ARN "contact-list/x", NULL, 404,
	 "NotFoundException: *"},
	{A, "POST " SETS, "{\"ConfigurationSetName\":\"cs\"}", 200, "{}"},
	{A, "POST " TAGS,
	 "{\"ResourceArn\":\"" ARN "configuration-set/cs\",\"Tags\":[{\"Key\":"
	 "\"x\",\"Value\":\"1\"}]}",
	 200, "{}"},
	{A, "GET " SETS "/cs", NULL, 200,
	 "*\"Tags\":[{\"Key\":\"x\",\"Value\":\"1\"}]*"},
};

static const struct step_row account[] = {
	{A, "GET /v2/email/account", NULL, 200,
	 "{\"DedicatedIpAutoWarmupEnabled\":false,\"EnforcementStatus\":"
	 "\"HEALTHY\",\"ProductionAccessEnabled\":true,\"SendQuota\":{"
	 "\"Max24HourSend\":-1.0,\"MaxSendRate\":-1.0,\"SentLast24Hours\":0.0},"
	 "\"SendingEnabled\":true,\"SuppressionAttributes\":{"
	 "\"SuppressedReasons\":[\"BOUNCE\",\"COMPLAINT\"]}}"},
};

#define SEND "POST /v2/email/outbound-emails"
#define MESSAGE(more)                                                          \
	"{\"FromEmailAddress\":\"a@example.com\",\"Destination\":{"            \
	"\"ToAddresses\":[\"b@example.net\"]},\"Content\":{\"Simple\":{"       \
	"\"Subject\":{\"Data\":\"Hello\"},\"Body\":{\"Text\":{\"Data\":"       \
	"\"t\"}}}}" more "}"

static const struct step_row sending[] = {
	{A, SEND, MESSAGE(""), 200, "{\"MessageId\":\"the-message-id\"}"},
	{A, SEND, MESSAGE(",\"ConfigurationSetName\":\"no\""), 400,
	 "BadRequestException: Configuration set <no> does not exist."},
	{A, SEND, "{}", 400, "BadRequestException: 1 validation error *"},
};

static const struct scenario {
	const char *name;
	const struct step_row *steps;
	size_t len;
} scenarios[] = {
	{"configuration sets", sets, COUNT(sets)},
	{"tags", tags, COUNT(tags)},
	{"the account", account, COUNT(account)},
	{"sending", sending, COUNT(sending)},
};

static void
test_scenario(void **state)
{
	const struct scenario *scenario = *state;

	world_steps(scenario->steps, scenario->len);
}

static void
test_sent(void **state)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT(10000);

	(void)state;
	world_open();
	assert_int_equal(world_ask(A, SEND, MESSAGE(""), &got), 200);
	assert_string_equal(world.sent, "a@example.com|b@example.net|Hello");
	world_close();
}

int
main(void)
{
	UNIT_ROWS(test_scenario, scenarios);
	UNIT(test_sent);
	return unit_run("api/resources");
}
