/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/canon.h"

#include <assert.h>

#include "base/macros.h"
#include "mailauth/canon_block.h"

const char *
canon_name(enum canon form)
{
	return form == CANON_SIMPLE ? "simple" : "relaxed";
}

/*
 * What a block's mask leaves: moves *in behind the first run that is left
 * out, or behind the block's first `n` octets, and *out behind what is kept.
 */
static inline void
take_block(uint32_t drop, size_t n, const char **in, char **out)
{
	size_t kept, gone;

	if (__builtin_expect(drop == 0, 1)) {
		*in += n;
		*out += n;
		return;
	}
	kept = (size_t)__builtin_ctz(drop);
	gone = (size_t)__builtin_ctz(~(drop >> kept));
	*in += kept + gone;
	*out += kept;
}

/* Octets that a block is made from: fewer are the last of a value. */
#define TAIL ((size_t)(CANON_BLOCK + CANON_AHEAD))

/*
 * Reduces the white space of a field's value, whose ends are none.  Returns
 * how many octets it wrote, or SPAN_NONE if there is a CR or LF that makes
 * no fold.  `to` has room for as many as there are and a block.
 */
static size_t
squeeze_value(struct span value, char *to)
{
	char last[2 * TAIL] = {0};
	const char *in = value.ptr, *end = in + value.len;
	char *out = to;
	size_t left;

	/* a LF is judged with the octet before it, which this one has not */
	if (value.len > 0 && value.ptr[0] == '\n')
		return SPAN_NONE;
	while ((size_t)(end - in) >= TAIL) {
		uint32_t drop = canon_block_header(in, out);

		if (drop >= CANON_ODD)
			return SPAN_NONE;
		take_block(drop, CANON_BLOCK, &in, &out);
	}
	/* the rest, with zeros behind it to look at; a known number of octets
	 * is copied fastest */
	left = (size_t)(end - in);
	if (value.len >= TAIL) {
		memcpy(last, end - TAIL, TAIL);
		in = last + TAIL - left;
	} else {
		memcpy(last, in, left);
		in = last;
	}
	for (end = in + left; in < end;) {
		uint32_t drop = canon_block_header(in, out);

		left = (size_t)(end - in);
		if (drop >= CANON_ODD)
			return SPAN_NONE;
		take_block(drop, left < CANON_BLOCK ? left : CANON_BLOCK, &in,
			   &out);
	}
	return (size_t)(out - to);
}

/* The same octet by octet: a CR or LF alone is an octet like another, and a
 * CRLF is nothing, whatever follows. */
static size_t
squeeze_slowly(struct span value, char *to)
{
	bool space = false;
	size_t n = 0;

	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];

		if (c == '\r' && i + 1 < value.len &&
		    value.ptr[i + 1] == '\n') {
			i++;
		} else if (canon_is_white(c)) {
			space = true;
		} else {
			if (space)
				to[n++] = ' ';
			space = false;
			to[n++] = c;
		}
	}
	return n;
}

/* `value` without the white space and CRLFs at its ends. */
static struct span
trim_value(struct span value)
{
	const char *p = value.ptr;
	size_t from = 0, to = value.len;

	while (from < to) {
		if (canon_is_white(p[from]))
			from++;
		else if (to - from >= 2 && p[from] == '\r' &&
			 p[from + 1] == '\n')
			from += 2;
		else
			break;
	}
	while (from < to) {
		if (canon_is_white(p[to - 1]))
			to--;
		else if (to - from >= 2 && p[to - 2] == '\r' &&
			 p[to - 1] == '\n')
			to -= 2;
		else
			break;
	}
	return (struct span){p + from, to - from};
}

/*
 * RFC 6376 s3.4.2: name in lower case, unfolded, each run of white space one
 * space, none at the end or around the colon.
 */
static void
header_relaxed(struct span raw, struct buf *to)
{
	size_t colon = span_find(raw, ':');
	struct span name = raw, value = SPAN("");
	size_t n, written;
	char *out;

	if (colon != SPAN_NONE) {
		name = span_head(raw, colon);
		value = trim_value(span_skip(raw, colon + 1));
	}
	name = span_trim(name);
	out = buf_reserve(to, name.len + value.len + 3 + CANON_BLOCK);
	if (out == NULL)
		return;
	for (n = 0; n < name.len; n++)
		out[n] = span_lower(name.ptr[n]);
	out[n++] = ':';
	written = squeeze_value(value, out + n);
	if (written == SPAN_NONE)
		written = squeeze_slowly(value, out + n);
	n += written;
	out[n++] = '\r';
	out[n++] = '\n';
	buf_grew(to, n);
}

void
canon_header(enum canon form, struct span raw, struct buf *to)
{
	if (form == CANON_RELAXED) {
		header_relaxed(raw, to);
		return;
	}
	buf_add(to, raw);
	if (!span_ends(raw, SPAN("\r\n")))
		buf_adds(to, "\r\n");
}

void
canon_body_init(struct canon_body *b, enum canon form, struct canon_sink sink)
{
	b->form = form;
	b->sink = sink;
	b->lines = b->total = 0;
	b->cr = b->space = b->space_cr = false;
}

static void
put(struct canon_body *b, struct span bytes)
{
	b->total += bytes.len;
	b->sink.put(b->sink.context, bytes);
}

#define LINES_8  "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"
#define LINES_64 LINES_8 LINES_8 LINES_8 LINES_8 LINES_8 LINES_8 LINES_8 LINES_8

/* Puts the line ends that were held back, since something follows them. */
static void
put_lines(struct canon_body *b)
{
	static const char some[] = LINES_64 LINES_64 LINES_64 LINES_64 LINES_64
		LINES_64 LINES_64 LINES_64;
	const uint64_t most = (sizeof(some) - 1) / 2;

	while (b->lines > 0) {
		uint64_t n = b->lines < most ? b->lines : most;

		put(b, span_bytes(some, (size_t)n * 2));
		b->lines -= n;
	}
}

/* Takes the line ends at the end of *bytes away; returns how many. */
static uint64_t
trim_lines(struct span *bytes)
{
	const size_t eight = sizeof(LINES_8) - 1;
	size_t before = bytes->len;

	while (bytes->len >= eight &&
	       memcmp(bytes->ptr + bytes->len - eight, LINES_8, eight) == 0)
		bytes->len -= eight;
	while (bytes->len >= 2 && bytes->ptr[bytes->len - 2] == '\r' &&
	       bytes->ptr[bytes->len - 1] == '\n')
		bytes->len -= 2;
	return (before - bytes->len) / 2;
}

/* Puts `bytes` as they are, but for line ends that may be the last. */
static void
put_text(struct canon_body *b, struct span bytes)
{
	uint64_t lines;

	if (bytes.len == 0)
		return;
	if (b->cr) {
		b->cr = false;
		if (bytes.ptr[0] == '\n') {
			b->lines++;
			bytes = span_skip(bytes, 1);
		} else {
			put_lines(b);
			put(b, SPAN("\r"));
		}
	}
	if (bytes.len > 0 && bytes.ptr[bytes.len - 1] == '\r') {
		b->cr = true;
		bytes.len--;
	}
	lines = trim_lines(&bytes);
	if (bytes.len > 0) {
		put_lines(b);
		put(b, bytes);
	}
	b->lines += lines;
}

/* Takes one octet of a relaxed body; returns how many it made at `to`. */
static size_t
take_octet(struct canon_body *b, char c, char to[3])
{
	size_t n = 0;

	if (b->space_cr) {
		b->space_cr = false;
		/* RFC 6376 s3.4.4: "Ignore all whitespace at the end of
		 * lines." */
		if (c != '\n')
			to[n++] = ' ';
		b->space = false;
		to[n++] = '\r';
	}
	if (canon_is_white(c)) {
		b->space = true;
		return n;
	}
	if (b->space && c == '\r') {
		b->space_cr = true;
		return n;
	}
	if (b->space)
		to[n++] = ' ';
	b->space = false;
	to[n++] = c;
	return n;
}

/* Relaxes `bytes` by strides and blocks as long as that goes. */
static void
feed_relaxed(struct canon_body *b, struct span bytes)
{
	UNINITIALIZED char chunk[CANON_CHUNK];
	struct canon_run r = {
		.in = bytes.ptr,
		.end = bytes.ptr + bytes.len,
		.full = chunk + CANON_CHUNK - CANON_STRIDE,
	};

	while (r.in < r.end) {
		r.out = chunk;
		while (r.in < r.end && r.out <= r.full) {
			if (!b->space && canon_run_goes(&r))
				canon_run_all(&r);
			else if (!b->space &&
				 r.end - r.in >= CANON_BLOCK + CANON_AHEAD)
				take_block(canon_block_body(r.in, r.out),
					   CANON_BLOCK, &r.in, &r.out);
			else
				r.out += take_octet(b, *r.in++, r.out);
		}
		put_text(b, (struct span){chunk, (size_t)(r.out - chunk)});
	}
}

void
canon_body_feed(struct canon_body *b, struct span bytes)
{
	if (b->form == CANON_RELAXED)
		feed_relaxed(b, bytes);
	else
		put_text(b, bytes);
}

void
canon_body_end(struct canon_body *b)
{
	if (b->space_cr)
		put_text(b, SPAN(" \r"));
	if (b->cr) {
		put_lines(b);
		put(b, SPAN("\r"));
	}
	/*
	 * RFC 6376 s3.4.3: "Note that a completely empty or missing body is
	 * canonicalized as a single CRLF"; s3.4.4 makes it nothing at all.
	 */
	if (b->total > 0 || b->form == CANON_SIMPLE)
		put(b, SPAN("\r\n"));
}
