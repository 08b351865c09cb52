/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_fact - the one fact of a report that matters most.
 *
 * A report says everything; whoever reads it wants to know what broke, where,
 * and whose turn it is.  That is decided here, once, from the values of the
 * report, and worded here: CLI, API, console and mail all show these words.
 * Broken legs of the author's own domain come before those of others, DKIM
 * before SPF, and what fails before what could be better.
 *
 * Pure: no I/O, no logging, no clock; allocates in the arena given.
 * Ownership: a fact lives in the arena.
 */
#pragma once

#include "base/arena.h"

/* Octets of each of the three texts of a fact. */
#define REPORT_FACT_TEXT_MAX 4096
/* Octets it takes from the arena at most. */
#define REPORT_FACT_ARENA_MAX ((size_t)16 << 10)

struct report;

/* Who can do something about it. */
enum report_turn {
	REPORT_TURN_NOBODY,    /* nothing is to be done */
	REPORT_TURN_OPERATOR,  /* who runs the DNS of the domain at fault */
	REPORT_TURN_SENDER,    /* the administrator of the sending service */
	REPORT_TURN_FORWARDER, /* a mailing list or forwarder on the way */
	REPORT_TURN_RECEIVER,  /* who received it, or asks now */
};

/* What the fact is.  report_fact_code() gives each its stable name. */
enum report_fact_kind {
	REPORT_FACT_ALL_GOOD,           /* each leg passes, and is aligned */
	REPORT_FACT_FROM_HEADER,        /* the header is malformed */
	REPORT_FACT_FROM_MISSING,       /* no From */
	REPORT_FACT_FROM_FIELDS,        /* several From fields */
	REPORT_FACT_FROM_MAILBOXES,     /* several authors in one From */
	REPORT_FACT_FROM_MALFORMED,     /* no address in From, or no domain */
	REPORT_FACT_DKIM_BODY,          /* the body was changed */
	REPORT_FACT_DKIM_HEADER,        /* the header was changed */
	REPORT_FACT_DKIM_KEY_OTHER,     /* DNS has another key than signed it */
	REPORT_FACT_DKIM_KEY_MISSING,   /* there is no key */
	REPORT_FACT_DKIM_CNAME_MISSING, /* ... where a service wants a CNAME */
	REPORT_FACT_DKIM_CNAME_DANGLING, /* the CNAME leads to no key */
	REPORT_FACT_DKIM_KEY_REVOKED,    /* p= is empty */
	REPORT_FACT_DKIM_KEY_TYPE,       /* the key is of another type */
	REPORT_FACT_DKIM_KEY_WEAK,       /* it has too few bits */
	REPORT_FACT_DKIM_KEY_INVALID,    /* its record is not usable */
	REPORT_FACT_DKIM_KEY_MANY,       /* there are several */
	REPORT_FACT_DKIM_KEY_STRICT,     /* t=s forbids this i= */
	REPORT_FACT_DKIM_DNS,            /* DNS gave an error for the key */
	REPORT_FACT_DKIM_EXPIRED,        /* x= is past */
	REPORT_FACT_DKIM_FUTURE,         /* t= lies ahead */
	REPORT_FACT_DKIM_SHA1,           /* rsa-sha1 */
	REPORT_FACT_DKIM_LENGTH,      /* l= leaves part unsigned, or is wrong */
	REPORT_FACT_DKIM_MALFORMED,   /* the signature cannot be read */
	REPORT_FACT_DKIM_MISSING,     /* no signature of the author's domain */
	REPORT_FACT_DKIM_NOT_ALIGNED, /* only others signed */
	REPORT_FACT_SPF_FORWARDED,    /* another host, and DKIM is fine */
	REPORT_FACT_SPF_FAIL,         /* the host may not send for the domain */
	REPORT_FACT_SPF_MISSING,      /* there is no SPF record */
	REPORT_FACT_SPF_RECORDS,      /* there are several */
	REPORT_FACT_SPF_SYNTAX,       /* it is malformed */
	REPORT_FACT_SPF_LOOKUPS,      /* it needs too many look-ups */
	REPORT_FACT_SPF_INCLUDE,      /* include: or redirect= lead nowhere */
	REPORT_FACT_SPF_DNS,          /* DNS gave an error for it */
	REPORT_FACT_SPF_NOT_ALIGNED,  /* MAIL FROM is of another domain */
	REPORT_FACT_NOT_ALIGNED,      /* what passes is all of others */
	REPORT_FACT_DMARC_MISSING,    /* no DMARC record */
	REPORT_FACT_DMARC_INVALID,    /* it is not usable */
	REPORT_FACT_DMARC_NONE,       /* its policy is none */
	REPORT_FACT_DMARC_TESTING,    /* t=y lowers it */
	REPORT_FACT_DMARC_DNS,        /* DNS gave an error for it */
};

/* How many kinds there are. */
#define REPORT_FACT_KINDS (REPORT_FACT_DMARC_DNS + 1)

struct report_fact {
	enum report_fact_kind kind; /* what it is */
	enum report_turn turn;      /* whose turn it is */
	struct span headline;       /* one sentence: what broke, where */
	struct span evidence;       /* what shows it */
	struct span repair;         /* what to do about it */
};

/* Sets *ret to the fact that matters most of `r`, whose other members are
 * all set. */
void report_fact(const struct report *r, struct arena *arena,
		 struct report_fact *ret);

/* Returns the stable name of `kind`, such as "dkim.body_changed"; static. */
const char *report_fact_code(enum report_fact_kind kind);

/* Returns "nobody", "operator", "sender" ...; static. */
const char *report_turn_name(enum report_turn turn);

/* Returns a static phrase for whose turn it is, fit to show to a user. */
const char *report_turn_text(enum report_turn turn);
