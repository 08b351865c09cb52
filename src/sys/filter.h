/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filter - system calls that a process may not make again.
 *
 * One list per role of what it is allowed, through libseccomp; what is not
 * in the list fails with EPERM, and what only an intruder would try (running
 * a program, reading another process) kills the process.  Threads that are
 * there already are held to it too.  Called by sys/sandbox.h.
 *
 * Built with AddressSanitizer the lists are turned round: all is allowed but
 * a few calls that tests look for, since the sanitizer itself reads /proc,
 * makes processes and traces them, differently in each version.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"

/* Whose list. */
enum filter_role {
	FILTER_KEYD = 1,   /* no network, no files: its channel and memory */
	FILTER_SERVER = 2, /* event loop, sockets, SQLite, threads */
};

/* Returns how many system calls `role` is allowed. */
unsigned filter_count(enum filter_role role);

/* From now on, only the calls of `role`.  PR_SET_NO_NEW_PRIVS must be set. */
bool filter_enter(enum filter_role role, struct error *reterr) MUST_CHECK;
