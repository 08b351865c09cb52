/* SPDX-License-Identifier: Apache-2.0 */
/*
 * buf - an owned, growing run of bytes with a stated maximum.
 *
 * There is always a NUL behind the last byte, so `ptr` is a C string too.
 * An append that would pass the limit adds nothing and makes the buffer
 * `full`, which sticks: a caller may append many times and look once at the
 * end.  A full buffer still holds what was put in before.
 *
 * Ownership: the struct is the caller's, what it points at is the buffer's.
 */
#pragma once

#include <stdarg.h>

#include "base/macros.h"
#include "base/span.h"

struct buf {
	char *ptr;    /* never NULL; NUL-ended */
	size_t len;   /* bytes in use, without the NUL */
	size_t room;  /* bytes allocated, 0 while ptr is static */
	size_t limit; /* most bytes it may ever hold */
	bool full;    /* an append did not fit: something is missing */
};

extern char buf_empty_[1];

#define BUF_INIT(max) ((struct buf){.ptr = buf_empty_, .limit = (max)})

/* Makes `b` empty with room for at most `limit` bytes. */
void buf_init(struct buf *b, size_t limit);

/* Frees what `b` holds; `b` is then as after buf_init() with its limit. */
void buf_release(struct buf *b);

/* Empties `b`, keeping its memory, and forgets that it was full. */
void buf_clear(struct buf *b);

/* As buf_release(), but overwrites the bytes first: for secrets. */
void buf_wipe(struct buf *b);

/* Appends `s`.  Returns false (and `full` is set) if it does not fit. */
bool buf_add(struct buf *b, struct span s);

/* Appends the C string `s`. */
bool buf_adds(struct buf *b, const char *s);

/* Appends one byte. */
bool buf_addc(struct buf *b, char c);

/* Appends as printf() does. */
bool buf_addf(struct buf *b, const char *format, ...) PRINTF(2, 3);

/* Appends as vprintf() does. */
bool buf_addv(struct buf *b, const char *format, va_list args) PRINTF(2, 0);

/*
 * Makes room for `n` more bytes and returns where they go; buf_grew() then
 * says how many were written.  Returns NULL (and `full` is set) past limit.
 */
char *buf_reserve(struct buf *b, size_t n);

/* Counts `n` bytes, written where buf_reserve() said, as held. */
void buf_grew(struct buf *b, size_t n);

/* Drops the first `n` bytes and moves the rest to the front. */
void buf_consume(struct buf *b, size_t n);

/* Cuts `b` to its first `len` bytes. */
void buf_truncate(struct buf *b, size_t len);

/* Borrows all of `b` until it is next changed. */
static inline struct span
buf_span(const struct buf *b)
{
	return (struct span){b->ptr, b->len};
}

/* Moves the string out, for the caller to free(); `b` is empty then. */
char *buf_take(struct buf *b) MUST_CHECK;
