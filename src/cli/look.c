/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/look.h"

#include "crypt/random.h"
#include "identity/token.h"
#include "serve/suffix_list.h"

ASKING_MACHINE(observe, struct observe);
ASKING_MACHINE(diagnose, struct diagnose);

static const struct observation *
observe(struct ask_source *source, const struct record_set *set,
	struct arena *arena)
{
	const struct observe_want want = {
		.set = set,
		.signing_selector = SPAN(""),
		.public_key = SPAN(""),
	};
	struct observe m;

	observe_init(&m, &want, arena);
	ask_all(source, &observe_machine, &m);
	return observe_result(&m);
}

static const struct diagnosis *
diagnose(struct ask_source *source, const struct observation *seen,
	 struct arena *arena)
{
	CLEANUP(suffix_list_release)
	struct suffix_list list = {.suffixes = NULL};
	struct diagnose_want want = {.seen = seen};
	struct error error;
	uint8_t entropy[TOKEN_ENTROPY];
	char nonce[TOKEN_LEN + 1];
	struct diagnose m;

	/* without any list, nothing is said of public suffixes */
	if (suffix_list_load(NULL, &list, &error))
		want.suffixes = list.suffixes;
	random_fill(entropy, sizeof(entropy));
	token_format(entropy, nonce);
	want.nonce = span_of(nonce);
	diagnose_init(&m, &want, arena);
	ask_all(source, &diagnose_machine, &m);
	return diagnose_result(&m);
}

bool
look(const struct cli *cli, const struct record_set *set, struct arena *arena,
     struct look *ret, struct error *reterr)
{
	struct ask_source source;

	if (!ask_open(&source, cli, reterr))
		return false;
	ret->seen = observe(&source, set, arena);
	ret->diagnosis = diagnose(&source, ret->seen, arena);
	ask_close(&source);
	return true;
}
