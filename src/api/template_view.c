/* SPDX-License-Identifier: Apache-2.0 */
#include "api/template_view.h"

/* Octets of a name that are shown when there is none of it. */
#define NAME_SHOWN 100

bool
api_template_missing(struct span name, struct error *reterr)
{
	return error_set(reterr, ERROR_NOT_FOUND,
			 "Template " SPAN_FMT " does not exist.",
			 SPAN_ARG(span_head(name, NAME_SHOWN)));
}

bool
api_template_get(struct api_call *call, struct span name, struct span *ret,
		 struct error *reterr)
{
	CLEANUP(buf_release) struct buf body = BUF_INIT(STORE_DOCUMENT_MAX);
	struct document row;
	struct error why;

	if (name.len >= sizeof(row.name))
		return api_template_missing(name, reterr);
	if (!store_document_get(call->store, call->account,
				DOCUMENT_EMAIL_TEMPLATE, "",
				api_text(call, name), &row, &body, &why)) {
		if (why.code == ERROR_NOT_FOUND)
			return api_template_missing(name, reterr);
		*reterr = why;
		return false;
	}
	*ret = arena_copy(&call->arena, buf_span(&body));
	return ret->len == body.len ||
	       error_set(reterr, ERROR_INTERNAL,
			 "A call took too much memory.");
}

bool
api_template_of(struct api_call *call, const struct ses_by_template *by,
		struct api_template *ret, struct error *reterr)
{
	struct span name = by->name, where;
	size_t at;

	*ret = (struct api_template){
		.stored = SPAN(""),
		.content = by->content,
		.data = by->data,
	};
	if (by->content != NULL)
		return true;
	if (by->arn.len > 0) {
		where = arena_printf(&call->arena, ":ses:%s:%s:template/",
				     call->deployment->service.region,
				     call->account);
		at = span_search(by->arn, where);
		if (at == SPAN_NONE || !span_starts(by->arn, SPAN("arn:aws")))
			return api_template_missing(by->arn, reterr);
		name = span_skip(by->arn, at + where.len);
	}
	return api_template_get(call, name, &ret->stored, reterr);
}

bool
api_template_render(struct api_call *call, const struct api_template *template,
		    struct ses_template *ret, struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *stored = NULL;
	CLEANUP(json_decrefp) json_t *values = NULL;
	const json_t *content = template->content;
	struct ses_template parts;

	if (content == NULL) {
		if (json_parse(template->stored, STORE_DOCUMENT_MAX, &stored,
			       NULL) != JSON_OK)
			return error_set(reterr, ERROR_INTERNAL,
					 "The stored template is damaged.");
		content = stored;
	}
	buf_clear(&call->rendered);
	return ses_template_data_read(template->data, &values, reterr) &&
	       ses_template_read(content, SES_TEMPLATE_INLINE_MAX, &parts,
				 reterr) &&
	       ses_template_render(&parts, values, &call->rendered, ret,
				   reterr);
}
