/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf_macro.h"

#include <assert.h>
#include <stdio.h>

#include "base/ascii.h"

/* Largest number a transformer may have; any name has fewer labels. */
#define KEEP_MAX UINT32_MAX
/* Octets held of an expansion while it is made: of a domain its end. */
#define ROOM_MAX 1024
/* Most octets of a value that is put in: a sender, with an address's limit. */
#define VALUE_MAX 1024
/* Most parts a value is split into, whatever is behind them. */
#define PARTS_MAX 512

/* One macro-expand with braces: "%{" letter [digits] ["r"] delimiters "}". */
struct expand {
	char letter;       /* in lower case */
	bool escape;       /* the letter was a capital: URL-escape */
	bool reverse;      /* "r" */
	uint32_t keep;     /* labels kept from the right; 0 is all */
	struct span delim; /* what splits; "" is "." */
};

/* Where an expansion goes. */
struct sink {
	bool tail; /* make room by forgetting the beginning */
	size_t len;
	char room[ROOM_MAX];
};

static bool
is_letter(char lower, enum spf_macro_mode mode)
{
	if (lower == 'c' || lower == 'r' || lower == 't')
		return mode != SPF_MACRO_DOMAIN;
	return lower != '\0' && strchr("slodiphv", lower) != NULL;
}

static bool
is_delimiter(char c)
{
	return c != '\0' && strchr(".-+,/_=", c) != NULL;
}

/* macro-literal = %x21-24 / %x26-7E, and SP in an explanation */
static bool
is_literal(char c, enum spf_macro_mode mode)
{
	if (c == ' ')
		return mode == SPF_MACRO_EXPLAIN;
	return c >= '!' && c <= '~' && c != '%';
}

/* Takes the bytes that `is` is true of off the front of *rest. */
static struct span
take_while(struct span *rest, bool (*is)(char c))
{
	struct span all = *rest;
	size_t n = 0;

	while (n < all.len && is(all.ptr[n]))
		n++;
	*rest = span_skip(all, n);
	return span_head(all, n);
}

/* Takes what follows "%{": letter, transformers, delimiters and "}". */
static bool
take_braces(struct span *rest, enum spf_macro_mode mode, struct expand *e)
{
	struct span digits;
	uint64_t keep = 0;

	if (rest->len == 0)
		return false;
	e->letter = span_lower(rest->ptr[0]);
	e->escape = e->letter != rest->ptr[0];
	if (!is_letter(e->letter, mode))
		return false;
	*rest = span_skip(*rest, 1);
	digits = take_while(rest, ascii_is_digit);
	/* "The DIGIT transformer ... must be nonzero" (section 7.1) */
	if (digits.len > 0 &&
	    (!span_to_u64(digits, KEEP_MAX, &keep) || keep == 0))
		return false;
	e->keep = (uint32_t)keep;
	e->reverse = rest->len > 0 && span_lower(rest->ptr[0]) == 'r';
	*rest = span_skip(*rest, e->reverse ? 1 : 0);
	e->delim = take_while(rest, is_delimiter);
	if (rest->len == 0 || rest->ptr[0] != '}')
		return false;
	*rest = span_skip(*rest, 1);
	return true;
}

/*
 * Takes a macro-expand that begins at *at, a '%'.  Returns false if it is
 * malformed; else *ret_one is the byte that "%%", "%_" or "%-" stands for
 * ('-' for "%20"), or 0 and *ret is the macro.
 */
static bool
take_expand(struct span text, size_t *at, enum spf_macro_mode mode,
	    char *ret_one, struct expand *ret)
{
	struct span rest = span_skip(text, *at + 1);
	struct expand e = {.keep = 0};
	char c = rest.len > 0 ? *rest.ptr : '\0';

	rest = span_skip(rest, 1);
	*ret_one = '\0';
	if (c == '%' || c == '_' || c == '-')
		*ret_one = c;
	else if (c != '{' || !take_braces(&rest, mode, &e))
		return false;
	*ret = e;
	*at = (size_t)(rest.ptr - text.ptr);
	return true;
}

/* toplabel: LDH, no "-" at its ends, and not all digits */
static bool
is_toplabel(struct span s)
{
	bool digits = true;

	if (s.len == 0 || s.ptr[0] == '-' || s.ptr[s.len - 1] == '-')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!ascii_is_alnum(s.ptr[i]) && s.ptr[i] != '-')
			return false;
		digits = digits && ascii_is_digit(s.ptr[i]);
	}
	return !digits;
}

/*
 * domain-end = ( "." toplabel [ "." ] ) / macro-expand; `literal` is what
 * follows the last macro-expand, and `macro` says whether there is one.
 */
static bool
ends_domain(struct span literal, bool macro)
{
	size_t dot;

	if (literal.len == 0)
		return macro;
	if (literal.ptr[literal.len - 1] == '.')
		literal.len--;
	dot = span_find_last(literal, '.');
	return dot != SPAN_NONE && is_toplabel(span_skip(literal, dot + 1));
}

bool
spf_is_visible(struct span text)
{
	static const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t bad = 0, n = 0;
	size_t i = 0;

	/*
	 * Of eight octets at once: the high bit is set by one above %x7F, or
	 * comes up when 1 is added to %x7F or %x21 taken from what is less.
	 */
	for (; i + 8 <= text.len; i += 8) {
		memcpy(&n, text.ptr + i, 8);
		bad |= n | (n + ones) | (n - 0x21 * ones);
	}
	if ((bad & 0x80 * ones) != 0)
		return false;
	for (; i < text.len; i++)
		if (text.ptr[i] < '!' || text.ptr[i] > '~')
			return false;
	return true;
}

/* Whether all of `text`, which has no "%", is literal. */
static bool
is_plain(struct span text, enum spf_macro_mode mode)
{
	if (mode != SPF_MACRO_EXPLAIN)
		return spf_is_visible(text);
	for (size_t i = 0; i < text.len; i++)
		if (!is_literal(text.ptr[i], mode))
			return false;
	return true;
}

static uint8_t
uses_of(const struct expand *e)
{
	if (e->letter == 'p')
		return SPF_USES_MACRO | SPF_USES_P;
	if (e->letter == 'l' || e->letter == 's')
		return SPF_USES_MACRO | SPF_USES_L;
	return SPF_USES_MACRO;
}

bool
spf_macro_scan(struct span text, enum spf_macro_mode mode, uint8_t *ret_uses)
{
	size_t at = 0, literal = 0;

	*ret_uses = 0;
	while (at < text.len) {
		size_t percent = span_find(span_skip(text, at), '%');
		size_t to = percent == SPAN_NONE ? text.len : at + percent;
		struct expand e = {.letter = '\0'};
		char one;

		if (!is_plain(span_sub(text, at, to), mode))
			return false;
		at = to;
		if (percent == SPAN_NONE)
			break;
		if (!take_expand(text, &at, mode, &one, &e))
			return false;
		*ret_uses |= uses_of(&e);
		literal = at;
	}
	return mode != SPF_MACRO_DOMAIN ||
	       ends_domain(span_skip(text, literal), *ret_uses != 0);
}

bool
spf_macro_valid(struct span text, enum spf_macro_mode mode)
{
	uint8_t uses;

	return spf_macro_scan(text, mode, &uses);
}

bool
spf_macro_uses(struct span text, char letter)
{
	size_t at = 0;

	while (at < text.len) {
		struct expand e;
		char one;

		if (text.ptr[at] != '%')
			at++;
		else if (!take_expand(text, &at, SPF_MACRO_EXPLAIN, &one, &e))
			return false;
		else if (one == '\0' && e.letter == letter)
			return true;
	}
	return false;
}

/* Makes room for one octet more; false: it does not matter. */
static bool
make_room(struct sink *to)
{
	if (!to->tail)
		return false;
	to->len = ROOM_MAX / 2; /* above SPF_DOMAIN_MAX: cut again later */
	memmove(to->room, to->room + ROOM_MAX - to->len, to->len);
	return true;
}

static inline void
put(struct sink *to, char c)
{
	if (to->len < ROOM_MAX || make_room(to))
		to->room[to->len++] = c;
}

static void
put_span(struct sink *to, struct span s)
{
	if (s.len <= ROOM_MAX - to->len) {
		memcpy(to->room + to->len, s.ptr, s.len);
		to->len += s.len;
		return;
	}
	for (size_t i = 0; i < s.len; i++)
		put(to, s.ptr[i]);
}

/* RFC 7208 section 7.3: what RFC 3986 does not call unreserved is escaped. */
static void
put_escaped(struct sink *to, struct span s)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (ascii_is_alnum(s.ptr[i]) || c == '-' || c == '.' ||
		    c == '_' || c == '~') {
			put(to, s.ptr[i]);
			continue;
		}
		put(to, '%');
		put(to, hex[c >> 4]);
		put(to, hex[c & 15]);
	}
}

/* i: dotted decimal, or the nibbles of an IPv6 address with dots between. */
static size_t
value_i(const struct spf_ip *ip, char *room)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t len = 0;

	for (size_t i = 0; !ip->v6 && i < 4; i++) {
		unsigned octet = ip->octet[i];

		if (octet >= 100)
			room[len++] = (char)('0' + octet / 100);
		if (octet >= 10)
			room[len++] = (char)('0' + octet / 10 % 10);
		room[len++] = (char)('0' + octet % 10);
		room[len++] = '.';
	}
	for (size_t i = 0; ip->v6 && i < 16; i++) {
		room[len++] = hex[ip->octet[i] >> 4];
		room[len++] = '.';
		room[len++] = hex[ip->octet[i] & 15];
		room[len++] = '.';
	}
	return len - 1;
}

/* s: local@sender, each as far as it fits. */
static size_t
value_s(const struct spf_macro *m, char *room)
{
	struct span local = span_head(m->local, VALUE_MAX / 2 - 1);
	struct span sender = span_head(m->sender, VALUE_MAX / 2);

	memcpy(room, local.ptr, local.len);
	room[local.len] = '@';
	memcpy(room + local.len + 1, sender.ptr, sender.len);
	return local.len + 1 + sender.len;
}

static struct span
or_unknown(struct span s)
{
	return s.len > 0 ? s : SPAN("unknown");
}

/* What `letter` stands for, in `room` (VALUE_MAX) if it has to be made. */
static struct span
value(char letter, const struct spf_macro *m, char *room)
{
	struct spf_ip_text ip;
	int len = 0;

	switch (letter) {
	case 's':
		return (struct span){room, value_s(m, room)};
	case 'l':
		return m->local;
	case 'o':
		return m->sender;
	case 'd':
		return m->domain;
	case 'i':
		return (struct span){room, value_i(&m->ip, room)};
	case 'p':
		return or_unknown(m->validated);
	case 'v':
		return m->ip.v6 ? SPAN("ip6") : SPAN("in-addr");
	case 'h':
		return m->helo;
	case 'c':
		ip = spf_ip_format(&m->ip);
		len = snprintf(room, VALUE_MAX, "%s", ip.s);
		break;
	case 'r':
		return or_unknown(m->receiver);
	case 't':
		len = snprintf(room, VALUE_MAX, "%lld",
			       (long long)(m->now / 1000));
		break;
	default:
		assert(false && "a letter that spf_macro_valid() lets pass");
	}
	return (struct span){room, (size_t)len};
}

static bool
is_split(const struct expand *e, char c)
{
	if (e->delim.len == 0)
		return c == '.';
	return memchr(e->delim.ptr, c, e->delim.len) != NULL;
}

static void
put_part(struct sink *to, const struct expand *e, struct span part, bool first)
{
	if (!first)
		put(to, '.');
	if (e->escape)
		put_escaped(to, part);
	else
		put_span(to, part);
}

/* How many of `parts` the digits keep. */
static size_t
kept(const struct expand *e, size_t parts)
{
	return e->keep > 0 && e->keep < parts ? e->keep : parts;
}

/* Puts the last `keep` of the parts as transformed, see put_macro(). */
static void
put_reversed(struct sink *to, const struct expand *e, struct span all,
	     size_t parts, size_t keep)
{
	size_t end = all.len, at = all.len;

	for (size_t left = parts; left > 0; left--) {
		while (at > 0 && !is_split(e, all.ptr[at - 1]))
			at--;
		/* of a reversed value, too, the last ones are kept */
		if (left <= keep)
			put_part(to, e, span_sub(all, at, end), left == keep);
		end = at - (at > 0);
		at = end;
	}
}

/* Puts the last `keep` of the `parts` of `all`, in their order. */
static void
put_straight(struct sink *to, const struct expand *e, struct span all,
	     size_t parts, size_t keep)
{
	size_t start = 0;

	for (size_t left = parts; left > 0; left--) {
		size_t at = start;

		while (at < all.len && !is_split(e, all.ptr[at]))
			at++;
		if (left <= keep)
			put_part(to, e, span_sub(all, start, at), left == keep);
		start = at + 1;
	}
}

/* Splits, keeps, turns round and joins with dots, as `e` says. */
static void
put_macro(struct sink *to, const struct expand *e, const struct spf_macro *m)
{
	UNINITIALIZED char room[VALUE_MAX];
	struct span all = span_head(value(e->letter, m, room), VALUE_MAX);
	size_t parts = 1, at = 0;

	if (e->keep == 0 && !e->reverse && !e->escape && e->delim.len == 0) {
		put_span(to, all);
		return;
	}
	for (; at < all.len; at++)
		if (is_split(e, all.ptr[at]) && ++parts > PARTS_MAX)
			break;
	if (parts > PARTS_MAX) { /* the rest of it does not count */
		parts = PARTS_MAX;
		all.len = at;
	}
	if (e->reverse)
		put_reversed(to, e, all, parts, kept(e, parts));
	else
		put_straight(to, e, all, parts, kept(e, parts));
}

static void
expand(struct span text, const struct spf_macro *m, struct sink *to)
{
	size_t at = 0;

	while (at < text.len) {
		struct expand e;
		char one;

		if (text.ptr[at] != '%')
			put(to, text.ptr[at++]);
		else if (!take_expand(text, &at, SPF_MACRO_EXPLAIN, &one, &e))
			return;
		else if (one == '\0')
			put_macro(to, &e, m);
		else if (one == '-')
			put_span(to, SPAN("%20"));
		else
			put(to, one == '_' ? ' ' : one);
	}
}

void
spf_macro_domain(struct span text, const struct spf_macro *m,
		 struct spf_macro_text *ret)
{
	UNINITIALIZED struct sink to;
	struct span all;

	to.tail = true;
	to.len = 0;
	expand(text, m, &to);
	all = (struct span){to.room, to.len};
	if (all.len > 0 && all.ptr[all.len - 1] == '.')
		all.len--;
	while (all.len > SPF_DOMAIN_MAX) {
		size_t dot = span_find(all, '.');

		all = span_skip(all, dot == SPAN_NONE ? all.len : dot + 1);
	}
	memcpy(ret->s, all.ptr, all.len);
	ret->len = all.len;
}

void
spf_macro_explain(struct span text, const struct spf_macro *m,
		  struct spf_macro_text *ret)
{
	UNINITIALIZED struct sink to;

	to.tail = false;
	to.len = 0;
	expand(text, m, &to);
	ret->len = to.len < SPF_EXPLANATION_MAX ? to.len : SPF_EXPLANATION_MAX;
	memcpy(ret->s, to.room, ret->len);
}
