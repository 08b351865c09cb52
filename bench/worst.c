/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worst - what the messages of worst_make.c cost to verify.
 *
 * "ours" verifies as bench_ours does, with nothing kept from one message to
 * the next: every key record is parsed.  "floor" hashes the octets of the
 * whole message once, by SHA-256.  A message is made when its case is first
 * asked for.  Usage: worst ours|floor FOLDER (which is not used)
 */
#include "worst.h"

#define NOW   INT64_C(1794300000) /* seconds */
#define ARENA ((size_t)4 << 20)

static const struct worst_recipe *made; /* what `message` is of */
static struct worst message;
static struct arena arena = ARENA_INIT(ARENA);

static void
make(const struct worst_recipe *recipe)
{
	struct buf text = message.text;

	if (made == recipe)
		return;
	made = recipe;
	message = (struct worst){.text = text};
	if (text.ptr == NULL)
		buf_init(&message.text, 1);
	answers_clear();
	recipe->make(&message);
}

/* Whether the results are as they must be. */
static bool
as_expected(const struct dkim_verify *m)
{
	const struct dkim_result *result;
	size_t i, len, count[DKIM_TEMPERROR + 1] = {0};

	result = dkim_verify_results(m, &len);
	for (i = 0; i < len; i++)
		count[result[i].outcome]++;
	return count[DKIM_PASS] == message.passed &&
	       count[DKIM_FAIL] == message.failed &&
	       count[DKIM_PERMERROR] == message.permerror &&
	       dkim_verify_skipped(m) == message.skipped;
}

static size_t
verify_round(const struct bench_case *c)
{
	struct dkim_verify_input input = {.now = NOW * 1000};
	CLEANUP(dkim_verify_freep) struct dkim_verify *m = NULL;
	UNINITIALIZED struct dns_question question;
	struct header_block header;
	size_t offset;

	make(c->context);
	arena_clear(&arena);
	/* As verify.c does: a header that is too large is judged all the same.
	 */
	(void)!header_parse(buf_span(&message.text), &arena, &header, &offset);
	m = dkim_verify_new(&header, &input, &arena);
	dkim_verify_feed(m, header.body);
	dkim_verify_end(m);
	while (dkim_verify_ask(m, &question))
		dkim_verify_answer(m, answers_get(&question));
	return as_expected(m);
}

static size_t
floor_round(const struct bench_case *c)
{
	uint8_t digest[DIGEST_SIZE];

	make(c->context);
	digest_of(buf_span(&message.text), digest);
	return 1;
}

int
main(int argc, char **argv)
{
	struct bench_case c[BENCH_CASES] = {{0}};
	bool ours;
	size_t i;

	if (argc != 3)
		bench_die("usage: worst ours|floor FOLDER");
	ours = strcmp(argv[1], "ours") == 0;
	for (i = 0; i < worst_recipes_len; i++)
		c[i] = (struct bench_case){.name = worst_recipes[i].name,
					   .round = ours ? verify_round
							 : floor_round,
					   .context = &worst_recipes[i]};
	return bench_serve(c, worst_recipes_len);
}
