/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aad - what a sealed secret is bound to: whose it is, and for what.
 *
 * keyd opens a sealed secret only with the very text it was sealed with, so
 * that a blob moved to another row, account or generation opens for nobody.
 *
 * Pure: no I/O, no logging, no clock; it appends to a given buffer.
 */
#pragma once

#include "base/buf.h"
#include "store/types.h"

#define AAD_MAX 512 /* octets of the longest text made here */

/* Appends "v1|account|identity row|generation|selector|alg" of a DKIM key. */
void aad_of_key(const char *account, const struct dkim_key *key,
		struct buf *ret);

/* Appends the text that a key in the pool with this label is sealed with. */
void aad_of_pool(const char *label, struct buf *ret);

/* Appends "v1|account|access key id|secret" of an API secret. */
void aad_of_secret(const char *account, const char *access_key,
		   struct buf *ret);
