/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uri - percent coding and query strings.
 *
 * What goes over the wire in the path and the query of a request, and how it
 * is put into the canonical form that a signature covers.  "+" is a plus
 * here, never a space: that rule is of HTML forms, not of URIs.
 *
 * RFC 3986 sections 2.1 to 2.3 and 3.4.
 *
 * Pure: no allocation but in a given buffer or arena, no I/O, no logging,
 * no clock.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

/* Most parameters of one query string. */
#define URI_PARAMS_MAX 256

/* A parameter of a query, as written or decoded. */
struct uri_param {
	struct span name;  /* before the first "=" */
	struct span value; /* after it; empty without one */
};

/* Returns whether RFC 3986 section 2.3 calls `c` unreserved. */
bool uri_unreserved(char c);

/*
 * Appends `s` with every octet that is not unreserved as %XX in upper case.
 * Returns false if `to` is full.
 */
bool uri_encode(struct span s, struct buf *to);

/* As uri_encode(), but "/" stays: for a path of several segments. */
bool uri_encode_path(struct span s, struct buf *to);

/*
 * Appends `s` with each %XX turned to the octet it stands for.
 * Returns false if a "%" is not followed by two hex digits or `to` is full;
 * what was appended until then stays.
 */
bool uri_decode(struct span s, struct buf *to) MUST_CHECK;

/*
 * As uri_decode(), into `arena`, with a NUL behind it.  Returns false,
 * leaving *ret alone, also if the arena's limit does not allow it.
 */
bool uri_decoded(struct span s, struct arena *arena,
		 struct span *ret) MUST_CHECK;

/*
 * Cuts the next parameter off the query *rest, as written.  An empty one
 * ("a&&b") is passed over.  Returns false at the end.
 */
bool uri_query_next(struct span *rest, struct uri_param *ret);

/*
 * Decodes all parameters of `query` into `arena`, in their order.
 * Returns false, leaving *ret alone, if an escape is bad, there are more than
 * URI_PARAMS_MAX, or the arena's limit does not allow it.
 */
bool uri_query_parse(struct span query, struct arena *arena,
		     struct uri_param **ret, size_t *ret_len) MUST_CHECK;
