/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checker - one look at DNS for one identity: observe, judge, store.
 *
 * Reads the identity, asks DNS for its records and for the causes of what is
 * wrong, moves its statuses by identity/lifecycle.h, says when to look again,
 * and stores all of it with its events in one job.  What was seen is stored
 * too, as the document that the API shows (api/seen.h).
 */
#pragma once

#include "identity/records.h"
#include "serve/asking.h"
#include "serve/storage.h"
#include "text/suffix.h"

/* What a check needs besides the identity. */
struct checker {
	struct loop *loop;
	struct storage *storage;
	struct lookup *lookup;
	struct service service;          /* this deployment's names */
	const struct suffixes *suffixes; /* public suffixes, or NULL */
	int64_t confirm;                 /* ms: verify_confirm */
};

/* Called when a check is over; `kept`: whether it was stored. */
typedef void check_done(void *context, bool kept);

/*
 * Checks the identity of row `id`; if it cannot be stored (or the identity
 * is gone) it is still as due as before.  `entropy` is for jitter.
 */
void check_start(const struct checker *checker, uint64_t id, uint64_t entropy,
		 check_done *done, void *context);
