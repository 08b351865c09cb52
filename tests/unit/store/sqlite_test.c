/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sqlite.h"

#include <signal.h>
#include <sys/wait.h>

#include "store/temp.h"

static void
test_reopen(void **state)
{
	struct temp t;
	struct store *s;
	struct account a;

	(void)state;
	temp_init(&t);
	s = temp_open(&t);
	temp_account(s, A);
	assert_false(store_is_broken(s));
	store_free(s);
	s = temp_open(&t);
	OK(store_account_get(s, A, &a, &err));
	assert_string_equal(a.id, A);
	assert_int_equal(a.created, T0);
	store_free(s);
	store_free(NULL);
	temp_release(&t);
}

/* Every statement is good SQL, also those that no other test comes to. */
static void
test_statements(void **state)
{
	struct store *s = temp_open(NULL);
	static const char *const sql[] = {
#define X(name, sql) sql,
#include "store/statements.def"
#undef X
	};

	(void)state;
	for (size_t i = 0; i < COUNT(sql); i++) {
		sqlite3_stmt *stmt = NULL;

		if (sqlite3_prepare_v2(s->db, sql[i], -1, &stmt, NULL) != 0)
			fail_msg("%s: %s", sql[i], sqlite3_errmsg(s->db));
		sqlite3_finalize(stmt);
	}
	store_free(s);
}

static int64_t
pragma(struct store *s, const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t value;

	assert_int_equal(sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL), 0);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

static void
test_durable(void **state)
{
	struct temp t;
	struct store *s;

	(void)state;
	temp_init(&t);
	s = temp_open(&t);
	assert_int_equal(pragma(s, "PRAGMA synchronous"), 2);
	assert_int_equal(pragma(s, "PRAGMA foreign_keys"), 1);
	assert_int_equal(pragma(s, "SELECT 'wal' = "
				   "(SELECT journal_mode FROM "
				   "pragma_journal_mode)"),
			 1);
	assert_int_equal(pragma(s, "PRAGMA wal_autocheckpoint"),
			 STORE_WAL_PAGES);
	assert_int_equal(pragma(s, "PRAGMA user_version"), schema_version);
	store_free(s);
	temp_release(&t);
}

/* Runs `sql` on the file of `t`, as another program would. */
static void
meddle(const struct temp *t, const char *sql)
{
	sqlite3 *db;
	char *why = NULL;

	assert_int_equal(sqlite3_open(t->path, &db), 0);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != 0)
		fail_msg("%s: %s", sql, why);
	sqlite3_close(db);
}

/* A database of the first schema is brought up to date, with its rows. */
static void
test_older_schema(void **state)
{
	struct temp t;
	struct store *s;
	struct access_key key;
	sqlite3 *db;

	(void)state;
	temp_init(&t);
	assert_int_equal(sqlite3_open(t.path, &db), 0);
	assert_int_equal(sqlite3_exec(db, schema_steps[0], NULL, NULL, NULL),
			 0);
	sqlite3_close(db);
	meddle(&t, "PRAGMA application_id = 0x5345534d;"
		   "PRAGMA user_version = 1;"
		   "INSERT INTO account VALUES ('" A "', 1);"
		   "INSERT INTO access_key VALUES ('K', '" A "', x'01', 2)");
	s = temp_open(&t);
	assert_int_equal(pragma(s, "PRAGMA user_version"), schema_version);
	OK(store_access_key_get(s, "K", &key, &err));
	assert_int_equal(key.created, 2);
	assert_int_equal(key.permission, ACCESS_FULL);
	assert_false(key.disabled);
	assert_int_equal(key.used, 0);
	store_free(s);
	temp_release(&t);
}

static void
test_newer_schema(void **state)
{
	struct temp t;
	struct store *s = NULL;
	struct error why = {0};

	(void)state;
	temp_init(&t);
	store_free(temp_open(&t));
	meddle(&t, "PRAGMA user_version = 9999");
	assert_false(store_open(t.path, NULL, &s, &why));
	assert_int_equal(why.code, ERROR_CONFIG);
	assert_non_null(strstr(why.text, "newer sesame"));
	assert_null(s);
	temp_release(&t);
}

static void
test_not_ours(void **state)
{
	struct temp t;
	struct store *s = NULL;
	FILE *file;

	(void)state;
	temp_init(&t);
	meddle(&t, "CREATE TABLE theirs (x)");
	FAILS(store_open(t.path, NULL, &s, &err), ERROR_CONFIG);
	unlink(t.path);
	file = fopen(t.path, "w");
	for (int i = 0; i < 500; i++)
		fputs("this is no database\n", file);
	fclose(file);
	FAILS(store_open(t.path, NULL, &s, &err), ERROR_IO);
	FAILS(store_open("/nonexistent/db", NULL, &s, &err), ERROR_UNAVAILABLE);
	temp_release(&t);
}

static void
test_transaction(void **state)
{
	struct temp t;
	struct store *s, *other;
	struct account a;

	(void)state;
	temp_init(&t);
	s = temp_open(&t);
	other = temp_open(&t);
	OK(store_begin(s, &err));
	OK(store_job_begin(s, &err));
	temp_account(s, "000000000001");
	OK(store_job_keep(s, &err));
	OK(store_job_begin(s, &err));
	temp_account(s, "000000000002");
	store_job_undo(s);
	OK(store_job_begin(s, &err));
	temp_account(s, "000000000003");
	FAILS(store_account_get(s, "000000000002", &a, &err), ERROR_NOT_FOUND);
	OK(store_job_keep(s, &err));
	/* Nobody sees it before the commit. */
	FAILS(store_account_get(other, "000000000001", &a, &err),
	      ERROR_NOT_FOUND);
	OK(store_commit(s, &err));
	OK(store_account_get(other, "000000000001", &a, &err));
	FAILS(store_account_get(other, "000000000002", &a, &err),
	      ERROR_NOT_FOUND);
	OK(store_account_get(other, "000000000003", &a, &err));

	OK(store_begin(s, &err));
	temp_account(s, "000000000004");
	store_rollback(s);
	FAILS(store_account_get(s, "000000000004", &a, &err), ERROR_NOT_FOUND);
	/* A handle that is closed in a transaction undoes it. */
	OK(store_begin(s, &err));
	temp_account(s, "000000000005");
	store_free(s);
	FAILS(store_account_get(other, "000000000005", &a, &err),
	      ERROR_NOT_FOUND);
	store_free(other);
	temp_release(&t);
}

/* A failed call inside a job leaves the job what it was. */
static void
test_part_of_job(void **state)
{
	struct store *s = temp_open(NULL);
	struct message m = temp_message("m1");
	struct recipient r[2] = {temp_recipient("a", "example.net", T0),
				 temp_recipient("b", "example.net", T0)};
	uint64_t count;

	(void)state;
	OK(store_begin(s, &err));
	OK(store_job_begin(s, &err));
	OK(store_message_add(s, &m, SPAN("data"), r, 1, &err));
	FAILS(store_message_add(s, &m, SPAN("data"), r, 2, &err),
	      ERROR_ALREADY_EXISTS);
	OK(store_job_keep(s, &err));
	OK(store_commit(s, &err));
	OK(store_queued_count(s, NULL, &count, &err));
	assert_int_equal(count, 1);
	store_free(s);
}

static void
test_locked(void **state)
{
	struct temp t;
	struct store *s, *other;
	struct account a = {.id = A};

	(void)state;
	temp_init(&t);
	s = temp_open(&t);
	other = temp_open(&t);
	OK(store_begin(other, &err));
	sqlite3_busy_timeout(s->db, 10);
	FAILS(store_begin(s, &err), ERROR_UNAVAILABLE);
	FAILS(store_account_add(s, &a, &err), ERROR_UNAVAILABLE);
	assert_false(store_is_broken(s));
	store_rollback(other);
	OK(store_account_add(s, &a, &err));
	store_free(s);
	store_free(other);
	temp_release(&t);
}

static void
test_disk_full(void **state)
{
	struct store *s = temp_open(NULL);
	struct message m = temp_message("m1");
	struct recipient r = temp_recipient("a", "example.net", T0);
	CLEANUP(buf_release) struct buf data = BUF_INIT(1000000);
	struct account a;

	(void)state;
	while (data.len < 900000)
		buf_adds(&data, "0123456789");
	pragma(s, "PRAGMA max_page_count = 100");
	OK(store_begin(s, &err));
	OK(store_job_begin(s, &err));
	temp_account(s, A);
	OK(store_job_keep(s, &err));
	OK(store_job_begin(s, &err));
	FAILS(store_message_add(s, &m, buf_span(&data), &r, 1, &err),
	      ERROR_UNAVAILABLE);
	store_job_undo(s);
	if (sqlite3_get_autocommit(s->db)) {
		/* SQLite gave the transaction up: so must we. */
		FAILS(store_account_get(s, A, &a, &err), ERROR_UNAVAILABLE);
		FAILS(store_commit(s, &err), ERROR_UNAVAILABLE);
		FAILS(store_account_get(s, A, &a, &err), ERROR_NOT_FOUND);
	} else {
		OK(store_commit(s, &err));
		OK(store_account_get(s, A, &a, &err));
	}
	assert_false(store_is_broken(s));
	pragma(s, "PRAGMA max_page_count = 1000000");
	OK(store_message_add(s, &m, buf_span(&data), &r, 1, &err));
	store_free(s);
}

/* What another hand put into the file is not believed. */
static void
test_damaged_rows(void **state)
{
	static const char *const sql[] = {
		"UPDATE identity SET name = zeroblob(400)",
		"UPDATE identity SET name = printf('%0400d', 1)",
		"UPDATE identity SET token1 = printf('%064d', 1)",
		"UPDATE identity SET type = 3",
		"UPDATE identity SET type = -1",
		"UPDATE identity SET dkim_status = 6",
		"UPDATE identity SET next_length = 2047",
		"UPDATE identity SET created = -1",
		"UPDATE identity SET soa_serial = 4294967296",
		"UPDATE identity SET signing_enabled = 2",
		"UPDATE identity SET soa_admin = 'a' || char(0) || 'b'",
	};
	struct identity i = temp_identity("example.org");
	struct identity got = {.id = 77};

	(void)state;
	for (size_t n = 0; n < COUNT(sql); n++) {
		struct store *s = temp_open(NULL);

		temp_account(s, A);
		OK(store_identity_add(s, &i, &err));
		/* STRICT refuses the first itself. */
		if (sqlite3_exec(s->db, sql[n], NULL, NULL, NULL) == 0) {
			size_t len = 99;

			FAILS(store_identity_get_by_id(s, i.id, &got, &err),
			      ERROR_INTERNAL);
			FAILS(store_identity_due(s, INT64_MAX, &got, 1, &len,
						 &err),
			      ERROR_INTERNAL);
			assert_int_equal(len, 99);
		} else {
			assert_int_equal(n, 0);
		}
		store_free(s);
	}
}

/* A commit outlives the process that made it, however it ends. */
static void
test_kill(void **state)
{
	struct temp t;
	struct store *s;
	struct account a;
	int status;
	pid_t pid;

	(void)state;
	temp_init(&t);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct error err;
		struct account mine = {.id = A}, half = {.id = B};

		if (!store_open(t.path, NULL, &s, &err) ||
		    !store_begin(s, &err) ||
		    !store_account_add(s, &mine, &err) ||
		    !store_commit(s, &err) || !store_begin(s, &err) ||
		    !store_account_add(s, &half, &err))
			_exit(1);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	s = temp_open(&t);
	OK(store_account_get(s, A, &a, &err));
	FAILS(store_account_get(s, B, &a, &err), ERROR_NOT_FOUND);
	store_free(s);
	temp_release(&t);
}

int
main(void)
{
	UNIT(test_reopen);
	UNIT(test_statements);
	UNIT(test_durable);
	UNIT(test_older_schema);
	UNIT(test_newer_schema);
	UNIT(test_not_ours);
	UNIT(test_transaction);
	UNIT(test_part_of_job);
	UNIT(test_locked);
	UNIT(test_disk_full);
	UNIT(test_damaged_rows);
	UNIT(test_kill);
	return unit_run("store/sqlite");
}
