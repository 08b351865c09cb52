/* SPDX-License-Identifier: Apache-2.0 */
/*
 * observe - asks DNS what is published of a record set.
 *
 * A machine: observe_ask() yields the next question, observe_answer() takes
 * what came.  It asks the SOA of the domain; for each CNAME of DKIM the CNAME
 * and the TXT that is behind it (or at its name, if there is no CNAME); the
 * MX and TXT of MAIL FROM; both DMARC names, and for a domain without a
 * record of its own the parents that RFC 9989 section 4.10 gives a say.
 *
 * What it says is only what was seen.  What that means for a status is in
 * lifecycle.h, for a person in diagnose.h.
 *
 * Pure: no I/O, no logging, no clock; allocation only in the given arena.
 * Ownership: an observation and all it points at live in that arena; the
 * record set is borrowed as long as the observation is used.
 */
#pragma once

#include "base/arena.h"
#include "identity/policy.h"
#include "identity/records.h"

#define OBSERVE_VALUES_MAX                                                     \
	8                     /* records kept of an answer: what is more is    \
				 only counted */
#define OBSERVE_TEXT_MAX 1200 /* characters kept of each; more is cut */
/* What it takes of its arena at most. */
#define OBSERVE_ARENA_MAX (DMARC_ARENA_MAX + 512 * 1024)
#define OBSERVE_WALK_MAX  8 /* questions of a DMARC tree walk, RFC 9989 */

/* What was seen of a record, or of several taken together. */
enum observed_status {
	OBSERVED_NOT_ASKED = 0, /* there is no such record to look for */
	OBSERVED_MATCH,         /* there, and right */
	OBSERVED_ABSENT,        /* not there: DNS said so */
	OBSERVED_DIFFERENT,     /* there, with another value */
	OBSERVED_ERROR,         /* DNS did not say: evidence of nothing */
};

/* What one question brought. */
struct observed_answer {
	bool asked;
	enum dns_status dns;
	size_t count;        /* records of the type; may be above `len` */
	size_t len;          /* of value */
	struct span *value;  /* each as text: a host, "10 host" of an MX, or the
				joined octets of a TXT */
	struct span *target; /* MX: the host alone */
	struct span alias;   /* where a CNAME at the name leads, or "" */
	struct span end;     /* the name at the end of the aliases, or "" */
};

/* The key behind a DKIM record. */
enum observed_key {
	OBSERVED_KEY_NOT_ASKED = 0, /* not a CNAME of DKIM */
	OBSERVED_KEY_RIGHT,         /* the key that signs (or, where that is not
				       known, a key) */
	OBSERVED_KEY_NONE,          /* no TXT, or one with an empty p= */
	OBSERVED_KEY_OTHER,         /* a TXT, without the key that signs */
	OBSERVED_KEY_ERROR,         /* DNS did not say */
};

/* What was seen of one record. */
struct observed {
	const struct record *want;
	enum observed_status status;
	struct span found;  /* what is there instead, for people; or "" */
	struct span reason; /* a clause: why the status is what it is */
	struct observed_answer main; /* of the record's own type */
	struct observed_answer text; /* DKIM CNAME: the TXT */
	enum observed_key key;       /* DKIM CNAME: what the TXT holds */
	bool signs; /* DKIM CNAME: this is the selector that signs now */
};

/* Several records taken together, as a status needs them. */
struct observed_group {
	enum observed_status status;
	enum ses_verification_error error; /* if not a match */
	struct span evidence;              /* for people: what decided it */
};

/* The answer to: what is published? */
struct observation {
	const struct record_set *set;
	struct observed record[RECORDS_MAX]; /* as in the set */
	size_t len;
	bool has_soa;
	struct span zone;        /* apex of the zone that holds the domain */
	struct span soa_primary; /* MNAME */
	struct span soa_admin;   /* RNAME, its "@" as a dot */
	uint32_t soa_serial;
	enum dns_status soa_dns;         /* how that question ended */
	struct observed_group control;   /* the DKIM records, keys aside */
	struct observed_group dkim;      /* the same with the signing key */
	struct observed_group mail_from; /* its MX alone, as in SES */
	struct policy dmarc;             /* in force for the domain */
};

/* What to look for. */
struct observe_want {
	const struct record_set *set;
	struct span signing_selector; /* the token that signs now; "": it is
					 not known, any key behind will do */
	struct span public_key;       /* its p= value, or "" */
	bool keyless; /* it is known that no key signs yet: there is none, so
			 DKIM cannot be in order */
	bool quick;   /* ask only what a status depends on: no SPF, no DMARC,
			 no keys of spare selectors */
};

/* The machine.  Its members are its own. */
struct observe {
	struct arena *arena;
	struct observe_want want;
	struct observation *seen;
	int phase;                    /* which kind of question is asked */
	size_t at;                    /* which record it is about */
	struct dns_question question; /* that waits for its answer */
	bool waiting;
	struct policy_walk policy;
};

/* Makes `m` ready to ask.  Borrows all of `want` until the end. */
void observe_init(struct observe *m, const struct observe_want *want,
		  struct arena *arena);

/*
 * Returns true if `m` waits for the answer to *ret (the same question until
 * it is answered), false if it is done.
 */
bool observe_ask(struct observe *m, struct dns_question *ret) MUST_CHECK;

/* Gives the answer to the question that observe_ask() yielded. */
void observe_answer(struct observe *m, const struct dns_answer *answer);

/* Returns what was seen, once observe_ask() returned false. */
const struct observation *observe_result(const struct observe *m);

/* Returns "match", "absent", "different", "error" or "not_asked"; static. */
const char *observed_status_name(enum observed_status status);
