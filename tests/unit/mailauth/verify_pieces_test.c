/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A message fed in whatever pieces is judged the same, and the memory that
 * takes does not grow with its body.
 */
#include <malloc.h>

#include "judge.h"

static const char zone[] =
	"{'a.example':{'TXT':[['v=spf1 include:i.example -all']]},"
	"'i.example':{'TXT':[['v=spf1 ip4:192.0.2.1 -all']]},"
	"'_dmarc.a.example':{'TXT':[['v=DMARC1; p=reject']]},"
	"'s._domainkey.a.example':{'TXT':[['v=DKIM1; k=rsa; p=RSA']]},"
	"'e._domainkey.a.example':{'TXT':[['v=DKIM1; k=ed25519; p=ED']]}}";

#define RSA(c)                                                                 \
	"a=rsa-sha256; c=" c "; d=a.example; s=s; h=from:subject:reply-to; "
#define ED(c) "a=ed25519-sha256; c=" c "; d=a.example; s=e; h=from:subject; "
#define HEAD  "From: Ann <ann@a.example>\r\nSubject: ripe\r\n apples\r\n"
#define BODY  "One \t two  \r\n\r\nthree\rfour\nfive \r\n\r\n \r\n\r\n"
/* A set that is no good. */
#define ARC                                                                    \
	"ARC-Seal: i=1; a=rsa-sha256; cv=none; d=a.example; s=s; b=eA==\r\n"   \
	"ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/simple; "         \
	"d=a.example; s=s; h=from; bh=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBka"    \
	"GxwdHh8=; b=eA==\r\n"                                                 \
	"ARC-Authentication-Results: i=1; mx.a.example; spf=pass\r\n"

static const struct row {
	const char *name;
	struct judge_message message;
} rows[] = {
	{"relaxed",
	 {.sign = {RSA("relaxed/relaxed")},
	  .header = SPAN(HEAD),
	  .body = SPAN(BODY)}},
	{"simple",
	 {.sign = {ED("simple/simple")},
	  .header = SPAN(HEAD),
	  .body = SPAN(BODY)}},
	{"both, and l=",
	 {.sign = {RSA("simple/relaxed"), ED("relaxed/simple"),
		   RSA("relaxed/simple") "l=3;"},
	  .header = SPAN(HEAD),
	  .body = SPAN(BODY)}},
	{"a changed body",
	 {.sign = {RSA("relaxed/relaxed"), ED("simple/simple")},
	  .header = SPAN(HEAD),
	  .body = SPAN(BODY),
	  .body_now = SPAN(BODY "____\r\nlist\r\n")}},
	{"a changed header",
	 {.sign = {RSA("relaxed/relaxed")},
	  .header = SPAN(HEAD),
	  .body = SPAN(BODY),
	  .header_now = SPAN("From: Ann <ann@a.example>\r\n"
			     "Subject: [l] ripe\r\n apples"
			     "\r\n")}},
	{"ARC",
	 {.sign = {RSA("relaxed/relaxed")},
	  .header = SPAN(HEAD),
	  .header_now = SPAN(ARC HEAD),
	  .body = SPAN(BODY)}},
	{"two From",
	 {.sign = {RSA("relaxed/relaxed")},
	  .header = SPAN(HEAD),
	  .header_now = SPAN(HEAD "From: b@b.example\r\n"),
	  .body = SPAN(BODY)}},
	{"no body",
	 {.sign = {RSA("relaxed/relaxed")},
	  .header = SPAN(HEAD),
	  .body = SPAN(""),
	  .no_body = true}},
	{"a header that is none",
	 {.header = SPAN(": x\r\n\r"), .body = SPAN(BODY)}},
};

/* The report of the message of `d`, fed in pieces of `piece`. */
static void
write_report(const struct judge_message *j, const struct fixture *fixture,
	     size_t piece, struct judged *d, struct buf *to)
{
	judge_run(j, fixture, piece, d);
	report_text(d->report, to);
	verify_explain(d->m, buf_span(&d->message));
	report_text(d->report, to);
	assert_false(arena_full(&d->arena));
	judge_clear(d);
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct judge_message j = row->message;
	struct fixture *fixture = judge_zone(zone);
	struct judged d = {.message = BUF_INIT(JUDGE_SIZE_MAX)};
	struct buf whole = BUF_INIT(2 * REPORT_TEXT_MAX);

	j.ip = "192.0.2.1";
	j.mail_from = "ann@a.example";
	judge_write(&j, &d.message);
	write_report(&j, fixture, SIZE_MAX, &d, &whole);
	for (size_t piece = 1; piece < 70; piece += piece < 9 ? 1 : 12) {
		struct buf text = BUF_INIT(2 * REPORT_TEXT_MAX);

		write_report(&j, fixture, piece, &d, &text);
		assert_string_equal(text.ptr, whole.ptr);
		buf_release(&text);
	}
	fixture_free(fixture);
	buf_release(&whole);
	buf_release(&d.message);
}

/* 64 MiB of body take no more than the first 64 KiB did. */
static void
test_memory(void **state)
{
	struct judge_message j = {
		.sign = {RSA("relaxed/relaxed"), ED("simple/simple")},
		.header = SPAN(HEAD),
		.body = SPAN(BODY),
	};
	struct report_transport t = {.helo = SPAN(""),
				     .mail_from = SPAN(""),
				     .receiver = SPAN(""),
				     .tls = SPAN("")};
	struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
	struct buf start = BUF_INIT(1 << 20), piece = BUF_INIT(1 << 17);
	struct verify *m = verify_new(&t, 1, &arena);
	size_t before, used;

	(void)state;
	judge_write(&j, &start);
	while (piece.len < 65536)
		buf_adds(&piece, " some text\t of  a line\r\n\r\n \r\n");
	verify_feed(m, buf_span(&start));
	verify_feed(m, buf_span(&piece));
	used = arena.used;
	before = mallinfo2().uordblks;
	for (int i = 0; i < 1024; i++)
		verify_feed(m, buf_span(&piece));
	assert_true(mallinfo2().uordblks <= before + 1024);
	assert_int_equal(arena.used, used);
	verify_end(m);
	assert_int_equal(arena.used, used);
	verify_free(m);
	arena_release(&arena);
	buf_release(&start);
	buf_release(&piece);
}

int
main(void)
{
	int failed;

	judge_init();
	UNIT_ROWS(test_row, rows);
	UNIT(test_memory);
	failed = unit_run("mailauth/verify_pieces");
	judge_end();
	return failed;
}
