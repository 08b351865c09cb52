/* SPDX-License-Identifier: Apache-2.0 */
#include "store/temp.h"

static void
test_tokens(void **state)
{
	struct store *s = temp_open(NULL);
	struct token_row got;

	(void)state;
	OK(store_token_add(s, "abc", 7, T0, &err));
	FAILS(store_token_add(s, "abc", 8, T0, &err), ERROR_ALREADY_EXISTS);
	OK(store_token_get(s, "abc", &got, &err));
	assert_string_equal(got.token, "abc");
	assert_int_equal(got.identity, 7);
	assert_int_equal(got.issued, T0);
	assert_int_equal(got.retired, 0);
	FAILS(store_token_get(s, "abd", &got, &err), ERROR_NOT_FOUND);
	store_free(s);
}

static struct dkim_key
key(uint64_t identity, const char *selector)
{
	struct dkim_key k = {
		.identity = identity,
		.generation = UINT32_MAX,
		.type = DKIM_KEY_ED25519,
		.bits = 256,
		.state = DKIM_KEY_RETIRED,
		.sealed_len = STORE_SEALED_MAX,
		.created = T0,
	};

	COPY(k.selector, selector);
	memset(k.public, 'p', sizeof(k.public) - 1);
	memset(k.sealed, 0xfe, sizeof(k.sealed));
	return k;
}

static void
test_published(void **state)
{
	struct store *s = temp_open(NULL);
	struct published_token list[8];
	struct identity i;
	struct dkim_key k;
	size_t len;

	(void)state;
	temp_account(s, A);
	i = temp_identity("a.example");
	OK(store_identity_add(s, &i, &err));
	OK(store_token_add(s, "t1", i.id, T0, &err));
	OK(store_token_add(s, "t2", i.id, T0 + 5, &err));
	k = key(i.id, "t1");
	OK(store_dkim_key_put(s, &k, &err));
	k = key(i.id + 1, "t2"); /* somebody else's selector of that name */
	OK(store_dkim_key_put(s, &k, &err));
	OK(store_token_published(s, "", list, 8, &len, &err));
	assert_int_equal(len, 2);
	assert_string_equal(list[0].token, "t1");
	assert_string_equal(list[0].public, k.public);
	assert_int_equal(list[0].type, k.type);
	assert_string_equal(list[1].token, "t2");
	assert_string_equal(list[1].public, "");
	assert_int_equal(list[1].type, 0);
	OK(store_token_published(s, "t1", list, 8, &len, &err));
	assert_int_equal(len, 1);
	OK(store_token_changed(s, T0 + 5, "", list, 8, &len, &err));
	assert_int_equal(len, 1);
	assert_false(list[0].retired);
	OK(store_identity_delete(s, i.id, T0 + 9, &err));
	OK(store_token_published(s, "", list, 8, &len, &err));
	assert_int_equal(len, 0);
	OK(store_token_changed(s, T0 + 9, "", list, 8, &len, &err));
	assert_int_equal(len, 2);
	assert_true(list[0].retired && list[1].retired);
	OK(store_token_changed(s, T0 + 10, "", list, 8, &len, &err));
	assert_int_equal(len, 0);
	store_free(s);
}

static void
test_keys(void **state)
{
	struct store *s = temp_open(NULL);
	struct dkim_key k = key(5, "t1"), got, list[4];
	size_t len;

	(void)state;
	OK(store_dkim_key_put(s, &k, &err));
	OK(store_dkim_key_get(s, 5, "t1", &got, &err));
	assert_memory_equal(&got, &k, sizeof(k));
	/* The next generation takes the place of the last. */
	k.generation = 3;
	k.type = DKIM_KEY_RSA;
	k.bits = 2048;
	k.state = DKIM_KEY_ACTIVE;
	k.sealed_len = 1;
	memset(k.sealed + 1, 0, sizeof(k.sealed) - 1);
	OK(store_dkim_key_put(s, &k, &err));
	OK(store_dkim_key_get(s, 5, "t1", &got, &err));
	assert_memory_equal(&got, &k, sizeof(k));

	k = key(0, "zone");
	OK(store_dkim_key_put(s, &k, &err));
	k = key(5, "t2");
	OK(store_dkim_key_put(s, &k, &err));
	k = key(4, "t9");
	OK(store_dkim_key_put(s, &k, &err));
	OK(store_dkim_key_list(s, 5, list, 4, &len, &err));
	assert_int_equal(len, 2);
	OK(store_dkim_key_list(s, 0, list, 4, &len, &err));
	assert_int_equal(len, 1);
	assert_string_equal(list[0].selector, "zone");

	OK(store_dkim_key_all(s, NULL, list, 2, &len, &err));
	assert_int_equal(len, 2);
	assert_string_equal(list[0].selector, "zone");
	assert_string_equal(list[1].selector, "t9");
	OK(store_dkim_key_all(s, &list[1], list + 2, 2, &len, &err));
	assert_int_equal(len, 2);
	assert_string_equal(list[2].selector, "t1");
	assert_string_equal(list[3].selector, "t2");
	OK(store_dkim_key_all(s, &list[3], list, 2, &len, &err));
	assert_int_equal(len, 0);

	OK(store_dkim_key_delete(s, 5, "t1", &err));
	FAILS(store_dkim_key_delete(s, 5, "t1", &err), ERROR_NOT_FOUND);
	store_free(s);
}

static void
test_pool(void **state)
{
	struct store *s = temp_open(NULL);
	struct pool_key k = {
		.type = DKIM_KEY_RSA,
		.bits = 2048,
		.label = "first",
		.public = "MIIB",
		.sealed = {9, 8},
		.sealed_len = 2,
		.created = T0,
	};
	struct pool_key first, got;
	uint64_t count;

	(void)state;
	FAILS(store_pool_take(s, DKIM_KEY_RSA, 2048, &got, &err),
	      ERROR_NOT_FOUND);
	OK(store_pool_add(s, &k, &err));
	first = k;
	COPY(k.label, "second");
	OK(store_pool_add(s, &k, &err));
	assert_true(k.id > first.id);
	OK(store_pool_count(s, DKIM_KEY_RSA, 2048, &count, &err));
	assert_int_equal(count, 2);
	OK(store_pool_count(s, DKIM_KEY_RSA, 1024, &count, &err));
	assert_int_equal(count, 0);
	FAILS(store_pool_take(s, DKIM_KEY_RSA, 1024, &got, &err),
	      ERROR_NOT_FOUND);
	OK(store_pool_take(s, DKIM_KEY_RSA, 2048, &got, &err));
	assert_memory_equal(&got, &first, sizeof(first));
	OK(store_pool_take(s, DKIM_KEY_RSA, 2048, &got, &err));
	assert_string_equal(got.label, "second");
	FAILS(store_pool_take(s, DKIM_KEY_RSA, 2048, &got, &err),
	      ERROR_NOT_FOUND);
	store_free(s);
}

int
main(void)
{
	UNIT(test_tokens);
	UNIT(test_published);
	UNIT(test_keys);
	UNIT(test_pool);
	return unit_run("store/sqlite_key");
}
