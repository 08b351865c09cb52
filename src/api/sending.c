/* SPDX-License-Identifier: Apache-2.0 */
/* Sending: what is asked is read here, and done by sending/. */
#include "api/operations.h"
#include "api/template_view.h"

/* What is left to do of a SendEmail. */
struct sending {
	struct api_template template;
	bool sent; /* as soon as this phase is reached */
};

/* On the worker: makes Simple content of the template. */
static bool
render(struct api_call *call, struct error *reterr)
{
	const struct sending *sending = call->state;
	struct ses_template made;

	return api_template_render(call, &sending->template, &made, reterr) &&
	       ses_send_rendered(call->send, &made, reterr);
}

static bool
send_begin(struct api_call *call, struct error *reterr)
{
	struct ses_send *send = arena_get(&call->arena, sizeof(*send));
	struct sending *sending = arena_get(&call->arena, sizeof(*sending));

	if (send == NULL || sending == NULL)
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	if (!ses_send_read_judged(call->body, &call->arena, send, reterr) ||
	    !api_may_send(call, send->configuration_set, reterr))
		return false;
	call->send = send;
	call->state = sending;
	if (send->kind != SES_TEMPLATE) {
		sending->sent = true;
		call->need = API_NEED_SEND;
		return true;
	}
	call->work = render;
	call->need = API_NEED_WORK;
	return api_template_of(call, &send->template, &sending->template,
			       reterr);
}

bool
send_email(struct api_call *call, struct error *reterr)
{
	struct sending *sending = call->state;
	json_t *answer;

	if (call->phase == 0)
		return send_begin(call, reterr);
	if (!sending->sent) {
		sending->sent = true;
		call->need = API_NEED_SEND;
		return true;
	}
	call->need = API_NEED_NOTHING;
	answer = json_object_new();
	json_puts(answer, "MessageId", call->message_id);
	api_answer(call, answer);
	return true;
}
