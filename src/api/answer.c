/* SPDX-License-Identifier: Apache-2.0 */
#include "api/answer.h"

#include <stdio.h>

#include "ses/failure.h"

void
request_id_format(const uint8_t entropy[static REQUEST_ID_ENTROPY],
		  char ret[static REQUEST_ID_SIZE])
{
	size_t at = 0;

	for (size_t i = 0; i < REQUEST_ID_ENTROPY; i++) {
		unsigned octet = entropy[i];

		if (i == 6)
			octet = (octet & 0x0f) | 0x40; /* RFC 9562 s5.4 */
		if (i == 8)
			octet = (octet & 0x3f) | 0x80;
		if (i == 4 || i == 6 || i == 8 || i == 10)
			ret[at++] = '-';
		snprintf(ret + at, REQUEST_ID_SIZE - at, "%02x", octet);
		at += 2;
	}
}

static void
begin(struct answer *answer, const char *request_id, int status)
{
	*answer = (struct answer){.response = {.status = status}};
	buf_init(&answer->body, HTTP_RESPONSE_MAX);
	snprintf(answer->request_id, sizeof(answer->request_id), "%s",
		 request_id);
	http_response_add(&answer->response, SPAN("Content-Type"),
			  SPAN("application/json"));
	http_response_add(&answer->response, SPAN(FAILURE_REQUEST_FIELD),
			  span_of(answer->request_id));
	http_response_add(&answer->response, SPAN("Cache-Control"),
			  SPAN("no-store"));
}

void
answer_of_error(struct answer *answer, const char *request_id,
		const struct error *error)
{
	begin(answer, request_id, error_http_status(error->code));
	http_response_add(&answer->response, SPAN(FAILURE_TYPE_FIELD),
			  span_of(error_slug(error->code)));
	failure_format(error, &answer->body);
	answer->response.body = buf_span(&answer->body);
}

void
answer_of_call(struct answer *answer, const char *request_id,
	       const struct api_call *call)
{
	static const struct error too_large = {
		ERROR_INTERNAL, "The answer is too long to be sent."};

	begin(answer, request_id, call->status);
	if (call->answer != NULL)
		json_format(call->answer, &answer->body);
	if (answer->body.full) {
		answer_release(answer);
		answer_of_error(answer, request_id, &too_large);
		return;
	}
	answer->response.body = buf_span(&answer->body);
}

void
answer_release(struct answer *answer)
{
	buf_release(&answer->body);
}
