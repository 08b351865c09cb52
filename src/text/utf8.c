/* SPDX-License-Identifier: Apache-2.0 */
#include "text/utf8.h"

/* What may follow a first octet (RFC 3629 section 4). */
struct lead {
	uint8_t from, to;  /* first octets that this is about */
	uint8_t low, high; /* least and greatest second octet */
	size_t more;       /* octets after the first */
};

static const struct lead leads[] = {
	{0x00, 0x7f, 0x00, 0x00, 0}, {0xc2, 0xdf, 0x80, 0xbf, 1},
	{0xe0, 0xe0, 0xa0, 0xbf, 2}, {0xe1, 0xec, 0x80, 0xbf, 2},
	{0xed, 0xed, 0x80, 0x9f, 2}, {0xee, 0xef, 0x80, 0xbf, 2},
	{0xf0, 0xf0, 0x90, 0xbf, 3}, {0xf1, 0xf3, 0x80, 0xbf, 3},
	{0xf4, 0xf4, 0x80, 0x8f, 3},
};

/* How many octets the character at `p` has, of `len` there are; 0: none. */
static size_t
character(const uint8_t *p, size_t len)
{
	const struct lead *lead = leads;

	while (p[0] < lead->from || p[0] > lead->to)
		if (++lead == leads + sizeof(leads) / sizeof(leads[0]))
			return 0;
	if (lead->more >= len ||
	    (lead->more > 0 && (p[1] < lead->low || p[1] > lead->high)))
		return 0;
	for (size_t i = 2; i <= lead->more; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return lead->more + 1;
}

bool
utf8_is_valid(struct span s)
{
	while (s.len > 0) {
		size_t n = character((const uint8_t *)s.ptr, s.len);

		if (n == 0)
			return false;
		s = span_skip(s, n);
	}
	return true;
}

size_t
utf8_length(struct span s)
{
	return s.len > 0 ? character((const uint8_t *)s.ptr, s.len) : 0;
}
