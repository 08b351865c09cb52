/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report - the verdict on one message: who it says it is from, and whether
 * SPF, DKIM and DMARC prove it.
 *
 * Made by verify.h; what is true of a message is said here, as values, and
 * nobody re-reads a text that was made of it.  report_text() renders it for
 * people: the same words in the CLI, the API, the console and mail.
 *
 * Pure: no I/O, no logging, no clock.
 * Ownership: a report lives in the arena of the verification, and borrows
 * from nothing else.
 */
#pragma once

#include "base/buf.h"
#include "mailauth/dkim_verify.h"
#include "mailauth/dmarc.h"
#include "mailauth/spf.h"
#include "text/address.h"

/* Octets that report_text() writes at most. */
#define REPORT_TEXT_MAX ((size_t)256 << 10)

/* What the From field is good for: one author domain, or none. */
enum report_from_status {
	REPORT_FROM_OK = 0,
	REPORT_FROM_HEADER,    /* the header is malformed: see `header` */
	REPORT_FROM_NONE,      /* there is no From field */
	REPORT_FROM_FIELDS,    /* there are several From fields */
	REPORT_FROM_ADDRESS,   /* its value is malformed: see `syntax` */
	REPORT_FROM_GROUP,     /* it names a group */
	REPORT_FROM_MAILBOXES, /* it names several mailboxes */
	REPORT_FROM_DOMAIN,    /* its domain is none: see `domain_status` */
};

/* The author of the message. */
struct report_from {
	enum report_from_status status;
	enum header_status header;        /* of the whole header */
	enum address_status syntax;       /* of the field's value */
	enum domain_status domain_status; /* of the address's domain */
	size_t fields;                    /* From fields there are */
	size_t mailboxes;                 /* addresses in the first of them */
	struct span raw;      /* the value of the first From, unfolded; "" */
	struct span address;  /* with REPORT_FROM_OK: the one that counts */
	struct span display;  /* with REPORT_FROM_OK: its phrase, as written */
	struct domain domain; /* with REPORT_FROM_OK: in A-labels */
};

/* What is known of the way the message came; "" and 0 where it is not. */
struct report_transport {
	bool has_ip;           /* `ip` is known */
	struct spf_ip ip;      /* of the client */
	struct span helo;      /* what it called itself */
	bool has_mail_from;    /* `mail_from` is known; "" is then <> */
	struct span mail_from; /* envelope sender */
	struct span receiver;  /* name of the host that received it */
	struct span tls;       /* protocol and cipher; "none": in the clear */
	int64_t received;      /* ms since 1970; 0: not known */
};

/* The sum of it. */
enum report_verdict {
	REPORT_PASS,        /* DMARC passes, by every leg that was checked */
	REPORT_PARTLY,      /* DMARC passes, but one leg does not */
	REPORT_UNPROTECTED, /* no DMARC policy applies */
	REPORT_FAIL,        /* DMARC fails, or there is no one author */
	REPORT_UNKNOWN,     /* DNS did not answer */
};

struct report {
	enum report_verdict verdict;
	struct report_transport transport;
	struct report_from from;
	struct span message_id; /* "" if there is none */
	struct span subject;    /* unfolded, not decoded */
	int64_t evaluated;      /* ms since 1970: when this was found out */
	bool has_spf;           /* `spf` was evaluated */
	struct spf_result spf;  /* of MAIL FROM, or HELO for <> */
	bool spf_aligned;       /* its domain is, whatever the result */
	bool has_helo;          /* `helo` was evaluated */
	struct spf_result helo; /* of HELO: for information, never for DMARC */
	const struct dkim_result *dkim;     /* of each signature, top down */
	bool dkim_aligned[DKIM_VERIFY_MAX]; /* d= is, whatever the result */
	size_t signatures;                  /* of dkim */
	size_t skipped;                     /* signatures not looked at */
	enum dkim_outcome dkim_outcome;     /* of all of them together */
	struct dmarc_result dmarc;
};

/* Returns a static clause for `status`, fit to show to a user. */
const char *report_from_text(enum report_from_status status);

/*
 * Returns a static clause that says all there is to say against the From
 * field: the more precise reason of its parts.
 */
const char *report_from_fault(const struct report_from *from);

/* Returns "pass", "partly", "unprotected", "fail" or "unknown"; static. */
const char *report_verdict_name(enum report_verdict verdict);

/* Returns a static sentence, without a full stop, for the sum of it. */
const char *report_verdict_text(enum report_verdict verdict);

/*
 * Appends the report as lines of text: "SPF pass", "DKIM pass" and "DMARC
 * pass" begin theirs.  What strangers wrote has its control characters and
 * all that is not ASCII escaped.
 */
void report_text(const struct report *r, struct buf *to);
