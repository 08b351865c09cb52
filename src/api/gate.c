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

/* The connection may end, and the head with it, while keyd is asked. */
static bool
keep_request(const struct http_request *request, struct arena *arena,
	     struct gate *gate, struct error *reterr)
{
	gate->request = (struct sigv4_request){
		.method = arena_copy(arena, request->method),
		.path = arena_copy(arena, request->path),
		.query = arena_copy(arena, request->query),
		.header = gate->header,
		.headers = request->headers,
	};
	for (size_t i = 0; i < request->headers; i++)
		gate->header[i] = (struct sigv4_header){
			arena_copy(arena, request->header[i].name),
			arena_copy(arena, request->header[i].value)};
	return !arena_full(arena) ||
	       error_set(reterr, ERROR_TOO_LARGE,
			 "The request's head is too long.");
}

bool
gate_open(const struct http_request *request,
	  const struct api_deployment *deployment, int64_t now,
	  struct arena *arena, struct gate *ret, struct error *reterr)
{
	enum route_status status;

	if (!keep_request(request, arena, ret, reterr))
		return false;
	for (size_t i = 0; i < API_PARAMS_MAX; i++)
		ret->param[i] = SPAN("");
	if (!check_signature(deployment, now, ret, reterr))
		return false;
	status = route_find(ret->request.method, ret->request.path, arena,
			    &ret->operation, ret->param);
	if (status != ROUTE_OK)
		return route_refuse(status, request->method, ret->operation,
				    reterr);
	if (request->length > ret->operation->body_max)
		return error_set(reterr, ERROR_TOO_LARGE,
				 "The body is longer than %zu octets.",
				 ret->operation->body_max);
	if (!uri_query_parse(request->query, arena, &ret->query, &ret->queries))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The query is not valid.");
	return true;
}

/* Returns whether the operation sends mail, and does nothing else. */
static bool
is_sending(struct span name)
{
	return span_equal(name, SPAN("SendEmail")) ||
	       span_equal(name, SPAN("SendBulkEmail")) ||
	       span_equal(name, SPAN("SendCustomVerificationEmail"));
}

/* Returns whether the operation only tells something. */
static bool
is_reading(struct span name)
{
	if (span_starts(name, SPAN("Sesame")))
		name = span_skip(name, strlen("Sesame"));
	return span_starts(name, SPAN("Get")) ||
	       span_starts(name, SPAN("List")) ||
	       span_starts(name, SPAN("BatchGet"));
}

bool
gate_permits(const struct gate *gate, const struct access_key *key,
	     struct error *reterr)
{
	struct span name = span_of(gate->operation->name);

	switch (key->permission) {
	case ACCESS_FULL:
		return true;
	case ACCESS_SEND:
		if (is_sending(name))
			return true;
		break;
	case ACCESS_READ:
		if (is_reading(name))
			return true;
		break;
	}
	return error_set(reterr, ERROR_ACCESS_DENIED,
			 "User: arn:aws:iam::%s:user/%s is not authorized to "
			 "perform: ses:" SPAN_FMT " on resource: *",
			 key->account, key->id, SPAN_ARG(name));
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
			     reterr) &&
	       route_input(gate->operation, gate->request.method, call, reterr);
}
