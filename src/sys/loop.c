/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/loop.h"

#include <assert.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/time.h>

#include "base/mem.h"

struct loop {
	struct event_base *base;
};

/* A timer, a watch and a signal are one thing to libevent. */
struct wait {
	struct event *event;
	loop_call *call;
	void *context;
};

struct loop_timer {
	struct wait wait;
};

struct loop_watch {
	struct wait wait;
};

struct loop_signal {
	struct wait wait;
};

struct loop *
loop_new(void)
{
	struct event_config *config = event_config_new();
	struct loop *loop = mem_new(sizeof(*loop));

	if (config == NULL)
		mem_exhausted();
	event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
	loop->base = event_base_new_with_config(config);
	event_config_free(config);
	if (loop->base == NULL)
		mem_exhausted();
	return loop;
}

void
loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	/* What a stream left for its next turn frees what it holds. */
	event_base_loop(loop->base, EVLOOP_NONBLOCK);
	event_base_free(loop->base);
	free(loop);
}

void
loop_run(struct loop *loop)
{
	event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
}

void
loop_stop(struct loop *loop)
{
	event_base_loopbreak(loop->base);
}

struct event_base *
loop_base(struct loop *loop)
{
	return loop->base;
}

static void
happened(evutil_socket_t fd, short what, void *arg)
{
	struct wait *wait = arg;

	(void)fd;
	(void)what;
	wait->call(wait->context);
}

static void
wait_init(struct wait *wait, struct loop *loop, int fd, short what,
	  loop_call *call, void *context)
{
	wait->call = call;
	wait->context = context;
	wait->event = event_new(loop->base, fd, what, happened, wait);
	if (wait->event == NULL)
		mem_exhausted();
}

struct loop_timer *
loop_timer_new(struct loop *loop, loop_call *fire, void *context)
{
	struct loop_timer *timer = mem_new(sizeof(*timer));

	wait_init(&timer->wait, loop, -1, 0, fire, context);
	return timer;
}

void
loop_timer_set(struct loop_timer *timer, int64_t after)
{
	struct timeval delay;

	if (after < 0)
		after = 0;
	delay = (struct timeval){after / 1000, after % 1000 * 1000};
	event_add(timer->wait.event, &delay);
}

void
loop_timer_clear(struct loop_timer *timer)
{
	event_del(timer->wait.event);
}

void
loop_timer_free(struct loop_timer *timer)
{
	if (timer == NULL)
		return;
	event_free(timer->wait.event);
	free(timer);
}

struct loop_watch *
loop_watch_new(struct loop *loop, int fd, loop_call *ready, void *context)
{
	struct loop_watch *watch = mem_new(sizeof(*watch));

	wait_init(&watch->wait, loop, fd, EV_READ | EV_PERSIST, ready, context);
	event_add(watch->wait.event, NULL);
	return watch;
}

void
loop_watch_free(struct loop_watch *watch)
{
	if (watch == NULL)
		return;
	event_free(watch->wait.event);
	free(watch);
}

struct loop_signal *
loop_signal_new(struct loop *loop, int number, loop_call *caught, void *context)
{
	struct loop_signal *signal = mem_new(sizeof(*signal));

	wait_init(&signal->wait, loop, number, EV_SIGNAL | EV_PERSIST, caught,
		  context);
	event_add(signal->wait.event, NULL);
	return signal;
}

void
loop_signal_free(struct loop_signal *signal)
{
	if (signal == NULL)
		return;
	event_free(signal->wait.event);
	free(signal);
}
