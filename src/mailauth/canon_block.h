/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canon_block - the white space of many octets at once, for canon.c.
 *
 * Text is copied with its tabs (and, in a header, its folds) made spaces, and
 * without what the relaxed form leaves out: of a run of white space all but
 * the last, of one at the end of a line that one too.  Each octet is judged
 * by itself and the two behind it.
 *
 * In AVX-512 where the machine that runs it has it, in SSE2 where the one it
 * was built for has it, octet by octet elsewhere; CANON_PORTABLE and
 * CANON_SSE2 leave out what is above them, so that tests can compare.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 * RFC 6376 sections 3.4.2 and 3.4.4.
 */
#pragma once

#include "base/span.h"

#if defined(CANON_PORTABLE) || !defined(__SSE2__)
#define CANON_LEVEL 0
#elif defined(CANON_SSE2) || !defined(__x86_64__)
#define CANON_LEVEL 1
#include <emmintrin.h>
#else
#define CANON_LEVEL 2
#include <immintrin.h>
#endif

#define CANON_BLOCK  16 /* octets of a block */
#define CANON_STRIDE 64 /* octets of a stride */
#define CANON_AHEAD  2  /* octets behind them that are looked at too */

/* In a header: a CR or LF stands there that is no fold's. */
#define CANON_ODD (UINT32_C(1) << CANON_BLOCK)

/* Whether `c` is WSP. */
static inline bool
canon_is_white(char c)
{
	return c == ' ' || c == '\t';
}

#if CANON_LEVEL > 0

/* Where `v` holds `c`: all ones. */
static inline __m128i
canon_where(__m128i v, char c)
{
	return _mm_cmpeq_epi8(v, _mm_set1_epi8(c));
}

/* Returns the CANON_BLOCK octets from `from` on. */
static inline __m128i
canon_load(const char *from)
{
	return _mm_loadu_si128((const __m128i *)(const void *)from);
}

/* Puts `v` at `to`. */
static inline void
canon_store(char *to, __m128i v)
{
	_mm_storeu_si128((__m128i *)(void *)to, v);
}

/* Returns a bit for each octet of `v` that is all ones. */
static inline uint32_t
canon_mask(__m128i v)
{
	return (uint32_t)_mm_movemask_epi8(v);
}

/*
 * Copies CANON_BLOCK octets of a body.  Returns where there is white space
 * before an octet that is no more than a space: rarely more than is sought.
 */
static inline __m128i
canon_suspects(const char *from, char *to)
{
	const __m128i space = _mm_set1_epi8(' ');
	const __m128i other = _mm_set1_epi8(' ' ^ '\t');
	__m128i v = canon_load(from), next = canon_load(from + 1);
	__m128i tab = canon_where(v, '\t');
	__m128i white = _mm_or_si128(canon_where(v, ' '), tab);
	__m128i low = _mm_cmpeq_epi8(_mm_max_epu8(next, space), space);

	canon_store(to, _mm_xor_si128(v, _mm_and_si128(tab, other)));
	return _mm_and_si128(white, low);
}

/* Which of the `suspects` are left out: white space before white space or
 * CRLF; a bit for each octet, the lowest first. */
static inline uint32_t
canon_convict(__m128i suspects, const char *from)
{
	__m128i next = canon_load(from + 1), after = canon_load(from + 2);
	__m128i line = _mm_and_si128(canon_where(next, '\r'),
				     canon_where(after, '\n'));
	__m128i white =
		_mm_or_si128(canon_where(next, ' '), canon_where(next, '\t'));

	return canon_mask(_mm_and_si128(suspects, _mm_or_si128(white, line)));
}

/* Copies CANON_BLOCK octets of a body; returns which are left out. */
static inline uint32_t
canon_block_body(const char *from, char *to)
{
	__m128i suspects = canon_suspects(from, to);

	return canon_mask(suspects) == 0 ? 0 : canon_convict(suspects, from);
}

/*
 * Copies CANON_BLOCK octets of a field, whose ends are no white space;
 * returns which are left out.  A CRLF is white space too.  CANON_ODD is set
 * if a CR comes without LF, a LF (but the first octet) without CR, or a CRLF
 * without white space behind it.
 */
static inline uint32_t
canon_block_header(const char *from, char *to)
{
	const __m128i space = _mm_set1_epi8(' ');
	__m128i v = canon_load(from), next = canon_load(from + 1);
	__m128i cr = canon_where(v, '\r'), lf = canon_where(v, '\n');
	__m128i next_cr = canon_where(next, '\r');
	__m128i next_lf = canon_where(next, '\n');
	__m128i white = _mm_or_si128(canon_where(v, ' '), canon_where(v, '\t'));
	__m128i next_white =
		_mm_or_si128(canon_where(next, ' '), canon_where(next, '\t'));
	__m128i any = _mm_or_si128(white, _mm_or_si128(cr, lf));
	__m128i next_any =
		_mm_or_si128(next_white, _mm_or_si128(next_cr, next_lf));
	uint32_t odd = canon_mask(_mm_or_si128(
		_mm_xor_si128(cr, next_lf), _mm_andnot_si128(next_white, lf)));

	canon_store(to, _mm_or_si128(_mm_andnot_si128(any, v),
				     _mm_and_si128(any, space)));
	return canon_mask(_mm_and_si128(any, next_any)) |
	       (odd != 0 ? CANON_ODD : 0);
}

/* As canon_block_body(), of CANON_STRIDE octets. */
static inline uint64_t
canon_stride_body(const char *from, char *to)
{
	__m128i a = canon_suspects(from, to);
	__m128i b = canon_suspects(from + 16, to + 16);
	__m128i c = canon_suspects(from + 32, to + 32);
	__m128i d = canon_suspects(from + 48, to + 48);
	__m128i any = _mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d));

	if (__builtin_expect(canon_mask(any) == 0, 1))
		return 0;
	return canon_convict(a, from) |
	       (uint64_t)canon_convict(b, from + 16) << 16 |
	       (uint64_t)canon_convict(c, from + 32) << 32 |
	       (uint64_t)canon_convict(d, from + 48) << 48;
}

#else

/* As above. */
static inline uint32_t
canon_block_body(const char *from, char *to)
{
	uint32_t drop = 0;

	for (unsigned i = 0; i < CANON_BLOCK; i++) {
		char c = from[i], next = from[i + 1];
		bool white = canon_is_white(c);

		to[i] = white ? ' ' : c;
		if (white && (canon_is_white(next) ||
			      (next == '\r' && from[i + 2] == '\n')))
			drop |= UINT32_C(1) << i;
	}
	return drop;
}

/* As above. */
static inline uint32_t
canon_block_header(const char *from, char *to)
{
	uint32_t drop = 0;

	for (unsigned i = 0; i < CANON_BLOCK; i++) {
		char c = from[i], next = from[i + 1];
		bool white = canon_is_white(c) || c == '\r' || c == '\n';
		bool next_white = canon_is_white(next);

		to[i] = white ? ' ' : c;
		if ((c == '\r') != (next == '\n') || (c == '\n' && !next_white))
			drop |= CANON_ODD;
		if (white && (next_white || next == '\r' || next == '\n'))
			drop |= UINT32_C(1) << i;
	}
	return drop;
}

/* As above. */
static inline uint64_t
canon_stride_body(const char *from, char *to)
{
	uint64_t drop = 0;

	for (unsigned i = 0; i < CANON_STRIDE; i += CANON_BLOCK)
		drop |= (uint64_t)canon_block_body(from + i, to + i) << i;
	return drop;
}

#endif

/* Strides on their way: of a body, as far as both ends allow. */
struct canon_run {
	const char *in;   /* the next octet */
	const char *end;  /* of the octets that there are */
	char *out;        /* where the next one goes */
	const char *full; /* the last place where a stride may begin */
};

/* Whether a stride has what it reads and what it writes. */
static inline bool
canon_run_goes(const struct canon_run *r)
{
	return r->end - r->in >= CANON_STRIDE + CANON_AHEAD &&
	       r->out <= r->full;
}

/* Takes strides as long as canon_run_goes() says so. */
static inline void
canon_run_strides(struct canon_run *r)
{
	struct canon_run at = *r;

	while (canon_run_goes(&at)) {
		uint64_t drop = canon_stride_body(at.in, at.out);
		unsigned kept, gone;

		if (__builtin_expect(drop == 0, 1)) {
			at.in += CANON_STRIDE;
			at.out += CANON_STRIDE;
			continue;
		}
		/* the first run of what is left out; then on behind it */
		kept = (unsigned)__builtin_ctzll(drop);
		gone = ~(drop >> kept) == 0
			       ? CANON_STRIDE
			       : (unsigned)__builtin_ctzll(~(drop >> kept));
		at.in += kept + gone;
		at.out += kept;
	}
	*r = at;
}

#if CANON_LEVEL > 1

/* The same without a branch that depends on the text. */
__attribute__((
	target("avx512f,avx512bw,avx512vbmi2,popcnt"))) static inline void
canon_run_avx512(struct canon_run *r)
{
	const __m512i space = _mm512_set1_epi8(' ');
	struct canon_run at = *r;

	while (canon_run_goes(&at)) {
		__m512i v = _mm512_loadu_si512(at.in);
		char c = at.in[CANON_STRIDE];
		bool lf = at.in[CANON_STRIDE + 1] == '\n';
		uint64_t tabs =
			_mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\t'));
		uint64_t white = _mm512_cmpeq_epi8_mask(v, space) | tabs;
		uint64_t crs =
			_mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\r'));
		uint64_t lfs =
			_mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\n'));
		/* where the octets behind are white, CR and LF */
		uint64_t next = white >> 1 | (uint64_t)canon_is_white(c) << 63;
		uint64_t next_cr = crs >> 1 | (uint64_t)(c == '\r') << 63;
		uint64_t after_lf = lfs >> 2 | (uint64_t)(c == '\n') << 62 |
				    (uint64_t)lf << 63;
		uint64_t drop = white & (next | (next_cr & after_lf));

		v = _mm512_mask_mov_epi8(v, tabs, space);
		_mm512_storeu_si512(at.out,
				    _mm512_maskz_compress_epi8(~drop, v));
		at.in += CANON_STRIDE;
		at.out += CANON_STRIDE - __builtin_popcountll(drop);
	}
	*r = at;
}

#endif

/* Goes on until canon_run_goes() says no. */
static inline void
canon_run_all(struct canon_run *r)
{
#if CANON_LEVEL > 1
	if (__builtin_cpu_supports("avx512vbmi2") &&
	    __builtin_cpu_supports("avx512bw")) {
		canon_run_avx512(r);
		return;
	}
#endif
	canon_run_strides(r);
}
