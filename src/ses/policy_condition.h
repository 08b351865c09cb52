/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_condition - the Condition of a statement of a policy.
 *
 * What a condition can ask about is what is known of a message that is to be
 * sent: struct ses_policy_request.  All conditions of a statement have to
 * hold; of the values of one, any.  Operators, their prefixes ForAnyValue
 * and ForAllValues, and IfExists are those of the IAM policy language, and
 * so is what holds when a key is absent: an operator that denies does, any
 * other does not.  Two things are ours: a key of several values
 * (ses:Recipients) that is asked about without a prefix grants only if all
 * its values pass, and denies as soon as one does; and an operator of a kind
 * that the key never has is refused, not false for ever.
 *
 * Pure: no allocation but in the given arena, no I/O, no logging, no clock.
 * Ownership: what was read is in the arena and borrows nothing else.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "text/json.h"

/* Octets of a text of a request that a policy can judge. */
#define SES_POLICY_TEXT_MAX 1024

/* A message that somebody wants to send as an identity. */
struct ses_policy_request {
	struct span account;          /* who calls: twelve digits */
	struct span action;           /* "ses:SendEmail" or its like */
	struct span resource;         /* the identity's ARN */
	const struct span *recipient; /* ses:Recipients */
	size_t recipients;            /* of recipient */
	struct span from;             /* ses:FromAddress */
	struct span display_name;     /* ses:FromDisplayName, or "" */
	struct span feedback;         /* ses:FeedbackAddress, or "" */
	struct span source_ip;        /* aws:SourceIp, or "" */
	struct span source_arn;       /* aws:SourceArn, or "" */
	bool secure;                  /* aws:SecureTransport */
	int64_t now;                  /* aws:CurrentTime, in ms since 1970 */
};

struct ses_condition;

/* The conditions of a statement. */
struct ses_conditions {
	const struct ses_condition *one; /* in the arena */
	size_t len;                      /* of one */
};

/*
 * Reads the member Condition, NULL if it is absent; `where` is the path to
 * its statement, such as "Statement[0]", and `variables` whether "${" begins
 * a variable (Version 2012-10-17), which we have none of.
 * Fails with BAD_REQUEST, naming the member that is wrong.
 */
bool ses_conditions_read(const json_t *condition, const char *where,
			 bool variables, struct arena *arena,
			 struct ses_conditions *ret,
			 struct error *reterr) MUST_CHECK;

/* Returns whether all hold for `request`, in a statement that denies or not. */
bool ses_conditions_hold(const struct ses_conditions *conditions,
			 const struct ses_policy_request *request, bool denies);
