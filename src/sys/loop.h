/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop - the event loop: timers, readable descriptors, signals.
 *
 * libevent stands behind it and is seen in src/sys only.  One loop runs in
 * one thread, and nothing may hold it for longer than 10 ms.  Callbacks are
 * never run from inside the call that asked for them.
 *
 * Ownership: what x_new() returns is the caller's, and must be freed before
 * the loop is.  A callback may free its own object.
 */
#pragma once

#include <stdint.h>

#include "base/macros.h"

struct event_base;
struct loop;
struct loop_timer;
struct loop_watch;
struct loop_signal;

/* Called with the context that was given beside it. */
typedef void loop_call(void *context);

/* Returns a new loop; there may be several in a process. */
struct loop *loop_new(void) MUST_CHECK;

/*
 * Frees `loop`, which may be NULL.  What is due is called before that: whoever
 * must not be called any more has been freed.
 */
void loop_free(struct loop *loop);

/* Runs until loop_stop(). */
void loop_run(struct loop *loop);

/* Makes loop_run() return once the running callback is done. */
void loop_stop(struct loop *loop);

/* Returns libevent's own object, for the other modules of src/sys. */
struct event_base *loop_base(struct loop *loop);

/* Returns a timer, not set, that will call `fire`. */
struct loop_timer *loop_timer_new(struct loop *loop, loop_call *fire,
				  void *context) MUST_CHECK;

/* Makes `timer` fire once, `after` milliseconds from now, and only then. */
void loop_timer_set(struct loop_timer *timer, int64_t after);

/* Makes `timer` not fire. */
void loop_timer_clear(struct loop_timer *timer);

/* Frees `timer`, which may be NULL. */
void loop_timer_free(struct loop_timer *timer);

/*
 * Calls `ready` whenever `fd` can be read, until the watch is freed.
 * Borrows `fd`, which must outlive the watch.
 */
struct loop_watch *loop_watch_new(struct loop *loop, int fd, loop_call *ready,
				  void *context) MUST_CHECK;

/* Frees `watch`, which may be NULL; the descriptor stays open. */
void loop_watch_free(struct loop_watch *watch);

/* Calls `caught` in the loop after each signal `number`. */
struct loop_signal *loop_signal_new(struct loop *loop, int number,
				    loop_call *caught,
				    void *context) MUST_CHECK;

/* Frees `signal`, which may be NULL; its default action is back. */
void loop_signal_free(struct loop_signal *signal);
