/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/received.h"

#include "smtp/path.h"

/* A field's value without folds; "" if there is no such field. */
static struct span
value_of(const struct header_block *header, struct span name,
	 struct arena *arena)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(HEADER_SIZE_MAX);
	const struct header_field *field = header_get(header, name);

	if (field == NULL || !header_unfold(field->value, &text))
		return SPAN("");
	return arena_copy(arena, buf_span(&text));
}

/* The address in brackets of "from HELO (NAME [192.0.2.1])". */
static bool
read_ip(struct span text, struct spf_ip *ret)
{
	size_t by = span_search(text, SPAN(" by "));

	if (by != SPAN_NONE)
		text = span_head(text, by);
	while (span_find(text, '[') != SPAN_NONE) {
		struct span literal;

		span_cut(&text, '[');
		literal = span_cut(&text, ']');
		if (span_starts_nocase(literal, SPAN("IPv6:")))
			literal = span_skip(literal, strlen("IPv6:"));
		if (spf_ip_parse(literal, ret))
			return true;
	}
	return false;
}

/* The word behind "from"; an address literal is no name. */
static struct span
read_helo(struct span text)
{
	struct span from = span_cut(&text, ' ');
	struct span helo = span_cut(&text, ' ');

	if (!span_equal_nocase(from, SPAN("from")) ||
	    span_starts(helo, SPAN("[")) || span_starts(helo, SPAN("(")))
		return SPAN("");
	return helo;
}

void
received_read(const struct header_block *header, struct arena *arena,
	      struct report_transport *t)
{
	struct span received = value_of(header, SPAN("Received"), arena);
	struct span path = value_of(header, SPAN("Return-Path"), arena);
	struct path sender;

	if (!t->has_ip)
		t->has_ip = read_ip(received, &t->ip);
	if (t->helo.len == 0)
		t->helo = read_helo(received);
	if (t->has_mail_from)
		return;
	t->has_mail_from = path_take(&path, &sender) == PATH_OK;
	if (t->has_mail_from)
		t->mail_from = arena_copy(arena, path_text(&sender));
}
