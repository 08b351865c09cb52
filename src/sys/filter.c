/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/filter.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/sanitized.h"

/* What every role does: memory, time, threads' locks, its end. */
static const int calls_of_all[] = {
	SCMP_SYS(brk),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(close),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(fstat),
	SCMP_SYS(futex),
	SCMP_SYS(getpid),
	SCMP_SYS(getrandom),
	SCMP_SYS(gettid),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(madvise),
	SCMP_SYS(mlock),
	SCMP_SYS(mremap),
	SCMP_SYS(munlock),
	SCMP_SYS(munmap),
	SCMP_SYS(newfstatat),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(read),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(time),
	SCMP_SYS(write),
	SCMP_SYS(writev),
};

/* What the server does besides. */
static const int calls_of_server[] = {
	/* files, as far as Landlock lets it */
	SCMP_SYS(access),
	SCMP_SYS(chmod),
	SCMP_SYS(copy_file_range),
	SCMP_SYS(dup),
	SCMP_SYS(dup2),
	SCMP_SYS(dup3),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(fadvise64),
	SCMP_SYS(fallocate),
	SCMP_SYS(fchmod),
	SCMP_SYS(fchmodat),
	SCMP_SYS(fcntl),
	SCMP_SYS(fdatasync),
	SCMP_SYS(flock),
	SCMP_SYS(fstatfs),
	SCMP_SYS(fsync),
	SCMP_SYS(ftruncate),
	SCMP_SYS(getcwd),
	SCMP_SYS(getdents64),
	SCMP_SYS(link),
	SCMP_SYS(linkat),
	SCMP_SYS(lseek),
	SCMP_SYS(lstat),
	SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),
	SCMP_SYS(msync),
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(pread64),
	SCMP_SYS(preadv),
	SCMP_SYS(pwrite64),
	SCMP_SYS(pwritev),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(readv),
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	SCMP_SYS(rmdir),
	SCMP_SYS(sendfile),
	SCMP_SYS(stat),
	SCMP_SYS(statfs),
	SCMP_SYS(statx),
	SCMP_SYS(umask),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(utimensat),
	/* sockets and waiting for them */
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(bind),
	SCMP_SYS(connect),
	SCMP_SYS(epoll_create),
	SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_pwait2),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(eventfd2),
	SCMP_SYS(getpeername),
	SCMP_SYS(getsockname),
	SCMP_SYS(getsockopt),
	SCMP_SYS(listen),
	SCMP_SYS(pipe),
	SCMP_SYS(pipe2),
	SCMP_SYS(pselect6),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmmsg),
	SCMP_SYS(recvmsg),
	SCMP_SYS(select),
	SCMP_SYS(sendmmsg),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendto),
	SCMP_SYS(setsockopt),
	SCMP_SYS(shutdown),
	SCMP_SYS(signalfd4),
	SCMP_SYS(socketpair),
	SCMP_SYS(timerfd_create),
	SCMP_SYS(timerfd_gettime),
	SCMP_SYS(timerfd_settime),
	/* threads, and what libraries ask about the machine */
	SCMP_SYS(clock_getres),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(getegid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getppid),
	SCMP_SYS(getrlimit),
	SCMP_SYS(getrusage),
	SCMP_SYS(getuid),
	SCMP_SYS(membarrier),
	SCMP_SYS(nanosleep),
	SCMP_SYS(rseq),
	SCMP_SYS(rt_sigtimedwait),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(set_tid_address),
	SCMP_SYS(sysinfo),
	SCMP_SYS(uname),
};

/* What only an intruder would try. */
static const int calls_of_intruders[] = {
	SCMP_SYS(execve),           SCMP_SYS(execveat),
	SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
	SCMP_SYS(ptrace),
};

/* A call that is allowed with some arguments only. */
struct narrow {
	int call;
	unsigned arg;         /* which argument, from 0 */
	enum scmp_compare op; /* SCMP_CMP_EQ, or SCMP_CMP_MASKED_EQ */
	uint64_t a;           /* the value, or the mask */
	uint64_t b;           /* the value under the mask */
};

/* Memory that can be written is never run. */
static const struct narrow narrow_of_all[] = {
	{SCMP_SYS(mmap), 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0},
	{SCMP_SYS(mprotect), 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0},
};

static const struct narrow narrow_of_server[] = {
	{SCMP_SYS(socket), 0, SCMP_CMP_EQ, AF_UNIX, 0},
	{SCMP_SYS(socket), 0, SCMP_CMP_EQ, AF_INET, 0},
	{SCMP_SYS(socket), 0, SCMP_CMP_EQ, AF_INET6, 0},
	/* getaddrinfo() asks it which addresses there are */
	{SCMP_SYS(socket), 0, SCMP_CMP_EQ, AF_NETLINK, 0},
	/* threads, not processes */
	{SCMP_SYS(clone), 0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD},
	{SCMP_SYS(ioctl), 1, SCMP_CMP_EQ, FIONBIO, 0},
	{SCMP_SYS(ioctl), 1, SCMP_CMP_EQ, FIONREAD, 0},
	{SCMP_SYS(ioctl), 1, SCMP_CMP_EQ, TCGETS, 0},
	{SCMP_SYS(prctl), 0, SCMP_CMP_EQ, PR_SET_NAME, 0},
	/* reading limits, not setting them */
	{SCMP_SYS(prlimit64), 2, SCMP_CMP_EQ, 0, 0},
};

/* Returns how many different calls are in `list`, kept together there. */
static unsigned
distinct(const struct narrow *list, size_t len)
{
	unsigned count = 0;

	for (size_t i = 0; i < len; i++)
		if (i == 0 || list[i].call != list[i - 1].call)
			count++;
	return count;
}

unsigned
filter_count(enum filter_role role)
{
	unsigned count = COUNT(calls_of_all) +
			 distinct(narrow_of_all, COUNT(narrow_of_all)) +
			 1; /* tgkill */

	if (role == FILTER_SERVER)
		count += (unsigned)COUNT(calls_of_server) +
			 distinct(narrow_of_server, COUNT(narrow_of_server));
	return count;
}

/* Each of these returns 0 or a negative errno, as libseccomp does. */
static int
add_calls(scmp_filter_ctx ctx, uint32_t action, const int *call, size_t len)
{
	int rc = 0;

	for (size_t i = 0; i < len && rc == 0; i++)
		rc = seccomp_rule_add(ctx, action, call[i], 0);
	return rc;
}

static int
add_narrow(scmp_filter_ctx ctx, const struct narrow *rule, size_t len)
{
	int rc = 0;

	for (size_t i = 0; i < len && rc == 0; i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, rule[i].call, 1,
				      SCMP_CMP(rule[i].arg, rule[i].op,
					       rule[i].a, rule[i].b));
	return rc;
}

static int
fill_strict(scmp_filter_ctx ctx, enum filter_role role)
{
	int rc = add_calls(ctx, SCMP_ACT_ALLOW, calls_of_all,
			   COUNT(calls_of_all));

	if (rc == 0)
		rc = add_narrow(ctx, narrow_of_all, COUNT(narrow_of_all));
	/* abort() signals the process itself */
	if (rc == 0)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
				      SCMP_A0(SCMP_CMP_EQ, (uint64_t)getpid()));
	if (rc == 0)
		rc = add_calls(ctx, SCMP_ACT_KILL_PROCESS, calls_of_intruders,
			       COUNT(calls_of_intruders));
	if (rc != 0 || role != FILTER_SERVER)
		return rc;
	rc = add_calls(ctx, SCMP_ACT_ALLOW, calls_of_server,
		       COUNT(calls_of_server));
	if (rc == 0)
		rc = add_narrow(ctx, narrow_of_server, COUNT(narrow_of_server));
	/* Its flags lie in memory, where no filter sees them: the C library
	 * then takes clone(). */
	if (rc == 0)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS),
				      SCMP_SYS(clone3), 0);
	return rc;
}

/* Leak detection at the end traces: ptrace() must be left to it. */
static int
fill_sanitized(scmp_filter_ctx ctx, enum filter_role role)
{
	static const int refused[] = {
		SCMP_SYS(execve),
		SCMP_SYS(execveat),
		SCMP_SYS(process_vm_readv),
		SCMP_SYS(process_vm_writev),
	};
	uint32_t eperm = SCMP_ACT_ERRNO(EPERM);
	int rc = add_calls(ctx, eperm, refused, COUNT(refused));

	if (rc == 0 && role == FILTER_KEYD)
		rc = seccomp_rule_add(ctx, eperm, SCMP_SYS(socket), 0);
	return rc;
}

bool
filter_enter(enum filter_role role, struct error *reterr)
{
	scmp_filter_ctx ctx = seccomp_init(SANITIZED ? SCMP_ACT_ALLOW
						     : SCMP_ACT_ERRNO(EPERM));
	int rc = -ENOMEM;

	if (ctx != NULL)
		rc = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1);
	if (rc == 0)
		rc = SANITIZED ? fill_sanitized(ctx, role)
			       : fill_strict(ctx, role);
	if (rc == 0)
		rc = seccomp_load(ctx);
	if (ctx != NULL)
		seccomp_release(ctx);
	if (rc != 0)
		return error_set(reterr, ERROR_IO,
				 "cannot restrict system calls: %s",
				 strerror(-rc));
	return true;
}
