/* SPDX-License-Identifier: Apache-2.0 */
#include "keyd/message.h"

#include <stdlib.h>

#include "unit.h"

#define DIGEST SPAN("0123456789abcdef0123456789abcdef")
#define AAD    SPAN("v1|000000000001|7|1|abcdefgh|rsa")

static const struct request_row {
	const char *name;
	struct keyd_request request;
	bool good;
} requests[] = {
	{"generate",
	 {.op = KEYD_GENERATE, .type = KEY_RSA, .bits = 2048, .aad = AAD},
	 true},
	{"generate Ed25519",
	 {.op = KEYD_GENERATE, .type = KEY_ED25519, .aad = AAD},
	 true},
	{"import",
	 {.op = KEYD_IMPORT, .bytes = SPAN("-----BEGIN"), .aad = AAD},
	 true},
	{"rebind",
	 {.op = KEYD_REBIND,
	  .purpose = SEAL_API_SECRET,
	  .sealed = SPAN("s"),
	  .aad = AAD,
	  .aad_new = SPAN("new")},
	 true},
	{"sign",
	 {.op = KEYD_SIGN, .sealed = SPAN("s"), .aad = AAD, .digest = DIGEST},
	 true},
	{"new secret", {.op = KEYD_NEW_SECRET, .aad = AAD}, true},
	{"verify",
	 {.op = KEYD_VERIFY,
	  .sealed = SPAN("s"),
	  .aad = AAD,
	  .date = SPAN("20150830"),
	  .region = SPAN("us-east-1"),
	  .service = SPAN("ses"),
	  .string_to_sign = SPAN("AWS4-HMAC-SHA256\n"),
	  .signature = DIGEST},
	 true},
	{"no operation", {.aad = AAD}, false},
	{"an operation too high", {.op = KEYD_OP_COUNT, .aad = AAD}, false},
	{"a key of no type", {.op = KEYD_GENERATE, .bits = 2048}, false},
	{"a key of a third type",
	 {.op = KEYD_GENERATE, .type = (enum key_type)3},
	 false},
	{"a type to sign with",
	 {.op = KEYD_SIGN, .type = KEY_RSA, .digest = DIGEST},
	 false},
	{"a purpose too high",
	 {.op = KEYD_REBIND, .purpose = SEAL_PURPOSE_COUNT},
	 false},
	{"a purpose to sign for",
	 {.op = KEYD_SIGN, .purpose = SEAL_API_SECRET},
	 false},
	{"a digest too long",
	 {.op = KEYD_SIGN, .digest = SPAN("0123456789abcdef0123456789abcdefg")},
	 false},
	{"a digest to import", {.op = KEYD_IMPORT, .digest = DIGEST}, false},
	{"bytes to sign", {.op = KEYD_SIGN, .bytes = SPAN("x")}, false},
	{"a seal to generate",
	 {.op = KEYD_GENERATE, .type = KEY_RSA, .sealed = SPAN("x")},
	 false},
	{"a second aad to sign", {.op = KEYD_SIGN, .aad_new = AAD}, false},
	{"a region to sign", {.op = KEYD_SIGN, .region = SPAN("x")}, false},
};

static bool
same(struct span a, struct span b)
{
	return span_equal(span_bytes(a.ptr, a.len), b);
}

static void
test_request(void **state)
{
	const struct request_row *row = *state;
	const struct keyd_request *want = &row->request;
	static uint8_t room[KEYD_FRAME_MAX];
	struct writer w = writer_over(room, sizeof(room));
	struct keyd_request got;
	struct span rest, frame;
	uint64_t id;

	writer_u8(&w, 'x'); /* a frame need not be the first thing there */
	assert_int_equal(keyd_request_pack(77, want, &w), row->good);
	if (!row->good) {
		assert_int_equal(w.len, 1);
		return;
	}
	rest = span_skip(writer_span(&w), 1);
	assert_int_equal(keyd_frame_cut(&rest, &frame), KEYD_FRAME_OK);
	assert_int_equal(rest.len, 0);
	assert_true(keyd_request_unpack(frame, &id, &got));
	assert_int_equal(id, 77);
	assert_int_equal(got.op, want->op);
	assert_int_equal(got.type, want->type);
	assert_int_equal(got.bits, want->bits);
	assert_int_equal(got.purpose, want->purpose);
	assert_true(same(want->bytes, got.bytes));
	assert_true(same(want->sealed, got.sealed));
	assert_true(same(want->aad, got.aad));
	assert_true(same(want->aad_new, got.aad_new));
	assert_true(same(want->digest, got.digest));
	assert_true(same(want->date, got.date));
	assert_true(same(want->region, got.region));
	assert_true(same(want->service, got.service));
	assert_true(same(want->string_to_sign, got.string_to_sign));
	assert_true(same(want->signature, got.signature));

	/* Cut anywhere, or with a byte behind, it is no request. */
	for (size_t n = 0; n < frame.len; n++) {
		char *copy = memcpy(malloc(n + 1), frame.ptr, n);

		assert_false(
			keyd_request_unpack(span_bytes(copy, n), &id, &got));
		free(copy);
	}
	assert_false(keyd_request_unpack(span_bytes(frame.ptr, frame.len + 1),
					 &id, &got));
}

static const struct reply_row {
	const char *name;
	struct keyd_reply reply;
	bool good;
} replies[] = {
	{"a key",
	 {.op = KEYD_GENERATE,
	  .type = KEY_RSA,
	  .bits = 2048,
	  .sealed = SPAN("s"),
	  .public = SPAN("MIIB")},
	 true},
	{"a bad key",
	 {.op = KEYD_IMPORT,
	  .status = KEYD_BAD_KEY,
	  .fault = PRIVKEY_ENCRYPTED},
	 true},
	{"a signature",
	 {.op = KEYD_SIGN, .type = KEY_ED25519, .signature = DIGEST},
	 true},
	{"a secret",
	 {.op = KEYD_NEW_SECRET, .sealed = SPAN("s"), .secret = SPAN("x")},
	 true},
	{"no", {.op = KEYD_VERIFY, .status = KEYD_NO}, true},
	{"no operation", {.status = KEYD_NO}, false},
	{"a status too high",
	 {.op = KEYD_SIGN, .status = KEYD_STATUS_COUNT},
	 false},
	{"a loss that keyd cannot say",
	 {.op = KEYD_SIGN, .status = KEYD_LOST},
	 false},
	{"a bad key without a fault",
	 {.op = KEYD_IMPORT, .status = KEYD_BAD_KEY},
	 false},
	{"a fault of a good key",
	 {.op = KEYD_IMPORT, .fault = PRIVKEY_WEAK},
	 false},
	{"a fault too high",
	 {.op = KEYD_IMPORT,
	  .status = KEYD_BAD_KEY,
	  .fault = PRIVKEY_STATUS_COUNT},
	 false},
	{"a type too high",
	 {.op = KEYD_IMPORT, .type = (enum key_type)9},
	 false},
	{"bits too high", {.op = KEYD_IMPORT, .bits = 4097}, false},
	{"a secret of a signature",
	 {.op = KEYD_SIGN, .secret = SPAN("x")},
	 false},
};

static void
test_reply(void **state)
{
	const struct reply_row *row = *state;
	const struct keyd_reply *want = &row->reply;
	static uint8_t room[KEYD_FRAME_MAX];
	struct writer w = writer_over(room, sizeof(room));
	struct keyd_reply got;
	struct span rest, frame;
	uint64_t id;

	assert_int_equal(keyd_reply_pack(78, want, &w), row->good);
	if (!row->good)
		return;
	rest = writer_span(&w);
	assert_int_equal(keyd_frame_cut(&rest, &frame), KEYD_FRAME_OK);
	assert_true(keyd_reply_unpack(frame, &id, &got));
	assert_int_equal(id, 78);
	assert_int_equal(got.op, want->op);
	assert_int_equal(got.status, want->status);
	assert_int_equal(got.fault, want->fault);
	assert_int_equal(got.type, want->type);
	assert_int_equal(got.bits, want->bits);
	assert_true(same(want->sealed, got.sealed));
	assert_true(same(want->public, got.public));
	assert_true(same(want->signature, got.signature));
	assert_true(same(want->secret, got.secret));
	for (size_t n = 0; n < frame.len; n++) {
		char *copy = memcpy(malloc(n + 1), frame.ptr, n);

		assert_false(keyd_reply_unpack(span_bytes(copy, n), &id, &got));
		free(copy);
	}
}

/* The largest request fits a frame; what is over any limit does not. */
static void
test_limits(void **state)
{
	static char big[KEYD_FRAME_MAX];
	static uint8_t room[KEYD_FRAME_MAX];
	struct keyd_request r = {.op = KEYD_IMPORT};
	struct writer w;

	(void)state;
	r.bytes = span_bytes(big, KEYD_BYTES_MAX);
	r.aad = span_bytes(big, KEYD_AAD_MAX);
	w = writer_over(room, sizeof(room));
	assert_true(keyd_request_pack(1, &r, &w));
	w = writer_over(room, w.len - 1);
	assert_false(keyd_request_pack(1, &r, &w));
	assert_int_equal(w.len, 0);
	w = writer_over(room, 3);
	assert_false(keyd_request_pack(1, &r, &w));
	assert_int_equal(w.len, 0);
	w = writer_over(room, sizeof(room));
	r.bytes.len++;
	assert_false(keyd_request_pack(1, &r, &w));
	r.bytes.len--;
	r.aad.len++;
	assert_false(keyd_request_pack(1, &r, &w));
	assert_int_equal(w.len, 0);
}

static void
test_frames(void **state)
{
	struct span rest = SPAN("\0\0\0\2ab\0\0\0\1c\0\0");
	struct span frame;

	(void)state;
	assert_int_equal(keyd_frame_cut(&rest, &frame), KEYD_FRAME_OK);
	assert_span(frame, "ab");
	assert_int_equal(keyd_frame_cut(&rest, &frame), KEYD_FRAME_OK);
	assert_span(frame, "c");
	assert_int_equal(keyd_frame_cut(&rest, &frame), KEYD_FRAME_MORE);
	assert_int_equal(rest.len, 2);
	rest = SPAN("\0\0\0\2a");
	assert_int_equal(keyd_frame_cut(&rest, &frame), KEYD_FRAME_MORE);
	rest = SPAN("\0\0\0\0");
	assert_int_equal(keyd_frame_cut(&rest, &frame), KEYD_FRAME_BAD);
	rest = SPAN("\0\0\x80\0");
	assert_int_equal(keyd_frame_cut(&rest, &frame), KEYD_FRAME_BAD);
	rest = SPAN("\xff\xff\xff\xff");
	assert_int_equal(keyd_frame_cut(&rest, &frame), KEYD_FRAME_BAD);
}

static void
test_strerror(void **state)
{
	(void)state;
	for (int i = 0; i < KEYD_STATUS_COUNT; i++)
		assert_string_not_equal(keyd_strerror((enum keyd_status)i),
					"unknown");
}

int
main(void)
{
	UNIT_ROWS(test_request, requests);
	UNIT_ROWS(test_reply, replies);
	UNIT(test_limits);
	UNIT(test_frames);
	UNIT(test_strerror);
	return unit_run("keyd/message");
}
