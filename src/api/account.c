/* SPDX-License-Identifier: Apache-2.0 */
/* The account that calls. */
#include "ses/account.h"

#include <stdio.h>

#include "api/operations.h"
#include "base/mem.h"
#include "sending/rules.h"

#define DAY (INT64_C(24) * 3600 * 1000) /* in milliseconds */

static void
put_number(json_t *object, const char *name, double number)
{
	json_t *value = json_real(number);

	if (value == NULL)
		mem_exhausted();
	json_put(object, name, value);
}

/* Adds what the account said of itself; there is nobody to review it. */
static bool
add_details(struct api_call *call, json_t *answer, struct error *reterr)
{
	json_t *details, *review;

	if (!rules_document(call->store, call->account, RULES_DETAILS, &details,
			    reterr))
		return false;
	if (details == NULL)
		return true;
	review = json_object_new();
	json_puts(review, "Status", "GRANTED");
	json_put(details, "ReviewDetails", review);
	json_put(answer, "Details", details);
	return true;
}

static bool
add_suppression(struct api_call *call, json_t *answer, struct error *reterr)
{
	json_t *suppression, *reasons;

	if (!rules_document(call->store, call->account, RULES_SUPPRESSION,
			    &suppression, reterr))
		return false;
	if (suppression == NULL) {
		reasons = json_array_new();
		json_add_text(reasons, SPAN("BOUNCE"));
		json_add_text(reasons, SPAN("COMPLAINT"));
		suppression = json_object_new();
		json_put(suppression, "SuppressedReasons", reasons);
	}
	json_put(answer, "SuppressionAttributes", suppression);
	return true;
}

bool
get_account(struct api_call *call, struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *answer = json_object_new();
	struct rules rules;
	json_t *quota;
	uint64_t sent = 0;

	if (!store_sent_count(call->store, call->account, call->now - DAY,
			      &sent, reterr) ||
	    !rules_read(call->store, call->account, NULL, &rules, reterr))
		return false;
	quota = json_object_new();
	put_number(quota, "Max24HourSend", call->deployment->max_24_hours);
	put_number(quota, "MaxSendRate", call->deployment->max_rate);
	put_number(quota, "SentLast24Hours", (double)sent);
	json_put_bool(answer, "DedicatedIpAutoWarmupEnabled", false);
	json_puts(answer, "EnforcementStatus", "HEALTHY");
	json_put_bool(answer, "ProductionAccessEnabled", true);
	json_put(answer, "SendQuota", quota);
	json_put_bool(answer, "SendingEnabled", !rules.account_paused);
	if (!add_suppression(call, answer, reterr) ||
	    !add_details(call, answer, reterr))
		return false;
	api_answer(call, take_ptr(&answer));
	return true;
}

/* Stores attributes of the account, in place of what was there. */
static bool
put_document(struct api_call *call, const char *name, const json_t *json,
	     struct error *reterr)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(RULES_DOCUMENT_MAX);
	struct document d = {
		.kind = DOCUMENT_ACCOUNT,
		.created = call->now,
		.updated = call->now,
	};
	struct error why;
	const char *said;

	if (!json_format(json, &text))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "The attributes are too long.");
	memcpy(d.account, call->account, sizeof(d.account));
	snprintf(d.name, sizeof(d.name), "%s", name);
	if (!store_document_put(call->store, &d, buf_span(&text), &why)) {
		if (why.code != ERROR_NOT_FOUND) {
			*reterr = why;
			return false;
		}
		if (!store_document_add(call->store, &d, buf_span(&text),
					reterr))
			return false;
	}
	said = arena_printf(&call->arena, "{\"attributes\":\"%s\"}", name).ptr;
	api_answer(call, json_object_new());
	return api_event(call, "", "account.changed", said, reterr);
}

bool
put_account_details(struct api_call *call, struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *json = NULL;

	return ses_account_details_read(call->body, &json, reterr) &&
	       put_document(call, RULES_DETAILS, json, reterr);
}

bool
put_account_sending(struct api_call *call, struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *json = NULL;

	return ses_account_sending_read(call->body, &json, reterr) &&
	       put_document(call, RULES_SENDING, json, reterr);
}

bool
put_account_suppression(struct api_call *call, struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *json = NULL;

	return ses_account_suppression_read(call->body, &json, reterr) &&
	       put_document(call, RULES_SUPPRESSION, json, reterr);
}
