/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/received.h"

#include "mailauth/verify.h"
#include "sending/report_json.h"

#include "unit.h"

#define T INT64_C(1700000000000)

/* Verifies `text` as it came from `helo`, in a world without any record. */
static struct verify *
verify(struct span text, const char *helo, struct arena *arena)
{
	struct report_transport transport = {
		.has_ip = true,
		.ip = {.v6 = true, .octet = {0x20, 1, 0xd, 0xb8, [15] = 1}},
		.helo = span_of(helo),
		.has_mail_from = true,
		.mail_from = SPAN("a@b.test"),
		.receiver = SPAN("mx.test"),
		.tls = SPAN("TLSv1.3 X"),
		.received = T,
	};
	struct dns_answer nothing = {.status = DNS_NXDOMAIN};
	struct dns_question question;
	struct verify *m = verify_new(&transport, T, arena);

	verify_feed(m, text);
	verify_end(m);
	while (verify_ask(m, &question))
		verify_answer(m, &nothing);
	return m;
}

/* What stands before a message, and what is done to the message itself. */
static const struct message_row {
	const char *name;
	const char *helo;
	bool extended;
	bool tls;
	const char *text;
	const char *want;
} messages[] = {
	{"under TLS", "h.test", true, true, "From: x@y.test\r\n\r\nhi\r\n",
	 "Received: from h.test ([IPv6:2001:db8::1])\r\n\tby mx.test with "
	 "ESMTPS;\r\n\tTue, 14 Nov 2023 22:13:20 +0000\r\nFrom: "
	 "x@y.test\r\n\r\nhi\r\n"},
	{"a name with marks", "a(b);\"c", true, false, "A: b\r\n\r\n",
	 "Received: from a?b???c ([IPv6:2001:db8::1])\r\n\tby mx.test with "
	 "ESMTP;\r\n\tTue, 14 Nov 2023 22:13:20 +0000\r\nA: b\r\n\r\n"},
	{"HELO", "h", false, false, "A: b\r\n\r\n",
	 "Received: from h ([IPv6:2001:db8::1])\r\n\tby mx.test with "
	 "SMTP;\r\n\tTue, 14 Nov 2023 22:13:20 +0000\r\nA: b\r\n\r\n"},
	{"no body", "h", false, false, "A: b\r\n",
	 "Received: from h ([IPv6:2001:db8::1])\r\n\tby mx.test with "
	 "SMTP;\r\n\tTue, 14 Nov 2023 22:13:20 +0000\r\nA: b\r\n"},
	{"no header", "h", false, false, "\r\nhi\r\n",
	 "Received: from h ([IPv6:2001:db8::1])\r\n\tby mx.test with "
	 "SMTP;\r\n\tTue, 14 Nov 2023 22:13:20 +0000\r\n\r\nhi\r\n"},
	{"all forged", "h", false, false,
	 "Authentication-Results: mx.test; spf=pass\r\n\r\nhi\r\n",
	 "Received: from h ([IPv6:2001:db8::1])\r\n\tby mx.test with "
	 "SMTP;\r\n\tTue, 14 Nov 2023 22:13:20 +0000\r\n\r\nhi\r\n"},
};

static void
test_message(void **state)
{
	const struct message_row *row = *state;
	struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
	struct buf kept = BUF_INIT(10000);
	struct verify *m = verify(span_of(row->text), row->helo, &arena);
	struct received r = {
		.receiver = SPAN("mx.test"),
		.extended = row->extended,
		.tls = row->tls,
		.report = verify_report(m),
		.header = verify_header(m),
		.text = span_of(row->text),
	};
	size_t at;

	assert_int_equal(path_parse(SPAN("a@b.test"), &r.sender), PATH_OK);
	assert_true(received_message(&r, &kept));
	assert_true(span_starts(buf_span(&kept),
				SPAN("Return-Path: <a@b.test>\r\n"
				     "Authentication-Results: mx.test")));
	at = span_search(buf_span(&kept), SPAN("Received:"));
	assert_true(at != SPAN_NONE);
	assert_span(span_skip(buf_span(&kept), at), row->want);
	/* and too small a place is seen */
	kept.limit = kept.len - 1;
	buf_clear(&kept);
	assert_false(received_message(&r, &kept));
	verify_free(m);
	buf_release(&kept);
	arena_release(&arena);
}

/* A report that is too long is shortened, and says so. */
static void
test_json(void **state)
{
	static const size_t limits[] = {1000000, 32767, 6000, 3000};
	struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
	struct buf text = BUF_INIT(100000), json = BUF_INIT(1000000);
	struct verify *m;

	(void)state;
	buf_adds(&text, "From: x@y.test\r\nSubject: begin");
	for (int i = 0; i < 500; i++)
		buf_adds(&text, "\r\n \xc3\xa4\xc3\xb6 \"quoted\"\x01 and more "
				"of it, on and on and on and on and on");
	buf_adds(&text, "\r\n\r\n");
	m = verify(buf_span(&text), "h.test", &arena);
	for (size_t i = 0; i < COUNT(limits); i++) {
		json_t *read = NULL;
		struct span said = SPAN("");

		buf_release(&json);
		buf_init(&json, limits[i]);
		assert_true(received_json(verify_report(m), &json));
		assert_false(json.full);
		assert_int_equal(
			json_parse(buf_span(&json), limits[i], &read, NULL),
			JSON_OK);
		assert_true(json_get_text(read, "verdict", &said));
		assert_span(said, "unprotected");
		assert_true(json_get_text(read, "subject", &said));
		assert_true(span_starts(said, SPAN("begin")));
		assert_true(json_get_text(json_get(read, "dmarc"), "result",
					  &said));
		assert_span(said, "none");
		assert_int_equal(json_is_true(json_get(read, "truncated")),
				 i > 0);
		json_decref(read);
	}
	buf_release(&json);
	buf_init(&json, 100);
	assert_false(received_json(verify_report(m), &json));
	verify_free(m);
	buf_release(&json);
	buf_release(&text);
	arena_release(&arena);
}

static const struct clean_row {
	const char *name;
	const char *text;
	size_t max;
	const char *want;
} cleans[] = {
	{"nothing", "", 10, ""},
	{"plain", "a b", 10, "a b"},
	{"runs and ends", " \ta \r\n\t b\x7f\x01 ", 20, "a b"},
	{"cut", "abcdefghijkl", 10, "abcdefghij"},
	{"cut at a space", "abc def", 4, "abc"},
	{"no half character", "ab\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4", 7,
	 "ab\xc3\xa4\xc3\xa4"},
	{"no end of tails", "\x80\x80\x80\x80\x80\x80", 3, "\x80\x80\x80"},
};

static void
test_clean(void **state)
{
	const struct clean_row *row = *state;
	struct buf to = BUF_INIT(100);

	buf_adds(&to, "<");
	received_clean(span_of(row->text), row->max, &to);
	assert_span(span_skip(buf_span(&to), 1), row->want);
	buf_release(&to);
}

int
main(void)
{
	UNIT_ROWS(test_message, messages);
	UNIT(test_json);
	UNIT_ROWS(test_clean, cleans);
	return unit_run("serve/received");
}
