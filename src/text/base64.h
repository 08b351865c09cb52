/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base64 - bytes as text of 64 letters (RFC 4648 section 4).
 *
 * Two readings: a strict one for what we exchange with programs, and that of
 * DKIM tags, where white space may stand anywhere (RFC 6376 section 2.10).
 *
 * Pure: no allocation but in a given buf, no I/O, no logging, no clock.
 */
#pragma once

#include "base/buf.h"
#include "base/span.h"

/* Characters that `n` octets make, padding included. */
#define BASE64_LEN(n) (((n) + 2) / 3 * 4)

/* Appends the text of `data`, on one line and padded, to `to`. */
void base64_encode(struct span data, struct buf *to);

/*
 * Appends the octets that `text` stands for to `to`.
 *
 * Returns false, with nothing appended, unless `text` is the one text that
 * base64_encode() makes of some octets: padded, no white space, unused bits
 * zero; or if the octets do not fit `to`.
 */
bool base64_decode(struct span text, struct buf *to) MUST_CHECK;

/*
 * As base64_decode(), but spaces, tabs, CRs and LFs may stand anywhere, the
 * padding may be left out and unused bits are not looked at.
 */
bool base64_decode_folded(struct span text, struct buf *to) MUST_CHECK;

/* Octets that text of `n` characters makes at most. */
#define BASE64_OCTETS(n) (((n) + 3) / 4 * 3)

/*
 * As base64_decode_folded(), but writes to `to`, which has room for
 * BASE64_OCTETS(text.len) octets, and sets *ret_len to how many they are.
 * After a failure `to` may hold anything.
 */
bool base64_decode_into(struct span text, char *to, size_t *ret_len) MUST_CHECK;
