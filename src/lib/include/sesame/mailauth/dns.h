/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dns - what a machine asks of DNS, and how it is answered.
 *
 * Each machine of this library (SPF, DKIM, DMARC, ARC, verify) has one DNS
 * side, so that a program needs one loop for all of them:
 *
 *	const struct sesame_question *q;
 *
 *	while ((q = sesame_dns_ask(dns)) != NULL) {
 *		... ask your resolver for q->name, q->type ...
 *		if (sesame_dns_answer_wire(dns, message, len, 0) != SESAME_OK)
 *			sesame_dns_answer(dns, SESAME_DNS_SERVFAIL, 0);
 *	}
 *
 * One question waits at a time; it stays the same until it is answered.  The
 * number of questions is bounded: at most 50 for each SPF evaluation (RFC
 * 7208 section 4.6.4 allows fewer look-ups, of several questions each), one
 * for each DKIM signature looked at (8), 100 for DMARC and 51 for ARC.
 *
 * Ownership: a DNS side belongs to its machine and goes with it.
 */
#ifndef SESAME_MAILAUTH_DNS_H
#define SESAME_MAILAUTH_DNS_H

#include <sesame/mailauth/text.h>

SESAME_BEGIN

struct sesame_dns;

/* Records in one answer; what is above is SESAME_ERR_TOO_BIG. */
#define SESAME_DNS_RECORDS_MAX 1000

/* The types that are asked for, by their numbers in DNS. */
enum sesame_dns_type {
	SESAME_DNS_A = 1,     /* addresses: RFC 1035 */
	SESAME_DNS_PTR = 12,  /* names of an address: RFC 1035 */
	SESAME_DNS_MX = 15,   /* mail hosts: RFC 1035 */
	SESAME_DNS_TXT = 16,  /* texts: RFC 1035 */
	SESAME_DNS_AAAA = 28, /* addresses: RFC 3596 */
};

/* How a question ended. */
enum sesame_dns_status {
	SESAME_DNS_OK = 0,       /* there are records, which were added */
	SESAME_DNS_NODATA = 1,   /* the name exists, without that type */
	SESAME_DNS_NXDOMAIN = 2, /* the name does not exist */
	SESAME_DNS_SERVFAIL = 3, /* an error: it is not known what there is */
	SESAME_DNS_TIMEOUT = 4,  /* the same: nobody answered in time */
};

/* Flags of an answer. */
enum sesame_dns_flag {
	SESAME_DNS_TRUSTED = 1, /* the way to the resolver is safe: believe in
				   its AD bit; of added records: DNSSEC proved
				   them */
};

struct sesame_question {
	struct sesame_text name; /* without a final dot; what is no plain
				    character stands as \. or \007, as in a
				    zone file (RFC 1035 section 5.1) */
	int type;                /* an enum sesame_dns_type */
};

/*
 * Returns the question that waits for its answer; NULL if there is none: the
 * machine is done, or the message that it looks at has not ended.
 */
SESAME_API const struct sesame_question *
sesame_dns_ask(const struct sesame_dns *dns);

/*
 * Answers with a DNS response message of `len` octets, as it came from a
 * resolver (RFC 1035 section 4).  Its ID is not looked at, whose check is for
 * whoever sent the query; its question has to be the one asked, and of its
 * records only those count that are at the name asked for or at the end of a
 * CNAME chain from it, of at most 8.  An RCODE other than NOERROR and
 * NXDOMAIN is taken as SESAME_DNS_SERVFAIL.
 *
 * SESAME_ERR_DNS: it is no response to the question, or malformed.
 * SESAME_ERR_TRUNCATED: it has TC set.  After either the question waits on.
 * SESAME_ERR_ORDER: no question waits.
 */
SESAME_API enum sesame_status sesame_dns_answer_wire(struct sesame_dns *dns,
						     const void *message,
						     size_t len,
						     unsigned flags);

/*
 * Adds a record to the answer that sesame_dns_answer() will end: a TXT, its
 * character-strings joined as they are.  `ttl` is in seconds.
 *
 * SESAME_ERR_ARGUMENT: no TXT was asked for.  SESAME_ERR_TOO_BIG: longer
 * than a record can be, or above SESAME_DNS_RECORDS_MAX.
 */
SESAME_API enum sesame_status sesame_dns_add_txt(struct sesame_dns *dns,
						 struct sesame_text text,
						 uint32_t ttl);

/*
 * As sesame_dns_add_txt(), of an address in network order: 4 octets if A was
 * asked for, 16 if AAAA was.
 */
SESAME_API enum sesame_status sesame_dns_add_address(struct sesame_dns *dns,
						     const void *octets,
						     size_t len, uint32_t ttl);

/*
 * As sesame_dns_add_txt(), of an MX.  `name` is written as in a question; a
 * final dot may stand.  SESAME_ERR_DOMAIN: it is no name.
 */
SESAME_API enum sesame_status sesame_dns_add_mx(struct sesame_dns *dns,
						unsigned preference,
						struct sesame_text name,
						uint32_t ttl);

/* As sesame_dns_add_mx(), of a PTR. */
SESAME_API enum sesame_status sesame_dns_add_ptr(struct sesame_dns *dns,
						 struct sesame_text name,
						 uint32_t ttl);

/*
 * Answers with `status` and, if that is SESAME_DNS_OK, the records that were
 * added (none of them: SESAME_DNS_NODATA).  The records are those at the end
 * of the CNAME chain, if there was one.
 */
SESAME_API enum sesame_status sesame_dns_answer(struct sesame_dns *dns,
						enum sesame_dns_status status,
						unsigned flags);

SESAME_END

#endif
