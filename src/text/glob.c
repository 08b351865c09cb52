/* SPDX-License-Identifier: Apache-2.0 */
#include "text/glob.h"

#include "base/macros.h"

/* Words of a bit for each octet of a run. */
#define WORDS_MAX (GLOB_TEXT_MAX / 64)

/* Whether `text`, no shorter than `run`, begins with it. */
static bool
begins(struct span text, struct span run)
{
	for (size_t i = 0; i < run.len; i++)
		if (run.ptr[i] != '?' && run.ptr[i] != text.ptr[i])
			return false;
	return true;
}

/*
 * Where `run`, which has a "?" in it and is no longer than `text`, is first
 * found: bit i of `state` says that what was read last is the first i + 1
 * octets of the run.
 */
static size_t
search_open(struct span text, struct span run)
{
	size_t words = (run.len + 63) / 64, last = run.len - 1;
	UNINITIALIZED uint64_t mask[256 * WORDS_MAX];
	uint64_t any[WORDS_MAX] = {0}, state[WORDS_MAX] = {0};

	memset(mask, 0, 256 * words * sizeof(*mask));
	for (size_t i = 0; i < run.len; i++) {
		uint64_t *to = run.ptr[i] == '?'
				       ? any
				       : &mask[(uint8_t)run.ptr[i] * words];

		to[i / 64] |= UINT64_C(1) << (i % 64);
	}
	for (size_t i = 0; i < text.len; i++) {
		const uint64_t *these = &mask[(uint8_t)text.ptr[i] * words];
		uint64_t carry = 1;

		for (size_t w = 0; w < words; w++) {
			uint64_t next = state[w] << 1 | carry;

			carry = state[w] >> 63;
			state[w] = next & (these[w] | any[w]);
		}
		if (state[last / 64] >> (last % 64) & 1)
			return i - last;
	}
	return SPAN_NONE;
}

static size_t
search(struct span text, struct span run)
{
	const char *at;

	if (run.len > text.len)
		return SPAN_NONE;
	if (span_find(run, '?') != SPAN_NONE)
		return search_open(text, run);
	at = memmem(text.ptr, text.len, run.ptr, run.len);
	return at != NULL ? (size_t)(at - text.ptr) : SPAN_NONE;
}

bool
glob_match(struct span pattern, struct span text)
{
	size_t star = span_find(pattern, '*');

	if (text.len > GLOB_TEXT_MAX)
		return false;
	if (star == SPAN_NONE)
		return pattern.len == text.len && begins(text, pattern);
	if (star > text.len || !begins(text, span_sub(pattern, 0, star)))
		return false;
	text = span_skip(text, star);
	pattern = span_skip(pattern, star + 1);
	while ((star = span_find(pattern, '*')) != SPAN_NONE) {
		size_t at = 0;

		if (star > 0)
			at = search(text, span_sub(pattern, 0, star));
		if (at == SPAN_NONE)
			return false;
		text = span_skip(text, at + star);
		pattern = span_skip(pattern, star + 1);
	}
	return pattern.len <= text.len &&
	       begins(span_skip(text, text.len - pattern.len), pattern);
}
