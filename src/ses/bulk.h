/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk - the request of SendBulkEmail, and the messages that it is.
 *
 * Each entry is a SendEmail with the template of DefaultContent, and is made
 * one: with the data, headers and tags of the entry where they replace those
 * of the request.  Data is replaced member by member, in objects in it too; a
 * list is replaced as a whole.
 *
 * Pure: no allocation but jansson's, no I/O, no logging, no clock.
 * Ownership: everything borrows the JSON it was read from; an entry's body is
 * a new reference that shares what it has in common with the request.
 */
#pragma once

#include "ses/outbound.h"

/* Entries of a SendBulkEmail (SES quota). */
#define SES_BULK_ENTRIES_MAX 50

/* SendBulkEmail. */
struct ses_bulk {
	const json_t *body;            /* all of it */
	const json_t *entry;           /* its BulkEmailEntries */
	size_t entries;                /* of entry, at least 1 */
	struct span configuration_set; /* or "" */
	struct ses_by_template template;
};

/* What came of an entry: model shape BulkEmailEntryResult. */
struct ses_bulk_result {
	struct span message_id;      /* or "": it failed */
	const struct error *failure; /* or NULL: it did not */
};

/*
 * Reads the body of SendBulkEmail, NULL if there is none; what only its
 * entries say is looked at when they are made.
 * Fails with SERIALIZATION or BAD_REQUEST.
 */
bool ses_bulk_read(const json_t *body, struct ses_bulk *ret,
		   struct error *reterr) MUST_CHECK;

/*
 * Sets *ret to the body of the SendEmail that entry `i` is.
 * Fails with BAD_REQUEST if the data of the request or the entry is none.
 */
bool ses_bulk_entry(const struct ses_bulk *bulk, size_t i, json_t **ret,
		    struct error *reterr) MUST_CHECK;

/* Returns the API's word for a message that failed so (BulkEmailStatus). */
const char *ses_bulk_status(enum error_code code);

/* Writes what came of an entry. */
json_t *ses_bulk_result_write(const struct ses_bulk_result *result) MUST_CHECK;
