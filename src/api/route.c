/* SPDX-License-Identifier: Apache-2.0 */
#include "api/route.h"

#include "api/operations.h"
#include "ses/templates.h"

#define OWN "/sesame/v1"

/* In the order of the model's operations, of which none is left out. */
static const struct api_operation operations[] = {
#define OFFERED(name, run, body_max, what, test) {#name, run, body_max},
#define REFUSED(name, why)                       {#name, NULL, 0, why},
#include "api/operations.def"
#undef OFFERED
#undef REFUSED
};

static const struct api_operation own[] = {
	{"SesameGetIdentity", sesame_identity, API_BODY_MAX,
	 .form = {"GET", OWN "/identities/{Name}"}},
	{"SesameCheckIdentity", sesame_check, API_BODY_MAX,
	 .form = {"POST", OWN "/identities/{Name}/check"}},
	{"SesameTestIdentity", sesame_test, API_BODY_MAX,
	 .form = {"POST", OWN "/identities/{Name}/test"}},
	{"SesameGetReport", sesame_report, API_BODY_MAX,
	 .form = {"GET", OWN "/reports/{Id}"}},
	{"SesameGetReportMessage", sesame_report_message, API_BODY_MAX,
	 .form = {"GET", OWN "/reports/{Id}/message"}},
	{"SesameListEvents", sesame_events, API_BODY_MAX,
	 .form = {"GET", OWN "/events"}},
};

_Static_assert(API_PARAMS_MAX >= SES_MODEL_PARAMS_MAX,
	       "a call has room for the parameters of every operation");

static enum route_status
decode(const struct span *raw, size_t len, struct arena *arena,
       struct span *ret_param)
{
	for (size_t i = 0; i < len; i++) {
		if (raw[i].len > 3 * SES_NAME_MAX ||
		    !uri_decoded(raw[i], arena, &ret_param[i]) ||
		    ret_param[i].len == 0 || ret_param[i].len > SES_NAME_MAX ||
		    span_find(ret_param[i], '\0') != SPAN_NONE)
			return ROUTE_BAD;
	}
	return ROUTE_OK;
}

static const struct api_operation *
find_own(struct span method, struct span path,
	 struct span raw[SES_MODEL_PARAMS_MAX], size_t *ret_len)
{
	for (size_t i = 0; i < COUNT(own); i++)
		if (span_equal(span_of(own[i].form.method), method) &&
		    ses_model_matches(own[i].form.path, path, raw, ret_len))
			return &own[i];
	return NULL;
}

enum route_status
route_find(struct span method, struct span path, struct arena *arena,
	   const struct api_operation **ret, struct span *ret_param)
{
	struct span raw[SES_MODEL_PARAMS_MAX], param[SES_MODEL_PARAMS_MAX];
	const struct ses_operation *model;
	const struct api_operation *found;
	size_t len = 0;

	model = ses_model_find(method, path, raw, &len);
	if (model != NULL)
		found = &operations[model - ses_model_at(0)];
	else
		found = find_own(method, path, raw, &len);
	if (found == NULL)
		return ROUTE_UNKNOWN;
	if (found->run == NULL) {
		*ret = found;
		return ROUTE_REFUSED;
	}
	if (decode(raw, len, arena, param) != ROUTE_OK)
		return ROUTE_BAD;
	for (size_t j = 0; j < len; j++)
		ret_param[j] = param[j];
	*ret = found;
	return ROUTE_OK;
}

bool
route_refuse(enum route_status status, struct span method,
	     const struct api_operation *operation, struct error *reterr)
{
	switch (status) {
	case ROUTE_BAD:
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "A parameter in the path is not valid.");
	case ROUTE_REFUSED:
		return error_set(reterr, ERROR_UNKNOWN_OPERATION,
				 "%s is not offered by sesame: %s.",
				 operation->name, operation->why);
	case ROUTE_UNKNOWN:
	case ROUTE_OK:
		break;
	}
	return error_set(reterr, ERROR_UNKNOWN_OPERATION,
			 "There is no operation " SPAN_FMT " at this path.",
			 SPAN_ARG(span_head(method, 20)));
}

const struct api_operation *
route_at(size_t i)
{
	if (i < COUNT(operations))
		return &operations[i];
	i -= COUNT(operations);
	return i < COUNT(own) ? &own[i] : NULL;
}

const struct ses_operation *
route_model(const struct api_operation *operation)
{
	return operation->form.method == NULL
		       ? ses_model_at((size_t)(operation - operations))
		       : NULL;
}

bool
route_input(const struct api_operation *operation, struct span method,
	    struct api_call *call, struct error *reterr)
{
	const struct ses_operation *model = route_model(operation);
	struct ses_request request = {
		.method = method,
		.param = call->param,
		.params = API_PARAMS_MAX,
		.query = call->query,
		.queries = call->queries,
		.body = call->body,
	};
	json_t *input;

	if (model == NULL)
		return true;
	if (!ses_model_input(model, &request, &input, reterr))
		return false;
	json_decref(call->body);
	call->body = input;
	return true;
}
