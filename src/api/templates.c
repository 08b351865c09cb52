/* SPDX-License-Identifier: Apache-2.0 */
/* E-mail templates: kept, listed, and rendered to look at. */
#include "ses/templates.h"

#include <stdlib.h>

#include "api/next_token.h"
#include "api/operations.h"
#include "api/template_view.h"
#include "base/mem.h"
#include "identity/token.h"
#include "sending/compose.h"

#define QUERY SPAN("email-templates") /* what a token is bound to */

static const char *
template_resource(struct api_call *call, struct span name)
{
	return arena_printf(&call->arena, "template/" SPAN_FMT, SPAN_ARG(name))
		.ptr;
}

static bool
within_quota(struct api_call *call, struct error *reterr)
{
	uint64_t count;

	return store_document_count(call->store, call->account,
				    DOCUMENT_EMAIL_TEMPLATE, "", &count,
				    reterr) &&
	       (count < API_TEMPLATES_MAX ||
		error_set(reterr, ERROR_LIMIT_EXCEEDED,
			  "An account can have at most %d templates.",
			  API_TEMPLATES_MAX));
}

/* Fills in the row of the template `name`; `body` gets its JSON. */
static bool
row_fill(struct api_call *call, struct span name,
	 const struct ses_template *content, struct document *row,
	 struct buf *body, struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *json = ses_template_write(content);

	*row = (struct document){
		.kind = DOCUMENT_EMAIL_TEMPLATE,
		.created = call->now,
		.updated = call->now,
	};
	memcpy(row->account, call->account, sizeof(row->account));
	if (name.len >= sizeof(row->name) || !json_format(json, body))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The template is larger than %zu octets.",
				 SES_TEMPLATE_SIZE_MAX);
	memcpy(row->name, name.ptr, name.len);
	return true;
}

bool
create_email_template(struct api_call *call, struct error *reterr)
{
	CLEANUP(buf_release) struct buf body = BUF_INIT(STORE_DOCUMENT_MAX);
	struct ses_create_template ask;
	struct document row;
	struct error why;

	if (!ses_create_template_read(call->body, &ask, reterr) ||
	    !within_quota(call, reterr) ||
	    !row_fill(call, ask.name, &ask.content, &row, &body, reterr))
		return false;
	if (!store_document_add(call->store, &row, buf_span(&body), &why)) {
		if (why.code == ERROR_ALREADY_EXISTS)
			return error_set(reterr, ERROR_ALREADY_EXISTS,
					 "Template %s already exists.",
					 row.name);
		*reterr = why;
		return false;
	}
	if (!api_tags_put(call, template_resource(call, ask.name), &ask.tags,
			  reterr))
		return false;
	api_answer(call, json_object_new());
	return true;
}

bool
get_email_template(struct api_call *call, struct error *reterr)
{
	struct span name = call->param[0], content;
	json_t *json = NULL, *answer;
	struct ses_tags tags;

	if (!api_template_get(call, name, &content, reterr) ||
	    !api_tags_get(call, template_resource(call, name), &tags, reterr))
		return false;
	if (json_parse(content, STORE_DOCUMENT_MAX, &json, NULL) != JSON_OK)
		return error_set(reterr, ERROR_INTERNAL,
				 "The stored template is damaged.");
	answer = json_object_new();
	json_put_text(answer, "TemplateName", name);
	json_put(answer, "TemplateContent", json);
	json_put(answer, "Tags", ses_tags_write(&tags));
	api_answer(call, answer);
	return true;
}

bool
list_email_templates(struct api_call *call, struct error *reterr)
{
	CLEANUP(buf_release) struct buf token = BUF_INIT(SES_NEXT_TOKEN_MAX);
	struct ses_list_templates ask;
	json_t *list, *answer;
	struct document *row;
	struct span after;
	size_t len = 0;
	bool good;

	if (!ses_list_templates_query(api_query(call, "PageSize"),
				      api_query(call, "NextToken"), &ask,
				      reterr) ||
	    !next_token_parse(call, QUERY, ask.next_token, &after, reterr))
		return false;
	row = mem_array(ask.page + 1, sizeof(*row));
	list = json_array_new();
	answer = json_object_new();
	good = store_document_list(call->store, call->account,
				   DOCUMENT_EMAIL_TEMPLATE, "", after.ptr, row,
				   ask.page + 1, &len, reterr);
	for (size_t i = 0; good && i < len && i < ask.page; i++) {
		json_t *entry = json_object_new();

		json_puts(entry, "TemplateName", row[i].name);
		json_put_time(entry, "CreatedTimestamp", row[i].created);
		json_add(list, entry);
	}
	json_put(answer, "TemplatesMetadata", list);
	if (good && len > ask.page) {
		next_token_format(call, QUERY, span_of(row[ask.page - 1].name),
				  &token);
		json_put_text(answer, "NextToken", buf_span(&token));
	}
	free(row);
	api_answer(call, answer);
	return good;
}

bool
update_email_template(struct api_call *call, struct error *reterr)
{
	CLEANUP(buf_release) struct buf body = BUF_INIT(STORE_DOCUMENT_MAX);
	struct ses_template content;
	struct document row;
	struct error why;

	if (!ses_update_template_read(call->body, &content, reterr) ||
	    !row_fill(call, call->param[0], &content, &row, &body, reterr))
		return false;
	if (!store_document_put(call->store, &row, buf_span(&body), &why)) {
		if (why.code == ERROR_NOT_FOUND)
			return api_template_missing(call->param[0], reterr);
		*reterr = why;
		return false;
	}
	api_answer(call, json_object_new());
	return true;
}

static bool
tags_delete(struct api_call *call, const char *resource, struct error *reterr)
{
	struct ses_tags tags;

	if (!api_tags_get(call, resource, &tags, reterr))
		return false;
	for (size_t i = 0; i < tags.len; i++)
		if (!store_tag_delete(call->store, call->account, resource,
				      tags.tag[i].key.ptr, reterr))
			return false;
	return true;
}

bool
delete_email_template(struct api_call *call, struct error *reterr)
{
	const char *name = api_text(call, call->param[0]);
	struct error why;

	if (!store_document_delete(call->store, call->account,
				   DOCUMENT_EMAIL_TEMPLATE, "", name, &why)) {
		if (why.code == ERROR_NOT_FOUND)
			return api_template_missing(call->param[0], reterr);
		*reterr = why;
		return false;
	}
	if (!tags_delete(call, template_resource(call, call->param[0]), reterr))
		return false;
	api_answer(call, json_object_new());
	return true;
}

/* On the worker: the message as it would be sent, without who it is for. */
static bool
preview_make(struct api_call *call, struct error *reterr)
{
	CLEANUP(buf_release) struct buf to = BUF_INIT(COMPOSE_SIZE_MAX);
	const struct api_template *template = call->state;
	struct compose_simple simple = {.subject = SPAN("")};
	char boundary[TOKEN_LEN + 1];
	struct ses_template made;
	json_t *answer;

	if (!api_template_render(call, template, &made, reterr))
		return false;
	simple.subject = made.subject;
	simple.text = made.text;
	simple.has_text = made.has_text;
	simple.html = made.html;
	simple.has_html = made.has_html;
	token_format(call->entropy, boundary);
	if (!compose_preview(&simple, call->now, span_of(boundary), &to,
			     reterr))
		return false;
	answer = json_object_new();
	json_put_text(answer, "RenderedTemplate", buf_span(&to));
	api_answer(call, answer);
	return true;
}

bool
test_render_email_template(struct api_call *call, struct error *reterr)
{
	struct api_template *template;

	if (call->phase > 0)
		return true;
	template = arena_get(&call->arena, sizeof(*template));
	if (template == NULL)
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	if (!ses_render_read(call->body, &template->data, reterr) ||
	    !api_template_get(call, call->param[0], &template->stored, reterr))
		return false;
	call->state = template;
	call->work = preview_make;
	call->need = API_NEED_WORK;
	return true;
}
