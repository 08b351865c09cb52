/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suffix - public suffixes: names under which strangers register domains.
 *
 * The list of publicsuffix.org, its ICANN and its private part, through
 * libpsl: the one the library was built with, or a newer text of it.
 *
 * No I/O, no logging, no clock.  Ownership: a list is heap.
 */
#pragma once

#include "base/macros.h"
#include "base/span.h"

#define SUFFIX_LIST_MAX ((size_t)8 << 20) /* octets of a list's text */

struct suffixes;

/* Returns the list the library has built in; NULL if it has none. */
struct suffixes *suffixes_builtin(void) MUST_CHECK;

/* Returns the list whose text is `text`; NULL if that is none. */
struct suffixes *suffixes_parse(struct span text) MUST_CHECK;

/* Frees a list, which may be NULL. */
void suffixes_free(struct suffixes *suffixes);

DEFINE_FREEP(suffixes)

/*
 * Returns whether `domain` (A-labels in lower case) is a public suffix
 * itself.  A single label always is.
 */
bool suffixes_has(const struct suffixes *suffixes, struct span domain);

/*
 * Returns the part of `domain` that somebody registered: a label and the
 * public suffix behind it.  Empty if `domain` is a public suffix itself.
 */
struct span suffixes_registered(const struct suffixes *suffixes,
				struct span domain);
