/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seen - what was last seen of an identity in DNS, as it is kept and shown.
 *
 * Whoever looks (serve/checker) keeps the document of seen_write() under
 * seen_setting() in the store; the API reads it back, shows its records and
 * findings and tells the five steps by it.  Members are in snake_case.
 *
 * No I/O, no logging, no clock; memory is jansson's and the given arena's.
 */
#pragma once

#include "identity/observe.h"
#include "text/json.h"

#define SEEN_SCHEMA       1            /* the version of these documents */
#define SEEN_SETTING_SIZE 40           /* of seen_setting(), with its NUL */
#define SEEN_MAX          (256 * 1024) /* octets of a stored document */

/* Writes the store's key for what was seen of the identity of row `id`. */
void seen_setting(uint64_t id, char ret[static SEEN_SETTING_SIZE]);

/*
 * Returns the document of what was `seen` at `now`.  Takes `findings`, the
 * diagnosis as an array, which may be NULL.
 */
json_t *seen_write(const struct observation *seen, int64_t now,
		   json_t *findings) MUST_CHECK;

/*
 * Reads a document back as far as steps_of() looks, for the record set as it
 * is now: what the document does not know of was not asked.  Returns false if
 * it is none.  *ret borrows `set` and `json`.
 */
bool seen_read(const json_t *json, const struct record_set *set,
	       struct observation *ret) MUST_CHECK;
