/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyd - what is done with secrets: a request in, a reply out.
 *
 * The one place where plaintext DKIM keys and API secrets are; it runs in a
 * process of its own (keyd/process.h).  It stores nothing: each request
 * brings the sealed thing and whose it is (the aad, "v1|account|identity row|
 * generation|selector|alg"), and a seal opens for no one else.  Whether the
 * asker may sign at all is the server's business.
 *
 * DKIM keys are kept unsealed in a cache, the least used going first.  API
 * secrets are not: VERIFY does the same work for every key, known or not.
 *
 * Purity: draws randomness; no other I/O, no logging, no clock.
 * Ownership: see each function.
 * RFC 6376, RFC 8463; Signature Version 4 for VERIFY.
 */
#pragma once

#include "keyd/message.h"

/* Most unsealed DKIM keys in the cache: in the secure heap of
 * keyd/process.h they fit, even at 4096 bits. */
#define KEYD_CACHE_MAX 512

struct keyd;

/* Returns a keyd that seals with `ring`.  Takes `ring`. */
struct keyd *keyd_new(struct seal_ring *ring) MUST_CHECK;

/* Frees `k`, which may be NULL, and overwrites all its keys. */
void keyd_free(struct keyd *k);

/* For CLEANUP(keyd_freep). */
DEFINE_FREEP(keyd)

/*
 * Does what `request` (as keyd_request_unpack() gave it) asks and sets *ret.
 *
 * VERIFY derives the key of Signature Version 4 from the secret, date,
 * region and service, and compares in constant time.  Of a seal that does
 * not open it says so, after the same work.  The password of SES's SMTP
 * interface is of this form too: date "11111111", service "ses", string to
 * sign "SendRawEmail", signature the password in base64 after its first
 * octet, 4.
 *
 * The spans of *ret borrow from `k` until it is next used.
 */
void keyd_answer(struct keyd *k, const struct keyd_request *request,
		 struct keyd_reply *ret);

/* Overwrites the secret of the last reply, once that was sent. */
void keyd_forget(struct keyd *k);

/* Returns how many keys the cache holds. */
size_t keyd_cached(const struct keyd *k);
