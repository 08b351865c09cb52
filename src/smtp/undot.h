/* SPDX-License-Identifier: Apache-2.0 */
/*
 * undot - the text of a message as it comes after DATA.
 *
 * Takes away the transparency dots and finds the end, which is CRLF "." CRLF
 * and nothing else.  RFC 5321 section 4.1.1.4: "the sequence "<LF>.<LF>"
 * (bare line feeds, without carriage returns) MUST NOT be treated as
 * equivalent to <CRLF>.<CRLF> as the end of mail data indication."
 * A bare CR, a bare LF or a NUL spoils the
 * message but never ends it: two servers that end a message differently are
 * how mail is smuggled.  The header is watched as it passes, for its size,
 * its fields and loops; nothing is kept, so memory is constant.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 */
#pragma once

#include "base/writer.h"

/* Most that a message may have; each is a fault when passed. */
struct undot_limits {
	uint64_t size;   /* octets in all, dots taken away */
	size_t line;     /* octets of a line without its CRLF */
	size_t header;   /* octets of the header */
	size_t fields;   /* header fields */
	size_t received; /* Received fields: more is a loop */
};

/* What is wrong with a message; the later ones outweigh the earlier. */
enum undot_fault {
	UNDOT_CLEAN = 0, /* nothing */
	UNDOT_TOO_BIG,   /* above limits.size */
	UNDOT_LONG_LINE, /* a line is above limits.line */
	UNDOT_HEADER,    /* above limits.header or limits.fields */
	UNDOT_LOOP,      /* above limits.received */
	UNDOT_BARE,      /* a CR or LF that is not part of a CRLF */
	UNDOT_NUL,       /* a NUL octet */
};

/* Where in a line the next octet stands. */
enum undot_at {
	UNDOT_AT_START,  /* first of a line */
	UNDOT_AT_DOT,    /* behind a first dot */
	UNDOT_AT_DOT_CR, /* behind a first dot and a CR */
	UNDOT_AT_TEXT,   /* further on */
	UNDOT_AT_CR,     /* behind a CR */
	UNDOT_AT_END,    /* behind CRLF "." CRLF: nothing more is taken */
};

/* What the line being read is, as far as the header goes. */
enum undot_in {
	UNDOT_IN_NAME,  /* a field's name, or the start of a line */
	UNDOT_IN_VALUE, /* the rest of a field's line */
	UNDOT_IN_BODY,  /* past the header */
};

struct undot {
	struct undot_limits limits;
	enum undot_at at;
	enum undot_in in;
	enum undot_fault fault;
	uint64_t size;   /* octets of text so far */
	size_t line;     /* of them, in this line */
	size_t header;   /* of them, in the header */
	size_t fields;   /* fields so far */
	size_t received; /* of them, Received */
	size_t name;     /* octets of this line's field name */
	bool other;      /* it is not spelt "received" */
};

/* Begins a message. */
void undot_init(struct undot *u, const struct undot_limits *limits);

/*
 * Takes octets off the front of `bytes`, puts the text they carry to `to`,
 * and returns how many it took: fewer than all if the end was found, or if
 * `to` has no room for two octets more.  A faulty message puts nothing.
 */
size_t undot_feed(struct undot *u, struct span bytes, struct writer *to);

/* Returns whether the end was found. */
static inline bool
undot_ended(const struct undot *u)
{
	return u->at == UNDOT_AT_END;
}
