/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dmarc_lint.h"

#include "cli/ask.h"
#include "cli/commands.h"
#include "serve/suffix_list.h"
#include "text/domain.h"

/* The version of the JSON document. */
#define SCHEMA 1

ASKING_MACHINE(dmarc_lint, struct dmarc_lint);

/* What was looked at, and what was found. */
struct linted {
	bool whole;          /* a domain, by DNS; else one record's text */
	struct dmarc_lint m; /* of which only findings and text, without DNS */
};

/* How many findings are as severe as that. */
static size_t
count(const struct dmarc_findings *f, enum dmarc_lint_severity severity)
{
	size_t n = 0;

	for (size_t i = 0; i < f->len; i++)
		n += f->finding[i].severity == severity;
	return n;
}

static json_t *
finding_json(const struct dmarc_finding *f)
{
	json_t *one = json_object_new();

	json_puts(one, "code", f->name);
	json_puts(one, "severity", dmarc_lint_severity_name(f->severity));
	json_put(one, "tag",
		 f->tag.len > 0 ? json_text_new(f->tag) : json_null());
	json_put(one, "offset",
		 f->in_text ? json_integer((json_int_t)f->offset)
			    : json_null());
	json_put_text(one, "text", f->what);
	json_put_text(one, "repair", f->repair);
	return one;
}

/* Sets a member to the text of `name`, or null. */
static void
put_name(json_t *json, const char *member, const struct dname *name, bool there)
{
	struct dname_text text;

	json_put(json, member,
		 there ? json_text_new(dname_print(name, &text)) : json_null());
}

static void
print_json(struct output *o, const struct linted *l)
{
	const struct dmarc_findings *f = &l->m.findings;
	json_t *json = json_object_new(), *array = json_array_new();

	json_put_int(json, "schema", SCHEMA);
	put_name(json, "domain", &l->m.domain, l->whole);
	put_name(json, "org_domain", &l->m.org, l->whole && !l->m.unknown);
	put_name(json, "record_domain", &l->m.at, l->whole && l->m.has_record);
	json_put(json, "record",
		 l->m.has_record ? json_text_new(l->m.text) : json_null());
	json_put_bool(json, "complete", !l->m.unknown);
	json_put_int(json, "errors", (int64_t)count(f, DMARC_LINT_ERROR));
	json_put_int(json, "warnings", (int64_t)count(f, DMARC_LINT_WARNING));
	json_put_int(json, "notes", (int64_t)count(f, DMARC_LINT_NOTE));
	for (size_t i = 0; i < f->len; i++)
		json_add(array, finding_json(&f->finding[i]));
	json_put(json, "findings", array);
	json_put_int(json, "findings_left_out", (int64_t)f->more);
	output_json(o, json);
}

static void
print_finding(struct output *o, size_t number, const struct dmarc_finding *f)
{
	static const enum output_tone tone[] = {
		[DMARC_LINT_NOTE] = OUTPUT_PLAIN,
		[DMARC_LINT_WARNING] = OUTPUT_WARN,
		[DMARC_LINT_ERROR] = OUTPUT_BAD,
	};

	output_print(o, "\n%zu. ", number);
	output_tone(o, tone[f->severity],
		    dmarc_lint_severity_name(f->severity));
	output_print(o, " %s", f->name);
	if (f->in_text)
		output_print(o, ", at octet %zu", f->offset);
	output_print(o, ": " SPAN_FMT "\n   repair    " SPAN_FMT "\n",
		     SPAN_ARG(f->what), SPAN_ARG(f->repair));
}

static void
print(struct output *o, const struct linted *l)
{
	const struct dmarc_findings *f = &l->m.findings;
	struct dname_text name = dname_format(&l->m.domain);
	struct dname_text at = dname_format(&l->m.at);

	output_tone(o,
		    f->worst == DMARC_LINT_ERROR     ? OUTPUT_BAD
		    : f->worst == DMARC_LINT_WARNING ? OUTPUT_WARN
						     : OUTPUT_GOOD,
		    l->whole ? name.s : "record");
	for (int i = DMARC_LINT_ERROR; i >= DMARC_LINT_NOTE; i--) {
		size_t n = count(f, (enum dmarc_lint_severity)i);

		output_print(
			o, "%s%zu %s%s", i == DMARC_LINT_ERROR ? ": " : ", ", n,
			dmarc_lint_severity_name((enum dmarc_lint_severity)i),
			n == 1 ? "" : "s");
	}
	output_print(o, "%s\n",
		     l->m.unknown ? "; not all could be found out" : "");
	if (l->m.has_record) {
		if (l->whole)
			output_print(o, "at        _dmarc.%s\n", at.s);
		output_print(o, "record    " SPAN_FMT "\n",
			     SPAN_ARG(l->m.text));
	}
	for (size_t i = 0; i < f->len; i++)
		print_finding(o, i + 1, &f->finding[i]);
	if (f->more > 0)
		output_print(o, "\n%zu more are left out\n", f->more);
}

/* Reads the domain that was given; with "_dmarc." before it, all the same. */
static bool
read_domain(struct span text, struct dname *ret)
{
	struct domain domain;

	if (span_starts_nocase(text, SPAN("_dmarc.")))
		text = span_skip(text, strlen("_dmarc."));
	if (domain_parse(text, &domain) == DOMAIN_OK)
		text = domain_span(&domain);
	return dname_parse(text, ret) == DNAME_OK && dname_labels(ret) > 0;
}

/* Asks DNS for everything about the domain. */
static bool
lint_domain(struct cli *cli, struct linted *l, const struct dname *domain,
	    struct suffix_list *list, struct arena *arena, struct error *reterr)
{
	CLEANUP(ask_close) struct ask_source source = {0};
	const struct span *path = options_get(&cli->options, "suffixes");

	/* without any list, nothing is said of public suffixes */
	if (!suffix_list_load(path != NULL ? path->ptr : NULL, list, reterr) &&
	    path != NULL)
		return false;
	if (!ask_open(&source, cli, reterr))
		return false;
	dmarc_lint_init(&l->m, domain, list->suffixes, arena);
	ask_all(&source, &dmarc_lint_machine, &l->m);
	return true;
}

static enum cli_exit
run(struct cli *cli)
{
	CLEANUP(arena_release)
	struct arena arena =
		ARENA_INIT(DMARC_LINT_ARENA_MAX + sizeof(struct linted));
	CLEANUP(suffix_list_release)
	struct suffix_list list = {.suffixes = NULL};
	struct linted *l = arena_get(&arena, sizeof(*l));
	const struct span *record = options_get(&cli->options, "record");
	struct dname domain = DNAME_ROOT;
	struct error error;

	if (l == NULL || (record != NULL) == (cli->options.operands == 1))
		return cli_usage(cli, "a DOMAIN or --record TEXT is needed");
	l->whole = record == NULL;
	if (l->whole && !read_domain(span_of(cli->options.operand[0]), &domain))
		return cli_usage(cli, "\"%s\" is no domain",
				 cli->options.operand[0]);
	if (l->whole) {
		if (!lint_domain(cli, l, &domain, &list, &arena, &error))
			return cli_failed(&error);
	} else {
		dmarc_lint_init(&l->m, &domain, NULL, &arena);
		l->m.has_record = true;
		l->m.text = *record;
		dmarc_lint_record(*record, &l->m.findings);
	}
	if (cli->out.json)
		print_json(&cli->out, l);
	else
		print(&cli->out, l);
	if (l->m.findings.worst == DMARC_LINT_ERROR)
		return CLI_NO;
	return l->m.unknown ? CLI_UNKNOWN : CLI_YES;
}

static const struct option_spec options[] = {
	{"record", OPTION_TEXT, "TEXT", "look at this record, without DNS"},
	{"suffixes", OPTION_TEXT, "FILE", "public suffix list, else Debian's"},
	{0},
};

const struct command command_dmarc_lint = {
	.name = "dmarc lint",
	.usage = "DOMAIN | --record TEXT [--suffixes FILE]",
	.summary = "what in a DMARC record does not do what it should?",
	.help = "Looks at the DMARC record that applies to a domain: its tags, "
		"where it is, and\nwhether those it has reports sent to agree "
		"(RFC 9989, 9990).  Each finding has a\ncode that stays, what "
		"it does and what to do about it: an error is something "
		"that\ndoes not do what it is there for, a warning works and "
		"will hurt, a note is good\nto know.\n"
		"Exit status: 0 no error, 1 an error, 5 no error so far, but "
		"DNS did not answer.\n\n"
		"Examples:\n"
		"  sesame dmarc lint example.org\n"
		"  sesame dmarc lint --record 'v=DMARC1; p=reject; "
		"rua=mailto:dmarc@example.org'\n"
		"  sesame dmarc lint news.example.org --dns zone.json "
		"--json\n",
	.option = options,
	.asks_dns = true,
	.arguments_max = 1,
	.run = run,
};
