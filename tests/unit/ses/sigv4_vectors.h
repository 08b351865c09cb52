/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigv4_vectors - signed requests of real clients, and how a server takes one.
 */
#pragma once

#include "http/request.h"
#include "ses/sigv4.h"
#include "unit.h"

#define VECTOR_SECRET SPAN("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
#define VECTOR_REGION SPAN("eu-west-2")
#define VECTOR_NOW    INT64_C(1795455102000) /* 20261123T173142Z */

/*
 * What Debian 12's AWS CLI (2.9.19) and boto3 (1.26.27) sent, captured, with
 * User-Agent shortened; and the fields that the JavaScript SDK sends, signed
 * by botocore.  All of them with the secret above.
 */
static const struct vector {
	const char *name;
	const char *request;
	enum sigv4_status status; /* of vector_verify() */
} vectors[] = {
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
	 "{\"MailFromDomain\": \"mail.example.com\"}",
	 SIGV4_TOKEN},
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
struct vector_parts {
	char text[4096];
	struct http_request http;
	struct sigv4_header header[HTTP_HEADERS_MAX];
	struct sigv4_request request;
	struct span body;
};

/* Takes `text` apart; false if it is no request any more. */
static inline bool
vector_take_apart(struct span text, struct vector_parts *ret)
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
	if (ret->http.length > ret->body.len)
		return false;
	ret->body = span_head(ret->body, ret->http.length);
	ret->request = (struct sigv4_request){
		.method = ret->http.method,
		.path = ret->http.path,
		.query = ret->http.query,
		.header = ret->header,
		.headers = ret->http.headers,
	};
	return true;
}

/* What a server does, with keyd's part done here; a token is refused last. */
static inline enum sigv4_status
vector_verify(const struct vector_parts *p, int64_t now)
{
	CLEANUP(buf_release) struct buf string = BUF_INIT(SIGV4_STRING_MAX);
	uint8_t hash[DIGEST_SIZE], want[SIGV4_SIGNATURE_SIZE];
	enum sigv4_status status, checked = SIGV4_OK;
	struct sigv4 sig;

	status = sigv4_parse(&p->request, &sig);
	if (status == SIGV4_OK)
		checked = sigv4_check(&sig, VECTOR_REGION, SPAN("ses"), now);
	if (checked != SIGV4_TOKEN && checked != SIGV4_OK)
		return checked;
	if (status == SIGV4_OK &&
	    !span_equal(sig.access_key, SPAN("AKIDEXAMPLE")))
		status = SIGV4_UNKNOWN;
	digest_of(p->body, hash);
	if (status == SIGV4_OK)
		status = sigv4_string_to_sign(&p->request, &sig, hash, &string);
	if (status != SIGV4_OK)
		return status;
	sigv4_signature(VECTOR_SECRET, sig.date, sig.region, sig.service,
			buf_span(&string), want);
	return memcmp(want, sig.signature, sizeof(want)) == 0 ? checked
							      : SIGV4_WRONG;
}
