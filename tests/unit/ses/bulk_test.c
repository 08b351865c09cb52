/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/bulk.h"

#include "unit.h"

#define FROM  "\"FromEmailAddress\":\"a@example.com\","
#define ENTRY "{\"Destination\":{\"ToAddresses\":[\"b@example.net\"]}}"
#define NAMED "\"DefaultContent\":{\"Template\":{\"TemplateName\":\"t\"}},"

static json_t *
parse(const char *text)
{
	json_t *json = NULL;

	assert_int_equal(json_parse(span_of(text), 1 << 20, &json, NULL),
			 JSON_OK);
	return json;
}

static const struct bad_row {
	const char *name;
	const char *body;
	const char *text;
} bad[] = {
	{"nothing", "{}",
	 "2 validation errors detected: Value at 'bulkEmailEntries' failed to "
	 "satisfy constraint: Member must not be null; Value at "
	 "'defaultContent' failed to satisfy constraint: Member must not be "
	 "null"},
	{"no entries", "{" FROM NAMED "\"BulkEmailEntries\":[]}",
	 "There must be 1 to 50 BulkEmailEntries."},
	{"no From", "{" NAMED "\"BulkEmailEntries\":[" ENTRY "]}",
	 "FromEmailAddress must be given."},
	{"no template",
	 "{" FROM "\"DefaultContent\":{},\"BulkEmailEntries\":[" ENTRY "]}",
	 "Template must have one of TemplateName, TemplateArn and "
	 "TemplateContent."},
	{"two templates",
	 "{" FROM "\"DefaultContent\":{\"Template\":{\"TemplateName\":\"t\","
	 "\"TemplateContent\":{}}},\"BulkEmailEntries\":[" ENTRY "]}",
	 "Template must have one of TemplateName, TemplateArn and "
	 "TemplateContent."},
};

static void
test_bad(void **state)
{
	const struct bad_row *row = *state;
	CLEANUP(json_decrefp) json_t *body = parse(row->body);
	struct ses_bulk bulk;
	struct error error = {0};

	assert_false(ses_bulk_read(body, &bulk, &error));
	assert_string_equal(error.text, row->text);
	assert_int_equal(error.code, ERROR_BAD_REQUEST);
}

static void
test_entries(void **state)
{
	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		CLEANUP(json_decrefp) json_t *entry = parse(ENTRY);
		CLEANUP(json_decrefp)
		json_t *body = parse("{" FROM NAMED "\"BulkEmailEntries\":[]}");
		struct ses_bulk bulk;
		struct error error;

		for (size_t i = 0; i < SES_BULK_ENTRIES_MAX + extra; i++)
			json_add(json_get_array(body, "BulkEmailEntries"),
				 json_incref(entry));
		assert_int_equal(ses_bulk_read(body, &bulk, &error),
				 extra == 0);
	}
}

static const struct data_row {
	const char *name;
	const char *data;        /* of the request */
	const char *replacement; /* of the entry */
	const char *want;        /* NULL: refused */
} datas[] = {
	{"none", "", "", "{}"},
	{"the request's", "{\"a\":1}", "", "{\"a\":1}"},
	{"the request's for an empty one", "{\"a\":1}", "{}", "{\"a\":1}"},
	{"the entry's", "", "{\"a\":1}", "{\"a\":1}"},
	{"member by member", "{\"a\":1,\"b\":2}", "{\"b\":3,\"c\":4}",
	 "{\"a\":1,\"b\":3,\"c\":4}"},
	{"in objects too", "{\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"c\":3}}",
	 "{\"a\":{\"b\":1,\"c\":3}}"},
	{"lists as a whole", "{\"a\":[1,2,3]}", "{\"a\":[4]}", "{\"a\":[4]}"},
	{"the request's is bad", "[", "{}", NULL},
	{"the entry's is bad", "{}", "[]", NULL},
};

static void
test_data(void **state)
{
	const struct data_row *row = *state;
	CLEANUP(json_decrefp)
	json_t *body =
		parse("{" FROM NAMED "\"BulkEmailEntries\":[{\"Destination\":"
		      "{},\"ReplacementEmailContent\":{\"ReplacementTemplate\":"
		      "{}}}]}");
	CLEANUP(json_decrefp) json_t *message = NULL;
	json_t *template =
		json_get(json_get(body, "DefaultContent"), "Template");
	json_t *entry = json_array_get(json_get(body, "BulkEmailEntries"), 0);
	struct ses_bulk bulk;
	struct error error;

	json_puts(template, "TemplateData", row->data);
	json_puts(json_get(json_get(entry, "ReplacementEmailContent"),
			   "ReplacementTemplate"),
		  "ReplacementTemplateData", row->replacement);
	assert_true(ses_bulk_read(body, &bulk, &error));
	if (!ses_bulk_entry(&bulk, 0, &message, &error)) {
		assert_null(row->want);
		assert_null(message);
		return;
	}
	assert_non_null(row->want);
	template = json_get(json_get(message, "Content"), "Template");
	assert_span(json_text(json_get(template, "TemplateData")), row->want);
	assert_span(json_text(json_get(template, "TemplateName")), "t");
	template = json_get(json_get(body, "DefaultContent"), "Template");
	assert_span(json_text(json_get(template, "TemplateData")), row->data);
}

/* What the entry has stands before what the request has of another name. */
static void
test_names(void **state)
{
	CLEANUP(json_decrefp)
	json_t *body = parse(
		"{" FROM "\"DefaultContent\":{\"Template\":{\"TemplateName\":"
		"\"t\",\"Headers\":[{\"Name\":\"X-A\",\"Value\":\"1\"},{"
		"\"Name\":\"X-B\",\"Value\":\"2\"}]}},\"ConfigurationSetName\":"
		"\"cs\",\"ReplyToAddresses\":[\"r@example.com\"],"
		"\"DefaultEmailTags\":[{\"Name\":\"n\",\"Value\":\"1\"}],"
		"\"BulkEmailEntries\":[{\"Destination\":{\"ToAddresses\":["
		"\"b@example.net\"]},\"ReplacementHeaders\":[{\"Name\":\"x-a\","
		"\"Value\":\"3\"}],\"ReplacementTags\":[{\"Name\":\"m\","
		"\"Value\":\"2\"}]}]}");
	CLEANUP(json_decrefp) json_t *message = NULL;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	static struct ses_send send;
	struct ses_bulk bulk;
	struct error error;

	(void)state;
	assert_true(ses_bulk_read(body, &bulk, &error));
	assert_span(bulk.configuration_set, "cs");
	assert_true(ses_bulk_entry(&bulk, 0, &message, &error));
	if (!ses_send_read(message, &arena, &send, &error))
		fail_msg("%s", error.text);
	assert_int_equal(send.kind, SES_TEMPLATE);
	assert_int_equal(send.headers, 2);
	assert_span(send.header[0].value, "3");
	assert_span(send.header[1].name, "X-B");
	assert_int_equal(send.tags, 2);
	assert_span(send.tag[0].name, "m");
	assert_span(send.configuration_set, "cs");
	assert_int_equal(send.reply_to.len, 1);
}

static const struct status_row {
	const char *name;
	enum error_code code;
} statuses[] = {
	{"SUCCESS", ERROR_NONE},
	{"MESSAGE_REJECTED", ERROR_MESSAGE_REJECTED},
	{"MAIL_FROM_DOMAIN_NOT_VERIFIED", ERROR_MAIL_FROM},
	{"ACCOUNT_SENDING_PAUSED", ERROR_SENDING_PAUSED},
	{"ACCOUNT_THROTTLED", ERROR_TOO_MANY_REQUESTS},
	{"INVALID_PARAMETER", ERROR_BAD_REQUEST},
	{"TRANSIENT_FAILURE", ERROR_UNAVAILABLE},
	{"FAILED", ERROR_INTERNAL},
};

static void
test_status(void **state)
{
	const struct status_row *row = *state;
	struct error failure = {.code = row->code, .text = "why"};
	struct ses_bulk_result result = {
		.message_id = SPAN("id"),
		.failure = row->code != ERROR_NONE ? &failure : NULL,
	};
	CLEANUP(json_decrefp) json_t *json = ses_bulk_result_write(&result);

	assert_span(json_text(json_get(json, "Status")), row->name);
	assert_span(json_text(json_get(json, "MessageId")),
		    row->code == ERROR_NONE ? "id" : "");
	assert_span(json_text(json_get(json, "Error")),
		    row->code == ERROR_NONE ? "" : "why");
}

int
main(void)
{
	UNIT_ROWS(test_bad, bad);
	UNIT(test_entries);
	UNIT_ROWS(test_data, datas);
	UNIT(test_names);
	UNIT_ROWS(test_status, statuses);
	return unit_run("ses/bulk");
}
