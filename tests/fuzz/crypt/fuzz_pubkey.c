/* SPDX-License-Identifier: Apache-2.0 */
/* A key record's octets: what is taken keeps to the limits of pubkey.h. */
#include <assert.h>

#include "crypt/pubkey.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t digest[DIGEST_SIZE] = {1};
	struct span der = span_bytes(data, size);
	struct pubkey *key = NULL;
	enum pubkey_status status = pubkey_rsa(der, &key);

	assert((status == PUBKEY_OK) == (key != NULL));
	if (key != NULL) {
		assert(pubkey_bits(key) >= PUBKEY_BITS_MIN);
		assert(pubkey_bits(key) <= PUBKEY_BITS_MAX);
		assert(!pubkey_verify(key, digest, der));
		pubkey_free(key);
	}
	assert(pubkey_strerror(status) != NULL);
	key = NULL;
	if (pubkey_ed25519(der, &key) == PUBKEY_OK) {
		assert(size == PUBKEY_ED25519_SIZE);
		pubkey_free(key);
	}
	return 0;
}
