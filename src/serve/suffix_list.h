/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suffix_list - which public suffix list is used: the loading of one.
 *
 * A file that is named; else the one that Debian's package publicsuffix
 * keeps up to date; else what libpsl was built with.  A file is the text that
 * publicsuffix.org has, or libpsl's compiled form of it (DAFSA).  What a list
 * says is text/suffix.h's business.
 */
#pragma once

#include "base/buf.h"
#include "base/error.h"
#include "text/suffix.h"

/* Where Debian's package publicsuffix has the list. */
#define SUFFIX_LIST_FILE "/usr/share/publicsuffix/public_suffix_list.dat"

/* A list that was loaded. */
struct suffix_list {
	struct suffixes *suffixes; /* owned */
	char path[4096];           /* it is from, "" for libpsl's own */
	int64_t made;              /* ms since 1970: as the list says, else
				      when its file was written */
	size_t rules;              /* how many it has */
};

/*
 * Loads the list in the file `path`, or the first there is if that is NULL.
 * Fails, leaving *ret alone, with ERROR_IO if a file that was named cannot be
 * read or there is no list at all, and with ERROR_CONFIG if it is none.
 */
bool suffix_list_load(const char *path, struct suffix_list *ret,
		      struct error *reterr) MUST_CHECK;

/* Frees what the list holds; one that is all zero is fine. */
void suffix_list_release(struct suffix_list *list);

/* Appends "of 2026-11-20, 10123 rules, PATH". */
void suffix_list_say(const struct suffix_list *list, struct buf *to);
