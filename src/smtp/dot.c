/* SPDX-License-Identifier: Apache-2.0 */
#include "smtp/dot.h"

#include <assert.h>

/* Octets that must be free for one octet of text, or for the end. */
#define ROOM_MIN 5

bool
dot_check(const struct span *part, size_t parts, struct dot_facts *ret)
{
	struct dot_facts facts = {.size = 0};
	char last = '\n';

	for (size_t i = 0; i < parts; i++) {
		facts.size += part[i].len;
		for (size_t n = 0; n < part[i].len; n++) {
			char c = part[i].ptr[n];

			if (c == '\0' || (last == '\r') != (c == '\n'))
				return false;
			if ((unsigned char)c > 127)
				facts.eight_bit = true;
			last = c;
		}
	}
	if (last == '\r')
		return false;
	*ret = facts;
	return true;
}

void
dot_init(struct dot *d, const struct span *part, size_t parts)
{
	assert(parts <= DOT_PARTS_MAX);
	*d = (struct dot){.parts = parts};
	for (size_t i = 0; i < parts; i++)
		d->part[i] = part[i];
}

/* Puts a run of `rest` up to the end of its line, or one doubled dot. */
static size_t
put_run(struct dot *d, struct span rest, struct writer *to)
{
	size_t room = to->room - to->len;
	const char *end;
	size_t n;

	if (!d->text && rest.ptr[0] == '.') {
		writer_put(to, SPAN(".."));
		d->text = true;
		return 1;
	}
	end = memchr(rest.ptr, '\n', rest.len);
	n = end != NULL ? (size_t)(end - rest.ptr) + 1 : rest.len;
	if (n > room)
		n = room;
	writer_put(to, span_sub(rest, 0, n));
	d->text = rest.ptr[n - 1] != '\n';
	return n;
}

bool
dot_put(struct dot *d, struct writer *to)
{
	while (!d->ended && to->room - to->len >= ROOM_MIN) {
		if (d->i == d->parts) {
			/* The CRLF before the dot is the text's own. */
			writer_put(to,
				   d->text ? SPAN("\r\n.\r\n") : SPAN(".\r\n"));
			d->ended = true;
		} else if (d->n == d->part[d->i].len) {
			d->i++;
			d->n = 0;
		} else {
			d->n += put_run(d, span_skip(d->part[d->i], d->n), to);
		}
	}
	return d->ended;
}
