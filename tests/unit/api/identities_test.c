/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#define IDS      "/v2/email/identities"
#define CREATE   "POST " IDS
#define NAMED(n) "{\"EmailIdentity\":\"" n "\"}"

/* Create shows DKIM before it began, the next Get that it is PENDING. */
static const struct step_row easy[] = {
	{A, "GET " IDS "/example.com", NULL, 404,
	 "NotFoundException: Email identity example.com does not exist."},
	{A, CREATE,
	 "{\"EmailIdentity\":\"example.com\",\"Tags\":[{\"Key\":\"k\","
	 "\"Value\":\"v\"}]}",
	 200,
	 "{\"IdentityType\":\"DOMAIN\",\"VerifiedForSendingStatus\":false,"
	 "\"DkimAttributes\":{\"SigningEnabled\":true,\"Status\":"
	 "\"NOT_STARTED\",\"Tokens\":[\"*\",\"*\",\"*\"],\"SigningHostedZone\":"
	 "\"dkim.eu-west-2.mail.example\",\"SigningAttributesOrigin\":"
	 "\"AWS_SES\",\"NextSigningKeyLength\":\"RSA_2048_BIT\"}}"},
	{A, "GET " IDS "/example.com", NULL, 200,
	 "{\"IdentityType\":\"DOMAIN\",\"VerifiedForSendingStatus\":false,"
	 "\"DkimAttributes\":{\"SigningEnabled\":true,\"Status\":\"PENDING\","
	 "\"Tokens\":[\"*\",\"*\",\"*\"],\"SigningHostedZone\":"
	 "\"dkim.eu-west-2.mail.example\",\"SigningAttributesOrigin\":"
	 "\"AWS_SES\",\"NextSigningKeyLength\":\"RSA_2048_BIT\"},"
	 "\"FeedbackForwardingStatus\":true,\"MailFromAttributes\":{"
	 "\"BehaviorOnMxFailure\":\"USE_DEFAULT_VALUE\"},\"Policies\":{},"
	 "\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}],\"VerificationStatus\":"
	 "\"PENDING\",\"VerificationInfo\":{}}"},
	{A, CREATE, NAMED("example.com"), 400,
	 "AlreadyExistsException: Email identity example.com already exist."},
	{A, CREATE, NAMED("EXAMPLE.com."), 400,
	 "AlreadyExistsException: Email identity example.com already exist."},
	{A, "GET " IDS "/Example.COM", NULL, 200, "{*"},
	{A, "DELETE " IDS "/example.com", NULL, 200, "{}"},
	{A, "DELETE " IDS "/example.com", NULL, 404,
	 "NotFoundException: Email identity example.com does not exist."},
	{A, CREATE, NAMED("example.com"), 200, "{*"},
	{A, "GET " IDS "/example.com", NULL, 200, "*\"Tags\":[],*"},
};

static const struct step_row refused[] = {
	{A, CREATE, NULL, 400,
	 "BadRequestException: 1 validation error detected: Value at "
	 "'emailIdentity' failed to satisfy constraint: Member must not be "
	 "null"},
	{A, CREATE, " ", 400, "SerializationException: *"},
	{A, CREATE, "{", 400, "SerializationException: *"},
	{A, CREATE, NAMED("co.uk"), 400,
	 "BadRequestException: co.uk cannot be an identity: it is a public "
	 "suffix, under which strangers register domains."},
	{A, CREATE, NAMED("gmail.com"), 400,
	 "BadRequestException: gmail.com cannot be an identity: it is a "
	 "mailbox provider's; *"},
	{A, CREATE, NAMED("a.mail.example"), 400,
	 "BadRequestException: a.mail.example cannot be an identity: it is "
	 "this deployment's own."},
	{A, CREATE, NAMED("localhost"), 400, "BadRequestException: *"},
	{A, CREATE, NAMED("192.0.2.1"), 400, "BadRequestException: *"},
	{A, CREATE, NAMED("_domainkey.example.com"), 400,
	 "BadRequestException: *"},
	{A, CREATE, NAMED("*.example.com"), 400, "BadRequestException: *"},
	{A, CREATE,
	 "{\"EmailIdentity\":\"example.com\",\"ConfigurationSetName\":\"no\"}",
	 404, "NotFoundException: Configuration set <no> does not exist."},
	{A, "GET " IDS "/example.com", NULL, 404, "NotFoundException: *"},
	{A, "GET " IDS "/%00", NULL, 400,
	 "BadRequestException: A parameter in the path is not valid."},
	{A, "GET " IDS "/", NULL, 400,
	 "BadRequestException: A parameter in the path is not valid."},
	{A, "GET " IDS "/a/b", NULL, 404, "UnknownOperationException: *"},
	{A, "PATCH " IDS, NULL, 404, "UnknownOperationException: *"},
	{A, "GET /v2/email/./identities", NULL, 404,
	 "UnknownOperationException: *"},
	{A, "GET //v2/email/identities", NULL, 404,
	 "UnknownOperationException: *"},
	{A, "GET /v2/email/%69dentities", NULL, 404,
	 "UnknownOperationException: *"},
};

/* What another account has is as good as nothing. */
static const struct step_row others[] = {
	{A, CREATE, NAMED("example.com"), 200, "{*"},
	{B, "GET " IDS "/example.com", NULL, 404,
	 "NotFoundException: Email identity example.com does not exist."},
	{B, "DELETE " IDS "/example.com", NULL, 404,
	 "NotFoundException: Email identity example.com does not exist."},
	{B, "GET " IDS, NULL, 200, "{\"EmailIdentities\":[]}"},
	{B, "GET /sesame/v1/identities/example.com", NULL, 404,
	 "NotFoundException: Email identity example.com does not exist."},
	{B, "GET /sesame/v1/events", NULL, 200,
	 "{\"events\":[],\"next_after\":null}"},
	{B, CREATE, NAMED("example.com"), 200, "{*"},
	{B, "DELETE " IDS "/example.com", NULL, 200, "{}"},
	{A, "GET " IDS "/example.com", NULL, 200, "{*"},
};

static const struct step_row addresses[] = {
	{A, CREATE, NAMED("User+x@Example.com"), 200,
	 "{\"IdentityType\":\"EMAIL_ADDRESS\",\"VerifiedForSendingStatus\":"
	 "false,\"DkimAttributes\":{\"SigningEnabled\":false,\"Status\":"
	 "\"NOT_STARTED\",\"SigningAttributesOrigin\":\"AWS_SES\","
	 "\"NextSigningKeyLength\":\"RSA_1024_BIT\"}}"},
	{A, "GET " IDS "/User%2Bx%40example.com", NULL, 200,
	 "*\"DkimAttributes\":{\"SigningEnabled\":false,\"Status\":"
	 "\"NOT_STARTED\",\"SigningAttributesOrigin\":\"AWS_SES\","
	 "\"NextSigningKeyLength\":\"RSA_1024_BIT\"},*"},
	{A, "GET " IDS "/user%2Bx%40example.com", NULL, 404,
	 "NotFoundException: *"},
	{A, CREATE, NAMED("a@gmail.com"), 200, "{*"},
	/* its DKIM is that of its domain, if that is an identity */
	{A, CREATE, NAMED("example.com"), 200, "{*"},
	{A, "GET " IDS "/User%2Bx%40example.com", NULL, 200,
	 "*\"DkimAttributes\":{\"SigningEnabled\":true,\"Status\":\"PENDING\","
	 "\"Tokens\":[\"*\",\"*\",\"*\"],*"},
	{A, "PUT " IDS "/User%2Bx%40example.com/dkim", "{}", 200, "{}"},
	{A, "PUT " IDS "/other%40example.com/dkim", "{}", 200, "{}"},
	{A, "GET " IDS "/other%40example.com", NULL, 404,
	 "NotFoundException: *"},
	{A, "GET " IDS "/example.com", NULL, 200, "*\"SigningEnabled\":true,*"},
	{A, "PUT " IDS "/x%40other.example/dkim", "{}", 400,
	 "BadRequestException: Domain other.example is not verified for DKIM "
	 "signing."},
	{A, "PUT " IDS "/User%2Bx%40example.com/dkim/signing",
	 "{\"SigningAttributesOrigin\":\"AWS_SES\"}", 400,
	 "BadRequestException: The EmailIdentity value must be a valid "
	 "domain."},
	{A, CREATE,
	 "{\"EmailIdentity\":\"b@example.com\",\"DkimSigningAttributes\":{"
	 "\"NextSigningKeyLength\":\"RSA_2048_BIT\"}}",
	 400,
	 "BadRequestException: The EmailIdentity value must be a valid "
	 "domain."},
};

static const struct step_row international[] = {
	{A, CREATE,
	 NAMED("b\xc3\xbc"
	       "cher.example.com"),
	 200, "{*"},
	{A, "GET " IDS "/xn--bcher-kva.example.com", NULL, 200, "{*"},
	{A, "GET " IDS "/b%C3%BCcher.example.com", NULL, 200, "{*"},
};

static const struct step_row listed[] = {
	{A, "GET " IDS, NULL, 200, "{\"EmailIdentities\":[]}"},
	{A, CREATE, NAMED("c.example"), 200, "{*"},
	{A, CREATE, NAMED("a.example"), 200, "{*"},
	{A, CREATE, NAMED("x@b.example"), 200, "{*"},
	{A, "GET " IDS, NULL, 200,
	 "{\"EmailIdentities\":[{\"IdentityType\":\"DOMAIN\",\"IdentityName\":"
	 "\"a.example\",\"SendingEnabled\":false,\"VerificationStatus\":"
	 "\"PENDING\"},{*\"c.example\",*},{\"IdentityType\":\"EMAIL_ADDRESS\","
	 "\"IdentityName\":\"x@b.example\",*}]}"},
	{A, "GET " IDS "?PageSize=3", NULL, 200, "{\"EmailIdentities\":[*]}"},
	{A, "GET " IDS "?PageSize=0", NULL, 200, "{\"EmailIdentities\":[*]}"},
	{A, "GET " IDS "?PageSize=1001", NULL, 400, "BadRequestException: *"},
	{A, "GET " IDS "?PageSize=x", NULL, 400, "SerializationException: *"},
	{A, "GET " IDS "?NextToken=00", NULL, 400,
	 "InvalidNextTokenException: *"},
	{A, "POST /v2/email/list-identities", NULL, 200,
	 "{\"EmailIdentities\":[{*a.example*},{*c.example*},{*x@b.example*}]}"},
	{A, "POST /v2/email/list-identities",
	 "{\"Filter\":{\"IDENTITY_TYPE\":\"EMAIL_ADDRESS\"}}", 200,
	 "{\"EmailIdentities\":[{\"IdentityType\":\"EMAIL_ADDRESS\","
	 "\"IdentityName\":\"x@b.example\",\"SendingEnabled\":false,"
	 "\"VerificationStatus\":\"PENDING\"}]}"},
	{A, "POST /v2/email/list-identities",
	 "{\"Filter\":{\"IDENTITY_NAME_CONTAINS\":\"b\"}}", 200,
	 "{\"EmailIdentities\":[{*\"x@b.example\"*}]}"},
	{A, "POST /v2/email/list-identities",
	 "{\"Filter\":{\"IDENTITY_NAME_CONTAINS\":\"%\"}}", 200,
	 "{\"EmailIdentities\":[]}"},
	{A, "POST /v2/email/list-identities",
	 "{\"Filter\":{\"VERIFICATION_STATUS\":\"SUCCESS\"}}", 200,
	 "{\"EmailIdentities\":[]}"},
};

static void
test_easy(void **state)
{
	(void)state;
	WORLD_STEPS(easy);
}

static void
test_refused(void **state)
{
	(void)state;
	WORLD_STEPS(refused);
}

static void
test_others(void **state)
{
	(void)state;
	WORLD_STEPS(others);
}

static void
test_addresses(void **state)
{
	(void)state;
	WORLD_STEPS(addresses);
}

static void
test_international(void **state)
{
	(void)state;
	WORLD_STEPS(international);
}

static void
test_listed(void **state)
{
	(void)state;
	WORLD_STEPS(listed);
}

/* Creating wakes who checks and who makes keys; reading wakes nobody. */
static void
test_wake(void **state)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT(10000);

	(void)state;
	world_open();
	world_ask(A, CREATE, NAMED("example.com"), &got);
	assert_int_equal(world.wake,
			 API_WAKE_SCHEDULER | API_WAKE_KEYS | API_WAKE_ZONE);
	world.wake = 0;
	world_ask(A, "GET " IDS "/example.com", NULL, &got);
	assert_int_equal(world.wake, 0);
	world_ask(A, "DELETE " IDS "/example.com", NULL, &got);
	assert_int_equal(world.wake, API_WAKE_ZONE);
	world_close();
}

/* Returns the NextToken of an answer, "" if it has none. */
static void
next_token(const char *text, char ret[1000])
{
	CLEANUP(json_decrefp) json_t *json = NULL;
	struct span token = SPAN("");

	assert_int_equal(json_parse(span_of(text), 1 << 20, &json, NULL),
			 JSON_OK);
	if (!json_get_text(json, "NextToken", &token))
		token = SPAN("");
	snprintf(ret, 1000, SPAN_FMT, SPAN_ARG(token));
}

/* Page by page, each identity once and in order. */
static void
test_pages(void **state)
{
	CLEANUP(buf_release) struct buf all = BUF_INIT(100000);
	char token[1000] = "", request[2000], body[200];
	unsigned pages = 0, seen = 0;

	(void)state;
	world_open();
	for (int i = 0; i < 7; i++) {
		CLEANUP(buf_release) struct buf got = BUF_INIT(10000);

		snprintf(body, sizeof(body), NAMED("d%d.example"), 6 - i);
		assert_int_equal(world_ask(A, CREATE, body, &got), 200);
	}
	do {
		CLEANUP(buf_release) struct buf got = BUF_INIT(10000);

		snprintf(request, sizeof(request), "GET " IDS "?PageSize=3%s%s",
			 token[0] ? "&NextToken=" : "", token);
		assert_int_equal(world_ask(A, request, NULL, &got), 200);
		buf_add(&all, buf_span(&got));
		next_token(got.ptr, token);
		pages++;
	} while (token[0] != '\0');
	assert_int_equal(pages, 3);
	for (struct span rest = buf_span(&all); rest.len > 0; seen++) {
		char name[30];
		size_t at;

		snprintf(name, sizeof(name), "\"d%u.example\"", seen);
		at = span_search(rest, span_of(name));
		if (at == SPAN_NONE)
			break;
		rest = span_skip(rest, at);
	}
	assert_int_equal(seen, 7);
	world_close();
}

/* A token is of one account and one question. */
static void
test_token(void **state)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT(100000);
	char token[1000], request[2000];

	(void)state;
	world_open();
	world_ask(A, CREATE, NAMED("a.example"), &got);
	world_ask(A, CREATE, NAMED("b.example"), &got);
	buf_clear(&got);
	assert_int_equal(world_ask(A, "GET " IDS "?PageSize=1", NULL, &got),
			 200);
	next_token(got.ptr, token);
	snprintf(request, sizeof(request), "GET " IDS "?NextToken=%s", token);
	assert_int_equal(world_ask(A, request, NULL, &got), 200);
	assert_int_equal(world_ask(B, request, NULL, &got), 400);
	snprintf(request, sizeof(request),
		 "GET /v2/email/configuration-sets?NextToken=%s", token);
	assert_int_equal(world_ask(A, request, NULL, &got), 400);
	snprintf(request, sizeof(request),
		 "{\"NextToken\":\"%s\",\"Filter\":{\"IDENTITY_TYPE\":"
		 "\"DOMAIN\"}}",
		 token);
	assert_int_equal(
		world_ask(A, "POST /v2/email/list-identities", request, &got),
		400);
	for (size_t i = 0; token[i] != '\0'; i++) {
		char was = token[i];

		token[i] = was == '0' ? '1' : '0';
		snprintf(request, sizeof(request), "GET " IDS "?NextToken=%s",
			 token);
		assert_int_equal(world_ask(A, request, NULL, &got), 400);
		token[i] = was;
	}
	world_close();
}

int
main(void)
{
	UNIT(test_easy);
	UNIT(test_refused);
	UNIT(test_others);
	UNIT(test_addresses);
	UNIT(test_international);
	UNIT(test_listed);
	UNIT(test_wake);
	UNIT(test_pages);
	UNIT(test_token);
	return unit_run("api/identities");
}
