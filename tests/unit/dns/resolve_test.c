/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/resolve.h"

#include "unit.h"

#define ARENA_MAX ((size_t)1 << 20)
#define START     ((int64_t)1000000)

static const uint8_t entropy[RESOLVE_ENTROPY_SIZE] = {1, 2, 3};

static struct dname
name_of(const char *text)
{
	struct dname name;

	assert_int_equal(dname_parse(span_of(text), &name), DNAME_OK);
	return name;
}

/* A machine under test, with what it sent last. */
struct bench {
	struct resolve m;
	struct arena arena;
	struct resolve_send send;
	uint8_t bytes[WIRE_MESSAGE_MAX]; /* of the answer being made */
	struct wire_out out;
};

static struct bench bench;

static void
begin(const char *name, enum dns_type type,
      const struct resolve_options *options)
{
	struct dns_question q = {name_of(name), (uint16_t)type};

	bench.arena = ARENA_INIT(ARENA_MAX);
	resolve_init(&bench.m, &q, options, entropy, &bench.arena, START);
}

static void
end(void)
{
	arena_release(&bench.arena);
}

/* What the machine wants next. */
static enum resolve_event
next(void)
{
	return resolve_next(&bench.m, &bench.send);
}

/* The query that was sent last. */
static struct wire_query
sent(void)
{
	struct wire_query q;

	assert_int_equal(wire_parse_query(bench.send.bytes, &q), WIRE_OK);
	return q;
}

/* Begins the answer to what was sent. */
static struct wire_header
reply(unsigned rcode)
{
	struct wire_query q = sent();

	return (struct wire_header){.id = q.header.id,
				    .qr = true,
				    .rd = true,
				    .ra = true,
				    .rcode = (uint8_t)rcode};
}

static void
start(struct wire_header header)
{
	struct wire_query q = sent();

	bench.out = wire_begin(bench.bytes, sizeof(bench.bytes), &header);
	wire_put_question(&bench.out, &q.question);
}

static void
put(enum wire_section section, struct dns_rr rr)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);

	assert_true(dns_rr_pack(&rr, &arena));
	assert_true(wire_put_rr(&bench.out, section, &rr));
}

static void
put_a(const char *name, uint8_t last, uint32_t ttl)
{
	put(WIRE_ANSWER, (struct dns_rr){.name = name_of(name),
					 .type = DNS_A,
					 .ttl = ttl,
					 .a = {192, 0, 2, last}});
}

static void
put_cname(const char *name, const char *target, uint32_t ttl)
{
	put(WIRE_ANSWER, (struct dns_rr){.name = name_of(name),
					 .type = DNS_CNAME,
					 .ttl = ttl,
					 .target = name_of(target)});
}

static void
put_soa(const char *name, uint32_t ttl, uint32_t minimum)
{
	put(WIRE_AUTHORITY, (struct dns_rr){.name = name_of(name),
					    .type = DNS_SOA,
					    .ttl = ttl,
					    .soa = {.mname = DNAME_ROOT,
						    .rname = DNAME_ROOT,
						    .minimum = minimum}});
}

/* Feeds what was made, from the server that was asked. */
static void
feed(void)
{
	resolve_feed(&bench.m, bench.send.server, bench.m.tcp,
		     wire_end(&bench.out), START + 1);
}

static const struct dns_answer *
done(void)
{
	assert_int_equal(next(), RESOLVE_DONE);
	assert_int_equal(resolve_due(&bench.m), INT64_MAX);
	return resolve_answer(&bench.m);
}

static void
test_plain(void **state)
{
	const struct dns_answer *a;

	(void)state;
	begin("www.Example.org", DNS_A, &RESOLVE_DEFAULTS);
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	assert_int_equal(bench.send.server, 0);
	assert_true(sent().header.rd);
	assert_false(sent().header.qr || sent().header.ad);
	assert_int_equal(sent().opt.size, WIRE_UDP_MAX);
	assert_int_equal(next(), RESOLVE_WAIT);
	assert_int_equal(resolve_due(&bench.m), START + 2000);
	start(reply(WIRE_NOERROR));
	put_a("www.example.org", 1, 300);
	put_a("WWW.example.org", 2, 200);
	put_a("other.example.org", 3, 100);
	feed();
	a = done();
	assert_int_equal(a->status, DNS_OK);
	assert_int_equal(a->len, 2);
	assert_int_equal(a->rr[0].a[3], 1);
	assert_int_equal(a->rr[1].a[3], 2);
	assert_int_equal(a->ttl, 200);
	assert_int_equal(a->aliases, 0);
	assert_false(a->authentic);
	end();
}

static void
test_aliases(void **state)
{
	const struct dns_answer *a;

	(void)state;
	begin("a.test", DNS_A, &RESOLVE_DEFAULTS);
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	start(reply(WIRE_NOERROR));
	put_a("c.test", 7, 300); /* not in order, too */
	put_cname("b.test", "c.test", 100);
	put_cname("x.test", "y.test", 6);
	put_cname("a.test", "B.test", 200);
	put_a("x.test", 6, 6);
	feed();
	a = done();
	assert_int_equal(a->status, DNS_OK);
	assert_int_equal(a->len, 1);
	assert_int_equal(a->rr[0].a[3], 7);
	assert_int_equal(a->aliases, 2);
	/* In lower case: servers repeat the case of our question. */
	assert_string_equal(dname_format(&a->alias[0]).s, "b.test");
	assert_string_equal(dname_format(&a->alias[1]).s, "c.test");
	assert_int_equal(a->ttl, 100);
	end();
}

static void
test_alias_asked(void **state)
{
	(void)state;
	begin("a.test", DNS_CNAME, &RESOLVE_DEFAULTS);
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	start(reply(WIRE_NOERROR));
	put_cname("a.test", "b.test", 100);
	put_cname("b.test", "c.test", 100);
	feed();
	assert_int_equal(done()->len, 1);
	assert_int_equal(done()->aliases, 0);
	end();
}

static void
test_loop(void **state)
{
	(void)state;
	begin("a.test", DNS_A, &RESOLVE_DEFAULTS);
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	start(reply(WIRE_NOERROR));
	put_cname("a.test", "b.test", 100);
	put_cname("b.test", "a.test", 100);
	feed();
	assert_int_equal(done()->status, DNS_SERVFAIL);
	end();
}

/* Eight CNAMEs, one an answer, then the ninth. */
static void
test_chain(void **state)
{
	char here[] = "n0.test", there[] = "n1.test";
	struct dname want, got;

	(void)state;
	begin(here, DNS_A, &RESOLVE_DEFAULTS);
	for (size_t i = 0; i < DNS_ALIASES_MAX; i++) {
		here[1] = (char)('0' + i);
		there[1] = (char)('1' + i);
		assert_int_equal(next(), RESOLVE_SEND_UDP);
		want = name_of(here);
		got = sent().question.name;
		assert_true(dname_equal(&got, &want));
		start(reply(WIRE_NOERROR));
		put_cname(here, there, 100);
		feed();
	}
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	assert_int_equal(bench.m.answer.aliases, DNS_ALIASES_MAX);
	start(reply(WIRE_NOERROR));
	put_cname("n8.test", "n9.test", 100);
	feed();
	assert_int_equal(done()->status, DNS_SERVFAIL);
	end();
}

static void
test_ask_on(void **state)
{
	struct dname target = name_of("b.other"), got;

	(void)state;
	begin("a.test", DNS_A, &RESOLVE_DEFAULTS);
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	start(reply(WIRE_NOERROR));
	put_cname("a.test", "b.other", 100);
	feed();
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	got = sent().question.name;
	assert_true(dname_equal(&got, &target));
	start(reply(WIRE_NXDOMAIN));
	put_soa("other", 60, 50);
	feed();
	assert_int_equal(done()->status, DNS_NXDOMAIN);
	assert_int_equal(done()->aliases, 1);
	assert_int_equal(done()->ttl, 50);
	end();
}

static void
test_alias_without_data(void **state)
{
	(void)state;
	begin("a.test", DNS_A, &RESOLVE_DEFAULTS);
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	start(reply(WIRE_NOERROR));
	put_cname("a.test", "b.test", 100);
	put_soa("test", 60, 50);
	feed();
	assert_int_equal(done()->status, DNS_NODATA);
	assert_true(done()->has_soa);
	end();
}

static const struct negative_row {
	const char *name;
	unsigned rcode;
	const char *soa; /* whose, or NULL */
	uint32_t ttl, minimum;
	enum dns_status status;
	bool has_soa;
	uint32_t want; /* the TTL */
} negative[] = {
	{"NXDOMAIN", WIRE_NXDOMAIN, "test", 60, 90, DNS_NXDOMAIN, true, 60},
	{"NODATA", WIRE_NOERROR, "test", 90, 60, DNS_NODATA, true, 60},
	{"for long", WIRE_NXDOMAIN, "test", 86400, 86400, DNS_NXDOMAIN, true,
	 300},
	{"for no time", WIRE_NXDOMAIN, "test", 0, 9, DNS_NXDOMAIN, true, 5},
	{"a TTL with its top bit", WIRE_NXDOMAIN, "test", 0x80000000,
	 UINT32_MAX, DNS_NXDOMAIN, true, 5},
	{"no SOA", WIRE_NXDOMAIN, NULL, 0, 0, DNS_NXDOMAIN, false, 5},
	{"no SOA, NODATA", WIRE_NOERROR, NULL, 0, 0, DNS_NODATA, false, 5},
	{"the SOA of another", WIRE_NXDOMAIN, "other", 60, 60, DNS_NXDOMAIN,
	 false, 5},
};

static void
test_negative(void **state)
{
	const struct negative_row *row = *state;

	begin("a.test", DNS_A, &RESOLVE_DEFAULTS);
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	start(reply(row->rcode));
	if (row->soa != NULL)
		put_soa(row->soa, row->ttl, row->minimum);
	feed();
	assert_int_equal(done()->status, row->status);
	assert_int_equal(done()->has_soa, row->has_soa);
	assert_int_equal(done()->ttl, row->want);
	assert_int_equal(done()->len, 0);
	end();
}

static const struct ttl_row {
	const char *name;
	uint32_t ttl, want;
} ttl[] = {
	{"0", 0, 5},
	{"in between", 77, 77},
	{"a week", 604800, 86400},
	{"2^31", 0x80000000, 5},
};

static void
test_ttl(void **state)
{
	const struct ttl_row *row = *state;

	begin("a.test", DNS_A, &RESOLVE_DEFAULTS);
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	start(reply(WIRE_NOERROR));
	put_a("a.test", 1, row->ttl);
	feed();
	assert_int_equal(done()->ttl, row->want);
	end();
}

/* Changes one thing of a right answer: it must be ignored. */
static void
check_forged(void (*forge)(uint8_t *bytes), size_t server, bool tcp)
{
	struct span bytes;

	begin("abcdefgh.test", DNS_A, &RESOLVE_DEFAULTS);
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	start(reply(WIRE_NOERROR));
	put_a("abcdefgh.test", 66, 300);
	bytes = wire_end(&bench.out);
	if (forge != NULL)
		forge(bench.bytes);
	for (size_t i = 1; i < RESOLVE_MISMATCHES_MAX; i++) {
		resolve_feed(&bench.m, server, tcp, bytes, START + 1);
		assert_int_equal(next(), RESOLVE_WAIT);
	}
	resolve_feed(&bench.m, server, tcp, bytes, START + 1);
	assert_int_equal(next(), RESOLVE_SEND_TCP);
	start(reply(WIRE_NOERROR));
	put_a("abcdefgh.test", 1, 300);
	feed();
	assert_int_equal(done()->rr[0].a[3], 1);
	end();
}

static void
forge_id(uint8_t *bytes)
{
	bytes[1] ^= 1;
}

static void
forge_qr(uint8_t *bytes)
{
	bytes[2] &= 0x7f;
}

static void
forge_opcode(uint8_t *bytes)
{
	bytes[2] |= 0x20;
}

static void
forge_case(uint8_t *bytes)
{
	bytes[13] ^= 0x20;
}

static void
forge_name(uint8_t *bytes)
{
	bytes[13] ^= 0x01;
}

static void
forge_type(uint8_t *bytes)
{
	bytes[12 + 15 + 1] ^= 0x10;
}

static void
forge_class(uint8_t *bytes)
{
	bytes[12 + 15 + 3] ^= 0x02;
}

static void
test_forged(void **state)
{
	(void)state;
	check_forged(forge_id, 0, false);
	check_forged(forge_qr, 0, false);
	check_forged(forge_opcode, 0, false);
	check_forged(forge_case, 0, false);
	check_forged(forge_name, 0, false);
	check_forged(forge_type, 0, false);
	check_forged(forge_class, 0, false);
	check_forged(NULL, 1, false);
	check_forged(NULL, 0, true);
}

/* A second answer, after the first, changes nothing. */
static void
test_second_answer(void **state)
{
	(void)state;
	begin("a.test", DNS_A, &RESOLVE_DEFAULTS);
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	start(reply(WIRE_NOERROR));
	put_a("a.test", 1, 300);
	feed();
	bench.bytes[bench.out.w.len - 1] = 66;
	resolve_feed(&bench.m, 0, false, writer_span(&bench.out.w), START + 2);
	assert_int_equal(done()->rr[0].a[3], 1);
	end();
}

static void
test_nonces(void **state)
{
	size_t upper = 0, ids = 0;
	uint16_t last = 0;

	(void)state;
	for (size_t i = 0; i < 64; i++) {
		struct dns_question q = {name_of("abcdefgh"), DNS_A};
		uint8_t seed[RESOLVE_ENTROPY_SIZE] = {(uint8_t)i};
		struct wire_query got;

		resolve_init(&bench.m, &q, &RESOLVE_DEFAULTS, seed,
			     &bench.arena, START);
		next();
		got = sent();
		ids += got.header.id != last;
		last = got.header.id;
		for (size_t k = 1; k <= 8; k++)
			upper += got.question.name.wire[k] < 'a';
	}
	assert_true(ids > 60);
	assert_in_range(upper, 200, 312); /* of 512 */
}

/* Something on the way lowers the case: after a timeout, TCP. */
static void
test_case_lost(void **state)
{
	struct span bytes;

	(void)state;
	begin("abcdefgh.test", DNS_A, &RESOLVE_DEFAULTS);
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	start(reply(WIRE_NOERROR));
	put_a("abcdefgh.test", 1, 300);
	bytes = wire_end(&bench.out);
	forge_case(bench.bytes);
	resolve_feed(&bench.m, 0, false, bytes, START + 1);
	resolve_tick(&bench.m, START + 2000);
	assert_int_equal(next(), RESOLVE_SEND_TCP);
	start(reply(WIRE_NOERROR));
	put_a("abcdefgh.test", 1, 300);
	forge_case(bench.bytes);
	feed();
	assert_int_equal(done()->status, DNS_OK);
	end();
}

static void
test_truncated(void **state)
{
	struct wire_header header;

	(void)state;
	begin("a.test", DNS_TXT, &RESOLVE_DEFAULTS);
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	header = reply(WIRE_NOERROR);
	header.tc = true;
	start(header);
	bench.out.records[WIRE_ANSWER] = 3; /* that were cut off */
	feed();
	assert_int_equal(next(), RESOLVE_SEND_TCP);
	resolve_unreachable(&bench.m, 0, false, START + 2); /* not that one */
	assert_int_equal(next(), RESOLVE_WAIT);
	start(reply(WIRE_NOERROR));
	put(WIRE_ANSWER, (struct dns_rr){.name = name_of("a.test"),
					 .type = DNS_TXT,
					 .ttl = 9,
					 .txt = {.text = SPAN("hello")}});
	feed();
	assert_int_equal(done()->status, DNS_OK);
	assert_span(done()->rr[0].txt.text, "hello");
	end();
}

static void
test_no_tcp(void **state)
{
	struct wire_header header;

	(void)state;
	begin("a.test", DNS_TXT, &RESOLVE_DEFAULTS);
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	header = reply(WIRE_NOERROR);
	header.tc = true;
	start(header);
	feed();
	assert_int_equal(next(), RESOLVE_SEND_TCP);
	resolve_unreachable(&bench.m, 0, true, START + 2);
	assert_int_equal(done()->status, DNS_TIMEOUT);
	assert_true(done()->no_tcp);
	end();
}

static void
test_no_edns(void **state)
{
	struct wire_header header;

	(void)state;
	begin("a.test", DNS_A, &RESOLVE_DEFAULTS);
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	assert_true(sent().opt.present);
	header = reply(WIRE_FORMERR);
	bench.out = wire_begin(bench.bytes, sizeof(bench.bytes), &header);
	feed(); /* without the question, as such servers do */
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	assert_false(sent().opt.present);
	start(reply(WIRE_FORMERR));
	feed();
	assert_int_equal(done()->status, DNS_SERVFAIL);
	end();
}

static void
test_timeouts(void **state)
{
	struct resolve_options options = RESOLVE_DEFAULTS;
	static const size_t servers[] = {0, 1, 2, 0};
	uint16_t id = 0;

	(void)state;
	options.servers = 3;
	begin("a.test", DNS_A, &options);
	for (size_t i = 0; i < COUNT(servers); i++) {
		assert_int_equal(next(), RESOLVE_SEND_UDP);
		assert_int_equal(bench.send.server, servers[i]);
		assert_int_not_equal(sent().header.id, id);
		id = sent().header.id;
		resolve_tick(&bench.m, START + 2000 * (int64_t)i + 1999);
		assert_int_equal(next(), RESOLVE_WAIT);
		resolve_tick(&bench.m, START + 2000 * (int64_t)i + 2000);
	}
	assert_int_equal(done()->status, DNS_TIMEOUT);
	end();
}

static void
test_deadline(void **state)
{
	struct resolve_options options = RESOLVE_DEFAULTS;

	(void)state;
	options.deadline = 3000;
	begin("a.test", DNS_A, &options);
	next();
	resolve_tick(&bench.m, START + 2000);
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	assert_int_equal(resolve_due(&bench.m), START + 3000);
	resolve_tick(&bench.m, START + 3000);
	assert_int_equal(done()->status, DNS_TIMEOUT);
	end();
}

static const struct failure_row {
	const char *name;
	unsigned rcode;
} failure[] = {
	{"SERVFAIL", WIRE_SERVFAIL},
	{"REFUSED", WIRE_REFUSED},
	{"an RCODE of nobody", 14},
};

static void
test_failure(void **state)
{
	const struct failure_row *row = *state;
	struct resolve_options options = RESOLVE_DEFAULTS;

	options.servers = 2;
	begin("a.test", DNS_A, &options);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(next(), RESOLVE_SEND_UDP);
		assert_int_equal(bench.send.server, i);
		start(reply(row->rcode));
		feed();
	}
	assert_int_equal(done()->status, DNS_SERVFAIL);
	end();
}

/* A failure is no failure if the next server knows. */
static void
test_second_server(void **state)
{
	struct resolve_options options = RESOLVE_DEFAULTS;

	(void)state;
	options.servers = 2;
	begin("a.test", DNS_A, &options);
	next();
	start(reply(WIRE_SERVFAIL));
	feed();
	next();
	start(reply(WIRE_NOERROR));
	put_a("a.test", 1, 300);
	feed();
	assert_int_equal(done()->status, DNS_OK);
	end();
}

static void
test_malformed(void **state)
{
	(void)state;
	begin("a.test", DNS_A, &RESOLVE_DEFAULTS);
	next();
	start(reply(WIRE_NOERROR));
	put_a("a.test", 1, 300);
	bench.out.records[WIRE_ANSWER] = 2;
	feed();
	assert_int_equal(done()->status, DNS_BAD);
	end();
}

static void
test_lame(void **state)
{
	struct wire_header header;

	(void)state;
	begin("a.test", DNS_A, &RESOLVE_DEFAULTS);
	next();
	header = reply(WIRE_NOERROR);
	header.ra = false;
	start(header);
	feed();
	assert_int_equal(done()->status, DNS_SERVFAIL);
	end();
}

/* Asking a zone's own server: no RD, and AA or nothing. */
static void
test_authoritative(void **state)
{
	struct resolve_options options = RESOLVE_DEFAULTS;
	struct wire_header header;

	(void)state;
	options.recurse = false;
	options.servers = 2;
	begin("a.test", DNS_A, &options);
	next();
	assert_false(sent().header.rd);
	start(reply(WIRE_NOERROR)); /* RA, and not AA */
	put_a("a.test", 66, 300);
	feed();
	assert_int_equal(next(), RESOLVE_SEND_UDP);
	header = reply(WIRE_NOERROR);
	header.aa = true;
	start(header);
	put_cname("a.test", "b.other", 9);
	feed();
	assert_int_equal(done()->status, DNS_BAD);
	assert_int_equal(done()->aliases, 1);
	end();
}

static void
check_authentic(bool trust, bool ad, bool want)
{
	struct resolve_options options = RESOLVE_DEFAULTS;
	struct wire_header header;

	options.trust_ad = trust;
	begin("a.test", DNS_A, &options);
	next();
	assert_int_equal(sent().header.ad, trust);
	header = reply(WIRE_NOERROR);
	header.ad = ad;
	start(header);
	put_a("a.test", 1, 9);
	feed();
	assert_int_equal(done()->authentic, want);
	end();
}

static void
test_authentic(void **state)
{
	(void)state;
	check_authentic(true, true, true);
	check_authentic(true, false, false);
	check_authentic(false, true, false);
}

static void
test_small_arena(void **state)
{
	struct dns_question q = {name_of("a.test"), DNS_A};

	(void)state;
	bench.arena = ARENA_INIT(100);
	resolve_init(&bench.m, &q, &RESOLVE_DEFAULTS, entropy, &bench.arena,
		     START);
	next();
	start(reply(WIRE_NOERROR));
	put_a("a.test", 1, 9);
	feed();
	assert_int_equal(done()->status, DNS_BAD);
	assert_int_equal(done()->len, 0);
	end();
}

int
main(void)
{
	UNIT(test_plain);
	UNIT(test_aliases);
	UNIT(test_alias_asked);
	UNIT(test_loop);
	UNIT(test_chain);
	UNIT(test_ask_on);
	UNIT(test_alias_without_data);
	UNIT_ROWS(test_negative, negative);
	UNIT_ROWS(test_ttl, ttl);
	UNIT(test_forged);
	UNIT(test_second_answer);
	UNIT(test_nonces);
	UNIT(test_case_lost);
	UNIT(test_truncated);
	UNIT(test_no_tcp);
	UNIT(test_no_edns);
	UNIT(test_timeouts);
	UNIT(test_deadline);
	UNIT_ROWS(test_failure, failure);
	UNIT(test_second_server);
	UNIT(test_malformed);
	UNIT(test_lame);
	UNIT(test_authoritative);
	UNIT(test_authentic);
	UNIT(test_small_arena);
	return unit_run("dns/resolve");
}
