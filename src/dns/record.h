/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record - DNS types, resource records, questions and their answers.
 *
 * This is the common tongue of everything that asks DNS: a machine (SPF,
 * DKIM, DMARC, an observation, a delivery) yields a struct dns_question and
 * is given a struct dns_answer, be it from the network or from a fixture.
 *
 * Pure: no allocation but in a given arena, no I/O, no logging, no clock.
 * Ownership: an answer and all it points at live in the arena (or fixture)
 * of whoever made it, at least until the machine's next call returns.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "dns/name.h"

#define DNS_ALIASES_MAX 8 /* CNAMEs that are followed; one more is an error */

/* RR types by their numbers (IANA "DNS parameters"). */
enum dns_type {
	DNS_A = 1,      /* RFC 1035 */
	DNS_NS = 2,     /* RFC 1035 */
	DNS_CNAME = 5,  /* RFC 1035 */
	DNS_SOA = 6,    /* RFC 1035 */
	DNS_PTR = 12,   /* RFC 1035 */
	DNS_MX = 15,    /* RFC 1035 */
	DNS_TXT = 16,   /* RFC 1035 */
	DNS_AAAA = 28,  /* RFC 3596 */
	DNS_DNAME = 39, /* RFC 6672 */
	DNS_OPT = 41,   /* RFC 6891: not data */
	DNS_SPF = 99,   /* RFC 7208 section 3.1: dead, only ever reported */
	DNS_TSIG = 250, /* RFC 8945: not data */
	DNS_ANY = 255,  /* RFC 8482: a question, not data */
};

/* How a question ended. */
enum dns_status {
	DNS_OK = 0,   /* there are records of the type asked */
	DNS_NODATA,   /* the name exists, without that type */
	DNS_NXDOMAIN, /* the name does not exist */
	DNS_SERVFAIL, /* the server failed or refused: no evidence of anything
		       */
	DNS_TIMEOUT,  /* nobody answered in time: no evidence of anything */
	DNS_BAD,      /* what came is no usable answer: no evidence either */
};

struct dns_question {
	struct dname name;
	uint16_t type; /* an enum dns_type */
};

/* The data of one record; which member holds, `type` says. */
struct dns_rr {
	struct dname name;
	uint16_t type;    /* an enum dns_type, or another number */
	uint32_t ttl;     /* seconds */
	struct span data; /* RDATA in wire form, names in it not compressed */
	union {
		uint8_t a[4];        /* DNS_A */
		uint8_t aaaa[16];    /* DNS_AAAA */
		struct dname target; /* DNS_CNAME, _NS, _PTR, _DNAME */
		struct {
			uint16_t preference;
			struct dname exchange;
		} mx; /* DNS_MX */
		struct {
			struct span text; /* the strings, joined as they are */
			size_t strings;   /* how many there were */
		} txt;                    /* DNS_TXT, DNS_SPF */
		struct {
			struct dname mname;
			struct dname rname;
			uint32_t serial, refresh, retry, expire, minimum;
		} soa; /* DNS_SOA */
	};
};

struct dns_answer {
	enum dns_status status;
	const struct dns_rr *rr; /* only those of the type asked, at the end of
				    the alias chain; none unless DNS_OK */
	size_t len;              /* of rr */
	const struct dname *alias; /* the targets of the CNAMEs that were
				      followed, in order; the last is the name
				      that `rr` is at */
	size_t aliases;            /* of alias */
	uint32_t ttl;              /* seconds this answer may be kept */
	bool authentic;            /* AD, from a resolver that we trust in it */
	bool no_tcp;               /* an error: what came was cut short, and
				      TCP brought nothing */
	bool has_soa;              /* negative, and `soa` came along */
	struct dns_rr soa;         /* of the zone that has no such record */
};

/* Whether `status` says nothing about what is published. */
static inline bool
dns_is_error(enum dns_status status)
{
	return status == DNS_SERVFAIL || status == DNS_TIMEOUT ||
	       status == DNS_BAD;
}

/* Returns "TXT", "MX" ... for a type, static; "TYPE" for one not known. */
const char *dns_type_name(uint16_t type);

/* Reads "TXT", "mx" or "TYPE99" into *ret; false if it is none of these. */
bool dns_type_parse(struct span text, uint16_t *ret) MUST_CHECK;

/* Returns "NXDOMAIN", "SERVFAIL" ...; static. */
const char *dns_status_name(enum dns_status status);

/*
 * Appends the data of `rr` as a zone file writes it: names absolute with
 * their final dot, TXT as quoted strings with escapes (RFC 1035 section 5.1).
 * An unknown type is written as RFC 3597 section 5 says.
 */
void dns_rr_format(const struct dns_rr *rr, struct buf *to);

/*
 * Sets rr->data to the wire form of the member that rr->type says: the twin
 * of what the wire codec reads.  A TXT's text is cut into strings of 255
 * octets and txt.strings set.  Of an unknown type nothing is done.
 * Returns false if the arena is full or the text is longer than RDATA can be.
 */
bool dns_rr_pack(struct dns_rr *rr, struct arena *arena) MUST_CHECK;

/*
 * Copies `rr` and all it points at into `arena`.
 * Returns false, leaving *ret alone, if the arena is full.
 */
bool dns_rr_copy(const struct dns_rr *rr, struct arena *arena,
		 struct dns_rr *ret) MUST_CHECK;

/*
 * Brings the names in `rr`, its owner's and those in its data, to lower case;
 * rr->data stays as it is.
 */
void dns_rr_lower(struct dns_rr *rr);

/* As dns_rr_copy(), of a whole answer: for whoever keeps one. */
bool dns_answer_copy(const struct dns_answer *answer, struct arena *arena,
		     struct dns_answer *ret) MUST_CHECK;
