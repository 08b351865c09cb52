/* SPDX-License-Identifier: Apache-2.0 */
/*
 * output - what a command prints: text and tables for a person or a pipe,
 * JSON for a program.
 *
 * On a terminal a table has aligned columns and a verdict a colour (not if
 * NO_COLOR is set); elsewhere columns are separated by one tab.  Text that
 * came from strangers goes through output_clean(): control characters and
 * what changes the direction of writing are taken out, so that no DNS record
 * can write on a terminal.
 */
#pragma once

#include <stdio.h>

#include "base/buf.h"
#include "text/json.h"

#define OUTPUT_COLUMNS_MAX 12     /* columns of a table */
#define OUTPUT_ROWS_MAX    100000 /* rows of a table */
#define OUTPUT_CELL_MAX    4096   /* octets of a cell; more is cut */

struct output {
	FILE *file;  /* results */
	bool tty;    /* it is a terminal */
	bool colour; /* and colours are wanted */
	bool json;   /* --json: one document, nothing else */
};

/* How a text is shown where there are colours. */
enum output_tone {
	OUTPUT_PLAIN, /* as it is */
	OUTPUT_GOOD,  /* green */
	OUTPUT_BAD,   /* red */
	OUTPUT_WARN,  /* yellow */
	OUTPUT_BOLD,  /* bold */
};

/* Begins output on stdout, as the environment and `json` say. */
void output_init(struct output *o, bool json);

/*
 * Appends `s` to `to`: printable ASCII and well-formed UTF-8 as they are, a
 * tab or line end as a space, everything else as "?".
 */
void output_clean(struct buf *to, struct span s);

/* Prints as printf() does; what came from outside goes in cleaned. */
void output_print(struct output *o, const char *format, ...) PRINTF(2, 3);

/* Prints `s`, of which each line is cleaned, with its line ends. */
void output_lines(struct output *o, struct span s);

/* Prints `json` indented, and a line end.  Takes `json`. */
void output_json(struct output *o, json_t *json);

/* Prints `text` in the colour of `tone`. */
void output_tone(struct output *o, enum output_tone tone, const char *text);

/* As output_tone(), of a span that has been cleaned. */
void output_tone_span(struct output *o, enum output_tone tone, struct span s);

/* Says something on stderr, as printf() does, cleaned: progress, a warning. */
void output_note(const char *format, ...) PRINTF(1, 2);

/* A table, held until it is printed. */
struct table {
	size_t columns; /* of each row */
	char **cell;    /* rows * columns, owned */
	size_t rows;    /* the heading included */
	size_t room;    /* rows there is room for */
};

/* Begins a table of `columns` columns with these headings. */
void table_init(struct table *t, size_t columns, const char *const *heading);

/* Adds a row of t->columns cells, which are copied, cleaned. */
void table_row(struct table *t, const struct span *cell);

/* Prints the table; its headings only on a terminal. */
void table_print(const struct table *t, struct output *o);

/* Frees what the table holds. */
void table_release(struct table *t);
