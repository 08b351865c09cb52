/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena - memory for one request, message or job, freed at once.
 *
 * A function with a `struct arena *` parameter puts its result there: it
 * lives until the arena is cleared or released.  An arena has a stated
 * maximum; arena_get() past it returns NULL, which callers that take sizes
 * from the network must look at.  Memory comes zeroed and aligned to 16.
 */
#pragma once

#include <stdarg.h>

#include "base/macros.h"
#include "base/span.h"

struct arena_block;

struct arena {
	struct arena_block *block; /* newest first */
	size_t used;               /* bytes given out, rounding included */
	size_t limit;              /* most bytes it may ever give out */
};

#define ARENA_INIT(max) ((struct arena){.limit = (max)})

/* Makes `a` empty, to give out at most `limit` bytes. */
void arena_init(struct arena *a, size_t limit);

/* Frees everything taken from `a`, which may be used again. */
void arena_release(struct arena *a);

/*
 * Takes everything back that was given out, as arena_release() does, but
 * keeps one block for what comes next: for a loop of many small jobs.
 */
void arena_clear(struct arena *a);

/* Overwrites everything taken from `a`, then frees it: for secrets. */
void arena_wipe(struct arena *a);

/* Returns `size` zeroed bytes, or NULL if the limit does not allow them. */
void *arena_get(struct arena *a, size_t size) MUST_CHECK;

/* As arena_get(), for `count` things of `size` bytes. */
void *arena_array(struct arena *a, size_t count, size_t size) MUST_CHECK;

/*
 * Returns a copy of `s` with a NUL behind it.  Fails by returning
 * {"", 0} (static) if the limit does not allow it; see arena_full().
 */
struct span arena_copy(struct arena *a, struct span s);

/* As arena_copy(), of what printf() would print. */
struct span arena_printf(struct arena *a, const char *format, ...) PRINTF(2, 3);

/* Returns whether a request was ever refused for the limit. */
bool arena_full(const struct arena *a);
