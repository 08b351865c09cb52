/* SPDX-License-Identifier: Apache-2.0 */
/*
 * deployment - the data directory of a deployment, opened by a command.
 *
 * A server may run on it meanwhile: the store is for both, and what must be
 * known at once the server looks for (serve/access_keys.h).
 *
 * Reads files and the clock of nobody; no network.
 */
#pragma once

#include "keyd/keyd.h"
#include "serve/config.h"
#include "store/store.h"

/* Octets of a new secret, and a NUL. */
#define DEPLOYMENT_SECRET_SIZE (KEYD_NEW_SECRET_SIZE + 1)

/* A deployment. */
struct deployment {
	struct config config;
	struct store *store;
	struct keyd *keyd; /* NULL until deployment_unseal() */
};

/*
 * Opens the deployment in `data`, with the configuration at `file` ("": its
 * own).  Fails with ERROR_CONFIG, or as the store does; *ret is to be released
 * in any case.
 */
bool deployment_open(struct deployment *ret, struct span data, struct span file,
		     struct error *reterr) MUST_CHECK;

/*
 * Reads the master key, so that secrets can be sealed: in a keyd of our own,
 * in this process.  Fails with ERROR_CONFIG or ERROR_IO.
 */
bool deployment_unseal(struct deployment *d, struct error *reterr) MUST_CHECK;

/* Closes it and overwrites what is secret. */
void deployment_release(struct deployment *d);

/*
 * Makes an access key of `account`: *ret, to be stored, and its secret, which
 * nobody can read again.  Fails with ERROR_CRYPTO.
 */
bool deployment_new_key(struct keyd *keyd, const char *account,
			enum access_permission permission, int64_t now,
			struct access_key *ret,
			char ret_secret[DEPLOYMENT_SECRET_SIZE],
			struct error *reterr) MUST_CHECK;
