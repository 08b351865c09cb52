/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pubkey - the public half of a DKIM key, and the check of a signature.
 *
 * A key from a stranger's DNS is read by our own small DER reader, looked at
 * number by number, and only then given to libcrypto: no exponent or modulus
 * that makes verifying dear gets that far.  This is not a reader of key
 * records: the "p=" text was decoded from base64 already.
 *
 * A key is prepared once: what libcrypto needs for each verification is made
 * with the first and kept.  So a key, and all that share it, belong to one
 * thread at a time.
 *
 * Purity: no I/O, no logging, no clock; a heap object per key.
 * RFC 6376 section 3.3, RFC 8301, RFC 8463; RFC 8017 for RSA.
 */
#pragma once

#include "base/macros.h"
#include "base/span.h"
#include "crypt/digest.h"

/* RFC 8301 s3.2: "Verifiers MUST NOT consider signatures using RSA keys of
 * less than 1024 bits as valid signatures." */
#define PUBKEY_BITS_MIN 1024
/* RFC 8301 s3.2: verifiers must manage 4096 bits; more only costs time. */
#define PUBKEY_BITS_MAX 4096
/* Bits of the largest exponent: the usual ones have 2 or 17, and each bit
 * costs a verifier time. */
#define PUBKEY_EXPONENT_BITS_MAX 33
/* Octets of an Ed25519 public key. */
#define PUBKEY_ED25519_SIZE 32

enum pubkey_status {
	PUBKEY_OK = 0,
	PUBKEY_MALFORMED,    /* not DER of a key, or something behind it; for
				Ed25519, not 32 octets */
	PUBKEY_NOT_RSA,      /* a SubjectPublicKeyInfo of another algorithm */
	PUBKEY_WEAK,         /* fewer than PUBKEY_BITS_MIN bits */
	PUBKEY_TOO_BIG,      /* more than PUBKEY_BITS_MAX bits */
	PUBKEY_BAD_MODULUS,  /* the modulus is even */
	PUBKEY_BAD_EXPONENT, /* even, below 3 or too large */
	PUBKEY_REFUSED,      /* libcrypto would not have it */
};

/* The algorithm of a key, public or private. */
enum key_type {
	KEY_RSA = 1,     /* rsa-sha256 */
	KEY_ED25519 = 2, /* ed25519-sha256 */
};

struct pubkey;

/*
 * Reads `der`, all of it: a SubjectPublicKeyInfo or a bare RSAPublicKey (both
 * occur in DNS; RFC 6376 errata).  PUBKEY_OK sets *ret, which the caller
 * frees; any other status leaves it alone.
 */
enum pubkey_status pubkey_rsa(struct span der, struct pubkey **ret) MUST_CHECK;

/* As pubkey_rsa(), of the 32 octets of an Ed25519 key (RFC 8463 s4). */
enum pubkey_status pubkey_ed25519(struct span raw,
				  struct pubkey **ret) MUST_CHECK;

/* Returns `key` once more: each is given up with pubkey_free(). */
struct pubkey *pubkey_share(struct pubkey *key);

/* Gives up `key`, which may be NULL; the last one frees it. */
void pubkey_free(struct pubkey *key);

/* For CLEANUP(pubkey_freep). */
DEFINE_FREEP(pubkey)

/*
 * Returns whether `signature` is that of `digest` under `key`: for RSA,
 * RSASSA-PKCS1-v1_5 with SHA-256 over a digest made already; for Ed25519,
 * PureEdDSA with the digest as the message (RFC 8463 s3).
 */
bool pubkey_verify(struct pubkey *key, const uint8_t digest[DIGEST_SIZE],
		   struct span signature) MUST_CHECK;

/*
 * Sets `ret` to the digest that `signature` was made of with the private half
 * of `key`: RSA gives it back.  Returns false if it is no signature by that
 * key of a SHA-256 digest, or `key` is no RSA key.
 */
bool pubkey_recover(const struct pubkey *key, struct span signature,
		    uint8_t ret[DIGEST_SIZE]) MUST_CHECK;

/* Returns the bits of the modulus; 256 for Ed25519. */
int pubkey_bits(const struct pubkey *key);

/* Returns the algorithm of `key`. */
enum key_type pubkey_type(const struct pubkey *key);

/* Returns a static clause for `status`, fit to show to a user. */
const char *pubkey_strerror(enum pubkey_status status);
