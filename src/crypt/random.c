/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/random.h"

#include <assert.h>
#include <limits.h>
#include <openssl/rand.h>
#include <stdlib.h>

void
random_fill(void *ptr, size_t len)
{
	assert(len <= INT_MAX);
	/* The "private" generator: one of its own, apart from nonces of TLS. */
	if (RAND_priv_bytes(ptr, (int)len) != 1)
		abort();
}
