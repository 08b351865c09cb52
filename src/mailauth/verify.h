/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify - a whole message, its SPF, DKIM, DMARC and ARC: the machine that
 * makes a report.
 *
 * The bytes of the message are fed in any pieces, then the machine asks DNS:
 * for MAIL FROM's SPF, HELO's (for information), the keys of signatures,
 * DMARC, and the keys of ARC sets if there are any, in this order.  There is
 * one parse of the header, and one reading of its author (author.h): where
 * there is no one author domain, DMARC is a permerror.  ARC is for
 * information; nothing of it counts for the verdict.
 *
 * Pure: no I/O, no logging, no clock; allocates in the arena given, at most
 * VERIFY_ARENA_MAX, and a bounded number of bytes beside that until
 * verify_free().
 */
#pragma once

#include "mailauth/report.h"

/* What a verification may take of its arena. */
#define VERIFY_ARENA_MAX ((size_t)8 << 20)

struct verify;

/*
 * Starts on a message that came as `transport` says, at `now` (ms since
 * 1970).  SPF is evaluated if the client's address and MAIL FROM are known.
 * Copies what `transport` points at.
 */
struct verify *verify_new(const struct report_transport *transport, int64_t now,
			  struct arena *arena) MUST_CHECK;

/* Has it keep parsed keys in `keys`, the caller's; before any feeding. */
void verify_use_keys(struct verify *m, struct dkim_keys *keys);

/* The same, of SPF records. */
void verify_use_records(struct verify *m, struct spf_cache *records);

/* Has SPF tell its steps in the report; before the message ends. */
void verify_trace(struct verify *m);

/* Frees the machine, which may be NULL; its report remains in the arena. */
void verify_free(struct verify *m);

/* For CLEANUP(verify_freep). */
DEFINE_FREEP(verify)

/* Goes on with `bytes` of the message, from its first octet. */
void verify_feed(struct verify *m, struct span bytes);

/* Ends the message.  Only then may the machine be asked. */
void verify_end(struct verify *m);

/* Returns true and sets *ret if it waits for the answer to *ret. */
bool verify_ask(struct verify *m, struct dns_question *ret) MUST_CHECK;

/* Gives the answer to the question verify_ask() last gave.  Borrows it. */
void verify_answer(struct verify *m, const struct dns_answer *a);

/* Returns the report; only once verify_ask() returned false. */
const struct report *verify_report(const struct verify *m);

/*
 * Finds out what happened to the signatures that fail, and makes the fact of
 * the report anew with that: `message` is all that was fed.  Only once there
 * is a report.  Takes time in proportion to the message, and to the limits of
 * dkim_explain.h; a server that judges mail of strangers does without.
 */
void verify_explain(struct verify *m, struct span message);

/* Borrows the header as it was parsed; only after verify_end(). */
const struct header_block *verify_header(const struct verify *m);
