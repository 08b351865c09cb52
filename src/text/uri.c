/* SPDX-License-Identifier: Apache-2.0 */
#include "text/uri.h"

#include "base/ascii.h"
#include "base/macros.h"

static bool
encode(struct span s, char also, struct buf *to)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		uint8_t u = (uint8_t)c;
		char escape[3] = {'%', hex[u >> 4], hex[u & 15]};

		if (uri_unreserved(c) || (also != '\0' && c == also))
			buf_addc(to, c);
		else
			buf_add(to, span_bytes(escape, sizeof(escape)));
	}
	return !to->full;
}

/*
 * Takes the octet at *at of `s`, an escape as one.  Returns -1 if that is a
 * "%" without two digits behind it.
 */
static int
take_octet(struct span s, size_t *at)
{
	char c = s.ptr[*at];
	int high, low;

	(*at)++;
	if (c != '%')
		return (uint8_t)c;
	if (s.len - *at < 2)
		return -1;
	high = ascii_hex(s.ptr[*at]);
	low = ascii_hex(s.ptr[*at + 1]);
	*at += 2;
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool
uri_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

bool
uri_encode(struct span s, struct buf *to)
{
	return encode(s, '\0', to);
}

bool
uri_encode_path(struct span s, struct buf *to)
{
	return encode(s, '/', to);
}

bool
uri_decode(struct span s, struct buf *to)
{
	for (size_t at = 0; at < s.len;) {
		int octet = take_octet(s, &at);

		if (octet < 0 || !buf_addc(to, (char)octet))
			return false;
	}
	return true;
}

bool
uri_decoded(struct span s, struct arena *arena, struct span *ret)
{
	char *copy = arena_get(arena, s.len + 1);
	size_t len = 0;

	if (copy == NULL)
		return false;
	for (size_t at = 0; at < s.len;) {
		int octet = take_octet(s, &at);

		if (octet < 0)
			return false;
		copy[len++] = (char)octet;
	}
	*ret = (struct span){copy, len};
	return true;
}

bool
uri_query_next(struct span *rest, struct uri_param *ret)
{
	while (rest->len > 0) {
		struct span one = span_cut(rest, '&');

		if (one.len == 0)
			continue;
		ret->name = span_cut(&one, '=');
		ret->value = one;
		return true;
	}
	return false;
}

bool
uri_query_parse(struct span query, struct arena *arena, struct uri_param **ret,
		size_t *ret_len)
{
	struct uri_param *params;
	struct uri_param raw;
	struct span rest = query;
	size_t count = 0;

	while (uri_query_next(&rest, &raw))
		if (++count > URI_PARAMS_MAX)
			return false;
	params = arena_array(arena, count + 1, sizeof(*params));
	if (params == NULL)
		return false;
	rest = query;
	for (size_t i = 0; uri_query_next(&rest, &raw); i++)
		if (!uri_decoded(raw.name, arena, &params[i].name) ||
		    !uri_decoded(raw.value, arena, &params[i].value))
			return false;
	*ret = params;
	*ret_len = count;
	return true;
}
