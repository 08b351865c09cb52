/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dkim - are the DKIM signatures of a message good?
 *
 * RFC 6376 section 6 with RFC 8301 (no SHA-1, no RSA below 1024 bits), RFC
 * 8463 (Ed25519) and RFC 8616.  Feed the message in any pieces, end it,
 * answer its questions for keys, and look at the results.  At most 8
 * signatures are looked at; the memory taken does not grow with the body.
 *
 * Memory: at most 1.5 MiB and a DNS answer.
 */
#ifndef SESAME_MAILAUTH_DKIM_H
#define SESAME_MAILAUTH_DKIM_H

#include <sesame/mailauth/cache.h>
#include <sesame/mailauth/dns.h>

SESAME_BEGIN

struct sesame_dkim;

/* RFC 8601 section 2.7.1. */
enum sesame_dkim_code {
	SESAME_DKIM_NONE = 0,      /* there is no signature */
	SESAME_DKIM_PASS = 1,      /* it is good */
	SESAME_DKIM_FAIL = 2,      /* header or body are not what was signed */
	SESAME_DKIM_PERMERROR = 3, /* it cannot be verified, ever */
	SESAME_DKIM_TEMPERROR = 4, /* DNS failed: later perhaps */
};

/* Why a result is what it is. */
enum sesame_dkim_reason {
	SESAME_DKIM_GOOD = 0,        /* it is good */
	SESAME_DKIM_MALFORMED = 1,   /* the DKIM-Signature field is */
	SESAME_DKIM_SHA1 = 2,        /* rsa-sha1 (RFC 8301 section 3.1) */
	SESAME_DKIM_EXPIRED = 3,     /* x= is past */
	SESAME_DKIM_FUTURE = 4,      /* t= is far ahead */
	SESAME_DKIM_DNS = 5,         /* DNS gave an error for the key */
	SESAME_DKIM_NO_KEY = 6,      /* there is no TXT at the key's name */
	SESAME_DKIM_KEY_RECORD = 7,  /* the key record is not usable */
	SESAME_DKIM_MANY_KEYS = 8,   /* several key records at one name */
	SESAME_DKIM_KEY_TYPE = 9,    /* the key is not what a= needs */
	SESAME_DKIM_KEY_STRICT = 10, /* t=s, and i= is not at d= itself */
	SESAME_DKIM_LENGTH = 11,     /* l= is more than there is */
	SESAME_DKIM_BODY = 12,       /* the body was changed */
	SESAME_DKIM_HEADER = 13,     /* the header was changed, or the key is
					another */
};

/* Flags of a message that is fed. */
enum sesame_message_flag {
	SESAME_UNIX_LINES = 1, /* its lines end in LF alone, as in a file: each
				  is taken as CRLF.  Without it, a bare LF is
				  a defect, which it is in SMTP. */
};

/* What a verification goes by.  Zero it, then set what you know. */
struct sesame_dkim_input {
	size_t size;                      /* sizeof(struct sesame_dkim_input) */
	int64_t time_ms;                  /* now */
	struct sesame_text author_domain; /* whose signatures are looked at
					     first if there are too many; may
					     be unset */
	struct sesame_cache *cache;       /* may be NULL */
	unsigned flags;                   /* of enum sesame_message_flag */
};

/* What was found out about one signature. */
struct sesame_dkim_result {
	enum sesame_dkim_code code;     /* the result */
	enum sesame_dkim_reason reason; /* why */
	const char *reason_text;        /* the same, more precisely, for a
					   person */
	struct sesame_text domain;      /* d=, in A-labels; "" if not legible */
	struct sesame_text selector;    /* s=; "" if not legible */
	struct sesame_text identity;    /* i=; "" if not legible */
	struct sesame_text algorithm;   /* "rsa-sha256", "ed25519-sha256" */
	struct sesame_text record;      /* the key record; "" if none */
	int bits;                       /* of the key; 0: it was not read */
	int64_t time_s;                 /* t=; -1 without one */
	int64_t expiry_s;               /* x=; -1 without one */
	bool testing;        /* the key has t=y (RFC 6376 section 3.6.1) */
	bool authentic;      /* DNSSEC proved the key, if that was trusted */
	bool dmarc_eligible; /* may count for DMARC: no part of the body is
				left unsigned by l= */
	uint64_t body_rest;  /* octets behind l=, which are not signed */
	bool aligned;        /* d= with the author, as DMARC has it; only of
				sesame_verify */
	size_t field;        /* which field of the header it is, from 0 */
};

/* Starts on a message.  Fails with SESAME_ERR_ARGUMENT, SESAME_ERR_DOMAIN. */
SESAME_API enum sesame_status
sesame_dkim_new(const struct sesame_dkim_input *in, struct sesame_dkim **ret);

/* Frees `dkim`, which may be NULL, and its results. */
SESAME_API void sesame_dkim_free(struct sesame_dkim *dkim);

/* Goes on with `len` bytes of the message, header first. */
SESAME_API enum sesame_status sesame_dkim_feed(struct sesame_dkim *dkim,
					       const void *bytes, size_t len);

/* Ends the message: then its DNS side asks. */
SESAME_API enum sesame_status sesame_dkim_end(struct sesame_dkim *dkim);

/* Borrows its DNS side, to be answered until it asks no more. */
SESAME_API struct sesame_dns *sesame_dkim_dns(struct sesame_dkim *dkim);

/* Returns how many signatures were looked at; 0 while a question waits. */
SESAME_API size_t sesame_dkim_count(const struct sesame_dkim *dkim);

/* Returns how many more there are. */
SESAME_API size_t sesame_dkim_skipped(const struct sesame_dkim *dkim);

/* Borrows the result of signature `i`, top down; NULL if there is none. */
SESAME_API const struct sesame_dkim_result *
sesame_dkim_result(const struct sesame_dkim *dkim, size_t i);

/*
 * Returns the result of the message: pass if one passes, none if there is no
 * signature (or a question waits), else that of the first.
 */
SESAME_API enum sesame_dkim_code
sesame_dkim_outcome(const struct sesame_dkim *dkim);

/* Returns "pass", "permerror" ... as RFC 8601 has it; static. */
SESAME_API const char *sesame_dkim_name(enum sesame_dkim_code code);

SESAME_END

#endif
