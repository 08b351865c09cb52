/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/failure.h"

#include "text/json.h"

void
failure_format(const struct error *error, struct buf *to)
{
	CLEANUP(json_decrefp) json_t *body = json_object_new();

	json_puts(body, "message", error->text);
	json_format(body, to);
}

/* "Name:http://..." and "com.amazonaws.sesv2#Name" are Name. */
static struct span
bare_name(struct span type)
{
	size_t hash;

	type = span_trim(span_cut(&type, ':'));
	hash = span_find_last(type, '#');
	return hash == SPAN_NONE ? type : span_skip(type, hash + 1);
}

static enum error_code
code_of_status(int status)
{
	switch (status) {
	case 400:
		return ERROR_BAD_REQUEST;
	case 401:
	case 403:
		return ERROR_ACCESS_DENIED;
	case 404:
		return ERROR_NOT_FOUND;
	case 409:
		return ERROR_CONFLICT;
	case 413:
		return ERROR_TOO_LARGE;
	case 429:
		return ERROR_TOO_MANY_REQUESTS;
	case 503:
		return ERROR_UNAVAILABLE;
	default:
		return ERROR_INTERNAL;
	}
}

static enum error_code
code_of_name(struct span name)
{
	char text[64] = "";

	if (name.len >= sizeof(text))
		return ERROR_NONE;
	memcpy(text, name.ptr, name.len);
	return error_from_slug(text);
}

bool
failure_parse(int status, struct span type, struct span body,
	      struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *json = NULL;
	struct span text = SPAN(""), name = bare_name(type);
	enum error_code code;

	if (json_parse(body, FAILURE_BODY_MAX, &json, NULL) == JSON_OK) {
		if (!json_get_text(json, "message", &text))
			text = json_text(json_object_get(json, "Message"));
		if (name.len == 0)
			name = bare_name(
				json_text(json_object_get(json, "__type")));
	}
	code = code_of_name(name);
	if (code != ERROR_NONE)
		return error_set(reterr, code, SPAN_FMT, SPAN_ARG(text));
	/* SES names what it does not find; any web server says 404. */
	if (name.len == 0 && status == 404)
		return error_set(reterr, ERROR_UNKNOWN_OPERATION,
				 "HTTP status 404, which is not how a SES "
				 "endpoint answers");
	if (name.len == 0)
		return error_set(reterr, code_of_status(status),
				 "HTTP status %d%s" SPAN_FMT, status,
				 text.len > 0 ? ": " : "", SPAN_ARG(text));
	return error_set(reterr, code_of_status(status), SPAN_FMT ": " SPAN_FMT,
			 SPAN_ARG(name), SPAN_ARG(text));
}
