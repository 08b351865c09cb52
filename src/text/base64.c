/* SPDX-License-Identifier: Apache-2.0 */
#include "text/base64.h"

static const char letter[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* What six bits `c` stands for, or -1. */
static int
value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void
base64_encode(struct span data, struct buf *to)
{
	const uint8_t *in = (const uint8_t *)data.ptr;
	char *out = buf_reserve(to, BASE64_LEN(data.len));
	size_t n = 0;

	if (out == NULL)
		return;
	for (size_t i = 0; i < data.len; i += 3) {
		size_t left = data.len - i;
		uint32_t bits = (uint32_t)in[i] << 16;

		if (left > 1)
			bits |= (uint32_t)in[i + 1] << 8;
		if (left > 2)
			bits |= in[i + 2];
		out[n++] = letter[bits >> 18];
		out[n++] = letter[bits >> 12 & 63];
		out[n++] = left > 1 ? letter[bits >> 6 & 63] : '=';
		out[n++] = left > 2 ? letter[bits & 63] : '=';
	}
	buf_grew(to, n);
}

/* What was read so far. */
struct decoder {
	uint32_t bits; /* the last of them, lowest last */
	size_t digits; /* letters read, without padding */
	size_t pads;   /* "=" read */
};

/* Decodes `text` to `out`, which has room; returns false if it is not so. */
static bool
decode(struct decoder *d, struct span text, bool folded, char *out, size_t *n)
{
	for (size_t i = 0; i < text.len; i++) {
		int value = value_of(text.ptr[i]);

		if (folded && is_space(text.ptr[i]))
			continue;
		if (text.ptr[i] == '=' && ++d->pads <= 2)
			continue;
		if (value < 0 || d->pads > 0)
			return false;
		d->bits = d->bits << 6 | (uint32_t)value;
		d->digits++;
		if (d->digits % 4 == 0) {
			out[(*n)++] = (char)(d->bits >> 16 & 255);
			out[(*n)++] = (char)(d->bits >> 8 & 255);
			out[(*n)++] = (char)(d->bits & 255);
		}
	}
	return true;
}

/* Puts what the last two or three letters stand for. */
static bool
decode_end(const struct decoder *d, bool folded, char *out, size_t *n)
{
	size_t over = d->digits % 4;
	bool padded = (d->digits + d->pads) % 4 == 0;
	uint32_t unused = over == 2 ? d->bits & 15 : d->bits & 3;

	if (over == 0)
		return d->pads == 0;
	if (over == 1 || (!padded && (!folded || d->pads > 0)) ||
	    (!folded && unused != 0))
		return false;
	if (over == 2) {
		out[(*n)++] = (char)(d->bits >> 4 & 255);
	} else {
		out[(*n)++] = (char)(d->bits >> 10 & 255);
		out[(*n)++] = (char)(d->bits >> 2 & 255);
	}
	return true;
}

static bool
decode_all(struct span text, bool folded, struct buf *to)
{
	struct decoder d = {0};
	size_t digits = 0;
	size_t n = 0;
	char *out;

	for (size_t i = 0; i < text.len; i++)
		digits += value_of(text.ptr[i]) >= 0;
	out = buf_reserve(to, digits / 4 * 3 +
				      (digits % 4 > 0 ? digits % 4 - 1 : 0));
	if (out == NULL)
		return false;
	if (!decode(&d, text, folded, out, &n) ||
	    !decode_end(&d, folded, out, &n)) {
		buf_truncate(to, to->len); /* its NUL was written over */
		return false;
	}
	buf_grew(to, n);
	return true;
}

bool
base64_decode(struct span text, struct buf *to)
{
	return decode_all(text, false, to);
}

bool
base64_decode_folded(struct span text, struct buf *to)
{
	return decode_all(text, true, to);
}
