/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crlf - line ends as mail has them.
 *
 * The one function that turns whatever came by API or file into lines that
 * end in CRLF, before anything is parsed, hashed or signed: what is signed
 * never has another line end (RFC 5322 section 2.3: "CR and LF MUST only
 * occur together as CRLF").
 *
 * Pure: no allocation but in a given buf, no I/O, no logging, no clock.
 */
#pragma once

#include "base/buf.h"

/* Returns whether each CR in `s` is followed by a LF and each LF follows one.
 */
bool crlf_is_clean(struct span s);

/*
 * Appends `s`, each LF without CR and each CR without LF made a CRLF, and one
 * put at its end if it has none and is not empty.  Returns false if that does
 * not fit.
 */
bool crlf_normalise(struct span s, struct buf *to) MUST_CHECK;
