/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/templates.h"

#include "ses/model.h"

/* The parts of a template. */
#define PARTS 3

/* Parses a part, to see whether it can be. */
static bool
part_good(struct span text, const char *what, struct error *reterr)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(TEMPLATE_ARENA);
	CLEANUP(buf_release) struct buf why = BUF_INIT(ERROR_TEXT_MAX);
	struct template_fault fault;
	struct template template;

	if (template_parse(text, &arena, &template, &fault) == TEMPLATE_OK)
		return true;
	template_fault_format(&fault, &why);
	return error_set(reterr, ERROR_BAD_REQUEST,
			 "The template's %s is not valid. %s", what, why.ptr);
}

bool
ses_template_read(const json_t *content, size_t max, struct ses_template *ret,
		  struct error *reterr)
{
	*ret = (struct ses_template){
		.subject = shape_text(content, "Subject"),
		.text = shape_text(content, "Text"),
		.html = shape_text(content, "Html"),
		.has_text = json_get(content, "Text") != NULL,
		.has_html = json_get(content, "Html") != NULL,
	};
	if (ret->subject.len == 0)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The subject must be specified.");
	if (!ret->has_text && !ret->has_html)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The template must have a Text or Html "
				 "part.");
	if (ret->subject.len + ret->text.len + ret->html.len > max)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The template is larger than %zu octets.",
				 max);
	return part_good(ret->subject, "Subject", reterr) &&
	       part_good(ret->text, "Text", reterr) &&
	       part_good(ret->html, "Html", reterr);
}

json_t *
ses_template_write(const struct ses_template *content)
{
	json_t *json = json_object_new();

	json_put_text(json, "Subject", content->subject);
	if (content->has_text)
		json_put_text(json, "Text", content->text);
	if (content->has_html)
		json_put_text(json, "Html", content->html);
	return json;
}

/* What may stand in a path and an ARN, without white space at the ends. */
static bool
name_good(struct span name, struct error *reterr)
{
	bool good = span_equal(span_trim(name), name);

	if (shape_length(name) > SES_TEMPLATE_NAME_MAX)
		return error_set(
			reterr, ERROR_BAD_REQUEST,
			"1 validation error detected: Value at 'templateName' "
			"failed to satisfy constraint: Member must have "
			"length less than or equal to %d",
			SES_TEMPLATE_NAME_MAX);
	for (size_t i = 0; i < name.len; i++)
		good = good && (uint8_t)name.ptr[i] >= ' ' &&
		       name.ptr[i] != 0x7f && name.ptr[i] != '/';
	return good || error_set(reterr, ERROR_BAD_REQUEST,
				 "The template name is not valid: it must not "
				 "have control characters, slashes, or white "
				 "space at its ends.");
}

bool
ses_create_template_read(const json_t *body, struct ses_create_template *ret,
			 struct error *reterr)
{
	if (!ses_model_body("CreateEmailTemplate", body, reterr))
		return false;
	ret->name = shape_text(body, "TemplateName");
	return name_good(ret->name, reterr) &&
	       ses_template_read(json_get(body, "TemplateContent"),
				 SES_TEMPLATE_SIZE_MAX, &ret->content,
				 reterr) &&
	       ses_tags_read(json_get(body, "Tags"), &ret->tags, reterr);
}

bool
ses_update_template_read(const json_t *body, struct ses_template *ret,
			 struct error *reterr)
{
	return ses_model_body("UpdateEmailTemplate", body, reterr) &&
	       ses_template_read(json_get(body, "TemplateContent"),
				 SES_TEMPLATE_SIZE_MAX, ret, reterr);
}

bool
ses_list_templates_query(struct span page, struct span next_token,
			 struct ses_list_templates *ret, struct error *reterr)
{
	uint64_t number = SES_TEMPLATES_PAGE_DEFAULT;

	if (page.len > 0 && !span_to_u64(page, INT32_MAX, &number))
		return error_set(reterr, ERROR_SERIALIZATION,
				 "'PageSize' must be a whole number.");
	if (number < 1 || number > SES_TEMPLATES_PAGE_MAX)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "PageSize must be between 1 and %d.",
				 SES_TEMPLATES_PAGE_MAX);
	ret->page = (size_t)number;
	ret->next_token = next_token;
	return true;
}

bool
ses_render_read(const json_t *body, struct span *ret, struct error *reterr)
{
	if (!ses_model_body("TestRenderEmailTemplate", body, reterr))
		return false;
	*ret = shape_text(body, "TemplateData");
	return true;
}

bool
ses_template_data_read(struct span text, json_t **ret, struct error *reterr)
{
	struct json_fault fault;

	if (span_trim(text).len == 0) {
		*ret = json_object_new();
		return true;
	}
	if (json_parse(text, SES_TEMPLATE_DATA_MAX * 4, ret, &fault) != JSON_OK)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The template data is invalid: at octet %zu: "
				 "%s",
				 fault.offset, fault.text);
	if (json_is_object(*ret))
		return true;
	json_decref(*ret);
	*ret = NULL;
	return error_set(reterr, ERROR_BAD_REQUEST,
			 "The template data is invalid: it must be a JSON "
			 "object.");
}

/* Renders one part. */
static bool
part_render(struct span text, const json_t *data, struct buf *to,
	    struct error *reterr)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(TEMPLATE_ARENA);
	CLEANUP(buf_release) struct buf why = BUF_INIT(ERROR_TEXT_MAX);
	struct template_fault fault;
	struct template template;

	if (template_parse(text, &arena, &template, &fault) == TEMPLATE_OK &&
	    template_render(&template, data, to, &fault) == TEMPLATE_OK)
		return true;
	template_fault_format(&fault, &why);
	return error_set(reterr, ERROR_BAD_REQUEST, "%s", why.ptr);
}

bool
ses_template_render(const struct ses_template *content, const json_t *data,
		    struct buf *to, struct ses_template *ret,
		    struct error *reterr)
{
	struct span part[PARTS] = {content->subject, content->text,
				   content->html};
	size_t end[PARTS], from = to->len;

	for (size_t i = 0; i < PARTS; i++) {
		if (!part_render(part[i], data, to, reterr))
			return false;
		end[i] = to->len;
	}
	*ret = (struct ses_template){
		.subject = span_sub(buf_span(to), from, end[0]),
		.text = span_sub(buf_span(to), end[0], end[1]),
		.html = span_sub(buf_span(to), end[1], end[2]),
		.has_text = content->has_text,
		.has_html = content->has_html,
	};
	return true;
}
