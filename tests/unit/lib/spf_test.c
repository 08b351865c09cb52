/* SPDX-License-Identifier: Apache-2.0 */
#include "zone.h"

static const struct zone_row zone[] = {
	{"a.example", SESAME_DNS_TXT,
	 "v=spf1 ip4:192.0.2.1 a:h.a.example -all"},
	{"h.a.example", SESAME_DNS_A, "192.0.2.2"},
	{"e.example", SESAME_DNS_TXT, "v=spf1 -all exp=x.e.example"},
	{"x.e.example", SESAME_DNS_TXT, "%{i} may not send for %{d}"},
	{"two.example", SESAME_DNS_TXT, "v=spf1 -all"},
	{"two.example", SESAME_DNS_TXT, "v=spf1 +all"},
	{"bad.example", SESAME_DNS_TXT, "v=spf1 ip4:x -all"},
	{"soft.example", SESAME_DNS_TXT, "v=spf1 ~all"},
	{"open.example", SESAME_DNS_TXT, "v=spf1 ?all"},
	{"inc.example", SESAME_DNS_TXT, "v=spf1 include:none.example -all"},
	{"down.example", 0, NULL},
};

static const struct row {
	const char *name;
	const char *ip;
	const char *helo;
	const char *mail_from; /* NULL: not known */
	enum sesame_spf_code code;
	enum sesame_spf_reason reason;
	enum sesame_spf_identity identity;
	const char *domain;
	const char *term;
	const char *explanation;
} rows[] = {
	{"pass by ip4:", "192.0.2.1", "h", "x@a.example", SESAME_SPF_PASS,
	 SESAME_SPF_MATCHED, SESAME_SPF_MAILFROM, "a.example", "ip4:192.0.2.1",
	 ""},
	{"pass by a:", "192.0.2.2", "h", "<x@a.example>", SESAME_SPF_PASS,
	 SESAME_SPF_MATCHED, SESAME_SPF_MAILFROM, "a.example", "a:h.a.example",
	 ""},
	{"fail", "::1", "h", "x@a.example", SESAME_SPF_FAIL, SESAME_SPF_MATCHED,
	 SESAME_SPF_MAILFROM, "a.example", "-all", ""},
	{"the domain's own words", "192.0.2.9", "h", "x@e.example",
	 SESAME_SPF_FAIL, SESAME_SPF_MATCHED, SESAME_SPF_MAILFROM, "e.example",
	 "-all", "192.0.2.9 may not send for e.example"},
	{"the null sender", "192.0.2.1", "a.example", "<>", SESAME_SPF_PASS,
	 SESAME_SPF_MATCHED, SESAME_SPF_HELO, "a.example", "ip4:192.0.2.1", ""},
	{"HELO alone", "192.0.2.1", "a.example", NULL, SESAME_SPF_PASS,
	 SESAME_SPF_MATCHED, SESAME_SPF_HELO, "a.example", "ip4:192.0.2.1", ""},
	{"softfail", "192.0.2.1", "h", "x@soft.example", SESAME_SPF_SOFTFAIL,
	 SESAME_SPF_MATCHED, SESAME_SPF_MAILFROM, "soft.example", "~all", ""},
	{"neutral", "192.0.2.1", "h", "x@open.example", SESAME_SPF_NEUTRAL,
	 SESAME_SPF_MATCHED, SESAME_SPF_MAILFROM, "open.example", "?all", ""},
	{"none", "192.0.2.1", "h", "x@none.example", SESAME_SPF_NONE,
	 SESAME_SPF_NO_RECORD, SESAME_SPF_MAILFROM, "none.example", "", ""},
	{"several records", "192.0.2.1", "h", "x@two.example",
	 SESAME_SPF_PERMERROR, SESAME_SPF_RECORDS, SESAME_SPF_MAILFROM,
	 "two.example", "", ""},
	{"a malformed record", "192.0.2.1", "h", "x@bad.example",
	 SESAME_SPF_PERMERROR, SESAME_SPF_SYNTAX, SESAME_SPF_MAILFROM,
	 "bad.example", "ip4:x", ""},
	{"an include that leads nowhere", "192.0.2.1", "h", "x@inc.example",
	 SESAME_SPF_PERMERROR, SESAME_SPF_NO_INCLUDE, SESAME_SPF_MAILFROM,
	 "inc.example", "include:none.example", ""},
	{"DNS is down", "192.0.2.1", "h", "x@down.example",
	 SESAME_SPF_TEMPERROR, SESAME_SPF_DNS, SESAME_SPF_MAILFROM,
	 "down.example", "", ""},
};

static void
run(const struct row *row, enum zone_door door, struct sesame_cache *cache)
{
	struct sesame_spf_input in = {
		.size = sizeof(in),
		.client_ip = sesame_text_of(row->ip),
		.helo = sesame_text_of(row->helo),
		.mail_from = sesame_text_of(row->mail_from),
		.time_ms = 1,
		.cache = cache,
	};
	const struct sesame_spf_result *result;
	struct sesame_spf *spf;

	assert_int_equal(sesame_spf_new(&in, &spf), SESAME_OK);
	if (sesame_dns_ask(sesame_spf_dns(spf)) != NULL)
		assert_null(sesame_spf_result(spf));
	zone_answer_all(sesame_spf_dns(spf), zone, COUNT(zone), door);
	result = sesame_spf_result(spf);
	assert_non_null(result);
	assert_int_equal(result->code, row->code);
	assert_int_equal(result->reason, row->reason);
	assert_int_equal(result->identity, row->identity);
	assert_text(result->domain, row->domain);
	if (row->term[0] != '\0')
		assert_text(result->term, row->term);
	assert_text(result->explanation, row->explanation);
	assert_true(strlen(result->reason_text) > 0);
	sesame_spf_free(spf);
}

static void
test_row(void **state)
{
	run(*state, ZONE_ADDED, NULL);
	run(*state, ZONE_WIRE, NULL);
}

/* Twice with one cache: what is kept says the same. */
static void
test_cached(void **state)
{
	struct sesame_cache *cache = sesame_cache_new(NULL);

	run(*state, ZONE_ADDED, cache);
	run(*state, ZONE_ADDED, cache);
	sesame_cache_free(cache);
}

static void
test_input(void **state)
{
	struct sesame_spf_input in = {.size = sizeof(in)};
	struct {
		struct sesame_spf_input in;
		uint64_t more;
	} newer = {.in = {.size = sizeof(newer)}};
	struct sesame_spf *spf = NULL;

	(void)state;
	assert_int_equal(sesame_spf_new(NULL, &spf), SESAME_ERR_ARGUMENT);
	assert_int_equal(sesame_spf_new(&in, &spf), SESAME_ERR_ADDRESS);
	in.client_ip = sesame_text_of("192.0.2.256");
	assert_int_equal(sesame_spf_new(&in, &spf), SESAME_ERR_ADDRESS);
	in.client_ip = sesame_text_of("192.0.2.1");
	in.size = 0;
	assert_int_equal(sesame_spf_new(&in, &spf), SESAME_ERR_ARGUMENT);
	/* a program of a later version, and what it sets */
	newer.in.client_ip = in.client_ip;
	assert_int_equal(sesame_spf_new(&newer.in, &spf), SESAME_OK);
	sesame_spf_free(spf);
	newer.more = 1;
	assert_int_equal(sesame_spf_new(&newer.in, &spf), SESAME_ERR_ARGUMENT);
	/* one of an earlier: it ends before the cache */
	in.size = offsetof(struct sesame_spf_input, cache);
	in.cache = (struct sesame_cache *)&in;
	assert_int_equal(sesame_spf_new(&in, &spf), SESAME_OK);
	sesame_spf_free(spf);
	sesame_spf_free(NULL);
}

static void
test_names(void **state)
{
	(void)state;
	assert_string_equal(sesame_spf_name(SESAME_SPF_SOFTFAIL), "softfail");
	assert_string_equal(sesame_spf_name((enum sesame_spf_code)99),
			    "permerror");
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT_ROWS(test_cached, rows);
	UNIT(test_input);
	UNIT(test_names);
	return unit_run("lib/spf");
}
