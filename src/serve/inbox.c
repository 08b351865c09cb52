/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/inbox.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "identity/token.h"
#include "mailauth/verify.h"
#include "sending/message_id.h"
#include "serve/asking.h"
#include "serve/received.h"
#include "sys/clock.h"
#include "text/json.h"

/* Octets that are hashed before the loop is given back. */
#define PIECE 65536

_Static_assert(INBOX_SIZE_MAX + RECEIVED_FIELDS_MAX <= STORE_REPORT_MESSAGE_MAX,
	       "what is received can be kept, and read again");

/* Whose an address is. */
enum box {
	BOX_REPORT = 1, /* a test */
	BOX_FEEDBACK,   /* to a message of ours */
	BOX_NOBODY,     /* of our domain, but nobody has it */
	BOX_FOREIGN,    /* none of our business */
};

/* How far a message is. */
enum stage {
	STAGE_FIND = 1, /* the store looks whether there are such reports */
	STAGE_WAIT,     /* waits for its turn */
	STAGE_READ,     /* is being hashed */
	STAGE_ASK,      /* asks DNS */
	STAGE_KEEP,     /* the store keeps it */
};

/* A message under way. */
struct reception {
	struct inbox *inbox;
	struct smtp_inbound *inbound;
	struct reception *next, **link;
	enum stage stage;
	struct storage_job job;
	struct loop_timer *turn;
	struct asking *asking;
	struct verify *verify;
	struct arena arena;  /* of verify */
	size_t fed;          /* octets that verify has */
	const char *verdict; /* of the report; static */
	struct buf json;     /* the report */
	struct buf message;  /* as it is kept */
};

struct inbox {
	struct inbox_parts parts;
	char domain[STORE_DOMAIN_SIZE + 8]; /* report.ZONE */
	struct reception *first;            /* all, the newest first */
	size_t busy;                        /* as many */
	size_t verifying;                   /* of them, READ or ASK */
	bool stopped;
};

ASKING_MACHINE(verify, struct verify);

static const struct smtpd_verdict yes = {.code = 0};
static const struct smtpd_verdict nobody = {
	.code = 550, .enhanced = "5.1.1", .text = "nobody has this address"};
static const struct smtpd_verdict foreign = {
	.code = 550, .enhanced = "5.7.1", .text = "we do not relay"};
static const struct smtpd_verdict too_many = {
	.code = 452, .enhanced = "4.5.3", .text = "too many recipients"};
static const struct smtpd_verdict too_large = {
	.code = 552, .enhanced = "5.3.4", .text = "the message is too large"};
static const struct smtpd_verdict later = {
	.code = 451, .enhanced = "4.3.0", .text = "try again later"};

/* ---- addresses ---- */

/* The local part in lower case, as the store has it. */
struct local {
	char s[STORE_TOKEN_SIZE];
};

_Static_assert(STORE_TOKEN_SIZE >= MESSAGE_ID_SIZE, "a local part fits");

static struct local
local_of(const struct path *path)
{
	struct span text = path_local(path);
	struct local local = {""};

	for (size_t i = 0; i < text.len && i + 1 < sizeof(local.s); i++)
		local.s[i] = span_lower(text.ptr[i]);
	return local;
}

static enum box
box_of(const struct inbox *inbox, const struct path *path)
{
	struct local local = local_of(path);

	if (message_id_is(path_local(path)))
		return BOX_FEEDBACK;
	if (!span_equal_nocase(path_domain(path), span_of(inbox->domain)))
		return BOX_FOREIGN;
	if (path_local(path).len == TOKEN_LEN && token_is(span_of(local.s)))
		return BOX_REPORT;
	return BOX_NOBODY;
}

static void
on_recipient(void *context, const struct smtp_inbound *inbound,
	     const struct path *path, struct smtpd_verdict *ret)
{
	const struct inbox *inbox = context;

	switch (box_of(inbox, path)) {
	case BOX_REPORT:
	case BOX_FEEDBACK:
		if (inbox->stopped)
			*ret = later;
		else if (inbound->recipients >= INBOX_RECIPIENTS_MAX)
			*ret = too_many;
		break;
	case BOX_NOBODY:
		*ret = nobody;
		break;
	case BOX_FOREIGN:
		*ret = foreign;
		break;
	}
}

/* ---- receptions ---- */

static void start_waiting(struct inbox *inbox);

static void
stop_verifying(struct reception *reception)
{
	asking_cancel(take_ptr(&reception->asking));
	verify_free(take_ptr(&reception->verify));
	arena_release(&reception->arena);
	if (reception->stage == STAGE_READ || reception->stage == STAGE_ASK)
		reception->inbox->verifying--;
}

static void
finish(struct reception *reception, const struct smtpd_verdict *verdict)
{
	struct inbox *inbox = reception->inbox;

	stop_verifying(reception);
	smtp_listener_answer(reception->inbound, verdict);
	*reception->link = reception->next;
	if (reception->next != NULL)
		reception->next->link = reception->link;
	inbox->busy--;
	loop_timer_free(reception->turn);
	buf_release(&reception->json);
	buf_release(&reception->message);
	free(reception);
}

/* Says why the store did not take it. */
static void
refuse(struct reception *reception, const struct error *failure)
{
	finish(reception, failure->code == ERROR_NOT_FOUND ? &nobody : &later);
}

/* ---- keeping ---- */

/* Writes `json` into the event; what a stranger wrote may be left out. */
static bool
add_event(struct store *store, struct event *event, json_t *json,
	  struct error *reterr)
{
	CLEANUP(buf_release)
	struct buf text = BUF_INIT(sizeof(event->text) - 1);

	if (!json_format(json, &text)) {
		json_puts(json, "subject", "");
		json_puts(json, "recipient", "");
		buf_clear(&text);
		if (!json_format(json, &text))
			return error_set(reterr, ERROR_INTERNAL,
					 "an event is too long");
	}
	memcpy(event->text, text.ptr, text.len + 1);
	return store_event_add(store, event, reterr);
}

static bool
keep_report(struct reception *reception, const char *token, struct store *store,
	    struct report_row *row, struct error *reterr)
{
	const struct smtp_inbound *in = reception->inbound;
	CLEANUP(json_decrefp) json_t *json = json_object_new();
	struct event event = {.time = in->received, .kind = "report.received"};

	if (!store_report_get(store, token, row, reterr))
		return false;
	row->received = in->received;
	assert(reception->json.len < sizeof(row->json));
	memcpy(row->json, reception->json.ptr, reception->json.len + 1);
	memcpy(event.account, row->account, sizeof(event.account));
	memcpy(event.identity, row->identity, sizeof(event.identity));
	json_puts(json, "token", token);
	json_puts(json, "verdict", reception->verdict);
	json_put_int(json, "size", (int64_t)in->text.len);
	return store_report_put(store, row, reterr) &&
	       store_report_message_put(
		       store, token, buf_span(&reception->message), reterr) &&
	       add_event(store, &event, json, reterr);
}

/* The Subject of a message, as a text that may be shown. */
static void
put_subject(struct span message, json_t *json)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(HEADER_FIELDS_MAX *
					(sizeof(struct header_field) + 16));
	CLEANUP(buf_release) struct buf text = BUF_INIT(INBOX_SUBJECT_MAX + 8);
	struct header_block header;
	const struct header_field *field;
	size_t offset;

	/* Malformed is malformed: what there is is shown. */
	if (header_parse(message, &arena, &header, &offset) != HEADER_OK)
		json_put_bool(json, "malformed", true);
	field = header_get(&header, SPAN("Subject"));
	if (field != NULL)
		received_clean(field->value, INBOX_SUBJECT_MAX, &text);
	json_put_text(json, "subject", buf_span(&text));
}

static bool
keep_feedback(const struct reception *reception, const char *message_id,
	      const struct path *path, struct store *store,
	      struct error *reterr)
{
	const struct smtp_inbound *in = reception->inbound;
	CLEANUP(json_decrefp) json_t *json = json_object_new();
	struct event event = {.time = in->received,
			      .kind = "feedback.received"};
	struct message message;
	struct identity identity;
	struct error why;

	if (!store_message_find(store, message_id, &message, reterr))
		return false;
	memcpy(event.account, message.account, sizeof(event.account));
	if (store_identity_get_by_id(store, message.identity, &identity, &why))
		memcpy(event.identity, identity.name, sizeof(event.identity));
	else if (why.code != ERROR_NOT_FOUND) {
		*reterr = why;
		return false;
	}
	json_puts(json, "message_id", message_id);
	json_put_text(json, "recipient", path_text(path));
	json_put_bool(json, "null_sender", path_is_null(&in->sender));
	json_put_int(json, "size", (int64_t)in->text.len);
	put_subject(buf_span(&in->text), json);
	return add_event(store, &event, json, reterr);
}

static bool
keep_run(struct storage_job *job, struct store *store, struct error *reterr)
{
	struct reception *reception = container_of(job, struct reception, job);
	const struct smtp_inbound *in = reception->inbound;
	struct report_row *row = mem_new(sizeof(*row));
	bool ok = true;

	for (size_t i = 0; ok && i < in->recipients; i++) {
		const struct path *path = &in->recipient[i];
		struct local local = local_of(path);

		if (box_of(reception->inbox, path) == BOX_REPORT)
			ok = keep_report(reception, local.s, store, row,
					 reterr);
		else
			ok = keep_feedback(reception, local.s, path, store,
					   reterr);
	}
	free(row);
	return ok;
}

static void
keep_done(struct storage_job *job, const struct error *failure)
{
	struct reception *reception = container_of(job, struct reception, job);

	if (failure != NULL)
		refuse(reception, failure);
	else
		finish(reception, &yes);
}

static void
keep(struct reception *reception)
{
	reception->stage = STAGE_KEEP;
	reception->job.run = keep_run;
	reception->job.done = keep_done;
	storage_do(reception->inbox->parts.storage, &reception->job);
}

/* ---- verifying ---- */

/* Makes what is kept of a test; false if it cannot be. */
static bool
judge(struct reception *reception)
{
	const struct smtp_inbound *in = reception->inbound;
	const struct report *report = verify_report(reception->verify);
	struct received received = {
		.receiver = span_of(reception->inbox->parts.receiver),
		.sender = in->sender,
		.extended = in->extended,
		.tls = in->tls_version != NULL,
		.report = report,
		.header = verify_header(reception->verify),
		.text = buf_span(&in->text),
	};

	/* Beyond these limits nobody has looked for forged results. */
	if (report->from.header == HEADER_TOO_BIG ||
	    report->from.header == HEADER_TOO_MANY)
		return false;
	reception->verdict = report_verdict_name(report->verdict);
	buf_init(&reception->json, sizeof(((struct report_row *)0)->json) - 1);
	buf_init(&reception->message, in->text.len + RECEIVED_FIELDS_MAX);
	return received_json(report, &reception->json) &&
	       received_message(&received, &reception->message);
}

static void
asked(void *context)
{
	struct reception *reception = context;
	struct inbox *inbox = reception->inbox;

	reception->asking = NULL;
	if (judge(reception)) {
		stop_verifying(reception);
		keep(reception);
	} else {
		finish(reception, &too_large);
	}
	start_waiting(inbox);
}

/* Hashes the next piece. */
static void
read_on(void *context)
{
	struct reception *reception = context;
	const struct inbox_parts *parts = &reception->inbox->parts;
	struct span rest =
		span_skip(buf_span(&reception->inbound->text), reception->fed);
	struct span piece = span_head(rest, PIECE);

	verify_feed(reception->verify, piece);
	reception->fed += piece.len;
	if (piece.len < rest.len) {
		loop_timer_set(reception->turn, 0);
		return;
	}
	verify_end(reception->verify);
	reception->stage = STAGE_ASK;
	reception->asking =
		asking_start(parts->loop, parts->lookup, &verify_machine,
			     reception->verify, true, asked, reception);
}

static void
begin(struct reception *reception)
{
	const struct smtp_inbound *in = reception->inbound;
	struct inbox *inbox = reception->inbox;
	struct report_transport transport = {
		.has_ip = true,
		.ip = {.v6 = in->peer.v6},
		.helo = span_of(in->helo),
		.has_mail_from = true,
		.mail_from = path_text(&in->sender),
		.receiver = span_of(inbox->parts.receiver),
		.tls = SPAN("none"),
		.received = in->received,
	};
	CLEANUP(buf_release) struct buf tls = BUF_INIT(200);

	memcpy(transport.ip.octet, in->peer.ip, in->peer.v6 ? 16 : 4);
	if (in->tls_version != NULL) {
		buf_addf(&tls, "%s %s", in->tls_version,
			 in->tls_cipher != NULL ? in->tls_cipher : "");
		transport.tls = span_trim(buf_span(&tls));
	}
	reception->stage = STAGE_READ;
	inbox->verifying++;
	arena_init(&reception->arena, VERIFY_ARENA_MAX);
	reception->verify =
		verify_new(&transport, clock_now(), &reception->arena);
	verify_trace(reception->verify);
	loop_timer_set(reception->turn, 0);
}

/* Begins those that wait, as far as there is room; the oldest first. */
static void
start_waiting(struct inbox *inbox)
{
	while (inbox->verifying < INBOX_VERIFY_MAX) {
		struct reception *oldest = NULL;

		for (struct reception *r = inbox->first; r != NULL; r = r->next)
			if (r->stage == STAGE_WAIT)
				oldest = r;
		if (oldest == NULL)
			break;
		begin(oldest);
	}
}

/* ---- finding ---- */

/* Looks whether somebody asked for these tests, before any work is done. */
static bool
find_run(struct storage_job *job, struct store *store, struct error *reterr)
{
	struct reception *reception = container_of(job, struct reception, job);
	const struct smtp_inbound *in = reception->inbound;
	struct report_row *row = mem_new(sizeof(*row));
	bool ok = true;

	for (size_t i = 0; ok && i < in->recipients; i++) {
		struct local local = local_of(&in->recipient[i]);

		if (box_of(reception->inbox, &in->recipient[i]) == BOX_REPORT)
			ok = store_report_get(store, local.s, row, reterr);
	}
	free(row);
	return ok;
}

static void
find_done(struct storage_job *job, const struct error *failure)
{
	struct reception *reception = container_of(job, struct reception, job);

	if (failure != NULL) {
		refuse(reception, failure);
	} else if (reception->inbox->stopped) {
		finish(reception, &later);
	} else {
		reception->stage = STAGE_WAIT;
		start_waiting(reception->inbox);
	}
}

static bool
has_report(const struct inbox *inbox, const struct smtp_inbound *inbound)
{
	for (size_t i = 0; i < inbound->recipients; i++)
		if (box_of(inbox, &inbound->recipient[i]) == BOX_REPORT)
			return true;
	return false;
}

static void
on_message(void *context, struct smtp_inbound *inbound)
{
	struct inbox *inbox = context;
	struct reception *reception;

	if (inbox->stopped || inbound->text.len > INBOX_SIZE_MAX) {
		smtp_listener_answer(inbound,
				     inbox->stopped ? &later : &too_large);
		return;
	}
	reception = mem_new(sizeof(*reception));
	reception->inbox = inbox;
	reception->inbound = inbound;
	reception->next = inbox->first;
	reception->link = &inbox->first;
	if (reception->next != NULL)
		reception->next->link = &reception->next;
	inbox->first = reception;
	inbox->busy++;
	buf_init(&reception->json, 0);
	buf_init(&reception->message, 0);
	reception->turn = loop_timer_new(inbox->parts.loop, read_on, reception);
	if (!has_report(inbox, inbound)) {
		keep(reception);
		return;
	}
	reception->stage = STAGE_FIND;
	reception->job.run = find_run;
	reception->job.done = find_done;
	storage_do(inbox->parts.storage, &reception->job);
}

const struct smtp_listener_handler *
inbox_handler(void)
{
	static const struct smtp_listener_handler handler = {
		.recipient = on_recipient,
		.message = on_message,
	};
	return &handler;
}

struct inbox *
inbox_new(const struct inbox_parts *parts)
{
	struct inbox *inbox = mem_new(sizeof(*inbox));

	inbox->parts = *parts;
	snprintf(inbox->domain, sizeof(inbox->domain), "report.%s",
		 parts->zone);
	return inbox;
}

void
inbox_stop(struct inbox *inbox)
{
	struct reception *next;

	inbox->stopped = true;
	for (struct reception *r = inbox->first; r != NULL; r = next) {
		next = r->next;
		if (r->stage == STAGE_WAIT || r->stage == STAGE_READ ||
		    r->stage == STAGE_ASK)
			finish(r, &later);
	}
}

size_t
inbox_busy(const struct inbox *inbox)
{
	return inbox->busy;
}

void
inbox_free(struct inbox *inbox)
{
	assert(inbox == NULL || inbox->busy == 0);
	free(inbox);
}
