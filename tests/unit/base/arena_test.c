/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "unit.h"

static void
test_get(void **state)
{
	CLEANUP(arena_release) struct arena a = ARENA_INIT(100000);
	unsigned char *first = arena_get(&a, 3);
	unsigned char *second = arena_get(&a, 10000);

	(void)state;
	assert_non_null(first);
	assert_non_null(second);
	assert_int_equal((uintptr_t)first % 16, 0);
	assert_int_equal((uintptr_t)second % 16, 0);
	for (int i = 0; i < 10000; i++)
		assert_int_equal(second[i], 0);
	memset(first, 1, 3);
	memset(second, 2, 10000);
	assert_int_equal(first[2], 1);
	assert_span(arena_copy(&a, SPAN("abc")), "abc");
	assert_span(arena_printf(&a, "%d!", 7), "7!");
	assert_false(arena_full(&a));
}

static void
test_limit(void **state)
{
	CLEANUP(arena_release) struct arena a = ARENA_INIT(64);

	(void)state;
	assert_non_null(arena_get(&a, 32));
	assert_null(arena_get(&a, 64));
	assert_true(arena_full(&a));
	assert_null(arena_get(&a, 1));
	assert_span(arena_copy(&a, SPAN("abc")), "");
	assert_span(arena_printf(&a, "x"), "");
	arena_release(&a);
	assert_false(arena_full(&a));
	assert_non_null(arena_get(&a, 1));
	assert_null(arena_array(&a, SIZE_MAX / 2, 4));
	arena_wipe(&a);
}

/* What is kept comes zeroed again; what was refused is forgotten. */
static void
test_clear(void **state)
{
	CLEANUP(arena_release) struct arena a = ARENA_INIT(20000);
	unsigned char *kept;

	(void)state;
	arena_clear(&a);
	for (int round = 0; round < 3; round++) {
		assert_non_null(arena_get(&a, 10000));
		kept = arena_get(&a, 100);
		for (int i = 0; i < 100; i++)
			assert_int_equal(kept[i], 0);
		memset(kept, 7, 100);
		assert_null(arena_get(&a, 20000));
		assert_true(arena_full(&a));
		arena_clear(&a);
		assert_false(arena_full(&a));
		assert_int_equal(a.used, 0);
	}
	assert_non_null(arena_get(&a, 10000));
	arena_clear(&a);
	assert_int_equal(a.used, 0);
}

int
main(void)
{
	UNIT(test_clear);
	UNIT(test_get);
	UNIT(test_limit);
	return unit_run("base/arena");
}
