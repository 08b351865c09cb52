/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key - what is in a struct sesame_key, for those that sign with it.
 *
 * Ownership: the program's.  No I/O but libcrypto's randomness.
 */
#pragma once

#include <sesame/mailauth/sign.h>

#include "crypt/privkey.h"

struct sesame_key {
	struct privkey *privkey;
	struct buf record; /* of its public half, as published */
	struct secret pem; /* once it was asked for, with a NUL */
};
