/* SPDX-License-Identifier: Apache-2.0 */
/*
 * landlock - files that a process may not open again.
 *
 * The kernel's Landlock, by raw system calls (the C library has no names for
 * them), as much of it as the running kernel knows.  It only ever takes away,
 * for good, and from threads made later too: call it before there are any.
 * Called by sys/sandbox.h.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"

/* Returns the version of the kernel's Landlock; 0: it has none. */
int landlock_abi(void);

/*
 * From now on only what is beneath `read` can be read and what is beneath
 * `write` be changed as well (both end with NULL and may be NULL; a path
 * that is not there is passed over).  Nothing can be executed, and other
 * processes get no signals.  PR_SET_NO_NEW_PRIVS must be set.
 *
 * Returns true without doing anything on a kernel without Landlock.
 */
bool landlock_enter(const char *const *read, const char *const *write,
		    struct error *reterr) MUST_CHECK;
