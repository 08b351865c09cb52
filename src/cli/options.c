/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

/* Letters of a word that are compared. */
#define WORD_MAX 64
/* Numbers of options: up to the largest time in seconds that fits in ms. */
#define NUMBER_MAX (INT64_MAX / 1000)

size_t
options_distance(struct span a, struct span b)
{
	size_t row[WORD_MAX + 1];

	a = span_head(a, WORD_MAX);
	b = span_head(b, WORD_MAX);
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t best = corner + (a.ptr[i - 1] != b.ptr[j - 1]);

			corner = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[b.len];
}

static const struct option_spec *
find(struct span name, const struct option_spec *const *table, size_t tables)
{
	for (size_t i = 0; i < tables; i++)
		for (const struct option_spec *spec = table[i];
		     spec != NULL && spec->name != NULL; spec++)
			if (span_equal(name, span_of(spec->name)))
				return spec;
	return NULL;
}

/* Says that there is no such option, and which one may be meant. */
static bool
unknown(struct span name, const struct option_spec *const *table, size_t tables,
	struct error *reterr)
{
	const char *nearest = NULL;
	size_t best = 3;

	for (size_t i = 0; i < tables; i++)
		for (const struct option_spec *spec = table[i];
		     spec != NULL && spec->name != NULL; spec++) {
			size_t apart =
				options_distance(name, span_of(spec->name));

			if (apart < best) {
				best = apart;
				nearest = spec->name;
			}
		}
	if (nearest != NULL)
		return error_set(reterr, ERROR_USAGE,
				 "there is no option --" SPAN_FMT
				 "; did you mean --%s?",
				 SPAN_ARG(name), nearest);
	return error_set(reterr, ERROR_USAGE, "there is no option --" SPAN_FMT,
			 SPAN_ARG(name));
}

static bool
add_option(struct options *o, const struct option_spec *spec, struct span value,
	   struct error *reterr)
{
	uint64_t n;

	if (spec->kind == OPTION_INT && !span_to_u64(value, NUMBER_MAX, &n))
		return error_set(reterr, ERROR_USAGE,
				 "--%s takes a whole number, not \"" SPAN_FMT
				 "\"",
				 spec->name, SPAN_ARG(value));
	if (o->len == OPTIONS_MAX)
		return error_set(reterr, ERROR_USAGE,
				 "there are more than %d options", OPTIONS_MAX);
	o->option[o->len++] = (struct option){spec, value};
	return true;
}

/* Takes an option, whose name is given, and its value if it has one. */
static bool
take_option(struct options *o, struct span name, const struct span *value,
	    char *const *next, size_t *used,
	    const struct option_spec *const *table, size_t tables,
	    struct error *reterr)
{
	const struct option_spec *spec = find(name, table, tables);

	if (spec == NULL)
		return unknown(name, table, tables, reterr);
	if (spec->kind == OPTION_FLAG) {
		if (value != NULL)
			return error_set(reterr, ERROR_USAGE,
					 "--%s takes no value", spec->name);
		return add_option(o, spec, SPAN(""), reterr);
	}
	if (value != NULL)
		return add_option(o, spec, *value, reterr);
	if (next == NULL)
		return error_set(reterr, ERROR_USAGE, "--%s needs %s",
				 spec->name, spec->value);
	++*used;
	return add_option(o, spec, span_of(*next), reterr);
}

bool
options_parse(char *const *word, size_t count,
	      const struct option_spec *const *table, size_t tables,
	      struct options *ret, struct error *reterr)
{
	bool ended = false;

	ret->len = ret->operands = 0;
	for (size_t i = 0; i < count; i++) {
		struct span s = span_of(word[i]);
		char *const *next = i + 1 < count ? &word[i + 1] : NULL;
		struct span value, *given = NULL;

		if (!ended && span_equal(s, SPAN("--"))) {
			ended = true;
			continue;
		}
		if (ended || s.len < 2 || s.ptr[0] != '-') {
			if (ret->operands == OPERANDS_MAX)
				return error_set(reterr, ERROR_USAGE,
						 "there are too many words");
			ret->operand[ret->operands++] = word[i];
			continue;
		}
		if (span_equal(s, SPAN("-h")))
			s = SPAN("--help");
		else if (span_equal(s, SPAN("-o")))
			s = SPAN("--output");
		else if (!span_starts(s, SPAN("--")))
			return error_set(reterr, ERROR_USAGE,
					 "there is no option %s", word[i]);
		value = span_skip(s, 2);
		s = value;
		if (span_find(s, '=') != SPAN_NONE) {
			s = span_cut(&value, '=');
			given = &value;
		}
		if (!take_option(ret, s, given, next, &i, table, tables,
				 reterr))
			return false;
	}
	return true;
}

const struct span *
options_get(const struct options *o, const char *name)
{
	for (size_t i = o->len; i-- > 0;)
		if (span_equal(span_of(o->option[i].spec->name), span_of(name)))
			return &o->option[i].value;
	return NULL;
}

bool
options_has(const struct options *o, const char *name)
{
	return options_get(o, name) != NULL;
}

struct span
options_text(const struct options *o, const char *name, const char *otherwise)
{
	const struct span *value = options_get(o, name);

	return value != NULL ? *value : span_of(otherwise);
}

int64_t
options_int(const struct options *o, const char *name, int64_t otherwise)
{
	const struct span *value = options_get(o, name);
	uint64_t n;

	if (value == NULL || !span_to_u64(*value, NUMBER_MAX, &n))
		return otherwise;
	return (int64_t)n;
}

const struct span *
options_each(const struct options *o, const char *name, size_t *at)
{
	while (*at < o->len) {
		const struct option *option = &o->option[(*at)++];

		if (span_equal(span_of(option->spec->name), span_of(name)))
			return &option->value;
	}
	return NULL;
}
