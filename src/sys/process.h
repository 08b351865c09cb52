/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process - starting the program again in another role.
 *
 * Every role is this same binary, run anew (never only forked: a role starts
 * with none of its parent's memory), with the descriptors it is given at
 * PROCESS_FIRST_FD and above and no others.  When to start one and what to do
 * when it ends is the parent's business.
 *
 * Ownership: descriptors returned are the caller's to close; those given to
 * a child stay the caller's.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/span.h"

/* Where a child finds the first descriptor it was given. */
#define PROCESS_FIRST_FD 3
/* Most descriptors that a child is given. */
#define PROCESS_FDS_MAX 64
/* Most arguments and environment variables that a child is given. */
#define PROCESS_ARGS_MAX 64
#define PROCESS_ENV_MAX  512 /* environment variables of a child */

/* What is to be started. */
struct process_plan {
	const char *name;        /* its argv[0], as ps(1) shows it */
	const char *const *args; /* those behind it, NULL at the end */
	const int *fds;          /* what becomes descriptor 3, 4 ... */
	size_t fds_len;          /* how many there are */
	bool bare; /* without the environment, where secrets may be, but for
		      what sanitizers and fault injection read */
};

/* How a process ended. */
struct process_end {
	pid_t pid;  /* which one */
	int status; /* what it passed to exit(), or -1 */
	int signal; /* what killed it, or 0 */
};

/*
 * Makes a channel: two connected sockets that do not block and are closed
 * in children that are not given them.
 */
bool process_pair(int ret[2], struct error *reterr) MUST_CHECK;

/* Starts `plan` and sets *ret to its process id. */
bool process_spawn(const struct process_plan *plan, pid_t *ret,
		   struct error *reterr) MUST_CHECK;

/*
 * Tells of one child that ended, without waiting; false if none did.  Call it
 * after SIGCHLD until it says false.
 */
bool process_reap(struct process_end *ret) MUST_CHECK;

/* Waits until the child `pid` ends. */
bool process_wait(pid_t pid, struct process_end *ret) MUST_CHECK;

/*
 * Sends the descriptor `fd`, with one octet that says what it is for, over
 * `channel`, which must not be used for anything else.
 */
bool process_send_fd(int channel, uint8_t purpose, int fd,
		     struct error *reterr) MUST_CHECK;

/* What process_receive_fd() found. */
enum process_received {
	PROCESS_RECEIVED = 0, /* a descriptor */
	PROCESS_NOTHING,      /* nothing yet */
	PROCESS_CLOSED,       /* the other end is gone, or talks nonsense */
};

/* Receives what process_send_fd() sent; closed in children. */
enum process_received process_receive_fd(int channel, uint8_t *ret_purpose,
					 int *ret_fd) MUST_CHECK;

/*
 * Waits until `channel` has bytes and reads up to `room` of them to `ptr`.
 * *ret is how many; 0: the other end is gone.
 */
bool process_read(int channel, void *ptr, size_t room, size_t *ret,
		  struct error *reterr) MUST_CHECK;

/* Writes all of `bytes`, waiting as often as need be. */
bool process_write(int channel, struct span bytes,
		   struct error *reterr) MUST_CHECK;

/*
 * Leaves the process to be ended by its channel: signals that ask for an end
 * (which a terminal and systemd send to every process) and SIGPIPE do
 * nothing.
 */
void process_ignore_signals(void);
