/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/document.h"

#include <stdlib.h>

#include "api/identity_json.h"
#include "publish/json.h"

#include "unit.h"

static const struct row {
	const char *name;
	const char *json;
	enum cli_exit want;
} rows[] = {
	{"all is done", "{\"done\":true}", CLI_YES},
	{"pending",
	 "{\"done\":false,\"verification\":{\"status\":\"PENDING\"},"
	 "\"steps\":[{\"state\":\"waiting\"}]}",
	 CLI_NOT_YET},
	{"pending, with a wrong record",
	 "{\"done\":false,\"verification\":{\"status\":\"PENDING\"},"
	 "\"steps\":[{\"state\":\"wrong\"}]}",
	 CLI_NO},
	{"one failed, the others pend",
	 "{\"verification\":{\"status\":\"PENDING\"},"
	 "\"mail_from\":{\"status\":\"FAILED\"}}",
	 CLI_NO},
	{"verified, but a step is wrong",
	 "{\"verification\":{\"status\":\"SUCCESS\"},"
	 "\"dkim\":{\"status\":\"SUCCESS\"},\"mail_from\":null,"
	 "\"steps\":[{\"state\":\"done\"},{\"state\":\"wrong\"}]}",
	 CLI_NO},
	{"verified, and a step waits",
	 "{\"verification\":{\"status\":\"SUCCESS\"},"
	 "\"dkim\":{\"status\":\"SUCCESS\"},"
	 "\"steps\":[{\"state\":\"waiting\"}]}",
	 CLI_NOT_YET},
	{"nothing is said", "{}", CLI_NOT_YET},
};

static void
test_exit(void **state)
{
	const struct row *row = *state;
	CLEANUP(json_decrefp) json_t *json = NULL;

	assert_int_equal(json_parse(span_of(row->json), 10000, &json, NULL),
			 JSON_OK);
	assert_int_equal(document_exit(json), row->want);
}

static const struct name_row {
	const char *name;
	const char *want; /* NULL: it is none */
} names[] = {
	{"EXAMPLE.org.", "example.org"},
	{"B\xc3\xbc"
	 "cher.example",
	 "xn--bcher-kva.example"},
	{"Info@Example.org", "Info@example.org"},
	{"localhost", NULL},
	{"", NULL},
	{"exa mple.org", NULL},
};

static void
test_name(void **state)
{
	const struct name_row *row = *state;
	char name[STORE_NAME_SIZE];
	struct error err = {0};

	if (row->want != NULL) {
		assert_true(document_name(row->name, name, &err));
		assert_string_equal(name, row->want);
	} else {
		assert_false(document_name(row->name, name, &err));
		assert_int_equal(cli_exit_of(err.code), CLI_USAGE);
	}
}

static const char answer[] =
	"{\"IdentityType\":\"DOMAIN\",\"VerifiedForSendingStatus\":false,"
	"\"VerificationStatus\":\"PENDING\",\"DkimAttributes\":{"
	"\"SigningEnabled\":true,\"Status\":\"PENDING\",\"Tokens\":[\"aaa\","
	"\"bbb\",\"ccc\"],\"SigningHostedZone\":\"%s\","
	"\"SigningAttributesOrigin\":\"%s\"},\"MailFromAttributes\":{"
	"\"MailFromDomain\":\"m.example.org\",\"MailFromDomainStatus\":"
	"\"PENDING\",\"BehaviorOnMxFailure\":\"REJECT_MESSAGE\"}}";

/* The record set of the answer of some endpoint. */
static bool
records(const char *zone, const char *origin, bool amazon,
	struct record_set *ret, struct error *reterr)
{
	static struct target target = {.region = "eu-west-2"};
	static struct ses_identity identity;
	static struct remote remote;
	CLEANUP(json_decrefp) json_t *json = NULL;
	char text[2048];

	target.amazon = amazon;
	snprintf(text, sizeof(text), answer, zone, origin);
	assert_int_equal(json_parse(span_of(text), 10000, &json, NULL),
			 JSON_OK);
	return ses_identity_read(json, &identity, reterr) &&
	       remote_of(&identity, "example.org", &remote, reterr) &&
	       remote_records(&remote, &target, ret, reterr);
}

static void
test_records(void **state)
{
	static struct record_set set;
	struct error err = {0};

	(void)state;
	assert_true(records("dkim.eu-west-2.mail.example", "AWS_SES", false,
			    &set, &err));
	assert_int_equal(set.len, 7);
	assert_string_equal(set.record[0].name, "aaa._domainkey.example.org");
	assert_string_equal(set.record[0].value,
			    "aaa.dkim.eu-west-2.mail.example");
	assert_string_equal(set.record[3].value,
			    "feedback-smtp.eu-west-2.mail.example");
	assert_string_equal(set.record[4].value,
			    "v=spf1 include:mail.example ~all");
	/* Amazon's names, also where only the zone tells that it is Amazon. */
	assert_true(
		records("dkim.amazonses.com", "AWS_SES", false, &set, &err));
	assert_string_equal(set.record[0].value, "aaa.dkim.amazonses.com");
	assert_string_equal(set.record[3].value,
			    "feedback-smtp.eu-west-2.amazonses.com");
	assert_true(records("x.dkim.eu-south-1.amazonses.com", "AWS_SES", true,
			    &set, &err));
	assert_string_equal(set.record[0].value,
			    "aaa.x.dkim.eu-south-1.amazonses.com");
	/* A key of one's own is not in the answer, so not in the set. */
	assert_true(
		records("dkim.amazonses.com", "EXTERNAL", true, &set, &err));
	assert_int_equal(set.len, 4);
	assert_int_equal(set.record[0].purpose, RECORD_MAIL_FROM_MX);
	assert_false(
		records("evilamazonses.com", "AWS_SES", false, &set, &err));
	assert_int_equal(err.code, ERROR_BAD_REQUEST);
}

/* A document has a record set that reads back the same. */
static void
test_document(void **state)
{
	static struct record_set set, got;
	static struct identity identity = {
		.name = "example.org",
		.type = SES_DOMAIN,
		.verification = {SES_PENDING, 1000, 0},
		.dkim = {SES_PENDING, 0, 0},
		.origin = SES_ORIGIN_AWS_SES,
		.mail_from_standing = {SES_PENDING, 0, 0},
		.on_mx_failure = SES_USE_DEFAULT_VALUE,
		.mail_from = "m.example.org"};
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(100000);
	CLEANUP(json_decrefp) json_t *json = NULL;
	CLEANUP(buf_release) struct buf text = BUF_INIT(PUBLISH_JSON_MAX);
	struct step step[STEPS];
	struct error err = {0};

	(void)state;
	assert_true(records("dkim.eu-west-2.mail.example", "AWS_SES", false,
			    &set, &err));
	steps_of(&identity, NULL, &arena, step);
	json = identity_json(&(struct identity_json){
		.identity = &identity,
		.set = &set,
		.step = step,
		.signing_zone = "dkim.eu-west-2.mail.example",
	});
	assert_span(document_text(json, "verification.since"),
		    "1970-01-01T00:00:01Z");
	assert_span(document_text(json, "mail_from.on_mx_failure"),
		    "USE_DEFAULT_VALUE");
	assert_span(document_text(json, "nothing.there"), "");
	assert_span(document_text(
			    json_array_get(json_get_array(json, "records"), 0),
			    "state"),
		    "not_asked");
	assert_int_equal(json_array_size(json_get_array(json, "steps")), STEPS);
	assert_true(json_format(json, &text));
	assert_true(publish_json_parse(buf_span(&text), &got, &err));
	assert_int_equal(got.len, set.len);
	for (size_t i = 0; i < got.len; i++) {
		assert_string_equal(got.record[i].name, set.record[i].name);
		assert_string_equal(got.record[i].value, set.record[i].value);
	}
	assert_int_equal(document_exit(json), CLI_NOT_YET);
}

int
main(void)
{
	UNIT_ROWS(test_exit, rows);
	UNIT_ROWS(test_name, names);
	UNIT(test_records);
	UNIT(test_document);
	return unit_run("cli/document");
}
