/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/spf_tree.h"
#include "mailauth/spf.h"
#include "sending/report_json.h"

ASKING_MACHINE(spf, struct spf);

static void
print(struct output *o, const struct spf_result *r)
{
	output_tone(o,
		    r->verdict == SPF_PASS   ? OUTPUT_GOOD
		    : r->verdict == SPF_FAIL ? OUTPUT_BAD
					     : OUTPUT_WARN,
		    spf_verdict_name(r->verdict));
	output_print(o, "\nidentity     %s " SPAN_FMT "\n",
		     r->identity == SPF_HELO ? "HELO" : "MAIL FROM",
		     SPAN_ARG(r->domain));
	output_print(o, "because      %s\n", spf_reason_text(r->reason));
	if (r->reason == SPF_REASON_SYNTAX)
		output_print(o, "fault        %s\n",
			     spf_record_strerror(r->syntax));
	if (r->term.len > 0)
		output_print(o, "term         " SPAN_FMT "\n",
			     SPAN_ARG(r->term));
	if (r->record.len > 0)
		output_print(o, "record       " SPAN_FMT "\n",
			     SPAN_ARG(r->record));
	if (r->at.len > 0)
		output_print(o, "published at " SPAN_FMT "\n", SPAN_ARG(r->at));
	if (r->explanation.len > 0)
		output_print(o, "explanation  " SPAN_FMT "\n",
			     SPAN_ARG(r->explanation));
	output_print(o,
		     "lookups      %u of %d, %u of %d void, "
		     "%u DNS questions\n",
		     r->lookups, SPF_LOOKUPS_MAX, r->voids, SPF_VOIDS_MAX,
		     r->questions);
	spf_tree_print(o, r);
}

static json_t *
to_json(const struct spf_result *r)
{
	json_t *json = report_json_spf(r);

	json_put_int(json, "lookups_max", SPF_LOOKUPS_MAX);
	json_put_int(json, "void_lookups_max", SPF_VOIDS_MAX);
	json_put(json, "trace", spf_tree_json(r));
	json_put_int(json, "trace_left_out", (int64_t)r->trace_more);
	return json;
}

static enum cli_exit
run(struct cli *cli)
{
	CLEANUP(ask_close) struct ask_source source = {0};
	const struct options *o = &cli->options;
	const struct span *ip = options_get(o, "ip");
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(SPF_ARENA_MAX);
	struct spf_input input = {
		.helo = options_text(o, "helo", ""),
		.mail_from = options_text(o, "mail-from", ""),
		.receiver = options_text(o, "receiver", ""),
		.now = cli->now,
		.trace = true,
	};
	const struct spf_result *result;
	struct error error;
	struct spf spf;

	if (ip == NULL)
		return cli_usage(cli, "--ip is needed");
	if (!spf_ip_parse(*ip, &input.ip))
		return cli_usage(cli, "\"" SPAN_FMT "\" is no IP address",
				 SPAN_ARG(*ip));
	if (input.mail_from.len >= 2 &&
	    span_starts(input.mail_from, SPAN("<")) &&
	    span_ends(input.mail_from, SPAN(">")))
		input.mail_from =
			span_sub(input.mail_from, 1, input.mail_from.len - 1);
	if (input.mail_from.len == 0 && input.helo.len == 0)
		return cli_usage(cli, "--mail-from or --helo is needed");
	if (!ask_open(&source, cli, &error))
		return cli_failed(&error);
	spf_init(&spf, &input, &arena);
	ask_all(&source, &spf_machine, &spf);
	result = spf_result(&spf);
	if (cli->out.json)
		output_json(&cli->out, to_json(result));
	else
		print(&cli->out, result);
	if (result->verdict == SPF_TEMPERROR)
		return CLI_UNKNOWN;
	return result->verdict == SPF_PASS ? CLI_YES : CLI_NO;
}

static const struct option_spec options[] = {
	{"ip", OPTION_TEXT, "ADDRESS", "of the host that sends"},
	{"mail-from", OPTION_TEXT, "ADDRESS",
	 "the envelope sender; \"\" is <>"},
	{"helo", OPTION_TEXT, "NAME", "what the host calls itself"},
	{"receiver", OPTION_TEXT, "NAME", "who asks, for the macro %{r}"},
	{0},
};

const struct command command_spf_check = {
	.name = "spf check",
	.usage = "--ip ADDRESS --mail-from ADDRESS [--helo NAME]",
	.summary = "may this host send mail for this domain?",
	.help = "Evaluates SPF (RFC 7208) as a receiver would, and says which "
		"term of which\nrecord decided, after which records, terms "
		"and DNS questions: a record can have a\nname made of the "
		"sender's address asked, so that its owner sees it.\n\n"
		"With --json \"trace\" has each step in order, with its "
		"\"depth\" of include: a\n\"record\" (domain, record, result, "
		"redirected), a \"term\" (term, target, outcome,\nlookup) or "
		"a \"question\" (name, type, status, records, void). "
		"\"decides\" is true\nof what led to the result.\n\n"
		"Exit status: 0 pass, 5 temperror, 1 anything else.\n\n"
		"Examples:\n"
		"  sesame spf check --ip 192.0.2.1 --mail-from "
		"bounce@sesmail.example.org\n"
		"  sesame spf check --ip 2001:db8::1 --mail-from '' --helo "
		"mx.example.org\n"
		"  sesame spf check --ip 192.0.2.1 --mail-from a@example.org "
		"--dns zone.json --json\n",
	.option = options,
	.asks_dns = true,
	.run = run,
};
