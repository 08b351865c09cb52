/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/model.h"

#include <assert.h>

#include "text/date.h"

const struct ses_operation *
ses_model_operation(struct span name)
{
	const struct ses_operation *operation;

	for (size_t i = 0; (operation = ses_model_at(i)) != NULL; i++)
		if (span_equal(span_of(operation->name), name))
			return operation;
	return NULL;
}

static bool
is_param(struct span segment)
{
	return span_starts(segment, SPAN("{"));
}

bool
ses_model_matches(const char *pattern, struct span path,
		  struct span ret_param[SES_MODEL_PARAMS_MAX], size_t *ret_len)
{
	struct span rest = span_of(pattern);

	/* SDKs send the slash at the end that the model has; some do not */
	if (span_ends(rest, SPAN("/"))) {
		rest.len--;
		if (span_ends(path, SPAN("/")))
			path.len--;
	}
	/* most patterns part here, and a request is held against all */
	if (!span_starts(path, span_head(rest, span_find(rest, '{'))))
		return false;
	*ret_len = 0;
	for (;;) {
		size_t more = span_find(rest, '/');
		struct span want = span_cut(&rest, '/');
		struct span got;

		if ((more == SPAN_NONE) != (span_find(path, '/') == SPAN_NONE))
			return false;
		got = span_cut(&path, '/');
		if (is_param(want))
			ret_param[(*ret_len)++] = got;
		else if (!span_equal(want, got))
			return false;
		if (more == SPAN_NONE)
			return true;
	}
}

static bool
is_form(const struct ses_form *form, struct span method, struct span path,
	struct span ret_param[SES_MODEL_PARAMS_MAX], size_t *ret_len)
{
	return form->method != NULL &&
	       span_equal(span_of(form->method), method) &&
	       ses_model_matches(form->path, path, ret_param, ret_len);
}

const struct ses_operation *
ses_model_find(struct span method, struct span path,
	       struct span ret_param[SES_MODEL_PARAMS_MAX], size_t *ret_len)
{
	const struct ses_operation *operation;

	for (size_t i = 0; (operation = ses_model_at(i)) != NULL; i++)
		for (size_t j = 0; j < SES_MODEL_FORMS_MAX; j++)
			if (is_form(&operation->form[j], method, path,
				    ret_param, ret_len))
				return operation;
	return NULL;
}

/* Where a member stands: what has no body has all of it in the query. */
static enum shape_where
where_of(const struct shape_member *member, struct span method)
{
	return member->where == SHAPE_BODY && span_equal(method, SPAN("GET"))
		       ? SHAPE_QUERY
		       : member->where;
}

static struct span
wire_name(const struct shape_member *member)
{
	return span_of(member->wire != NULL ? member->wire : member->name);
}

/* Returns which parameter of the paths' is called `name`, or SPAN_NONE. */
static size_t
param_index(const struct ses_operation *operation, struct span name)
{
	struct span rest = span_of(operation->form[0].path);
	size_t at = 0;

	while (rest.len > 0) {
		struct span segment = span_cut(&rest, '/');

		if (!is_param(segment))
			continue;
		if (span_equal(span_sub(segment, 1, segment.len - 1), name))
			return at;
		at++;
	}
	return SPAN_NONE;
}

/* In the query a time is RFC 3339's, or the number that a body would have. */
static json_t *
time_value(struct span text)
{
	uint64_t seconds;
	int64_t ms;

	if (date_rfc3339_parse(text, &ms))
		return json_integer(ms / 1000);
	return span_to_u64(text, UINT32_MAX, &seconds)
		       ? json_integer((json_int_t)seconds)
		       : NULL;
}

/* Returns what `text` is as a value of the member's kind, or NULL. */
static json_t *
text_value(struct span text, enum shape_kind kind)
{
	uint64_t number;

	switch (kind) {
	case SHAPE_TEXT:
	case SHAPE_BLOB:
	case SHAPE_LIST:
		return json_text_new(text);
	case SHAPE_TRUTH:
		if (span_equal(text, SPAN("true")))
			return json_true();
		return span_equal(text, SPAN("false")) ? json_false() : NULL;
	case SHAPE_NUMBER:
	case SHAPE_REAL:
		return span_to_u64(text, INT32_MAX, &number)
			       ? json_integer((json_int_t)number)
			       : NULL;
	case SHAPE_TIME:
		return time_value(text);
	case SHAPE_OBJECT:
	case SHAPE_MAP:
		break;
	}
	return NULL;
}

static bool
refuse_text(const struct shape_member *member, struct error *reterr)
{
	const char *what = member->kind == SHAPE_TRUTH  ? "a Boolean"
			   : member->kind == SHAPE_TIME ? "a Timestamp"
							: "an Integer";

	return error_set(reterr, ERROR_SERIALIZATION,
			 "STRING_VALUE can not be converted to %s", what);
}

/* Puts what the query has of the member: the first, or all of a list. */
static bool
put_query(const struct ses_request *request, const struct shape_member *member,
	  json_t *input, struct error *reterr)
{
	bool list = member->kind == SHAPE_LIST;
	json_t *array = NULL;

	for (size_t i = 0; i < request->queries; i++) {
		struct span text = request->query[i].value;
		json_t *value;

		if (!span_equal(request->query[i].name, wire_name(member)))
			continue;
		if (text.len == 0 && member->kind != SHAPE_TEXT && !list)
			continue;
		value = text_value(text, member->kind);
		if (value == NULL)
			return refuse_text(member, reterr);
		if (!list) {
			json_put(input, member->name, value);
			return true;
		}
		if (array == NULL) {
			array = json_array_new();
			json_put(input, member->name, array);
		}
		json_add(array, value);
	}
	return true;
}

static bool
gather(const struct ses_operation *operation, const struct ses_request *request,
       json_t *input, struct error *reterr)
{
	for (size_t i = 0; i < operation->input->len; i++) {
		const struct shape_member *member =
			&operation->input->member[i];
		enum shape_where where = where_of(member, request->method);
		size_t at = SPAN_NONE;

		if (where == SHAPE_BODY)
			continue;
		json_object_del(input, member->name);
		if (where == SHAPE_QUERY) {
			if (!put_query(request, member, input, reterr))
				return false;
			continue;
		}
		at = param_index(operation, wire_name(member));
		if (at < request->params)
			json_put_text(input, member->name, request->param[at]);
	}
	return true;
}

bool
ses_model_input(const struct ses_operation *operation,
		const struct ses_request *request, json_t **ret,
		struct error *reterr)
{
	static const struct shape nothing = {NULL, 0};
	CLEANUP(json_decrefp) json_t *input = NULL;

	if (request->body == NULL || span_equal(request->method, SPAN("GET")))
		input = json_object_new();
	else
		input = json_incref(request->body);
	if (json_is_object(input) && operation->input != NULL &&
	    !gather(operation, request, input, reterr))
		return false;
	if (!shape_check(input,
			 operation->input != NULL ? operation->input : &nothing,
			 reterr))
		return false;
	*ret = take_ptr(&input);
	return true;
}

/* Returns what the operation called `name` is given: a name of our own. */
static const struct shape *
input_of(const char *name)
{
	const struct ses_operation *operation =
		ses_model_operation(span_of(name));

	assert(operation != NULL && operation->input != NULL);
	return operation->input;
}

bool
ses_model_body(const char *name, const json_t *body, struct error *reterr)
{
	return shape_check_body(body, input_of(name), reterr);
}

const struct shape_member *
ses_model_member(const char *name, const char *member)
{
	const struct shape *input = input_of(name);
	size_t i = 0;

	while (i < input->len && strcmp(input->member[i].name, member) != 0)
		i++;
	assert(i < input->len);
	return &input->member[i];
}
