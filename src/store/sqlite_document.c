/* SPDX-License-Identifier: Apache-2.0 */
/* Documents. */
#include "store/query.h"

/* Reads what DOCUMENT_COLUMNS in statements.def names, in its order. */
QUERY_READER(read_document)
{
	struct document *d = row;

	query_read_text(q, d->account, sizeof(d->account));
	d->kind = query_read_enum(q, DOCUMENT_ACCOUNT);
	query_read_text(q, d->parent, sizeof(d->parent));
	query_read_text(q, d->name, sizeof(d->name));
	d->created = query_read_time(q);
	d->updated = query_read_time(q);
}

/* Refuses a text that is longer than a document may be. */
static bool
check_body(struct span body, struct error *reterr)
{
	if (body.len > STORE_DOCUMENT_MAX)
		return error_set(reterr, ERROR_TOO_LARGE,
				 "a document may have at most %zu octets",
				 STORE_DOCUMENT_MAX);
	return true;
}

bool
store_document_add(struct store *s, const struct document *d, struct span body,
		   struct error *reterr)
{
	struct query q;

	if (!check_body(body, reterr))
		return false;
	query_init(&q, s, STATEMENT_DOCUMENT_ADD);
	query_write_text(&q, d->account);
	query_write_int(&q, d->kind);
	query_write_text(&q, d->parent);
	query_write_text(&q, d->name);
	query_write_span(&q, body);
	query_write_int(&q, d->created);
	query_write_int(&q, d->updated);
	return query_run(&q, NULL, reterr);
}

bool
store_document_get(struct store *s, const char *account,
		   enum document_kind kind, const char *parent,
		   const char *name, struct document *ret, struct buf *ret_body,
		   struct error *reterr)
{
	struct document row = {0};
	struct query q;
	enum query_step step;
	bool ok = false;

	query_init(&q, s, STATEMENT_DOCUMENT_GET);
	query_write_text(&q, account);
	query_write_int(&q, kind);
	query_write_text(&q, parent);
	query_write_text(&q, name);
	step = query_next(&q, reterr);
	if (step == QUERY_ROW) {
		struct span body;

		read_document(&q, &row);
		body = query_read_chars(&q);
		ok = query_sound(&q, reterr);
		if (ok && !buf_add(ret_body, body))
			ok = error_set(reterr, ERROR_TOO_LARGE,
				       "the document is too big for its place");
	} else if (step == QUERY_END) {
		error_set(reterr, ERROR_NOT_FOUND, "there is no such document");
	}
	query_release(&q);
	if (ok)
		*ret = row;
	return ok;
}

bool
store_document_put(struct store *s, const struct document *d, struct span body,
		   struct error *reterr)
{
	struct query q;

	if (!check_body(body, reterr))
		return false;
	query_init(&q, s, STATEMENT_DOCUMENT_PUT);
	query_write_span(&q, body);
	query_write_int(&q, d->updated);
	query_write_text(&q, d->account);
	query_write_int(&q, d->kind);
	query_write_text(&q, d->parent);
	query_write_text(&q, d->name);
	return query_run_one(&q, "document", reterr);
}

bool
store_document_delete(struct store *s, const char *account,
		      enum document_kind kind, const char *parent,
		      const char *name, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_DOCUMENT_DELETE);
	query_write_text(&q, account);
	query_write_int(&q, kind);
	query_write_text(&q, parent);
	query_write_text(&q, name);
	return query_run_one(&q, "document", reterr);
}

bool
store_document_delete_all(struct store *s, const char *account,
			  enum document_kind kind, const char *parent,
			  struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_DOCUMENT_DELETE_ALL);
	query_write_text(&q, account);
	query_write_int(&q, kind);
	query_write_text(&q, parent);
	return query_run(&q, NULL, reterr);
}

bool
store_document_list(struct store *s, const char *account,
		    enum document_kind kind, const char *parent,
		    const char *after, struct document *ret, size_t room,
		    size_t *ret_len, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_DOCUMENT_LIST);
	query_write_text(&q, account);
	query_write_int(&q, kind);
	query_write_text(&q, parent);
	query_write_text(&q, after);
	query_write_id(&q, room);
	return query_list(&q, read_document, ret, sizeof(*ret), room, ret_len,
			  reterr);
}

bool
store_document_count(struct store *s, const char *account,
		     enum document_kind kind, const char *parent, uint64_t *ret,
		     struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_DOCUMENT_COUNT);
	query_write_text(&q, account);
	query_write_int(&q, kind);
	query_write_text(&q, parent);
	return query_count(&q, ret, reterr);
}
