/* SPDX-License-Identifier: Apache-2.0 */
#include "text/taglist.h"

/* What is left to read; `at` never passes `end`. */
struct cursor {
	const char *at;
	const char *end;
	bool utf8; /* octets above 127 are taken in values */
};

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_alnumpunc(char c)
{
	return is_alpha(c) || (c >= '0' && c <= '9') || c == '_';
}

static bool
at_valchar(const struct cursor *c)
{
	if (c->at < c->end && (*c->at & 0x80) != 0)
		return c->utf8;
	return c->at < c->end && *c->at >= '!' && *c->at <= '~' &&
	       *c->at != ';';
}

/* Skips folding white space: WSP, and CRLF where WSP follows it. */
static void
skip_fws(struct cursor *c)
{
	for (;;) {
		const char *p = c->at;

		if (c->end - p >= 2 && p[0] == '\r' && p[1] == '\n')
			p += 2;
		if (p == c->end || (*p != ' ' && *p != '\t'))
			return;
		c->at = p + 1;
	}
}

/* tag-name = ALPHA *ALNUMPUNC; empty if none starts here.  Takes nothing. */
static struct span
peek_name(const struct cursor *c)
{
	const char *p = c->at;

	if (p < c->end && is_alpha(*p))
		while (p < c->end && is_alnumpunc(*p))
			p++;
	return (struct span){c->at, (size_t)(p - c->at)};
}

/* tag-value = [ tval *( 1*(WSP / FWS) tval ) ], and the [FWS] after it */
static struct span
take_value(struct cursor *c)
{
	const char *start = c->at;
	const char *stop = c->at; /* just past the last VALCHAR */

	while (at_valchar(c)) {
		while (at_valchar(c))
			c->at++;
		stop = c->at;
		skip_fws(c);
	}
	return (struct span){start, (size_t)(stop - start)};
}

/* tag-spec = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS] */
static enum taglist_status
take_tag(struct cursor *c, struct taglist *list)
{
	struct tag tag;

	skip_fws(c);
	tag.name = peek_name(c);
	if (tag.name.len == 0)
		return TAGLIST_BAD_NAME;
	if (taglist_get(list, tag.name) != NULL)
		return TAGLIST_DUPLICATE;
	if (list->len == TAGLIST_MAX)
		return TAGLIST_TOO_MANY;
	c->at += tag.name.len;

	skip_fws(c);
	if (c->at == c->end || *c->at != '=')
		return TAGLIST_NO_EQUALS;
	c->at++;

	skip_fws(c);
	tag.value = take_value(c);
	if (c->at < c->end && *c->at != ';')
		return TAGLIST_BAD_VALUE;

	list->tag[list->len++] = tag;
	return TAGLIST_OK;
}

/* tag-list = tag-spec *( ";" tag-spec ) [ ";" ] */
static enum taglist_status
parse(struct span text, bool utf8, struct taglist *ret, size_t *reterr_offset)
{
	struct cursor c = {text.ptr, text.ptr + text.len, utf8};
	struct taglist list = {.len = 0};

	do {
		enum taglist_status status = take_tag(&c, &list);

		if (status != TAGLIST_OK) {
			*reterr_offset = (size_t)(c.at - text.ptr);
			return status;
		}
		if (c.at < c.end)
			c.at++; /* the ";" that ended the tag */
		skip_fws(&c);
	} while (c.at < c.end);

	*ret = list;
	return TAGLIST_OK;
}

enum taglist_status
taglist_parse(struct span text, struct taglist *ret, size_t *reterr_offset)
{
	return parse(text, false, ret, reterr_offset);
}

enum taglist_status
taglist_parse_utf8(struct span text, struct taglist *ret, size_t *reterr_offset)
{
	return parse(text, true, ret, reterr_offset);
}

const struct span *
taglist_get(const struct taglist *list, struct span name)
{
	for (size_t i = 0; i < list->len; i++)
		if (span_equal(list->tag[i].name, name))
			return &list->tag[i].value;
	return NULL;
}

const char *
taglist_strerror(enum taglist_status status)
{
	static const char *const text[] = {
		[TAGLIST_OK] = "the list is well formed",
		[TAGLIST_BAD_NAME] = "a tag name must begin with a letter",
		[TAGLIST_NO_EQUALS] = "a tag name must be followed by \"=\"",
		[TAGLIST_BAD_VALUE] = "a tag value has a forbidden character",
		[TAGLIST_DUPLICATE] = "a tag may be given only once",
		[TAGLIST_TOO_MANY] = "the list has too many tags",
	};
	return text[status];
}
