/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sign - makes DKIM signatures (RFC 6376 section 5, RFC 8301, RFC 8463).
 *
 * Always c=relaxed/relaxed, with t= and without l=; From and the other fields
 * that people see are named once more than they are there, so that none can
 * be added without breaking the signature.
 *
 * With the key at hand:
 *
 *	sesame_sign_new(&in, &sign);        in.key is set
 *	sesame_sign_feed(sign, bytes, len); as often as need be
 *	sesame_sign_end(sign);
 *	field = sesame_sign_field(sign);    stands on top of the message
 *
 * With the key elsewhere, in an HSM say, in.key is NULL and in.key_type says
 * what it is: between end and field the program takes sesame_sign_digest()
 * there, and gives sesame_sign_signature() what comes back.
 *
 * Memory: at most 1.5 MiB; it does not grow with the body.
 */
#ifndef SESAME_MAILAUTH_SIGN_H
#define SESAME_MAILAUTH_SIGN_H

#include <sesame/mailauth/dkim.h>

SESAME_BEGIN

/* ---- keys ---- */

struct sesame_key;

/* Octets of what is signed: a SHA-256 digest. */
#define SESAME_DIGEST_SIZE 32
/* Octets of the longest signature, RSA of 4096 bits. */
#define SESAME_SIGNATURE_MAX 512
/* Octets of the longest text that sesame_key_load() takes. */
#define SESAME_KEY_TEXT_MAX 20480

/* The algorithm of a key. */
enum sesame_key_type {
	SESAME_KEY_RSA = 1,     /* rsa-sha256 */
	SESAME_KEY_ED25519 = 2, /* ed25519-sha256 */
};

/*
 * Reads a private key: PEM (PKCS#8 or PKCS#1), DER of either, or base64 of
 * one of those; RSA of 1024 to 4096 bits or Ed25519.  It is examined: numbers
 * that do not belong together, or are known to be guessable, are refused.
 * What it holds is overwritten when it is freed; the program should do the
 * same with its text.
 *
 * SESAME_OK sets *ret.  SESAME_ERR_KEY: sets *reterr_why, which may be NULL,
 * to a clause that says why it is none; static.
 */
SESAME_API enum sesame_status sesame_key_load(const void *text, size_t len,
					      struct sesame_key **ret,
					      const char **reterr_why);

/* Makes a key: RSA of 1024, 2048, 3072 or 4096 bits; Ed25519 takes 0. */
SESAME_API enum sesame_status sesame_key_generate(enum sesame_key_type type,
						  int bits,
						  struct sesame_key **ret);

/* Frees `key`, which may be NULL. */
SESAME_API void sesame_key_free(struct sesame_key *key);

/* Returns the algorithm of `key`. */
SESAME_API enum sesame_key_type sesame_key_type(const struct sesame_key *key);

/* Returns the bits of the modulus; 256 for Ed25519. */
SESAME_API int sesame_key_bits(const struct sesame_key *key);

/*
 * Borrows the record that its public half is published with, as TXT of
 * SELECTOR._domainkey.DOMAIN: "v=DKIM1; k=rsa; p=...".  In a zone file it has
 * to be cut into strings of at most 255 characters.
 */
SESAME_API struct sesame_text sesame_key_record(const struct sesame_key *key);

/*
 * Borrows the private key as PEM of PKCS#8: for keys that were made here.
 */
SESAME_API struct sesame_text sesame_key_pem(struct sesame_key *key);

/* ---- signatures ---- */

struct sesame_sign;

/* How to sign.  Zero it, then set what is needed. */
struct sesame_sign_input {
	size_t size;                   /* sizeof(struct sesame_sign_input) */
	struct sesame_text domain;     /* d=; U-labels become A-labels */
	struct sesame_text selector;   /* s= */
	const struct sesame_key *key;  /* that signs; it must outlive this.
					  NULL: the program has it */
	enum sesame_key_type key_type; /* if `key` is NULL */
	int64_t time_s;                /* t=: now */
	int64_t expiry_s;              /* x=; 0: none */
	unsigned flags;                /* of enum sesame_message_flag */
};

/*
 * Starts on a message.  Fails with SESAME_ERR_ARGUMENT, SESAME_ERR_DOMAIN or
 * SESAME_ERR_SELECTOR.
 */
SESAME_API enum sesame_status
sesame_sign_new(const struct sesame_sign_input *in, struct sesame_sign **ret);

/* Frees `sign`, which may be NULL. */
SESAME_API void sesame_sign_free(struct sesame_sign *sign);

/* Goes on with `len` bytes of the message, header first. */
SESAME_API enum sesame_status sesame_sign_feed(struct sesame_sign *sign,
					       const void *bytes, size_t len);

/*
 * Ends the message and, if there is a key, signs.  SESAME_ERR_MESSAGE: its
 * header is malformed (RFC 5322 section 2.2, a bare LF or CR included) or has
 * no From, or a line of its body does not end in CRLF: signed like that it
 * would not survive its way.  SESAME_ERR_TOO_BIG: too many fields to be
 * named.  SESAME_ERR_CRYPTO: libcrypto did not sign.
 */
SESAME_API enum sesame_status sesame_sign_end(struct sesame_sign *sign);

/*
 * Without a key, after the end: sets `ret` to the SESAME_DIGEST_SIZE octets
 * that are to be signed.  For RSA that is RSASSA-PKCS1-v1_5 with SHA-256, of
 * which this is the digest; for Ed25519 it is the message of PureEdDSA (RFC
 * 8463 section 3).
 */
SESAME_API enum sesame_status
sesame_sign_digest(const struct sesame_sign *sign,
		   unsigned char ret[SESAME_DIGEST_SIZE]);

/*
 * Takes the signature of that digest, `len` octets.  It is not verified.
 * SESAME_ERR_TOO_BIG: above SESAME_SIGNATURE_MAX.
 */
SESAME_API enum sesame_status sesame_sign_signature(struct sesame_sign *sign,
						    const void *signature,
						    size_t len);

/*
 * Borrows the whole DKIM-Signature field, folded, with the CRLF at its end:
 * it stands as it is on top of the message.  "" while it is not made.
 */
SESAME_API struct sesame_text sesame_sign_field(const struct sesame_sign *sign);

SESAME_END

#endif
