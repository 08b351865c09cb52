/* SPDX-License-Identifier: Apache-2.0 */
/*
 * help - what `sesame help` and --help print.
 */
#pragma once

#include "cli/command.h"

/* Prints what sesame is, and its commands. */
void help_overview(struct output *o);

/* Prints the commands whose first word is `group`. */
void help_group(struct output *o, struct span group);

/* Prints the usage, the options and the examples of one command. */
void help_command(struct output *o, const struct command *command);

/* Prints the whole manual page sesame(1), as scdoc reads it. */
void help_manual(struct output *o);

/* Prints the page called `name`; false if there is none. */
bool help_topic(struct output *o, struct span name);

/* The options that every command takes, ended by a NULL name. */
const struct option_spec *help_common_options(void);

/* The options of a command that asks DNS, ended by a NULL name. */
const struct option_spec *help_dns_options(void);
