/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf_quick.h"

/* The octet at `p`, or a space at the end: what ends a term either way. */
static inline unsigned
peek(const char *p, const char *end)
{
	return p < end ? (unsigned char)*p : ' ';
}

/* Takes up to `max` (of up to three digits), without a zero first. */
static inline bool
take_number(const char **p, const char *end, unsigned max, unsigned *ret)
{
	unsigned n = peek(*p, end) - '0', digit;

	if (n > 9)
		return false;
	(*p)++;
	for (int i = 0; i < 2; i++) {
		digit = peek(*p, end) - '0';
		if (digit > 9)
			break;
		if (n == 0)
			return false;
		n = n * 10 + digit;
		(*p)++;
	}
	*ret = n;
	return n <= max;
}

/* Takes "/" and a prefix, if one is there, and looks for the term's end. */
static inline bool
take_prefix(const char **p, const char *end, unsigned max, uint8_t *ret)
{
	unsigned prefix = max;

	if (peek(*p, end) == '/') {
		(*p)++;
		if (!take_number(p, end, max, &prefix))
			return false;
	}
	*ret = (uint8_t)prefix;
	return peek(*p, end) == ' ';
}

static inline bool
take_ip4(const char **p, const char *end, struct spf_term *term)
{
	uint32_t net = 0;

	for (int i = 0; i < 4; i++) {
		unsigned octet;

		if (i > 0 && peek((*p)++, end) != '.')
			return false;
		if (!take_number(p, end, 255, &octet))
			return false;
		net = net << 8 | octet;
	}
	if (!take_prefix(p, end, 32, &term->prefix4))
		return false;
	term->kind = SPF_IP4;
	term->prefix6 = 128;
	term->net4 = net;
	term->mask4 = spf_ip_mask4(term->prefix4);
	return true;
}

/* The value of a hexadecimal digit, or more than 15. */
static inline unsigned
hex(unsigned c)
{
	unsigned digit = c - '0', letter = (c | 0x20) - 'a';

	return digit <= 9 ? digit : letter <= 5 ? letter + 10 : 16;
}

/* Takes one to four hexadecimal digits. */
static inline bool
take_group(const char **p, const char *end, unsigned *ret)
{
	unsigned n = hex(peek(*p, end)), digit;

	if (n > 15)
		return false;
	(*p)++;
	for (int i = 0; i < 3; i++) {
		digit = hex(peek(*p, end));
		if (digit > 15)
			break;
		n = n << 4 | digit;
		(*p)++;
	}
	*ret = n;
	return true;
}

/*
 * Takes the groups of an IPv6 address up to "::" or its end, at most `max`,
 * into a number; returns how many there were.  One in dotted decimal is not
 * for here: its "." is no end.
 */
static inline unsigned
take_groups(const char **p, const char *end, unsigned max,
	    unsigned __int128 *ret)
{
	unsigned n = 0, group;

	*ret = 0;
	while (n < max && take_group(p, end, &group)) {
		*ret = *ret << 16 | group;
		n++;
		if (peek(*p, end) != ':' || hex(peek(*p + 1, end)) > 15)
			break;
		(*p)++;
	}
	return n;
}

static inline bool
take_ip6(const char **p, const char *end, struct spf_term *term)
{
	unsigned __int128 high, low = 0;
	unsigned front = take_groups(p, end, 8, &high);

	if (peek(*p, end) == ':') {
		if (peek(*p + 1, end) != ':' || front > 7)
			return false;
		*p += 2;
		take_groups(p, end, 7 - front, &low);
		high = front > 0 ? low | high << (128 - 16 * front) : low;
	} else if (front != 8) {
		return false;
	}
	if (!take_prefix(p, end, 128, &term->prefix6))
		return false;
	term->kind = SPF_IP6;
	term->prefix4 = 32;
	term->net6[0] = (uint64_t)(high >> 64);
	term->net6[1] = (uint64_t)high;
	return true;
}

static inline bool
take_all(const char **p, const char *end, struct spf_term *term)
{
	*p += 3;
	term->kind = SPF_ALL;
	return peek(*p, end) == ' ';
}

/* "ip4:", "ip6:" or "all" as four octets, in lower case. */
static inline bool
take_body(const char **p, const char *end, struct spf_term *term)
{
	char name[4] = {0};

	if (end - *p < 3)
		return false;
	name[0] = (char)((*p)[0] | 0x20);
	name[1] = (char)((*p)[1] | 0x20);
	name[2] = (*p)[2];
	name[3] = (char)peek(*p + 3, end);
	if (name[0] == 'i' && name[1] == 'p' && name[3] == ':') {
		*p += 4;
		if (name[2] == '4')
			return take_ip4(p, end, term);
		return name[2] == '6' && take_ip6(p, end, term);
	}
	if (name[0] == 'a' && name[1] == 'l' && (name[2] | 0x20) == 'l')
		return take_all(p, end, term);
	return false;
}

size_t
spf_quick_parse(struct span rest, struct spf_term *ret)
{
	const char *p = rest.ptr, *end = rest.ptr + rest.len;
	unsigned c = peek(p, end);

	*ret = (struct spf_term){.qualifier = '+', .name = SPF_NAME_NONE};
	if (c == '-' || c == '+' || c == '~' || c == '?') {
		ret->qualifier = (char)c;
		p++;
	}
	if (!take_body(&p, end, ret))
		return 0;
	ret->len = (uint16_t)(p - rest.ptr);
	return ret->len;
}
