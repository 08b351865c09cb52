/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identity - how an email identity is made and changed by its owner.
 *
 * The calls of the API that change a struct identity, as functions over the
 * value: what they set, what they refuse and with which words.  What DNS
 * changes is for lifecycle.h; where it is stored, and who may ask, is not
 * for here.
 *
 * A call that leaves something to look for in DNS sets check_from and
 * next_check to `now`, so that the schedule begins anew.
 *
 * Pure: no allocation, no I/O, no logging, no clock, no randomness: time
 * (milliseconds since 1970) and entropy are parameters.
 */
#pragma once

#include "base/error.h"
#include "identity/lifecycle.h"
#include "identity/token.h"
#include "store/types.h"

#define IDENTITY_HOUR (INT64_C(3600) * 1000) /* in milliseconds */
#define IDENTITY_DAY  (24 * IDENTITY_HOUR)   /* in milliseconds */

/* Octets of entropy that a full set of tokens takes. */
#define IDENTITY_ENTROPY (STORE_TOKENS * TOKEN_ENTROPY)

/* What CreateEmailIdentity is given. */
struct identity_ask {
	struct span account;           /* whose it will be */
	struct span name;              /* canonical: identity_name() made it */
	struct span configuration_set; /* default one, or "" */
	enum ses_key_length length;    /* Easy DKIM; 0: RSA_2048_BIT */
	struct span selector;          /* BYODKIM: the selector; else "" */
	int key_bits;                  /* BYODKIM: bits of the given key */
	/* unpredictable, for three tokens; never used twice */
	const uint8_t *entropy;
};

/*
 * Brings the name of an identity to the one form it is stored and found
 * under: a domain, and the part of an address behind "@", in A-labels and
 * lower case without a final dot; the part before it as it is given.
 * Fails with BAD_REQUEST if it is neither a domain that could send mail nor
 * an address.
 */
bool identity_name(struct span text, char ret[static STORE_NAME_SIZE],
		   struct error *reterr) MUST_CHECK;

/* Returns whether a name, as identity_name() gives it, is an address. */
bool identity_is_address(struct span name);

/*
 * Fills *ret for a new identity.  Its statuses are NOT_STARTED, as the answer
 * to CreateEmailIdentity shows them; lifecycle_begin() moves them on.
 * Fails with BAD_REQUEST if a name is too long, or signing attributes are
 * given for an address.
 */
bool identity_create(const struct identity_ask *ask, int64_t now,
		     struct identity *ret, struct error *reterr) MUST_CHECK;

/*
 * Easy DKIM by PutEmailIdentityDkimSigningAttributes.  `length` is 0 if the
 * call has none.  From Easy DKIM: a changed length keeps the tokens, so
 * nothing changes for the operator and the status stays; with DKIM or the
 * identity FAILED it is a restart, also with the same length.  From BYODKIM:
 * new tokens of `entropy`, RSA_2048_BIT unless `length` says otherwise, and
 * DKIM starts again.  If it does, *events has the event of it, and SES answers
 * the call with NOT_STARTED.
 * Fails with BAD_REQUEST, as SES does, for an address, from Easy DKIM without
 * a length or with the one it has already, and for a second change in 24
 * hours unless it is to RSA_1024_BIT.
 */
bool identity_put_easy(struct identity *identity, enum ses_key_length length,
		       const uint8_t entropy[static IDENTITY_ENTROPY],
		       int64_t now, struct lifecycle_events *events,
		       struct error *reterr) MUST_CHECK;

/*
 * BYODKIM by the same call: the customer's own selector and key of `bits`.
 * DKIM starts again; the identity's own verification is not touched unless it
 * had FAILED.
 * Fails with BAD_REQUEST for an address or a selector that is not a label of
 * letters, digits and hyphens.
 */
bool identity_put_byodkim(struct identity *identity, struct span selector,
			  int bits, int64_t now,
			  struct lifecycle_events *events,
			  struct error *reterr) MUST_CHECK;

/*
 * PutEmailIdentityMailFromAttributes.  `mail_from` is in lower case and
 * A-labels, "" to have none.  A new value starts its verification, and so
 * does the same again when it is FAILED: that is the restart.  A change of
 * the behaviour alone moves no status.
 * Fails with BAD_REQUEST unless it is a true subdomain of the identity's
 * domain.
 */
bool identity_put_mail_from(struct identity *identity, struct span mail_from,
			    enum ses_mx_failure behavior, int64_t now,
			    struct lifecycle_events *events,
			    struct error *reterr) MUST_CHECK;

/* Returns whether SES says VerifiedForSendingStatus of `identity`. */
bool identity_may_send(const struct identity *identity);

/* Returns whether mail is signed with the key of `identity`. */
bool identity_signs(const struct identity *identity);

/*
 * Returns how many DKIM selectors `identity` holds, and puts them into
 * `ret`, borrowed: those that a deletion leaves as tombstones.
 */
size_t identity_selectors(const struct identity *identity,
			  struct span ret[static STORE_TOKENS]);
