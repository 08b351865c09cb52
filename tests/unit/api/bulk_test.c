/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#define CREATE "POST /v2/email/templates"
#define SEND   "POST /v2/email/outbound-emails"
#define BULK   "POST /v2/email/outbound-bulk-emails"
#define TEMPLATE                                                               \
	"{\"TemplateName\":\"one\",\"TemplateContent\":{\"Subject\":"          \
	"\"Hi {{name}}\",\"Text\":\"Dear {{name}}, {{n}}\",\"Html\":"          \
	"\"<p>{{name}}\"}}"
#define MESSAGE(template)                                                      \
	"{\"FromEmailAddress\":\"a@example.com\",\"Destination\":{"            \
	"\"ToAddresses\":[\"b@example.net\"]},\"Content\":{\"Template\":"      \
	"{" template "}}}"
#define PAUSE(enabled) "{\"SendingEnabled\":" enabled "}"
#define ENTRIES(more)                                                          \
	"{\"FromEmailAddress\":\"a@example.com\",\"DefaultContent\":{"         \
	"\"Template\":{\"TemplateName\":\"one\"," DATA                         \
	"}},\"BulkEmailEntries\":[{\"Destination\":{\"ToAddresses\":["         \
	"\"b@example.net\"]}}]" more "}"
#define DATA "\"TemplateData\":\"{\\\"name\\\":\\\"Ann\\\",\\\"n\\\":1}\""

/* Who may not send at present is told so before anything is made. */
static const struct step_row paused[] = {
	{A, CREATE, TEMPLATE, 200, "{}"},
	{A, "POST /v2/email/configuration-sets",
	 "{\"ConfigurationSetName\":\"s\",\"SendingOptions\":{"
	 "\"SendingEnabled\":false}}",
	 200, "{}"},
	{A, BULK, ENTRIES(""), 200, "*\"SUCCESS\"*"},
	{A, BULK, ENTRIES(",\"ConfigurationSetName\":\"s\""), 400,
	 "SendingPausedException: Sending paused for configuration set <s>."},
	{A, "PUT /v2/email/account/sending", PAUSE("false"), 200, "{}"},
	{A, BULK, ENTRIES(""), 400,
	 "SendingPausedException: Sending paused for this account."},
	{A, SEND, MESSAGE("\"TemplateName\":\"one\"," DATA), 400,
	 "SendingPausedException: Sending paused for this account."},
	{A, "PUT /v2/email/account/sending", PAUSE("true"), 200, "{}"},
	{A, SEND, MESSAGE("\"TemplateName\":\"one\"," DATA), 200,
	 "{\"MessageId\":\"the-message-id\"}"},
};

static const struct step_row single[] = {
	{A, CREATE, TEMPLATE, 200, "{}"},
	{A, SEND, MESSAGE("\"TemplateName\":\"one\"," DATA), 200,
	 "{\"MessageId\":\"the-message-id\"}"},
	{A, SEND,
	 MESSAGE("\"TemplateArn\":\"arn:aws:ses:eu-west-2:" A
		 ":template/one\"," DATA),
	 200, "{\"MessageId\":\"the-message-id\"}"},
	{A, SEND,
	 MESSAGE("\"TemplateArn\":\"arn:aws:ses:eu-west-2:" B
		 ":template/one\"," DATA),
	 404, "NotFoundException: Template arn:*:template/one does not exist."},
	{A, SEND, MESSAGE("\"TemplateName\":\"none\"," DATA), 404,
	 "NotFoundException: Template none does not exist."},
	{B, SEND, MESSAGE("\"TemplateName\":\"one\"," DATA), 404,
	 "NotFoundException: Template one does not exist."},
	{A, SEND,
	 MESSAGE("\"TemplateName\":\"one\",\"TemplateData\":\"{\\\"name\\\":"
		 "1}\""),
	 400,
	 "BadRequestException: Attribute 'n' is not present in the rendering "
	 "data."},
	{A, SEND, MESSAGE("\"TemplateName\":\"one\",\"TemplateData\":\"x\""),
	 400, "BadRequestException: The template data is invalid: *"},
	{A, SEND,
	 MESSAGE("\"TemplateContent\":{\"Subject\":\"s\",\"Text\":"
		 "\"{{#if}}\"}"),
	 400,
	 "BadRequestException: The template's Text is not valid. A tag is not "
	 "well formed: 'if' (line 1, column 1)."},
	{A, SEND,
	 MESSAGE("\"TemplateContent\":{\"Subject\":\"{{s}}\",\"Text\":\"t\"},"
		 "\"TemplateData\":\"{\\\"s\\\":\\\"a\\\\nb\\\"}\""),
	 400,
	 "BadRequestException: Control characters are not allowed in "
	 "Subject."},
};

#define ENTRY(to, data)                                                        \
	"{\"Destination\":{\"ToAddresses\":[\"" to "\"]},"                     \
	"\"ReplacementEmailContent\":{\"ReplacementTemplate\":{"               \
	"\"ReplacementTemplateData\":\"" data "\"}}}"
#define MANY(from, template, entries)                                          \
	"{\"FromEmailAddress\":\"" from "\",\"DefaultContent\":{"              \
	"\"Template\":{" template "}},\"BulkEmailEntries\":[" entries "]}"
#define GOOD "{\"Status\":\"SUCCESS\",\"MessageId\":\"the-message-id\"}"

static const struct step_row many[] = {
	{A, CREATE, TEMPLATE, 200, "{}"},
	{A, BULK,
	 MANY("a@example.com",
	      "\"TemplateName\":\"one\",\"TemplateData\":\"{\\\"n\\\":1}\"",
	      ENTRY("b@example.net", "{\\\"name\\\":\\\"Bo\\\"}") "," ENTRY(
		      "c@example.net",
		      "{}") "," ENTRY("not an address",
				      "{\\\"name\\\":1}") "," ENTRY("d@example."
								    "net",
								    "[") "," ENTRY("e@example.net",
										   "{\\\"name\\\":1}")),
	 200,
	 "{\"BulkEmailEntryResults\":[" GOOD
	 ",{\"Status\":\"INVALID_PARAMETER\",\"Error\":\"Attribute 'name' is "
	 "not present in the rendering data.\"},{\"Status\":"
	 "\"INVALID_PARAMETER\",\"Error\":\"Missing final '@domain'\"},{"
	 "\"Status\":\"INVALID_PARAMETER\",\"Error\":\"The template data is "
	 "invalid: *\"}," GOOD "]}"},
	{A, BULK,
	 MANY("nobody@example.com", "\"TemplateName\":\"one\"," DATA,
	      ENTRY("b@example.net", "") "," ENTRY("c@example.net", "")),
	 200,
	 "{\"BulkEmailEntryResults\":[{\"Status\":\"MESSAGE_REJECTED\","
	 "\"Error\":\"Email address is not verified.\"},{\"Status\":"
	 "\"MESSAGE_REJECTED\",\"Error\":\"Email address is not verified.\"}]"
	 "}"},
	{A, BULK,
	 MANY("a@example.com", "\"TemplateName\":\"none\"",
	      ENTRY("b@example.net", "")),
	 404, "NotFoundException: Template none does not exist."},
	{B, BULK,
	 MANY("a@example.com", "\"TemplateName\":\"one\"",
	      ENTRY("b@example.net", "")),
	 404, "NotFoundException: Template one does not exist."},
	{A, BULK, MANY("a@example.com", "\"TemplateName\":\"one\"", ""), 400,
	 "BadRequestException: There must be 1 to 50 BulkEmailEntries."},
	{A, BULK, NULL, 400, "BadRequestException: 2 validation errors *"},
	{A, BULK,
	 "{\"FromEmailAddress\":\"a@example.com\",\"ConfigurationSetName\":"
	 "\"no\",\"DefaultContent\":{\"Template\":{\"TemplateName\":\"one\"}},"
	 "\"BulkEmailEntries\":[" ENTRY("b@example.net", "") "]}",
	 400, "BadRequestException: Configuration set <no> does not exist."},
};

static const struct scenario {
	const char *name;
	const struct step_row *steps;
	size_t len;
} scenarios[] = {
	{"one message", single, COUNT(single)},
	{"paused", paused, COUNT(paused)},
	{"many messages", many, COUNT(many)},
};

static void
test_scenario(void **state)
{
	const struct scenario *scenario = *state;

	world_steps(scenario->steps, scenario->len);
}

static void
ask(const char *request, const char *body)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT(1 << 20);

	if (world_ask(A, request, body, &got) != 200)
		fail_msg("%s: %s", request, got.ptr);
}

/* What is sent is what was rendered: of the last entry, if there are many. */
static void
test_sent(void **state)
{
	(void)state;
	world_open();
	ask(CREATE, TEMPLATE);
	ask(SEND, MESSAGE("\"TemplateName\":\"one\"," DATA));
	assert_string_equal(world.sent, "a@example.com|b@example.net|Hi Ann");
	assert_string_equal(world.texts, "Dear Ann, 1|<p>Ann");
	ask(SEND, MESSAGE("\"TemplateContent\":{\"Subject\":\"s\",\"Html\":"
			  "\"{{name}}\"}," DATA));
	assert_string_equal(world.texts, "|Ann");
	ask(BULK, MANY("a@example.com", "\"TemplateName\":\"one\"," DATA,
		       ENTRY("b@example.net", "") "," ENTRY(
			       "c@example.net", "{\\\"n\\\":[2]}")));
	assert_string_equal(world.sent, "a@example.com|c@example.net|Hi Ann");
	assert_string_equal(world.texts, "Dear Ann, [2]|<p>Ann");
	world_close();
}

int
main(void)
{
	UNIT_ROWS(test_scenario, scenarios);
	UNIT(test_sent);
	return unit_run("api/bulk");
}
