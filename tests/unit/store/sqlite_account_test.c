/* SPDX-License-Identifier: Apache-2.0 */
#include "store/temp.h"

static void
test_settings(void **state)
{
	struct store *s = temp_open(NULL);
	CLEANUP(buf_release) struct buf b = BUF_INIT(10);

	(void)state;
	FAILS(store_setting_get(s, "zone.serial", &b, &err), ERROR_NOT_FOUND);
	OK(store_setting_put(s, "zone.serial", SPAN("1"), &err));
	OK(store_setting_put(s, "zone.serial", SPAN("two\0"), &err));
	OK(store_setting_put(s, "empty", SPAN(""), &err));
	OK(store_setting_get(s, "zone.serial", &b, &err));
	assert_int_equal(b.len, 4);
	assert_memory_equal(b.ptr, "two\0", 4);
	OK(store_setting_get(s, "empty", &b, &err));
	assert_int_equal(b.len, 4);
	OK(store_setting_delete(s, "empty", &err));
	OK(store_setting_delete(s, "empty", &err));
	FAILS(store_setting_get(s, "empty", &b, &err), ERROR_NOT_FOUND);
	OK(store_setting_put(s, "long", SPAN("12345678901"), &err));
	FAILS(store_setting_get(s, "long", &b, &err), ERROR_TOO_LARGE);
	store_free(s);
}

static void
test_accounts(void **state)
{
	struct store *s = temp_open(NULL);
	struct account a = {.id = A}, list[3];
	size_t len;

	(void)state;
	temp_account(s, B);
	temp_account(s, A);
	FAILS(store_account_add(s, &a, &err), ERROR_ALREADY_EXISTS);
	OK(store_account_list(s, "", list, 3, &len, &err));
	assert_int_equal(len, 2);
	assert_string_equal(list[0].id, A);
	assert_string_equal(list[1].id, B);
	OK(store_account_list(s, "", list, 1, &len, &err));
	assert_int_equal(len, 1);
	OK(store_account_list(s, list[0].id, list, 1, &len, &err));
	assert_string_equal(list[0].id, B);
	OK(store_account_list(s, B, list, 1, &len, &err));
	assert_int_equal(len, 0);
	store_free(s);
}

static void
test_access_keys(void **state)
{
	struct store *s = temp_open(NULL);
	struct access_key k = {
		.id = "AKIAEXAMPLE",
		.account = A,
		.sealed = {1, 0, 255},
		.sealed_len = 3,
		.created = T0,
		.permission = ACCESS_SEND,
	};
	struct access_key got, list[2];
	size_t len;

	(void)state;
	FAILS(store_access_key_add(s, &k, &err), ERROR_NOT_FOUND);
	temp_account(s, A);
	OK(store_access_key_add(s, &k, &err));
	FAILS(store_access_key_add(s, &k, &err), ERROR_ALREADY_EXISTS);
	OK(store_access_key_get(s, k.id, &got, &err));
	assert_memory_equal(&got, &k, sizeof(k));
	FAILS(store_access_key_get(s, "AKIAOTHER", &got, &err),
	      ERROR_NOT_FOUND);
	k.permission = ACCESS_READ;
	k.disabled = true;
	OK(store_access_key_update(s, &k, &err));
	OK(store_access_key_used(s, k.id, T0 + 2, &err));
	OK(store_access_key_used(s, k.id, T0 + 1, &err));
	OK(store_access_key_used(s, "AKIAOTHER", T0 + 3, &err));
	k.used = T0 + 2;
	OK(store_access_key_get(s, k.id, &got, &err));
	assert_memory_equal(&got, &k, sizeof(k));
	COPY(got.account, B);
	FAILS(store_access_key_update(s, &got, &err), ERROR_NOT_FOUND);
	/* What does not fit the place is not cut off but refused. */
	k.sealed_len = STORE_SEALED_MAX;
	COPY(k.id, "AKIAFULL");
	OK(store_access_key_add(s, &k, &err));
	OK(store_access_key_list(s, A, "", list, 2, &len, &err));
	assert_int_equal(len, 2);
	assert_int_equal(list[1].sealed_len, STORE_SEALED_MAX);
	OK(store_access_key_list(s, B, "", list, 2, &len, &err));
	assert_int_equal(len, 0);
	FAILS(store_access_key_delete(s, B, k.id, &err), ERROR_NOT_FOUND);
	OK(store_access_key_delete(s, A, k.id, &err));
	FAILS(store_access_key_get(s, k.id, &got, &err), ERROR_NOT_FOUND);
	store_free(s);
}

static void
test_sets(void **state)
{
	struct store *s = temp_open(NULL);
	struct configuration_set c = {
		.account = A,
		.name = "newsletters",
		.created = T0,
		.options = "{\"a\":1}",
	};
	struct configuration_set got, list[2];
	struct tag_row tag = {"k", "v"}, tags[STORE_TAGS_MAX];
	size_t len;

	(void)state;
	temp_account(s, A);
	OK(store_set_add(s, &c, &err));
	FAILS(store_set_add(s, &c, &err), ERROR_ALREADY_EXISTS);
	OK(store_set_get(s, A, c.name, &got, &err));
	assert_memory_equal(&got, &c, sizeof(c));
	FAILS(store_set_get(s, B, c.name, &got, &err), ERROR_NOT_FOUND);
	COPY(c.options, "{\"a\":2}");
	OK(store_set_update(s, &c, &err));
	OK(store_set_get(s, A, c.name, &got, &err));
	assert_string_equal(got.options, "{\"a\":2}");
	OK(store_tag_put(s, A, "configuration-set/newsletters", &tag, &err));
	COPY(c.name, "other");
	FAILS(store_set_update(s, &c, &err), ERROR_NOT_FOUND);
	OK(store_set_add(s, &c, &err));
	OK(store_set_list(s, A, "newsletters", "", list, 2, &len, &err));
	assert_int_equal(len, 1);
	assert_string_equal(list[0].name, "other");
	OK(store_set_list(s, A, "", "the", list, 2, &len, &err));
	assert_int_equal(len, 1);
	assert_string_equal(list[0].name, "other");
	OK(store_set_list(s, A, "", "_", list, 2, &len, &err));
	assert_int_equal(len, 0);
	OK(store_set_delete(s, A, "newsletters", &err));
	FAILS(store_set_delete(s, A, "newsletters", &err), ERROR_NOT_FOUND);
	OK(store_tag_list(s, A, "configuration-set/newsletters", tags, &len,
			  &err));
	assert_int_equal(len, 0);
	store_free(s);
}

static void
test_tags(void **state)
{
	struct store *s = temp_open(NULL);
	static struct tag_row tags[STORE_TAGS_MAX];
	struct tag_row tag = {"team", "a"};
	size_t len;

	(void)state;
	temp_account(s, A);
	OK(store_tag_put(s, A, "identity/a.example", &tag, &err));
	COPY(tag.value, "b");
	OK(store_tag_put(s, A, "identity/a.example", &tag, &err));
	OK(store_tag_list(s, A, "identity/a.example", tags, &len, &err));
	assert_int_equal(len, 1);
	assert_string_equal(tags[0].key, "team");
	assert_string_equal(tags[0].value, "b");
	for (int i = 1; i < STORE_TAGS_MAX; i++) {
		snprintf(tag.key, sizeof(tag.key), "key %d", i);
		OK(store_tag_put(s, A, "identity/a.example", &tag, &err));
	}
	COPY(tag.key, "one too many");
	FAILS(store_tag_put(s, A, "identity/a.example", &tag, &err),
	      ERROR_LIMIT_EXCEEDED);
	OK(store_tag_put(s, A, "identity/b.example", &tag, &err));
	COPY(tag.key, "team");
	OK(store_tag_put(s, A, "identity/a.example", &tag, &err));
	OK(store_tag_list(s, A, "identity/a.example", tags, &len, &err));
	assert_int_equal(len, STORE_TAGS_MAX);
	OK(store_tag_delete(s, A, "identity/a.example", "team", &err));
	OK(store_tag_delete(s, A, "identity/a.example", "team", &err));
	OK(store_tag_list(s, A, "identity/a.example", tags, &len, &err));
	assert_int_equal(len, STORE_TAGS_MAX - 1);
	store_free(s);
}

static void
test_suppressed(void **state)
{
	struct store *s = temp_open(NULL);
	struct suppressed u = {
		.account = A,
		.address = "gone@example.net",
		.reason = SUPPRESSED_BOUNCE,
		.time = T0,
		.message_id = "m1",
	};
	struct suppressed got, list[3];
	/* The first letters of what passes each. */
	static const struct {
		struct suppressed_filter filter;
		const char *want;
	} filters[] = {
		{{SUPPRESSED_BOUNCE, 0, 0}, "z"},
		{{SUPPRESSED_COMPLAINT, 0, 0}, "g"},
		{{0, T0 + 1, 0}, "z"},
		{{0, T0, T0 + 5}, "g"},
		{{0, T0, T0 + 6}, "gz"},
		{{SUPPRESSED_COMPLAINT, T0 + 1, 0}, ""},
	};
	size_t len;

	(void)state;
	OK(store_suppressed_put(s, &u, &err));
	u.reason = SUPPRESSED_COMPLAINT;
	OK(store_suppressed_put(s, &u, &err));
	OK(store_suppressed_get(s, A, u.address, &got, &err));
	assert_memory_equal(&got, &u, sizeof(u));
	FAILS(store_suppressed_get(s, B, u.address, &got, &err),
	      ERROR_NOT_FOUND);
	COPY(u.address, "zzz@example.net");
	OK(store_suppressed_put(s, &u, &err));
	OK(store_suppressed_list(s, A, "", NULL, list, 3, &len, &err));
	assert_int_equal(len, 2);
	OK(store_suppressed_list(s, A, list[0].address, NULL, list, 3, &len,
				 &err));
	assert_int_equal(len, 1);
	assert_string_equal(list[0].address, "zzz@example.net");
	u.reason = SUPPRESSED_BOUNCE;
	u.time = T0 + 5;
	OK(store_suppressed_put(s, &u, &err));
	for (size_t i = 0; i < COUNT(filters); i++) {
		OK(store_suppressed_list(s, A, "", &filters[i].filter, list, 3,
					 &len, &err));
		assert_int_equal(len, strlen(filters[i].want));
		for (size_t k = 0; k < len; k++)
			assert_int_equal(list[k].address[0],
					 filters[i].want[k]);
	}
	OK(store_suppressed_delete(s, A, u.address, &err));
	FAILS(store_suppressed_delete(s, A, u.address, &err), ERROR_NOT_FOUND);
	store_free(s);
}

int
main(void)
{
	UNIT(test_settings);
	UNIT(test_accounts);
	UNIT(test_access_keys);
	UNIT(test_sets);
	UNIT(test_tags);
	UNIT(test_suppressed);
	return unit_run("store/sqlite_account");
}
