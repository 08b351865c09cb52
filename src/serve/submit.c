/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/submit.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "crypt/random.h"
#include "identity/aad.h"
#include "sending/authorise.h"
#include "sending/compose.h"
#include "sending/outcome.h"
#include "sending/rules.h"
#include "sending/sign.h"
#include "sys/clock.h"
#include "text/base64.h"

/* Addresses whose identities are looked up: From, Sender and Resent-*. */
#define SENDERS_MAX 8
/* Keys of an identity that are looked at. */
#define KEYS_MAX (2 * STORE_TOKENS)
/* Octets of the arena of a submission, beside what compose takes. */
#define ARENA_MAX (COMPOSE_ARENA + (4 << 20))

struct submitter {
	const struct submit_parts *parts;
	struct worker *worker;
	size_t busy;
	size_t held; /* octets of messages under way */
};

/* A submission under way. */
struct submitting {
	struct submitter *submitter;
	struct submission *submission;
	struct worker_job work;
	struct storage_job store;
	struct error failure; /* code ERROR_NONE: none so far */
	struct arena arena;
	int64_t now;
	uint8_t entropy[MESSAGE_ID_ENTROPY];
	char boundary[40];
	struct buf message; /* composed, then signed */
	struct buf signed_message;
	struct composed composed;
	struct identity *found; /* identities that may let it send */
	size_t found_len;
	struct sender sender;
	struct rules rules;
	struct dkim_key key; /* the identity's, if it signs */
	bool has_key;
	struct dkim_key zone_key; /* the deployment's own */
	struct sign_plan plan;
	bool planned;
	size_t signing; /* which signature is being made */
};

static void
finish(struct submitting *way)
{
	struct submission *submission = way->submission;
	bool failed = way->failure.code != ERROR_NONE;
	struct error failure = way->failure;

	way->submitter->busy--;
	way->submitter->held -= way->message.len;
	if (way->planned)
		sign_release(&way->plan);
	buf_release(&way->message);
	buf_release(&way->signed_message);
	arena_release(&way->arena);
	free(way->found);
	free(way);
	submission->way = NULL;
	submission->done(submission, failed ? &failure : NULL);
}

static bool
fail_with(struct submitting *way, enum error_code code, const char *text)
{
	return error_set(&way->failure, code, "%s", text);
}

/* ---- enqueue ---- */

static bool
add_recipients(struct submitting *way, const struct address_list *list,
	       struct recipient *to, size_t *len)
{
	for (size_t i = 0; i < list->len; i++) {
		const struct address *address = &list->mailbox[i].address;
		struct recipient *r = &to[*len];
		struct span domain = address_domain(address);
		struct domain checked;

		if (*len == SES_RECIPIENTS_MAX)
			return error_set(&way->failure, ERROR_BAD_REQUEST,
					 "Recipient count exceeds %d.",
					 SES_RECIPIENTS_MAX);
		if (domain_parse(domain, &checked) != DOMAIN_OK)
			return error_set(&way->failure, ERROR_BAD_REQUEST,
					 "Domain of the recipient is not "
					 "valid: %s",
					 address->text);
		*r = (struct recipient){.state = RECIPIENT_QUEUED,
					.next_attempt = way->now,
					.updated = way->now};
		snprintf(r->address, sizeof(r->address), "%s", address->text);
		snprintf(r->domain, sizeof(r->domain), SPAN_FMT,
			 SPAN_ARG(domain_span(&checked)));
		(*len)++;
	}
	return true;
}

/* Fails the recipients that are suppressed, and says so in the audit log. */
static bool
suppress(struct submitting *way, struct store *store, const struct message *m,
	 struct recipient *to, size_t len, struct error *reterr)
{
	for (size_t i = 0; i < len; i++) {
		struct suppressed suppressed;
		struct address address;
		struct event event;
		bool is = false;

		if (address_parse(span_of(to[i].address), &address) !=
		    ADDRESS_OK)
			continue;
		if (!rules_suppressed(&way->rules, store, m->account, &address,
				      &is, &suppressed, reterr))
			return false;
		if (!is)
			continue;
		outcome_suppress(m, way->sender.identity->name,
				 suppressed.reason, way->now, &to[i], &event);
		if (!store_event_add(store, &event, reterr))
			return false;
	}
	return true;
}

/* Says in the audit log that the custom MAIL FROM was not used. */
static bool
tell_fallback(struct submitting *way, struct store *store, struct error *reterr)
{
	struct event event = {.time = way->now, .kind = "mail_from.fallback"};
	const struct identity *fallen = way->sender.fallen;

	snprintf(event.account, sizeof(event.account), "%s",
		 way->submission->account);
	snprintf(event.identity, sizeof(event.identity), "%s", fallen->name);
	snprintf(event.text, sizeof(event.text),
		 "{\"message_id\":\"%s\",\"mail_from\":\"%s\","
		 "\"status\":\"%s\",\"used\":\"%s\"}",
		 way->submission->message_id, fallen->mail_from,
		 ses_status_name(fallen->mail_from_standing.status),
		 way->submitter->parts->region_domain);
	return store_event_add(store, &event, reterr);
}

static bool
enqueue_run(struct storage_job *job, struct store *store, struct error *reterr)
{
	struct submitting *way = container_of(job, struct submitting, store);
	const struct ses_send *send = way->submission->send;
	struct recipient to[SES_RECIPIENTS_MAX];
	struct message message = {.identity = way->sender.identity->id,
				  .fell_back = way->sender.fell_back,
				  .created = way->now,
				  .require_tls = way->rules.require_tls,
				  .max_age = way->rules.max_age};
	bool ok;
	size_t len = 0;

	/* Here, since it copies the message: not in the loop. */
	if (!sign_finish(&way->plan, &way->signed_message, reterr))
		return false;
	if (send->has_destination || send->kind == SES_SIMPLE)
		ok = add_recipients(way, &send->to, to, &len) &&
		     add_recipients(way, &send->cc, to, &len) &&
		     add_recipients(way, &send->bcc, to, &len);
	else
		ok = add_recipients(way, &way->composed.recipients, to, &len);
	if (ok && len == 0)
		ok = fail_with(way, ERROR_BAD_REQUEST,
			       "There are no recipients.");
	if (!ok) {
		*reterr = way->failure;
		return false;
	}
	snprintf(message.message_id, sizeof(message.message_id), "%s",
		 way->submission->message_id);
	snprintf(message.account, sizeof(message.account), "%s",
		 way->submission->account);
	authorise_envelope(&way->sender, span_of(way->submission->message_id),
			   span_of(way->submitter->parts->region_domain),
			   message.mail_from);
	return suppress(way, store, &message, to, len, reterr) &&
	       store_message_add(store, &message,
				 buf_span(&way->signed_message), to, len,
				 reterr) &&
	       (!way->sender.fell_back || tell_fallback(way, store, reterr));
}

static void
enqueue_done(struct storage_job *job, const struct error *failure)
{
	struct submitting *way = container_of(job, struct submitting, store);
	const struct submit_parts *parts = way->submitter->parts;

	if (failure != NULL)
		way->failure = *failure;
	finish(way);
	if (failure == NULL)
		parts->queued(parts->context);
}

/* ---- sign ---- */

static void
signed_all(struct submitting *way)
{
	way->store.run = enqueue_run;
	way->store.done = enqueue_done;
	storage_do(way->submitter->parts->storage, &way->store);
}

static void sign_next(struct submitting *way);

static void
signature_made(void *context, const struct keyd_reply *reply)
{
	struct submitting *way = context;

	if (reply->status != KEYD_OK) {
		error_set(&way->failure, ERROR_UNAVAILABLE,
			  "the message could not be signed: %s",
			  keyd_strerror(reply->status));
		finish(way);
		return;
	}
	if (!sign_put(&way->plan, way->signing, reply->signature,
		      &way->failure)) {
		finish(way);
		return;
	}
	way->signing++;
	sign_next(way);
}

static void
sign_next(struct submitting *way)
{
	CLEANUP(buf_release) struct buf aad = BUF_INIT(AAD_MAX);
	const struct sign_one *one = &way->plan.one[way->signing];
	const char *account = "";
	struct keyd_request request = {.op = KEYD_SIGN};

	if (way->signing == way->plan.len) {
		signed_all(way);
		return;
	}
	if (one->key->identity != 0)
		account = way->sender.dkim->account;
	aad_of_key(account, one->key, &aad);
	request.aad = buf_span(&aad);
	request.sealed = span_bytes(one->key->sealed, one->key->sealed_len);
	request.digest = span_bytes(one->digest, sizeof(one->digest));
	if (!keyring_ask(way->submitter->parts->keyring, &request,
			 signature_made, way)) {
		fail_with(way, ERROR_TOO_MANY_REQUESTS,
			  "Too many messages are being signed; try again.");
		finish(way);
	}
}

static void
plan_run(struct worker_job *job, void *context)
{
	struct submitting *way = container_of(job, struct submitting, work);
	struct span domain;

	(void)context;
	if (!sign_init(&way->plan, buf_span(&way->message), way->now,
		       &way->failure))
		return;
	way->planned = true;
	if (way->has_key) {
		const char *name = way->sender.dkim->name;
		const char *at = strrchr(name, '@');

		domain = span_of(at != NULL ? at + 1 : name);
		if (!sign_add(&way->plan, domain, &way->key, &way->failure))
			return;
	}
	domain = span_of(way->submitter->parts->zone);
	if (!sign_add(&way->plan, domain, &way->zone_key, &way->failure))
		return;
}

static void
plan_done(struct worker_job *job, bool kept)
{
	struct submitting *way = container_of(job, struct submitting, work);

	(void)kept;
	if (way->failure.code != ERROR_NONE)
		finish(way);
	else
		sign_next(way);
}

/* ---- authorise ---- */

/* Collects the names whose identities could let the message send. */
static bool
candidate_names(struct submitting *way, struct span *name, size_t *len)
{
	const struct address_list *more = &way->composed.senders;
	struct authorise_names *names;

	if (more->len >= SENDERS_MAX)
		return fail_with(way, ERROR_MESSAGE_REJECTED,
				 "There are too many senders in the header.");
	names = arena_array(&way->arena, more->len + 1, sizeof(*names));
	if (names == NULL)
		return fail_with(way, ERROR_TOO_LARGE, "Too many senders.");
	for (size_t i = 0; i <= more->len; i++) {
		const struct address *address =
			i == 0 ? &way->composed.from
			       : &more->mailbox[i - 1].address;

		if (!authorise_names(address, &names[i]))
			names[i].len = 0;
		for (size_t k = 0; k < names[i].len; k++)
			name[(*len)++] = span_of(names[i].name[k]);
	}
	return true;
}

/* Gets the key that `identity` (0: the deployment) signs with. */
static bool
signing_key(struct store *store, uint64_t identity, struct dkim_key *ret,
	    bool *ret_has, struct error *reterr)
{
	struct dkim_key key[KEYS_MAX];
	size_t len;

	*ret_has = false;
	if (!store_dkim_key_list(store, identity, key, KEYS_MAX, &len, reterr))
		return false;
	for (size_t i = 0; i < len; i++)
		if (key[i].state == DKIM_KEY_ACTIVE) {
			*ret = key[i];
			*ret_has = true;
		}
	return true;
}

/* Finds the configuration set and what it and the account say. */
static bool
check_set(struct submitting *way, struct store *store, struct error *reterr)
{
	const char *account = way->submission->account;
	char name[STORE_SET_SIZE];
	struct configuration_set set;
	struct span given = way->submission->send->configuration_set;

	if (given.len == 0)
		given = way->composed.configuration_set;
	if (given.len == 0)
		given = span_of(way->sender.identity->configuration_set);
	if (given.len == 0)
		return rules_read(store, account, NULL, &way->rules, reterr) &&
		       rules_check(&way->rules, "", reterr);
	if (given.len < sizeof(name)) {
		memcpy(name, given.ptr, given.len);
		name[given.len] = '\0';
		if (store_set_get(store, account, name, &set, reterr))
			return rules_read(store, account, &set, &way->rules,
					  reterr) &&
			       rules_check(&way->rules, name, reterr);
		if (reterr->code != ERROR_NOT_FOUND)
			return false;
	}
	return error_set(reterr, ERROR_BAD_REQUEST,
			 "Configuration set <" SPAN_FMT "> does not exist.",
			 SPAN_ARG(given));
}

static bool
authorise_run(struct storage_job *job, struct store *store,
	      struct error *reterr)
{
	struct submitting *way = container_of(job, struct submitting, store);
	struct span region = span_of(way->submitter->parts->region);
	struct span name[SENDERS_MAX * AUTHORISE_NAMES_MAX];
	size_t names = 0;
	bool has_zone_key;

	if (!candidate_names(way, name, &names)) {
		*reterr = way->failure;
		return false;
	}
	way->found = mem_array(names, sizeof(*way->found));
	if (!store_identity_find(store, way->submission->account, name, names,
				 way->found, &way->found_len, reterr) ||
	    !authorise_sender(&way->composed.from, way->found, way->found_len,
			      region, &way->sender, reterr) ||
	    !authorise_list(&way->composed.senders, way->found, way->found_len,
			    region, reterr) ||
	    !check_set(way, store, reterr) ||
	    !signing_key(store, 0, &way->zone_key, &has_zone_key, reterr))
		return false;
	if (!has_zone_key)
		return error_set(reterr, ERROR_UNAVAILABLE,
				 "the deployment has no DKIM key of its own");
	if (way->sender.dkim == NULL)
		return true;
	return signing_key(store, way->sender.dkim->id, &way->key,
			   &way->has_key, reterr);
}

static void
authorise_done(struct storage_job *job, const struct error *failure)
{
	struct submitting *way = container_of(job, struct submitting, store);

	if (failure != NULL) {
		way->failure = *failure;
		finish(way);
		return;
	}
	way->work.run = plan_run;
	way->work.done = plan_done;
	worker_add(way->submitter->worker, &way->work);
}

/* ---- compose ---- */

/* Returns `mailbox` as text that compose reads back as the same. */
static struct span
mailbox_text(const struct mailbox *mailbox, struct arena *arena)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(8192);
	struct span display = mailbox->display;

	if (display.len == 0)
		return address_text(&mailbox->address);
	/* An encoded-word is one only outside quotes. */
	if (span_search(display, SPAN("=?")) != SPAN_NONE) {
		buf_add(&text, display);
	} else {
		buf_addc(&text, '"');
		for (size_t i = 0; i < display.len; i++) {
			if (display.ptr[i] == '"' || display.ptr[i] == '\\')
				buf_addc(&text, '\\');
			buf_addc(&text, display.ptr[i]);
		}
		buf_addc(&text, '"');
	}
	buf_addf(&text, " <%s>", mailbox->address.text);
	return arena_copy(arena, buf_span(&text));
}

static const struct span *
mailbox_texts(const struct address_list *list, struct arena *arena)
{
	struct span *text = arena_array(arena, list->len + 1, sizeof(*text));

	for (size_t i = 0; text != NULL && i < list->len; i++)
		text[i] = mailbox_text(&list->mailbox[i], arena);
	return text;
}

/* Decodes base64 into the arena. */
static bool
decode(struct submitting *way, struct span base64, const char *what,
       struct span *ret)
{
	CLEANUP(buf_release) struct buf bytes = BUF_INIT(SUBMIT_SIZE_MAX);

	if (!base64_decode(base64, &bytes))
		return error_set(&way->failure, ERROR_SERIALIZATION,
				 "%s is not valid base64", what);
	*ret = arena_copy(&way->arena, buf_span(&bytes));
	if (ret->len == bytes.len)
		return true;
	return fail_with(way, ERROR_TOO_LARGE, "The message is too large.");
}

static bool
read_attachments(struct submitting *way, struct compose_simple *content)
{
	const struct ses_send *send = way->submission->send;
	struct compose_attachment *to =
		arena_array(&way->arena, send->attachments + 1, sizeof(*to));

	for (size_t i = 0; i < send->attachments; i++) {
		const struct ses_attachment *from = &send->attachment[i];

		to[i] = (struct compose_attachment){
			.file_name = from->file_name,
			.content_type = from->type,
			.content_id = from->content_id,
			.description = from->description,
			.is_inline = from->inlined,
		};
		if (!decode(way, from->content, "RawContent", &to[i].bytes))
			return false;
	}
	content->attachment = to;
	content->attachments = send->attachments;
	return true;
}

static bool
compose_from_parts(struct submitting *way, const struct compose_stamp *stamp)
{
	const struct ses_send *send = way->submission->send;
	struct arena *arena = &way->arena;
	struct compose_header *header =
		arena_array(arena, send->headers + 1, sizeof(*header));
	struct compose_simple content = {
		.from = send->from_text,
		.to = mailbox_texts(&send->to, arena),
		.tos = send->to.len,
		.cc = mailbox_texts(&send->cc, arena),
		.ccs = send->cc.len,
		.reply_to = mailbox_texts(&send->reply_to, arena),
		.reply_tos = send->reply_to.len,
		.subject = send->subject,
		.has_text = send->has_text,
		.text = send->text,
		.has_html = send->has_html,
		.html = send->html,
		.header = header,
		.headers = send->headers,
	};

	for (size_t i = 0; i < send->headers; i++)
		header[i] = (struct compose_header){send->header[i].name,
						    send->header[i].value};
	if (!read_attachments(way, &content))
		return false;
	if (arena_full(arena))
		return fail_with(way, ERROR_TOO_LARGE,
				 "The message is too large.");
	return compose_simple(&content, stamp, arena, &way->message,
			      &way->composed, &way->failure);
}

static bool
compose_from_raw(struct submitting *way, const struct compose_stamp *stamp)
{
	const struct ses_send *send = way->submission->send;
	CLEANUP(buf_release) struct buf bytes = BUF_INIT(SUBMIT_SIZE_MAX);

	if (!base64_decode(send->raw, &bytes))
		return fail_with(way, ERROR_SERIALIZATION,
				 "Content.Raw.Data is not valid base64");
	if (!compose_raw(buf_span(&bytes), stamp, &way->arena, &way->message,
			 &way->composed, &way->failure))
		return false;
	if (send->from == NULL)
		return true;
	/* FromEmailAddress, where given, is who must be authorised too. */
	if (span_equal_nocase(address_text(&send->from->address),
			      address_text(&way->composed.from)))
		return true;
	return fail_with(way, ERROR_BAD_REQUEST,
			 "FromEmailAddress differs from the From header of "
			 "the raw message.");
}

static void
compose_run(struct worker_job *job, void *context)
{
	struct submitting *way = container_of(job, struct submitting, work);
	CLEANUP(buf_release) struct buf id = BUF_INIT(512);
	struct compose_stamp stamp = {.now = way->now,
				      .feedback_id = SPAN(""),
				      .boundary = span_of(way->boundary)};

	(void)context;
	buf_addf(&id, "%s@%s", way->submission->message_id,
		 way->submitter->parts->region_domain);
	stamp.message_id = buf_span(&id);
	if (way->submission->send->kind == SES_RAW)
		compose_from_raw(way, &stamp);
	else
		compose_from_parts(way, &stamp);
}

static void
compose_done(struct worker_job *job, bool kept)
{
	struct submitting *way = container_of(job, struct submitting, work);

	(void)kept;
	way->submitter->held += way->message.len;
	if (way->failure.code == ERROR_NONE &&
	    way->submitter->held > SUBMIT_HELD_MAX)
		fail_with(way, ERROR_TOO_MANY_REQUESTS,
			  "Too much mail is being sent; try again.");
	if (way->failure.code != ERROR_NONE) {
		finish(way);
		return;
	}
	way->store.run = authorise_run;
	way->store.done = authorise_done;
	storage_do(way->submitter->parts->storage, &way->store);
}

/* ---- the submitter ---- */

void
submit(struct submitter *submitter, struct submission *submission)
{
	struct submitting *way = mem_new(sizeof(*way));
	uint8_t random[16];

	way->submitter = submitter;
	way->submission = submission;
	submission->way = way;
	submitter->busy++;
	arena_init(&way->arena, ARENA_MAX + SUBMIT_SIZE_MAX);
	buf_init(&way->message, SUBMIT_SIZE_MAX);
	buf_init(&way->signed_message, SUBMIT_SIZE_MAX);
	way->now = clock_now();
	random_fill(way->entropy, sizeof(way->entropy));
	random_fill(random, sizeof(random));
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(way->boundary + 2 * i, 3, "%02x", random[i]);
	message_id_make(way->now, way->entropy, submission->message_id);
	way->work.run = compose_run;
	way->work.done = compose_done;
	worker_add(submitter->worker, &way->work);
}

static bool
nothing(void *context)
{
	(void)context;
	return true;
}

static const struct worker_batch no_batch = {nothing, nothing};

struct submitter *
submitter_new(const struct submit_parts *parts)
{
	struct submitter *submitter = mem_new(sizeof(*submitter));

	submitter->parts = parts;
	submitter->worker = worker_new(parts->loop, &no_batch, submitter);
	return submitter;
}

size_t
submitter_busy(const struct submitter *submitter)
{
	return submitter->busy;
}

void
submitter_free(struct submitter *submitter)
{
	if (submitter == NULL)
		return;
	assert(submitter->busy == 0);
	worker_free(submitter->worker);
	free(submitter);
}
