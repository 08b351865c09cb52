/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/sigv4.h"

#include "http/request.h"
#include "unit.h"

#define SECRET SPAN("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
#define REGION SPAN("eu-west-2")
#define NOW    INT64_C(1795455102000) /* 20261123T173142Z */

/*
 * What Debian 12's AWS CLI (2.9.19) and boto3 (1.26.27) sent, captured, with
 * User-Agent shortened; and the fields that the JavaScript SDK sends, signed
 * by botocore.  All of them with the secret above.
 */
static const struct row {
	const char *name;
	const char *request;
} rows[] = {
	{"awscli: create-email-identity",
	 "POST /v2/email/identities HTTP/1.1\r\n"
	 "Host: 127.0.0.1:18099\r\n"
	 "Accept-Encoding: identity\r\n"
	 "Content-Type: application/json\r\n"
	 "User-Agent: aws-cli/2.9.19\r\n"
	 "X-Amz-Date: 20261123T173140Z\r\n"
	 "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2"
	 "0261123/eu-west-2/ses/aws4_request, SignedHeaders=conten"
	 "t-type;host;x-amz-date, Signature=4a2327e30999ab5ac7802d"
	 "5ea4027e51f9a35b6341facd535624056ff1cf2c6b\r\n"
	 "Content-Length: 170\r\n"
	 "\r\n"
	 "{\"EmailIdentity\": \"example.com\", \"Tags\": [{\"Key"
	 "\": \"a\", \"Value\": \"b c\"}], \"DkimSigningAttributes"
	 "\": {\"NextSigningKeyLength\": \"RSA_2048_BIT\"}, \"Conf"
	 "igurationSetName\": \"cs1\"}"},
	{"awscli: get, an address",
	 "GET /v2/email/identities/user%2Bx%40example.com HTTP/1.1"
	 "\r\n"
	 "Host: 127.0.0.1:18099\r\n"
	 "Accept-Encoding: identity\r\n"
	 "User-Agent: aws-cli/2.9.19\r\n"
	 "X-Amz-Date: 20261123T173140Z\r\n"
	 "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2"
	 "0261123/eu-west-2/ses/aws4_request, SignedHeaders=host;x"
	 "-amz-date, Signature=a5c39e640e8674a21a8dc50eaf6419151c9"
	 "cb6c5044d441c332ad4f992e52637\r\n"
	 "\r\n"},
	{"awscli: list, with a token",
	 "GET /v2/email/identities?NextToken=a%20b%2Fc%2Bd%3D&Page"
	 "Size=5 HTTP/1.1\r\n"
	 "Host: 127.0.0.1:18099\r\n"
	 "Accept-Encoding: identity\r\n"
	 "User-Agent: aws-cli/2.9.19\r\n"
	 "X-Amz-Date: 20261123T173141Z\r\n"
	 "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2"
	 "0261123/eu-west-2/ses/aws4_request, SignedHeaders=host;x"
	 "-amz-date, Signature=34b331dd250f891bd0849090a5ecd4db596"
	 "d2f9c843cdf4cd48f4b56f6990e4f\r\n"
	 "\r\n"},
	{"awscli: delete",
	 "DELETE /v2/email/identities/example.com HTTP/1.1\r\n"
	 "Host: 127.0.0.1:18099\r\n"
	 "Accept-Encoding: identity\r\n"
	 "User-Agent: aws-cli/2.9.19\r\n"
	 "X-Amz-Date: 20261123T173142Z\r\n"
	 "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2"
	 "0261123/eu-west-2/ses/aws4_request, SignedHeaders=host;x"
	 "-amz-date, Signature=faca5327ea8cf7591fe0d51673f25ebc90e"
	 "eac6d6873bff7be5a82626ea0a887\r\n"
	 "Content-Length: 0\r\n"
	 "\r\n"},
	{"awscli: dkim/signing under /v1/",
	 "PUT /v1/email/identities/example.com/dkim/signing HTTP/1"
	 ".1\r\n"
	 "Host: 127.0.0.1:18099\r\n"
	 "Accept-Encoding: identity\r\n"
	 "Content-Type: application/json\r\n"
	 "User-Agent: aws-cli/2.9.19\r\n"
	 "X-Amz-Date: 20261123T173142Z\r\n"
	 "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2"
	 "0261123/eu-west-2/ses/aws4_request, SignedHeaders=conten"
	 "t-type;host;x-amz-date, Signature=f559e1423c6dab3267270c"
	 "ec440bc10e3e5d1e97854b4213af6211321ca5db73\r\n"
	 "Content-Length: 101\r\n"
	 "\r\n"
	 "{\"SigningAttributesOrigin\": \"AWS_SES\", \"SigningAttr"
	 "ibutes\": {\"NextSigningKeyLength\": \"RSA_2048_BIT\"}}"},
	{"awscli: untag-resource",
	 "DELETE /v2/email/tags?ResourceArn=arn%3Aaws%3Ases%3Aeu-w"
	 "est-2%3A123456789012%3Aidentity%2Fexample.com&TagKeys=k1"
	 "&TagKeys=k%202 HTTP/1.1\r\n"
	 "Host: 127.0.0.1:18099\r\n"
	 "Accept-Encoding: identity\r\n"
	 "User-Agent: aws-cli/2.9.19\r\n"
	 "X-Amz-Date: 20261123T173143Z\r\n"
	 "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2"
	 "0261123/eu-west-2/ses/aws4_request, SignedHeaders=host;x"
	 "-amz-date, Signature=82827764fdf0501207d87a875f8bbea7b86"
	 "c6dc5c818e5273e1cd07180a2c10b\r\n"
	 "Content-Length: 0\r\n"
	 "\r\n"},
	{"awscli: mail-from, with a session token",
	 "PUT /v2/email/identities/example.com/mail-from HTTP/1.1"
	 "\r\n"
	 "Host: 127.0.0.1:18099\r\n"
	 "Accept-Encoding: identity\r\n"
	 "Content-Type: application/json\r\n"
	 "User-Agent: aws-cli/2.9.19\r\n"
	 "X-Amz-Date: 20261123T173144Z\r\n"
	 "X-Amz-Security-Token: TOKEN/EXAMPLE==\r\n"
	 "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2"
	 "0261123/eu-west-2/ses/aws4_request, SignedHeaders=conten"
	 "t-type;host;x-amz-date;x-amz-security-token, Signature=4"
	 "b0fe76dff97d35f9f7839096929a66a1f2127bd567b15ac6c7cc03fd"
	 "e810b25\r\n"
	 "Content-Length: 38\r\n"
	 "\r\n"
	 "{\"MailFromDomain\": \"mail.example.com\"}"},
	{"boto3: send_email",
	 "POST /v2/email/outbound-emails HTTP/1.1\r\n"
	 "Accept-Encoding: identity\r\n"
	 "Content-Type: application/json\r\n"
	 "User-Agent: Boto3/1.26.27\r\n"
	 "host: 127.0.0.1:18099\r\n"
	 "X-Amz-Date: 20261123T173144Z\r\n"
	 "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2"
	 "0261123/eu-west-2/ses/aws4_request, SignedHeaders=conten"
	 "t-type;host;x-amz-date, Signature=a69edc903ec4dc664ab2b2"
	 "acc67347f2fa92fd29fe5996bc0266818f11ec765c\r\n"
	 "amz-sdk-invocation-id: 64926b2b-c6d5-4d7e-b7bb-3ee81fb66"
	 "432\r\n"
	 "amz-sdk-request: attempt=1\r\n"
	 "Content-Length: 190\r\n"
	 "\r\n"
	 "{\"FromEmailAddress\": \"a@example.com\", \"Destination"
	 "\": {\"ToAddresses\": [\"b@example.net\"]}, \"Content\":"
	 " {\"Simple\": {\"Subject\": {\"Data\": \"Gr\\u00fc\\u00d"
	 "fe\"}, \"Body\": {\"Text\": {\"Data\": \"hello\"}}}}}"},
	{"boto3: get_account",
	 "GET /v2/email/account HTTP/1.1\r\n"
	 "Accept-Encoding: identity\r\n"
	 "User-Agent: Boto3/1.26.27\r\n"
	 "host: 127.0.0.1:18099\r\n"
	 "X-Amz-Date: 20261123T173144Z\r\n"
	 "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2"
	 "0261123/eu-west-2/ses/aws4_request, SignedHeaders=host;x"
	 "-amz-date, Signature=d4c13f5842596f75f78e94ccfc31f7fb4e7"
	 "f0c4e1582d847d2d1024fb5a16ddc\r\n"
	 "amz-sdk-invocation-id: 83f81a31-07ea-4310-a137-847966dce"
	 "d7a\r\n"
	 "amz-sdk-request: attempt=1\r\n"
	 "\r\n"},
	{"boto3: list",
	 "GET /v2/email/identities HTTP/1.1\r\n"
	 "Accept-Encoding: identity\r\n"
	 "User-Agent: Boto3/1.26.27\r\n"
	 "host: 127.0.0.1:18099\r\n"
	 "X-Amz-Date: 20261123T173144Z\r\n"
	 "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2"
	 "0261123/eu-west-2/ses/aws4_request, SignedHeaders=host;x"
	 "-amz-date, Signature=421c1f3a2f4fcf83b5372ca862fed3f55da"
	 "baa6afc9a78fac0700ec9df4127a9\r\n"
	 "amz-sdk-invocation-id: 688d2547-5242-4384-94ec-087fa0f02"
	 "253\r\n"
	 "amz-sdk-request: attempt=1\r\n"
	 "\r\n"},
	{"boto3: a name of eight bits",
	 "GET /v2/email/identities/%C3%A9.example HTTP/1.1\r\n"
	 "Accept-Encoding: identity\r\n"
	 "User-Agent: Boto3/1.26.27\r\n"
	 "host: 127.0.0.1:18099\r\n"
	 "X-Amz-Date: 20261123T173144Z\r\n"
	 "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2"
	 "0261123/eu-west-2/ses/aws4_request, SignedHeaders=host;x"
	 "-amz-date, Signature=349924f486a20d0d6d70fbbb1477da2f700"
	 "42eaca97b0bea6114f27f927d968b\r\n"
	 "amz-sdk-invocation-id: e0a2f61d-b8c0-48c7-8b2e-c6fdd92a3"
	 "cf9\r\n"
	 "amz-sdk-request: attempt=1\r\n"
	 "\r\n"},
	{"as JavaScript: put mail-from",
	 "PUT /v2/email/identities/example.com/mail-from HTTP/1.1"
	 "\r\n"
	 "host: 127.0.0.1:18099\r\n"
	 "x-amz-user-agent: aws-sdk-js/3.1169.0\r\n"
	 "amz-sdk-invocation-id: 7f0c9f0e-5e55-4f77-8b0f-1d8e3b6a2"
	 "f10\r\n"
	 "amz-sdk-request: attempt=1; max=3\r\n"
	 "x-amz-content-sha256: 7c66c127611b7749e704fd94a9ab37ae44"
	 "c717ece0ebdba1010d33eb0bcbccd2\r\n"
	 "content-type: application/json\r\n"
	 "content-length: 76\r\n"
	 "x-amz-date: 20261123T173140Z\r\n"
	 "authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2"
	 "0261123/eu-west-2/ses/aws4_request, SignedHeaders=amz-sd"
	 "k-invocation-id;amz-sdk-request;content-length;content-t"
	 "ype;host;x-amz-content-sha256;x-amz-date;x-amz-user-agen"
	 "t, Signature=2365637590e4121e90773043287a48c33cf25539112"
	 "070869213d7a377e6896e\r\n"
	 "connection: keep-alive\r\n"
	 "\r\n"
	 "{\"BehaviorOnMxFailure\":\"REJECT_MESSAGE\",\"MailFromDo"
	 "main\":\"mail.example.com\"}"},
	{"as JavaScript: the new list",
	 "POST /v2/email/list-identities HTTP/1.1\r\n"
	 "host: 127.0.0.1:18099\r\n"
	 "x-amz-user-agent: aws-sdk-js/3.1169.0\r\n"
	 "amz-sdk-invocation-id: 7f0c9f0e-5e55-4f77-8b0f-1d8e3b6a2"
	 "f10\r\n"
	 "amz-sdk-request: attempt=1; max=3\r\n"
	 "x-amz-content-sha256: c6f5e962bf6c64602807398beaa81106dc"
	 "c5cd600e504d63b67fc446cdcc6112\r\n"
	 "content-type: application/json\r\n"
	 "content-length: 51\r\n"
	 "x-amz-date: 20261123T173140Z\r\n"
	 "authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2"
	 "0261123/eu-west-2/ses/aws4_request, SignedHeaders=amz-sd"
	 "k-invocation-id;amz-sdk-request;content-length;content-t"
	 "ype;host;x-amz-content-sha256;x-amz-date;x-amz-user-agen"
	 "t, Signature=1d9f264432d4a148801f60b521b9da6d3db260be9e5"
	 "1ffae116b355136ca3090\r\n"
	 "connection: keep-alive\r\n"
	 "\r\n"
	 "{\"Filter\":{\"IDENTITY_TYPE\":\"DOMAIN\"},\"PageSize\":"
	 "10}"},
	{"as JavaScript: get",
	 "GET /v2/email/identities/example.com HTTP/1.1\r\n"
	 "host: 127.0.0.1:18099\r\n"
	 "x-amz-user-agent: aws-sdk-js/3.1169.0\r\n"
	 "amz-sdk-invocation-id: 7f0c9f0e-5e55-4f77-8b0f-1d8e3b6a2"
	 "f10\r\n"
	 "amz-sdk-request: attempt=1; max=3\r\n"
	 "x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427"
	 "ae41e4649b934ca495991b7852b855\r\n"
	 "x-amz-date: 20261123T173140Z\r\n"
	 "authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2"
	 "0261123/eu-west-2/ses/aws4_request, SignedHeaders=amz-sd"
	 "k-invocation-id;amz-sdk-request;host;x-amz-content-sha25"
	 "6;x-amz-date;x-amz-user-agent, Signature=df3b54451fa58cd"
	 "bb7c44c47e412a6ce1faebbe0c023ac22be649cfe5459880e\r\n"
	 "connection: keep-alive\r\n"
	 "\r\n"},
	{"runs of spaces in a signed field",
	 "GET /v2/email/account HTTP/1.1\r\n"
	 "host: 127.0.0.1:18099\r\n"
	 "x-amz-user-agent: a   b    c\r\n"
	 "amz-sdk-invocation-id: 7f0c9f0e-5e55-4f77-8b0f-1d8e3b6a2"
	 "f10\r\n"
	 "amz-sdk-request: attempt=1; max=3\r\n"
	 "x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427"
	 "ae41e4649b934ca495991b7852b855\r\n"
	 "x-amz-date: 20261123T173140Z\r\n"
	 "authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2"
	 "0261123/eu-west-2/ses/aws4_request, SignedHeaders=amz-sd"
	 "k-invocation-id;amz-sdk-request;host;x-amz-content-sha25"
	 "6;x-amz-date;x-amz-user-agent, Signature=eada1b7f1840d59"
	 "142aae7222ae58c0dbfa133a871dc41e29ea12cb133dc31d5\r\n"
	 "connection: keep-alive\r\n"
	 "\r\n"},
	{"query parameters out of order",
	 "GET /v2/email/tags?b=2&a=%2F&B=3&a=1&c HTTP/1.1\r\n"
	 "host: 127.0.0.1:18099\r\n"
	 "x-amz-user-agent: aws-sdk-js/3.1169.0\r\n"
	 "amz-sdk-invocation-id: 7f0c9f0e-5e55-4f77-8b0f-1d8e3b6a2"
	 "f10\r\n"
	 "amz-sdk-request: attempt=1; max=3\r\n"
	 "x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427"
	 "ae41e4649b934ca495991b7852b855\r\n"
	 "x-amz-date: 20261123T173140Z\r\n"
	 "authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2"
	 "0261123/eu-west-2/ses/aws4_request, SignedHeaders=amz-sd"
	 "k-invocation-id;amz-sdk-request;host;x-amz-content-sha25"
	 "6;x-amz-date;x-amz-user-agent, Signature=c51a87365d2d904"
	 "1e49b8e3b9b18269d844e31ae73fb6576ee65f892cd8bc1e8\r\n"
	 "connection: keep-alive\r\n"
	 "\r\n"},
};

/* A request taken apart, in memory that may be changed. */
struct parts {
	char text[4096];
	struct http_request http;
	struct sigv4_header header[HTTP_HEADERS_MAX];
	struct sigv4_request request;
	struct span body;
};

/* Takes `text` apart; false if it is no request any more. */
static bool
take_apart(struct span text, struct parts *ret)
{
	size_t end;

	assert_true(text.len < sizeof(ret->text));
	memmove(ret->text, text.ptr, text.len);
	text = span_bytes(ret->text, text.len);
	end = span_search(text, SPAN("\r\n\r\n"));
	if (end == SPAN_NONE || http_request_parse(span_sub(text, 0, end + 4),
						   &ret->http) != HTTP_OK)
		return false;
	for (size_t i = 0; i < ret->http.headers; i++)
		ret->header[i] = (struct sigv4_header){
			ret->http.header[i].name, ret->http.header[i].value};
	ret->body = span_skip(text, end + 4);
	ret->request = (struct sigv4_request){
		.method = ret->http.method,
		.path = ret->http.path,
		.query = ret->http.query,
		.header = ret->header,
		.headers = ret->http.headers,
	};
	return true;
}

/* What a server does, with keyd's part done here. */
static enum sigv4_status
verify(const struct parts *p, int64_t now)
{
	CLEANUP(buf_release) struct buf string = BUF_INIT(SIGV4_STRING_MAX);
	uint8_t hash[DIGEST_SIZE], want[SIGV4_SIGNATURE_SIZE];
	enum sigv4_status status;
	struct sigv4 sig;

	status = sigv4_parse(&p->request, &sig);
	if (status == SIGV4_OK)
		status = sigv4_check(&sig, REGION, SPAN("ses"), now);
	if (status == SIGV4_OK &&
	    !span_equal(sig.access_key, SPAN("AKIDEXAMPLE")))
		status = SIGV4_UNKNOWN;
	digest_of(p->body, hash);
	if (status == SIGV4_OK)
		status = sigv4_string_to_sign(&p->request, &sig, hash, &string);
	if (status != SIGV4_OK)
		return status;
	sigv4_signature(SECRET, sig.date, sig.region, sig.service,
			buf_span(&string), want);
	return memcmp(want, sig.signature, sizeof(want)) == 0 ? SIGV4_OK
							      : SIGV4_WRONG;
}

static void
test_captured(void **state)
{
	const struct row *row = *state;
	struct parts p;

	assert_true(take_apart(span_of(row->request), &p));
	assert_int_equal(verify(&p, NOW), SIGV4_OK);
}

/* Whether changing the octet at `at` must be noticed. */
static bool
counts(const struct parts *p, const char *at)
{
	struct span list = SPAN("");
	struct sigv4 sig;

	for (size_t i = 0; i < p->http.headers; i++) {
		const struct http_header *h = &p->http.header[i];

		if (at < h->name.ptr || at >= h->value.ptr + h->value.len)
			continue;
		if (span_equal_nocase(h->name, SPAN("Authorization")) ||
		    span_starts_nocase(h->name, SPAN("x-amz-")))
			return at >= h->value.ptr;
		assert_int_equal(sigv4_parse(&p->request, &sig), SIGV4_OK);
		list = sig.signed_headers;
		while (list.len > 0)
			if (span_equal_nocase(span_cut(&list, ';'), h->name))
				return at >= h->value.ptr;
		return false;
	}
	/* the request line, but for "HTTP/1.1", and the body */
	return (at < p->http.target.ptr + p->http.target.len &&
		at != p->http.target.ptr - 1) ||
	       (p->body.len > 0 && at >= p->body.ptr);
}

/* Flips each bit that is signed, one at a time: none may pass. */
static void
test_flipped(void **state)
{
	const struct row *row = *state;
	size_t len = strlen(row->request), flipped = 0;
	struct parts whole, p;

	assert_true(take_apart(span_of(row->request), &whole));
	for (size_t i = 0; i < len; i++) {
		if (!counts(&whole, whole.text + i))
			continue;
		for (int bit = 0; bit < 7; bit++) {
			char text[4096];

			memcpy(text, row->request, len);
			text[i] = (char)(text[i] ^ (1 << bit));
			flipped++;
			if (take_apart(span_bytes(text, len), &p) &&
			    verify(&p, NOW) == SIGV4_OK)
				fail_msg("bit %d of octet %zu ('%c')", bit, i,
					 row->request[i]);
		}
	}
	assert_true(flipped > 1000);
}

#define GET   "GET /v2/email/account HTTP/1.1\r\n"
#define HOST  "Host: a\r\n"
#define DATE  "X-Amz-Date: 20261123T173140Z\r\n"
#define SIGN  "Authorization: "
#define ALG   "AWS4-HMAC-SHA256 "
#define SCOPE "Credential=AK/20261123/eu-west-2/ses/aws4_request"
#define NAMES "SignedHeaders=host;x-amz-date"
#define ZEROS                                                                  \
	"Signature="                                                           \
	"0000000000000000000000000000000000000000000000000000000000000000"
#define AUTH SIGN ALG SCOPE ", " NAMES ", " ZEROS "\r\n"

static const struct bad_row {
	const char *name;
	const char *request;
	enum sigv4_status status; /* of sigv4_parse() */
} bad[] = {
	{"well formed", GET HOST DATE AUTH, SIGV4_OK},
	{"no spaces between the parts",
	 GET HOST DATE SIGN ALG SCOPE "," NAMES "," ZEROS "\r\n", SIGV4_OK},
	{"parts in another order",
	 GET HOST DATE SIGN ALG ZEROS ", " NAMES ", " SCOPE "\r\n", SIGV4_OK},
	{"a Date besides", GET HOST DATE AUTH "Date: yesterday\r\n", SIGV4_OK},
	{"an unsigned field that nobody acts on",
	 GET HOST DATE AUTH "amz-sdk-request: attempt=1\r\n", SIGV4_OK},
	{"nothing", GET HOST DATE, SIGV4_ABSENT},
	{"two", GET HOST DATE AUTH AUTH, SIGV4_TWICE},
	{"one in the query",
	 "GET /?X-Amz-Signature=00&X-Amz-Expires=604801 HTTP/1.1\r\n" HOST,
	 SIGV4_TWICE},
	{"one in each place",
	 "GET /?x-amz-credential=AK HTTP/1.1\r\n" HOST DATE AUTH, SIGV4_TWICE},
	{"another scheme", GET HOST DATE SIGN "Basic QUs6eA==\r\n",
	 SIGV4_ALGORITHM},
	{"another algorithm",
	 GET HOST DATE SIGN "AWS4-ECDSA-P256-SHA256 " SCOPE ", " NAMES
			    ", " ZEROS "\r\n",
	 SIGV4_ALGORITHM},
	{"the algorithm alone", GET HOST DATE SIGN "AWS4-HMAC-SHA256\r\n",
	 SIGV4_INCOMPLETE},
	{"no credential", GET HOST DATE SIGN ALG NAMES ", " ZEROS "\r\n",
	 SIGV4_INCOMPLETE},
	{"no list", GET HOST DATE SIGN ALG SCOPE ", " ZEROS "\r\n",
	 SIGV4_INCOMPLETE},
	{"no signature", GET HOST DATE SIGN ALG SCOPE ", " NAMES "\r\n",
	 SIGV4_INCOMPLETE},
	{"a part twice",
	 GET HOST DATE SIGN ALG SCOPE ", " NAMES ", " ZEROS ", " ZEROS "\r\n",
	 SIGV4_INCOMPLETE},
	{"a part of another name",
	 GET HOST DATE SIGN ALG SCOPE ", " NAMES ", " ZEROS ", X=1\r\n",
	 SIGV4_INCOMPLETE},
	{"two spaces after the algorithm",
	 GET HOST DATE SIGN ALG " " SCOPE ", " NAMES ", " ZEROS "\r\n",
	 SIGV4_INCOMPLETE},
	{"63 digits",
	 GET HOST DATE SIGN ALG SCOPE
	 ", " NAMES
	 ", Signature=000000000000000000000000000000000000000000000000000000000"
	 "000000\r\n",
	 SIGV4_INCOMPLETE},
	{"65 digits",
	 GET HOST DATE SIGN ALG SCOPE ", " NAMES ", " ZEROS "0\r\n",
	 SIGV4_INCOMPLETE},
	{"digits in upper case",
	 GET HOST DATE SIGN ALG SCOPE
	 ", " NAMES
	 ", Signature=A00000000000000000000000000000000000000000000000000000000"
	 "0000000\r\n",
	 SIGV4_INCOMPLETE},
	{"a slash in the access key",
	 GET HOST DATE SIGN ALG "Credential=A/K/20261123/eu-west-2/ses/"
				"aws4_request, " NAMES ", " ZEROS "\r\n",
	 SIGV4_INCOMPLETE},
	{"no access key",
	 GET HOST DATE SIGN ALG "Credential=/20261123/eu-west-2/ses/"
				"aws4_request, " NAMES ", " ZEROS "\r\n",
	 SIGV4_INCOMPLETE},
	{"an equals sign in the access key",
	 GET HOST DATE SIGN ALG "Credential=A=K/20261123/eu-west-2/ses/"
				"aws4_request, " NAMES ", " ZEROS "\r\n",
	 SIGV4_INCOMPLETE},
	{"no region",
	 GET HOST DATE SIGN ALG
	 "Credential=AK/20261123//ses/aws4_request, " NAMES ", " ZEROS "\r\n",
	 SIGV4_INCOMPLETE},
	{"another terminator",
	 GET HOST DATE SIGN ALG
	 "Credential=AK/20261123/eu-west-2/ses/aws4_requests, " NAMES ", " ZEROS
	 "\r\n",
	 SIGV4_TERMINATOR},
	{"no X-Amz-Date",
	 GET HOST "Date: Mon, 23 Nov 2026 17:31:40 GMT\r\n" SIGN ALG SCOPE
		  ", SignedHeaders=date;host, " ZEROS "\r\n",
	 SIGV4_DATE},
	{"two X-Amz-Date", GET HOST DATE DATE AUTH, SIGV4_DATE},
	{"an extended date",
	 GET HOST "X-Amz-Date: 2026-11-23T17:31:40Z\r\n" AUTH, SIGV4_DATE},
	{"a date without its Z",
	 GET HOST "X-Amz-Date: 20261123T173140\r\n" AUTH, SIGV4_DATE},
	{"a month into another year of five digits",
	 GET HOST "X-Amz-Date: 99991399T173140Z\r\n" AUTH, SIGV4_DATE},
	{"an hour of tomorrow",
	 GET HOST "X-Amz-Date: 20261123T243140Z\r\n" AUTH, SIGV4_DATE},
	{"a day that is not", GET HOST "X-Amz-Date: 20261131T173140Z\r\n" AUTH,
	 SIGV4_DATE},
	{"another day than the scope",
	 GET HOST "X-Amz-Date: 20261122T173140Z\r\n" AUTH, SIGV4_SCOPE_DATE},
	{"the year 9999", GET HOST "X-Amz-Date: 99991231T235959Z\r\n" AUTH,
	 SIGV4_SCOPE_DATE},
	{"host not signed",
	 GET HOST DATE SIGN ALG SCOPE ", SignedHeaders=x-amz-date, " ZEROS
				      "\r\n",
	 SIGV4_SIGNED},
	{"x-amz-date not signed",
	 GET HOST DATE SIGN ALG SCOPE ", SignedHeaders=host, " ZEROS "\r\n",
	 SIGV4_SIGNED},
	{"x-amz-foo not signed", GET HOST DATE "x-amz-foo: 1\r\n" AUTH,
	 SIGV4_SIGNED},
	{"a security token not signed",
	 GET HOST DATE "X-Amz-Security-Token: t\r\n" AUTH, SIGV4_SIGNED},
	{"an absent field",
	 GET HOST DATE SIGN ALG SCOPE
	 ", SignedHeaders=content-type;host;x-amz-date, " ZEROS "\r\n",
	 SIGV4_SIGNED},
	{"a name twice",
	 GET HOST DATE SIGN ALG SCOPE
	 ", SignedHeaders=host;host;x-amz-date, " ZEROS "\r\n",
	 SIGV4_SIGNED},
	{"names out of order",
	 GET HOST DATE SIGN ALG SCOPE ", SignedHeaders=x-amz-date;host, " ZEROS
				      "\r\n",
	 SIGV4_SIGNED},
	{"a name in upper case",
	 GET HOST DATE SIGN ALG SCOPE ", SignedHeaders=Host;x-amz-date, " ZEROS
				      "\r\n",
	 SIGV4_SIGNED},
	{"an empty list",
	 GET HOST DATE SIGN ALG SCOPE ", SignedHeaders=, " ZEROS "\r\n",
	 SIGV4_SIGNED},
	{"an empty name last",
	 GET HOST DATE SIGN ALG SCOPE ", SignedHeaders=host;x-amz-date;, " ZEROS
				      "\r\n",
	 SIGV4_SIGNED},
	{"an empty name first",
	 GET HOST DATE SIGN ALG SCOPE ", SignedHeaders=;host;x-amz-date, " ZEROS
				      "\r\n",
	 SIGV4_SIGNED},
#define PAYLOAD(value)                                                         \
	GET HOST DATE                                                          \
		"x-amz-content-sha256: " value "\r\n" SIGN ALG SCOPE           \
		", SignedHeaders=host;x-amz-content-sha256;x-amz-date, " ZEROS \
		"\r\n"
	{"an unsigned payload", PAYLOAD("UNSIGNED-PAYLOAD"), SIGV4_PAYLOAD},
	{"a streaming payload", PAYLOAD("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
	 SIGV4_PAYLOAD},
	{"an empty hash", PAYLOAD(""), SIGV4_PAYLOAD},
	{"a hash that may be",
	 PAYLOAD("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b78"
		 "52b855"),
	 SIGV4_OK},
};

static void
test_bad(void **state)
{
	const struct bad_row *row = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT(4000);
	struct sigv4 sig = {.at = -1};
	struct parts p;

	buf_adds(&text, row->request);
	buf_adds(&text, "\r\n");
	assert_true(take_apart(buf_span(&text), &p));
	assert_int_equal(sigv4_parse(&p.request, &sig), row->status);
	if (row->status != SIGV4_OK)
		assert_int_equal(sig.at, -1);
}

/* A hash that was announced and signed, and is not that of the body. */
static void
test_payload(void **state)
{
	CLEANUP(buf_release) struct buf string = BUF_INIT(SIGV4_STRING_MAX);
	uint8_t hash[DIGEST_SIZE];
	struct sigv4 sig;
	struct parts p;

	(void)state;
	assert_true(take_apart(
		SPAN(PAYLOAD("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934c"
			     "a495991b7852b855") "\r\n"),
		&p));
	assert_int_equal(sigv4_parse(&p.request, &sig), SIGV4_OK);
	digest_of(SPAN("other"), hash);
	assert_int_equal(sigv4_string_to_sign(&p.request, &sig, hash, &string),
			 SIGV4_PAYLOAD);
	digest_of(SPAN(""), hash);
	assert_int_equal(sigv4_string_to_sign(&p.request, &sig, hash, &string),
			 SIGV4_OK);
}

static const struct check_row {
	const char *name;
	int64_t at;
	const char *region, *service;
	enum sigv4_status status;
	enum error_code code;
	const char *text;
} checks[] = {
	{"now", NOW, "eu-west-2", "ses", SIGV4_OK, 0, NULL},
	{"299 s ago", NOW - 299000, "eu-west-2", "ses", SIGV4_OK, 0, NULL},
	{"299 s ahead", NOW + 299000, "eu-west-2", "ses", SIGV4_OK, 0, NULL},
	{"301 s ago", NOW - 301000, "eu-west-2", "ses", SIGV4_EXPIRED,
	 ERROR_BAD_SIGNATURE,
	 "Signature expired: 20261123T172641Z is now earlier than "
	 "20261123T172642Z (20261123T173142Z - 5 min.)"},
	{"301 s ahead", NOW + 301000, "eu-west-2", "ses", SIGV4_EARLY,
	 ERROR_BAD_SIGNATURE,
	 "Signature not yet current: 20261123T173643Z is still later than "
	 "20261123T173642Z (20261123T173142Z + 5 min.)"},
	{"another region", NOW, "us-east-1", "ses", SIGV4_REGION,
	 ERROR_BAD_SIGNATURE,
	 "Credential should be scoped to a valid region: 'eu-west-2'."},
	{"another service", NOW, "eu-west-2", "s3", SIGV4_SERVICE,
	 ERROR_BAD_SIGNATURE,
	 "Credential should be scoped to correct service: 'ses'."},
};

static void
test_check(void **state)
{
	const struct check_row *row = *state;
	char time[SIGV4_TIME_SIZE];
	struct error error = {0};
	struct sigv4 sig = {.at = row->at,
			    .region = span_of(row->region),
			    .service = span_of(row->service)};

	sigv4_time_format(row->at, time);
	sig.time = span_of(time);
	assert_int_equal(sigv4_check(&sig, REGION, SPAN("ses"), NOW),
			 row->status);
	if (row->status == SIGV4_OK)
		return;
	assert_false(sigv4_refuse(row->status, &sig, REGION, NOW, &error));
	assert_int_equal(error.code, row->code);
	assert_string_equal(error.text, row->text);
}

static void
test_refusals(void **state)
{
	struct sigv4 sig = {.time = SPAN("20261123T172641Z")};

	(void)state;
	for (int i = SIGV4_OK + 1; i < SIGV4_STATUS_COUNT; i++) {
		struct error error = {0};

		sigv4_refuse((enum sigv4_status)i, &sig, REGION, NOW, &error);
		assert_int_equal(error_http_status(error.code), 403);
		assert_true(strlen(error.text) > 20);
	}
}

static void
test_times(void **state)
{
	static const char *const wrong[] = {
		"20261123T173140z", "20261123t173140Z", "20261123T173160Z",
		"20261323T173140Z", "20260229T173140Z", "20261123T243140Z",
		"2026112 T173140Z", "+0261123T173140Z", "",
		"20261123T173140ZZ"};
	char text[SIGV4_TIME_SIZE];
	int64_t time = -1;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_false(sigv4_time_parse(span_of(wrong[i]), &time));
	assert_int_equal(time, -1);
	assert_true(sigv4_time_parse(SPAN("20280229T235959Z"), &time));
	assert_int_equal(time, 1835481599000);
	sigv4_time_format(time + 999, text);
	assert_string_equal(text, "20280229T235959Z");
}

/* Signs the captured request anew, as it was signed. */
static void
test_sign(void **state)
{
	const struct row *row = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT(4000);
	struct sigv4_header header[HTTP_HEADERS_MAX];
	struct sigv4_signer signer = {SPAN("AKIDEXAMPLE"), SECRET, REGION,
				      SPAN("ses")};
	struct sigv4_request own;
	uint8_t hash[DIGEST_SIZE];
	const struct span *sent;
	struct sigv4 sig;
	struct parts p;

	assert_true(take_apart(span_of(row->request), &p));
	assert_int_equal(sigv4_parse(&p.request, &sig), SIGV4_OK);
	own = p.request;
	own.header = header;
	own.headers = 0;
	for (size_t i = 0; i < p.request.headers; i++) {
		struct span list = sig.signed_headers;

		while (list.len > 0)
			if (span_equal_nocase(span_cut(&list, ';'),
					      p.header[i].name))
				header[own.headers++] = p.header[i];
	}
	digest_of(p.body, hash);
	assert_true(sigv4_sign(&own, &signer, hash, &text));
	sent = http_header_get(&p.http, SPAN("Authorization"));
	assert_true(span_equal(*sent, buf_span(&text)));
}

static void
test_sign_refuses(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(4000);
	struct sigv4_signer signer = {SPAN("AK"), SECRET, REGION, SPAN("ses")};
	struct sigv4_header header[] = {
		{SPAN("Host"), SPAN("a")},
		{SPAN("X-Amz-Date"), SPAN("20261123T173140Z")},
		{SPAN("host"), SPAN("b")},
	};
	struct sigv4_request request = {
		.method = SPAN("GET"),
		.path = SPAN("/"),
		.query = SPAN(""),
		.header = header,
	};
	uint8_t hash[DIGEST_SIZE];

	(void)state;
	digest_of(SPAN(""), hash);
	for (request.headers = 0; request.headers < 4; request.headers++)
		assert_int_equal(sigv4_sign(&request, &signer, hash, &text),
				 request.headers == 2);
}

int
main(void)
{
	UNIT_ROWS(test_captured, rows);
	UNIT_ROWS(test_flipped, rows);
	UNIT_ROWS(test_sign, rows);
	UNIT_ROWS(test_bad, bad);
	UNIT_ROWS(test_check, checks);
	UNIT(test_payload);
	UNIT(test_refusals);
	UNIT(test_times);
	UNIT(test_sign_refuses);
	return unit_run("ses/sigv4");
}
