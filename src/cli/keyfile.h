/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyfile - a private DKIM key in a file, for the commands that sign.
 *
 * PEM of PKCS#8 or PKCS#1, without a passphrase; examined as keys that a
 * person brings are (crypt/privkey.h).
 */
#pragma once

#include "base/error.h"
#include "crypt/privkey.h"
#include "dns/name.h"
#include "text/domain.h"

/* Octets of a key record's text. */
#define KEYFILE_RECORD_MAX 1024

/*
 * Has libcrypto keep keys in memory that is neither swapped nor dumped; once,
 * first of all in a command that reads or makes a key.
 */
void keyfile_prepare(void);

/*
 * Reads the key in the file `path`; the caller frees it.  Says on stderr if
 * others can read the file too.  Fails with ERROR_IO or ERROR_CRYPTO.
 */
bool keyfile_read(struct span path, struct privkey **ret,
		  struct error *reterr) MUST_CHECK;

/* Appends the key record of `key`: "v=DKIM1; k=rsa; p=...". */
void keyfile_record(const struct privkey *key, struct buf *to);

/*
 * Sets *ret to <selector>._domainkey.<domain>.  Returns false if `selector`
 * is none (RFC 6376 section 3.1), or the name is too long.
 */
bool keyfile_name(struct span selector, const struct domain *domain,
		  struct dname *ret) MUST_CHECK;
