/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/records.h"

#include "unit.h"

#define T1 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define T2 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define T3 "cccccccccccccccccccccccccccccccc"

static const struct service ours = {SERVICE_SESAME, "mail.example", "eu-west-2",
				    ""};
static const struct service amazon = {SERVICE_AMAZON, "amazonses.com",
				      "eu-west-2", ""};
static const struct service amazon_us = {SERVICE_AMAZON, "amazonses.com",
					 "us-east-1", ""};
static const struct service amazon_milan = {SERVICE_AMAZON, "amazonses.com",
					    "eu-south-1", ""};
static const struct service amazon_said = {SERVICE_AMAZON, "amazonses.com",
					   "eu-west-2", "dkim.x.amazonses.com"};

static const struct make_row {
	const char *name;
	const struct service *service;
	const char *selector; /* BYODKIM; "" for three tokens */
	const char *mail_from;
	enum records_policy policy;
	const char *rua;
	const char *want; /* "purpose type name value priority", a line each */
} make[] = {
	{"ours", &ours, "", "sesmail.example.org", RECORDS_QUARANTINE, "",
	 "dkim CNAME " T1 "._domainkey.example.org " T1
	 ".dkim.eu-west-2.mail.example 0\n"
	 "dkim CNAME " T2 "._domainkey.example.org " T2
	 ".dkim.eu-west-2.mail.example 0\n"
	 "dkim CNAME " T3 "._domainkey.example.org " T3
	 ".dkim.eu-west-2.mail.example 0\n"
	 "mail_from_mx MX sesmail.example.org "
	 "feedback-smtp.eu-west-2.mail.example 10\n"
	 "mail_from_spf TXT sesmail.example.org "
	 "v=spf1 include:mail.example ~all 0\n"
	 "dmarc TXT _dmarc.example.org v=DMARC1; p=quarantine; 0\n"
	 "dmarc TXT _dmarc.sesmail.example.org v=DMARC1; p=quarantine; 0\n"},
	{"Amazon's", &amazon, "", "m.example.org", RECORDS_NONE, "",
	 "dkim CNAME " T1 "._domainkey.example.org " T1
	 ".dkim.amazonses.com 0\n"
	 "dkim CNAME " T2 "._domainkey.example.org " T2
	 ".dkim.amazonses.com 0\n"
	 "dkim CNAME " T3 "._domainkey.example.org " T3
	 ".dkim.amazonses.com 0\n"
	 "mail_from_mx MX m.example.org "
	 "feedback-smtp.eu-west-2.amazonses.com 10\n"
	 "mail_from_spf TXT m.example.org "
	 "v=spf1 include:amazonses.com ~all 0\n"
	 "dmarc TXT _dmarc.example.org v=DMARC1; p=none; 0\n"
	 "dmarc TXT _dmarc.m.example.org v=DMARC1; p=none; 0\n"},
	{"without MAIL FROM, with reports", &ours, "s1", "", RECORDS_REJECT,
	 "d@r.example",
	 "dkim TXT s1._domainkey.example.org v=DKIM1; k=rsa; p=MIIB 0\n"
	 "dmarc TXT _dmarc.example.org "
	 "v=DMARC1; p=reject; rua=mailto:d@r.example 0\n"},
	{"BYODKIM at Amazon", &amazon, "s1", "", RECORDS_QUARANTINE, "",
	 "dkim TXT s1._domainkey.example.org p=MIIB 0\n"
	 "dmarc TXT _dmarc.example.org v=DMARC1; p=quarantine; 0\n"},
};

static const struct service_row {
	const char *name;
	const struct service *service;
	const char *signing;
	const char *feedback;
	const char *mail_from;
} service[] = {
	{"ours", &ours, "dkim.eu-west-2.mail.example",
	 "feedback-smtp.eu-west-2.mail.example", "eu-west-2.mail.example"},
	{"Amazon's", &amazon, "dkim.amazonses.com",
	 "feedback-smtp.eu-west-2.amazonses.com", "eu-west-2.amazonses.com"},
	{"Amazon's first region", &amazon_us, "dkim.amazonses.com",
	 "feedback-smtp.us-east-1.amazonses.com", "amazonses.com"},
	{"Amazon's region with keys of its own", &amazon_milan,
	 "dkim.eu-south-1.amazonses.com",
	 "feedback-smtp.eu-south-1.amazonses.com", "eu-south-1.amazonses.com"},
	{"as the API said", &amazon_said, "dkim.x.amazonses.com",
	 "feedback-smtp.eu-west-2.amazonses.com", "eu-west-2.amazonses.com"},
};

static const struct relative_row {
	const char *name;
	const char *full;
	const char *apex;
	const char *want;
} relative[] = {
	{"below the apex", "_dmarc.example.org", "example.org", "_dmarc"},
	{"in a zone above", "_dmarc.a.example.org", "example.org", "_dmarc.a"},
	{"the apex", "Example.org", "example.org", "@"},
	{"case does not matter", "_dmarc.EXAMPLE.org", "example.ORG", "_dmarc"},
	{"no apex known", "_dmarc.example.org", "", "_dmarc.example.org."},
	{"another zone", "_dmarc.example.org", "example.com",
	 "_dmarc.example.org."},
	{"only looks like it", "_dmarc.anexample.org", "example.org",
	 "_dmarc.anexample.org."},
	{"the zone is longer", "org", "example.org", "org."},
	{"a dot alone before it", ".example.org", "example.org",
	 ".example.org."},
};

static const struct records_ask plain = {
	.domain = {"example.org", 11},
	.token = {{"", 0}, {"", 0}, {"", 0}},
	.selector = {"", 0},
	.public_key = {"MIIB", 4},
	.mail_from = {"", 0},
	.rua = {"", 0},
};

static void
check_set(const struct record_set *set, const char *want)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT(8192);

	for (size_t i = 0; i < set->len; i++)
		buf_addf(&got, "%s %s %s %s %u\n",
			 record_purpose_name(set->record[i].purpose),
			 set->record[i].type == DNS_CNAME ? "CNAME"
			 : set->record[i].type == DNS_MX  ? "MX"
							  : "TXT",
			 set->record[i].name, set->record[i].value,
			 set->record[i].priority);
	assert_span(buf_span(&got), want);
}

static void
test_make(void **state)
{
	const struct make_row *row = *state;
	struct records_ask ask = plain;
	struct record_set set;
	struct error error;

	ask.service = row->service;
	ask.selector = span_of(row->selector);
	if (ask.selector.len == 0) {
		ask.token[0] = SPAN(T1);
		ask.token[1] = SPAN(T2);
		ask.token[2] = SPAN(T3);
	}
	ask.mail_from = span_of(row->mail_from);
	ask.policy = row->policy;
	ask.rua = span_of(row->rua);
	assert_true(records_make(&ask, &set, &error));
	check_set(&set, row->want);
	assert_string_equal(set.domain, "example.org");
	assert_string_equal(set.mail_from, row->mail_from);
	assert_string_equal(set.region, row->service->region);
	assert_string_equal(set.service_zone, row->service->zone);
}

static void
test_of_identity(void **state)
{
	struct identity identity = {
		.name = "example.org",
		.type = SES_DOMAIN,
		.origin = SES_ORIGIN_EXTERNAL,
		.token = {"s1"},
	};
	struct record_set set;
	struct error error;

	(void)state;
	assert_true(records_of(&identity, &ours, SPAN("MIIB"), &set, &error));
	check_set(&set,
		  "dkim TXT s1._domainkey.example.org "
		  "v=DKIM1; k=rsa; p=MIIB 0\n"
		  "dmarc TXT _dmarc.example.org v=DMARC1; p=quarantine; 0\n");
	identity.origin = SES_ORIGIN_AWS_SES;
	assert_true(records_of(&identity, &amazon, SPAN(""), &set, &error));
	check_set(&set,
		  "dkim CNAME s1._domainkey.example.org "
		  "s1.dkim.amazonses.com 0\n"
		  "dmarc TXT _dmarc.example.org v=DMARC1; p=quarantine; 0\n");
}

/* The domain's own records are not asked of who has one mailbox in it. */
static void
test_of_address(void **state)
{
	struct identity identity = {
		.name = "\"a@b\"@example.org",
		.type = SES_EMAIL_ADDRESS,
		.mail_from = "m.example.org",
	};
	struct record_set set;
	struct error error;

	(void)state;
	assert_true(records_of(&identity, &ours, SPAN(""), &set, &error));
	assert_string_equal(set.domain, "example.org");
	check_set(&set, "mail_from_mx MX m.example.org "
			"feedback-smtp.eu-west-2.mail.example 10\n"
			"mail_from_spf TXT m.example.org "
			"v=spf1 include:mail.example ~all 0\n");
}

/* A domain of 253 characters has no room for a selector before it. */
static void
test_too_long(void **state)
{
	struct records_ask ask = plain;
	struct record_set set = {.len = 77};
	struct error error;
	char domain[STORE_DOMAIN_SIZE];

	(void)state;
	memset(domain, 'x', sizeof(domain) - 1);
	domain[sizeof(domain) - 1] = '\0';
	for (size_t i = 60; i < 240; i += 60)
		domain[i] = '.';
	ask.service = &ours;
	ask.domain = span_of(domain);
	ask.token[0] = SPAN(T1);
	assert_false(records_make(&ask, &set, &error));
	assert_int_equal(error.code, ERROR_BAD_REQUEST);
	assert_int_equal(set.len, 77);
}

static void
test_service(void **state)
{
	const struct service_row *row = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT(256);

	service_signing_zone(row->service, &text);
	assert_span(buf_span(&text), row->signing);
	buf_clear(&text);
	service_feedback_host(row->service, &text);
	assert_span(buf_span(&text), row->feedback);
	buf_clear(&text);
	service_default_mail_from(row->service, &text);
	assert_span(buf_span(&text), row->mail_from);
}

static void
test_relative(void **state)
{
	const struct relative_row *row = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT(256);

	record_relative(span_of(row->full), span_of(row->apex), &text);
	assert_span(buf_span(&text), row->want);
}

static void
test_get(void **state)
{
	struct record_set set = {
		.record = {{.purpose = RECORD_DKIM},
			   {.purpose = RECORD_DMARC},
			   {.purpose = RECORD_DKIM}},
		.len = 3,
	};
	const struct record *r = records_get(&set, RECORD_DKIM, NULL);

	(void)state;
	assert_ptr_equal(r, &set.record[0]);
	r = records_get(&set, RECORD_DKIM, r);
	assert_ptr_equal(r, &set.record[2]);
	assert_null(records_get(&set, RECORD_DKIM, r));
	assert_null(records_get(&set, RECORD_MAIL_FROM_MX, NULL));
}

static void
test_purposes(void **state)
{
	enum record_purpose got;

	(void)state;
	for (enum record_purpose p = RECORD_DKIM; p <= RECORD_DMARC; p++) {
		assert_true(record_purpose_parse(
			span_of(record_purpose_name(p)), &got));
		assert_int_equal(got, p);
	}
	assert_false(record_purpose_parse(SPAN("spf"), &got));
}

int
main(void)
{
	UNIT_ROWS(test_make, make);
	UNIT(test_of_identity);
	UNIT(test_of_address);
	UNIT(test_too_long);
	UNIT_ROWS(test_service, service);
	UNIT_ROWS(test_relative, relative);
	UNIT(test_get);
	UNIT(test_purposes);
	return unit_run("identity/records");
}
