/* SPDX-License-Identifier: Apache-2.0 */
/* Sending: what is asked is read here, and done by sending/. */
#include "api/operations.h"

static bool
send_begin(struct api_call *call, struct error *reterr)
{
	struct configuration_set *set = arena_get(&call->arena, sizeof(*set));
	struct ses_send *send = arena_get(&call->arena, sizeof(*send));

	if (set == NULL || send == NULL)
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	if (!ses_send_read(call->body, &call->arena, send, reterr))
		return false;
	if (send->configuration_set.len > 0 &&
	    !api_set(call, send->configuration_set, set, ERROR_BAD_REQUEST,
		     reterr))
		return false;
	call->send = send;
	call->need = API_NEED_SEND;
	return true;
}

bool
send_email(struct api_call *call, struct error *reterr)
{
	json_t *answer;

	if (call->phase == 0)
		return send_begin(call, reterr);
	call->need = API_NEED_NOTHING;
	answer = json_object_new();
	json_puts(answer, "MessageId", call->message_id);
	api_answer(call, answer);
	return true;
}
