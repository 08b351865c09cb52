/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suppression - what goes over the wire about the suppression list.
 *
 * The list has addresses that an account must not send to, each once, in
 * lower case: who complained at one spelling of an address did so at all.
 *
 * Pure: no allocation but jansson's, no I/O, no logging, no clock.
 * Ownership: spans borrow what they were read from.
 */
#pragma once

#include "ses/identities.h"
#include "ses/set_options.h"

/* PutSuppressedDestination. */
struct ses_put_suppressed {
	struct span address;     /* as it was given */
	enum ses_reasons reason; /* one of them */
	struct span tenant;      /* or "" */
};

/* ListSuppressedDestinations. */
struct ses_list_suppressed {
	unsigned reasons;       /* bits of enum ses_reasons; 0: any */
	int64_t from;           /* ms since 1970: StartDate; 0: any */
	int64_t to;             /* EndDate, not included; 0: any */
	size_t page;            /* entries at most */
	struct span next_token; /* or "": from the start */
	struct span tenant;     /* or "" */
};

/* Reads the body, NULL if there is none.  Fails with SERIALIZATION or
 * BAD_REQUEST in SES's words. */
bool ses_put_suppressed_read(const json_t *body, struct ses_put_suppressed *ret,
			     struct error *reterr) MUST_CHECK;

/* Reads what the query says, as ses_model_input() puts it.  Fails as above. */
bool ses_list_suppressed_read(const json_t *input,
			      struct ses_list_suppressed *ret,
			      struct error *reterr) MUST_CHECK;

/* Returns the model's word for one reason; static. */
const char *ses_reason_name(enum ses_reasons reason);
