/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json - a record set as JSON, and back.
 *
 *	{"schema": 1, "domain": "example.org",
 *	 "mail_from_domain": "sesmail.example.org", "region": "eu-west-2",
 *	 "service_zone": "mail.example", "zone": "example.org",
 *	 "records": [{"purpose": "dkim", "name": "...", "relative_name": "...",
 *	              "type": "CNAME", "value": "...", "priority": 10}]}
 *
 * `zone` and `relative_name` are there if the zone is known, `priority` with
 * an MX only.  What is read may have members besides.
 *
 * No I/O, no logging, no clock; memory is jansson's and the given buffer's.
 */
#pragma once

#include "publish/export.h"
#include "text/json.h"

#define PUBLISH_JSON_SCHEMA 1            /* of the form above */
#define PUBLISH_JSON_MAX    (256 * 1024) /* octets of a text that is read */

/* Returns `set` as a JSON object: one reference. */
json_t *publish_json(const struct record_set *set,
		     const struct export_options *options) MUST_CHECK;

/* Appends publish_json() to `to`, indented, with a line end. */
void publish_json_write(const struct record_set *set,
			const struct export_options *options, struct buf *to);

/*
 * Reads the form above into *ret.
 * Fails with BAD_REQUEST if `text` is no JSON of this form.
 */
bool publish_json_parse(struct span text, struct record_set *ret,
			struct error *reterr) MUST_CHECK;
