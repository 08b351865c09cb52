/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/sanitized.h"

/* Rights of later kernels than Debian 12's headers know. */
#define RIGHT_TRUNCATE  (1ULL << 14) /* ABI 3 */
#define RIGHT_IOCTL_DEV (1ULL << 15) /* ABI 5 */
#define SCOPE_ABSTRACT  (1ULL << 0)  /* ABI 6: abstract Unix sockets */
#define SCOPE_SIGNAL    (1ULL << 1)  /* ABI 6 */

#define RIGHTS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define RIGHTS_FILE                                                            \
	(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |        \
	 RIGHT_TRUNCATE)
#define RIGHTS_WRITE                                                           \
	(RIGHTS_READ | RIGHTS_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |           \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |        \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |          \
	 LANDLOCK_ACCESS_FS_REFER)

/* struct landlock_ruleset_attr as of ABI 6; older kernels take its front. */
struct ruleset {
	uint64_t handled_fs;
	uint64_t handled_net;
	uint64_t scoped;
};

int
landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
			   LANDLOCK_CREATE_RULESET_VERSION);

	return abi > 0 ? (int)abi : 0;
}

/* What a kernel of this version can be told to take away. */
static uint64_t
handled(int abi)
{
	uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

	if (abi >= 2)
		rights |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		rights |= RIGHT_TRUNCATE;
	if (abi >= 5)
		rights |= RIGHT_IOCTL_DEV;
	return rights;
}

static bool
fail(const char *what, struct error *reterr)
{
	return error_set(reterr, ERROR_IO, "cannot restrict files: %s: %s",
			 what, strerror(errno));
}

/* Allows `rights` beneath `path`, if there is such a thing. */
static bool
allow(int ruleset, const char *path, uint64_t rights, struct error *reterr)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = rights};
	struct stat st;
	int fd = open(path, O_PATH | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return errno == ENOENT || fail(path, reterr);
	done = fstat(fd, &st) == 0;
	if (done && !S_ISDIR(st.st_mode))
		rule.allowed_access &= RIGHTS_FILE;
	rule.parent_fd = fd;
	done = done && syscall(SYS_landlock_add_rule, ruleset,
			       LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	if (!done)
		fail(path, reterr);
	close(fd);
	return done;
}

static bool
allow_all(int ruleset, const char *const *paths, uint64_t rights,
	  struct error *reterr)
{
	for (; paths != NULL && *paths != NULL; paths++)
		if (!allow(ruleset, *paths, rights, reterr))
			return false;
	return true;
}

bool
landlock_enter(const char *const *read, const char *const *write,
	       struct error *reterr)
{
	int abi = landlock_abi();
	struct ruleset attr = {.handled_fs = handled(abi)};
	size_t size = sizeof(attr.handled_fs);
	int ruleset;
	bool done;

	if (abi == 0)
		return true;
	if (abi >= 6) {
		attr.scoped = SCOPE_ABSTRACT | SCOPE_SIGNAL;
		size = sizeof(attr);
	}
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
	if (ruleset < 0)
		return fail("no rules", reterr);
	done = allow_all(ruleset, read, RIGHTS_READ & attr.handled_fs,
			 reterr) &&
	       allow_all(ruleset, write, RIGHTS_WRITE & attr.handled_fs,
			 reterr);
	if (SANITIZED)
		done = done && allow(ruleset, "/proc", RIGHTS_READ, reterr);
	if (done && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		done = fail("refused", reterr);
	close(ruleset);
	return done;
}
