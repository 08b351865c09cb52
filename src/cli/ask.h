/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask - answers to the DNS questions of a command's machines.
 *
 * From the fixture that --dns names, or else from the network.  It blocks:
 * a command has nothing else to do.
 */
#pragma once

#include "cli/command.h"
#include "dns/record.h"
#include "serve/asking.h"

/* Milliseconds that one machine may ask; then its questions time out. */
#define ASK_TIME_MAX 60000

/* Where answers come from. */
struct ask_source {
	/* Answers `question` into *ret, in `arena`. */
	void (*answer)(void *context, const struct dns_question *question,
		       struct arena *arena, struct dns_answer *ret);
	/* Releases the context. */
	void (*close)(void *context);
	void *context; /* the source's own */
};

/*
 * Opens the source that the options of `cli` name.  Fails with ERROR_IO or
 * ERROR_CONFIG if it cannot be read.
 */
bool ask_open(struct ask_source *source, const struct cli *cli,
	      struct error *reterr) MUST_CHECK;

/* Answers `question` into *ret, in `arena`. */
void ask(struct ask_source *source, const struct dns_question *question,
	 struct arena *arena, struct dns_answer *ret);

/* Closes the source; one that is all zero is fine. */
void ask_close(struct ask_source *source);

/* Gives `machine`, which is of `kind`, answers until it asks no more. */
void ask_all(struct ask_source *source, const struct asking_machine *kind,
	     void *machine);
