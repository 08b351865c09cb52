/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

/* "SESM": says that a file is ours. */
#define APPLICATION_ID 0x5345534d

static const char *const pragmas[] = {
	"PRAGMA journal_mode = WAL",
	/* Each commit is on the disk when it returns. */
	"PRAGMA synchronous = FULL",
	"PRAGMA foreign_keys = ON",
	"PRAGMA trusted_schema = OFF",
	"PRAGMA cell_size_check = ON",
	/* No files beside the database and its log: the sandbox has none. */
	"PRAGMA temp_store = MEMORY",
	"PRAGMA journal_size_limit = 67108864",
};

/* Damage of the disk or the file, after which nothing it says is sure. */
static bool
is_damage(sqlite3 *db, int rc)
{
	switch (rc & 0xff) {
	case SQLITE_IOERR:
		return sqlite3_system_errno(db) != ENOSPC &&
		       sqlite3_system_errno(db) != EDQUOT;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return true;
	default:
		return false;
	}
}

static enum error_code
code_of(int rc, const char **ret_text)
{
	switch (rc & 0xff) {
	case SQLITE_FULL:
	case SQLITE_IOERR: /* what is not damage is a full disk */
		*ret_text = "no space is left on its disk";
		return ERROR_UNAVAILABLE;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		*ret_text = "another program has it locked";
		return ERROR_UNAVAILABLE;
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		*ret_text = "its file or folder cannot be opened or written";
		return ERROR_UNAVAILABLE;
	case SQLITE_TOOBIG:
		*ret_text = "the value is too big";
		return ERROR_TOO_LARGE;
	default:
		*ret_text = NULL;
		return ERROR_INTERNAL;
	}
}

bool
sqlite_fail(struct store *s, int rc, const char *doing, struct error *reterr)
{
	const char *text;
	enum error_code code;

	if ((rc & 0xff) == SQLITE_NOMEM)
		mem_exhausted();
	if (is_damage(s->db, rc)) {
		s->broken = true;
		return error_set(reterr, ERROR_IO,
				 "store: %s: the disk or the database file is "
				 "damaged: %s (%d)",
				 doing, sqlite3_errstr(rc), rc);
	}
	if (rc == SQLITE_CONSTRAINT_UNIQUE ||
	    rc == SQLITE_CONSTRAINT_PRIMARYKEY)
		return error_set(reterr, ERROR_ALREADY_EXISTS,
				 "store: %s: it is there already", doing);
	if (rc == SQLITE_CONSTRAINT_FOREIGNKEY)
		return error_set(reterr, ERROR_NOT_FOUND,
				 "store: %s: what it belongs to is not there",
				 doing);
	code = code_of(rc, &text);
	return error_set(reterr, code, "store: %s: %s", doing,
			 text != NULL ? text : sqlite3_errmsg(s->db));
}

/* SQLite ends a transaction by itself when the disk fails in it. */
static bool
is_lost(const struct store *s)
{
	return s->in_transaction && sqlite3_get_autocommit(s->db) != 0;
}

bool
sqlite_is_fit(const struct store *s, struct error *reterr)
{
	if (s->broken)
		return error_set(reterr, ERROR_IO,
				 "store: the disk or the database file was "
				 "found damaged: a restart is needed");
	if (is_lost(s))
		return error_set(reterr, ERROR_UNAVAILABLE,
				 "store: the transaction was given up");
	return true;
}

bool
sqlite_run(struct store *s, const char *sql, struct error *reterr)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	if (rc != SQLITE_OK)
		return sqlite_fail(s, rc, sql, reterr);
	return true;
}

/* Runs `sql`, ignoring what becomes of it: on the way out of a failure. */
static void
run_anyway(struct store *s, const char *sql)
{
	(void)sqlite3_exec(s->db, sql, NULL, NULL, NULL);
}

/* Reads a PRAGMA that is a number. */
static bool
pragma_get(struct store *s, const char *sql, int *ret, struct error *reterr)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*ret = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	if (rc != SQLITE_ROW)
		return sqlite_fail(s, rc, sql, reterr);
	return true;
}

/* One step of the schema, in the transaction that is open. */
static bool
schema_step(struct store *s, int step, struct error *reterr)
{
	char sql[100];

	if (!sqlite_run(s, schema_steps[step], reterr))
		return false;
	snprintf(sql, sizeof(sql),
		 "PRAGMA application_id = %d; PRAGMA user_version = %d",
		 APPLICATION_ID, step + 1);
	return sqlite_run(s, sql, reterr);
}

/* Refuses a file that is not ours or too new; sets *ret to its version. */
static bool
schema_check(struct store *s, int *ret, struct error *reterr)
{
	int id, tables;

	if (!pragma_get(s, "PRAGMA application_id", &id, reterr) ||
	    !pragma_get(s, "PRAGMA user_version", ret, reterr) ||
	    !pragma_get(s, "SELECT count(*) FROM sqlite_master", &tables,
			reterr))
		return false;
	if (id != APPLICATION_ID && (id != 0 || *ret != 0 || tables != 0))
		return error_set(reterr, ERROR_CONFIG,
				 "the file is a database, but not of sesame");
	if (*ret > schema_version)
		return error_set(reterr, ERROR_CONFIG,
				 "the database was written by a newer sesame "
				 "(schema %d, this program knows %d): update "
				 "this program, or restore a backup",
				 *ret, schema_version);
	return true;
}

static bool
schema_update(struct store *s, struct error *reterr)
{
	int version;

	for (;;) {
		if (!schema_check(s, &version, reterr))
			return false;
		if (version == schema_version)
			return true;
		/* Another program may have been quicker: look again. */
		if (!sqlite_run(s, "BEGIN IMMEDIATE", reterr))
			return false;
		if (!schema_check(s, &version, reterr) ||
		    (version < schema_version &&
		     !schema_step(s, version, reterr)) ||
		    !sqlite_run(s, "COMMIT", reterr)) {
			run_anyway(s, "ROLLBACK");
			return false;
		}
	}
}

static bool
set_up(struct store *s, const char *path, const char *vfs, struct error *reterr)
{
	int rc = sqlite3_open_v2(path, &s->db,
				 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
					 SQLITE_OPEN_NOMUTEX |
					 SQLITE_OPEN_EXRESCODE,
				 vfs);

	if (s->db == NULL)
		mem_exhausted();
	if (rc != SQLITE_OK)
		return sqlite_fail(s, rc, "opening", reterr);
	sqlite3_busy_timeout(s->db, STORE_BUSY_MS);
	sqlite3_wal_autocheckpoint(s->db, STORE_WAL_PAGES);
	sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH,
		      (int)STORE_DATA_MAX + 1024 * 1024);
	sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	for (size_t i = 0; i < COUNT(pragmas); i++)
		if (!sqlite_run(s, pragmas[i], reterr))
			return false;
	return schema_update(s, reterr);
}

bool
store_open(const char *path, const char *vfs, struct store **ret,
	   struct error *reterr)
{
	CLEANUP(store_freep) struct store *s = mem_new(sizeof(*s));

	if (!set_up(s, path, vfs, reterr))
		return error_prefix(reterr, "%s: ", path);
	*ret = take_ptr(&s);
	return true;
}

void
store_free(struct store *s)
{
	if (s == NULL)
		return;
	for (int i = 0; i < STATEMENT_COUNT; i++)
		sqlite3_finalize(s->statement[i]);
	/* Leave the log of a damaged database to the next process. */
	if (s->broken)
		sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
				  NULL);
	sqlite3_close(s->db);
	free(s);
}

bool
store_is_broken(const struct store *s)
{
	return s->broken;
}

bool
store_begin(struct store *s, struct error *reterr)
{
	assert(!s->in_transaction);
	if (!sqlite_is_fit(s, reterr) ||
	    !sqlite_run(s, "BEGIN IMMEDIATE", reterr))
		return false;
	s->in_transaction = true;
	return true;
}

bool
store_commit(struct store *s, struct error *reterr)
{
	bool ok;

	assert(s->in_transaction && !s->in_job);
	ok = sqlite_is_fit(s, reterr) && sqlite_run(s, "COMMIT", reterr);
	if (!ok)
		store_rollback(s);
	s->in_transaction = false;
	return ok;
}

void
store_rollback(struct store *s)
{
	assert(s->in_transaction);
	run_anyway(s, "ROLLBACK");
	s->in_transaction = s->in_job = false;
}

bool
store_job_begin(struct store *s, struct error *reterr)
{
	assert(s->in_transaction && !s->in_job);
	if (!sqlite_is_fit(s, reterr) ||
	    !sqlite_run(s, "SAVEPOINT job", reterr))
		return false;
	s->in_job = true;
	return true;
}

bool
store_job_keep(struct store *s, struct error *reterr)
{
	assert(s->in_job);
	if (!sqlite_is_fit(s, reterr) ||
	    !sqlite_run(s, "RELEASE job", reterr)) {
		store_job_undo(s);
		return false;
	}
	s->in_job = false;
	return true;
}

void
store_job_undo(struct store *s)
{
	assert(s->in_job);
	s->in_job = false;
	/* In a lost transaction there is no savepoint, and no harm done. */
	if (!is_lost(s))
		run_anyway(s, "ROLLBACK TO job; RELEASE job");
}

bool
sqlite_part_begin(struct store *s, struct error *reterr)
{
	if (!sqlite_is_fit(s, reterr))
		return false;
	return sqlite_run(
		s, s->in_transaction ? "SAVEPOINT part" : "BEGIN IMMEDIATE",
		reterr);
}

bool
sqlite_part_end(struct store *s, bool ok, struct error *reterr)
{
	if (ok)
		ok = sqlite_is_fit(s, reterr) &&
		     sqlite_run(s,
				s->in_transaction ? "RELEASE part" : "COMMIT",
				reterr);
	if (!ok && !is_lost(s))
		run_anyway(s, s->in_transaction
				      ? "ROLLBACK TO part; RELEASE part"
				      : "ROLLBACK");
	return ok;
}
