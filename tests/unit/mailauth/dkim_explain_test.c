/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_explain.h"

#include "judge.h"

static const char zone[] =
	"{'s._domainkey.a.example':{'TXT':[['v=DKIM1; k=rsa; p=RSA']]},"
	"'e._domainkey.a.example':{'TXT':[['v=DKIM1; k=ed25519; p=ED']]},"
	"'o._domainkey.a.example':{'TXT':[['v=DKIM1; k=rsa; p=OTHER']]}}";

#define RELAXED                                                                \
	"a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=s; "                  \
	"h=from:from:to:subject:subject:date:reply-to:sender:mime-version:"    \
	"content-type:content-transfer-encoding; "
#define SIMPLE                                                                 \
	"a=rsa-sha256; c=simple/simple; d=a.example; s=s; "                    \
	"h=from:to:subject:content-type; "
#define ED                                                                     \
	"a=ed25519-sha256; c=relaxed/relaxed; d=a.example; s=e; "              \
	"h=from:to:subject:subject:reply-to; "

#define FROM "From: \"Ann B\" <ann@a.example>\r\n"
#define TO   "To: bob@b.example,cy@b.example\r\n"
#define SUBJ "Subject: ripe apples\r\n"
#define DATE "Date: Mon, 23 Nov 2026 10:00:00 +0000 (UTC)\r\n"
#define HEAD FROM TO SUBJ DATE
#define BODY "Hello,\r\n\r\nthe  apples are ripe. \r\n\r\nAnn\r\n"

/* ---- bodies ---- */

static const struct body_row {
	const char *name;
	const char *tags;
	const char *header; /* NULL: HEAD */
	struct span body, now;
	enum judge_hash hash;
	enum dkim_body_change change;
	size_t above, below, part;
	const char *line;
} bodies[] = {
	{"a footer", RELAXED, NULL, SPAN(BODY),
	 SPAN(BODY "\r\n-- \r\nthe list\r\n"), JUDGE_RIGHT, DKIM_BODY_APPENDED,
	 0, 3, 0, "--"},
	{"a footer, simple", SIMPLE, NULL, SPAN(BODY),
	 SPAN(BODY "____\r\nthe list\r\n"), JUDGE_RIGHT, DKIM_BODY_APPENDED, 0,
	 2, 0, "____"},
	{"a footer behind empty lines", RELAXED, NULL, SPAN(BODY "\r\n\r\n"),
	 SPAN(BODY "\r\n\r\n____\r\n"), JUDGE_RIGHT, DKIM_BODY_APPENDED, 0, 3,
	 0, "____"},
	{"a footer that a terminal would obey", RELAXED, NULL, SPAN(BODY),
	 SPAN(BODY "\x1b[2J\r\n"), JUDGE_RIGHT, DKIM_BODY_APPENDED, 0, 1, 0,
	 "\x1b[2J"},
	{"a banner", RELAXED, NULL, SPAN(BODY),
	 SPAN("CAUTION: external mail\r\n\r\n" BODY), JUDGE_RIGHT,
	 DKIM_BODY_PREPENDED, 2, 0, 0, "CAUTION: external mail"},
	{"a banner, and empty lines at the end", RELAXED, NULL, SPAN(BODY),
	 SPAN("CAUTION\r\n" BODY "\r\n\r\n"), JUDGE_RIGHT, DKIM_BODY_PREPENDED,
	 1, 0, 0, "CAUTION"},
	{"a banner and a footer", SIMPLE, NULL, SPAN(BODY),
	 SPAN("CAUTION\r\n" BODY "____\r\nlist\r\n"), JUDGE_RIGHT,
	 DKIM_BODY_AROUND, 1, 2, 0, "CAUTION"},
	{"all of it is new", RELAXED, NULL, SPAN(""), SPAN(BODY), JUDGE_RIGHT,
	 DKIM_BODY_FROM_NOTHING, 0, 0, 0, "Hello,"},
	{"all of it is new, simple", SIMPLE, NULL, SPAN(""), SPAN(BODY),
	 JUDGE_RIGHT, DKIM_BODY_FROM_NOTHING, 0, 0, 0, "Hello,"},
	{"another word", RELAXED, NULL, SPAN(BODY),
	 SPAN("Hello,\r\n\r\nthe pears are ripe.\r\n\r\nAnn\r\n"), JUDGE_RIGHT,
	 DKIM_BODY_UNKNOWN, 0, 0, 0, ""},
	{"a line less", RELAXED, NULL, SPAN(BODY), SPAN("Hello,\r\n"),
	 JUDGE_RIGHT, DKIM_BODY_UNKNOWN, 0, 0, 0, ""},
	{"c= says another form", SIMPLE, NULL, SPAN(BODY), SPAN(BODY),
	 JUDGE_OTHER, DKIM_BODY_FORM, 0, 0, 0, ""},
	{"c= says relaxed, and it was simple", RELAXED, NULL, SPAN(BODY),
	 SPAN(BODY), JUDGE_OTHER, DKIM_BODY_FORM, 0, 0, 0, ""},
	{"no form at all", SIMPLE, NULL, SPAN(BODY "\r\n\r\n"),
	 SPAN(BODY "\r\n\r\n"), JUDGE_RAW, DKIM_BODY_RAW, 0, 0, 0, ""},
	{"LF line ends", SIMPLE, NULL, SPAN(BODY), SPAN(BODY), JUDGE_LF,
	 DKIM_BODY_LF, 0, 0, 0, ""},
	{"a bare LF", SIMPLE, NULL, SPAN("one\r\ntwo\r\n"),
	 SPAN("one\ntwo\r\n"), JUDGE_RIGHT, DKIM_BODY_BARE, 0, 0, 0, ""},
	{"From is quoted", RELAXED, NULL, SPAN("Hi\r\nFrom here on\r\n"),
	 SPAN("Hi\r\n>From here on\r\n"), JUDGE_RIGHT, DKIM_BODY_FROM_LINES, 0,
	 0, 0, ""},
	{"dots are doubled", RELAXED, NULL, SPAN("Hi\r\n.x\r\n"),
	 SPAN("Hi\r\n..x\r\n"), JUDGE_RIGHT, DKIM_BODY_DOTS, 0, 0, 0, ""},
	{"dots are lost", RELAXED, NULL, SPAN("Hi\r\n..x\r\n"),
	 SPAN("Hi\r\n.x\r\n"), JUDGE_RIGHT, DKIM_BODY_DOTS, 0, 0, 0, ""},
	{"quoted-printable", RELAXED,
	 HEAD "Content-Transfer-Encoding: quoted-printable\r\n",
	 SPAN("caf\xc3\xa9 1=1\r\n"), SPAN("caf=C3=A9 1=\r\n=3d1\r\n"),
	 JUDGE_RIGHT, DKIM_BODY_ENCODED, 0, 0, 0, ""},
	{"base64", RELAXED, HEAD "Content-Transfer-Encoding: base64\r\n",
	 SPAN("caf\xc3\xa9\r\n"), SPAN("Y2Fmw6kN\r\nCg==\r\n"), JUDGE_RIGHT,
	 DKIM_BODY_ENCODED, 0, 0, 0, ""},
	{"a part more", RELAXED,
	 HEAD "Content-Type: multipart/mixed; x=y; boundary=\"b b\"\r\n",
	 SPAN("--b b\r\n\r\none\r\n--b b--\r\n"),
	 SPAN("--b b\r\n\r\none\r\n--b b\r\nContent-Type: text/plain\r\n\r\n"
	      "footer\r\n--b b--\r\n"),
	 JUDGE_RIGHT, DKIM_BODY_PART, 0, 0, 2, "footer"},
	{"a part of a new message", RELAXED,
	 HEAD "Content-Type: multipart/mixed; boundary=b\r\n", SPAN(BODY),
	 SPAN("--b\r\nContent-Type: text/plain\r\n\r\n" BODY
	      "\r\n--b\r\n\r\nfooter\r\n--b--\r\n"),
	 JUDGE_RIGHT, DKIM_BODY_WRAPPED, 0, 0, 1, ""},
	{"Ed25519 has body hashes too", ED, NULL, SPAN(BODY),
	 SPAN(BODY "____\r\n"), JUDGE_RIGHT, DKIM_BODY_APPENDED, 0, 1, 0,
	 "____"},
};

static void
test_body(void **state)
{
	const struct body_row *row = *state;
	struct judge_message j = {
		.sign = {row->tags},
		.header = span_of(row->header != NULL ? row->header : HEAD),
		.body = row->body,
		.body_now = row->now,
		.hash = row->hash,
	};
	const struct dkim_explained *e;
	struct judged d;
	struct buf text = BUF_INIT(4096);

	judge(&j, zone, &d);
	e = &d.report->explained[0];
	assert_int_equal(d.report->dkim[0].reason, DKIM_REASON_BODY);
	assert_true(e->has_body);
	dkim_explained_body(e, &text);
	if (e->body != row->change)
		fail_msg("got: %s", text.ptr);
	assert_int_equal(e->above, row->above);
	assert_int_equal(e->below, row->below);
	assert_int_equal(e->part, row->part);
	assert_span(e->line, row->line);
	for (size_t i = 0; i < text.len; i++)
		assert_true(text.ptr[i] >= ' ' && text.ptr[i] <= '~');
	/* the header was left alone, and that can be seen */
	assert_true(e->has_header);
	assert_int_equal(e->header, DKIM_HEADER_SAME);
	assert_false(e->limited);
	buf_release(&text);
	judge_release(&d);
}

/* ---- headers ---- */

static const struct header_row {
	const char *name;
	const char *tags;
	const char *header, *now;
	enum dkim_header_change change;
	const char *field, *was, *also;
} headers[] = {
	{"a prefix", RELAXED, HEAD,
	 FROM TO "Subject: [fruit] ripe apples\r\n" DATE, DKIM_HEADER_PREFIX,
	 "Subject", "ripe apples", ""},
	{"a prefix behind Re", RELAXED, FROM TO "Subject: Re: apples\r\n",
	 FROM TO "Subject: Re: [fruit] apples\r\n", DKIM_HEADER_PREFIX,
	 "Subject", "Re: apples", ""},
	{"a word", RELAXED, HEAD,
	 FROM TO "Subject: ***SPAM*** ripe apples\r\n" DATE, DKIM_HEADER_PREFIX,
	 "Subject", "ripe apples", ""},
	{"two words", RELAXED, HEAD,
	 FROM TO "Subject: EXTERNAL MAIL: ripe apples\r\n" DATE,
	 DKIM_HEADER_PREFIX, "Subject", "ripe apples", ""},
	{"a prefix, simple", SIMPLE, HEAD,
	 FROM TO "Subject: [fruit] ripe apples\r\n" DATE, DKIM_HEADER_PREFIX,
	 "Subject", "ripe apples", ""},
	{"a prefix, and DKIM-Signature in h=",
	 "a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=s; "
	 "h=from:dkim-signature:subject; ",
	 HEAD, FROM TO "Subject: [fruit] ripe apples\r\n" DATE,
	 DKIM_HEADER_PREFIX, "Subject", "ripe apples", ""},
	{"a prefix, Ed25519", ED, HEAD,
	 FROM TO "Subject: [fruit] ripe apples\r\n" DATE, DKIM_HEADER_PREFIX,
	 "Subject", "ripe apples", ""},
	{"a field that was absent", RELAXED, HEAD,
	 HEAD "Reply-To: list@l.example\r\n", DKIM_HEADER_ADDED, "Reply-To", "",
	 ""},
	{"two fields that were absent", RELAXED, HEAD,
	 HEAD "Sender: l@l.example\r\nReply-To: list@l.example\r\n",
	 DKIM_HEADER_ADDED, "Sender", "", ""},
	{"a second Subject", RELAXED, HEAD, HEAD "Subject: other\r\n",
	 DKIM_HEADER_ADDED, "Subject", "", ""},
	{"a field and a prefix", RELAXED, HEAD,
	 FROM TO "Subject: [fruit] ripe apples\r\n" DATE
		 "Reply-To: list@l.example\r\n",
	 DKIM_HEADER_PREFIX, "Subject", "ripe apples", "Reply-To"},
	{"two fields and a prefix", RELAXED, HEAD,
	 FROM TO "Subject: [fruit] ripe apples\r\n" DATE
		 "Reply-To: list@l.example\r\nSender: l@l.example\r\n",
	 DKIM_HEADER_PREFIX, "Subject", "ripe apples", "Sender"},
	{"another From, the old one kept", RELAXED, HEAD,
	 "From: Ann via list <l@l.example>\r\n" TO SUBJ DATE
	 "X-Original-From: \"Ann B\" <ann@a.example>\r\n",
	 DKIM_HEADER_VALUE, "From", "\"Ann B\" <ann@a.example>", ""},
	{"another instance", SIMPLE, HEAD, HEAD "Subject: other\r\n",
	 DKIM_HEADER_INSTANCE, "Subject", "ripe apples", ""},
	{"no quotes", RELAXED, FROM TO SUBJ,
	 "From: Ann B <ann@a.example>\r\n" TO SUBJ, DKIM_HEADER_QUOTES, "From",
	 "", ""},
	{"new quotes", RELAXED, "From: Ann B <ann@a.example>\r\n" TO SUBJ,
	 FROM TO SUBJ, DKIM_HEADER_QUOTES, "From", "", ""},
	{"a comment more", RELAXED,
	 FROM TO SUBJ "Date: Mon, 23 Nov 2026 10:00:00 +0000\r\n", HEAD,
	 DKIM_HEADER_VALUE, "Date", "Mon, 23 Nov 2026 10:00:00 +0000", ""},
	{"spaces between addresses", RELAXED, HEAD,
	 FROM "To: bob@b.example, cy@b.example\r\n" SUBJ DATE,
	 DKIM_HEADER_SPACE, "To", "", ""},
	{"another fold", SIMPLE, FROM TO "Subject: ripe\r\n apples\r\n",
	 FROM TO "Subject: ripe\r\n\tapples\r\n", DKIM_HEADER_SPACE, "Subject",
	 "", ""},
	{"a fold more", SIMPLE, HEAD, FROM TO "Subject: ripe\r\n apples\r\n",
	 DKIM_HEADER_SPACE, "Subject", "", ""},
	{"another encoding", RELAXED,
	 HEAD "Content-Transfer-Encoding: 8bit\r\n",
	 HEAD "Content-Transfer-Encoding: 7bit\r\n", DKIM_HEADER_VALUE,
	 "Content-Transfer-Encoding", "8bit", ""},
	{"a parameter more", RELAXED, HEAD "Content-Type: text/plain\r\n",
	 HEAD "Content-Type: text/plain; charset=us-ascii\r\n",
	 DKIM_HEADER_VALUE, "Content-Type", "text/plain", ""},
	{"another subject", RELAXED, HEAD, FROM TO "Subject: pears\r\n" DATE,
	 DKIM_HEADER_UNKNOWN, "", "", ""},
	{"a field less", RELAXED, HEAD, FROM SUBJ DATE, DKIM_HEADER_UNKNOWN, "",
	 "", ""},
	{"another subject, Ed25519", ED, HEAD, FROM TO "Subject: pears\r\n",
	 DKIM_HEADER_UNKNOWN, "", "", ""},
	{"another key",
	 "a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=o; h=from; ", HEAD,
	 HEAD, DKIM_HEADER_NOT_KEY, "", "", ""},
};

static void
test_header(void **state)
{
	const struct header_row *row = *state;
	struct judge_message j = {
		.sign = {row->tags},
		.header = span_of(row->header),
		.header_now = span_of(row->now),
		.body = SPAN(BODY),
	};
	const struct dkim_explained *e;
	struct buf text = BUF_INIT(4096);
	struct judged d;

	judge(&j, zone, &d);
	e = &d.report->explained[0];
	assert_int_equal(d.report->dkim[0].reason, DKIM_REASON_HEADER);
	assert_false(e->has_body);
	assert_true(e->has_header);
	dkim_explained_header(e, &text);
	if (e->header != row->change)
		fail_msg("got: %s", text.ptr);
	assert_span(e->field, row->field);
	assert_span(e->was, row->was);
	assert_span(e->also, row->also);
	buf_release(&text);
	judge_release(&d);
}

/* The header may be hashed in the form that c= does not say. */
static void
test_header_form(void **state)
{
	struct judge_message j = {
		.sign = {SIMPLE},
		.header = SPAN(HEAD),
		.body = SPAN(BODY),
		.other_header = true,
	};
	struct judged d;

	(void)state;
	judge(&j, zone, &d);
	assert_int_equal(d.report->explained[0].header, DKIM_HEADER_FORM);
	judge_release(&d);
}

/* Body and header may both be changed, and both are looked into. */
static void
test_both(void **state)
{
	struct judge_message j = {
		.sign = {RELAXED},
		.header = SPAN(HEAD),
		.header_now = SPAN(FROM TO "Subject: [l] ripe apples\r\n" DATE),
		.body = SPAN(BODY),
		.body_now = SPAN(BODY "____\r\n"),
	};
	struct judged d;

	(void)state;
	judge(&j, zone, &d);
	assert_int_equal(d.report->explained[0].body, DKIM_BODY_APPENDED);
	assert_int_equal(d.report->explained[0].header, DKIM_HEADER_PREFIX);
	judge_release(&d);
}

/* Of a signature that passes, or has no key, there is nothing to explain. */
static void
test_nothing(void **state)
{
	static const char *const tags[] = {
		RELAXED,
		"a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=no; h=from; ",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(tags); i++) {
		struct judge_message j = {
			.sign = {tags[i]},
			.header = SPAN(HEAD),
			.body = SPAN(BODY),
		};
		struct judged d;

		judge(&j, zone, &d);
		assert_false(d.report->explained[0].has_body);
		assert_false(d.report->explained[0].has_header);
		assert_int_equal(d.report->explained[0].guesses, 0);
		judge_release(&d);
	}
}

/* ---- limits ---- */

/* Whatever a message holds, the work has its limits. */
static void
check_limits(const struct judge_message *j)
{
	const struct dkim_explained *e;
	struct judged d;

	judge(j, zone, &d);
	e = &d.report->explained[0];
	assert_int_equal(d.report->dkim[0].outcome, DKIM_FAIL);
	assert_true(e->guesses <= DKIM_EXPLAIN_GUESSES_MAX);
	assert_true(e->octets <= DKIM_EXPLAIN_OCTETS_MAX);
	assert_false(arena_full(&d.arena));
	judge_release(&d);
}

static void
test_limits(void **state)
{
	CLEANUP(buf_release) struct buf body = BUF_INIT(JUDGE_SIZE_MAX);
	CLEANUP(buf_release) struct buf header = BUF_INIT(HEADER_SIZE_MAX);
	CLEANUP(buf_release) struct buf tags = BUF_INIT(8000);
	struct judge_message j = {.header = SPAN(HEAD), .body = SPAN("x\r\n")};

	(void)state;
	/* a body of nothing but short lines */
	j.sign[0] = RELAXED;
	while (body.len < (size_t)8 << 20)
		buf_adds(&body, "a\r\n");
	j.body_now = buf_span(&body);
	check_limits(&j);
	/* one of nothing but boundaries */
	buf_clear(&body);
	while (body.len < (size_t)4 << 20)
		buf_adds(&body, "--b\r\n\r\n");
	j.body_now = buf_span(&body);
	j.header = SPAN(HEAD "Content-Type: multipart/mixed; boundary=b\r\n");
	check_limits(&j);
	/* one line without an end, and one of quotes */
	buf_clear(&body);
	while (body.len < (size_t)4 << 20)
		buf_adds(&body, "=0=>From .");
	j.body_now = buf_span(&body);
	j.header = SPAN(HEAD "Content-Transfer-Encoding: quoted-printable\r\n");
	check_limits(&j);
	/* as many names, and as many fields, as there may be */
	buf_adds(&tags, "a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=s; "
			"h=from");
	for (int i = 0; i < 99; i++)
		buf_addf(&tags, ":x");
	buf_adds(&tags, "; ");
	buf_adds(&header, FROM "Subject: [a] b c d e f\r\n");
	for (int i = 0; i < 900; i++)
		buf_addf(&header, "X: <%d> \"a\", (b); c [d]\r\n", i);
	j = (struct judge_message){
		.sign = {tags.ptr},
		.header = SPAN(FROM),
		.header_now = buf_span(&header),
		.body = SPAN(BODY),
	};
	check_limits(&j);
}

/* An Ed25519 signature costs so many verifications, and no more. */
static void
test_limited(void **state)
{
	CLEANUP(buf_release) struct buf header = BUF_INIT(HEADER_SIZE_MAX);
	struct judge_message j = {
		.sign = {"a=ed25519-sha256; c=relaxed/relaxed; d=a.example; "
			 "s=e; h=from:x; "},
		.header = SPAN(FROM),
		.body = SPAN(BODY),
	};
	const struct dkim_explained *e;
	struct judged d;

	(void)state;
	buf_adds(&header, FROM);
	for (int i = 0; i < 900; i++)
		buf_addf(&header, "X: %d\r\n", i);
	j.header_now = buf_span(&header);
	judge(&j, zone, &d);
	e = &d.report->explained[0];
	assert_true(e->limited);
	assert_int_equal(e->header, DKIM_HEADER_UNKNOWN);
	assert_true(e->guesses <= DKIM_EXPLAIN_VERIFY_MAX + 2);
	judge_release(&d);
}

int
main(void)
{
	int failed;

	judge_init();
	UNIT_ROWS(test_body, bodies);
	UNIT_ROWS(test_header, headers);
	UNIT(test_header_form);
	UNIT(test_both);
	UNIT(test_nothing);
	UNIT(test_limits);
	UNIT(test_limited);
	failed = unit_run("mailauth/dkim_explain");
	judge_end();
	return failed;
}
