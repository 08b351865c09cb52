/* SPDX-License-Identifier: Apache-2.0 */
/* The account that calls. */
#include "api/operations.h"
#include "base/mem.h"

#define DAY (INT64_C(24) * 3600 * 1000) /* in milliseconds */

static void
put_number(json_t *object, const char *name, double number)
{
	json_t *value = json_real(number);

	if (value == NULL)
		mem_exhausted();
	json_put(object, name, value);
}

bool
get_account(struct api_call *call, struct error *reterr)
{
	json_t *answer, *quota, *suppression, *reasons;
	uint64_t sent = 0;

	if (!store_sent_count(call->store, call->account, call->now - DAY,
			      &sent, reterr))
		return false;
	quota = json_object_new();
	put_number(quota, "Max24HourSend", call->deployment->max_24_hours);
	put_number(quota, "MaxSendRate", call->deployment->max_rate);
	put_number(quota, "SentLast24Hours", (double)sent);
	reasons = json_array_new();
	json_add_text(reasons, SPAN("BOUNCE"));
	json_add_text(reasons, SPAN("COMPLAINT"));
	suppression = json_object_new();
	json_put(suppression, "SuppressedReasons", reasons);
	answer = json_object_new();
	json_put_bool(answer, "DedicatedIpAutoWarmupEnabled", false);
	json_puts(answer, "EnforcementStatus", "HEALTHY");
	json_put_bool(answer, "ProductionAccessEnabled", true);
	json_put(answer, "SendQuota", quota);
	json_put_bool(answer, "SendingEnabled", true);
	json_put(answer, "SuppressionAttributes", suppression);
	api_answer(call, answer);
	return true;
}
