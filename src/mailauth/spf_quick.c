/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf_quick.h"

/*
 * Each of these moves *p behind what it takes and returns true, or returns
 * false when it is not like that.  They are all made into one function: the
 * terms of a record are read at a few cycles an octet.
 */

/* What a digit says; more than 9 for what is none. */
static inline unsigned
digit(char c)
{
	return (unsigned char)c - (unsigned)'0';
}

/* Up to three digits, without a zero first. */
static inline bool
take_number(const char **p, unsigned max, unsigned *ret)
{
	unsigned n = digit((*p)[0]), next = digit((*p)[1]);

	*ret = n;
	*p += 1;
	if (n > 9 || next > 9)
		return n <= 9;
	if (n == 0)
		return false;
	n = n * 10 + next;
	next = digit((*p)[1]);
	*p += 1;
	if (next <= 9) {
		n = n * 10 + next;
		*p += 1;
	}
	*ret = n;
	return n <= max;
}

/* "/" and a prefix, if one is there, and then the term's end. */
static inline bool
take_prefix(const char **p, unsigned max, uint8_t *ret)
{
	unsigned prefix = max;

	if (**p == '/') {
		*p += 1;
		if (!take_number(p, max, &prefix))
			return false;
	}
	*ret = (uint8_t)prefix;
	return **p == ' ';
}

static inline bool
take_dot(const char **p)
{
	return *(*p)++ == '.';
}

static inline bool
take_ip4(const char **p, struct spf_term *term)
{
	unsigned a, b, c, d;

	if (!take_number(p, 255, &a) || !take_dot(p) ||
	    !take_number(p, 255, &b) || !take_dot(p) ||
	    !take_number(p, 255, &c) || !take_dot(p) ||
	    !take_number(p, 255, &d) || !take_prefix(p, 32, &term->prefix4))
		return false;
	term->kind = SPF_IP4;
	term->prefix6 = 128;
	term->net4 = a << 24 | b << 16 | c << 8 | d;
	term->mask4 = spf_ip_mask4(term->prefix4);
	return true;
}

/* What a hexadecimal digit says, and one more; 0 for what is none. */
static const uint8_t hex_digit[256] = {
	['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
	['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

/* The value of a hexadecimal digit, or more than 15. */
static inline unsigned
hex(char c)
{
	return hex_digit[(unsigned char)c] - 1u;
}

/* One to four hexadecimal digits. */
static inline bool
take_group(const char **p, unsigned *ret)
{
	const char *at = *p;
	unsigned n = hex(*at), next;

	if (n > 15)
		return false;
	for (at++; at < *p + 4 && (next = hex(*at)) <= 15; at++)
		n = n << 4 | next;
	*p = at;
	*ret = n;
	return true;
}

/*
 * The groups of an IPv6 address up to "::" or its end, at most `max`, as a
 * number; returns how many there were.  One in dotted decimal is not for
 * here: its "." is no end.
 */
static inline unsigned
take_groups(const char **p, unsigned max, unsigned __int128 *ret)
{
	unsigned n = 0, group;
	uint64_t part[2] = {0, 0};

	while (n < max && take_group(p, &group)) {
		part[0] = part[0] << 16 | part[1] >> 48;
		part[1] = part[1] << 16 | group;
		n++;
		if ((*p)[0] != ':' || hex((*p)[1]) > 15)
			break;
		*p += 1;
	}
	*ret = (unsigned __int128)part[0] << 64 | part[1];
	return n;
}

static bool
take_ip6(const char **p, struct spf_term *term)
{
	unsigned __int128 high, low;
	unsigned front = take_groups(p, 8, &high);

	if (**p == ':') {
		if ((*p)[1] != ':' || front > 7)
			return false;
		*p += 2;
		take_groups(p, 7 - front, &low);
		high = front > 0 ? low | high << (128 - 16 * front) : low;
	} else if (front != 8) {
		return false;
	}
	term->kind = SPF_IP6;
	term->prefix4 = 32;
	term->net6[0] = (uint64_t)(high >> 64);
	term->net6[1] = (uint64_t)high;
	return take_prefix(p, 128, &term->prefix6);
}

/* What an octet may be in a name: 1 a letter, 2 a dot, 4 the rest of LDH. */
static const uint8_t name_octet[256] = {
	['A' ... 'Z'] = 1, ['a' ... 'z'] = 1, ['.'] = 2,
	['0' ... '9'] = 4, ['-'] = 4,         ['_'] = 4,
};

/* A domain without macros, whose last label is letters only. */
static bool
take_domain(const char **p, const char *begin, struct spf_term *term)
{
	const char *at = *p, *end = begin + SPF_QUICK_MAX - 1;
	unsigned seen = 0, octet;

	/* `seen` is of the octets since the last dot; 2: there was one */
	while (at < end && (octet = name_octet[(unsigned char)*at]) != 0) {
		seen = octet == 2 ? 2 : seen | octet;
		at++;
	}
	if (seen != 3 || *at != ' ')
		return false;
	term->domain_at = (uint16_t)(*p - begin);
	term->domain_len = (uint16_t)(at - *p);
	*p = at;
	return true;
}

/* Four octets as a number, of which the bits of `lower` are set. */
static inline uint32_t
four(const char *p, uint32_t lower)
{
	uint32_t n;

	memcpy(&n, p, sizeof(n));
	return le32toh(n) | lower;
}

#define FOUR(a, b, c, d)                                                       \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 |            \
	 (uint32_t)(d) << 24)

/* A mechanism; no octet but a letter is one with 0x20 set. */
static inline bool
take_mechanism(const char **p, const char *begin, struct spf_term *term)
{
	uint32_t name = four(*p, 0x2020);

	if (name == FOUR('i', 'p', '4', ':')) {
		*p += 4;
		return take_ip4(p, term);
	}
	if (name == FOUR('i', 'p', '6', ':')) {
		*p += 4;
		return take_ip6(p, term);
	}
	name |= 0x20202020;
	if (name == FOUR('i', 'n', 'c', 'l') && (*p)[7] == ':' &&
	    four(*p + 4, 0x202020) == FOUR('u', 'd', 'e', ':')) {
		*p += 8;
		term->kind = SPF_INCLUDE;
		return take_domain(p, begin, term);
	}
	if (name != FOUR('a', 'l', 'l', ' ') || (*p)[3] != ' ')
		return false;
	*p += 3;
	term->kind = SPF_ALL;
	return true;
}

size_t
spf_quick_parse(struct span window, size_t at, struct spf_term *term,
		size_t room, size_t *ret_terms)
{
	size_t n = 0;

	while (n < room && at + SPF_QUICK_MAX <= window.len) {
		const char *begin = window.ptr + at, *p = begin;
		struct spf_term *t = &term[n];

		if (*p == ' ') {
			at++;
			continue;
		}
		*t = (struct spf_term){.qualifier = '+', .name = SPF_NAME_NONE};
		if (*p == '-' || *p == '+' || *p == '~' || *p == '?')
			t->qualifier = *p++;
		if (!take_mechanism(&p, begin, t))
			break;
		t->at = (uint16_t)at;
		t->len = (uint16_t)(p - begin);
		t->domain_at = (uint16_t)(t->domain_at + at);
		at += t->len;
		n++;
	}
	*ret_terms = n;
	return at;
}
