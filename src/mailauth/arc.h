/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arc - the Authenticated Received Chain of a message, validated.
 *
 * RFC 8617 section 5.2, as a machine: given the header, fed the body, then it
 * asks DNS for the keys of the newest message signature and of every seal,
 * one after the other.  What the chain says of SPF, DKIM and DMARC is not
 * read: it is for forwarders' sake, and nothing here counts for DMARC.
 *
 * Pure: no I/O, no logging, no clock.  Ownership: the header must outlive the
 * machine; what it keeps lives in the arena, and arc_free() frees the rest.
 */
#pragma once

#include "dns/record.h"
#include "mailauth/dkim_keys.h"
#include "mailauth/dkim_signature.h"

/* Octets it takes from the arena at most. */
#define ARC_ARENA_MAX ((size_t)2 << 20)

enum arc_verdict {
	ARC_NONE, /* there is no chain */
	ARC_PASS, /* it is unbroken */
	ARC_FAIL, /* it is not */
};

/* Why a chain fails. */
enum arc_reason {
	ARC_REASON_OK,        /* it does not */
	ARC_REASON_STRUCTURE, /* not one field of each kind for each instance */
	ARC_REASON_RESULTS,   /* an ARC-Authentication-Results without i= */
	ARC_REASON_SIGNATURE, /* a malformed ARC-Message-Signature or -Seal */
	ARC_REASON_CHAIN,     /* cv= is not what its instance must say */
	ARC_REASON_SAID,      /* the newest seal says that the chain failed */
	ARC_REASON_EXPIRED,   /* the newest signature's x= is past */
	ARC_REASON_FUTURE,    /* its t= is more than DKIM_SKEW_MAX ahead */
	ARC_REASON_LENGTH,    /* the newest l= is more than the body has */
	ARC_REASON_BODY,      /* the newest signature's body hash is another */
	ARC_REASON_MESSAGE,   /* the newest signature of the message is wrong */
	ARC_REASON_SEAL,      /* a seal is wrong */
	ARC_REASON_KEY,       /* a key is missing or not usable */
	ARC_REASON_DNS,       /* DNS gave an error for a key */
};

struct arc_result {
	enum arc_verdict verdict; /* of the chain */
	enum arc_reason reason;   /* why it fails */
	unsigned instance;        /* at fault; 0: the chain as such */
	unsigned len;             /* sets there are */
	struct span domain;       /* d= of the newest seal; "" if none */
};

struct arc;

/*
 * Starts on `header`, at `now` (ms since 1970).  `keys` keeps what was parsed
 * and may be NULL.  The arena must allow ARC_ARENA_MAX.
 */
struct arc *arc_new(const struct header_block *header, int64_t now,
		    struct dkim_keys *keys, struct arena *arena) MUST_CHECK;

/* Frees the machine, which may be NULL; what arc_result() gave goes too. */
void arc_free(struct arc *m);

/* For CLEANUP(arc_freep). */
DEFINE_FREEP(arc)

/* Goes on with `bytes` of the body. */
void arc_feed(struct arc *m, struct span bytes);

/* Ends the body.  Only then may it be asked. */
void arc_end(struct arc *m);

/* Returns true and sets *ret if it waits for the answer to *ret. */
bool arc_ask(struct arc *m, struct dns_question *ret) MUST_CHECK;

/* Gives the answer to what was asked. */
void arc_answer(struct arc *m, const struct dns_answer *a);

/* Returns the result; only once arc_ask() returned false. */
const struct arc_result *arc_result(const struct arc *m);

/* Returns "none", "pass" or "fail"; static. */
const char *arc_verdict_name(enum arc_verdict verdict);

/* Returns a static clause that says why, fit to show to a user. */
const char *arc_reason_text(enum arc_reason reason);
