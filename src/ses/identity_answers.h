/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identity_answers - what the calls about email identities answer.
 *
 * As structs, written as JSON (as the server does) and read from it (as a
 * client does, from whatever service).  Reading is lenient: what a service
 * leaves out, or says in words that this release does not know, is absent.
 *
 * Pure: no allocation but jansson's, no I/O, no logging, no clock.
 * Ownership: spans read from JSON borrow it; the functions that write return
 * a new reference.  Times are milliseconds since 1970.
 */
#pragma once

#include "ses/identities.h"

/* Tokens of an identity, or one selector. */
#define SES_TOKENS_MAX 3

/* Model shape DkimAttributes. */
struct ses_dkim {
	bool signing_enabled;
	enum ses_status status;
	enum ses_dkim_origin origin;
	struct span token[SES_TOKENS_MAX];
	size_t tokens;                   /* of token */
	struct span signing_zone;        /* SigningHostedZone, or "" */
	enum ses_key_length next_length; /* 0: absent */
	int current_length;              /* bits; 0: absent */
	int64_t key_generated;           /* 0: absent */
};

/* Model shape MailFromAttributes. */
struct ses_mail_from {
	struct span domain;     /* "": none, and no status either */
	enum ses_status status; /* of the domain */
	enum ses_mx_failure behavior;
};

/* Model shape VerificationInfo. */
struct ses_verification {
	int64_t last_checked; /* 0: absent */
	int64_t last_success; /* 0: absent */
	enum ses_verification_error error;
	struct span soa_primary; /* "": no SOARecord */
	struct span soa_admin;
	uint32_t soa_serial;
};

/* What GetEmailIdentity answers. */
struct ses_identity {
	enum ses_identity_type type;
	bool feedback_forwarding;
	bool verified; /* VerifiedForSendingStatus */
	enum ses_status status;
	struct ses_dkim dkim;
	struct ses_mail_from mail_from;
	struct ses_verification verification;
	struct span configuration_set; /* or "" */
	struct ses_tags tags;
};

/* Model shape IdentityInfo: an entry of a list. */
struct ses_identity_entry {
	enum ses_identity_type type;
	struct span name;
	bool sending_enabled;
	enum ses_status status;
};

/* Writes DkimAttributes. */
json_t *ses_dkim_write(const struct ses_dkim *dkim) MUST_CHECK;

/* Writes the answer of CreateEmailIdentity. */
json_t *ses_created_write(enum ses_identity_type type, bool verified,
			  const struct ses_dkim *dkim) MUST_CHECK;

/* Writes the answer of PutEmailIdentityDkimSigningAttributes. */
json_t *ses_signing_answer_write(const struct ses_dkim *dkim) MUST_CHECK;

/* Writes the answer of GetEmailIdentity. */
json_t *ses_identity_write(const struct ses_identity *identity) MUST_CHECK;

/*
 * Reads the answer of GetEmailIdentity, or those of the calls that answer a
 * part of it.  What this release does not know stays 0.
 * Fails with INTERNAL if it is not even an object.
 */
bool ses_identity_read(const json_t *body, struct ses_identity *ret,
		       struct error *reterr) MUST_CHECK;

/* Writes an entry of a list. */
json_t *ses_identity_entry_write(const struct ses_identity_entry *e) MUST_CHECK;

/* Reads an entry of a list; false if it is none. */
bool ses_identity_entry_read(const json_t *json,
			     struct ses_identity_entry *ret) MUST_CHECK;
