/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/seal.h"

#include <assert.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/mem.h"
#include "crypt/hmac.h"
#include "crypt/random.h"

#define VERSION     1
#define HEAD_SIZE   2 /* version and mark */
#define NONCE_SIZE  12
#define TAG_SIZE    16
#define CIPHER_SIZE 32

_Static_assert(HEAD_SIZE + NONCE_SIZE + TAG_SIZE == SEAL_OVERHEAD,
	       "the header says how much longer a sealed thing is");

/* What derived keys are for, in HKDF's words. */
static const char *const info_of[SEAL_PURPOSE_COUNT] = {
	[SEAL_DKIM_KEY] = "sesame v1 dkim key",
	[SEAL_API_SECRET] = "sesame v1 api secret",
};

struct master {
	uint8_t mark;
	struct secret key[SEAL_PURPOSE_COUNT];
};

struct seal_ring {
	struct master master[SEAL_MASTERS_MAX];
	size_t len;
};

struct seal_ring *
seal_ring_new(void)
{
	return mem_new(sizeof(struct seal_ring));
}

void
seal_ring_free(struct seal_ring *ring)
{
	if (ring == NULL)
		return;
	for (size_t i = 0; i < ring->len; i++)
		for (size_t j = 0; j < SEAL_PURPOSE_COUNT; j++)
			secret_release(&ring->master[i].key[j]);
	free(ring);
}

bool
seal_ring_add(struct seal_ring *ring, struct span master)
{
	uint8_t mark[HMAC_SIZE];
	struct master *m;

	if (ring->len == SEAL_MASTERS_MAX || master.len != SEAL_MASTER_SIZE)
		return false;
	m = &ring->master[ring->len++];
	hmac_derive(master, SPAN(""), SPAN("sesame v1 mark"), mark);
	m->mark = mark[0];
	for (size_t i = 0; i < SEAL_PURPOSE_COUNT; i++) {
		secret_init(&m->key[i], CIPHER_SIZE);
		hmac_derive(master, SPAN(""), span_of(info_of[i]),
			    m->key[i].ptr);
	}
	return true;
}

/* Starts `ctx`: key, nonce, and what is only authenticated. */
static bool
start(EVP_CIPHER_CTX *ctx, const struct secret *key, const uint8_t *head,
      struct span aad, int encrypt)
{
	int len;

	return EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, key->ptr,
				 head + HEAD_SIZE, encrypt) == 1 &&
	       EVP_CipherUpdate(ctx, NULL, &len, head, HEAD_SIZE) == 1 &&
	       EVP_CipherUpdate(ctx, NULL, &len, (const unsigned char *)aad.ptr,
				(int)aad.len) == 1;
}

/* Writes the sealed form of `plain` to `out`, SEAL_OVERHEAD longer. */
static bool
encrypt(const struct master *m, enum seal_purpose purpose, struct span aad,
	struct span plain, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t *text = out + HEAD_SIZE + NONCE_SIZE;
	int len;
	bool done;

	out[0] = VERSION;
	out[1] = m->mark;
	random_fill(out + HEAD_SIZE, NONCE_SIZE);
	done = ctx != NULL && start(ctx, &m->key[purpose], out, aad, 1) &&
	       EVP_CipherUpdate(ctx, text, &len,
				(const unsigned char *)plain.ptr,
				(int)plain.len) == 1 &&
	       EVP_CipherFinal_ex(ctx, text + plain.len, &len) == 1 &&
	       EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE,
				   text + plain.len) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return done;
}

bool
seal(const struct seal_ring *ring, enum seal_purpose purpose, struct span aad,
     struct span plain, struct buf *ret)
{
	uint8_t *out;
	bool done;

	if (ring->len == 0 || plain.len > SEAL_PLAIN_MAX ||
	    aad.len > SEAL_AAD_MAX)
		return false;
	out = (uint8_t *)buf_reserve(ret, plain.len + SEAL_OVERHEAD);
	if (out == NULL)
		return false;
	ERR_set_mark();
	done = encrypt(&ring->master[0], purpose, aad, plain, out);
	ERR_pop_to_mark();
	if (done)
		buf_grew(ret, plain.len + SEAL_OVERHEAD);
	return done;
}

/* Opens `sealed`, long enough, into `out`, which is as long as the text. */
static bool
decrypt(const struct secret *key, struct span aad, struct span sealed,
	struct secret *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	const uint8_t *head = (const uint8_t *)sealed.ptr;
	const uint8_t *text = head + HEAD_SIZE + NONCE_SIZE;
	uint8_t tag[TAG_SIZE];
	int len;
	bool done;

	memcpy(tag, text + out->len, TAG_SIZE);
	done = ctx != NULL && start(ctx, key, head, aad, 0) &&
	       EVP_CipherUpdate(ctx, out->ptr, &len, text, (int)out->len) ==
		       1 &&
	       EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE, tag) ==
		       1 &&
	       EVP_CipherFinal_ex(ctx, out->ptr + out->len, &len) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return done;
}

enum seal_status
unseal(const struct seal_ring *ring, enum seal_purpose purpose, struct span aad,
       struct span sealed, struct secret *ret)
{
	enum seal_status status = SEAL_NO_MASTER;
	struct secret out;

	if (sealed.len < SEAL_OVERHEAD ||
	    sealed.len > SEAL_PLAIN_MAX + SEAL_OVERHEAD ||
	    aad.len > SEAL_AAD_MAX || sealed.ptr[0] != VERSION)
		return SEAL_MALFORMED;
	secret_init(&out, sealed.len - SEAL_OVERHEAD);
	ERR_set_mark();
	for (size_t i = 0; i < ring->len && status != SEAL_OK; i++) {
		const struct master *m = &ring->master[i];

		if (m->mark != (uint8_t)sealed.ptr[1])
			continue;
		status = decrypt(&m->key[purpose], aad, sealed, &out)
				 ? SEAL_OK
				 : SEAL_REFUSED;
	}
	ERR_pop_to_mark();
	if (status == SEAL_OK)
		*ret = out;
	else
		secret_release(&out);
	return status;
}
