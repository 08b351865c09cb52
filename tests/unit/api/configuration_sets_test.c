/* SPDX-License-Identifier: Apache-2.0 */
/* The options and the event destinations of configuration sets. */
#include "world.h"

#define SETS "/v2/email/configuration-sets"
#define MAKE(n)                                                                \
	{                                                                      \
		A, "POST " SETS, "{\"ConfigurationSetName\":\"" n "\"}", 200,  \
			"{}"                                                   \
	}
#define UNKNOWN 404, "NotFoundException: Configuration set <no> does not exist."

static const struct step_row options[] = {
	MAKE("s"),
	{A, "GET " SETS "/s", NULL, 200,
	 "{\"ConfigurationSetName\":\"s\",\"DeliveryOptions\":{\"TlsPolicy\":"
	 "\"OPTIONAL\"},\"ReputationOptions\":{\"ReputationMetricsEnabled\":"
	 "false},\"SendingOptions\":{\"SendingEnabled\":true},\"Tags\":[]}"},
	{A, "PUT " SETS "/s/delivery-options",
	 "{\"TlsPolicy\":\"REQUIRE\",\"MaxDeliverySeconds\":300}", 200, "{}"},
	{A, "GET " SETS "/s", NULL, 200,
	 "*\"DeliveryOptions\":{\"MaxDeliverySeconds\":300,"
	 "\"TlsPolicy\":\"REQUIRE\"}*"},
	{A, "PUT " SETS "/s/delivery-options",
	 "{\"SendingPoolName\":\"ses-shared-pool\"}", 200, "{}"},
	{A, "GET " SETS "/s", NULL, 200,
	 "*\"DeliveryOptions\":{\"SendingPoolName\":\"ses-shared-pool\","
	 "\"TlsPolicy\":\"OPTIONAL\"}*"},
	{A, "PUT " SETS "/s/delivery-options", "{\"SendingPoolName\":\"p\"}",
	 404, "NotFoundException: Dedicated IP pool <p> does not exist."},
	{A, "PUT " SETS "/s/sending", "{}", 200, "{}"},
	{A, "GET " SETS "/s", NULL, 200,
	 "*\"SendingOptions\":{\"SendingEnabled\":false}*"},
	{A, "PUT " SETS "/s/reputation-options",
	 "{\"ReputationMetricsEnabled\":true}", 200, "{}"},
	{A, "GET " SETS "/s", NULL, 200,
	 "*\"ReputationOptions\":{\"ReputationMetricsEnabled\":true}*"},
	{A, "PUT " SETS "/s/sending", "{\"SendingEnabled\":true}", 200, "{}"},
	{A, "GET " SETS "/s", NULL, 200,
	 "*\"ReputationOptions\":{\"ReputationMetricsEnabled\":true,"
	 "\"LastFreshStart\":1795455102}*\"SendingOptions\":{"
	 "\"SendingEnabled\":true}*"},
	{A, "PUT " SETS "/s/suppression-options",
	 "{\"SuppressedReasons\":[\"BOUNCE\"]}", 200, "{}"},
	{A, "GET " SETS "/s", NULL, 200,
	 "*\"SuppressionOptions\":{\"SuppressedReasons\":[\"BOUNCE\"]}*"},
	{A, "PUT " SETS "/s/suppression-options",
	 "{\"SuppressedReasons\":[\"X\"]}", 400,
	 "BadRequestException: 1 validation error detected: *"},
	{A, "PUT " SETS "/s/archiving-options", "{}", 200, "{}"},
	{A, "PUT " SETS "/s/vdm-options",
	 "{\"VdmOptions\":{\"DashboardOptions\":{\"EngagementMetrics\":"
	 "\"DISABLED\"}}}",
	 200, "{}"},
	{A, "GET " SETS "/s", NULL, 200,
	 "*\"VdmOptions\":{\"DashboardOptions\":{\"EngagementMetrics\":"
	 "\"DISABLED\"}}*"},
	{A, "POST /v2/email/update-configuration-sets",
	 "{\"ConfigurationSetName\":\"s\",\"MessageSecurityOptions\":{"
	 "\"SigningScheme\":{\"DefaultScheme\":{}}}}",
	 200, "{}"},
	{A, "GET " SETS "/s", NULL, 200,
	 "*\"MessageSecurityOptions\":{\"SigningScheme\":{\"DefaultScheme\":{}}"
	 "}*"},
	{A, "POST /v2/email/update-configuration-sets",
	 "{\"ConfigurationSetName\":\"no\"}", UNKNOWN},
	{A, "PUT " SETS "/no/archiving-options", "{}", UNKNOWN},
	{A, "PUT " SETS "/no/delivery-options", "{}", UNKNOWN},
	{A, "PUT " SETS "/no/reputation-options", "{}", UNKNOWN},
	{A, "PUT " SETS "/no/sending", "{}", UNKNOWN},
	{A, "PUT " SETS "/no/suppression-options", "{}", UNKNOWN},
	{A, "PUT " SETS "/no/tracking-options", "{}", UNKNOWN},
	{A, "PUT " SETS "/no/vdm-options", "{}", UNKNOWN},
	{B, "PUT " SETS "/s/sending", "{}", 404, "NotFoundException: *"},
	{A, "GET " SETS "/s", NULL, 200,
	 "*\"SendingOptions\":{\"SendingEnabled\":true}*"},
	{A, "GET /sesame/v1/events?order=newest", NULL, 200,
	 "*\"configuration_set.changed\"*\"MessageSecurityOptions\"*"},
};

/* Links lead only to a domain that the account was shown to own. */
static const struct step_row redirect[] = {
	MAKE("s"),
	{A, "POST /v2/email/identities", "{\"EmailIdentity\":\"a.example\"}",
	 200, "{*"},
	{A, "PUT " SETS "/s/tracking-options",
	 "{\"CustomRedirectDomain\":\"t.a.example\"}", 400,
	 "BadRequestException: The CustomRedirectDomain is not covered by a "
	 "verified domain identity."},
	{A, "PUT " SETS "/s/tracking-options",
	 "{\"CustomRedirectDomain\":\"not a domain\"}", 400,
	 "BadRequestException: The CustomRedirectDomain is not a valid "
	 "domain."},
	{A, "PUT " SETS "/s/tracking-options", "{}", 200, "{}"},
	{A, "POST " SETS,
	 "{\"ConfigurationSetName\":\"t\",\"TrackingOptions\":{"
	 "\"CustomRedirectDomain\":\"t.a.example\"}}",
	 400, "BadRequestException: The CustomRedirectDomain is not *"},
};

#define EVENTS SETS "/s/event-destinations"
#define TOPIC  "{\"TopicArn\":\"arn:aws:sns:eu-west-2:111111111111:t\"}"
#define DEFINED(type)                                                          \
	"{\"Enabled\":true,\"MatchingEventTypes\":[\"" type                    \
	"\"],\"SnsDestination\":" TOPIC "}"
#define NEW(name, type)                                                        \
	"{\"EventDestinationName\":\"" name                                    \
	"\",\"EventDestination\":" DEFINED(type) "}"
#define ADD(name)                                                              \
	{                                                                      \
		A, "POST " EVENTS, NEW(name, "SEND"), 200, "{}"                \
	}

static const struct step_row destinations[] = {
	MAKE("s"),
	{A, "GET " EVENTS, NULL, 200, "{\"EventDestinations\":[]}"},
	ADD("b"),
	ADD("a"),
	{A, "POST " EVENTS, NEW("a", "SEND"), 400,
	 "AlreadyExistsException: Event destination <a> already exists in "
	 "configuration set <s>."},
	{A, "GET " EVENTS, NULL, 200,
	 "{\"EventDestinations\":[{\"Enabled\":true,\"MatchingEventTypes\":["
	 "\"SEND\"],\"SnsDestination\":" TOPIC
	 ",\"Name\":\"a\"},{*\"Name\":\"b\"}]}"},
	{A, "PUT " EVENTS "/a", "{\"EventDestination\":" DEFINED("CLICK") "}",
	 200, "{}"},
	{A, "GET " EVENTS, NULL, 200,
	 "*\"MatchingEventTypes\":[\"CLICK\"]*\"Name\":\"a\"}*"},
	{A, "PUT " EVENTS "/z", "{\"EventDestination\":" DEFINED("CLICK") "}",
	 404,
	 "NotFoundException: Event destination <z> does not exist in "
	 "configuration set <s>."},
	{A, "PUT " EVENTS "/a", "{}", 400,
	 "BadRequestException: 1 validation error detected: Value at "
	 "'eventDestination' failed to satisfy constraint: Member must not be "
	 "null"},
	{A, "DELETE " EVENTS "/z", NULL, 404, "NotFoundException: *"},
	{A, "DELETE " EVENTS "/z%2F%00", NULL, 400, "BadRequestException: *"},
	{A, "DELETE " EVENTS "/z%22y", NULL, 404, "NotFoundException: *"},
	{B, "GET " EVENTS, NULL, 404, "NotFoundException: *"},
	{B, "DELETE " EVENTS "/a", NULL, 404, "NotFoundException: *"},
	{A, "DELETE " EVENTS "/a", NULL, 200, "{}"},
	{A, "DELETE " EVENTS "/a", NULL, 404, "NotFoundException: *"},
	{A, "POST " SETS "/no/event-destinations", NEW("a", "SEND"), UNKNOWN},
	{A, "GET " SETS "/no/event-destinations", NULL, UNKNOWN},
	/* They go with their set. */
	{A, "DELETE " SETS "/s", NULL, 200, "{}"},
	MAKE("s"),
	{A, "GET " EVENTS, NULL, 200, "{\"EventDestinations\":[]}"},
	ADD("0"),
	ADD("1"),
	ADD("2"),
	ADD("3"),
	ADD("4"),
	ADD("5"),
	ADD("6"),
	ADD("7"),
	ADD("8"),
	ADD("9"),
	{A, "POST " EVENTS, NEW("10", "SEND"), 400,
	 "LimitExceededException: A configuration set can have at most 10 "
	 "event "
	 "destinations."},
	{A, "GET " EVENTS, NULL, 200, "*\"Name\":\"9\"}]}"},
};

#define FILTERED(filter, more)                                                 \
	A, "POST /v2/email/list-configuration-sets",                           \
		"{\"Filter\":{" filter "}" more "}"

static const struct step_row filters[] = {
	MAKE("news-a"),
	MAKE("news-b"),
	MAKE("other"),
	{FILTERED("\"CONFIGURATION_SET_NAME_CONTAINS\":\"ws-\"", ""), 200,
	 "{\"ConfigurationSets\":[\"news-a\",\"news-b\"]}"},
	{FILTERED("\"CONFIGURATION_SET_NAME_CONTAINS\":\"news\"",
		  ",\"PageSize\":1"),
	 200, "{\"ConfigurationSets\":[\"news-a\"],\"NextToken\":\"*\"}"},
	{FILTERED("\"CONFIGURATION_SET_NAME_CONTAINS\":\"_\"", ""), 200,
	 "{\"ConfigurationSets\":[]}"},
	{FILTERED("", ""), 200,
	 "{\"ConfigurationSets\":[\"news-a\",\"news-b\",\"other\"]}"},
	{FILTERED("\"IDENTITY_NAME_CONTAINS\":\"a\"", ""), 400,
	 "BadRequestException: *"},
	{FILTERED("\"CONFIGURATION_SET_NAME_CONTAINS\":\"\"", ""), 400,
	 "BadRequestException: *"},
};

static const struct scenario {
	const char *name;
	const struct step_row *steps;
	size_t len;
} scenarios[] = {
	{"options", options, COUNT(options)},
	{"filters", filters, COUNT(filters)},
	{"tracking", redirect, COUNT(redirect)},
	{"event destinations", destinations, COUNT(destinations)},
};

static void
test_scenario(void **state)
{
	const struct scenario *scenario = *state;

	world_steps(scenario->steps, scenario->len);
}

/* With a verified identity above it, a domain is taken. */
static void
test_redirect(void **state)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT(10000);
	struct identity identity;
	struct error error;

	(void)state;
	world_open();
	assert_int_equal(world_ask(A, "POST /v2/email/identities",
				   "{\"EmailIdentity\":\"a.example\"}", &got),
			 200);
	assert_true(store_identity_get(world.store, A, "a.example", &identity,
				       &error));
	identity.verification.status = SES_SUCCESS;
	assert_true(store_identity_update(world.store, &identity, &error));
	buf_clear(&got);
	assert_int_equal(
		world_ask(A, "POST " SETS,
			  "{\"ConfigurationSetName\":\"s\",\"TrackingOptions\":"
			  "{\"CustomRedirectDomain\":\"t.a.example\"}}",
			  &got),
		200);
	buf_clear(&got);
	world_ask(A, "GET " SETS "/s", NULL, &got);
	assert_true(looks_like(got.ptr,
			       "*\"TrackingOptions\":{\"CustomRedirectDomain\":"
			       "\"t.a.example\"}*"));
	/* Another account's identity is none. */
	buf_clear(&got);
	assert_int_equal(
		world_ask(B, "POST " SETS,
			  "{\"ConfigurationSetName\":\"s\",\"TrackingOptions\":"
			  "{\"CustomRedirectDomain\":\"t.a.example\"}}",
			  &got),
		400);
	world_close();
}

int
main(void)
{
	UNIT_ROWS(test_scenario, scenarios);
	UNIT(test_redirect);
	return unit_run("api/configuration_sets");
}
