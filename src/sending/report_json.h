/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_json - verdicts on messages as JSON, the same for CLI and API.
 *
 * Members are in snake_case; "schema" goes up when a member changes meaning.
 * What is absent is null.
 *
 * Pure but for the memory of the JSON, which is the caller's (json_decref).
 */
#pragma once

#include "mailauth/arc.h"
#include "mailauth/report.h"
#include "text/json.h"

#define REPORT_JSON_SCHEMA 1 /* the version of these documents */

/* Returns the document for an SPF result. */
json_t *report_json_spf(const struct spf_result *r) MUST_CHECK;

/* Returns the document for a DMARC result. */
json_t *report_json_dmarc(const struct dmarc_result *r) MUST_CHECK;

/*
 * Returns the document for the DKIM results of a message, of which `skipped`
 * more were not looked at.
 */
json_t *report_json_dkim(enum dkim_outcome outcome,
			 const struct dkim_result *result, size_t len,
			 size_t skipped) MUST_CHECK;

/* Returns the document for a whole report, report_text()'s text included. */
json_t *report_json(const struct report *r) MUST_CHECK;

/* Returns the document for an ARC result. */
json_t *report_json_arc(const struct arc_result *r) MUST_CHECK;
