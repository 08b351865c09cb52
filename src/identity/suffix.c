/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/suffix.h"

#include <libpsl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/types.h"

struct suffixes {
	const psl_ctx_t *list;
	psl_ctx_t *own; /* the same, if it is ours to free */
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
	return suffixes;
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

/* Copies `domain` to `to` as libpsl wants it; false if it is too long. */
static bool
copy(char to[static STORE_DOMAIN_SIZE], struct span domain)
{
	if (domain.len == 0 || domain.len >= STORE_DOMAIN_SIZE)
		return false;
	for (size_t i = 0; i < domain.len; i++)
		to[i] = span_lower(domain.ptr[i]);
	to[domain.len] = '\0';
	return true;
}

bool
suffixes_has(const struct suffixes *suffixes, struct span domain)
{
	char name[STORE_DOMAIN_SIZE];

	return copy(name, domain) &&
	       psl_is_public_suffix(suffixes->list, name) != 0;
}

struct span
suffixes_registered(const struct suffixes *suffixes, struct span domain)
{
	char name[STORE_DOMAIN_SIZE];
	const char *part;

	if (!copy(name, domain))
		return SPAN("");
	part = psl_registrable_domain(suffixes->list, name);
	if (part == NULL)
		return SPAN("");
	return span_skip(domain, (size_t)(part - name));
}
