/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/look.h"
#include "identity/show.h"
#include "publish/json.h"
#include "sys/file.h"

/* Reads the record set that --record-set names. */
static bool
read_set(struct cli *cli, struct record_set *ret, struct error *reterr)
{
	const struct span *path = options_get(&cli->options, "record-set");
	CLEANUP(buf_release) struct buf name = BUF_INIT(4096);
	CLEANUP(buf_release) struct buf text = BUF_INIT(PUBLISH_JSON_MAX);

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

/* Gets the record set of the identity that is named, from the API. */
static bool
fetch_set(struct cli *cli, struct record_set *ret, struct error *reterr)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(PUBLISH_JSON_MAX);
	CLEANUP(json_decrefp) json_t *document = NULL;
	char name[STORE_NAME_SIZE];
	struct session s = {0};
	bool ok = document_name(cli->options.operand[0], name, reterr) &&
		  session_init(&s, cli, reterr) &&
		  document_get(&s, cli, name, false, &document, reterr);

	session_release(&s);
	if (!ok)
		return false;
	if (!json_format(document, &text))
		return error_set(reterr, ERROR_TOO_LARGE,
				 "the answer is too long");
	return publish_json_parse(buf_span(&text), ret, reterr);
}

static enum cli_exit
run(struct cli *cli)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(LOOK_ARENA_MAX);
	bool named = cli->options.operands > 0;
	struct record_set set;
	struct error error;
	struct look found;

	if (named == options_has(&cli->options, "record-set"))
		return cli_usage(cli, "an identity or --record-set is needed");
	if (!(named ? fetch_set : read_set)(cli, &set, &error) ||
	    !look(cli, &set, &arena, &found, &error))
		return cli_failed(&error);
	if (cli->out.json)
		output_json(&cli->out,
			    show_diagnosis(found.seen, found.diagnosis));
	else
		print(&cli->out, found.seen, found.diagnosis);
	if (found.diagnosis->temporary)
		return CLI_UNKNOWN;
	return found.diagnosis->ok ? CLI_YES : CLI_NO;
}

static const struct option_spec options[] = {
	{"record-set", OPTION_TEXT, "FILE",
	 "what should be published, as sesame records -o json prints it"},
	{0},
};

const struct command command_diagnose = {
	.name = "diagnose",
	.usage = "NAME | --record-set FILE",
	.summary = "why are the records not as they should be?",
	.help = "Compares the record set of an identity, or one in a file, "
		"with what DNS says,\nlooks in the places where records are "
		"put by mistake, and says for each record\nwhat is wrong and "
		"how it is mended. Exit status: 0 no error, 1 errors, 5 DNS "
		"failed\nand nothing else is wrong.\n\n"
		"Examples:\n"
		"  sesame diagnose example.org\n"
		"  sesame diagnose --record-set example.org.json --json\n"
		"  sesame diagnose --record-set set.json --dns zone.json\n",
	.option = options,
	.asks_dns = true,
	.talks_to_api = true,
	.arguments_max = 1,
	.run = run,
};
