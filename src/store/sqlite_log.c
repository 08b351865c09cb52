/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log and the reports. */
#include "store/query.h"

QUERY_READER(read_event)
{
	struct event *e = row;

	e->id = query_read_id(q);
	e->time = query_read_time(q);
	query_read_text(q, e->account, sizeof(e->account));
	query_read_text(q, e->identity, sizeof(e->identity));
	query_read_text(q, e->kind, sizeof(e->kind));
	query_read_text(q, e->text, sizeof(e->text));
}

bool
store_event_add(struct store *s, struct event *e, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_EVENT_ADD);
	query_write_int(&q, e->time);
	query_write_text(&q, e->account);
	query_write_text(&q, e->identity);
	query_write_text(&q, e->kind);
	query_write_text(&q, e->text);
	return query_count(&q, &e->id, reterr);
}

/* Lists with the statement `all`, or `of` if only one identity is asked. */
static bool
list(struct store *s, enum statement all, enum statement of,
     const char *account, const char *identity, uint64_t from,
     struct event *ret, size_t room, size_t *ret_len, struct error *reterr)
{
	struct query q;

	query_init(&q, s, identity[0] == '\0' ? all : of);
	query_write_text(&q, account);
	if (identity[0] != '\0')
		query_write_text(&q, identity);
	query_write_id(&q, from);
	query_write_id(&q, room);
	return query_list(&q, read_event, ret, sizeof(*ret), room, ret_len,
			  reterr);
}

bool
store_event_list(struct store *s, const char *account, const char *identity,
		 uint64_t after, struct event *ret, size_t room,
		 size_t *ret_len, struct error *reterr)
{
	return list(s, STATEMENT_EVENT_ALL, STATEMENT_EVENT_OF, account,
		    identity, after, ret, room, ret_len, reterr);
}

bool
store_event_last(struct store *s, const char *account, const char *identity,
		 uint64_t before, struct event *ret, size_t room,
		 size_t *ret_len, struct error *reterr)
{
	return list(s, STATEMENT_EVENT_ALL_LAST, STATEMENT_EVENT_OF_LAST,
		    account, identity, before != 0 ? before : INT64_MAX, ret,
		    room, ret_len, reterr);
}

bool
store_event_purge(struct store *s, int64_t time, size_t limit, uint64_t *ret,
		  struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_EVENT_PURGE);
	query_write_int(&q, time);
	query_write_id(&q, limit);
	return query_run(&q, ret, reterr);
}

QUERY_READER(read_report)
{
	struct report_row *r = row;

	r->id = query_read_id(q);
	query_read_text(q, r->token, sizeof(r->token));
	query_read_text(q, r->account, sizeof(r->account));
	query_read_text(q, r->identity, sizeof(r->identity));
	r->received = query_read_time(q);
	query_read_text(q, r->json, sizeof(r->json));
}

bool
store_report_put(struct store *s, struct report_row *r, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_REPORT_PUT);
	query_write_text(&q, r->token);
	query_write_text(&q, r->account);
	query_write_text(&q, r->identity);
	query_write_int(&q, r->received);
	query_write_text(&q, r->json);
	return query_count(&q, &r->id, reterr);
}

bool
store_report_get(struct store *s, const char *token, struct report_row *ret,
		 struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_REPORT_GET);
	query_write_text(&q, token);
	return query_one(&q, read_report, ret, sizeof(*ret), "report", reterr);
}

bool
store_report_message_put(struct store *s, const char *token,
			 struct span message, struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_REPORT_MESSAGE_PUT);
	query_write_blob(&q, message.ptr, message.len);
	query_write_text(&q, token);
	return query_run_one(&q, "report", reterr);
}

bool
store_report_message(struct store *s, const char *token, struct buf *ret,
		     struct error *reterr)
{
	struct query q;

	query_init(&q, s, STATEMENT_REPORT_MESSAGE_GET);
	query_write_text(&q, token);
	return query_append(&q, ret, "report", reterr);
}

bool
store_report_purge(struct store *s, int64_t time, size_t limit, uint64_t *ret,
		   struct error *reterr)
{
	static const enum statement how[] = {
		STATEMENT_SETTING_DELETE_REPORTS,
		STATEMENT_REPORT_PURGE,
	};
	bool ok = true;

	if (!sqlite_part_begin(s, reterr))
		return false;
	for (size_t i = 0; ok && i < COUNT(how); i++) {
		struct query q;

		query_init(&q, s, how[i]);
		query_write_int(&q, time);
		query_write_id(&q, limit);
		ok = query_run(&q, ret, reterr);
	}
	return sqlite_part_end(s, ok, reterr);
}
