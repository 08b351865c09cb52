/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/fixture.h"

#include "unit.h"

#define ARENA_MAX ((size_t)1 << 20)

static const char text[] =
	"{\"Example.org\": {\"NS\": [\"ns1.example.org\", \"ns2.x\"],"
	"  \"A\": [\"192.0.2.1\", \"192.0.2.2\"],"
	"  \"MX\": [[10, \"mx.example.org\"], [0, \"\"]],"
	"  \"TXT\": [[\"v=spf1 \", \"-all\"], \"caf\xc3\xa9\\u0000\"],"
	"  \"LOC\": [\"x\"], \"AAAA\": [\"no address\"]},"
	" \"a.b.example.org\": {\"AAAA\": [\"2001:DB8::1\"]},"
	" \"www.example.org\": {\"CNAME\": [\"EXAMPLE.org\"]},"
	" \"out.example.org\": {\"CNAME\": [\"nowhere.test\"]},"
	" \"both.example.org\": {\"CNAME\": [\"x.test\"], \"A\": "
	"[\"1.2.3.4\"]},"
	" \"*.wild.example.org\": {\"TXT\": [[\"wild\"]]},"
	" \"*.to.example.org\": {\"CNAME\": [\"a.wild.example.org\"]},"
	" \"x.wild.example.org\": {\"A\": [\"192.0.2.3\"]},"
	" \"y.z.wild.example.org\": {\"A\": [\"192.0.2.3\"]},"
	" \"gone.wild.example.org\": {\"NXDOMAIN\": \"*\"},"
	" \"slow.example.org\": {\"TIMEOUT\": \"*\", \"A\": [\"1.2.3.4\"]},"
	" \"sick.example.org\": {\"SERVFAIL\": \"*\", \"A\": []},"
	" \"half.example.org\": {\"CNAME\": [\"a..b\", \"c9.test\"],"
	"  \"SERVFAIL\": \"*\"},"
	" \"loop.example.org\": {\"CNAME\": [\"loop.example.org\"]},"
	" \"c1.test\": {\"CNAME\": [\"c2.test\"]},"
	" \"c2.test\": {\"CNAME\": [\"c3.test\"]},"
	" \"c3.test\": {\"CNAME\": [\"c4.test\"]},"
	" \"c4.test\": {\"CNAME\": [\"c5.test\"]},"
	" \"c5.test\": {\"CNAME\": [\"c6.test\"]},"
	" \"c6.test\": {\"CNAME\": [\"c7.test\"]},"
	" \"c7.test\": {\"CNAME\": [\"c8.test\"]},"
	" \"c8.test\": {\"CNAME\": [\"c9.test\"]},"
	" \"c9.test\": {\"A\": [\"192.0.2.9\"]},"
	" \"c0.test\": {\"CNAME\": [\"c1.test\"]},"
	" \"a..b\": {\"A\": [\"192.0.2.9\"]},"
	" \"zone.test\": {\"NS\": [\"ns.zone.test\"],"
	"  \"SOA\": [[\"ns.zone.test\", \"me.test\", 7, 6, 5, 4, 3]]}}";

static const struct row {
	const char *name;
	const char *ask;
	enum dns_type type;
	enum dns_status status;
	const char *want; /* the records, a space behind each */
	const char *soa;  /* of whose zone one came along; "" for none */
} rows[] = {
	{"addresses", "example.ORG", DNS_A, DNS_OK, "192.0.2.1 192.0.2.2 ", ""},
	{"MX and null MX", "example.org", DNS_MX, DNS_OK,
	 "10 mx.example.org. 0 . ", ""},
	{"TXT joined, and its octets", "example.org", DNS_TXT, DNS_OK,
	 "\"v=spf1 -all\" \"caf\\195\\169\\000\" ", ""},
	{"NS", "example.org", DNS_NS, DNS_OK, "ns1.example.org. ns2.x. ", ""},
	{"an SOA made up", "example.org", DNS_SOA, DNS_OK,
	 "ns1.example.org. hostmaster.example.org. 1 7200 900 1209600 300 ",
	 ""},
	{"an SOA given", "zone.test", DNS_SOA, DNS_OK,
	 "ns.zone.test. me.test. 7 6 5 4 3 ", ""},
	{"a record DNS cannot hold", "example.org", DNS_AAAA, DNS_NODATA, "",
	 "example.org"},
	{"an empty non-terminal", "b.example.org", DNS_A, DNS_NODATA, "",
	 "example.org"},
	{"below it", "a.b.example.org", DNS_AAAA, DNS_OK, "2001:db8::1 ", ""},
	{"absent", "x.b.example.org", DNS_A, DNS_NXDOMAIN, "", "example.org"},
	{"absent, outside any zone", "c9.c9.test", DNS_A, DNS_NXDOMAIN, "", ""},
	{"NODATA with the SOA given", "x.zone.test", DNS_A, DNS_NXDOMAIN, "",
	 "zone.test"},
	{"a CNAME is followed", "www.example.org", DNS_A, DNS_OK,
	 "192.0.2.1 192.0.2.2 ", ""},
	{"a CNAME asked for", "www.example.org", DNS_CNAME, DNS_OK,
	 "EXAMPLE.org. ", ""},
	{"a CNAME to nothing", "out.example.org", DNS_A, DNS_NXDOMAIN, "", ""},
	{"data beside a CNAME", "both.example.org", DNS_A, DNS_OK, "1.2.3.4 ",
	 ""},
	{"a wildcard", "q.wild.example.org", DNS_TXT, DNS_OK, "\"wild\" ", ""},
	{"a wildcard, two labels", "p.q.wild.example.org", DNS_TXT, DNS_OK,
	 "\"wild\" ", ""},
	{"a wildcard without the type", "q.wild.example.org", DNS_A, DNS_NODATA,
	 "", "example.org"},
	{"a wildcard asked for", "*.wild.example.org", DNS_TXT, DNS_OK,
	 "\"wild\" ", ""},
	{"a name beside a wildcard", "x.wild.example.org", DNS_TXT, DNS_NODATA,
	 "", "example.org"},
	{"below that name", "q.x.wild.example.org", DNS_TXT, DNS_NXDOMAIN, "",
	 "example.org"},
	{"an empty non-terminal beside it", "z.wild.example.org", DNS_TXT,
	 DNS_NODATA, "", "example.org"},
	{"explicit absence", "gone.wild.example.org", DNS_TXT, DNS_NXDOMAIN, "",
	 "example.org"},
	{"a wildcard CNAME", "a.to.example.org", DNS_TXT, DNS_OK, "\"wild\" ",
	 ""},
	{"a timeout", "slow.example.org", DNS_TXT, DNS_TIMEOUT, "", ""},
	{"not of what is listed", "slow.example.org", DNS_A, DNS_OK, "1.2.3.4 ",
	 ""},
	{"SERVFAIL", "sick.example.org", DNS_TXT, DNS_SERVFAIL, "", ""},
	{"SERVFAIL of what is not the alias", "half.example.org", DNS_TXT,
	 DNS_SERVFAIL, "", ""},
	{"a list of nothing", "sick.example.org", DNS_A, DNS_NODATA, "",
	 "example.org"},
	{"a loop", "loop.example.org", DNS_A, DNS_SERVFAIL, "", ""},
	{"eight CNAMEs", "c1.test", DNS_A, DNS_OK, "192.0.2.9 ", ""},
	{"nine CNAMEs", "c0.test", DNS_A, DNS_SERVFAIL, "", ""},
	{"the root", ".", DNS_A, DNS_NODATA, "", ""},
};

static struct dname
name_of(const char *s)
{
	struct dname name;

	assert_int_equal(dname_parse(span_of(s), &name), DNAME_OK);
	return name;
}

static struct fixture *
read_fixture(void)
{
	struct error error;
	struct fixture *fixture = fixture_parse(span_of(text), &error);

	if (fixture == NULL)
		fail_msg("%s", error.text);
	return fixture;
}

static void
test_rows(void **state)
{
	const struct row *row = *state;
	CLEANUP(fixture_freep) struct fixture *fixture = read_fixture();
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	CLEANUP(buf_release) struct buf got = BUF_INIT(ARENA_MAX);
	struct dns_question ask = {name_of(row->ask), (uint16_t)row->type};
	struct dns_answer answer;

	fixture_answer(fixture, &ask, &arena, &answer);
	assert_string_equal(dns_status_name(answer.status),
			    dns_status_name(row->status));
	for (size_t i = 0; i < answer.len; i++) {
		assert_int_equal(answer.rr[i].type, row->type);
		dns_rr_format(&answer.rr[i], &got);
		buf_addc(&got, ' ');
	}
	assert_string_equal(got.ptr, row->want);
	assert_int_equal(answer.has_soa, row->soa[0] != '\0');
	if (answer.has_soa) {
		struct dname apex = name_of(row->soa);

		assert_true(dname_equal(&answer.soa.name, &apex));
	}
}

static void
test_aliases(void **state)
{
	CLEANUP(fixture_freep) struct fixture *fixture = read_fixture();
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	struct dns_question ask = {name_of("q.to.example.org"), DNS_TXT};
	struct dns_answer answer;

	(void)state;
	fixture_answer(fixture, &ask, &arena, &answer);
	assert_int_equal(answer.aliases, 1);
	assert_string_equal(dname_format(&answer.alias[0]).s,
			    "a.wild.example.org");
	assert_string_equal(dname_format(&answer.rr[0].name).s,
			    "a.wild.example.org");
	assert_int_equal(answer.ttl, FIXTURE_TTL);
}

static void
test_zone(void **state)
{
	CLEANUP(fixture_freep) struct fixture *fixture = read_fixture();
	struct dname name = name_of("not.there.example.org"), apex;

	(void)state;
	assert_true(fixture_zone(fixture, &name, &apex));
	assert_string_equal(dname_format(&apex).s, "example.org");
	name = name_of("c1.test");
	assert_false(fixture_zone(fixture, &name, &apex));
}

static void
test_small_arena(void **state)
{
	CLEANUP(fixture_freep) struct fixture *fixture = read_fixture();
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(2500);
	struct dns_question ask = {name_of("example.org"), DNS_A};
	struct dns_answer answer;

	(void)state;
	fixture_answer(fixture, &ask, &arena, &answer);
	assert_int_equal(answer.status, DNS_BAD);
	assert_int_equal(answer.len, 0);
}

static const struct bad_row {
	const char *name;
	const char *text;
} bad[] = {
	{"nothing", ""},
	{"no JSON", "{"},
	{"an array", "[]"},
	{"a name without an object", "{\"a\": [\"1.2.3.4\"]}"},
	{"a name twice", "{\"a\": {}, \"a\": {}}"},
};

static void
test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct error error = {.code = ERROR_NONE};

	assert_null(fixture_parse(span_of(row->text), &error));
	assert_int_equal(error.code, ERROR_USAGE);
}

int
main(void)
{
	UNIT_ROWS(test_rows, rows);
	UNIT(test_aliases);
	UNIT(test_zone);
	UNIT(test_small_arena);
	UNIT_ROWS(test_bad, bad);
	return unit_run("dns/fixture");
}
