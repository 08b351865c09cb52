/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#define TEMPLATES "/v2/email/templates"
#define CREATE(name, subject)                                                  \
	"{\"TemplateName\":\"" name                                            \
	"\",\"TemplateContent\":{\"Subject\":\"" subject                       \
	"\",\"Text\":\"Dear {{name}}\",\"Html\":\"<p>{{name}}\"},"             \
	"\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}]}"
#define ARN "arn%3Aaws%3Ases%3Aeu-west-2%3A" A "%3Atemplate%2F"

static const struct step_row kept[] = {
	{A, "GET " TEMPLATES, NULL, 200, "{\"TemplatesMetadata\":[]}"},
	{A, "POST " TEMPLATES, CREATE("one", "Hi"), 200, "{}"},
	{A, "GET " TEMPLATES "/one", NULL, 200,
	 "{\"TemplateName\":\"one\",\"TemplateContent\":{\"Subject\":\"Hi\","
	 "\"Text\":\"Dear {{name}}\",\"Html\":\"<p>{{name}}\"},\"Tags\":[{"
	 "\"Key\":\"k\",\"Value\":\"v\"}]}"},
	{A, "POST " TEMPLATES, CREATE("one", "Ho"), 400,
	 "AlreadyExistsException: Template one already exists."},
	{A, "POST " TEMPLATES, CREATE("two", "{{#if a}}"), 400,
	 "BadRequestException: The template's Subject is not valid. A block "
	 "is not closed: 'if' (line 1, column 1)."},
	{A, "POST " TEMPLATES, NULL, 400,
	 "BadRequestException: 2 validation errors *"},
	{A, "PUT " TEMPLATES "/one",
	 "{\"TemplateContent\":{\"Subject\":\"Ho\",\"Text\":\"x\"}}", 200,
	 "{}"},
	{A, "GET " TEMPLATES "/one", NULL, 200,
	 "{\"TemplateName\":\"one\",\"TemplateContent\":{\"Subject\":\"Ho\","
	 "\"Text\":\"x\"},\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}]}"},
	{A, "PUT " TEMPLATES "/one", "{\"TemplateContent\":{\"Text\":\"x\"}}",
	 400, "BadRequestException: The subject must be specified."},
	{A, "PUT " TEMPLATES "/none",
	 "{\"TemplateContent\":{\"Subject\":\"Ho\",\"Text\":\"x\"}}", 404,
	 "NotFoundException: Template none does not exist."},
	{A, "GET /v2/email/tags?ResourceArn=" ARN "one", NULL, 200,
	 "{\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}]}"},
	{A, "DELETE /v2/email/tags?ResourceArn=" ARN "one&TagKeys=k", NULL, 200,
	 "{}"},
	{A, "GET /v2/email/tags?ResourceArn=" ARN "none", NULL, 404,
	 "NotFoundException: Template none does not exist."},
	{A, "DELETE " TEMPLATES "/one", NULL, 200, "{}"},
	{A, "DELETE " TEMPLATES "/one", NULL, 404,
	 "NotFoundException: Template one does not exist."},
	{A, "GET " TEMPLATES "/one", NULL, 404,
	 "NotFoundException: Template one does not exist."},
};

/* The tags of a template go with it. */
static const struct step_row again[] = {
	{A, "POST " TEMPLATES, CREATE("one", "Hi"), 200, "{}"},
	{A, "DELETE " TEMPLATES "/one", NULL, 200, "{}"},
	{A, "POST " TEMPLATES,
	 "{\"TemplateName\":\"one\",\"TemplateContent\":{\"Subject\":\"s\","
	 "\"Text\":\"t\"}}",
	 200, "{}"},
	{A, "GET " TEMPLATES "/one", NULL, 200, "*\"Tags\":[]}"},
};

/* What another account has is not there. */
static const struct step_row others[] = {
	{A, "POST " TEMPLATES, CREATE("one", "Hi"), 200, "{}"},
	{B, "GET " TEMPLATES, NULL, 200, "{\"TemplatesMetadata\":[]}"},
	{B, "GET " TEMPLATES "/one", NULL, 404,
	 "NotFoundException: Template one does not exist."},
	{B, "DELETE " TEMPLATES "/one", NULL, 404,
	 "NotFoundException: Template one does not exist."},
	{B, "PUT " TEMPLATES "/one",
	 "{\"TemplateContent\":{\"Subject\":\"Ho\",\"Text\":\"x\"}}", 404,
	 "NotFoundException: Template one does not exist."},
	{B, "POST " TEMPLATES "/one/render", "{\"TemplateData\":\"{}\"}", 404,
	 "NotFoundException: Template one does not exist."},
	{B, "POST " TEMPLATES, CREATE("one", "Hi"), 200, "{}"},
};

static const struct step_row rendered[] = {
	{A, "POST " TEMPLATES, CREATE("one", "Hi {{name}}, \xc3\xbc"), 200,
	 "{}"},
	{A, "POST " TEMPLATES "/one/render",
	 "{\"TemplateData\":\"{\\\"name\\\":\\\"<Ann>\\\"}\"}", 200,
	 "{\"RenderedTemplate\":\"Date: Mon, 23 Nov 2026 17:31:42 +0000\\r\\n"
	 "Subject: =?*\\r\\nMIME-Version: 1.0\\r\\n*multipart/alternative*"
	 "Dear <Ann>*<p><Ann>*--\\r\\n\"}"},
	{A, "POST " TEMPLATES "/one/render", "{\"TemplateData\":\"{}\"}", 400,
	 "BadRequestException: Attribute 'name' is not present in the "
	 "rendering data."},
	{A, "POST " TEMPLATES "/one/render",
	 "{\"TemplateData\":\"{\\\"name\\\":\\\"a\\\\nBcc: x@y.z\\\"}\"}", 400,
	 "BadRequestException: *ubject*"},
	{A, "POST " TEMPLATES "/one/render", "{\"TemplateData\":\"[]\"}", 400,
	 "BadRequestException: The template data is invalid: it must be a "
	 "JSON object."},
	{A, "POST " TEMPLATES "/one/render", "{\"TemplateData\":\"{\"}", 400,
	 "BadRequestException: The template data is invalid: at octet *"},
	{A, "POST " TEMPLATES "/one/render", "{}", 400,
	 "BadRequestException: 1 validation error detected: Value at "
	 "'templateData' failed to satisfy constraint: Member must not be "
	 "null"},
	{A, "POST " TEMPLATES "/none/render", "{\"TemplateData\":\"{}\"}", 404,
	 "NotFoundException: Template none does not exist."},
};

static const struct scenario {
	const char *name;
	const struct step_row *steps;
	size_t len;
} scenarios[] = {
	{"kept", kept, COUNT(kept)},
	{"deleted and made again", again, COUNT(again)},
	{"another account's", others, COUNT(others)},
	{"rendered", rendered, COUNT(rendered)},
};

static void
test_scenario(void **state)
{
	const struct scenario *scenario = *state;

	world_steps(scenario->steps, scenario->len);
}

/* Asks A; fails unless the status is 200.  Returns the answer's JSON. */
static json_t *
ask(const char *request, const char *body)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT(1 << 20);
	json_t *json = NULL;

	if (world_ask(A, request, body, &got) != 200)
		fail_msg("%s: %s", request, got.ptr);
	assert_int_equal(json_parse(buf_span(&got), 1 << 20, &json, NULL),
			 JSON_OK);
	return json;
}

/* 25 templates on pages of 10, the default: in order, each once. */
static void
test_pages(void **state)
{
	char request[1024] = "GET " TEMPLATES, body[300];
	size_t seen = 0, pages = 0;

	(void)state;
	world_open();
	for (int i = 24; i >= 0; i--) {
		snprintf(body, sizeof(body), CREATE("t%02d", "s"), i);
		json_decref(ask("POST " TEMPLATES, body));
	}
	for (;;) {
		CLEANUP(json_decrefp) json_t *page = ask(request, NULL);
		json_t *list = json_get_array(page, "TemplatesMetadata");
		struct span token;

		pages++;
		for (size_t i = 0; i < json_array_size(list); i++, seen++) {
			json_t *entry = json_array_get(list, i);

			snprintf(body, sizeof(body), "t%02zu", seen);
			assert_span(json_text(json_get(entry, "TemplateName")),
				    body);
			assert_int_equal(json_number_value(json_get(
						 entry, "CreatedTimestamp")),
					 T0 / 1000);
		}
		if (!json_get_text(page, "NextToken", &token))
			break;
		assert_int_equal(json_array_size(list), 10);
		snprintf(request, sizeof(request),
			 "GET " TEMPLATES "?NextToken=" SPAN_FMT,
			 SPAN_ARG(token));
	}
	assert_int_equal(pages, 3);
	assert_int_equal(seen, 25);
	world_close();
}

/* A token is good for the account that got it, and nobody else. */
static void
test_token_of_another(void **state)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT(10000);
	CLEANUP(json_decrefp) json_t *page = NULL;
	char request[1024];
	struct span token;

	(void)state;
	world_open();
	json_decref(ask("POST " TEMPLATES, CREATE("a", "s")));
	json_decref(ask("POST " TEMPLATES, CREATE("b", "s")));
	page = ask("GET " TEMPLATES "?PageSize=1", NULL);
	assert_true(json_get_text(page, "NextToken", &token));
	snprintf(request, sizeof(request),
		 "GET " TEMPLATES "?NextToken=" SPAN_FMT, SPAN_ARG(token));
	assert_int_equal(world_ask(B, request, NULL, &got), 400);
	assert_string_equal(got.ptr, "InvalidNextTokenException: The "
				     "specified NextToken is not valid.");
	world_close();
}

/* The quota: as many rows as there may be, made past the API. */
static void
test_quota(void **state)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT(10000);
	struct document row = {.kind = DOCUMENT_EMAIL_TEMPLATE};
	struct error error;

	(void)state;
	world_open();
	strcpy(row.account, A);
	assert_true(store_begin(world.store, &error));
	assert_true(store_job_begin(world.store, &error));
	for (int i = 0; i < API_TEMPLATES_MAX - 1; i++) {
		snprintf(row.name, sizeof(row.name), "t%05d", i);
		assert_true(store_document_add(world.store, &row, SPAN("{}"),
					       &error));
	}
	assert_true(store_job_keep(world.store, &error));
	assert_true(store_commit(world.store, &error));
	json_decref(ask("POST " TEMPLATES, CREATE("last", "s")));
	assert_int_equal(
		world_ask(A, "POST " TEMPLATES, CREATE("more", "s"), &got),
		400);
	assert_string_equal(got.ptr,
			    "LimitExceededException: An account can have at "
			    "most 20000 templates.");
	world_close();
}

int
main(void)
{
	UNIT_ROWS(test_scenario, scenarios);
	UNIT(test_pages);
	UNIT(test_token_of_another);
	UNIT(test_quota);
	return unit_run("api/templates");
}
