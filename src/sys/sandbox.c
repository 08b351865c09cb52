/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/sandbox.h"

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sys/landlock.h"
#include "sys/sanitized.h"

static bool
fail(const char *what, struct error *reterr)
{
	return error_set(reterr, ERROR_IO, "cannot %s: %s", what,
			 strerror(errno));
}

bool
sandbox_guard(struct error *reterr)
{
	struct rlimit none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &none) != 0)
		return fail("forbid core dumps", reterr);
	if (prctl(PR_SET_DUMPABLE, SANITIZED, 0, 0, 0) != 0)
		return fail("forbid tracing", reterr);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return fail("forbid new privileges", reterr);
	return true;
}

bool
sandbox_lock_memory(void)
{
	/* Pages not there yet are locked as they come: the sanitizer's shadow
	 * is terabytes of them, so not there. */
	return !SANITIZED && mlockall(MCL_CURRENT | MCL_ONFAULT) == 0;
}

static bool
limit_files(unsigned files, struct error *reterr)
{
	struct rlimit limit;

	if (files == 0)
		return true;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return fail("read the limit of descriptors", reterr);
	if (limit.rlim_max > files)
		limit.rlim_max = files;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		return fail("limit the descriptors", reterr);
	return true;
}

/* Becomes the user of `plan`, with no way back. */
static bool
drop_root(const struct sandbox *plan, bool *ret, struct error *reterr)
{
	*ret = false;
	if (geteuid() != 0 || plan->uid == 0)
		return true;
	if (setgroups(0, NULL) != 0 ||
	    setresgid(plan->gid, plan->gid, plan->gid) != 0 ||
	    setresuid(plan->uid, plan->uid, plan->uid) != 0)
		return fail("become an unprivileged user", reterr);
	if (setuid(0) == 0 || geteuid() != plan->uid || getegid() != plan->gid)
		return error_set(reterr, ERROR_IO,
				 "root could not be given up");
	*ret = true;
	/* A change of user makes a process dumpable or not, as the system is
	 * set: say it again. */
	if (prctl(PR_SET_DUMPABLE, SANITIZED, 0, 0, 0) != 0)
		return fail("forbid tracing", reterr);
	return true;
}

bool
sandbox_enter(const struct sandbox *plan, struct sandbox_report *ret,
	      struct error *reterr)
{
	struct sandbox_report report = {.landlock_abi = landlock_abi()};

	if (!sandbox_guard(reterr) || !limit_files(plan->files, reterr) ||
	    !landlock_enter(plan->read, plan->write, reterr) ||
	    !drop_root(plan, &report.dropped, reterr) ||
	    !filter_enter(plan->role, reterr))
		return false;
	*ret = report;
	return true;
}
