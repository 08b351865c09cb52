/* SPDX-License-Identifier: Apache-2.0 */
/* A TLS context for a server, with a certificate that it signed itself. */
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "sys/tls.h"

#include "unit.h"

/* Returns the text written to `bio`, which is freed; free() it. */
static inline char *
certificate_text(BIO *bio)
{
	char *text;
	long len = BIO_get_mem_data(bio, &text);
	char *copy = calloc(1, (size_t)len + 1);

	memcpy(copy, text, (size_t)len);
	BIO_free(bio);
	return copy;
}

/* Makes the PEM of a self-signed certificate and its key; free() both. */
static inline void
certificate_make(char **ret_certificate, char **ret_key)
{
	BIO *certificate = BIO_new(BIO_s_mem()), *key = BIO_new(BIO_s_mem());
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	X509 *x509 = X509_new();

	X509_set_version(x509, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
	X509_gmtime_adj(X509_getm_notBefore(x509), 0);
	X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
	X509_set_pubkey(x509, pkey);
	assert_true(X509_sign(x509, pkey, EVP_sha256()) > 0);
	assert_true(PEM_write_bio_X509(certificate, x509));
	assert_true(
		PEM_write_bio_PrivateKey(key, pkey, NULL, NULL, 0, NULL, NULL));
	X509_free(x509);
	EVP_PKEY_free(pkey);
	*ret_certificate = certificate_text(certificate);
	*ret_key = certificate_text(key);
}

static inline struct tls_context *
certificate_server(void)
{
	struct error error = {0};
	struct tls_context *tls;
	char *certificate, *key;

	certificate_make(&certificate, &key);
	tls = tls_server_new(span_of(certificate), span_of(key), &error);
	if (tls == NULL)
		fail_msg("%s", error.text);
	free(certificate);
	free(key);
	return tls;
}
