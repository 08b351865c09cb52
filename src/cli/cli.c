/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/target.h"
#include "sys/clock.h"

/* Words of a command's name that an error shows. */
#define SHOWN_MAX 200

enum cli_exit
cli_usage(const struct cli *cli, const char *format, ...)
{
	char text[ERROR_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	output_note("%s", text);
	fprintf(stderr, "usage: sesame %s %s\nMore: sesame help %s\n",
		cli->command->name, cli->command->usage, cli->command->name);
	return CLI_USAGE;
}

enum cli_exit
cli_exit_of(enum error_code code)
{
	switch (code) {
	case ERROR_NONE:
		return CLI_YES;
	case ERROR_BAD_REQUEST:
	case ERROR_SERIALIZATION:
	case ERROR_BAD_NEXT_TOKEN:
	case ERROR_UNKNOWN_OPERATION:
	case ERROR_TOO_LARGE:
	case ERROR_USAGE:
	case ERROR_CONFIG:
	case ERROR_IO:
	case ERROR_CRYPTO:
		return CLI_USAGE;
	case ERROR_NOT_FOUND:
		return CLI_NO;
	case ERROR_ALREADY_EXISTS:
	case ERROR_LIMIT_EXCEEDED:
	case ERROR_MESSAGE_REJECTED:
	case ERROR_MAIL_FROM:
	case ERROR_SENDING_PAUSED:
	case ERROR_ACCOUNT_SUSPENDED:
	case ERROR_NO_CREDENTIALS:
	case ERROR_UNKNOWN_CLIENT:
	case ERROR_BAD_SIGNATURE:
	case ERROR_ACCESS_DENIED:
	case ERROR_CONFLICT:
		return CLI_REFUSED;
	case ERROR_TOO_MANY_REQUESTS:
	case ERROR_CONCURRENT:
	case ERROR_INTERNAL:
	case ERROR_UNAVAILABLE:
	case ERROR_NETWORK:
	case ERROR_DNS:
	case ERROR_CODE_COUNT:
		break;
	}
	return CLI_UNKNOWN;
}

enum cli_exit
cli_failed(const struct error *error)
{
	output_note("%s", error->text);
	return cli_exit_of(error->code);
}

/* Runs `command` with the words behind its name. */
static enum cli_exit
run(const struct command *command, char *const *word, size_t count)
{
	const struct option_spec *table[4] = {help_common_options()};
	struct cli *cli = mem_new(sizeof(*cli));
	enum cli_exit status;
	struct error error;
	size_t tables = 1;

	cli->command = command;
	if (command->asks_dns)
		table[tables++] = help_dns_options();
	if (command->talks_to_api)
		table[tables++] = target_options();
	table[tables++] = command->option;
	output_init(&cli->out, false);
	if (!options_parse(word, count, table, tables, &cli->options, &error)) {
		status = cli_usage(cli, "%s", error.text);
	} else if (options_has(&cli->options, "help")) {
		help_command(&cli->out, command);
		status = CLI_YES;
	} else if (cli->options.operands < command->arguments_min) {
		status = cli_usage(cli, "an argument is missing");
	} else if (cli->options.operands > command->arguments_max) {
		status =
			cli_usage(cli, "\"%s\" is an argument too many",
				  cli->options.operand[command->arguments_max]);
	} else {
		cli->out.json = options_has(&cli->options, "json");
		cli->now = clock_now();
		if (options_has(&cli->options, "at"))
			cli->now = 1000 * options_int(&cli->options, "at", 0);
		status = command->run(cli);
	}
	free(cli);
	return status;
}

/* `sesame help [WORD]...` */
static enum cli_exit
run_help(char *const *word, size_t count)
{
	const struct command *command;
	struct output out;
	size_t words;

	output_init(&out, false);
	if (count == 0) {
		help_overview(&out);
		return CLI_YES;
	}
	command = commands_find(word, count, &words);
	if (command != NULL && words == count) {
		help_command(&out, command);
		return CLI_YES;
	}
	if (count == 1 && commands_group(span_of(word[0]))) {
		help_group(&out, span_of(word[0]));
		return CLI_YES;
	}
	if (count == 1 && help_topic(&out, span_of(word[0])))
		return CLI_YES;
	output_note("there is no help on \"%s\"; see sesame help", word[0]);
	return CLI_USAGE;
}

/* No command has the name that was given. */
static enum cli_exit
unknown(char *const *word, size_t count)
{
	const struct command *nearest;
	char name[SHOWN_MAX];
	struct output out;

	output_init(&out, false);
	if (commands_group(span_of(word[0])) &&
	    (count == 1 || word[1][0] == '-')) {
		out.file = stderr;
		help_group(&out, span_of(word[0]));
		return CLI_USAGE;
	}
	snprintf(name, sizeof(name), "%s%s%s", word[0], count > 1 ? " " : "",
		 count > 1 ? word[1] : "");
	nearest = commands_nearest(span_of(name));
	if (nearest == NULL)
		nearest = commands_nearest(span_of(word[0]));
	if (nearest != NULL)
		output_note("there is no command \"%s\"; did you mean \"%s\"?",
			    name, nearest->name);
	else
		output_note("there is no command \"%s\"; see sesame help",
			    word[0]);
	return CLI_USAGE;
}

int
cli_main(int argc, char **argv)
{
	const struct command *command;
	char *const *word = argv + 1;
	size_t count = argc > 1 ? (size_t)argc - 1 : 0, words;
	struct output out;
	enum cli_exit status;

	output_init(&out, false);
	if (count == 0) {
		out.file = stderr;
		help_overview(&out);
		return CLI_USAGE;
	}
	if (strcmp(word[0], "--version") == 0 ||
	    strcmp(word[0], "version") == 0) {
		output_print(&out, "sesame %s\n", SESAME_VERSION);
		status = CLI_YES;
	} else if (strcmp(word[0], "--help") == 0 ||
		   strcmp(word[0], "-h") == 0 || strcmp(word[0], "help") == 0) {
		status = run_help(word + 1, count - 1);
	} else if ((command = commands_find(word, count, &words)) != NULL) {
		status = run(command, word + words, count - words);
	} else {
		status = unknown(word, count);
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		output_note("cannot write to stdout");
		return CLI_UNKNOWN;
	}
	return (int)status;
}
