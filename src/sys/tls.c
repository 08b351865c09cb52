/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/tls.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdlib.h>

#include "base/mem.h"

static struct tls_context *
context_new(const SSL_METHOD *method)
{
	struct tls_context *tls = mem_new(sizeof(*tls));

	tls->ctx = SSL_CTX_new(method);
	if (tls->ctx == NULL)
		mem_exhausted();
	SSL_CTX_set_min_proto_version(tls->ctx, TLS1_2_VERSION);
	SSL_CTX_set_options(tls->ctx, SSL_OP_NO_RENEGOTIATION |
					      SSL_OP_NO_COMPRESSION |
					      SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_mode(tls->ctx, SSL_MODE_RELEASE_BUFFERS);
	return tls;
}

/* Fails with the reason that OpenSSL gives. */
static struct tls_context *
bad_pem(struct tls_context *tls, const char *what, struct error *reterr)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	ERR_clear_error();
	error_set(reterr, ERROR_CONFIG, "the TLS %s cannot be used: %s", what,
		  reason != NULL ? reason : "unknown reason");
	tls_free(tls);
	return NULL;
}

/* A file under a password is refused: OpenSSL would ask at the terminal. */
static int
no_password(char *to, int room, int writing, void *context)
{
	(void)to;
	(void)room;
	(void)writing;
	(void)context;
	return -1;
}

/* Takes the chain: the first certificate is the server's own. */
static bool
use_chain(SSL_CTX *ctx, struct span pem)
{
	BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
	X509 *own = PEM_read_bio_X509_AUX(bio, NULL, no_password, NULL);
	bool ok = own != NULL && SSL_CTX_use_certificate(ctx, own) == 1;
	X509 *next;

	while (ok &&
	       (next = PEM_read_bio_X509(bio, NULL, no_password, NULL)) != NULL)
		if (SSL_CTX_add0_chain_cert(ctx, next) != 1) {
			X509_free(next);
			ok = false;
		}
	if (ok)
		ERR_clear_error(); /* of the end of the text */
	X509_free(own);
	BIO_free(bio);
	return ok;
}

static bool
use_key(SSL_CTX *ctx, struct span pem)
{
	BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
	bool ok = key != NULL && SSL_CTX_use_PrivateKey(ctx, key) == 1 &&
		  SSL_CTX_check_private_key(ctx) == 1;

	EVP_PKEY_free(key);
	BIO_free(bio);
	return ok;
}

struct tls_context *
tls_server_new(struct span certificate, struct span key, struct error *reterr)
{
	struct tls_context *tls = context_new(TLS_server_method());

	ERR_clear_error();
	if (certificate.len > INT_MAX || !use_chain(tls->ctx, certificate))
		return bad_pem(tls, "certificate", reterr);
	if (key.len > INT_MAX || !use_key(tls->ctx, key))
		return bad_pem(tls, "key", reterr);
	return tls;
}

void
tls_become(struct tls_context *tls, struct tls_context *other)
{
	SSL_CTX_free(tls->ctx);
	tls->ctx = other->ctx;
	free(other);
}

struct tls_context *
tls_client_new(void)
{
	struct tls_context *tls = context_new(TLS_client_method());

	SSL_CTX_set_verify(tls->ctx, SSL_VERIFY_NONE, NULL);
	return tls;
}

void
tls_free(struct tls_context *tls)
{
	if (tls == NULL)
		return;
	SSL_CTX_free(tls->ctx);
	free(tls);
}
