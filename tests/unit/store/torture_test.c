/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store on a disk that fails at its Nth call, for every N.  Whatever
 * happens: what a commit acknowledged is there afterwards, and of what it
 * did not, all or nothing.
 */
#include "store/sqlite.h"

#include "store/shim.h"
#include "store/temp.h"

#define STEPS 3 /* transactions of a run */
#define JOBS  2 /* in each transaction */

/* What job `n` puts into the store. */
static bool
do_job(struct store *s, int n, struct error *err)
{
	static const char filler[2000] = {'x'};
	char name[32], text[64];
	struct identity i;
	struct tag_row tag = {"k", "v"};
	struct message m;
	struct recipient r[2] = {temp_recipient("a", "x.example", T0),
				 temp_recipient("b", "y.example", T0)};

	snprintf(name, sizeof(name), "%d.example", n);
	i = temp_identity(name);
	m = temp_message(name);
	snprintf(text, sizeof(text), "identity/%s", name);
	return store_identity_add(s, &i, err) &&
	       store_token_add(s, name, i.id, T0, err) &&
	       store_tag_put(s, A, text, &tag, err) &&
	       store_message_add(s, &m, span_bytes(filler, sizeof(filler)), r,
				 2, err);
}

/* One transaction, of JOBS jobs; true if it was acknowledged. */
static bool
do_step(struct store *s, int step, struct error *err)
{
	if (!store_begin(s, err))
		return false;
	for (int j = 0; j < JOBS; j++) {
		if (!store_job_begin(s, err))
			break;
		if (!do_job(s, step * JOBS + j, err)) {
			store_job_undo(s);
			/* The whole step is given up, to check it whole. */
			store_rollback(s);
			return false;
		}
		if (!store_job_keep(s, err))
			break;
	}
	return store_commit(s, err);
}

/* Whether all of job `n` is there; fails if a part of it is. */
static bool
see_job(struct store *s, int n)
{
	char name[32], text[64];
	struct identity i;
	struct message m;
	struct recipient r[3];
	struct tag_row tags[STORE_TAGS_MAX];
	struct token_row token;
	CLEANUP(buf_release) struct buf data = BUF_INIT(10000);
	size_t len;

	snprintf(name, sizeof(name), "%d.example", n);
	snprintf(text, sizeof(text), "identity/%s", name);
	OK(store_tag_list(s, A, text, tags, &len, &err));
	if (len == 0) {
		FAILS(store_identity_get(s, A, name, &i, &err),
		      ERROR_NOT_FOUND);
		FAILS(store_token_get(s, name, &token, &err), ERROR_NOT_FOUND);
		FAILS(store_message_find(s, name, &m, &err), ERROR_NOT_FOUND);
		return false;
	}
	OK(store_identity_get(s, A, name, &i, &err));
	OK(store_token_get(s, name, &token, &err));
	assert_int_equal(token.identity, i.id);
	OK(store_message_find(s, name, &m, &err));
	OK(store_message_data(s, m.id, &data, &err));
	assert_int_equal(data.len, m.size);
	OK(store_recipient_list(s, m.id, 0, r, 3, &len, &err));
	assert_int_equal(len, 2);
	return true;
}

static void
check_integrity(struct store *s)
{
	sqlite3_stmt *stmt;

	assert_int_equal(sqlite3_prepare_v2(s->db, "PRAGMA integrity_check", -1,
					    &stmt, NULL),
			 0);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(stmt, 0), "ok");
	sqlite3_finalize(stmt);
}

/* Checks what is left on the disk after a run. */
static void
check_left(const struct temp *t, const bool acknowledged[STEPS], bool account)
{
	struct store *s = temp_open(t);
	struct account a;

	check_integrity(s);
	if (account)
		OK(store_account_get(s, A, &a, &err));
	for (int step = 0; step < STEPS; step++) {
		bool seen = see_job(s, step * JOBS);

		for (int j = 1; j < JOBS; j++)
			assert_true(see_job(s, step * JOBS + j) == seen);
		if (acknowledged[step])
			assert_true(seen);
	}
	/* And it can go on from there. */
	store_free(s);
}

/* One run with the fault at call `at`; false if that call never came. */
static bool
run(enum shim_fault fault, unsigned at)
{
	struct temp t;
	struct store *s = NULL;
	struct error err = {0};
	struct account a = {.id = A, .created = T0};
	bool acknowledged[STEPS] = {0}, account = false;

	temp_init(&t);
	shim_set(fault, at);
	if (store_open(t.path, "shim", &s, &err)) {
		account = store_account_add(s, &a, &err);
		/* Small, so that checkpoints are in the run too. */
		sqlite3_wal_autocheckpoint(s->db, 25);
		for (int step = 0; account && step < STEPS; step++) {
			acknowledged[step] = do_step(s, step, &err);
			if (!acknowledged[step])
				assert_true(err.code == ERROR_IO ||
					    err.code == ERROR_UNAVAILABLE);
		}
		if (fault == SHIM_DISK_FULL && shim.happened && account) {
			/* It recovers by itself: only one step is missing. */
			int missing = 0;

			for (int step = 0; step < STEPS; step++)
				missing += !acknowledged[step];
			assert_true(missing <= 1);
			assert_false(store_is_broken(s));
		}
	}
	store_free(s);
	check_left(&t, acknowledged, account);
	temp_release(&t);
	return shim.happened;
}

static void
test_fault(void **state)
{
	const struct {
		const char *name;
		enum shim_fault fault;
	} *row = *state;
	unsigned at = 1;

	while (run(row->fault, at))
		at++;
	/* So many calls were there to fail: the run is no empty one. */
	assert_true(at > 100);
}

static const struct {
	const char *name;
	enum shim_fault fault;
} faults[] = {
	{"every call fails once", SHIM_IO_ERROR},
	{"the disk is full once", SHIM_DISK_FULL},
	{"the disk is full for good", SHIM_FULL_STAYS},
	{"the power is cut", SHIM_POWER_CUT},
};

/* The shim itself: without a fault all is there, with one it is noticed. */
static void
test_shim(void **state)
{
	struct temp t;
	struct store *s = NULL;
	struct error why;
	bool acknowledged[STEPS];

	(void)state;
	temp_init(&t);
	shim_set(SHIM_POWER_CUT, 0);
	OK(store_open(t.path, "shim", &s, &err));
	temp_account(s, A);
	for (int step = 0; step < STEPS; step++)
		acknowledged[step] = do_step(s, step, &why);
	assert_true(acknowledged[STEPS - 1]);
	shim.at = shim.calls + 1;
	assert_false(do_step(s, STEPS, &why));
	assert_int_equal(why.code, ERROR_IO);
	assert_true(store_is_broken(s));
	/* Nothing more is promised by a broken store. */
	FAILS(store_begin(s, &err), ERROR_IO);
	FAILS(store_setting_put(s, "k", SPAN("v"), &err), ERROR_IO);
	store_free(s);
	check_left(&t, acknowledged, true);
	temp_release(&t);
}

int
main(void)
{
	UNIT(test_shim);
	UNIT_ROWS(test_fault, faults);
	return unit_run("store/torture");
}
