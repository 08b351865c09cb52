/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ours_spf - SPF by sesame's own engine.
 *
 * Each question is answered from a hash table (answers.h).  The machine and
 * its arena are kept by the program, as by a session, and cleared each time.
 *
 * Usage: ours_spf compiled|text FOLDER.  "compiled": parsed records are kept
 * in an spf_cache; "text": each record is parsed each time.
 */
#include <stdlib.h>

#include "answers.h"
#include "mailauth/spf.h"
#include "spf_cases.h"

static struct spf_cache *cache; /* NULL: parse each time */
static struct spf machine;      /* need not be zeroed */
static struct arena arena = ARENA_INIT(SPF_ARENA_MAX);

static bool
evaluate(const struct spf_case *q, enum spf_verdict expected)
{
	struct spf_input input = {
		.ip.octet = {q->ip[0], q->ip[1], q->ip[2], q->ip[3]},
		.helo = q->helo,
		.mail_from = q->mail_from,
		.cache = cache};
	UNINITIALIZED struct dns_question question;
	struct spf *m = &machine;

	arena_clear(&arena);
	spf_init(m, &input, &arena);
	while (spf_ask(m, &question))
		spf_answer(m, answers_get(&question));
	return spf_result(m)->verdict == expected;
}

static size_t
evaluate_round(const struct bench_case *c)
{
	const struct spf_case *q = c->context;
	enum spf_verdict expected;
	size_t i;

	if (!spf_verdict_parse(span_of(q->result), &expected))
		return 0;
	for (i = 0; i < SPF_ROUND; i++)
		if (!evaluate(q, expected))
			return 0;
	return SPF_ROUND;
}

int
main(int argc, char **argv)
{
	struct bench_case c[BENCH_CASES] = {{0}};

	if (argc != 3)
		bench_die("usage: ours_spf compiled|text FOLDER");
	if (strcmp(argv[1], "compiled") == 0)
		cache = spf_cache_new(1024, 1);
	answers_zone(argv[2], "spf.zone");
	return bench_serve(c, spf_cases(argv[2], evaluate_round, c));
}
