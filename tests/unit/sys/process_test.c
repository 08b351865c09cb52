/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit.h"

/* What this program is when it was started by itself: each a role. */
static int
role_echo(void)
{
	char room[64];
	size_t got;
	struct error err;

	/* Nothing was left open behind the two that were given. */
	if (fcntl(PROCESS_FIRST_FD + 2, F_GETFD) != -1 || errno != EBADF)
		return 3;
	for (;;) {
		if (!process_read(PROCESS_FIRST_FD, room, sizeof(room), &got,
				  &err))
			return 4;
		if (got == 0)
			return 42;
		if (!process_write(PROCESS_FIRST_FD + 1, span_bytes(room, got),
				   &err))
			return 5;
	}
}

static int
role_env(void)
{
	return (getenv("SESAME_SECRET") != NULL ? 1 : 0) +
	       (getenv("FAKETIME_TEST") != NULL ? 2 : 0);
}

/* Sends its standard input back as a descriptor. */
static int
role_sender(void)
{
	int pipe_fd[2];
	struct error err;

	if (pipe(pipe_fd) != 0 || write(pipe_fd[1], "hello", 5) != 5)
		return 3;
	return process_send_fd(PROCESS_FIRST_FD, 7, pipe_fd[0], &err) ? 0 : 4;
}

static int
role_stubborn(void)
{
	process_ignore_signals();
	raise(SIGTERM);
	raise(SIGINT);
	raise(SIGPIPE);
	return 9;
}

static pid_t
start(const char *role, const int *fds, size_t len, bool bare)
{
	const char *const args[] = {"--role", role, NULL};
	const struct process_plan plan = {
		.name = "test",
		.args = args,
		.fds = fds,
		.fds_len = len,
		.bare = bare,
	};
	struct error err;
	pid_t pid = -1;

	assert_true(process_spawn(&plan, &pid, &err));
	return pid;
}

static void
check_end(pid_t pid, int status, int signal_number)
{
	struct process_end end;

	assert_true(process_wait(pid, &end));
	assert_int_equal(end.pid, pid);
	assert_int_equal(end.status, status);
	assert_int_equal(end.signal, signal_number);
}

/* The descriptors come in each order, overlapping their places or not. */
static void
test_echo(void **state)
{
	struct error err;

	(void)state;
	for (int swap = 0; swap < 2; swap++) {
		int in[2], out[2], fds[2];
		char room[64];
		size_t got;
		pid_t pid;

		assert_true(process_pair(in, &err));
		assert_true(process_pair(out, &err));
		fds[0] = swap ? out[1] : in[1];
		fds[1] = swap ? in[1] : out[1];
		pid = start("echo", fds, 2, false);
		close(in[1]);
		close(out[1]);
		assert_true(process_write(swap ? out[0] : in[0],
					  SPAN("over there"), &err));
		assert_true(process_read(swap ? in[0] : out[0], room,
					 sizeof(room), &got, &err));
		assert_span(span_bytes(room, got), "over there");
		close(swap ? out[0] : in[0]);
		check_end(pid, 42, 0);
		assert_true(process_read(swap ? in[0] : out[0], room,
					 sizeof(room), &got, &err));
		assert_int_equal(got, 0);
		close(swap ? in[0] : out[0]);
	}
}

static void
test_env(void **state)
{
	(void)state;
	setenv("SESAME_SECRET", "x", 1);
	setenv("FAKETIME_TEST", "x", 1);
	check_end(start("env", NULL, 0, false), 3, 0);
	check_end(start("env", NULL, 0, true), 2, 0);
}

static void
test_descriptor(void **state)
{
	int channel[2], fd = -1;
	uint8_t purpose = 0;
	char room[8];
	struct error err;
	pid_t pid;

	(void)state;
	assert_true(process_pair(channel, &err));
	assert_int_equal(process_receive_fd(channel[0], &purpose, &fd),
			 PROCESS_NOTHING);
	pid = start("sender", &channel[1], 1, false);
	check_end(pid, 0, 0);
	assert_int_equal(process_receive_fd(channel[0], &purpose, &fd),
			 PROCESS_RECEIVED);
	assert_int_equal(purpose, 7);
	assert_int_equal(read(fd, room, sizeof(room)), 5);
	assert_memory_equal(room, "hello", 5);
	assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	close(fd);
	/* An octet alone is not what is sent there. */
	assert_int_equal(write(channel[1], "x", 1), 1);
	assert_int_equal(process_receive_fd(channel[0], &purpose, &fd),
			 PROCESS_CLOSED);
	close(channel[1]);
	assert_int_equal(process_receive_fd(channel[0], &purpose, &fd),
			 PROCESS_CLOSED);
	close(channel[0]);
}

static void
test_ends(void **state)
{
	struct process_end end;
	struct error err;
	int channel[2];
	pid_t pid;

	(void)state;
	assert_true(process_pair(channel, &err));
	pid = start("echo", channel, 2, false);
	assert_false(process_reap(&end));
	assert_int_equal(kill(pid, SIGKILL), 0);
	check_end(pid, -1, SIGKILL);
	assert_false(process_reap(&end));
	assert_false(process_wait(pid, &end));
	check_end(start("stubborn", NULL, 0, false), 9, 0);
	check_end(start("no such role", NULL, 0, false), 2, 0);
	close(channel[0]);
	close(channel[1]);
}

/* More than the socket holds is written, as the other end reads. */
static void
test_much(void **state)
{
	static char block[1 << 20], back[4096];
	struct error err;
	int in[2], fds[2];
	size_t got, sum = 0;
	pid_t pid, writer;

	(void)state;
	assert_true(process_pair(in, &err));
	fds[0] = fds[1] = in[1];
	pid = start("echo", fds, 2, false);
	close(in[1]);
	writer = fork();
	if (writer == 0)
		_exit(process_write(in[0], span_bytes(block, sizeof(block)),
				    &err)
			      ? 0
			      : 1);
	while (sum < sizeof(block)) {
		assert_true(
			process_read(in[0], back, sizeof(back), &got, &err));
		assert_int_not_equal(got, 0);
		sum += got;
	}
	check_end(writer, 0, 0);
	close(in[0]);
	check_end(pid, 42, 0);
}

static void
test_limits(void **state)
{
	const char *args[PROCESS_ARGS_MAX + 2];
	struct process_plan plan = {.name = "test", .args = args};
	struct error err;
	pid_t pid;

	(void)state;
	for (size_t i = 0; i <= PROCESS_ARGS_MAX; i++)
		args[i] = "x";
	args[PROCESS_ARGS_MAX + 1] = NULL;
	assert_false(process_spawn(&plan, &pid, &err));
	args[0] = NULL;
	plan.fds_len = PROCESS_FDS_MAX + 1;
	assert_false(process_spawn(&plan, &pid, &err));
	assert_false(process_write(-1, SPAN("x"), &err));
	assert_int_equal(err.code, ERROR_IO);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} roles[] = {{"echo", role_echo},
		     {"env", role_env},
		     {"sender", role_sender},
		     {"stubborn", role_stubborn}};

	if (argc == 3) {
		for (size_t i = 0; i < COUNT(roles); i++)
			if (strcmp(argv[2], roles[i].name) == 0)
				return roles[i].run();
		return 2;
	}
	UNIT(test_echo);
	UNIT(test_env);
	UNIT(test_descriptor);
	UNIT(test_ends);
	UNIT(test_much);
	UNIT(test_limits);
	return unit_run("sys/process");
}
