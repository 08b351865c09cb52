/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include "unit.h"

static void
test_put_get_take(void **state)
{
	CLEANUP(map_release) struct map m;
	char one[] = "one", two[] = "two";

	(void)state;
	map_init(&m, 7);
	assert_null(map_get(&m, SPAN("a")));
	assert_null(map_take(&m, SPAN("a")));
	assert_null(map_put(&m, SPAN("a"), one));
	assert_ptr_equal(map_put(&m, SPAN("a"), two), one);
	assert_ptr_equal(map_get(&m, SPAN("a")), two);
	assert_null(map_get(&m, SPAN("A")));
	assert_null(map_put(&m, SPAN(""), one));
	assert_ptr_equal(map_get(&m, SPAN("")), one);
	assert_int_equal(m.len, 2);
	assert_ptr_equal(map_take(&m, SPAN("a")), two);
	assert_null(map_get(&m, SPAN("a")));
	assert_int_equal(m.len, 1);
}

/* Puts, takes and walks as many as 10,000, against an array that knows. */
static void
test_many(void **state)
{
	static bool in[10000];
	CLEANUP(map_release) struct map m;
	size_t at = 0, seen = 0, len = 0;
	unsigned n = 1;

	(void)state;
	map_init(&m, 12345);
	for (int i = 0; i < 60000; i++) {
		unsigned k;

		n = n * 1103515245 + 12345;
		k = (n >> 8) % 10000;
		if (i % 3 == 0) {
			void *was = map_take(&m, span_bytes(&k, sizeof(k)));
			assert_int_equal(was != NULL, in[k]);
			in[k] = false;
		} else {
			void *was =
				map_put(&m, span_bytes(&k, sizeof(k)), &in[k]);
			assert_int_equal(was != NULL, in[k]);
			in[k] = true;
		}
	}
	for (unsigned k = 0; k < 10000; k++) {
		len += in[k];
		assert_ptr_equal(map_get(&m, span_bytes(&k, sizeof(k))),
				 in[k] ? &in[k] : NULL);
	}
	assert_int_equal(m.len, len);
	for (bool *value; (value = map_each(&m, &at, NULL)) != NULL; seen++)
		assert_true(*value);
	assert_int_equal(seen, len);
}

int
main(void)
{
	UNIT(test_put_get_take);
	UNIT(test_many);
	return unit_run("base/map");
}
