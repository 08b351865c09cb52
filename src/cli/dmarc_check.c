/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ask.h"
#include "cli/commands.h"
#include "mailauth/dmarc.h"
#include "mailauth/spf.h"
#include "sending/report_json.h"
#include "text/domain.h"

ASKING_MACHINE(dmarc, struct dmarc);

/* Makes a name of a domain that was given, U-labels made A-labels. */
static bool
name_of(struct span text, struct dname *ret)
{
	struct domain domain;

	if (domain_parse(text, &domain) == DOMAIN_OK)
		text = domain_span(&domain);
	return dname_parse(text, ret) == DNAME_OK && dname_labels(ret) > 0;
}

/* Adds each DOMAIN=RESULT of an option. */
static bool
add(struct dmarc *dmarc, const struct options *o, const char *option, bool spf,
    struct error *reterr)
{
	const struct span *value;
	size_t at = 0;

	while ((value = options_each(o, option, &at)) != NULL) {
		struct span result = *value;
		struct span domain = span_cut(&result, '=');
		enum dmarc_auth auth = DMARC_AUTH_FAIL;
		enum spf_verdict verdict;
		struct dname name;

		if (!name_of(domain, &name) ||
		    (!spf_verdict_parse(result, &verdict) &&
		     !span_equal(result, SPAN("policy"))))
			return error_set(reterr, ERROR_USAGE,
					 "--%s takes DOMAIN=RESULT, not "
					 "\"" SPAN_FMT "\"",
					 option, SPAN_ARG(*value));
		if (span_equal_nocase(result, SPAN("pass")))
			auth = DMARC_AUTH_PASS;
		else if (span_equal_nocase(result, SPAN("temperror")))
			auth = DMARC_AUTH_ERROR;
		dmarc_add(dmarc, spf, &name, auth);
	}
	return true;
}

static void
print(struct output *o, const struct dmarc_result *r)
{
	struct dname_text author = dname_format(&r->author);
	struct dname_text org = dname_format(&r->org);
	struct dname_text policy = dname_format(&r->policy_domain);

	output_tone(o,
		    r->verdict == DMARC_VERDICT_PASS   ? OUTPUT_GOOD
		    : r->verdict == DMARC_VERDICT_FAIL ? OUTPUT_BAD
						       : OUTPUT_WARN,
		    dmarc_verdict_name(r->verdict));
	output_print(o, "\nbecause   %s\n", dmarc_reason_text(r->reason));
	output_print(o, "author    %s\n", author.s);
	if (r->has_org)
		output_print(o, "organized %s\n", org.s);
	if (r->source != DMARC_SOURCE_NOWHERE) {
		output_print(o, "policy    %s", dmarc_policy_name(r->policy));
		if (r->effective != r->policy)
			output_print(o, ", applied as %s (t=y)",
				     dmarc_policy_name(r->effective));
		output_print(o, " (%s, %s)\n", dmarc_source_text(r->source),
			     policy.s);
		output_print(o, "record    " SPAN_FMT "\n", SPAN_ARG(r->text));
	}
	for (size_t i = 0; i < r->identifiers; i++) {
		struct dname_text name = dname_format(&r->identifier[i].domain);

		output_print(o, "%s      %s, %s\n",
			     r->identifier[i].spf ? "SPF " : "DKIM", name.s,
			     r->identifier[i].aligned ? "aligned"
						      : "not aligned");
	}
}

static enum cli_exit
run(struct cli *cli)
{
	CLEANUP(ask_close) struct ask_source source = {0};
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(DMARC_ARENA_MAX + sizeof(struct dmarc));
	struct dmarc *dmarc = arena_get(&arena, sizeof(*dmarc));
	const struct span *from = options_get(&cli->options, "from");
	const struct dmarc_result *result;
	struct error error;
	struct dname author;

	if (from == NULL || dmarc == NULL)
		return cli_usage(cli, "--from is needed");
	if (!name_of(*from, &author))
		return cli_usage(cli, "\"" SPAN_FMT "\" is no domain",
				 SPAN_ARG(*from));
	dmarc_init(dmarc, &author, &arena);
	if (!add(dmarc, &cli->options, "spf", true, &error) ||
	    !add(dmarc, &cli->options, "dkim", false, &error))
		return cli_usage(cli, "%s", error.text);
	if (!ask_open(&source, cli, &error))
		return cli_failed(&error);
	ask_all(&source, &dmarc_machine, dmarc);
	result = dmarc_result(dmarc);
	if (cli->out.json)
		output_json(&cli->out, report_json_dmarc(result));
	else
		print(&cli->out, result);
	if (result->verdict == DMARC_VERDICT_TEMPERROR)
		return CLI_UNKNOWN;
	return result->verdict == DMARC_VERDICT_PASS ? CLI_YES : CLI_NO;
}

static const struct option_spec options[] = {
	{"from", OPTION_TEXT, "DOMAIN", "of the address in the From field"},
	{"spf", OPTION_LIST, "DOMAIN=RESULT", "what SPF said"},
	{"dkim", OPTION_LIST, "DOMAIN=RESULT", "what a signature said"},
	{0},
};

const struct command command_dmarc_check = {
	.name = "dmarc check",
	.usage = "--from DOMAIN [--spf DOMAIN=RESULT]... "
		 "[--dkim DOMAIN=RESULT]...",
	.summary = "which DMARC policy applies, and is it satisfied?",
	.help = "Evaluates DMARC (RFC 9989) for mail from an author domain, "
		"given what SPF and\nDKIM said: pass, fail, none, softfail, "
		"neutral, temperror or permerror.\nExit status: 0 pass, 5 "
		"temperror, 1 anything else.\n\n"
		"Examples:\n"
		"  sesame dmarc check --from example.org\n"
		"  sesame dmarc check --from news.example.org --spf "
		"sesmail.example.org=pass\n"
		"  sesame dmarc check --from example.org --dkim "
		"example.org=pass --dns zone.json --json\n",
	.option = options,
	.asks_dns = true,
	.run = run,
};
