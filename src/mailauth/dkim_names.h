/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dkim_names - the names in h= of a signature that is made (RFC 6376 s5.4).
 *
 * Shared by the signer and the sealer of ARC chains, which choose different
 * names and write them alike.
 *
 * Pure: no I/O, no logging, no clock; no allocation but in a given buf.
 */
#pragma once

#include "base/buf.h"
#include "mailauth/dkim_signature.h"

struct dkim_names {
	struct span name[DKIM_HEADERS_MAX]; /* borrowed */
	size_t len;                         /* of name */
};

/* Adds `name`, `times` over; false, adding none, if there is no room. */
bool dkim_names_add(struct dkim_names *names, struct span name,
		    size_t times) MUST_CHECK;

/* Appends CRLF, a tab and "h=...;", folded between names. */
void dkim_names_put(const struct dkim_names *names, struct buf *to);
