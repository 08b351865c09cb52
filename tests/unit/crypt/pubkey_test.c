/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/pubkey.h"

#include <stdlib.h>

#include "crypt/armor.h"
#include "crypt/der.h"
#include "unit.h"

/* How the key of a row is put down. */
enum shape {
	BARE,       /* RSAPublicKey */
	SPKI,       /* SubjectPublicKeyInfo */
	NO_NULL,    /* without the NULL of its algorithm */
	ED25519,    /* with the algorithm of Ed25519 */
	UNUSED,     /* a BIT STRING of which 3 bits are not used */
	NEGATIVE,   /* the modulus without its leading zero */
	PADDED,     /* the modulus with a zero too many */
	TRAIL,      /* a byte behind all */
	TRAIL_BITS, /* a byte behind the RSAPublicKey in the BIT STRING */
	THIRD,      /* a third number */
	LONG_FORM,  /* a length of more octets than needed */
};

#define X8  "\xff\xff\xff\xff\xff\xff\xff\xff"
#define X64 X8 X8 X8 X8 X8 X8 X8 X8

static const struct judge_row {
	const char *name;
	int bits;      /* of the modulus */
	bool even;     /* ... which is even */
	struct span e; /* the exponent */
	enum shape shape;
	enum pubkey_status status;
} judges[] = {
	{"1024 bits", 1024, false, SPAN("\x01\x00\x01"), SPKI, PUBKEY_OK},
	{"D6: a bare RSAPublicKey", 2048, false, SPAN("\x01\x00\x01"), BARE,
	 PUBKEY_OK},
	{"no NULL", 2048, false, SPAN("\x01\x00\x01"), NO_NULL, PUBKEY_OK},
	{"4096 bits", 4096, false, SPAN("\x01\x00\x01"), SPKI, PUBKEY_OK},
	{"2047 bits", 2047, false, SPAN("\x01\x00\x01"), SPKI, PUBKEY_OK},
	{"exponent 3", 1024, false, SPAN("\x03"), SPKI, PUBKEY_OK},
	{"exponent of 33 bits", 1024, false, SPAN("\x01\xff\xff\xff\xff"), SPKI,
	 PUBKEY_OK},
	{"D6: exponent of 34 bits", 1024, false, SPAN("\x02\x00\x00\x00\x01"),
	 SPKI, PUBKEY_BAD_EXPONENT},
	{"D5: 512 bits", 512, false, SPAN("\x01\x00\x01"), SPKI, PUBKEY_WEAK},
	{"D5: 768 bits", 768, false, SPAN("\x01\x00\x01"), SPKI, PUBKEY_WEAK},
	{"D5: 1023 bits", 1023, false, SPAN("\x01\x00\x01"), BARE, PUBKEY_WEAK},
	{"4097 bits", 4097, false, SPAN("\x01\x00\x01"), SPKI, PUBKEY_TOO_BIG},
	{"D6: 16384 bits", 16384, false, SPAN("\x01\x00\x01"), BARE,
	 PUBKEY_TOO_BIG},
	{"D6: an even modulus", 2048, true, SPAN("\x01\x00\x01"), SPKI,
	 PUBKEY_BAD_MODULUS},
	{"exponent 0", 2048, false, SPAN("\x00"), SPKI, PUBKEY_BAD_EXPONENT},
	{"D6: exponent 1", 2048, false, SPAN("\x01"), SPKI,
	 PUBKEY_BAD_EXPONENT},
	{"exponent 2", 2048, false, SPAN("\x02"), SPKI, PUBKEY_BAD_EXPONENT},
	{"D6: an even exponent", 2048, false, SPAN("\x01\x00\x02"), SPKI,
	 PUBKEY_BAD_EXPONENT},
	{"D6: exponent of 65 bits", 2048, false,
	 SPAN("\x01\xff\xff\xff\xff\xff\xff\xff\xff"), SPKI,
	 PUBKEY_BAD_EXPONENT},
	{"D6: 3072 bits and an exponent of as many", 3072, false,
	 SPAN(X64 X64 X64 X64 X64 X64), SPKI, PUBKEY_BAD_EXPONENT},
	{"another algorithm", 2048, false, SPAN("\x01\x00\x01"), ED25519,
	 PUBKEY_NOT_RSA},
	{"unused bits", 2048, false, SPAN("\x01\x00\x01"), UNUSED,
	 PUBKEY_MALFORMED},
	{"D6: a negative modulus", 2048, false, SPAN("\x01\x00\x01"), NEGATIVE,
	 PUBKEY_MALFORMED},
	{"a zero too many", 2048, false, SPAN("\x01\x00\x01"), PADDED,
	 PUBKEY_MALFORMED},
	{"D6: a byte behind", 2048, false, SPAN("\x01\x00\x01"), TRAIL,
	 PUBKEY_MALFORMED},
	{"D6: a byte behind the bits", 2048, false, SPAN("\x01\x00\x01"),
	 TRAIL_BITS, PUBKEY_MALFORMED},
	{"a third number", 2048, false, SPAN("\x01\x00\x01"), THIRD,
	 PUBKEY_MALFORMED},
	{"a length in the long form", 1024, false, SPAN("\x01\x00\x01"),
	 LONG_FORM, PUBKEY_MALFORMED},
};

/* Puts the numbers of `row`, as RSAPublicKey, in front. */
static void
put_numbers(struct der_writer *w, const struct judge_row *row)
{
	uint8_t n[16384 / 8 + 1];
	size_t len = ((size_t)row->bits + 7) / 8;
	size_t at = der_written(w), inside;

	memset(n, 0xff, sizeof(n));
	n[0] = (uint8_t)(0xff >> (len * 8 - (size_t)row->bits));
	n[len - 1] = row->even ? 0xfe : 0xff;
	if (row->shape == THIRD)
		der_put_unsigned(w, SPAN("\x01"));
	der_put_unsigned(w, row->e);
	inside = der_written(w);
	if (row->shape == NEGATIVE || row->shape == PADDED) {
		der_put(w, span_bytes(n, len));
		if (row->shape == PADDED)
			der_put(w, SPAN("\0\0"));
		der_wrap(w, DER_INTEGER, inside);
	} else {
		der_put_unsigned(w, span_bytes(n, len));
	}
	der_wrap(w, DER_SEQUENCE, at);
}

static struct span
build(const struct judge_row *row, uint8_t *room, size_t size)
{
	struct der_writer w = der_writer_over(room, size);

	if (row->shape == TRAIL || row->shape == TRAIL_BITS)
		der_put(&w, SPAN("\0"));
	put_numbers(&w, row);
	if (row->shape == LONG_FORM) {
		/* 30 81 9f -> 30 82 00 9f */
		assert_int_equal(room[w.at + 1], 0x81);
		room[w.at + 1] = 0;
		der_put(&w, SPAN("\x30\x82"));
		memmove(room + w.at + 2, room + w.at + 3, der_written(&w) - 3);
		return span_bytes(room + w.at, der_written(&w) - 1);
	}
	if (row->shape == BARE || row->shape == TRAIL)
		return der_span(&w);
	der_put(&w, row->shape == UNUSED ? SPAN("\3") : SPAN("\0"));
	der_wrap(&w, DER_BIT_STRING, 0);
	if (row->shape == ED25519)
		der_put_algorithm(&w, DER_OID_ED25519);
	else if (row->shape == NO_NULL)
		der_put(&w, SPAN("\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01"
				 "\x01\x01"));
	else
		der_put_algorithm(&w, DER_OID_RSA);
	der_wrap(&w, DER_SEQUENCE, 0);
	assert_false(w.bad);
	return der_span(&w);
}

static void
test_judge(void **state)
{
	const struct judge_row *row = *state;
	CLEANUP(pubkey_freep) struct pubkey *key = NULL;
	uint8_t room[4096];

	assert_int_equal(pubkey_rsa(build(row, room, sizeof(room)), &key),
			 row->status);
	assert_int_equal(key != NULL, row->status == PUBKEY_OK);
	if (key != NULL) {
		assert_int_equal(pubkey_bits(key), row->bits);
		assert_int_equal(pubkey_type(key), KEY_RSA);
	}
}

/* No beginning of a good key is a good key, and none is read past its end. */
static void
test_prefixes(void **state)
{
	uint8_t room[1024];
	struct span der = build(&judges[0], room, sizeof(room));
	struct pubkey *key = NULL;

	(void)state;
	for (size_t n = 1; n < der.len; n++) {
		char *copy = memcpy(malloc(n), der.ptr, n);

		assert_int_equal(pubkey_rsa(span_bytes(copy, n), &key),
				 PUBKEY_MALFORMED);
		free(copy);
	}
	assert_int_equal(pubkey_rsa(SPAN(""), &key), PUBKEY_MALFORMED);
}

/* Decodes base64 without white space, for tests. */
static struct span
octets_of(const char *base64, struct secret *ret)
{
	enum armor_label label;

	assert_int_equal(armor_open(span_of(base64), ret, &label), ARMOR_OK);
	return secret_span(ret);
}

/* RFC 8463 A.2 and A.3: its public key, its message, its signature. */
static const char rfc8463_public[] =
	"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
static const char rfc8463_signature[] =
	"/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus"
	"Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==";
static const char rfc8463_headers[] =
	"from:Joe SixPack <joe@football.example.com>\r\n"
	"to:Suzie Q <suzie@shopping.example.net>\r\n"
	"subject:Is dinner ready?\r\n"
	"date:Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
	"message-id:<20030712040037.46341.5F8J@football.example.com>\r\n"
	"dkim-signature:v=1; a=ed25519-sha256; c=relaxed/relaxed; "
	"d=football.example.com; i=@football.example.com; q=dns/txt; "
	"s=brisbane; t=1528637909; h=from : to : subject : date : "
	"message-id : from : subject : date; "
	"bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=; b=";

static void
test_rfc8463(void **state)
{
	CLEANUP(pubkey_freep) struct pubkey *key = NULL;
	CLEANUP(secret_release) struct secret public, signature;
	uint8_t digest[DIGEST_SIZE];

	(void)state;
	octets_of(rfc8463_public, &public);
	octets_of(rfc8463_signature, &signature);
	assert_int_equal(pubkey_ed25519(secret_span(&public), &key), PUBKEY_OK);
	assert_int_equal(pubkey_type(key), KEY_ED25519);
	digest_of(span_of(rfc8463_headers), digest);
	assert_true(pubkey_verify(key, digest, secret_span(&signature)));

	digest[31] ^= 1;
	assert_false(pubkey_verify(key, digest, secret_span(&signature)));
	digest[31] ^= 1;
	signature.ptr[40] ^= 4;
	assert_false(pubkey_verify(key, digest, secret_span(&signature)));
	signature.ptr[40] ^= 4;
	assert_false(pubkey_verify(key, digest, span_bytes(signature.ptr, 63)));
	assert_false(pubkey_verify(key, digest, SPAN("")));
}

static void
test_ed25519_length(void **state)
{
	struct pubkey *key = NULL;
	char raw[33] = "";

	(void)state;
	assert_int_equal(pubkey_ed25519(span_bytes(raw, 31), &key),
			 PUBKEY_MALFORMED);
	assert_int_equal(pubkey_ed25519(span_bytes(raw, 33), &key),
			 PUBKEY_MALFORMED);
}

/*
 * A signature that openssl(1) made: "openssl pkeyutl -sign -pkeyopt
 * digest:sha256" by PEM_1024_PKCS8 of keys.h over SHA-256("abc").
 */
static const char rsa_signature[] =
	"WtiT6NHfhEZKO9giWRDd9QrOaSW/WQqJLBW2QqekKDnWg0/LVq/e6bP8L9dN"
	"Q9GFv6lvmEk6hi9j2jVQFapf7tc7wiMg0czvWidCytc62sWp3CAbqJni/WQH"
	"FVxb+mup70RYpPo4O6h+UL/LfI9WVoOYMfwF7cAjbBLU0Hjrf/A=";
static const char rsa_public[] =
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDPx4BUcWBsPfIvyH3/vInl"
	"vHXa3arJ3NIx0zdTFL9d5d2ZZsJR52DA9coeBX7Az9L3KmHppK8ZcNXYZJZ7"
	"jB25BnLpUOaKWlvtR9EJQT72WzIAkYfuN5OoScfW6rsgEgbT3WXHAzHN9z1h"
	"QbqZCAdOMpLriBFIvqYrqQB3RuHmOwIDAQAB";

static void
test_rsa(void **state)
{
	CLEANUP(pubkey_freep) struct pubkey *key = NULL;
	CLEANUP(secret_release) struct secret public, signature;
	uint8_t digest[DIGEST_SIZE];

	(void)state;
	octets_of(rsa_public, &public);
	octets_of(rsa_signature, &signature);
	assert_int_equal(pubkey_rsa(secret_span(&public), &key), PUBKEY_OK);
	digest_of(SPAN("abc"), digest);
	assert_true(pubkey_verify(key, digest, secret_span(&signature)));
	for (size_t i = 0; i < signature.len; i += 17) {
		signature.ptr[i] ^= 0x20;
		assert_false(
			pubkey_verify(key, digest, secret_span(&signature)));
		signature.ptr[i] ^= 0x20;
	}
	digest[0] ^= 0x80;
	assert_false(pubkey_verify(key, digest, secret_span(&signature)));
	digest[0] ^= 0x80;
	assert_false(pubkey_verify(key, digest,
				   span_skip(secret_span(&signature), 1)));
	assert_false(pubkey_verify(key, digest, SPAN("")));
}

/* RSA gives back what was signed; whatever is no such signature, nothing. */
static void
test_recover(void **state)
{
	CLEANUP(pubkey_freep) struct pubkey *key = NULL, *other = NULL;
	CLEANUP(secret_release)
	struct secret public, signature, public2, signature2;
	uint8_t want[DIGEST_SIZE], got[DIGEST_SIZE] = {1};

	(void)state;
	octets_of(rsa_public, &public);
	octets_of(rsa_signature, &signature);
	assert_int_equal(pubkey_rsa(secret_span(&public), &key), PUBKEY_OK);
	assert_true(pubkey_recover(key, secret_span(&signature), got));
	digest_of(SPAN("abc"), want);
	assert_memory_equal(got, want, DIGEST_SIZE);
	signature.ptr[5] ^= 1;
	memset(got, 7, sizeof(got));
	assert_false(pubkey_recover(key, secret_span(&signature), got));
	assert_false(pubkey_recover(key, SPAN(""), got));
	assert_false(pubkey_recover(key, span_skip(secret_span(&signature), 1),
				    got));
	assert_int_equal(got[0], 7);
	octets_of(rfc8463_public, &public2);
	octets_of(rfc8463_signature, &signature2);
	assert_int_equal(pubkey_ed25519(secret_span(&public2), &other),
			 PUBKEY_OK);
	assert_false(pubkey_recover(other, secret_span(&signature2), got));
}

static void
test_strerror(void **state)
{
	(void)state;
	for (int i = PUBKEY_OK; i <= PUBKEY_REFUSED; i++)
		assert_true(strlen(pubkey_strerror((enum pubkey_status)i)) > 9);
}

int
main(void)
{
	UNIT_ROWS(test_judge, judges);
	UNIT(test_prefixes);
	UNIT(test_rfc8463);
	UNIT(test_ed25519_length);
	UNIT(test_rsa);
	UNIT(test_recover);
	UNIT(test_strerror);
	return unit_run("crypt/pubkey");
}
