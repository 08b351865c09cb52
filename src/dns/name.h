/* SPDX-License-Identifier: Apache-2.0 */
/*
 * name - a domain name that was checked: struct dname.
 *
 * Held in wire form (RFC 1035 section 3.1), in the case it came in; every
 * comparison ignores the case of ASCII letters (RFC 4343).  Any octet may be
 * in a label: whether a name is a host name or a mail domain is for
 * text/domain.h to say.  Only the functions here and the wire codec make one.
 *
 * Pure: no allocation, no I/O, no logging, no clock.  A dname is a value.
 */
#pragma once

#include <assert.h>

#include "base/macros.h"
#include "base/span.h"

#define DNAME_MAX        255 /* octets in wire form, the root's zero included */
#define DNAME_LABEL_MAX  63  /* octets in a label */
#define DNAME_LABELS_MAX 127 /* labels, the root not counted */
/* Characters of dname_format(), with its NUL: each octet may take four. */
#define DNAME_TEXT_MAX 1010

struct dname {
	uint8_t len;             /* of wire, at least 1 */
	uint8_t wire[DNAME_MAX]; /* labels with their lengths, and the root */
};

enum dname_status {
	DNAME_OK = 0,
	DNAME_EMPTY,       /* no text at all */
	DNAME_EMPTY_LABEL, /* two dots together, or a dot first */
	DNAME_LONG_LABEL,  /* a label above DNAME_LABEL_MAX octets */
	DNAME_TOO_LONG,    /* above DNAME_MAX octets in all */
	DNAME_BAD_ESCAPE,  /* a backslash without \X or \DDD up to 255 */
};

/* The text of a name, so that a format needs no buffer of the caller's. */
struct dname_text {
	char s[DNAME_TEXT_MAX];
};

/* The root, the name without labels. */
#define DNAME_ROOT ((struct dname){.len = 1})

/*
 * Parses the presentation form (RFC 1035 section 5.1): labels, dots, the
 * escapes \X and \DDD; one dot may stand last and "." is the root.
 * DNAME_OK sets *ret; any other status leaves it alone.
 */
enum dname_status dname_parse(struct span text, struct dname *ret) MUST_CHECK;

/*
 * Parses text in which a backslash is an octet like another: what a stranger
 * wrote where a host name should be.  A single dot is no name there.
 * DNAME_OK sets *ret; with any other status it may hold anything.
 */
enum dname_status dname_parse_plain(struct span text,
				    struct dname *ret) MUST_CHECK;

/* Sets *to to `from`; what is behind the end of it may be anything. */
static inline void
dname_set(struct dname *to, const struct dname *from)
{
	static_assert(sizeof(*to) % 32 == 0, "it is copied by 32 octets");

	for (size_t i = 0; i <= from->len; i += 32)
		memcpy((char *)to + i, (const char *)from + i, 32);
}

/* Returns a static clause for `status`, fit to show to a user. */
const char *dname_strerror(enum dname_status status);

/*
 * Returns the text of `name` without a final dot ("." for the root), with
 * what is not a printable plain character escaped: dname_parse()'s inverse.
 */
struct dname_text dname_format(const struct dname *name);

/* As dname_format(), as a span in *text that the caller holds. */
struct span dname_print(const struct dname *name, struct dname_text *text);

/* Returns the wire form, borrowed from `name`; of a lower one, a map's key. */
struct span dname_wire(const struct dname *name);

/* Returns whether `a` and `b` are the same name. */
bool dname_equal(const struct dname *a, const struct dname *b);

/* Returns whether `name` is `above` or lies below it. */
bool dname_is_under(const struct dname *name, const struct dname *above);

/* Returns how many labels `name` has; the root has none. */
size_t dname_labels(const struct dname *name);

/* Returns `name` without its first `n` labels; n <= dname_labels(). */
struct dname dname_skip(const struct dname *name, size_t n);

/* Returns the octets of label `i` (0 is the first), borrowed from `name`. */
struct span dname_label(const struct dname *name, size_t i);

/* Returns `name` in lower case. */
struct dname dname_lower(const struct dname *name);

/*
 * Puts the labels of `prefix` before those of `name`.
 * Returns false, leaving *ret alone, if that is longer than DNAME_MAX.
 */
bool dname_join(const struct dname *prefix, const struct dname *name,
		struct dname *ret) MUST_CHECK;

/*
 * Puts the labels of the text `prefix` (as in dname_parse()) before `name`:
 * dname_under(SPAN("_dmarc"), &name, &ret).  Returns false, leaving *ret
 * alone, if the prefix does not parse or the whole is too long.
 */
bool dname_under(struct span prefix, const struct dname *name,
		 struct dname *ret) MUST_CHECK;
