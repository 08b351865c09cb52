/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ask.h"
#include "cli/commands.h"
#include "mailauth/dmarc.h"
#include "mailauth/spf.h"
#include "sending/report_json.h"
#include "serve/suffix_list.h"
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
	CLEANUP(buf_release) struct buf why = BUF_INIT(DMARC_POLICY_TEXT_MAX);

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
		output_print(o, "policy    %s",
			     r->policy != DMARC_POLICY_ABSENT
				     ? dmarc_policy_name(r->policy)
				     : "none that is valid");
		if (r->effective != r->policy)
			output_print(o, ", applied as %s (t=y)",
				     dmarc_policy_name(r->effective));
		output_print(o, " (%s, %s)\n", dmarc_source_text(r->source),
			     policy.s);
		dmarc_policy_text(r, &why);
		if (why.len > 0)
			output_print(o, "why       %s\n", why.ptr);
		output_print(o, "record    " SPAN_FMT "\n", SPAN_ARG(r->text));
	}
	for (size_t i = 0; i < r->identifiers; i++) {
		struct dname_text name = dname_format(&r->identifier[i].domain);

		output_print(o, "%s      %s, %s\n",
			     r->identifier[i].spf ? "SPF " : "DKIM", name.s,
			     r->identifier[i].aligned ? "aligned"
						      : "not aligned");
	}
	output_print(o, "do        %s: %s\n",
		     dmarc_disposition_name(r->disposition),
		     dmarc_disposition_text(r->disposition));
}

/* Has the machine go by the document that --rfc names. */
static bool
set_rfc(struct cli *cli, struct dmarc *dmarc, struct suffix_list *list,
	struct error *reterr)
{
	struct span rfc = options_text(&cli->options, "rfc", "9989");
	const struct span *path = options_get(&cli->options, "suffixes");

	if (span_equal(rfc, SPAN("9989")) && path == NULL)
		return true;
	if (!span_equal(rfc, SPAN("7489")))
		return error_set(reterr, ERROR_USAGE,
				 path != NULL ? "--suffixes is for --rfc 7489"
					      : "--rfc is 9989 or 7489");
	/* an option's value is a word of the command line: it ends in NUL */
	if (!suffix_list_load(path != NULL ? path->ptr : NULL, list, reterr))
		return false;
	dmarc_use_rfc7489(dmarc, list->suffixes);
	return true;
}

/* The whole document for a program. */
static void
print_json(struct output *o, const struct dmarc_result *r,
	   const struct suffix_list *list)
{
	json_t *json = report_json_dmarc(r);
	CLEANUP(buf_release) struct buf text = BUF_INIT(8192);

	if (list->suffixes != NULL) {
		suffix_list_say(list, &text);
		json_put_text(json, "public_suffixes", buf_span(&text));
	}
	output_json(o, json);
}

/* The same for a person. */
static void
print_all(struct output *o, const struct dmarc_result *r,
	  const struct suffix_list *list)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(8192);

	print(o, r);
	if (list->suffixes == NULL)
		return;
	suffix_list_say(list, &text);
	output_print(o, "suffixes  %s (RFC 7489)\n", text.ptr);
}

static enum cli_exit
run(struct cli *cli)
{
	CLEANUP(ask_close) struct ask_source source = {0};
	CLEANUP(suffix_list_release)
	struct suffix_list list = {.suffixes = NULL};
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
	if (!set_rfc(cli, dmarc, &list, &error) ||
	    !ask_open(&source, cli, &error))
		return cli_failed(&error);
	ask_all(&source, &dmarc_machine, dmarc);
	result = dmarc_result(dmarc);
	if (cli->out.json)
		print_json(&cli->out, result, &list);
	else
		print_all(&cli->out, result, &list);
	if (result->verdict == DMARC_VERDICT_TEMPERROR)
		return CLI_UNKNOWN;
	return result->verdict == DMARC_VERDICT_PASS ? CLI_YES : CLI_NO;
}

static const struct option_spec options[] = {
	{"from", OPTION_TEXT, "DOMAIN", "of the address in the From field"},
	{"spf", OPTION_LIST, "DOMAIN=RESULT", "what SPF said"},
	{"dkim", OPTION_LIST, "DOMAIN=RESULT", "what a signature said"},
	{"rfc", OPTION_TEXT, "9989|7489", "which document to go by"},
	{"suffixes", OPTION_TEXT, "FILE",
	 "public suffix list for --rfc 7489, else Debian's"},
	{0},
};

const struct command command_dmarc_check = {
	.name = "dmarc check",
	.usage =
		"--from DOMAIN [--spf DOMAIN=RESULT]... "
		"[--dkim DOMAIN=RESULT]... [--rfc 9989|7489] [--suffixes FILE]",
	.summary = "which DMARC policy applies, and is it satisfied?",
	.help = "Evaluates DMARC (RFC 9989) for mail from an author domain, "
		"given what SPF and\nDKIM said: pass, fail, none, softfail, "
		"neutral, temperror or permerror.\nSays which policy applies "
		"and why, and what a receiver should do.  With --rfc\n7489 it "
		"is as receivers do who do not walk the tree yet: by public "
		"suffixes,\ntwo questions and pct=.  Where the two differ, "
		"publish a record at the\norganizational domain.\n"
		"Exit status: 0 pass, 5 temperror, 1 anything else.\n\n"
		"Examples:\n"
		"  sesame dmarc check --from example.org\n"
		"  sesame dmarc check --from news.example.org --spf "
		"sesmail.example.org=pass\n"
		"  sesame dmarc check --from example.org --dkim "
		"example.org=pass --dns zone.json --json\n"
		"  sesame dmarc check --from news.example.org --rfc 7489\n",
	.option = options,
	.asks_dns = true,
	.run = run,
};
