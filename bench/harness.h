/* SPDX-License-Identifier: Apache-2.0 */
/*
 * harness - what the C programs of the benchmark share.
 *
 * A program is one contestant.  It is given the folder that corpus.py wrote,
 * and then obeys lines on standard input, one answer line for each:
 *
 *	cases              cases NAME NAME ...
 *	check CASE         ok N, or: wrong TEXT
 *	dump CASE FOLDER   ok N; FOLDER/NN holds the field that signs mail NN
 *	run CASE SECONDS   ran OPERATIONS NANOSECONDS, of CPU (user and system)
 *
 * The programs in other languages speak the same.  Not part of sesame: it
 * reads files and clocks, and ends the program when something is wrong.
 */
#pragma once

#include "base/buf.h"
#include "base/macros.h"
#include "base/span.h"

#define BENCH_MAILS    16 /* of each size */
#define BENCH_CASES    32 /* of one program */
#define BENCH_FILE_MAX ((size_t)64 << 20)

/* A mail, and the start of its body in it. */
struct bench_mail {
	struct span text;
	struct span header; /* with the CRLF of its last field */
	struct span body;
};

/* A kind of work on one part of the corpus. */
struct bench_case {
	const char *name; /* "verify-2k" ... */
	/*
	 * Does it once for each mail or query of the case, checks each result
	 * and returns how often; 0 if one is wrong.
	 */
	size_t (*round)(const struct bench_case *c);
	/* Signs mail `i` and writes the field; NULL if it does not sign. */
	bool (*sign)(const struct bench_case *c, size_t i, struct buf *to);
	const struct bench_mail *mail; /* BENCH_MAILS, or NULL */
	const void *context;           /* what else the functions need */
};

/* Ends the program with a message. */
void bench_die(const char *format, ...) PRINTF(1, 2) __attribute__((noreturn));

/* Returns the CPU time of this process, user and system, in nanoseconds. */
uint64_t bench_cpu(void);

/* Returns the octets of a file, for ever. */
struct span bench_file(const char *folder, const char *name);

/* Returns the BENCH_MAILS mails folder/size/NN<suffix>. */
const struct bench_mail *bench_mails(const char *folder, const char *size,
				     const char *suffix);

/* Whether the corpus has mails of this size. */
bool bench_has(const char *folder, const char *size);

/*
 * Cuts the next line off *rest and the first `count` fields, divided by
 * `sep`, out of it; the last holds what is left.  Returns false at the end.
 */
bool bench_fields(struct span *rest, char sep, size_t count,
		  struct span *ret) MUST_CHECK;

/* Obeys standard input until it ends; returns main()'s exit status. */
int bench_serve(const struct bench_case *c, size_t len);
