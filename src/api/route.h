/* SPDX-License-Identifier: Apache-2.0 */
/*
 * route - which operation a method and a path name.
 *
 * One table.  A path is matched segment by segment as it was sent, the octets
 * that were signed; only the segments that are parameters are decoded, once,
 * after the match.
 *
 * Pure: no allocation but in the given arena, no I/O, no logging, no clock.
 */
#pragma once

#include "api/call.h"

/* An operation of the API. */
struct api_operation {
	const char *method;  /* "GET" */
	const char *pattern; /* "/v2/email/identities/{}": {} is a parameter */
	const char *name;    /* "GetEmailIdentity", for logs and policies */
	api_run *run;
	size_t body_max; /* octets its request's body may have */
};

/* What route_find() says of a request. */
enum route_status {
	ROUTE_OK = 0,
	ROUTE_UNKNOWN, /* no operation has that method and path */
	ROUTE_BAD,     /* a parameter is empty or too long, or has NUL */
};

/*
 * Finds the operation.  ROUTE_OK sets *ret, static, and the parameters, at
 * most API_PARAMS_MAX, in the arena; any other status leaves both alone.
 */
enum route_status route_find(struct span method, struct span path,
			     struct arena *arena,
			     const struct api_operation **ret,
			     struct span *ret_param) MUST_CHECK;

/* Returns operation `i` of the table, or NULL past its end. */
const struct api_operation *route_at(size_t i);
