/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child says if the binary cannot be run. */
#define EXIT_NO_EXEC 127

bool
process_pair(int ret[2], struct error *reterr)
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		       ret) != 0)
		return error_set(reterr, ERROR_IO, "cannot make a channel: %s",
				 strerror(errno));
	return true;
}

/* Variables that a bare child is given nevertheless. */
static bool
is_kept(const char *variable)
{
	static const char *const prefix[] = {
		"ASAN_", "LSAN_", "UBSAN_", "TSAN_", "LD_PRELOAD=", "FAKETIME",
	};

	for (size_t i = 0; i < COUNT(prefix); i++)
		if (strncmp(variable, prefix[i], strlen(prefix[i])) == 0)
			return true;
	return false;
}

/* Sets `ret`, of PROCESS_ENV_MAX + 1, to the environment of the child. */
static void
fill_env(bool bare, const char **ret)
{
	size_t len = 0;

	for (size_t i = 0; environ[i] != NULL && len < PROCESS_ENV_MAX; i++)
		if (!bare || is_kept(environ[i]))
			ret[len++] = environ[i];
	ret[len] = NULL;
}

/*
 * Puts `fds` at PROCESS_FIRST_FD and above, and closes all others.  In the
 * child of a process that may have threads: async-signal-safe calls only.
 */
static bool
place_fds(const int *fds, size_t len)
{
	int high[PROCESS_FDS_MAX];

	/* First out of the way, since a place may be another's source. */
	for (size_t i = 0; i < len; i++) {
		high[i] = fcntl(fds[i], F_DUPFD,
				PROCESS_FIRST_FD + PROCESS_FDS_MAX);
		if (high[i] < 0)
			return false;
	}
	for (size_t i = 0; i < len; i++)
		if (dup2(high[i], PROCESS_FIRST_FD + (int)i) < 0)
			return false;
	return close_range(PROCESS_FIRST_FD + (unsigned)len, ~0U, 0) == 0;
}

/*
 * Gives signals that have a handler their default action back.  One that came
 * since the fork would be lost in the handler of a loop that is not there:
 * a SIGTERM to a child that is just being started.
 */
static void
forget_handlers(void)
{
	const struct sigaction plain = {.sa_handler = SIG_DFL};
	struct sigaction was;

	for (int number = 1; number < NSIG; number++)
		if (sigaction(number, NULL, &was) == 0 &&
		    was.sa_handler != SIG_IGN && was.sa_handler != SIG_DFL)
			sigaction(number, &plain, NULL);
}

static _Noreturn void
become(const struct process_plan *plan, const char *const *args,
       const char *const *env)
{
	sigset_t none;

	if (place_fds(plan->fds, plan->fds_len)) {
		forget_handlers();
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		/* The types of execve() are older than const. */
		execve("/proc/self/exe", (char *const *)(uintptr_t)args,
		       (char *const *)(uintptr_t)env);
	}
	_exit(EXIT_NO_EXEC);
}

bool
process_spawn(const struct process_plan *plan, pid_t *ret, struct error *reterr)
{
	const char *args[PROCESS_ARGS_MAX + 2];
	const char *env[PROCESS_ENV_MAX + 1];
	sigset_t all, before;
	size_t len = 0;
	pid_t pid;

	args[len++] = plan->name;
	for (size_t i = 0; plan->args[i] != NULL; i++) {
		if (len > PROCESS_ARGS_MAX)
			return error_set(reterr, ERROR_INTERNAL,
					 "too many arguments for %s",
					 plan->name);
		args[len++] = plan->args[i];
	}
	args[len] = NULL;
	if (plan->fds_len > PROCESS_FDS_MAX)
		return error_set(reterr, ERROR_INTERNAL,
				 "too many descriptors for %s", plan->name);
	fill_env(plan->bare, env);

	/* No handler of ours may run in the child. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0)
		become(plan, args, env);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (pid < 0)
		return error_set(reterr, ERROR_IO, "cannot start %s: %s",
				 plan->name, strerror(errno));
	*ret = pid;
	return true;
}

static bool
wait_for(pid_t which, int flags, struct process_end *ret)
{
	int status;
	pid_t pid;

	do
		pid = waitpid(which, &status, flags);
	while (pid < 0 && errno == EINTR);
	if (pid <= 0)
		return false;
	*ret = (struct process_end){
		.pid = pid,
		.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
		.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
	};
	return true;
}

bool
process_reap(struct process_end *ret)
{
	return wait_for(-1, WNOHANG, ret);
}

bool
process_wait(pid_t pid, struct process_end *ret)
{
	return wait_for(pid, 0, ret);
}

/* Room for one descriptor beside a message, aligned as it must be. */
union control {
	char room[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

bool
process_send_fd(int channel, uint8_t purpose, int fd, struct error *reterr)
{
	union control control = {.room = {0}};
	struct iovec octet = {&purpose, 1};
	struct msghdr msg = {
		.msg_iov = &octet,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof(control.room),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&msg);
	ssize_t sent;

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	do
		sent = sendmsg(channel, &msg, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent != 1)
		return error_set(reterr, ERROR_IO,
				 "cannot send a descriptor: %s",
				 strerror(errno));
	return true;
}

enum process_received
process_receive_fd(int channel, uint8_t *ret_purpose, int *ret_fd)
{
	union control control = {.room = {0}};
	uint8_t purpose;
	struct iovec octet = {&purpose, 1};
	struct msghdr msg = {
		.msg_iov = &octet,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof(control.room),
	};
	struct cmsghdr *head;
	ssize_t got;

	do
		got = recvmsg(channel, &msg, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	while (got < 0 && errno == EINTR);
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return PROCESS_NOTHING;
	if (got != 1)
		return PROCESS_CLOSED;
	head = CMSG_FIRSTHDR(&msg);
	if (head == NULL || head->cmsg_level != SOL_SOCKET ||
	    head->cmsg_type != SCM_RIGHTS ||
	    head->cmsg_len != CMSG_LEN(sizeof(int)))
		return PROCESS_CLOSED;
	memcpy(ret_fd, CMSG_DATA(head), sizeof(*ret_fd));
	*ret_purpose = purpose;
	return PROCESS_RECEIVED;
}

/* Waits for `events` of `channel`; what it says of errors the call tells. */
static void
wait_fd(int channel, short events)
{
	struct pollfd poll_fd = {channel, events, 0};

	(void)poll(&poll_fd, 1, -1);
}

static bool
is_passing(void)
{
	return errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK;
}

bool
process_read(int channel, void *ptr, size_t room, size_t *ret,
	     struct error *reterr)
{
	for (;;) {
		ssize_t got = read(channel, ptr, room);

		if (got >= 0) {
			*ret = (size_t)got;
			return true;
		}
		if (errno == ECONNRESET) {
			*ret = 0;
			return true;
		}
		if (!is_passing())
			return error_set(reterr, ERROR_IO,
					 "cannot read a channel: %s",
					 strerror(errno));
		wait_fd(channel, POLLIN);
	}
}

bool
process_write(int channel, struct span bytes, struct error *reterr)
{
	while (bytes.len > 0) {
		ssize_t put = write(channel, bytes.ptr, bytes.len);

		if (put >= 0)
			bytes = span_skip(bytes, (size_t)put);
		else if (is_passing())
			wait_fd(channel, POLLOUT);
		else
			return error_set(reterr, ERROR_IO,
					 "cannot write to a channel: %s",
					 strerror(errno));
	}
	return true;
}

void
process_ignore_signals(void)
{
	static const int number[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};

	for (size_t i = 0; i < COUNT(number); i++)
		signal(number[i], SIG_IGN);
}
