/* SPDX-License-Identifier: Apache-2.0 */
#include "api/gate.h"

#include "api/answer.h"
#include "unit.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define NOW    INT64_C(1795455102000)

static struct api_deployment deployment = {
	.service = {.zone = "mail.example", .region = "eu-west-2"},
};

/* Signs "METHOD target" with this body as a client does, into `ret`. */
static void
sign(const char *line, const char *body, struct buf *ret)
{
	CLEANUP(buf_release) struct buf authorization = BUF_INIT(2000);
	struct sigv4_signer signer = {SPAN("AKIDEXAMPLE"), SPAN(SECRET),
				      SPAN("eu-west-2"), SPAN("ses")};
	struct sigv4_header header[] = {
		{SPAN("host"), SPAN("localhost")},
		{SPAN("x-amz-date"), SPAN("20261123T173140Z")},
	};
	struct span query = span_of(line);
	struct span method = span_cut(&query, ' ');
	struct span path = span_cut(&query, '?');
	struct sigv4_request request = {method, path, query, header, 2};
	uint8_t hash[DIGEST_SIZE];

	digest_of(span_of(body), hash);
	assert_true(sigv4_sign(&request, &signer, hash, &authorization));
	buf_addf(ret,
		 "%s HTTP/1.1\r\nHost: localhost\r\nX-Amz-Date: "
		 "20261123T173140Z\r\nAuthorization: %s\r\n\r\n",
		 line, authorization.ptr);
}

static const struct row {
	const char *name;
	const char *line;
	enum error_code code;  /* of gate_open() */
	const char *operation; /* its name */
	const char *param;     /* the first */
} rows[] = {
	{"no parameter", "GET /v2/email/account", 0, "GetAccount", ""},
	{"a parameter is decoded once",
	 "GET /v2/email/identities/user%2Bx%40example.com", 0,
	 "GetEmailIdentity", "user+x@example.com"},
	{"not twice", "GET /v2/email/identities/a%252Fb", 0, "GetEmailIdentity",
	 "a%2Fb"},
	{"a slash in a parameter", "GET /v2/email/identities/a%2Fdkim", 0,
	 "GetEmailIdentity", "a/dkim"},
	{"the list, as it was", "GET /v2/email/identities?PageSize=1", 0,
	 "ListEmailIdentities", ""},
	{"the list, as it is", "POST /v2/email/list-identities", 0,
	 "ListEmailIdentities", ""},
	{"signing, as it was", "PUT /v1/email/identities/a/dkim/signing", 0,
	 "PutEmailIdentityDkimSigningAttributes", "a"},
	{"signing, as it is", "PUT /v2/email/identities/a/dkim/signing", 0,
	 "PutEmailIdentityDkimSigningAttributes", "a"},
	{"another method", "PATCH /v2/email/account", ERROR_UNKNOWN_OPERATION,
	 NULL, NULL},
	{"no such path", "GET /v2/email/nothing", ERROR_UNKNOWN_OPERATION, NULL,
	 NULL},
	{"a slash too many", "GET /v2/email/account/", ERROR_UNKNOWN_OPERATION,
	 NULL, NULL},
	{"an empty parameter", "GET /v2/email/identities/", ERROR_BAD_REQUEST,
	 NULL, NULL},
};

static void
test_open(void **state)
{
	const struct row *row = *state;
	CLEANUP(buf_release) struct buf head = BUF_INIT(4000);
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(100000);
	struct error error = {0};
	struct http_request http;
	struct gate gate;

	sign(row->line, "", &head);
	assert_int_equal(http_request_parse(buf_span(&head), &http), HTTP_OK);
	assert_int_equal(
		gate_open(&http, &deployment, NOW, &arena, &gate, &error),
		row->code == 0);
	assert_int_equal(error.code, row->code);
	if (row->code != 0)
		return;
	assert_string_equal(gate.operation->name, row->operation);
	assert_span(gate.param[0], row->param);
}

/* From the head to the call, with keyd's part done here. */
static void
test_whole(void **state)
{
	static const char body[] = "{\"PageSize\":1}";
	CLEANUP(buf_release) struct buf head = BUF_INIT(4000);
	CLEANUP(buf_release) struct buf string = BUF_INIT(SIGV4_STRING_MAX);
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(100000);
	CLEANUP(api_call_release) struct api_call call;
	uint8_t made[SIGV4_SIGNATURE_SIZE];
	struct http_request http;
	struct error error = {0};
	struct gate gate;
	int64_t page = 0;

	(void)state;
	sign("POST /v2/email/list-identities?a=b%20c&d", body, &head);
	assert_int_equal(http_request_parse(buf_span(&head), &http), HTTP_OK);
	assert_true(gate_open(&http, &deployment, NOW, &arena, &gate, &error));
	/* the connection ends while the call goes on */
	memset(head.ptr, 'x', head.len);
	memset(&http, 'x', sizeof(http));
	assert_span(gate.sig.access_key, "AKIDEXAMPLE");
	assert_true(gate_string(&gate, span_of(body), &string, &error));
	sigv4_signature(SPAN(SECRET), gate.sig.date, gate.sig.region,
			gate.sig.service, buf_span(&string), made);
	assert_memory_equal(made, gate.sig.signature, sizeof(made));
	buf_clear(&string);
	assert_true(
		gate_string(&gate, SPAN("{\"PageSize\":2}"), &string, &error));
	sigv4_signature(SPAN(SECRET), gate.sig.date, gate.sig.region,
			gate.sig.service, buf_span(&string), made);
	assert_memory_not_equal(made, gate.sig.signature, sizeof(made));

	api_call_init(&call, &deployment, "111111111111", NOW);
	assert_true(gate_call(&gate, span_of(body), &call, &error));
	assert_span(api_query(&call, "a"), "b c");
	assert_span(api_query(&call, "d"), "");
	assert_span(api_query(&call, "none"), "");
	assert_true(json_get_int(call.body, "PageSize", &page));
	assert_int_equal(page, 1);
}

static const struct refused_row {
	const char *name;
	const char *head;
	enum error_code code;
} refused[] = {
	{"not signed", "GET /v2/email/account HTTP/1.1\r\nHost: a\r\n\r\n",
	 ERROR_NO_CREDENTIALS},
	{"not signed, no such path", "GET /x HTTP/1.1\r\nHost: a\r\n\r\n",
	 ERROR_NO_CREDENTIALS},
	{"signed twice",
	 "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: x\r\n"
	 "Authorization: y\r\n\r\n",
	 ERROR_BAD_SIGNATURE},
	{"signed in the query",
	 "GET /?X-Amz-Signature=a HTTP/1.1\r\nHost: a\r\n\r\n",
	 ERROR_BAD_SIGNATURE},
};

static void
test_refused(void **state)
{
	const struct refused_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(100000);
	struct error error = {0};
	struct http_request http;
	struct gate gate;

	assert_int_equal(http_request_parse(span_of(row->head), &http),
			 HTTP_OK);
	assert_false(gate_open(&http, &deployment, NOW, &arena, &gate, &error));
	assert_int_equal(error.code, row->code);
}

/* By what it announces, before any of it is read. */
static void
test_long(void **state)
{
	CLEANUP(buf_release) struct buf head = BUF_INIT(4000);
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(100000);
	struct error error = {0};
	struct http_request http;
	struct gate gate;

	(void)state;
	sign("PUT /v2/email/identities/a/dkim", "", &head);
	assert_int_equal(http_request_parse(buf_span(&head), &http), HTTP_OK);
	http.length = API_BODY_MAX;
	assert_true(gate_open(&http, &deployment, NOW, &arena, &gate, &error));
	http.length = API_BODY_MAX + 1;
	assert_false(gate_open(&http, &deployment, NOW, &arena, &gate, &error));
	assert_int_equal(error.code, ERROR_TOO_LARGE);
}

static void
test_late(void **state)
{
	CLEANUP(buf_release) struct buf head = BUF_INIT(4000);
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(100000);
	struct error error = {0};
	struct http_request http;
	struct gate gate;

	(void)state;
	sign("GET /v2/email/account", "", &head);
	assert_int_equal(http_request_parse(buf_span(&head), &http), HTTP_OK);
	assert_false(gate_open(&http, &deployment, NOW + 400000, &arena, &gate,
			       &error));
	assert_int_equal(error.code, ERROR_BAD_SIGNATURE);
	assert_true(
		span_starts(span_of(error.text), SPAN("Signature expired")));
}

static void
test_answers(void **state)
{
	static const uint8_t entropy[REQUEST_ID_ENTROPY] = {
		0xff, 1, 2, 3, 4, 5, 0xff, 7, 0xff, 9, 10, 11, 12, 13, 14, 15};
	CLEANUP(buf_release) struct buf out = BUF_INIT(4000);
	CLEANUP(api_call_release) struct api_call call;
	struct answer answer;
	struct error error;
	char id[REQUEST_ID_SIZE];

	(void)state;
	request_id_format(entropy, id);
	assert_string_equal(id, "ff010203-0405-4f07-bf09-0a0b0c0d0e0f");
	error_set(&error, ERROR_NOT_FOUND, "Email identity x does not exist.");
	answer_of_error(&answer, id, &error);
	assert_true(
		http_response_write(&answer.response, 0, false, false, &out));
	assert_string_equal(
		out.ptr,
		"HTTP/1.1 404 Not Found\r\nDate: Thu, 01 Jan 1970 00:00:00 "
		"GMT\r\nContent-Type: application/json\r\nx-amzn-RequestId: "
		"ff010203-0405-4f07-bf09-0a0b0c0d0e0f\r\nCache-Control: "
		"no-store\r\nx-amzn-ErrorType: NotFoundException\r\n"
		"Content-Length: 46\r\n\r\n{\"message\":\"Email identity x "
		"does not exist.\"}");
	answer_release(&answer);

	api_call_init(&call, &deployment, "111111111111", NOW);
	api_answer(&call, json_object_new());
	call.status = 202;
	answer_of_call(&answer, id, &call);
	assert_int_equal(answer.response.status, 202);
	assert_span(answer.response.body, "{}");
	answer_release(&answer);
}

static const struct permission_row {
	const char *name; /* of the operation */
	bool send, read;  /* whether such a key may */
} permissions[] = {
	{"SendEmail", true, false},
	{"SendBulkEmail", true, false},
	{"SendCustomVerificationEmail", true, false},
	{"SendSomethingElse", false, false},
	{"GetAccount", false, true},
	{"ListEmailIdentities", false, true},
	{"BatchGetMetricData", false, true},
	{"SesameGetReport", false, true},
	{"SesameListEvents", false, true},
	{"SesameCheckIdentity", false, false},
	{"SesameTestIdentity", false, false},
	{"CreateEmailIdentity", false, false},
	{"PutAccountDetails", false, false},
	{"DeleteEmailIdentity", false, false},
	{"TestRenderEmailTemplate", false, false},
	{"TagResource", false, false},
	{"CancelExportJob", false, false},
};

static void
test_permission(void **state)
{
	const struct permission_row *row = *state;
	const struct api_operation operation = {.name = row->name};
	const struct gate gate = {.operation = &operation};
	struct access_key key = {.id = "AKIAEXAMPLE",
				 .account = "111111111111"};
	struct error error = {0};

	key.permission = ACCESS_FULL;
	assert_true(gate_permits(&gate, &key, &error));
	key.permission = ACCESS_SEND;
	assert_int_equal(gate_permits(&gate, &key, &error), row->send);
	key.permission = ACCESS_READ;
	assert_int_equal(gate_permits(&gate, &key, &error), row->read);
	assert_int_equal(error.code, ERROR_ACCESS_DENIED);
	assert_true(span_starts(
		span_of(error.text),
		SPAN("User: arn:aws:iam::111111111111:user/AKIAEXAMPLE is not "
		     "authorized to perform: ses:")));
	assert_true(span_ends(span_of(error.text), SPAN(" on resource: *")));
}

/* Who may only read reaches nothing that a method says is a change. */
static void
test_read_routes(void **state)
{
	const struct access_key key = {.permission = ACCESS_READ};
	const struct api_operation *op;
	struct error error;
	size_t reads = 0;

	(void)state;
	for (size_t i = 0; (op = route_at(i)) != NULL; i++) {
		const struct gate gate = {.operation = op};
		const struct ses_operation *model = route_model(op);
		struct span method =
			span_of(model != NULL ? model->form[0].method
					      : op->form.method);
		bool may = gate_permits(&gate, &key, &error);

		reads += may;
		if (span_equal(method, SPAN("GET")))
			assert_true(may);
		else
			assert_true(!may || span_equal(method, SPAN("POST")));
	}
	assert_true(reads > 20);
}

int
main(void)
{
	UNIT_ROWS(test_open, rows);
	UNIT_ROWS(test_refused, refused);
	UNIT(test_whole);
	UNIT(test_late);
	UNIT(test_long);
	UNIT(test_answers);
	UNIT_ROWS(test_permission, permissions);
	UNIT(test_read_routes);
	return unit_run("api/gate");
}
