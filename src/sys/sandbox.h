/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sandbox - what a process gives up before it listens to strangers.
 *
 * Core dumps, tracing, new privileges, descriptors without end, root, files
 * (sys/landlock.h) and system calls (sys/filter.h), in that order and for
 * good.  A process enters once it has opened what it cannot open later, and
 * before it makes threads.
 *
 * Built with AddressSanitizer the process stays dumpable, which its leak
 * detection needs, may read /proc, and the filter of system calls is
 * permissive.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "sys/filter.h"

/* What a process will still need. */
struct sandbox {
	enum filter_role role;    /* its system calls */
	const char *const *read;  /* paths to read beneath; NULL at the end */
	const char *const *write; /* paths to write beneath, likewise */
	unsigned files;           /* most descriptors; 0 leaves the limit */
	uid_t uid; /* who to become, if the process is root and this is not
		      0 */
	gid_t gid; /* which group, likewise */
};

/* What was had of it. */
struct sandbox_report {
	int landlock_abi; /* 0: the kernel has no Landlock */
	bool dropped;     /* the process was root and is no more */
};

/*
 * No core dumps, no tracing, no new privileges: for every process at its
 * start, before it holds a secret.
 */
bool sandbox_guard(struct error *reterr) MUST_CHECK;

/*
 * Keeps what the process has in memory now out of swap, as far as its limit
 * (RLIMIT_MEMLOCK) allows; returns whether it does.
 */
bool sandbox_lock_memory(void);

/*
 * Gives up all that `plan` does not name.  A failure leaves the process half
 * closed in: it must end.
 */
bool sandbox_enter(const struct sandbox *plan, struct sandbox_report *ret,
		   struct error *reterr) MUST_CHECK;
