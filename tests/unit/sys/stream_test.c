/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server that sends back what it gets and, told "STARTTLS\n", goes on under
 * TLS; a client that talks to it.  Both in one loop.
 */
#include "sys/stream.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "certificate.h"

struct side {
	struct stream *stream;
	char got[64];
	int secured;
	enum stream_end end;
};

static struct loop *loop;
static struct tls_context *server_tls, *client_tls;
static struct side server, client;

static void
server_readable(void *context)
{
	struct span in = stream_peek(server.stream);

	(void)context;
	if (span_starts(in, SPAN("STARTTLS\n"))) {
		stream_send(server.stream, SPAN("go\n"));
		stream_start_tls(server.stream, server_tls, true, NULL);
		return;
	}
	stream_send(server.stream, in);
	stream_consume(server.stream, in.len);
}

static void
server_secured(void *context)
{
	(void)context;
	server.secured++;
}

static void
server_ended(void *context, enum stream_end end, const char *why)
{
	(void)context;
	(void)why;
	server.end = end;
	stream_free(take_ptr(&server.stream));
	loop_stop(loop);
}

static const struct stream_handler server_handler = {
	.readable = server_readable,
	.secured = server_secured,
	.ended = server_ended,
};

static void
client_connected(void *context)
{
	(void)context;
	/* What follows STARTTLS in clear must never be looked at. */
	stream_send(client.stream, SPAN("STARTTLS\nINJECTED\n"));
}

static void
client_readable(void *context)
{
	struct span in = stream_peek(client.stream);

	(void)context;
	if (client.secured == 0) {
		if (span_equal(in, SPAN("go\n")))
			stream_start_tls(client.stream, client_tls, false,
					 "localhost");
		return;
	}
	assert_true(in.len < sizeof(client.got));
	memcpy(client.got, in.ptr, in.len);
	client.got[in.len] = '\0';
	if (span_equal(in, SPAN("hello"))) {
		stream_finish(take_ptr(&client.stream));
	}
}

static void
client_secured(void *context)
{
	(void)context;
	client.secured++;
	assert_non_null(stream_tls_version(client.stream));
	assert_non_null(stream_tls_cipher(client.stream));
	stream_send(client.stream, SPAN("hello"));
}

static void
client_ended(void *context, enum stream_end end, const char *why)
{
	(void)context;
	print_message("client: %s\n", why);
	client.end = end;
	loop_stop(loop);
}

static const struct stream_handler client_handler = {
	.connected = client_connected,
	.readable = client_readable,
	.secured = client_secured,
	.ended = client_ended,
};

static void
accepted(void *context, int fd, const struct net_address *peer)
{
	(void)context;
	assert_true(net_is_loopback(peer));
	server.stream = stream_new(loop, fd, &server_handler, NULL);
}

static void
too_late(void *context)
{
	(void)context;
	fail_msg("nothing happened for ten seconds");
}

static void
test_certificates(void **state)
{
	struct error err = {0};
	char *certificate, *key, *other, *other_key;

	(void)state;
	certificate_make(&certificate, &key);
	certificate_make(&other, &other_key);
	assert_null(tls_server_new(SPAN("no"), span_of(key), &err));
	assert_int_equal(err.code, ERROR_CONFIG);
	assert_null(tls_server_new(span_of(certificate), SPAN("no"), &err));
	/* The key of another certificate. */
	assert_null(
		tls_server_new(span_of(certificate), span_of(other_key), &err));
	assert_non_null(strstr(err.text, "TLS key"));
	free(certificate);
	free(key);
	free(other);
	free(other_key);
}

static void
test_starttls(void **state)
{
	struct net_listener *listener;
	struct loop_timer *timer;
	struct net_address at;
	struct error err = {0};
	int fd;

	(void)state;
	loop = loop_new();
	server_tls = certificate_server();
	tls_become(server_tls, certificate_server());
	client_tls = tls_client_new();
	assert_true(net_parse(SPAN("127.0.0.1:0"), 0, &at));
	fd = net_listen(&at, &err);
	at = net_bound(fd);
	listener = net_listener_new(loop, fd, accepted, NULL);
	client.stream = stream_connect(loop, &at, &client_handler, NULL, &err);
	assert_non_null(client.stream);
	timer = loop_timer_new(loop, too_late, NULL);
	loop_timer_set(timer, 10000);
	loop_run(loop);
	assert_int_equal(server.secured, 1);
	assert_int_equal(client.secured, 1);
	assert_string_equal(client.got, "hello");
	assert_int_equal(server.end, STREAM_CLOSED);
	loop_timer_free(timer);
	net_listener_free(listener);
	tls_free(server_tls);
	tls_free(client_tls);
	close(fd);
}

static void
test_refused(void **state)
{
	struct loop_timer *timer = loop_timer_new(loop, too_late, NULL);
	struct net_address at;
	struct error err;
	int fd;

	(void)state;
	assert_true(net_parse(SPAN("127.0.0.1:0"), 0, &at));
	fd = net_listen(&at, &err);
	at = net_bound(fd);
	close(fd);
	client = (struct side){0};
	client.stream = stream_connect(loop, &at, &client_handler, NULL, &err);
	if (client.stream != NULL) {
		loop_timer_set(timer, 10000);
		loop_run(loop);
		assert_int_equal(client.end, STREAM_FAILED);
		stream_free(client.stream);
	}
	loop_timer_free(timer);
	loop_free(loop);
}

/* ---- a loop that is freed before everybody's turn came ---- */

static unsigned heard;

static void
stop_at_first(void *context)
{
	(void)context;
	heard++;
	loop_stop(loop);
}

/* Both have a call waiting when the first of them stops the loop. */
static void
test_freed_with_calls_waiting(void **state)
{
	static const struct stream_handler handler = {.readable =
							      stop_at_first};
	struct stream *stream[2];
	int pair[2][2];

	(void)state;
	loop = loop_new();
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair[i]),
				 0);
		assert_int_equal(write(pair[i][1], "x", 1), 1);
		stream[i] = stream_new(loop, pair[i][0], &handler, NULL);
	}
	loop_run(loop);
	assert_int_equal(heard, 1);
	stream_free(stream[0]);
	stream_finish(stream[1]);
	loop_free(loop);
	assert_int_equal(heard, 1);
	for (size_t i = 0; i < 2; i++) {
		char c;

		assert_int_equal(recv(pair[i][1], &c, 1, MSG_DONTWAIT), 0);
		close(pair[i][1]);
	}
}

int
main(void)
{
	UNIT(test_certificates);
	UNIT(test_starttls);
	UNIT(test_refused);
	UNIT(test_freed_with_calls_waiting);
	return unit_run("sys/stream");
}
