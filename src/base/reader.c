/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reader.h"

/* Takes `n` bytes as a big-endian number, 0 if they are not there. */
static uint64_t
take_number(struct reader *r, size_t n)
{
	struct span s = reader_take(r, n);
	uint64_t value = 0;

	for (size_t i = 0; i < s.len; i++)
		value = value << 8 | (unsigned char)s.ptr[i];
	return value;
}

uint8_t
reader_u8(struct reader *r)
{
	return (uint8_t)take_number(r, 1);
}

uint16_t
reader_u16(struct reader *r)
{
	return (uint16_t)take_number(r, 2);
}

uint32_t
reader_u32(struct reader *r)
{
	return (uint32_t)take_number(r, 4);
}

uint64_t
reader_u64(struct reader *r)
{
	return take_number(r, 8);
}

struct span
reader_take(struct reader *r, size_t n)
{
	struct span s;

	if (r->bad || n > reader_left(r)) {
		r->bad = true;
		return SPAN("");
	}
	s = (struct span){r->all.ptr + r->at, n};
	r->at += n;
	return s;
}

struct span
reader_block(struct reader *r)
{
	return reader_take(r, reader_u32(r));
}
