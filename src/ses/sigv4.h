/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigv4 - AWS Signature Version 4, in the Authorization header.
 *
 * Both sides of it: reading and checking what a client sent, strictly, up to
 * the string to sign (who holds the secret judges the signature: keyd), and
 * signing requests of our own, with the secret at hand.
 *
 * The path is encoded a second time for the canonical request, as every
 * service but S3 has it, and like the query's parameters it is never
 * normalised: the octets that were signed are those that are routed.  The hash
 * is always that of the body that came.  A signature in the query, a date that
 * is only in "Date", an x-amz- field that is not signed, an unsigned payload
 * and, since sesame hands out none, a session token are refused.
 *
 * "AWS Signature Version 4 for API requests" in the AWS IAM guide.
 *
 * Pure: no allocation but in given buffers, no I/O, no logging, no clock.
 * Ownership: a struct sigv4 borrows from the fields it was read from.
 */
#pragma once

#include "base/buf.h"
#include "base/error.h"
#include "crypt/digest.h"

/* Octets of an access key's id. */
#define SIGV4_KEY_MAX 128
/* Names in SignedHeaders. */
#define SIGV4_SIGNED_MAX 64
/* Octets of a canonical request, without the body. */
#define SIGV4_CANONICAL_MAX (128 * 1024)
/* Octets of a string to sign. */
#define SIGV4_STRING_MAX 1024
/* How far X-Amz-Date may be from now, in milliseconds. */
#define SIGV4_SKEW_MS (INT64_C(300) * 1000)
/* "20261123T031437Z" and a NUL. */
#define SIGV4_TIME_SIZE 17
/* Octets of a signature. */
#define SIGV4_SIGNATURE_SIZE 32

/* A field of a request. */
struct sigv4_header {
	struct span name;  /* in any case */
	struct span value; /* as sent, without white space at its ends */
};

/* What is signed of a request, besides its body. */
struct sigv4_request {
	struct span method;
	struct span path;  /* as sent, percent codes and all */
	struct span query; /* as sent, without its "?"; may be empty */
	const struct sigv4_header *header;
	size_t headers; /* of header */
};

/* What a signature's fields say. */
struct sigv4 {
	struct span access_key;
	struct span date;           /* of the scope: eight digits */
	struct span region;         /* of the scope */
	struct span service;        /* of the scope */
	struct span signed_headers; /* as sent: "host;x-amz-date" */
	struct span time;           /* X-Amz-Date */
	int64_t at;                 /* the same in milliseconds since 1970 */
	uint8_t signature[SIGV4_SIGNATURE_SIZE];
	bool token; /* there is an X-Amz-Security-Token */
};

/* What sigv4_parse() and sigv4_check() say of a request. */
enum sigv4_status {
	SIGV4_OK = 0,
	SIGV4_ABSENT,      /* there is no Authorization */
	SIGV4_TWICE,       /* there are two, or one is in the query */
	SIGV4_ALGORITHM,   /* another algorithm than AWS4-HMAC-SHA256 */
	SIGV4_INCOMPLETE,  /* a part is missing, twice or malformed */
	SIGV4_TERMINATOR,  /* the scope does not end in aws4_request */
	SIGV4_DATE,        /* X-Amz-Date missing, twice or malformed */
	SIGV4_SCOPE_DATE,  /* the scope has another day than X-Amz-Date */
	SIGV4_SIGNED,      /* SignedHeaders unsorted, of fields not there, or
			      without host or an x-amz- field */
	SIGV4_PAYLOAD,     /* x-amz-content-sha256 is no hash, or another */
	SIGV4_EXPIRED,     /* signed too long ago */
	SIGV4_EARLY,       /* signed in the future */
	SIGV4_REGION,      /* the scope is of another region */
	SIGV4_SERVICE,     /* the scope is of another service */
	SIGV4_TOKEN,       /* with a session token, and nobody has given one */
	SIGV4_WRONG,       /* the signature is not that of the secret: for the
			      caller to set */
	SIGV4_UNKNOWN,     /* nobody has that access key: for the caller */
	SIGV4_STATUS_COUNT /* how many there are */
};

/* Who signs. */
struct sigv4_signer {
	struct span access_key;
	struct span secret;
	struct span region;
	struct span service; /* "ses", "route53" ... */
};

/*
 * Reads the signature of `request`, all of which is known before the body.
 * SIGV4_OK sets *ret; any other status leaves it alone.
 */
enum sigv4_status sigv4_parse(const struct sigv4_request *request,
			      struct sigv4 *ret) MUST_CHECK;

/*
 * Checks that `sig` is of now, of this region and service, and of an access
 * key that lasts.  `now` is in milliseconds since 1970.
 */
enum sigv4_status sigv4_check(const struct sigv4 *sig, struct span region,
			      struct span service, int64_t now) MUST_CHECK;

/*
 * Appends the string to sign of `request` with a body of this digest.
 * SIGV4_PAYLOAD says that the request announces another hash, SIGV4_INCOMPLETE
 * that it is too long; else SIGV4_OK.
 */
enum sigv4_status sigv4_string_to_sign(const struct sigv4_request *request,
				       const struct sigv4 *sig,
				       const uint8_t body[DIGEST_SIZE],
				       struct buf *ret) MUST_CHECK;

/* Appends the canonical request: what the string to sign has the hash of. */
bool sigv4_canonical(const struct sigv4_request *request,
		     struct span signed_headers,
		     const uint8_t body[DIGEST_SIZE], struct buf *ret);

/*
 * Signs `string`, a string to sign, with the key derived from `secret` and
 * the scope's parts.
 */
void sigv4_signature(struct span secret, struct span date, struct span region,
		     struct span service, struct span string,
		     uint8_t ret[SIGV4_SIGNATURE_SIZE]);

/*
 * Signs a request of our own: appends the value of its Authorization to
 * *ret.  All its fields are signed; among them must be host and x-amz-date,
 * whose value is sigv4_time_format() of the wall clock.
 * Returns false if a field is named twice, one of these is missing, or it is
 * all too long.
 */
bool sigv4_sign(const struct sigv4_request *request,
		const struct sigv4_signer *signer,
		const uint8_t body[DIGEST_SIZE], struct buf *ret) MUST_CHECK;

/* Writes "20261123T031437Z" of milliseconds since 1970; "" after 9999. */
void sigv4_time_format(int64_t time, char ret[static SIGV4_TIME_SIZE]);

/* Reads just that form into *ret, in milliseconds since 1970. */
bool sigv4_time_parse(struct span text, int64_t *ret) MUST_CHECK;

/*
 * Sets *reterr to what SES answers for `status`, which is not SIGV4_OK: code
 * and text.  `sig` may be NULL where sigv4_parse() did not set it.
 * Returns false.
 */
bool sigv4_refuse(enum sigv4_status status, const struct sigv4 *sig,
		  struct span region, int64_t now, struct error *reterr);
