/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/secret.h"

#include <assert.h>
#include <openssl/crypto.h>

#include "base/mem.h"

/* Smallest piece of the secure heap: libcrypto keeps two bits for each. */
#define PIECE 32

bool
secret_heap(size_t size, bool *ret_locked)
{
	int made;

	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
		return false;
	made = CRYPTO_secure_malloc_init(size, PIECE);
	if (made == 0)
		return false;
	*ret_locked = made == 1; /* 2: some protection could not be had */
	return true;
}

size_t
secret_heap_used(void)
{
	return CRYPTO_secure_used();
}

void
secret_init(struct secret *s, size_t len)
{
	s->len = len;
	s->ptr = OPENSSL_secure_zalloc(len > 0 ? len : 1);
	if (s->ptr == NULL)
		mem_exhausted();
}

void
secret_copy(struct secret *s, struct span bytes)
{
	secret_init(s, bytes.len);
	memcpy(s->ptr, bytes.ptr, bytes.len);
}

void
secret_release(struct secret *s)
{
	if (s->ptr != NULL)
		OPENSSL_secure_clear_free(s->ptr, s->len);
	*s = (struct secret){.ptr = NULL};
}

void
secret_truncate(struct secret *s, size_t len)
{
	assert(len <= s->len);
	OPENSSL_cleanse(s->ptr + len, s->len - len);
	s->len = len;
}

void
secret_wipe(void *ptr, size_t len)
{
	OPENSSL_cleanse(ptr, len);
}

bool
secret_equal(struct span a, struct span b)
{
	return a.len == b.len && CRYPTO_memcmp(a.ptr, b.ptr, a.len) == 0;
}
