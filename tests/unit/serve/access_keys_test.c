/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/access_keys.h"

#include "store/temp.h"
#include "sys/clock.h"

#define PATIENCE 10000 /* ms that anything may take */

static struct {
	struct temp temp;
	struct store *db; /* another program's */
	struct loop *loop;
	struct loop_timer *ticker;
	struct storage *storage;
	struct access_keys *keys;
	bool (*condition)(void);
	int64_t deadline;
} w;

static void
on_broken(void *context)
{
	(void)context;
	fail_msg("the store is broken");
}

static void
tick(void *context)
{
	(void)context;
	if (clock_mono() > w.deadline)
		fail_msg("it did not happen");
	if (w.condition())
		loop_stop(w.loop);
	else
		loop_timer_set(w.ticker, 5);
}

static void
wait_until(bool (*is_so)(void))
{
	w.condition = is_so;
	w.deadline = clock_mono() + PATIENCE;
	loop_timer_set(w.ticker, 0);
	loop_run(w.loop);
}

static struct access_key
add_key(const char *account, const char *id)
{
	struct access_key key = {.sealed = {1, 2, 3},
				 .sealed_len = 3,
				 .created = T0,
				 .permission = ACCESS_SEND};

	COPY(key.id, id);
	COPY(key.account, account);
	OK(store_access_key_add(w.db, &key, &err));
	return key;
}

static int
begin(void **state)
{
	(void)state;
	memset(&w, 0, sizeof(w));
	temp_init(&w.temp);
	w.db = temp_open(&w.temp);
	temp_account(w.db, A);
	temp_account(w.db, B);
	w.loop = loop_new();
	w.ticker = loop_timer_new(w.loop, tick, NULL);
	OK(storage_new(w.loop, w.temp.path, on_broken, NULL, &w.storage, &err));
	return 0;
}

static void
follow(void)
{
	OK((w.keys = access_keys_new(w.loop, w.storage, 7, &err)) != NULL);
}

static int
end(void **state)
{
	(void)state;
	storage_free(w.storage);
	access_keys_free(w.keys);
	loop_timer_free(w.ticker);
	loop_free(w.loop);
	store_free(w.db);
	temp_release(&w.temp);
	return 0;
}

/* More than are read at a time, of two accounts. */
static void
test_load(void **state)
{
	char id[33];

	begin(state);
	for (int i = 0; i < 40; i++) {
		snprintf(id, sizeof(id), "AKIA%d", i);
		add_key(i % 3 == 0 ? B : A, id);
	}
	follow();
	for (int i = 0; i < 40; i++) {
		const struct access_key *key;

		snprintf(id, sizeof(id), "AKIA%d", i);
		key = access_keys_get(w.keys, span_of(id));
		assert_non_null(key);
		assert_string_equal(key->account, i % 3 == 0 ? B : A);
		assert_int_equal(key->permission, ACCESS_SEND);
	}
	assert_null(access_keys_get(w.keys, SPAN("AKIA40")));
	assert_null(access_keys_get(w.keys, SPAN("")));
	assert_int_equal(access_keys_nobody(w.keys)->sealed_len, 3);
	assert_string_equal(access_keys_nobody(w.keys)->account, "");
	end(state);
}

static bool
is_two_there(void)
{
	return access_keys_get(w.keys, SPAN("AKIATWO")) != NULL;
}

static bool
is_one_gone(void)
{
	return access_keys_get(w.keys, SPAN("AKIAONE")) == NULL;
}

static bool
is_one_there(void)
{
	return !is_one_gone();
}

/* What another program changes is noticed; and only what it says it did. */
static void
test_follow(void **state)
{
	struct access_key one;

	begin(state);
	one = add_key(A, "AKIAONE");
	follow();
	assert_false(is_one_gone());
	assert_false(is_two_there());
	add_key(B, "AKIATWO");
	OK(access_keys_touch(w.db, 1, &err));
	wait_until(is_two_there);
	assert_false(is_one_gone());
	one.disabled = true;
	OK(store_access_key_update(w.db, &one, &err));
	OK(access_keys_touch(w.db, 2, &err));
	wait_until(is_one_gone);
	assert_true(is_two_there());
	one.disabled = false;
	OK(store_access_key_update(w.db, &one, &err));
	OK(access_keys_touch(w.db, 3, &err));
	wait_until(is_one_there);
	OK(store_access_key_delete(w.db, A, one.id, &err));
	OK(access_keys_touch(w.db, 4, &err));
	wait_until(is_one_gone);
	end(state);
}

static int64_t
stored_use(void)
{
	struct access_key key;

	OK(store_access_key_get(w.db, "AKIAONE", &key, &err));
	return key.used;
}

static bool
is_used(void)
{
	return stored_use() != 0;
}

static bool
is_used_again(void)
{
	return stored_use() >= T0 + ACCESS_KEYS_USE_MS;
}

static void
test_used(void **state)
{
	begin(state);
	add_key(A, "AKIAONE");
	follow();
	assert_int_equal(stored_use(), 0);
	access_keys_used(w.keys, "AKIAONE", T0);
	access_keys_used(w.keys, "AKIANOBODY", T0);
	wait_until(is_used);
	assert_int_equal(stored_use(), T0);
	/* not more often than it says */
	access_keys_used(w.keys, "AKIAONE", T0 + ACCESS_KEYS_USE_MS - 1);
	access_keys_used(w.keys, "AKIAONE", T0 + ACCESS_KEYS_USE_MS);
	wait_until(is_used_again);
	assert_int_equal(stored_use(), T0 + ACCESS_KEYS_USE_MS);
	end(state);
}

/* More at once than may wait: the rest is noted another time. */
static void
test_many_used(void **state)
{
	char id[33];

	begin(state);
	for (int i = 0; i < ACCESS_KEYS_USES_MAX + 10; i++) {
		snprintf(id, sizeof(id), "AKIA%d", i);
		add_key(A, id);
	}
	add_key(A, "AKIAONE");
	follow();
	for (int i = 0; i < ACCESS_KEYS_USES_MAX + 10; i++) {
		snprintf(id, sizeof(id), "AKIA%d", i);
		access_keys_used(w.keys, id, T0);
	}
	access_keys_used(w.keys, "AKIAONE", T0);
	assert_int_equal(access_keys_get(w.keys, SPAN("AKIAONE"))->used, 0);
	assert_int_equal(access_keys_get(w.keys, SPAN("AKIA0"))->used, T0);
	end(state);
}

int
main(void)
{
	UNIT(test_load);
	UNIT(test_follow);
	UNIT(test_used);
	UNIT(test_many_used);
	return unit_run("serve/access_keys");
}
