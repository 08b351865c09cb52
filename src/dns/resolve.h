/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve - the resolver machine: one question, until it is answered.
 *
 * It asks a recursive resolver (or, without `recurse`, authoritative servers
 * of the name) and believes only what was asked for: the ID, the question to
 * the letter (its case is mixed as a nonce), type, class and server must be
 * right, and of the records only those on the alias chain are used.  After
 * RESOLVE_MISMATCHES_MAX answers that are not ours it goes over to TCP.  It
 * does not validate DNSSEC and keeps no cache.
 *
 * The driver calls resolve_next() after each of the other calls: a SEND opens
 * a fresh socket, for UDP on a random source port, and ends the one before;
 * what comes in is fed with the server it came from.  Over TCP, the length
 * before a message is the driver's business.
 *
 * Pure: no I/O, no logging, no clock; time (monotonic, milliseconds) and
 * entropy are parameters.  Ownership: the struct is the caller's, the answer
 * lives in the arena given, the bytes to send in the machine.
 * RFC 1035, 2308, 5452, 6891, 8020, draft-vixie-dnsext-dns0x20.
 */
#pragma once

#include "dns/wire.h"

#define RESOLVE_MISMATCHES_MAX 10    /* answers that are not ours, then TCP */
#define RESOLVE_ENTROPY_SIZE   32    /* octets of it, for the whole question */
#define RESOLVE_TTL_MIN        5     /* seconds that any answer may be kept */
#define RESOLVE_TTL_MAX        86400 /* seconds, with records */
#define RESOLVE_NEGATIVE_MAX   300   /* seconds, without */
/* Octets of a query: header, question, OPT. */
#define RESOLVE_SIZE_MAX (WIRE_HEADER_SIZE + DNAME_MAX + 4 + WIRE_OPT_SIZE)

struct resolve_options {
	size_t servers;   /* how many the driver knows, at least 1 */
	size_t tries;     /* queries in all, TCP after UDP not counted */
	int64_t timeout;  /* milliseconds for one try */
	int64_t deadline; /* milliseconds for all of it */
	uint16_t edns;    /* octets of UDP to ask for; 0: no EDNS */
	bool recurse;     /* ask a resolver (RD), not the zone's own servers,
			     whose answers must have AA */
	bool mix_case;    /* make the case of the letters a nonce */
	bool trust_ad;    /* the way to the resolver is safe: believe AD */
};

/* For one resolver; a driver changes what it knows better. */
#define RESOLVE_DEFAULTS                                                       \
	((struct resolve_options){.servers = 1,                                \
				  .tries = 4,                                  \
				  .timeout = 2000,                             \
				  .deadline = 8000,                            \
				  .edns = WIRE_UDP_MAX,                        \
				  .recurse = true,                             \
				  .mix_case = true})

/* What the driver has to do. */
enum resolve_event {
	RESOLVE_SEND_UDP, /* send the bytes to the server, as said above */
	RESOLVE_SEND_TCP, /* the same over TCP */
	RESOLVE_WAIT,     /* for an answer, or until resolve_due() */
	RESOLVE_DONE,     /* nothing: resolve_answer() has it */
};

/* A query to be sent. */
struct resolve_send {
	size_t server;     /* its number, from 0 */
	struct span bytes; /* good until the next call but resolve_next() */
};

struct resolve {
	struct resolve_options options;
	struct arena *arena;       /* for the answer */
	struct dns_question asked; /* by the caller, or the alias's target */
	struct wire_question sent; /* as it went out, case and all */
	uint8_t bytes[RESOLVE_SIZE_MAX]; /* the query as it went out */
	size_t len;                      /* of bytes */
	uint16_t id;                     /* of the query as it went out */
	uint8_t entropy[RESOLVE_ENTROPY_SIZE];
	uint32_t drawn;          /* how often it was drawn from */
	size_t server;           /* that is being asked */
	size_t tried;            /* queries that went out, TCP apart */
	size_t refusals;         /* answers of no use, in a row */
	size_t mismatches;       /* to this try */
	bool tcp;                /* this try */
	bool plain;              /* without EDNS: the server lacks it */
	bool truncated;          /* it was cut short over UDP */
	bool pending;            /* a SEND was not yet given out */
	bool done;               /* `answer` holds */
	int64_t due;             /* of this try */
	int64_t end;             /* of all of it */
	int64_t now;             /* the newest time that was given */
	enum dns_status failure; /* what went wrong last */
	struct dns_answer answer;
	struct dname alias[DNS_ALIASES_MAX]; /* that were followed */
};

/*
 * Begins to ask `question`; at `now`, with RESOLVE_ENTROPY_SIZE octets that
 * nobody can guess.  The answer will live in `arena`, which is borrowed.
 */
void resolve_init(struct resolve *m, const struct dns_question *question,
		  const struct resolve_options *options,
		  const uint8_t entropy[RESOLVE_ENTROPY_SIZE],
		  struct arena *arena, int64_t now);

/* Returns what is to be done; sets *ret for the two SENDs. */
enum resolve_event resolve_next(struct resolve *m, struct resolve_send *ret);

/* Takes a message that came from `server` over UDP, or `tcp`. */
void resolve_feed(struct resolve *m, size_t server, bool tcp,
		  struct span message, int64_t now);

/* Takes note that `server` cannot be reached, or closed the connection. */
void resolve_unreachable(struct resolve *m, size_t server, bool tcp,
			 int64_t now);

/* Returns when to call resolve_tick(); INT64_MAX if it is done. */
int64_t resolve_due(const struct resolve *m);

/* Gives up on what is due at `now`. */
void resolve_tick(struct resolve *m, int64_t now);

/*
 * Borrows the answer, after RESOLVE_DONE.  Its status is DNS_BAD, too, when a
 * zone's own server answered with an alias that leads out of its hands.
 */
const struct dns_answer *resolve_answer(const struct resolve *m);
