/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commands - every command of `sesame`, and where it is found.
 *
 * A command is a file of its own that defines one descriptor; its line here
 * and its place in commands.c are all that is needed besides.
 */
#pragma once

#include "cli/command.h"

extern const struct command command_access_key_create;  /* access_key.c */
extern const struct command command_access_key_delete;  /* access_key.c */
extern const struct command command_access_key_disable; /* access_key.c */
extern const struct command command_access_key_enable;  /* access_key.c */
extern const struct command command_access_key_list;    /* access_key.c */
extern const struct command command_access_key_rotate;  /* access_key.c */
extern const struct command command_arc_seal;           /* arc_seal.c */
extern const struct command command_dkim_key;           /* dkim_key.c */
extern const struct command command_dkim_sign;          /* dkim_sign.c */
extern const struct command command_arc_verify;         /* arc_verify.c */
extern const struct command command_init;               /* init.c */
extern const struct command command_serve;              /* serve.c */
extern const struct command command_check;              /* check.c */
extern const struct command command_add;                /* add.c */
extern const struct command command_diagnose;           /* diagnose.c */
extern const struct command command_dkim_verify;        /* dkim_verify.c */
extern const struct command command_dmarc_check;        /* dmarc_check.c */
extern const struct command command_dmarc_lint;         /* dmarc_lint.c */
extern const struct command command_records;            /* records.c */
extern const struct command command_spf_check;          /* spf_check.c */
extern const struct command command_spf_lint;           /* spf_lint.c */
extern const struct command command_status;             /* status.c */
extern const struct command command_test;               /* test.c */
extern const struct command command_verify;             /* verify.c */
extern const struct command command_wait;               /* wait.c */

/* Returns the `i`th command, in the order help lists them; NULL: no more. */
const struct command *commands_get(size_t i);

/*
 * Finds the command that the first words name, the longest name first.
 * Returns NULL if there is none; *ret_words is how many words its name has.
 */
const struct command *commands_find(char *const *word, size_t count,
				    size_t *ret_words);

/* Returns the command whose name is nearest to `name`, or NULL. */
const struct command *commands_nearest(struct span name);

/* Returns whether commands begin with the word `name`: "spf", "dkim". */
bool commands_group(struct span name);
