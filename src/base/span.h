/* SPDX-License-Identifier: Apache-2.0 */
/*
 * span - a borrowed run of bytes.
 *
 * A span never owns what it points at, is never changed through, and need
 * not end in NUL.  `ptr` is never NULL: an empty span is SPAN("").
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const char *ptr; /* the first byte; never NULL */
	size_t len;      /* how many bytes there are */
};

/* A span over a string literal. */
#define SPAN(literal) ((struct span){"" literal, sizeof(literal) - 1})

/* For printf: printf("name " SPAN_FMT "\n", SPAN_ARG(name)) */
#define SPAN_FMT    "%.*s"
#define SPAN_ARG(s) (int)(s).len, (s).ptr

/* What span_find() and its kin say when there is nothing to find. */
#define SPAN_NONE SIZE_MAX

/* Borrows `s`, a NUL-terminated string, without its NUL. */
static inline struct span
span_of(const char *s)
{
	return (struct span){s, strlen(s)};
}

/* Borrows `len` bytes at `ptr`, which may be NULL if `len` is 0. */
static inline struct span
span_bytes(const void *ptr, size_t len)
{
	return (struct span){len > 0 ? ptr : "", len};
}

/* Returns whether `a` and `b` hold the same bytes. */
static inline bool
span_equal(struct span a, struct span b)
{
	return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

/* Returns `c` in lower case if it is an ASCII letter, else `c`. */
static inline char
span_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* Returns the part of `s` from `from` up to, not including, `to`. */
struct span span_sub(struct span s, size_t from, size_t to);

/* Returns `s` without its first `n` bytes; all of it gone if shorter. */
static inline struct span
span_skip(struct span s, size_t n)
{
	if (n > s.len)
		n = s.len;
	return (struct span){s.ptr + n, s.len - n};
}

/* Returns the first `n` bytes of `s`; all of it if it is shorter. */
static inline struct span
span_head(struct span s, size_t n)
{
	return (struct span){s.ptr, n < s.len ? n : s.len};
}

/* Returns whether `a` and `b` are equal but for the case of ASCII letters. */
bool span_equal_nocase(struct span a, struct span b);

/* Orders bytewise, a shorter prefix first: <0, 0 or >0 as in memcmp(). */
int span_compare(struct span a, struct span b);

/* Returns whether `s` begins with `prefix`. */
bool span_starts(struct span s, struct span prefix);

/* As span_starts(), but for the case of ASCII letters. */
bool span_starts_nocase(struct span s, struct span prefix);

/* Returns whether `s` ends with `suffix`. */
bool span_ends(struct span s, struct span suffix);

/* Returns the offset of the first `c` in `s`, or SPAN_NONE. */
size_t span_find(struct span s, char c);

/* Returns the offset of the last `c` in `s`, or SPAN_NONE. */
size_t span_find_last(struct span s, char c);

/* Returns the offset of the first `part` in `s`, or SPAN_NONE. */
size_t span_search(struct span s, struct span part);

/* Returns `s` without the spaces, tabs, CRs and LFs at both its ends. */
struct span span_trim(struct span s);

/*
 * Cuts the part before the first `sep` off *rest and returns it; *rest is
 * then what follows `sep`.  Without a `sep` the whole is returned and *rest
 * is empty with `ptr` at its end: loop while rest.len > 0.
 */
struct span span_cut(struct span *rest, char sep);

/*
 * Reads `s`, all of it ASCII digits without sign, as a number.
 * Returns false, leaving *ret alone, if it is empty, has another byte, or is
 * above `max`.
 */
bool span_to_u64(struct span s, uint64_t max, uint64_t *ret)
	__attribute__((warn_unused_result));
