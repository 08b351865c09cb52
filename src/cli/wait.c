/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/duration.h"
#include "sys/clock.h"

/* Time between two looks: short at first, for whoever sits and waits. */
#define PAUSE_FIRST_MS 1000
#define PAUSE_LAST_MS  10000
#define TIMEOUT_MS     (INT64_C(30) * 60 * 1000)

/* What can be waited for. */
enum goal {
	GOAL_SENDING,   /* mail as it can be sent */
	GOAL_DKIM,      /* its DKIM status is SUCCESS */
	GOAL_MAIL_FROM, /* step 4 is done: MX and SPF */
	GOAL_DMARC,     /* step 5 is done */
	GOAL_ALL,       /* all five are */
};

static const char *const goal_name[] = {
	[GOAL_SENDING] = "sending",
	[GOAL_DKIM] = "dkim",
	[GOAL_MAIL_FROM] = "mail-from",
	[GOAL_DMARC] = "dmarc",
	[GOAL_ALL] = "all",
};

static bool
goal_parse(struct span text, enum goal *ret)
{
	for (size_t i = 0; i < COUNT(goal_name); i++)
		if (span_equal(text, span_of(goal_name[i]))) {
			*ret = (enum goal)i;
			return true;
		}
	return false;
}

static struct span
step_state(const json_t *document, const char *name)
{
	const json_t *steps = json_get_array(document, "steps");

	for (size_t i = 0; i < json_array_size(steps); i++) {
		const json_t *step = json_array_get(steps, i);

		if (span_equal(document_text(step, "name"), span_of(name)))
			return document_text(step, "state");
	}
	return SPAN("");
}

static bool
is(struct span text, const char *word)
{
	return span_equal(text, span_of(word));
}

static bool
flag(const json_t *document, const char *name)
{
	bool value = false;

	return json_get_bool(document, name, &value) && value;
}

/* Whether the goal is reached: CLI_YES, CLI_NO (never) or CLI_NOT_YET. */
static enum cli_exit
judge(const json_t *document, enum goal goal)
{
	struct span verification =
		document_text(document, "verification.status");
	struct span dkim = document_text(document, "dkim.status");
	struct span mail_from = document_text(document, "mail_from.status");
	bool reached = false, failed = false;

	switch (goal) {
	case GOAL_SENDING:
		reached = flag(document, "verified_for_sending");
		failed = is(verification, "FAILED");
		break;
	case GOAL_DKIM:
		reached = is(dkim, "SUCCESS");
		failed = is(dkim, "FAILED");
		break;
	case GOAL_MAIL_FROM:
		reached = is(step_state(document, "mail_from"), "done");
		failed = is(mail_from, "FAILED") || mail_from.len == 0;
		break;
	case GOAL_DMARC:
		reached = is(step_state(document, "dmarc"), "done");
		break;
	case GOAL_ALL:
		reached = flag(document, "done");
		failed = is(verification, "FAILED") || is(dkim, "FAILED") ||
			 is(mail_from, "FAILED");
		break;
	}
	return reached ? CLI_YES : failed ? CLI_NO : CLI_NOT_YET;
}

/* Prints the states of the steps on stderr, if they are news. */
static void
progress(const json_t *document, struct buf *last)
{
	const json_t *steps = json_get_array(document, "steps");
	CLEANUP(buf_release) struct buf line = BUF_INIT(1024);
	CLEANUP(buf_release) struct buf clean = BUF_INIT(4096);

	for (size_t i = 0; i < json_array_size(steps); i++) {
		const json_t *step = json_array_get(steps, i);

		buf_addf(&line, "%s" SPAN_FMT " " SPAN_FMT, i > 0 ? ", " : "",
			 SPAN_ARG(document_text(step, "name")),
			 SPAN_ARG(document_text(step, "state")));
	}
	if (span_equal(buf_span(&line), buf_span(last)))
		return;
	buf_clear(last);
	buf_add(last, buf_span(&line));
	output_clean(&clean, buf_span(&line));
	fprintf(stderr, "%s\n", clean.ptr);
}

/* Looks again and again.  *ret is the last document, a new reference. */
static bool
wait_for(struct session *s, const struct cli *cli, const char *name,
	 enum goal goal, int64_t timeout, json_t **ret,
	 enum cli_exit *ret_status, struct error *reterr)
{
	CLEANUP(buf_release) struct buf last = BUF_INIT(1024);
	int64_t end = clock_mono() + timeout, pause = PAUSE_FIRST_MS, left;
	json_t *document = NULL;
	struct error why;

	for (;;) {
		json_t *fresh;

		if (document_get(s, cli, name, true, &fresh, &why)) {
			json_decref(document);
			document = fresh;
			progress(document, &last);
			*ret_status = judge(document, goal);
			*ret = document;
			if (*ret_status != CLI_NOT_YET)
				return true;
		} else if (cli_exit_of(why.code) != CLI_UNKNOWN) {
			json_decref(document);
			*reterr = why;
			return false;
		}
		left = end - clock_mono();
		if (left <= 0)
			break;
		clock_sleep(left < pause ? left : pause);
		pause = pause * 5 / 4 < PAUSE_LAST_MS ? pause * 5 / 4
						      : PAUSE_LAST_MS;
	}
	if (document == NULL)
		*reterr = why;
	return document != NULL;
}

static enum cli_exit
run_in(struct cli *cli, struct session *s, const char *name, enum goal goal,
       int64_t timeout)
{
	enum cli_exit status = CLI_NOT_YET;
	struct error error;
	json_t *document;

	if (!wait_for(s, cli, name, goal, timeout, &document, &status, &error))
		return cli_failed(&error);
	if (cli->out.json) {
		output_json(&cli->out, document);
		return status;
	}
	if (status == CLI_YES)
		output_print(&cli->out, "%s: %s is done\n", name,
			     goal_name[goal]);
	else
		document_print_status(&cli->out, document, clock_now());
	json_decref(document);
	return status;
}

static enum cli_exit
run(struct cli *cli)
{
	struct span what = options_text(&cli->options, "for", "all");
	struct span time = options_text(&cli->options, "timeout", "30m");
	char name[STORE_NAME_SIZE];
	struct session s = {0};
	enum cli_exit status;
	struct error error;
	int64_t timeout;
	enum goal goal;

	if (!goal_parse(what, &goal))
		return cli_usage(cli, "--for takes sending, dkim, mail-from, "
				      "dmarc or all");
	if (!duration_parse(time, &timeout))
		return cli_usage(cli, "--timeout takes a time such as 90s, "
				      "30m or 2h");
	if (!document_name(cli->options.operand[0], name, &error) ||
	    !session_init(&s, cli, &error))
		status = cli_failed(&error);
	else
		status = run_in(cli, &s, name, goal, timeout);
	session_release(&s);
	return status;
}

static const struct option_spec options[] = {
	{"for", OPTION_TEXT, "GOAL",
	 "sending, dkim, mail-from, dmarc or all (default)"},
	{"timeout", OPTION_TEXT, "TIME", "90s, 30m (default), 2h"},
	{0},
};

const struct command command_wait = {
	.name = "wait",
	.usage = "NAME [--for GOAL] [--timeout TIME]",
	.summary = "wait until an identity is verified",
	.help = "Waits until the goal is reached (exit status 0), cannot be "
		"reached any more\nwithout a restart (1), or the time is over "
		"(3). What changes is said on stderr.\n\n"
		"Examples:\n"
		"  sesame wait example.org\n"
		"  sesame wait example.org --for sending --timeout 2h\n"
		"  sesame wait example.org --for mail-from && sesame test "
		"example.org\n",
	.option = options,
	.talks_to_api = true,
	.asks_dns = true,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run,
};
