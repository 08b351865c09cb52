/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ask.h"

#include <stdlib.h>

#include "base/mem.h"
#include "dns/fixture.h"
#include "serve/lookup.h"
#include "sys/clock.h"
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

/* The network, with a loop that turns only while a question is asked. */
struct network {
	struct loop *loop;
	struct lookup *lookup;
	struct arena *arena;    /* where the answer goes */
	struct dns_answer *ret; /* the answer */
};

static void
network_answered(void *context, const struct dns_answer *answer)
{
	struct network *network = context;

	if (!dns_answer_copy(answer, network->arena, network->ret))
		*network->ret = (struct dns_answer){.status = DNS_BAD};
	loop_stop(network->loop);
}

static void
answer_network(void *context, const struct dns_question *question,
	       struct arena *arena, struct dns_answer *ret)
{
	struct network *network = context;

	network->arena = arena;
	network->ret = ret;
	lookup_ask(network->lookup, question, false, network_answered, network);
	loop_run(network->loop);
}

static void
close_network(void *context)
{
	struct network *network = context;

	lookup_free(network->lookup);
	loop_free(network->loop);
	free(network);
}

static bool
open_network(struct ask_source *source, const struct span *resolver,
	     struct error *reterr)
{
	struct net_address server[LOOKUP_SERVERS_MAX];
	size_t servers = 1;
	struct network *network;

	if (resolver == NULL)
		servers = lookup_system_servers(server);
	else if (!net_parse(*resolver, 53, &server[0]))
		return error_set(
			reterr, ERROR_USAGE,
			"--resolver takes ADDRESS#PORT, not \"" SPAN_FMT "\"",
			SPAN_ARG(*resolver));
	network = mem_new(sizeof(*network));
	network->loop = loop_new();
	network->lookup = lookup_new(network->loop, server, servers);
	source->context = network;
	source->answer = answer_network;
	source->close = close_network;
	return true;
}

bool
ask_open(struct ask_source *source, const struct cli *cli, struct error *reterr)
{
	const struct span *path = options_get(&cli->options, "dns");

	if (path != NULL)
		return open_fixture(source, *path, reterr);
	return open_network(source, options_get(&cli->options, "resolver"),
			    reterr);
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
	if (source->close != NULL)
		source->close(source->context);
}

void
ask_all(struct ask_source *source, const struct asking_machine *kind,
	void *machine)
{
	int64_t end = clock_mono() + ASK_TIME_MAX;
	struct dns_question question;

	while (kind->ask(machine, &question)) {
		CLEANUP(arena_release)
		struct arena arena = ARENA_INIT(ANSWER_MAX);
		struct dns_answer answer = {.status = DNS_TIMEOUT};

		if (clock_mono() < end)
			ask(source, &question, &arena, &answer);
		kind->answer(machine, &answer);
	}
}
