/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/templates.h"

#include "unit.h"

static json_t *
parse(const char *text)
{
	json_t *json = NULL;

	assert_int_equal(json_parse(span_of(text), 1 << 22, &json, NULL),
			 JSON_OK);
	return json;
}

#define CONTENT                                                                \
	"\"TemplateContent\":{\"Subject\":\"Hi {{name}}\",\"Text\":\"t\","     \
	"\"Html\":\"<p>\"}"

static void
test_create(void **state)
{
	CLEANUP(json_decrefp)
	json_t *json = parse("{\"TemplateName\":\"a b\",\"Tags\":[{\"Key\":"
			     "\"k\",\"Value\":\"v\"}]," CONTENT "}");
	struct ses_create_template ask;
	struct ses_template again;
	struct error error;
	json_t *written;

	(void)state;
	assert_true(ses_create_template_read(json, &ask, &error));
	assert_span(ask.name, "a b");
	assert_span(ask.content.subject, "Hi {{name}}");
	assert_span(ask.content.text, "t");
	assert_span(ask.content.html, "<p>");
	assert_true(ask.content.has_text && ask.content.has_html);
	assert_int_equal(ask.tags.len, 1);
	written = ses_template_write(&ask.content);
	assert_true(ses_template_read(written, SES_TEMPLATE_SIZE_MAX, &again,
				      &error));
	assert_span(again.subject, "Hi {{name}}");
	assert_true(again.has_text && again.has_html);
	json_decref(written);
}

static const struct bad_row {
	const char *name;
	const char *body;
	enum error_code code;
	const char *text;
} bad[] = {
	{"nothing", "{}", ERROR_BAD_REQUEST,
	 "2 validation errors detected: Value at 'templateContent' failed to "
	 "satisfy constraint: Member must not be null; Value at "
	 "'templateName' failed to satisfy constraint: Member must not be "
	 "null"},
	{"no content", "{\"TemplateName\":\"a\"}", ERROR_BAD_REQUEST,
	 "1 validation error detected: Value at 'templateContent' failed to "
	 "satisfy constraint: Member must not be null"},
	{"empty name", "{\"TemplateName\":\"\"," CONTENT "}", ERROR_BAD_REQUEST,
	 "1 validation error detected: Value at 'templateName' failed to "
	 "satisfy constraint: Member must have length greater than or equal "
	 "to 1"},
	{"long name",
	 "{\"TemplateName\":\"01234567890123456789012345678901234567890123456"
	 "789012345678901234\"," CONTENT "}",
	 ERROR_BAD_REQUEST,
	 "1 validation error detected: Value at 'templateName' failed to "
	 "satisfy constraint: Member must have length less than or equal to "
	 "64"},
	{"slash in the name", "{\"TemplateName\":\"a/b\"," CONTENT "}",
	 ERROR_BAD_REQUEST,
	 "The template name is not valid: it must not have control "
	 "characters, slashes, or white space at its ends."},
	{"control in the name", "{\"TemplateName\":\"a\\u0001\"," CONTENT "}",
	 ERROR_BAD_REQUEST,
	 "The template name is not valid: it must not have control "
	 "characters, slashes, or white space at its ends."},
	{"number as name", "{\"TemplateName\":1," CONTENT "}",
	 ERROR_SERIALIZATION, "NUMBER_VALUE can not be converted to a String"},
	{"no subject",
	 "{\"TemplateName\":\"a\",\"TemplateContent\":{\"Text\":\"t\"}}",
	 ERROR_BAD_REQUEST, "The subject must be specified."},
	{"no part",
	 "{\"TemplateName\":\"a\",\"TemplateContent\":{\"Subject\":\"s\"}}",
	 ERROR_BAD_REQUEST, "The template must have a Text or Html part."},
	{"bad subject",
	 "{\"TemplateName\":\"a\",\"TemplateContent\":{\"Subject\":\"{{\","
	 "\"Text\":\"t\"}}",
	 ERROR_BAD_REQUEST,
	 "The template's Subject is not valid. A tag is not ended (line 1, "
	 "column 1)."},
	{"bad HTML",
	 "{\"TemplateName\":\"a\",\"TemplateContent\":{\"Subject\":\"s\","
	 "\"Html\":\"<p>\\n{{#if a}}\"}}",
	 ERROR_BAD_REQUEST,
	 "The template's Html is not valid. A block is not closed: 'if' (line "
	 "2, column 1)."},
	{"a partial of another part",
	 "{\"TemplateName\":\"a\",\"TemplateContent\":{\"Subject\":\"s\","
	 "\"Html\":\"{{#*inline \\\"p\\\"}}x{{/inline}}\",\"Text\":"
	 "\"{{> p}}\"}}",
	 ERROR_BAD_REQUEST,
	 "The template's Text is not valid. There is no inline partial of "
	 "that name: 'p' (line 1, column 1)."},
};

static void
test_bad(void **state)
{
	const struct bad_row *row = *state;
	CLEANUP(json_decrefp) json_t *json = parse(row->body);
	struct ses_create_template ask;
	struct error error = {0};

	assert_false(ses_create_template_read(json, &ask, &error));
	assert_string_equal(error.text, row->text);
	assert_int_equal(error.code, row->code);
}

/* 500 KB in all three parts, and one octet more. */
static void
test_size(void **state)
{
	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 20);
		CLEANUP(json_decrefp) json_t *json = json_object_new();
		struct ses_template content;
		struct error error;

		while (text.len < SES_TEMPLATE_SIZE_MAX - 3 + extra)
			buf_addc(&text, 'x');
		json_puts(json, "Subject", "s");
		json_puts(json, "Text", "tt");
		json_put_text(json, "Html", buf_span(&text));
		assert_int_equal(ses_template_read(json, SES_TEMPLATE_SIZE_MAX,
						   &content, &error),
				 extra == 0);
		if (extra)
			assert_string_equal(
				error.text,
				"The template is larger than 512000 octets.");
	}
}

static const struct list_row {
	const char *name;
	const char *page;
	size_t want;      /* 0: refused */
	const char *text; /* if it is */
} lists[] = {
	{"by itself", "", 10, NULL},
	{"one", "1", 1, NULL},
	{"most", "100", 100, NULL},
	{"too many", "101", 0, "PageSize must be between 1 and 100."},
	{"none", "0", 0, "PageSize must be between 1 and 100."},
	{"no number", "x", 0, "'PageSize' must be a whole number."},
};

static void
test_list(void **state)
{
	const struct list_row *row = *state;
	struct ses_list_templates ask;
	struct error error;
	bool good = ses_list_templates_query(span_of(row->page), SPAN("n"),
					     &ask, &error);

	assert_int_equal(good, row->want > 0);
	if (!good) {
		assert_string_equal(error.text, row->text);
		return;
	}
	assert_int_equal(ask.page, row->want);
	assert_span(ask.next_token, "n");
}

static const struct data_row {
	const char *name;
	const char *text;
	bool good;
} datas[] = {
	{"object", "{\"a\":1}", true},
	{"nothing", "", true},
	{"white space", " \n", true},
	{"list", "[1]", false},
	{"text", "a", false},
	{"cut off", "{\"a\":", false},
	{"twice the same", "{\"a\":1,\"a\":2}", false},
};

static void
test_data(void **state)
{
	const struct data_row *row = *state;
	json_t *json = NULL;
	struct error error;

	assert_int_equal(
		ses_template_data_read(span_of(row->text), &json, &error),
		row->good);
	if (row->good) {
		assert_true(json_is_object(json));
	} else {
		assert_null(json);
		assert_true(span_starts(span_of(error.text),
					SPAN("The template data is invalid")));
	}
	json_decref(json);
}

static void
test_render(void **state)
{
	CLEANUP(buf_release) struct buf to = BUF_INIT(1000);
	CLEANUP(json_decrefp) json_t *data = parse("{\"a\":\"A\"}");
	struct ses_template content = {
		.subject = SPAN("s{{a}}"),
		.text = SPAN("{{#if b}}{{/if}}"),
		.html = SPAN("<{{a}}>"),
		.has_text = true,
		.has_html = true,
	};
	struct ses_template made;
	struct error error;

	(void)state;
	assert_true(ses_template_render(&content, data, &to, &made, &error));
	assert_span(made.subject, "sA");
	assert_span(made.text, "");
	assert_span(made.html, "<A>");
	assert_true(made.has_text && made.has_html);
	content.html = SPAN("{{b}}");
	assert_false(ses_template_render(&content, data, &to, &made, &error));
	assert_string_equal(error.text,
			    "Attribute 'b' is not present in the rendering "
			    "data.");
	assert_int_equal(error.code, ERROR_BAD_REQUEST);
}

static void
test_other_requests(void **state)
{
	CLEANUP(json_decrefp) json_t *update = parse("{" CONTENT "}");
	CLEANUP(json_decrefp)
	json_t *render = parse("{\"TemplateData\":\"{}\"}");
	struct ses_template content;
	struct error error;
	struct span data;

	(void)state;
	assert_true(ses_update_template_read(update, &content, &error));
	assert_span(content.html, "<p>");
	assert_false(ses_update_template_read(NULL, &content, &error));
	assert_true(ses_render_read(render, &data, &error));
	assert_span(data, "{}");
	assert_false(ses_render_read(update, &data, &error));
	assert_string_equal(error.text,
			    "1 validation error detected: Value at "
			    "'templateData' failed to satisfy constraint: "
			    "Member must not be null");
}

int
main(void)
{
	UNIT(test_create);
	UNIT_ROWS(test_bad, bad);
	UNIT(test_size);
	UNIT_ROWS(test_list, lists);
	UNIT_ROWS(test_data, datas);
	UNIT(test_render);
	UNIT(test_other_requests);
	return unit_run("ses/templates");
}
