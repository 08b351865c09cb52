/* SPDX-License-Identifier: Apache-2.0 */
#include "api/route.h"

#include "unit.h"

static const struct row {
	const char *name; /* method and path */
	enum route_status want;
	const char *operation; /* NULL: none */
	const char *param[API_PARAMS_MAX];
} rows[] = {
	{"GET /v2/email/identities/a.example",
	 ROUTE_OK,
	 "GetEmailIdentity",
	 {"a.example", ""}},
	{"GET /v2/email/identities/user%2Bx%40a.example",
	 ROUTE_OK,
	 "GetEmailIdentity",
	 {"user+x@a.example", ""}},
	{"GET /v2/email/identities", ROUTE_OK, "ListEmailIdentities", {"", ""}},
	{"POST /v2/email/list-identities",
	 ROUTE_OK,
	 "ListEmailIdentities",
	 {"", ""}},
	{"PUT /v1/email/identities/a/dkim/signing",
	 ROUTE_OK,
	 "PutEmailIdentityDkimSigningAttributes",
	 {"a", ""}},
	{"GET /sesame/v1/reports/x/message",
	 ROUTE_OK,
	 "SesameGetReportMessage",
	 {"x", ""}},
	{"GET /sesame/v1/events", ROUTE_OK, "SesameListEvents", {"", ""}},
	{"GET /v2/email/identities/", ROUTE_BAD, NULL, {NULL}},
	{"GET /v2/email/identities/a%00b", ROUTE_BAD, NULL, {NULL}},
	{"GET /v2/email/identities/a%2", ROUTE_BAD, NULL, {NULL}},
	{"PATCH /v2/email/identities", ROUTE_UNKNOWN, NULL, {NULL}},
	{"GET /v3/email/identities", ROUTE_UNKNOWN, NULL, {NULL}},
	{"GET /sesame/v1", ROUTE_UNKNOWN, NULL, {NULL}},
	{"DELETE /sesame/v1/events", ROUTE_UNKNOWN, NULL, {NULL}},
	{"POST /v2/email/contact-lists",
	 ROUTE_REFUSED,
	 "CreateContactList",
	 {NULL}},
	{"GET /v2/email/dedicated-ips/%00",
	 ROUTE_REFUSED,
	 "GetDedicatedIp",
	 {NULL}},
};

static void
test_find(void **state)
{
	const struct row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(10000);
	struct span path = span_of(row->name);
	struct span method = span_cut(&path, ' ');
	struct span param[API_PARAMS_MAX] = {SPAN(""), SPAN("")};
	const struct api_operation *got = NULL;

	assert_int_equal(route_find(method, path, &arena, &got, param),
			 row->want);
	if (row->operation == NULL) {
		assert_null(got);
		return;
	}
	assert_string_equal(got->name, row->operation);
	for (size_t i = 0; row->param[i] != NULL && i < API_PARAMS_MAX; i++)
		assert_span(param[i], row->param[i]);
}

/* Every operation of the model stands in its place, offered or refused. */
static void
test_all(void **state)
{
	const struct api_operation *operation;
	const struct ses_operation *model;
	size_t i;

	(void)state;
	for (i = 0; (model = ses_model_at(i)) != NULL; i++) {
		operation = route_at(i);
		assert_non_null(operation);
		assert_string_equal(operation->name, model->name);
		assert_ptr_equal(route_model(operation), model);
		if (operation->run != NULL)
			assert_true(operation->body_max > 0);
		else
			assert_true(strlen(operation->why) > 0);
	}
	for (; (operation = route_at(i)) != NULL; i++) {
		assert_null(route_model(operation));
		assert_non_null(operation->run);
		assert_true(operation->body_max > 0);
	}
}

/* Every way to every operation is found, and leads to it. */
static void
test_forms(void **state)
{
	const struct api_operation *operation, *got;

	(void)state;
	for (size_t i = 0; (operation = route_at(i)) != NULL; i++) {
		CLEANUP(arena_release) struct arena arena = ARENA_INIT(10000);
		const struct ses_operation *model = route_model(operation);
		struct span param[API_PARAMS_MAX];

		for (size_t j = 0; j < SES_MODEL_FORMS_MAX; j++) {
			const struct ses_form *form =
				model != NULL ? &model->form[j]
					      : &operation->form;

			if (form->method == NULL)
				continue;
			assert_int_equal(route_find(span_of(form->method),
						    span_of(form->path), &arena,
						    &got, param),
					 operation->run != NULL
						 ? ROUTE_OK
						 : ROUTE_REFUSED);
			assert_ptr_equal(got, operation);
		}
	}
}

static void
test_refuse(void **state)
{
	const struct api_operation *operation;
	struct span param[API_PARAMS_MAX];
	struct arena arena;
	struct error error;

	(void)state;
	arena_init(&arena, 1000);
	assert_int_equal(route_find(SPAN("PUT"),
				    SPAN("/v2/email/account/"
					 "pricing-attributes"),
				    &arena, &operation, param),
			 ROUTE_REFUSED);
	assert_false(
		route_refuse(ROUTE_REFUSED, SPAN("PUT"), operation, &error));
	assert_int_equal(error.code, ERROR_UNKNOWN_OPERATION);
	assert_string_equal(error.text,
			    "PutAccountPricingAttributes is not offered by "
			    "sesame: nothing is sold here.");
	assert_false(route_refuse(ROUTE_UNKNOWN, SPAN("PUT"), NULL, &error));
	assert_int_equal(error.code, ERROR_UNKNOWN_OPERATION);
	assert_string_equal(error.text,
			    "There is no operation PUT at this path.");
	assert_false(route_refuse(ROUTE_BAD, SPAN("PUT"), NULL, &error));
	assert_int_equal(error.code, ERROR_BAD_REQUEST);
	arena_release(&arena);
}

/* What a call asks is gathered from all its parts, and judged. */
static void
test_input(void **state)
{
	static const struct api_deployment deployment;
	const struct api_operation *operation;
	struct api_call call;
	struct error error;
	size_t i = 0;

	(void)state;
	while (strcmp(route_at(i)->name, "PutEmailIdentityDkimAttributes") != 0)
		i++;
	operation = route_at(i);
	api_call_init(&call, &deployment, "111111111111", 0);
	call.param[0] = SPAN("a.example");
	assert_true(route_input(operation, SPAN("PUT"), &call, &error));
	assert_span(json_text(json_get(call.body, "EmailIdentity")),
		    "a.example");
	json_puts(call.body, "EmailIdentity", "b.example");
	json_put_int(call.body, "SigningEnabled", 1);
	assert_false(route_input(operation, SPAN("PUT"), &call, &error));
	assert_int_equal(error.code, ERROR_SERIALIZATION);
	api_call_release(&call);
}

/* Nothing that is offered runs without what it must be given in its body. */
static void
test_required(void **state)
{
	static const struct api_deployment deployment;
	const struct api_operation *operation;
	size_t checked = 0;

	(void)state;
	for (size_t i = 0; ses_model_at(i) != NULL; i++) {
		const struct ses_operation *model = ses_model_at(i);
		struct api_call call;
		struct error error = {.text = ""};
		bool required = false;

		operation = route_at(i);
		for (size_t j = 0; j < model->input->len; j++)
			required =
				required ||
				(model->input->member[j].required &&
				 model->input->member[j].where != SHAPE_PATH);
		if (operation->run == NULL || !required)
			continue;
		api_call_init(&call, &deployment, "111111111111", 0);
		call.param[0] = call.param[1] = SPAN("a.example");
		assert_false(route_input(operation,
					 span_of(model->form[0].method), &call,
					 &error));
		assert_int_equal(error.code, ERROR_BAD_REQUEST);
		assert_non_null(strstr(error.text, "Member must not be null"));
		api_call_release(&call);
		checked++;
	}
	assert_true(checked >= 8);
}

int
main(void)
{
	UNIT_ROWS(test_find, rows);
	UNIT(test_all);
	UNIT(test_forms);
	UNIT(test_refuse);
	UNIT(test_input);
	UNIT(test_required);
	return unit_run("api/route");
}
