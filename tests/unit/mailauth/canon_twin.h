/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canon_twin - canonical forms made slowly and plainly, word for word as RFC
 * 6376 section 3.4 has them, for tests to compare with.
 */
#pragma once

#include "base/buf.h"
#include "mailauth/canon.h"

static inline bool
twin_is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* s3.4.4 a: one line without its CRLF, with its white space reduced. */
static inline void
twin_reduce(struct span line, struct buf *to)
{
	while (line.len > 0 && twin_is_wsp(line.ptr[line.len - 1]))
		line.len--;
	for (size_t i = 0; i < line.len; i++) {
		if (!twin_is_wsp(line.ptr[i]))
			buf_addc(to, line.ptr[i]);
		else if (i == 0 || !twin_is_wsp(line.ptr[i - 1]))
			buf_addc(to, ' ');
	}
}

/* The whole body line by line, then without what is at its end. */
static inline void
twin_body(enum canon form, struct span body, struct buf *to)
{
	while (body.len > 0) {
		size_t n = span_search(body, SPAN("\r\n"));
		struct span line =
			span_sub(body, 0, n == SPAN_NONE ? body.len : n);

		if (form == CANON_RELAXED)
			twin_reduce(line, to);
		else
			buf_add(to, line);
		buf_adds(to, "\r\n");
		body = span_skip(body, line.len + 2);
	}
	while (span_ends(buf_span(to), SPAN("\r\n\r\n")))
		buf_truncate(to, to->len - 2);
	if (span_equal(buf_span(to), SPAN("\r\n")))
		buf_truncate(to, 0);
	if (to->len == 0 && form == CANON_SIMPLE)
		buf_adds(to, "\r\n");
}

/* s3.4.2, step by step: name in lower case, unfolded, white space reduced. */
static inline void
twin_header(struct span raw, struct buf *to)
{
	CLEANUP(buf_release) struct buf unfolded = BUF_INIT(1 << 22);
	size_t colon = span_find(raw, ':');
	struct span name = colon == SPAN_NONE ? raw : span_head(raw, colon);
	struct span value =
		colon == SPAN_NONE ? SPAN("") : span_skip(raw, colon + 1);

	name = span_trim(name);
	for (size_t i = 0; i < name.len; i++)
		buf_addc(to, span_lower(name.ptr[i]));
	buf_addc(to, ':');
	while (value.len > 0) {
		size_t n = span_search(value, SPAN("\r\n"));

		buf_add(&unfolded, span_head(value, n));
		value = n == SPAN_NONE ? SPAN("") : span_skip(value, n + 2);
	}
	value = buf_span(&unfolded);
	while (value.len > 0 && twin_is_wsp(value.ptr[0]))
		value = span_skip(value, 1);
	twin_reduce(value, to);
	buf_adds(to, "\r\n");
}
