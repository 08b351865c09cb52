/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader - a cursor that takes binary bytes, with an error that sticks.
 *
 * Numbers are big-endian, as in DNS and in our messages between processes.
 * A read past the end gives zeros and sets `bad`: look at it once, when all
 * is read.  Its twin is the writer.
 *
 * Pure: no allocation, no I/O.  Borrows what it walks over.
 */
#pragma once

#include "base/span.h"

struct reader {
	struct span all; /* everything, from the first byte */
	size_t at;       /* offset of the next byte */
	bool bad;        /* something was not there */
};

/* Starts at the first byte of `all`. */
static inline struct reader
reader_of(struct span all)
{
	return (struct reader){all, 0, false};
}

/* Returns how many bytes are left. */
static inline size_t
reader_left(const struct reader *r)
{
	return r->all.len - r->at;
}

/* Takes one byte. */
uint8_t reader_u8(struct reader *r);

/* Takes a 16-bit number. */
uint16_t reader_u16(struct reader *r);

/* Takes a 32-bit number. */
uint32_t reader_u32(struct reader *r);

/* Takes a 64-bit number. */
uint64_t reader_u64(struct reader *r);

/* Takes `n` bytes; empty (and bad) if there are fewer. */
struct span reader_take(struct reader *r, size_t n);

/* Takes a 32-bit length and as many bytes: the twin of writer_block(). */
struct span reader_block(struct reader *r);
