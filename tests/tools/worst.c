/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worst - what the dearest messages cost a DKIM verifier (security rows D6,
 * D9 and D10), in CPU time; of large bodies beside one SHA-256 of them.
 *
 *	worst
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../unit/mailauth/worst.h"

#define LARGE  ((size_t)50 << 20)
#define ROUNDS 5

static double
cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Fills `to` up to `len` octets with `unit`. */
static void
fill(struct buf *to, const char *unit, size_t len)
{
	while (to->len < len)
		buf_adds(to, unit);
}

/* The least time of some rounds, in ms: others disturb, nobody helps. */
static double
verify_time(struct span header, struct span body,
	    struct span record[DKIM_VERIFY_MAX])
{
	double least = 1e9;

	for (int i = 0; i < ROUNDS; i++) {
		struct arena arena = ARENA_INIT((size_t)4 << 20);
		double start = cpu(), took;
		struct dkim_verify *m =
			worst_verify(header, body, NULL, record, &arena);

		dkim_verify_free(m);
		arena_release(&arena);
		took = cpu() - start;
		least = took < least ? took : least;
	}
	return least;
}

static double
hash_time(struct span body)
{
	double least = 1e9;

	for (int i = 0; i < ROUNDS; i++) {
		uint8_t digest[DIGEST_SIZE];
		double start = cpu(), took;

		digest_of(body, digest);
		took = cpu() - start;
		least = took < least ? took : least;
	}
	return least;
}

int
main(void)
{
	static const struct {
		const char *name;
		const char *unit;
		size_t len;
	} body[] = {
		{"2 KB of text", "Hello  there, world.\r\n", 2048},
		{"20 KB of text", "Hello  there, world.\r\n", 20480},
		{"200 KB of text", "Hello  there, world.\r\n", 204800},
		{"50 MiB of spaces", " ", LARGE},
		{"50 MiB in one line", "x", LARGE},
		{"50 MiB of empty lines", "\r\n", LARGE},
		{"50 MiB of white lines", " \t\r\n", LARGE},
		{"50 MiB of letters and spaces", "x  ", LARGE},
		{"50 MiB of CRs", "\r", LARGE},
	};
	struct buf text[DKIM_VERIFY_MAX];
	struct span record[DKIM_VERIFY_MAX];

	for (size_t i = 0; i < DKIM_VERIFY_MAX; i++) {
		buf_init(&text[i], DKIM_RECORD_MAX);
		worst_record(i, &text[i]);
		record[i] = buf_span(&text[i]);
	}
	printf("%-30s %10s %10s %10s\n", "body", "verify ms", "SHA-256 ms",
	       "times");
	for (size_t i = 0; i < COUNT(body); i++) {
		struct buf b = BUF_INIT(LARGE + 64);
		struct buf header = BUF_INIT(HEADER_SIZE_MAX);
		double verify, hash;

		fill(&b, body[i].unit, body[i].len);
		buf_adds(&b, "x\r\n");
		worst_header(buf_span(&b), &header);
		verify = verify_time(buf_span(&header), buf_span(&b), record);
		hash = hash_time(buf_span(&b));
		printf("%-30s %10.2f %10.2f %10.2f\n", body[i].name, verify,
		       hash, verify / hash);
		buf_release(&b);
		buf_release(&header);
	}
	for (size_t i = 0; i < DKIM_VERIFY_MAX; i++)
		buf_release(&text[i]);
	return 0;
}
