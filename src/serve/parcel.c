/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/parcel.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sending/outcome.h"

static const struct parcel_fault no_data = {
	"5.3.0", "the message is not in the queue any more"};
static const struct parcel_fault bad_data = {
	"5.6.0", "the message has a bare CR, a bare LF or a NUL"};
static const struct parcel_fault bad_sender = {
	"5.1.7", "the envelope sender is not an address of mail"};
static const struct parcel_fault bad_recipient = {
	"5.1.3", "this is not an address that SMTP can carry"};

/* A load under way. */
struct loading {
	struct parcel_load *load;
	struct store *store;
	struct parcel_content *contents; /* of this load */
	struct parcel **end;             /* of load->first */
	struct recipient *row;           /* what is due */
	size_t rows;                     /* of row */
	const char *served;              /* domain of the last row taken, or
					    NULL */
};

/* ---- contents ---- */

static void
content_free(struct parcel_content *content)
{
	buf_release(&content->data);
	free(content);
}

/* Reads the name of the identity, which may have been deleted since. */
static bool
read_identity(struct store *store, struct parcel_content *content,
	      struct error *reterr)
{
	struct identity identity;
	struct error why;

	if (store_identity_get_by_id(store, content->row.identity, &identity,
				     &why)) {
		memcpy(content->identity, identity.name,
		       sizeof(content->identity));
		return true;
	}
	if (why.code == ERROR_NOT_FOUND)
		return true;
	*reterr = why;
	return false;
}

/* Reads the bytes, and looks whether they may be sent. */
static bool
read_data(struct store *store, struct parcel_content *content,
	  struct error *reterr)
{
	struct error why;
	struct span part;

	if (path_parse(span_of(content->row.mail_from), &content->sender) !=
	    PATH_OK)
		content->fault = &bad_sender;
	buf_init(&content->data, STORE_DATA_MAX);
	if (!store_message_data(store, content->row.id, &content->data, &why)) {
		if (why.code != ERROR_NOT_FOUND) {
			*reterr = why;
			return false;
		}
		content->fault = &no_data;
		return true;
	}
	part = buf_span(&content->data);
	if (!dot_check(&part, 1, &content->facts))
		content->fault = &bad_data;
	return true;
}

/* Returns whether a message of `size` may be read; else the load is cut. */
static bool
has_room(struct loading *l, size_t size)
{
	struct parcel_load *load = l->load;
	bool first = l->contents == NULL;

	load->lacking = load->octets + size > load->octets_max &&
			!(first && load->alone);
	load->cut = load->lacking ||
		    (!first && load->octets + size > PARCEL_LOAD_OCTETS);
	return !load->cut;
}

/*
 * Gets the message of row `id` into *ret, which is NULL if there is no room
 * for it.
 */
static bool
get_content(struct loading *l, uint64_t id, struct parcel_content **ret,
	    struct error *reterr)
{
	struct parcel_load *load = l->load;
	struct parcel_content *content;
	struct message row;

	for (content = l->contents; content != NULL; content = content->next) {
		if (content->row.id != id)
			continue;
		*ret = content;
		return true;
	}
	*ret = NULL;
	if (!store_message_get(l->store, id, &row, reterr))
		return false;
	if (!has_room(l, row.size))
		return true;
	content = mem_new(sizeof(*content));
	content->row = row;
	if (!read_identity(l->store, content, reterr) ||
	    !read_data(l->store, content, reterr)) {
		content_free(content);
		return false;
	}
	load->octets += content->row.size;
	content->next = l->contents;
	l->contents = content;
	*ret = content;
	return true;
}

/* ---- parcels ---- */

static void
add_recipient(struct parcel *parcel, const struct recipient *row,
	      const struct path *path)
{
	if (parcel->len == parcel->room) {
		parcel->room = parcel->room > 0 ? 2 * parcel->room : 1;
		parcel->recipient =
			mem_resize(parcel->recipient,
				   parcel->room * sizeof(*parcel->recipient));
		parcel->path = mem_resize(parcel->path,
					  parcel->room * sizeof(*parcel->path));
	}
	parcel->recipient[parcel->len] = *row;
	parcel->path[parcel->len++] = *path;
}

/* Returns the parcel that such a recipient goes into, or NULL. */
static struct parcel *
find_parcel(const struct parcel_load *load, const struct recipient *row,
	    const struct parcel_fault *fault)
{
	for (struct parcel *p = load->first; p != NULL; p = p->next)
		if (p->content->row.id == row->message && p->fault == fault &&
		    p->len < SMTP_CLIENT_RECIPIENTS_MAX &&
		    strcmp(p->recipient[0].domain, row->domain) == 0)
			return p;
	return NULL;
}

/* Returns whether the load has as many parcels of this domain as it may. */
static bool
is_full(const struct parcel_load *load, const struct recipient *row)
{
	size_t count = 0;

	for (struct parcel *p = load->first; p != NULL; p = p->next) {
		if (strcmp(p->recipient[0].domain, row->domain) != 0)
			continue;
		if (p->content->row.id == row->message)
			return false; /* it goes along */
		count++;
	}
	return count >= PARCEL_DOMAIN_NEW;
}

static struct parcel *
make_parcel(struct loading *l, struct parcel_content *content,
	    const struct parcel_fault *fault)
{
	struct parcel *parcel = mem_new(sizeof(*parcel));

	parcel->content = content;
	parcel->fault = fault;
	content->users++;
	*l->end = parcel;
	l->end = &parcel->next;
	l->load->mails++;
	return parcel;
}

static bool
is_busy(const struct parcel_load *load, const char *domain)
{
	for (size_t i = 0; i < load->busy_len; i++)
		if (strcmp(load->busy[i], domain) == 0)
			return true;
	return false;
}

/* Takes a recipient into a parcel, or leaves it queued. */
static bool
take(struct loading *l, struct recipient *row, struct error *reterr)
{
	struct parcel_load *load = l->load;
	const struct parcel_fault *fault;
	struct parcel_content *content;
	struct parcel *parcel;
	struct dname domain;
	struct path path = {.len = 0};
	size_t one = 1;

	if (is_full(load, row))
		return true;
	if (!get_content(l, row->message, &content, reterr))
		return false;
	if (content == NULL)
		return true;
	fault = content->fault;
	if (path_parse(span_of(row->address), &path) != PATH_OK ||
	    path_is_null(&path) ||
	    dname_parse(span_of(row->domain), &domain) != DNAME_OK)
		fault = &bad_recipient;
	parcel = find_parcel(load, row, fault);
	if (parcel == NULL && load->mails == load->mails_max) {
		load->cut = load->lacking = true;
		return true;
	}
	if (!store_recipient_claim(l->store, row, &one, load->now, reterr))
		return false;
	if (one == 0)
		return true;
	if (parcel == NULL)
		parcel = make_parcel(l, content, fault);
	if (fault == NULL)
		parcel->mail.domain = domain;
	add_recipient(parcel, row, &path);
	l->served = row->domain;
	return true;
}

/* Takes what is due, as far as there is room. */
static bool
take_due(struct loading *l, struct error *reterr)
{
	struct parcel_load *load = l->load;
	char cursor[STORE_DOMAIN_SIZE];
	uint64_t count;

	if (load->requeue &&
	    !store_recipient_requeue(l->store, load->now, &count, reterr))
		return false;
	memcpy(cursor, load->cursor, sizeof(cursor));
	if (!store_recipient_due(l->store, load->now, PARCEL_DOMAIN_MAX, cursor,
				 l->row, PARCEL_LOAD_MAX, &l->rows, reterr))
		return false;
	for (size_t i = 0; i < l->rows && !load->cut; i++)
		if (!is_busy(load, l->row[i].domain) &&
		    !take(l, &l->row[i], reterr))
			return false;
	if (!store_recipient_next_attempt(l->store, &load->next, reterr))
		return false;
	/* What there was no room for is the first in turn. */
	if (!load->cut)
		memcpy(load->cursor, cursor, sizeof(cursor));
	else if (l->served != NULL)
		memcpy(load->cursor, l->served, sizeof(cursor));
	return true;
}

/* What the mailer needs to see of a parcel that is complete. */
static void
address_parcel(struct parcel *parcel)
{
	const struct parcel_content *content = parcel->content;
	struct mail *mail = &parcel->mail;

	mail->sender = content->sender;
	mail->recipient = parcel->path;
	mail->recipients = parcel->len;
	mail->part[0] = buf_span(&content->data);
	mail->parts = 1;
	mail->facts = content->facts;
	mail->require_tls = content->row.require_tls;
}

bool
parcel_load(struct parcel_load *load, struct store *store, struct error *reterr)
{
	struct loading l = {.load = load, .store = store, .end = &load->first};
	bool ok;

	l.row = mem_array(PARCEL_LOAD_MAX, sizeof(*l.row));
	ok = take_due(&l, reterr);
	while (!ok && load->first != NULL) {
		struct parcel *parcel = load->first;

		load->first = parcel->next;
		parcel->content->users--;
		parcel->content = NULL;
		parcel_free(parcel);
	}
	while (l.contents != NULL) {
		struct parcel_content *content = l.contents;

		l.contents = content->next;
		if (content->users > 0)
			continue;
		load->octets -= content->row.size;
		content_free(content);
	}
	for (struct parcel *p = load->first; p != NULL; p = p->next)
		address_parcel(p);
	free(l.row);
	return ok;
}

bool
parcel_keep(struct parcel *parcel, struct store *store, struct error *reterr)
{
	for (size_t i = 0; i < parcel->len; i++) {
		struct event *event =
			parcel->event != NULL ? &parcel->event[i] : NULL;
		struct error why;

		if (!store_recipient_update(store, &parcel->recipient[i],
					    &why)) {
			if (why.code == ERROR_NOT_FOUND)
				continue;
			*reterr = why;
			return false;
		}
		if (event != NULL && event->kind[0] != '\0' &&
		    !store_event_add(store, event, reterr))
			return false;
	}
	return true;
}

void
parcel_result(struct parcel *parcel, size_t i, const struct smtp_result *result,
	      const char *host, int64_t now, uint64_t entropy)
{
	if (parcel->event == NULL)
		parcel->event = mem_array(parcel->len, sizeof(*parcel->event));
	outcome_apply(&parcel->content->row, parcel->content->identity, result,
		      host, now, entropy, &parcel->recipient[i],
		      &parcel->event[i]);
}

void
parcel_fail(struct parcel *parcel, int64_t now)
{
	struct smtp_result result = {.outcome = SMTP_FAILED,
				     .phase = SMTP_PHASE_ROUTE};

	snprintf(result.enhanced, sizeof(result.enhanced), "%s",
		 parcel->fault->enhanced);
	snprintf(result.text, sizeof(result.text), "%s", parcel->fault->text);
	for (size_t i = 0; i < parcel->len; i++)
		parcel_result(parcel, i, &result, "", now, 0);
}

void
parcel_requeue(struct parcel *parcel, int64_t now, int64_t due)
{
	for (size_t i = 0; i < parcel->len; i++) {
		struct recipient *r = &parcel->recipient[i];

		r->state = RECIPIENT_QUEUED;
		r->updated = now;
		if (r->next_attempt < due)
			r->next_attempt = due;
	}
}

size_t
parcel_drop(struct parcel *parcel)
{
	struct parcel_content *content = take_ptr(&parcel->content);
	size_t octets;

	if (content == NULL || --content->users > 0)
		return 0;
	octets = content->row.size;
	content_free(content);
	return octets;
}

void
parcel_free(struct parcel *parcel)
{
	if (parcel == NULL)
		return;
	free(parcel->recipient);
	free(parcel->path);
	free(parcel->event);
	free(parcel);
}
