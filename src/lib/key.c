/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/key.h"

#include <stdlib.h>

#include "base/mem.h"
#include "lib/convert.h"

/* Octets of a key record. */
#define RECORD_MAX 1200

_Static_assert(SESAME_DIGEST_SIZE == DIGEST_SIZE, "the header says it");
_Static_assert(SESAME_SIGNATURE_MAX == PRIVKEY_SIGNATURE_MAX, "the same");
_Static_assert((int)SESAME_KEY_RSA == (int)KEY_RSA, "the same");
_Static_assert((int)SESAME_KEY_ED25519 == (int)KEY_ED25519, "the same");

/* Makes the object, with its record.  Takes `privkey`. */
static struct sesame_key *
make(struct privkey *privkey)
{
	struct sesame_key *key = mem_new(sizeof(*key));

	key->privkey = privkey;
	buf_init(&key->record, RECORD_MAX);
	buf_addf(&key->record, "v=DKIM1; k=%s; p=",
		 privkey_type(privkey) == KEY_RSA ? "rsa" : "ed25519");
	privkey_public(privkey, &key->record);
	return key;
}

enum sesame_status
sesame_key_load(const void *text, size_t len, struct sesame_key **ret,
		const char **reterr_why)
{
	struct privkey *privkey;
	enum privkey_status status =
		privkey_import(span_bytes(text, len), &privkey);

	if (status != PRIVKEY_OK) {
		if (reterr_why != NULL)
			*reterr_why = privkey_strerror(status);
		return SESAME_ERR_KEY;
	}
	*ret = make(privkey);
	return SESAME_OK;
}

enum sesame_status
sesame_key_generate(enum sesame_key_type type, int bits,
		    struct sesame_key **ret)
{
	bool rsa = type == SESAME_KEY_RSA;
	struct privkey *privkey;

	if (type != SESAME_KEY_RSA && type != SESAME_KEY_ED25519)
		return SESAME_ERR_ARGUMENT;
	if (rsa ? bits != 1024 && bits != 2048 && bits != 3072 && bits != 4096
		: bits != 0 && bits != 256)
		return SESAME_ERR_ARGUMENT;
	privkey = privkey_generate(rsa ? KEY_RSA : KEY_ED25519, bits);
	if (privkey == NULL)
		return SESAME_ERR_CRYPTO;
	*ret = make(privkey);
	return SESAME_OK;
}

void
sesame_key_free(struct sesame_key *key)
{
	if (key == NULL)
		return;
	secret_release(&key->pem);
	buf_release(&key->record);
	privkey_free(key->privkey);
	free(key);
}

enum sesame_key_type
sesame_key_type(const struct sesame_key *key)
{
	return privkey_type(key->privkey) == KEY_RSA ? SESAME_KEY_RSA
						     : SESAME_KEY_ED25519;
}

int
sesame_key_bits(const struct sesame_key *key)
{
	return privkey_bits(key->privkey);
}

struct sesame_text
sesame_key_record(const struct sesame_key *key)
{
	return text_of_span(buf_span(&key->record));
}

struct sesame_text
sesame_key_pem(struct sesame_key *key)
{
	struct secret pem;

	if (key->pem.ptr == NULL) {
		privkey_pem(key->privkey, &pem);
		/* with a NUL, as every text that is given out */
		secret_init(&key->pem, pem.len + 1);
		memcpy(key->pem.ptr, pem.ptr, pem.len);
		secret_release(&pem);
	}
	return text_of_span(
		span_head(secret_span(&key->pem), key->pem.len - 1));
}
