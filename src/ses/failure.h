/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure - an error as the SES API puts it on the wire.
 *
 * An HTTP status, the field x-amzn-ErrorType with the name of the error, and
 * a body {"message":"..."}; clients take the name also from "__type" in the
 * body and behind a colon with a URI, so both are read here.
 *
 * Pure: no allocation but in given buffers, no I/O, no logging, no clock.
 */
#pragma once

#include "base/buf.h"
#include "base/error.h"

/* Names of the fields that go with every answer. */
#define FAILURE_TYPE_FIELD    "x-amzn-ErrorType"
#define FAILURE_REQUEST_FIELD "x-amzn-RequestId"
/* Octets of a body that says what failed. */
#define FAILURE_BODY_MAX 8192

/* Appends the body for `error`. */
void failure_format(const struct error *error, struct buf *to);

/*
 * Sets *reterr to what a service answered with `status`, not of success:
 * `type` is the value of x-amzn-ErrorType, or "".  An error of a name that we
 * do not have gets the code that the status suggests, and its name stands
 * before the text; 404 without a name is UNKNOWN_OPERATION.  Returns false.
 */
bool failure_parse(int status, struct span type, struct span body,
		   struct error *reterr);
