/* SPDX-License-Identifier: Apache-2.0 */
/*
 * template_tag - the tags of a template, and the white space around them.
 *
 * Finds a tag in a text and takes it apart into its sigil and words; what
 * they mean is for ses/template.
 *
 * Pure: no allocation, no I/O, no logging, no clock.  Borrows the text.
 */
#pragma once

#include "ses/template.h"

/* Words in a tag that are told apart. */
#define TEMPLATE_WORDS 3

/* A tag, taken apart. */
struct template_tag {
	size_t start;     /* of its "{{" */
	size_t end;       /* behind its "}}" */
	char sigil;       /* "#", "/" ...; 0: a value; "e": else */
	bool alone;       /* may take its line with it */
	bool newline;     /* takes the line's end behind it with it */
	bool trim_before; /* {{~ */
	bool trim_after;  /* ~}} */
	size_t words;     /* that there are, perhaps more than are in `word` */
	struct span word[TEMPLATE_WORDS]; /* without the sigil */
};

/* Returns the offset of the first "{{" at or after `at`, or SPAN_NONE. */
size_t template_tag_find(struct span all, size_t at);

/*
 * Takes the tag that begins at `start` apart.  TEMPLATE_OK, or UNENDED, or
 * UNSUPPORTED if it is four braces.
 */
enum template_status template_tag_parse(struct span all, size_t start,
					struct template_tag *ret) MUST_CHECK;

/*
 * Returns what is text between `from` and the tag, and sets *ret_next to
 * where the text behind it begins: without the white space that it takes.
 */
struct span template_tag_text(struct span all, size_t from,
			      const struct template_tag *tag, size_t *ret_next);

/* Returns whether `path` names something: ../a.b, this, @index ... */
bool template_path_is(struct span path);
