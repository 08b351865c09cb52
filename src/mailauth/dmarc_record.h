/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dmarc_record - a "v=DMARC1" policy record.
 *
 * RFC 9989 sections 4.7 and 4.8.  Only the version is fatal: "syntax errors
 * in the remainder of the record MUST be discarded in favor of default
 * values (if any) or ignored outright", and unknown tags are ignored; the
 * tags that RFC 7489 had and RFC 9989 does not (pct, rf, ri) are among them,
 * but pct is read for those who still go by RFC 7489.
 *
 * A report URI is one of RFC 3986; one that encodes a control character, so
 * that it would end a line for whoever decodes it, is none.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 * Ownership: a record borrows from the text given to dmarc_record_parse().
 */
#pragma once

#include "base/macros.h"
#include "base/span.h"

#define DMARC_TEXT_MAX   8192 /* octets of a record; a longer one is none */
#define DMARC_URIS_MAX   16   /* of rua= or ruf=; more are left out */
#define DMARC_FAULTS_MAX 8    /* that are named; more are only counted */

enum dmarc_policy {
	DMARC_POLICY_ABSENT, /* the tag is not there, or not valid */
	DMARC_NONE,          /* no wish how failures are treated */
	DMARC_QUARANTINE,    /* they are suspicious */
	DMARC_REJECT,        /* they are to be refused */
};

enum dmarc_psd {
	DMARC_PSD_UNKNOWN, /* psd=u, or no psd= */
	DMARC_PSD_YES,     /* psd=y: a public suffix */
	DMARC_PSD_NO,      /* psd=n: an organizational domain */
};

/* URIs of rua= or ruf=. */
struct dmarc_uris {
	struct span uri[DMARC_URIS_MAX]; /* without "!size" */
	size_t len;                      /* of uri */
};

struct dmarc_record {
	enum dmarc_policy p;   /* of the domain itself */
	enum dmarc_policy sp;  /* of subdomains that exist */
	enum dmarc_policy np;  /* of subdomains that do not exist */
	bool bad_policy;       /* p or sp is there and not valid */
	bool bad_np;           /* np is */
	bool adkim_strict;     /* adkim=s */
	bool aspf_strict;      /* aspf=s */
	bool testing;          /* t=y: apply one level lower */
	enum dmarc_psd psd;    /* psd= */
	unsigned pct;          /* pct= of RFC 7489; 100 if it is not there.
				  RFC 9989 has it ignored */
	struct span fo;        /* fo= as written; "0" if it is not there */
	struct dmarc_uris rua; /* where aggregate reports go */
	struct dmarc_uris ruf; /* where failure reports go */
	struct span fault[DMARC_FAULTS_MAX]; /* parts that were not valid */
	size_t faults;   /* how many, which may be more than are kept */
	size_t untagged; /* of them those that are no "tag=value" at all */
};

/* What a record asks for, as a whole (RFC 9989 sections 4.7 and 4.10.1). */
enum dmarc_effect {
	DMARC_EFFECT_NORMAL,  /* its policies apply */
	DMARC_EFFECT_MONITOR, /* they are not usable, but reports are wanted,
				 or there is no p=: none applies */
	DMARC_EFFECT_NOTHING, /* a policy is not valid and no report is
				 wanted: as if there were no DMARC */
};

/*
 * Parses the whole of `text`.  Returns false, leaving *ret alone, if it is
 * no DMARC record: it does not begin with the version, or is too long.
 */
bool dmarc_record_parse(struct span text, struct dmarc_record *ret) MUST_CHECK;

/* Returns what `record` asks for, by RFC 9989. */
enum dmarc_effect dmarc_record_effect(const struct dmarc_record *record);

/*
 * Returns what `record` asks for, by RFC 7489 section 6.6.3: there p= must be
 * there and valid, np= means nothing.
 */
enum dmarc_effect dmarc_record_effect_7489(const struct dmarc_record *record);

/*
 * Parses dmarc-uri: a URI (RFC 3986) in which "," and "!" are encoded, and of
 * old "!" and a size behind it, which is ignored.  Sets *ret to what is
 * before that.
 */
bool dmarc_uri_parse(struct span s, struct span *ret) MUST_CHECK;

/*
 * Sets *ret to the host that the report URI `uri` of a record would send to:
 * of "mailto" the domain of its one address, of others the authority's host.
 * Returns false if there is none, or more than one.  Borrows from `uri`.
 */
bool dmarc_uri_host(struct span uri, struct span *ret) MUST_CHECK;

/* Returns "none", "quarantine", "reject", or "" if absent; static. */
const char *dmarc_policy_name(enum dmarc_policy policy);
