/* SPDX-License-Identifier: Apache-2.0 */
/* What SES has no call for, under /sesame/v1/: docs/api.md. */
#include <stdio.h>

#include "api/identity_json.h"
#include "api/identity_view.h"
#include "api/operations.h"
#include "api/seen.h"
#include "identity/show.h"
#include "text/base64.h"

#define SESAME_SCHEMA 1   /* the version of these documents */
#define EVENTS_MAX    100 /* on a page */
#define KEYS_MAX      (2 * STORE_TOKENS)
#define NOT_THERE     "Email identity {} does not exist."

static bool
no_memory(struct error *reterr)
{
	return error_set(reterr, ERROR_INTERNAL,
			 "A call took too much memory.");
}

static void
put_text_or_null(json_t *object, const char *name, const char *text)
{
	if (text[0] != '\0')
		json_puts(object, name, text);
	else
		json_put(object, name, json_null());
}

/* Makes the record set, with the key of the customer's if there is one. */
static bool
record_set_of(struct api_call *call, const struct identity *identity,
	      struct record_set *ret, struct error *reterr)
{
	struct dkim_key *key =
		arena_array(&call->arena, KEYS_MAX, sizeof(*key));
	struct span public = SPAN("");
	size_t len = 0;

	if (key == NULL)
		return no_memory(reterr);
	if (!store_dkim_key_list(call->store, identity->id, key, KEYS_MAX, &len,
				 reterr))
		return false;
	for (size_t i = 0; i < len; i++)
		if (identity->origin == SES_ORIGIN_EXTERNAL &&
		    key[i].state == DKIM_KEY_ACTIVE)
	public = span_of(key[i].public);
	return records_of(identity, &call->deployment->service, public, ret,
			  reterr);
}

/* Reads what was last seen; *ret is NULL if nothing was. */
static bool
seen_of(struct api_call *call, const struct identity *identity, json_t **ret,
	struct error *reterr)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(SEEN_MAX);
	char setting[SEEN_SETTING_SIZE];
	struct error why;

	*ret = NULL;
	seen_setting(identity->id, setting);
	if (!store_setting_get(call->store, setting, &text, &why)) {
		if (why.code == ERROR_NOT_FOUND)
			return true;
		*reterr = why;
		return false;
	}
	if (json_parse(buf_span(&text), SEEN_MAX, ret, NULL) != JSON_OK)
		*ret = NULL;
	return true;
}

bool
sesame_identity(struct api_call *call, struct error *reterr)
{
	struct record_set *set = arena_get(&call->arena, sizeof(*set));
	struct observation *seen = arena_get(&call->arena, sizeof(*seen));
	CLEANUP(json_decrefp) json_t *stored = NULL;
	struct identity identity;
	struct step step[STEPS];
	struct ses_dkim dkim;
	struct identity_json what = {
		.identity = &identity, .set = set, .step = step};

	if (set == NULL || seen == NULL)
		return no_memory(reterr);
	if (!api_identity(call, &identity, ERROR_NOT_FOUND, NOT_THERE,
			  reterr) ||
	    !record_set_of(call, &identity, set, reterr) ||
	    !seen_of(call, &identity, &stored, reterr))
		return false;
	if (seen_read(stored, set, seen))
		what.seen = seen;
	steps_of(&identity, what.seen, &call->arena, step);
	identity_view_dkim(call, &identity, &dkim);
	what.signing_zone = api_text(call, dkim.signing_zone);
	what.may_send = identity_may_send(&identity);
	what.findings = json_get_array(stored, "findings");
	api_answer(call, identity_json(&what));
	return true;
}

bool
sesame_check(struct api_call *call, struct error *reterr)
{
	struct identity identity;
	json_t *answer;

	if (!api_identity(call, &identity, ERROR_NOT_FOUND, NOT_THERE, reterr))
		return false;
	identity.next_check = call->now;
	if (!store_identity_update(call->store, &identity, reterr))
		return false;
	call->wake |= API_WAKE_SCHEDULER;
	answer = json_object_new();
	json_puts(answer, "name", identity.name);
	json_put(answer, "last_checked", show_time(identity.last_checked));
	json_put(answer, "next_check", show_time(identity.next_check));
	api_answer(call, answer);
	return true;
}

/* The message that is sent to the report inbox, as SendEmail would be. */
static bool
test_message(struct api_call *call, const char *from, const char *to,
	     struct error *reterr)
{
	struct ses_send *send = arena_get(&call->arena, sizeof(*send));
	struct span recipient = span_of(to);
	struct ses_send_ask ask = {
		.from = span_of(from),
		.to = &recipient,
		.tos = 1,
		.configuration_set = SPAN(""),
		.raw = SPAN(""),
		.subject = SPAN("A test of this domain by sesame"),
		.text = SPAN("This message was sent by sesame to see that "
			     "SPF, DKIM and DMARC pass\r\nfor the domain it "
			     "is from.  Nobody has to do anything.\r\n"),
		.html = SPAN(""),
	};

	if (send == NULL)
		return no_memory(reterr);
	/* the message borrows it: it stands in for a body */
	json_decref(call->body);
	call->body = ses_send_write(&ask);
	if (!ses_send_read(call->body, &call->arena, send, reterr))
		return false;
	call->send = send;
	call->need = API_NEED_SEND;
	return true;
}

/* A place for the report, so that only this account can ask for it. */
static bool
expect_report(struct api_call *call, const struct identity *identity,
	      const char *token, struct error *reterr)
{
	struct report_row *row = arena_get(&call->arena, sizeof(*row));

	if (row == NULL)
		return no_memory(reterr);
	snprintf(row->token, sizeof(row->token), "%s", token);
	memcpy(row->account, call->account, sizeof(row->account));
	memcpy(row->identity, identity->name, sizeof(row->identity));
	row->received = call->now;
	return store_report_put(call->store, row, reterr);
}

static bool
test_begin(struct api_call *call, struct error *reterr)
{
	char token[TOKEN_LEN + 1];
	struct identity identity;
	struct span local = SPAN("test");
	const char *from, *to;

	if (!api_identity(call, &identity, ERROR_NOT_FOUND, NOT_THERE, reterr))
		return false;
	token_format(call->entropy, token);
	to = arena_printf(&call->arena, "%s@report.%s", token,
			  call->deployment->service.zone)
		     .ptr;
	from = identity.type == SES_EMAIL_ADDRESS
		       ? api_text(call, span_of(identity.name))
		       : arena_printf(&call->arena, SPAN_FMT "@%s",
				      SPAN_ARG(local), identity.name)
				 .ptr;
	call->state = (void *)(uintptr_t)api_text(call, span_of(token));
	return expect_report(call, &identity, token, reterr) &&
	       test_message(call, from, to, reterr);
}

bool
sesame_test(struct api_call *call, struct error *reterr)
{
	const char *token = call->state;
	json_t *answer;

	if (call->phase == 0)
		return test_begin(call, reterr);
	call->need = API_NEED_NOTHING;
	answer = json_object_new();
	json_puts(answer, "report_id", token);
	json_puts(answer, "message_id", call->message_id);
	api_answer(call, answer);
	return true;
}

/* Reads the report that the path names; another account's is none. */
static bool
find_report(struct api_call *call, struct report_row **ret,
	    struct error *reterr)
{
	struct report_row *row = arena_get(&call->arena, sizeof(*row));
	struct error why = {.code = ERROR_NOT_FOUND};

	if (row == NULL)
		return no_memory(reterr);
	*ret = row;
	if (call->param[0].len < STORE_TOKEN_SIZE &&
	    store_report_get(call->store, api_text(call, call->param[0]), row,
			     &why)) {
		if (strcmp(row->account, call->account) == 0)
			return true;
		why.code = ERROR_NOT_FOUND;
	}
	if (why.code == ERROR_NOT_FOUND)
		return error_set(reterr, ERROR_NOT_FOUND,
				 "The report does not exist.");
	*reterr = why;
	return false;
}

bool
sesame_report(struct api_call *call, struct error *reterr)
{
	json_t *answer, *report = NULL;
	struct report_row *row;

	if (!find_report(call, &row, reterr))
		return false;
	if (json_parse(span_of(row->json), sizeof(row->json), &report, NULL) !=
	    JSON_OK)
		report = json_null();
	answer = json_object_new();
	json_put_int(answer, "schema", SESAME_SCHEMA);
	json_puts(answer, "id", row->token);
	put_text_or_null(answer, "identity", row->identity);
	json_put(answer, "received",
		 json_is_null(report) ? json_null() : show_time(row->received));
	json_put(answer, "report", report);
	api_answer(call, answer);
	return true;
}

bool
sesame_report_message(struct api_call *call, struct error *reterr)
{
	CLEANUP(buf_release)
	struct buf data = BUF_INIT(STORE_REPORT_MESSAGE_MAX);
	CLEANUP(buf_release)
	struct buf code = BUF_INIT(BASE64_LEN(STORE_REPORT_MESSAGE_MAX));
	struct report_row *row;
	json_t *answer;

	if (!find_report(call, &row, reterr) ||
	    !store_report_message(call->store, row->token, &data, reterr))
		return false;
	if (data.len == 0)
		return error_set(reterr, ERROR_NOT_FOUND,
				 "The message is not there.");
	base64_encode(buf_span(&data), &code);
	answer = json_object_new();
	json_put_text(answer, "data", buf_span(&code));
	api_answer(call, answer);
	return true;
}

static json_t *
event_write(const struct event *event)
{
	json_t *json = json_object_new(), *detail = NULL;

	json_put_int(json, "id", (int64_t)event->id);
	json_put(json, "time", show_time(event->time));
	put_text_or_null(json, "identity", event->identity);
	json_puts(json, "kind", event->kind);
	if (json_parse(span_of(event->text), sizeof(event->text), &detail,
		       NULL) != JSON_OK)
		detail = json_text_new(span_of(event->text));
	json_put(json, "detail", detail);
	return json;
}

/*
 * Oldest first, from behind the event `after`; the newest page, newest first,
 * with order=newest, and on from `before`.
 */
bool
sesame_events(struct api_call *call, struct error *reterr)
{
	struct span name = api_query(call, "identity");
	bool newest = span_equal(api_query(call, "order"), SPAN("newest"));
	struct span from = api_query(call, newest ? "before" : "after");
	struct event *row = arena_array(&call->arena, EVENTS_MAX, sizeof(*row));
	char identity[STORE_NAME_SIZE] = "";
	json_t *answer, *list;
	uint64_t start = 0;
	size_t len = 0;

	if (row == NULL)
		return no_memory(reterr);
	if (from.len > 0 && !span_to_u64(from, INT64_MAX, &start))
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "'after' and 'before' must be whole numbers.");
	if (name.len > 0 && !identity_name(name, identity, reterr))
		return false;
	if (newest ? !store_event_last(call->store, call->account, identity,
				       start, row, EVENTS_MAX, &len, reterr)
		   : !store_event_list(call->store, call->account, identity,
				       start, row, EVENTS_MAX, &len, reterr))
		return false;
	list = json_array_new();
	for (size_t i = 0; i < len; i++)
		json_add(list, event_write(&row[i]));
	answer = json_object_new();
	json_put(answer, "events", list);
	if (len == EVENTS_MAX)
		json_put_int(answer, newest ? "next_before" : "next_after",
			     (int64_t)row[len - 1].id);
	else
		json_put(answer, newest ? "next_before" : "next_after",
			 json_null());
	api_answer(call, answer);
	return true;
}
