/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/record.h"

#include "unit.h"

#define ARENA_MAX ((size_t)1 << 20)

static struct dname
name_of(const char *text)
{
	struct dname name;

	assert_int_equal(dname_parse(span_of(text), &name), DNAME_OK);
	return name;
}

/* Packs *rr, then checks its data and its text. */
static void
check(struct dns_rr *rr, struct span data, const char *text)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	CLEANUP(buf_release) struct buf got = BUF_INIT(ARENA_MAX);

	assert_true(dns_rr_pack(rr, &arena));
	assert_int_equal(rr->data.len, data.len);
	assert_memory_equal(rr->data.ptr, data.ptr, data.len);
	dns_rr_format(rr, &got);
	assert_string_equal(got.ptr, text);
	rr->data = SPAN("");
}

static void
test_addresses(void **state)
{
	struct dns_rr a = {.type = DNS_A, .a = {192, 0, 2, 1}};
	struct dns_rr aaaa = {.type = DNS_AAAA,
			      .aaaa = {0x20, 1, 0x0d, 0xb8, [15] = 1}};

	(void)state;
	check(&a, SPAN("\xc0\0\2\1"), "192.0.2.1");
	check(&aaaa, SPAN("\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"),
	      "2001:db8::1");
}

static void
test_names(void **state)
{
	struct dns_rr rr = {.type = DNS_CNAME, .target = name_of("a.b")};
	struct dns_rr mx = {
		.type = DNS_MX,
		.mx = {.preference = 258, .exchange = name_of("m")}};

	(void)state;
	check(&rr, SPAN("\1a\1b\0"), "a.b.");
	check(&mx, SPAN("\1\2\1m\0"), "258 m.");
	mx.mx.exchange = DNAME_ROOT;
	mx.mx.preference = 0;
	check(&mx, SPAN("\0\0\0"), "0 .");
}

static void
test_soa(void **state)
{
	struct dns_rr rr = {.type = DNS_SOA,
			    .soa = {.mname = name_of("m"),
				    .rname = name_of("r"),
				    .serial = 1,
				    .refresh = 2,
				    .retry = 3,
				    .expire = 4,
				    .minimum = 5}};

	(void)state;
	check(&rr, SPAN("\1m\0\1r\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5"),
	      "m. r. 1 2 3 4 5");
}

static void
test_txt(void **state)
{
	struct dns_rr rr = {.type = DNS_TXT, .txt = {.text = SPAN("a\"\\\t")}};
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARENA_MAX);
	static char big[65536];

	(void)state;
	check(&rr, SPAN("\4a\"\\\t"), "\"a\\\"\\\\\\009\"");
	rr.txt.text = SPAN("");
	check(&rr, SPAN("\0"), "\"\"");
	memset(big, 'x', sizeof(big));
	rr.txt.text = span_bytes(big, 256);
	assert_true(dns_rr_pack(&rr, &arena));
	assert_int_equal(rr.txt.strings, 2);
	assert_int_equal(rr.data.len, 258);
	assert_int_equal((uint8_t)rr.data.ptr[256], 1);
	rr.txt.text = span_bytes(big, 65279); /* and 256 lengths: 65535 */
	assert_true(dns_rr_pack(&rr, &arena));
	assert_int_equal(rr.data.len, 65535);
	rr.txt.text = span_bytes(big, 65280);
	assert_false(dns_rr_pack(&rr, &arena));
}

static void
test_unknown(void **state)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT(ARENA_MAX);
	struct dns_rr rr = {.type = 4711, .data = SPAN("\x01\xfe")};

	(void)state;
	dns_rr_format(&rr, &got);
	assert_string_equal(got.ptr, "\\# 2 01fe");
}

static const struct type_row {
	const char *name;
	const char *text;
	int want; /* -1: refused */
} type[] = {
	{"TXT", "TXT", DNS_TXT},
	{"any case", "aaaa", DNS_AAAA},
	{"a number", "TYPE99", DNS_SPF},
	{"the last one", "type65535", 65535},
	{"too high", "TYPE65536", -1},
	{"no number", "TYPE", -1},
	{"nothing", "", -1},
	{"not known", "HINFO", -1},
	{"a sign", "TYPE+1", -1},
};

static void
test_type(void **state)
{
	const struct type_row *row = *state;
	uint16_t got = 0;

	assert_int_equal(dns_type_parse(span_of(row->text), &got),
			 row->want >= 0);
	if (row->want >= 0)
		assert_int_equal(got, row->want);
}

static void
test_words(void **state)
{
	(void)state;
	assert_string_equal(dns_type_name(DNS_MX), "MX");
	assert_string_equal(dns_type_name(4711), "TYPE");
	assert_string_equal(dns_status_name(DNS_NXDOMAIN), "NXDOMAIN");
	assert_true(dns_is_error(DNS_SERVFAIL) && dns_is_error(DNS_TIMEOUT) &&
		    dns_is_error(DNS_BAD));
	assert_false(dns_is_error(DNS_OK) || dns_is_error(DNS_NODATA) ||
		     dns_is_error(DNS_NXDOMAIN));
}

int
main(void)
{
	UNIT(test_addresses);
	UNIT(test_names);
	UNIT(test_soa);
	UNIT(test_txt);
	UNIT(test_unknown);
	UNIT_ROWS(test_type, type);
	UNIT(test_words);
	return unit_run("dns/record");
}
