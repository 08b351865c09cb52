/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identity_json - an identity, its steps and its records, as JSON.
 *
 * The answer of GET /sesame/v1/identities/{name}, and what `sesame status` and
 * `sesame add` print with --json: one form everywhere (docs/api.md).  It has
 * the members of publish/json.h too, so publish_json_parse() reads it.  Members
 * are in snake_case, times are RFC 3339 in UTC, what is absent is null; words
 * of SES are as SES writes them.
 *
 * Pure but for the memory of the JSON, which is the caller's (json_decref).
 */
#pragma once

#include "identity/steps.h"
#include "text/json.h"

#define IDENTITY_JSON_SCHEMA 1 /* goes up when a member changes meaning */

/* What there is to say. */
struct identity_json {
	const struct identity *identity;
	const struct record_set *set;   /* that it needs */
	const struct observation *seen; /* of that set, or NULL */
	const struct step *step;        /* STEPS of them */
	const char *signing_zone;       /* SigningHostedZone, or "" */
	bool may_send;                  /* VerifiedForSendingStatus */
	json_t *findings;               /* an array, borrowed, or NULL */
};

/* Returns the whole document. */
json_t *identity_json(const struct identity_json *what) MUST_CHECK;
