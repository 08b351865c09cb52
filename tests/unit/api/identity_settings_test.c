/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#define ID      "/v2/email/identities/example.com"
#define CREATE  "POST /v2/email/identities"
#define EXAMPLE "{\"EmailIdentity\":\"example.com\"}"
#define CREATED                                                                \
	{                                                                      \
		A, CREATE, EXAMPLE, 200, "{*"                                  \
	}
#define SETS "/v2/email/configuration-sets"
#define EASY(l)                                                                \
	"{\"SigningAttributesOrigin\":\"AWS_SES\",\"SigningAttributes\":{"     \
	"\"NextSigningKeyLength\":\"" l "\"}}"
#define OWN(s)                                                                 \
	"{\"SigningAttributesOrigin\":\"EXTERNAL\",\"SigningAttributes\":{"    \
	"\"DomainSigningSelector\":\"" s "\",\"DomainSigningPrivateKey\":"     \
	"\"AAAA\"}}"

static const struct step_row mail_from[] = {
	{A, "PUT " ID "/mail-from", "{\"MailFromDomain\":\"m.example.com\"}",
	 400, "BadRequestException: Identity <example.com> does not exist."},
	CREATED,
	{A, "PUT " ID "/mail-from",
	 "{\"MailFromDomain\":\"M.Example.com\",\"BehaviorOnMxFailure\":"
	 "\"REJECT_MESSAGE\"}",
	 200, "{}"},
	{A, "GET " ID, NULL, 200,
	 "*\"MailFromAttributes\":{\"MailFromDomain\":\"m.example.com\","
	 "\"MailFromDomainStatus\":\"PENDING\",\"BehaviorOnMxFailure\":"
	 "\"REJECT_MESSAGE\"}*"},
	{A, "PUT " ID "/mail-from", "{\"MailFromDomain\":\"m.example.net\"}",
	 400,
	 "BadRequestException: Provided MAIL-FROM domain 'm.example.net' is "
	 "not subdomain of the domain of the identity 'example.com'"},
	{A, "PUT " ID "/mail-from", "{\"MailFromDomain\":\"example.com\"}", 400,
	 "BadRequestException: Provided MAIL-FROM domain *"},
	{A, "PUT " ID "/mail-from", "{\"MailFromDomain\":\"-.example.com\"}",
	 400, "BadRequestException: Invalid MAIL-FROM domain name: *"},
	{A, "PUT " ID "/mail-from", "{\"BehaviorOnMxFailure\":\"DROP\"}", 400,
	 "BadRequestException: 1 validation error detected: Value at "
	 "'behaviorOnMxFailure' *"},
	{A, "GET " ID, NULL, 200, "*\"MailFromDomain\":\"m.example.com\"*"},
	{A, "PUT " ID "/mail-from", "{\"MailFromDomain\":\"\"}", 200, "{}"},
	{A, "GET " ID, NULL, 200,
	 "*\"MailFromAttributes\":{\"BehaviorOnMxFailure\":"
	 "\"USE_DEFAULT_VALUE\"}*"},
	{A, "PUT " ID "/mail-from", "{}", 200, "{}"},
	{A, "PUT " ID "/mail-from", NULL, 200, "{}"},
};

static const struct step_row dkim[] = {
	{A, "PUT " ID "/dkim", "{\"SigningEnabled\":false}", 400,
	 "BadRequestException: Domain example.com is not verified for DKIM "
	 "signing."},
	CREATED,
	{A, "PUT " ID "/dkim", "{\"SigningEnabled\":false}", 200, "{}"},
	{A, "GET " ID, NULL, 200,
	 "*\"SigningEnabled\":false,\"Status\":\"PENDING\"*"},
	{A, "PUT " ID "/dkim", "{\"SigningEnabled\":\"false\"}", 200, "{}"},
	{A, "GET " ID, NULL, 200, "*\"SigningEnabled\":true*"},
	{A, "PUT " ID "/dkim", "{}", 200, "{}"},
	{A, "GET " ID, NULL, 200, "*\"SigningEnabled\":false*"},
	{A, "PUT " ID "/dkim", "{\"SigningEnabled\":1}", 400,
	 "SerializationException: *"},
};

/* Under both paths; a change of length keeps the tokens. */
static const struct step_row easy[] = {
	{A, "PUT " ID "/dkim/signing", EASY("RSA_1024_BIT"), 404,
	 "NotFoundException: Email identity example.com does not exist."},
	CREATED,
	{A, "PUT " ID "/dkim/signing",
	 "{\"SigningAttributesOrigin\":\"AWS_SES\"}", 400,
	 "BadRequestException: Signing key length parameter is null or empty"},
	{A, "PUT " ID "/dkim/signing", EASY("RSA_2048_BIT"), 400,
	 "BadRequestException: *"},
	{A, "PUT /v1/email/identities/example.com/dkim/signing",
	 EASY("RSA_1024_BIT"), 200,
	 "{\"DkimStatus\":\"PENDING\",\"DkimTokens\":[\"*\",\"*\",\"*\"],"
	 "\"SigningHostedZone\":\"dkim.eu-west-2.mail.example\"}"},
	{A, "GET " ID, NULL, 200,
	 "*\"NextSigningKeyLength\":\"RSA_1024_BIT\"*"},
	{A, "PUT " ID "/dkim/signing", EASY("RSA_2048_BIT"), 400,
	 "BadRequestException: The signing key length of example.com can be "
	 "changed once in 24 hours"},
};

/* To a key of one's own and back: new tokens each time, and a new start. */
static const struct step_row own[] = {
	CREATED,
	{A, "PUT " ID "/dkim/signing", OWN("Sel1"), 200,
	 "{\"DkimStatus\":\"NOT_STARTED\",\"DkimTokens\":[\"sel1\"]}"},
	{A, "GET " ID, NULL, 200,
	 "*\"Status\":\"PENDING\",\"Tokens\":[\"sel1\"],"
	 "\"SigningAttributesOrigin\":\"EXTERNAL\",\"CurrentSigningKeyLength\":"
	 "\"RSA_2048_BIT\"}*"},
	{A, "GET /sesame/v1/identities/example.com", NULL, 200,
	 "*\"name\":\"sel1._domainkey.example.com\",*\"value\":\"v=DKIM1; "
	 "k=rsa; p=PUBLIC\"*"},
	{A, "PUT " ID "/dkim/signing", OWN("sel1"), 200, "{*"},
	{A, "PUT " ID "/dkim/signing", EASY("RSA_1024_BIT"), 200,
	 "{\"DkimStatus\":\"NOT_STARTED\",\"DkimTokens\":[\"*\",\"*\",\"*\"],"
	 "*"},
	{A, "GET " ID, NULL, 200,
	 "*\"Status\":\"PENDING\",*\"SigningAttributesOrigin\":\"AWS_SES\","
	 "\"NextSigningKeyLength\":\"RSA_1024_BIT\"}*"},
};

static const struct step_row created_own[] = {
	{A, CREATE,
	 "{\"EmailIdentity\":\"example.com\",\"DkimSigningAttributes\":{"
	 "\"DomainSigningSelector\":\"S1\",\"DomainSigningPrivateKey\":"
	 "\"AAAA\"}}",
	 200,
	 "{\"IdentityType\":\"DOMAIN\",\"VerifiedForSendingStatus\":false,"
	 "\"DkimAttributes\":{\"SigningEnabled\":true,\"Status\":"
	 "\"NOT_STARTED\",\"Tokens\":[\"s1\"],\"SigningAttributesOrigin\":"
	 "\"EXTERNAL\",\"CurrentSigningKeyLength\":\"RSA_2048_BIT\"}}"},
	{A, CREATE,
	 "{\"EmailIdentity\":\"a@example.com\",\"DkimSigningAttributes\":{"
	 "\"DomainSigningSelector\":\"S1\",\"DomainSigningPrivateKey\":"
	 "\"AAAA\"}}",
	 400,
	 "BadRequestException: The EmailIdentity value must be a valid "
	 "domain."},
};

static const struct step_row feedback[] = {
	{A, "PUT " ID "/feedback", "{\"EmailForwardingEnabled\":false}", 400,
	 "BadRequestException: Identity example.com is invalid. Must be a "
	 "verified email address or domain."},
	CREATED,
	{A, "PUT " ID "/feedback", "{\"EmailForwardingEnabled\":false}", 200,
	 "{}"},
	{A, "GET " ID, NULL, 200, "*\"FeedbackForwardingStatus\":false*"},
};

static const struct step_row sets[] = {
	{A, "PUT " ID "/configuration-set", "{}", 404,
	 "NotFoundException: Identity <example.com> does not exist."},
	{A, "POST " SETS, "{\"ConfigurationSetName\":\"cs1\"}", 200, "{}"},
	{A, CREATE,
	 "{\"EmailIdentity\":\"example.com\",\"ConfigurationSetName\":\"cs1\"}",
	 200, "{*"},
	{A, "GET " ID, NULL, 200, "*\"ConfigurationSetName\":\"cs1\"*"},
	{A, "PUT " ID "/configuration-set",
	 "{\"ConfigurationSetName\":\"cs2\"}", 404,
	 "NotFoundException: Configuration set <cs2> does not exist."},
	{A, "PUT " ID "/configuration-set", " ", 400,
	 "SerializationException: *"},
	{A, "GET " ID, NULL, 200, "*\"ConfigurationSetName\":\"cs1\"*"},
	{A, "PUT " ID "/configuration-set", "{\"ConfigurationSetName\":null}",
	 200, "{}"},
	{A, "GET " ID, NULL, 200, "*\"Tags\":[],\"VerificationStatus\"*"},
	{A, "PUT " ID "/configuration-set",
	 "{\"ConfigurationSetName\":\"cs1\"}", 200, "{}"},
	{A, "PUT " ID "/configuration-set", NULL, 200, "{}"},
	{A, "GET " ID, NULL, 200, "*\"Tags\":[],\"VerificationStatus\"*"},
	{A, "GET /sesame/v1/events?identity=example.com&order=newest", NULL,
	 200,
	 "*{\"id\":*,\"time\":\"2026-11-23T17:31:42Z\",\"identity\":"
	 "\"example.com\",\"kind\":\"identity.changed\",\"detail\":{"
	 "\"operation\":\"PutEmailIdentityConfigurationSetAttributes\"}}*"},
};

static const struct scenario {
	const char *name;
	const struct step_row *steps;
	size_t len;
} scenarios[] = {
	{"MAIL FROM", mail_from, COUNT(mail_from)},
	{"signing on and off", dkim, COUNT(dkim)},
	{"Easy DKIM's length", easy, COUNT(easy)},
	{"a key of one's own, and back", own, COUNT(own)},
	{"created with a key of one's own", created_own, COUNT(created_own)},
	{"feedback", feedback, COUNT(feedback)},
	{"the default configuration set", sets, COUNT(sets)},
};

static void
test_scenario(void **state)
{
	const struct scenario *scenario = *state;

	world_steps(scenario->steps, scenario->len);
}

/* A key that keyd cannot read, or SES would not take, leaves nothing. */
static void
test_bad_key(void **state)
{
	static const char create[] =
		"{\"EmailIdentity\":\"example.com\",\"DkimSigningAttributes\":{"
		"\"DomainSigningSelector\":\"s\",\"DomainSigningPrivateKey\":"
		"\"AAAA\"}}";
	static const int bits[] = {0, 512, 4096};
	CLEANUP(buf_release) struct buf got = BUF_INIT(100000);

	(void)state;
	world_open();
	for (size_t i = 0; i < COUNT(bits); i++) {
		world.key_bits = bits[i];
		assert_int_equal(world_ask(A, CREATE, create, &got), 400);
		assert_int_equal(world_ask(A, "GET " ID, NULL, &got), 404);
	}
	assert_int_equal(world_ask(A, CREATE, EXAMPLE, &got), 200);
	for (size_t i = 0; i < COUNT(bits); i++) {
		world.key_bits = bits[i];
		assert_int_equal(
			world_ask(A, "PUT " ID "/dkim/signing", OWN("s"), &got),
			400);
	}
	buf_clear(&got);
	assert_int_equal(world_ask(A, "GET " ID, NULL, &got), 200);
	assert_true(looks_like(got.ptr, "*\"AWS_SES\"*"));
	world_close();
}

/* The key is stored sealed for the row, the selector and its generation. */
static void
test_sealed(void **state)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT(100000);
	struct identity identity;
	struct dkim_key key;
	struct error error;
	char want[100];

	(void)state;
	world_open();
	assert_int_equal(world_ask(A, CREATE,
				   "{\"EmailIdentity\":\"example.com\","
				   "\"DkimSigningAttributes\":{"
				   "\"DomainSigningSelector\":\"s\","
				   "\"DomainSigningPrivateKey\":\"AAAA\"}}",
				   &got),
			 200);
	assert_true(store_identity_get(world.store, A, "example.com", &identity,
				       &error));
	assert_true(store_dkim_key_get(world.store, identity.id, "s", &key,
				       &error));
	snprintf(want, sizeof(want), A "|%llu|1|s",
		 (unsigned long long)identity.id);
	assert_string_equal((char *)key.sealed, want);
	assert_int_equal(key.state, DKIM_KEY_ACTIVE);
	assert_int_equal(
		world_ask(A, "PUT " ID "/dkim/signing", OWN("s"), &got), 200);
	assert_true(store_dkim_key_get(world.store, identity.id, "s", &key,
				       &error));
	assert_int_equal(key.generation, 2);
	assert_int_equal(key.state, DKIM_KEY_ACTIVE);
	assert_int_equal(
		world_ask(A, "PUT " ID "/dkim/signing", OWN("t"), &got), 200);
	assert_true(store_dkim_key_get(world.store, identity.id, "s", &key,
				       &error));
	assert_int_equal(key.state, DKIM_KEY_RETIRED);
	world_close();
}

int
main(void)
{
	UNIT_ROWS(test_scenario, scenarios);
	UNIT(test_bad_key);
	UNIT(test_sealed);
	return unit_run("api/identity_settings");
}
