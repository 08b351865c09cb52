/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"

#include "cli/commands.h"
#include "cli/target.h"

static const struct option_spec common[] = {
	{"json", OPTION_FLAG, NULL, "print one JSON document"},
	{"help", OPTION_FLAG, NULL, "print this help (also -h)"},
	{0},
};

static const struct option_spec dns[] = {
	{"dns", OPTION_TEXT, "FILE", "ask this JSON fixture, not the network"},
	{"resolver", OPTION_TEXT, "ADDRESS#PORT",
	 "ask this resolver, not that of /etc/resolv.conf"},
	{"at", OPTION_INT, "UNIXTIME", "evaluate as if it were then"},
	{0},
};

static const struct topic {
	const char *name;
	const char *summary;
	const char *text;
} topics[] = {
	{"exit-codes", "what the exit status says",
	 "0  done, or the answer is yes\n"
	 "1  the answer is no: it fails, records are wrong, not verified and\n"
	 "   no longer pending\n"
	 "2  the command line or the configuration is wrong\n"
	 "3  not yet: pending, or a wait ended before it was done\n"
	 "4  refused: credentials, permission, or a conflict\n"
	 "5  could not find out: the network, or a temporary DNS error\n"},
	{"environment", "the variables that are looked at",
	 "NO_COLOR                    if set and not empty, no colours\n"
	 "TERM                        \"dumb\": no colours\n"
	 "AWS_ENDPOINT_URL_SESV2      the SES v2 endpoint to talk to\n"
	 "AWS_ENDPOINT_URL            the same, if the former is not set\n"
	 "AWS_REGION                  the region\n"
	 "AWS_PROFILE                 the profile of the shared AWS files\n"
	 "AWS_ACCESS_KEY_ID           credentials, as the AWS tools read "
	 "them\n"
	 "AWS_SECRET_ACCESS_KEY\n"
	 "AWS_SESSION_TOKEN\n"
	 "AWS_CA_BUNDLE, SSL_CERT_FILE\n"
	 "                            certificates to trust, a PEM file\n"
	 "AWS_CONFIG_FILE             in place of ~/.aws/config\n"
	 "AWS_SHARED_CREDENTIALS_FILE in place of ~/.aws/credentials\n"
	 "XDG_CONFIG_HOME             sesame's profile is in its sesame/ "
	 "(or ~/.config)\n"
	 "\n"
	 "Amazon itself is talked to only with --aws, or by a profile that "
	 "says so.\n"},
	{"formatting", "tables, tabs, JSON and colours",
	 "On a terminal, lists are tables with aligned columns. Elsewhere a "
	 "line is\n"
	 "a row, columns are separated by one tab, and there is no heading.\n"
	 "--json prints one JSON document on stdout: members in snake_case, "
	 "times in\n"
	 "RFC 3339 UTC, and \"schema\", which goes up when a member changes "
	 "meaning.\n"
	 "-o FORMAT chooses the format of an export.\n"
	 "Progress and errors go to stderr. What strangers wrote (DNS "
	 "records, mail,\n"
	 "replies) is printed without control characters.\n"},
};

const struct option_spec *
help_common_options(void)
{
	return common;
}

const struct option_spec *
help_dns_options(void)
{
	return dns;
}

static void
list_commands(struct output *o, struct span group)
{
	const struct command *command;

	for (size_t i = 0; (command = commands_get(i)) != NULL; i++) {
		struct span rest = span_of(command->name);

		if (group.len > 0 && !span_equal(span_cut(&rest, ' '), group))
			continue;
		output_print(o, "  %-20s %s\n", command->name,
			     command->summary);
	}
}

void
help_overview(struct output *o)
{
	output_print(o, "sesame: send mail as domains that other people own, "
			"with their consent in DNS\n\n"
			"usage: sesame COMMAND [OPTION]...\n\n");
	list_commands(o, SPAN(""));
	output_print(o, "\n  %-20s %s\n", "help [COMMAND|PAGE]",
		     "this list, a command, or a page");
	for (size_t i = 0; i < COUNT(topics); i++)
		output_print(o, "  help %-15s %s\n", topics[i].name,
			     topics[i].summary);
	output_print(o, "  %-20s %s\n", "--version", "the version");
}

void
help_group(struct output *o, struct span group)
{
	output_print(o, "usage: sesame " SPAN_FMT " COMMAND [OPTION]...\n\n",
		     SPAN_ARG(group));
	list_commands(o, group);
	output_print(o, "\nMore: sesame help " SPAN_FMT " COMMAND\n",
		     SPAN_ARG(group));
}

static void
list_options(struct output *o, const struct option_spec *spec)
{
	for (; spec != NULL && spec->name != NULL; spec++) {
		char left[64];

		snprintf(left, sizeof(left), "--%s%s%s", spec->name,
			 spec->value != NULL ? " " : "",
			 spec->value != NULL ? spec->value : "");
		output_print(o, "  %-24s %s%s\n", left, spec->help,
			     spec->kind == OPTION_LIST ? " (repeatable)" : "");
	}
}

void
help_command(struct output *o, const struct command *command)
{
	output_print(o, "sesame %s: %s\n\nusage: sesame %s%s%s\n\n",
		     command->name, command->summary, command->name,
		     command->usage[0] != '\0' ? " " : "", command->usage);
	list_options(o, command->option);
	if (command->asks_dns)
		list_options(o, dns);
	if (command->talks_to_api)
		list_options(o, target_options());
	list_options(o, common);
	output_print(o, "\n%s", command->help);
}

/* Prints `text` with what scdoc would take for markup escaped. */
static void
manual_text(struct output *o, const char *text)
{
	for (; *text != '\0'; text++)
		output_print(o, strchr("\\*_#", *text) != NULL ? "\\%c" : "%c",
			     *text);
}

static void
manual_options(struct output *o, const struct option_spec *spec)
{
	for (; spec != NULL && spec->name != NULL; spec++) {
		output_print(o, "*--%s*%s", spec->name,
			     spec->value != NULL ? " " : "");
		manual_text(o, spec->value != NULL ? spec->value : "");
		/* A tab is scdoc's indent; output_print() would clean it. */
		fputs("\n\t", o->file);
		manual_text(o, spec->help);
		output_print(o, "%s.\n\n",
			     spec->kind == OPTION_LIST ? " (repeatable)" : "");
	}
}

/* Prints `text`, each line as it is. */
static void
manual_literal(struct output *o, const char *text)
{
	output_print(o, "```\n%s```\n\n", text);
}

void
help_manual(struct output *o)
{
	const struct command *command;

	output_print(o, "sesame(1)\n\n# NAME\n\nsesame - send mail as domains "
			"that other people own\n\n# SYNOPSIS\n\n*sesame* "
			"_COMMAND_ [_OPTION_]...\n\n# OPTIONS OF EVERY "
			"COMMAND\n\n");
	manual_options(o, common);
	output_print(o, "# OPTIONS OF COMMANDS THAT ASK DNS\n\n");
	manual_options(o, dns);
	output_print(o, "# OPTIONS OF COMMANDS THAT TALK TO THE API\n\n");
	manual_options(o, target_options());
	output_print(o, "# COMMANDS\n\n");
	for (size_t i = 0; (command = commands_get(i)) != NULL; i++) {
		output_print(o, "## sesame %s\n\n", command->name);
		manual_text(o, command->summary);
		output_print(o, "\n\n");
		manual_options(o, command->option);
		manual_literal(o, command->help);
	}
	for (size_t i = 0; i < COUNT(topics); i++) {
		output_print(o, "# %s\n\n", topics[i].name);
		manual_literal(o, topics[i].text);
	}
	output_print(o, "# SEE ALSO\n\n*sesame.conf*(5)\n");
}

bool
help_topic(struct output *o, struct span name)
{
	if (span_equal(name, SPAN("manual"))) {
		help_manual(o);
		return true;
	}
	for (size_t i = 0; i < COUNT(topics); i++)
		if (span_equal(name, span_of(topics[i].name))) {
			output_print(o, "%s: %s\n\n%s", topics[i].name,
				     topics[i].summary, topics[i].text);
			return true;
		}
	return false;
}
