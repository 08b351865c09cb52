/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/privkey.h"

#include <assert.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include "base/mem.h"
#include "crypt/armor.h"
#include "crypt/der.h"
#include "crypt/privkey_read.h"

/* FIPS 186-4 B.3.3: |p - q| > 2^(nlen/2 - 100) */
#define CLOSE_BITS 100

struct privkey {
	EVP_PKEY *pkey;
	enum key_type type;
	int bits;
	struct prepared *prepared;
};

/* What the first signature makes and the next ones use. */
struct prepared {
	EVP_PKEY_CTX *rsa;            /* ready to sign; NULL: not yet */
	struct evp_verifier verifier; /* of the same key, for what is made */
};

/* Takes `pkey`. */
static struct privkey *
privkey_new(EVP_PKEY *pkey, enum key_type type)
{
	struct privkey *key = mem_new(sizeof(*key));

	*key = (struct privkey){.pkey = pkey, .type = type, .bits = 256};
	key->prepared = mem_new(sizeof(*key->prepared));
	key->prepared->verifier.pkey = pkey;
	if (type == KEY_RSA)
		key->bits = EVP_PKEY_get_bits(pkey);
	return key;
}

struct privkey *
privkey_generate(enum key_type type, int bits)
{
	EVP_PKEY *pkey;

	ERR_set_mark();
	if (type == KEY_ED25519)
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	else if (bits == 1024 || bits == 2048 || bits == 3072 || bits == 4096)
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits);
	else
		pkey = NULL;
	ERR_pop_to_mark();
	return pkey != NULL ? privkey_new(pkey, type) : NULL;
}

static BIGNUM *
number(struct span octets)
{
	BIGNUM *n = BN_secure_new();

	if (n == NULL || BN_bin2bn((const unsigned char *)octets.ptr,
				   (int)octets.len, n) == NULL)
		mem_exhausted();
	return n;
}

/* Primes that near each other are found by Fermat's method. */
static bool
is_close(const struct evp_rsa *rsa, int bits)
{
	BIGNUM *p = number(rsa->secret[1]);
	BIGNUM *q = number(rsa->secret[2]);
	BIGNUM *apart = BN_secure_new();
	bool close;

	if (apart == NULL || BN_sub(apart, p, q) != 1)
		mem_exhausted();
	close = BN_num_bits(apart) <= bits / 2 - CLOSE_BITS;
	BN_clear_free(p);
	BN_clear_free(q);
	BN_clear_free(apart);
	return close;
}

/* Returns whether `residue` is a power of 65537 modulo `prime`. */
static bool
is_power(unsigned long residue, unsigned long prime)
{
	unsigned long power = 1;

	do {
		if (power == residue)
			return true;
		power = power * 65537 % prime;
	} while (power != 1);
	return false;
}

/*
 * CVE-2017-15361 (ROCA): the faulty generator's primes, and so its moduli,
 * are powers of 65537 modulo every small prime.  By chance that happens once
 * in some hundred million.
 */
static bool
is_roca(const struct evp_rsa *rsa)
{
	static const uint8_t prime[] = {
		3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,
		47,  53,  59,  61,  67,  71,  73,  79,  83,  89,  97,  101, 103,
		107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};
	BIGNUM *n = number(rsa->n);
	bool roca = true;

	for (size_t i = 0; i < COUNT(prime) && roca; i++)
		roca = is_power(BN_mod_word(n, prime[i]), prime[i]);
	BN_free(n);
	return roca;
}

/* Looks at an RSA key that a person brought, before libcrypto does. */
static enum privkey_status
judge_rsa(const struct evp_rsa *rsa)
{
	int bits = 0;

	switch (evp_rsa_judge(rsa, &bits)) {
	case PUBKEY_OK:
		break;
	case PUBKEY_WEAK:
		return PRIVKEY_TOO_SMALL;
	case PUBKEY_TOO_BIG:
		return PRIVKEY_TOO_BIG;
	case PUBKEY_BAD_EXPONENT:
		return PRIVKEY_BAD_EXPONENT;
	case PUBKEY_MALFORMED:
	case PUBKEY_NOT_RSA:
	case PUBKEY_BAD_MODULUS:
	case PUBKEY_REFUSED:
		return PRIVKEY_INCONSISTENT;
	}
	if (!span_equal(rsa->e, SPAN("\x01\x00\x01")))
		return PRIVKEY_BAD_EXPONENT;
	/* Every number is below the modulus; also what keeps checks short. */
	for (size_t i = 0; i < COUNT(rsa->secret); i++)
		if (rsa->secret[i].len > rsa->n.len)
			return PRIVKEY_INCONSISTENT;
	if (is_close(rsa, bits) || is_roca(rsa))
		return PRIVKEY_WEAK;
	return PRIVKEY_OK;
}

static EVP_PKEY *
make_pkey(const struct privkey_parts *parts)
{
	EVP_PKEY *pkey;

	if (parts->type == KEY_RSA)
		return evp_rsa_key(&parts->rsa);
	ERR_set_mark();
	pkey = EVP_PKEY_new_raw_private_key(
		EVP_PKEY_ED25519, NULL, (const unsigned char *)parts->seed.ptr,
		parts->seed.len);
	ERR_pop_to_mark();
	return pkey;
}

/* Returns whether n = pq, p and q are primes, and all else follows. */
static bool
is_consistent(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
	bool fine;

	ERR_set_mark();
	fine = ctx != NULL && EVP_PKEY_check(ctx) == 1;
	ERR_pop_to_mark();
	EVP_PKEY_CTX_free(ctx);
	return fine;
}

static enum privkey_status
import_der(struct span der, struct privkey **ret)
{
	struct privkey_parts parts;
	enum privkey_status status = privkey_read(der, &parts);
	EVP_PKEY *pkey;

	if (status == PRIVKEY_OK && parts.type == KEY_RSA)
		status = judge_rsa(&parts.rsa);
	if (status != PRIVKEY_OK)
		return status;
	pkey = make_pkey(&parts);
	if (pkey == NULL || (parts.type == KEY_RSA && !is_consistent(pkey))) {
		EVP_PKEY_free(pkey);
		return PRIVKEY_INCONSISTENT;
	}
	*ret = privkey_new(pkey, parts.type);
	return PRIVKEY_OK;
}

enum privkey_status
privkey_import(struct span text, struct privkey **ret)
{
	CLEANUP(secret_release) struct secret der = {.ptr = NULL};
	enum armor_label label = ARMOR_UNLABELLED;

	switch (armor_open(text, &der, &label)) {
	case ARMOR_OK:
		break;
	case ARMOR_EMPTY:
		return PRIVKEY_EMPTY;
	case ARMOR_TOO_LONG:
		return PRIVKEY_TOO_LONG;
	case ARMOR_NO_END:
		return PRIVKEY_TORN;
	case ARMOR_NOT_BASE64:
		return PRIVKEY_NOT_A_KEY;
	}
	switch (label) {
	case ARMOR_UNLABELLED:
	case ARMOR_PRIVATE:
	case ARMOR_RSA_PRIVATE:
		break;
	case ARMOR_ENCRYPTED:
		return PRIVKEY_ENCRYPTED;
	case ARMOR_PUBLIC:
		return PRIVKEY_PUBLIC;
	case ARMOR_OTHER:
		return PRIVKEY_BAD_ALGORITHM;
	}
	if (der.len == 0 || der.ptr[0] != DER_SEQUENCE)
		return label == ARMOR_UNLABELLED ? PRIVKEY_NOT_A_KEY
						 : PRIVKEY_MALFORMED;
	return import_der(secret_span(&der), ret);
}

struct privkey *
privkey_load(struct span der)
{
	struct privkey_parts parts;
	EVP_PKEY *pkey;
	int bits;

	if (privkey_read(der, &parts) != PRIVKEY_OK ||
	    (parts.type == KEY_RSA &&
	     evp_rsa_judge(&parts.rsa, &bits) != PUBKEY_OK))
		return NULL;
	pkey = make_pkey(&parts);
	return pkey != NULL ? privkey_new(pkey, parts.type) : NULL;
}

void
privkey_free(struct privkey *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_CTX_free(key->prepared->rsa);
	evp_verifier_release(&key->prepared->verifier); /* pkey with it */
	free(key->prepared);
	free(key);
}

/* Puts the number `name` of `key` in front, by way of secure memory. */
static void
put_number(struct der_writer *w, const struct privkey *key, const char *name)
{
	CLEANUP(secret_release) struct secret octets;
	OSSL_PARAM params[2];

	secret_init(&octets, PUBKEY_BITS_MAX / 8);
	params[0] = OSSL_PARAM_construct_BN(name, octets.ptr, octets.len);
	params[1] = OSSL_PARAM_construct_end();
	if (EVP_PKEY_get_params(key->pkey, params) != 1)
		mem_exhausted();
		/* It comes in the order of the machine. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	for (size_t i = 0; i < octets.len / 2; i++) {
		uint8_t swap = octets.ptr[i];

		octets.ptr[i] = octets.ptr[octets.len - 1 - i];
		octets.ptr[octets.len - 1 - i] = swap;
	}
#endif
	der_put_unsigned(w, secret_span(&octets));
}

static void
put_rsa(struct der_writer *w, const struct privkey *key)
{
	static const char *const name[] = {
		OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
		OSSL_PKEY_PARAM_RSA_EXPONENT2,
		OSSL_PKEY_PARAM_RSA_EXPONENT1,
		OSSL_PKEY_PARAM_RSA_FACTOR2,
		OSSL_PKEY_PARAM_RSA_FACTOR1,
		OSSL_PKEY_PARAM_RSA_D,
		OSSL_PKEY_PARAM_RSA_E,
		OSSL_PKEY_PARAM_RSA_N,
	};

	for (size_t i = 0; i < COUNT(name); i++)
		put_number(w, key, name[i]);
	der_put_unsigned(w, SPAN("\0"));
	der_wrap(w, DER_SEQUENCE, 0);
}

static void
put_ed25519(struct der_writer *w, const struct privkey *key)
{
	CLEANUP(secret_release) struct secret seed;

	secret_init(&seed, PUBKEY_ED25519_SIZE);
	if (EVP_PKEY_get_raw_private_key(key->pkey, seed.ptr, &seed.len) != 1)
		mem_exhausted();
	der_put(w, secret_span(&seed));
	der_wrap(w, DER_OCTET_STRING, 0);
}

void
privkey_export(const struct privkey *key, struct secret *ret)
{
	bool rsa = key->type == KEY_RSA;
	struct der_writer w;
	struct secret room;

	secret_init(&room, PRIVKEY_DER_MAX);
	w = der_writer_over(room.ptr, room.len);
	if (rsa)
		put_rsa(&w, key);
	else
		put_ed25519(&w, key);
	der_wrap(&w, DER_OCTET_STRING, 0);
	der_put_algorithm(&w, rsa ? DER_OID_RSA : DER_OID_ED25519);
	der_put_unsigned(&w, SPAN("\0"));
	der_wrap(&w, DER_SEQUENCE, 0);
	assert(!w.bad);
	secret_copy(ret, der_span(&w));
	secret_release(&room);
}

void
privkey_pem(const struct privkey *key, struct secret *ret)
{
	struct secret der;

	privkey_export(key, &der);
	armor_close(secret_span(&der), "PRIVATE KEY", ret);
	secret_release(&der);
}

/* The SubjectPublicKeyInfo of an RSA key. */
static void
put_spki(struct der_writer *w, const struct privkey *key)
{
	put_number(w, key, OSSL_PKEY_PARAM_RSA_E);
	put_number(w, key, OSSL_PKEY_PARAM_RSA_N);
	der_wrap(w, DER_SEQUENCE, 0);
	der_put(w, SPAN("\0"));
	der_wrap(w, DER_BIT_STRING, 0);
	der_put_algorithm(w, DER_OID_RSA);
	der_wrap(w, DER_SEQUENCE, 0);
}

void
privkey_public(const struct privkey *key, struct buf *ret)
{
	uint8_t octets[PRIVKEY_PUBLIC_MAX / 4 * 3];
	unsigned char text[PRIVKEY_PUBLIC_MAX + 1];
	struct der_writer w = der_writer_over(octets, sizeof(octets));
	uint8_t raw[PUBKEY_ED25519_SIZE];
	size_t len = sizeof(raw);

	if (key->type == KEY_RSA) {
		put_spki(&w, key);
	} else {
		if (EVP_PKEY_get_raw_public_key(key->pkey, raw, &len) != 1)
			mem_exhausted();
		der_put(&w, span_bytes(raw, len));
	}
	assert(!w.bad);
	len = (size_t)EVP_EncodeBlock(text, (const uint8_t *)der_span(&w).ptr,
				      (int)der_span(&w).len);
	buf_add(ret, span_bytes(text, len));
}

/* Makes what signs with `pkey`, or NULL if libcrypto fails. */
static EVP_PKEY_CTX *
rsa_signer(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);

	if (ctx != NULL && EVP_PKEY_sign_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(ctx, evp_sha256()) == 1)
		return ctx;
	EVP_PKEY_CTX_free(ctx);
	return NULL;
}

static bool
sign_rsa(const struct privkey *key, const uint8_t digest[DIGEST_SIZE],
	 uint8_t *ret, size_t *len)
{
	struct prepared *p = key->prepared;

	if (p->rsa == NULL)
		p->rsa = rsa_signer(key->pkey);
	return p->rsa != NULL &&
	       EVP_PKEY_sign(p->rsa, ret, len, digest, DIGEST_SIZE) == 1;
}

static bool
sign_ed25519(EVP_PKEY *pkey, const uint8_t digest[DIGEST_SIZE], uint8_t *ret,
	     size_t *len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool done;

	done = ctx != NULL &&
	       EVP_DigestSignInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
	       EVP_DigestSign(ctx, ret, len, digest, DIGEST_SIZE) == 1;
	EVP_MD_CTX_free(ctx);
	return done;
}

bool
privkey_sign_unchecked(const struct privkey *key,
		       const uint8_t digest[DIGEST_SIZE], struct buf *ret)
{
	uint8_t signature[PRIVKEY_SIGNATURE_MAX];
	size_t len = sizeof(signature);
	bool done;

	ERR_set_mark();
	done = key->type == KEY_RSA
		       ? sign_rsa(key, digest, signature, &len)
		       : sign_ed25519(key->pkey, digest, signature, &len);
	ERR_pop_to_mark();
	return done && buf_add(ret, span_bytes(signature, len));
}

bool
privkey_sign(const struct privkey *key, const uint8_t digest[DIGEST_SIZE],
	     struct buf *ret)
{
	size_t before = ret->len;

	if (!privkey_sign_unchecked(key, digest, ret))
		return false;
	if (evp_verify(&key->prepared->verifier, key->type, digest,
		       span_skip(buf_span(ret), before)))
		return true;
	secret_wipe(ret->ptr + before, ret->len - before);
	buf_truncate(ret, before);
	return false;
}

int
privkey_bits(const struct privkey *key)
{
	return key->bits;
}

enum key_type
privkey_type(const struct privkey *key)
{
	return key->type;
}

const char *
privkey_strerror(enum privkey_status status)
{
	static const char *const text[PRIVKEY_STATUS_COUNT] = {
		[PRIVKEY_OK] = "the key is good",
		[PRIVKEY_EMPTY] = "there is no key",
		[PRIVKEY_TOO_LONG] = "the text is too long for a private key",
		[PRIVKEY_TORN] = "the PEM text has no END line of its own",
		[PRIVKEY_NOT_A_KEY] =
			"the text is neither PEM nor base64 of a private key",
		[PRIVKEY_ENCRYPTED] =
			"the private key is encrypted; remove its passphrase",
		[PRIVKEY_PUBLIC] =
			"this is a public key; the private key is needed",
		[PRIVKEY_BAD_ALGORITHM] =
			"the private key is neither RSA nor Ed25519",
		[PRIVKEY_MALFORMED] =
			"the private key is not encoded as it should be",
		[PRIVKEY_TOO_SMALL] = "the RSA key has fewer than 1024 bits",
		[PRIVKEY_TOO_BIG] = "the RSA key has more than 4096 bits",
		[PRIVKEY_BAD_EXPONENT] =
			"the exponent of the RSA key is not 65537",
		[PRIVKEY_INCONSISTENT] =
			"the numbers of the RSA key do not belong together",
		[PRIVKEY_WEAK] = "the RSA key is of a kind that is guessed",
	};

	return status < PRIVKEY_STATUS_COUNT ? text[status] : "unknown";
}
