/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canon - the canonical forms of header fields and bodies that DKIM hashes.
 *
 * RFC 6376 section 3.4.  A body is fed in any pieces and comes out in the
 * same form; the memory does not grow with it and the time is linear,
 * whatever it holds.  A CR or LF that stands alone is an octet like another.
 *
 * Pure: no I/O, no logging, no clock; no allocation but in a given buf.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"

/* The two forms; the words of the c= tag are canon_name()'s. */
enum canon {
	CANON_SIMPLE = 0, /* as it is, but for empty lines at a body's end */
	CANON_RELAXED,    /* white space and the case of names do not count */
};

/* Octets of a relaxed body gathered before they are handed on. */
#define CANON_CHUNK 4096

/* Where a canonical body goes, piece by piece; no piece is empty. */
struct canon_sink {
	void (*put)(void *context, struct span bytes);
	void *context;
};

/* A body on its way; only the functions below touch the members. */
struct canon_body {
	enum canon form;
	struct canon_sink sink;
	uint64_t lines; /* line ends seen and not yet put */
	uint64_t total; /* canonical octets put so far */
	bool cr;        /* a CR behind those, its LF perhaps to come */
	bool space;     /* relaxed: white space seen and not yet put */
	bool space_cr;  /* relaxed: a CR behind that */
};

/* Returns "simple" or "relaxed"; static. */
const char *canon_name(enum canon form);

/*
 * Appends the canonical form of a header field.  `raw` is all of the field;
 * the form ends in CRLF even if `raw` does not.
 */
void canon_header(enum canon form, struct span raw, struct buf *to);

/* Starts a body, whose canonical form `sink` is given. */
void canon_body_init(struct canon_body *b, enum canon form,
		     struct canon_sink sink);

/* Goes on with `bytes`. */
void canon_body_feed(struct canon_body *b, struct span bytes);

/* Ends the body; b->total is then the length of its canonical form. */
void canon_body_end(struct canon_body *b);
