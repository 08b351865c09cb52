/* SPDX-License-Identifier: Apache-2.0 */
#include "keyd/master.h"

#include <unistd.h>

#include "unit.h"

#define WANT "0123456789abcdef0123456789ABCDEF"

static const struct text_row {
	const char *name;
	struct span text;
	bool good;
} texts[] = {
	{"octets", SPAN(WANT), true},
	{"hexadecimal",
	 SPAN("303132333435363738396162636465663031323334353637383941424344454"
	      "6"),
	 true},
	{"hexadecimal in capitals, with a line feed",
	 SPAN("303132333435363738396162636465663031323334353637383941424344454"
	      "6\n"),
	 true},
	{"base64", SPAN("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlBQkNERUY=\n"),
	 true},
	{"nothing", SPAN(""), false},
	{"a line feed", SPAN("\n"), false},
	{"31 octets", SPAN("0123456789abcdef0123456789ABCDE"), false},
	{"33 octets", SPAN("0123456789abcdef0123456789ABCDEF!"), false},
	{"hexadecimal too short",
	 SPAN("30313233343536373839616263646566303132333435363738394142434445"),
	 false},
	{"hexadecimal with a g",
	 SPAN("g03132333435363738396162636465663031323334353637383941424344454"
	      "6"),
	 false},
	{"base64 of 31 octets",
	 SPAN("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlBQkNERQ=="), false},
	{"PEM",
	 SPAN("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE "
	      "KEY-----\n"),
	 false},
};

static void
test_text(void **state)
{
	const struct text_row *row = *state;
	CLEANUP(secret_release) struct secret key = {.ptr = NULL};
	CLEANUP(secret_release) struct secret again = {.ptr = NULL};
	struct error err;
	int fd[2];

	assert_int_equal(master_parse(row->text, &key), row->good);
	if (row->good)
		assert_span(secret_span(&key), WANT);

	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], row->text.ptr, row->text.len),
			 row->text.len);
	close(fd[1]);
	assert_int_equal(master_read(fd[0], &again, &err), row->good);
	if (row->good)
		assert_span(secret_span(&again), WANT);
	else
		assert_int_equal(err.code, ERROR_CONFIG);
	close(fd[0]);
}

static void
test_read_bad(void **state)
{
	static char big[MASTER_TEXT_MAX + 1];
	struct secret key;
	struct error err;
	int fd[2];

	(void)state;
	assert_false(master_read(-1, &key, &err));
	assert_int_equal(err.code, ERROR_CONFIG);
	assert_int_equal(pipe(fd), 0);
	memset(big, '\n', sizeof(big));
	memcpy(big, WANT, strlen(WANT));
	assert_int_equal(write(fd[1], big, sizeof(big)), sizeof(big));
	assert_false(master_read(fd[0], &key, &err));
	close(fd[0]);
	close(fd[1]);
}

int
main(void)
{
	UNIT_ROWS(test_text, texts);
	UNIT(test_read_bad);
	return unit_run("keyd/master");
}
