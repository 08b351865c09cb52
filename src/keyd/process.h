/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process - the life of a keyd: one channel, one request after another.
 *
 * Started by the parent (sys/process.h) with its channel and the opened
 * files of the master keys.  It reads those, gives up everything else
 * (sys/sandbox.h), and answers until the other end of its channel is closed:
 * signals that ask for an end do not reach it, since the server still signs
 * while it drains.  What it reads and writes is in the secure heap.
 *
 * Purity: all I/O is on the descriptors it is given; no logging.
 */
#pragma once

#include <sys/types.h>

#include "base/error.h"

/* Bytes of the secure heap. */
#define KEYD_HEAP_SIZE (8 << 20)

/* What a keyd is started with. */
struct keyd_process {
	int channel;        /* to the server */
	const int *masters; /* files of master keys; the first one seals */
	size_t masters_len; /* how many: 1 to SEAL_MASTERS_MAX */
	uid_t uid;          /* who to become, if root; 0: stay */
	gid_t gid;          /* which group, likewise */
};

/* How a keyd ended. */
enum keyd_end {
	KEYD_END_CLOSED = 0,    /* the channel was closed: all is well */
	KEYD_END_CONFIG = 78,   /* no good master key: starting it again will
				   not help (sysexits.h) */
	KEYD_END_NONSENSE = 76, /* the server sent no request (sysexits.h) */
	KEYD_END_FAILED = 71,   /* the system refused something (sysexits.h) */
};

/*
 * Is a keyd until its channel is closed.  Returns the exit status for the
 * process; but for KEYD_END_CLOSED, *reterr is set.
 */
enum keyd_end keyd_process_run(const struct keyd_process *plan,
			       struct error *reterr) MUST_CHECK;
