/* SPDX-License-Identifier: Apache-2.0 */
/*
 * header - a message split into its header fields (RFC 5322 section 2.2).
 *
 * The one place that says where a field begins and ends: signatures, From
 * and the console all look at this block.  Strict: only CRLF ends a line, a
 * block does not begin with white space, each field has a colon on its first
 * line.  Values are not interpreted, and encoded-words are not decoded.
 *
 * Pure: no allocation but in a given arena, no I/O, no logging, no clock.
 * Ownership: nothing is copied.  The spans of a block point into the message
 * it was parsed from and live as long as that does; the list of fields lives
 * in the arena.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

#define HEADER_SIZE_MAX   102400 /* octets of a header */
#define HEADER_FIELDS_MAX 1000   /* fields in a header */

struct header_field {
	struct span name;  /* as written, without white space before ":" */
	struct span raw;   /* all of it: name, folds, and the CRLF at its end */
	struct span value; /* what follows ":" up to that CRLF, folds and all */
};

struct header_block {
	const struct header_field *field; /* from the top down */
	size_t len;                       /* of field */
	size_t size;                      /* octets up to the body */
	struct span body; /* what follows the empty line; "" without one */
};

enum header_status {
	HEADER_OK = 0,
	HEADER_LEADING_FOLD, /* the first line begins with a space or tab */
	HEADER_NO_COLON,     /* a field's first line has no colon */
	HEADER_BAD_NAME,     /* a name is empty or has a forbidden character */
	HEADER_NUL,          /* there is a NUL */
	HEADER_BARE_CR,      /* there is a CR without LF */
	HEADER_BARE_LF,      /* there is a LF without CR */
	HEADER_TOO_BIG,      /* more than HEADER_SIZE_MAX octets */
	HEADER_TOO_MANY,     /* more than HEADER_FIELDS_MAX fields */
};

/*
 * Splits the header of `message`, which may be a header alone.
 *
 * Always sets *ret, so that a report can show what there is; but only with
 * HEADER_OK may the block be trusted.  Any other status names the first
 * defect and sets *reterr_offset to its place.  After a defect, a line
 * without a colon stands in the block as a field whose name is what the line
 * begins with, so that "From" CRLF " :" counts as a From.  HEADER_TOO_BIG
 * and HEADER_TOO_MANY leave out what is over the limit, body included.
 */
enum header_status header_parse(struct span message, struct arena *arena,
				struct header_block *ret,
				size_t *reterr_offset) MUST_CHECK;

/* Returns a static clause for `status`, fit to show to a user. */
const char *header_strerror(enum header_status status);

/* Returns whether the field is called `name`, in whatever case. */
bool header_is(const struct header_field *field, struct span name);

/* Returns the first field called `name` from the top, or NULL. */
const struct header_field *header_get(const struct header_block *block,
				      struct span name);

/* Returns how many fields are called `name`. */
size_t header_count(const struct header_block *block, struct span name);

/*
 * Appends `value` without its folds and outer white space: the CRLFs go, the
 * white space after them stays (RFC 5322 section 2.2.3).
 */
bool header_unfold(struct span value, struct buf *to);
