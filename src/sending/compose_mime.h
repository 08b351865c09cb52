/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose_mime - the body of Simple content, as MIME.
 *
 * The one file that knows GMime.  Text is UTF-8, in 7bit, quoted-printable or
 * base64 as it needs; Text and Html together are multipart/alternative, with
 * attachments in multipart/mixed around them.
 *
 * Pure: no I/O, no logging, no clock, no randomness.
 */
#pragma once

#include "sending/compose.h"

/*
 * Appends the MIME-Version and Content-* fields, the empty line and the body
 * of `content` to `to`.  Fails with ERROR_BAD_REQUEST if there is nothing to
 * send, a text is no UTF-8 or has a NUL, or an attachment is named in an
 * illegal way.
 */
bool compose_mime(const struct compose_simple *content, struct span boundary,
		  struct buf *to, struct error *reterr) MUST_CHECK;
