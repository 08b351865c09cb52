/* SPDX-License-Identifier: Apache-2.0 */
#include "text/header.h"

#include <assert.h>

/* What is being built. */
struct split {
	struct span text;           /* the message, or what the limit leaves */
	struct header_field *field; /* room for HEADER_FIELDS_MAX */
	size_t len;                 /* of field */
	enum header_status status;  /* the first defect */
	size_t offset;              /* where that is */
};

static void
defect(struct split *s, enum header_status status, size_t offset)
{
	if (s->status != HEADER_OK && s->offset <= offset)
		return;
	s->status = status;
	s->offset = offset;
}

static bool
is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* Where the line that begins at `from` ends, behind its CRLF if it has one. */
static size_t
line_end(struct split *s, size_t from)
{
	const char *p = s->text.ptr;
	size_t i;

	for (i = from; i < s->text.len; i++) {
		if (p[i] == '\0')
			defect(s, HEADER_NUL, i);
		else if (p[i] == '\n')
			defect(s, HEADER_BARE_LF, i);
		else if (p[i] != '\r')
			continue;
		else if (i + 1 < s->text.len && p[i + 1] == '\n')
			return i + 2;
		else
			defect(s, HEADER_BARE_CR, i);
	}
	return i;
}

static bool
name_is_good(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] < '!' || name.ptr[i] > '~')
			return false;
	return name.len > 0;
}

/* The name of a field without a colon: what stands before white space. */
static struct span
first_word(struct span line)
{
	size_t n = 0;

	while (n < line.len && line.ptr[n] > ' ' && line.ptr[n] <= '~')
		n++;
	return span_sub(line, 0, n);
}

/* Adds the field from `from` to `to`, whose first line ends at `line`. */
static bool
add_field(struct split *s, size_t from, size_t line, size_t to)
{
	struct header_field *field;
	struct span raw = span_sub(s->text, from, to);
	struct span value = raw;
	struct span first = span_sub(s->text, from, line);
	size_t colon = span_find(first, ':');
	size_t name;

	if (s->len == HEADER_FIELDS_MAX) {
		s->status = HEADER_TOO_MANY;
		s->offset = from;
		return false;
	}
	field = &s->field[s->len++];
	field->raw = raw;
	if (span_ends(value, SPAN("\r\n")))
		value.len -= 2;
	if (colon == SPAN_NONE) {
		defect(s, HEADER_NO_COLON, from);
		field->name = first_word(first);
		field->value = span_skip(value, field->name.len);
		return true;
	}
	/* RFC 5322 section 4.5.8: obs-optional = field-name *WSP ":" */
	for (name = colon; name > 0 && is_wsp(raw.ptr[name - 1]); name--)
		;
	field->name = span_sub(raw, 0, name);
	field->value = span_skip(value, colon + 1);
	if (!name_is_good(field->name))
		defect(s, HEADER_BAD_NAME, from);
	return true;
}

/* Splits until the empty line; returns where the body begins. */
static size_t
split(struct split *s)
{
	size_t at = 0;

	if (s->text.len > 0 && is_wsp(s->text.ptr[0]))
		defect(s, HEADER_LEADING_FOLD, 0);
	while (at < s->text.len) {
		size_t line = line_end(s, at);
		size_t end = line;

		if (line == at + 2 && s->text.ptr[at] == '\r')
			return line;
		while (end < s->text.len && is_wsp(s->text.ptr[end]))
			end = line_end(s, end);
		if (!add_field(s, at, line, end))
			return at;
		at = end;
	}
	return at;
}

/*
 * How much of `message` a header may take.  A longer one is cut behind a
 * whole line, so that what is reported is what is there.
 */
static struct span
within_limit(struct span message, bool *ret_cut)
{
	struct span head;
	size_t empty;

	*ret_cut = false;
	if (message.len <= HEADER_SIZE_MAX)
		return message;
	head = span_sub(message, 0, HEADER_SIZE_MAX);
	empty = span_search(head, SPAN("\r\n\r\n"));
	if (empty != SPAN_NONE || span_starts(head, SPAN("\r\n")))
		return message;
	*ret_cut = true;
	while (head.len > 0 && !span_ends(head, SPAN("\r\n")))
		head.len--;
	return head;
}

enum header_status
header_parse(struct span message, struct arena *arena, struct header_block *ret,
	     size_t *reterr_offset)
{
	bool cut;
	struct split s = {.text = within_limit(message, &cut)};
	size_t lines = 1;
	size_t body;

	for (size_t i = 0; i < s.text.len && i < HEADER_SIZE_MAX; i++)
		lines += s.text.ptr[i] == '\n';
	if (lines > HEADER_FIELDS_MAX)
		lines = HEADER_FIELDS_MAX;
	s.field = arena_array(arena, lines, sizeof(*s.field));
	if (s.field == NULL) {
		*ret = (struct header_block){.body = SPAN("")};
		*reterr_offset = 0;
		return HEADER_TOO_BIG;
	}
	body = split(&s);
	*ret = (struct header_block){s.field, s.len, body, SPAN("")};
	if (cut && s.status != HEADER_TOO_MANY) {
		s.status = HEADER_TOO_BIG;
		s.offset = body;
	}
	if (!cut && s.status != HEADER_TOO_MANY)
		ret->body = span_skip(message, body);
	if (s.status != HEADER_OK)
		*reterr_offset = s.offset;
	return s.status;
}

const char *
header_strerror(enum header_status status)
{
	static const char *const text[] = {
		[HEADER_OK] = "the header is well formed",
		[HEADER_LEADING_FOLD] = "the header begins with white space",
		[HEADER_NO_COLON] = "a header line has no colon",
		[HEADER_BAD_NAME] = "a field name has a forbidden character",
		[HEADER_NUL] = "the header has a NUL",
		[HEADER_BARE_CR] = "the header has a CR without LF",
		[HEADER_BARE_LF] = "the header has a LF without CR",
		[HEADER_TOO_BIG] = "the header is too long",
		[HEADER_TOO_MANY] = "the header has too many fields",
	};
	return text[status];
}

bool
header_is(const struct header_field *field, struct span name)
{
	return span_equal_nocase(field->name, name);
}

const struct header_field *
header_get(const struct header_block *block, struct span name)
{
	for (size_t i = 0; i < block->len; i++)
		if (header_is(&block->field[i], name))
			return &block->field[i];
	return NULL;
}

size_t
header_count(const struct header_block *block, struct span name)
{
	size_t n = 0;

	for (size_t i = 0; i < block->len; i++)
		n += header_is(&block->field[i], name);
	return n;
}

bool
header_unfold(struct span value, struct buf *to)
{
	value = span_trim(value);
	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] != '\r' && value.ptr[i] != '\n' &&
		    !buf_addc(to, value.ptr[i]))
			return false;
	return true;
}
