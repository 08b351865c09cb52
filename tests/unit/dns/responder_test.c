/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/responder.h"

#include "zone_sample.h"

#define ARENA_MAX ((size_t)1 << 20)
#define KEYS      ".dkim.eu-west-2.mail.example"

#define TYPE_HINFO 13
#define TYPE_RRSIG 46
#define TYPE_IXFR  251
#define TYPE_AXFR  252

/* One query and what came back. */
struct talk {
	struct zone *zone;
	struct arena arena;
	uint8_t query[WIRE_MESSAGE_MAX];
	uint8_t answer[WIRE_MESSAGE_MAX];
	struct span asked;
	struct span got;
	struct wire_message m; /* `got`, decoded */
};

static struct talk talk;

static int
set_up(void)
{
	talk.zone = sample_zone();
	talk.arena = ARENA_INIT(ARENA_MAX);
	return 0;
}

static void
tear_down(void)
{
	zone_free(talk.zone);
	arena_release(&talk.arena);
}

/* Writes a query; `size` 0: without EDNS. */
static void
write_query(const char *name, uint16_t type, uint16_t class, uint16_t size)
{
	struct wire_header header = {.id = 0xabcd, .rd = true};
	struct wire_question q = {name_of(name), type, class};
	struct wire_out out =
		wire_begin(talk.query, sizeof(talk.query), &header);

	wire_put_question(&out, &q);
	if (size > 0)
		assert_true(wire_put_opt(
			&out,
			&(struct wire_opt){.size = size, .dnssec_ok = true}));
	talk.asked = wire_end(&out);
}

/* Has what was written answered. */
static void
ask(bool tcp)
{
	talk.got = responder_answer(talk.zone, talk.asked, tcp, talk.answer,
				    sizeof(talk.answer));
	if (talk.got.len > 0)
		assert_int_equal(wire_parse(talk.got, &talk.arena, &talk.m),
				 WIRE_OK);
}

static const struct row {
	const char *name;
	const char *ask;
	uint16_t type, class;
	unsigned rcode;
	bool aa;
	size_t answers;
	bool soa; /* in the authority section */
} rows[] = {
	{"SOA", "mail.example", DNS_SOA, 1, WIRE_NOERROR, true, 1, false},
	{"NS", "mail.example", DNS_NS, 1, WIRE_NOERROR, true, 2, false},
	{"a key", TOKEN_LIVE KEYS, DNS_TXT, 1, WIRE_NOERROR, true, 1, false},
	{"no key", TOKEN_SPARE KEYS, DNS_TXT, 1, WIRE_NOERROR, true, 0, true},
	{"a token gone", TOKEN_GONE KEYS, DNS_TXT, 1, WIRE_NXDOMAIN, true, 0,
	 true},
	{"below a key", "x." TOKEN_LIVE KEYS, DNS_TXT, 1, WIRE_NXDOMAIN, true,
	 0, true},
	{"an empty non-terminal", "_domainkey.mail.example", DNS_A, 1,
	 WIRE_NOERROR, true, 0, true},
	{"no such type", "mail.example", TYPE_RRSIG, 1, WIRE_NOERROR, true, 0,
	 true},
	{"HINFO", "mail.example", TYPE_HINFO, 1, WIRE_NOERROR, true, 0, true},
	{"ANY", "mail.example", DNS_ANY, 1, WIRE_NOERROR, true, 1, false},
	{"ANY of nothing", "_domainkey.mail.example", DNS_ANY, 1, WIRE_NOERROR,
	 true, 0, true},
	{"ANY of no name", "nope.mail.example", DNS_ANY, 1, WIRE_NXDOMAIN, true,
	 0, true},
	{"AXFR", "mail.example", TYPE_AXFR, 1, WIRE_REFUSED, false, 0, false},
	{"IXFR", "mail.example", TYPE_IXFR, 1, WIRE_REFUSED, false, 0, false},
	{"OPT as a question", "mail.example", DNS_OPT, 1, WIRE_REFUSED, false,
	 0, false},
	{"a foreign name", "example.org", DNS_A, 1, WIRE_REFUSED, false, 0,
	 false},
	{"the parent", "example", DNS_NS, 1, WIRE_REFUSED, false, 0, false},
	{"the version", "version.bind", DNS_TXT, WIRE_CLASS_CH, WIRE_REFUSED,
	 false, 0, false},
	{"class ANY", "mail.example", DNS_SOA, WIRE_CLASS_ANY, WIRE_REFUSED,
	 false, 0, false},
	{"a dot in a label", "mail\\.example", DNS_SOA, 1, WIRE_REFUSED, false,
	 0, false},
};

static void
check_row(const struct row *row, bool tcp, uint16_t size)
{
	struct wire_header *h = &talk.m.header;

	set_up();
	write_query(row->ask, row->type, row->class, size);
	ask(tcp);
	assert_true(h->qr && h->rd && !h->ra && !h->ad && !h->tc);
	assert_int_equal(h->id, 0xabcd);
	assert_int_equal(h->rcode, row->rcode);
	assert_int_equal(h->aa, row->aa);
	assert_int_equal(talk.m.len[WIRE_ANSWER], row->answers);
	assert_int_equal(talk.m.len[WIRE_AUTHORITY], row->soa);
	if (row->soa) {
		assert_int_equal(talk.m.section[WIRE_AUTHORITY][0].type,
				 DNS_SOA);
		assert_int_equal(talk.m.section[WIRE_AUTHORITY][0].ttl, 60);
	}
	assert_int_equal(talk.m.opt.present, size > 0);
	assert_int_equal(talk.m.opt.dnssec_ok, size > 0);
	tear_down();
}

static void
test_rows(void **state)
{
	const struct row *row = *state;

	check_row(row, false, 0);
	check_row(row, false, 4096);
	check_row(row, true, 0);
	check_row(row, true, 1232);
}

static void
test_any(void **state)
{
	(void)state;
	set_up();
	write_query("mail.example", DNS_ANY, 1, 4096);
	ask(false);
	assert_int_equal(talk.m.section[WIRE_ANSWER][0].type, TYPE_HINFO);
	assert_true(talk.got.len < 2 * talk.asked.len);
	tear_down();
}

/* The question comes back to the letter, the records under that name. */
static void
test_case(void **state)
{
	(void)state;
	set_up();
	write_query("oUT.mAIL.eXAMPLE", DNS_A, 1, 0);
	ask(false);
	assert_memory_equal(talk.m.question.name.wire, "\3oUT\4mAIL\7eXAMPLE",
			    18);
	assert_string_equal(
		dname_format(&talk.m.section[WIRE_ANSWER][0].name).s,
		"oUT.mAIL.eXAMPLE");
	tear_down();
}

/* A key too long for UDP: nothing but TC, and all of it over TCP. */
static void
test_truncated(void **state)
{
	static char text[3000];
	static const struct {
		uint16_t size;
		size_t len;
		bool tc;
	} row[] = {
		{0, 400, false},     {0, 500, true},      {100, 400, false},
		{100, 500, true},    {1232, 1000, false}, {1232, 1200, true},
		{4096, 1000, false}, {4096, 1200, true},
	};

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < COUNT(row); i++) {
		set_up();
		assert_true(zone_key_put(talk.zone, SPAN("t"),
					 span_bytes(text, row[i].len)));
		write_query("t" KEYS, DNS_TXT, 1, row[i].size);
		ask(false);
		assert_int_equal(talk.m.header.tc, row[i].tc);
		assert_int_equal(talk.m.len[WIRE_ANSWER], !row[i].tc);
		assert_int_equal(talk.m.opt.present, row[i].size > 0);
		assert_true(talk.got.len <=
			    (row[i].size < 512 ? 512 : WIRE_UDP_MAX));
		ask(true);
		assert_false(talk.m.header.tc);
		assert_int_equal(talk.m.len[WIRE_ANSWER], 1);
		assert_int_equal(talk.m.section[WIRE_ANSWER][0].txt.text.len,
				 row[i].len);
		tear_down();
	}
}

/* A 2048-bit key under a token of 32 characters is sent at most 6.5 fold. */
static void
test_amplification(void **state)
{
	static char text[420];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "v=DKIM1; k=rsa; h=sha256; p=", 28);
	set_up();
	assert_true(zone_key_put(talk.zone, SPAN(TOKEN_LIVE),
				 span_bytes(text, 420)));
	write_query(TOKEN_LIVE KEYS, DNS_TXT, 1, 4096);
	ask(false);
	assert_false(talk.m.header.tc);
	assert_true(talk.got.len * 10 < talk.asked.len * 65);
	tear_down();
}

/* What is done with octets that are no query. */
static const struct octets_row {
	const char *name;
	struct span bytes;
	int rcode; /* -1: dropped */
} octets[] = {
	{"nothing", {"", 0}, -1},
	{"one octet of 0", {"\0", 1}, -1},
	{"eleven of 0xff",
	 {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11},
	 -1},
	{"twelve of 0", {"\0\0\0\0\0\0\0\0\0\0\0\0", 12}, WIRE_FORMERR},
	{"sixteen of 0xff",
	 {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	  16},
	 -1},
	{"an answer",
	 {"\1\2\x81\0\0\1\0\0\0\0\0\0\4mail\7example\0\0\1\0\1", 30},
	 -1},
	{"two questions",
	 {"\1\2\1\0\0\2\0\0\0\0\0\0\4mail\7example\0\0\1\0\1", 30},
	 WIRE_FORMERR},
	{"a lie about records",
	 {"\1\2\1\0\0\1\0\0\0\0\0\1\4mail\7example\0\0\1\0\1", 30},
	 WIRE_FORMERR},
	{"a pointer to itself",
	 {"\1\2\1\0\0\1\0\0\0\0\0\0\xc0\x0c\0\1\0\1", 18},
	 WIRE_FORMERR},
	{"octets behind the question",
	 {"\1\2\1\0\0\1\0\0\0\0\0\0\4mail\7example\0\0\1\0\1!", 31},
	 WIRE_FORMERR},
	{"two OPT",
	 {"\1\2\1\0\0\1\0\0\0\0\0\2\4mail\7example\0\0\1\0\1"
	  "\0\0\x29\x04\xd0\0\0\0\0\0\0\0\0\x29\x04\xd0\0\0\0\0\0\0",
	  52},
	 WIRE_FORMERR},
	{"EDNS version 1",
	 {"\1\2\1\0\0\1\0\0\0\0\0\1\4mail\7example\0\0\1\0\1"
	  "\0\0\x29\x04\xd0\0\1\0\0\0\0",
	  41},
	 WIRE_BADVERS},
	{"NOTIFY",
	 {"\1\2\x20\0\0\1\0\0\0\0\0\0\4mail\7example\0\0\6\0\1", 30},
	 WIRE_NOTIMP},
	{"UPDATE",
	 {"\1\2\x28\0\0\1\0\0\0\0\0\0\4mail\7example\0\0\6\0\1", 30},
	 WIRE_NOTIMP},
	{"opcode 15, malformed",
	 {"\1\2\x78\0\0\1\0\0\0\0\0\0", 12},
	 WIRE_NOTIMP},
};

static void
test_octets(void **state)
{
	const struct octets_row *row = *state;

	for (int tcp = 0; tcp < 2; tcp++) {
		set_up();
		talk.asked = row->bytes;
		ask(tcp);
		if (row->rcode < 0)
			assert_int_equal(talk.got.len, 0);
		else {
			assert_int_equal(talk.m.header.rcode | talk.m.opt.rcode
								       << 4,
					 row->rcode);
			assert_true(talk.m.header.qr);
			assert_int_equal(talk.m.header.id >> 8,
					 (uint8_t)row->bytes.ptr[0]);
			assert_true(talk.got.len <= talk.asked.len);
		}
		tear_down();
	}
}

/* No answer to the answer to anything. */
static void
test_no_echo(void **state)
{
	uint8_t again[WIRE_UDP_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(octets); i++) {
		set_up();
		talk.asked = octets[i].bytes;
		ask(false);
		assert_int_equal(responder_answer(talk.zone, talk.got, false,
						  again, sizeof(again))
					 .len,
				 0);
		assert_int_equal(
			responder_slip(talk.got, again, sizeof(again)).len, 0);
		tear_down();
	}
}

static void
test_slip(void **state)
{
	(void)state;
	set_up();
	write_query("mail.example", DNS_TXT, 1, 4096);
	talk.got = responder_slip(talk.asked, talk.answer, sizeof(talk.answer));
	assert_int_equal(wire_parse(talk.got, &talk.arena, &talk.m), WIRE_OK);
	assert_true(talk.m.header.tc && talk.m.header.qr);
	assert_int_equal(talk.m.len[WIRE_ANSWER], 0);
	assert_true(talk.got.len <= talk.asked.len);
	talk.asked = octets[3].bytes;
	assert_int_equal(
		responder_slip(talk.asked, talk.answer, sizeof(talk.answer))
			.len,
		0);
	tear_down();
}

int
main(void)
{
	UNIT_ROWS(test_rows, rows);
	UNIT(test_any);
	UNIT(test_case);
	UNIT(test_truncated);
	UNIT(test_amplification);
	UNIT_ROWS(test_octets, octets);
	UNIT(test_no_echo);
	UNIT(test_slip);
	return unit_run("dns/responder");
}
