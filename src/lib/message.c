/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/message.h"

void
lines_feed(struct lines *lines, struct span bytes, message_sink *sink,
	   void *context)
{
	size_t from = 0, at;

	if (!lines->unix_ends) {
		sink(context, bytes);
		return;
	}
	while ((at = span_find(span_skip(bytes, from), '\n')) != SPAN_NONE) {
		bool cr = from + at > 0 ? bytes.ptr[from + at - 1] == '\r'
					: lines->cr;

		sink(context, span_sub(bytes, from, from + at));
		sink(context, cr ? SPAN("\n") : SPAN("\r\n"));
		from += at + 1;
	}
	if (bytes.len > 0)
		lines->cr = bytes.ptr[bytes.len - 1] == '\r';
	if (from < bytes.len)
		sink(context, span_skip(bytes, from));
}

void
message_init(struct message *m, bool unix_ends, struct message_to to,
	     struct arena *arena)
{
	*m = (struct message){
		.to = to,
		.arena = arena,
		.lines = {.unix_ends = unix_ends},
	};
	gather_init(&m->gathered);
}

void
message_release(struct message *m)
{
	gather_release(&m->gathered);
}

/* The header is all there, or as much of it as is read. */
static void
take_header(struct message *m)
{
	struct span text = arena_copy(m->arena, buf_span(&m->gathered.text));
	size_t offset;

	m->has_header = true;
	m->status = header_parse(text, m->arena, &m->header, &offset);
	gather_release(&m->gathered);
	m->to.header(m->to.context);
}

static void
take(void *context, struct span bytes)
{
	struct message *m = context;

	if (!m->has_header) {
		bytes = span_skip(bytes, gather_feed(&m->gathered, bytes));
		if (m->gathered.whole)
			take_header(m);
	}
	if (m->has_header && bytes.len > 0)
		m->to.body(m->to.context, bytes);
}

bool
message_feed(struct message *m, struct span bytes)
{
	if (m->ended)
		return false;
	lines_feed(&m->lines, bytes, take, m);
	return true;
}

bool
message_end(struct message *m)
{
	if (m->ended)
		return false;
	m->ended = true;
	if (!m->has_header)
		take_header(m);
	return true;
}
