/* SPDX-License-Identifier: Apache-2.0 */
/* Each case is tried in a child of its own, which is then closed in. */
#include "sys/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/landlock.h"
#include "sys/sanitized.h"
#include "unit.h"

/* What a child says of what it tried. */
enum {
	WORKED = 0,
	REFUSED = 1, /* EPERM or EACCES */
	OTHERWISE = 2,
	CLOSED_IN_FAILED = 3,
	KILLED = 4, /* by the filter */
};

static char dir[] = "/tmp/sandbox_test.XXXXXX";
static char inside[64];

static int
verdict(bool worked)
{
	if (worked)
		return WORKED;
	return errno == EPERM || errno == EACCES ? REFUSED : OTHERWISE;
}

static int
try_execve(void)
{
	char *const args[] = {(char *)(uintptr_t) "true", NULL};

	execve("/bin/true", args, args + 1);
	return verdict(false);
}

static int
try_passwd(void)
{
	return verdict(open("/etc/passwd", O_RDONLY) >= 0);
}

static int
try_own_file(void)
{
	return verdict(open(inside, O_RDWR | O_CREAT, 0600) >= 0);
}

static int
try_socket(void)
{
	return verdict(socket(AF_INET, SOCK_STREAM, 0) >= 0);
}

static int
try_raw_socket(void)
{
	return verdict(socket(AF_PACKET, SOCK_RAW, 0) >= 0);
}

static int
try_ptrace(void)
{
	return verdict(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0);
}

static int
try_read_parent(void)
{
	char byte;
	struct iovec to = {&byte, 1};
	struct iovec from = {dir, 1};

	return verdict(process_vm_readv(getppid(), &to, 1, &from, 1, 0) == 1);
}

static int
try_fork(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid == 0)
		_exit(0);
	return verdict(pid > 0);
}

static int
try_kill_parent(void)
{
	return verdict(kill(getppid(), 0) == 0);
}

static int
try_exec_memory(void)
{
	return verdict(mmap(NULL, 4096, PROT_READ | PROT_EXEC,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
}

static int
try_root(void)
{
	return verdict(setresuid(0, 0, 0) == 0 && geteuid() == 0);
}

static int
try_raise_files(void)
{
	struct rlimit limit = {1024, 1024};

	return verdict(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

/* What must go on working in every role. */
static int
try_memory(void)
{
	for (size_t i = 1; i < 24; i++) {
		volatile char *room = malloc((size_t)1 << i);

		room[0] = 1;
		free((void *)(uintptr_t)room);
	}
	return WORKED;
}

static void *
thread(void *context)
{
	int fd = open(inside, O_RDWR | O_CREAT, 0600);

	*(bool *)context = fd >= 0 && write(fd, "x", 1) == 1 && fsync(fd) == 0;
	close(fd);
	return NULL;
}

static int
try_thread(void)
{
	pthread_t id;
	bool done = false;

	if (pthread_create(&id, NULL, thread, &done) != 0)
		return OTHERWISE;
	pthread_join(id, NULL);
	return done ? WORKED : OTHERWISE;
}

static int
try_core(void)
{
	struct rlimit limit;

	/* The limit was read before the filter: see guard(). */
	return getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0
		       ? WORKED
		       : OTHERWISE;
}

/* What a release build says; a sanitized one may only be more lenient where
 * the row says so. */
static const struct row {
	const char *name;
	enum filter_role role;
	int (*run)(void);
	int want;
	bool lenient; /* under AddressSanitizer it may also work or be
			 refused without a kill */
} rows[] = {
	{"keyd: execve", FILTER_KEYD, try_execve, KILLED, true},
	{"keyd: /etc/passwd", FILTER_KEYD, try_passwd, REFUSED, false},
	{"keyd: any file", FILTER_KEYD, try_own_file, REFUSED, true},
	{"keyd: a socket", FILTER_KEYD, try_socket, REFUSED, false},
	{"keyd: ptrace", FILTER_KEYD, try_ptrace, KILLED, true},
	{"keyd: another's memory", FILTER_KEYD, try_read_parent, KILLED, true},
	{"keyd: fork", FILTER_KEYD, try_fork, REFUSED, true},
	{"keyd: kill", FILTER_KEYD, try_kill_parent, REFUSED, true},
	{"keyd: memory to run", FILTER_KEYD, try_exec_memory, REFUSED, true},
	{"keyd: root", FILTER_KEYD, try_root, REFUSED, true},
	{"keyd: more descriptors", FILTER_KEYD, try_raise_files, REFUSED, true},
	{"keyd: memory", FILTER_KEYD, try_memory, WORKED, false},
	{"server: execve", FILTER_SERVER, try_execve, KILLED, true},
	{"server: /etc/passwd", FILTER_SERVER, try_passwd, REFUSED, false},
	{"server: its file", FILTER_SERVER, try_own_file, WORKED, false},
	{"server: a socket", FILTER_SERVER, try_socket, WORKED, false},
	{"server: a raw socket", FILTER_SERVER, try_raw_socket, REFUSED, true},
	{"server: ptrace", FILTER_SERVER, try_ptrace, KILLED, true},
	{"server: another's memory", FILTER_SERVER, try_read_parent, KILLED,
	 true},
	{"server: fork", FILTER_SERVER, try_fork, REFUSED, true},
	{"server: kill", FILTER_SERVER, try_kill_parent, REFUSED, true},
	{"server: memory to run", FILTER_SERVER, try_exec_memory, REFUSED,
	 true},
	{"server: root", FILTER_SERVER, try_root, REFUSED, true},
	{"server: more descriptors", FILTER_SERVER, try_raise_files, REFUSED,
	 true},
	{"server: memory", FILTER_SERVER, try_memory, WORKED, false},
	{"server: a thread", FILTER_SERVER, try_thread, WORKED, false},
	{"server: no core", FILTER_SERVER, try_core, WORKED, false},
};

static _Noreturn void
child(const struct row *row)
{
	const char *const write[] = {dir, "/no/such/path", NULL};
	const char *const read[] = {"/usr/share", NULL};
	const struct sandbox plan = {
		.role = row->role,
		.read = row->role == FILTER_SERVER ? read : NULL,
		.write = row->role == FILTER_SERVER ? write : NULL,
		.files = 64,
		.uid = 65534,
		.gid = 65534,
	};
	struct sandbox_report report;
	struct error err;

	if (!sandbox_enter(&plan, &report, &err)) {
		fprintf(stderr, "%s\n", err.text);
		_exit(CLOSED_IN_FAILED);
	}
	_exit(row->run());
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	int status, got;
	pid_t pid;

	if (landlock_abi() == 0 &&
	    (row->run == try_passwd || row->run == try_own_file))
		skip();
	pid = fork();
	if (pid == 0)
		child(row);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		got = KILLED;
	else
		got = WIFEXITED(status) ? WEXITSTATUS(status) : OTHERWISE;
	if (SANITIZED && row->lenient) {
		assert_int_not_equal(got, CLOSED_IN_FAILED);
		return;
	}
	assert_int_equal(got, row->want);
}

static void
test_guard(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		struct error err;
		struct rlimit limit;

		_exit(sandbox_guard(&err) &&
				      prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) ==
					      SANITIZED &&
				      prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) ==
					      1 &&
				      getrlimit(RLIMIT_CORE, &limit) == 0 &&
				      limit.rlim_max == 0
			      ? 0
			      : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* Root is given up where there is any. */
static void
test_report(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		const struct sandbox plan = {
			.role = FILTER_SERVER, .uid = 65534, .gid = 65534};
		struct sandbox_report report;
		struct error err;
		bool root = geteuid() == 0;
		int abi = landlock_abi();

		_exit(sandbox_enter(&plan, &report, &err) &&
				      report.dropped == root &&
				      report.landlock_abi == abi &&
				      (!root || getuid() == 65534)
			      ? 0
			      : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
test_count(void **state)
{
	(void)state;
	assert_in_range(filter_count(FILTER_KEYD), 10, 40);
	assert_in_range(filter_count(FILTER_SERVER), 60, 140);
}

int
main(void)
{
	int rc;

	if (mkdtemp(dir) == NULL || chmod(dir, 0777) != 0)
		return 1;
	snprintf(inside, sizeof(inside), "%s/file", dir);
	UNIT_ROWS(test_row, rows);
	UNIT(test_guard);
	UNIT(test_report);
	UNIT(test_count);
	rc = unit_run("sys/sandbox");
	unlink(inside);
	rmdir(dir);
	return rc;
}
