/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ask.h"
#include "cli/commands.h"
#include "crypt/random.h"
#include "identity/show.h"
#include "identity/token.h"
#include "serve/suffix_list.h"

ASKING_MACHINE(eligibility, struct eligibility);

static void
print_names(struct output *o, const char *title,
	    const struct eligibility_names *names)
{
	for (size_t i = 0; i < names->len; i++)
		output_print(o, "%-12s " SPAN_FMT "\n", i == 0 ? title : "",
			     SPAN_ARG(names->name[i]));
}

/* What DNS said of an eligible domain. */
static void
print_dns(struct output *o, const struct eligibility_result *r)
{
	if (r->zone.len > 0)
		output_print(o, "zone         " SPAN_FMT "\n",
			     SPAN_ARG(r->zone));
	if (r->host != NULL)
		output_print(o, "DNS host     %s\n", r->host->name);
	print_names(o, "name servers", &r->ns);
	print_names(o, "MX", &r->mx);
	if (r->spf.len > 0)
		output_print(o, "SPF          " SPAN_FMT "\n",
			     SPAN_ARG(r->spf));
	if (r->dmarc.status == POLICY_FOUND)
		output_print(o, "DMARC        " SPAN_FMT " at " SPAN_FMT "\n",
			     SPAN_ARG(r->dmarc.record),
			     SPAN_ARG(r->dmarc.name));
}

static void
print_notes(struct output *o, const struct eligibility *m)
{
	struct eligibility_note note[ELIGIBILITY_NOTES_MAX];
	size_t len = eligibility_notes(m, note);

	for (size_t i = 0; i < len; i++) {
		output_tone(o,
			    note[i].weight == ELIGIBILITY_ERROR  ? OUTPUT_BAD
			    : note[i].weight == ELIGIBILITY_NOTE ? OUTPUT_PLAIN
								 : OUTPUT_WARN,
			    eligibility_weight_name(note[i].weight));
		output_print(o, ": " SPAN_FMT " (%s)\n", SPAN_ARG(note[i].text),
			     note[i].code);
	}
}

static void
print(struct output *o, const struct eligibility *m)
{
	const struct eligibility_result *r = eligibility_result(m);

	output_tone(o,
		    r->verdict == ELIGIBILITY_YES  ? OUTPUT_GOOD
		    : r->verdict == ELIGIBILITY_NO ? OUTPUT_BAD
						   : OUTPUT_WARN,
		    eligibility_verdict_name(r->verdict));
	output_print(o, " " SPAN_FMT "\n",
		     SPAN_ARG(r->domain.len > 0 ? domain_span(&r->domain)
						: m->want.text));
	if (r->message.len > 0)
		output_print(o, "because      " SPAN_FMT "\n",
			     SPAN_ARG(r->message));
	if (r->verdict != ELIGIBILITY_YES)
		return;
	print_dns(o, r);
	print_notes(o, m);
}

/* A label that nobody publishes, to see whether a wildcard answers. */
static struct span
make_nonce(char nonce[static TOKEN_LEN + 1])
{
	uint8_t entropy[TOKEN_ENTROPY];

	random_fill(entropy, sizeof(entropy));
	token_format(entropy, nonce);
	return span_of(nonce);
}

/* Asks what there is to ask; false if there is no DNS to ask. */
static bool
examine(struct cli *cli, struct eligibility *m, struct error *reterr)
{
	struct dns_question question;
	struct ask_source source;

	if (!eligibility_ask(m, &question))
		return true; /* refused for its name: no network needed */
	if (!ask_open(&source, cli, reterr))
		return false;
	ask_all(&source, &eligibility_machine, m);
	ask_close(&source);
	return true;
}

static enum cli_exit
run(struct cli *cli)
{
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(ELIGIBILITY_ARENA_MAX);
	CLEANUP(suffix_list_release)
	struct suffix_list list = {.suffixes = NULL};
	char nonce[TOKEN_LEN + 1];
	struct eligibility_want want = {
		.text = span_of(cli->options.operand[0]),
		.own_zone = SPAN(""),
		.mail_from =
			options_text(&cli->options, "mail-from", "sesmail"),
		.nonce = make_nonce(nonce),
	};
	struct eligibility m;
	struct error error;

	if (!suffix_list_load(NULL, &list, &error))
		return cli_failed(&error);
	want.suffixes = list.suffixes;
	eligibility_init(&m, &want, &arena);
	if (!examine(cli, &m, &error))
		return cli_failed(&error);
	if (cli->out.json)
		output_json(&cli->out, show_eligibility(&m));
	else
		print(&cli->out, &m);
	switch (eligibility_result(&m)->verdict) {
	case ELIGIBILITY_YES:
		return CLI_YES;
	case ELIGIBILITY_NO:
		return CLI_NO;
	case ELIGIBILITY_UNKNOWN:
		return CLI_UNKNOWN;
	}
	return CLI_UNKNOWN;
}

static const struct option_spec options[] = {
	{"mail-from", OPTION_TEXT, "LABEL",
	 "label of the MAIL FROM domain; sesmail"},
	{0},
};

const struct command command_check = {
	.name = "check",
	.usage = "DOMAIN",
	.summary = "may mail be sent as this domain, and what is there?",
	.help = "Public suffixes, mailbox providers' domains and names in "
		"which nobody can publish\nare refused without a look-up. Of "
		"any other domain it says who runs its DNS, which\nMX, SPF and "
		"DMARC records it has, and what to know before the process "
		"begins.\nExit status: 0 eligible, 1 refused, 5 DNS did not "
		"say.\n\n"
		"Examples:\n"
		"  sesame check example.org\n"
		"  sesame check gmail.com\n"
		"  sesame check example.org --dns zone.json --json\n",
	.option = options,
	.asks_dns = true,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run,
};
