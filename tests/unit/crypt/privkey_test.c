/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/privkey.h"

#include <stdlib.h>

#include "crypt/armor.h"
#include "crypt/der.h"
#include "keys.h"
#include "unit.h"

static const struct import_row {
	const char *name;
	const char *text;
	enum privkey_status status;
	int bits;
} imports[] = {
	{"2048 PKCS#8", PEM_2048_PKCS8, PRIVKEY_OK, 2048},
	{"2048 PKCS#1", PEM_2048_PKCS1, PRIVKEY_OK, 2048},
	{"1024 PKCS#8", PEM_1024_PKCS8, PRIVKEY_OK, 1024},
	{"1024 PKCS#1", PEM_1024_PKCS1, PRIVKEY_OK, 1024},
	{"Ed25519", PEM_ED25519, PRIVKEY_OK, 256},
	{"text before", "Bag Attributes\n  x: y\n" PEM_ED25519, PRIVKEY_OK,
	 256},
	{"nothing", "", PRIVKEY_EMPTY, 0},
	{"white space", " \r\n\t", PRIVKEY_EMPTY, 0},
	{"prose", "my private key, please!", PRIVKEY_NOT_A_KEY, 0},
	{"a word", "secret", PRIVKEY_NOT_A_KEY, 0},
	{"base64 of no key", "aGVsbG8gd29ybGQh", PRIVKEY_NOT_A_KEY, 0},
	{"an encrypted PKCS#1", PEM_1024_PKCS1_ENCRYPTED, PRIVKEY_ENCRYPTED, 0},
	{"an encrypted PKCS#8", PEM_1024_PKCS8_ENCRYPTED, PRIVKEY_ENCRYPTED, 0},
	{"a public key", PEM_1024_SPKI, PRIVKEY_PUBLIC, 0},
	{"a bare public key", PEM_1024_RSA_PUBLIC, PRIVKEY_PUBLIC, 0},
	{"a certificate", PEM_1024_CERTIFICATE, PRIVKEY_PUBLIC, 0},
	{"EC", PEM_EC_PKCS8, PRIVKEY_BAD_ALGORITHM, 0},
	{"EC, SEC 1", PEM_EC_SEC1, PRIVKEY_BAD_ALGORITHM, 0},
	{"DSA", PEM_DSA_PKCS8, PRIVKEY_BAD_ALGORITHM, 0},
	{"DSA, own form", PEM_DSA, PRIVKEY_BAD_ALGORITHM, 0},
	{"RSA-PSS", PEM_PSS, PRIVKEY_BAD_ALGORITHM, 0},
	{"three primes", PEM_MULTI, PRIVKEY_MALFORMED, 0},
	{"512 bits", PEM_512, PRIVKEY_TOO_SMALL, 0},
	{"1023 bits", PEM_1023, PRIVKEY_TOO_SMALL, 0},
	{"exponent 3", PEM_1024_E3, PRIVKEY_BAD_EXPONENT, 0},
	{"close primes", PEM_CLOSE, PRIVKEY_WEAK, 0},
	{"ROCA", PEM_ROCA, PRIVKEY_WEAK, 0},
	{"no END", "-----BEGIN PRIVATE KEY-----\nMIIE\n", PRIVKEY_TORN, 0},
	{"another END",
	 "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PUBLIC KEY-----\n",
	 PRIVKEY_TORN, 0},
	{"no dashes", "-----BEGIN PRIVATE KEY", PRIVKEY_TORN, 0},
	{"PEM of bad base64",
	 "-----BEGIN PRIVATE KEY-----\nMI*E\n-----END PRIVATE KEY-----\n",
	 PRIVKEY_NOT_A_KEY, 0},
	{"PEM of something else",
	 "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
	 PRIVKEY_MALFORMED, 0},
	{"PEM of a torn key",
	 "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n",
	 PRIVKEY_MALFORMED, 0},
};

static const uint8_t digest[DIGEST_SIZE] = "thirty-two octets to be signed.";

/* Signs with `key` and checks it under the key's public text. */
static void
check_signs(const struct privkey *key)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(PRIVKEY_PUBLIC_MAX);
	CLEANUP(buf_release)
	struct buf signature = BUF_INIT(PRIVKEY_SIGNATURE_MAX);
	CLEANUP(secret_release) struct secret octets = {.ptr = NULL};
	CLEANUP(pubkey_freep) struct pubkey *public = NULL;
	enum armor_label label;

	privkey_public(key, &text);
	assert_false(text.full);
	assert_int_equal(armor_open(buf_span(&text), &octets, &label),
			 ARMOR_OK);
	if (privkey_type(key) == KEY_RSA)
		assert_int_equal(pubkey_rsa(secret_span(&octets), &public),
				 PUBKEY_OK);
	else
		assert_int_equal(pubkey_ed25519(secret_span(&octets), &public),
				 PUBKEY_OK);
	assert_int_equal(pubkey_bits(public), privkey_bits(key));
	assert_true(privkey_sign(key, digest, &signature));
	assert_true(pubkey_verify(public, digest, buf_span(&signature)));
	buf_clear(&signature);
	assert_true(privkey_sign_unchecked(key, digest, &signature));
	assert_true(pubkey_verify(public, digest, buf_span(&signature)));
}

/* Returns `key` as DER, base64 of DER, and base64 of PEM, each in turn. */
static struct span
form(const struct privkey *key, int which, struct secret *ret)
{
	CLEANUP(secret_release) struct secret pem = {.ptr = NULL};
	size_t at, end;

	if (which == 0) {
		privkey_export(key, ret);
		return secret_span(ret);
	}
	privkey_pem(key, &pem);
	if (which == 1)
		armor_close(secret_span(&pem), "X", ret);
	else
		secret_copy(ret, secret_span(&pem));
	at = span_find(secret_span(ret), '\n') + 1;
	end = span_search(secret_span(ret), SPAN("-----END"));
	return span_sub(secret_span(ret), at, end);
}

static void
test_import(void **state)
{
	const struct import_row *row = *state;
	CLEANUP(privkey_freep) struct privkey *key = NULL;

	assert_int_equal(privkey_import(span_of(row->text), &key), row->status);
	assert_int_equal(key != NULL, row->status == PRIVKEY_OK);
	if (key == NULL)
		return;
	assert_int_equal(privkey_bits(key), row->bits);
	check_signs(key);
	for (int which = 0; which < 3; which++) {
		CLEANUP(privkey_freep) struct privkey *again = NULL;
		CLEANUP(secret_release) struct secret text = {.ptr = NULL};

		assert_int_equal(
			privkey_import(form(key, which, &text), &again),
			PRIVKEY_OK);
		check_signs(again);
	}
}

/* What openssl(1) wrote as PKCS#8, we write as well, octet for octet. */
static void
test_export(void **state)
{
	static const char *const texts[] = {PEM_2048_PKCS8, PEM_1024_PKCS8,
					    PEM_ED25519};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		CLEANUP(privkey_freep) struct privkey *key = NULL;
		CLEANUP(privkey_freep) struct privkey *back = NULL;
		CLEANUP(secret_release) struct secret pem = {.ptr = NULL};
		CLEANUP(secret_release) struct secret der = {.ptr = NULL};

		assert_int_equal(privkey_import(span_of(texts[i]), &key),
				 PRIVKEY_OK);
		privkey_pem(key, &pem);
		assert_span(secret_span(&pem), texts[i]);
		privkey_export(key, &der);
		back = privkey_load(secret_span(&der));
		assert_non_null(back);
		check_signs(back);
	}
}

/* The p= text is that of openssl(1). */
static void
test_public(void **state)
{
	CLEANUP(privkey_freep) struct privkey *key = NULL;
	CLEANUP(secret_release) struct secret want = {.ptr = NULL};
	CLEANUP(secret_release) struct secret pem = {.ptr = NULL};
	CLEANUP(buf_release) struct buf text = BUF_INIT(PRIVKEY_PUBLIC_MAX);
	enum armor_label label;

	(void)state;
	assert_int_equal(privkey_import(SPAN(PEM_1024_PKCS1), &key),
			 PRIVKEY_OK);
	privkey_public(key, &text);
	assert_int_equal(armor_open(buf_span(&text), &want, &label), ARMOR_OK);
	armor_close(secret_span(&want), "PUBLIC KEY", &pem);
	assert_span(secret_span(&pem), PEM_1024_SPKI);
}

/* RFC 8463 A.2: the private key and its public one. */
static void
test_rfc8463(void **state)
{
	CLEANUP(privkey_freep) struct privkey *key = NULL;
	CLEANUP(secret_release) struct secret seed = {.ptr = NULL};
	CLEANUP(buf_release) struct buf text = BUF_INIT(PRIVKEY_PUBLIC_MAX);
	enum armor_label label;
	uint8_t room[64];
	struct der_writer w = der_writer_over(room, sizeof(room));

	(void)state;
	assert_int_equal(
		armor_open(SPAN("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="),
			   &seed, &label),
		ARMOR_OK);
	der_put(&w, secret_span(&seed));
	der_wrap(&w, DER_OCTET_STRING, 0);
	der_wrap(&w, DER_OCTET_STRING, 0);
	der_put_algorithm(&w, DER_OID_ED25519);
	der_put_unsigned(&w, SPAN("\0"));
	der_wrap(&w, DER_SEQUENCE, 0);
	key = privkey_load(der_span(&w));
	assert_non_null(key);
	privkey_public(key, &text);
	assert_span(buf_span(&text),
		    "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
	check_signs(key);
}

static void
test_generate(void **state)
{
	static const int bits[] = {1024, 2048};
	CLEANUP(privkey_freep)
	struct privkey *ed = privkey_generate(KEY_ED25519, 0);

	(void)state;
	assert_non_null(ed);
	assert_int_equal(privkey_type(ed), KEY_ED25519);
	check_signs(ed);
	for (size_t i = 0; i < (unit_slow() ? 1 : COUNT(bits)); i++) {
		CLEANUP(privkey_freep)
		struct privkey *key = privkey_generate(KEY_RSA, bits[i]);
		CLEANUP(privkey_freep) struct privkey *back = NULL;
		CLEANUP(secret_release) struct secret der = {.ptr = NULL};

		assert_non_null(key);
		assert_int_equal(privkey_bits(key), bits[i]);
		check_signs(key);
		privkey_export(key, &der);
		assert_int_equal(privkey_import(secret_span(&der), &back),
				 PRIVKEY_OK);
	}
	assert_null(privkey_generate(KEY_RSA, 512));
	assert_null(privkey_generate(KEY_RSA, 2047));
	assert_null(privkey_generate(KEY_RSA, 1 << 20));
}

/* Finds the numbers of an exported RSA key, to spoil them. */
static void
numbers_of(const struct secret *der, struct span ret[9])
{
	struct span rest, aside, octets;

	assert_true(der_open(secret_span(der), &rest));
	assert_true(der_take_unsigned(&rest, &aside));
	assert_true(der_take_algorithm(&rest, &aside));
	assert_true(der_take(&rest, DER_OCTET_STRING, &octets));
	assert_true(der_open(octets, &rest));
	for (int i = 0; i < 9; i++)
		assert_true(der_take_unsigned(&rest, &ret[i]));
}

static void
spoil(struct span number)
{
	((uint8_t *)(uintptr_t)number.ptr)[number.len - 1] ^= 4;
}

/* Every number that is changed makes a key that is not taken. */
static void
test_inconsistent(void **state)
{
	CLEANUP(privkey_freep) struct privkey *key = NULL;

	(void)state;
	assert_int_equal(privkey_import(SPAN(PEM_1024_PKCS8), &key),
			 PRIVKEY_OK);
	for (int i = 1; i < 9; i++) {
		CLEANUP(secret_release) struct secret der = {.ptr = NULL};
		struct privkey *bad = NULL;
		struct span number[9];

		privkey_export(key, &der);
		numbers_of(&der, number);
		spoil(number[i]);
		assert_int_equal(privkey_import(secret_span(&der), &bad),
				 i == 2 ? PRIVKEY_BAD_EXPONENT
					: PRIVKEY_INCONSISTENT);
	}
}

/* A key that was changed in memory makes no signature, rather than a wrong
 * one. */
static void
test_fault(void **state)
{
	CLEANUP(privkey_freep) struct privkey *key = NULL;
	CLEANUP(privkey_freep) struct privkey *half = NULL;
	CLEANUP(privkey_freep) struct privkey *bad = NULL;
	CLEANUP(secret_release) struct secret der = {.ptr = NULL};
	CLEANUP(buf_release)
	struct buf signature = BUF_INIT(PRIVKEY_SIGNATURE_MAX + 4);
	CLEANUP(buf_release)
	struct buf right = BUF_INIT(PRIVKEY_SIGNATURE_MAX);
	struct span number[9];

	(void)state;
	assert_int_equal(privkey_import(SPAN(PEM_1024_PKCS8), &key),
			 PRIVKEY_OK);
	privkey_export(key, &der);
	numbers_of(&der, number);
	spoil(number[6]); /* d mod (p-1): libcrypto sees it and helps itself */
	half = privkey_load(secret_span(&der));
	assert_non_null(half);
	assert_true(privkey_sign_unchecked(half, digest, &right));
	assert_true(privkey_sign(key, digest, &signature));
	assert_true(span_equal(buf_span(&right), buf_span(&signature)));
	buf_clear(&signature);
	spoil(number[3]); /* d */
	bad = privkey_load(secret_span(&der));
	assert_non_null(bad);
	buf_adds(&signature, "kept");
	assert_false(privkey_sign(bad, digest, &signature));
	assert_span(buf_span(&signature), "kept");
}

static void
test_prefixes(void **state)
{
	CLEANUP(privkey_freep) struct privkey *key = NULL;
	CLEANUP(secret_release) struct secret der = {.ptr = NULL};
	struct privkey *none = NULL;

	(void)state;
	assert_int_equal(privkey_import(SPAN(PEM_1024_PKCS8), &key),
			 PRIVKEY_OK);
	privkey_export(key, &der);
	for (size_t n = 0; n < der.len; n++) {
		char *copy = memcpy(malloc(n + 1), der.ptr, n);

		assert_null(privkey_load(span_bytes(copy, n)));
		assert_int_not_equal(privkey_import(span_bytes(copy, n), &none),
				     PRIVKEY_OK);
		free(copy);
	}
}

static void
test_too_long(void **state)
{
	static char text[ARMOR_TEXT_MAX + 1];
	struct privkey *key = NULL;

	(void)state;
	memset(text, 'A', sizeof(text));
	assert_int_equal(privkey_import(span_bytes(text, sizeof(text)), &key),
			 PRIVKEY_TOO_LONG);
}

static void
test_strerror(void **state)
{
	(void)state;
	for (int i = 0; i < PRIVKEY_STATUS_COUNT; i++)
		assert_true(strlen(privkey_strerror((enum privkey_status)i)) >
			    9);
}

int
main(void)
{
	UNIT_ROWS(test_import, imports);
	UNIT(test_export);
	UNIT(test_public);
	UNIT(test_rfc8463);
	UNIT(test_generate);
	UNIT(test_inconsistent);
	UNIT(test_fault);
	UNIT(test_prefixes);
	UNIT(test_too_long);
	UNIT(test_strerror);
	return unit_run("crypt/privkey");
}
