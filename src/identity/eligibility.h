/* SPDX-License-Identifier: Apache-2.0 */
/*
 * eligibility - may mail be sent as this domain at all, and what is there?
 *
 * Step 1 of the process.  First without any look-up: public suffixes, the
 * domains of mailbox providers, and names in which nobody can publish are
 * refused.  Then a machine asks DNS: does the domain exist, who runs its DNS,
 * which MX, SPF and DMARC records has it, is `_domainkey` delegated, does a
 * wildcard answer for everything, is the name for MAIL FROM free?
 *
 * Pure: no I/O, no logging, no clock, no randomness; allocation only in the
 * given arena.  Ownership: the result lives in the arena.
 */
#pragma once

#include "base/arena.h"
#include "identity/dnshost.h"
#include "identity/policy.h"
#include "text/domain.h"
#include "text/suffix.h"

#define ELIGIBILITY_NAMES_MAX 16 /* kept of a list of servers or MX */
#define ELIGIBILITY_NOTES_MAX 8  /* of a result */
/* What it takes of its arena at most. */
#define ELIGIBILITY_ARENA_MAX (DMARC_ARENA_MAX + 128 * 1024)

/* What the check comes to. */
enum eligibility_verdict {
	ELIGIBILITY_YES = 1, /* the process may begin */
	ELIGIBILITY_NO,      /* refused, for `reason` */
	ELIGIBILITY_UNKNOWN, /* DNS did not say */
};

/* Why a domain is refused. */
enum eligibility_reason {
	ELIGIBILITY_OK = 0,
	ELIGIBILITY_SYNTAX,        /* it is no domain name, or one label */
	ELIGIBILITY_IP_ADDRESS,    /* it is an IP address */
	ELIGIBILITY_SPECIAL,       /* a name that is in no public DNS */
	ELIGIBILITY_REVERSE,       /* a name made of addresses (arpa) */
	ELIGIBILITY_PUBLIC_SUFFIX, /* strangers register domains below it */
	ELIGIBILITY_MAILBOX,       /* a mailbox provider's */
	ELIGIBILITY_OWN_ZONE,      /* the deployment's own */
	ELIGIBILITY_NOT_THERE,     /* nobody registered it, or it is not
				      delegated */
	ELIGIBILITY_DNS_ERROR,     /* not refused: DNS did not say */
};

/* What is asked for. */
struct eligibility_want {
	struct span text; /* the domain as a person wrote it */
	const struct suffixes *suffixes;
	struct span own_zone;  /* of the deployment, or "" */
	struct span mail_from; /* label for MAIL FROM, such as "sesmail" */
	struct span nonce; /* a label that nobody publishes: for wildcards */
};

/* A list of names, such as the servers of a zone. */
struct eligibility_names {
	struct span name[ELIGIBILITY_NAMES_MAX];
	size_t len;
};

/* What came of the check. */
struct eligibility_result {
	enum eligibility_verdict verdict;
	enum eligibility_reason reason;
	struct span message;    /* why, and what to do; for people */
	struct domain domain;   /* canonical; empty if `reason` is SYNTAX or
				   IP_ADDRESS */
	struct span registered; /* the registered domain it is in, or "" */
	bool asked;             /* DNS was asked: what follows holds */
	struct span zone;       /* apex of the zone that holds it, or "" */
	struct eligibility_names ns; /* of that zone */
	const struct dnshost *host;  /* who runs them, or NULL */
	struct eligibility_names mx; /* of the domain */
	size_t spf_records;          /* of the domain: two are an error */
	struct span spf;             /* one of them, or "" */
	struct policy dmarc;         /* in force */
	struct eligibility_names domainkey; /* servers that _domainkey is
					       delegated to; none: it is not */
	bool wildcard;        /* any name below the domain answers */
	bool mail_from_taken; /* the name for MAIL FROM has records already */
	bool incomplete;      /* DNS failed on something that only is noted */
};

/* How much a note matters. */
enum eligibility_weight {
	ELIGIBILITY_NOTE = 1, /* good to know */
	ELIGIBILITY_WARNING,  /* will hurt, or has to be decided first */
	ELIGIBILITY_ERROR,    /* is broken today, whether we come or not */
};

/* Something to know about an eligible domain before the process begins. */
struct eligibility_note {
	const char *code; /* stable, as in a diagnosis; static */
	enum eligibility_weight weight;
	struct span text; /* for people */
};

/* The machine.  Its members are its own. */
struct eligibility {
	struct arena *arena;
	struct eligibility_want want;
	struct eligibility_result *result;
	int phase;
	struct dname name; /* the domain */
	struct dname at;   /* where the zone is looked for */
	struct dns_question question;
	bool waiting;
	struct policy_walk policy;
};

/* Makes `m` ready to ask; what is refused without a look-up asks nothing. */
void eligibility_init(struct eligibility *m,
		      const struct eligibility_want *want, struct arena *arena);

/* Returns true if `m` waits for the answer to *ret, false if it is done. */
bool eligibility_ask(struct eligibility *m,
		     struct dns_question *ret) MUST_CHECK;

/* Gives the answer to the question that eligibility_ask() yielded. */
void eligibility_answer(struct eligibility *m, const struct dns_answer *answer);

/* Returns what came of it, once eligibility_ask() returned false. */
const struct eligibility_result *
eligibility_result(const struct eligibility *m);

/*
 * Puts what is to be known, once `m` is done, into `ret`, and returns how many
 * notes that are; none of a domain that is refused.
 */
size_t
eligibility_notes(const struct eligibility *m,
		  struct eligibility_note ret[static ELIGIBILITY_NOTES_MAX]);

/*
 * Says without any look-up whether `domain` is refused, and why.
 * ELIGIBILITY_OK: nothing speaks against it yet.
 */
enum eligibility_reason eligibility_of(const struct domain *domain,
				       const struct suffixes *suffixes,
				       struct span own_zone);

/* Returns "note", "warning" or "error"; static. */
const char *eligibility_weight_name(enum eligibility_weight weight);

/* Returns "eligible", "refused" or "unknown"; static. */
const char *eligibility_verdict_name(enum eligibility_verdict verdict);

/* Returns a stable word such as "public_suffix", "" for OK; static. */
const char *eligibility_reason_name(enum eligibility_reason reason);
