/* SPDX-License-Identifier: Apache-2.0 */
/*
 * records - the record set: what an operator publishes for an identity.
 *
 * Computed, never stored: from the domain, its tokens, its MAIL FROM domain
 * and the service (sesame's own, or Amazon's) whose names they point at.
 * Whether the records are there is for observe.h to find out.
 *
 * Names are absolute, in lower case and without a final dot; a form relative
 * to a zone is made by record_relative().  A TXT value is the joined text,
 * without quotes.
 *
 * Pure: no allocation, no I/O, no logging, no clock.  A set is a value.
 */
#pragma once

#include "base/buf.h"
#include "base/error.h"
#include "dns/record.h"
#include "store/types.h"

#define RECORDS_MAX         16   /* of one set */
#define RECORD_VALUE_SIZE   1280 /* a BYODKIM key with its tags, and a NUL */
#define RECORD_RUA_MAX      320  /* characters of a rua= address */
#define SERVICE_REGION_SIZE 64   /* a label, and a NUL */

/* Whose names the records point at. */
enum service_kind {
	SERVICE_SESAME = 1, /* a deployment of sesame */
	SERVICE_AMAZON = 2, /* Amazon SES */
};

/* The service that sends: where its names are. */
struct service {
	enum service_kind kind;
	char zone[STORE_DOMAIN_SIZE];         /* "mail.example"; of Amazon
						 "amazonses.com" */
	char region[SERVICE_REGION_SIZE];     /* "eu-west-2" */
	char signing_zone[STORE_DOMAIN_SIZE]; /* SigningHostedZone, as the API
						 gave it, or "" for the usual */
};

/* What a record is for. */
enum record_purpose {
	RECORD_DKIM = 1,      /* proves control, and shows the key */
	RECORD_MAIL_FROM_MX,  /* brings bounces home */
	RECORD_MAIL_FROM_SPF, /* lets the service send for MAIL FROM */
	RECORD_DMARC,         /* says what to do with forgeries */
};

/* One record to publish. */
struct record {
	enum record_purpose purpose;
	enum dns_type type;            /* DNS_CNAME, DNS_MX or DNS_TXT */
	char name[STORE_DOMAIN_SIZE];  /* absolute, without a final dot */
	char value[RECORD_VALUE_SIZE]; /* host without a final dot, or text */
	unsigned priority;             /* of an MX; else 0 */
};

/* All records of an identity, in the order in which they are shown. */
struct record_set {
	char domain[STORE_DOMAIN_SIZE];       /* that they are for */
	char mail_from[STORE_DOMAIN_SIZE];    /* or "" */
	char region[SERVICE_REGION_SIZE];     /* of the service */
	char service_zone[STORE_DOMAIN_SIZE]; /* of the service */
	struct record record[RECORDS_MAX];
	size_t len;
};

/* The DMARC policy that is recommended to the operator. */
enum records_policy {
	RECORDS_QUARANTINE = 0, /* recommended */
	RECORDS_NONE,           /* only watch */
	RECORDS_REJECT,         /* when all mail is aligned */
};

/* What a set is made of. */
struct records_ask {
	const struct service *service;
	struct span domain;              /* in lower case and A-labels */
	struct span token[STORE_TOKENS]; /* Easy DKIM; "" where unused */
	struct span selector;            /* BYODKIM; else "" */
	struct span public_key;          /* its p= value */
	struct span mail_from;           /* or "" */
	enum records_policy policy;
	struct span
		rua; /* address for DMARC reports, without "mailto:", or "" */
};

/*
 * Computes the record set.
 * Fails with BAD_REQUEST if a name or value would be too long to publish.
 */
bool records_make(const struct records_ask *ask, struct record_set *ret,
		  struct error *reterr) MUST_CHECK;

/*
 * As records_make(), for a stored identity.  `public_key` is the p= value of
 * its BYODKIM key, "" for Easy DKIM.  An address has no DKIM record and no
 * DMARC record of its own: those are its domain's.
 */
bool records_of(const struct identity *identity, const struct service *service,
		struct span public_key, struct record_set *ret,
		struct error *reterr) MUST_CHECK;

/* Returns the domain of an identity's name: the part behind the last "@". */
struct span records_domain(const struct identity *identity);

/*
 * Writes `name` as it stands in the zone `apex`: "@" for the apex itself,
 * the labels before it for a name below, and an absolute name with its final
 * dot for any other or when `apex` is "".
 */
void record_relative(struct span name, struct span apex, struct buf *ret);

/* Returns the record of `set` for `purpose` that comes after `after` (NULL:
 * the first), or NULL. */
const struct record *records_get(const struct record_set *set,
				 enum record_purpose purpose,
				 const struct record *after);

/* Returns "dkim", "mail_from_mx", "mail_from_spf" or "dmarc"; static. */
const char *record_purpose_name(enum record_purpose purpose);

/* Reads such a word into *ret; false, *ret alone, if it is none of them. */
bool record_purpose_parse(struct span text,
			  enum record_purpose *ret) MUST_CHECK;

/* Appends the zone in which the DKIM targets are: SigningHostedZone. */
void service_signing_zone(const struct service *service, struct buf *ret);

/* Appends the host that the MAIL FROM's MX must name. */
void service_feedback_host(const struct service *service, struct buf *ret);

/* Appends the MAIL FROM domain that is used without a custom one. */
void service_default_mail_from(const struct service *service, struct buf *ret);
