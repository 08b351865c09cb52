/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/spf_ip.h"

#include "unit.h"

static const struct row {
	const char *name;
	const char *text;
	const char *want;    /* NULL: no address */
	const char *reverse; /* the name of its PTR */
} rows[] = {
	{"IPv4", "192.0.2.1", "192.0.2.1", "1.2.0.192.in-addr.arpa"},
	{"IPv6", "2001:DB8::1", "2001:db8::1",
	 "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2."
	 "ip6.arpa"},
	{"RFC 7208 s5: a mapped address is IPv4", "::ffff:192.0.2.1",
	 "192.0.2.1", "1.2.0.192.in-addr.arpa"},
	{"nothing", "", NULL, NULL},
	{"a zero first", "192.0.2.01", NULL, NULL},
	{"five numbers", "192.0.2.1.1", NULL, NULL},
	{"too large", "192.0.2.256", NULL, NULL},
	{"a zone index", "fe80::1%eth0", NULL, NULL},
	{"too long", "00000000000000000000000000000000000000000000000000", NULL,
	 NULL},
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct spf_ip ip;
	struct dname name;
	struct dname_text text;

	assert_int_equal(spf_ip_parse(span_of(row->text), &ip),
			 row->want != NULL);
	if (row->want == NULL)
		return;
	assert_string_equal(spf_ip_format(&ip).s, row->want);
	name = spf_ip_reverse(&ip);
	assert_span(dname_print(&name, &text), row->reverse);
}

static struct spf_ip
ip(const char *text)
{
	struct spf_ip got;

	assert_true(spf_ip_parse(span_of(text), &got));
	return got;
}

static void
test_match(void **state)
{
	struct spf_ip a = ip("192.0.2.1"), b = ip("192.0.2.129");
	struct spf_ip c = ip("2001:db8::1"), d = ip("2001:db8:8000::1");

	(void)state;
	assert_true(spf_ip_match(&a, &a, 32));
	assert_true(spf_ip_match(&a, &b, 24));
	assert_false(spf_ip_match(&a, &b, 25));
	assert_false(spf_ip_match(&a, &b, 32));
	assert_true(spf_ip_match(&a, &b, 0));
	assert_true(spf_ip_match(&c, &c, 128));
	assert_true(spf_ip_match(&c, &d, 32));
	assert_false(spf_ip_match(&c, &d, 33));
	assert_false(spf_ip_match(&a, &c, 0));
	assert_false(spf_ip_match(&c, &a, 0));
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_match);
	return unit_run("mailauth/spf_ip");
}
