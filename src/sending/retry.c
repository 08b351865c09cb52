/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/retry.h"

int64_t
retry_time(int64_t now, uint32_t attempts, uint64_t entropy)
{
	int64_t wait = RETRY_FIRST;

	while (attempts-- > 1 && wait < RETRY_LONGEST)
		wait *= 2;
	if (wait > RETRY_LONGEST)
		wait = RETRY_LONGEST;
	/* From 4/5 to the whole of it */
	return now + wait - (int64_t)(entropy % (uint64_t)(wait / 5 + 1));
}

bool
retry_elsewhere(const struct smtp_result *result)
{
	if (result->outcome == SMTP_DELIVERED)
		return false;
	switch (result->phase) {
	case SMTP_PHASE_ROUTE:
		return false; /* it is about the domain */
	case SMTP_PHASE_CONNECT:
	case SMTP_PHASE_GREETING:
	case SMTP_PHASE_HELLO:
	case SMTP_PHASE_TLS:
		return true;
	case SMTP_PHASE_MAIL:
	case SMTP_PHASE_RECIPIENT:
	case SMTP_PHASE_DATA:
		/* The connection broke, or the server is going down. */
		return result->outcome == SMTP_DEFERRED &&
		       (result->code == 0 || result->code == 421);
	case SMTP_PHASE_MESSAGE:
		break; /* it may have been taken: not twice in a row */
	}
	return false;
}

enum retry_verdict
retry_judge(const struct smtp_result *result, bool more, int64_t created,
	    int64_t age, int64_t now, uint32_t attempts, uint64_t entropy,
	    int64_t *ret_time)
{
	int64_t last = created + age;
	int64_t next;

	if (result->outcome == SMTP_DELIVERED)
		return RETRY_DONE;
	if (more && retry_elsewhere(result))
		return RETRY_ELSEWHERE;
	if (result->outcome == SMTP_FAILED || now >= last)
		return RETRY_GIVE_UP;
	next = retry_time(now, attempts, entropy);
	*ret_time = next < last ? next : last;
	return RETRY_LATER;
}

/* Whether the enhanced code is of this subject and detail, in any class. */
static bool
says(const struct smtp_result *result, const char *subject_detail)
{
	struct span rest = span_of(result->enhanced);

	span_cut(&rest, '.');
	return span_equal(rest, span_of(subject_detail));
}

/* Whether the enhanced code is of this subject, in any class. */
static bool
is_about(const struct smtp_result *result, char subject)
{
	return result->enhanced[0] != '\0' && result->enhanced[2] == subject &&
	       result->enhanced[3] == '.';
}

const char *
retry_delay_type(const struct smtp_result *result)
{
	if (says(result, "2.2"))
		return "MailboxFull";
	if (result->phase == SMTP_PHASE_ROUTE || result->code == 0)
		return "TransientCommunicationFailure";
	if (is_about(result, '7'))
		return result->phase == SMTP_PHASE_MESSAGE ? "SpamDetected"
							   : "IPFailure";
	if (is_about(result, '3') || result->code == 421 ||
	    result->code == 451 || result->code == 452)
		return "RecipientServerError";
	if (is_about(result, '4'))
		return "TransientCommunicationFailure";
	return "General";
}

const char *
retry_bounce_type(const struct smtp_result *result, const char **ret_sub)
{
	bool permanent = result->outcome == SMTP_FAILED;

	if (says(result, "2.2")) {
		*ret_sub = "MailboxFull";
		return "Transient";
	}
	if (says(result, "3.4") || says(result, "2.3")) {
		*ret_sub = "MessageTooLarge";
		return "Transient";
	}
	if (is_about(result, '6') ||
	    (is_about(result, '7') && result->phase == SMTP_PHASE_MESSAGE)) {
		*ret_sub = "ContentRejected";
		return "Transient";
	}
	if (permanent &&
	    (says(result, "1.1") || says(result, "1.6") ||
	     (result->phase == SMTP_PHASE_RECIPIENT && result->code == 550 &&
	      result->enhanced[0] == '\0'))) {
		*ret_sub = "NoEmail";
		return "Permanent";
	}
	*ret_sub = "General";
	return permanent ? "Permanent" : "Transient";
}
