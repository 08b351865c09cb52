/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/hmac.h"

#include <assert.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/mem.h"
#include "crypt/secret.h"

void
hmac_of(struct span key, struct span data, uint8_t ret[HMAC_SIZE])
{
	assert(key.len <= INT_MAX);
	if (HMAC(EVP_sha256(), key.ptr, (int)key.len,
		 (const unsigned char *)data.ptr, data.len, ret, NULL) == NULL)
		mem_exhausted();
}

void
hmac_derive(struct span key, struct span salt, struct span info,
	    uint8_t ret[HMAC_SIZE])
{
	uint8_t prk[HMAC_SIZE];
	uint8_t block[HMAC_INFO_MAX + 1];

	assert(info.len <= HMAC_INFO_MAX);
	/* RFC 5869 s2.2: PRK = HMAC-Hash(salt, IKM) */
	hmac_of(salt, key, prk);
	/* RFC 5869 s2.3: T(1) = HMAC-Hash(PRK, T(0) | info | 0x01) */
	memcpy(block, info.ptr, info.len);
	block[info.len] = 1;
	hmac_of(span_bytes(prk, sizeof(prk)), span_bytes(block, info.len + 1),
		ret);
	secret_wipe(prk, sizeof(prk));
}
