/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/keyfile.h"

#include <sys/stat.h>

#include "cli/output.h"
#include "crypt/armor.h"
#include "mailauth/dkim_signature.h"
#include "sys/file.h"

#define HEAP_SIZE ((size_t)1 << 20)

void
keyfile_prepare(void)
{
	bool locked;

	/* without it the key is in ordinary memory, as in any other tool */
	(void)!secret_heap(HEAP_SIZE, &locked);
}

bool
keyfile_read(struct span path, struct privkey **ret, struct error *reterr)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(4096);
	CLEANUP(buf_wipe) struct buf text = BUF_INIT(ARMOR_TEXT_MAX + 1);
	enum privkey_status status;
	struct stat st;

	if (!buf_add(&name, path))
		return error_set(reterr, ERROR_USAGE,
				 "the path after --key is too long");
	if (!file_read(name.ptr, &text, reterr))
		return false;
	status = privkey_import(buf_span(&text), ret);
	if (status != PRIVKEY_OK)
		return error_set(reterr, ERROR_CRYPTO, "%s: %s", name.ptr,
				 privkey_strerror(status));
	if (stat(name.ptr, &st) == 0 && (st.st_mode & 077) != 0)
		output_note("%s can be read by others than its owner; "
			    "chmod 600 %s",
			    name.ptr, name.ptr);
	return true;
}

void
keyfile_record(const struct privkey *key, struct buf *to)
{
	buf_addf(to, "v=DKIM1; k=%s; p=",
		 privkey_type(key) == KEY_RSA ? "rsa" : "ed25519");
	privkey_public(key, to);
}

/* Letters, digits, hyphens and underscores, in labels. */
static bool
is_selector(struct span s)
{
	if (s.len == 0 || s.len > DKIM_SELECTOR_MAX || s.ptr[0] == '-' ||
	    s.ptr[s.len - 1] == '-')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = span_lower(s.ptr[i]);

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '_' || c == '.'))
			return false;
	}
	return true;
}

bool
keyfile_name(struct span selector, const struct domain *domain,
	     struct dname *ret)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(1024);

	if (!is_selector(selector))
		return false;
	buf_addf(&name, SPAN_FMT "._domainkey.%s", SPAN_ARG(selector),
		 domain->s);
	return dname_parse(buf_span(&name), ret) == DNAME_OK;
}
