/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The name server on loopback, under clients that behave and ones that do
 * not.  (Answers over UDP, and over TCP for long ones: see lookup_test.)
 */
#include "serve/nameserver.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit.h"

/* A query for the SOA of mail.test, with the length that TCP wants. */
#define QUERY  "\1\2\1\0\0\1\0\0\0\0\0\0\4mail\4test\0\0\6\0\1"
#define LENGTH "\0\x1b"

static struct loop *loop;
static struct zone *zone;
static struct nameserver *server;
static struct net_address at;
static int udp, tcp;

static int
set_up(void **state)
{
	struct zone_config config = {.region = SPAN("eu"),
				     .dmarc = SPAN(""),
				     .selector = SPAN(""),
				     .key = SPAN(""),
				     .ttl = 60,
				     .servers = 1};
	struct error error;

	(void)state;
	assert_int_equal(dname_parse(SPAN("mail.test"), &config.apex),
			 DNAME_OK);
	config.contact = config.server[0].name = config.apex;
	zone = zone_new(&config);
	loop = loop_new();
	assert_true(net_parse(SPAN("127.0.0.1:0"), 0, &at));
	assert_true(net_both(&at, &udp, &tcp, &error));
	at.port = net_bound(udp).port;
	server = nameserver_new(loop, zone, udp, tcp);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	nameserver_free(server);
	loop_free(loop);
	zone_free(zone);
	close(udp);
	close(tcp);
	return 0;
}

static void
stop(void *context)
{
	(void)context;
	loop_stop(loop);
}

static void
run_for(int64_t ms)
{
	struct loop_timer *timer = loop_timer_new(loop, stop, NULL);

	loop_timer_set(timer, ms);
	loop_run(loop);
	loop_timer_free(timer);
}

/* A blocking client from 127.0.0.`last`. */
static int
client(int type, uint8_t last)
{
	int fd = socket(AF_INET, type, 0);
	struct sockaddr_in from = {.sin_family = AF_INET};
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(at.port)};

	from.sin_addr.s_addr = htonl(0x7f000000u | last);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static void
say(int fd, struct span bytes)
{
	assert_int_equal(send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL),
			 bytes.len);
}

/* Returns how many octets wait at `fd`; -1 if it was closed. */
static ssize_t
heard(int fd)
{
	static uint8_t bytes[1 << 20];
	ssize_t n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n > 0)
		return n;
	return n == 0 || errno == ECONNRESET ? -1 : 0;
}

static void
test_flood(void **state)
{
	struct nameserver_counts counts;
	int fd;

	(void)state;
	fd = client(SOCK_DGRAM, 1);
	for (size_t i = 0; i < 1000; i++) {
		say(fd, SPAN(QUERY));
		if (i % 50 == 0)
			run_for(1);
	}
	run_for(50);
	counts = nameserver_counts(server);
	assert_int_equal(counts.queries, 1000);
	assert_true(counts.limited >= 300 && counts.truncated >= 300);
	assert_int_equal(counts.answers, 1000 - counts.limited);
	close(fd);
}

static void
test_pipeline(void **state)
{
	int fd = client(SOCK_STREAM, 1);
	ssize_t all = 0;

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		say(fd, SPAN(LENGTH QUERY));
	for (size_t i = 0; i < 100; i++) {
		run_for(5);
		all += heard(fd);
	}
	assert_int_equal(nameserver_counts(server).answers, 1000);
	assert_int_equal(all % 1000, 0);
	assert_true(all / 1000 > 30);
	close(fd);
}

/* Octet by octet, it is the same query. */
static void
test_slow(void **state)
{
	struct span bytes = SPAN(LENGTH QUERY);
	int fd = client(SOCK_STREAM, 1);

	(void)state;
	for (size_t i = 0; i < bytes.len; i++) {
		assert_int_equal(heard(fd), 0);
		say(fd, span_sub(bytes, i, i + 1));
		run_for(2);
	}
	assert_true(heard(fd) > 0);
	close(fd);
}

static void
test_rubbish(void **state)
{
	int empty = client(SOCK_STREAM, 1), answer = client(SOCK_STREAM, 1);

	(void)state;
	say(empty, SPAN("\0\0"));
	say(answer, SPAN("\0\x0c\1\2\x81\0\0\0\0\0\0\0\0\0"));
	run_for(20);
	assert_int_equal(heard(empty), -1);
	assert_int_equal(heard(answer), -1);
	close(empty);
	close(answer);
}

/* The ninth from one address takes the place of the first. */
static void
test_each(void **state)
{
	int fd[NAMESERVER_TCP_EACH_MAX + 1], other = client(SOCK_STREAM, 2);

	(void)state;
	run_for(5);
	for (size_t i = 0; i < COUNT(fd); i++) {
		fd[i] = client(SOCK_STREAM, 1);
		run_for(5);
	}
	assert_int_equal(heard(fd[0]), -1);
	assert_int_equal(heard(other), 0);
	for (size_t i = 1; i < COUNT(fd); i++)
		assert_int_equal(heard(fd[i]), 0);
	for (size_t i = 0; i < COUNT(fd); i++)
		close(fd[i]);
	close(other);
}

/* Too many in all: the one that was quiet for the longest goes. */
static void
test_all(void **state)
{
	int fd[NAMESERVER_TCP_MAX + 1];

	(void)state;
	for (size_t i = 0; i < NAMESERVER_TCP_MAX; i++) {
		fd[i] = client(SOCK_STREAM, (uint8_t)(1 + i / 4));
		if (i % 32 == 0)
			run_for(1);
	}
	run_for(20);
	say(fd[0], SPAN(LENGTH QUERY));
	run_for(20);
	fd[NAMESERVER_TCP_MAX] = client(SOCK_STREAM, 200);
	run_for(20);
	assert_true(heard(fd[0]) > 0);
	assert_int_equal(heard(fd[1]), -1);
	assert_int_equal(heard(fd[2]), 0);
	assert_int_equal(heard(fd[NAMESERVER_TCP_MAX]), 0);
	for (size_t i = 0; i < COUNT(fd); i++)
		close(fd[i]);
}

/* Quiet, or an octet a second: five seconds, and no more. */
static void
test_idle(void **state)
{
	int quiet = client(SOCK_STREAM, 1), drip = client(SOCK_STREAM, 1);

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		run_for(1000);
		say(drip, SPAN("\1"));
	}
	assert_int_equal(heard(quiet), 0);
	run_for(NAMESERVER_IDLE_MS - 4000 + 700);
	assert_int_equal(heard(quiet), -1);
	assert_int_equal(heard(drip), -1);
	close(quiet);
	close(drip);
}

int
main(void)
{
#define WITH(run) cmocka_unit_test_setup_teardown(run, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		WITH(test_flood),   WITH(test_pipeline), WITH(test_slow),
		WITH(test_rubbish), WITH(test_each),     WITH(test_all),
		WITH(test_idle),
	};

	return _cmocka_run_group_tests("serve/nameserver", tests, COUNT(tests),
				       NULL, NULL);
}
