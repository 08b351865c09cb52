/* SPDX-License-Identifier: Apache-2.0 */
#include "text/header.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Fields that there is room for at first. */
#define FIELDS_FIRST 32

/* What is being built. */
struct split {
	struct span text; /* the message, or what the limit leaves */
	struct arena *arena;
	struct header_field *field;
	size_t room;               /* of field */
	size_t len;                /* of field */
	size_t at;                 /* what comes next in text */
	enum header_status status; /* the first defect */
	size_t offset;             /* where that is */
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

/* The first CR, LF or NUL from `at` on, or text.len. */
static size_t
find_end(struct span text, size_t at)
{
	const char *p = text.ptr;

#ifdef __SSE2__
	for (; text.len - at >= 16; at += 16) {
		__m128i v = _mm_loadu_si128((const void *)(p + at));
		__m128i cr = _mm_cmpeq_epi8(v, _mm_set1_epi8('\r'));
		__m128i lf = _mm_cmpeq_epi8(v, _mm_set1_epi8('\n'));
		__m128i nul = _mm_cmpeq_epi8(v, _mm_setzero_si128());
		int found = _mm_movemask_epi8(
			_mm_or_si128(_mm_or_si128(cr, lf), nul));

		if (found != 0)
			return at + (size_t)__builtin_ctz((unsigned)found);
	}
#endif
	while (at < text.len && p[at] != '\r' && p[at] != '\n' && p[at] != '\0')
		at++;
	return at;
}

/* Where the line that begins at `at` ends, behind its CRLF if it has one. */
static size_t
line_end(struct split *s, size_t at)
{
	const char *p = s->text.ptr;

	for (;; at++) {
		at = find_end(s->text, at);
		if (at == s->text.len)
			return at;
		if (p[at] == '\0')
			defect(s, HEADER_NUL, at);
		else if (p[at] == '\n')
			defect(s, HEADER_BARE_LF, at);
		else if (at + 1 < s->text.len && p[at + 1] == '\n')
			return at + 2;
		else
			defect(s, HEADER_BARE_CR, at);
	}
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

/* Makes room for another field; HEADER_FIELDS_MAX are the most. */
static bool
make_room(struct split *s)
{
	size_t room = s->room == 0 ? FIELDS_FIRST : 2 * s->room;
	struct header_field *field;

	if (room > HEADER_FIELDS_MAX)
		room = HEADER_FIELDS_MAX;
	field = arena_array(s->arena, room, sizeof(*field));
	if (field == NULL)
		return false;
	if (s->len > 0)
		memcpy(field, s->field, s->len * sizeof(*field));
	s->field = field;
	s->room = room;
	return true;
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
	if (s->len == s->room && !make_room(s)) {
		s->status = HEADER_TOO_BIG;
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

/* Where it ended to split. */
enum end {
	END_EMPTY,  /* behind the empty line */
	END_TEXT,   /* at the end of the text: there is none */
	END_FIELDS, /* before a field that is one too many */
};

static enum end
split(struct split *s)
{
	if (s->text.len > 0 && is_wsp(s->text.ptr[0]))
		defect(s, HEADER_LEADING_FOLD, 0);
	while (s->at < s->text.len) {
		size_t line = line_end(s, s->at);
		size_t end = line;

		if (line == s->at + 2 && s->text.ptr[s->at] == '\r') {
			s->at = line;
			return END_EMPTY;
		}
		while (end < s->text.len && is_wsp(s->text.ptr[end]))
			end = line_end(s, end);
		if (!add_field(s, s->at, line, end))
			return END_FIELDS;
		s->at = end;
	}
	return END_TEXT;
}

/* `head` without its last line, if that does not end in it. */
static struct span
whole_lines(struct span head)
{
	while (head.len > 0 && !span_ends(head, SPAN("\r\n")))
		head.len--;
	return head;
}

enum header_status
header_parse(struct span message, struct arena *arena, struct header_block *ret,
	     size_t *reterr_offset)
{
	struct span head = span_head(message, HEADER_SIZE_MAX);
	struct split s = {.text = head, .arena = arena};
	enum end end = split(&s);

	if (end == END_TEXT && head.len < message.len) {
		/* cut behind a whole line: what is reported is what is there */
		s = (struct split){.text = whole_lines(head), .arena = arena};
		end = split(&s);
	}
	if (end == END_TEXT && s.text.len < message.len) {
		s.status = HEADER_TOO_BIG;
		s.offset = s.at;
	}
	*ret = (struct header_block){s.field, s.len, s.at, SPAN("")};
	if (end != END_FIELDS && s.status != HEADER_TOO_BIG)
		ret->body = span_skip(message, s.at);
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
