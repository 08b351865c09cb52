/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suffix - public suffixes: names under which strangers register domains.
 *
 * The list of publicsuffix.org, its ICANN and its private part, through
 * libpsl: the one the library was built with, or the text of a newer one.
 * Which file that text comes from is for serve/suffix_list.h to say.
 *
 * No I/O, no logging, no clock.  Ownership: a list is heap.
 */
#pragma once

#include "base/macros.h"
#include "base/span.h"

#define SUFFIX_LIST_MAX ((size_t)8 << 20) /* octets of a list's text */

struct suffixes;

/* What a list is. */
struct suffixes_about {
	size_t rules; /* how many it has; 0 if that is not known */
	int64_t made; /* ms since 1970: when it was made; 0: not known */
	bool builtin; /* it is the library's own */
};

/* Returns the list the library has built in; NULL if it has none. */
struct suffixes *suffixes_builtin(void) MUST_CHECK;

/* Returns the list whose text is `text`; NULL if that is none. */
struct suffixes *suffixes_parse(struct span text) MUST_CHECK;

/* Frees a list, which may be NULL. */
void suffixes_free(struct suffixes *suffixes);

DEFINE_FREEP(suffixes)

/*
 * Returns what `suffixes` is.  Its date is that of the text's first "//
 * VERSION:" line, as publicsuffix.org has it, or of the library's own list.
 */
struct suffixes_about suffixes_about(const struct suffixes *suffixes);

/*
 * Returns whether `domain` (A-labels) is a public suffix itself.  A single
 * label always is, by the list's default rule "*".
 */
bool suffixes_has(const struct suffixes *suffixes, struct span domain);

/*
 * Returns the part of `domain` (A-labels) that somebody registered: a label
 * and the public suffix behind it.  Empty if `domain` is a public suffix
 * itself, or no domain at all.
 */
struct span suffixes_registered(const struct suffixes *suffixes,
				struct span domain);
