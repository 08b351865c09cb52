/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any JSON, path parameter and query as a request of any operation of the
 * model: the first octet says which operation and form, a line each is the
 * parameter and the query, the rest is the body.  What is taken is taken
 * again as it came out, and has what is required.
 */
#include <assert.h>
#include <stdint.h>

#include "ses/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whether `object` has all that has to be there, and nothing else's kind. */
static void
check_object(const json_t *object, const struct shape *shape)
{
	for (size_t i = 0; i < shape->len; i++) {
		const struct shape_member *member = &shape->member[i];
		const json_t *value = json_get(object, member->name);

		assert(value != NULL || !member->required);
		if (value == NULL)
			continue;
		if (member->kind == SHAPE_TEXT || member->kind == SHAPE_BLOB)
			assert(json_is_string(value));
		if (member->words != NULL)
			assert(strstr(member->words, json_string_value(value)));
		if (member->kind == SHAPE_OBJECT)
			check_object(value, member->of);
		if (member->kind == SHAPE_LIST && member->max > 0)
			assert(json_array_size(value) <= (size_t)member->max);
		if (member->kind == SHAPE_LIST &&
		    member->of->member[0].kind == SHAPE_OBJECT)
			for (size_t j = 0; j < json_array_size(value); j++)
				check_object(json_array_get(value, j),
					     member->of->member[0].of);
	}
}

static void
check_request(const struct ses_operation *operation,
	      struct ses_request *request)
{
	CLEANUP(json_decrefp) json_t *input = NULL, *again = NULL;
	struct error error = {0};

	if (!ses_model_input(operation, request, &input, &error)) {
		assert(input == NULL && error.text[0] != '\0');
		assert(error.code == ERROR_SERIALIZATION ||
		       error.code == ERROR_BAD_REQUEST);
		return;
	}
	check_object(input, operation->input);
	assert(shape_check(input, operation->input, &error));
	assert(ses_model_body(operation->name, input, &error));
	json_decref(request->body);
	request->body = json_incref(input);
	assert(ses_model_input(operation, request, &again, &error));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	struct span rest = span_bytes(data, size);
	struct span param[SES_MODEL_PARAMS_MAX];
	const struct ses_operation *operation;
	struct ses_request request = {.param = param};
	struct uri_param *query;
	uint8_t which;

	if (rest.len == 0)
		return 0;
	which = (uint8_t)rest.ptr[0];
	operation = ses_model_at(which % 128);
	if (operation == NULL)
		return 0;
	rest = span_skip(rest, 1);
	request.method = span_of(operation->form[0].method);
	if (which >= 128 && operation->form[1].method != NULL)
		request.method = span_of(operation->form[1].method);
	param[0] = param[1] = span_cut(&rest, '\n');
	request.params = SES_MODEL_PARAMS_MAX;
	if (!uri_query_parse(span_cut(&rest, '\n'), &arena, &query,
			     &request.queries))
		return 0;
	request.query = query;
	if (rest.len > 0 &&
	    json_parse(rest, 1 << 20, &request.body, NULL) != JSON_OK)
		return 0;
	check_request(operation, &request);
	json_decref(request.body);
	return 0;
}
