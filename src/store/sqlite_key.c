/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens, DKIM keys and the pool of keys. */
#include "store/query.h"

QUERY_READER(read_token)
{
	struct token_row *t = row;

	query_read_text(q, t->token, sizeof(t->token));
	t->identity = query_read_id(q);
	t->issued = query_read_time(q);
	t->retired = query_read_time(q);
}

bool
store_token_add(struct store *s, const char *token, uint64_t identity,
		int64_t now, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_TOKEN_ADD);
	query_write_text(&q, token);
	query_write_id(&q, identity);
	query_write_int(&q, now);
	return query_run(&q, NULL, reterr);
}

bool
store_token_get(struct store *s, const char *token, struct token_row *ret,
		struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_TOKEN_GET);
	query_write_text(&q, token);
	return query_one(&q, read_token, ret, sizeof(*ret), "token", reterr);
}

QUERY_READER(read_published)
{
	struct published_token *p = row;

	query_read_text(q, p->token, sizeof(p->token));
	p->retired = query_read_time(q) != 0;
	p->type = (enum dkim_key_type)query_read_enum(q, DKIM_KEY_ED25519);
	query_read_text(q, p->public, sizeof(p->public));
}

bool
store_token_published(struct store *s, const char *after,
		      struct published_token *ret, size_t room, size_t *ret_len,
		      struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_TOKEN_PUBLISHED);
	query_write_text(&q, after);
	query_write_id(&q, room);
	return query_list(&q, read_published, ret, sizeof(*ret), room, ret_len,
			  reterr);
}

bool
store_token_changed(struct store *s, int64_t time, const char *after,
		    struct published_token *ret, size_t room, size_t *ret_len,
		    struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_TOKEN_CHANGED);
	query_write_int(&q, time);
	query_write_text(&q, after);
	query_write_id(&q, room);
	return query_list(&q, read_published, ret, sizeof(*ret), room, ret_len,
			  reterr);
}

QUERY_READER(read_key)
{
	struct dkim_key *k = row;

	k->identity = query_read_id(q);
	query_read_text(q, k->selector, sizeof(k->selector));
	k->generation = (uint32_t)query_read_int(q, 0, UINT32_MAX);
	k->type = query_read_enum(q, DKIM_KEY_ED25519);
	k->bits = (int)query_read_int(q, 0, 65536);
	k->state = query_read_enum(q, DKIM_KEY_RETIRED);
	query_read_text(q, k->public, sizeof(k->public));
	query_read_blob(q, k->sealed, sizeof(k->sealed), &k->sealed_len);
	k->created = query_read_time(q);
}

bool
store_dkim_key_put(struct store *s, const struct dkim_key *k,
		   struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_KEY_PUT);
	query_write_id(&q, k->identity);
	query_write_text(&q, k->selector);
	query_write_int(&q, k->generation);
	query_write_int(&q, k->type);
	query_write_int(&q, k->bits);
	query_write_int(&q, k->state);
	query_write_text(&q, k->public);
	query_write_blob(&q, k->sealed, k->sealed_len);
	query_write_int(&q, k->created);
	return query_run(&q, NULL, reterr);
}

bool
store_dkim_key_get(struct store *s, uint64_t identity, const char *selector,
		   struct dkim_key *ret, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_KEY_GET);
	query_write_id(&q, identity);
	query_write_text(&q, selector);
	return query_one(&q, read_key, ret, sizeof(*ret), "DKIM key", reterr);
}

bool
store_dkim_key_list(struct store *s, uint64_t identity, struct dkim_key *ret,
		    size_t room, size_t *ret_len, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_KEY_OF_IDENTITY);
	query_write_id(&q, identity);
	query_write_id(&q, room);
	return query_list(&q, read_key, ret, sizeof(*ret), room, ret_len,
			  reterr);
}

bool
store_dkim_key_all(struct store *s, const struct dkim_key *after,
		   struct dkim_key *ret, size_t room, size_t *ret_len,
		   struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_KEY_LIST);
	query_write_id(&q, after != NULL ? after->identity : 0);
	query_write_text(&q, after != NULL ? after->selector : "");
	query_write_id(&q, room);
	return query_list(&q, read_key, ret, sizeof(*ret), room, ret_len,
			  reterr);
}

bool
store_dkim_key_delete(struct store *s, uint64_t identity, const char *selector,
		      struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_KEY_DELETE);
	query_write_id(&q, identity);
	query_write_text(&q, selector);
	return query_run_one(&q, "DKIM key", reterr);
}

QUERY_READER(read_pool_key)
{
	struct pool_key *k = row;

	k->id = query_read_id(q);
	k->type = query_read_enum(q, DKIM_KEY_ED25519);
	k->bits = (int)query_read_int(q, 0, 65536);
	query_read_text(q, k->label, sizeof(k->label));
	query_read_text(q, k->public, sizeof(k->public));
	query_read_blob(q, k->sealed, sizeof(k->sealed), &k->sealed_len);
	k->created = query_read_time(q);
}

bool
store_pool_add(struct store *s, struct pool_key *k, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_POOL_ADD);
	query_write_int(&q, k->type);
	query_write_int(&q, k->bits);
	query_write_text(&q, k->label);
	query_write_text(&q, k->public);
	query_write_blob(&q, k->sealed, k->sealed_len);
	query_write_int(&q, k->created);
	return query_count(&q, &k->id, reterr);
}

bool
store_pool_take(struct store *s, enum dkim_key_type type, int bits,
		struct pool_key *ret, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_POOL_TAKE);
	query_write_int(&q, type);
	query_write_int(&q, bits);
	return query_one(&q, read_pool_key, ret, sizeof(*ret),
			 "key in the pool", reterr);
}

bool
store_pool_count(struct store *s, enum dkim_key_type type, int bits,
		 uint64_t *ret, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_POOL_COUNT);
	query_write_int(&q, type);
	query_write_int(&q, bits);
	return query_count(&q, ret, reterr);
}
