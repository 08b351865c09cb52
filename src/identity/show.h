/* SPDX-License-Identifier: Apache-2.0 */
/*
 * show - what is known of a domain as JSON, the same for API and CLI.
 *
 * Members are in snake_case, times RFC 3339 in UTC; "schema" goes up when a
 * member changes its meaning.  What is not known is null.
 *
 * Pure but for the memory of the JSON, which is the caller's (json_decref).
 */
#pragma once

#include "identity/diagnose.h"
#include "identity/eligibility.h"
#include "identity/steps.h"
#include "text/json.h"

#define SHOW_SCHEMA 1 /* the version of these documents */

/* Returns the document of a check that is done. */
json_t *show_eligibility(const struct eligibility *m) MUST_CHECK;

/* Returns the five steps as an array. */
json_t *show_steps(const struct step step[static STEPS]) MUST_CHECK;

/*
 * Returns the findings of a diagnosis as an array: of objects with the
 * members code, severity, temporary, record, type, zone, expected, found,
 * message and repair.
 */
json_t *show_findings(const struct diagnosis *diagnosis) MUST_CHECK;

/*
 * Returns the document of a diagnosis: {"schema", "domain", "ok",
 * "findings"}.
 */
json_t *show_diagnosis(const struct observation *seen,
		       const struct diagnosis *diagnosis) MUST_CHECK;

/* Returns a time as a text in RFC 3339, or null if it is 0. */
json_t *show_time(int64_t time) MUST_CHECK;
