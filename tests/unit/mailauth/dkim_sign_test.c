/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_sign.h"

#include "crypt/privkey.h"
#include "mailauth/dkim_hash.h"
#include "mailauth/dkim_verify.h"
#include "unit.h"

#define NOW 1700000000 /* seconds */

static struct privkey *key[2];

#define HEADER                                                                 \
	"From: Joe <joe@example.com>\r\nTo: a@example.org\r\n"                 \
	"Subject: hi\r\n there\r\nContent-Type: text/plain\r\n"                \
	"References: <a@b.c>\r\nX-Other: x\r\n\r\n"
#define BODY "Hello\r\n"

/* Signs HEADER and BODY with `which`, and puts the whole message. */
static void
sign(size_t which, const char *header, struct buf *to)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf field = BUF_INIT(DKIM_FIELD_MAX);
	CLEANUP(buf_release) struct buf signature = BUF_INIT(512);
	struct dkim_sign how = {
		.selector = SPAN("sel"),
		.type = privkey_type(key[which]),
		.time = NOW,
		.expiry = NOW + 604800,
	};
	struct header_block block;
	uint8_t hash[DIGEST_SIZE], digest[DIGEST_SIZE];
	size_t offset;

	assert_int_equal(domain_parse(SPAN("example.com"), &how.domain),
			 DOMAIN_OK);
	assert_int_equal(header_parse(span_of(header), &arena, &block, &offset),
			 HEADER_OK);
	dkim_sign_body(SPAN(BODY), hash);
	assert_true(dkim_sign_begin(&how, &block, hash, &field, digest));
	assert_true(privkey_sign(key[which], digest, &signature));
	assert_true(dkim_sign_finish(&field, buf_span(&signature)));
	buf_add(to, buf_span(&field));
	buf_adds(to, header);
	buf_adds(to, BODY);
}

static enum dkim_outcome
verify(struct span message, size_t which)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(dkim_verify_freep) struct dkim_verify *m;
	CLEANUP(buf_release) struct buf record = BUF_INIT(4096);
	struct dns_rr rr = {.type = DNS_TXT};
	struct dns_answer a = {.rr = &rr, .len = 1};
	struct dns_question question;
	struct header_block header;
	size_t offset;

	buf_addf(&record, "v=DKIM1; k=%s; p=",
		 privkey_type(key[which]) == KEY_RSA ? "rsa" : "ed25519");
	privkey_public(key[which], &record);
	rr.txt.text = buf_span(&record);
	assert_int_equal(header_parse(message, &arena, &header, &offset),
			 HEADER_OK);
	m = dkim_verify_new(
		&header,
		&(struct dkim_verify_input){.now = NOW * INT64_C(1000)},
		&arena);
	dkim_verify_feed(m, header.body);
	dkim_verify_end(m);
	while (dkim_verify_ask(m, &question))
		dkim_verify_answer(m, &a);
	return dkim_verify_outcome(m);
}

static void
test_good(void **state)
{
	(void)state;
	for (size_t which = 0; which < COUNT(key); which++) {
		CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
		struct span rest;

		sign(which, HEADER, &b);
		assert_int_equal(verify(buf_span(&b), which), DKIM_PASS);
		/* RFC 5322 s2.1.1: lines of 78 characters, CRLF apart */
		for (rest = buf_span(&b); rest.len > 0;)
			assert_true(span_cut(&rest, '\n').len <= 79);
		assert_true(span_search(buf_span(&b), SPAN(" l=")) ==
			    SPAN_NONE);
		assert_true(span_search(buf_span(&b), SPAN("t=1700000000;")) !=
			    SPAN_NONE);
		assert_true(span_search(buf_span(&b), SPAN("x=1700604800;")) !=
			    SPAN_NONE);
		assert_true(span_search(buf_span(&b),
					SPAN("h=From:From:To:To:Cc:Subject:"
					     "Subject:")) != SPAN_NONE);
	}
}

/* D2 and the paper's A14, A15 and A18: nothing that matters can be added. */
static const struct guard_row {
	const char *name;
	bool guarded;
} guard[] = {
	{"From", true},
	{"To", true},
	{"Cc", true},
	{"Subject", true},
	{"Reply-To", true},
	{"Date", true},
	{"Message-ID", true},
	{"MIME-Version", true},
	{"Content-Type", true},
	{"Content-Transfer-Encoding", true},
	{"Content-Disposition", true},
	{"Content-ID", true},
	{"Content-Description", true},
	{"Content-Language", true},
	{"List-Unsubscribe", true},
	{"List-Unsubscribe-Post", true},
	{"Feedback-ID", true},
	{"X-Other", false},
	{"Received", false},
};

static void
test_guard(void **state)
{
	const struct guard_row *row = *state;

	for (size_t which = 0; which < COUNT(key); which++) {
		CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
		CLEANUP(buf_release) struct buf below = BUF_INIT(65536);
		size_t at;

		buf_addf(&b, "%s: x@y.z\r\n", row->name);
		sign(which, HEADER, &b);
		assert_int_equal(verify(buf_span(&b), which),
				 row->guarded ? DKIM_FAIL : DKIM_PASS);
		/* The same field put last. */
		buf_clear(&b);
		sign(which, HEADER, &b);
		at = span_search(buf_span(&b), SPAN("\r\n\r\n")) + 2;
		buf_add(&below, span_sub(buf_span(&b), 0, at));
		buf_addf(&below, "%s: x@y.z\r\n", row->name);
		buf_add(&below, span_skip(buf_span(&b), at));
		assert_int_equal(verify(buf_span(&below), which),
				 row->guarded ? DKIM_FAIL : DKIM_PASS);
	}
}

/* The other canonical forms, and i=: a verifier reads back what was meant. */
static const struct form_row {
	const char *name;
	bool header_simple, body_simple;
	const char *identity;
	const char *want; /* in the field */
} forms[] = {
	{"relaxed/relaxed", false, false, "", "c=relaxed/relaxed;"},
	{"simple/relaxed", true, false, "", "c=simple/relaxed;"},
	{"relaxed/simple", false, true, "", "c=relaxed/simple;"},
	{"simple/simple", true, true, "", "c=simple/simple;"},
	{"RFC 6376 s3.5: i=", false, false, "joe@example.com",
	 "i=joe@example.com;"},
	{"i= under d=", false, false, "@mail.example.com",
	 "i=@mail.example.com;"},
	{"RFC 6376 s2.11: i= encoded", true, true, "a;b=c d@example.com",
	 "i=a=3Bb=3Dc=20d@example.com;"},
	{"RFC 8616: i= in UTF-8", false, false, "j\xc3\xb6@example.com",
	 "i=j\xc3\xb6@example.com;"},
};

static void
test_form(void **state)
{
	const struct form_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	CLEANUP(buf_release) struct buf signature = BUF_INIT(512);
	struct dkim_sign how = {
		.selector = SPAN("sel"),
		.type = KEY_ED25519,
		.time = NOW,
		.identity = span_of(row->identity),
		.header_simple = row->header_simple,
		.body_simple = row->body_simple,
	};
	uint8_t digest[DIGEST_SIZE];
	struct dkim_signature got;
	struct header_block block;
	struct dkim_body body;
	size_t offset, form;

	assert_int_equal(domain_parse(SPAN("example.com"), &how.domain),
			 DOMAIN_OK);
	assert_int_equal(header_parse(SPAN(HEADER), &arena, &block, &offset),
			 HEADER_OK);
	dkim_body_init(&body);
	form = dkim_body_want(&body,
			      row->body_simple ? CANON_SIMPLE : CANON_RELAXED,
			      UINT64_MAX);
	dkim_body_feed(&body, SPAN(BODY));
	dkim_body_end(&body);
	assert_true(dkim_sign_begin(&how, &block, body.hash[form].value, &b,
				    digest));
	assert_true(privkey_sign(key[1], digest, &signature));
	assert_true(dkim_sign_finish(&b, buf_span(&signature)));
	if (span_search(buf_span(&b), span_of(row->want)) == SPAN_NONE)
		fail_msg("no \"%s\" in %s", row->want, b.ptr);
	buf_adds(&b, HEADER BODY);
	assert_int_equal(verify(buf_span(&b), 1), DKIM_PASS);
	assert_int_equal(header_parse(buf_span(&b), &arena, &block, &offset),
			 HEADER_OK);
	assert_int_equal(dkim_signature_parse(&block.field[0], &arena, &got),
			 DKIM_SIGNATURE_OK);
	assert_span(got.identity,
		    row->identity[0] != '\0' ? row->identity : "@example.com");
	dkim_body_release(&body);
}

/* Signed twice over, each signature stands on its own. */
static void
test_two(void **state)
{
	CLEANUP(buf_release) struct buf one = BUF_INIT(65536);
	CLEANUP(buf_release) struct buf both = BUF_INIT(65536);
	size_t end;

	(void)state;
	sign(0, HEADER, &one);
	sign(1, HEADER, &both);
	end = span_search(buf_span(&both), SPAN("From: Joe"));
	buf_truncate(&both, end);
	buf_add(&both, buf_span(&one));
	assert_int_equal(verify(buf_span(&both), 0), DKIM_PASS);
	assert_int_equal(verify(buf_span(&both), 1), DKIM_PASS);
}

static void
test_limits(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf header = BUF_INIT(65536);
	CLEANUP(buf_release) struct buf field = BUF_INIT(DKIM_FIELD_MAX);
	CLEANUP(buf_release) struct buf small = BUF_INIT(100);
	struct dkim_sign how = {.selector = SPAN("s"), .type = KEY_RSA};
	uint8_t hash[DIGEST_SIZE] = {0}, digest[DIGEST_SIZE];
	struct header_block block;
	uint8_t signature[600] = {0};
	size_t offset;

	(void)state;
	assert_int_equal(domain_parse(SPAN("a.b"), &how.domain), DOMAIN_OK);
	assert_int_equal(header_parse(SPAN(HEADER), &arena, &block, &offset),
			 HEADER_OK);
	assert_false(dkim_sign_begin(&how, &block, hash, &small, digest));
	assert_true(dkim_sign_begin(&how, &block, hash, &field, digest));
	assert_false(dkim_sign_finish(
		&field, span_bytes(signature, sizeof(signature))));
	for (int i = 0; i < 100; i++)
		buf_adds(&header, "To: a@b.c\r\n");
	assert_int_equal(
		header_parse(buf_span(&header), &arena, &block, &offset),
		HEADER_OK);
	buf_clear(&field);
	assert_false(dkim_sign_begin(&how, &block, hash, &field, digest));
}

int
main(void)
{
	int failed;

	key[0] = privkey_generate(KEY_RSA, 2048);
	key[1] = privkey_generate(KEY_ED25519, 0);
	UNIT(test_good);
	UNIT_ROWS(test_guard, guard);
	UNIT_ROWS(test_form, forms);
	UNIT(test_two);
	UNIT(test_limits);
	failed = unit_run("mailauth/dkim_sign");
	privkey_free(key[0]);
	privkey_free(key[1]);
	return failed;
}
