/* SPDX-License-Identifier: Apache-2.0 */
/* A text that somebody says is a private key; what is taken is written and
 * read again as the same. */
#include <assert.h>

#include "crypt/privkey.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct privkey *key = NULL, *again = NULL;
	enum privkey_status status =
		privkey_import(span_bytes(data, size), &key);
	struct buf one = BUF_INIT(PRIVKEY_PUBLIC_MAX);
	struct buf two = BUF_INIT(PRIVKEY_PUBLIC_MAX);
	struct secret pem;

	assert(privkey_strerror(status) != NULL);
	assert((status == PRIVKEY_OK) == (key != NULL));
	if (key == NULL)
		return 0;
	privkey_pem(key, &pem);
	assert(privkey_import(secret_span(&pem), &again) == PRIVKEY_OK);
	privkey_public(key, &one);
	privkey_public(again, &two);
	assert(!one.full && span_equal(buf_span(&one), buf_span(&two)));
	secret_release(&pem);
	privkey_free(key);
	privkey_free(again);
	buf_release(&one);
	buf_release(&two);
	return 0;
}
