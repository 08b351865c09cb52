/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dkim_verify - the machine that verifies the DKIM signatures of a message.
 *
 * RFC 6376 section 6 with RFC 8301 and 8463.  Given the header it picks at
 * most DKIM_VERIFY_MAX signatures; the body is fed once, in any pieces, and
 * hashed for all of them together; then it asks DNS for the keys, one after
 * the other, and judges.  Its memory does not grow with the body.
 *
 * Pure: no I/O, no logging, no clock.  Ownership: the header (and the bytes
 * it borrows) must outlive the machine; what it keeps lives in the arena,
 * and dkim_verify_release() frees the rest.  The results stay good as long as
 * header and arena do.
 */
#pragma once

#include "dns/record.h"
#include "mailauth/canon.h"
#include "mailauth/dkim_keys.h"
#include "mailauth/dkim_signature.h"

#define DKIM_VERIFY_MAX 8 /* signatures looked at in a message */
/*
 * Seconds that t= may lie in the future.  RFC 6376 section 3.5: "MAY ignore
 * signatures that have a timestamp in the future".  Hosts whose local time
 * passes for UTC are up to twelve hours ahead, and their mail is genuine.
 */
#define DKIM_SKEW_MAX 43200
#define DKIM_VERIFY_ARENA                                                      \
	262144 /* octets it takes from the arena at most: h=,                  \
		  i= and b= of the signatures, key records */

/* RFC 8601 section 2.7.1 */
enum dkim_outcome {
	DKIM_NONE = 0,  /* no signature */
	DKIM_PASS,      /* it is good */
	DKIM_FAIL,      /* header or body are not what was signed */
	DKIM_PERMERROR, /* it cannot be verified, ever */
	DKIM_TEMPERROR, /* DNS failed: later perhaps */
};

/* Why an outcome is what it is. */
enum dkim_reason {
	DKIM_REASON_OK = 0,
	DKIM_REASON_SIGNATURE,  /* malformed: see signature_status */
	DKIM_REASON_SHA1,       /* rsa-sha1 (RFC 8301 s3.1) */
	DKIM_REASON_EXPIRED,    /* x= is past */
	DKIM_REASON_FUTURE,     /* t= is more than DKIM_SKEW_MAX ahead */
	DKIM_REASON_DNS,        /* DNS gave an error for the key */
	DKIM_REASON_NO_KEY,     /* there is no TXT at the key's name */
	DKIM_REASON_KEY_RECORD, /* unusable: see key_status */
	DKIM_REASON_MANY_KEYS,  /* several key records at one name */
	DKIM_REASON_KEY_TYPE,   /* k= is not what a= needs */
	DKIM_REASON_KEY_STRICT, /* t=s, and i= is under d=, not at it */
	DKIM_REASON_LENGTH,     /* l= is more than there is */
	DKIM_REASON_BODY,       /* the body hash is another */
	DKIM_REASON_HEADER,     /* the signature of the header is wrong */
};

/* What was found out about one signature. */
struct dkim_result {
	enum dkim_outcome outcome;
	enum dkim_reason reason;
	const struct header_field *field; /* the DKIM-Signature */
	enum dkim_signature_status signature_status;
	struct dkim_signature signature;  /* as far as it could be read */
	bool has_record;                  /* a key record was read */
	enum dkim_key_status key_status;  /* of the record */
	enum pubkey_status pubkey_status; /* with DKIM_KEY_BAD_KEY */
	struct span record;               /* its text; "" if there is none */
	int bits;                         /* of the key; 0 if it was not read */
	bool testing;                     /* the key has t=y */
	bool authentic;                   /* DNSSEC, as the answer said */
	uint32_t ttl;                     /* seconds the key may be kept */
	bool body_checked;                /* body_good and body_rest are set */
	bool body_good;                   /* the body hash is right */
	uint64_t body_rest;  /* canonical octets behind l=, not signed */
	bool dmarc_eligible; /* may count for DMARC: all of the body signed */
	int64_t age; /* seconds since t=; -1 if it has none or lies ahead */
};

struct dkim_verify;

/* What a verification goes by, besides the message; copied by new. */
struct dkim_verify_input {
	const struct domain *from; /* the author domain, whose signatures are
				      looked at first where there are too many;
				      NULL: not known */
	int64_t now;               /* in milliseconds since 1970 */
	struct dkim_keys *keys;    /* parsed keys, to use and to add to; it
				      must outlive the machine; NULL: none */
};

/*
 * Starts on `header`.  The arena must allow DKIM_VERIFY_ARENA and be the
 * same until the end.
 */
struct dkim_verify *dkim_verify_new(const struct header_block *header,
				    const struct dkim_verify_input *input,
				    struct arena *arena) MUST_CHECK;

/* Frees the machine, which may be NULL; the results remain. */
void dkim_verify_free(struct dkim_verify *m);

/* For CLEANUP(dkim_verify_freep). */
DEFINE_FREEP(dkim_verify)

/* Goes on with `bytes` of the body: what follows the header's empty line. */
void dkim_verify_feed(struct dkim_verify *m, struct span bytes);

/* Ends the body.  Only then may it be asked. */
void dkim_verify_end(struct dkim_verify *m);

/* Returns true and sets *ret if it waits for the answer to *ret. */
bool dkim_verify_ask(struct dkim_verify *m,
		     struct dns_question *ret) MUST_CHECK;

/* Gives the answer to what was asked. */
void dkim_verify_answer(struct dkim_verify *m, const struct dns_answer *a);

/* Returns the results, *ret_len of them, in the order of the fields. */
const struct dkim_result *dkim_verify_results(const struct dkim_verify *m,
					      size_t *ret_len);

/* Returns how many signatures were not looked at, being too many. */
size_t dkim_verify_skipped(const struct dkim_verify *m);

/*
 * Returns the outcome of the message: DKIM_PASS if one passes, DKIM_NONE if
 * there is none, else that of the first.
 */
enum dkim_outcome dkim_verify_outcome(const struct dkim_verify *m);

/* Returns "pass", "permerror" ... (RFC 8601 s2.7.1); static. */
const char *dkim_outcome_name(enum dkim_outcome outcome);

/* Returns a static clause that says why, fit to show to a user. */
const char *dkim_result_text(const struct dkim_result *result);
