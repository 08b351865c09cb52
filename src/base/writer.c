/* SPDX-License-Identifier: Apache-2.0 */
#include "base/writer.h"

#include <assert.h>

/* Puts the low `n` bytes of `value`, the highest first. */
static void
put_number(struct writer *w, uint64_t value, size_t n)
{
	if (w->bad || n > w->room - w->len) {
		w->bad = true;
		return;
	}
	for (size_t i = n; i > 0; i--)
		w->ptr[w->len++] = (uint8_t)(value >> (8 * (i - 1)));
}

void
writer_u8(struct writer *w, uint8_t n)
{
	put_number(w, n, 1);
}

void
writer_u16(struct writer *w, uint16_t n)
{
	put_number(w, n, 2);
}

void
writer_u32(struct writer *w, uint32_t n)
{
	put_number(w, n, 4);
}

void
writer_u64(struct writer *w, uint64_t n)
{
	put_number(w, n, 8);
}

void
writer_put(struct writer *w, struct span s)
{
	if (w->bad || s.len > w->room - w->len) {
		w->bad = true;
		return;
	}
	if (s.len > 0)
		memcpy(w->ptr + w->len, s.ptr, s.len);
	w->len += s.len;
}

void
writer_block(struct writer *w, struct span s)
{
	assert(s.len <= UINT32_MAX);
	writer_u32(w, (uint32_t)s.len);
	writer_put(w, s);
}

void
writer_patch_u16(struct writer *w, size_t at, uint16_t n)
{
	if (w->bad)
		return;
	assert(at + 2 <= w->len);
	w->ptr[at] = (uint8_t)(n >> 8);
	w->ptr[at + 1] = (uint8_t)n;
}
