/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/policy.h"

#include "unit.h"

#define ARN "arn:aws:ses:eu-west-2:111111111111:identity/example.com"

/* A policy of one statement, and what most statements have. */
#define POLICY(statement)                                                      \
	"{\"Version\":\"2012-10-17\",\"Statement\":[{" statement "}]}"
#define OLD(statement)                                                         \
	"{\"Version\":\"2008-10-17\",\"Statement\":[{" statement "}]}"
#define ALLOW                "\"Effect\":\"Allow\","
#define DENY                 "\"Effect\":\"Deny\","
#define ANYBODY              "\"Principal\":\"*\","
#define ACTION               "\"Action\":\"ses:*\","
#define RESOURCE             "\"Resource\":\"" ARN "\""
#define REST                 ANYBODY ACTION RESOURCE
#define WHEN(condition)      POLICY(ALLOW REST ",\"Condition\":{" condition "}")
#define DENY_WHEN(condition) POLICY(DENY REST ",\"Condition\":{" condition "}")

static bool
parse(const char *text, struct arena *arena, const struct ses_policy **ret,
      struct error *reterr)
{
	return ses_policy_parse(span_of(text), SPAN(ARN), arena, ret, reterr);
}

/* ---- what is refused, and by what name ---- */

static const struct refused_row {
	const char *name, *policy, *text;
} refused[] = {
	{"no JSON", "{", "it is not JSON"},
	{"nothing", "", "it is not JSON"},
	{"an array", "[]", "it must be an object"},
	{"no statement", "{\"Version\":\"2012-10-17\"}",
	 "Statement is missing"},
	{"no statement in it", "{\"Statement\":[]}",
	 "Statement must not be empty"},
	{"a statement that is a text", "{\"Statement\":\"x\"}",
	 "Statement[0] must be an object"},
	{"the second is wrong",
	 "{\"Statement\":[{" ALLOW REST "},{" ALLOW ANYBODY RESOURCE "}]}",
	 "Statement[1].Action is missing"},
	{"a version that is not there",
	 "{\"Version\":\"2020-01-01\",\"Statement\":{" ALLOW REST "}}",
	 "Version must be 2012-10-17 or 2008-10-17"},
	{"a version that is a number",
	 "{\"Version\":1,\"Statement\":{" ALLOW REST "}}", "Version must be"},
	{"an Id that is a number", "{\"Id\":1,\"Statement\":{" ALLOW REST "}}",
	 "Id must be a text"},
	{"a member of the policy",
	 "{\"Statements\":[],\"Statement\":{" ALLOW REST "}}",
	 "Statements is not known"},
	{"a member of the statement", POLICY(ALLOW REST ",\"Conditions\":{}"),
	 "Statement[0].Conditions is not known"},
	{"a member that is null", POLICY(ALLOW REST ",\"Condition\":null"),
	 "Statement[0].Condition must not be null"},
	{"a member twice", POLICY(ALLOW ALLOW REST), "it is not JSON"},
	{"no effect", POLICY(REST), "Statement[0].Effect must be"},
	{"an effect in lower case", POLICY("\"Effect\":\"allow\"," REST),
	 "Statement[0].Effect must be Allow or Deny"},
	{"a Sid that is none", POLICY("\"Sid\":7," ALLOW REST),
	 "Statement[0].Sid must be a text"},
	{"a Sid twice",
	 "{\"Statement\":[{\"Sid\":\"a\"," ALLOW REST
	 "},{\"Sid\":\"a\"," DENY REST "}]}",
	 "Statement has the same Sid twice"},
	/* principals */
	{"no principal", POLICY(ALLOW ACTION RESOURCE),
	 "Statement[0].Principal is missing"},
	{"both principals",
	 POLICY(ALLOW REST ",\"NotPrincipal\":{\"AWS\":\"222222222222\"}"),
	 "Statement[0].NotPrincipal does not go together"},
	{"a principal that is a text",
	 POLICY(ALLOW "\"Principal\":\"222222222222\"," ACTION RESOURCE),
	 "Statement[0].Principal must be"},
	{"a principal of no kind",
	 POLICY(ALLOW "\"Principal\":{}," ACTION RESOURCE),
	 "Statement[0].Principal must be"},
	{"a principal of an unknown kind",
	 POLICY(ALLOW "\"Principal\":{\"Federated\":\"x\"}," ACTION RESOURCE),
	 "Statement[0].Principal.Federated is no kind"},
	{"no account among them",
	 POLICY(ALLOW "\"Principal\":{\"AWS\":[]}," ACTION RESOURCE),
	 "Statement[0].Principal.AWS must not be empty"},
	{"an account that is too short",
	 POLICY(ALLOW
		"\"Principal\":{\"AWS\":\"22222222222\"}," ACTION RESOURCE),
	 "Statement[0].Principal.AWS must be"},
	{"an account that is a number",
	 POLICY(ALLOW "\"Principal\":{\"AWS\":222222222222}," ACTION RESOURCE),
	 "Statement[0].Principal.AWS must be a text"},
	{"a part of accounts",
	 POLICY(ALLOW "\"Principal\":{\"AWS\":\"2222*\"}," ACTION RESOURCE),
	 "Statement[0].Principal.AWS must be"},
	{"a user",
	 POLICY(ALLOW "\"Principal\":{\"AWS\":"
		      "\"arn:aws:iam::222222222222:user/u\"}," ACTION RESOURCE),
	 "users, roles and sessions are not known here"},
	{"a wildcard in an ARN",
	 POLICY(ALLOW "\"Principal\":{\"AWS\":\"arn:aws:iam::*:root\"}," ACTION
			RESOURCE),
	 "Statement[0].Principal.AWS must be"},
	{"a service that is none",
	 POLICY(ALLOW "\"Principal\":{\"Service\":\"*\"}," ACTION RESOURCE),
	 "Statement[0].Principal.Service must be"},
	/* actions */
	{"both actions", POLICY(ALLOW REST ",\"NotAction\":\"ses:*\""),
	 "Statement[0].NotAction does not go together"},
	{"an action of another service",
	 POLICY(ALLOW ANYBODY "\"Action\":\"s3:PutObject\"," RESOURCE),
	 "Statement[0].Action has an action"},
	{"an action that nobody has",
	 POLICY(ALLOW ANYBODY "\"Action\":[\"ses:SendEmail\","
			      "\"ses:SendMail\"]," RESOURCE),
	 "Statement[0].Action has an action"},
	{"an empty action", POLICY(ALLOW ANYBODY "\"Action\":\"\"," RESOURCE),
	 "Statement[0].Action must be a text"},
	{"an action that is an object",
	 POLICY(ALLOW ANYBODY "\"NotAction\":{}," RESOURCE),
	 "Statement[0].NotAction must be a text"},
	/* resources */
	{"no resource", POLICY(ALLOW ANYBODY "\"Action\":\"ses:*\""),
	 "Statement[0].Resource is missing"},
	{"another identity",
	 POLICY(ALLOW ANYBODY ACTION
		"\"Resource\":\"arn:aws:ses:eu-west-2:111111111111:identity/"
		"example.org\""),
	 "Statement[0].Resource must be the ARN of the identity"},
	{"another account",
	 POLICY(ALLOW ANYBODY ACTION
		"\"Resource\":\"arn:aws:ses:eu-west-2:222222222222:identity/"
		"example.com\""),
	 "Statement[0].Resource must be the ARN of the identity"},
	{"one of two is another",
	 POLICY(ALLOW ANYBODY ACTION "\"Resource\":[\"*\",\"x\"]"),
	 "Statement[0].Resource must be the ARN of the identity"},
	{"a variable",
	 POLICY(ALLOW ANYBODY ACTION "\"Resource\":\"${aws:username}*\""),
	 "Statement[0].Resource has a policy variable"},
	{"no resource by no ARN",
	 POLICY(ALLOW ANYBODY ACTION "\"NotResource\":\"example.com\""),
	 "Statement[0].NotResource must be ARNs"},
	/* conditions */
	{"a condition that is a list", POLICY(ALLOW REST ",\"Condition\":[]"),
	 "Statement[0].Condition must be an object"},
	{"an operator that is none", WHEN("\"StringIs\":{\"ses:x\":\"\"}"),
	 "Statement[0].Condition.StringIs is not an operator"},
	{"an operator in lower case",
	 WHEN("\"stringLike\":{\"ses:FromAddress\":\"\"}"),
	 "Condition.stringLike is not an operator"},
	{"a prefix that is none",
	 WHEN("\"ForEach:StringLike\":{\"ses:FromAddress\":\"\"}"),
	 "Condition.ForEach:StringLike is not an operator"},
	{"NullIfExists", WHEN("\"NullIfExists\":{\"ses:FromAddress\":true}"),
	 "Condition.NullIfExists is not an operator"},
	{"an operator without keys", WHEN("\"StringLike\":{}"),
	 "Condition.StringLike must be an object"},
	{"an operator of a text", WHEN("\"StringLike\":\"x\""),
	 "Condition.StringLike must be an object"},
	{"a key that is none", WHEN("\"StringLike\":{\"ses:From\":\"x\"}"),
	 "Unknown or unapplicable condition field 'ses:From'."},
	{"a key that SES does not have",
	 WHEN("\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}"),
	 "Unknown or unapplicable condition field 'aws:PrincipalOrgID'."},
	{"a key of another kind",
	 WHEN("\"IpAddress\":{\"ses:FromAddress\":\"10.0.0.0/8\"}"),
	 "Condition.IpAddress.ses:FromAddress is a key that"},
	{"no value", WHEN("\"StringLike\":{\"ses:FromAddress\":[]}"),
	 "ses:FromAddress has no value"},
	{"a value of another kind",
	 WHEN("\"StringLike\":{\"ses:FromAddress\":[\"a\",1]}"),
	 "ses:FromAddress has a value of the wrong type"},
	{"a value that is a list of lists",
	 WHEN("\"StringLike\":{\"ses:FromAddress\":[[\"a\"]]}"),
	 "ses:FromAddress has a value of the wrong type"},
	{"a value that is a variable",
	 WHEN("\"StringLike\":{\"ses:FromAddress\":\"${aws:username}@x\"}"),
	 "ses:FromAddress has a policy variable"},
	{"no time", WHEN("\"DateLessThan\":{\"aws:CurrentTime\":\"soon\"}"),
	 "aws:CurrentTime has a value that is no time"},
	{"no number", WHEN("\"NumericEquals\":{\"aws:EpochTime\":\"1e3\"}"),
	 "aws:EpochTime has a value that is no number"},
	{"a number without an end",
	 WHEN("\"NumericEquals\":{\"aws:EpochTime\":\"1.\"}"),
	 "aws:EpochTime has a value that is no number"},
	{"no address", WHEN("\"IpAddress\":{\"aws:SourceIp\":\"10.0.0\"}"),
	 "aws:SourceIp has a value that is no IP address"},
	{"too many bits", WHEN("\"IpAddress\":{\"aws:SourceIp\":\"::/129\"}"),
	 "aws:SourceIp has a value that is no IP address"},
	{"no bits", WHEN("\"IpAddress\":{\"aws:SourceIp\":\"10.0.0.0/\"}"),
	 "aws:SourceIp has a value that is no IP address"},
	{"neither true nor false",
	 WHEN("\"Bool\":{\"aws:SecureTransport\":\"yes\"}"),
	 "aws:SecureTransport has a value that is neither"},
	{"no ARN", WHEN("\"ArnLike\":{\"aws:SourceArn\":\"*\"}"),
	 "aws:SourceArn has a value that is no ARN"},
};

static void
test_refused(void **state)
{
	const struct refused_row *row = *state;
	CLEANUP(arena_release) struct arena a = ARENA_INIT(SES_POLICY_ARENA);
	const struct ses_policy *policy = NULL;
	struct error error = {0};

	assert_false(parse(row->policy, &a, &policy, &error));
	assert_null(policy);
	assert_int_equal(error.code, ERROR_BAD_REQUEST);
	if (strstr(error.text, row->text) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", error.text, row->text);
}

/* ---- what a policy says ---- */

#define CALLER "222222222222"
/* 2026-11-23T17:15:00.5Z */
#define NOW INT64_C(1795454100500)

/* The request of every row: two recipients, unless the row says one. */
static const struct effect_row {
	const char *name, *policy;
	enum ses_policy_effect effect;
	const char *second;  /* recipient, "" for none; NULL: b@example.net */
	const char *action;  /* NULL: ses:SendEmail */
	const char *display; /* name; NULL: none */
} effects[] = {
	{"everybody", POLICY(ALLOW REST), SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"a single statement", "{\"Statement\":{" ALLOW REST "}}",
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"with Id and Sid",
	 "{\"Id\":\"i\",\"Statement\":{\"Sid\":\"s\"," ALLOW REST "}}",
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"nobody may", POLICY(DENY REST), SES_POLICY_DENY, NULL, NULL, NULL},
	{"no wins, said last",
	 "{\"Statement\":[{" ALLOW REST "},{" DENY REST "}]}", SES_POLICY_DENY,
	 NULL, NULL, NULL},
	{"no wins, said first",
	 "{\"Statement\":[{" DENY REST "},{" ALLOW REST "}]}", SES_POLICY_DENY,
	 NULL, NULL, NULL},
	/* principals */
	{"the account",
	 POLICY(ALLOW "\"Principal\":{\"AWS\":\"" CALLER
		      "\"}," ACTION RESOURCE),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"the account's root",
	 POLICY(ALLOW "\"Principal\":{\"AWS\":[\"arn:aws:iam::333333333333:"
		      "root\",\"arn:aws:iam::" CALLER
		      ":root\"]}," ACTION RESOURCE),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"everybody, as AWS",
	 POLICY(ALLOW "\"Principal\":{\"AWS\":\"*\"}," ACTION RESOURCE),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"another account",
	 POLICY(ALLOW
		"\"Principal\":{\"AWS\":\"333333333333\"}," ACTION RESOURCE),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"a service",
	 POLICY(ALLOW
		"\"Principal\":{\"Service\":\"ses.amazonaws.com\"}," ACTION
			RESOURCE),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"a service and the account",
	 POLICY(ALLOW "\"Principal\":{\"Service\":\"ses.amazonaws.com\","
		      "\"AWS\":\"" CALLER "\"}," ACTION RESOURCE),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"all but the account",
	 POLICY(DENY "\"NotPrincipal\":{\"AWS\":\"" CALLER
		     "\"}," ACTION RESOURCE),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"all but another account",
	 POLICY(DENY
		"\"NotPrincipal\":{\"AWS\":\"333333333333\"}," ACTION RESOURCE),
	 SES_POLICY_DENY, NULL, NULL, NULL},
	{"all but everybody",
	 POLICY(ALLOW "\"NotPrincipal\":\"*\"," ACTION RESOURCE),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	/* actions */
	{"the action",
	 POLICY(ALLOW ANYBODY "\"Action\":[\"SES:sendRawEmail\","
			      "\"SES:sendEmail\"]," RESOURCE),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"another action",
	 POLICY(ALLOW ANYBODY "\"Action\":\"ses:SendRawEmail\"," RESOURCE),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"a raw message",
	 POLICY(ALLOW ANYBODY "\"Action\":\"ses:SendRawEmail\"," RESOURCE),
	 SES_POLICY_ALLOW, NULL, "ses:SendRawEmail", NULL},
	{"some actions",
	 POLICY(ALLOW ANYBODY "\"Action\":\"ses:Send*Email\"," RESOURCE),
	 SES_POLICY_ALLOW, NULL, "ses:SendBulkTemplatedEmail", NULL},
	{"any action at all",
	 POLICY(ALLOW ANYBODY "\"Action\":\"*\"," RESOURCE), SES_POLICY_ALLOW,
	 NULL, NULL, NULL},
	{"all but the action",
	 POLICY(ALLOW ANYBODY "\"NotAction\":\"ses:SendEmail\"," RESOURCE),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"all but another action",
	 POLICY(ALLOW ANYBODY "\"NotAction\":\"ses:SendRawEmail\"," RESOURCE),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	/* resources */
	{"any resource", POLICY(ALLOW ANYBODY ACTION "\"Resource\":\"*\""),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"identities of any region",
	 POLICY(ALLOW ANYBODY ACTION
		"\"Resource\":[\"arn:aws:ses:*:111111111111:identity/"
		"exampl?.com\"]"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"all but this one",
	 POLICY(ALLOW ANYBODY ACTION "\"NotResource\":\"" ARN "\""),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"all but another",
	 POLICY(ALLOW ANYBODY ACTION "\"NotResource\":\"arn:aws:ses:*:*:"
				     "identity/example.org\""),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	/* texts */
	{"the very address",
	 WHEN("\"StringEquals\":{\"ses:FromAddress\":\"News@example.com\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"an address of other case",
	 WHEN("\"StringEquals\":{\"ses:FromAddress\":\"news@example.com\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"whatever its case",
	 WHEN("\"StringEqualsIgnoreCase\":{\"ses:FromAddress\":"
	      "\"news@Example.com\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"not whatever its case",
	 WHEN("\"StringNotEqualsIgnoreCase\":{\"ses:FromAddress\":"
	      "\"news@Example.com\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"one of two",
	 WHEN("\"StringEquals\":{\"ses:FromAddress\":"
	      "[\"a@example.com\",\"News@example.com\"]}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"none of two",
	 WHEN("\"StringNotEquals\":{\"ses:FromAddress\":"
	      "[\"a@example.com\",\"News@example.com\"]}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"a star is no wildcard in equals",
	 WHEN("\"StringEquals\":{\"ses:FromAddress\":\"*@example.com\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"but in like",
	 WHEN("\"StringLike\":{\"ses:FromAddress\":\"*@example.com\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"not like",
	 WHEN("\"StringNotLike\":{\"ses:FromAddress\":\"*@example.com\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"a key in another case",
	 WHEN("\"StringLike\":{\"SES:fromaddress\":\"*@example.com\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"two keys, both hold",
	 WHEN("\"StringLike\":{\"ses:FromAddress\":\"*@example.com\","
	      "\"ses:FeedbackAddress\":\"bounces@example.com\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"two keys, one does not",
	 WHEN("\"StringLike\":{\"ses:FromAddress\":\"*@example.com\","
	      "\"ses:FeedbackAddress\":\"bounces@example.org\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"two operators, one does not hold",
	 WHEN("\"StringLike\":{\"ses:FromAddress\":\"*@example.com\"},"
	      "\"Bool\":{\"aws:SecureTransport\":\"false\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"a variable is a text in the old version",
	 OLD(ALLOW REST ",\"Condition\":{\"StringEquals\":"
			"{\"ses:FromDisplayName\":\"${x}\"}}"),
	 SES_POLICY_ALLOW, NULL, NULL, "${x}"},
	/* recipients */
	{"all of them",
	 WHEN("\"ForAllValues:StringLike\":{\"ses:Recipients\":"
	      "\"*@example.net\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"not all of them",
	 WHEN("\"ForAllValues:StringLike\":{\"ses:Recipients\":"
	      "\"*@example.net\"}"),
	 SES_POLICY_SILENT, "c@example.org", NULL, NULL},
	{"all, by two patterns",
	 WHEN("\"ForAllValues:StringLike\":{\"ses:Recipients\":"
	      "[\"*@example.net\",\"*@example.org\"]}"),
	 SES_POLICY_ALLOW, "c@example.org", NULL, NULL},
	{"any of them",
	 WHEN("\"ForAnyValue:StringLike\":{\"ses:Recipients\":"
	      "\"*@example.org\"}"),
	 SES_POLICY_ALLOW, "c@example.org", NULL, NULL},
	{"none of them",
	 WHEN("\"ForAnyValue:StringLike\":{\"ses:Recipients\":"
	      "\"*@example.org\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"all are not",
	 WHEN("\"ForAllValues:StringNotLike\":{\"ses:Recipients\":"
	      "\"*@example.org\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"any is not",
	 DENY_WHEN("\"ForAnyValue:StringNotLike\":{\"ses:Recipients\":"
		   "\"*@example.net\"}"),
	 SES_POLICY_DENY, "c@example.org", NULL, NULL},
	{"without a prefix all have to",
	 WHEN("\"StringLike\":{\"ses:Recipients\":\"*@example.net\"}"),
	 SES_POLICY_SILENT, "c@example.org", NULL, NULL},
	{"without a prefix, one that has to",
	 WHEN("\"StringLike\":{\"ses:Recipients\":\"*@example.net\"}"),
	 SES_POLICY_ALLOW, "", NULL, NULL},
	{"without a prefix one is denied",
	 DENY_WHEN("\"StringLike\":{\"ses:Recipients\":\"*@example.org\"}"),
	 SES_POLICY_DENY, "c@example.org", NULL, NULL},
	{"without a prefix one outside is denied",
	 DENY_WHEN("\"StringNotLike\":{\"ses:Recipients\":\"*@example.net\"}"),
	 SES_POLICY_DENY, "c@example.org", NULL, NULL},
	/* what is absent */
	{"absent", WHEN("\"StringLike\":{\"ses:FromDisplayName\":\"*\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"absent, negated",
	 WHEN("\"StringNotLike\":{\"ses:FromDisplayName\":\"*\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"absent, if it exists",
	 WHEN("\"StringLikeIfExists\":{\"ses:FromDisplayName\":\"x\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"there, if it exists",
	 WHEN("\"StringLikeIfExists\":{\"ses:FromDisplayName\":\"x\"}"),
	 SES_POLICY_SILENT, NULL, NULL, "y"},
	{"absent, all of it",
	 WHEN("\"ForAllValues:StringLike\":{\"ses:FromDisplayName\":\"x\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"absent, any of it",
	 WHEN("\"ForAnyValue:StringLike\":{\"ses:FromDisplayName\":\"x\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"absent, any of it if it exists",
	 WHEN("\"ForAnyValue:StringLikeIfExists\":{\"ses:FromDisplayName\":"
	      "\"x\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"it is to be absent",
	 WHEN("\"Null\":{\"ses:FromDisplayName\":\"true\"}"), SES_POLICY_ALLOW,
	 NULL, NULL, NULL},
	{"it is to be absent, and is there",
	 WHEN("\"Null\":{\"ses:FromDisplayName\":true}"), SES_POLICY_SILENT,
	 NULL, NULL, "y"},
	{"it is to be there", WHEN("\"Null\":{\"ses:FromDisplayName\":false}"),
	 SES_POLICY_ALLOW, NULL, NULL, "y"},
	{"it is to be there, and is absent",
	 WHEN("\"Null\":{\"aws:SourceArn\":\"false\"}"), SES_POLICY_SILENT,
	 NULL, NULL, NULL},
	/* times and numbers */
	{"before",
	 WHEN("\"DateLessThan\":{\"aws:CurrentTime\":"
	      "\"2026-11-23T17:15:01Z\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"not before",
	 WHEN("\"DateLessThan\":{\"aws:CurrentTime\":"
	      "\"2026-11-23T17:15:00Z\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"until",
	 WHEN("\"DateLessThanEquals\":{\"aws:CurrentTime\":"
	      "\"2026-11-23T18:15:00+01:00\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"at",
	 WHEN("\"DateEquals\":{\"aws:CurrentTime\":"
	      "\"2026-11-23T17:15:00Z\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"not at",
	 WHEN("\"DateNotEquals\":{\"aws:CurrentTime\":"
	      "\"2026-11-23T17:15:00Z\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"since a day",
	 WHEN("\"DateGreaterThanEquals\":{\"aws:CurrentTime\":\"2026-11-23\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"after a day",
	 WHEN("\"DateGreaterThan\":{\"aws:CurrentTime\":\"2026-11-24\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"after seconds",
	 WHEN("\"DateGreaterThan\":{\"aws:EpochTime\":1795454099}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"a number",
	 WHEN("\"NumericEquals\":{\"aws:EpochTime\":\"1795454100\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"not a number",
	 WHEN("\"NumericNotEquals\":{\"aws:EpochTime\":1795454100}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"a number between",
	 WHEN("\"NumericGreaterThan\":{\"aws:EpochTime\":\"1795454099.5\"},"
	      "\"NumericLessThanEquals\":{\"aws:EpochTime\":1795454100}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"a number above",
	 WHEN("\"NumericLessThan\":{\"aws:EpochTime\":\"-0.5\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"a number at least",
	 WHEN("\"NumericGreaterThanEquals\":{\"aws:EpochTime\":"
	      "\"1795454100.000001\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	/* where from */
	{"the address", WHEN("\"IpAddress\":{\"aws:SourceIp\":\"192.0.2.7\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"a range",
	 WHEN("\"IpAddress\":{\"aws:SourceIp\":"
	      "[\"2001:db8::/32\",\"192.0.2.0/25\"]}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"a range that ends in an octet",
	 WHEN("\"IpAddress\":{\"aws:SourceIp\":\"192.0.2.8/29\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"everything", WHEN("\"IpAddress\":{\"aws:SourceIp\":\"0.0.0.0/0\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"everything of the other family",
	 WHEN("\"IpAddress\":{\"aws:SourceIp\":\"::/0\"}"), SES_POLICY_SILENT,
	 NULL, NULL, NULL},
	{"a mapped range",
	 WHEN("\"IpAddress\":{\"aws:SourceIp\":\"::ffff:192.0.2.0/120\"}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"not a range",
	 WHEN("\"NotIpAddress\":{\"aws:SourceIp\":\"192.0.2.0/24\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"by TLS", WHEN("\"Bool\":{\"aws:SecureTransport\":true}"),
	 SES_POLICY_ALLOW, NULL, NULL, NULL},
	{"not by TLS",
	 DENY_WHEN("\"Bool\":{\"aws:SecureTransport\":\"False\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
	{"for no resource",
	 WHEN("\"ArnLike\":{\"aws:SourceArn\":\"arn:aws:*:*:*:*\"}"),
	 SES_POLICY_SILENT, NULL, NULL, NULL},
};

static void
test_effect(void **state)
{
	const struct effect_row *row = *state;
	CLEANUP(arena_release) struct arena a = ARENA_INIT(SES_POLICY_ARENA);
	const char *second =
		row->second != NULL ? row->second : "b@example.net";
	struct span recipient[] = {SPAN("a@example.net"), span_of(second)};
	struct ses_policy_request request = {
		.account = SPAN(CALLER),
		.action = span_of(row->action != NULL ? row->action
						      : "ses:SendEmail"),
		.resource = SPAN(ARN),
		.recipient = recipient,
		.recipients = second[0] != '\0' ? 2 : 1,
		.from = SPAN("News@example.com"),
		.display_name =
			span_of(row->display != NULL ? row->display : ""),
		.feedback = SPAN("bounces@example.com"),
		.source_ip = SPAN("192.0.2.7"),
		.source_arn = SPAN(""),
		.secure = true,
		.now = NOW,
	};
	const struct ses_policy *policy;
	struct error error = {0};

	if (!parse(row->policy, &a, &policy, &error))
		fail_msg("%s", error.text);
	assert_int_equal(ses_policy_evaluate(policy, &request), row->effect);
}

/* An ARN is matched part by part: a star does not reach over a colon. */
static void
test_source_arn(void **state)
{
	CLEANUP(arena_release) struct arena a = ARENA_INIT(SES_POLICY_ARENA);
	struct ses_policy_request request = {
		.account = SPAN(CALLER),
		.action = SPAN("ses:SendEmail"),
		.resource = SPAN(ARN),
		.from = SPAN("x@example.com"),
		.display_name = SPAN(""),
		.feedback = SPAN(""),
		.source_ip = SPAN(""),
		.source_arn = SPAN("arn:aws:sns:eu-west-2:1:a:b"),
	};
	const struct ses_policy *policy;
	struct error error;

	(void)state;
	assert_true(parse(WHEN("\"ArnLike\":{\"aws:SourceArn\":"
			       "\"arn:aws:sns:*:1:a*\"}"),
			  &a, &policy, &error));
	assert_int_equal(ses_policy_evaluate(policy, &request),
			 SES_POLICY_ALLOW);
	assert_true(parse(WHEN("\"ArnEquals\":{\"aws:SourceArn\":"
			       "\"arn:aws:s*1:a:b:*:c:d\"}"),
			  &a, &policy, &error));
	assert_int_equal(ses_policy_evaluate(policy, &request),
			 SES_POLICY_SILENT);
	assert_true(parse(WHEN("\"ArnNotLike\":{\"aws:SourceArn\":"
			       "\"arn:aws:sqs:*:*:*\"}"),
			  &a, &policy, &error));
	assert_int_equal(ses_policy_evaluate(policy, &request),
			 SES_POLICY_ALLOW);
}

/* What is too long to be looked at is never let through. */
static void
test_too_long(void **state)
{
	CLEANUP(arena_release) struct arena a = ARENA_INIT(SES_POLICY_ARENA);
	char name[SES_POLICY_TEXT_MAX + 1];
	struct ses_policy_request request = {
		.account = SPAN(CALLER),
		.action = SPAN("ses:SendEmail"),
		.resource = SPAN(ARN),
		.from = SPAN("x@example.com"),
		.feedback = SPAN(""),
		.source_ip = SPAN(""),
		.source_arn = SPAN(""),
	};
	const struct ses_policy *policy;
	struct error error;

	(void)state;
	memset(name, 'n', sizeof(name));
	assert_true(parse(POLICY(ALLOW REST), &a, &policy, &error));
	request.display_name = span_bytes(name, sizeof(name) - 1);
	assert_int_equal(ses_policy_evaluate(policy, &request),
			 SES_POLICY_ALLOW);
	request.display_name = span_bytes(name, sizeof(name));
	assert_int_equal(ses_policy_evaluate(policy, &request),
			 SES_POLICY_DENY);
}

static void
test_join(void **state)
{
	(void)state;
	assert_int_equal(ses_policy_join(SES_POLICY_ALLOW, SES_POLICY_SILENT),
			 SES_POLICY_ALLOW);
	assert_int_equal(ses_policy_join(SES_POLICY_ALLOW, SES_POLICY_DENY),
			 SES_POLICY_DENY);
	assert_int_equal(ses_policy_join(SES_POLICY_SILENT, SES_POLICY_SILENT),
			 SES_POLICY_SILENT);
}

static void
test_compact(void **state)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(SES_POLICY_MAX);

	(void)state;
	assert_true(ses_policy_compact(
		SPAN(" { \"a b\" :\t\"\\\" c \\\\\" ,\r\n\"d\":[ 1 ] }\n"),
		&b));
	assert_string_equal(b.ptr, "{\"a b\":\"\\\" c \\\\\",\"d\":[1]}");
}

/* 4096 octets are taken, one more is not. */
static void
test_size(void **state)
{
	static const char head[] = "{\"Statement\":{" ALLOW REST "},\"Id\":\"";
	CLEANUP(arena_release) struct arena a = ARENA_INIT(SES_POLICY_ARENA);
	CLEANUP(buf_release) struct buf b = BUF_INIT(2 * SES_POLICY_MAX);
	const struct ses_policy *policy;
	struct error error;

	(void)state;
	for (size_t more = 0; more < 2; more++) {
		buf_clear(&b);
		buf_adds(&b, head);
		while (b.len < SES_POLICY_MAX - 2 + more)
			buf_addc(&b, 'i');
		buf_adds(&b, "\"}");
		assert_int_equal(parse(b.ptr, &a, &policy, &error), more == 0);
	}
	assert_string_equal(error.text, "Policy is invalid: it is longer than "
					"4096 octets.");
}

static const struct name_row {
	const char *name;
	bool good;
} names[] = {
	{"Policy_1-a", true},
	{"a", true},
	{"with space", false},
	{"a.b", false},
	{"\xc3\xa4", false},
	{"1234567890123456789012345678901234567890123456789012345678901234",
	 true},
	{"12345678901234567890123456789012345678901234567890123456789012345",
	 false},
};

static void
test_name(void **state)
{
	const struct name_row *row = *state;
	struct error error = {0};

	assert_int_equal(ses_policy_name_check(span_of(row->name), &error),
			 row->good);
	if (!row->good)
		assert_int_equal(error.code, ERROR_BAD_REQUEST);
}

static const struct body_row {
	const char *name, *body;
	enum error_code code;
	const char *text; /* the policy, or the error */
} bodies[] = {
	{"a policy", "{\"Policy\":\"{}\",\"More\":1}", ERROR_NONE, "{}"},
	{"none", "{}", ERROR_BAD_REQUEST,
	 "1 validation error detected: Value at 'policy' failed to satisfy "
	 "constraint: Member must not be null"},
	{"an empty one", "{\"Policy\":\"\"}", ERROR_BAD_REQUEST,
	 "1 validation error detected: Value at 'policy' failed to satisfy "
	 "constraint: Member must have length greater than or equal to 1"},
};

static void
test_body(void **state)
{
	const struct body_row *row = *state;
	CLEANUP(json_decrefp) json_t *body = NULL;
	struct error error = {0};
	struct span text = SPAN("");

	assert_int_equal(json_parse(span_of(row->body), 1000, &body, NULL),
			 JSON_OK);
	if (ses_put_policy_read(body, &text, &error))
		assert_span(text, row->text);
	else
		assert_string_equal(error.text, row->text);
	assert_int_equal(error.code, row->code);
}

int
main(void)
{
	UNIT_ROWS(test_refused, refused);
	UNIT_ROWS(test_effect, effects);
	UNIT_ROWS(test_name, names);
	UNIT_ROWS(test_body, bodies);
	UNIT(test_source_arn);
	UNIT(test_too_long);
	UNIT(test_join);
	UNIT(test_compact);
	UNIT(test_size);
	return unit_run("ses/policy");
}
