/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mem - allocation that does not fail.
 *
 * Running out of memory ends the process cleanly (exit status 71) and its
 * parent restarts it; that is honest only because every buffer and list has
 * a stated maximum that is checked before.  Memory comes zeroed.
 */
#pragma once

#include <stddef.h>

#include "base/macros.h"
#include "base/span.h"

/* Returns `size` zeroed bytes, which the caller frees with free(). */
void *mem_new(size_t size) MUST_CHECK;

/* Returns room for `count` zeroed things of `size` bytes each. */
void *mem_array(size_t count, size_t size) MUST_CHECK;

/*
 * Makes the block `old` (or NULL) `size` bytes long, moving it if need be;
 * what is new is not zeroed.  Takes `old`.
 */
void *mem_resize(void *old, size_t size) MUST_CHECK;

/* Returns a copy of `s` with a NUL behind it, which the caller frees. */
char *mem_string(struct span s) MUST_CHECK;

/* Says on stderr that memory ran out and ends the process. */
_Noreturn void mem_exhausted(void);
