/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identity_view - a stored identity as the SES API shows it.
 *
 * No logging, no clock; reads the store where it says so.  Ownership: the
 * view borrows the identity and the call's arena.
 */
#pragma once

#include "api/call.h"
#include "ses/identity_answers.h"

/* Fills *ret with the DKIM of `identity`, by what it holds itself. */
void identity_view_dkim(struct api_call *call, const struct identity *identity,
			struct ses_dkim *ret);

/*
 * Fills *ret with what GetEmailIdentity answers: reads the tags and, for an
 * address, the DKIM of the domain it is in.
 */
bool identity_view(struct api_call *call, const struct identity *identity,
		   struct ses_identity *ret, struct error *reterr) MUST_CHECK;

/* Returns "identity/NAME": what the tags of `identity` are kept under. */
const char *identity_resource(struct api_call *call,
			      const struct identity *identity);
