/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer - what goes back to the client, as an HTTP response.
 *
 * Every answer has x-amzn-RequestId, and a failure x-amzn-ErrorType with its
 * message in the body, as SES's clients expect them.
 *
 * Pure: no allocation but in the answer's buffer, no I/O, no logging, no
 * clock.  Ownership: an answer owns its body; its response borrows from it
 * and must not outlive or be copied without it.
 */
#pragma once

#include "api/call.h"
#include "http/response.h"

/* A request's id, as a UUID and a NUL. */
#define REQUEST_ID_SIZE 37
/* Octets of entropy that make one. */
#define REQUEST_ID_ENTROPY 16

/* An answer that can be sent. */
struct answer {
	char request_id[REQUEST_ID_SIZE];
	struct buf body;
	struct http_response response; /* borrows the two above */
};

/* Writes the request's id that `entropy` makes: a UUID of version 4. */
void request_id_format(const uint8_t entropy[static REQUEST_ID_ENTROPY],
		       char ret[static REQUEST_ID_SIZE]);

/* Makes the answer of a call that is done. */
void answer_of_call(struct answer *answer, const char *request_id,
		    const struct api_call *call);

/* Makes the answer of a call that failed. */
void answer_of_error(struct answer *answer, const char *request_id,
		     const struct error *error);

/* Frees what an answer holds. */
void answer_release(struct answer *answer);
