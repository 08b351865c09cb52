/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

/* Words of the longest name. */
#define WORDS_MAX 3

/* One a line, so that two may be added at once. */
/* clang-format off */
static const struct command *const commands[] = {
	&command_init,
	&command_serve,
	&command_access_key_create,
	&command_access_key_list,
	&command_access_key_disable,
	&command_access_key_enable,
	&command_access_key_delete,
	&command_access_key_rotate,
	&command_check,
	&command_add,
	&command_records,
	&command_status,
	&command_wait,
	&command_diagnose,
	&command_test,
	&command_verify,
	&command_spf_check,
	&command_spf_lint,
	&command_dkim_sign,
	&command_dkim_verify,
	&command_dkim_key,
	&command_dmarc_check,
	&command_dmarc_lint,
	&command_arc_verify,
	&command_arc_seal,
};
/* clang-format on */

const struct command *
commands_get(size_t i)
{
	return i < COUNT(commands) ? commands[i] : NULL;
}

/* Whether `name` is the `count` words, with one space between. */
static bool
is_name(struct span name, char *const *word, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!span_equal(span_cut(&name, ' '), span_of(word[i])))
			return false;
	return name.len == 0;
}

const struct command *
commands_find(char *const *word, size_t count, size_t *ret_words)
{
	for (size_t n = count < WORDS_MAX ? count : WORDS_MAX; n > 0; n--)
		for (size_t i = 0; i < COUNT(commands); i++)
			if (is_name(span_of(commands[i]->name), word, n)) {
				*ret_words = n;
				return commands[i];
			}
	return NULL;
}

const struct command *
commands_nearest(struct span name)
{
	const struct command *nearest = NULL;
	size_t best = 1 + name.len / 3;

	for (size_t i = 0; i < COUNT(commands); i++) {
		size_t apart =
			options_distance(name, span_of(commands[i]->name));

		if (apart <= best) {
			best = apart - (apart > 0);
			nearest = commands[i];
		}
	}
	return nearest;
}

bool
commands_group(struct span name)
{
	for (size_t i = 0; i < COUNT(commands); i++) {
		struct span rest = span_of(commands[i]->name);

		if (span_equal(span_cut(&rest, ' '), name) && rest.len > 0)
			return true;
	}
	return false;
}
