/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evp - what pubkey and privkey share of libcrypto.
 *
 * For src/crypt alone: the only header of ours that shows libcrypto's types.
 * Nothing here leaves entries in libcrypto's error queue, which TLS reads.
 */
#pragma once

#include <openssl/evp.h>
#include <openssl/types.h>

#include "crypt/pubkey.h"

/* Octets of the longest signature. */
#define EVP_SIGNATURE_MAX (PUBKEY_BITS_MAX / 8)

/* The numbers of an RSA key: octets, most significant first. */
struct evp_rsa {
	struct span n;         /* the modulus */
	struct span e;         /* the public exponent */
	struct span secret[6]; /* d, p, q, d mod p-1, d mod q-1, 1/q mod p;
				  d.len 0: only the public key */
};

/* Cuts a modulus and an exponent off *rest; false if they do not stand there.
 */
bool evp_rsa_take_public(struct span *rest, struct evp_rsa *ret) MUST_CHECK;

/* Looks at n and e: sizes, odd, exponent.  Sets *ret_bits of the modulus. */
enum pubkey_status evp_rsa_judge(const struct evp_rsa *rsa, int *ret_bits);

/* Returns a key of these numbers, or NULL if libcrypto will not have it. */
EVP_PKEY *evp_rsa_key(const struct evp_rsa *rsa) MUST_CHECK;

/* A key that verifies, and what the first verification prepared. */
struct evp_verifier {
	EVP_PKEY *pkey;    /* owned */
	EVP_PKEY_CTX *rsa; /* ready for RSASSA-PKCS1-v1_5; NULL: not yet */
};

/* Frees what `v` holds. */
void evp_verifier_release(struct evp_verifier *v);

/* As pubkey_verify(), for a key of `type`. */
bool evp_verify(struct evp_verifier *v, enum key_type type,
		const uint8_t digest[DIGEST_SIZE],
		struct span signature) MUST_CHECK;

/* Returns SHA-256, fetched once for the whole process. */
const EVP_MD *evp_sha256(void);

/* As pubkey_recover(), for `pkey`, which is RSA. */
bool evp_recover(EVP_PKEY *pkey, struct span signature,
		 uint8_t ret[DIGEST_SIZE]) MUST_CHECK;
