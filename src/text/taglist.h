/* SPDX-License-Identifier: Apache-2.0 */
/*
 * taglist - the "name=value; name=value" lists of DKIM, ARC and DMARC.
 *
 * RFC 6376 section 3.2 gives the syntax; every record and header field that
 * uses it is read here and nowhere else.  This module knows no tag by name:
 * which tags must be present, and what "p=" means, is the caller's business.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 * Ownership: a taglist borrows.  Its spans point into the text given to
 * taglist_parse() and live as long as that text does.
 */
#pragma once

#include <stddef.h>

#include "base/span.h"

/* More tags than any published record has; a longer list is refused. */
#define TAGLIST_MAX 32

enum taglist_status {
	TAGLIST_OK = 0,
	TAGLIST_BAD_NAME,  /* a name is empty or does not start with a letter */
	TAGLIST_NO_EQUALS, /* a name is not followed by "=" */
	TAGLIST_BAD_VALUE, /* a value holds a byte that is not VALCHAR or FWS */
	TAGLIST_DUPLICATE, /* a name came twice, which voids the whole list */
	TAGLIST_TOO_MANY,  /* there are more than TAGLIST_MAX tags */
};

struct tag {
	struct span name;  /* as written: names are case-sensitive */
	struct span value; /* outer white space gone, inner kept; may be "" */
};

struct taglist {
	struct tag tag[TAGLIST_MAX]; /* in the order written */
	size_t len;
};

/*
 * Parses the whole of `text`.
 *
 * TAGLIST_OK: sets *ret and leaves *reterr_offset alone.
 * Any other status: leaves *ret alone and sets *reterr_offset to the first
 * byte of `text`, from 0, that breaks the rule (text.len: it ended too soon).
 */
enum taglist_status taglist_parse(struct span text, struct taglist *ret,
				  size_t *reterr_offset)
	__attribute__((warn_unused_result));

/*
 * As taglist_parse(), but values may hold octets above 127 too: header
 * fields of internationalized mail do (RFC 8616, RFC 6532).
 */
enum taglist_status taglist_parse_utf8(struct span text, struct taglist *ret,
				       size_t *reterr_offset)
	__attribute__((warn_unused_result));

/*
 * Returns the value of the tag called `name`, or NULL if the list has none.
 * An empty value is not an absent one (RFC 6376 section 3.2): think of "p=".
 */
const struct span *taglist_get(const struct taglist *list, struct span name);

/* Returns a static clause for `status`, fit to show to a user. */
const char *taglist_strerror(enum taglist_status status);
