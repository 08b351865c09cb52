/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/compose.h"

#include "unit.h"

#define STAMPED                                                                \
	"Message-ID: <id@mail.example>\r\n"                                    \
	"Date: Mon, 23 Nov 2026 17:15:00 +0000\r\n"

static const struct compose_stamp stamp = {
	.now = 1795454100000,
	.message_id = {"id@mail.example", 15},
	.feedback_id = {"", 0},
	.boundary = {"b", 1},
};

static bool
compose(struct span data, struct arena *arena, struct buf *to,
	struct composed *ret, struct error *reterr)
{
	*reterr = (struct error){.code = ERROR_NONE};
	return compose_raw(data, &stamp, arena, to, ret, reterr);
}

static const struct good_row {
	const char *name;
	const char *data;
	const char *want;
	const char *from;
	const char *recipients; /* a space behind each */
} good[] = {
	{"as it is", "From: a@b.c\r\nTo: d@e.f\r\n\r\nHi\r\n",
	 "From: a@b.c\r\nTo: d@e.f\r\n" STAMPED "\r\nHi\r\n", "a@b.c",
	 "d@e.f "},
	{"Date and Message-ID are ours",
	 "Date: yesterday\r\nFrom: a@b.c\r\nmessage-id: <x>\r\n\r\n",
	 "From: a@b.c\r\n" STAMPED "\r\n", "a@b.c", ""},
	{"Bcc goes, and is sent to",
	 "From: a@b.c\r\nBcc: d@e.f,\r\n g@h.i\r\nCc: j@k.l\r\n\r\n",
	 "From: a@b.c\r\nCc: j@k.l\r\n" STAMPED "\r\n", "a@b.c",
	 "d@e.f g@h.i j@k.l "},
	{"an empty Bcc", "From: a@b.c\r\nBcc:\r\n\r\n",
	 "From: a@b.c\r\n" STAMPED "\r\n", "a@b.c", ""},
	{"our private fields go",
	 "X-SES-CONFIGURATION-SET: s\r\nx-ses-foo: 1\r\nReturn-Path: <x@y.z>"
	 "\r\nFrom: a@b.c\r\n\r\n",
	 "From: a@b.c\r\n" STAMPED "\r\n", "a@b.c", ""},
	{"D14: a foreign signature stays",
	 "DKIM-Signature: v=1; d=other.example\r\nFrom: a@b.c\r\n\r\n",
	 "DKIM-Signature: v=1; d=other.example\r\nFrom: a@b.c\r\n" STAMPED
	 "\r\n",
	 "a@b.c", ""},
	{"LF becomes CRLF", "From: a@b.c\nTo: d@e.f\n\nHi\n.\nx",
	 "From: a@b.c\r\nTo: d@e.f\r\n" STAMPED "\r\nHi\r\n.\r\nx\r\n", "a@b.c",
	 "d@e.f "},
	{"CR becomes CRLF", "From: a@b.c\r\n\r\nHi\r.\rx\r\n",
	 "From: a@b.c\r\n" STAMPED "\r\nHi\r\n.\r\nx\r\n", "a@b.c", ""},
	{"no body", "From: a@b.c\r\n", "From: a@b.c\r\n" STAMPED "\r\n",
	 "a@b.c", ""},
	{"folds stay", "From: A\r\n <a@b.c>\r\nSubject: x\r\n\ty\r\n\r\n",
	 "From: A\r\n <a@b.c>\r\nSubject: x\r\n\ty\r\n" STAMPED "\r\n", "a@b.c",
	 ""},
	{"a group without members", "From: a@b.c\r\nTo: none:;\r\n\r\n",
	 "From: a@b.c\r\nTo: none:;\r\n" STAMPED "\r\n", "a@b.c", ""},
	{"a display name with an address",
	 "From: \"admin@legit.com\" <a@b.c>\r\n\r\n",
	 "From: \"admin@legit.com\" <a@b.c>\r\n" STAMPED "\r\n", "a@b.c", ""},
	{"a comment with an address", "From: a@b.c (d@e.f)\r\n\r\n",
	 "From: a@b.c (d@e.f)\r\n" STAMPED "\r\n", "a@b.c", ""},
	{"8-bit body", "From: a@b.c\r\n\r\n\xc3\xbc\r\n",
	 "From: a@b.c\r\n" STAMPED "\r\n\xc3\xbc\r\n", "a@b.c", ""},
};

static void
test_good(void **state)
{
	const struct good_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(COMPOSE_ARENA);
	CLEANUP(buf_release) struct buf b = BUF_INIT(4096);
	CLEANUP(buf_release) struct buf people = BUF_INIT(4096);
	struct composed got;
	struct error error;

	if (!compose(span_of(row->data), &arena, &b, &got, &error))
		fail_msg("%s", error.text);
	assert_span(buf_span(&b), row->want);
	assert_string_equal(got.from.text, row->from);
	for (size_t i = 0; i < got.recipients.len; i++)
		buf_addf(&people, "%s ",
			 got.recipients.mailbox[i].address.text);
	assert_span(buf_span(&people), row->recipients);
}

/* The attacks of espoofer, as an authenticated client makes them. */
#define REST "\r\nTo: <victim@victim.com>\r\n\r\nHi\r\n"

static const struct bad_row {
	const char *name;
	const char *data;
	const char *text; /* of the error, a part */
} bad[] = {
	{"server_a8 and client_a1: two From",
	 "From: <first@attack.com>\r\nFrom: <admin@legitimate.com>" REST,
	 "Duplicate header 'From'."},
	{"server_a9: a space before From",
	 " From: <first@attack.com>\r\nFrom: <admin@legitimate.com>" REST,
	 "begins with white space"},
	{"server_a10: a space behind From",
	 "From: <first@attack.com>\r\nFrom : <admin@legitimate.com>" REST,
	 "white space behind the header field name 'From'"},
	{"server_a10: that one alone", "From : <admin@legitimate.com>" REST,
	 "white space behind the header field name 'From'"},
	{"server_a11: From folded off its colon",
	 "From\r\n : <first@attack.com>\r\nFrom: <admin@legitimate.com>" REST,
	 "has no colon"},
	{"server_a12: the same and Sender",
	 "From\r\n : <first@attack.com>\r\nnTo: <victim@victim.com>\r\n"
	 "Sender: <admin@legitimate.com>" REST,
	 "has no colon"},
	{"server_a13: the same and Resent-From",
	 "From\r\n : <first@attack.com>\r\n"
	 "Resent-From: <admin@legitimate.com>" REST,
	 "has no colon"},
	{"server_a14 and client_a2: two addresses",
	 "From: <first@attack.com>, <admin@legitimate.com>" REST,
	 "exactly one address"},
	{"server_a15: an address in an encoded-word",
	 "From:=?utf-8?B?PGFkbWluQGxlZ2l0aW1hdGUuY29tPg==?=,"
	 "<second@attack.com>" REST,
	 "Header 'From' is malformed"},
	{"server_a16: a route",
	 "From: <@attack.com,@any.com:admin@legitimate.com>" REST,
	 "has a source route"},
	{"server_a17: a backslash",
	 "From: <admin@legitimate.com>\\,<second@attack.com>" REST,
	 "Header 'From' is malformed"},
	{"server_a18: an address without brackets first",
	 "From: admin@legitimate.com,<second@attack.com>" REST,
	 "exactly one address"},
	{"server_a19: text behind the brackets",
	 "From: <any@attack.com>admin@legitimate.com" REST,
	 "Header 'From' is malformed"},
	{"paper_b1: U+2000 in the domain",
	 "From: <admin@legitimate.com\xe2\x80\x80>" REST,
	 "Header 'From' is malformed"},
	{"paper_b2: an encoded-word alone",
	 "From: =?utf-8?B?YWRtaW5AbGVnaXRpbWF0ZS5jb20=?=" REST,
	 "Header 'From' is malformed"},
	{"paper_b3: no From, only Sender",
	 "Sender: <admin@legitimate.com>" REST,
	 "Missing required header 'From'."},
	{"paper_fig6e: two addresses and Sender",
	 "From: <any@attack.com>, <any2@attack.com>\r\n"
	 "Sender: <admin@legitimate.com>" REST,
	 "exactly one address"},
	{"paper_fig6f: a space first, and Resent-From",
	 " From: <any@attack.com>\r\nResent-From: <admin@legitimate.com>" REST,
	 "begins with white space"},
	{"a group in From", "From: x: a@b, c@d;" REST, "exactly one address"},
	{"a group of one in From", "From: x: a@b.c;" REST,
	 "exactly one address"},
	{"a literal in From", "From: a@[127.0.0.1]" REST,
	 "Header 'From' is malformed"},
	{"an empty From", "From: " REST, "Header 'From' is malformed"},
	{"an address in UTF-8", "From: a@m\xc3\xb8x.example" REST, "not ASCII"},
	{"two To", "From: a@b.c\r\nTo: <x@y.z>" REST, "Duplicate header 'To'."},
	{"two Subject", "From: a@b.c\r\nsubject: x\r\nSubject: y" REST,
	 "Duplicate header 'Subject'."},
	{"two Sender", "From: a@b.c\r\nSender: a@b.c\r\nSender: d@e.f" REST,
	 "Duplicate header 'Sender'."},
	{"two Content-Type",
	 "From: a@b.c\r\nContent-Type: text/plain\r\ncontent-type: "
	 "text/html" REST,
	 "Duplicate header 'Content-Type'."},
	{"a To that is none", "From: a@b.c\r\nCc: what is this" REST,
	 "Header 'Cc' is malformed"},
	{"a line without colon", "From: a@b.c\r\nhello" REST, "has no colon"},
	{"nothing", "", "Missing required header 'From'."},
	{"no header", "\r\nHi\r\n", "Missing required header 'From'."},
	{"LF smuggles no From", "Subject: x\nFrom: a@b.c\nFrom: d@e.f\n\nHi\n",
	 "Duplicate header 'From'."},
	{"CR smuggles no From", "Subject: x\rFrom: a@b.c\r\nFrom: d@e.f" REST,
	 "Duplicate header 'From'."},
};

static void
test_bad(void **state)
{
	const struct bad_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(COMPOSE_ARENA);
	CLEANUP(buf_release) struct buf b = BUF_INIT(4096);
	struct composed got;
	struct error error;

	assert_false(compose(span_of(row->data), &arena, &b, &got, &error));
	assert_int_equal(error.code, ERROR_BAD_REQUEST);
	if (strstr(error.text, row->text) == NULL)
		fail_msg("\"%s\" has no \"%s\"", error.text, row->text);
	assert_int_equal(b.len, 0);
}

/* Those who must be authorised besides From. */
static void
test_senders(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(COMPOSE_ARENA);
	CLEANUP(buf_release) struct buf b = BUF_INIT(4096);
	struct composed got;
	struct error error;

	(void)state;
	assert_true(compose(SPAN("From: a@b.c\r\nSender: d@e.f\r\n"
				 "Resent-From: g@h.i, j@k.l\r\n"
				 "Resent-Sender: m@n.o\r\nReply-To: p@q.r\r\n"
				 "X-SES-CONFIGURATION-SET: set\r\n 1\r\n"
				 "X-SES-MESSAGE-TAGS: a=b, c=d\r\n"
				 "Subject:  Hello\r\n there \r\n\r\n"),
			    &arena, &b, &got, &error));
	assert_int_equal(got.senders.len, 4);
	assert_string_equal(got.senders.mailbox[0].address.text, "d@e.f");
	assert_string_equal(got.senders.mailbox[3].address.text, "m@n.o");
	assert_int_equal(got.recipients.len, 0);
	assert_span(got.configuration_set, "set 1");
	assert_span(got.tags, "a=b, c=d");
	assert_span(got.subject, "Hello there");
}

static void
test_feedback(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(COMPOSE_ARENA);
	CLEANUP(buf_release) struct buf b = BUF_INIT(4096);
	struct compose_stamp with = stamp;
	struct composed got;
	struct error error;

	(void)state;
	with.feedback_id = SPAN("::1.eu.abc:Sesame");
	assert_true(compose_raw(SPAN("From: a@b.c\r\nFeedback-ID: x\r\n\r\n"),
				&with, &arena, &b, &got, &error));
	assert_span(buf_span(&b), "From: a@b.c\r\n" STAMPED
				  "Feedback-ID: ::1.eu.abc:Sesame\r\n\r\n");
}

static void
test_limits(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(COMPOSE_ARENA);
	CLEANUP(buf_release) struct buf in = BUF_INIT(1 << 20);
	CLEANUP(buf_release) struct buf b = BUF_INIT(1 << 20);
	CLEANUP(buf_release) struct buf small = BUF_INIT(50);
	struct composed got;
	struct error error;

	(void)state;
	assert_false(compose(SPAN("From: a@b.c\r\n\r\nx\0y\r\n"), &arena, &b,
			     &got, &error));
	assert_string_equal(error.text, "The message has a NUL at octet 16.");
	assert_false(compose(SPAN("From: a@b.c\r\nX: \0\r\n\r\n"), &arena, &b,
			     &got, &error));
	assert_false(compose(SPAN("From: a@b.c\r\n\r\n"), &arena, &small, &got,
			     &error));
	assert_int_equal(error.code, ERROR_TOO_LARGE);

	buf_adds(&in, "From: a@b.c\r\n\r\n");
	for (int i = 0; i < COMPOSE_LINE_MAX; i++)
		buf_addc(&in, 'x');
	buf_adds(&in, "\r\n");
	assert_true(compose(buf_span(&in), &arena, &b, &got, &error));
	buf_truncate(&in, in.len - 2);
	buf_adds(&in, "x\r\n");
	assert_false(compose(buf_span(&in), &arena, &b, &got, &error));
	assert_int_equal(error.code, ERROR_BAD_REQUEST);

	buf_clear(&in);
	for (int i = 0; i <= COMPOSE_RECEIVED_MAX; i++)
		buf_adds(&in, "Received: x\r\n");
	buf_adds(&in, "From: a@b.c\r\n\r\n");
	assert_false(compose(buf_span(&in), &arena, &b, &got, &error));
	assert_non_null(strstr(error.text, "goes round"));
}

int
main(void)
{
	UNIT_ROWS(test_good, good);
	UNIT_ROWS(test_bad, bad);
	UNIT(test_senders);
	UNIT(test_feedback);
	UNIT(test_limits);
	return unit_run("sending/compose_raw");
}
