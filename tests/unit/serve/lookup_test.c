/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The resolver's driver against a server of ours on loopback, that answers,
 * stays silent, cuts short or refuses as the test wants.
 */
#include "serve/lookup.h"

#include <stdlib.h>
#include <unistd.h>

#include "dns/responder.h"
#include "serve/nameserver.h"

#include "unit.h"

#define ANSWERS_MAX 600

static struct loop *loop;
static struct zone *zone;
static struct nameserver *server;
static struct lookup *lookup;
static struct net_address at;
static int udp, tcp;

/* What callbacks were told, in order. */
static struct {
	const char *name;
	enum dns_status status;
	size_t len;
	size_t text; /* octets of the first TXT */
	uint32_t ttl;
} told[ANSWERS_MAX];
static size_t tolds, want;

static struct dns_question
question(const char *name, enum dns_type type)
{
	struct dns_question q = {.type = (uint16_t)type};

	assert_int_equal(dname_parse(span_of(name), &q.name), DNAME_OK);
	return q;
}

static void
take(void *context, const struct dns_answer *answer)
{
	told[tolds].name = context;
	told[tolds].status = answer->status;
	told[tolds].len = answer->len;
	told[tolds].ttl = answer->ttl;
	if (answer->len > 0 && answer->rr[0].type == DNS_TXT)
		told[tolds].text = answer->rr[0].txt.text.len;
	if (++tolds == want)
		loop_stop(loop);
}

static struct lookup_wait *
ask(const char *name, enum dns_type type, bool fresh)
{
	struct dns_question q = question(name, type);

	return lookup_ask(lookup, &q, fresh, take, (void *)(uintptr_t)name);
}

/* Runs until `n` answers more came. */
static void
run(size_t n)
{
	want = tolds + n;
	loop_run(loop);
	assert_int_equal(tolds, want);
}

static void
stop(void *context)
{
	(void)context;
	loop_stop(loop);
}

/* Runs for some time. */
static void
run_for(int64_t ms)
{
	struct loop_timer *timer = loop_timer_new(loop, stop, NULL);

	want = SIZE_MAX;
	loop_timer_set(timer, ms);
	loop_run(loop);
	loop_timer_free(timer);
}

static int
set_up(void **state)
{
	static char text[3000];
	struct zone_config config = {.region = SPAN("eu"),
				     .dmarc = SPAN(""),
				     .selector = SPAN(""),
				     .key = SPAN(""),
				     .ttl = 60,
				     .negative_ttl = 30,
				     .servers = 1};
	struct error error;

	(void)state;
	memset(text, 'x', sizeof(text));
	config.apex = question("mail.test", DNS_A).name;
	config.contact = config.server[0].name = config.apex;
	zone = zone_new(&config);
	zone_key_put(zone, SPAN("long"), span_bytes(text, sizeof(text)));
	zone_key_put(zone, SPAN("short"), SPAN("p=x"));
	loop = loop_new();
	assert_true(net_parse(SPAN("127.0.0.1:0"), 0, &at));
	assert_true(net_both(&at, &udp, &tcp, &error));
	at.port = net_bound(udp).port;
	server = nameserver_new(loop, zone, udp, tcp);
	lookup = lookup_new(loop, &at, 1);
	tolds = 0;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	lookup_free(lookup);
	nameserver_free(server);
	loop_free(loop);
	zone_free(zone);
	close(udp);
	close(tcp);
	return 0;
}

/* Makes all from now on go to a socket that nobody answers on. */
static void
make_silent(void)
{
	nameserver_free(server);
	server = NULL;
}

static void
test_answers(void **state)
{
	(void)state;
	ask("mail.test", DNS_SOA, false);
	ask("nope.mail.test", DNS_A, false);
	ask("mail.test", DNS_AAAA, false);
	assert_int_equal(tolds, 0); /* never from inside */
	run(3);
	assert_int_equal(told[0].status, DNS_OK);
	assert_int_equal(told[1].status, DNS_NXDOMAIN);
	assert_int_equal(told[2].status, DNS_NODATA);
	assert_int_equal(told[2].ttl, 30);
}

/* What is too long for UDP comes whole over TCP. */
static void
test_tcp(void **state)
{
	(void)state;
	ask("long.dkim.eu.mail.test", DNS_TXT, false);
	run(1);
	assert_int_equal(told[0].status, DNS_OK);
	assert_int_equal(told[0].text, 3000);
	assert_int_equal(nameserver_counts(server).queries, 2);
}

/* Equal questions are asked once, and later ones not at all, unless fresh. */
static void
test_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < 10; i++)
		ask(i % 2 > 0 ? "mail.test" : "MAIL.test", DNS_SOA, false);
	run(10);
	assert_int_equal(nameserver_counts(server).queries, 1);
	ask("mail.test", DNS_SOA, false);
	assert_int_equal(tolds, 10);
	run(1);
	assert_int_equal(nameserver_counts(server).queries, 1);
	assert_int_equal(told[10].status, DNS_OK);
	assert_int_equal(told[10].len, 1);
	assert_true(told[10].ttl <= 60);
	ask("mail.test", DNS_SOA, true);
	run(1);
	assert_int_equal(nameserver_counts(server).queries, 2);
	ask("mail.test", DNS_NS, false);
	run(1);
	assert_int_equal(nameserver_counts(server).queries, 3);
}

static void
test_cancel(void **state)
{
	struct lookup_wait *one, *two;

	(void)state;
	one = ask("mail.test", DNS_SOA, false);
	ask("mail.test", DNS_SOA, false);
	two = ask("mail.test", DNS_SOA, false);
	lookup_cancel(one);
	lookup_cancel(two);
	lookup_cancel(NULL);
	run(1);
	one = ask("mail.test", DNS_NS, false);
	lookup_cancel(one);
	two = ask("mail.test", DNS_SOA, false); /* kept */
	lookup_cancel(two);
	run_for(50);
	assert_int_equal(tolds, 1);
}

/* The first of two callbacks cancels the second, and asks something new. */
static struct lookup_wait *other;

static void
take_and_ask(void *context, const struct dns_answer *answer)
{
	take(context, answer);
	lookup_cancel(other);
	ask("short.dkim.eu.mail.test", DNS_TXT, false);
	ask("mail.test", DNS_SOA, false);
}

static void
test_reentrant(void **state)
{
	struct dns_question q = question("mail.test", DNS_SOA);

	(void)state;
	lookup_ask(lookup, &q, false, take_and_ask, (void *)(uintptr_t) "q");
	other = ask("mail.test", DNS_SOA, false);
	run(3);
	run_for(50);
	assert_int_equal(tolds, 3);
	assert_int_equal(nameserver_counts(server).queries, 2);
}

/* More than may be under way at once. */
static void
test_many(void **state)
{
	char name[32];

	(void)state;
	for (size_t i = 0; i < ANSWERS_MAX; i++) {
		snprintf(name, sizeof(name), "n%zu.mail.test", i);
		ask(name, DNS_A, false);
	}
	run(ANSWERS_MAX);
	for (size_t i = 0; i < ANSWERS_MAX; i++)
		assert_true(told[i].status == DNS_NXDOMAIN ||
			    told[i].status == DNS_TIMEOUT);
	/* the limit on a network's answers sent the rest to TCP, or later */
	assert_true(nameserver_counts(server).queries >= ANSWERS_MAX);
}

static void
test_silence(void **state)
{
	struct net_address two[2] = {at, at};

	(void)state;
	make_silent();
	lookup_free(lookup);
	lookup = lookup_new(loop, two, 2);
	ask("mail.test", DNS_SOA, false);
	run(1);
	assert_int_equal(told[0].status, DNS_TIMEOUT);
}

/* Nothing listens: known at once, and not after a timeout. */
static void
test_unreachable(void **state)
{
	(void)state;
	make_silent();
	close(udp);
	udp = dup(0);
	ask("mail.test", DNS_SOA, false);
	run_for(1000);
	assert_int_equal(tolds, 1);
	assert_int_equal(told[0].status, DNS_TIMEOUT);
}

/* One of two servers is not there. */
static void
test_second_server(void **state)
{
	struct net_address two[2] = {at, at};

	(void)state;
	two[0].port = 1;
	lookup_free(lookup);
	lookup = lookup_new(loop, two, 2);
	ask("mail.test", DNS_SOA, false);
	run(1);
	assert_int_equal(told[0].status, DNS_OK);
}

/* Freed with questions under way: their callbacks are never run. */
static void
test_freed(void **state)
{
	(void)state;
	for (size_t i = 0; i < 600; i++) {
		char name[32];

		snprintf(name, sizeof(name), "n%zu.mail.test", i);
		ask(name, DNS_A, false);
	}
	lookup_free(lookup);
	lookup = lookup_new(loop, &at, 1);
	run_for(50);
	assert_int_equal(tolds, 0);
}

static void
test_system_servers(void **state)
{
	struct net_address found[LOOKUP_SERVERS_MAX];
	size_t count = lookup_system_servers(found);

	(void)state;
	assert_in_range(count, 1, LOOKUP_SERVERS_MAX);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(found[i].port, 53);
}

int
main(void)
{
#define WITH(run) cmocka_unit_test_setup_teardown(run, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		WITH(test_answers),
		WITH(test_tcp),
		WITH(test_once),
		WITH(test_cancel),
		WITH(test_reentrant),
		WITH(test_many),
		WITH(test_silence),
		WITH(test_unreachable),
		WITH(test_second_server),
		WITH(test_freed),
		cmocka_unit_test(test_system_servers),
	};

	return _cmocka_run_group_tests("serve/lookup", tests, COUNT(tests),
				       NULL, NULL);
}
