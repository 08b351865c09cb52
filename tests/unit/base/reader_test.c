/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reader.h"

#include "base/writer.h"

#include "unit.h"

static void
test_round(void **state)
{
	uint8_t room[64];
	struct writer w = writer_over(room, sizeof(room));
	struct reader r;

	(void)state;
	writer_u8(&w, 0xab);
	writer_u16(&w, 0xabcd);
	writer_u32(&w, 0xabcdef01);
	writer_u64(&w, 0xabcdef0123456789);
	writer_block(&w, SPAN("hello"));
	writer_put(&w, SPAN("!"));
	writer_patch_u16(&w, 1, 0x1234);
	assert_false(w.bad);
	r = reader_of(writer_span(&w));
	assert_int_equal(reader_u8(&r), 0xab);
	assert_int_equal(reader_u16(&r), 0x1234);
	assert_int_equal(reader_u32(&r), 0xabcdef01);
	assert_int_equal(reader_u64(&r), 0xabcdef0123456789);
	assert_span(reader_block(&r), "hello");
	assert_int_equal(reader_left(&r), 1);
	assert_span(reader_take(&r, 1), "!");
	assert_false(r.bad);
	assert_int_equal(reader_u8(&r), 0);
	assert_true(r.bad);
}

static void
test_short(void **state)
{
	uint8_t room[3] = {9, 9, 9};
	struct writer w = writer_over(room, sizeof(room));
	struct reader r = reader_of(SPAN("\0\0\0\x05"
					 "abc"));

	(void)state;
	writer_u16(&w, 1);
	writer_u16(&w, 2);
	assert_true(w.bad);
	writer_u8(&w, 3);
	assert_int_equal(w.len, 2);
	assert_int_equal(room[2], 9);
	assert_span(reader_block(&r), "");
	assert_true(r.bad);
	assert_int_equal(reader_u8(&r), 0);
}

int
main(void)
{
	UNIT(test_round);
	UNIT(test_short);
	return unit_run("base/reader");
}
