/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client - requests to a SES v2 endpoint, sesame's or Amazon's, that block.
 *
 * JSON over HTTPS, signed by ses/sigv4.h; plain HTTP only to loopback.  No
 * redirects are followed.  A GET that failed on the way or was answered
 * "later" (429, 5xx) is tried again, a little later, CLIENT_TRIES times in
 * all; nothing else is.
 *
 * Errors of the API come as the struct error of the same name (error.def),
 * with its message; what failed on the way is ERROR_NETWORK.
 */
#pragma once

#include "cli/target.h"
#include "text/json.h"

#define CLIENT_ANSWER_MAX ((size_t)8 << 20) /* octets of an answer */
#define CLIENT_PATH_MAX   4096              /* octets of path and query */
#define CLIENT_TRIES      3                 /* of a GET */
#define CLIENT_CONNECT_MS 10000             /* to be connected */
#define CLIENT_TOTAL_MS   60000             /* for the whole answer */

struct client;

/*
 * Makes a client of `target`, which is borrowed.  Fails with ERROR_CONFIG if
 * its URL is none, or is http: and not on loopback.
 */
bool client_new(const struct target *target, struct client **ret,
		struct error *reterr) MUST_CHECK;

/* Frees `c`; NULL is fine. */
void client_free(struct client *c);
DEFINE_FREEP(client)

/*
 * Sends one request.  `path` begins with "/" and is encoded already, with
 * its query if it has one; `body` (borrowed) may be NULL.  Sets *ret, if not
 * NULL, to the answer: a JSON object, of which the caller has a reference.
 */
bool client_call(struct client *c, const char *method, const char *path,
		 const json_t *body, json_t **ret,
		 struct error *reterr) MUST_CHECK;

/* As client_call(), of the path "PREFIX" NAME "SUFFIX", NAME encoded. */
bool client_call_named(struct client *c, const char *method, const char *prefix,
		       struct span name, const char *suffix, const json_t *body,
		       json_t **ret, struct error *reterr) MUST_CHECK;

/* Returns whether `url` is https:, or http: on loopback.  Pure. */
bool client_is_safe(const char *url, struct error *reterr) MUST_CHECK;
