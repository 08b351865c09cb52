/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_server - serves the API: HTTP in, operations on the store thread, HTTP
 * out.
 *
 * A request's head passes the gate (api/gate.h) before its body is read; then
 * keyd judges the signature with the sealed secret of the access key, the
 * operation runs as a job on the store, and what it needs besides (a
 * signature, the queue) is seen to before it runs again.  Hashing and parsing
 * of a large body is done on a worker thread.
 *
 * A client that is gone does not stop what it asked for.
 */
#pragma once

#include "api/call.h"
#include "serve/access_keys.h"
#include "serve/keyring.h"
#include "serve/storage.h"
#include "serve/submit.h"
#include "sys/net.h"
#include "sys/tls.h"

#define API_CONNECTIONS_MAX      2000 /* at once */
#define API_CONNECTIONS_EACH_MAX 64   /* of them, from one address */
/* Octets of bodies that are being received or worked on; above it, 503. */
#define API_HELD_MAX ((uint64_t)256 << 20)
/* Octets of a body above which it is hashed and parsed on the worker. */
#define API_BODY_LARGE ((size_t)64 << 10)

/* What it needs; borrowed. */
struct api_parts {
	struct loop *loop;
	struct storage *storage;
	struct keyring *keyring;
	struct submitter *submitter;
	struct access_keys *access_keys;
	const struct api_deployment *deployment;
	int log; /* a file for the access log's lines, or -1 */
	/* Something may have become due: bits of enum api_wake. */
	void (*wake)(void *context, unsigned what);
	void *context;
};

struct api_server;

/* Serves on the listening socket `fd`, which it borrows. */
struct api_server *api_server_new(const struct api_parts *parts,
				  int fd) MUST_CHECK;

/*
 * From now on new connections are under TLS; NULL: in clear.  Borrows it
 * until the next call.
 */
void api_server_tls(struct api_server *server, const struct tls_context *tls);

/* Accepts no more, and ends each connection after what it is asked now. */
void api_server_drain(struct api_server *server);

/* Returns how many requests are being served. */
size_t api_server_busy(const struct api_server *server);

/* Closes all connections and frees, NULL is fine; it must not be busy. */
void api_server_free(struct api_server *server);
