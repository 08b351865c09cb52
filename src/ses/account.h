/* SPDX-License-Identifier: Apache-2.0 */
/*
 * account - what goes over the wire about the attributes of an account.
 *
 * What is kept of a call is a JSON object: what it said, as GetAccount shows
 * it.
 *
 * Pure: no allocation but jansson's, no I/O, no logging, no clock.
 */
#pragma once

#include "base/error.h"
#include "text/json.h"

/* Contact addresses of an account. */
#define SES_CONTACTS_MAX 4

/*
 * Reads the body of PutAccountDetails, NULL if there is none, to a new
 * object: model shape AccountDetails, without ReviewDetails.
 * Fails with SERIALIZATION or BAD_REQUEST.
 */
bool ses_account_details_read(const json_t *body, json_t **ret,
			      struct error *reterr) MUST_CHECK;

/*
 * As above, of PutAccountSuppressionAttributes: model shape
 * SuppressionAttributes.  Reasons that are not given are none.
 */
bool ses_account_suppression_read(const json_t *body, json_t **ret,
				  struct error *reterr) MUST_CHECK;

/* As above, of PutAccountSendingAttributes: {"SendingEnabled": ...}. */
bool ses_account_sending_read(const json_t *body, json_t **ret,
			      struct error *reterr) MUST_CHECK;
