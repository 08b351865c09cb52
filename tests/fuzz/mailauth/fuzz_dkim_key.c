/* SPDX-License-Identifier: Apache-2.0 */
/* A key comes with DKIM_KEY_OK and with nothing else. */
#include <assert.h>
#include <stdint.h>

#include "mailauth/dkim_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dkim_key_record record;
	enum dkim_key_status status =
		dkim_key_parse(span_bytes(data, size), &record);

	assert((status == DKIM_KEY_OK) == (record.key != NULL));
	if (status == DKIM_KEY_OK) {
		assert(pubkey_type(record.key) == record.type);
		assert(record.bits == 256 || (record.bits >= PUBKEY_BITS_MIN &&
					      record.bits <= PUBKEY_BITS_MAX));
	}
	assert(dkim_key_strerror(status)[0] != '\0');
	pubkey_free(record.key);
	return 0;
}
