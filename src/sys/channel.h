/* SPDX-License-Identifier: Apache-2.0 */
/*
 * channel - messages between parent and child, with descriptors in them.
 *
 * A pair of SOCK_SEQPACKET sockets: a message comes whole or not at all, and
 * may carry one descriptor.
 */
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "base/span.h"

#define CHANNEL_MESSAGE_MAX (128 * 1024) /* octets of a message */

/* What channel_receive() says. */
enum channel_status {
	CHANNEL_OK = 0,
	CHANNEL_NONE,   /* no message waits, and the socket does not block */
	CHANNEL_CLOSED, /* the other side is gone */
};

/* Makes a pair; both ends are closed on exec.  Fails with ERROR_IO. */
bool channel_pair(int ret[static 2], struct error *reterr) MUST_CHECK;

/* Sends `message`, with the descriptor `fd` unless it is -1; a copy goes. */
bool channel_send(int channel, struct span message, int fd) MUST_CHECK;

/*
 * Takes a message into the `room` octets at `to` (what is longer is cut) and
 * its descriptor, or -1, into *ret_fd: the caller's to close.
 */
enum channel_status channel_receive(int channel, void *to, size_t room,
				    size_t *ret_len, int *ret_fd) MUST_CHECK;
