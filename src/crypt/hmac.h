/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hmac - HMAC-SHA-256, and the key derivation made of it.
 *
 * A result is compared with secret_equal() (crypt/secret.h), never with
 * memcmp().
 *
 * Pure: no I/O, no logging, no clock.  RFC 2104, RFC 5869.
 */
#pragma once

#include "crypt/digest.h"

/* Octets of an HMAC-SHA-256. */
#define HMAC_SIZE DIGEST_SIZE

/* Longest `info` of hmac_derive(). */
#define HMAC_INFO_MAX 256

/* Sets `ret` to the HMAC-SHA-256 of `data` under `key`. */
void hmac_of(struct span key, struct span data, uint8_t ret[HMAC_SIZE]);

/*
 * Sets `ret` to 32 octets of HKDF-SHA-256 (RFC 5869): a key for the purpose
 * `info` (at most HMAC_INFO_MAX octets) from the secret `key`, which must be
 * hard to guess: this is not for passwords.
 */
void hmac_derive(struct span key, struct span salt, struct span info,
		 uint8_t ret[HMAC_SIZE]);
