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
#include "mailauth/arc.h"
#include "mailauth/author.h"
#include "mailauth/dkim_explain.h"
#include "mailauth/dkim_verify.h"
#include "mailauth/dmarc.h"
#include "mailauth/report_fact.h"
#include "mailauth/spf.h"

/* Octets that report_text() writes at most. */
#define REPORT_TEXT_MAX ((size_t)256 << 10)

/* What DNS said of the key of a signature. */
struct report_key {
	bool asked;             /* it was asked for */
	enum dns_status status; /* how the question ended */
	struct span alias;      /* where the last CNAME led; "" without one */
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
	struct author from;     /* who it is from, or why that is not known */
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
	struct report_key key[DKIM_VERIFY_MAX];  /* of each signature */
	struct span not_signed[DKIM_VERIFY_MAX]; /* names of fields people see
						    that h= leaves out */
	const struct dkim_explained *explained; /* of each signature that fails;
						   NULL: not looked into */
	struct dmarc_result dmarc;
	struct arc_result arc; /* of its ARC sets; for information */
	struct span list;      /* the mailing list it says it came by, or "" */
	struct report_fact fact; /* what matters most of all this */
};

/* Returns "pass", "partly", "unprotected", "fail" or "unknown"; static. */
const char *report_verdict_name(enum report_verdict verdict);

/* Returns a static sentence, without a full stop, for the sum of it. */
const char *report_verdict_text(enum report_verdict verdict);

/*
 * Returns the first term at or behind `from`, a step of SPF's trace, that is on
 * the way to its result: what an include: asked in vain is passed over.  NULL
 * if there is none; go on from what stands behind it.
 */
const struct spf_trace *report_path(const struct spf_trace *from);

/*
 * Appends the report as lines of text.  The first is the headline of its
 * fact; then, behind an empty line, "SPF pass", "DKIM pass" and "DMARC pass"
 * begin theirs.  What strangers wrote has its control characters and
 * all that is not ASCII escaped.
 */
void report_text(const struct report *r, struct buf *to);
