/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ini.h"

static bool
is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* `line` without its comment and the white space at its ends. */
static struct span
strip(struct span line)
{
	for (size_t i = 0; i < line.len; i++)
		if ((line.ptr[i] == '#' || line.ptr[i] == ';') &&
		    (i == 0 || is_space(line.ptr[i - 1]))) {
			line.len = i;
			break;
		}
	return span_trim(line);
}

/* Whether `line`, stripped, is a heading; *ret is then what it names. */
static bool
heading(struct span line, struct span *ret)
{
	if (line.len < 2 || line.ptr[0] != '[' || line.ptr[line.len - 1] != ']')
		return false;
	*ret = span_trim(span_sub(line, 1, line.len - 1));
	return true;
}

/* Walks the lines of a section: *inside tells whether one is in it. */
static bool
next_line(struct span *rest, struct span section, bool *inside,
	  struct span *ret)
{
	while (rest->len > 0) {
		struct span line = span_cut(rest, '\n'), name;
		bool indented = line.len > 0 && is_space(line.ptr[0]);

		line = strip(line);
		if (line.len == 0 || indented)
			continue;
		if (heading(line, &name)) {
			*inside = span_equal(name, section);
			continue;
		}
		if (!*inside)
			continue;
		*ret = line;
		return true;
	}
	return false;
}

bool
ini_get(struct span text, struct span section, struct span name,
	struct span *ret)
{
	struct span line;
	bool inside = false, found = false;

	while (next_line(&text, section, &inside, &line)) {
		size_t equals = span_find(line, '=');

		if (equals == SPAN_NONE ||
		    !span_equal(span_trim(span_sub(line, 0, equals)), name))
			continue;
		*ret = span_trim(span_skip(line, equals + 1));
		found = true;
	}
	return found;
}

bool
ini_has(struct span text, struct span section)
{
	while (text.len > 0) {
		struct span name;

		if (heading(strip(span_cut(&text, '\n')), &name) &&
		    span_equal(name, section))
			return true;
	}
	return false;
}
