/* SPDX-License-Identifier: Apache-2.0 */
#include "text/gather.h"

#include <assert.h>

/* How many octets of `all` the header has, its empty line included; 0: not
 * all of it is there.  `from` is where to look on. */
static size_t
header_end(struct span all, size_t from)
{
	size_t at;

	if (span_starts(all, SPAN("\r\n")))
		return 2;
	from = from > 3 ? from - 3 : 0;
	at = span_search(span_skip(all, from), SPAN("\r\n\r\n"));
	return at == SPAN_NONE ? 0 : from + at + 4;
}

void
gather_init(struct gather *g)
{
	*g = (struct gather){.whole = false};
	buf_init(&g->text, HEADER_SIZE_MAX + 4);
}

void
gather_release(struct gather *g)
{
	buf_release(&g->text);
}

size_t
gather_feed(struct gather *g, struct span bytes)
{
	size_t before = g->text.len;
	size_t room = g->text.limit - before;
	struct span part = span_head(bytes, room);
	size_t end;

	assert(!g->whole);
	buf_add(&g->text, part);
	end = header_end(buf_span(&g->text), before);
	if (end > 0) {
		buf_truncate(&g->text, end);
		g->whole = true;
		return end - before;
	}
	g->whole = part.len == room;
	return part.len;
}
