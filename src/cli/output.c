/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

/* Octets of one printed text; more is cut. */
#define PRINT_MAX ((size_t)16 << 20)

void
output_init(struct output *o, bool json)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	o->file = stdout;
	o->tty = isatty(STDOUT_FILENO) == 1;
	/* https://no-color.org: set, and not empty */
	o->colour = o->tty && (no_colour == NULL || no_colour[0] == '\0') &&
		    (term == NULL || strcmp(term, "dumb") != 0);
	o->json = json;
}

/* How many octets a character has that begins with `c`; 0: none does. */
static size_t
octets_of(unsigned char c)
{
	if (c >= 0xf0)
		return c < 0xf5 ? 4 : 0;
	if (c >= 0xe0)
		return 3;
	return c >= 0xc2 ? 2 : 0;
}

/* How many octets the UTF-8 character at the start of `s` has; 0: none. */
static size_t
utf8_length(struct span s, uint32_t *ret)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char c = (unsigned char)s.ptr[0];
	size_t n = octets_of(c);
	uint32_t code = n == 4 ? c & 7u : n == 3 ? c & 15u : c & 31u;

	if (n == 0 || n > s.len)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)s.ptr[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | ((unsigned char)s.ptr[i] & 0x3fu);
	}
	if (code < least[n] || code > 0x10ffff ||
	    (code >= 0xd800 && code < 0xe000))
		return 0;
	*ret = code;
	return n;
}

/* Characters that are not seen but change how others are. */
static bool
is_invisible(uint32_t c)
{
	return c < 0xa0 || c == 0xad || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff || (c >= 0xe0000 && c < 0xe1000);
}

void
output_clean(struct buf *to, struct span s)
{
	while (s.len > 0) {
		uint32_t code = 0;
		size_t n = 1;

		if (*s.ptr >= ' ' && *s.ptr <= '~') {
			buf_addc(to, *s.ptr);
		} else if (*s.ptr == '\t' || *s.ptr == '\n' || *s.ptr == '\r') {
			buf_addc(to, ' ');
		} else if ((n = utf8_length(s, &code)) > 0 &&
			   !is_invisible(code)) {
			buf_add(to, span_sub(s, 0, n));
		} else {
			buf_addc(to, '?');
			n = n > 0 ? n : 1;
		}
		s = span_skip(s, n);
	}
}

void
output_lines(struct output *o, struct span s)
{
	while (s.len > 0) {
		bool ends = span_find(s, '\n') != SPAN_NONE;
		CLEANUP(buf_release) struct buf line = BUF_INIT(PRINT_MAX);
		struct span text = span_cut(&s, '\n');
		bool dos = ends && span_ends(text, SPAN("\r"));

		output_clean(&line, span_head(text, text.len - dos));
		fwrite(line.ptr, 1, line.len, o->file);
		if (ends)
			fputs(dos ? "\r\n" : "\n", o->file);
	}
}

void
output_print(struct output *o, const char *format, ...)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(PRINT_MAX);
	va_list args;

	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	output_lines(o, buf_span(&text));
}

void
output_json(struct output *o, json_t *json)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(PRINT_MAX);

	json_format_pretty(json, &text);
	json_decref(json);
	fprintf(o->file, "%s\n", text.ptr);
}

void
output_tone_span(struct output *o, enum output_tone tone, struct span s)
{
	static const char *const code[] = {
		[OUTPUT_PLAIN] = "",       [OUTPUT_GOOD] = "\033[32m",
		[OUTPUT_BAD] = "\033[31m", [OUTPUT_WARN] = "\033[33m",
		[OUTPUT_BOLD] = "\033[1m",
	};
	bool colour = o->colour && tone != OUTPUT_PLAIN;

	fprintf(o->file, "%s" SPAN_FMT "%s", colour ? code[tone] : "",
		SPAN_ARG(s), colour ? "\033[0m" : "");
}

void
output_tone(struct output *o, enum output_tone tone, const char *text)
{
	output_tone_span(o, tone, span_of(text));
}

void
output_note(const char *format, ...)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(4096);
	CLEANUP(buf_release) struct buf clean = BUF_INIT(16384);
	va_list args;

	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	output_clean(&clean, buf_span(&text));
	fflush(stdout);
	fprintf(stderr, "sesame: %s\n", clean.ptr);
}

void
table_init(struct table *t, size_t columns, const char *const *heading)
{
	struct span cell[OUTPUT_COLUMNS_MAX];

	assert(columns >= 1 && columns <= OUTPUT_COLUMNS_MAX);
	*t = (struct table){.columns = columns};
	for (size_t i = 0; i < columns; i++)
		cell[i] = span_of(heading[i]);
	table_row(t, cell);
}

void
table_row(struct table *t, const struct span *cell)
{
	if (t->rows == OUTPUT_ROWS_MAX)
		return;
	if (t->rows == t->room) {
		t->room = t->room > 0 ? 2 * t->room : 16;
		t->cell = mem_resize(t->cell,
				     t->room * t->columns * sizeof(*t->cell));
	}
	for (size_t i = 0; i < t->columns; i++) {
		struct buf clean = BUF_INIT(4 * OUTPUT_CELL_MAX);

		output_clean(&clean, span_head(cell[i], OUTPUT_CELL_MAX));
		t->cell[t->rows * t->columns + i] = buf_take(&clean);
	}
	t->rows++;
}

/* Columns a text takes: its characters, each of which begins with one byte. */
static size_t
width_of(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* The widest cell of a column. */
static size_t
column_width(const struct table *t, size_t column)
{
	size_t most = 0;

	for (size_t row = 0; row < t->rows; row++) {
		size_t n = width_of(t->cell[row * t->columns + column]);

		most = n > most ? n : most;
	}
	return most;
}

void
table_print(const struct table *t, struct output *o)
{
	size_t width[OUTPUT_COLUMNS_MAX];

	for (size_t i = 0; i < t->columns; i++)
		width[i] = o->tty ? column_width(t, i) : 0;
	for (size_t row = o->tty ? 0 : 1; row < t->rows; row++)
		for (size_t i = 0; i < t->columns; i++) {
			const char *s = t->cell[row * t->columns + i];
			bool last = i + 1 == t->columns;
			size_t pad = last || !o->tty
					     ? 0
					     : width[i] - width_of(s) + 2;

			output_tone(o,
				    o->tty && row == 0 ? OUTPUT_BOLD
						       : OUTPUT_PLAIN,
				    s);
			fprintf(o->file, "%*s%s", (int)pad, "",
				last     ? "\n"
				: o->tty ? ""
					 : "\t");
		}
}

void
table_release(struct table *t)
{
	for (size_t i = 0; i < t->rows * t->columns; i++)
		free(t->cell[i]);
	free(t->cell);
	*t = (struct table){.columns = 0};
}
