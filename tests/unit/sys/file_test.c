/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/file.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

static void
test_files(void **state)
{
	char dir[] = "/tmp/sesame-file-XXXXXX";
	char path[64], deep[64];
	CLEANUP(buf_release) struct buf b = BUF_INIT(10);
	struct error err = {0};
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/f", dir);
	assert_false(file_exists(path));
	assert_int_equal(file_time(path), 0);
	assert_false(file_read(path, &b, &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_true(file_create(path, SPAN("0123456789"), 0400, &err));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0400);
	assert_int_equal(file_time(path) / 1000, st.st_mtim.tv_sec);
	assert_true(file_read(path, &b, &err));
	assert_string_equal(b.ptr, "0123456789");
	assert_false(file_create(path, SPAN("x"), 0400, &err));
	assert_int_equal(err.code, ERROR_ALREADY_EXISTS);
	assert_true(file_replace(path, SPAN("01234567890"), 0600, &err));
	buf_clear(&b);
	assert_false(file_read(path, &b, &err));
	assert_int_equal(err.code, ERROR_TOO_LARGE);
	snprintf(deep, sizeof(deep), "%s/a/b", dir);
	assert_true(file_make_dir(deep, 0700, &err));
	assert_true(file_make_dir(deep, 0700, &err));
	rmdir(deep);
	snprintf(deep, sizeof(deep), "%s/a", dir);
	rmdir(deep);
	unlink(path);
	assert_int_equal(rmdir(dir), 0);
}

/* A copy does not see what becomes of the file. */
static void
test_snapshot(void **state)
{
	char path[] = "/tmp/sesame-file-XXXXXX", text[8] = "";
	CLEANUP(buf_release) struct buf b = BUF_INIT(10);
	struct error err = {0};
	int fd = mkstemp(path), whole, part;

	(void)state;
	assert_int_equal(write(fd, "01234", 5), 5);
	whole = file_snapshot(fd, 100);
	part = file_snapshot(fd, 3);
	assert_int_equal(pwrite(fd, "abcde", 5, 0), 5);
	assert_true(file_read_fd(whole, &b, &err));
	assert_string_equal(b.ptr, "01234");
	assert_int_equal(read(part, text, sizeof(text)), 3);
	assert_memory_equal(text, "012", 3);
	assert_int_equal(file_snapshot(-1, 3), -1);
	assert_int_not_equal(errno, 0);
	close(part);
	close(whole);
	close(fd);
	unlink(path);
}

int
main(void)
{
	UNIT(test_snapshot);
	UNIT(test_files);
	return unit_run("sys/file");
}
