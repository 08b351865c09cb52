/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/secret.h"

#include <assert.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <stdlib.h>

#include "base/mem.h"

/* Smallest piece of the secure heap: libcrypto keeps two bits for each. */
#define PIECE 32

/* Whether take() is at work: libcrypto may report its failure, and so ask
 * for memory again. */
static bool taking;

/* Takes memory from the secure heap; from the other one while there is none,
 * or if it is full. */
static void *
take(size_t size, const char *file, int line)
{
	void *ptr = NULL;

	if (size == 0)
		return NULL;
	if (!taking && CRYPTO_secure_malloc_initialized() == 1) {
		taking = true;
		ptr = CRYPTO_secure_malloc(size, file, line);
		taking = false;
	}
	return ptr != NULL ? ptr : malloc(size);
}

/* Returns how many bytes at `ptr` may be used. */
static size_t
room_of(void *ptr)
{
	return CRYPTO_secure_allocated(ptr) == 1
		       ? CRYPTO_secure_actual_size(ptr)
		       : malloc_usable_size(ptr);
}

static void
give(void *ptr, const char *file, int line)
{
	if (ptr == NULL)
		return;
	if (CRYPTO_secure_allocated(ptr) == 1) {
		CRYPTO_secure_free(ptr, file, line); /* overwrites */
	} else {
		OPENSSL_cleanse(ptr, malloc_usable_size(ptr));
		free(ptr);
	}
}

static void *
retake(void *old, size_t size, const char *file, int line)
{
	void *ptr = take(size, file, line);
	size_t room;

	if (old == NULL || (ptr == NULL && size > 0))
		return ptr;
	room = room_of(old);
	if (size > 0)
		memcpy(ptr, old, room < size ? room : size);
	give(old, file, line);
	return ptr;
}

bool
secret_heap(size_t size, bool *ret_locked)
{
	int made;

	if (CRYPTO_set_mem_functions(take, retake, give) != 1 ||
	    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
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
