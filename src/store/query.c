/* SPDX-License-Identifier: Apache-2.0 */
#include "store/query.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

static const struct {
	const char *sql;
	const char *name;
} statements[STATEMENT_COUNT] = {
#define X(name, sql) [STATEMENT_##name] = {sql, #name},
#include "store/statements.def"
#undef X
};

void
query_init(struct query *q, struct store *s, enum statement what)
{
	sqlite3_stmt **cached = &s->statement[what];

	*q = (struct query){.store = s, .what = what};
	if (*cached == NULL)
		q->rc = sqlite3_prepare_v3(s->db, statements[what].sql, -1,
					   SQLITE_PREPARE_PERSISTENT, cached,
					   NULL);
	q->stmt = *cached;
}

void
query_release(struct query *q)
{
	if (q->stmt == NULL)
		return;
	(void)sqlite3_reset(q->stmt);
	(void)sqlite3_clear_bindings(q->stmt);
	q->stmt = NULL;
}

/* Notes the first failure among the parameters. */
static void
wrote(struct query *q, int rc)
{
	if (q->rc == SQLITE_OK)
		q->rc = rc;
}

void
query_write_int(struct query *q, int64_t value)
{
	if (q->stmt != NULL)
		wrote(q, sqlite3_bind_int64(q->stmt, ++q->parameter, value));
}

void
query_write_id(struct query *q, uint64_t value)
{
	/* No row has an id above it; a stranger may still ask for one. */
	query_write_int(q, value <= INT64_MAX ? (int64_t)value : INT64_MAX);
}

void
query_write_text(struct query *q, const char *text)
{
	query_write_span(q, span_of(text));
}

void
query_write_span(struct query *q, struct span text)
{
	if (q->stmt != NULL)
		wrote(q, sqlite3_bind_text64(q->stmt, ++q->parameter, text.ptr,
					     text.len, SQLITE_STATIC,
					     SQLITE_UTF8));
}

void
query_write_blob(struct query *q, const void *ptr, size_t len)
{
	if (q->stmt != NULL)
		wrote(q, sqlite3_bind_blob64(q->stmt, ++q->parameter,
					     len > 0 ? ptr : "", len,
					     SQLITE_STATIC));
}

void
query_pattern(const char *part, struct buf *ret)
{
	if (part[0] == '\0')
		return;
	buf_addc(ret, '%');
	for (; *part != '\0'; part++) {
		if (*part == '%' || *part == '_' || *part == '!')
			buf_addc(ret, '!');
		buf_addc(ret, *part);
	}
	buf_addc(ret, '%');
	assert(!ret->full);
}

enum query_step
query_next(struct query *q, struct error *reterr)
{
	if (!sqlite_is_fit(q->store, reterr))
		return QUERY_FAILED;
	if (q->rc == SQLITE_OK) {
		assert(q->parameter == sqlite3_bind_parameter_count(q->stmt));
		q->rc = sqlite3_step(q->stmt);
	}
	q->column = 0;
	switch (q->rc) {
	case SQLITE_ROW:
		q->rc = SQLITE_OK;
		return QUERY_ROW;
	case SQLITE_DONE:
		return QUERY_END;
	default:
		sqlite_fail(q->store, q->rc, statements[q->what].name, reterr);
		return QUERY_FAILED;
	}
}

int64_t
query_read_int(struct query *q, int64_t min, int64_t max)
{
	int at = q->column++;
	int64_t value = sqlite3_column_int64(q->stmt, at);

	if (sqlite3_column_type(q->stmt, at) == SQLITE_INTEGER &&
	    value >= min && value <= max)
		return value;
	q->unsound = true;
	return min;
}

int64_t
query_read_time(struct query *q)
{
	return query_read_int(q, 0, INT64_MAX);
}

uint64_t
query_read_id(struct query *q)
{
	return (uint64_t)query_read_int(q, 0, INT64_MAX);
}

unsigned
query_read_enum(struct query *q, unsigned max)
{
	return (unsigned)query_read_int(q, 0, max);
}

bool
query_read_bool(struct query *q)
{
	return query_read_int(q, 0, 1) == 1;
}

void
query_read_text(struct query *q, char *ret, size_t size)
{
	int at = q->column++;
	const void *text = sqlite3_column_text(q->stmt, at);
	size_t len = (size_t)sqlite3_column_bytes(q->stmt, at);

	ret[0] = '\0';
	if (sqlite3_column_type(q->stmt, at) != SQLITE_TEXT || text == NULL ||
	    len >= size || memchr(text, '\0', len) != NULL) {
		q->unsound = true;
		return;
	}
	memcpy(ret, text, len);
	ret[len] = '\0';
}

void
query_read_blob(struct query *q, uint8_t *ret, size_t size, size_t *ret_len)
{
	int at = q->column++;
	const void *blob = sqlite3_column_blob(q->stmt, at);
	size_t len = (size_t)sqlite3_column_bytes(q->stmt, at);

	*ret_len = 0;
	if (sqlite3_column_type(q->stmt, at) != SQLITE_BLOB || len > size) {
		q->unsound = true;
		return;
	}
	if (len > 0)
		memcpy(ret, blob, len);
	*ret_len = len;
}

struct span
query_read_span(struct query *q)
{
	int at = q->column++;
	const void *blob = sqlite3_column_blob(q->stmt, at);
	size_t len = (size_t)sqlite3_column_bytes(q->stmt, at);

	if (sqlite3_column_type(q->stmt, at) == SQLITE_BLOB)
		return span_bytes(blob, len);
	q->unsound = true;
	return SPAN("");
}

struct span
query_read_chars(struct query *q)
{
	int at = q->column++;
	const void *text = sqlite3_column_text(q->stmt, at);
	size_t len = (size_t)sqlite3_column_bytes(q->stmt, at);

	if (sqlite3_column_type(q->stmt, at) == SQLITE_TEXT && text != NULL &&
	    memchr(text, '\0', len) == NULL)
		return span_bytes(text, len);
	q->unsound = true;
	return SPAN("");
}

bool
query_sound(const struct query *q, struct error *reterr)
{
	if (q->unsound)
		return error_set(reterr, ERROR_INTERNAL,
				 "store: %s: a stored row is damaged",
				 statements[q->what].name);
	return true;
}

bool
query_run(struct query *q, uint64_t *ret_changed, struct error *reterr)
{
	enum query_step step = query_next(q, reterr);

	query_release(q);
	if (step == QUERY_FAILED)
		return false;
	if (ret_changed != NULL)
		*ret_changed = (uint64_t)sqlite3_changes64(q->store->db);
	return true;
}

bool
query_run_one(struct query *q, const char *what, struct error *reterr)
{
	uint64_t changed;

	if (!query_run(q, &changed, reterr))
		return false;
	if (changed == 0)
		return error_set(reterr, ERROR_NOT_FOUND, "there is no such %s",
				 what);
	return true;
}

bool
query_one(struct query *q, void (*read)(struct query *, void *), void *row,
	  size_t size, const char *what, struct error *reterr)
{
	enum query_step step = query_next(q, reterr);
	bool ok = false;

	if (step == QUERY_ROW) {
		void *fresh = mem_new(size);

		read(q, fresh);
		ok = query_sound(q, reterr);
		/* A statement that changes things ends at its last row. */
		if (ok)
			ok = query_next(q, reterr) != QUERY_FAILED;
		if (ok)
			memcpy(row, fresh, size);
		free(fresh);
	} else if (step == QUERY_END) {
		error_set(reterr, ERROR_NOT_FOUND, "there is no such %s", what);
	}
	query_release(q);
	return ok;
}

QUERY_READER(read_count)
{
	uint64_t *count = row;

	*count = query_read_id(q);
}

bool
query_count(struct query *q, uint64_t *ret, struct error *reterr)
{
	return query_one(q, read_count, ret, sizeof(*ret), "count", reterr);
}

bool
query_list(struct query *q, void (*read)(struct query *, void *), void *rows,
	   size_t size, size_t room, size_t *ret_len, struct error *reterr)
{
	enum query_step step;
	size_t len = 0;

	while ((step = query_next(q, reterr)) == QUERY_ROW) {
		char *row = (char *)rows + len * size;

		assert(len < room);
		memset(row, 0, size);
		read(q, row);
		if (!query_sound(q, reterr)) {
			step = QUERY_FAILED;
			break;
		}
		len++;
	}
	query_release(q);
	if (step == QUERY_FAILED)
		return false;
	*ret_len = len;
	return true;
}

QUERY_READER(read_time)
{
	int64_t *time = row;

	*time = query_read_time(q);
}

bool
query_earliest(struct query *q, int64_t *ret, struct error *reterr)
{
	int64_t time;
	size_t len;

	if (!query_list(q, read_time, &time, sizeof(time), 1, &len, reterr))
		return false;
	*ret = len > 0 ? time : INT64_MAX;
	return true;
}

bool
query_append(struct query *q, struct buf *ret, const char *what,
	     struct error *reterr)
{
	enum query_step step = query_next(q, reterr);
	bool ok = false;

	if (step == QUERY_ROW) {
		struct span octets = query_read_span(q);

		ok = query_sound(q, reterr);
		if (ok && !buf_add(ret, octets))
			ok = error_set(reterr, ERROR_TOO_LARGE,
				       "the %s is too big for its place", what);
	} else if (step == QUERY_END) {
		error_set(reterr, ERROR_NOT_FOUND, "there is no such %s", what);
	}
	query_release(q);
	return ok;
}
