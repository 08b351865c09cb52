/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ask.h"
#include "cli/commands.h"
#include "crypt/random.h"
#include "identity/show.h"
#include "identity/token.h"
#include "publish/json.h"
#include "sys/file.h"

ASKING_MACHINE(observe, struct observe);
ASKING_MACHINE(diagnose, struct diagnose);

/* Most memory of a run. */
#define RUN_ARENA_MAX (OBSERVE_ARENA_MAX + DIAGNOSE_ARENA_MAX)

/* Reads the record set that --record-set names. */
static bool
read_set(struct cli *cli, struct record_set *ret, struct error *reterr)
{
	const struct span *path = options_get(&cli->options, "record-set");
	CLEANUP(buf_release) struct buf name = BUF_INIT(4096);
	CLEANUP(buf_release) struct buf text = BUF_INIT(PUBLISH_JSON_MAX);

	if (path == NULL)
		return error_set(reterr, ERROR_USAGE,
				 "--record-set FILE is needed");
	if (!buf_add(&name, *path))
		return error_set(reterr, ERROR_USAGE,
				 "the path after --record-set is too long");
	if (!file_read(name.ptr, &text, reterr))
		return false;
	if (publish_json_parse(buf_span(&text), ret, reterr))
		return true;
	reterr->code = ERROR_CONFIG;
	return error_prefix(reterr, "%s: ", name.ptr);
}

static void
print(struct output *o, const struct observation *seen,
      const struct diagnosis *d)
{
	output_tone(o, d->ok ? OUTPUT_GOOD : OUTPUT_BAD,
		    d->ok ? "ok" : "not ok");
	output_print(o, " %s\n", seen->set->domain);
	for (size_t i = 0; i < d->len; i++) {
		const struct finding *f = &d->finding[i];

		output_print(o, "\n");
		output_tone(o,
			    f->severity == DIAGNOSE_ERROR  ? OUTPUT_BAD
			    : f->severity == DIAGNOSE_NOTE ? OUTPUT_PLAIN
							   : OUTPUT_WARN,
			    diagnose_severity_name(f->severity));
		output_print(o, " %s (%s)\n  " SPAN_FMT "\n  " SPAN_FMT "\n",
			     f->record != NULL ? f->record->name
					       : seen->set->domain,
			     diagnose_code_name(f->code), SPAN_ARG(f->message),
			     SPAN_ARG(f->repair));
	}
}

static enum cli_exit
run(struct cli *cli)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(RUN_ARENA_MAX);
	CLEANUP(suffixes_freep)
	struct suffixes *suffixes = suffixes_builtin();
	struct observe_want want = {
		.signing_selector = SPAN(""),
		.public_key = SPAN(""),
	};
	struct diagnose_want diagnose_want = {.suffixes = suffixes};
	uint8_t entropy[TOKEN_ENTROPY];
	char nonce[TOKEN_LEN + 1];
	const struct diagnosis *diagnosis;
	struct ask_source source;
	struct observe observe;
	struct diagnose diagnose;
	struct record_set set;
	struct error error;

	if (!read_set(cli, &set, &error) || !ask_open(&source, cli, &error))
		return cli_failed(&error);
	want.set = &set;
	observe_init(&observe, &want, &arena);
	ask_all(&source, &observe_machine, &observe);
	random_fill(entropy, sizeof(entropy));
	token_format(entropy, nonce);
	diagnose_want.seen = observe_result(&observe);
	diagnose_want.nonce = span_of(nonce);
	diagnose_init(&diagnose, &diagnose_want, &arena);
	ask_all(&source, &diagnose_machine, &diagnose);
	ask_close(&source);
	diagnosis = diagnose_result(&diagnose);
	if (cli->out.json)
		output_json(&cli->out,
			    show_diagnosis(diagnose_want.seen, diagnosis));
	else
		print(&cli->out, diagnose_want.seen, diagnosis);
	if (diagnosis->temporary)
		return CLI_UNKNOWN;
	return diagnosis->ok ? CLI_YES : CLI_NO;
}

static const struct option_spec options[] = {
	{"record-set", OPTION_TEXT, "FILE",
	 "what should be published, as sesame records -o json prints it"},
	{0},
};

const struct command command_diagnose = {
	.name = "diagnose",
	.usage = "--record-set FILE",
	.summary = "why are the records not as they should be?",
	.help = "Compares a record set with what DNS says, looks in the places "
		"where records are put by\nmistake, and says for each record "
		"what is wrong and how it is mended. Exit status: 0 no\nerror, "
		"1 errors, 5 DNS failed and nothing else is wrong.\n\n"
		"Examples:\n"
		"  sesame diagnose --record-set example.org.json\n"
		"  sesame diagnose --record-set example.org.json --json\n"
		"  sesame diagnose --record-set set.json --dns zone.json\n",
	.option = options,
	.asks_dns = true,
	.run = run,
};
