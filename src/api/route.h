/* SPDX-License-Identifier: Apache-2.0 */
/*
 * route - which operation a method and a path name.
 *
 * operations.def says of each operation of the SES API whether it is offered;
 * method and path of each are those of ses/model.h.  A path is matched
 * segment by segment as it was sent, the octets that were signed; only the
 * segments that are parameters are decoded, once, after the match.
 *
 * Pure: no allocation but in the given arena, no I/O, no logging, no clock.
 */
#pragma once

#include "api/call.h"
#include "ses/model.h"

/* An operation of the API. */
struct api_operation {
	const char *name;     /* "GetEmailIdentity", for logs and policies */
	api_run *run;         /* NULL: it is not offered */
	size_t body_max;      /* octets its request's body may have */
	const char *why;      /* it is not offered: why */
	struct ses_form form; /* of sesame's own; the model has the others' */
};

/* What route_find() says of a request. */
enum route_status {
	ROUTE_OK = 0,
	ROUTE_UNKNOWN, /* no operation has that method and path */
	ROUTE_REFUSED, /* SES has one, which is not offered here */
	ROUTE_BAD,     /* a parameter is empty or too long, or has NUL */
};

/*
 * Finds the operation.  ROUTE_OK sets *ret, static, and the parameters, at
 * most API_PARAMS_MAX, in the arena; ROUTE_REFUSED sets *ret alone; any other
 * status leaves both alone.
 */
enum route_status route_find(struct span method, struct span path,
			     struct arena *arena,
			     const struct api_operation **ret,
			     struct span *ret_param) MUST_CHECK;

/*
 * Sets the error of a request that was not found: `status` is not ROUTE_OK,
 * and `operation` is what ROUTE_REFUSED set.  Returns false.
 */
bool route_refuse(enum route_status status, struct span method,
		  const struct api_operation *operation, struct error *reterr);

/* Returns operation `i` of all that there are, or NULL past their end. */
const struct api_operation *route_at(size_t i);

/* Returns what the model says of an operation; NULL: it is sesame's own. */
const struct ses_operation *route_model(const struct api_operation *operation);

/*
 * Makes the body of a call the input of `operation`: what path, query and body
 * say, checked against the model.  One of sesame's own stays as it is.
 * Fails with SERIALIZATION or BAD_REQUEST.
 */
bool route_input(const struct api_operation *operation, struct span method,
		 struct api_call *call, struct error *reterr) MUST_CHECK;
