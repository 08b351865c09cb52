/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/tls.h"

#include <openssl/err.h>
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
bad_file(struct tls_context *tls, const char *what, const char *path,
	 struct error *reterr)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	ERR_clear_error();
	error_set(reterr, ERROR_CONFIG, "the TLS %s %s cannot be used: %s",
		  what, path, reason != NULL ? reason : "unknown reason");
	tls_free(tls);
	return NULL;
}

struct tls_context *
tls_server_new(const char *certificate, const char *key, struct error *reterr)
{
	struct tls_context *tls = context_new(TLS_server_method());

	ERR_clear_error();
	if (SSL_CTX_use_certificate_chain_file(tls->ctx, certificate) != 1)
		return bad_file(tls, "certificate", certificate, reterr);
	if (SSL_CTX_use_PrivateKey_file(tls->ctx, key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(tls->ctx) != 1)
		return bad_file(tls, "key", key, reterr);
	return tls;
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
