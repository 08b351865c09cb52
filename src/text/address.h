/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address - mail addresses: struct address is one that was checked.
 *
 * Reads a bare addr-spec and the address lists of From, To and their kin (RFC
 * 5322 section 3.4), strictly: what two readers could take for two addresses
 * is an error.  The envelope's paths are smtp/path.h's.
 * Of the obsolete forms only dots in a phrase and, marked, a route are read.
 * An encoded-word is never decoded: no address comes out of one (RFC 2047
 * section 5).  Whether a domain exists or may be used is not known here.
 *
 * Pure: no allocation but in a given arena, no I/O, no logging, no clock.
 * Ownership: an address is a value; a list lives in its arena.
 */
#pragma once

#include "base/arena.h"

#define ADDRESS_LOCAL_MAX  64  /* octets (RFC 5321 section 4.5.3.1.1) */
#define ADDRESS_DOMAIN_MAX 253 /* octets, without a final dot */
/* octets of an address */
#define ADDRESS_MAX      (ADDRESS_LOCAL_MAX + 1 + ADDRESS_DOMAIN_MAX)
#define ADDRESS_LIST_MAX 1000 /* mailboxes in a list */
#define ADDRESS_NEST_MAX 32   /* comments in comments */
#define ADDRESS_IDN_MAX                                                        \
	128 /* U-label domains in a list, equal ones beside                    \
	       each other counted once: each costs IDNA */

/* Local part, "@" and domain; only the functions here make one. */
struct address {
	uint16_t at;  /* offset of the "@" that divides it */
	uint16_t len; /* octets of text */
	bool utf8;    /* it is not all ASCII (RFC 6532) */
	/* NUL-ended.  The local part is quoted only where it must be; letters
	 * are in the case they came in. */
	char text[ADDRESS_MAX + 1];
};

enum address_status {
	ADDRESS_OK = 0,
	ADDRESS_EMPTY,         /* nothing, or <>, where an address must be */
	ADDRESS_NO_AT,         /* text that is no address: no "@" in it */
	ADDRESS_BAD_LOCAL,     /* what stands before "@" is no local part */
	ADDRESS_LONG_LOCAL,    /* above ADDRESS_LOCAL_MAX */
	ADDRESS_BAD_DOMAIN,    /* what stands after "@" is no domain name */
	ADDRESS_LONG_DOMAIN,   /* above ADDRESS_DOMAIN_MAX or a label of 63 */
	ADDRESS_LITERAL,       /* an IP address in brackets for a domain */
	ADDRESS_BAD_QUOTE,     /* a quoted string is not closed or not legal */
	ADDRESS_BAD_COMMENT,   /* a comment is not closed or nests too deep */
	ADDRESS_BAD_ANGLE,     /* "<" without ">", or not where one may be */
	ADDRESS_BAD_ROUTE,     /* a source route that is malformed */
	ADDRESS_BAD_GROUP,     /* a group is not closed, or in a group */
	ADDRESS_TEXT_AFTER,    /* something other than "," after an address */
	ADDRESS_EMPTY_MEMBER,  /* two commas together, or one at an end */
	ADDRESS_BAD_CHARACTER, /* a control character */
	ADDRESS_BAD_UTF8,      /* octets above 127 that are no UTF-8 */
	ADDRESS_TOO_MANY,      /* more than ADDRESS_LIST_MAX mailboxes, or
				  ADDRESS_IDN_MAX domains in U-labels */
};

/* A member of a list. */
struct mailbox {
	struct span display;    /* the phrase, unquoted, words one space apart;
				   "" if none.  Encoded-words as they are. */
	struct address address; /* where mail goes */
	bool route;             /* a source route was dropped */
	bool comment;           /* there was a comment in or beside it */
	bool group;             /* it is a member of a group */
};

struct address_list {
	const struct mailbox *mailbox; /* in the order written */
	size_t len;                    /* of mailbox; 0 for an empty group */
	size_t groups;                 /* how many groups there were */
};

/* Borrows the local part of `a`, as in its text. */
struct span address_local(const struct address *a);

/* Borrows the domain of `a`, as in its text. */
struct span address_domain(const struct address *a);

/* Borrows the whole text of `a`. */
struct span address_text(const struct address *a);

/* Returns a static clause for `status`, fit to show to a user. */
const char *address_strerror(enum address_status status);

/*
 * Parses `text`, all of it, as an addr-spec without comments or white space.
 * ADDRESS_OK sets *ret; any other status leaves it alone.
 */
enum address_status address_parse(struct span text,
				  struct address *ret) MUST_CHECK;

/*
 * Parses the value of a From, To or such field, folds and all.
 *
 * ADDRESS_OK: sets *ret.  Any other status leaves *ret alone and sets
 * *reterr_offset to the place in `value`.  ADDRESS_EMPTY: there is nothing
 * but white space and comments.
 */
enum address_status address_list_parse(struct span value, struct arena *arena,
				       struct address_list *ret,
				       size_t *reterr_offset) MUST_CHECK;
