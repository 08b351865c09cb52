/* SPDX-License-Identifier: Apache-2.0 */
/*
 * remote - an identity as GetEmailIdentity shows it, sesame's or Amazon's.
 *
 * The answer is made the struct identity that the server stores, so
 * that records and steps are computed from it by the same functions.  What
 * the API does not say (when a status began) is 0.
 */
#pragma once

#include "cli/client.h"
#include "identity/records.h"
#include "ses/identity_answers.h"

/* An identity somewhere else. */
struct remote {
	struct identity identity;
	bool may_send;                        /* VerifiedForSendingStatus */
	char signing_zone[STORE_DOMAIN_SIZE]; /* SigningHostedZone, or "" */
	struct tag_row tag[STORE_TAGS_MAX];
	size_t tags; /* of tag */
};

/*
 * Makes *ret of the answer of GetEmailIdentity for `name`.  Fails with
 * ERROR_NETWORK if a text in it is too long to be one of SES.  Pure.
 */
bool remote_of(const struct ses_identity *answer, const char *name,
	       struct remote *ret, struct error *reterr) MUST_CHECK;

/* Asks for the identity `name`.  ERROR_NOT_FOUND: there is none. */
bool remote_get(struct client *c, const char *name, struct remote *ret,
		struct error *reterr) MUST_CHECK;

/*
 * Computes the record set of `remote`, whose names are those of the service
 * at `target`.  The record of a key of one's own (BYODKIM) is not in it, for
 * the API does not say it.  Fails with ERROR_BAD_REQUEST if the API does not
 * say where its keys are.
 */
bool remote_records(const struct remote *remote, const struct target *target,
		    struct record_set *ret, struct error *reterr) MUST_CHECK;

/* As remote_records(), of the service alone. */
bool remote_service(const struct remote *remote, const struct target *target,
		    struct service *ret, struct error *reterr) MUST_CHECK;
