/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dkim_signature - the value of a DKIM-Signature field, checked.
 *
 * RFC 6376 section 3.5 with RFC 8301, 8463 and 8616: every rule that can be
 * looked at without DNS, a clock or the message.  Times are compared with
 * one another here, with the clock by dkim_verify.
 *
 * Pure: no allocation but in a given arena, no I/O, no logging, no clock.
 * Ownership: lives in the arena and borrows from the field.
 */
#pragma once

#include "base/arena.h"
#include "crypt/digest.h"
#include "dns/name.h"
#include "mailauth/canon.h"
#include "text/domain.h"
#include "text/header.h"

#define DKIM_HEADERS_MAX   100  /* names in h= */
#define DKIM_SIGNATURE_MAX 512  /* octets that b= stands for: RSA of 4096 */
#define DKIM_SELECTOR_MAX  189  /* octets: what is left of a name of 253 */
#define ARC_INSTANCE_MAX   50   /* RFC 8617 section 4.2.1 */
#define DKIM_VALUE_MAX     8192 /* octets of a whole DKIM-Signature value */

/* a= tag */
enum dkim_algorithm {
	DKIM_RSA_SHA256 = 1, /* rsa-sha256 */
	DKIM_ED25519_SHA256, /* ed25519-sha256, RFC 8463 */
	DKIM_RSA_SHA1,       /* rsa-sha1: known so that it can be refused */
};

enum dkim_signature_status {
	DKIM_SIGNATURE_OK = 0,
	DKIM_SIGNATURE_BAD_LIST,      /* it is no tag list (RFC 6376 s3.2) */
	DKIM_SIGNATURE_TOO_LONG,      /* above DKIM_VALUE_MAX octets */
	DKIM_SIGNATURE_NO_VERSION,    /* no v= */
	DKIM_SIGNATURE_BAD_VERSION,   /* v= is not 1 */
	DKIM_SIGNATURE_MISSING,       /* one of a b bh d h s is missing */
	DKIM_SIGNATURE_BAD_DOMAIN,    /* d= is no domain name */
	DKIM_SIGNATURE_BAD_SELECTOR,  /* s= is no selector */
	DKIM_SIGNATURE_BAD_ALGORITHM, /* a= is not one that we know */
	DKIM_SIGNATURE_BAD_CANON,     /* c= is not simple or relaxed */
	DKIM_SIGNATURE_BAD_QUERY,     /* q= does not offer dns/txt */
	DKIM_SIGNATURE_BAD_HEADERS,   /* h= is no list of field names */
	DKIM_SIGNATURE_TOO_MANY,      /* h= has over DKIM_HEADERS_MAX names */
	DKIM_SIGNATURE_NO_FROM,       /* h= does not name From */
	DKIM_SIGNATURE_BAD_IDENTITY,  /* i= is no such thing */
	DKIM_SIGNATURE_FOREIGN_IDENTITY, /* i= is not at or under d= */
	DKIM_SIGNATURE_BAD_TIME,     /* t= or x= is no number of 1-12 digits */
	DKIM_SIGNATURE_BAD_EXPIRY,   /* x= is not after t= */
	DKIM_SIGNATURE_BAD_LENGTH,   /* l= is no number of 1-76 digits */
	DKIM_SIGNATURE_BAD_HASH,     /* bh= is not base64 of a digest */
	DKIM_SIGNATURE_BAD_BASE64,   /* b= is not base64, or too long */
	DKIM_SIGNATURE_BAD_INSTANCE, /* ARC: i= is no number from 1 to 50 */
	DKIM_SIGNATURE_BAD_CHAIN,    /* ARC: cv= is not none, pass or fail */
	DKIM_SIGNATURE_BAD_SEAL,     /* ARC: a seal with h= or bh= */
};

struct dkim_signature {
	enum dkim_algorithm algorithm;  /* a= */
	enum canon header_canon;        /* c=, first half */
	enum canon body_canon;          /* c=, second half */
	struct domain domain;           /* d=, in A-labels */
	struct span selector;           /* s=, as written */
	struct dname key_name;          /* <s>._domainkey.<d> */
	struct span identity;           /* i=, decoded; "@<d>" without one */
	bool identity_is_domain;        /* what follows the "@" is d= itself */
	const struct span *header;      /* h=, the names */
	size_t headers;                 /* of header */
	uint8_t body_hash[DIGEST_SIZE]; /* bh= */
	struct span signature;          /* b=, decoded */
	bool has_length;                /* there is an l= */
	uint64_t length; /* l=, in octets; UINT64_MAX if it is above that */
	int64_t time;    /* t=, in seconds since 1970; -1 without one */
	int64_t expiry;  /* x=, in seconds since 1970; -1 without one */
	struct span before_b; /* of the field up to and with the "=" of b= */
	struct span after_b;  /* of the field from the end of b='s value on */
};

/*
 * Parses the DKIM-Signature `field`.
 *
 * DKIM_SIGNATURE_OK: sets all of *ret.  Any other status: sets as much of
 * *ret as could be read (domain.len and selector.len are 0 if not), so that
 * a report can name what it rejects; nothing of it may be trusted.
 */
enum dkim_signature_status
dkim_signature_parse(const struct header_field *field, struct arena *arena,
		     struct dkim_signature *ret) MUST_CHECK;

/* cv= of an ARC-Seal: what its maker thought of the chain before him. */
enum arc_cv {
	ARC_CV_NONE, /* there was none */
	ARC_CV_PASS, /* it was good */
	ARC_CV_FAIL, /* it was not */
};

/*
 * As dkim_signature_parse(), of an ARC-Message-Signature (RFC 8617 section
 * 4.1.2): it has no v=, its i= is the instance, and h= need not name From.
 */
enum dkim_signature_status
dkim_signature_parse_ams(const struct header_field *field, struct arena *arena,
			 struct dkim_signature *ret,
			 unsigned *ret_instance) MUST_CHECK;

/*
 * The same, of an ARC-Seal (RFC 8617 section 4.1.3): it has cv= too, and
 * neither h= nor bh=.
 */
enum dkim_signature_status
dkim_signature_parse_seal(const struct header_field *field, struct arena *arena,
			  struct dkim_signature *ret, unsigned *ret_instance,
			  enum arc_cv *ret_cv) MUST_CHECK;

/* Returns a static clause for `status`, fit to show to a user. */
const char *dkim_signature_strerror(enum dkim_signature_status status);

/* Returns "rsa-sha256" ...; static. */
const char *dkim_algorithm_name(enum dkim_algorithm algorithm);
