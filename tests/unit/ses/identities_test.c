/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/identities.h"

#include "unit.h"

#define LONG64                                                                 \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ONE(where, what)                                                       \
	"1 validation error detected: Value at '" where                        \
	"' failed to satisfy constraint: Member must " what

static json_t *
parse(const char *text)
{
	json_t *json = NULL;

	if (text == NULL)
		return NULL;
	assert_int_equal(json_parse(span_of(text), 100000, &json, NULL),
			 JSON_OK);
	return json;
}

#define ORIGINS                                                                \
	"AWS_SES, AWS_SES_AF_SOUTH_1, AWS_SES_AP_NORTHEAST_1, "                \
	"AWS_SES_AP_NORTHEAST_2, AWS_SES_AP_NORTHEAST_3, "                     \
	"AWS_SES_AP_SOUTHEAST_1, AWS_SES_AP_SOUTHEAST_2, "                     \
	"AWS_SES_AP_SOUTHEAST_3, AWS_SES_AP_SOUTHEAST_5, "                     \
	"AWS_SES_AP_SOUTH_1, AWS_SES_AP_SOUTH_2, AWS_SES_CA_CENTRAL_1, "       \
	"AWS_SES_CA_WEST_1, AWS_SES_EU_CENTRAL_1, AWS_SES_EU_CENTRAL_2, "      \
	"AWS_SES_EU_NORTH_1, AWS_SES_EU_SOUTH_1, AWS_SES_EU_WEST_1, "          \
	"AWS_SES_EU_WEST_2, AWS_SES_EU_WEST_3, AWS_SES_IL_CENTRAL_1, "         \
	"AWS_SES_ME_CENTRAL_1, AWS_SES_ME_SOUTH_1, AWS_SES_SA_EAST_1, "        \
	"AWS_SES_US_EAST_1, AWS_SES_US_EAST_2, AWS_SES_US_GOV_EAST_1, "        \
	"AWS_SES_US_GOV_WEST_1, AWS_SES_US_WEST_1, AWS_SES_US_WEST_2, "        \
	"EXTERNAL"

enum call { CREATE, SIGNING, MAIL_FROM, FLAG, SET, LIST };

static const struct bad_row {
	const char *name;
	enum call call;
	const char *body; /* NULL: none */
	enum error_code code;
	const char *text;
} bad[] = {
	{"create: no body", CREATE, NULL, ERROR_BAD_REQUEST,
	 ONE("emailIdentity", "not be null")},
	{"create: an empty body", CREATE, "{}", ERROR_BAD_REQUEST,
	 ONE("emailIdentity", "not be null")},
	{"create: null", CREATE, "{\"EmailIdentity\":null}", ERROR_BAD_REQUEST,
	 ONE("emailIdentity", "not be null")},
	{"create: empty", CREATE, "{\"EmailIdentity\":\"\"}", ERROR_BAD_REQUEST,
	 ONE("emailIdentity", "have length greater than or equal to 1")},
	{"create: a number", CREATE, "{\"EmailIdentity\":1}",
	 ERROR_SERIALIZATION, "NUMBER_VALUE can not be converted to a String"},
	{"create: a list for a body", CREATE, "[]", ERROR_SERIALIZATION,
	 "Start of list found where not expected"},
	{"create: names are case-sensitive", CREATE,
	 "{\"emailIdentity\":\"a.example\"}", ERROR_BAD_REQUEST,
	 ONE("emailIdentity", "not be null")},
	{"create: tags that are no list", CREATE,
	 "{\"EmailIdentity\":\"a\",\"Tags\":{}}", ERROR_SERIALIZATION,
	 "Start of structure or map found where not expected."},
	{"create: a tag that is no object", CREATE,
	 "{\"EmailIdentity\":\"a\",\"Tags\":[1]}", ERROR_SERIALIZATION,
	 "Expected null"},
	{"create: a key that is no string", CREATE,
	 "{\"EmailIdentity\":\"a\",\"Tags\":[{\"Key\":true,\"Value\":\"\"}]}",
	 ERROR_SERIALIZATION, "TRUE_VALUE can not be converted to a String"},
	{"create: a tag without a value, another without a key", CREATE,
	 "{\"EmailIdentity\":\"a\",\"Tags\":[{\"Key\":\"k\"},{\"Value\":\"v\"}]"
	 "}",
	 ERROR_BAD_REQUEST,
	 "2 validation errors detected: Value at 'tags.1.member.value' failed "
	 "to satisfy constraint: Member must not be null; Value at "
	 "'tags.2.member.key' failed to satisfy constraint: Member must not be "
	 "null"},
	{"create: a tag twice", CREATE,
	 "{\"EmailIdentity\":\"a\",\"Tags\":[{\"Key\":\"k\",\"Value\":\"1\"},"
	 "{\"Key\":\"k\",\"Value\":\"2\"}]}",
	 ERROR_BAD_REQUEST, "The tag key 'k' is given twice."},
	{"create: a reserved tag", CREATE,
	 "{\"EmailIdentity\":\"a\",\"Tags\":[{\"Key\":\"aws:x\",\"Value\":\"1\""
	 "}]}",
	 ERROR_BAD_REQUEST, "Tag keys that begin with 'aws:' are reserved."},
	{"create: a key length that is none", CREATE,
	 "{\"EmailIdentity\":\"a\",\"DkimSigningAttributes\":{"
	 "\"NextSigningKeyLength\":\"RSA_4096_BIT\"}}",
	 ERROR_BAD_REQUEST,
	 ONE("dkimSigningAttributes.nextSigningKeyLength",
	     "satisfy enum value set: [RSA_1024_BIT, RSA_2048_BIT]")},
	{"create: a selector with a dot", CREATE,
	 "{\"EmailIdentity\":\"a\",\"DkimSigningAttributes\":{"
	 "\"DomainSigningSelector\":\"a.b\",\"DomainSigningPrivateKey\":"
	 "\"AAAA\"}}",
	 ERROR_BAD_REQUEST,
	 ONE("dkimSigningAttributes.domainSigningSelector",
	     "satisfy regular expression pattern: "
	     "^(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\\-]*[a-zA-Z0-9]))$")},
	{"create: a selector too long", CREATE,
	 "{\"EmailIdentity\":\"a\",\"DkimSigningAttributes\":{"
	 "\"DomainSigningSelector\":\"" LONG64
	 "\",\"DomainSigningPrivateKey\":\"AAAA\"}}",
	 ERROR_BAD_REQUEST,
	 ONE("dkimSigningAttributes.domainSigningSelector",
	     "have length less than or equal to 63")},
	{"create: a key with armour", CREATE,
	 "{\"EmailIdentity\":\"a\",\"DkimSigningAttributes\":{"
	 "\"DomainSigningSelector\":\"s\",\"DomainSigningPrivateKey\":"
	 "\"-----BEGIN\"}}",
	 ERROR_BAD_REQUEST,
	 ONE("dkimSigningAttributes.domainSigningPrivateKey",
	     "satisfy regular expression pattern: ^[a-zA-Z0-9+\\/]+={0,2}$")},
	{"create: a selector without a key", CREATE,
	 "{\"EmailIdentity\":\"a\",\"DkimSigningAttributes\":{"
	 "\"DomainSigningSelector\":\"s\"}}",
	 ERROR_BAD_REQUEST,
	 "DomainSigningSelector and DomainSigningPrivateKey must be given "
	 "together."},
	{"create: both kinds of DKIM", CREATE,
	 "{\"EmailIdentity\":\"a\",\"DkimSigningAttributes\":{"
	 "\"DomainSigningSelector\":\"s\",\"DomainSigningPrivateKey\":\"AAAA\","
	 "\"NextSigningKeyLength\":\"RSA_2048_BIT\"}}",
	 ERROR_BAD_REQUEST,
	 "NextSigningKeyLength cannot be given with a private key of your "
	 "own."},
	{"create: a replica of another region", CREATE,
	 "{\"EmailIdentity\":\"a\",\"DkimSigningAttributes\":{"
	 "\"DomainSigningAttributesOrigin\":\"AWS_SES_EU_WEST_1\"}}",
	 ERROR_BAD_REQUEST,
	 "DomainSigningAttributesOrigin 'AWS_SES_EU_WEST_1' is not supported: "
	 "this deployment has one region."},
	{"signing: nothing", SIGNING, "{}", ERROR_BAD_REQUEST,
	 ONE("signingAttributesOrigin", "not be null")},
	{"signing: another origin", SIGNING,
	 "{\"SigningAttributesOrigin\":\"SESAME\"}", ERROR_BAD_REQUEST,
	 ONE("signingAttributesOrigin",
	     "satisfy enum value set: [" ORIGINS "]")},
	{"signing: the origin of a replica", SIGNING,
	 "{\"SigningAttributesOrigin\":\"AWS_SES_EU_WEST_1\"}",
	 ERROR_BAD_REQUEST,
	 "SigningAttributesOrigin must be AWS_SES or EXTERNAL."},
	{"signing: external without a key", SIGNING,
	 "{\"SigningAttributesOrigin\":\"EXTERNAL\"}", ERROR_BAD_REQUEST,
	 "DomainSigningSelector and DomainSigningPrivateKey are required when "
	 "SigningAttributesOrigin is EXTERNAL."},
	{"signing: Easy DKIM with a key", SIGNING,
	 "{\"SigningAttributesOrigin\":\"AWS_SES\",\"SigningAttributes\":{"
	 "\"DomainSigningSelector\":\"s\",\"DomainSigningPrivateKey\":\"AAAA\"}"
	 "}",
	 ERROR_BAD_REQUEST,
	 "DomainSigningSelector and DomainSigningPrivateKey cannot be given "
	 "when SigningAttributesOrigin is AWS_SES."},
	{"mail from: a behaviour that is none", MAIL_FROM,
	 "{\"BehaviorOnMxFailure\":\"DROP\"}", ERROR_BAD_REQUEST,
	 ONE("behaviorOnMxFailure",
	     "satisfy enum value set: [REJECT_MESSAGE, USE_DEFAULT_VALUE]")},
	{"mail from: a list", MAIL_FROM, "{\"MailFromDomain\":[]}",
	 ERROR_SERIALIZATION, "Start of list found where not expected"},
	{"flag: a number", FLAG, "{\"SigningEnabled\":1}", ERROR_SERIALIZATION,
	 "NUMBER_VALUE can not be converted to a Boolean"},
	{"flag: null", FLAG, "{\"SigningEnabled\":null}", ERROR_SERIALIZATION,
	 "NULL_VALUE can not be converted to a Boolean"},
	{"set: a number", SET, "{\"ConfigurationSetName\":1}",
	 ERROR_SERIALIZATION, "NUMBER_VALUE can not be converted to a String"},
	{"list: a page that is no number", LIST, "{\"PageSize\":\"1\"}",
	 ERROR_SERIALIZATION,
	 "STRING_VALUE can not be converted to an Integer"},
	{"list: a page too great", LIST, "{\"PageSize\":1001}",
	 ERROR_BAD_REQUEST, "PageSize must be between 0 and 1000."},
	{"list: a page below nothing", LIST, "{\"PageSize\":-1}",
	 ERROR_BAD_REQUEST, "PageSize must be between 0 and 1000."},
	{"list: a filter that is none", LIST, "{\"Filter\":{\"NAME\":\"a\"}}",
	 ERROR_BAD_REQUEST,
	 "1 validation error detected: Value at 'filter' failed to satisfy "
	 "constraint: Map keys must satisfy constraint: [Member must satisfy "
	 "enum value set: [IDENTITY_NAME_CONTAINS, VERIFICATION_STATUS, "
	 "IDENTITY_TYPE]]"},
	{"list: a filter's value that is none", LIST,
	 "{\"Filter\":{\"IDENTITY_TYPE\":\"HOST\"}}", ERROR_BAD_REQUEST,
	 "The filter 'IDENTITY_TYPE' or its value is not valid."},
	{"list: a filter's value that is no string", LIST,
	 "{\"Filter\":{\"IDENTITY_TYPE\":[]}}", ERROR_SERIALIZATION,
	 "Start of list found where not expected"},
};

static bool
read_any(enum call call, const json_t *body, struct error *reterr)
{
	struct ses_create_identity create;
	struct ses_put_signing signing;
	struct ses_put_mail_from mail_from;
	struct ses_list_identities list;
	struct span set;
	bool flag;

	switch (call) {
	case CREATE:
		return ses_create_identity_read(body, &create, reterr);
	case SIGNING:
		return ses_put_signing_read(body, &signing, reterr);
	case MAIL_FROM:
		return ses_put_mail_from_read(body, &mail_from, reterr);
	case FLAG:
		return ses_put_flag_read(body, "SigningEnabled", &flag, reterr);
	case SET:
		return ses_put_set_read(body, &set, reterr);
	case LIST:
		return ses_list_identities_read(body, &list, reterr);
	}
	return false;
}

static void
test_bad(void **state)
{
	const struct bad_row *row = *state;
	CLEANUP(json_decrefp) json_t *body = parse(row->body);
	struct error error = {0};

	assert_false(read_any(row->call, body, &error));
	assert_string_equal(error.text, row->text);
	assert_int_equal(error.code, row->code);
}

static void
test_create(void **state)
{
	CLEANUP(json_decrefp)
	json_t *body =
		parse("{\"EmailIdentity\": \"example.com\", \"Unknown\": [1], "
		      "\"Tags\": [{\"Key\": \"a\", \"Value\": \"b c\"}, "
		      "{\"Key\": \"e\", \"Value\": \"\"}], "
		      "\"DkimSigningAttributes\": {\"NextSigningKeyLength\": "
		      "\"RSA_1024_BIT\"}, \"ConfigurationSetName\": \"cs1\"}");
	CLEANUP(json_decrefp) json_t *again = NULL;
	CLEANUP(buf_release) struct buf text = BUF_INIT(1000);
	struct ses_create_identity request;
	struct error error;

	(void)state;
	assert_true(ses_create_identity_read(body, &request, &error));
	assert_span(request.name, "example.com");
	assert_span(request.configuration_set, "cs1");
	assert_int_equal(request.signing.length, SES_RSA_1024_BIT);
	assert_int_equal(request.tags.len, 2);
	assert_span(request.tags.tag[0].value, "b c");
	again = ses_create_identity_write(&request);
	assert_true(json_format(again, &text));
	assert_string_equal(
		text.ptr,
		"{\"EmailIdentity\":\"example.com\",\"Tags\":[{\"Key\":\"a\","
		"\"Value\":\"b c\"},{\"Key\":\"e\",\"Value\":\"\"}],"
		"\"DkimSigningAttributes\":{\"NextSigningKeyLength\":"
		"\"RSA_1024_BIT\"},\"ConfigurationSetName\":\"cs1\"}");
}

static void
test_many_tags(void **state)
{
	CLEANUP(json_decrefp) json_t *body = parse("{\"EmailIdentity\":\"a\"}");
	struct ses_create_identity request;
	json_t *tags = json_array_new();
	struct error error = {0};

	(void)state;
	json_put(body, "Tags", tags);
	for (int i = 0; i <= SES_TAGS_MAX; i++) {
		json_t *tag = json_object_new();
		char key[8];

		snprintf(key, sizeof(key), "k%d", i);
		json_puts(tag, "Key", key);
		json_puts(tag, "Value", "v");
		assert_true(ses_create_identity_read(body, &request, &error));
		json_add(tags, tag);
	}
	assert_false(ses_create_identity_read(body, &request, &error));
	assert_string_equal(
		error.text,
		ONE("tags", "have length less than or equal to 50"));
}

static void
test_byodkim(void **state)
{
	struct ses_put_signing request = {
		.origin = SES_ORIGIN_EXTERNAL,
		.signing = {.selector = SPAN("s1"),
			    .private_key = SPAN("AA==")},
	};
	CLEANUP(json_decrefp) json_t *body = ses_put_signing_write(&request);
	struct ses_put_signing got;
	struct error error;

	(void)state;
	assert_true(ses_put_signing_read(body, &got, &error));
	assert_int_equal(got.origin, SES_ORIGIN_EXTERNAL);
	assert_span(got.signing.selector, "s1");
	assert_span(got.signing.private_key, "AA==");
	assert_int_equal(got.signing.length, 0);
}

static const struct mail_from_row {
	const char *name;
	const char *body;
	const char *domain;
	enum ses_mx_failure behavior;
} mail_froms[] = {
	{"both",
	 "{\"MailFromDomain\":\"m.a\",\"BehaviorOnMxFailure\":"
	 "\"REJECT_MESSAGE\"}",
	 "m.a", SES_REJECT_MESSAGE},
	{"empty", "{\"MailFromDomain\":\"\"}", "", SES_USE_DEFAULT_VALUE},
	{"nothing", "{}", "", SES_USE_DEFAULT_VALUE},
	{"no body", NULL, "", SES_USE_DEFAULT_VALUE},
	{"null", "{\"MailFromDomain\":null,\"BehaviorOnMxFailure\":null}", "",
	 SES_USE_DEFAULT_VALUE},
};

static void
test_mail_from(void **state)
{
	const struct mail_from_row *row = *state;
	CLEANUP(json_decrefp) json_t *body = parse(row->body);
	CLEANUP(json_decrefp) json_t *again = NULL;
	struct ses_put_mail_from got;
	struct error error;

	assert_true(ses_put_mail_from_read(body, &got, &error));
	again = ses_put_mail_from_write(&got);
	assert_true(ses_put_mail_from_read(again, &got, &error));
	assert_span(got.domain, row->domain);
	assert_int_equal(got.behavior, row->behavior);
}

static const struct flag_row {
	const char *name;
	const char *body;
	bool want;
} flags[] = {
	{"true", "{\"SigningEnabled\":true}", true},
	{"false", "{\"SigningEnabled\":false}", false},
	{"absent", "{}", false},
	{"no body", NULL, false},
	{"a string counts as true", "{\"SigningEnabled\":\"false\"}", true},
};

static void
test_flag(void **state)
{
	const struct flag_row *row = *state;
	CLEANUP(json_decrefp) json_t *body = parse(row->body);
	struct error error;
	bool got;

	assert_true(ses_put_flag_read(body, "SigningEnabled", &got, &error));
	assert_int_equal(got, row->want);
}

static void
test_list(void **state)
{
	CLEANUP(json_decrefp)
	json_t *body =
		parse("{\"Filter\":{\"IDENTITY_NAME_CONTAINS\":\"ex\","
		      "\"IDENTITY_TYPE\":\"DOMAIN\",\"VERIFICATION_STATUS\":"
		      "\"PENDING\"},\"NextToken\":\"t\",\"PageSize\":10}");
	struct ses_list_identities got;
	struct error error;

	(void)state;
	assert_true(ses_list_identities_read(body, &got, &error));
	assert_int_equal(got.page, 10);
	assert_span(got.next_token, "t");
	assert_span(got.contains, "ex");
	assert_int_equal(got.type, SES_DOMAIN);
	assert_int_equal(got.status, SES_PENDING);
	assert_true(ses_list_identities_read(NULL, &got, &error));
	assert_int_equal(got.page, SES_PAGE_DEFAULT);
	json_decref(body);
	body = parse("{\"PageSize\":0,\"Filter\":{\"IDENTITY_TYPE\":null}}");
	assert_true(ses_list_identities_read(body, &got, &error));
	assert_int_equal(got.page, SES_PAGE_DEFAULT);
	assert_int_equal(got.type, 0);
}

int
main(void)
{
	UNIT_ROWS(test_bad, bad);
	UNIT(test_create);
	UNIT(test_many_tags);
	UNIT(test_byodkim);
	UNIT_ROWS(test_mail_from, mail_froms);
	UNIT_ROWS(test_flag, flags);
	UNIT(test_list);
	return unit_run("ses/identities");
}
