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

#include "mailauth/dmarc.h"
#include "mailauth/spf.h"
#include "text/json.h"

#define REPORT_JSON_SCHEMA 1 /* the version of these documents */

/* Returns the document for an SPF result. */
json_t *report_json_spf(const struct spf_result *r) MUST_CHECK;

/* Returns the document for a DMARC result. */
json_t *report_json_dmarc(const struct dmarc_result *r) MUST_CHECK;
