/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "mailauth/arc.h"
#include "sending/report_json.h"

/* What the header of a message may take beside the chain. */
#define HEADER_ARENA ((size_t)1 << 20)

ASKING_MACHINE(arc, struct arc);

static void
print(struct output *o, const struct arc_result *r)
{
	output_tone(o,
		    r->verdict == ARC_PASS   ? OUTPUT_GOOD
		    : r->verdict == ARC_FAIL ? OUTPUT_BAD
					     : OUTPUT_WARN,
		    arc_verdict_name(r->verdict));
	output_print(o, "\n");
	if (r->verdict == ARC_NONE)
		return;
	output_print(o, "because   %s\n", arc_reason_text(r->reason));
	if (r->instance > 0)
		output_print(o, "instance  %u of %u\n", r->instance, r->len);
	if (r->domain.len > 0)
		output_print(o, "sealed by " SPAN_FMT "\n",
			     SPAN_ARG(r->domain));
}

static enum cli_exit
run(struct cli *cli)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(HEADER_ARENA + ARC_ARENA_MAX);
	CLEANUP(buf_release) struct buf message = BUF_INIT(MESSAGE_MAX);
	CLEANUP(ask_close) struct ask_source source = {0};
	CLEANUP(arc_freep) struct arc *m = NULL;
	const struct arc_result *r;
	enum header_status status;
	struct header_block header;
	struct error error;
	size_t offset;

	if (!message_read(cli->options.operand[0], &message, &error) ||
	    !ask_open(&source, cli, &error))
		return cli_failed(&error);
	status = header_parse(buf_span(&message), &arena, &header, &offset);
	if (status != HEADER_OK)
		output_note("the header is malformed: %s",
			    header_strerror(status));
	m = arc_new(&header, &arena);
	arc_feed(m, header.body);
	arc_end(m);
	ask_all(&source, &arc_machine, m);
	r = arc_result(m);
	if (cli->out.json)
		output_json(&cli->out, report_json_arc(r));
	else
		print(&cli->out, r);
	if (r->verdict == ARC_PASS)
		return CLI_YES;
	return r->reason == ARC_REASON_DNS ? CLI_UNKNOWN : CLI_NO;
}

const struct command command_arc_verify = {
	.name = "arc verify",
	.usage = "MESSAGE",
	.summary = "is the ARC chain of a message unbroken?",
	.help = "Validates the Authenticated Received Chain (RFC 8617) of the "
		"message in a file,\n\"-\" being stdin: none, pass or fail. "
		"It says what forwarders saw; DMARC does not\nask for it. Exit "
		"status: 0 pass, 5 DNS gave an error, 1 anything else.\n\n"
		"Examples:\n"
		"  sesame arc verify mail.eml\n"
		"  sesame arc verify --json - < mail.eml\n"
		"  sesame arc verify mail.eml --dns zone.json\n",
	.asks_dns = true,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run,
};
