/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/duration.h"
#include "cli/report_show.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "text/base64.h"

/* Time between two looks for the report. */
#define PAUSE_MS   500
#define TIMEOUT    "60s"
#define REPORTS    "/sesame/v1/reports/"
#define IDENTITIES "/sesame/v1/identities/"
/* Octets of a message that --save writes. */
#define SAVE_MAX STORE_REPORT_MESSAGE_MAX

/* Sends the message; appends the report's id to *ret. */
static bool
send_message(struct session *s, const char *name, struct buf *ret,
	     struct error *reterr)
{
	CLEANUP(json_decrefp) json_t *body = json_object_new();
	CLEANUP(json_decrefp) json_t *answer = NULL;
	struct span id;

	target_announce(&s->target, "sending a test message as %s", name);
	if (!client_call_named(s->client, "POST", IDENTITIES, span_of(name),
			       "/test", body, &answer, reterr)) {
		if (reterr->code == ERROR_UNKNOWN_OPERATION)
			return error_prefix(reterr,
					    "the endpoint has no report inbox: "
					    "only sesame's own has: ");
		return false;
	}
	if (!json_get_text(answer, "report_id", &id) || !buf_add(ret, id))
		return error_set(reterr, ERROR_NETWORK,
				 "the endpoint named no report");
	return true;
}

/* Whether the report is there: *ret is then a new reference to it. */
static bool
wait_for(struct session *s, struct span id, int64_t timeout, json_t **ret,
	 bool *ret_there, struct error *reterr)
{
	int64_t end = clock_mono() + timeout;

	for (;;) {
		json_t *answer;

		if (!client_call_named(s->client, "GET", REPORTS, id, "", NULL,
				       &answer, reterr))
			return false;
		*ret_there = json_get_object(answer, "report") != NULL;
		if (*ret_there || clock_mono() >= end) {
			*ret = answer;
			return true;
		}
		json_decref(answer);
		clock_sleep(PAUSE_MS);
	}
}

/* Writes the message, as it was received, to the file of --save. */
static bool
save(struct session *s, const struct cli *cli, struct span id,
     struct error *reterr)
{
	const struct span *file = options_get(&cli->options, "save");
	CLEANUP(json_decrefp) json_t *answer = NULL;
	CLEANUP(buf_release) struct buf path = BUF_INIT(4096);
	CLEANUP(buf_release) struct buf bytes = BUF_INIT(SAVE_MAX);
	struct span data;

	if (file == NULL)
		return true;
	if (!buf_add(&path, *file))
		return error_set(reterr, ERROR_USAGE,
				 "the path after --save is too long");
	if (!client_call_named(s->client, "GET", REPORTS, id, "/message", NULL,
			       &answer, reterr))
		return false;
	if (!json_get_text(answer, "data", &data) ||
	    !base64_decode(data, &bytes))
		return error_set(reterr, ERROR_NETWORK,
				 "the endpoint's answer has no message");
	return file_replace(path.ptr, buf_span(&bytes), 0600, reterr);
}

/* The exit status that says a report's verdict. */
static enum cli_exit
exit_of(struct span verdict)
{
	if (span_equal(verdict, SPAN("pass")) ||
	    span_equal(verdict, SPAN("partly")))
		return CLI_YES;
	return span_equal(verdict, SPAN("unknown")) ? CLI_UNKNOWN : CLI_NO;
}

static enum cli_exit
show(struct cli *cli, const json_t *answer, bool there, struct span id)
{
	const json_t *report = json_get_object(answer, "report");

	if (cli->out.json)
		output_json(&cli->out, json_deep_copy(answer));
	else if (there)
		report_show(&cli->out, document_text(report, "text"));
	else
		output_print(&cli->out,
			     "the message is sent, but did not arrive yet; its "
			     "report will be " REPORTS SPAN_FMT "\n",
			     SPAN_ARG(id));
	return there ? exit_of(document_text(report, "verdict")) : CLI_NOT_YET;
}

static enum cli_exit
run_in(struct cli *cli, struct session *s, const char *name, int64_t timeout)
{
	CLEANUP(buf_release) struct buf id = BUF_INIT(200);
	CLEANUP(json_decrefp) json_t *answer = NULL;
	struct error error;
	bool there;

	if (!send_message(s, name, &id, &error) ||
	    !wait_for(s, buf_span(&id), timeout, &answer, &there, &error) ||
	    (there && !save(s, cli, buf_span(&id), &error)))
		return cli_failed(&error);
	return show(cli, answer, there, buf_span(&id));
}

static enum cli_exit
run(struct cli *cli)
{
	struct span time = options_text(&cli->options, "timeout", TIMEOUT);
	char name[STORE_NAME_SIZE];
	struct session s = {0};
	enum cli_exit status;
	struct error error;
	int64_t timeout;

	if (!duration_parse(time, &timeout))
		return cli_usage(cli, "--timeout takes a time such as 30s "
				      "or 5m");
	if (!document_name(cli->options.operand[0], name, &error) ||
	    !session_init(&s, cli, &error))
		status = cli_failed(&error);
	else
		status = run_in(cli, &s, name, timeout);
	session_release(&s);
	return status;
}

static const struct option_spec options[] = {
	{"timeout", OPTION_TEXT, "TIME",
	 "how long to wait for it: 30s, 5m (default " TIMEOUT ")"},
	{"save", OPTION_TEXT, "FILE", "keep the message as it was received"},
	{0},
};

const struct command command_test = {
	.name = "test",
	.usage = "NAME [--timeout TIME] [--save FILE]",
	.summary = "send a real message as the identity, and judge it",
	.help = "Sends a message from the identity to the deployment's own "
		"report inbox, by the\nrecipient's MX like any other mail, and "
		"prints what its receiver saw: SPF, DKIM\nand DMARC, each with "
		"the domain it was for and whether that is aligned.\n"
		"Exit status: 0 DMARC passes, 1 it does not, 3 the message "
		"did not arrive in time.\n\n"
		"Examples:\n"
		"  sesame test example.org\n"
		"  sesame test example.org --timeout 5m --json\n"
		"  sesame test example.org --save message.eml && sesame verify "
		"message.eml\n",
	.option = options,
	.talks_to_api = true,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run,
};
