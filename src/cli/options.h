/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options - the words of a command line, by the table of its command.
 *
 * Long options only, as "--name VALUE" or "--name=VALUE", besides -h for
 * --help and -o for --output; "--" ends them.  Options and operands may
 * be mixed.  Every command takes --help and --json.
 *
 * Pure: no I/O, no logging, no clock.
 * Ownership: an options borrows the words it was parsed from.
 */
#pragma once

#include "base/error.h"
#include "base/span.h"

#define OPTIONS_MAX  256  /* words that are options with their values */
#define OPERANDS_MAX 4096 /* words that are not */

enum option_kind {
	OPTION_FLAG, /* there or not */
	OPTION_TEXT, /* with a value; the last one counts */
	OPTION_LIST, /* with a value; may be there many times */
	OPTION_INT,  /* with a whole number, not negative */
};

/* An option a command takes. */
struct option_spec {
	const char *name;      /* without "--"; NULL ends the table */
	enum option_kind kind; /* what its value is */
	const char *value;     /* of it, for the usage: "DOMAIN"; NULL: flag */
	const char *help;      /* one line, without a full stop */
};

/* An option that was given. */
struct option {
	const struct option_spec *spec;
	struct span value; /* "" of a flag */
};

struct options {
	struct option option[OPTIONS_MAX]; /* in the order given */
	size_t len;                        /* of option */
	const char *operand[OPERANDS_MAX]; /* what is no option */
	size_t operands;                   /* of operand */
};

/*
 * Parses `count` words by up to `tables` tables, each ended by a NULL name.
 * Returns false and sets *reterr (ERROR_USAGE) if a word is wrong; an
 * option that is not known is answered with the name that is nearest.
 */
bool options_parse(char *const *word, size_t count,
		   const struct option_spec *const *table, size_t tables,
		   struct options *ret, struct error *reterr) MUST_CHECK;

/* Returns whether the option `name` was given. */
bool options_has(const struct options *o, const char *name);

/* Returns the last value of the option `name`, or NULL. */
const struct span *options_get(const struct options *o, const char *name);

/* Returns the last value of the option `name`, or `otherwise`. */
struct span options_text(const struct options *o, const char *name,
			 const char *otherwise);

/* Returns the number given by the OPTION_INT `name`, or `otherwise`. */
int64_t options_int(const struct options *o, const char *name,
		    int64_t otherwise);

/*
 * Walks the values of the option `name`: set *at to 0, call until it returns
 * NULL.
 */
const struct span *options_each(const struct options *o, const char *name,
				size_t *at);

/* Returns how many letters apart `a` and `b` are, up to 64 letters each. */
size_t options_distance(struct span a, struct span b);
