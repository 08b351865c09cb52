/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/aad.h"

void
aad_of_key(const char *account, const struct dkim_key *key, struct buf *ret)
{
	buf_addf(ret, "v1|%s|%llu|%u|%s|%s", account,
		 (unsigned long long)key->identity, key->generation,
		 key->selector,
		 key->type == DKIM_KEY_ED25519 ? "ed25519" : "rsa");
}

void
aad_of_pool(const char *label, struct buf *ret)
{
	buf_addf(ret, "v1|pool|%s", label);
}

void
aad_of_secret(const char *account, const char *access_key, struct buf *ret)
{
	buf_addf(ret, "v1|%s|%s|secret", account, access_key);
}
