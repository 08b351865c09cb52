/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf_lint.h"

#include "cli/ask.h"
#include "cli/commands.h"
#include "text/domain.h"

/* The version of the JSON document. */
#define SCHEMA 1

ASKING_MACHINE(spf_lint, struct spf_lint);

static json_t *
text_or_null(struct span text)
{
	return text.len > 0 ? json_text_new(text) : json_null();
}

static json_t *
finding_json(const struct spf_finding *f)
{
	struct spf_lint_text what = spf_lint_what(f);
	json_t *one = json_object_new();

	json_puts(one, "code", spf_lint_name(f->code));
	json_puts(one, "severity",
		  spf_lint_severity_name(spf_lint_severity_of(f->code)));
	json_put(one, "domain", text_or_null(f->domain));
	json_put(one, "term", text_or_null(f->term));
	json_put(one, "offset",
		 f->term.len > 0 ? json_integer((json_int_t)f->offset)
				 : json_null());
	json_puts(one, "text", what.s);
	json_put(
		one, "syntax_error",
		f->code == SPF_LINT_SYNTAX
			? json_text_new(span_of(spf_record_strerror(f->syntax)))
			: json_null());
	json_puts(one, "repair", spf_lint_repair(f));
	return one;
}

static void
print_json(struct output *o, const struct spf_lint *m, bool whole)
{
	const struct spf_findings *f = &m->findings;
	json_t *json = json_object_new(), *array = json_array_new();

	json_put_int(json, "schema", SCHEMA);
	json_put(json, "domain", text_or_null(m->domain));
	json_put(json, "record", text_or_null(m->text));
	if (whole) {
		json_put_int(json, "lookups", m->lookups);
		json_put_int(json, "lookups_max", SPF_LOOKUPS_MAX);
		json_put_int(json, "void_lookups", m->voids);
		json_put_int(json, "void_lookups_max", SPF_VOIDS_MAX);
		json_put_int(json, "records", m->records);
		json_put_int(json, "dns_questions", m->questions);
	}
	json_put_bool(json, "complete", !m->unknown && !m->stopped);
	json_put_int(json, "errors",
		     (int64_t)spf_findings_count(f, SPF_LINT_ERROR));
	json_put_int(json, "warnings",
		     (int64_t)spf_findings_count(f, SPF_LINT_WARNING));
	json_put_int(json, "notes",
		     (int64_t)spf_findings_count(f, SPF_LINT_NOTE));
	for (size_t i = 0; i < f->len; i++)
		json_add(array, finding_json(&f->finding[i]));
	json_put(json, "findings", array);
	json_put_int(json, "findings_left_out", (int64_t)f->more);
	output_json(o, json);
}

static void
print_finding(struct output *o, size_t number, const struct spf_finding *f)
{
	static const enum output_tone tone[] = {
		[SPF_LINT_NOTE] = OUTPUT_PLAIN,
		[SPF_LINT_WARNING] = OUTPUT_WARN,
		[SPF_LINT_ERROR] = OUTPUT_BAD,
	};
	enum spf_lint_severity severity = spf_lint_severity_of(f->code);
	struct spf_lint_text what = spf_lint_what(f);

	output_print(o, "\n%zu. ", number);
	output_tone(o, tone[severity], spf_lint_severity_name(severity));
	output_print(o, " %s", spf_lint_name(f->code));
	if (f->domain.len > 0)
		output_print(o, ", " SPAN_FMT, SPAN_ARG(f->domain));
	if (f->term.len > 0)
		output_print(o, ", " SPAN_FMT " at octet %zu",
			     SPAN_ARG(f->term), f->offset);
	output_print(o, "\n   %s\n", what.s);
	if (f->code == SPF_LINT_SYNTAX)
		output_print(o, "   fault     %s\n",
			     spf_record_strerror(f->syntax));
	output_print(o, "   repair    %s\n", spf_lint_repair(f));
}

static void
print(struct output *o, const struct spf_lint *m, bool whole)
{
	const struct spf_findings *f = &m->findings;

	output_tone(o,
		    f->worst == SPF_LINT_ERROR     ? OUTPUT_BAD
		    : f->worst == SPF_LINT_WARNING ? OUTPUT_WARN
						   : OUTPUT_GOOD,
		    whole ? "domain" : "record");
	if (whole)
		output_print(o, " " SPAN_FMT, SPAN_ARG(m->domain));
	output_print(o, ": %zu errors, %zu warnings, %zu notes%s\n",
		     spf_findings_count(f, SPF_LINT_ERROR),
		     spf_findings_count(f, SPF_LINT_WARNING),
		     spf_findings_count(f, SPF_LINT_NOTE),
		     m->unknown || m->stopped ? "; not all could be found out"
					      : "");
	if (m->text.len > 0)
		output_print(o, "record    " SPAN_FMT "\n", SPAN_ARG(m->text));
	if (whole)
		output_print(o,
			     "lookups   %u of %d, %u of %d void, in %u "
			     "records\n",
			     m->lookups, SPF_LOOKUPS_MAX, m->voids,
			     SPF_VOIDS_MAX, m->records);
	for (size_t i = 0; i < f->len; i++)
		print_finding(o, i + 1, &f->finding[i]);
	if (f->more > 0)
		output_print(o, "\n%zu more are left out\n", f->more);
}

/* Reads the domain that was given, U-labels made A-labels. */
static bool
read_domain(struct span text, struct dname *ret)
{
	struct domain domain;

	if (domain_parse(text, &domain) == DOMAIN_OK)
		text = domain_span(&domain);
	return dname_parse(text, ret) == DNAME_OK && dname_labels(ret) > 0;
}

/* Asks DNS for everything about the domain. */
static bool
lint_domain(struct cli *cli, struct spf_lint *m, const struct dname *domain,
	    struct arena *arena, struct error *reterr)
{
	CLEANUP(ask_close) struct ask_source source = {0};

	if (!ask_open(&source, cli, reterr))
		return false;
	spf_lint_init(m, domain, arena);
	ask_all(&source, &spf_lint_machine, m);
	return true;
}

/* Looks at a text alone. */
static void
lint_record(struct spf_lint *m, struct span text)
{
	m->domain = SPAN("");
	m->text = text;
	spf_findings_init(&m->findings);
	spf_lint_record(text, &m->findings);
}

static enum cli_exit
run(struct cli *cli)
{
	CLEANUP(arena_release)
	struct arena arena =
		ARENA_INIT(SPF_LINT_ARENA_MAX + sizeof(struct spf_lint));
	struct spf_lint *m = arena_get(&arena, sizeof(*m));
	const struct span *record = options_get(&cli->options, "record");
	bool whole = record == NULL;
	struct dname domain;
	struct error error;

	if (m == NULL || whole != (cli->options.operands == 1))
		return cli_usage(cli, "a DOMAIN or --record TEXT is needed");
	if (whole && !read_domain(span_of(cli->options.operand[0]), &domain))
		return cli_usage(cli, "\"%s\" is no domain",
				 cli->options.operand[0]);
	if (!whole)
		lint_record(m, *record);
	else if (!lint_domain(cli, m, &domain, &arena, &error))
		return cli_failed(&error);
	if (cli->out.json)
		print_json(&cli->out, m, whole);
	else
		print(&cli->out, m, whole);
	if (m->findings.worst == SPF_LINT_ERROR)
		return CLI_NO;
	return m->unknown || m->stopped ? CLI_UNKNOWN : CLI_YES;
}

static const struct option_spec options[] = {
	{"record", OPTION_TEXT, "TEXT", "look at this record, without DNS"},
	{0},
};

const struct command command_spf_lint = {
	.name = "spf lint",
	.usage = "DOMAIN | --record TEXT",
	.summary = "what in this SPF record will hurt?",
	.help = "Looks at the SPF record of a domain and at all that it "
		"includes or redirects to,\nas a receiver does for a client "
		"that nothing matches: how many of the 10 lookups\nof RFC 7208 "
		"it needs, what is missing, what is never reached, who may "
		"send that\nshould not. Of records of others only errors are "
		"told, \"ptr\" and lookups that\nfind nothing. With --record "
		"it looks at a text alone.\n\n"
		"With --json each member of \"findings\" has \"code\" (which "
		"stays), \"severity\"\n(note, warning, error), \"domain\", "
		"\"term\", \"offset\" (octets from the beginning\nof the "
		"record), \"text\" and \"repair\".\n\n"
		"Exit status: 0 no errors, 1 errors, 5 DNS did not say "
		"everything.\n\n"
		"Examples:\n"
		"  sesame spf lint example.org\n"
		"  sesame spf lint --record 'v=spf1 include:_spf.example.net "
		"~all'\n"
		"  sesame spf lint example.org --dns zone.json --json\n",
	.option = options,
	.asks_dns = true,
	.arguments_max = 1,
	.run = run,
};
