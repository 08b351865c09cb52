/* SPDX-License-Identifier: Apache-2.0 */
/*
 * macros - the few macros the house allows itself.
 *
 * CLEANUP(buf_release) struct buf b = BUF_INIT(limit);  releases `b` with
 * buf_release(&b) whenever its block is left.  For a heap object the function
 * is x_freep(struct x **), made by DEFINE_FREEP(x).
 */
#pragma once

#include <stddef.h>

#define MUST_CHECK         __attribute__((warn_unused_result))
#define PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define CLEANUP(f)         __attribute__((cleanup(f)))
#define COUNT(array)       (sizeof(array) / sizeof((array)[0]))

/*
 * A large array of a busy function that is written before it is read; all
 * others come zeroed from the compiler (-ftrivial-auto-var-init=zero).
 */
#if __has_attribute(uninitialized)
#define UNINITIALIZED __attribute__((uninitialized))
#else
#define UNINITIALIZED
#endif

/* Returns *ptr and leaves NULL there: the object has moved out. */
#define take_ptr(ptr)                                                          \
	({                                                                     \
		__typeof__(ptr) take_at_ = (ptr);                              \
		__typeof__(*take_at_) taken_ = *take_at_;                      \
		*take_at_ = NULL;                                              \
		taken_;                                                        \
	})

/* Makes x_freep(), which frees what its argument points at: for CLEANUP. */
#define DEFINE_FREEP(x)                                                        \
	static inline void x##_freep(struct x **p)                             \
	{                                                                      \
		x##_free(*p);                                                  \
	}

/* The struct `type` whose member `member` is at `ptr`. */
#define container_of(ptr, type, member)                                        \
	((type *)(void *)((char *)(ptr)-offsetof(type, member)))
