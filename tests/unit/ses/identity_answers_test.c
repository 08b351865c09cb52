/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/identity_answers.h"

#include "unit.h"

static const struct ses_identity verified = {
	.type = SES_DOMAIN,
	.feedback_forwarding = true,
	.verified = true,
	.status = SES_SUCCESS,
	.dkim = {.signing_enabled = true,
		 .status = SES_SUCCESS,
		 .origin = SES_ORIGIN_AWS_SES,
		 .token = {{"t1", 2}, {"t2", 2}, {"t3", 2}},
		 .tokens = 3,
		 .signing_zone = {"dkim.z", 6},
		 .next_length = SES_RSA_2048_BIT,
		 .current_length = 1024,
		 .key_generated = 1700000000123},
	.mail_from = {{"m.a", 3}, SES_PENDING, SES_REJECT_MESSAGE},
	.verification = {.last_checked = 1700000001000,
			 .last_success = 1700000000000,
			 .error = SES_ERROR_HOST_NOT_FOUND,
			 .soa_primary = {"ns.a", 4},
			 .soa_admin = {"host.a", 6},
			 .soa_serial = 4294967295},
	.configuration_set = {"cs1", 3},
	.tags = {.tag = {{{"k", 1}, {"v", 1}}}, .len = 1},
};

#define VERIFIED                                                               \
	"{\"IdentityType\":\"DOMAIN\",\"VerifiedForSendingStatus\":true,"      \
	"\"DkimAttributes\":{\"SigningEnabled\":true,\"Status\":\"SUCCESS\","  \
	"\"Tokens\":[\"t1\",\"t2\",\"t3\"],\"SigningHostedZone\":\"dkim.z\","  \
	"\"SigningAttributesOrigin\":\"AWS_SES\",\"NextSigningKeyLength\":"    \
	"\"RSA_2048_BIT\",\"CurrentSigningKeyLength\":\"RSA_1024_BIT\","       \
	"\"LastKeyGenerationTimestamp\":1700000000.123},"                      \
	"\"FeedbackForwardingStatus\":true,\"MailFromAttributes\":{"           \
	"\"MailFromDomain\":\"m.a\",\"MailFromDomainStatus\":\"PENDING\","     \
	"\"BehaviorOnMxFailure\":\"REJECT_MESSAGE\"},\"Policies\":{},"         \
	"\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}],"                          \
	"\"ConfigurationSetName\":\"cs1\",\"VerificationStatus\":\"SUCCESS\"," \
	"\"VerificationInfo\":{\"LastCheckedTimestamp\":1700000001,"           \
	"\"LastSuccessTimestamp\":1700000000,\"ErrorType\":"                   \
	"\"HOST_NOT_FOUND\",\"SOARecord\":{\"PrimaryNameServer\":\"ns.a\","    \
	"\"AdminEmail\":\"host.a\",\"SerialNumber\":4294967295}}}"

static const struct ses_identity fresh = {
	.type = SES_EMAIL_ADDRESS,
	.feedback_forwarding = true,
	.status = SES_PENDING,
	.dkim = {.status = SES_NOT_STARTED,
		 .origin = SES_ORIGIN_AWS_SES,
		 .signing_zone = {"", 0},
		 .next_length = SES_RSA_1024_BIT},
	.mail_from = {{"", 0}, SES_NOT_STARTED, SES_USE_DEFAULT_VALUE},
	.verification = {.soa_primary = {"", 0}, .soa_admin = {"", 0}},
	.configuration_set = {"", 0},
};

#define FRESH                                                                  \
	"{\"IdentityType\":\"EMAIL_ADDRESS\",\"VerifiedForSendingStatus\":"    \
	"false,\"DkimAttributes\":{\"SigningEnabled\":false,\"Status\":"       \
	"\"NOT_STARTED\",\"SigningAttributesOrigin\":\"AWS_SES\","             \
	"\"NextSigningKeyLength\":\"RSA_1024_BIT\"},"                          \
	"\"FeedbackForwardingStatus\":true,\"MailFromAttributes\":{"           \
	"\"BehaviorOnMxFailure\":\"USE_DEFAULT_VALUE\"},\"Policies\":{},"      \
	"\"Tags\":[],\"VerificationStatus\":\"PENDING\","                      \
	"\"VerificationInfo\":{}}"

static const struct row {
	const char *name;
	const struct ses_identity *identity;
	const char *json;
} rows[] = {
	{"a verified domain", &verified, VERIFIED},
	{"a new address", &fresh, FRESH},
};

/* Written, read and written again: the same text each time. */
static void
test_identity(void **state)
{
	const struct row *row = *state;
	CLEANUP(json_decrefp) json_t *json = ses_identity_write(row->identity);
	CLEANUP(json_decrefp) json_t *again = NULL;
	CLEANUP(buf_release) struct buf text = BUF_INIT(4000);
	struct ses_identity got;
	struct error error;

	assert_true(json_format(json, &text));
	assert_string_equal(text.ptr, row->json);
	assert_true(ses_identity_read(json, &got, &error));
	again = ses_identity_write(&got);
	buf_clear(&text);
	assert_true(json_format(again, &text));
	assert_string_equal(text.ptr, row->json);
}

static json_t *
parse(const char *text)
{
	json_t *json = NULL;

	assert_int_equal(json_parse(span_of(text), 10000, &json, NULL),
			 JSON_OK);
	return json;
}

/* What Amazon says and sesame has no word for. */
static void
test_lenient(void **state)
{
	CLEANUP(json_decrefp)
	json_t *json =
		parse("{\"IdentityType\":\"MANAGED_DOMAIN\","
		      "\"VerificationStatus\":\"NEW\",\"DkimAttributes\":{"
		      "\"Status\":7,\"SigningAttributesOrigin\":"
		      "\"AWS_SES_EU_WEST_1\",\"Tokens\":[\"a\",\"b\",\"c\","
		      "\"d\"],\"LastKeyGenerationTimestamp\":\"soon\"},"
		      "\"VerificationInfo\":{\"ErrorType\":"
		      "\"REPLICATION_ACCESS_DENIED\"}}");
	CLEANUP(json_decrefp) json_t *empty = parse("{}");
	CLEANUP(json_decrefp) json_t *list = parse("[]");
	struct ses_identity got;
	struct error error = {0};

	(void)state;
	assert_true(ses_identity_read(json, &got, &error));
	assert_int_equal(got.type, 0);
	assert_int_equal(got.status, SES_NOT_STARTED);
	assert_int_equal(got.dkim.status, SES_NOT_STARTED);
	assert_int_equal(got.dkim.origin, SES_ORIGIN_AWS_SES);
	assert_int_equal(got.dkim.tokens, 3);
	assert_int_equal(got.dkim.key_generated, 0);
	assert_int_equal(got.verification.error, SES_ERROR_NONE);
	assert_true(ses_identity_read(empty, &got, &error));
	assert_span(got.dkim.signing_zone, "");
	assert_span(got.mail_from.domain, "");
	assert_false(ses_identity_read(list, &got, &error));
}

static void
test_parts(void **state)
{
	CLEANUP(json_decrefp)
	json_t *created = ses_created_write(SES_DOMAIN, false, &verified.dkim);
	CLEANUP(json_decrefp)
	json_t *signing = ses_signing_answer_write(&verified.dkim);
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000);
	struct ses_identity got;
	struct error error;

	(void)state;
	assert_true(ses_identity_read(created, &got, &error));
	assert_int_equal(got.type, SES_DOMAIN);
	assert_span(got.dkim.token[2], "t3");
	assert_true(json_format(signing, &text));
	assert_string_equal(text.ptr,
			    "{\"DkimStatus\":\"SUCCESS\",\"DkimTokens\":["
			    "\"t1\",\"t2\",\"t3\"],\"SigningHostedZone\":"
			    "\"dkim.z\"}");
	assert_true(ses_identity_read(signing, &got, &error));
	assert_int_equal(got.dkim.status, SES_SUCCESS);
	assert_span(got.dkim.token[0], "t1");
	assert_span(got.dkim.signing_zone, "dkim.z");
}

static void
test_entry(void **state)
{
	struct ses_identity_entry entry = {SES_DOMAIN, SPAN("a.example"), true,
					   SES_TEMPORARY_FAILURE};
	CLEANUP(json_decrefp) json_t *json = ses_identity_entry_write(&entry);
	CLEANUP(json_decrefp) json_t *other = parse("{\"IdentityName\":1}");
	struct ses_identity_entry got;

	(void)state;
	assert_true(ses_identity_entry_read(json, &got));
	assert_span(got.name, "a.example");
	assert_int_equal(got.status, SES_TEMPORARY_FAILURE);
	assert_true(got.sending_enabled);
	assert_false(ses_identity_entry_read(other, &got));
}

int
main(void)
{
	UNIT_ROWS(test_identity, rows);
	UNIT(test_lenient);
	UNIT(test_parts);
	UNIT(test_entry);
	return unit_run("ses/identity_answers");
}
