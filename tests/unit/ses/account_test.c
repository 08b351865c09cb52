/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/account.h"

#include "unit.h"

typedef bool reader(const json_t *body, json_t **ret, struct error *reterr);

#define V(path)                                                                \
	"1 validation error detected: Value at '" path "' failed to satisfy "  \
	"constraint: Member must "
#define SITE "\"MailType\":\"MARKETING\",\"WebsiteURL\":\"https://a.example\""

static const struct row {
	const char *name;
	reader *read;
	const char *body; /* NULL: none */
	const char *want; /* what is kept, or why not */
	enum error_code code;
} rows[] = {
	{"details", ses_account_details_read,
	 "{" SITE ",\"ContactLanguage\":\"EN\",\"UseCaseDescription\":\"d\","
	 "\"ProductionAccessEnabled\":true,"
	 "\"AdditionalContactEmailAddresses\":[\"a@b.example\"],\"X\":1}",
	 "{\"AdditionalContactEmailAddresses\":[\"a@b.example\"],"
	 "\"ContactLanguage\":\"EN\",\"MailType\":\"MARKETING\","
	 "\"UseCaseDescription\":\"d\",\"WebsiteURL\":"
	 "\"https://a.example\"}",
	 0},
	{"details, no site", ses_account_details_read,
	 "{\"MailType\":\"MARKETING\"}", V("websiteURL") "not be null",
	 ERROR_BAD_REQUEST},
	{"details, a type that is none", ses_account_details_read,
	 "{\"MailType\":\"SPAM\",\"WebsiteURL\":\"x\"}",
	 V("mailType") "satisfy enum value set: [MARKETING, TRANSACTIONAL]",
	 ERROR_BAD_REQUEST},
	{"details, no contact", ses_account_details_read,
	 "{" SITE ",\"AdditionalContactEmailAddresses\":[]}",
	 V("additionalContactEmailAddresses") "have length greater than or "
					      "equal to 1",
	 ERROR_BAD_REQUEST},
	{"details, five contacts", ses_account_details_read,
	 "{" SITE ",\"AdditionalContactEmailAddresses\":[\"a@b.example\","
	 "\"a@b.example\",\"a@b.example\",\"a@b.example\",\"a@b.example\"]}",
	 V("additionalContactEmailAddresses") "have length less than or equal "
					      "to 4",
	 ERROR_BAD_REQUEST},
	{"suppression", ses_account_suppression_read,
	 "{\"SuppressedReasons\":[\"COMPLAINT\"]}",
	 "{\"SuppressedReasons\":[\"COMPLAINT\"]}", 0},
	{"suppression, nothing said", ses_account_suppression_read, NULL,
	 "{\"SuppressedReasons\":[]}", 0},
	{"suppression, validation off", ses_account_suppression_read,
	 "{\"ValidationAttributes\":{\"ConditionThreshold\":{"
	 "\"ConditionThresholdEnabled\":\"DISABLED\"}}}",
	 "{\"SuppressedReasons\":[],\"ValidationAttributes\":{"
	 "\"ConditionThreshold\":{\"ConditionThresholdEnabled\":\"DISABLED\"}}"
	 "}",
	 0},
	{"suppression, validation on", ses_account_suppression_read,
	 "{\"ValidationAttributes\":{\"ConditionThreshold\":{"
	 "\"ConditionThresholdEnabled\":\"ENABLED\"}}}",
	 "The validation of addresses is not supported by this deployment.",
	 ERROR_BAD_REQUEST},
	{"suppression, a list", ses_account_suppression_read, "[]",
	 "The body must be a JSON object.", ERROR_SERIALIZATION},
	{"sending", ses_account_sending_read, "{\"SendingEnabled\":true}",
	 "{\"SendingEnabled\":true}", 0},
	{"sending, not said", ses_account_sending_read, NULL,
	 "{\"SendingEnabled\":false}", 0},
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	CLEANUP(json_decrefp) json_t *body = NULL;
	CLEANUP(json_decrefp) json_t *got = NULL;
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000);
	struct error error = {0};

	if (row->body != NULL)
		assert_int_equal(
			json_parse(span_of(row->body), 1000, &body, NULL),
			JSON_OK);
	if (row->read(body, &got, &error))
		json_format(got, &text);
	else
		buf_adds(&text, error.text);
	assert_string_equal(text.ptr, row->want);
	assert_int_equal(error.code, row->code);
}

/* A contact is something, "@", and something; and long enough. */
static void
test_contacts(void **state)
{
	static const struct {
		const char *address;
		bool good;
	} contacts[] = {
		{"a@b.example", true}, {"a@b.e", false},
		{"@b.example", false}, {"b.example@", false},
		{"ab.example", false}, {"a@@b.example", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(contacts); i++) {
		CLEANUP(json_decrefp) json_t *body = NULL;
		CLEANUP(json_decrefp) json_t *got = NULL;
		CLEANUP(buf_release) struct buf text = BUF_INIT(1000);
		struct error error;

		buf_addf(&text,
			 "{" SITE ",\"AdditionalContactEmailAddresses\":["
			 "\"%s\"]}",
			 contacts[i].address);
		assert_int_equal(json_parse(buf_span(&text), 1000, &body, NULL),
				 JSON_OK);
		assert_int_equal(ses_account_details_read(body, &got, &error),
				 contacts[i].good);
	}
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_contacts);
	return unit_run("ses/account");
}
