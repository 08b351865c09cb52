/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/outbound.h"

#include "unit.h"

#define FROM "\"FromEmailAddress\":\"a@example.com\","
#define TO   "\"Destination\":{\"ToAddresses\":[\"b@example.net\"]},"
#define TEXT "\"Body\":{\"Text\":{\"Data\":\"hello\"}}"
#define SIMPLE(more)                                                           \
	"\"Content\":{\"Simple\":{\"Subject\":{\"Data\":\"Hi\"}," TEXT more "}}"
#define RAW "\"Content\":{\"Raw\":{\"Data\":\"RnJvbTogYQ==\"}}"

static json_t *
parse(const char *text)
{
	json_t *json = NULL;

	assert_int_equal(json_parse(span_of(text), 100000, &json, NULL),
			 JSON_OK);
	return json;
}

static const struct bad_row {
	const char *name;
	const char *body;
	enum error_code code;
	const char *text; /* or how it begins, if it ends in * */
} bad[] = {
	{"no content", "{" FROM TO "\"x\":1}", ERROR_BAD_REQUEST,
	 "1 validation error detected: Value at 'content' failed to satisfy "
	 "constraint: Member must not be null"},
	{"empty content", "{" FROM TO "\"Content\":{}}", ERROR_BAD_REQUEST,
	 "Content must have one of Simple, Raw and Template."},
	{"two contents",
	 "{" FROM TO "\"Content\":{\"Raw\":{\"Data\":\"AAAA\"},\"Simple\":{"
	 "\"Subject\":{\"Data\":\"\"},\"Body\":{}}}}",
	 ERROR_BAD_REQUEST,
	 "Content must have one of Simple, Raw and Template."},
	{"a template", "{" FROM TO "\"Content\":{\"Template\":{}}}",
	 ERROR_BAD_REQUEST, "Template must have one of Template*"},
	{"two templates",
	 "{" FROM TO "\"Content\":{\"Template\":{\"TemplateName\":\"a\","
	 "\"TemplateContent\":{}}}}",
	 ERROR_BAD_REQUEST,
	 "Template must have one of TemplateName, TemplateArn and "
	 "TemplateContent."},
	{"a template for nobody",
	 "{" FROM "\"Content\":{\"Template\":{\"TemplateName\":\"a\"}}}",
	 ERROR_BAD_REQUEST, "There must be at least one recipient *"},
	{"a template from nobody",
	 "{" TO "\"Content\":{\"Template\":{\"TemplateName\":\"a\"}}}",
	 ERROR_BAD_REQUEST, "FromEmailAddress must be given."},
	{"a template with a bad header",
	 "{" FROM TO "\"Content\":{\"Template\":{\"TemplateName\":\"a\","
	 "\"Headers\":[{\"Name\":\"From\",\"Value\":\"x\"}]}}}",
	 ERROR_BAD_REQUEST, "The header 'From' cannot be given in Headers."},
	{"no subject", "{" FROM TO "\"Content\":{\"Simple\":{" TEXT "}}}",
	 ERROR_BAD_REQUEST,
	 "1 validation error detected: Value at 'content.simple.subject' *"},
	{"no body",
	 "{" FROM TO
	 "\"Content\":{\"Simple\":{\"Subject\":{\"Data\":\"\"},\"Body\":{}}}}",
	 ERROR_BAD_REQUEST, "The message must have a Text or Html body."},
	{"a body that is a string",
	 "{" FROM TO "\"Content\":{\"Simple\":{\"Subject\":{\"Data\":\"\"},"
	 "\"Body\":\"x\"}}}",
	 ERROR_SERIALIZATION, "Expected null"},
	{"no From", "{" TO SIMPLE("") "}", ERROR_BAD_REQUEST,
	 "FromEmailAddress must be given."},
	{"From without a domain",
	 "{\"FromEmailAddress\":\"a\"," TO SIMPLE("") "}", ERROR_BAD_REQUEST,
	 "Missing final '@domain'"},
	{"two From",
	 "{\"FromEmailAddress\":\"a@b.c, d@e.f\"," TO SIMPLE("") "}",
	 ERROR_BAD_REQUEST,
	 "There must be one address in each address member."},
	{"no recipient", "{" FROM SIMPLE("") "}", ERROR_BAD_REQUEST,
	 "There must be at least one recipient in the Destination."},
	{"two recipients in one",
	 "{" FROM
	 "\"Destination\":{\"ToAddresses\":[\"a@b.c,d@e.f\"]}," SIMPLE("") "}",
	 ERROR_BAD_REQUEST,
	 "There must be one address in each address member."},
	{"a group for a recipient",
	 "{" FROM
	 "\"Destination\":{\"ToAddresses\":[\"g: a@b.c;\"]}," SIMPLE("") "}",
	 ERROR_BAD_REQUEST,
	 "There must be one address in each address member."},
	{"a command in a recipient",
	 "{" FROM "\"Destination\":{\"CcAddresses\":[\"a@b>\\r\\nRCPT "
	 "TO:<c@d\"]}," SIMPLE("") "}",
	 ERROR_BAD_REQUEST, "Local address contains control or whitespace"},
	{"a line separator in a display name",
	 "{\"FromEmailAddress\":\"\\\"a\\u2028b\\\" <a@b.c>\"," TO SIMPLE(
		 "") "}",
	 ERROR_BAD_REQUEST, "Local address contains control or whitespace"},
	{"a field in a Reply-To",
	 "{" FROM TO
	 "\"ReplyToAddresses\":[\"a@b.c\\nBcc: d@e.f\"]," SIMPLE("") "}",
	 ERROR_BAD_REQUEST, "Local address contains control or whitespace"},
	{"a line feed in the subject",
	 "{" FROM TO "\"Content\":{\"Simple\":{\"Subject\":{\"Data\":"
	 "\"a\\nBcc: c@d.e\"}," TEXT "}}}",
	 ERROR_BAD_REQUEST, "Control characters are not allowed in Subject."},
	{"a next line in the subject",
	 "{" FROM TO "\"Content\":{\"Simple\":{\"Subject\":{\"Data\":"
	 "\"a\\u0085b\"}," TEXT "}}}",
	 ERROR_BAD_REQUEST, "Control characters are not allowed in Subject."},
	{"a header's name with a colon",
	 "{" FROM TO SIMPLE(
		 ",\"Headers\":[{\"Name\":\"X:\",\"Value\":\"1\"}]") "}",
	 ERROR_BAD_REQUEST,
	 "1 validation error detected: Value at "
	 "'content.simple.headers.1.member.name' failed to satisfy constraint: "
	 "Member must satisfy regular expression pattern: ^[!-9;-@A-~]+$"},
	{"a header's value with a line feed",
	 "{" FROM TO SIMPLE(",\"Headers\":[{\"Name\":\"X\",\"Value\":"
			    "\"1\\r\\nY: 2\"}]") "}",
	 ERROR_BAD_REQUEST,
	 "1 validation error detected: Value at "
	 "'content.simple.headers.1.member.value' failed to satisfy "
	 "constraint: Member must satisfy regular expression pattern: [ -~]*"},
	{"a header that is ours",
	 "{" FROM TO SIMPLE(
		 ",\"Headers\":[{\"Name\":\"bcc\",\"Value\":\"x\"}]") "}",
	 ERROR_BAD_REQUEST, "The header 'bcc' cannot be given in Headers."},
	{"a header about content",
	 "{" FROM TO SIMPLE(",\"Headers\":[{\"Name\":\"Content-Type\","
			    "\"Value\":\"x\"}]") "}",
	 ERROR_BAD_REQUEST,
	 "The header 'Content-Type' cannot be given in Headers."},
	{"an attachment without a name",
	 "{" FROM TO SIMPLE(",\"Attachments\":[{\"RawContent\":\"AAAA\"}]") "}",
	 ERROR_BAD_REQUEST,
	 "1 validation error detected: Value at "
	 "'content.simple.attachments.1.member.fileName' *"},
	{"an attachment that is no base64",
	 "{" FROM TO SIMPLE(",\"Attachments\":[{\"RawContent\":\"AA A\","
			    "\"FileName\":\"f\"}]") "}",
	 ERROR_SERIALIZATION,
	 "'content.simple.attachments.1.member.rawContent' must be base64."},
	{"a line feed in a file's name",
	 "{" FROM TO SIMPLE(",\"Attachments\":[{\"RawContent\":\"AAAA\","
			    "\"FileName\":\"f\\n\"}]") "}",
	 ERROR_BAD_REQUEST, "Control characters are not allowed in FileName."},
	{"a tag's name with a dot",
	 "{" FROM TO SIMPLE("") ",\"EmailTags\":[{\"Name\":\"a.b\",\"Value\":"
				"\"c\"}]}",
	 ERROR_BAD_REQUEST,
	 "Invalid tag name <a.b>: only alphanumeric ASCII characters, '_',  "
	 "'-' are allowed."},
	{"a tag without a name",
	 "{" FROM TO SIMPLE("") ",\"EmailTags\":[{\"Name\":\"\",\"Value\":\"c\""
				"}]}",
	 ERROR_BAD_REQUEST, "The tag name must be specified."},
	{"a raw message that is no base64",
	 "{" FROM TO "\"Content\":{\"Raw\":{\"Data\":\"AAA\"}}}",
	 ERROR_SERIALIZATION, "'content.raw.data' must be base64."},
	{"an empty raw message",
	 "{" FROM TO "\"Content\":{\"Raw\":{\"Data\":\"\"}}}",
	 ERROR_BAD_REQUEST, "The raw message is empty."},
	{"a configuration set with a line feed",
	 "{" FROM TO SIMPLE("") ",\"ConfigurationSetName\":\"a\\r\\nb\"}",
	 ERROR_BAD_REQUEST,
	 "Control characters are not allowed in ConfigurationSetName."},
	{"an identity's ARN",
	 "{" FROM TO SIMPLE("") ",\"FromEmailAddressIdentityArn\":\"arn:x\"}",
	 ERROR_BAD_REQUEST, "FromEmailAddressIdentityArn and *"},
};

static void
test_bad(void **state)
{
	const struct bad_row *row = *state;
	CLEANUP(json_decrefp) json_t *body = parse(row->body);
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	static struct ses_send send;
	struct error error = {0};
	size_t len = strlen(row->text);

	assert_false(ses_send_read(body, &arena, &send, &error));
	if (row->text[len - 1] == '*')
		error.text[len - 1] = '*', error.text[len] = '\0';
	assert_string_equal(error.text, row->text);
	assert_int_equal(error.code, row->code);
}

static void
test_simple(void **state)
{
	CLEANUP(json_decrefp)
	json_t *body = parse(
		"{\"FromEmailAddress\":\"\\\"Gr\\u00fc\\u00dfe\\\" "
		"<a@example.com>\",\"Destination\":{\"ToAddresses\":["
		"\"b@example.net\",\"C <c@example.net>\"],\"BccAddresses\":["
		"\"d@example.net\"]},\"ReplyToAddresses\":[\"r@example.com\"],"
		"\"FeedbackForwardingEmailAddress\":\"f@example.com\","
		"\"Content\":{\"Simple\":{\"Subject\":{\"Data\":\"S\","
		"\"Charset\":\"UTF-8\"},\"Body\":{\"Text\":{\"Data\":\"T\\n\"},"
		"\"Html\":{\"Data\":\"<p>\"}},\"Headers\":[{\"Name\":\"X-A\","
		"\"Value\":\"1\"}],\"Attachments\":[{\"RawContent\":\"AAAA\","
		"\"FileName\":\"f.pdf\",\"ContentDisposition\":\"INLINE\"}]}},"
		"\"EmailTags\":[{\"Name\":\"n\",\"Value\":\"v@w.x\"}],"
		"\"ConfigurationSetName\":\"cs\"}");
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	static struct ses_send send;
	struct error error = {0};

	(void)state;
	if (!ses_send_read(body, &arena, &send, &error))
		fail_msg("%s", error.text);
	assert_int_equal(send.kind, SES_SIMPLE);
	assert_span(address_text(&send.from->address), "a@example.com");
	assert_span(send.from->display, "Gr\xc3\xbc\xc3\x9f"
					"e");
	assert_int_equal(send.to.len, 2);
	assert_span(address_text(&send.to.mailbox[1].address), "c@example.net");
	assert_int_equal(send.cc.len, 0);
	assert_span(address_text(&send.bcc.mailbox[0].address),
		    "d@example.net");
	assert_int_equal(send.reply_to.len, 1);
	assert_span(address_text(&send.feedback->address), "f@example.com");
	assert_span(send.subject, "S");
	assert_span(send.text, "T\n");
	assert_span(send.html, "<p>");
	assert_int_equal(send.headers, 1);
	assert_span(send.header[0].name, "X-A");
	assert_int_equal(send.attachments, 1);
	assert_true(send.attachment[0].inlined);
	assert_span(send.attachment[0].content, "AAAA");
	assert_int_equal(send.tags, 1);
	assert_span(send.tag[0].value, "v@w.x");
	assert_span(send.configuration_set, "cs");
}

/* A raw message may leave all to its own header. */
static void
test_raw(void **state)
{
	CLEANUP(json_decrefp) json_t *body = parse("{" RAW "}");
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	static struct ses_send send;
	struct error error = {0};

	(void)state;
	assert_true(ses_send_read(body, &arena, &send, &error));
	assert_int_equal(send.kind, SES_RAW);
	assert_null(send.from);
	assert_false(send.has_destination);
	assert_span(send.raw, "RnJvbTogYQ==");
}

/* A template is kept for who renders it, and is then Simple content. */
static void
test_template(void **state)
{
	CLEANUP(json_decrefp)
	json_t *body =
		parse("{" FROM TO
		      "\"Content\":{\"Template\":{\"TemplateArn\":\"arn:x\","
		      "\"TemplateData\":\"{}\",\"Headers\":[{\"Name\":\"X-A\","
		      "\"Value\":\"1\"}],\"Attachments\":[{\"RawContent\":"
		      "\"AAAA\",\"FileName\":\"f.pdf\"}]}}}");
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct ses_template made = {
		.subject = SPAN("S"),
		.text = SPAN("T"),
		.html = SPAN(""),
		.has_text = true,
	};
	static struct ses_send send;
	struct error error = {0};

	(void)state;
	assert_true(ses_send_read(body, &arena, &send, &error));
	assert_int_equal(send.kind, SES_TEMPLATE);
	assert_span(send.template.arn, "arn:x");
	assert_span(send.template.name, "");
	assert_span(send.template.data, "{}");
	assert_null(send.template.content);
	assert_int_equal(send.headers, 1);
	assert_int_equal(send.attachments, 1);
	assert_true(ses_send_rendered(&send, &made, &error));
	assert_int_equal(send.kind, SES_SIMPLE);
	assert_span(send.subject, "S");
	assert_span(send.text, "T");
	assert_true(send.has_text && !send.has_html);
	made.subject = SPAN("a\r\nBcc: x@y.z");
	assert_false(ses_send_rendered(&send, &made, &error));
	assert_string_equal(error.text, "Control characters are not allowed in "
					"Subject.");
}

static void
test_recipients(void **state)
{
	CLEANUP(json_decrefp) json_t *body = parse("{" FROM SIMPLE("") "}");
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 22);
	json_t *destination = json_object_new();
	json_t *to = json_array_new(), *cc = json_array_new();
	static struct ses_send send;
	struct error error = {0};

	(void)state;
	json_put(body, "Destination", destination);
	json_put(destination, "ToAddresses", to);
	json_put(destination, "CcAddresses", cc);
	for (int i = 0; i < SES_RECIPIENTS_MAX; i++)
		json_add_text(i % 2 ? to : cc, SPAN("a@example.net"));
	assert_true(ses_send_read(body, &arena, &send, &error));
	json_add_text(cc, SPAN("a@example.net"));
	assert_false(ses_send_read(body, &arena, &send, &error));
	assert_string_equal(error.text, "Recipient count exceeds 50.");
}

static void
test_write(void **state)
{
	const struct span to[] = {SPAN("b@example.net"), SPAN("c@example.net")};
	struct ses_send_ask ask = {
		.from = SPAN("a@example.com"),
		.to = to,
		.tos = 2,
		.configuration_set = SPAN(""),
		.raw = SPAN("From: a\r\n\r\n"),
		.subject = SPAN("S"),
		.text = SPAN("T"),
		.html = SPAN("<p>"),
	};
	CLEANUP(json_decrefp) json_t *raw = ses_send_write(&ask);
	CLEANUP(json_decrefp) json_t *simple = NULL;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	static struct ses_send send;
	struct error error;

	(void)state;
	assert_true(ses_send_read(raw, &arena, &send, &error));
	assert_int_equal(send.to.len, 2);
	assert_span(send.raw, "RnJvbTogYQ0KDQo=");
	ask.raw = SPAN("");
	simple = ses_send_write(&ask);
	assert_true(ses_send_read(simple, &arena, &send, &error));
	assert_span(send.subject, "S");
	assert_span(send.text, "T");
	assert_span(send.html, "<p>");
}

int
main(void)
{
	UNIT_ROWS(test_bad, bad);
	UNIT(test_simple);
	UNIT(test_raw);
	UNIT(test_template);
	UNIT(test_recipients);
	UNIT(test_write);
	return unit_run("ses/outbound");
}
