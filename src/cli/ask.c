/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ask.h"

#include "dns/fixture.h"
#include "sys/file.h"

/* Octets that an answer may take. */
#define ANSWER_MAX ((size_t)8 << 20)

static void
answer_fixture(void *context, const struct dns_question *question,
	       struct arena *arena, struct dns_answer *ret)
{
	fixture_answer(context, question, arena, ret);
}

static void
close_fixture(void *context)
{
	fixture_free(context);
}

static bool
open_fixture(struct ask_source *source, struct span path, struct error *reterr)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(4096);
	CLEANUP(buf_release) struct buf json = BUF_INIT(FIXTURE_MAX);

	if (!buf_add(&name, path))
		return error_set(reterr, ERROR_USAGE,
				 "the path after --dns is too long");
	if (!file_read(name.ptr, &json, reterr))
		return false;
	source->context = fixture_parse(buf_span(&json), reterr);
	if (source->context == NULL)
		return error_prefix(reterr, "%s: ", name.ptr);
	source->answer = answer_fixture;
	source->close = close_fixture;
	return true;
}

bool
ask_open(struct ask_source *source, const struct cli *cli, struct error *reterr)
{
	const struct span *path = options_get(&cli->options, "dns");

	if (path != NULL)
		return open_fixture(source, *path, reterr);
	return error_set(reterr, ERROR_CONFIG,
			 "no DNS to ask: give --dns FILE");
}

void
ask(struct ask_source *source, const struct dns_question *question,
    struct arena *arena, struct dns_answer *ret)
{
	source->answer(source->context, question, arena, ret);
}

void
ask_close(struct ask_source *source)
{
	source->close(source->context);
}

void
ask_all(struct ask_source *source, const struct asking_machine *kind,
	void *machine)
{
	struct dns_question question;

	while (kind->ask(machine, &question)) {
		CLEANUP(arena_release)
		struct arena arena = ARENA_INIT(ANSWER_MAX);
		struct dns_answer answer;

		ask(source, &question, &arena, &answer);
		kind->answer(machine, &answer);
	}
}
