/* SPDX-License-Identifier: Apache-2.0 */
/*
 * privkey_read - the DER of private keys, taken apart.
 *
 * For privkey.c alone: which numbers stand where, and what else the octets
 * may be.  It does not judge whether the numbers make a good key.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 * Ownership: the spans borrow from the octets read.
 */
#pragma once

#include "crypt/evp.h"
#include "crypt/privkey.h"

/* What was found. */
struct privkey_parts {
	enum key_type type;
	struct evp_rsa rsa; /* if it is RSA */
	struct span seed;   /* if it is Ed25519: 32 octets */
};

/*
 * Reads `der`, all of it: a PrivateKeyInfo (PKCS#8) or an RSAPrivateKey
 * (PKCS#1).  Returns PRIVKEY_OK, or what it is instead.
 */
enum privkey_status privkey_read(struct span der,
				 struct privkey_parts *ret) MUST_CHECK;
