/* SPDX-License-Identifier: Apache-2.0 */
#include "text/taglist.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/macros.h"

/* What is left to read; `at` never passes `end`. */
struct cursor {
	const char *at;
	const char *end;
	bool utf8; /* octets above 127 are taken in values */
};

/* What an octet may be. */
enum {
	ALPHA = 1,     /* first in a name */
	ALNUMPUNC = 2, /* in a name */
	VALCHAR = 4,   /* in a value */
	HIGH = 8,      /* above 127 */
};

static const uint8_t class_of[256] = {
	['!' ... '/'] = VALCHAR,
	['0' ... '9'] = VALCHAR | ALNUMPUNC,
	[':'] = VALCHAR,
	['<' ... '@'] = VALCHAR,
	['A' ... 'Z'] = VALCHAR | ALNUMPUNC | ALPHA,
	['[' ... '^'] = VALCHAR,
	['_'] = VALCHAR | ALNUMPUNC,
	['`'] = VALCHAR,
	['a' ... 'z'] = VALCHAR | ALNUMPUNC | ALPHA,
	['{' ... '~'] = VALCHAR,
	[128 ... 255] = HIGH,
};

static bool
is_of(char c, unsigned classes)
{
	return (class_of[(unsigned char)c] & classes) != 0;
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

	if (p < c->end && is_of(*p, ALPHA))
		while (p < c->end && is_of(*p, ALNUMPUNC))
			p++;
	return (struct span){c->at, (size_t)(p - c->at)};
}

/* The end of the VALCHARs that begin at `p`; above 127 only if `utf8`. */
static const char *
skip_valchars(const char *p, const struct cursor *c)
{
	unsigned classes = c->utf8 ? VALCHAR | HIGH : VALCHAR;

#ifdef __SSE2__
	for (; c->end - p >= 16; p += 16) {
		const __m128i space = _mm_set1_epi8(' ');
		__m128i v = _mm_loadu_si128((const void *)p);
		__m128i low = _mm_cmpeq_epi8(_mm_max_epu8(v, space), space);
		__m128i end = _mm_cmpeq_epi8(v, _mm_set1_epi8(';'));
		__m128i del = _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7f));
		int stop = _mm_movemask_epi8(
			_mm_or_si128(_mm_or_si128(low, end), del));

		if (!c->utf8)
			stop |= _mm_movemask_epi8(v);
		if (stop != 0)
			return p + __builtin_ctz((unsigned)stop);
	}
#endif
	while (p < c->end && is_of(*p, classes))
		p++;
	return p;
}

/* tag-value = [ tval *( 1*(WSP / FWS) tval ) ], and the [FWS] after it */
static struct span
take_value(struct cursor *c)
{
	const char *start = c->at;
	const char *stop = start; /* just past the last VALCHAR */

	for (;;) {
		const char *p = skip_valchars(c->at, c);

		if (p == c->at)
			break;
		c->at = stop = p;
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
	UNINITIALIZED struct taglist list;

	list.len = 0;
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

	memcpy(ret->tag, list.tag, list.len * sizeof(*list.tag));
	ret->len = list.len;
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
	if (name.len == 0)
		return NULL; /* no tag is called that */
	for (size_t i = 0; i < list->len; i++)
		if (list->tag[i].name.ptr[0] == name.ptr[0] &&
		    span_equal(list->tag[i].name, name))
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
