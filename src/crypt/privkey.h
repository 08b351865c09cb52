/* SPDX-License-Identifier: Apache-2.0 */
/*
 * privkey - the private half of a DKIM key: made, read, used, written.
 *
 * Keys that a person brings (BYODKIM) come through privkey_import(), which
 * examines them; keys of ours come back from their sealed form through
 * privkey_load(), which trusts that they were examined once.  Reading is by
 * our own DER reader: every secret number goes from a struct secret into
 * libcrypto's secure heap, with no copy in ordinary memory.  For keyd and
 * the tools of cli alone.
 *
 * A key prepares with its first signature what libcrypto needs for each, and
 * so belongs to one thread at a time.
 *
 * Purity: draws randomness (making, and blinding while signing); no other
 * I/O, no logging, no clock.  RFC 5958, RFC 8017, RFC 8410.
 */
#pragma once

#include "base/buf.h"
#include "crypt/pubkey.h"
#include "crypt/secret.h"

/* Octets of the longest privkey_export(), that of 4096 bits. */
#define PRIVKEY_DER_MAX 2560
/* Octets of the longest privkey_public(), that of 4096 bits. */
#define PRIVKEY_PUBLIC_MAX 800
/* Octets of the longest signature. */
#define PRIVKEY_SIGNATURE_MAX 512

enum privkey_status {
	PRIVKEY_OK = 0,
	PRIVKEY_EMPTY,         /* there is nothing */
	PRIVKEY_TOO_LONG,      /* longer than any key that is taken */
	PRIVKEY_TORN,          /* PEM whose END line is missing */
	PRIVKEY_NOT_A_KEY,     /* neither PEM, DER nor base64 */
	PRIVKEY_ENCRYPTED,     /* needs a passphrase first */
	PRIVKEY_PUBLIC,        /* a public key, or a certificate */
	PRIVKEY_BAD_ALGORITHM, /* a private key that is neither RSA nor
				  Ed25519 */
	PRIVKEY_MALFORMED,     /* not encoded as it should be */
	PRIVKEY_TOO_SMALL,     /* RSA of fewer than 1024 bits */
	PRIVKEY_TOO_BIG,       /* RSA of more than 4096 bits */
	PRIVKEY_BAD_EXPONENT,  /* RSA with another exponent than 65537 */
	PRIVKEY_INCONSISTENT,  /* the numbers do not belong together */
	PRIVKEY_WEAK,          /* known to be guessable: primes too close, or
				  of the ROCA form */
	PRIVKEY_STATUS_COUNT   /* how many there are */
};

struct privkey;

/*
 * Makes a key: RSA of 1024, 2048, 3072 or 4096 bits; `bits` is not looked at
 * for Ed25519.  Returns NULL for another number of bits, or if libcrypto
 * fails.
 */
struct privkey *privkey_generate(enum key_type type, int bits) MUST_CHECK;

/*
 * Reads and examines what a person handed over: PEM (PKCS#8 or PKCS#1), DER
 * of either, or base64 of one of those.  PRIVKEY_OK sets *ret, which the
 * caller frees; any other status leaves it alone.
 */
enum privkey_status privkey_import(struct span text,
				   struct privkey **ret) MUST_CHECK;

/*
 * Reads what privkey_export() wrote, without examining the numbers anew.
 * Returns NULL if it is something else.
 */
struct privkey *privkey_load(struct span der) MUST_CHECK;

/* Frees `key`, which may be NULL; libcrypto overwrites its numbers. */
void privkey_free(struct privkey *key);

/* For CLEANUP(privkey_freep). */
DEFINE_FREEP(privkey)

/* Makes *ret the key as DER of PKCS#8, for sealing. */
void privkey_export(const struct privkey *key, struct secret *ret);

/* Makes *ret the key as PEM of PKCS#8. */
void privkey_pem(const struct privkey *key, struct secret *ret);

/*
 * Appends to *ret what stands behind "p=" in a key record: base64 of a
 * SubjectPublicKeyInfo for RSA (RFC 6376 s3.6.1), of the 32 octets for
 * Ed25519 (RFC 8463 s4).
 */
void privkey_public(const struct privkey *key, struct buf *ret);

/*
 * Appends the signature of `digest` to *ret, as pubkey_verify() takes it.
 * Returns false, appending nothing, if libcrypto fails or if the signature
 * does not verify: a fault in memory must not leave here, since one wrong
 * RSA signature can give away the key.
 */
bool privkey_sign(const struct privkey *key, const uint8_t digest[DIGEST_SIZE],
		  struct buf *ret) MUST_CHECK;

/*
 * As privkey_sign(), without its own look at the signature, which is a
 * twentieth of the time for RSA and four fifths for Ed25519.  What the primes
 * of an RSA key give is compared by libcrypto itself, which then signs by the
 * private exponent.  For whoever checks otherwise.
 */
bool privkey_sign_unchecked(const struct privkey *key,
			    const uint8_t digest[DIGEST_SIZE],
			    struct buf *ret) MUST_CHECK;

/* Returns the bits of the modulus; 256 for Ed25519. */
int privkey_bits(const struct privkey *key);

/* Returns the algorithm of `key`. */
enum key_type privkey_type(const struct privkey *key);

/* Returns a static clause for `status`, fit to show to a user. */
const char *privkey_strerror(enum privkey_status status);
