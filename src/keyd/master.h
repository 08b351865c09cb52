/* SPDX-License-Identifier: Apache-2.0 */
/*
 * master - the master key, as it is handed to keyd.
 *
 * Whoever has it and the store has every secret of the deployment.  It is a
 * file of 32 octets, or their text in hexadecimal or base64 (what "openssl
 * rand -hex 32" and "-base64 32" write), from a systemd credential or of
 * mode 0400; the parent opens it, only keyd reads it.
 *
 * Purity: master_read() reads; no logging, no clock.
 */
#pragma once

#include "base/error.h"
#include "crypt/seal.h"

/* Longest file. */
#define MASTER_TEXT_MAX 256

/*
 * Reads `text` as a master key into *ret, which the caller releases.
 * Returns false, leaving it alone, if it is none.
 */
bool master_parse(struct span text, struct secret *ret) MUST_CHECK;

/*
 * As master_parse(), of what can be read from `fd`, up to its end.  Fails
 * with ERROR_CONFIG.
 */
bool master_read(int fd, struct secret *ret, struct error *reterr) MUST_CHECK;
