/* SPDX-License-Identifier: Apache-2.0 */
/* Settings, accounts, and what only belongs to an account. */
#include <stdio.h>

#include "store/query.h"

bool
store_setting_get(struct store *s, const char *key, struct buf *ret,
		  struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_SETTING_GET);
	query_write_text(&q, key);
	return query_append(&q, ret, "setting", reterr);
}

bool
store_setting_put(struct store *s, const char *key, struct span value,
		  struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_SETTING_PUT);
	query_write_text(&q, key);
	query_write_blob(&q, value.ptr, value.len);
	return query_run(&q, NULL, reterr);
}

bool
store_setting_delete(struct store *s, const char *key, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_SETTING_DELETE);
	query_write_text(&q, key);
	return query_run(&q, NULL, reterr);
}

QUERY_READER(read_account)
{
	struct account *a = row;

	query_read_text(q, a->id, sizeof(a->id));
	a->created = query_read_time(q);
}

bool
store_account_add(struct store *s, const struct account *a,
		  struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_ACCOUNT_ADD);
	query_write_text(&q, a->id);
	query_write_int(&q, a->created);
	return query_run(&q, NULL, reterr);
}

bool
store_account_get(struct store *s, const char *id, struct account *ret,
		  struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_ACCOUNT_GET);
	query_write_text(&q, id);
	return query_one(&q, read_account, ret, sizeof(*ret), "account",
			 reterr);
}

bool
store_account_list(struct store *s, const char *after, struct account *ret,
		   size_t room, size_t *ret_len, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_ACCOUNT_LIST);
	query_write_text(&q, after);
	query_write_id(&q, room);
	return query_list(&q, read_account, ret, sizeof(*ret), room, ret_len,
			  reterr);
}

QUERY_READER(read_access_key)
{
	struct access_key *k = row;

	query_read_text(q, k->id, sizeof(k->id));
	query_read_text(q, k->account, sizeof(k->account));
	query_read_blob(q, k->sealed, sizeof(k->sealed), &k->sealed_len);
	k->created = query_read_time(q);
	k->permission = query_read_enum(q, ACCESS_READ);
	if (k->permission == 0)
		q->unsound = true;
	k->disabled = query_read_bool(q);
	k->used = query_read_time(q);
}

bool
store_access_key_add(struct store *s, const struct access_key *k,
		     struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_ACCESS_KEY_ADD);
	query_write_text(&q, k->id);
	query_write_text(&q, k->account);
	query_write_blob(&q, k->sealed, k->sealed_len);
	query_write_int(&q, k->created);
	query_write_int(&q, k->permission);
	query_write_int(&q, k->disabled);
	query_write_int(&q, k->used);
	return query_run(&q, NULL, reterr);
}

bool
store_access_key_get(struct store *s, const char *id, struct access_key *ret,
		     struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_ACCESS_KEY_GET);
	query_write_text(&q, id);
	return query_one(&q, read_access_key, ret, sizeof(*ret), "access key",
			 reterr);
}

bool
store_access_key_list(struct store *s, const char *account, const char *after,
		      struct access_key *ret, size_t room, size_t *ret_len,
		      struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_ACCESS_KEY_LIST);
	query_write_text(&q, account);
	query_write_text(&q, after);
	query_write_id(&q, room);
	return query_list(&q, read_access_key, ret, sizeof(*ret), room, ret_len,
			  reterr);
}

bool
store_access_key_update(struct store *s, const struct access_key *k,
			struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_ACCESS_KEY_UPDATE);
	query_write_int(&q, k->permission);
	query_write_int(&q, k->disabled);
	query_write_text(&q, k->account);
	query_write_text(&q, k->id);
	return query_run_one(&q, "access key", reterr);
}

bool
store_access_key_used(struct store *s, const char *id, int64_t time,
		      struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_ACCESS_KEY_USED);
	query_write_int(&q, time);
	query_write_text(&q, id);
	return query_run(&q, NULL, reterr);
}

bool
store_access_key_delete(struct store *s, const char *account, const char *id,
			struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_ACCESS_KEY_DELETE);
	query_write_text(&q, account);
	query_write_text(&q, id);
	return query_run_one(&q, "access key", reterr);
}

QUERY_READER(read_set)
{
	struct configuration_set *c = row;

	query_read_text(q, c->account, sizeof(c->account));
	query_read_text(q, c->name, sizeof(c->name));
	c->created = query_read_time(q);
	query_read_text(q, c->options, sizeof(c->options));
}

bool
store_set_add(struct store *s, const struct configuration_set *c,
	      struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_SET_ADD);
	query_write_text(&q, c->account);
	query_write_text(&q, c->name);
	query_write_int(&q, c->created);
	query_write_text(&q, c->options);
	return query_run(&q, NULL, reterr);
}

bool
store_set_get(struct store *s, const char *account, const char *name,
	      struct configuration_set *ret, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_SET_GET);
	query_write_text(&q, account);
	query_write_text(&q, name);
	return query_one(&q, read_set, ret, sizeof(*ret), "configuration set",
			 reterr);
}

bool
store_set_update(struct store *s, const struct configuration_set *c,
		 struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_SET_UPDATE);
	query_write_text(&q, c->options);
	query_write_text(&q, c->account);
	query_write_text(&q, c->name);
	return query_run_one(&q, "configuration set", reterr);
}

bool
store_set_list(struct store *s, const char *account, const char *after,
	       const char *contains, struct configuration_set *ret, size_t room,
	       size_t *ret_len, struct error *reterr)
{
	CLEANUP(buf_release)
	struct buf pattern = BUF_INIT(2 * STORE_NAME_SIZE + 2);
	struct query q;

	query_pattern(contains, &pattern);
	query_init(&q, s, STATEMENT_SET_LIST);
	query_write_text(&q, account);
	query_write_text(&q, after);
	query_write_span(&q, buf_span(&pattern));
	query_write_id(&q, room);
	return query_list(&q, read_set, ret, sizeof(*ret), room, ret_len,
			  reterr);
}

bool
store_set_delete(struct store *s, const char *account, const char *name,
		 struct error *reterr)
{
	char resource[STORE_RESOURCE_SIZE];
	struct query q;
	bool ok;

	snprintf(resource, sizeof(resource), "configuration-set/%s", name);
	if (!sqlite_part_begin(s, reterr))
		return false;
	query_init(&q, s, STATEMENT_SET_DELETE);
	query_write_text(&q, account);
	query_write_text(&q, name);
	ok = query_run_one(&q, "configuration set", reterr);
	if (ok) {
		query_init(&q, s, STATEMENT_TAG_DELETE_ALL);
		query_write_text(&q, account);
		query_write_text(&q, resource);
		ok = query_run(&q, NULL, reterr) &&
		     store_document_delete_all(s, account,
					       DOCUMENT_EVENT_DESTINATION, name,
					       reterr);
	}
	return sqlite_part_end(s, ok, reterr);
}

QUERY_READER(read_tag)
{
	struct tag_row *t = row;

	query_read_text(q, t->key, sizeof(t->key));
	query_read_text(q, t->value, sizeof(t->value));
}

/* Fails if the resource has more tags than it may. */
static bool
check_tags(struct store *s, const char *account, const char *resource,
	   struct error *reterr)
{
	struct query q;
	uint64_t count;

	query_init(&q, s, STATEMENT_TAG_COUNT);
	query_write_text(&q, account);
	query_write_text(&q, resource);
	if (!query_count(&q, &count, reterr))
		return false;
	if (count > STORE_TAGS_MAX)
		return error_set(reterr, ERROR_LIMIT_EXCEEDED,
				 "a resource may have at most %d tags",
				 STORE_TAGS_MAX);
	return true;
}

bool
store_tag_put(struct store *s, const char *account, const char *resource,
	      const struct tag_row *t, struct error *reterr)
{
	struct query q;
	bool ok;

	if (!sqlite_part_begin(s, reterr))
		return false;
	query_init(&q, s, STATEMENT_TAG_PUT);
	query_write_text(&q, account);
	query_write_text(&q, resource);
	query_write_text(&q, t->key);
	query_write_text(&q, t->value);
	ok = query_run(&q, NULL, reterr) &&
	     check_tags(s, account, resource, reterr);
	return sqlite_part_end(s, ok, reterr);
}

bool
store_tag_list(struct store *s, const char *account, const char *resource,
	       struct tag_row ret[STORE_TAGS_MAX], size_t *ret_len,
	       struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_TAG_LIST);
	query_write_text(&q, account);
	query_write_text(&q, resource);
	query_write_int(&q, STORE_TAGS_MAX);
	return query_list(&q, read_tag, ret, sizeof(*ret), STORE_TAGS_MAX,
			  ret_len, reterr);
}

bool
store_tag_delete(struct store *s, const char *account, const char *resource,
		 const char *key, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_TAG_DELETE);
	query_write_text(&q, account);
	query_write_text(&q, resource);
	query_write_text(&q, key);
	return query_run(&q, NULL, reterr);
}

QUERY_READER(read_suppressed)
{
	struct suppressed *u = row;

	query_read_text(q, u->account, sizeof(u->account));
	query_read_text(q, u->address, sizeof(u->address));
	u->reason = query_read_enum(q, SUPPRESSED_COMPLAINT);
	u->time = query_read_time(q);
	query_read_text(q, u->message_id, sizeof(u->message_id));
}

bool
store_suppressed_put(struct store *s, const struct suppressed *u,
		     struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_SUPPRESSED_PUT);
	query_write_text(&q, u->account);
	query_write_text(&q, u->address);
	query_write_int(&q, u->reason);
	query_write_int(&q, u->time);
	query_write_text(&q, u->message_id);
	return query_run(&q, NULL, reterr);
}

bool
store_suppressed_get(struct store *s, const char *account, const char *address,
		     struct suppressed *ret, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_SUPPRESSED_GET);
	query_write_text(&q, account);
	query_write_text(&q, address);
	return query_one(&q, read_suppressed, ret, sizeof(*ret),
			 "suppressed address", reterr);
}

bool
store_suppressed_list(struct store *s, const char *account, const char *after,
		      const struct suppressed_filter *filter,
		      struct suppressed *ret, size_t room, size_t *ret_len,
		      struct error *reterr)
{
	static const struct suppressed_filter any;
	struct query q;

	if (filter == NULL)
		filter = &any;
	query_init(&q, s, STATEMENT_SUPPRESSED_LIST);
	query_write_text(&q, account);
	query_write_text(&q, after);
	query_write_int(&q, filter->reason);
	query_write_int(&q, filter->from);
	query_write_int(&q, filter->to != 0 ? filter->to : INT64_MAX);
	query_write_id(&q, room);
	return query_list(&q, read_suppressed, ret, sizeof(*ret), room, ret_len,
			  reterr);
}

bool
store_suppressed_delete(struct store *s, const char *account,
			const char *address, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_SUPPRESSED_DELETE);
	query_write_text(&q, account);
	query_write_text(&q, address);
	return query_run_one(&q, "suppressed address", reterr);
}
