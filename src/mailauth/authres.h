/* SPDX-License-Identifier: Apache-2.0 */
/*
 * authres - the Authentication-Results field (RFC 8601), both ways.
 *
 * The writer quotes whatever is not a token, so that nothing that a sender
 * chose can look like a result.  The parser is strict and never a source of
 * truth: our own results are passed on as structs.  authres_strip() removes
 * the fields that claim to be ours.
 *
 * Pure: no allocation but in a given arena or buf, no I/O, no logging, no
 * clock.  Ownership: what is parsed lives in the arena.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "text/header.h"

#define AUTHRES_RESULTS_MAX    64 /* results in a field */
#define AUTHRES_PROPERTIES_MAX 32 /* properties of a result */
/* Octets of a value that is written: a line may have 998 (RFC 5322 s2.1.1) */
#define AUTHRES_VALUE_MAX 900
/* Octets that a parser takes from its arena at most. */
#define AUTHRES_ARENA ((size_t)512 << 10)

/* ptype.property=value, such as header.d=example.org */
struct authres_property {
	struct span type;  /* "smtp", "header", "body", "policy" ... */
	struct span name;  /* "d", "mailfrom" ... */
	struct span value; /* any text; unquoted */
};

/* method[/version]=result [reason=...] [properties] */
struct authres_result {
	struct span method; /* "dkim", "spf", "dmarc" ... */
	unsigned version;   /* of the method; 1: the usual, not written */
	struct span value;  /* "pass", "fail" ... */
	struct span reason; /* any text; "" if there is none */
	const struct authres_property *property;
	size_t properties; /* of property */
};

struct authres {
	struct span authserv_id; /* who says so */
	unsigned version;        /* 1 */
	const struct authres_result *result;
	size_t len;   /* of result; 0 is "none" */
	unsigned arc; /* i= of an ARC-Authentication-Results; 0 without */
};

enum authres_status {
	AUTHRES_OK = 0,
	AUTHRES_BAD_COMMENT,  /* a comment is not closed */
	AUTHRES_BAD_QUOTE,    /* a quoted string is not closed */
	AUTHRES_BAD_ID,       /* there is no authserv-id */
	AUTHRES_BAD_VERSION,  /* a version that is no number, or not 1 */
	AUTHRES_BAD_METHOD,   /* no method, "=" or result where one must be */
	AUTHRES_BAD_REASON,   /* reason= without a value */
	AUTHRES_BAD_PROPERTY, /* no ptype.property=value */
	AUTHRES_EMPTY,        /* neither a result nor "none" */
	AUTHRES_BAD_INSTANCE, /* i= is no number from 1 to 50 */
	AUTHRES_TOO_MANY,     /* above one of the limits */
};

/*
 * Parses the value of an Authentication-Results field, or with `arc` that of
 * an ARC-Authentication-Results field, which begins "i=N;".
 * AUTHRES_OK sets *ret; any other status leaves it alone.
 */
enum authres_status authres_parse(struct span value, bool arc,
				  struct arena *arena,
				  struct authres *ret) MUST_CHECK;

/*
 * Returns the instance that the value of an ARC-Authentication-Results field
 * begins with, whatever follows it; 0 if it does not begin so.
 */
unsigned authres_instance(struct span value);

/* Returns a static clause for `status`, fit to show to a user. */
const char *authres_strerror(enum authres_status status);

/*
 * Appends the value of the field for `a`, each result and each property on a
 * line of its own, without the name, and without the CRLF at its end.  A
 * method, result, ptype or property name is the caller's and must be a
 * keyword; in values and reasons, control characters and what is not UTF-8
 * become "?", and what is above AUTHRES_VALUE_MAX is cut.
 */
void authres_format(const struct authres *a, struct buf *to);

/*
 * Returns whether `field` is an Authentication-Results field that claims to
 * be of `authserv_id`: that names it, in whatever case, in A-labels or
 * U-labels, quoted or with a final dot, or that is so malformed that it
 * cannot be said whom it names, and holds it.
 */
bool authres_claims(const struct header_field *field, struct span authserv_id);

/*
 * Returns the results of an Authentication-Results field of `authserv_id`, as
 * they are written, comments and folds included, without the ";" before and
 * behind them; "" if there are none, or the field is another's or malformed.
 */
struct span authres_results(const struct header_field *field,
			    struct span authserv_id);

/* Appends the fields of `header` that do not claim to be of `authserv_id`. */
bool authres_strip(const struct header_block *header, struct span authserv_id,
		   struct buf *to);
