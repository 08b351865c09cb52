/* SPDX-License-Identifier: Apache-2.0 */
#include "api/gate.h"

/* The name of the service in a credential's scope. */
#define SERVICE SPAN("ses")

static bool
check_signature(const struct api_deployment *deployment, int64_t now,
		struct gate *gate, struct error *reterr)
{
	struct span region = span_of(deployment->service.region);
	enum sigv4_status status = sigv4_parse(&gate->request, &gate->sig);

	if (status == SIGV4_OK)
		status = sigv4_check(&gate->sig, region, SERVICE, now);
	return status == SIGV4_OK ||
	       sigv4_refuse(status, &gate->sig, region, now, reterr);
}

bool
gate_open(const struct http_request *request,
	  const struct api_deployment *deployment, int64_t now,
	  struct arena *arena, struct gate *ret, struct error *reterr)
{
	ret->request = (struct sigv4_request){
		.method = request->method,
		.path = request->path,
		.query = request->query,
		.header = ret->header,
		.headers = request->headers,
	};
	for (size_t i = 0; i < request->headers; i++)
		ret->header[i] = (struct sigv4_header){
			request->header[i].name, request->header[i].value};
	for (size_t i = 0; i < API_PARAMS_MAX; i++)
		ret->param[i] = SPAN("");
	if (!check_signature(deployment, now, ret, reterr))
		return false;
	switch (route_find(request->method, request->path, arena,
			   &ret->operation, ret->param)) {
	case ROUTE_OK:
		break;
	case ROUTE_UNKNOWN:
		return error_set(reterr, ERROR_UNKNOWN_OPERATION,
				 "There is no operation " SPAN_FMT
				 " at this path.",
				 SPAN_ARG(request->method));
	case ROUTE_BAD:
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "A parameter in the path is not valid.");
	}
	if (request->length > ret->operation->body_max)
		return error_set(reterr, ERROR_TOO_LARGE,
				 "The body is longer than %zu octets.",
				 ret->operation->body_max);
	if (!uri_query_parse(request->query, arena, &ret->query, &ret->queries))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The query is not valid.");
	return true;
}

bool
gate_string(const struct gate *gate, struct span body, struct buf *ret,
	    struct error *reterr)
{
	uint8_t hash[DIGEST_SIZE];
	enum sigv4_status status;

	digest_of(body, hash);
	status = sigv4_string_to_sign(&gate->request, &gate->sig, hash, ret);
	return status == SIGV4_OK ||
	       sigv4_refuse(status, &gate->sig, gate->sig.region, 0, reterr);
}

bool
gate_call(const struct gate *gate, struct span body, struct api_call *call,
	  struct error *reterr)
{
	struct uri_param *query =
		arena_array(&call->arena, gate->queries + 1, sizeof(*query));

	for (size_t i = 0; i < API_PARAMS_MAX; i++)
		call->param[i] = arena_copy(&call->arena, gate->param[i]);
	for (size_t i = 0; query != NULL && i < gate->queries; i++) {
		query[i].name = arena_copy(&call->arena, gate->query[i].name);
		query[i].value = arena_copy(&call->arena, gate->query[i].value);
	}
	if (query == NULL || arena_full(&call->arena))
		return error_set(reterr, ERROR_TOO_LARGE,
				 "The query is too long.");
	call->query = query;
	call->queries = gate->queries;
	return api_body_read(body, gate->operation->body_max, &call->body,
			     reterr);
}
