/* SPDX-License-Identifier: Apache-2.0 */
#include "store/temp.h"

/* Every member with a value of its own, so that none can be mixed up. */
static struct identity
full_identity(void)
{
	struct identity i = {
		.type = SES_EMAIL_ADDRESS,
		.created = T0 + 1,
		.verification = {SES_SUCCESS, T0 + 2, T0 + 3},
		.error = SES_ERROR_TYPE_NOT_FOUND,
		.last_checked = T0 + 4,
		.last_success = T0 + 5,
		.soa_serial = UINT32_MAX,
		.dkim = {SES_TEMPORARY_FAILURE, T0 + 6, T0 + 7},
		.signing_enabled = true,
		.origin = SES_ORIGIN_EXTERNAL,
		.next_length = SES_RSA_1024_BIT,
		.current_length = 2048,
		.key_generated = T0 + 8,
		.length_changed = T0 + 9,
		.mail_from_standing = {SES_FAILED, T0 + 10, T0 + 11},
		.on_mx_failure = SES_REJECT_MESSAGE,
		.next_check = T0 + 12,
		.check_from = T0 + 13,
	};

	COPY(i.account, A);
	memset(i.name, 'n', sizeof(i.name) - 1);
	memset(i.configuration_set, 'c', sizeof(i.configuration_set) - 1);
	memset(i.soa_primary, 'p', sizeof(i.soa_primary) - 1);
	memset(i.soa_admin, 'a', sizeof(i.soa_admin) - 1);
	memset(i.mail_from, 'm', sizeof(i.mail_from) - 1);
	for (size_t t = 0; t < STORE_TOKENS; t++)
		memset(i.token[t], (char)('1' + t), sizeof(i.token[t]) - 1);
	return i;
}

static void
test_whole(void **state)
{
	struct store *s = temp_open(NULL);
	struct identity i = full_identity(), got;

	(void)state;
	FAILS(store_identity_add(s, &i, &err), ERROR_NOT_FOUND);
	temp_account(s, A);
	OK(store_identity_add(s, &i, &err));
	assert_true(i.id > 0 && i.version > 0);
	OK(store_identity_get(s, A, i.name, &got, &err));
	assert_memory_equal(&got, &i, sizeof(i));
	OK(store_identity_get_by_id(s, i.id, &got, &err));
	assert_memory_equal(&got, &i, sizeof(i));
	FAILS(store_identity_add(s, &i, &err), ERROR_ALREADY_EXISTS);
	FAILS(store_identity_get(s, B, i.name, &got, &err), ERROR_NOT_FOUND);
	FAILS(store_identity_get_by_id(s, i.id + 1, &got, &err),
	      ERROR_NOT_FOUND);
	FAILS(store_identity_get_by_id(s, UINT64_MAX, &got, &err),
	      ERROR_NOT_FOUND);
	store_free(s);
}

static void
test_update(void **state)
{
	struct store *s = temp_open(NULL);
	struct identity i = full_identity(), old, got;

	(void)state;
	temp_account(s, A);
	OK(store_identity_add(s, &i, &err));
	old = i;
	i.verification.status = SES_FAILED;
	i.next_check = 0;
	i.signing_enabled = false;
	memset(i.token[1], 0, sizeof(i.token[1]));
	OK(store_identity_update(s, &i, &err));
	assert_int_equal(i.version, old.version + 1);
	OK(store_identity_get_by_id(s, i.id, &got, &err));
	assert_memory_equal(&got, &i, sizeof(i));
	/* Who read it before that must read it again. */
	FAILS(store_identity_update(s, &old, &err), ERROR_CONCURRENT);
	OK(store_identity_get_by_id(s, i.id, &got, &err));
	assert_memory_equal(&got, &i, sizeof(i));
	OK(store_identity_delete(s, i.id, T0, &err));
	FAILS(store_identity_update(s, &i, &err), ERROR_NOT_FOUND);
	store_free(s);
}

static void
test_delete(void **state)
{
	struct store *s = temp_open(NULL);
	struct identity i = temp_identity("a.example");
	struct identity other = temp_identity("b.example");
	struct dkim_key k = {.selector = "t1", .state = DKIM_KEY_ACTIVE};
	struct tag_row tag = {"k", "v"}, tags[STORE_TAGS_MAX];
	CLEANUP(buf_release) struct buf b = BUF_INIT(10);
	struct token_row token;
	char key[32];
	uint64_t first;
	size_t len;

	(void)state;
	temp_account(s, A);
	OK(store_identity_add(s, &i, &err));
	OK(store_identity_add(s, &other, &err));
	OK(store_token_add(s, "t1", i.id, T0, &err));
	OK(store_token_add(s, "t2", other.id, T0, &err));
	k.identity = i.id;
	OK(store_dkim_key_put(s, &k, &err));
	k.identity = other.id;
	OK(store_dkim_key_put(s, &k, &err));
	OK(store_tag_put(s, A, "identity/a.example", &tag, &err));
	OK(store_tag_put(s, A, "identity/b.example", &tag, &err));

	snprintf(key, sizeof(key), "seen.%lu", (unsigned long)i.id);
	OK(store_setting_put(s, key, SPAN("{}"), &err));
	OK(store_identity_delete(s, i.id, T0 + 5, &err));
	FAILS(store_identity_delete(s, i.id, T0 + 6, &err), ERROR_NOT_FOUND);
	FAILS(store_setting_get(s, key, &b, &err), ERROR_NOT_FOUND);
	FAILS(store_dkim_key_get(s, i.id, "t1", &k, &err), ERROR_NOT_FOUND);
	OK(store_dkim_key_get(s, other.id, "t1", &k, &err));
	OK(store_tag_list(s, A, "identity/a.example", tags, &len, &err));
	assert_int_equal(len, 0);
	OK(store_tag_list(s, A, "identity/b.example", tags, &len, &err));
	assert_int_equal(len, 1);
	OK(store_token_get(s, "t1", &token, &err));
	assert_int_equal(token.retired, T0 + 5);
	OK(store_token_get(s, "t2", &token, &err));
	assert_int_equal(token.retired, 0);

	/* Neither the token nor the row's number is ever given again. */
	first = i.id;
	OK(store_identity_delete(s, other.id, T0, &err));
	OK(store_identity_add(s, &i, &err));
	assert_true(i.id > other.id && i.id != first);
	FAILS(store_token_add(s, "t1", i.id, T0, &err), ERROR_ALREADY_EXISTS);
	store_free(s);
}

static void
test_list(void **state)
{
	static const char *const names[] = {"c_d.example", "b.example",
					    "cxd.example", "x@b.example",
					    "100%.example"};
	struct store *s = temp_open(NULL);
	struct identity list[6], i;
	struct identity_filter filter = {.type = SES_EMAIL_ADDRESS};
	size_t len;
	uint64_t count;

	(void)state;
	temp_account(s, A);
	temp_account(s, B);
	for (size_t n = 0; n < COUNT(names); n++) {
		i = temp_identity(names[n]);
		if (strchr(names[n], '@') != NULL) {
			i.type = SES_EMAIL_ADDRESS;
			i.verification.status = SES_SUCCESS;
		}
		OK(store_identity_add(s, &i, &err));
	}
	COPY(i.account, B);
	OK(store_identity_add(s, &i, &err));

	OK(store_identity_count(s, A, &count, &err));
	assert_int_equal(count, COUNT(names));
	OK(store_identity_list(s, A, "", NULL, list, 6, &len, &err));
	assert_int_equal(len, COUNT(names));
	assert_string_equal(list[0].name, "100%.example");
	assert_string_equal(list[4].name, "x@b.example");
	OK(store_identity_list(s, A, list[1].name, NULL, list, 2, &len, &err));
	assert_int_equal(len, 2);
	assert_string_equal(list[0].name, "c_d.example");
	OK(store_identity_list(s, A, "", &filter, list, 6, &len, &err));
	assert_int_equal(len, 1);
	filter = (struct identity_filter){.verification = SES_PENDING};
	OK(store_identity_list(s, A, "", &filter, list, 6, &len, &err));
	assert_int_equal(len, 4);
	/* The signs of LIKE are not special in what is looked for. */
	filter = (struct identity_filter){.contains = "_"};
	OK(store_identity_list(s, A, "", &filter, list, 6, &len, &err));
	assert_int_equal(len, 1);
	filter = (struct identity_filter){.contains = "%"};
	OK(store_identity_list(s, A, "", &filter, list, 6, &len, &err));
	assert_int_equal(len, 1);
	memset(filter.contains, '!', sizeof(filter.contains) - 1);
	OK(store_identity_list(s, A, "", &filter, list, 6, &len, &err));
	assert_int_equal(len, 0);
	/* Nor is anything of SQL. */
	OK(store_identity_list(s, "' OR 1 --", "", NULL, list, 6, &len, &err));
	assert_int_equal(len, 0);

	OK(store_identity_named(s, "100%.example", list, 6, &len, &err));
	assert_int_equal(len, 2);
	assert_string_equal(list[1].account, B);
	store_free(s);
}

static void
test_find(void **state)
{
	struct store *s = temp_open(NULL);
	struct identity list[4], i;
	struct span names[] = {SPAN("x@a.b.example"), SPAN("a.b.example"),
			       SPAN("b.example"), SPAN("example")};
	size_t len;

	(void)state;
	temp_account(s, A);
	i = temp_identity("b.example");
	OK(store_identity_add(s, &i, &err));
	i = temp_identity("x@a.b.example");
	OK(store_identity_add(s, &i, &err));
	OK(store_identity_find(s, A, names, 4, list, &len, &err));
	assert_int_equal(len, 2);
	assert_string_equal(list[0].name, "x@a.b.example");
	assert_string_equal(list[1].name, "b.example");
	OK(store_identity_find(s, B, names, 4, list, &len, &err));
	assert_int_equal(len, 0);
	store_free(s);
}

static void
test_due(void **state)
{
	struct store *s = temp_open(NULL);
	struct identity list[4], i;
	size_t len;
	int64_t next;

	(void)state;
	temp_account(s, A);
	OK(store_identity_next_check(s, &next, &err));
	assert_true(next == INT64_MAX);
	for (int n = 0; n < 4; n++) {
		char name[] = "0.example";

		name[0] = (char)('0' + n);
		i = temp_identity(name);
		i.next_check = n == 0 ? 0 : T0 - n;
		OK(store_identity_add(s, &i, &err));
	}
	OK(store_identity_next_check(s, &next, &err));
	assert_int_equal(next, T0 - 3);
	OK(store_identity_due(s, T0 - 2, list, 4, &len, &err));
	assert_int_equal(len, 2);
	assert_string_equal(list[0].name, "3.example");
	assert_string_equal(list[1].name, "2.example");
	OK(store_identity_due(s, T0, list, 1, &len, &err));
	assert_int_equal(len, 1);
	store_free(s);
}

static void
test_unkeyed(void **state)
{
	struct store *s = temp_open(NULL);
	struct identity list[4], i;
	size_t len;

	(void)state;
	temp_account(s, A);
	i = temp_identity("byo.example");
	i.current_length = 0;
	i.origin = SES_ORIGIN_EXTERNAL;
	OK(store_identity_add(s, &i, &err));
	i = temp_identity("x@address.example");
	i.current_length = 0;
	i.type = SES_EMAIL_ADDRESS;
	OK(store_identity_add(s, &i, &err));
	i = temp_identity("easy.example");
	i.current_length = 0;
	OK(store_identity_add(s, &i, &err));
	OK(store_identity_unkeyed(s, 0, list, 4, &len, &err));
	assert_int_equal(len, 1);
	assert_string_equal(list[0].name, "easy.example");
	OK(store_identity_unkeyed(s, i.id, list, 4, &len, &err));
	assert_int_equal(len, 0);
	i.current_length = (int)i.next_length;
	OK(store_identity_update(s, &i, &err));
	OK(store_identity_unkeyed(s, 0, list, 4, &len, &err));
	assert_int_equal(len, 0);
	i.next_length = SES_RSA_1024_BIT;
	OK(store_identity_update(s, &i, &err));
	OK(store_identity_unkeyed(s, 0, list, 4, &len, &err));
	assert_int_equal(len, 1);
	store_free(s);
}

int
main(void)
{
	UNIT(test_whole);
	UNIT(test_update);
	UNIT(test_delete);
	UNIT(test_list);
	UNIT(test_find);
	UNIT(test_due);
	UNIT(test_unkeyed);
	return unit_run("store/sqlite_identity");
}
