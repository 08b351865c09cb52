/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/net.h"

#include <unistd.h>

#include "unit.h"

static const struct parse_row {
	const char *name;
	const char *text;
	const char *want; /* of net_format(), or NULL if refused */
} parses[] = {
	{"v4 and port", "127.0.0.1:25", "127.0.0.1:25"},
	{"v4 alone", "127.0.0.1", "127.0.0.1:53"},
	{"v4 and a hash", "127.0.0.1#5300", "127.0.0.1:5300"},
	{"v6 alone", "::1", "[::1]:53"},
	{"v6 in brackets", "[::1]", "[::1]:53"},
	{"v6 and port", "[2001:db8::1]:25", "[2001:db8::1]:25"},
	{"v6 and a hash", "::1#25", "[::1]:25"},
	{"port 0", "127.0.0.1:0", "127.0.0.1:0"},
	{"a port above 16 bits", "127.0.0.1:65536", NULL},
	{"no port behind the colon", "127.0.0.1:", NULL},
	{"no port behind the hash", "127.0.0.1#", NULL},
	{"a name", "localhost:25", NULL},
	{"nothing", "", NULL},
	{"an open bracket", "[::1", NULL},
	{"junk behind the bracket", "[::1]x", NULL},
	{"v4 in brackets and a colon", "[127.0.0.1]:", NULL},
	{"far too long",
	 "111111111111111111111111111111111111111111111111111"
	 "111111111111111111111111111111111111111",
	 NULL},
};

static void
test_parse(void **state)
{
	const struct parse_row *row = *state;
	struct net_address address = {.port = 7};

	if (net_parse(span_of(row->text), 53, &address)) {
		assert_non_null(row->want);
		assert_string_equal(net_format(&address).s, row->want);
	} else {
		assert_null(row->want);
		assert_int_equal(address.port, 7);
	}
}

static void
test_datagrams(void **state)
{
	struct net_address any, from;
	struct error err;
	char bytes[16];
	int server, client;

	(void)state;
	assert_true(net_parse(SPAN("127.0.0.1:0"), 0, &any));
	server = net_udp(&any, &err);
	assert_true(server >= 0);
	any = net_bound(server);
	assert_int_not_equal(any.port, 0);
	client = net_udp_to(&any, &err);
	assert_true(client >= 0);
	assert_int_equal(net_receive(server, bytes, sizeof(bytes), &from), -1);
	assert_true(net_send(client, SPAN("ping"), NULL));
	assert_int_equal(net_receive(server, bytes, sizeof(bytes), &from), 4);
	assert_memory_equal(bytes, "ping", 4);
	assert_true(net_is_loopback(&from));
	assert_true(net_send(server, SPAN("pong!"), &from));
	assert_int_equal(net_receive(client, bytes, sizeof(bytes), &from), 5);
	close(server);
	close(client);
}

static void
test_taken(void **state)
{
	struct net_address any;
	struct error err = {0};
	int first;

	(void)state;
	assert_true(net_parse(SPAN("127.0.0.1:0"), 0, &any));
	first = net_listen(&any, &err);
	assert_true(first >= 0);
	any = net_bound(first);
	assert_int_equal(net_listen(&any, &err), -1);
	assert_int_equal(err.code, ERROR_NETWORK);
	assert_non_null(strstr(err.text, "127.0.0.1:"));
	close(first);
}

static void
test_both(void **state)
{
	struct net_address any;
	struct error err = {0};
	int udp, tcp, more;

	(void)state;
	assert_true(net_parse(SPAN("127.0.0.1:0"), 0, &any));
	assert_true(net_both(&any, &udp, &tcp, &err));
	assert_int_equal(net_bound(udp).port, net_bound(tcp).port);
	any = net_bound(udp);
	assert_false(net_both(&any, &more, &more, &err));
	assert_int_equal(err.code, ERROR_NETWORK);
	close(udp);
	close(tcp);
}

int
main(void)
{
	UNIT_ROWS(test_parse, parses);
	UNIT(test_datagrams);
	UNIT(test_taken);
	UNIT(test_both);
	return unit_run("sys/net");
}
