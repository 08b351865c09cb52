/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate - the one way in which a request becomes a call.
 *
 * gate_open() looks at a request's head, before its body is read: is it
 * signed, now, for this region, and for an operation that there is?  When the
 * body is there, gate_string() makes the string to sign, which keyd judges
 * with the access key's secret; gate_permits() then asks whether that key may
 * do this, and gate_call() fills in the call.  For an access key that does not
 * exist the driver lets keyd do the same work with another secret, so that its
 * answer takes as long.
 *
 * Pure: no allocation but in the given arena and jansson's, no I/O, no
 * logging, no clock.
 * Ownership: a gate is in the given arena: the request may go before it does.
 */
#pragma once

#include "api/route.h"
#include "http/request.h"
#include "ses/sigv4.h"

/* A request that may go on. */
struct gate {
	struct sigv4_header header[HTTP_HEADERS_MAX]; /* all its fields */
	struct sigv4_request request;                 /* what is signed */
	struct sigv4 sig;                             /* what it says */
	const struct api_operation *operation;
	struct span param[API_PARAMS_MAX];
	struct uri_param *query; /* decoded */
	size_t queries;          /* of query */
};

/*
 * Opens the gate for the head of a request.
 * Fails with the signature's error (sigv4_refuse()), UNKNOWN_OPERATION,
 * TOO_LARGE (by its Content-Length) or BAD_REQUEST.
 */
bool gate_open(const struct http_request *request,
	       const struct api_deployment *deployment, int64_t now,
	       struct arena *arena, struct gate *ret,
	       struct error *reterr) MUST_CHECK;

/*
 * Judges whether a key with `permission` may do what `gate` is for: FULL
 * everything, SEND the three operations that send, READ those that get or list
 * something.  Fails with ACCESS_DENIED, in AWS's words about `key`.
 */
bool gate_permits(const struct gate *gate, const struct access_key *key,
		  struct error *reterr) MUST_CHECK;

/*
 * Appends the string to sign of the request with this body, SIGV4_STRING_MAX
 * octets at most.  Fails with the signature's error.
 */
bool gate_string(const struct gate *gate, struct span body, struct buf *ret,
		 struct error *reterr) MUST_CHECK;

/*
 * Fills in what `gate` knows of a call that api_call_init() made: parameters,
 * query and, read from `body`, the JSON, into the call's own memory.
 * Fails with SERIALIZATION or TOO_LARGE.
 */
bool gate_call(const struct gate *gate, struct span body, struct api_call *call,
	       struct error *reterr) MUST_CHECK;
