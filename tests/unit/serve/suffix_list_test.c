/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/suffix_list.h"

#include <stdlib.h>
#include <unistd.h>

#include "unit.h"

/* A file of its own with `text` in it. */
static char *
write_list(const char *text, char path[static 32])
{
	int fd;

	strcpy(path, "/tmp/suffix-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	return path;
}

static void
test_file(void **state)
{
	struct buf text = BUF_INIT(4096);
	struct suffix_list list;
	struct error error;
	char path[32], want[100];

	(void)state;
	write_list("// VERSION: 2026-11-20_08-15-43_UTC\n"
		   "// ===BEGIN ICANN DOMAINS===\nco.test\n",
		   path);
	assert_true(suffix_list_load(path, &list, &error));
	assert_span(suffixes_registered(list.suffixes, SPAN("x.a.co.test")),
		    "a.co.test");
	suffix_list_say(&list, &text);
	snprintf(want, sizeof(want), "of 2026-11-20, 1 rules, %s", path);
	assert_string_equal(text.ptr, want);
	suffix_list_release(&list);
	suffix_list_release(&list);
	unlink(path);
	buf_release(&text);
}

/* Without a date in it, its file's counts. */
static void
test_file_time(void **state)
{
	struct suffix_list list;
	struct error error;
	char path[32];

	(void)state;
	write_list("// ===BEGIN ICANN DOMAINS===\nco.test\n", path);
	assert_true(suffix_list_load(path, &list, &error));
	assert_true(list.made > INT64_C(1700000000000));
	suffix_list_release(&list);
	unlink(path);
}

static void
test_faults(void **state)
{
	struct suffix_list list;
	struct error error;
	char path[32];

	(void)state;
	assert_false(suffix_list_load("/nowhere/at/all", &list, &error));
	assert_int_equal(error.code, ERROR_IO);
	write_list("// nothing\n", path);
	assert_false(suffix_list_load(path, &list, &error));
	assert_int_equal(error.code, ERROR_CONFIG);
	assert_non_null(strstr(error.text, "is no public suffix list"));
	unlink(path);
	/* any text would do for libpsl, but it is not one */
	write_list("root:x:0:0:root:/root:/bin/bash\n", path);
	assert_false(suffix_list_load(path, &list, &error));
	unlink(path);
}

/* What libpsl's own tool makes of a list. */
static void
test_compiled(void **state)
{
	static const char dafsa[] =
		"/usr/share/publicsuffix/public_suffix_list.dafsa";
	struct suffix_list list;
	struct error error;

	(void)state;
	if (access(dafsa, R_OK) != 0)
		skip();
	assert_true(suffix_list_load(dafsa, &list, &error));
	assert_span(suffixes_registered(list.suffixes, SPAN("x.a.co.uk")),
		    "a.co.uk");
	assert_true(list.made > 0);
	suffix_list_release(&list);
}

static void
test_default(void **state)
{
	struct buf text = BUF_INIT(4096);
	struct suffix_list list;
	struct error error;

	(void)state;
	if (!suffix_list_load(NULL, &list, &error))
		skip();
	assert_true(suffixes_has(list.suffixes, SPAN("co.uk")));
	assert_true(list.made > 0 && list.rules > 1000);
	suffix_list_say(&list, &text);
	assert_true(span_starts(buf_span(&text), SPAN("of 20")));
	suffix_list_release(&list);
	buf_release(&text);
}

int
main(void)
{
	UNIT(test_file);
	UNIT(test_file_time);
	UNIT(test_faults);
	UNIT(test_compiled);
	UNIT(test_default);
	return unit_run("serve/suffix_list");
}
