/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret - bytes that must leave no trace.
 *
 * A struct secret lives in libcrypto's secure heap where secret_heap() made
 * one (locked in memory, left out of core dumps, guard pages at its ends),
 * else in ordinary memory; it is overwritten when released.  This is not an
 * access control: it keeps keys out of swap, cores and reused memory.
 *
 * Purity: secret_heap() maps memory, once per process; the rest only
 * allocates.  Ownership: the struct is the caller's, the bytes are its own.
 */
#pragma once

#include "base/macros.h"
#include "base/span.h"

struct secret {
	uint8_t *ptr; /* NULL if there are none */
	size_t len;   /* how many there are */
};

/*
 * Makes the secure heap of `size` bytes, a power of two, and has libcrypto
 * take all its memory from it: what it copies of a key lies there too, and
 * is overwritten when it is freed.  libcrypto's configuration file is not
 * read from then on, since it could load other code.
 *
 * Once, before anything else of libcrypto is used, in a process of one
 * thread.  Returns whether it could be done; *ret_locked says whether the
 * heap could be locked in memory too (RLIMIT_MEMLOCK may forbid that).
 */
bool secret_heap(size_t size, bool *ret_locked) MUST_CHECK;

/* Returns how many bytes of the secure heap are in use. */
size_t secret_heap_used(void);

/*
 * Makes `s` hold `len` zero bytes, which the caller then sets.  A full
 * secure heap ends the process, as mem_new() does.
 */
void secret_init(struct secret *s, size_t len);

/* Makes `s` hold a copy of `bytes`. */
void secret_copy(struct secret *s, struct span bytes);

/* Overwrites and frees what `s` holds; it is then empty. */
void secret_release(struct secret *s);

/* Shortens `s` to its first `len` bytes, overwriting the others. */
void secret_truncate(struct secret *s, size_t len);

/* Borrows the bytes of `s` until it is released. */
static inline struct span
secret_span(const struct secret *s)
{
	return span_bytes(s->ptr, s->len);
}

/* Overwrites `len` bytes at `ptr`, which no compiler leaves out. */
void secret_wipe(void *ptr, size_t len);

/*
 * Returns whether `a` and `b` hold the same bytes, in a time that tells
 * nothing of where they differ (their lengths are no secret).
 */
bool secret_equal(struct span a, struct span b) MUST_CHECK;
