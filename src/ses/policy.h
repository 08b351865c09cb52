/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy - sending-authorization policies: who else may send as an identity.
 *
 * A policy is a JSON document of the IAM policy language, as far as SES has
 * it for identities: Version, Id and statements of Effect, Principal, Action,
 * Resource and Condition, the last three also negated.  It is read strictly:
 * a member, a principal, an action, a key or a value that we do not know is
 * refused, since a policy that says more than we understand would grant more
 * than it says.  Principals are accounts (by number, or as the ARN of their
 * root) or everybody; of a service, which calls nobody here, only the form is
 * looked at; users and roles, which we do not have, are refused.
 *
 * A policy says yes, no or nothing about a request.  No in one is no, in
 * whatever order; where all say nothing the answer is no too, which is for
 * the caller to say: an owner's own mail is bound by no alone.
 *
 * Pure: no allocation but in the given arena or buffer and jansson's, no I/O,
 * no logging, no clock.
 * Ownership: a policy is in the arena and borrows nothing else.
 */
#pragma once

#include "ses/policy_condition.h"

/* Octets of a policy, without white space between its tokens. */
#define SES_POLICY_MAX 4096
/* Policies of an identity (SES quota). */
#define SES_POLICIES_MAX 20
/* Octets of a policy's name. */
#define SES_POLICY_NAME_MAX 64
/* Octets of an arena that any one policy has room in. */
#define SES_POLICY_ARENA ((size_t)1 << 20)

struct ses_policy;

/* What a policy says of a request. */
enum ses_policy_effect {
	SES_POLICY_SILENT = 0, /* nothing */
	SES_POLICY_ALLOW,      /* yes */
	SES_POLICY_DENY,       /* no, whatever others say */
};

/*
 * Appends `text`, which is JSON, to `to` without the white space between its
 * tokens, all else as it was.  Returns false if `to` is full.
 */
bool ses_policy_compact(struct span text, struct buf *to);

/*
 * Reads `text`, a policy of the identity whose ARN is `resource`.
 * Fails with BAD_REQUEST, naming the member that is wrong; also if it has
 * more than SES_POLICY_MAX octets.
 */
bool ses_policy_parse(struct span text, struct span resource,
		      struct arena *arena, const struct ses_policy **ret,
		      struct error *reterr) MUST_CHECK;

/*
 * Returns what `policy` says of `request`.  A request with a text above
 * SES_POLICY_TEXT_MAX is denied by every policy.
 */
enum ses_policy_effect
ses_policy_evaluate(const struct ses_policy *policy,
		    const struct ses_policy_request *request);

/* Returns what two policies say together. */
enum ses_policy_effect ses_policy_join(enum ses_policy_effect a,
				       enum ses_policy_effect b);

/*
 * Fails with BAD_REQUEST, in SES's words, unless `name` can be a policy's:
 * letters, digits, "-" and "_".
 */
bool ses_policy_name_check(struct span name, struct error *reterr) MUST_CHECK;

/*
 * Reads the body of CreateEmailIdentityPolicy and UpdateEmailIdentityPolicy,
 * NULL if there is none: *ret is the policy's text.
 * Fails with SERIALIZATION or BAD_REQUEST.
 */
bool ses_put_policy_read(const json_t *body, struct span *ret,
			 struct error *reterr) MUST_CHECK;
