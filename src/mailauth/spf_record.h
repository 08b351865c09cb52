/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spf_record - the terms of a "v=spf1" record.
 *
 * RFC 7208 sections 4.5, 4.6, 5, 6 and 12.  Syntax is all there is here: no
 * term is evaluated and no macro expanded.  RFC 7208 section 4.6: "if there
 * are any syntax errors anywhere in the record, check_host() returns
 * immediately with the result "permerror", without further interpretation or
 * evaluation".
 *
 * Pure: no I/O, no logging, no clock; allocates in the arena given.
 * Ownership: the terms live in the arena, and their spans point into the
 * text given to spf_record_parse().
 */
#pragma once

#include "base/arena.h"
#include "mailauth/spf_ip.h"

#define SPF_TEXT_MAX  16384 /* octets of a record; a longer one is refused */
#define SPF_TERMS_MAX 512   /* terms of a record */

enum spf_kind {
	SPF_ALL,      /* section 5.1 */
	SPF_INCLUDE,  /* section 5.2 */
	SPF_A,        /* section 5.3 */
	SPF_MX,       /* section 5.4 */
	SPF_PTR,      /* section 5.5: "SHOULD NOT be published" */
	SPF_IP4,      /* section 5.6 */
	SPF_IP6,      /* section 5.6 */
	SPF_EXISTS,   /* section 5.7 */
	SPF_REDIRECT, /* section 6.1: a modifier */
	SPF_EXP,      /* section 6.2: a modifier */
	SPF_UNKNOWN,  /* section 6: a modifier to be ignored */
};

struct spf_term {
	enum spf_kind kind; /* which mechanism or modifier */
	char qualifier;     /* '+', '-', '~' or '?'; '+' for a modifier */
	struct span text;   /* as written, with its qualifier */
	struct span domain; /* the domain-spec, not expanded; "" if none */
	struct spf_ip ip;   /* SPF_IP4, SPF_IP6 */
	uint8_t prefix4;    /* bits compared of an IPv4 address, 0..32 */
	uint8_t prefix6;    /* bits compared of an IPv6 address, 0..128 */
};

struct spf_record {
	const struct spf_term *term;     /* in the order written */
	size_t len;                      /* of term */
	const struct spf_term *redirect; /* of term, or NULL */
	const struct spf_term *exp;      /* of term, or NULL */
};

enum spf_record_status {
	SPF_RECORD_OK = 0,
	SPF_RECORD_NOT_SPF,      /* it does not begin with the version */
	SPF_RECORD_TOO_LONG,     /* above SPF_TEXT_MAX, or the arena's limit */
	SPF_RECORD_TOO_MANY,     /* above SPF_TERMS_MAX terms */
	SPF_RECORD_BAD_BYTE,     /* a byte that no record may have */
	SPF_RECORD_NO_MECHANISM, /* no mechanism has this name */
	SPF_RECORD_NO_DOMAIN,    /* the term needs a domain and has none */
	SPF_RECORD_BAD_DOMAIN,   /* the domain-spec is malformed */
	SPF_RECORD_BAD_ADDRESS,  /* the address of ip4: or ip6: is malformed */
	SPF_RECORD_BAD_PREFIX,   /* the "/" length is malformed or too large */
	SPF_RECORD_NO_ARGUMENT,  /* the term takes no argument and has one */
	SPF_RECORD_BAD_MODIFIER, /* a modifier's name or value is malformed */
	SPF_RECORD_TWICE,        /* redirect= or exp= is there twice */
};

/*
 * Returns whether `text` begins with the version "v=spf1" and a space or its
 * end (RFC 7208 section 4.5), whatever follows.
 */
bool spf_record_is(struct span text);

/*
 * Parses the whole of `text`.  SPF_RECORD_OK sets *ret and leaves *reterr
 * alone; any other status leaves *ret alone and sets *reterr to the part of
 * `text` at fault: a term, or all of it.
 */
enum spf_record_status spf_record_parse(struct span text, struct arena *arena,
					struct spf_record *ret,
					struct span *reterr) MUST_CHECK;

/* Returns a static clause for `status`, fit to show to a user. */
const char *spf_record_strerror(enum spf_record_status status);

/* Returns the name of `kind`, such as "include" or "redirect"; static. */
const char *spf_kind_name(enum spf_kind kind);
