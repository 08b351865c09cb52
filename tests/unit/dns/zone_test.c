/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/zone.h"

#include "dns/wire.h"
#include "zone_sample.h"

#define ARENA_MAX ((size_t)1 << 20)
#define SPF       "\"v=spf1 ip4:192.0.2.2 ip6:2001:db8::2 -all\" "
#define KEYS      ".dkim.eu-west-2.mail.example"

static const struct row {
	const char *name;
	const char *ask;
	uint16_t type;
	enum zone_found found;
	const char *want; /* the records, a space behind each */
} rows[] = {
	{"SOA", "mail.example", DNS_SOA, ZONE_FOUND,
	 "ns1.mail.example. hostmaster.mail.example. 104 3600 600 1209600 60 "},
	{"NS", "mail.example", DNS_NS, ZONE_FOUND,
	 "ns1.mail.example. ns2.other.test. "},
	{"the SPF that others include", "MAIL.example", DNS_TXT, ZONE_FOUND,
	 SPF},
	{"no MX at the apex", "mail.example", DNS_MX, ZONE_NODATA, ""},
	{"DMARC", "_dmarc.mail.example", DNS_TXT, ZONE_FOUND,
	 "\"v=DMARC1; p=reject;\" "},
	{"the own key", "own._domainkey.mail.example", DNS_TXT, ZONE_FOUND,
	 "\"" KEY_TEXT "own\" "},
	{"above it", "_domainkey.mail.example", DNS_TXT, ZONE_NODATA, ""},
	{"a server", "ns1.mail.example", DNS_A, ZONE_FOUND, "192.0.2.1 "},
	{"a server, IPv6", "ns1.mail.example", DNS_AAAA, ZONE_FOUND,
	 "2001:db8::1 "},
	{"a server of others", "ns2.other.test", DNS_A, ZONE_OUTSIDE, ""},
	{"the EHLO name", "out.mail.example", DNS_A, ZONE_FOUND, "192.0.2.2 "},
	{"without IPv6", "out.mail.example", DNS_AAAA, ZONE_NODATA, ""},
	{"its SPF", "out.mail.example", DNS_TXT, ZONE_FOUND,
	 "\"v=spf1 ip4:192.0.2.2 -all\" "},
	{"the MX target", "feedback-smtp.eu-west-2.mail.example", DNS_A,
	 ZONE_FOUND, "192.0.2.3 "},
	{"the MX target, IPv6", "feedback-smtp.eu-west-2.mail.example",
	 DNS_AAAA, ZONE_FOUND, "2001:db8::3 "},
	{"the default MAIL FROM", "eu-west-2.mail.example", DNS_MX, ZONE_FOUND,
	 "10 feedback-smtp.eu-west-2.mail.example. "},
	{"its SPF too", "eu-west-2.mail.example", DNS_TXT, ZONE_FOUND, SPF},
	{"its DMARC", "_dmarc.eu-west-2.mail.example", DNS_TXT, ZONE_FOUND,
	 "\"v=DMARC1; p=reject;\" "},
	{"the report inbox", "report.mail.example", DNS_MX, ZONE_FOUND,
	 "10 feedback-smtp.eu-west-2.mail.example. "},
	{"that reports of others may go there",
	 "example.org._report._dmarc.report.mail.example", DNS_TXT, ZONE_FOUND,
	 "\"v=DMARC1;\" "},
	{"only as TXT", "example.org._report._dmarc.report.mail.example", DNS_A,
	 ZONE_NODATA, ""},
	{"a key", TOKEN_LIVE KEYS, DNS_TXT, ZONE_FOUND, "\"" KEY_TEXT "\" "},
	{"a key, in upper case", "AAAAAAAABBBBBBBBCCCCCCCCDDDDDDDD" KEYS,
	 DNS_TXT, ZONE_FOUND, "\"" KEY_TEXT "\" "},
	{"a key has no A", TOKEN_LIVE KEYS, DNS_A, ZONE_NODATA, ""},
	{"below a key", "x." TOKEN_LIVE KEYS, DNS_TXT, ZONE_NXDOMAIN, ""},
	{"a token without a key", TOKEN_SPARE KEYS, DNS_TXT, ZONE_NODATA, ""},
	{"a token that is gone", TOKEN_GONE KEYS, DNS_TXT, ZONE_NXDOMAIN, ""},
	{"a token of nobody", "x" KEYS, DNS_TXT, ZONE_NXDOMAIN, ""},
	{"above the keys", "dkim.eu-west-2.mail.example", DNS_TXT, ZONE_NODATA,
	 ""},
	{"another region", "us-east-1.mail.example", DNS_MX, ZONE_NXDOMAIN, ""},
	{"above the zone", "example", DNS_SOA, ZONE_OUTSIDE, ""},
	{"the root", ".", DNS_NS, ZONE_OUTSIDE, ""},
	{"another zone", "xmail.example", DNS_A, ZONE_OUTSIDE, ""},
	{"a dot in a label", "own\\._domainkey.mail.example", DNS_TXT,
	 ZONE_NXDOMAIN, ""},
	{"a NUL in a label", "own\\000._domainkey.mail.example", DNS_TXT,
	 ZONE_NXDOMAIN, ""},
	{"a star is no wildcard", "*.mail.example", DNS_TXT, ZONE_NXDOMAIN, ""},
};

/* Appends the records of `set` as text. */
static void
format(const struct zone_set *set, struct buf *to)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);

	for (const struct zone_data *d = set->data; d != NULL; d = d->next) {
		struct wire_record record = {
			.type = set->type,
			.data = span_bytes(d->bytes, d->len)};
		struct dns_rr rr;

		assert_int_equal(wire_decode(record.data, &record, &arena, &rr),
				 WIRE_OK);
		dns_rr_format(&rr, to);
		buf_addc(to, ' ');
	}
}

static void
test_rows(void **state)
{
	const struct row *row = *state;
	CLEANUP(zone_freep) struct zone *zone = sample_zone();
	CLEANUP(buf_release) struct buf got = BUF_INIT(ARENA_MAX);
	struct dname name = name_of(row->ask);
	const struct zone_set *set = NULL;

	assert_int_equal(zone_find(zone, &name, row->type, &set), row->found);
	if (row->found == ZONE_FOUND)
		format(set, &got);
	assert_string_equal(got.ptr, row->want);
}

static void
test_serial(void **state)
{
	struct zone_config config = sample_config();
	CLEANUP(zone_freep) struct zone *zone = zone_new(&config);
	struct dns_rr rr = {
		.name = name_of("x.mail.example"), .type = DNS_A, .ttl = 1};

	(void)state;
	assert_int_equal(zone_serial(zone), 100);
	assert_true(zone_key_put(zone, SPAN("t"), SPAN("p=")));
	assert_int_equal(zone_serial(zone), 101);
	assert_true(zone_key_put(zone, SPAN("T"), SPAN("p=")));
	assert_int_equal(zone_serial(zone), 101);
	assert_true(zone_key_put(zone, SPAN("t"), SPAN("p=x")));
	assert_int_equal(zone_serial(zone), 102);
	assert_true(zone_key_put(zone, SPAN("t"), SPAN("")));
	assert_true(zone_key_put(zone, SPAN("t"), SPAN("")));
	assert_int_equal(zone_serial(zone), 103);
	assert_true(zone_key_remove(zone, SPAN("t")));
	assert_false(zone_key_remove(zone, SPAN("t")));
	assert_int_equal(zone_serial(zone), 104);
	assert_true(zone_put(zone, &rr) && zone_put(zone, &rr));
	assert_int_equal(zone_serial(zone), 105);
	assert_true(zone_remove(zone, &rr.name, DNS_A));
	assert_false(zone_remove(zone, &rr.name, DNS_A));
	assert_int_equal(zone_serial(zone), 106);
}

static void
test_negative_soa(void **state)
{
	CLEANUP(zone_freep) struct zone *zone = sample_zone();
	CLEANUP(buf_release) struct buf got = BUF_INIT(ARENA_MAX);

	(void)state;
	assert_int_equal(zone_soa(zone)->ttl, 60);
	format(zone_soa(zone), &got);
	assert_string_equal(got.ptr,
			    "ns1.mail.example. hostmaster.mail.example. "
			    "104 3600 600 1209600 60 ");
}

/* What is removed leaves nothing behind, and takes nothing along. */
static void
test_remove(void **state)
{
	CLEANUP(zone_freep) struct zone *zone = sample_zone();
	struct dns_rr deep = {.name = name_of("a.b.mail.example"),
			      .type = DNS_A};
	struct dname middle = name_of("b.mail.example");
	const struct zone_set *set;

	(void)state;
	assert_true(zone_put(zone, &deep));
	assert_int_equal(zone_find(zone, &middle, DNS_A, &set), ZONE_NODATA);
	assert_true(zone_remove(zone, &deep.name, DNS_A));
	assert_int_equal(zone_find(zone, &middle, DNS_A, &set), ZONE_NXDOMAIN);
	middle = name_of("dkim.eu-west-2.mail.example");
	assert_true(zone_key_remove(zone, SPAN(TOKEN_LIVE)));
	assert_true(zone_key_remove(zone, SPAN(TOKEN_SPARE)));
	assert_int_equal(zone_find(zone, &middle, DNS_A, &set), ZONE_NODATA);
}

/* A key of 4096 bits: two strings, the first of 255 octets. */
static void
test_long_key(void **state)
{
	CLEANUP(zone_freep) struct zone *zone = sample_zone();
	struct dname name = name_of("long" KEYS);
	const struct zone_set *set = NULL;
	static char text[ZONE_TEXT_MAX + 1];

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_true(zone_key_put(zone, SPAN("long"), span_bytes(text, 300)));
	assert_int_equal(zone_find(zone, &name, DNS_TXT, &set), ZONE_FOUND);
	assert_int_equal(set->data->len, 302);
	assert_int_equal(set->data->bytes[0], 255);
	assert_int_equal(set->data->bytes[256], 45);
	assert_true(zone_key_put(zone, SPAN("long"),
				 span_bytes(text, ZONE_TEXT_MAX)));
	assert_false(zone_key_put(zone, SPAN("long"),
				  span_bytes(text, ZONE_TEXT_MAX + 1)));
}

static void
test_refused(void **state)
{
	CLEANUP(zone_freep) struct zone *zone = sample_zone();
	struct dns_rr rr = {.name = name_of("x.mail.example"),
			    .type = DNS_CNAME,
			    .target = name_of("y")};
	struct zone_config config = sample_config();

	(void)state;
	assert_false(zone_put(zone, &rr));
	rr.type = DNS_NS;
	assert_false(zone_put(zone, &rr));
	rr.type = DNS_PTR;
	assert_true(zone_put(zone, &rr));
	rr.name = name_of("elsewhere.example");
	assert_false(zone_put(zone, &rr));
	rr.name = name_of("mail.example");
	assert_false(zone_remove(zone, &rr.name, DNS_SOA));
	assert_false(zone_key_put(zone, SPAN("a.b"), SPAN("p=")));
	assert_false(zone_key_put(zone, SPAN(""), SPAN("p=")));
	assert_int_equal(zone_serial(zone), 105);
	config.region = SPAN("eu.west");
	assert_null(zone_new(&config));
	config.region = SPAN("");
	assert_null(zone_new(&config));
}

int
main(void)
{
	UNIT_ROWS(test_rows, rows);
	UNIT(test_serial);
	UNIT(test_negative_soa);
	UNIT(test_remove);
	UNIT(test_long_key);
	UNIT(test_refused);
	return unit_run("dns/zone");
}
