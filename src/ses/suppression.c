/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/suppression.h"

#include "ses/model.h"
#include "text/date.h"

const char *
ses_reason_name(enum ses_reasons reason)
{
	return reason == SES_REASON_COMPLAINT ? "COMPLAINT" : "BOUNCE";
}

/* Returns the reason of a word of the model, 0 if it is none. */
static unsigned
reason_of(struct span word)
{
	if (span_equal(word, SPAN("BOUNCE")))
		return SES_REASON_BOUNCE;
	return span_equal(word, SPAN("COMPLAINT")) ? SES_REASON_COMPLAINT : 0;
}

bool
ses_put_suppressed_read(const json_t *body, struct ses_put_suppressed *ret,
			struct error *reterr)
{
	if (!ses_model_body("PutSuppressedDestination", body, reterr))
		return false;
	*ret = (struct ses_put_suppressed){
		.address = shape_text(body, "EmailAddress"),
		.reason = reason_of(shape_text(body, "Reason")),
		.tenant = shape_text(body, "TenantName"),
	};
	return true;
}

/* Reads a time in seconds; one out of all range is the nearest there is. */
static int64_t
time_of(const json_t *input, const char *name)
{
	double ms = json_number_value(json_get(input, name)) * 1000;

	if (!(ms > 0))
		return 0;
	return ms < (double)DATE_MAX ? (int64_t)ms : DATE_MAX;
}

bool
ses_list_suppressed_read(const json_t *input, struct ses_list_suppressed *ret,
			 struct error *reterr)
{
	struct ses_list_identities list;

	/* Page and token are those of every list. */
	if (!ses_model_body("ListSuppressedDestinations", input, reterr) ||
	    !ses_list_identities_read(input, &list, reterr))
		return false;
	*ret = (struct ses_list_suppressed){
		.reasons = ses_reasons_read(json_get(input, "Reasons")),
		.from = time_of(input, "StartDate"),
		.to = time_of(input, "EndDate"),
		.page = list.page,
		.next_token = list.next_token,
		.tenant = shape_text(input, "TenantName"),
	};
	return true;
}
