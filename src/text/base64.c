/* SPDX-License-Identifier: Apache-2.0 */
#include "text/base64.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static const char letter[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* One more than the six bits that each octet stands for; 0: none. */
static const uint8_t code[256] = {
	0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
	0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
	0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  63, 0,  0,  0,  64,
	53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 0,  0,  0,  0,  0,  0,
	0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
	16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 0,  0,  0,  0,  0,
	0,  27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41,
	42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 0,  0,  0,  0,  0,
};

/* What six bits `c` stands for, or -1. */
static int
value_of(char c)
{
	return code[(unsigned char)c] - 1;
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
	char *out;     /* where the next octet goes */
};

/* Puts the octets that the last four letters stand for. */
static inline void
put_three(struct decoder *d, uint32_t bits)
{
	d->out[0] = (char)(bits >> 16 & 255);
	d->out[1] = (char)(bits >> 8 & 255);
	d->out[2] = (char)(bits & 255);
	d->out += 3;
}

#ifdef __SSE2__

/* Adds to *sum, in each octet of `v` from `first` to `last`, what makes it the
 * six bits it stands for. */
static inline __m128i
in_range(__m128i v, char first, char last, int add, __m128i *sum)
{
	/* signed: what is above 127 is below all letters */
	__m128i in = _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8(first - 1)),
				   _mm_cmplt_epi8(v, _mm_set1_epi8(last + 1)));

	*sum = _mm_add_epi8(*sum, _mm_and_si128(in, _mm_set1_epi8((char)add)));
	return in;
}

/* Decodes the sixteen letters from `p` on; false if not all are letters. */
static inline bool
decode_sixteen(struct decoder *d, const char *p)
{
	__m128i v = _mm_loadu_si128((const void *)p);
	__m128i sum = v, good, pairs, fours;
	uint32_t three[4];

	good = in_range(v, 'A', 'Z', -'A', &sum);
	good = _mm_or_si128(good, in_range(v, 'a', 'z', 26 - 'a', &sum));
	good = _mm_or_si128(good, in_range(v, '0', '9', 52 - '0', &sum));
	good = _mm_or_si128(good, in_range(v, '+', '+', 62 - '+', &sum));
	good = _mm_or_si128(good, in_range(v, '/', '/', 63 - '/', &sum));
	if (_mm_movemask_epi8(good) != 0xffff)
		return false;
	/* 6 bits in each 8, to 12 bits in each 16, to 24 bits in each 32 */
	pairs = _mm_or_si128(
		_mm_slli_epi16(_mm_and_si128(sum, _mm_set1_epi16(63)), 6),
		_mm_srli_epi16(sum, 8));
	fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00011000));
	_mm_storeu_si128((void *)three, fours);
	for (size_t i = 0; i < COUNT(three); i++)
		put_three(d, three[i]);
	return true;
}

#endif

/* Decodes four letters at a time as long as they stand together; returns how
 * many. */
static size_t
decode_fours(struct decoder *d, struct span text)
{
	struct decoder at = *d;
	size_t i = 0;

#ifdef __SSE2__
	while (text.len - i >= 16 && decode_sixteen(&at, text.ptr + i))
		i += 16;
#endif
	for (; text.len - i >= 4; i += 4) {
		const char *p = text.ptr + i;
		int a = value_of(p[0]), b = value_of(p[1]);
		int c = value_of(p[2]), e = value_of(p[3]);

		if ((a | b | c | e) < 0)
			break;
		put_three(&at, (uint32_t)(a << 18 | b << 12 | c << 6 | e));
	}
	d->out = at.out;
	d->digits += i;
	return i;
}

/* Decodes `text`; returns false if it is not so. */
static bool
decode(struct decoder *d, struct span text, bool folded)
{
	for (size_t i = 0; i < text.len; i++) {
		int value;

		if (d->digits % 4 == 0 && d->pads == 0)
			i += decode_fours(d, span_skip(text, i));
		if (i == text.len)
			break;
		value = value_of(text.ptr[i]);
		if (folded && is_space(text.ptr[i]))
			continue;
		if (text.ptr[i] == '=' && ++d->pads <= 2)
			continue;
		if (value < 0 || d->pads > 0)
			return false;
		d->bits = d->bits << 6 | (uint32_t)value;
		d->digits++;
		if (d->digits % 4 == 0)
			put_three(d, d->bits);
	}
	return true;
}

/* Puts what the last two or three letters stand for. */
static bool
decode_end(struct decoder *d, bool folded)
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
		*d->out++ = (char)(d->bits >> 4 & 255);
	} else {
		*d->out++ = (char)(d->bits >> 10 & 255);
		*d->out++ = (char)(d->bits >> 2 & 255);
	}
	return true;
}

static bool
decode_all(struct span text, bool folded, struct buf *to)
{
	struct decoder d = {0};
	size_t digits = 0;

	for (size_t i = 0; i < text.len; i++)
		digits += value_of(text.ptr[i]) >= 0;
	d.out = buf_reserve(to, digits / 4 * 3 +
					(digits % 4 > 0 ? digits % 4 - 1 : 0));
	if (d.out == NULL)
		return false;
	if (!decode(&d, text, folded) || !decode_end(&d, folded)) {
		buf_truncate(to, to->len); /* its NUL was written over */
		return false;
	}
	buf_grew(to, (size_t)(d.out - to->ptr) - to->len);
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

bool
base64_decode_into(struct span text, char *to, size_t *ret_len)
{
	struct decoder d = {.out = to};

	if (!decode(&d, text, true) || !decode_end(&d, true))
		return false;
	*ret_len = (size_t)(d.out - to);
	return true;
}
