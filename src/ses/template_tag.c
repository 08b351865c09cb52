/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/template_tag.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_space(char c)
{
	return is_blank(c) || c == '\n' || c == '\r';
}

/* Returns where a line's end that `at` is the begin of ends, or `at`. */
static size_t
newline_end(struct span all, size_t at)
{
	if (at < all.len && all.ptr[at] == '\n')
		return at + 1;
	return span_starts(span_skip(all, at), SPAN("\r\n")) ? at + 2 : at;
}

/* The characters that Handlebars keeps for itself. */
static bool
is_name_char(char c)
{
	return (uint8_t)c > ' ' && c != 0x7f &&
	       strchr("!\"#%&'()*+,./;<=>@[\\]^`{|}~", c) == NULL;
}

/* Takes one segment off *path; false if there is none. */
static bool
segment_good(struct span *path)
{
	size_t n = 0;

	if (span_starts(*path, SPAN("["))) {
		n = span_find(*path, ']');
		if (n == SPAN_NONE || n == 1)
			return false;
		*path = span_skip(*path, n + 1);
		return true;
	}
	while (n < path->len && is_name_char(path->ptr[n]))
		n++;
	*path = span_skip(*path, n);
	return n > 0;
}

/* Returns the offset in `rest` behind the comment's end, or SPAN_NONE. */
static size_t
comment_end(struct span rest)
{
	for (size_t i = 0; i + 3 < rest.len; i++) {
		struct span end = span_skip(rest, i);

		if (span_starts(end, SPAN("--}}")))
			return i + 4;
		if (span_starts(end, SPAN("--~}}")))
			return i + 5;
	}
	return SPAN_NONE;
}

/* Cuts into words at white space, but not within [...]. */
static void
words_cut(struct span inner, struct template_tag *tag)
{
	size_t i = 0;

	tag->words = 0;
	while (i < inner.len) {
		bool bracket = false;
		size_t from = i;

		while (i < inner.len && (bracket || !is_space(inner.ptr[i]))) {
			if (inner.ptr[i] == '[')
				bracket = true;
			else if (inner.ptr[i] == ']')
				bracket = false;
			i++;
		}
		if (i > from && tag->words++ < TEMPLATE_WORDS)
			tag->word[tag->words - 1] = span_sub(inner, from, i);
		while (i < inner.len && is_space(inner.ptr[i]))
			i++;
	}
}

/* Sets the sigil and the words of a tag with `inner` in its braces. */
static void
tag_read(struct span inner, struct template_tag *tag)
{
	inner = span_trim(inner);
	if (inner.len > 0 && memchr("#/^>!&", inner.ptr[0], 6) != NULL) {
		tag->sigil = inner.ptr[0];
		inner = span_skip(inner, 1);
	}
	words_cut(inner, tag);
	if (tag->sigil == 0 && tag->words > 0 &&
	    span_equal(tag->word[0], SPAN("else"))) {
		tag->sigil = 'e';
		for (size_t i = 1; i < TEMPLATE_WORDS; i++)
			tag->word[i - 1] = tag->word[i];
		tag->words--;
	}
	if (tag->sigil == '^' && tag->words == 0)
		tag->sigil = 'e';
	tag->alone = tag->sigil != 0 && tag->sigil != '&' && tag->sigil != '>';
	tag->newline = tag->sigil == '/' && tag->words == 1 &&
		       span_equal(tag->word[0], SPAN("inline"));
}

/* Takes apart what has "{" behind its "{{" and `inner` to its "}}". */
static enum template_status
raw_parse(struct span all, struct span inner, struct template_tag *tag)
{
	inner = span_skip(inner, 1);
	if (span_ends(inner, SPAN("}~"))) {
		inner.len -= 2;
		tag->trim_after = true;
	} else if (tag->end < all.len && all.ptr[tag->end] == '}') {
		tag->end++;
	} else {
		return TEMPLATE_UNENDED;
	}
	words_cut(inner, tag);
	return TEMPLATE_OK;
}

size_t
template_tag_find(struct span all, size_t at)
{
	for (;;) {
		size_t n = span_find(span_skip(all, at), '{');

		if (n == SPAN_NONE || at + n + 1 >= all.len)
			return SPAN_NONE;
		at += n;
		if (all.ptr[at + 1] == '{')
			return at;
		at++;
	}
}

enum template_status
template_tag_parse(struct span all, size_t start, struct template_tag *ret)
{
	struct span rest = span_skip(all, start + 2), inner;
	bool comment;
	size_t n;

	*ret = (struct template_tag){.start = start};
	ret->trim_before = span_starts(rest, SPAN("~"));
	rest = span_skip(rest, ret->trim_before);
	if (span_starts(rest, SPAN("{{")))
		return TEMPLATE_UNSUPPORTED;
	comment = span_starts(rest, SPAN("!--"));
	n = comment ? comment_end(rest) : span_search(rest, SPAN("}}"));
	if (n == SPAN_NONE)
		return TEMPLATE_UNENDED;
	ret->end = (size_t)(rest.ptr - all.ptr) + n + (comment ? 0 : 2);
	if (comment) {
		ret->sigil = '!';
		ret->alone = true;
		ret->trim_after = rest.ptr[n - 3] == '~';
		return TEMPLATE_OK;
	}
	inner = span_head(rest, n);
	if (span_starts(inner, SPAN("{")))
		return raw_parse(all, inner, ret);
	ret->trim_after = span_ends(inner, SPAN("~"));
	inner.len -= ret->trim_after;
	tag_read(inner, ret);
	return TEMPLATE_OK;
}

/*
 * Widens the tag from *from to *to by its line, if nothing else is on it;
 * returns whether it did.
 */
static bool
take_line(struct span all, size_t least, size_t *from, size_t *to)
{
	size_t a = *from, b = *to, next;

	while (a > least && is_blank(all.ptr[a - 1]))
		a--;
	while (b < all.len && is_blank(all.ptr[b]))
		b++;
	next = newline_end(all, b);
	if ((a > 0 && all.ptr[a - 1] != '\n') || (b < all.len && next == b))
		return false;
	*from = a;
	*to = next;
	return true;
}

struct span
template_tag_text(struct span all, size_t from, const struct template_tag *tag,
		  size_t *ret_next)
{
	size_t end = tag->start, next = tag->end;
	bool line = tag->alone && take_line(all, from, &end, &next);

	while (tag->trim_before && end > from && is_space(all.ptr[end - 1]))
		end--;
	if (tag->newline && !line)
		next = newline_end(all, next);
	while (tag->trim_after && next < all.len && is_space(all.ptr[next]))
		next++;
	*ret_next = next;
	return span_sub(all, from, end);
}

bool
template_path_is(struct span path)
{
	if (path.len == 0 || path.len > TEMPLATE_PATH_MAX)
		return false;
	if (path.ptr[0] == '@')
		path = span_skip(path, 1);
	while (span_starts(path, SPAN("../")))
		path = span_skip(path, 3);
	if (span_equal(path, SPAN("..")) || span_equal(path, SPAN(".")))
		return true;
	if (span_starts(path, SPAN("./")))
		path = span_skip(path, 2);
	for (;;) {
		if (!segment_good(&path))
			return false;
		if (path.len == 0)
			return true;
		if (path.ptr[0] != '.' && path.ptr[0] != '/')
			return false;
		path = span_skip(path, 1);
	}
}
