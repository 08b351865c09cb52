/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/channel.h"

#include <fcntl.h>
#include <unistd.h>

#include "unit.h"

static void
test_messages(void **state)
{
	struct error err;
	char bytes[16];
	size_t len;
	int end[2], pipe_end[2], fd;

	(void)state;
	assert_true(channel_pair(end, &err));
	assert_int_equal(fcntl(end[1], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(
		channel_receive(end[1], bytes, sizeof(bytes), &len, &fd),
		CHANNEL_NONE);
	assert_true(channel_send(end[0], SPAN("one"), -1));
	assert_int_equal(pipe(pipe_end), 0);
	assert_true(channel_send(end[0], SPAN("two"), pipe_end[0]));
	assert_int_equal(
		channel_receive(end[1], bytes, sizeof(bytes), &len, &fd),
		CHANNEL_OK);
	assert_int_equal(len, 3);
	assert_memory_equal(bytes, "one", 3);
	assert_int_equal(fd, -1);
	assert_int_equal(
		channel_receive(end[1], bytes, sizeof(bytes), &len, &fd),
		CHANNEL_OK);
	assert_memory_equal(bytes, "two", 3);
	/* The descriptor that came reads what the pipe is given. */
	close(pipe_end[0]);
	assert_int_equal(write(pipe_end[1], "x", 1), 1);
	assert_int_equal(read(fd, bytes, 1), 1);
	assert_int_equal(bytes[0], 'x');
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
	close(pipe_end[1]);
	close(end[0]);
	assert_int_equal(
		channel_receive(end[1], bytes, sizeof(bytes), &len, &fd),
		CHANNEL_CLOSED);
	assert_false(channel_send(end[1], SPAN("x"), -1));
	close(end[1]);
}

int
main(void)
{
	UNIT(test_messages);
	return unit_run("sys/channel");
}
