/* SPDX-License-Identifier: Apache-2.0 */
/* The queue: messages, their data and their recipients. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/query.h"

/* The spans in which what is sent is counted: ten minutes. */
#define SENT_SPAN_MS 600000
/* Most messages that one purge deletes in one go. */
#define PURGE_MAX 1000

QUERY_READER(read_message)
{
	struct message *m = row;

	m->id = query_read_id(q);
	query_read_text(q, m->message_id, sizeof(m->message_id));
	query_read_text(q, m->account, sizeof(m->account));
	m->identity = query_read_id(q);
	query_read_text(q, m->mail_from, sizeof(m->mail_from));
	m->fell_back = query_read_bool(q);
	m->created = query_read_time(q);
	m->size = query_read_id(q);
	m->finished = query_read_time(q);
	m->require_tls = query_read_bool(q);
	m->max_age = query_read_time(q);
}

QUERY_READER(read_recipient)
{
	struct recipient *r = row;

	r->id = query_read_id(q);
	r->message = query_read_id(q);
	query_read_text(q, r->address, sizeof(r->address));
	query_read_text(q, r->domain, sizeof(r->domain));
	r->state = query_read_enum(q, RECIPIENT_FAILED);
	r->attempts = (uint32_t)query_read_int(q, 0, UINT32_MAX);
	r->next_attempt = query_read_time(q);
	query_read_text(q, r->reply, sizeof(r->reply));
	query_read_text(q, r->remote, sizeof(r->remote));
	r->tls = query_read_bool(q);
	r->updated = query_read_time(q);
}

static bool
add_data(struct store *s, uint64_t message, struct span data,
	 struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_DATA_ADD);
	query_write_id(&q, message);
	query_write_blob(&q, data.ptr, data.len);
	return query_run(&q, NULL, reterr);
}

static bool
add_recipient(struct store *s, struct recipient *r, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_RECIPIENT_ADD);
	query_write_id(&q, r->message);
	query_write_text(&q, r->address);
	query_write_text(&q, r->domain);
	query_write_int(&q, r->state);
	query_write_int(&q, r->attempts);
	query_write_int(&q, r->next_attempt);
	query_write_text(&q, r->reply);
	query_write_text(&q, r->remote);
	query_write_int(&q, r->tls);
	query_write_int(&q, r->updated);
	return query_count(&q, &r->id, reterr);
}

static bool
count_sent(struct store *s, const struct message *m, size_t count,
	   struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_SENT_ADD);
	query_write_text(&q, m->account);
	query_write_int(&q, m->created / SENT_SPAN_MS);
	query_write_id(&q, count);
	return query_run(&q, NULL, reterr);
}

static bool
add_message(struct store *s, struct message *m, struct span data,
	    struct recipient *recipients, size_t count, struct error *reterr)
{
	struct query q;
	bool open = false;

	query_init(&q, s, STATEMENT_MESSAGE_ADD);
	query_write_text(&q, m->message_id);
	query_write_text(&q, m->account);
	query_write_id(&q, m->identity);
	query_write_text(&q, m->mail_from);
	query_write_int(&q, m->fell_back);
	query_write_int(&q, m->created);
	query_write_id(&q, data.len);
	query_write_int(&q, m->require_tls);
	query_write_int(&q, m->max_age);
	if (!query_count(&q, &m->id, reterr) ||
	    !add_data(s, m->id, data, reterr))
		return false;
	for (size_t i = 0; i < count; i++) {
		recipients[i].message = m->id;
		if (!add_recipient(s, &recipients[i], reterr))
			return false;
		open = open || recipients[i].state == RECIPIENT_QUEUED;
	}
	if (!open) {
		/* Nobody is left to send it to. */
		m->finished = m->created;
		query_init(&q, s, STATEMENT_MESSAGE_FINISH);
		query_write_int(&q, m->finished);
		query_write_id(&q, m->id);
		if (!query_run(&q, NULL, reterr))
			return false;
	}
	return count_sent(s, m, count, reterr);
}

bool
store_message_add(struct store *s, struct message *m, struct span data,
		  struct recipient *recipients, size_t count,
		  struct error *reterr)
{
	bool ok;

	assert(count > 0);
	if (data.len > STORE_DATA_MAX)
		return error_set(reterr, ERROR_TOO_LARGE,
				 "the message is above %zu octets",
				 STORE_DATA_MAX);
	m->size = data.len;
	m->finished = 0;
	if (!sqlite_part_begin(s, reterr))
		return false;
	ok = add_message(s, m, data, recipients, count, reterr);
	return sqlite_part_end(s, ok, reterr);
}

bool
store_message_get(struct store *s, uint64_t id, struct message *ret,
		  struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_MESSAGE_GET);
	query_write_id(&q, id);
	return query_one(&q, read_message, ret, sizeof(*ret), "message",
			 reterr);
}

bool
store_message_find(struct store *s, const char *message_id, struct message *ret,
		   struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_MESSAGE_BY_MESSAGE_ID);
	query_write_text(&q, message_id);
	return query_one(&q, read_message, ret, sizeof(*ret), "message",
			 reterr);
}

bool
store_message_data(struct store *s, uint64_t id, struct buf *ret,
		   struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_DATA_GET);
	query_write_id(&q, id);
	return query_append(&q, ret, "message data", reterr);
}

bool
store_recipient_list(struct store *s, uint64_t message, uint64_t after,
		     struct recipient *ret, size_t room, size_t *ret_len,
		     struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_RECIPIENT_LIST);
	query_write_id(&q, message);
	query_write_id(&q, after);
	query_write_id(&q, room);
	return query_list(&q, read_recipient, ret, sizeof(*ret), room, ret_len,
			  reterr);
}

bool
store_recipient_get(struct store *s, uint64_t id, struct recipient *ret,
		    struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_RECIPIENT_GET);
	query_write_id(&q, id);
	return query_one(&q, read_recipient, ret, sizeof(*ret), "recipient",
			 reterr);
}

/* The name of a domain that has recipients queued. */
struct domain {
	char name[STORE_DOMAIN_SIZE];
};

QUERY_READER(read_domain)
{
	struct domain *d = row;

	query_read_text(q, d->name, sizeof(d->name));
}

/* Gets the first domain behind *d with recipients queued; *ret_len 0: none. */
static bool
next_domain(struct store *s, struct domain *d, size_t *ret_len,
	    struct error *reterr)
{
	struct query q;
	struct domain next;

	query_init(&q, s, STATEMENT_RECIPIENT_DOMAIN);
	query_write_text(&q, d->name);
	if (!query_list(&q, read_domain, &next, sizeof(next), 1, ret_len,
			reterr))
		return false;
	if (*ret_len > 0)
		*d = next;
	return true;
}

bool
store_recipient_due(struct store *s, int64_t time, size_t per_domain,
		    char cursor[STORE_DOMAIN_SIZE], struct recipient *ret,
		    size_t room, size_t *ret_len, struct error *reterr)
{
	struct domain d;
	size_t len = 0, more = 1;

	assert(per_domain > 0);
	memcpy(d.name, cursor, sizeof(d.name));
	for (int seen = 0; len < room && seen < STORE_SCAN_MAX; seen++) {
		struct query q;
		size_t some = per_domain < room - len ? per_domain : room - len;

		if (!next_domain(s, &d, &more, reterr))
			return false;
		if (more == 0)
			break;
		query_init(&q, s, STATEMENT_RECIPIENT_DUE);
		query_write_text(&q, d.name);
		query_write_int(&q, time);
		query_write_id(&q, some);
		if (!query_list(&q, read_recipient, ret + len, sizeof(*ret),
				some, &some, reterr))
			return false;
		len += some;
	}
	if (more == 0)
		cursor[0] = '\0';
	else
		memcpy(cursor, d.name, sizeof(d.name));
	*ret_len = len;
	return true;
}

bool
store_recipient_next_attempt(struct store *s, int64_t *ret,
			     struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_RECIPIENT_NEXT_ATTEMPT);
	return query_earliest(&q, ret, reterr);
}

static bool
claim(struct store *s, struct recipient *r, size_t *len, int64_t now,
      struct error *reterr)
{
	size_t kept = 0;

	for (size_t i = 0; i < *len; i++) {
		struct query q;
		uint64_t changed;

		query_init(&q, s, STATEMENT_RECIPIENT_CLAIM);
		query_write_int(&q, now);
		query_write_id(&q, r[i].id);
		if (!query_run(&q, &changed, reterr))
			return false;
		if (changed == 0)
			continue;
		if (kept != i)
			r[kept] = r[i];
		r[kept].state = RECIPIENT_SENDING;
		r[kept++].updated = now;
	}
	*len = kept;
	return true;
}

bool
store_recipient_claim(struct store *s, struct recipient *r, size_t *len,
		      int64_t now, struct error *reterr)
{
	if (!sqlite_part_begin(s, reterr))
		return false;
	return sqlite_part_end(s, claim(s, r, len, now, reterr), reterr);
}

static bool
update(struct store *s, const struct recipient *r, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_RECIPIENT_UPDATE);
	query_write_int(&q, r->state);
	query_write_int(&q, r->attempts);
	query_write_int(&q, r->next_attempt);
	query_write_text(&q, r->reply);
	query_write_text(&q, r->remote);
	query_write_int(&q, r->tls);
	query_write_int(&q, r->updated);
	query_write_id(&q, r->id);
	query_write_id(&q, r->message);
	if (!query_run_one(&q, "recipient", reterr))
		return false;
	if (r->state != RECIPIENT_DELIVERED && r->state != RECIPIENT_FAILED)
		return true;
	query_init(&q, s, STATEMENT_MESSAGE_FINISH);
	query_write_int(&q, r->updated);
	query_write_id(&q, r->message);
	return query_run(&q, NULL, reterr);
}

bool
store_recipient_update(struct store *s, const struct recipient *r,
		       struct error *reterr)
{
	if (!sqlite_part_begin(s, reterr))
		return false;
	return sqlite_part_end(s, update(s, r, reterr), reterr);
}

bool
store_recipient_requeue(struct store *s, int64_t now, uint64_t *ret,
			struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_RECIPIENT_REQUEUE);
	query_write_int(&q, now);
	return query_run(&q, ret, reterr);
}

bool
store_queued_count(struct store *s, const char *account, uint64_t *ret,
		   struct error *reterr)
{
	struct query q;

	if (account == NULL) {
		query_init(&q, s, STATEMENT_QUEUED_ALL);
	} else {
		query_init(&q, s, STATEMENT_QUEUED_OF);
		query_write_text(&q, account);
	}
	return query_count(&q, ret, reterr);
}

bool
store_sent_count(struct store *s, const char *account, int64_t since,
		 uint64_t *ret, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_SENT_SUM);
	query_write_text(&q, account);
	query_write_int(&q, since / SENT_SPAN_MS);
	return query_count(&q, ret, reterr);
}

QUERY_READER(read_id)
{
	uint64_t *id = row;

	*id = query_read_id(q);
}

/* Lists at most PURGE_MAX messages that `which` finds, with time and limit. */
static bool
list_finished(struct store *s, enum statement which, int64_t time, size_t limit,
	      uint64_t *ret, size_t *ret_len, struct error *reterr)
{
	struct query q;

	query_init(&q, s, which);
	query_write_int(&q, time);
	query_write_id(&q, limit < PURGE_MAX ? limit : PURGE_MAX);
	return query_list(&q, read_id, ret, sizeof(*ret), PURGE_MAX, ret_len,
			  reterr);
}

/* Runs `which` of the statements that delete something of a message. */
static bool
delete_of(struct store *s, enum statement which, uint64_t message,
	  struct error *reterr)
{
	struct query q;

	query_init(&q, s, which);
	query_write_id(&q, message);
	return query_run(&q, NULL, reterr);
}

/* Runs the `count` statements `how` on each message that `which` finds. */
static bool
purge(struct store *s, enum statement which, const enum statement *how,
      size_t count, int64_t time, size_t limit, uint64_t *ret,
      struct error *reterr)
{
	uint64_t *ids = mem_array(PURGE_MAX, sizeof(*ids));
	size_t len = 0;
	bool ok = list_finished(s, which, time, limit, ids, &len, reterr);

	for (size_t i = 0; ok && i < len; i++)
		for (size_t j = 0; ok && j < count; j++)
			ok = delete_of(s, how[j], ids[i], reterr);
	free(ids);
	if (ok)
		*ret = len;
	return ok;
}

bool
store_data_purge(struct store *s, int64_t time, size_t limit, uint64_t *ret,
		 struct error *reterr)
{
	static const enum statement how[] = {STATEMENT_DATA_DELETE};

	if (!sqlite_part_begin(s, reterr))
		return false;
	return sqlite_part_end(s,
			       purge(s, STATEMENT_DATA_FINISHED, how,
				     COUNT(how), time, limit, ret, reterr),
			       reterr);
}

bool
store_message_purge(struct store *s, int64_t time, size_t limit, uint64_t *ret,
		    struct error *reterr)
{
	static const enum statement how[] = {
		STATEMENT_DATA_DELETE,
		STATEMENT_RECIPIENT_DELETE,
		STATEMENT_MESSAGE_DELETE,
	};

	if (!sqlite_part_begin(s, reterr))
		return false;
	return sqlite_part_end(s,
			       purge(s, STATEMENT_MESSAGE_FINISHED, how,
				     COUNT(how), time, limit, ret, reterr),
			       reterr);
}

bool
store_sent_purge(struct store *s, int64_t time, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_SENT_PURGE);
	query_write_int(&q, time / SENT_SPAN_MS);
	return query_run(&q, NULL, reterr);
}
