/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/file.h"

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
	assert_false(file_read(path, &b, &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_true(file_create(path, SPAN("0123456789"), 0400, &err));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0400);
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

int
main(void)
{
	UNIT(test_files);
	return unit_run("sys/file");
}
