/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/model_match.h"

#include "unit.h"

#define A24 "aaaaaaaaaaaaaaaaaaaaaaa9"
#define ARN(partition, region, account, id)                                    \
	"arn:" partition ":ses:" region ":" account ":mailmanager-archive/" id

static const struct row {
	const char *name; /* the text */
	bool (*match)(struct span s);
	bool good;
} rows[] = {
	{"a@b", model_match_contact, true},
	{"@@@", model_match_contact, true},
	{"a@b@c", model_match_contact, true},
	{"@b", model_match_contact, false},
	{"a@", model_match_contact, false},
	{"ab", model_match_contact, false},
	{"@", model_match_contact, false},
	{"", model_match_contact, false},
	{"a@b\n", model_match_contact, false},
	{"a\xe2\x80\xa8@b", model_match_contact, false},

	{ARN("aws", "eu-west-1", "1", "a-" A24), model_match_archive_arn, true},
	{ARN("aws-us-gov", "us-gov-west-1", "123456789012",
	     "a-" A24 A24 "01234567890123"),
	 model_match_archive_arn, true},
	{ARN("aws", "eu-west-1", "1", "a-" A24 A24 "012345678901234"),
	 model_match_archive_arn, false},
	{ARN("aws", "eu-west-1", "1", "a-aaaaaaaaaaaaaaaaaaaaaaa"),
	 model_match_archive_arn, false},
	{ARN("aws", "eu-west-1", "1", "b-" A24), model_match_archive_arn,
	 false},
	{ARN("aws", "eu-west-1", "1", "a-" A24 "A"), model_match_archive_arn,
	 false},
	{ARN("aws", "eu-west-1", "", "a-" A24), model_match_archive_arn, false},
	{ARN("aws", "eu-west-1", "123456789012345678901", "a-" A24),
	 model_match_archive_arn, false},
	{ARN("aws", "eu-west-1", "x", "a-" A24), model_match_archive_arn,
	 false},
	{ARN("aws", "eu-west", "1", "a-" A24), model_match_archive_arn, false},
	{ARN("aws", "eu-west-12", "1", "a-" A24), model_match_archive_arn,
	 false},
	{ARN("aws", "e-west-1", "1", "a-" A24), model_match_archive_arn, false},
	{ARN("aws", "eu-1", "1", "a-" A24), model_match_archive_arn, false},
	{ARN("aws", "eu--1", "1", "a-" A24), model_match_archive_arn, false},
	{ARN("aws", "eu---1", "1", "a-" A24), model_match_archive_arn, true},
	{ARN("aws-", "eu-west-1", "1", "a-" A24), model_match_archive_arn,
	 false},
	{ARN("AWS", "eu-west-1", "1", "a-" A24), model_match_archive_arn,
	 false},
	{"", model_match_archive_arn, false},
	{"arn:aws:ses:eu-west-1:1", model_match_archive_arn, false},

	{"aZ_9-", model_match_endpoint, true},
	{"", model_match_endpoint, false},
	{"a.b", model_match_endpoint, false},

	{"X-Name", model_match_header_name, true},
	{"!~", model_match_header_name, true},
	{"", model_match_header_name, false},
	{"X:", model_match_header_name, false},
	{"X Y", model_match_header_name, false},
	{"X\x7f", model_match_header_name, false},
	{"X\xc3\xa9", model_match_header_name, false},

	{"", model_match_header_value, true},
	{" ~", model_match_header_value, true},
	{"a\tb", model_match_header_value, false},
	{"a\r\nb", model_match_header_value, false},
	{"\x7f", model_match_header_value, false},

	{"", model_match_base64, true},
	{"AAAA", model_match_base64, true},
	{"+/A=", model_match_base64, true},
	{"AA==", model_match_base64, true},
	{"A===", model_match_base64, false},
	{"AAA", model_match_base64, false},
	{"AA=A", model_match_base64, false},
	{"AA-_", model_match_base64, false},
	{"====", model_match_base64, false},

	{"A", model_match_private_key, true},
	{"+/a9==", model_match_private_key, true},
	{"", model_match_private_key, false},
	{"=", model_match_private_key, false},
	{"A===", model_match_private_key, false},
	{"A\n", model_match_private_key, false},

	{"s3://b/k", model_match_s3_url, true},
	{"s3://b/a/b/c.csv", model_match_s3_url, true},
	{"s3://b/a/", model_match_s3_url, true},
	{"s3://b//a", model_match_s3_url, true},
	{"s3://b/a\nb", model_match_s3_url, true},
	{"s3://b/a\nb/c", model_match_s3_url, false},
	{"s3://b/", model_match_s3_url, false},
	{"s3://b//", model_match_s3_url, false},
	{"s3://b/a//", model_match_s3_url, false},
	{"s3://b", model_match_s3_url, false},
	{"s3:///k", model_match_s3_url, false},
	{"S3://b/k", model_match_s3_url, false},
	{"", model_match_s3_url, false},

	{"a", model_match_selector, true},
	{"a-B9", model_match_selector, true},
	{"a--b", model_match_selector, true},
	{"", model_match_selector, false},
	{"-", model_match_selector, false},
	{"-a", model_match_selector, false},
	{"a-", model_match_selector, false},
	{"a.b", model_match_selector, false},

	{"https://a.example/b?c#d", model_match_url, true},
	{"", model_match_url, true},
	{"a\nb", model_match_url, true},
	{"#a\nb", model_match_url, false},
	{"#a\xc2\x85", model_match_url, false},
	{"a#b#c", model_match_url, true},
};

static void
test_match(void **state)
{
	const struct row *row = *state;

	assert_int_equal(row->match(span_of(row->name)), row->good);
}

/* NUL is a character like any other. */
static void
test_nul(void **state)
{
	(void)state;
	assert_false(model_match_endpoint(SPAN("a\0b")));
	assert_false(model_match_private_key(SPAN("A\0")));
	assert_true(model_match_contact(SPAN("a\0@b")));
}

int
main(void)
{
	UNIT_ROWS(test_match, rows);
	UNIT(test_nul);
	return unit_run("ses/model_match");
}
