/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls - what a TLS session needs to begin: certificates and rules.
 *
 * TLS 1.2 and above.  The client side is opportunistic (RFC 7435): it takes
 * any certificate, since a mail server that offers none better is still
 * better than clear text; a caller that needs more must not use it.
 *
 * Ownership: a context is the caller's; sessions made from it live on after
 * it is freed.
 */
#pragma once

#include "base/error.h"
#include "base/span.h"

struct ssl_ctx_st;
struct tls_context {
	struct ssl_ctx_st *ctx; /* OpenSSL's own; for src/sys only */
};

/*
 * Returns a context for servers, of the PEM texts of a certificate chain (the
 * server's own first) and of its key.  Fails with ERROR_CONFIG: one of them
 * cannot be read, or the key is not that of the certificate.
 */
struct tls_context *tls_server_new(struct span certificate, struct span key,
				   struct error *reterr) MUST_CHECK;

/*
 * Makes `tls` what `other` is, for the sessions that begin from now on.
 * Takes `other`.
 */
void tls_become(struct tls_context *tls, struct tls_context *other);

/* Returns a context for opportunistic clients. */
struct tls_context *tls_client_new(void) MUST_CHECK;

/* Frees `tls`, which may be NULL. */
void tls_free(struct tls_context *tls);
