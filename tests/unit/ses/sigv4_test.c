/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/sigv4.h"

#include "sigv4_vectors.h"
#include "unit.h"

static void
test_captured(void **state)
{
	const struct vector *row = *state;
	struct vector_parts p;

	assert_true(vector_take_apart(span_of(row->request), &p));
	assert_int_equal(vector_verify(&p, VECTOR_NOW), row->status);
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
	{"a comma at the end",
	 GET HOST DATE SIGN ALG SCOPE ", " NAMES ", " ZEROS ",\r\n",
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
	struct vector_parts p;

	buf_adds(&text, row->request);
	buf_adds(&text, "\r\n");
	assert_true(vector_take_apart(buf_span(&text), &p));
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
	struct vector_parts p;

	(void)state;
	assert_true(vector_take_apart(
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
	{"now", VECTOR_NOW, "eu-west-2", "ses", SIGV4_OK, 0, NULL},
	{"299 s ago", VECTOR_NOW - 299000, "eu-west-2", "ses", SIGV4_OK, 0,
	 NULL},
	{"299 s ahead", VECTOR_NOW + 299000, "eu-west-2", "ses", SIGV4_OK, 0,
	 NULL},
	{"301 s ago", VECTOR_NOW - 301000, "eu-west-2", "ses", SIGV4_EXPIRED,
	 ERROR_BAD_SIGNATURE,
	 "Signature expired: 20261123T172641Z is now earlier than "
	 "20261123T172642Z (20261123T173142Z - 5 min.)"},
	{"301 s ahead", VECTOR_NOW + 301000, "eu-west-2", "ses", SIGV4_EARLY,
	 ERROR_BAD_SIGNATURE,
	 "Signature not yet current: 20261123T173643Z is still later than "
	 "20261123T173642Z (20261123T173142Z + 5 min.)"},
	{"another region", VECTOR_NOW, "us-east-1", "ses", SIGV4_REGION,
	 ERROR_BAD_SIGNATURE,
	 "Credential should be scoped to a valid region: 'eu-west-2'."},
	{"another service", VECTOR_NOW, "eu-west-2", "s3", SIGV4_SERVICE,
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
	assert_int_equal(
		sigv4_check(&sig, VECTOR_REGION, SPAN("ses"), VECTOR_NOW),
		row->status);
	if (row->status == SIGV4_OK)
		return;
	assert_false(sigv4_refuse(row->status, &sig, VECTOR_REGION, VECTOR_NOW,
				  &error));
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

		sigv4_refuse((enum sigv4_status)i, &sig, VECTOR_REGION,
			     VECTOR_NOW, &error);
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
	const struct vector *row = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT(4000);
	struct sigv4_header header[HTTP_HEADERS_MAX];
	struct sigv4_signer signer = {SPAN("AKIDEXAMPLE"), VECTOR_SECRET,
				      VECTOR_REGION, SPAN("ses")};
	struct sigv4_request own;
	uint8_t hash[DIGEST_SIZE];
	const struct span *sent;
	struct sigv4 sig;
	struct vector_parts p;

	assert_true(vector_take_apart(span_of(row->request), &p));
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
	struct sigv4_signer signer = {SPAN("AK"), VECTOR_SECRET, VECTOR_REGION,
				      SPAN("ses")};
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
	UNIT_ROWS(test_captured, vectors);
	UNIT_ROWS(test_sign, vectors);
	UNIT_ROWS(test_bad, bad);
	UNIT_ROWS(test_check, checks);
	UNIT(test_payload);
	UNIT(test_refusals);
	UNIT(test_times);
	UNIT(test_sign_refuses);
	return unit_run("ses/sigv4");
}
