/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mailbox - domains of mailbox providers: nobody can publish in them.
 *
 * A list of our own of well-known consumer mail domains.  It need not be
 * complete: what is missing here fails later, at the proof of control.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 */
#pragma once

#include "text/suffix.h"

/*
 * Returns whether `domain` (A-labels in lower case) is a mailbox provider's,
 * or lies below one.
 */
bool mailbox_is_provider(struct span domain, const struct suffixes *suffixes);
