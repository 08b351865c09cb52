/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <stdlib.h>

#include "unit.h"

static void
test_append(void **state)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(1000);

	(void)state;
	assert_string_equal(b.ptr, "");
	assert_true(buf_adds(&b, "one"));
	assert_true(buf_addc(&b, ' '));
	assert_true(buf_addf(&b, "%d-%s", 2, "three"));
	assert_string_equal(b.ptr, "one 2-three");
	assert_int_equal(b.len, 11);
	buf_consume(&b, 4);
	assert_string_equal(b.ptr, "2-three");
	buf_truncate(&b, 1);
	assert_string_equal(b.ptr, "2");
	buf_clear(&b);
	assert_string_equal(b.ptr, "");
}

static void
test_limit(void **state)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(4);

	(void)state;
	assert_true(buf_adds(&b, "abcd"));
	assert_false(b.full);
	assert_false(buf_addc(&b, 'e'));
	assert_true(b.full);
	assert_string_equal(b.ptr, "abcd");
	assert_false(buf_addf(&b, "%d", 1));
	buf_clear(&b);
	assert_false(b.full);
	assert_false(buf_adds(&b, "abcde"));
	assert_int_equal(b.len, 0);
}

static void
test_many(void **state)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(100000);

	(void)state;
	for (int i = 0; i < 100000; i++)
		assert_true(buf_addc(&b, (char)('a' + i % 26)));
	assert_int_equal(b.len, 100000);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(b.ptr[i], 'a' + i % 26);
	assert_false(buf_addc(&b, 'x'));
}

static void
test_take(void **state)
{
	struct buf b = BUF_INIT(10);
	char *s;

	(void)state;
	s = buf_take(&b);
	assert_string_equal(s, "");
	free(s);
	buf_adds(&b, "x");
	s = buf_take(&b);
	assert_string_equal(s, "x");
	assert_int_equal(b.len, 0);
	free(s);
	buf_adds(&b, "secret");
	buf_wipe(&b);
	assert_int_equal(b.len, 0);
}

int
main(void)
{
	UNIT(test_append);
	UNIT(test_limit);
	UNIT(test_many);
	UNIT(test_take);
	return unit_run("base/buf");
}
