/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/secret.h"

#include "crypt/privkey.h"
#include "crypt/random.h"
#include "unit.h"

#define HEAP (1 << 20)

static void
test_life(void **state)
{
	size_t before = secret_heap_used();
	struct secret s;

	(void)state;
	secret_init(&s, 100);
	assert_int_equal(s.len, 100);
	for (size_t i = 0; i < s.len; i++)
		assert_int_equal(s.ptr[i], 0);
	assert_true(secret_heap_used() >= before + 100);
	secret_release(&s);
	assert_null(s.ptr);
	assert_int_equal(secret_heap_used(), before);
	secret_release(&s); /* of nothing is fine */

	secret_copy(&s, SPAN("a secret"));
	assert_span(secret_span(&s), "a secret");
	secret_truncate(&s, 3);
	assert_span(secret_span(&s), "a s");
	assert_memory_equal(s.ptr, "a s\0\0\0\0\0", 8);
	secret_release(&s);
	secret_copy(&s, SPAN(""));
	assert_int_equal(secret_span(&s).len, 0);
	secret_release(&s);
	assert_int_equal(secret_heap_used(), before);
}

static void
test_wipe(void **state)
{
	char bytes[] = "secret";

	(void)state;
	secret_wipe(bytes, 3);
	assert_memory_equal(bytes, "\0\0\0ret", 6);
}

static void
test_equal(void **state)
{
	(void)state;
	assert_true(secret_equal(SPAN(""), SPAN("")));
	assert_true(secret_equal(SPAN("abc"), SPAN("abc")));
	assert_false(secret_equal(SPAN("abc"), SPAN("abd")));
	assert_false(secret_equal(SPAN("abc"), SPAN("abcd")));
	assert_false(secret_equal(SPAN("abc"), SPAN("")));
}

static void
test_random(void **state)
{
	uint8_t one[32], two[32] = {0};
	size_t ones = 0;

	(void)state;
	random_fill(one, sizeof(one));
	random_fill(two, sizeof(two));
	assert_memory_not_equal(one, two, sizeof(one));
	random_fill(two, 0);
	for (int i = 0; i < 1000; i++) {
		random_fill(one, sizeof(one));
		for (size_t j = 0; j < sizeof(one) * 8; j++)
			ones += one[j / 8] >> j % 8 & 1;
	}
	/* 256000 coins: 12 standard deviations to either side */
	assert_in_range(ones, 125000, 131000);
}

/* Keys live in the secure heap, and leave nothing there (K8). */
static void
test_keys(void **state)
{
	size_t before, with;

	(void)state;
	/* The first one makes libcrypto remember algorithms. */
	for (int round = 0; round < 3; round++) {
		struct privkey *key =
			privkey_generate(KEY_RSA, unit_slow() ? 1024 : 2048);
		struct privkey *copy;
		struct secret der;

		privkey_export(key, &der);
		privkey_free(key);
		before = secret_heap_used();
		copy = privkey_load(secret_span(&der));
		assert_non_null(copy);
		with = secret_heap_used();
		/* d, p, q and three more: 896 octets of a key of 2048 bits */
		assert_true(with >= before + (unit_slow() ? 448 : 896));
		privkey_free(copy);
		if (round > 0)
			assert_int_equal(secret_heap_used(), before);
		secret_release(&der);
	}
}

int
main(void)
{
	bool locked;

	if (!secret_heap(HEAP, &locked))
		return 1;
	UNIT(test_life);
	UNIT(test_wipe);
	UNIT(test_equal);
	UNIT(test_random);
	UNIT(test_keys);
	return unit_run("crypt/secret");
}
