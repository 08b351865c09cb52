/* SPDX-License-Identifier: Apache-2.0 */
#include "zone.h"

static const struct zone_row zone[] = {
	{"_dmarc.a.example", SESAME_DNS_TXT, "v=DMARC1; p=reject; sp=none"},
	{"_dmarc.t.example", SESAME_DNS_TXT, "v=DMARC1; p=reject; t=y"},
	{"_dmarc.down.example", 0, NULL},
};

static const struct row {
	const char *name;
	const char *author; /* NULL: there is no one */
	const char *spf;    /* a domain that passed SPF, or NULL */
	const char *dkim;   /* one that passed DKIM, or NULL */
	enum sesame_dmarc_code code;
	enum sesame_dmarc_reason reason;
	enum sesame_dmarc_policy policy, disposition;
	bool spf_aligned, dkim_aligned;
	const char *org;
} rows[] = {
	{"DKIM aligned", "a.example", NULL, "a.example", SESAME_DMARC_PASS,
	 SESAME_DMARC_ALIGNED, SESAME_POLICY_REJECT, SESAME_POLICY_NONE, false,
	 true, "a.example"},
	{"SPF aligned, relaxed", "a.example", "b.a.example", NULL,
	 SESAME_DMARC_PASS, SESAME_DMARC_ALIGNED, SESAME_POLICY_REJECT,
	 SESAME_POLICY_NONE, true, false, "a.example"},
	{"others passed", "a.example", "x.example", "y.example",
	 SESAME_DMARC_FAIL, SESAME_DMARC_NOT_ALIGNED, SESAME_POLICY_REJECT,
	 SESAME_POLICY_REJECT, false, false, "a.example"},
	{"nothing passed", "a.example", NULL, NULL, SESAME_DMARC_FAIL,
	 SESAME_DMARC_NO_PASS, SESAME_POLICY_REJECT, SESAME_POLICY_REJECT,
	 false, false, "a.example"},
	{"a subdomain", "b.a.example", NULL, NULL, SESAME_DMARC_FAIL,
	 SESAME_DMARC_NO_PASS, SESAME_POLICY_NONE, SESAME_POLICY_NONE, false,
	 false, "a.example"},
	{"testing", "t.example", NULL, NULL, SESAME_DMARC_FAIL,
	 SESAME_DMARC_NO_PASS, SESAME_POLICY_REJECT, SESAME_POLICY_QUARANTINE,
	 false, false, "t.example"},
	{"no record", "n.example", NULL, "n.example", SESAME_DMARC_NONE,
	 SESAME_DMARC_NO_RECORD, SESAME_POLICY_ABSENT, SESAME_POLICY_NONE,
	 false, false, NULL},
	{"DNS is down", "down.example", NULL, NULL, SESAME_DMARC_TEMPERROR,
	 SESAME_DMARC_DNS, SESAME_POLICY_ABSENT, SESAME_POLICY_NONE, false,
	 false, NULL},
	{"no author", NULL, NULL, NULL, SESAME_DMARC_PERMERROR,
	 SESAME_DMARC_NO_AUTHOR, SESAME_POLICY_ABSENT, SESAME_POLICY_NONE,
	 false, false, NULL},
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct sesame_dmarc_input in = {
		.size = sizeof(in),
		.author_domain = sesame_text_of(row->author),
	};
	const struct sesame_dmarc_result *result;
	struct sesame_dmarc *dmarc;

	assert_int_equal(sesame_dmarc_new(&in, &dmarc), SESAME_OK);
	if (row->spf != NULL)
		assert_int_equal(sesame_dmarc_add_spf(dmarc,
						      sesame_text_of(row->spf),
						      SESAME_SPF_PASS),
				 SESAME_OK);
	if (row->dkim != NULL)
		assert_int_equal(
			sesame_dmarc_add_dkim(dmarc, sesame_text_of(row->dkim),
					      SESAME_DKIM_PASS),
			SESAME_OK);
	assert_null(sesame_dmarc_result(dmarc));
	zone_answer_all(sesame_dmarc_dns(dmarc), zone, COUNT(zone), ZONE_WIRE);
	result = sesame_dmarc_result(dmarc);
	assert_int_equal(result->code, row->code);
	assert_int_equal(result->reason, row->reason);
	assert_int_equal(result->policy, row->policy);
	assert_int_equal(result->disposition, row->disposition);
	assert_int_equal(result->spf_aligned, row->spf_aligned);
	assert_int_equal(result->dkim_aligned, row->dkim_aligned);
	if (row->org != NULL)
		assert_text(result->org, row->org);
	assert_text(result->author, row->author != NULL ? row->author : "");
	assert_int_equal(sesame_dmarc_add_spf(dmarc, sesame_text_of("a"),
					      SESAME_SPF_PASS),
			 SESAME_ERR_ORDER);
	sesame_dmarc_free(dmarc);
}

static void
test_input(void **state)
{
	struct sesame_dmarc_input in = {
		.size = sizeof(in),
		.author_domain = sesame_text_of("a..example"),
	};
	struct sesame_dmarc *dmarc;

	(void)state;
	assert_int_equal(sesame_dmarc_new(NULL, &dmarc), SESAME_ERR_ARGUMENT);
	assert_int_equal(sesame_dmarc_new(&in, &dmarc), SESAME_ERR_DOMAIN);
	in.author_domain = sesame_text_of("b\xc3\xbc.example");
	assert_int_equal(sesame_dmarc_new(&in, &dmarc), SESAME_OK);
	assert_int_equal(sesame_dmarc_add_dkim(dmarc, sesame_text_of(""),
					       SESAME_DKIM_PASS),
			 SESAME_ERR_DOMAIN);
	for (size_t i = 0; i < SESAME_DMARC_IDENTIFIERS_MAX; i++)
		assert_int_equal(sesame_dmarc_add_dkim(
					 dmarc, sesame_text_of("a.example"),
					 SESAME_DKIM_FAIL),
				 SESAME_OK);
	assert_int_equal(sesame_dmarc_add_dkim(dmarc,
					       sesame_text_of("a.example"),
					       SESAME_DKIM_PASS),
			 SESAME_ERR_TOO_BIG);
	assert_text(sesame_dns_ask(sesame_dmarc_dns(dmarc))->name,
		    "_dmarc.xn--b-eha.example");
	sesame_dmarc_free(dmarc);
	sesame_dmarc_free(NULL);
	assert_string_equal(sesame_dmarc_name(SESAME_DMARC_PERMERROR),
			    "permerror");
	assert_string_equal(sesame_policy_name(SESAME_POLICY_QUARANTINE),
			    "quarantine");
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_input);
	return unit_run("lib/dmarc");
}
