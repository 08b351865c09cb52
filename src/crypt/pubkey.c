/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/pubkey.h"

#include <openssl/err.h>
#include <stdlib.h>

#include "base/mem.h"
#include "crypt/der.h"
#include "crypt/evp.h"

struct pubkey {
	struct evp_verifier verifier;
	enum key_type type;
	int bits;
	size_t shares; /* how often it is to be freed */
};

/* Takes `pkey`. */
static struct pubkey *
pubkey_new(EVP_PKEY *pkey, enum key_type type, int bits)
{
	struct pubkey *key = mem_new(sizeof(*key));

	*key = (struct pubkey){{.pkey = pkey}, type, bits, 1};
	return key;
}

/*
 * SubjectPublicKeyInfo  ::=  SEQUENCE  {
 *	algorithm            AlgorithmIdentifier,
 *	subjectPublicKey     BIT STRING  }
 * Sets *ret to the content of the RSAPublicKey in it.
 */
static enum pubkey_status
open_spki(struct span info, struct span *ret)
{
	struct span oid, bits;

	if (!der_take_algorithm(&info, &oid))
		return PUBKEY_MALFORMED;
	if (!span_equal(oid, DER_OID_RSA))
		return PUBKEY_NOT_RSA;
	if (!der_take(&info, DER_BIT_STRING, &bits) || info.len > 0 ||
	    bits.len == 0 || bits.ptr[0] != 0 ||
	    !der_open(span_skip(bits, 1), ret))
		return PUBKEY_MALFORMED;
	return PUBKEY_OK;
}

enum pubkey_status
pubkey_rsa(struct span der, struct pubkey **ret)
{
	struct evp_rsa rsa = {.n = SPAN("")};
	struct span numbers;
	enum pubkey_status status;
	EVP_PKEY *pkey;
	int bits;

	if (!der_open(der, &numbers))
		return PUBKEY_MALFORMED;
	if (der_peek(numbers) == DER_SEQUENCE) {
		status = open_spki(numbers, &numbers);
		if (status != PUBKEY_OK)
			return status;
	}
	/* RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
	 */
	if (!evp_rsa_take_public(&numbers, &rsa) || numbers.len > 0)
		return PUBKEY_MALFORMED;
	status = evp_rsa_judge(&rsa, &bits);
	if (status != PUBKEY_OK)
		return status;
	pkey = evp_rsa_key(&rsa);
	if (pkey == NULL)
		return PUBKEY_REFUSED;
	*ret = pubkey_new(pkey, KEY_RSA, bits);
	return PUBKEY_OK;
}

enum pubkey_status
pubkey_ed25519(struct span raw, struct pubkey **ret)
{
	EVP_PKEY *pkey;

	if (raw.len != PUBKEY_ED25519_SIZE)
		return PUBKEY_MALFORMED;
	ERR_set_mark();
	pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
					   (const unsigned char *)raw.ptr,
					   raw.len);
	ERR_pop_to_mark();
	if (pkey == NULL)
		return PUBKEY_REFUSED;
	*ret = pubkey_new(pkey, KEY_ED25519, 256);
	return PUBKEY_OK;
}

struct pubkey *
pubkey_share(struct pubkey *key)
{
	key->shares++;
	return key;
}

void
pubkey_free(struct pubkey *key)
{
	if (key == NULL || --key->shares > 0)
		return;
	evp_verifier_release(&key->verifier);
	free(key);
}

bool
pubkey_verify(struct pubkey *key, const uint8_t digest[DIGEST_SIZE],
	      struct span signature)
{
	return evp_verify(&key->verifier, key->type, digest, signature);
}

bool
pubkey_recover(const struct pubkey *key, struct span signature,
	       uint8_t ret[DIGEST_SIZE])
{
	return key->type == KEY_RSA &&
	       evp_recover(key->verifier.pkey, signature, ret);
}

int
pubkey_bits(const struct pubkey *key)
{
	return key->bits;
}

enum key_type
pubkey_type(const struct pubkey *key)
{
	return key->type;
}

const char *
pubkey_strerror(enum pubkey_status status)
{
	static const char *const text[] = {
		[PUBKEY_OK] = "the key is good",
		[PUBKEY_MALFORMED] = "the key is not encoded as it should be",
		[PUBKEY_NOT_RSA] = "the key is not an RSA key",
		[PUBKEY_WEAK] = "the key is shorter than 1024 bits",
		[PUBKEY_TOO_BIG] = "the key is longer than 4096 bits",
		[PUBKEY_BAD_MODULUS] = "the modulus of the key is even",
		[PUBKEY_BAD_EXPONENT] = "the exponent of the key is not usable",
		[PUBKEY_REFUSED] = "the key was refused",
	};
	return text[status];
}
