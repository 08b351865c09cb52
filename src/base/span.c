/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"

#include <assert.h>

struct span
span_sub(struct span s, size_t from, size_t to)
{
	assert(from <= to && to <= s.len);
	return (struct span){s.ptr + from, to - from};
}

bool
span_equal_nocase(struct span a, struct span b)
{
	if (a.len != b.len)
		return false;
	if (memcmp(a.ptr, b.ptr, a.len) == 0) /* as it mostly is */
		return true;
	for (size_t i = 0; i < a.len; i++)
		if (span_lower(a.ptr[i]) != span_lower(b.ptr[i]))
			return false;
	return true;
}

int
span_compare(struct span a, struct span b)
{
	int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);

	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

bool
span_starts(struct span s, struct span prefix)
{
	return s.len >= prefix.len &&
	       memcmp(s.ptr, prefix.ptr, prefix.len) == 0;
}

bool
span_starts_nocase(struct span s, struct span prefix)
{
	return s.len >= prefix.len &&
	       span_equal_nocase(span_sub(s, 0, prefix.len), prefix);
}

bool
span_ends(struct span s, struct span suffix)
{
	return s.len >= suffix.len && memcmp(s.ptr + (s.len - suffix.len),
					     suffix.ptr, suffix.len) == 0;
}

size_t
span_find(struct span s, char c)
{
	const char *at = memchr(s.ptr, c, s.len);

	return at == NULL ? SPAN_NONE : (size_t)(at - s.ptr);
}

size_t
span_find_last(struct span s, char c)
{
	const char *at = memrchr(s.ptr, c, s.len);

	return at == NULL ? SPAN_NONE : (size_t)(at - s.ptr);
}

size_t
span_search(struct span s, struct span part)
{
	for (size_t i = 0; i + part.len <= s.len; i++)
		if (memcmp(s.ptr + i, part.ptr, part.len) == 0)
			return i;
	return SPAN_NONE;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span
span_trim(struct span s)
{
	while (s.len > 0 && is_space(s.ptr[0]))
		s = span_skip(s, 1);
	while (s.len > 0 && is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

struct span
span_cut(struct span *rest, char sep)
{
	struct span whole = *rest;
	size_t at = span_find(whole, sep);

	if (at == SPAN_NONE) {
		*rest = span_skip(whole, whole.len);
		return whole;
	}
	*rest = span_skip(whole, at + 1);
	return span_sub(whole, 0, at);
}

bool
span_to_u64(struct span s, uint64_t max, uint64_t *ret)
{
	uint64_t n = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9' ||
		    __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (unsigned)(s.ptr[i] - '0'), &n))
			return false;
	}
	if (n > max)
		return false;
	*ret = n;
	return true;
}
