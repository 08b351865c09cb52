/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/route.h"

#include <arpa/inet.h>

#include "base/buf.h"
#include "unit.h"

/* A row of a little DNS: "name TYPE data"; "MX" data is "10 host". */
struct zone {
	const char *rr[40];
};

static struct dname
name_of(const char *text)
{
	struct dname name;

	assert_int_equal(dname_parse(span_of(text), &name), DNAME_OK);
	return name;
}

static void
read_data(struct dns_rr *rr, struct span data)
{
	struct buf text = BUF_INIT(300);
	uint64_t preference;

	if (rr->type == DNS_MX) {
		assert_true(
			span_to_u64(span_cut(&data, ' '), 65535, &preference));
		rr->mx.preference = (uint16_t)preference;
		buf_add(&text, data);
		rr->mx.exchange = name_of(text.ptr);
	} else {
		buf_add(&text, data);
		assert_int_equal(
			inet_pton(rr->type == DNS_A ? AF_INET : AF_INET6,
				  text.ptr, rr->a),
			1);
	}
	buf_release(&text);
}

/*
 * Answers from the zone: "name TYPE !SERVFAIL" is how a question fails; a
 * name of which there is no row does not exist.
 */
static void
answer(const struct zone *zone, const struct dns_question *q,
       struct dns_answer *ret, struct dns_rr *rr, size_t room)
{
	*ret = (struct dns_answer){.status = DNS_NXDOMAIN, .rr = rr};
	for (size_t i = 0; i < COUNT(zone->rr) && zone->rr[i] != NULL; i++) {
		struct span rest = span_of(zone->rr[i]);
		struct span name = span_cut(&rest, ' ');
		struct span type = span_cut(&rest, ' ');
		struct dname owner;
		uint16_t number;

		assert_int_equal(dname_parse(name, &owner), DNAME_OK);
		if (!dname_equal(&owner, &q->name))
			continue;
		assert_true(dns_type_parse(type, &number));
		if (ret->status == DNS_NXDOMAIN)
			ret->status = DNS_NODATA;
		if (number != q->type)
			continue;
		if (span_equal(rest, SPAN("!SERVFAIL"))) {
			ret->status = DNS_SERVFAIL;
			return;
		}
		ret->status = DNS_OK;
		assert_true(ret->len < room);
		rr[ret->len].type = number;
		read_data(&rr[ret->len++], rest);
	}
}

/* Runs the machine to its end; returns how many questions it asked. */
static size_t
run(struct route *r, const struct zone *zone)
{
	struct dns_rr rr[40];
	struct dns_question q;
	struct dns_answer a;
	size_t n = 0;

	while (route_ask(r, &q)) {
		assert_int_equal(r->status, ROUTE_WAITING);
		answer(zone, &q, &a, rr, COUNT(rr));
		route_answer(r, &a);
		n++;
	}
	return n;
}

static void
print(const struct route *r, struct buf *to)
{
	static const char *const status[] = {"ok", "waiting", "deferred",
					     "failed"};

	buf_adds(to, status[r->status]);
	if (r->status != ROUTE_OK)
		buf_addf(to, " %s", r->enhanced);
	for (size_t i = 0; r->status == ROUTE_OK && i < r->len; i++) {
		const struct route_address *a = &r->address[i];
		char ip[INET6_ADDRSTRLEN];

		inet_ntop(a->at.v6 ? AF_INET6 : AF_INET, a->at.ip, ip,
			  sizeof(ip));
		buf_addf(to, " %s=%s", dname_format(&a->host).s, ip);
	}
}

static const struct row {
	const char *name;
	struct zone zone;
	const char *want;
} rows[] = {
	{"by preference",
	 {{"d.test MX 20 b.test", "d.test MX 10 a.test", "a.test A 192.0.2.1",
	   "a.test AAAA 2001:db8::1", "b.test A 192.0.2.2"}},
	 "ok a.test=192.0.2.1 a.test=2001:db8::1 b.test=192.0.2.2"},
	{"no MX", {{"d.test A 192.0.2.1"}}, "ok d.test=192.0.2.1"},
	{"no MX, IPv6 only",
	 {{"d.test AAAA 2001:db8::1"}},
	 "ok d.test=2001:db8::1"},
	{"no MX and no address", {{"d.test TXT x"}}, "failed 5.4.4"},
	{"no such domain", {{"e.test A 192.0.2.1"}}, "failed 5.1.2"},
	{"null MX", {{"d.test MX 0 .", "d.test A 192.0.2.1"}}, "failed 5.1.10"},
	{"null MX beside another",
	 {{"d.test MX 0 .", "d.test MX 10 a.test", "a.test A 192.0.2.1"}},
	 "ok a.test=192.0.2.1"},
	{"MX fails",
	 {{"d.test MX !SERVFAIL", "d.test A 192.0.2.1"}},
	 "deferred 4.4.3"},
	{"an address fails",
	 {{"d.test MX 10 a.test", "a.test A !SERVFAIL"}},
	 "deferred 4.4.3"},
	{"the better host fails",
	 {{"d.test MX 10 a.test", "d.test MX 20 b.test", "a.test A !SERVFAIL",
	   "b.test A 192.0.2.2"}},
	 "ok b.test=192.0.2.2"},
	{"MX does not exist", {{"d.test MX 10 a.test"}}, "failed 5.4.4"},
	{"MX is the text of an address",
	 {{"d.test MX 10 192.0.2.1", "d.test A 192.0.2.1"}},
	 "failed 5.4.4"},
	{"MX localhost",
	 {{"d.test MX 10 localhost", "localhost A 192.0.2.1"}},
	 "failed 5.4.4"},
	{"MX under localhost",
	 {{"d.test MX 10 a.LOCALHOST", "a.localhost A 192.0.2.1"}},
	 "failed 5.4.4"},
	{"private, and public",
	 {{"d.test MX 10 a.test", "a.test A 10.0.0.1", "a.test A 192.0.2.1"}},
	 "ok a.test=192.0.2.1"},
	{"we are the best",
	 {{"d.test MX 10 US.test", "d.test MX 20 a.test",
	   "a.test A 192.0.2.1"}},
	 "failed 5.4.6"},
	{"we are second",
	 {{"d.test MX 20 us.test", "d.test MX 10 a.test", "d.test MX 20 b.test",
	   "a.test A 192.0.2.1", "b.test A 192.0.2.2"}},
	 "ok a.test=192.0.2.1"},
	{"our address",
	 {{"d.test MX 10 a.test", "a.test A 192.0.2.99"}},
	 "failed 5.4.6"},
};

static struct route_config
usual(void)
{
	static struct dname own;
	static const struct route_ip own_ip = {false, {192, 0, 2, 99}};

	own = name_of("us.test");
	return (struct route_config){
		.own = &own, .owns = 1, .own_ip = &own_ip, .own_ips = 1};
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	const struct route_config config = usual();
	const struct dname domain = name_of("D.test");
	CLEANUP(buf_release) struct buf got = BUF_INIT(4000);
	struct route r;

	route_init(&r, &config, &domain, 42);
	run(&r, &row->zone);
	print(&r, &got);
	assert_span(buf_span(&got), row->want);
}

static const struct ip_row {
	const char *name;
	bool allowed; /* from strangers */
	bool locally; /* where loopback and private ones are fine */
} ips[] = {
	{"192.0.2.1", true, true},
	{"8.8.8.8", true, true},
	{"9.255.255.255", true, true},
	{"11.0.0.0", true, true},
	{"0.0.0.0", false, false},
	{"0.1.2.3", false, false},
	{"10.0.0.1", false, true},
	{"10.255.255.255", false, true},
	{"100.63.255.255", true, true},
	{"100.64.0.0", false, true},
	{"100.127.255.255", false, true},
	{"100.128.0.0", true, true},
	{"127.0.0.1", false, true},
	{"127.255.0.1", false, true},
	{"169.254.169.254", false, true},
	{"172.15.255.255", true, true},
	{"172.16.0.0", false, true},
	{"172.31.255.255", false, true},
	{"172.32.0.0", true, true},
	{"192.168.1.1", false, true},
	{"198.19.0.1", false, true},
	{"224.0.0.1", false, false},
	{"255.255.255.255", false, false},
	{"2001:db8::1", true, true},
	{"2a00:1450::1", true, true},
	{"::", false, false},
	{"::1", false, true},
	{"::2", false, false},
	{"::127.0.0.1", false, false},
	{"::ffff:127.0.0.1", false, true},
	{"::ffff:10.0.0.1", false, true},
	{"::ffff:0.0.0.0", false, false},
	{"::ffff:192.0.2.1", true, true},
	{"64:ff9b::7f00:1", false, true},
	{"64:ff9b::c000:201", true, true},
	{"64:ff9b:1::1", false, true},
	{"2002:7f00:1::1", false, true},
	{"2002:c000:201::1", true, true},
	{"2001::1", false, false},
	{"fc00::1", false, true},
	{"fdff::1", false, true},
	{"fe80::1", false, true},
	{"febf::1", false, true},
	{"fec0::1", false, true},
	{"ff02::1", false, false},
};

static void
test_ip(void **state)
{
	const struct ip_row *row = *state;
	struct route_ip ip = {.v6 = strchr(row->name, ':') != NULL};

	assert_int_equal(
		inet_pton(ip.v6 ? AF_INET6 : AF_INET, row->name, ip.ip), 1);
	assert_int_equal(route_ip_allowed(&ip, false), row->allowed);
	assert_int_equal(route_ip_allowed(&ip, true), row->locally);
}

/* Where it is configured so, the loopback is a fine place. */
static void
test_allow_loopback(void **state)
{
	static const struct zone zone = {{"d.test MX 10 localhost",
					  "localhost A 127.0.0.1",
					  "localhost AAAA ::1"}};
	const struct route_config config = {.allow_loopback = true,
					    .no_v6 = true};
	const struct dname domain = name_of("d.test");
	struct route r;

	(void)state;
	route_init(&r, &config, &domain, 1);
	assert_int_equal(run(&r, &zone), 2);
	assert_int_equal(r.status, ROUTE_OK);
	assert_int_equal(r.len, 1);
	assert_false(r.address[0].at.v6);
}

/* Thirty hosts: the ten best are asked, and twenty addresses kept. */
static void
test_limits(void **state)
{
	struct dns_rr rr[1000] = {0};
	struct dns_answer a = {.status = DNS_OK, .rr = rr};
	const struct route_config config = {.no_v6 = false};
	const struct dname domain = name_of("d.test");
	struct dns_question q;
	struct route r;
	size_t asked = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rr); i++) {
		char name[20];

		snprintf(name, sizeof(name), "h%zu.test", i);
		rr[i].mx.preference = (uint16_t)(1000 - i);
		rr[i].mx.exchange = name_of(name);
	}
	route_init(&r, &config, &domain, 7);
	assert_true(route_ask(&r, &q));
	a.len = COUNT(rr);
	route_answer(&r, &a);
	assert_int_equal(r.hosts, ROUTE_HOSTS_MAX);
	for (; route_ask(&r, &q); asked++) {
		struct dns_rr one[3] = {
			{.type = q.type, .a = {192, 0, 2, (uint8_t)asked}},
			{.type = q.type, .a = {192, 0, 3, (uint8_t)asked}},
			{.type = q.type, .a = {192, 0, 4, (uint8_t)asked}},
		};

		if (asked == 0)
			assert_string_equal(dname_format(&q.name).s,
					    "h999.test");
		if (q.type == DNS_AAAA)
			for (int i = 0; i < 3; i++)
				one[i].aaaa[0] = 0x2a;
		a = (struct dns_answer){.status = DNS_OK, .rr = one, .len = 3};
		route_answer(&r, &a);
	}
	assert_int_equal(r.status, ROUTE_OK);
	assert_int_equal(r.len, ROUTE_ADDRESSES_MAX);
	assert_true(asked < 2 * ROUTE_HOSTS_MAX);
}

/* Hosts of one preference come first in turn, over many draws. */
static void
test_shuffle(void **state)
{
	static const struct zone zone = {
		{"d.test MX 10 a.test", "d.test MX 10 b.test",
		 "d.test MX 10 c.test", "a.test A 192.0.2.1",
		 "b.test A 192.0.2.2", "c.test A 192.0.2.3",
		 "c.test A 192.0.2.4"}};
	const struct route_config config = {.no_v6 = true};
	const struct dname domain = name_of("d.test");
	int first[5] = {0};

	(void)state;
	for (uint64_t entropy = 0; entropy < 3000; entropy++) {
		struct route r;

		route_init(&r, &config, &domain, entropy);
		run(&r, &zone);
		assert_int_equal(r.len, 4);
		first[r.address[0].at.ip[3]]++;
	}
	assert_in_range(first[1], 850, 1150);
	assert_in_range(first[2], 850, 1150);
	assert_in_range(first[3], 400, 600);
	assert_in_range(first[4], 400, 600);
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT_ROWS(test_ip, ips);
	UNIT(test_allow_loopback);
	UNIT(test_limits);
	UNIT(test_shuffle);
	return unit_run("sending/route");
}
