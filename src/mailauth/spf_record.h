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
 * What is read is a compiled form of 32 octets a term, in which everything
 * is a number or a place in the record's text: a term can be compared with
 * an address at once, and text and terms can be moved apart from each other.
 *
 * Pure: no I/O, no logging, no clock; allocates in the arena given.
 * Ownership: a record borrows its text and its terms.
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

/* spf_term.name of a term without a name made beforehand. */
#define SPF_NAME_NONE UINT16_MAX

struct spf_term {
	enum spf_kind kind : 8; /* which mechanism or modifier */
	char qualifier;         /* '+', '-', '~' or '?'; '+' for a modifier */
	uint8_t prefix4;        /* bits compared of an IPv4 address, 0..32 */
	uint8_t prefix6;        /* bits compared of an IPv6 address, 0..128 */
	uint8_t uses;           /* what its domain-spec uses: SPF_USES_... of
				   spf_macro.h */
	uint16_t at;            /* where it stands in the text, as written, with
				   its qualifier */
	uint16_t len;           /* how long it is there */
	uint16_t domain_at;     /* where its domain-spec stands in the text */
	uint16_t domain_len;    /* how long that is; 0 if there is none */
	uint16_t name; /* where its domain's name is in spf_record.names,
			  or SPF_NAME_NONE */
	union {
		struct {
			uint32_t net4;  /* SPF_IP4: the address as written */
			uint32_t mask4; /* and the bits of it compared */
		};
		uint64_t net6[2]; /* SPF_IP6: the address, as two numbers */
	};
};

struct spf_record {
	struct span text;            /* all of it */
	const struct spf_term *term; /* in the order written */
	const uint8_t *names;  /* of some terms, each a struct dname as far as
				  dname_set() reads it: a cache makes them */
	uint16_t len;          /* of term */
	uint16_t names_len;    /* octets of names */
	int16_t redirect, exp; /* the modifier's index in term, or -1 */
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
 * Parses the whole of `text`, which the record borrows.  SPF_RECORD_OK sets
 * *ret and leaves *reterr alone; any other status leaves *ret alone and sets
 * *reterr to the part of `text` at fault: a term, or all of it.
 */
enum spf_record_status spf_record_parse(struct span text, struct arena *arena,
					struct spf_record *ret,
					struct span *reterr) MUST_CHECK;

/*
 * As spf_record_parse(), into the caller's `term`, of which there are `room`.
 * With more terms than that it is SPF_RECORD_TOO_MANY.
 */
enum spf_record_status spf_record_parse_into(struct span text,
					     struct spf_term *term, size_t room,
					     struct spf_record *ret,
					     struct span *reterr) MUST_CHECK;

/* Parses one term, `s`; sets *ret, of which `at` and `domain_at` count from
 * the first octet of `s`. */
enum spf_record_status spf_term_parse(struct span s,
				      struct spf_term *ret) MUST_CHECK;

/* Borrows the term as written. */
static inline struct span
spf_term_text(const struct spf_record *r, const struct spf_term *term)
{
	return (struct span){r->text.ptr + term->at, term->len};
}

/* Borrows the domain-spec of the term, not expanded; "" if it has none. */
static inline struct span
spf_term_domain(const struct spf_record *r, const struct spf_term *term)
{
	return (struct span){r->text.ptr + term->domain_at, term->domain_len};
}

/* Returns the address of an SPF_IP4 or SPF_IP6, as written. */
struct spf_ip spf_term_ip(const struct spf_term *term);

/* Borrows the modifier redirect=, or NULL. */
static inline const struct spf_term *
spf_record_redirect(const struct spf_record *r)
{
	return r->redirect < 0 ? NULL : &r->term[r->redirect];
}

/* Borrows the modifier exp=, or NULL. */
static inline const struct spf_term *
spf_record_exp(const struct spf_record *r)
{
	return r->exp < 0 ? NULL : &r->term[r->exp];
}

/* Returns a static clause for `status`, fit to show to a user. */
const char *spf_record_strerror(enum spf_record_status status);

/* Returns the name of `kind`, such as "include" or "redirect"; static. */
const char *spf_kind_name(enum spf_kind kind);
