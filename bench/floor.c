/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor - the least that DKIM can cost with libcrypto.
 *
 * For each mail SHA-256 of the raw octets of the header and, apart, of those
 * of the body (one running context and one fetched digest for all of them),
 * then one operation of OpenSSL on the header's hash with a key that was
 * prepared before: EVP_PKEY_sign() or EVP_PKEY_verify() in a context whose
 * padding and digest were set once, or EVP_DigestSign() or _Verify() for
 * Ed25519.  Nothing is parsed, canonicalised, encoded or decoded, and no
 * field is written.  Usage: floor FOLDER
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include "harness.h"

#define HASH 32 /* octets of SHA-256 */

/* A key, ready to be used. */
struct prepared {
	EVP_PKEY *key;
	EVP_PKEY_CTX *sign, *verify; /* RSA */
};

/* What verifying a mail needs: what was signed beforehand. */
struct signed_mails {
	const struct prepared *key;
	size_t len;
	uint8_t value[BENCH_MAILS][512];
};

static EVP_MD_CTX *hashing, *signing;
static EVP_MD *sha256;

static void
hash(struct span bytes, uint8_t ret[HASH])
{
	unsigned size;

	if (EVP_DigestInit_ex2(hashing, sha256, NULL) != 1 ||
	    EVP_DigestUpdate(hashing, bytes.ptr, bytes.len) != 1 ||
	    EVP_DigestFinal_ex(hashing, ret, &size) != 1)
		bench_die("SHA-256 failed");
}

/* Hashes header and body; the header's hash is what is signed. */
static void
hash_mail(const struct bench_mail *mail, uint8_t ret[HASH])
{
	hash(mail->body, ret);
	hash(mail->header, ret);
}

static bool
sign_hash(const struct prepared *p, const uint8_t digest[HASH], uint8_t *ret,
	  size_t *ret_len)
{
	*ret_len = 512;
	if (p->sign != NULL)
		return EVP_PKEY_sign(p->sign, ret, ret_len, digest, HASH) == 1;
	return EVP_DigestSignInit(signing, NULL, NULL, NULL, p->key) == 1 &&
	       EVP_DigestSign(signing, ret, ret_len, digest, HASH) == 1 &&
	       EVP_MD_CTX_reset(signing) == 1;
}

static bool
verify_hash(const struct prepared *p, const uint8_t digest[HASH],
	    const uint8_t *value, size_t len)
{
	if (p->verify != NULL)
		return EVP_PKEY_verify(p->verify, value, len, digest, HASH) ==
		       1;
	return EVP_DigestVerifyInit(signing, NULL, NULL, NULL, p->key) == 1 &&
	       EVP_DigestVerify(signing, value, len, digest, HASH) == 1 &&
	       EVP_MD_CTX_reset(signing) == 1;
}

static size_t
sign_round(const struct bench_case *c)
{
	uint8_t digest[HASH], value[512];
	size_t i, len;

	for (i = 0; i < BENCH_MAILS; i++) {
		hash_mail(&c->mail[i], digest);
		if (!sign_hash(c->context, digest, value, &len))
			return 0;
	}
	return BENCH_MAILS;
}

static size_t
verify_round(const struct bench_case *c)
{
	const struct signed_mails *s = c->context;
	uint8_t digest[HASH];
	size_t i;

	for (i = 0; i < BENCH_MAILS; i++) {
		hash_mail(&c->mail[i], digest);
		if (!verify_hash(s->key, digest, s->value[i], s->len))
			return 0;
	}
	return BENCH_MAILS;
}

static EVP_PKEY_CTX *
prepare(EVP_PKEY *key, int (*init)(EVP_PKEY_CTX *))
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);

	if (context == NULL || init(context) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(context, sha256) != 1)
		bench_die("libcrypto does not take the key");
	return context;
}

static const struct prepared *
read_key(const char *folder, const char *name)
{
	struct prepared *p = calloc(1, sizeof(*p));
	struct span pem = bench_file(folder, name);
	BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);

	if (p == NULL || bio == NULL)
		bench_die("no memory");
	p->key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	if (p->key == NULL)
		bench_die("%s is no key", name);
	BIO_free(bio);
	if (EVP_PKEY_base_id(p->key) == EVP_PKEY_RSA) {
		p->sign = prepare(p->key, EVP_PKEY_sign_init);
		p->verify = prepare(p->key, EVP_PKEY_verify_init);
	}
	return p;
}

static const struct signed_mails *
sign_all(const struct prepared *key, const struct bench_mail *mail)
{
	struct signed_mails *s = calloc(1, sizeof(*s));
	uint8_t digest[HASH];
	size_t i;

	if (s == NULL)
		bench_die("no memory");
	s->key = key;
	for (i = 0; i < BENCH_MAILS; i++) {
		hash_mail(&mail[i], digest);
		if (!sign_hash(key, digest, s->value[i], &s->len))
			bench_die("libcrypto does not sign");
	}
	return s;
}

static const struct {
	const char *size, *sign, *verify, *ed_sign, *ed_verify;
} sizes[] = {
	{"2k", "sign-2k", "verify-2k", "ed25519-sign-2k", "ed25519-verify-2k"},
	{"20k", "sign-20k", "verify-20k", "ed25519-sign-20k",
	 "ed25519-verify-20k"},
	{"200k", "sign-200k", "verify-200k", "ed25519-sign-200k",
	 "ed25519-verify-200k"},
};

int
main(int argc, char **argv)
{
	struct bench_case c[BENCH_CASES] = {{0}};
	const struct prepared *rsa, *ed;
	const struct bench_mail *bare, *with_rsa, *with_ed;
	size_t i, n = 0;

	if (argc != 2)
		bench_die("usage: floor FOLDER");
	hashing = EVP_MD_CTX_new();
	signing = EVP_MD_CTX_new();
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (hashing == NULL || signing == NULL || sha256 == NULL)
		bench_die("libcrypto does not start");
	rsa = read_key(argv[1], "rsa.pem");
	ed = read_key(argv[1], "ed25519.pem");
	for (i = 0; i < COUNT(sizes); i++) {
		if (!bench_has(argv[1], sizes[i].size))
			continue;
		bare = bench_mails(argv[1], sizes[i].size, ".eml");
		with_rsa = bench_mails(argv[1], sizes[i].size, ".rsa.eml");
		with_ed = bench_mails(argv[1], sizes[i].size, ".ed25519.eml");
		c[n++] = (struct bench_case){.name = sizes[i].sign,
					     .round = sign_round,
					     .mail = bare,
					     .context = rsa};
		c[n++] =
			(struct bench_case){.name = sizes[i].verify,
					    .round = verify_round,
					    .mail = with_rsa,
					    .context = sign_all(rsa, with_rsa)};
		c[n++] = (struct bench_case){.name = sizes[i].ed_sign,
					     .round = sign_round,
					     .mail = bare,
					     .context = ed};
		c[n++] = (struct bench_case){.name = sizes[i].ed_verify,
					     .round = verify_round,
					     .mail = with_ed,
					     .context = sign_all(ed, with_ed)};
	}
	return bench_serve(c, n);
}
