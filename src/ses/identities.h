/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identities - what a client asks in calls about email identities.
 *
 * For each call of the API: the request as a struct, read from JSON (as the
 * server does, with all checks that the model asks for) or written as JSON
 * (as a client does).  Each pair stands together, so that they stay each
 * other's inverse.  What a request means, and whether it may be done, is for
 * api/ and identity/; the answers are in identity_answers.h.
 *
 * Pure: no allocation but jansson's, no I/O, no logging, no clock.
 * Ownership: spans read from JSON borrow it; the functions that write return
 * a new reference.
 */
#pragma once

#include "base/error.h"
#include "ses/types.h"
#include "text/json.h"

/* Tags of one resource. */
#define SES_TAGS_MAX 50
/* Identities on a page of a list, and when the caller does not say. */
#define SES_PAGE_MAX     1000
#define SES_PAGE_DEFAULT 100
/* Octets of a NextToken. */
#define SES_NEXT_TOKEN_MAX 2048
/* Octets of an identity's name that can be one. */
#define SES_NAME_MAX 320

/* A tag: model shape Tag. */
struct ses_tag {
	struct span key;
	struct span value;
};

/* The tags of a resource: model shape TagList. */
struct ses_tags {
	struct ses_tag tag[SES_TAGS_MAX];
	size_t len; /* of tag */
};

/* Model shape DkimSigningAttributes. */
struct ses_signing {
	enum ses_key_length length; /* NextSigningKeyLength; 0: not given */
	struct span selector;       /* BYODKIM, or "" */
	struct span private_key;    /* BYODKIM, or "": base64, a secret */
};

/* CreateEmailIdentity. */
struct ses_create_identity {
	struct span name;
	struct span configuration_set; /* or "" */
	struct ses_signing signing;
	struct ses_tags tags;
};

/* PutEmailIdentityDkimSigningAttributes. */
struct ses_put_signing {
	enum ses_dkim_origin origin;
	struct ses_signing signing;
};

/* PutEmailIdentityMailFromAttributes. */
struct ses_put_mail_from {
	struct span domain;           /* "": none */
	enum ses_mx_failure behavior; /* USE_DEFAULT_VALUE if not given */
};

/* ListEmailIdentities; the filters are model shape IdentityFilterKey. */
struct ses_list_identities {
	size_t page;                 /* entries at most */
	struct span next_token;      /* or "": from the start */
	struct span contains;        /* IDENTITY_NAME_CONTAINS, or "" */
	enum ses_identity_type type; /* IDENTITY_TYPE; 0: any */
	enum ses_status status;      /* VERIFICATION_STATUS; 0: any */
};

/*
 * Reads the body of CreateEmailIdentity, NULL if there is none.
 * Fails with SERIALIZATION or BAD_REQUEST in SES's words.
 */
bool ses_create_identity_read(const json_t *body,
			      struct ses_create_identity *ret,
			      struct error *reterr) MUST_CHECK;

/* Writes the body of CreateEmailIdentity. */
json_t *
ses_create_identity_write(const struct ses_create_identity *request) MUST_CHECK;

/* Reads the body of PutEmailIdentityDkimSigningAttributes, as above. */
bool ses_put_signing_read(const json_t *body, struct ses_put_signing *ret,
			  struct error *reterr) MUST_CHECK;

/* Writes that body. */
json_t *ses_put_signing_write(const struct ses_put_signing *request) MUST_CHECK;

/* Reads the body of PutEmailIdentityMailFromAttributes, as above. */
bool ses_put_mail_from_read(const json_t *body, struct ses_put_mail_from *ret,
			    struct error *reterr) MUST_CHECK;

/* Writes that body. */
json_t *
ses_put_mail_from_write(const struct ses_put_mail_from *request) MUST_CHECK;

/* Reads a body with one boolean, such as SigningEnabled, as above. */
bool ses_put_flag_read(const json_t *body, const char *name, bool *ret,
		       struct error *reterr) MUST_CHECK;

/*
 * Reads the body of PutEmailIdentityConfigurationSetAttributes, as above;
 * *ret is "" if the set is to be cleared.
 */
bool ses_put_set_read(const json_t *body, struct span *ret,
		      struct error *reterr) MUST_CHECK;

/* Reads what ListEmailIdentities is asked, as above. */
bool ses_list_identities_read(const json_t *body,
			      struct ses_list_identities *ret,
			      struct error *reterr) MUST_CHECK;

/* Adds the tags of `list`, as read; fails as above if it has bad ones. */
bool ses_tags_read(const json_t *list, struct ses_tags *ret,
		   struct error *reterr) MUST_CHECK;

/* Writes tags as the model's TagList. */
json_t *ses_tags_write(const struct ses_tags *tags) MUST_CHECK;
