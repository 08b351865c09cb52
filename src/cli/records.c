/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"
#include "cli/document.h"
#include "publish/json.h"

/* Prints the records of `document` in a format of publish/export.h. */
static bool export(struct output *o, const json_t *document,
		   const struct export_format *format, bool relative,
		   struct error *reterr)
{
	CLEANUP(buf_release) struct buf json = BUF_INIT(PUBLISH_JSON_MAX);
	CLEANUP(buf_release) struct buf text = BUF_INIT(EXPORT_MAX);
	const struct export_options options = {
		.zone = document_text(document, "zone"),
		.relative = relative,
	};
	struct record_set set;

	if (!json_format(document, &json))
		return error_set(reterr, ERROR_TOO_LARGE,
				 "the answer is too long");
	if (!publish_json_parse(buf_span(&json), &set, reterr))
		return false;
	format->write(&set, &options, &text);
	output_lines(o, buf_span(&text));
	return true;
}

static enum cli_exit
run_in(struct cli *cli, const struct export_format *format)
{
	bool relative = options_has(&cli->options, "relative");
	CLEANUP(json_decrefp) json_t *document = NULL;
	char name[STORE_NAME_SIZE];
	struct session s = {0};
	struct error error;
	bool ok;

	ok = document_name(cli->options.operand[0], name, &error) &&
	     session_init(&s, cli, &error) &&
	     document_get(&s, cli, name, false, &document, &error);
	session_release(&s);
	if (ok && format != NULL)
		ok = export(&cli->out, document, format, relative, &error);
	else if (ok)
		document_print_records(&cli->out, document);
	return ok ? CLI_YES : cli_failed(&error);
}

/* Says which formats there are. */
static enum cli_exit
no_format(const struct cli *cli, struct span name)
{
	CLEANUP(buf_release) struct buf names = BUF_INIT(200);
	const struct export_format *format;

	for (size_t i = 0; (format = export_at(i)) != NULL; i++)
		buf_addf(&names, " %s", format->name);
	return cli_usage(cli, "there is no format \"" SPAN_FMT "\", only%s",
			 SPAN_ARG(name), names.ptr);
}

static enum cli_exit
run(struct cli *cli)
{
	const struct span *name = options_get(&cli->options, "output");
	const struct export_format *format = NULL;

	if (cli->out.json)
		format = export_get(SPAN("json"));
	else if (name != NULL)
		format = export_get(*name);
	else if (options_has(&cli->options, "relative"))
		return cli_usage(cli, "--relative goes with -o; the table "
				      "shows both");
	if (name != NULL && format == NULL)
		return no_format(cli, *name);
	return run_in(cli, format);
}

static const struct option_spec options[] = {
	{"output", OPTION_TEXT, "FORMAT", "an export: csv, zone, json ..."},
	{"relative", OPTION_FLAG, NULL,
	 "names of an export relative to the domain's zone"},
	{0},
};

const struct command command_records = {
	.name = "records",
	.usage = "NAME [-o FORMAT] [--relative]",
	.summary = "what the operator of the domain is to publish",
	.help = "Prints the record set of an identity. Its names stand there "
		"whole and as they\nare in their zone, since many DNS consoles "
		"add the zone by themselves.\n\n"
		"Examples:\n"
		"  sesame records example.org\n"
		"  sesame records example.org -o csv >for-the-operator.csv\n"
		"  sesame records example.org -o zone --relative\n",
	.option = options,
	.talks_to_api = true,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run,
};
