/* SPDX-License-Identifier: Apache-2.0 */
/*
 * path - an envelope address that was checked: struct path.
 *
 * What stands between the angle brackets of MAIL FROM and RCPT TO (RFC 5321
 * section 4.1.2).  Not the mailbox of a header field, which has comments,
 * groups and display names.  Whoever holds a struct path holds no control
 * character, no octet above 126 and no unquoted special: it may be written
 * into an SMTP command as it is.  SMTPUTF8 (RFC 6531) is not spoken.
 *
 * A local part is kept as it was written, quotes included, and means nothing
 * to us beyond its octets.
 *
 * Pure: no allocation, no I/O, no logging, no clock.  A path is a value.
 */
#pragma once

#include "base/macros.h"
#include "base/span.h"

/* Octets of an address: RFC 5321 section 4.5.3.1.3 allows 256 with "<>". */
#define PATH_MAX_LEN 254
/*
 * Octets of a local part.  RFC 5321 section 4.5.3.1.1 says 64; senders that
 * put the recipient into the bounce address (VERP) are longer, and we have no
 * reason to refuse them.
 */
#define PATH_LOCAL_MAX 128

struct path {
	uint8_t len;                 /* octets of text; 0 is the null path <> */
	uint8_t local;               /* octets before the "@"; equal to len for
					"postmaster" without a domain */
	char text[PATH_MAX_LEN + 1]; /* local@domain, NUL-ended */
};

enum path_status {
	PATH_OK = 0,
	PATH_NO_BRACKET, /* no "<" at the start, or no ">" at the end */
	PATH_BAD_LOCAL,  /* a local part is neither atoms nor a quoted string */
	PATH_BAD_DOMAIN, /* a domain is no host name and no address literal */
	PATH_NO_DOMAIN,  /* there is no "@", and it is not postmaster */
	PATH_TOO_LONG,   /* above PATH_MAX_LEN or PATH_LOCAL_MAX octets */
};

/*
 * Parses the whole of `text`, an address without brackets; "" is the null
 * path.  PATH_OK sets *ret; any other status leaves it alone.
 */
enum path_status path_parse(struct span text, struct path *ret) MUST_CHECK;

/*
 * Takes an address in angle brackets off the front of *rest.  A source route
 * ("@a,@b:") is skipped, as RFC 5321 section 4.1.1.3 asks.
 * PATH_OK sets *ret and leaves in *rest what follows the ">"; any other
 * status leaves both alone.
 */
enum path_status path_take(struct span *rest, struct path *ret) MUST_CHECK;

/* Returns whether `p` is the null path, <>. */
static inline bool
path_is_null(const struct path *p)
{
	return p->len == 0;
}

/* Borrows the whole address, without brackets. */
struct span path_text(const struct path *p);

/* Borrows what stands before the "@", with its quotes if it has any. */
struct span path_local(const struct path *p);

/* Borrows what stands after the "@"; "" if there is none. */
struct span path_domain(const struct path *p);

/* Returns a static clause for `status`, fit to show to a user. */
const char *path_strerror(enum path_status status);
