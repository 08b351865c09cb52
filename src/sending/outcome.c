/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/outcome.h"

#include "text/json.h"

/* SES's name for why what is suppressed is reported. */
#define ON_LIST "OnAccountSuppressionList"

/* Copies what fits, with its NUL. */
static void
copy(char *to, size_t size, const char *text)
{
	snprintf(to, size, "%s", text);
}

/* Writes the kind of event and what only events of that kind say. */
static void
describe(const struct recipient *r, const struct smtp_result *result,
	 json_t *evidence, struct event *event)
{
	const char *sub;

	if (r->state == RECIPIENT_DELIVERED) {
		copy(event->kind, sizeof(event->kind), "send.delivered");
	} else if (r->state == RECIPIENT_FAILED) {
		copy(event->kind, sizeof(event->kind), "send.bounced");
		json_puts(evidence, "bounce_type",
			  retry_bounce_type(result, &sub));
		json_puts(evidence, "bounce_sub_type", sub);
	} else {
		copy(event->kind, sizeof(event->kind), "send.delayed");
		json_puts(evidence, "delay_type", retry_delay_type(result));
		json_put_time(evidence, "next_attempt", r->next_attempt);
	}
}

void
outcome_apply(const struct message *m, const char *identity,
	      const struct smtp_result *result, const char *host, int64_t now,
	      uint64_t entropy, struct recipient *r, struct event *ret)
{
	CLEANUP(json_decrefp) json_t *evidence = json_object_new();
	CLEANUP(buf_release) struct buf text = BUF_INIT(sizeof(ret->text) - 1);
	struct span reply = span_of(result->text);
	int64_t next = 0;

	*ret = (struct event){.time = now};
	r->attempts++;
	r->updated = now;
	r->tls = result->tls;
	copy(r->reply, sizeof(r->reply), result->text);
	copy(r->remote, sizeof(r->remote), host);
	switch (retry_judge(result, false, m->created,
			    m->max_age != 0 ? m->max_age : RETRY_AGE_MAX, now,
			    r->attempts, entropy, &next)) {
	case RETRY_DONE:
		r->state = RECIPIENT_DELIVERED;
		break;
	case RETRY_GIVE_UP:
		r->state = RECIPIENT_FAILED;
		break;
	case RETRY_LATER:
	case RETRY_ELSEWHERE: /* not said when there is nowhere else */
		r->state = RECIPIENT_QUEUED;
		break;
	}
	r->next_attempt = next;
	copy(ret->account, sizeof(ret->account), m->account);
	copy(ret->identity, sizeof(ret->identity), identity);
	describe(r, result, evidence, ret);
	json_puts(evidence, "message_id", m->message_id);
	json_puts(evidence, "recipient", r->address);
	json_put_int(evidence, "attempts", r->attempts);
	json_puts(evidence, "phase", smtp_phase_name(result->phase));
	json_puts(evidence, "remote", host);
	json_put_bool(evidence, "tls", result->tls);
	reply.len =
		reply.len < OUTCOME_REPLY_MAX ? reply.len : OUTCOME_REPLY_MAX;
	json_put_text(evidence, "reply", reply);
	if (!json_format(evidence, &text)) {
		/* The names are as long as names can be: say no more. */
		json_puts(evidence, "reply", "");
		json_puts(evidence, "remote", "");
		buf_clear(&text);
		json_format(evidence, &text);
	}
	copy(ret->text, sizeof(ret->text), text.ptr);
}

void
outcome_suppress(const struct message *m, const char *identity,
		 enum suppressed_reason reason, int64_t now,
		 struct recipient *r, struct event *ret)
{
	CLEANUP(json_decrefp) json_t *evidence = json_object_new();
	CLEANUP(buf_release) struct buf text = BUF_INIT(sizeof(ret->text) - 1);

	r->state = RECIPIENT_FAILED;
	r->next_attempt = 0;
	r->updated = now;
	copy(r->reply, sizeof(r->reply),
	     "5.1.1 the address is on the suppression list of the account");
	*ret = (struct event){.time = now};
	copy(ret->account, sizeof(ret->account), m->account);
	copy(ret->identity, sizeof(ret->identity), identity);
	if (reason == SUPPRESSED_COMPLAINT) {
		copy(ret->kind, sizeof(ret->kind), "send.complained");
		json_puts(evidence, "complaint_sub_type", ON_LIST);
	} else {
		copy(ret->kind, sizeof(ret->kind), "send.bounced");
		json_puts(evidence, "bounce_type", "Permanent");
		json_puts(evidence, "bounce_sub_type", ON_LIST);
	}
	json_puts(evidence, "message_id", m->message_id);
	json_puts(evidence, "recipient", r->address);
	json_put_int(evidence, "attempts", 0);
	json_puts(evidence, "reply", r->reply);
	json_format(evidence, &text);
	copy(ret->text, sizeof(ret->text), text.ptr);
}
