/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_verify.h"

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "sending/report_json.h"

/* What the header of a message may take beside the signatures. */
#define HEADER_ARENA ((size_t)1 << 20)

ASKING_MACHINE(dkim_verify, struct dkim_verify);

static enum output_tone
tone_of(enum dkim_outcome outcome)
{
	if (outcome == DKIM_PASS)
		return OUTPUT_GOOD;
	return outcome == DKIM_FAIL || outcome == DKIM_PERMERROR ? OUTPUT_BAD
								 : OUTPUT_WARN;
}

static void
print(struct output *o, const struct dkim_verify *m)
{
	enum dkim_outcome outcome = dkim_verify_outcome(m);
	const struct dkim_result *d;
	size_t len;

	output_tone(o, tone_of(outcome), dkim_outcome_name(outcome));
	output_print(o, "\n");
	d = dkim_verify_results(m, &len);
	for (size_t i = 0; i < len; i++, d++) {
		const struct dkim_signature *s = &d->signature;

		output_print(o, "signature %zu  ", i + 1);
		output_tone(o, tone_of(d->outcome),
			    dkim_outcome_name(d->outcome));
		output_print(o, "  " SPAN_FMT "  selector " SPAN_FMT,
			     SPAN_ARG(domain_span(&s->domain)),
			     SPAN_ARG(s->selector));
		if (d->bits > 0)
			output_print(o, "  %s, %d bits",
				     dkim_algorithm_name(s->algorithm),
				     d->bits);
		output_print(o, "\n             %s\n", dkim_result_text(d));
	}
	if (dkim_verify_skipped(m) > 0)
		output_print(o, "%zu more signatures were not looked at\n",
			     dkim_verify_skipped(m));
}

static enum cli_exit
run(struct cli *cli)
{
	CLEANUP(ask_close) struct ask_source source = {0};
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(HEADER_ARENA + DKIM_VERIFY_ARENA);
	CLEANUP(buf_release) struct buf message = BUF_INIT(MESSAGE_MAX);
	CLEANUP(dkim_verify_freep) struct dkim_verify *m = NULL;
	struct dkim_verify_input input = {.now = cli->now};
	enum header_status status;
	struct header_block header;
	enum dkim_outcome outcome;
	struct error error;
	size_t offset, len;

	if (!message_read(cli->options.operand[0], &message, &error) ||
	    !ask_open(&source, cli, &error))
		return cli_failed(&error);
	/* a malformed header is verified as far as it goes */
	status = header_parse(buf_span(&message), &arena, &header, &offset);
	m = dkim_verify_new(&header, &input, &arena);
	dkim_verify_feed(m, header.body);
	dkim_verify_end(m);
	ask_all(&source, &dkim_verify_machine, m);
	if (status != HEADER_OK)
		output_note("the header is malformed: %s",
			    header_strerror(status));
	outcome = dkim_verify_outcome(m);
	if (cli->out.json) {
		const struct dkim_result *d = dkim_verify_results(m, &len);

		output_json(&cli->out,
			    report_json_dkim(outcome, d, len,
					     dkim_verify_skipped(m)));
	} else {
		print(&cli->out, m);
	}
	if (outcome == DKIM_TEMPERROR)
		return CLI_UNKNOWN;
	return outcome == DKIM_PASS ? CLI_YES : CLI_NO;
}

const struct command command_dkim_verify = {
	.name = "dkim verify",
	.usage = "MESSAGE",
	.summary = "are the DKIM signatures of a message good?",
	.help = "Verifies every DKIM signature (RFC 6376, 8301, 8463) of the "
		"message in a file,\n\"-\" being stdin. A signature whose l= "
		"leaves a part of the body unsigned may pass\nbut counts for "
		"nothing in DMARC. Exit status: 0 pass, 5 temperror, 1 "
		"anything else.\n\n"
		"Examples:\n"
		"  sesame dkim verify mail.eml\n"
		"  sesame dkim verify --json - < mail.eml\n"
		"  sesame dkim verify mail.eml --dns zone.json --at "
		"1700000000\n",
	.asks_dns = true,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run,
};
