/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command - what a command of `sesame` is: a file with one descriptor.
 *
 * The frame (cli.c) finds the command, reads its options by its table and
 * calls run(), whose result is the exit status.  Nothing else of the program
 * prints or exits.
 *
 * Ownership: descriptors are static; what run() is given is the frame's and
 * lives until run() returns.
 */
#pragma once

#include "cli/options.h"
#include "cli/output.h"

/* Exit statuses; `sesame help exit-codes` prints them. */
enum cli_exit {
	CLI_YES = 0,     /* done, or the answer is yes */
	CLI_NO = 1,      /* the answer is no */
	CLI_USAGE = 2,   /* the command line or the configuration is wrong */
	CLI_NOT_YET = 3, /* pending, or a wait ended too soon */
	CLI_REFUSED = 4, /* credentials, permission or a conflict */
	CLI_UNKNOWN = 5, /* could not find out: network, temporary DNS error */
};

/* What a run of a command is given. */
struct cli {
	const struct command *command;
	struct options options; /* as given, by the command's table */
	struct output out;      /* where results go */
	int64_t now;            /* ms since 1970: --at, or the clock */
};

struct command {
	const char *name;    /* its words, such as "spf check" */
	const char *usage;   /* what follows the name */
	const char *summary; /* one line, without a full stop */
	const char *help;    /* paragraphs, and three examples at the end */
	const struct option_spec *option; /* ends with a NULL name, or NULL */
	bool asks_dns;                    /* takes --dns and --at too */
	bool talks_to_api;                /* takes what target.h says too */
	size_t arguments_min;             /* operands it must have */
	size_t arguments_max;             /* operands it may have */
	enum cli_exit (*run)(struct cli *cli);
};

/*
 * Says on stderr what is wrong with the command line, and where help is.
 * Returns CLI_USAGE, so that run() can end `return cli_usage(...)`.
 */
enum cli_exit cli_usage(const struct cli *cli, const char *format, ...)
	PRINTF(2, 3);

/* Says on stderr what failed; returns the exit status that says its kind. */
enum cli_exit cli_failed(const struct error *error);

/* Returns the exit status that says the kind of `code`. */
enum cli_exit cli_exit_of(enum error_code code);

/* Runs the program with its arguments; returns the exit status. */
int cli_main(int argc, char **argv);
