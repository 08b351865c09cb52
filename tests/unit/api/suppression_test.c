/* SPDX-License-Identifier: Apache-2.0 */
/* The suppression list, and the attributes of the account. */
#include "world.h"

#define LIST "/v2/email/suppression/addresses"
#define ADD(address, reason)                                                   \
	{                                                                      \
		A, "PUT " LIST,                                                \
			"{\"EmailAddress\":\"" address                         \
			"\",\"Reason\":\"" reason "\"}",                       \
			200, "{}"                                              \
	}
#define NONE(address)                                                          \
	404, "NotFoundException: Email address " address                       \
	     " does not exist on your suppression list."
#define ENTRY(address, reason)                                                 \
	"{\"EmailAddress\":\"" address "\",\"Reason\":\"" reason               \
	"\",\"LastUpdateTime\":1795455102}"

static const struct step_row one[] = {
	{A, "GET " LIST "/gone%40example.net", NULL, NONE("gone@example.net")},
	{A, "DELETE " LIST "/gone%40example.net", NULL,
	 NONE("gone@example.net")},
	ADD("Gone@Example.net", "BOUNCE"),
	{A, "GET " LIST "/gone%40EXAMPLE.net", NULL, 200,
	 "{\"SuppressedDestination\":" ENTRY("gone@example.net", "BOUNCE") "}"},
	ADD("gone@example.net", "COMPLAINT"),
	{A, "GET " LIST "/gone%40example.net", NULL, 200,
	 "{\"SuppressedDestination\":" ENTRY("gone@example.net",
					     "COMPLAINT") "}"},
	{B, "GET " LIST "/gone%40example.net", NULL, NONE("gone@example.net")},
	{B, "DELETE " LIST "/gone%40example.net", NULL,
	 NONE("gone@example.net")},
	{B, "GET " LIST, NULL, 200, "{\"SuppressedDestinationSummaries\":[]}"},
	{A, "DELETE " LIST "/gone%40example.net", NULL, 200, "{}"},
	{A, "GET " LIST "/gone%40example.net", NULL, NONE("gone@example.net")},
	{A, "PUT " LIST, "{\"EmailAddress\":\"no\",\"Reason\":\"BOUNCE\"}", 400,
	 "BadRequestException: Email address <no> is not valid."},
	{A, "GET " LIST "/no", NULL, 400, "BadRequestException: *"},
	{A, "PUT " LIST, "{}", 400,
	 "BadRequestException: 2 validation errors detected: *"},
	{A, "PUT " LIST,
	 "{\"EmailAddress\":\"a@b.example\",\"Reason\":\"BOUNCE\","
	 "\"TenantName\":\"t\"}",
	 404, "NotFoundException: Tenant <t> does not exist."},
	{A, "GET " LIST "?TenantName=t", NULL, 404,
	 "NotFoundException: Tenant <t> does not exist."},
	{A, "GET /sesame/v1/events?order=newest", NULL, 200,
	 "*\"suppression.deleted\"*\"suppression.added\"*"},
};

static const struct step_row list[] = {
	{A, "GET " LIST, NULL, 200, "{\"SuppressedDestinationSummaries\":[]}"},
	ADD("c@x.example", "BOUNCE"),
	ADD("a@x.example", "COMPLAINT"),
	ADD("b@x.example", "BOUNCE"),
	{A, "GET " LIST, NULL, 200,
	 "{\"SuppressedDestinationSummaries\":[" ENTRY(
		 "a@x.example",
		 "COMPLAINT") "," ENTRY("b@x.example",
					"BOUNCE") "," ENTRY("c@x.example",
							    "BOUNCE") "]}"},
	{A, "GET " LIST "?Reason=COMPLAINT", NULL, 200,
	 "{\"SuppressedDestinationSummaries\":[" ENTRY("a@x.example",
						       "COMPLAINT") "]}"},
	{A, "GET " LIST "?Reason=COMPLAINT&Reason=BOUNCE", NULL, 200,
	 "*a@x.example*b@x.example*c@x.example*"},
	{A, "GET " LIST "?StartDate=2026-11-23T17%3A31%3A43Z", NULL, 200,
	 "{\"SuppressedDestinationSummaries\":[]}"},
	{A, "GET " LIST "?StartDate=2026-11-23T17%3A31%3A42Z", NULL, 200,
	 "*c@x.example*"},
	{A, "GET " LIST "?EndDate=2026-11-23T17%3A31%3A42Z", NULL, 200,
	 "{\"SuppressedDestinationSummaries\":[]}"},
	{A, "GET " LIST "?StartDate=x", NULL, 400, "SerializationException: *"},
	{A, "GET " LIST "?Reason=x", NULL, 400, "BadRequestException: *"},
	{A, "GET " LIST "?PageSize=3", NULL, 200, "*c@x.example*}]}"},
	{A, "GET " LIST "?NextToken=00", NULL, 400,
	 "InvalidNextTokenException: *"},
};

static const struct step_row account[] = {
	{A, "PUT /v2/email/account/sending", "{\"SendingEnabled\":false}", 200,
	 "{}"},
	{A, "GET /v2/email/account", NULL, 200, "*\"SendingEnabled\":false*"},
	{B, "GET /v2/email/account", NULL, 200, "*\"SendingEnabled\":true*"},
	{A, "PUT /v2/email/account/sending", "{\"SendingEnabled\":true}", 200,
	 "{}"},
	{A, "GET /v2/email/account", NULL, 200, "*\"SendingEnabled\":true*"},
	{A, "PUT /v2/email/account/suppression",
	 "{\"SuppressedReasons\":[\"COMPLAINT\"]}", 200, "{}"},
	{A, "GET /v2/email/account", NULL, 200,
	 "*\"SuppressionAttributes\":{\"SuppressedReasons\":[\"COMPLAINT\"]}*"},
	{A, "PUT /v2/email/account/suppression", "{}", 200, "{}"},
	{A, "GET /v2/email/account", NULL, 200,
	 "*\"SuppressionAttributes\":{\"SuppressedReasons\":[]}*"},
	{A, "PUT /v2/email/account/suppression",
	 "{\"SuppressedReasons\":[\"X\"]}", 400, "BadRequestException: *"},
	{A, "POST /v2/email/account/details",
	 "{\"MailType\":\"TRANSACTIONAL\",\"WebsiteURL\":\"https://a.example\","
	 "\"ContactLanguage\":\"EN\",\"ProductionAccessEnabled\":true}",
	 200, "{}"},
	{A, "GET /v2/email/account", NULL, 200,
	 "*\"Details\":{\"ContactLanguage\":\"EN\",\"MailType\":"
	 "\"TRANSACTIONAL\",\"WebsiteURL\":\"https://a.example\","
	 "\"ReviewDetails\":{"
	 "\"Status\":\"GRANTED\"}}*"},
	{A, "POST /v2/email/account/details", "{}", 400,
	 "BadRequestException: 2 validation errors detected: *"},
	{B, "GET /v2/email/account", NULL, 200,
	 "*\"SuppressionAttributes\":{\"SuppressedReasons\":[\"BOUNCE\","
	 "\"COMPLAINT\"]}}"},
};

static const struct scenario {
	const char *name;
	const struct step_row *steps;
	size_t len;
} scenarios[] = {
	{"one address", one, COUNT(one)},
	{"the list", list, COUNT(list)},
	{"the account", account, COUNT(account)},
};

static void
test_scenario(void **state)
{
	const struct scenario *scenario = *state;

	world_steps(scenario->steps, scenario->len);
}

/* Goes through the list page by page. */
static void
test_pages(void **state)
{
	char request[SES_NEXT_TOKEN_MAX + 200], address[64];
	char token[SES_NEXT_TOKEN_MAX + 1] = "";
	size_t seen = 0, pages = 0;

	(void)state;
	world_open();
	for (int i = 0; i < 7; i++) {
		CLEANUP(buf_release) struct buf got = BUF_INIT(1000);

		snprintf(address, sizeof(address),
			 "{\"EmailAddress\":\"a%d@x.example\","
			 "\"Reason\":\"BOUNCE\"}",
			 i);
		assert_int_equal(world_ask(A, "PUT " LIST, address, &got), 200);
	}
	do {
		CLEANUP(buf_release) struct buf got = BUF_INIT(10000);
		CLEANUP(json_decrefp) json_t *page = NULL;
		const json_t *rows;

		snprintf(request, sizeof(request),
			 "GET " LIST "?PageSize=3&Reason=BOUNCE%s%s",
			 token[0] ? "&NextToken=" : "", token);
		assert_int_equal(world_ask(A, request, NULL, &got), 200);
		assert_int_equal(
			json_parse(buf_span(&got), got.len, &page, NULL),
			JSON_OK);
		rows = json_get_array(page, "SuppressedDestinationSummaries");
		for (size_t i = 0; i < json_array_size(rows); i++) {
			snprintf(address, sizeof(address), "a%zu@x.example",
				 seen++);
			assert_span(json_text(json_get(json_array_get(rows, i),
						       "EmailAddress")),
				    address);
		}
		snprintf(token, sizeof(token), SPAN_FMT,
			 SPAN_ARG(json_text(json_get(page, "NextToken"))));
		if (token[0] != '\0') {
			/* It is good for this filter alone. */
			snprintf(request, sizeof(request),
				 "GET " LIST "?NextToken=%s", token);
			buf_clear(&got);
			assert_int_equal(world_ask(A, request, NULL, &got),
					 400);
		}
		pages++;
	} while (token[0] != '\0');
	assert_int_equal(seen, 7);
	assert_int_equal(pages, 3);
	world_close();
}

int
main(void)
{
	UNIT_ROWS(test_scenario, scenarios);
	UNIT(test_pages);
	return unit_run("api/suppression");
}
