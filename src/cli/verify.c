/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/verify.h"

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "cli/received.h"
#include "cli/report_show.h"
#include "sending/report_json.h"

/* What a header takes when it is read for Received. */
#define HEADER_ARENA ((size_t)1 << 20)

ASKING_MACHINE(verify, struct verify);

/* Reads what the options say of the way the message came. */
static bool
read_transport(const struct options *o, struct report_transport *t,
	       struct error *reterr)
{
	const struct span *ip = options_get(o, "ip");
	const struct span *mail_from = options_get(o, "mail-from");

	t->helo = options_text(o, "helo", "");
	t->receiver = options_text(o, "receiver", "");
	t->tls = SPAN("");
	t->mail_from = SPAN("");
	if (ip != NULL && !spf_ip_parse(*ip, &t->ip))
		return error_set(reterr, ERROR_USAGE,
				 "\"" SPAN_FMT "\" is no IP address",
				 SPAN_ARG(*ip));
	t->has_ip = ip != NULL;
	t->has_mail_from = mail_from != NULL;
	if (mail_from != NULL)
		t->mail_from = *mail_from;
	if (t->mail_from.len >= 2 && span_starts(t->mail_from, SPAN("<")) &&
	    span_ends(t->mail_from, SPAN(">")))
		t->mail_from = span_sub(t->mail_from, 1, t->mail_from.len - 1);
	if (t->has_ip != t->has_mail_from && !options_has(o, "trust-received"))
		return error_set(reterr, ERROR_USAGE,
				 "SPF needs both --ip and --mail-from");
	return true;
}

/* Believes the topmost Received and Return-Path, as the person said. */
static void
trust_received(struct span message, struct arena *arena,
	       struct report_transport *t)
{
	struct header_block header;
	enum header_status status;
	size_t offset;

	status = header_parse(message, arena, &header, &offset);
	if (status == HEADER_OK)
		received_read(&header, arena, t);
	if (!t->has_ip || !t->has_mail_from)
		output_note("no Received and Return-Path on top that say how "
			    "the message came");
}

static void
print(struct output *o, const struct report *r)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(REPORT_TEXT_MAX);

	report_text(r, &text);
	report_show(o, buf_span(&text));
}

static enum cli_exit
exit_of(enum report_verdict verdict)
{
	switch (verdict) {
	case REPORT_PASS:
	case REPORT_PARTLY:
		return CLI_YES;
	case REPORT_UNPROTECTED:
	case REPORT_FAIL:
		return CLI_NO;
	case REPORT_UNKNOWN:
		break;
	}
	return CLI_UNKNOWN;
}

static enum cli_exit
run(struct cli *cli)
{
	CLEANUP(ask_close) struct ask_source source = {0};
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
	CLEANUP(arena_release)
	struct arena header_arena = ARENA_INIT(HEADER_ARENA);
	CLEANUP(buf_release) struct buf message = BUF_INIT(MESSAGE_MAX);
	CLEANUP(verify_freep) struct verify *m = NULL;
	struct report_transport transport = {.received = 0};
	const struct report *report;
	struct error error;

	if (!read_transport(&cli->options, &transport, &error))
		return cli_usage(cli, "%s", error.text);
	if (!message_read(cli->options.operand[0], &message, &error) ||
	    !ask_open(&source, cli, &error))
		return cli_failed(&error);
	if (options_has(&cli->options, "trust-received"))
		trust_received(buf_span(&message), &header_arena, &transport);
	m = verify_new(&transport, cli->now, &arena);
	verify_trace(m);
	verify_feed(m, buf_span(&message));
	verify_end(m);
	ask_all(&source, &verify_machine, m);
	verify_explain(m, buf_span(&message));
	report = verify_report(m);
	if (cli->out.json)
		output_json(&cli->out, report_json(report));
	else
		print(&cli->out, report);
	return exit_of(report->verdict);
}

static const struct option_spec options[] = {
	{"ip", OPTION_TEXT, "ADDRESS", "of the host that sent it"},
	{"mail-from", OPTION_TEXT, "ADDRESS",
	 "its envelope sender; \"\" is <>"},
	{"helo", OPTION_TEXT, "NAME", "what that host called itself"},
	{"receiver", OPTION_TEXT, "NAME", "the host that received it"},
	{"trust-received", OPTION_FLAG, NULL,
	 "the topmost Received and Return-Path are of a host of yours"},
	{0},
};

const struct command command_verify = {
	.name = "verify",
	.usage = "MESSAGE [--ip ADDRESS --mail-from ADDRESS [--helo NAME]]",
	.summary = "what proves or breaks one message, and whose turn it is",
	.help = "Reads a message from a file, \"-\" being stdin, and says "
		"first "
		"the one fact that\nmatters: what broke, where, whose turn it "
		"is, and the repair.  Then all the evidence:\nDKIM and DMARC, "
		"ARC, and SPF if --ip and --mail-from say how it came "
		"(or\n--trust-received lets its own header say so).  Of a "
		"signature that fails it finds out\nwhat was changed, where "
		"that can be told.  With --json, \"fact\" has the code.\n"
		"Exit status: 0 DMARC passes, 1 it does not or no policy "
		"applies, 2 the message\ncannot be read or the command line "
		"is wrong, 5 DNS did not answer.\n\n"
		"Examples:\n"
		"  sesame verify mail.eml\n"
		"  sesame verify mail.eml --ip 192.0.2.1 --mail-from "
		"bounce@sesmail.example.org\n"
		"  sesame verify mail.eml --trust-received\n"
		"  sesame verify - --json --dns zone.json --at 1700000000 < "
		"mail.eml\n",
	.option = options,
	.asks_dns = true,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run,
};
