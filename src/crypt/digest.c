/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/digest.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "base/mem.h"
#include "crypt/evp.h"

struct digest {
	EVP_MD_CTX *ctx;
	bool ended; /* it must be made ready for what comes next */
};

/* Hashing in memory fails for want of memory only. */
static void
must(int ok)
{
	if (ok != 1)
		mem_exhausted();
}

struct digest *
digest_new(void)
{
	struct digest *d = mem_new(sizeof(*d));

	d->ctx = EVP_MD_CTX_new();
	must(d->ctx != NULL);
	must(EVP_DigestInit_ex(d->ctx, evp_sha256(), NULL));
	return d;
}

void
digest_free(struct digest *d)
{
	if (d == NULL)
		return;
	EVP_MD_CTX_free(d->ctx);
	free(d);
}

/* Makes `d` as new if it has ended: late, since many are not used again. */
static void
make_ready(struct digest *d)
{
	if (d->ended)
		must(EVP_DigestInit_ex(d->ctx, NULL, NULL));
	d->ended = false;
}

void
digest_add(struct digest *d, struct span bytes)
{
	make_ready(d);
	must(EVP_DigestUpdate(d->ctx, bytes.ptr, bytes.len));
}

void
digest_end(struct digest *d, uint8_t ret[DIGEST_SIZE])
{
	make_ready(d);
	must(EVP_DigestFinal_ex(d->ctx, ret, NULL));
	d->ended = true;
}

void
digest_peek(struct digest *d, uint8_t ret[DIGEST_SIZE])
{
	CLEANUP(digest_freep) struct digest *copy = mem_new(sizeof(*copy));

	make_ready(d);
	copy->ctx = EVP_MD_CTX_new();
	must(copy->ctx != NULL);
	must(EVP_MD_CTX_copy_ex(copy->ctx, d->ctx));
	must(EVP_DigestFinal_ex(copy->ctx, ret, NULL));
}

void
digest_of(struct span bytes, uint8_t ret[DIGEST_SIZE])
{
	must(EVP_Digest(bytes.ptr, bytes.len, ret, NULL, evp_sha256(), NULL));
}

void
digest_hex(const uint8_t digest[DIGEST_SIZE], char ret[DIGEST_HEX_SIZE])
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < DIGEST_SIZE; i++) {
		ret[2 * i] = digit[digest[i] >> 4];
		ret[2 * i + 1] = digit[digest[i] & 15];
	}
	ret[2 * DIGEST_SIZE] = '\0';
}
