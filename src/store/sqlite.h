/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite - the handle of the SQLite store, its schema and transactions.
 *
 * Private to store/.  Impure: everything here does I/O.
 */
#pragma once

#include <sqlite3.h>

#include "store/store.h"

/* Each statement, listed with its SQL in statements.def. */
enum statement {
#define X(name, sql) STATEMENT_##name,
#include "store/statements.def"
#undef X
	STATEMENT_COUNT /* how many there are */
};

struct store {
	sqlite3 *db;
	sqlite3_stmt *statement[STATEMENT_COUNT]; /* NULL until used */
	bool in_transaction; /* between store_begin() and its end */
	bool in_job;         /* between store_job_begin() and its end */
	bool broken;         /* the disk or the file is damaged */
};

/* The steps of the schema, by the generator schema/embed. */
extern const char *const schema_steps[];
extern const int schema_version;

/* Turns SQLite's `rc` of `s` into an error, noting damage; false. */
bool sqlite_fail(struct store *s, int rc, const char *doing,
		 struct error *reterr);

/* Whether `s` can work: it is not damaged, its transaction is not lost. */
bool sqlite_is_fit(const struct store *s, struct error *reterr) MUST_CHECK;

/* Runs `sql`, a fixed text without parameters. */
bool sqlite_run(struct store *s, const char *sql,
		struct error *reterr) MUST_CHECK;

/*
 * Begins a piece of work of several statements that must be done whole: a
 * transaction of its own, or a part of the one there is.
 */
bool sqlite_part_begin(struct store *s, struct error *reterr) MUST_CHECK;

/* Ends the piece of work, undoing it unless `ok`.  Returns `ok` and done. */
bool sqlite_part_end(struct store *s, bool ok, struct error *reterr) MUST_CHECK;
