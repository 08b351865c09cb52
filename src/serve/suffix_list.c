/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/suffix_list.h"

#include <stdio.h>

#include "sys/file.h"
#include "text/date.h"

/* Fills in what is told of the list. */
static void
describe(struct suffix_list *list, const char *path)
{
	struct suffixes_about about = suffixes_about(list->suffixes);

	snprintf(list->path, sizeof(list->path), "%s", path);
	list->rules = about.rules;
	list->made = about.made;
	if (list->made == 0 && *path != '\0')
		list->made = file_time(path);
}

/* Whether `text` is a list: libpsl takes the lines of any file for rules. */
static bool
is_list(struct span text)
{
	return span_starts(text, SPAN(".DAFSA@PSL_0")) ||
	       span_search(text, SPAN("===BEGIN ICANN DOMAINS===")) !=
		       SPAN_NONE;
}

bool
suffix_list_load(const char *path, struct suffix_list *ret,
		 struct error *reterr)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(SUFFIX_LIST_MAX);
	struct suffix_list list = {.suffixes = NULL};
	const char *from = path != NULL ? path : SUFFIX_LIST_FILE;

	if (path != NULL || file_exists(from)) {
		if (!file_read(from, &text, reterr))
			return false;
		if (is_list(buf_span(&text)))
			list.suffixes = suffixes_parse(buf_span(&text));
		if (list.suffixes == NULL)
			return error_set(reterr, ERROR_CONFIG,
					 "%s is no public suffix list", from);
	} else {
		from = "";
		list.suffixes = suffixes_builtin();
		if (list.suffixes == NULL)
			return error_set(reterr, ERROR_IO,
					 "there is no public suffix list: "
					 "install the package publicsuffix");
	}
	describe(&list, from);
	*ret = list;
	return true;
}

void
suffix_list_release(struct suffix_list *list)
{
	suffixes_free(list->suffixes);
	*list = (struct suffix_list){.suffixes = NULL};
}

void
suffix_list_say(const struct suffix_list *list, struct buf *to)
{
	struct date_text made = date_rfc3339_format(list->made);

	if (list->made > 0)
		buf_addf(to, "of %.10s, ", made.s);
	buf_addf(to, "%zu rules, %s", list->rules,
		 *list->path != '\0' ? list->path : "built into libpsl");
}
