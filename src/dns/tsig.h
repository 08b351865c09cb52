/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tsig - signatures on DNS messages, with a shared secret (RFC 8945).
 *
 * HMAC-SHA-256 only, never truncated; one message at a time (no transfers).
 *
 * Pure: no I/O, no logging, no clock: time is a parameter, in seconds since
 * 1970 as the RFC has it.  Ownership: a key is a value with the secret in it:
 * overwrite it when done.
 */
#pragma once

#include "dns/wire.h"

#define TSIG_SECRET_MAX 128 /* octets of a secret */
#define TSIG_MAC_SIZE   32  /* octets of a signature */
#define TSIG_FUDGE      300 /* seconds that two clocks may differ */

struct tsig_key {
	struct dname name;               /* both sides know it by this */
	uint8_t secret[TSIG_SECRET_MAX]; /* its octets, not base64 */
	size_t len;                      /* of secret */
};

enum tsig_status {
	TSIG_OK = 0,
	TSIG_MISSING,   /* the message has no signature */
	TSIG_MALFORMED, /* it is no message, or TSIG is not its last record */
	TSIG_BAD_KEY,   /* another key, or another algorithm */
	TSIG_BAD_MAC,   /* the message is not what was signed */
	TSIG_BAD_TIME,  /* it was signed too long ago, or in the future */
	TSIG_REFUSED,   /* the peer says our own signature was no good */
};

/*
 * Appends the signature to the message of *len octets at `message`, that has
 * `room`, and counts it in.  `request` is the MAC of the message that this
 * one answers, or empty for a request.  Sets `ret` to the MAC.
 * Returns false, leaving all alone, if there is no room or no header.
 */
bool tsig_sign(const struct tsig_key *key, struct span request, int64_t time,
	       uint8_t *message, size_t *len, size_t room,
	       uint8_t ret[TSIG_MAC_SIZE]) MUST_CHECK;

/*
 * Checks the signature of `message`; `request` and `time` are as above.
 * TSIG_OK sets `ret` to its MAC, for the answer.  The message is to be read
 * with wire_parse() then: TSIG is among the additional records, skipped.
 */
enum tsig_status tsig_verify(const struct tsig_key *key, struct span request,
			     int64_t time, struct span message,
			     uint8_t ret[TSIG_MAC_SIZE]) MUST_CHECK;

/* Returns a static clause for `status`, fit to show to a user. */
const char *tsig_strerror(enum tsig_status status);
