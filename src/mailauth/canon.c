/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/canon.h"

static bool
is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

const char *
canon_name(enum canon form)
{
	return form == CANON_SIMPLE ? "simple" : "relaxed";
}

/*
 * RFC 6376 s3.4.2: name in lower case, unfolded, each run of white space one
 * space, none at the end or around the colon.
 */
static void
header_relaxed(struct span raw, struct buf *to)
{
	size_t colon = span_find(raw, ':');
	struct span name = raw;
	struct span value = SPAN("");
	bool space = false;
	bool started = false;

	if (colon != SPAN_NONE) {
		name = span_sub(raw, 0, colon);
		value = span_skip(raw, colon + 1);
	}
	name = span_trim(name);
	for (size_t i = 0; i < name.len; i++)
		buf_addc(to, span_lower(name.ptr[i]));
	buf_addc(to, ':');
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];

		if (c == '\r' && i + 1 < value.len && value.ptr[i + 1] == '\n')
			i++; /* a fold: the white space after it counts */
		else if (is_wsp(c))
			space = started;
		else {
			if (space)
				buf_addc(to, ' ');
			space = false;
			started = true;
			buf_addc(to, c);
		}
	}
	buf_adds(to, "\r\n");
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
	b->space = b->cr = false;
	b->len = 0;
}

static void
hand_on(struct canon_body *b)
{
	if (b->len > 0)
		b->sink.put(b->sink.context, span_bytes(b->chunk, b->len));
	b->len = 0;
}

static void
put(struct canon_body *b, struct span bytes)
{
	b->total += bytes.len;
	if (bytes.len > CANON_CHUNK - b->len)
		hand_on(b);
	if (bytes.len > CANON_CHUNK) {
		b->sink.put(b->sink.context, bytes);
		return;
	}
	memcpy(b->chunk + b->len, bytes.ptr, bytes.len);
	b->len += bytes.len;
}

/* Puts what was held back, since something follows it on its line. */
static void
put_held(struct canon_body *b)
{
	for (; b->lines >= 4; b->lines -= 4)
		put(b, SPAN("\r\n\r\n\r\n\r\n"));
	for (; b->lines > 0; b->lines--)
		put(b, SPAN("\r\n"));
	if (b->space)
		put(b, SPAN(" "));
	b->space = false;
}

/* How many octets from `at` on are neither CR nor, relaxed, white space. */
static size_t
plain_run(const struct canon_body *b, struct span bytes, size_t at)
{
	const char *p = bytes.ptr;
	size_t i = at;

	if (b->form == CANON_SIMPLE) {
		const char *cr = memchr(p + at, '\r', bytes.len - at);

		return cr != NULL ? (size_t)(cr - p) - at : bytes.len - at;
	}
	while (i < bytes.len && p[i] != '\r' && !is_wsp(p[i]))
		i++;
	return i - at;
}

void
canon_body_feed(struct canon_body *b, struct span bytes)
{
	size_t i = 0;

	while (i < bytes.len) {
		char c = bytes.ptr[i];
		size_t run;

		if (b->cr) {
			b->cr = false;
			if (c == '\n') {
				b->space = false; /* at the end of its line */
				b->lines++;
				i++;
				continue;
			}
			put_held(b);
			put(b, SPAN("\r"));
		}
		if (c == '\r') {
			b->cr = true;
			i++;
			continue;
		}
		if (b->form == CANON_RELAXED && is_wsp(c)) {
			b->space = true;
			i++;
			continue;
		}
		run = plain_run(b, bytes, i);
		put_held(b);
		put(b, span_sub(bytes, i, i + run));
		i += run;
	}
}

void
canon_body_end(struct canon_body *b)
{
	if (b->cr) {
		put_held(b);
		put(b, SPAN("\r"));
	}
	/*
	 * RFC 6376 s3.4.3: "Note that a completely empty or missing body is
	 * canonicalized as a single CRLF"; s3.4.4 makes it nothing at all.
	 */
	if (b->total > 0 || b->form == CANON_SIMPLE)
		put(b, SPAN("\r\n"));
	hand_on(b);
}
