/* SPDX-License-Identifier: Apache-2.0 */
/*
 * types - the things that are stored, as values without pointers.
 *
 * All times are milliseconds since 1970-01-01 UTC; 0 means never.  All texts
 * are NUL-ended.  Domains are in lower case and A-labels, without a final
 * dot.  A row is copied in and out whole: who may change which member, and
 * by what rules, is said in identity/lifecycle.h and sending/.
 *
 * Only sealed secrets are here: plaintext keys and API secrets live in keyd.
 */
#pragma once

#include "ses/types.h"

#define STORE_ACCOUNT_SIZE       13   /* twelve digits and a NUL */
#define STORE_NAME_SIZE          321  /* RFC 5321: 64 + "@" + 255, and a NUL */
#define STORE_DOMAIN_SIZE        254  /* 253 octets and a NUL */
#define STORE_TOKEN_SIZE         64   /* a selector: 63 octets and a NUL */
#define STORE_TOKENS             3    /* Easy DKIM tokens of an identity */
#define STORE_SEALED_MAX         4096 /* octets of a sealed key */
#define STORE_PUBLIC_SIZE        1024 /* the p= value of a key record, and a NUL */
#define STORE_SET_SIZE           65  /* a configuration set's name and a NUL */
#define STORE_TAGS_MAX           50  /* of one resource (SES quota) */
#define STORE_TAG_KEY_SIZE       129 /* 128 and a NUL */
#define STORE_TAG_VALUE_SIZE     257 /* 256 and a NUL */
#define STORE_MESSAGE_ID_SIZE    64  /* of SES's form, 60 and a NUL */
#define STORE_REPLY_SIZE         513 /* what a remote MX said, and a NUL */
#define STORE_RESOURCE_SIZE      341 /* "identity/NAME", as in ARNs, and a NUL */
#define STORE_LABEL_SIZE         64 /* what a pool key's AAD names it, and a NUL */
#define STORE_DOCUMENT_NAME_SIZE 513 /* an ARN has room, and a NUL */
/* Octets of a document: a template of 500 KB, as JSON. */
#define STORE_DOCUMENT_MAX ((size_t)1 << 20)
/* Octets of a message that is kept beside its report. */
#define STORE_REPORT_MESSAGE_MAX ((size_t)3 << 20)
#define STORE_OPTIONS_SIZE       8192 /* JSON of a configuration set, and a NUL */

/* An API customer of the deployment. */
struct account {
	char id[STORE_ACCOUNT_SIZE]; /* twelve digits, as in ARNs */
	int64_t created;
};

/* What an access key may be used for. */
enum access_permission {
	ACCESS_FULL = 1, /* every operation */
	ACCESS_SEND = 2, /* sending, and nothing else */
	ACCESS_READ = 3, /* what changes nothing and sends nothing */
};

/* Credentials of an account. */
struct access_key {
	char id[33];                      /* "AKIA..." */
	char account[STORE_ACCOUNT_SIZE]; /* whose it is */
	uint8_t sealed[STORE_SEALED_MAX]; /* the secret, as keyd sealed it */
	size_t sealed_len;                /* of sealed */
	int64_t created;
	enum access_permission permission;
	bool disabled; /* it opens nothing at present */
	int64_t used;  /* when it last opened something */
};

/* One status and its life, as lifecycle moves it. */
struct standing {
	enum ses_status status;
	int64_t since;     /* when it got this status */
	int64_t confirmed; /* first of the agreeing observations that a
			      SUCCESS waits for; 0 if the last was no good */
};

/* What the API calls an email identity. */
struct identity {
	uint64_t id;                      /* of the row; never reused */
	uint64_t version;                 /* counts the updates: one that was
					     made from an older is refused */
	char account[STORE_ACCOUNT_SIZE]; /* whose it is */
	char name[STORE_NAME_SIZE];       /* the domain, or the address */
	enum ses_identity_type type;
	int64_t created;
	char configuration_set[STORE_SET_SIZE]; /* default one, or "" */
	bool feedback_forwarding;               /* FeedbackForwardingStatus */

	struct standing verification;      /* VerificationStatus */
	enum ses_verification_error error; /* of the last failed check */
	int64_t last_checked;
	int64_t last_success;
	char soa_primary[STORE_DOMAIN_SIZE]; /* MNAME of the zone, or "" */
	char soa_admin[STORE_DOMAIN_SIZE];   /* RNAME with dots, or "" */
	uint32_t soa_serial;

	struct standing dkim; /* DkimAttributes.Status */
	bool signing_enabled;
	enum ses_dkim_origin origin;
	enum ses_key_length next_length;
	int current_length;     /* bits of the signing key; 0 before there is
				   one */
	int64_t key_generated;  /* LastKeyGenerationTimestamp */
	int64_t length_changed; /* last change of next_length */
	char token[STORE_TOKENS][STORE_TOKEN_SIZE]; /* "" where unused */

	char mail_from[STORE_DOMAIN_SIZE]; /* custom MAIL FROM domain, or "" */
	struct standing mail_from_standing;
	enum ses_mx_failure on_mx_failure;

	int64_t next_check; /* when DNS is to be asked again; 0: never */
	int64_t check_from; /* when the present schedule began: creation or
			       the last change */
};

/* Where a DKIM key stands in its life. */
enum dkim_key_state {
	DKIM_KEY_ACTIVE = 1,  /* signs */
	DKIM_KEY_NEXT = 2,    /* published, will sign */
	DKIM_KEY_RETIRED = 3, /* published, signed once */
};

/* What a DKIM key can do. */
enum dkim_key_type {
	DKIM_KEY_RSA = 1,     /* a=rsa-sha256 */
	DKIM_KEY_ED25519 = 2, /* a=ed25519-sha256 */
};

/* A DKIM key: of an identity's token, or of the deployment itself. */
struct dkim_key {
	uint64_t identity; /* row of the identity; 0: the zone's */
	char selector[STORE_TOKEN_SIZE]; /* the token */
	uint32_t generation;             /* counts the keys of a selector */
	enum dkim_key_type type;
	int bits;
	enum dkim_key_state state;
	char public[STORE_PUBLIC_SIZE];   /* what stands after p= */
	uint8_t sealed[STORE_SEALED_MAX]; /* the private key */
	size_t sealed_len;                /* of sealed */
	int64_t created;
};

/* A key that was made ahead of need, for the next identity to take. */
struct pool_key {
	uint64_t id; /* of the row */
	enum dkim_key_type type;
	int bits;
	char label[STORE_LABEL_SIZE];     /* what the AAD it is sealed with
					     names it */
	char public[STORE_PUBLIC_SIZE];   /* what stands after p= */
	uint8_t sealed[STORE_SEALED_MAX]; /* the private key */
	size_t sealed_len;                /* of sealed */
	int64_t created;
};

/* A token that was given out: for good, whatever becomes of its identity. */
struct token_row {
	char token[STORE_TOKEN_SIZE];
	uint64_t identity; /* row of the identity it was given to */
	int64_t issued;
	int64_t retired; /* when that identity was deleted, or 0 */
};

/* A token as the zone shows it. */
struct published_token {
	char token[STORE_TOKEN_SIZE];
	bool retired;                   /* its name does not exist any more */
	enum dkim_key_type type;        /* of its key; 0: it has none */
	char public[STORE_PUBLIC_SIZE]; /* what stands after p=, or "" */
};

/* A tag of a resource. */
struct tag_row {
	char key[STORE_TAG_KEY_SIZE];
	char value[STORE_TAG_VALUE_SIZE];
};

/* A configuration set. */
struct configuration_set {
	char account[STORE_ACCOUNT_SIZE];
	char name[STORE_SET_SIZE];
	int64_t created;
	char options[STORE_OPTIONS_SIZE]; /* a JSON object, or "" */
};

/* What a document is; the numbers are stored. */
enum document_kind {
	DOCUMENT_EMAIL_TEMPLATE = 1,        /* of an e-mail */
	DOCUMENT_IDENTITY_POLICY = 2,       /* parent: the identity's name */
	DOCUMENT_EVENT_DESTINATION = 3,     /* parent: the set's name */
	DOCUMENT_VERIFICATION_TEMPLATE = 4, /* of a custom verification */
	DOCUMENT_TENANT = 5,                /* part of an account */
	DOCUMENT_TENANT_RESOURCE = 6,       /* parent: the tenant's name */
	DOCUMENT_ACCOUNT = 7,               /* name: which of its attributes */
};

/* Something that an account keeps, besides its text. */
struct document {
	char account[STORE_ACCOUNT_SIZE];
	enum document_kind kind;
	char parent[STORE_NAME_SIZE]; /* what it belongs to, or "" */
	char name[STORE_DOCUMENT_NAME_SIZE];
	int64_t created;
	int64_t updated; /* its last change; at first when it was created */
};

/* A message in the queue; its bytes are kept beside it. */
struct message {
	uint64_t id;                            /* of the row */
	char message_id[STORE_MESSAGE_ID_SIZE]; /* what the API answered */
	char account[STORE_ACCOUNT_SIZE];
	uint64_t identity;               /* row of the identity it is sent as */
	char mail_from[STORE_NAME_SIZE]; /* envelope sender; "" is <> */
	bool fell_back; /* the custom MAIL FROM was not usable */
	int64_t created;
	size_t size;      /* octets of the data, as signed */
	int64_t finished; /* when its last recipient was delivered or
			     failed; 0 before */
	bool require_tls; /* rather not at all than in clear */
	int64_t max_age;  /* ms that it is tried; 0: as long as usual */
};

/* How far a recipient of a message has come. */
enum recipient_state {
	RECIPIENT_QUEUED = 1,    /* to be tried at next_attempt */
	RECIPIENT_SENDING = 2,   /* a delivery has it; queued at start-up */
	RECIPIENT_DELIVERED = 3, /* the remote said 250 */
	RECIPIENT_FAILED = 4,    /* given up */
};

/* One recipient of a message. */
struct recipient {
	uint64_t id;                    /* of the row */
	uint64_t message;               /* row of the message */
	char address[STORE_NAME_SIZE];  /* as given, for RCPT TO */
	char domain[STORE_DOMAIN_SIZE]; /* A-labels in lower case */
	enum recipient_state state;
	uint32_t attempts; /* made so far */
	int64_t next_attempt;
	char reply[STORE_REPLY_SIZE];   /* the last reply or reason, cleaned */
	char remote[STORE_DOMAIN_SIZE]; /* host that gave it, or "" */
	bool tls;                       /* that last attempt was under TLS */
	int64_t updated;
};

/* A line of the audit log: what happened, with its evidence. */
struct event {
	uint64_t id; /* of the row, in order of time */
	int64_t time;
	char account[STORE_ACCOUNT_SIZE]; /* "" : the deployment's own */
	char identity[STORE_NAME_SIZE];   /* name, or "" */
	char kind[32];   /* such as "dkim.status", "mail_from.fallback" */
	char text[1024]; /* a JSON object: from, to, the observation ... */
};

/* A message that is to come to the report inbox, or came and was judged. */
struct report_row {
	uint64_t id;
	char token[STORE_TOKEN_SIZE];     /* local part it comes to */
	char account[STORE_ACCOUNT_SIZE]; /* who asked for it, or "" */
	char identity[STORE_NAME_SIZE];   /* that is tested, or "" */
	int64_t received; /* when it was asked for, then when it came */
	char json[32768]; /* the delivery report, as the API shows it; "" as
			     long as no message came */
};

/* Why an address is suppressed: model shape SuppressionListReason. */
enum suppressed_reason {
	SUPPRESSED_BOUNCE = 1,    /* it hard-bounced */
	SUPPRESSED_COMPLAINT = 2, /* its owner complained */
};

/* An address that an account must not send to. */
struct suppressed {
	char account[STORE_ACCOUNT_SIZE];
	char address[STORE_NAME_SIZE];
	enum suppressed_reason reason;
	int64_t time;
	char message_id[STORE_MESSAGE_ID_SIZE]; /* that caused it, or "" */
};
