/* SPDX-License-Identifier: Apache-2.0 */
/*
 * digest - SHA-256, at once or piece by piece.
 *
 * The only hash that sesame computes: DKIM's SHA-1 is refused by name, never
 * calculated (RFC 8301 section 3.1).  This is not where secrets are compared:
 * see crypt/secret.h.
 *
 * Pure: no I/O, no logging, no clock; a heap object per running digest.
 * RFC 6234.
 */
#pragma once

#include "base/macros.h"
#include "base/span.h"

/* Octets of a SHA-256 digest. */
#define DIGEST_SIZE 32

/* Octets of its text in hexadecimal, with a NUL. */
#define DIGEST_HEX_SIZE 65

struct digest;

/* Returns a running digest of nothing yet. */
struct digest *digest_new(void) MUST_CHECK;

/* Frees `d`, which may be NULL. */
void digest_free(struct digest *d);

/* For CLEANUP(digest_freep). */
DEFINE_FREEP(digest)

/* Goes on with `bytes`. */
void digest_add(struct digest *d, struct span bytes);

/* Sets `ret` to the digest of all that was added; `d` is then as new. */
void digest_end(struct digest *d, uint8_t ret[DIGEST_SIZE]);

/* Sets `ret` to the digest of what was added so far; `d` goes on. */
void digest_peek(struct digest *d, uint8_t ret[DIGEST_SIZE]);

/* Sets `ret` to the digest of `bytes`. */
void digest_of(struct span bytes, uint8_t ret[DIGEST_SIZE]);

/* Sets `ret` to `digest` in lower-case hexadecimal, NUL-ended. */
void digest_hex(const uint8_t digest[DIGEST_SIZE], char ret[DIGEST_HEX_SIZE]);
