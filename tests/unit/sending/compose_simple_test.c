/* SPDX-License-Identifier: Apache-2.0 */
#include "sending/compose.h"

#include "text/base64.h"
#include "text/crlf.h"
#include "text/header.h"
#include "unit.h"

static const struct compose_stamp stamp = {
	.now = 1795454100000,
	.message_id = {"id@mail.example", 15},
	.feedback_id = {"", 0},
	.boundary = {"bound", 5},
};

#define TO                                                                     \
	(const struct span[])                                                  \
	{                                                                      \
		{                                                              \
			"d@e.f", 5                                             \
		}                                                              \
	}

static const struct span one_to[] = {{"d@e.f", 5}};

/* Good content, for a row to change. */
static struct compose_simple
plain(void)
{
	return (struct compose_simple){
		.from = SPAN("a@b.c"),
		.to = one_to,
		.tos = 1,
		.subject = SPAN("Hi"),
		.has_text = true,
		.text = SPAN("Hello\n"),
		.html = SPAN(""),
	};
}

static bool
compose(const struct compose_simple *content, struct arena *arena,
	struct buf *to, struct composed *ret, struct error *reterr)
{
	*reterr = (struct error){.code = ERROR_NONE};
	return compose_simple(content, &stamp, arena, to, ret, reterr);
}

static void
test_whole(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(COMPOSE_ARENA);
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	struct compose_simple content = plain();
	struct composed got;
	struct error error;

	(void)state;
	if (!compose(&content, &arena, &b, &got, &error))
		fail_msg("%s", error.text);
	assert_span(buf_span(&b),
		    "From: a@b.c\r\nTo: d@e.f\r\nSubject: Hi\r\n"
		    "Message-ID: <id@mail.example>\r\n"
		    "Date: Mon, 23 Nov 2026 17:15:00 +0000\r\n"
		    "MIME-Version: 1.0\r\n"
		    "Content-Type: text/plain; charset=utf-8\r\n"
		    "Content-Transfer-Encoding: 7bit\r\n\r\nHello\r\n");
	assert_string_equal(got.from.text, "a@b.c");
	assert_int_equal(got.recipients.len, 1);
	assert_span(got.subject, "Hi");
}

static void
test_everything(void **state)
{
	static const struct span to[] = {{"D <d@e.f>", 9}, {"g@h.i", 5}};
	static const struct span cc[] = {{"j@k.l", 5}};
	static const struct span reply[] = {{"m@n.o", 5}};
	static const struct compose_header header[] = {
		{{"X-One", 5}, {"1", 1}},
		{{"List-Unsubscribe", 16}, {"<https://a.b/>", 14}},
	};
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(COMPOSE_ARENA);
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	struct compose_simple content = plain();
	struct compose_stamp with = stamp;
	struct composed got;
	struct error error;

	(void)state;
	content.from = SPAN("\"Joe, of B\" <a@b.c>");
	content.to = to;
	content.tos = 2;
	content.cc = cc;
	content.ccs = 1;
	content.reply_to = reply;
	content.reply_tos = 1;
	content.header = header;
	content.headers = 2;
	content.has_html = true;
	content.html = SPAN("<p>Hi</p>\r\n");
	with.feedback_id = SPAN("::1.eu.x:Sesame");
	if (!compose_simple(&content, &with, &arena, &b, &got, &error))
		fail_msg("%s", error.text);
	assert_span(
		buf_span(&b),
		"From: \"Joe, of B\" <a@b.c>\r\n"
		"To: D <d@e.f>, g@h.i\r\nCc: j@k.l\r\nReply-To: m@n.o\r\n"
		"Subject: Hi\r\nX-One: 1\r\n"
		"List-Unsubscribe: <https://a.b/>\r\n"
		"Message-ID: <id@mail.example>\r\n"
		"Date: Mon, 23 Nov 2026 17:15:00 +0000\r\n"
		"Feedback-ID: ::1.eu.x:Sesame\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: multipart/alternative; boundary=bound-a\r\n\r\n"
		"--bound-a\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: 7bit\r\n\r\nHello\r\n"
		"\r\n--bound-a\r\n"
		"Content-Type: text/html; charset=utf-8\r\n"
		"Content-Transfer-Encoding: 7bit\r\n\r\n<p>Hi</p>\r\n"
		"\r\n--bound-a--\r\n");
	assert_int_equal(got.recipients.len, 3);
	assert_string_equal(got.recipients.mailbox[2].address.text, "j@k.l");
}

/* RFC 2047 and RFC 2045: what is not ASCII is encoded. */
static void
test_utf8(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(COMPOSE_ARENA);
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	struct compose_simple content = plain();
	struct composed got;
	struct error error;

	(void)state;
	content.from = SPAN("J\xc3\xb6rg <a@b.c>");
	content.subject = SPAN("Gr\xc3\xbc\xc3\x9f"
			       "e");
	content.text = SPAN("one = 1\nGr\xc3\xbc\xc3\x9f"
			    "e to all of you there\n");
	if (!compose(&content, &arena, &b, &got, &error))
		fail_msg("%s", error.text);
	assert_true(span_search(buf_span(&b),
				SPAN("From: =?utf-8?B?SsO2cmc=?= <a@b.c>\r\n"
				     "To:")) != SPAN_NONE);
	assert_true(
		span_search(
			buf_span(&b),
			SPAN("\r\nSubject: =?utf-8?B?R3LDvMOfZQ==?=\r\n")) !=
		SPAN_NONE);
	assert_true(span_search(buf_span(&b),
				SPAN("Content-Transfer-Encoding: "
				     "quoted-printable\r\n\r\none =3D 1\r\nGr="
				     "C3=BC=C3=9Fe to all")) != SPAN_NONE);
	assert_true(crlf_is_clean(buf_span(&b)));
	for (size_t i = 0; i < b.len; i++)
		assert_true((b.ptr[i] & 0x80) == 0);
}

/* Whatever the text, it comes out of its encoding with CRLF for line ends. */
static const struct text_row {
	const char *name;
	const char *text;
	const char *want; /* decoded */
	const char *encoding;
} texts[] = {
	{"LF", "a\nb", "a\r\nb\r\n", "7bit"},
	{"CR", "a\rb\r", "a\r\nb\r\n", "7bit"},
	{"CRLF", "a\r\nb\r\n", "a\r\nb\r\n", "7bit"},
	{"a dot", ".\n..\n", ".\r\n..\r\n", "7bit"},
	{"empty", "", "", "7bit"},
	{"mostly not ASCII", "\xe3\x81\x82\xe3\x81\x84\n\xe3\x81\x86\r\n",
	 "\xe3\x81\x82\xe3\x81\x84\r\n\xe3\x81\x86\r\n", "base64"},
};

static void
test_text(void **state)
{
	const struct text_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(COMPOSE_ARENA);
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	CLEANUP(buf_release) struct buf plain_text = BUF_INIT(65536);
	struct compose_simple content = plain();
	struct header_block block;
	struct composed got;
	struct error error;
	size_t offset;

	content.text = span_of(row->text);
	if (!compose(&content, &arena, &b, &got, &error))
		fail_msg("%s", error.text);
	assert_int_equal(header_parse(buf_span(&b), &arena, &block, &offset),
			 HEADER_OK);
	assert_span(
		span_trim(header_get(&block, SPAN("Content-Transfer-Encoding"))
				  ->value),
		row->encoding);
	if (strcmp(row->encoding, "base64") == 0)
		assert_true(base64_decode_folded(block.body, &plain_text));
	else
		buf_add(&plain_text, block.body);
	/* A last line may or may not be ended by the writer. */
	if (plain_text.len + 2 == strlen(row->want))
		buf_adds(&plain_text, "\r\n");
	assert_span(buf_span(&plain_text), row->want);
}

static const struct bad_row {
	const char *name;
	const char *from, *to, *subject, *header, *value;
	const char *text; /* of the error, a part */
} bad[] = {
	{"W13: CR in the subject", NULL, NULL, "a\rBcc: x@y.z", NULL, NULL,
	 "The Subject"},
	{"W13: LF in the subject", NULL, NULL, "a\nBcc: x@y.z", NULL, NULL,
	 "The Subject"},
	{"W13: C1 in the subject", NULL, NULL,
	 "a\xc2\x85"
	 "b",
	 NULL, NULL, "The Subject"},
	{"W13: CRLF in To", NULL, "a@b>\r\nRCPT TO:<c@d", NULL, NULL, NULL,
	 "To is too long or has a control character"},
	{"W13: a fold in To", NULL, "A\r\n <a@b.c>", NULL, NULL, NULL,
	 "control character"},
	{"two in To", NULL, "a@b.c, d@e.f", NULL, NULL, NULL,
	 "To must be exactly one address"},
	{"a group in To", NULL, "x: a@b.c;", NULL, NULL, NULL,
	 "To must be exactly one address"},
	{"no address in To", NULL, "Joe", NULL, NULL, NULL, "To is no address"},
	{"an empty To", NULL, "", NULL, NULL, NULL, "To is no address"},
	{"UTF-8 in the domain", NULL, "a@m\xc3\xb8x.example", NULL, NULL, NULL,
	 "Punycode"},
	{"a14: two in From", "a@b.c, <d@e.f>", NULL, NULL, NULL, NULL,
	 "From must be exactly one address"},
	{"a15: an encoded-word for an address",
	 "=?utf-8?B?YWRtaW5AbGVnaXRpbWF0ZS5jb20=?=", NULL, NULL, NULL, NULL,
	 "From is no address"},
	{"a16: a route in From", "<@x.y:a@b.c>", NULL, NULL, NULL, NULL,
	 "From must be exactly one address"},
	{"a19: text behind the brackets", "<a@b.c>d@e.f", NULL, NULL, NULL,
	 NULL, "From is no address"},
	{"W13: a colon in a name", NULL, NULL, NULL, "X: y", "z",
	 "The name of header 1"},
	{"W13: a space in a name", NULL, NULL, NULL, "X ", "z",
	 "The name of header 1"},
	{"W13: CRLF in a name", NULL, NULL, NULL, "X:\r\nY", "z",
	 "The name of header 1"},
	{"W13: CRLF in a value", NULL, NULL, NULL, "X", "a\r\nBcc: b@c.d",
	 "The value of the header 'X'"},
	{"W13: UTF-8 in a value", NULL, NULL, NULL, "X", "\xc3\xbc",
	 "The value of the header 'X'"},
	{"an empty value", NULL, NULL, NULL, "X", "",
	 "The value of the header 'X'"},
	{"From as a header", NULL, NULL, NULL, "fROM", "x@y.z",
	 "'fROM' cannot be set"},
	{"Bcc as a header", NULL, NULL, NULL, "Bcc", "x@y.z",
	 "'Bcc' cannot be set"},
	{"Sender as a header", NULL, NULL, NULL, "Sender", "x@y.z",
	 "'Sender' cannot be set"},
	{"Resent-From as a header", NULL, NULL, NULL, "Resent-From", "x@y.z",
	 "cannot be set"},
	{"Content-Type as a header", NULL, NULL, NULL, "content-type", "x/y",
	 "cannot be set"},
	{"a private field as a header", NULL, NULL, NULL, "X-SES-FOO", "y",
	 "cannot be set"},
};

static void
test_bad(void **state)
{
	const struct bad_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(COMPOSE_ARENA);
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	struct compose_simple content = plain();
	struct compose_header header;
	struct composed got;
	struct error error;
	struct span to;

	if (row->from != NULL)
		content.from = span_of(row->from);
	if (row->to != NULL) {
		to = span_of(row->to);
		content.to = &to;
	}
	if (row->subject != NULL)
		content.subject = span_of(row->subject);
	if (row->header != NULL) {
		header = (struct compose_header){span_of(row->header),
						 span_of(row->value)};
		content.header = &header;
		content.headers = 1;
	}
	assert_false(compose(&content, &arena, &b, &got, &error));
	assert_int_equal(error.code, ERROR_BAD_REQUEST);
	if (strstr(error.text, row->text) == NULL)
		fail_msg("\"%s\" has no \"%s\"", error.text, row->text);
}

static void
test_others(void **state)
{
	static const struct compose_header twice[] = {{{"X", 1}, {"1", 1}},
						      {{"x", 1}, {"2", 1}}};
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(COMPOSE_ARENA);
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	CLEANUP(buf_release) struct buf small = BUF_INIT(200);
	struct compose_simple content = plain();
	struct composed got;
	struct error error;

	(void)state;
	content.has_text = false;
	assert_false(compose(&content, &arena, &b, &got, &error));
	assert_non_null(strstr(error.text, "neither"));
	content = plain();
	content.text = SPAN("a\0b");
	assert_false(compose(&content, &arena, &b, &got, &error));
	assert_non_null(strstr(error.text, "not UTF-8, or has a NUL"));
	content.text = SPAN("a\xff");
	assert_false(compose(&content, &arena, &b, &got, &error));
	content = plain();
	content.header = twice;
	content.headers = 2;
	assert_false(compose(&content, &arena, &b, &got, &error));
	assert_non_null(strstr(error.text, "Duplicate header 'x'."));
	content = plain();
	assert_false(compose(&content, &arena, &small, &got, &error));
	assert_int_equal(error.code, ERROR_TOO_LARGE);
	/* No recipient is shown: To is there all the same (D16). */
	buf_clear(&b);
	content.tos = 0;
	assert_true(compose(&content, &arena, &b, &got, &error));
	assert_true(span_search(buf_span(&b),
				SPAN("\r\nTo: undisclosed-recipients:;\r\n")) !=
		    SPAN_NONE);
}

/* Whether the encoded-words of a message are legal and hold `want`. */
static void
check_encoded(struct span message, struct span want)
{
	CLEANUP(buf_release) struct buf back = BUF_INIT(65536);
	struct span rest = message;

	while (rest.len > 0) {
		struct span line = span_cut(&rest, '\n');
		size_t at = span_search(line, SPAN("=?utf-8?B?"));
		struct span word;

		if (at == SPAN_NONE)
			continue;
		assert_true(line.len <= 77); /* with its CR */
		word = span_skip(line, at + 10);
		word = span_sub(word, 0, span_search(word, SPAN("?=")));
		assert_true(word.len + 12 <= 75);
		assert_true((word.ptr[0] & 0x80) == 0);
		assert_true(base64_decode(word, &back));
	}
	assert_true(span_equal(buf_span(&back), want));
}

/* Long fields are folded, and come back as they were. */
static void
test_folds(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(COMPOSE_ARENA);
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	CLEANUP(buf_release) struct buf subject = BUF_INIT(65536);
	CLEANUP(buf_release) struct buf back = BUF_INIT(65536);
	struct compose_simple content = plain();
	struct header_block block;
	struct composed got;
	struct error error;
	struct span rest;
	size_t offset;

	(void)state;
	buf_adds(&subject, "word");
	for (int i = 0; i < 200; i++)
		buf_addf(&subject, "%*s%d", 1 + i % 3, "", i);
	content.subject = buf_span(&subject);
	assert_true(compose(&content, &arena, &b, &got, &error));
	for (rest = buf_span(&b); rest.len > 0;)
		assert_true(span_cut(&rest, '\n').len <= 78);
	assert_int_equal(header_parse(buf_span(&b), &arena, &block, &offset),
			 HEADER_OK);
	assert_true(header_unfold(header_get(&block, SPAN("Subject"))->value,
				  &back));
	assert_true(span_equal(buf_span(&back), buf_span(&subject)));
	/* Encoded-words of 75 characters, lines of 76, characters whole. */
	buf_clear(&subject);
	for (int i = 0; i < 100; i++)
		buf_adds(&subject, "ab\xe3\x81\x82\xc3\xbc");
	content.subject = buf_span(&subject);
	buf_clear(&b);
	assert_true(compose(&content, &arena, &b, &got, &error));
	check_encoded(buf_span(&b), buf_span(&subject));
	buf_clear(&subject);
	for (int i = 0; i < 1000; i++)
		buf_addc(&subject, 'x');
	content.subject = buf_span(&subject);
	assert_false(compose(&content, &arena, &b, &got, &error));
	assert_non_null(strstr(error.text, "has a word of more than"));
}

static void
test_attachments(void **state)
{
	static const struct compose_attachment files[] = {
		{{"a\xc3\xbc.png", 7},
		 {"image/png", 9},
		 {"id1", 3},
		 {"A picture", 9},
		 true,
		 {"\x89PNG\0\r\n", 7}},
		{{"b.bin", 5}, {"", 0}, {"", 0}, {"", 0}, false, {"x", 1}},
	};
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(COMPOSE_ARENA);
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	struct compose_simple content = plain();
	struct compose_attachment evil = files[1];
	struct composed got;
	struct error error;

	(void)state;
	content.has_html = true;
	content.html = SPAN("<p>");
	content.attachment = files;
	content.attachments = 2;
	if (!compose(&content, &arena, &b, &got, &error))
		fail_msg("%s", error.text);
	assert_true(span_search(buf_span(&b),
				SPAN("Content-Type: multipart/mixed; "
				     "boundary=bound-m\r\n")) != SPAN_NONE);
	assert_true(span_search(buf_span(&b), SPAN("\r\niVBORwANCg==\r\n")) !=
		    SPAN_NONE);
	assert_true(span_search(buf_span(&b),
				SPAN("Content-Disposition: attachment; "
				     "filename=b.bin\r\n")) != SPAN_NONE);
	assert_true(span_search(buf_span(&b), SPAN("Content-Id: <id1>\r\n")) !=
		    SPAN_NONE);
	assert_true(span_ends(buf_span(&b), SPAN("\r\n--bound-m--\r\n")));
	assert_true(crlf_is_clean(buf_span(&b)));
	content.attachment = &evil;
	content.attachments = 1;
	evil.file_name = SPAN("a\r\nX: y");
	assert_false(compose(&content, &arena, &b, &got, &error));
	evil = files[1];
	evil.content_type = SPAN("text/plain\r\nX: y");
	assert_false(compose(&content, &arena, &b, &got, &error));
	evil = files[1];
	evil.content_type = SPAN("multipart/mixed");
	assert_false(compose(&content, &arena, &b, &got, &error));
	evil = files[1];
	evil.content_id = SPAN("a> <b");
	assert_false(compose(&content, &arena, &b, &got, &error));
	assert_non_null(strstr(error.text, "ContentId"));
}

int
main(void)
{
	UNIT(test_whole);
	UNIT(test_everything);
	UNIT(test_utf8);
	UNIT_ROWS(test_text, texts);
	UNIT_ROWS(test_bad, bad);
	UNIT(test_others);
	UNIT(test_folds);
	UNIT(test_attachments);
	return unit_run("sending/compose_simple");
}
