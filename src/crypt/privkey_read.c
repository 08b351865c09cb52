/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/privkey_read.h"

#include "crypt/der.h"

/* Cuts the version off *rest: one of 0 to `max`. */
static bool
take_version(struct span *rest, int max)
{
	struct span n;

	return der_take_unsigned(rest, &n) && n.len == 1 && n.ptr[0] >= 0 &&
	       n.ptr[0] <= max;
}

/*
 * RSAPrivateKey ::= SEQUENCE { version 0, n, e, d, p, q, d mod (p-1),
 * d mod (q-1), (inverse of q) mod p }.  Version 1 has more primes than two.
 */
static bool
read_rsa(struct span numbers, struct evp_rsa *ret)
{
	struct evp_rsa rsa;

	if (!take_version(&numbers, 0) || !evp_rsa_take_public(&numbers, &rsa))
		return false;
	for (size_t i = 0; i < COUNT(rsa.secret); i++)
		if (!der_take_unsigned(&numbers, &rsa.secret[i]) ||
		    rsa.secret[i].len > PUBKEY_BITS_MAX / 8)
			return false;
	if (numbers.len > 0)
		return false;
	*ret = rsa;
	return true;
}

/* Cuts an element off *rest if it is a `tag`; false if it is a broken one. */
static bool
skip_optional(struct span *rest, enum der_tag tag)
{
	struct span aside;

	return der_peek(*rest) != (int)tag || der_take(rest, tag, &aside);
}

/*
 * OneAsymmetricKey ::= SEQUENCE { version, privateKeyAlgorithm, privateKey
 * OCTET STRING, attributes [0] OPTIONAL, publicKey [1] OPTIONAL }
 */
static enum privkey_status
read_pkcs8(struct span info, struct privkey_parts *ret)
{
	struct span oid, octets, inner;

	if (!take_version(&info, 1) || !der_take_algorithm(&info, &oid) ||
	    !der_take(&info, DER_OCTET_STRING, &octets) ||
	    !skip_optional(&info, DER_CONTEXT_0) ||
	    !skip_optional(&info, DER_CONTEXT_1) || info.len > 0)
		return PRIVKEY_MALFORMED;
	if (span_equal(oid, DER_OID_RSA)) {
		ret->type = KEY_RSA;
		return der_open(octets, &inner) && read_rsa(inner, &ret->rsa)
			       ? PRIVKEY_OK
			       : PRIVKEY_MALFORMED;
	}
	if (!span_equal(oid, DER_OID_ED25519))
		return PRIVKEY_BAD_ALGORITHM;
	/* RFC 8410 s7: CurvePrivateKey ::= OCTET STRING, within the other */
	if (!der_take(&octets, DER_OCTET_STRING, &inner) || octets.len > 0 ||
	    inner.len != PUBKEY_ED25519_SIZE)
		return PRIVKEY_MALFORMED;
	ret->type = KEY_ED25519;
	ret->seed = inner;
	return PRIVKEY_OK;
}

/* A SEQUENCE that begins with another: no private key in the clear. */
static enum privkey_status
name_sequences(struct span rest)
{
	struct span first;

	if (!der_take(&rest, DER_SEQUENCE, &first))
		return PRIVKEY_MALFORMED;
	switch (der_peek(rest)) {
	case DER_OCTET_STRING: /* EncryptedPrivateKeyInfo */
		return PRIVKEY_ENCRYPTED;
	case DER_BIT_STRING: /* SubjectPublicKeyInfo */
	case DER_SEQUENCE:   /* Certificate */
		return PRIVKEY_PUBLIC;
	default:
		return PRIVKEY_MALFORMED;
	}
}

/* A SEQUENCE that begins with an INTEGER. */
static enum privkey_status
name_integers(struct span rest)
{
	struct span n;
	size_t count = 0;

	if (!der_take_unsigned(&rest, &n))
		return PRIVKEY_MALFORMED;
	if (der_peek(rest) == DER_OCTET_STRING) /* ECPrivateKey */
		return PRIVKEY_BAD_ALGORITHM;
	for (count = 1; rest.len > 0; count++)
		if (!der_take_unsigned(&rest, &n))
			return PRIVKEY_MALFORMED;
	if (count == 2) /* RSAPublicKey */
		return PRIVKEY_PUBLIC;
	return count == 6 ? PRIVKEY_BAD_ALGORITHM /* DSA's own form */
			  : PRIVKEY_MALFORMED;
}

enum privkey_status
privkey_read(struct span der, struct privkey_parts *ret)
{
	struct span content, rest, version;

	*ret = (struct privkey_parts){.seed = SPAN("")};
	if (!der_open(der, &content))
		return PRIVKEY_MALFORMED;
	if (der_peek(content) == DER_SEQUENCE)
		return name_sequences(content);
	rest = content;
	if (!der_take_unsigned(&rest, &version))
		return PRIVKEY_MALFORMED;
	if (der_peek(rest) == DER_SEQUENCE)
		return read_pkcs8(content, ret);
	if (read_rsa(content, &ret->rsa)) {
		ret->type = KEY_RSA;
		return PRIVKEY_OK;
	}
	return name_integers(content);
}
