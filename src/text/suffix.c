/* SPDX-License-Identifier: Apache-2.0 */
#include "text/suffix.h"

#include <libpsl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "text/date.h"
#include "text/domain.h"

/* Lines of a list's beginning that may say its date. */
#define HEAD_LINES 64
/* Octets of a domain that is looked for, with its NUL. */
#define NAME_SIZE (DOMAIN_MAX + 1)

struct suffixes {
	const psl_ctx_t *list;
	psl_ctx_t *own; /* the same, if it is ours to free */
	int64_t made;   /* as in struct suffixes_about */
};

struct suffixes *
suffixes_builtin(void)
{
	const psl_ctx_t *list = psl_builtin();
	struct suffixes *suffixes;

	if (list == NULL)
		return NULL;
	suffixes = mem_new(sizeof(*suffixes));
	suffixes->list = list;
	suffixes->made = (int64_t)psl_builtin_file_time() * 1000;
	return suffixes;
}

/* The date in the line "// VERSION: 2026-11-20_08-15-43_UTC"; 0 without. */
static int64_t
date_of(struct span text)
{
	for (size_t i = 0; i < HEAD_LINES && text.len > 0; i++) {
		struct span line = span_trim(span_cut(&text, '\n'));
		char date[] = "0000-00-00T00:00:00Z";
		int64_t ms;

		if (!span_starts(line, SPAN("// VERSION: ")))
			continue;
		line = span_skip(line, strlen("// VERSION: "));
		if (line.len != strlen("2026-11-20_08-15-43_UTC"))
			return 0;
		for (size_t k = 0; k + 1 < sizeof(date) - 1; k++)
			if (date[k] == '0')
				date[k] = line.ptr[k];
		return date_rfc3339_parse(span_of(date), &ms) ? ms : 0;
	}
	return 0;
}

struct suffixes *
suffixes_parse(struct span text)
{
	struct suffixes *suffixes;
	psl_ctx_t *list;
	FILE *file;

	if (text.len == 0 || text.len > SUFFIX_LIST_MAX)
		return NULL;
	file = fmemopen((void *)(uintptr_t)text.ptr, text.len, "r");
	if (file == NULL)
		mem_exhausted();
	list = psl_load_fp(file);
	(void)fclose(file);
	if (list == NULL)
		return NULL;
	if (psl_suffix_count(list) == 0) {
		psl_free(list);
		return NULL;
	}
	suffixes = mem_new(sizeof(*suffixes));
	suffixes->list = suffixes->own = list;
	suffixes->made = date_of(text);
	return suffixes;
}

void
suffixes_free(struct suffixes *suffixes)
{
	if (suffixes == NULL)
		return;
	psl_free(suffixes->own);
	free(suffixes);
}

struct suffixes_about
suffixes_about(const struct suffixes *suffixes)
{
	int rules = psl_suffix_count(suffixes->list) +
		    psl_suffix_exception_count(suffixes->list);

	return (struct suffixes_about){
		.rules = rules > 0 ? (size_t)rules : 0,
		.made = suffixes->made,
		.builtin = suffixes->own == NULL,
	};
}

/* Copies `domain` to `to` as libpsl wants it; false if it is too long. */
static bool
copy(char to[static NAME_SIZE], struct span domain)
{
	if (domain.len == 0 || domain.len >= NAME_SIZE)
		return false;
	for (size_t i = 0; i < domain.len; i++)
		to[i] = span_lower(domain.ptr[i]);
	to[domain.len] = '\0';
	return true;
}

bool
suffixes_has(const struct suffixes *suffixes, struct span domain)
{
	char name[NAME_SIZE];

	return copy(name, domain) &&
	       psl_is_public_suffix(suffixes->list, name) != 0;
}

struct span
suffixes_registered(const struct suffixes *suffixes, struct span domain)
{
	char name[NAME_SIZE];
	const char *part;

	if (!copy(name, domain))
		return SPAN("");
	part = psl_registrable_domain(suffixes->list, name);
	if (part == NULL)
		return SPAN("");
	return span_skip(domain, (size_t)(part - name));
}
