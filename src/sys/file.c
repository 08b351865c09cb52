/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* How much is read at a time. */
#define CHUNK 16384

static bool
fail(struct error *reterr, const char *what, const char *path)
{
	return error_set(reterr,
			 errno == EEXIST ? ERROR_ALREADY_EXISTS : ERROR_IO,
			 "cannot %s %s: %s", what, path, strerror(errno));
}

int
file_open(const char *path, struct error *reterr)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		fail(reterr, "open", path);
	return fd;
}

bool
file_read_fd(int fd, struct buf *to, struct error *reterr)
{
	for (;;) {
		size_t room = to->limit - to->len;
		char more;
		char *at;
		ssize_t n;

		if (room == 0) {
			n = read(fd, &more, 1);
			if (n == 0)
				return true;
			return error_set(reterr, ERROR_TOO_LARGE,
					 "more than %zu octets", to->limit);
		}
		if (room > CHUNK)
			room = CHUNK;
		at = buf_reserve(to, room);
		n = read(fd, at, room);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set(reterr, ERROR_IO, "cannot read: %s",
					 strerror(errno));
		if (n == 0)
			return true;
		buf_grew(to, (size_t)n);
	}
}

bool
file_read(const char *path, struct buf *to, struct error *reterr)
{
	int fd = file_open(path, reterr);
	bool ok;

	if (fd < 0)
		return false;
	ok = file_read_fd(fd, to, reterr);
	if (!ok)
		error_prefix(reterr, "%s: ", path);
	close(fd);
	return ok;
}

static bool
write_all(int fd, struct span bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes = span_skip(bytes, (size_t)n);
	}
	return true;
}

/* Syncs the directory that `path` is in, so that its name is durable. */
static bool
sync_dir(const char *path)
{
	char *copy = mem_string(span_of(path));
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	free(copy);
	return ok;
}

bool
file_create(const char *path, struct span bytes, unsigned mode,
	    struct error *reterr)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		      (mode_t)mode);
	bool ok;

	if (fd < 0)
		return fail(reterr, "create", path);
	ok = fchmod(fd, (mode_t)mode) == 0 && write_all(fd, bytes) &&
	     fsync(fd) == 0 && sync_dir(path);
	if (!ok) {
		fail(reterr, "write", path);
		unlink(path);
	}
	close(fd);
	return ok;
}

bool
file_replace(const char *path, struct span bytes, unsigned mode,
	     struct error *reterr)
{
	CLEANUP(buf_release) struct buf temporary = BUF_INIT(4096);

	if (!buf_addf(&temporary, "%s.%ld.new", path, (long)getpid()))
		return error_set(reterr, ERROR_IO, "the path is too long");
	unlink(temporary.ptr);
	if (!file_create(temporary.ptr, bytes, mode, reterr))
		return false;
	if (rename(temporary.ptr, path) == 0 && sync_dir(path))
		return true;
	fail(reterr, "replace", path);
	unlink(temporary.ptr);
	return false;
}

bool
file_make_dir(const char *path, unsigned mode, struct error *reterr)
{
	char *copy = mem_string(span_of(path));
	bool ok = true;

	for (char *at = copy; ok && *at != '\0'; at++) {
		if (*at != '/' || at == copy)
			continue;
		*at = '\0';
		ok = mkdir(copy, 0755) == 0 || errno == EEXIST;
		*at = '/';
	}
	free(copy);
	if (ok && (mkdir(path, (mode_t)mode) == 0 || errno == EEXIST))
		return true;
	return fail(reterr, "make the directory", path);
}

bool
file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

int64_t
file_time(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return 0;
	return (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
}

int
file_snapshot(int fd, size_t max)
{
	int copy = memfd_create("sesame", MFD_CLOEXEC);
	off_t from = 0;

	if (copy < 0)
		return -1;
	while (max > 0) {
		ssize_t n = sendfile(copy, fd, &from, max);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			int why = errno;

			close(copy);
			errno = why;
			return -1;
		}
		if (n == 0)
			break;
		max -= (size_t)n;
	}
	lseek(copy, 0, SEEK_SET);
	return copy;
}
