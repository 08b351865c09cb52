/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/name.h"

#include <assert.h>
#include <endian.h>
#include <stdio.h>

#include "base/ascii.h"

/* Octets that mean something in a zone file and so are escaped. */
static bool
is_special(uint8_t c)
{
	return c == '.' || c == '\\' || c == '"' || c == ';' || c == '(' ||
	       c == ')' || c == '@' || c == '$';
}

/* Reads the escape whose backslash is at *at, and passes over it. */
static bool
take_escape(struct span text, size_t *at, uint8_t *ret)
{
	size_t left = text.len - *at;
	const char *p = text.ptr + *at;
	unsigned value;

	if (left < 2)
		return false;
	if (!ascii_is_digit(p[1])) {
		*ret = (uint8_t)p[1];
		*at += 2;
		return true;
	}
	if (left < 4 || !ascii_is_digit(p[2]) || !ascii_is_digit(p[3]))
		return false;
	value = (unsigned)((p[1] - '0') * 100 + (p[2] - '0') * 10 + p[3] - '0');
	if (value > UINT8_MAX)
		return false;
	*ret = (uint8_t)value;
	*at += 4;
	return true;
}

/* Adds the label that begins at *at to `name`, and passes over it. */
static enum dname_status
take_label(struct span text, size_t *at, struct dname *name)
{
	uint8_t label[DNAME_LABEL_MAX];
	uint8_t len = 0;

	while (*at < text.len && text.ptr[*at] != '.') {
		uint8_t octet = (uint8_t)text.ptr[*at];

		if (octet != '\\')
			(*at)++;
		else if (!take_escape(text, at, &octet))
			return DNAME_BAD_ESCAPE;
		if (len == DNAME_LABEL_MAX)
			return DNAME_LONG_LABEL;
		label[len++] = octet;
	}
	if (len == 0)
		return DNAME_EMPTY_LABEL;
	if (name->len + len + 1 > DNAME_MAX)
		return DNAME_TOO_LONG;
	name->wire[name->len - 1] = len;
	memcpy(name->wire + name->len, label, len);
	name->len = (uint8_t)(name->len + len + 1);
	name->wire[name->len - 1] = 0;
	return DNAME_OK;
}

enum dname_status
dname_parse(struct span text, struct dname *ret)
{
	struct dname name = DNAME_ROOT;
	size_t at = 0;

	if (text.len == 0)
		return DNAME_EMPTY;
	if (span_equal(text, SPAN("."))) {
		*ret = name;
		return DNAME_OK;
	}
	do {
		enum dname_status status = take_label(text, &at, &name);

		if (status != DNAME_OK)
			return status;
		at++; /* the dot that ended the label, or the end */
	} while (at < text.len);
	*ret = name;
	return DNAME_OK;
}

/* Returns the offset of the first dot of `text` from `at` on, or its end. */
static size_t
find_dot(struct span text, size_t at)
{
	static const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t n;

	for (; at + sizeof(n) <= text.len; at += sizeof(n)) {
		memcpy(&n, text.ptr + at, sizeof(n));
		n = le64toh(n) ^ '.' * ones; /* a dot is zero now */
		n = (n - ones) & ~n & 0x80 * ones;
		if (n != 0)
			return at + (size_t)__builtin_ctzll(n) / 8;
	}
	while (at < text.len && text.ptr[at] != '.')
		at++;
	return at;
}

enum dname_status
dname_parse_plain(struct span text, struct dname *ret)
{
	size_t begin = 0; /* of the label, in `text`; its length goes there */

	if (text.len > 0 && text.ptr[text.len - 1] == '.')
		text.len--;
	if (text.len == 0)
		return DNAME_EMPTY;
	if (text.len > DNAME_MAX - 2)
		return DNAME_TOO_LONG;
	memcpy(ret->wire + 1, text.ptr, text.len);
	while (begin <= text.len) {
		size_t dot = find_dot(text, begin);

		if (dot == begin)
			return DNAME_EMPTY_LABEL;
		if (dot - begin > DNAME_LABEL_MAX)
			return DNAME_LONG_LABEL;
		ret->wire[begin] = (uint8_t)(dot - begin);
		begin = dot + 1;
	}
	ret->len = (uint8_t)(text.len + 2);
	ret->wire[text.len + 1] = 0;
	return DNAME_OK;
}

const char *
dname_strerror(enum dname_status status)
{
	static const char *const text[] = {
		[DNAME_OK] = "the name is well formed",
		[DNAME_EMPTY] = "there is no name",
		[DNAME_EMPTY_LABEL] = "there is nothing before a dot",
		[DNAME_LONG_LABEL] = "a label is longer than 63 octets",
		[DNAME_TOO_LONG] = "the name is longer than 255 octets",
		[DNAME_BAD_ESCAPE] =
			"a backslash needs a character or three digits",
	};
	return text[status];
}

/* Writes `octet`, escaped where that is due, at `to`; returns its length. */
static size_t
format_octet(uint8_t octet, char *to)
{
	if (octet <= ' ' || octet >= 0x7f) {
		to[0] = '\\';
		to[1] = (char)('0' + octet / 100);
		to[2] = (char)('0' + octet / 10 % 10);
		to[3] = (char)('0' + octet % 10);
		return 4;
	}
	if (is_special(octet)) {
		to[0] = '\\';
		to[1] = (char)octet;
		return 2;
	}
	to[0] = (char)octet;
	return 1;
}

struct dname_text
dname_format(const struct dname *name)
{
	struct dname_text text;
	size_t len = 0;

	for (size_t at = 0; name->wire[at] != 0; at += name->wire[at] + 1u) {
		if (at > 0)
			text.s[len++] = '.';
		for (size_t i = 1; i <= name->wire[at]; i++)
			len += format_octet(name->wire[at + i], text.s + len);
	}
	if (len == 0)
		text.s[len++] = '.';
	text.s[len] = '\0';
	return text;
}

struct span
dname_print(const struct dname *name, struct dname_text *text)
{
	*text = dname_format(name);
	return span_of(text->s);
}

struct span
dname_wire(const struct dname *name)
{
	return span_bytes(name->wire, name->len);
}

/* A length octet, at most 63, is no letter: the case may be ignored in all. */
bool
dname_equal(const struct dname *a, const struct dname *b)
{
	return span_equal_nocase(dname_wire(a), dname_wire(b));
}

size_t
dname_labels(const struct dname *name)
{
	size_t n = 0;

	for (size_t at = 0; name->wire[at] != 0; at += name->wire[at] + 1u)
		n++;
	return n;
}

/* Returns the offset of label `i` in `name`; of the root if i is the count. */
static size_t
label_at(const struct dname *name, size_t i)
{
	size_t at = 0;

	for (; i > 0; i--) {
		assert(name->wire[at] != 0);
		at += name->wire[at] + 1u;
	}
	return at;
}

bool
dname_is_under(const struct dname *name, const struct dname *above)
{
	size_t n = dname_labels(name);
	size_t m = dname_labels(above);

	return n >= m && span_equal_nocase(span_skip(dname_wire(name),
						     label_at(name, n - m)),
					   dname_wire(above));
}

struct dname
dname_skip(const struct dname *name, size_t n)
{
	size_t at = label_at(name, n);
	struct dname rest = {.len = (uint8_t)(name->len - at)};

	memcpy(rest.wire, name->wire + at, rest.len);
	return rest;
}

struct span
dname_label(const struct dname *name, size_t i)
{
	size_t at = label_at(name, i);

	return span_bytes(name->wire + at + 1, name->wire[at]);
}

struct dname
dname_lower(const struct dname *name)
{
	struct dname lower = {.len = name->len};

	for (size_t i = 0; i < name->len; i++)
		lower.wire[i] = (uint8_t)span_lower((char)name->wire[i]);
	return lower;
}

bool
dname_join(const struct dname *prefix, const struct dname *name,
	   struct dname *ret)
{
	struct dname both = {.len = 0};
	size_t front = prefix->len - 1u; /* without the root */

	if (front + name->len > DNAME_MAX)
		return false;
	memcpy(both.wire, prefix->wire, front);
	memcpy(both.wire + front, name->wire, name->len);
	both.len = (uint8_t)(front + name->len);
	*ret = both;
	return true;
}

bool
dname_under(struct span prefix, const struct dname *name, struct dname *ret)
{
	struct dname front;

	return dname_parse(prefix, &front) == DNAME_OK &&
	       dname_join(&front, name, ret);
}
