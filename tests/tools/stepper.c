/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stepper - says when some bytes come into a process's memory and when they
 * go: for what is there too briefly to be met by chance.
 *
 * Usage: stepper PID SECONDS HEX...
 * Runs the process one instruction at a time (ptrace(2)) and every STRIDE of
 * them searches all it may write to.  Prints "seen HEX INSTRUCTIONS" and
 * "gone HEX INSTRUCTIONS"; ends when all were seen and are gone, or after
 * SECONDS, and lets the process go.  "ready" comes first.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

#define STRIDE     2000
#define NEEDLES    8
#define REGION_MAX ((size_t)64 << 20)

struct needle {
	const char *hex;
	uint8_t *ptr;
	size_t len;
	bool there, was;
};

static volatile sig_atomic_t over;

static void
on_alarm(int number)
{
	(void)number;
	over = 1;
}

static _Noreturn void
fail(const char *what)
{
	fprintf(stderr, "stepper: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void
read_needle(const char *hex, struct needle *ret)
{
	ret->hex = hex;
	ret->len = strlen(hex) / 2;
	ret->ptr = mem_array(ret->len, 1);
	for (size_t i = 0; i < ret->len; i++) {
		char octet[3] = {hex[2 * i], hex[2 * i + 1], '\0'};

		ret->ptr[i] = (uint8_t)strtoul(octet, NULL, 16);
	}
}

/* Notes which needles are between two addresses. */
static void
search(int mem, unsigned long from, unsigned long to, struct needle *needle,
       size_t needles)
{
	static uint8_t room[REGION_MAX];
	size_t size = to - from < REGION_MAX ? to - from : REGION_MAX;
	ssize_t got = pread(mem, room, size, (off_t)from);

	for (size_t i = 0; got > 0 && i < needles; i++)
		if (memmem(room, (size_t)got, needle[i].ptr, needle[i].len) !=
		    NULL)
			needle[i].there = true;
}

/* Searches what the process may write to; returns whether all was seen and
 * is gone. */
static bool
look(pid_t pid, int mem, unsigned long steps, struct needle *needle,
     size_t needles)
{
	bool before[NEEDLES], done = true;
	unsigned long from, to;
	char path[64], line[512], mode[8];
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "r");
	if (maps == NULL)
		fail(path);
	for (size_t i = 0; i < needles; i++) {
		before[i] = needle[i].there;
		needle[i].there = false;
	}
	while (fgets(line, sizeof(line), maps) != NULL)
		if (sscanf(line, "%lx-%lx %4s", &from, &to, mode) == 3 &&
		    mode[0] == 'r' && mode[1] == 'w')
			search(mem, from, to, needle, needles);
	fclose(maps);
	for (size_t i = 0; i < needles; i++) {
		if (needle[i].there != before[i])
			printf("%s %s %lu\n", before[i] ? "gone" : "seen",
			       needle[i].hex, steps);
		needle[i].was |= needle[i].there;
		done &= needle[i].was && !needle[i].there;
	}
	fflush(stdout);
	return done;
}

/* Runs one instruction, or what it was just told by a signal. */
static bool
step(pid_t pid)
{
	int status;

	if (ptrace(PTRACE_SINGLESTEP, pid, 0, 0) != 0 ||
	    waitpid(pid, &status, 0) != pid)
		return false;
	return WIFSTOPPED(status);
}

int
main(int argc, char **argv)
{
	/* Without SA_RESTART: the alarm ends a wait. */
	struct sigaction alarmed = {.sa_handler = on_alarm};
	struct needle needle[NEEDLES] = {0};
	size_t needles = 0;
	unsigned long steps = 0;
	char path[64];
	pid_t pid;
	bool stopped = true;
	int mem, status;

	if (argc < 4 || argc > 3 + NEEDLES)
		fail("usage: stepper PID SECONDS HEX...");
	pid = (pid_t)strtol(argv[1], NULL, 10);
	for (int i = 3; i < argc; i++)
		read_needle(argv[i], &needle[needles++]);
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	mem = open(path, O_RDONLY | O_CLOEXEC);
	if (mem < 0 || ptrace(PTRACE_SEIZE, pid, 0, 0) != 0 ||
	    ptrace(PTRACE_INTERRUPT, pid, 0, 0) != 0 ||
	    waitpid(pid, &status, 0) != pid)
		fail("cannot trace");
	printf("ready\n");
	fflush(stdout);
	sigaction(SIGALRM, &alarmed, NULL);
	alarm((unsigned)strtoul(argv[2], NULL, 10));
	while (over == 0 && (stopped = step(pid)))
		if (++steps % STRIDE == 0 &&
		    look(pid, mem, steps, needle, needles))
			break;
	/* Left without that, it would be killed by the trap of its next step.
	 */
	if (!stopped && ptrace(PTRACE_INTERRUPT, pid, 0, 0) == 0)
		waitpid(pid, &status, 0);
	ptrace(PTRACE_DETACH, pid, 0, 0);
	printf("end %lu\n", steps);
	return 0;
}
