/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/access_log.h"

#include <fcntl.h>
#include <unistd.h>

#include "unit.h"

static const struct net_address peer = {.ip = {192, 0, 2, 7}, .port = 4711};

static const struct access_log_line good = {
	.time = INT64_C(1795455102123),
	.request_id = "ff010203-0405-4f07-bf09-0a0b0c0d0e0f",
	.account = "111122223333",
	.access_key = {"AKIAEXAMPLE", 11},
	.operation = "GetAccount",
	.status = 200,
	.error = "",
	.ms = 3,
	.received = 0,
	.sent = 512,
	.peer = &peer,
};

static void
test_format(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(ACCESS_LOG_LINE_MAX);
	struct access_log_line bad = good;

	(void)state;
	access_log_format(&good, 0, &text);
	assert_string_equal(
		text.ptr,
		"{\"time\":\"2026-11-23T17:31:42.123Z\",\"request_id\":"
		"\"ff010203-0405-4f07-bf09-0a0b0c0d0e0f\",\"account_id\":"
		"\"111122223333\",\"access_key_id\":\"AKIAEXAMPLE\","
		"\"operation\":\"GetAccount\",\"status\":200,\"error\":null,"
		"\"ms\":3,\"received\":0,\"sent\":512,\"peer\":\"192.0.2.7\"}"
		"\n");
	buf_clear(&text);
	bad.account = bad.operation = "";
	bad.access_key = SPAN("");
	bad.status = 403;
	bad.error = "MissingAuthenticationTokenException";
	bad.gone = true;
	access_log_format(&bad, 2, &text);
	assert_string_equal(
		text.ptr,
		"{\"time\":\"2026-11-23T17:31:42.123Z\",\"request_id\":"
		"\"ff010203-0405-4f07-bf09-0a0b0c0d0e0f\",\"account_id\":null,"
		"\"access_key_id\":null,\"operation\":null,\"status\":403,"
		"\"error\":\"MissingAuthenticationTokenException\",\"ms\":3,"
		"\"received\":0,\"sent\":512,\"peer\":\"192.0.2.7\",\"gone\":"
		"true,\"lines_lost\":2}\n");
}

/* The longest key that a request may name leaves the line its end. */
static void
test_longest(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(ACCESS_LOG_LINE_MAX);
	struct access_log_line line = good;
	char key[128];

	(void)state;
	memset(key, 'A', sizeof(key));
	line.access_key = span_bytes(key, sizeof(key));
	access_log_format(&line, UINT32_MAX, &text);
	assert_false(text.full);
	assert_true(span_ends(buf_span(&text), SPAN("}\n")));
}

/* A pipe that nobody reads is never waited for; the loss is told later. */
static void
test_lost(void **state)
{
	static char in[1 << 20];
	uint64_t lost = 0;
	size_t len = 0;
	ssize_t got;
	int fd[2];

	(void)state;
	assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
	assert_int_equal(fcntl(fd[0], F_SETFL, O_NONBLOCK), 0);
	for (int i = 0; i < 1000; i++)
		access_log_write(fd[1], &good, &lost);
	assert_true(lost > 0 && lost < 1000);
	while ((got = read(fd[0], in + len, sizeof(in) - len)) > 0)
		len += (size_t)got;
	assert_true(len > 0);
	assert_int_equal(in[len - 1], '\n');
	access_log_write(fd[1], &good, &lost);
	assert_int_equal(lost, 0);
	got = read(fd[0], in, sizeof(in));
	assert_true(got > 0);
	assert_true(span_search(span_bytes(in, (size_t)got),
				SPAN("\"lines_lost\":")) != SPAN_NONE);
	close(fd[0]);
	close(fd[1]);
}

int
main(void)
{
	UNIT(test_format);
	UNIT(test_longest);
	UNIT(test_lost);
	return unit_run("serve/access_log");
}
