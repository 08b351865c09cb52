/* SPDX-License-Identifier: Apache-2.0 */
/*
 * types - the enumerations of the SES v2 API, with the words it has for them.
 *
 * Names and words are those of the API model (DkimStatus, IdentityType ...).
 * The numbers are stored: never change one, only add.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 */
#pragma once

#include "base/macros.h"
#include "base/span.h"

/* Model shape IdentityType. */
enum ses_identity_type {
	SES_DOMAIN = 1,        /* a domain and all below it */
	SES_EMAIL_ADDRESS = 2, /* one mailbox */
};

/* Model shapes VerificationStatus, DkimStatus and MailFromDomainStatus. */
enum ses_status {
	SES_NOT_STARTED = 1,       /* nothing was asked for yet */
	SES_PENDING = 2,           /* looked for, within 72 h */
	SES_SUCCESS = 3,           /* seen and right */
	SES_FAILED = 4,            /* not there for 72 h: needs a restart */
	SES_TEMPORARY_FAILURE = 5, /* was right, is not now, within 72 h */
};

/* Model shape BehaviorOnMxFailure. */
enum ses_mx_failure {
	SES_USE_DEFAULT_VALUE = 1, /* send with the deployment's MAIL FROM */
	SES_REJECT_MESSAGE = 2,    /* refuse to send */
};

/* Model shape DkimSigningKeyLength. */
enum ses_key_length {
	SES_RSA_1024_BIT = 1024, /* bits of the modulus */
	SES_RSA_2048_BIT = 2048, /* bits of the modulus: the default */
};

/* Model shape DkimSigningAttributesOrigin, as far as we have it. */
enum ses_dkim_origin {
	SES_ORIGIN_AWS_SES = 1,  /* Easy DKIM: the service has the key */
	SES_ORIGIN_EXTERNAL = 2, /* BYODKIM: the customer gave the key */
};

/* Model shape VerificationError. */
enum ses_verification_error {
	SES_ERROR_NONE = 0,           /* no failure was ever seen: no member */
	SES_ERROR_SERVICE = 1,        /* SERVICE_ERROR: on our side */
	SES_ERROR_DNS_SERVER = 2,     /* DNS_SERVER_ERROR: SERVFAIL */
	SES_ERROR_HOST_NOT_FOUND = 3, /* NXDOMAIN or unreachable */
	SES_ERROR_TYPE_NOT_FOUND = 4, /* NODATA */
	SES_ERROR_INVALID_VALUE = 5,  /* a record, with another value */
};

/* Returns the API's word for `type`, static. */
const char *ses_identity_type_name(enum ses_identity_type type);

/* Returns the API's word for `status`, static. */
const char *ses_status_name(enum ses_status status);

/* Returns the API's word for `behavior`, static. */
const char *ses_mx_failure_name(enum ses_mx_failure behavior);

/* Returns the API's word for `length`, static. */
const char *ses_key_length_name(enum ses_key_length length);

/* Returns the API's word for `origin`, static. */
const char *ses_dkim_origin_name(enum ses_dkim_origin origin);

/* Returns the API's word for `error`, static; "" for SES_ERROR_NONE. */
const char *ses_verification_error_name(enum ses_verification_error error);

/* Reads the API's word `text` into *ret; false, *ret alone, if it is none. */
bool ses_identity_type_parse(struct span text,
			     enum ses_identity_type *ret) MUST_CHECK;

/* As ses_identity_type_parse(), for a status. */
bool ses_status_parse(struct span text, enum ses_status *ret) MUST_CHECK;

/* As ses_identity_type_parse(), for a behaviour on MX failure. */
bool ses_mx_failure_parse(struct span text,
			  enum ses_mx_failure *ret) MUST_CHECK;

/* As ses_identity_type_parse(), for a key length. */
bool ses_key_length_parse(struct span text,
			  enum ses_key_length *ret) MUST_CHECK;

/* As ses_identity_type_parse(), for an origin. */
bool ses_dkim_origin_parse(struct span text,
			   enum ses_dkim_origin *ret) MUST_CHECK;
