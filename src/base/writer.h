/* SPDX-License-Identifier: Apache-2.0 */
/*
 * writer - a cursor that puts binary bytes, with an error that sticks.
 *
 * Numbers are big-endian, as in DNS and in our messages between processes.
 * A write past the end writes nothing and sets `bad`: look at it once, when
 * all is written.  Its twin is the reader.
 *
 * Pure: no allocation, no I/O.  Borrows what it writes over.
 */
#pragma once

#include "base/span.h"

struct writer {
	uint8_t *ptr; /* where the first byte goes */
	size_t room;  /* how many bytes there are */
	size_t len;   /* how many are written */
	bool bad;     /* something did not fit */
};

/* Writes into `room` bytes at `ptr`. */
static inline struct writer
writer_over(void *ptr, size_t room)
{
	return (struct writer){ptr, room, 0, false};
}

/* Borrows what was written so far. */
static inline struct span
writer_span(const struct writer *w)
{
	return span_bytes(w->ptr, w->len);
}

/* Puts one byte. */
void writer_u8(struct writer *w, uint8_t n);

/* Puts a 16-bit number. */
void writer_u16(struct writer *w, uint16_t n);

/* Puts a 32-bit number. */
void writer_u32(struct writer *w, uint32_t n);

/* Puts a 64-bit number. */
void writer_u64(struct writer *w, uint64_t n);

/* Puts the bytes of `s`. */
void writer_put(struct writer *w, struct span s);

/* Puts the length of `s` in 32 bits, then `s`. */
void writer_block(struct writer *w, struct span s);

/* Writes `n` over the two bytes at offset `at`, which are written already. */
void writer_patch_u16(struct writer *w, size_t at, uint16_t n);
