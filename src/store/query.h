/* SPDX-License-Identifier: Apache-2.0 */
/*
 * query - one run of a statement of the SQLite store.
 *
 * A statement is prepared once, at its first use, and kept.  A query is one
 * run of it: its parameters are written in order, then it is run, and the
 * columns of its rows are read in order.  Nothing in the database is
 * trusted: a column that does not fit its place makes the query unsound,
 * which sticks, and the call fails with ERROR_INTERNAL.
 *
 * Private to store/.  Impure: everything here does I/O.
 */
#pragma once

#include "store/sqlite.h"

/* One run of a statement. */
struct query {
	struct store *store;
	sqlite3_stmt *stmt;  /* NULL if it could not be prepared */
	enum statement what; /* which it is */
	int rc;              /* SQLite's result; SQLITE_OK so far */
	int parameter;       /* last one written */
	int column;          /* next one to be read */
	bool unsound;        /* a column did not fit its place */
};

/* What query_next() found. */
enum query_step {
	QUERY_ROW,    /* a row, to be read */
	QUERY_END,    /* no more rows */
	QUERY_FAILED, /* an error, which is set */
};

/* The head of a function that reads a row into `row`, which is all zeros. */
#define QUERY_READER(name) static void name(struct query *q, void *row)

/* Begins a run of `what`. */
void query_init(struct query *q, struct store *s, enum statement what);

/* Ends a run, whatever became of it. */
void query_release(struct query *q);

/* Writes the next parameter. */
void query_write_int(struct query *q, int64_t value);

/* As query_write_int(), of a row's id. */
void query_write_id(struct query *q, uint64_t value);

/* As query_write_int(), of a text that lives until the query is released. */
void query_write_text(struct query *q, const char *text);

/* As query_write_text(). */
void query_write_span(struct query *q, struct span text);

/* As query_write_text(), of octets. */
void query_write_blob(struct query *q, const void *ptr, size_t len);

/*
 * Appends the pattern of LIKE, with "!" as its escape, for a text that
 * contains `part`; nothing if that is "".
 */
void query_pattern(const char *part, struct buf *ret);

/* Steps to the next row, with its first column next to be read. */
enum query_step query_next(struct query *q, struct error *reterr) MUST_CHECK;

/* Reads the next column: a number from `min` to `max`. */
int64_t query_read_int(struct query *q, int64_t min, int64_t max);

/* As query_read_int(), of a time. */
int64_t query_read_time(struct query *q);

/* As query_read_int(), of a row's id or another count. */
uint64_t query_read_id(struct query *q);

/* As query_read_int(), of an enumeration whose last value is `max`. */
unsigned query_read_enum(struct query *q, unsigned max);

/* As query_read_int(), of a boolean. */
bool query_read_bool(struct query *q);

/* Reads the next column, a text, into `size` bytes at `ret` with a NUL. */
void query_read_text(struct query *q, char *ret, size_t size);

/* Reads the next column, octets, into `size` bytes at `ret`. */
void query_read_blob(struct query *q, uint8_t *ret, size_t size,
		     size_t *ret_len);

/* Borrows the next column, octets, until the next step. */
struct span query_read_span(struct query *q);

/* As query_read_span(), of a text. */
struct span query_read_chars(struct query *q);

/* Returns whether all columns read so far fitted, else sets the error. */
bool query_sound(const struct query *q, struct error *reterr) MUST_CHECK;

/*
 * Runs a query that gives no rows and releases it.
 * Sets *ret_changed, if not NULL, to how many rows it changed.
 */
bool query_run(struct query *q, uint64_t *ret_changed,
	       struct error *reterr) MUST_CHECK;

/*
 * Runs a query that must change a row and releases it: else ERROR_NOT_FOUND,
 * "there is no WHAT".
 */
bool query_run_one(struct query *q, const char *what,
		   struct error *reterr) MUST_CHECK;

/*
 * Runs a query that gives at most one row, reads it with `read` into `row`
 * of `size` bytes, and releases it.  No row: ERROR_NOT_FOUND, "there is no
 * WHAT", and `row` untouched.
 */
bool query_one(struct query *q, void (*read)(struct query *, void *), void *row,
	       size_t size, const char *what, struct error *reterr) MUST_CHECK;

/* As query_one(), of a number. */
bool query_count(struct query *q, uint64_t *ret,
		 struct error *reterr) MUST_CHECK;

/*
 * Runs a query, reads its rows into `room` rows of `size` bytes at `rows`,
 * and releases it.  The query's own LIMIT is `room` or less.
 */
bool query_list(struct query *q, void (*read)(struct query *, void *),
		void *rows, size_t size, size_t room, size_t *ret_len,
		struct error *reterr) MUST_CHECK;

/* As query_one(), of one time: INT64_MAX if there is no row. */
bool query_earliest(struct query *q, int64_t *ret,
		    struct error *reterr) MUST_CHECK;

/*
 * As query_one(), of octets that are appended to *ret: ERROR_TOO_LARGE if
 * they do not fit.
 */
bool query_append(struct query *q, struct buf *ret, const char *what,
		  struct error *reterr) MUST_CHECK;
