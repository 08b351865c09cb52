/* SPDX-License-Identifier: Apache-2.0 */
/* Identities. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "store/query.h"

static void
write_standing(struct query *q, const struct standing *st)
{
	query_write_int(q, st->status);
	query_write_int(q, st->since);
	query_write_int(q, st->confirmed);
}

static void
read_standing(struct query *q, struct standing *st)
{
	st->status = query_read_enum(q, SES_TEMPORARY_FAILURE);
	st->since = query_read_time(q);
	st->confirmed = query_read_time(q);
}

/* Writes what IDENTITY_COLUMNS in statements.def names, in its order. */
static void
write_identity(struct query *q, const struct identity *i)
{
	query_write_text(q, i->account);
	query_write_text(q, i->name);
	query_write_int(q, i->type);
	query_write_int(q, i->created);
	query_write_text(q, i->configuration_set);
	query_write_int(q, i->feedback_forwarding);
	write_standing(q, &i->verification);
	query_write_int(q, i->error);
	query_write_int(q, i->last_checked);
	query_write_int(q, i->last_success);
	query_write_text(q, i->soa_primary);
	query_write_text(q, i->soa_admin);
	query_write_int(q, i->soa_serial);
	write_standing(q, &i->dkim);
	query_write_int(q, i->signing_enabled);
	query_write_int(q, i->origin);
	query_write_int(q, i->next_length);
	query_write_int(q, i->current_length);
	query_write_int(q, i->key_generated);
	query_write_int(q, i->length_changed);
	for (size_t t = 0; t < STORE_TOKENS; t++)
		query_write_text(q, i->token[t]);
	query_write_text(q, i->mail_from);
	write_standing(q, &i->mail_from_standing);
	query_write_int(q, i->on_mx_failure);
	query_write_int(q, i->next_check);
	query_write_int(q, i->check_from);
}

/* The length of a key is stored as its bits. */
static enum ses_key_length
read_length(struct query *q)
{
	unsigned bits = query_read_enum(q, SES_RSA_2048_BIT);

	if (bits != 0 && bits != SES_RSA_1024_BIT && bits != SES_RSA_2048_BIT)
		q->unsound = true;
	return bits;
}

QUERY_READER(read_identity)
{
	struct identity *i = row;

	i->id = query_read_id(q);
	i->version = query_read_id(q);
	query_read_text(q, i->account, sizeof(i->account));
	query_read_text(q, i->name, sizeof(i->name));
	i->type = query_read_enum(q, SES_EMAIL_ADDRESS);
	i->created = query_read_time(q);
	query_read_text(q, i->configuration_set, sizeof(i->configuration_set));
	i->feedback_forwarding = query_read_bool(q);
	read_standing(q, &i->verification);
	i->error = query_read_enum(q, SES_ERROR_INVALID_VALUE);
	i->last_checked = query_read_time(q);
	i->last_success = query_read_time(q);
	query_read_text(q, i->soa_primary, sizeof(i->soa_primary));
	query_read_text(q, i->soa_admin, sizeof(i->soa_admin));
	i->soa_serial = (uint32_t)query_read_int(q, 0, UINT32_MAX);
	read_standing(q, &i->dkim);
	i->signing_enabled = query_read_bool(q);
	i->origin = query_read_enum(q, SES_ORIGIN_EXTERNAL);
	i->next_length = read_length(q);
	i->current_length = (int)query_read_int(q, 0, 65536);
	i->key_generated = query_read_time(q);
	i->length_changed = query_read_time(q);
	for (size_t t = 0; t < STORE_TOKENS; t++)
		query_read_text(q, i->token[t], sizeof(i->token[t]));
	query_read_text(q, i->mail_from, sizeof(i->mail_from));
	read_standing(q, &i->mail_from_standing);
	i->on_mx_failure = query_read_enum(q, SES_REJECT_MESSAGE);
	i->next_check = query_read_time(q);
	i->check_from = query_read_time(q);
}

/* Runs a query that lists identities. */
static bool
list(struct query *q, struct identity *ret, size_t room, size_t *ret_len,
     struct error *reterr)
{
	return query_list(q, read_identity, ret, sizeof(*ret), room, ret_len,
			  reterr);
}

struct fresh {
	uint64_t id;
	uint64_t version;
};

QUERY_READER(read_fresh)
{
	struct fresh *fresh = row;

	fresh->id = query_read_id(q);
	fresh->version = query_read_id(q);
}

bool
store_identity_add(struct store *s, struct identity *i, struct error *reterr)
{
	struct query q;
	struct fresh fresh;

	query_init(&q, s, STATEMENT_IDENTITY_ADD);
	write_identity(&q, i);
	if (!query_one(&q, read_fresh, &fresh, sizeof(fresh), "identity",
		       reterr))
		return false;
	i->id = fresh.id;
	i->version = fresh.version;
	return true;
}

bool
store_identity_get(struct store *s, const char *account, const char *name,
		   struct identity *ret, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_IDENTITY_GET);
	query_write_text(&q, account);
	query_write_text(&q, name);
	return query_one(&q, read_identity, ret, sizeof(*ret), "identity",
			 reterr);
}

bool
store_identity_get_by_id(struct store *s, uint64_t id, struct identity *ret,
			 struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_IDENTITY_BY_ID);
	query_write_id(&q, id);
	return query_one(&q, read_identity, ret, sizeof(*ret), "identity",
			 reterr);
}

QUERY_READER(read_version)
{
	uint64_t *version = row;

	*version = query_read_id(q);
}

bool
store_identity_update(struct store *s, struct identity *i, struct error *reterr)
{
	struct query q;
	struct identity now;
	struct error why;

	query_init(&q, s, STATEMENT_IDENTITY_UPDATE);
	write_identity(&q, i);
	query_write_id(&q, i->id);
	query_write_id(&q, i->version);
	if (query_one(&q, read_version, &i->version, sizeof(i->version),
		      "identity", &why))
		return true;
	if (why.code == ERROR_NOT_FOUND &&
	    store_identity_get_by_id(s, i->id, &now, &why))
		return error_set(reterr, ERROR_CONCURRENT,
				 "%s was changed at the same time", i->name);
	*reterr = why;
	return false;
}

/* Who owned an identity that was deleted, and what it was called. */
struct deleted {
	char account[STORE_ACCOUNT_SIZE];
	char name[STORE_NAME_SIZE];
};

QUERY_READER(read_deleted)
{
	struct deleted *d = row;

	query_read_text(q, d->account, sizeof(d->account));
	query_read_text(q, d->name, sizeof(d->name));
}

/* Deletes what belongs to an identity, and retires its tokens. */
static bool
delete_rest(struct store *s, uint64_t id, const struct deleted *gone,
	    int64_t now, struct error *reterr)
{
	char resource[STORE_RESOURCE_SIZE], seen[40];
	struct query q;

	snprintf(resource, sizeof(resource), "identity/%s", gone->name);
	snprintf(seen, sizeof(seen), "seen.%" PRIu64, id);
	if (!store_setting_delete(s, seen, reterr) ||
	    !store_document_delete_all(s, gone->account,
				       DOCUMENT_IDENTITY_POLICY, gone->name,
				       reterr))
		return false;
	query_init(&q, s, STATEMENT_TAG_DELETE_ALL);
	query_write_text(&q, gone->account);
	query_write_text(&q, resource);
	if (!query_run(&q, NULL, reterr))
		return false;
	query_init(&q, s, STATEMENT_KEY_DELETE_ALL);
	query_write_id(&q, id);
	if (!query_run(&q, NULL, reterr))
		return false;
	query_init(&q, s, STATEMENT_TOKEN_RETIRE);
	query_write_int(&q, now);
	query_write_id(&q, id);
	return query_run(&q, NULL, reterr);
}

bool
store_identity_delete(struct store *s, uint64_t id, int64_t now,
		      struct error *reterr)
{
	struct query q;
	struct deleted gone;
	bool ok;

	if (!sqlite_part_begin(s, reterr))
		return false;
	query_init(&q, s, STATEMENT_IDENTITY_DELETE);
	query_write_id(&q, id);
	ok = query_one(&q, read_deleted, &gone, sizeof(gone), "identity",
		       reterr) &&
	     delete_rest(s, id, &gone, now, reterr);
	return sqlite_part_end(s, ok, reterr);
}

bool
store_identity_list(struct store *s, const char *account, const char *after,
		    const struct identity_filter *filter, struct identity *ret,
		    size_t room, size_t *ret_len, struct error *reterr)
{
	static const struct identity_filter any;
	CLEANUP(buf_release)
	struct buf pattern = BUF_INIT(2 * STORE_NAME_SIZE + 2);
	struct query q;

	if (filter == NULL)
		filter = &any;
	query_pattern(filter->contains, &pattern);
	query_init(&q, s, STATEMENT_IDENTITY_LIST);
	query_write_text(&q, account);
	query_write_text(&q, after);
	query_write_int(&q, filter->type);
	query_write_int(&q, filter->verification);
	query_write_span(&q, buf_span(&pattern));
	query_write_id(&q, room);
	return list(&q, ret, room, ret_len, reterr);
}

bool
store_identity_find(struct store *s, const char *account,
		    const struct span *names, size_t count,
		    struct identity *ret, size_t *ret_len, struct error *reterr)
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		struct query q;
		size_t one;

		query_init(&q, s, STATEMENT_IDENTITY_GET);
		query_write_text(&q, account);
		query_write_span(&q, names[i]);
		if (!list(&q, ret + len, 1, &one, reterr))
			return false;
		len += one;
	}
	*ret_len = len;
	return true;
}

bool
store_identity_named(struct store *s, const char *name, struct identity *ret,
		     size_t room, size_t *ret_len, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_IDENTITY_NAMED);
	query_write_text(&q, name);
	query_write_id(&q, room);
	return list(&q, ret, room, ret_len, reterr);
}

bool
store_identity_count(struct store *s, const char *account, uint64_t *ret,
		     struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_IDENTITY_COUNT);
	query_write_text(&q, account);
	return query_count(&q, ret, reterr);
}

bool
store_identity_due(struct store *s, int64_t time, struct identity *ret,
		   size_t room, size_t *ret_len, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_IDENTITY_DUE);
	query_write_int(&q, time);
	query_write_id(&q, room);
	return list(&q, ret, room, ret_len, reterr);
}

bool
store_identity_next_check(struct store *s, int64_t *ret, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_IDENTITY_NEXT_CHECK);
	return query_earliest(&q, ret, reterr);
}

bool
store_identity_unkeyed(struct store *s, uint64_t after, struct identity *ret,
		       size_t room, size_t *ret_len, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_IDENTITY_UNKEYED);
	query_write_id(&q, after);
	query_write_id(&q, room);
	return list(&q, ret, room, ret_len, reterr);
}
