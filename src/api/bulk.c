/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SendBulkEmail: its entries one after the other, each a message by itself
 * and with a status of its own.
 */
#include "ses/bulk.h"

#include "api/operations.h"
#include "api/template_view.h"

/* How far a SendBulkEmail is. */
struct bulk {
	struct ses_bulk ask;
	struct api_template template;
	size_t at; /* the entry that is under way */
	enum {
		BULK_MADE, /* the message is ready to be sent, or failed */
		BULK_SENT, /* it was sent, or failed */
	} next;
};

/* Fails this entry alone. */
static bool
entry_make(struct api_call *call, struct error *reterr)
{
	struct bulk *bulk = call->state;
	struct ses_template made;

	json_decref(call->message);
	call->message = NULL;
	arena_clear(&call->scratch);
	if (!ses_bulk_entry(&bulk->ask, bulk->at, &call->message, reterr) ||
	    !ses_send_read(call->message, &call->scratch, call->send, reterr))
		return false;
	bulk->template.data = call->send->template.data;
	return api_template_render(call, &bulk->template, &made, reterr) &&
	       ses_send_rendered(call->send, &made, reterr);
}

/* On the worker. */
static bool
entry_work(struct api_call *call, struct error *reterr)
{
	(void)reterr;
	call->failure.code = ERROR_NONE;
	if (!entry_make(call, &call->failure))
		json_decref(take_ptr(&call->message));
	return true;
}

static void
entry_begin(struct api_call *call, struct bulk *bulk)
{
	bulk->next = BULK_MADE;
	call->work = entry_work;
	call->need = API_NEED_WORK;
}

/* Puts the result of the entry to the answer, and goes to the next one. */
static void
entry_end(struct api_call *call, struct bulk *bulk)
{
	bool failed = call->failure.code != ERROR_NONE;
	struct ses_bulk_result result = {
		.message_id = span_of(call->message_id),
		.failure = failed ? &call->failure : NULL,
	};

	json_add(json_get_array(call->answer, "BulkEmailEntryResults"),
		 ses_bulk_result_write(&result));
	if (++bulk->at < bulk->ask.entries)
		entry_begin(call, bulk);
}

static bool
bulk_begin(struct api_call *call, struct error *reterr)
{
	struct bulk *bulk = arena_get(&call->arena, sizeof(*bulk));
	json_t *answer;

	call->send = arena_get(&call->arena, sizeof(*call->send));
	if (bulk == NULL || call->send == NULL)
		return error_set(reterr, ERROR_INTERNAL,
				 "A call took too much memory.");
	if (!ses_bulk_read(call->body, &bulk->ask, reterr) ||
	    !api_template_of(call, &bulk->ask.template, &bulk->template,
			     reterr))
		return false;
	if (!api_may_send(call, bulk->ask.configuration_set, reterr))
		return false;
	answer = json_object_new();
	json_put(answer, "BulkEmailEntryResults", json_array_new());
	api_answer(call, answer);
	call->state = bulk;
	call->keeps_on = true;
	entry_begin(call, bulk);
	return true;
}

bool
send_bulk_email(struct api_call *call, struct error *reterr)
{
	struct bulk *bulk = call->state;

	if (call->phase == 0)
		return bulk_begin(call, reterr);
	call->need = API_NEED_NOTHING;
	if (bulk->next == BULK_MADE && call->failure.code == ERROR_NONE) {
		bulk->next = BULK_SENT;
		call->need = API_NEED_SEND;
		return true;
	}
	entry_end(call, bulk);
	return true;
}
