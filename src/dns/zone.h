/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone - the deployment's own DNS zone, in memory.
 *
 * What a name has, or that it does not exist, is found here; how that is
 * said is the responder's business.  The names that a deployment needs are
 * made from struct zone_config; the keys of identities come and go.  There
 * are wildcards, but no CNAME and no delegation.  Each change moves the
 * serial of the SOA on.
 *
 * No I/O, no logging, no clock.  Ownership: a zone is the caller's; what is
 * found is borrowed until the zone changes.  RFC 1034, 2308, 4592, 8020.
 */
#pragma once

#include "dns/record.h"

#define ZONE_SERVERS_MAX   8    /* name servers */
#define ZONE_HOSTS_MAX     32   /* hosts that send */
#define ZONE_ADDRESSES_MAX 8    /* addresses of a host */
#define ZONE_SENDERS_MAX   64   /* addresses in the SPF record */
#define ZONE_TEXT_MAX      4096 /* octets of a TXT record */
#define ZONE_DATA_MAX      4200 /* octets of the data of any record */

struct zone;

/* An IP address. */
struct zone_address {
	bool v6;        /* ip has 16 octets, else 4 */
	uint8_t ip[16]; /* in network order */
};

/* A name with its addresses. */
struct zone_host {
	struct dname name; /* that lies outside the zone is not served */
	struct zone_address address[ZONE_ADDRESSES_MAX];
	size_t len; /* of address */
};

/* What a deployment's zone is made from; the spans may go after zone_new(). */
struct zone_config {
	struct dname apex;     /* mail.example */
	struct span region;    /* one label: eu-west-2 */
	struct dname contact;  /* the SOA's mailbox, as a name */
	struct span dmarc;     /* the text at _dmarc of both; "": none */
	struct span selector;  /* of the deployment's own key; "": none */
	struct span key;       /* its text */
	uint32_t serial;       /* of the SOA, to begin with */
	uint32_t ttl;          /* seconds, of every record */
	uint32_t negative_ttl; /* seconds that an absence may be kept */
	struct zone_host server[ZONE_SERVERS_MAX];  /* the zone's NS */
	size_t servers;                             /* of server, at least 1 */
	struct zone_host host[ZONE_HOSTS_MAX];      /* EHLO names */
	size_t hosts;                               /* of host */
	struct zone_address mx[ZONE_ADDRESSES_MAX]; /* of feedback-smtp */
	size_t mxs;                                 /* of mx */
	struct zone_address sender[ZONE_SENDERS_MAX]; /* that SPF allows */
	size_t senders;                               /* of sender */
};

/* One record's data. */
struct zone_data {
	struct zone_data *next;
	size_t len;      /* of bytes */
	uint8_t bytes[]; /* RDATA in wire form */
};

/* The records of one type at one name. */
struct zone_set {
	struct zone_set *next;
	uint16_t type;
	uint32_t ttl; /* seconds */
	struct zone_data *data;
};

/* What zone_find() found. */
enum zone_found {
	ZONE_FOUND,    /* records of the type asked, or of any for DNS_ANY */
	ZONE_NODATA,   /* the name exists, or names below it do */
	ZONE_NXDOMAIN, /* it does not */
	ZONE_OUTSIDE,  /* it is not of this zone */
};

/*
 * Makes the zone that `config` describes.
 * Returns NULL if that cannot be: a name too long, a region that is no label.
 */
struct zone *zone_new(const struct zone_config *config) MUST_CHECK;

/* Frees `zone`, which may be NULL. */
void zone_free(struct zone *zone);

DEFINE_FREEP(zone)

/*
 * Publishes `text` as the key of `token`, in place of what was there; with
 * an empty text the name exists and has no record.
 * Returns false, changing nothing, if `token` is no label or the text too
 * long.
 */
bool zone_key_put(struct zone *zone, struct span token, struct span text);

/* Makes the name of `token` not exist; false if it did not before. */
bool zone_key_remove(struct zone *zone, struct span token);

/*
 * Adds a record in the zone; its rr->data need not be set.  A set has the
 * TTL of its first record; a record that is there already is left alone.
 * Returns false, changing nothing, if it is outside, a CNAME, DNAME or SOA,
 * an NS below the apex, or too long.
 */
bool zone_put(struct zone *zone, const struct dns_rr *rr);

/* Removes the records of `type` at `name`; false if there were none. */
bool zone_remove(struct zone *zone, const struct dname *name, uint16_t type);

/* Returns the zone's name. */
const struct dname *zone_apex(const struct zone *zone);

/* Returns the serial of the SOA. */
uint32_t zone_serial(const struct zone *zone);

/* Returns the SOA, with the TTL of an absence. */
const struct zone_set *zone_soa(const struct zone *zone);

/* Looks `type` up at `name`; *ret is set for ZONE_FOUND only. */
enum zone_found zone_find(const struct zone *zone, const struct dname *name,
			  uint16_t type, const struct zone_set **ret);
