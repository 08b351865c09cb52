/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message - a mail message from a file, for the commands that read one.
 */
#pragma once

#include "base/buf.h"
#include "cli/command.h"

/* Octets of a message. */
#define MESSAGE_MAX ((size_t)64 << 20)

/*
 * Appends the message in the file `path`, "-" being stdin.  A file without
 * any CR, as text files are on Unix, is given the line ends that mail has,
 * and the person is told so on stderr.  Fails with ERROR_IO, or past the
 * limit of `to`, which should be MESSAGE_MAX.
 */
bool message_read(const char *path, struct buf *to,
		  struct error *reterr) MUST_CHECK;
