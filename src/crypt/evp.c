/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/evp.h"

#include <limits.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdatomic.h>

#include "base/mem.h"
#include "crypt/der.h"

/* How many numbers a private key has, n and e included. */
#define NUMBERS 8

/* Octets are most significant first, without leading zeros. */
static int
bits_of(struct span octets)
{
	uint8_t first = (uint8_t)octets.ptr[0];
	int bits = (int)(octets.len - 1) * 8;

	for (; first > 0; first >>= 1)
		bits++;
	return bits;
}

static bool
is_odd(struct span octets)
{
	return (octets.ptr[octets.len - 1] & 1) != 0;
}

bool
evp_rsa_take_public(struct span *rest, struct evp_rsa *ret)
{
	return der_take_unsigned(rest, &ret->n) &&
	       der_take_unsigned(rest, &ret->e);
}

enum pubkey_status
evp_rsa_judge(const struct evp_rsa *rsa, int *ret_bits)
{
	/* Before its bits are counted: an int holds them. */
	if (rsa->n.len > PUBKEY_BITS_MAX / 8)
		return PUBKEY_TOO_BIG;
	if (bits_of(rsa->n) < PUBKEY_BITS_MIN)
		return PUBKEY_WEAK;
	if (!is_odd(rsa->n))
		return PUBKEY_BAD_MODULUS;
	if (rsa->e.len > PUBKEY_EXPONENT_BITS_MAX / 8 + 1 || !is_odd(rsa->e) ||
	    bits_of(rsa->e) < 2 || bits_of(rsa->e) > PUBKEY_EXPONENT_BITS_MAX)
		return PUBKEY_BAD_EXPONENT;
	*ret_bits = bits_of(rsa->n);
	return PUBKEY_OK;
}

/* Adds the number `octets` under `name`; returns it, for the caller to free
 * once the parameters are made. */
static BIGNUM *
push(OSSL_PARAM_BLD *builder, const char *name, struct span octets, bool secret)
{
	BIGNUM *n = secret ? BN_secure_new() : BN_new();

	if (n == NULL ||
	    BN_bin2bn((const unsigned char *)octets.ptr, (int)octets.len, n) ==
		    NULL ||
	    OSSL_PARAM_BLD_push_BN(builder, name, n) != 1)
		mem_exhausted();
	return n;
}

/* Numbers that are secret are in the secure heap at each step. */
static OSSL_PARAM *
rsa_params(const struct evp_rsa *rsa)
{
	static const char *const name[] = {
		OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
		OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
		OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
	};
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	BIGNUM *n[NUMBERS] = {NULL};
	OSSL_PARAM *params;
	size_t count = 0;

	if (builder == NULL)
		mem_exhausted();
	n[count++] = push(builder, OSSL_PKEY_PARAM_RSA_N, rsa->n, false);
	n[count++] = push(builder, OSSL_PKEY_PARAM_RSA_E, rsa->e, false);
	for (size_t i = 0; rsa->secret[0].len > 0 && i < COUNT(name); i++)
		n[count++] = push(builder, name[i], rsa->secret[i], true);
	params = OSSL_PARAM_BLD_to_param(builder);
	if (params == NULL)
		mem_exhausted();
	while (count > 0)
		BN_clear_free(n[--count]);
	OSSL_PARAM_BLD_free(builder);
	return params;
}

EVP_PKEY *
evp_rsa_key(const struct evp_rsa *rsa)
{
	OSSL_PARAM *params = rsa_params(rsa);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *pkey = NULL;

	ERR_set_mark();
	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey,
			      rsa->secret[0].len > 0 ? EVP_PKEY_KEYPAIR
						     : EVP_PKEY_PUBLIC_KEY,
			      params) != 1)
		pkey = NULL;
	ERR_pop_to_mark();
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return pkey;
}

const EVP_MD *
evp_sha256(void)
{
	static _Atomic(EVP_MD *) fetched;
	EVP_MD *md = fetched, *before = NULL;

	if (md != NULL)
		return md;
	md = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (md == NULL)
		mem_exhausted();
	/* two threads may come here at once: one of them is first */
	if (!atomic_compare_exchange_strong(&fetched, &before, md)) {
		EVP_MD_free(md);
		md = before;
	}
	return md;
}

void
evp_verifier_release(struct evp_verifier *v)
{
	EVP_PKEY_CTX_free(v->rsa);
	EVP_PKEY_free(v->pkey);
	*v = (struct evp_verifier){NULL, NULL};
}

/* Makes what verifies with `pkey`, or NULL if libcrypto fails. */
static EVP_PKEY_CTX *
rsa_verifier(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);

	if (ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(ctx, evp_sha256()) == 1)
		return ctx;
	EVP_PKEY_CTX_free(ctx);
	return NULL;
}

static bool
verify_rsa(struct evp_verifier *v, const uint8_t digest[DIGEST_SIZE],
	   struct span signature)
{
	if (v->rsa == NULL)
		v->rsa = rsa_verifier(v->pkey);
	return v->rsa != NULL &&
	       EVP_PKEY_verify(v->rsa, (const unsigned char *)signature.ptr,
			       signature.len, digest, DIGEST_SIZE) == 1;
}

static bool
verify_ed25519(EVP_PKEY *pkey, const uint8_t digest[DIGEST_SIZE],
	       struct span signature)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool fits;

	fits = ctx != NULL &&
	       EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
	       EVP_DigestVerify(ctx, (const unsigned char *)signature.ptr,
				signature.len, digest, DIGEST_SIZE) == 1;
	EVP_MD_CTX_free(ctx);
	return fits;
}

bool
evp_verify(struct evp_verifier *v, enum key_type type,
	   const uint8_t digest[DIGEST_SIZE], struct span signature)
{
	bool fits;

	ERR_set_mark();
	fits = type == KEY_RSA ? verify_rsa(v, digest, signature)
			       : verify_ed25519(v->pkey, digest, signature);
	ERR_pop_to_mark();
	return fits;
}

bool
evp_recover(EVP_PKEY *pkey, struct span signature, uint8_t ret[DIGEST_SIZE])
{
	unsigned char text[EVP_SIGNATURE_MAX];
	size_t len = sizeof(text);
	EVP_PKEY_CTX *ctx;
	bool there;

	ERR_set_mark();
	ctx = EVP_PKEY_CTX_new(pkey, NULL);
	there = ctx != NULL && EVP_PKEY_verify_recover_init(ctx) == 1 &&
		EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
		EVP_PKEY_CTX_set_signature_md(ctx, evp_sha256()) == 1 &&
		EVP_PKEY_verify_recover(ctx, text, &len,
					(const unsigned char *)signature.ptr,
					signature.len) == 1 &&
		len == DIGEST_SIZE;
	if (there)
		memcpy(ret, text, DIGEST_SIZE);
	EVP_PKEY_CTX_free(ctx);
	ERR_pop_to_mark();
	return there;
}
