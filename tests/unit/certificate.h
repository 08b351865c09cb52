/* SPDX-License-Identifier: Apache-2.0 */
/* A TLS context for a server, with a certificate that it signed itself. */
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <unistd.h>

#include "sys/tls.h"

#include "unit.h"

static inline struct tls_context *
certificate_server(void)
{
	char certificate[] = "/tmp/sesame-cert-XXXXXX";
	char key[] = "/tmp/sesame-key-XXXXXX";
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	X509 *x509 = X509_new();
	struct tls_context *tls;
	struct error error = {0};
	FILE *file;

	X509_set_version(x509, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
	X509_gmtime_adj(X509_getm_notBefore(x509), 0);
	X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
	X509_set_pubkey(x509, pkey);
	assert_true(X509_sign(x509, pkey, EVP_sha256()) > 0);
	file = fdopen(mkstemp(certificate), "w");
	assert_true(PEM_write_X509(file, x509));
	fclose(file);
	file = fdopen(mkstemp(key), "w");
	assert_true(
		PEM_write_PrivateKey(file, pkey, NULL, NULL, 0, NULL, NULL));
	fclose(file);
	X509_free(x509);
	EVP_PKEY_free(pkey);
	tls = tls_server_new(certificate, key, &error);
	if (tls == NULL)
		fail_msg("%s", error.text);
	unlink(certificate);
	unlink(key);
	return tls;
}
