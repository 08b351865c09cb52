/* SPDX-License-Identifier: Apache-2.0 */
#include "api/template_view.h"

/* Octets of a name that are shown when there is none of it. */
#define NAME_SHOWN 100

bool
api_no_template(struct span name, struct error *reterr)
{
	return error_set(reterr, ERROR_NOT_FOUND,
			 "Template " SPAN_FMT " does not exist.",
			 SPAN_ARG(span_head(name, NAME_SHOWN)));
}

bool
api_template(struct api_call *call, struct span name, struct span *ret,
	     struct error *reterr)
{
	CLEANUP(buf_release) struct buf body = BUF_INIT(STORE_DOCUMENT_MAX);
	struct document row;
	struct error why;

	if (name.len >= sizeof(row.name))
		return api_no_template(name, reterr);
	if (!store_document_get(call->store, call->account,
				DOCUMENT_EMAIL_TEMPLATE, "",
				api_text(call, name), &row, &body, &why)) {
		if (why.code == ERROR_NOT_FOUND)
			return api_no_template(name, reterr);
		*reterr = why;
		return false;
	}
	*ret = arena_copy(&call->arena, buf_span(&body));
	return ret->len == body.len ||
	       error_set(reterr, ERROR_INTERNAL,
			 "A call took too much memory.");
}

bool
api_template_render(struct api_call *call, struct span content,
		    struct span data, struct ses_template *ret,
		    struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *json = NULL;
	CLEANUP(json_decrefp) json_t *values = NULL;
	struct ses_template template;

	if (json_parse(content, SES_TEMPLATE_BODY_MAX, &json, NULL) != JSON_OK)
		return error_set(reterr, ERROR_INTERNAL,
				 "The stored template is damaged.");
	buf_clear(&call->rendered);
	return ses_template_data_read(data, &values, reterr) &&
	       ses_template_read(json, &template, reterr) &&
	       ses_template_render(&template, values, &call->rendered, ret,
				   reterr);
}
