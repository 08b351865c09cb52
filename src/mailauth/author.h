/* SPDX-License-Identifier: Apache-2.0 */
/*
 * author - who a message says it is from: the author domain of DMARC.
 *
 * The one reading of From for verification, reports, commands and tests.  RFC
 * 9989 section 5.3.1: "If zero or more than one domain is extracted from the
 * RFC5322.From header field, then DMARC validation is not possible"; section
 * 4.4: identifiers cannot be aligned with a malformed, absent or repeated
 * From, which includes any defect of the whole header (text/header.h), since
 * other readers may see other fields.  So:
 *
 *	one mailbox, in whatever legal form       its domain
 *	several mailboxes, groups or not (RFC 6854), of one domain  that domain
 *	several domains, no mailbox at all, not legal, two fields   no author
 *
 * U-labels are brought to A-labels; an encoded-word is text and never an
 * address (RFC 2047 section 5); of a source route, which RFC 5322 section 4.4
 * has be read and ignored, `route` tells.  The obsolete forms that would set
 * white space or comments between the labels of a domain, and empty members
 * of a list, are refused: programs disagree about them.
 *
 * Pure: allocates only in the arena given; no I/O, no logging, no clock.
 * Ownership: an author borrows from the header's text and the arena.
 */
#pragma once

#include "text/address.h"
#include "text/domain.h"
#include "text/header.h"

/* Whether there is one author domain, or why there is none. */
enum author_status {
	AUTHOR_OK = 0,    /* there is: `domain` */
	AUTHOR_FIELDS,    /* there is more than one From */
	AUTHOR_HEADER,    /* the header is malformed: `header` says how */
	AUTHOR_NO_FROM,   /* there is no From */
	AUTHOR_ADDRESS,   /* From is malformed: `address_status`, `offset` */
	AUTHOR_NOBODY,    /* From has no mailbox: only empty groups */
	AUTHOR_DOMAIN,    /* a domain in it is none: `domain_status` */
	AUTHOR_DOMAINS,   /* mailboxes of different domains */
	AUTHOR_NO_MEMORY, /* the arena is full */
};

struct author {
	enum author_status status; /* the first of these that holds */
	enum header_status header; /* of the whole header */
	size_t fields;             /* From fields there are */
	struct span raw;           /* the value of the first of them, without
				      folds; "" if there is none */
	enum address_status address_status; /* of a From that was read */
	size_t offset;                      /* of the fault, in its value */
	size_t mailboxes;                   /* in From, those of groups too */
	size_t groups;                      /* in From */
	bool route;                         /* a source route was dropped */
	enum domain_status domain_status;   /* of the last domain looked at */
	/* with AUTHOR_OK */
	struct domain domain; /* the author domain, in A-labels */
	struct span address;  /* of the first mailbox */
	struct span display;  /* its display name, or "" */
	/* with AUTHOR_DOMAINS, AUTHOR_DOMAIN */
	struct span other; /* the domain, as written, that does not fit */
};

/*
 * Reads the author of the header `block`, which header_parse() gave with
 * `status`.  Always sets all of *ret; whether there is an author domain,
 * ret->status says.
 */
void author_read(const struct header_block *block, enum header_status status,
		 struct arena *arena, struct author *ret);

/*
 * As author_read(), of the value of a From field that is known to be the only
 * one of a header in order.
 */
void author_read_value(struct span value, struct arena *arena,
		       struct author *ret);

/* Returns a static clause that says why there is no author domain. */
const char *author_fault(const struct author *author);
