/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judge - for tests: signs messages, changes them, and has them verified.
 *
 * A zone is written with ' for ", and RSA, ED and OTHER in it stand for
 * public keys.  A signature is written as its tags without v=, bh= and b=.
 */
#pragma once

#include "crypt/privkey.h"
#include "dns/fixture.h"
#include "mailauth/dkim_hash.h"
#include "mailauth/verify.h"
#include "text/base64.h"
#include "unit.h"

#define JUDGE_NOW      1700000000 /* seconds */
#define JUDGE_SIGNS    4          /* signatures of a message */
#define JUDGE_SIZE_MAX ((size_t)64 << 20)

/* How a signer comes to a body hash. */
enum judge_hash {
	JUDGE_RIGHT, /* as it should */
	JUDGE_OTHER, /* in the form that c= does not say */
	JUDGE_RAW,   /* of the octets as they are */
	JUDGE_LF,    /* of the octets with LF line ends */
};

/* A message on its way. */
struct judge_message {
	const char *sign[JUDGE_SIGNS]; /* tags of signatures, top down */
	struct span header;            /* when it was signed */
	struct span body;              /* likewise */
	struct span header_now;        /* as received; "": the same */
	struct span body_now;          /* as received; "": the same */
	bool no_body;                  /* none was received */
	enum judge_hash hash;          /* how bh= is made */
	bool other_header;             /* the header is hashed in the form that
					  c= does not say */
	const char *ip, *mail_from, *helo; /* NULL: not known */
};

/* A message that was judged. */
struct judged {
	struct arena arena;
	struct verify *m;
	const struct report *report;
	struct buf message;
};

static struct privkey *judge_rsa, *judge_ed, *judge_other;

static inline void
judge_init(void)
{
	judge_rsa = privkey_generate(KEY_RSA, 2048);
	judge_other = privkey_generate(KEY_RSA, 1024);
	judge_ed = privkey_generate(KEY_ED25519, 0);
}

static inline void
judge_end(void)
{
	privkey_free(judge_rsa);
	privkey_free(judge_other);
	privkey_free(judge_ed);
}

/* Appends a public key, cut as strings of TXT must be. */
static inline void
judge_put_key(const struct privkey *key, struct buf *to)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(4096);
	struct span rest;

	privkey_public(key, &text);
	for (rest = buf_span(&text); rest.len > 0; rest = span_skip(rest, 200))
		buf_addf(to, "%s" SPAN_FMT, rest.ptr != text.ptr ? "\",\"" : "",
			 SPAN_ARG(span_head(rest, 200)));
}

static inline struct fixture *
judge_zone(const char *text)
{
	CLEANUP(buf_release) struct buf json = BUF_INIT(FIXTURE_MAX);
	struct fixture *fixture;
	struct error error;

	for (; *text != '\0'; text++) {
		if (strncmp(text, "RSA", 3) == 0)
			judge_put_key(judge_rsa, &json), text += 2;
		else if (strncmp(text, "OTHER", 5) == 0)
			judge_put_key(judge_other, &json), text += 4;
		else if (strncmp(text, "ED", 2) == 0)
			judge_put_key(judge_ed, &json), text += 1;
		else
			buf_addc(&json, *text == '\'' ? '"' : *text);
	}
	fixture = fixture_parse(buf_span(&json), &error);
	if (fixture == NULL)
		fail_msg("%s in %s", error.text, json.ptr);
	return fixture;
}

static inline void
judge_body_hash(const struct judge_message *j, const struct dkim_signature *s,
		uint8_t ret[DIGEST_SIZE])
{
	CLEANUP(buf_release) struct buf lf = BUF_INIT(JUDGE_SIZE_MAX);
	struct dkim_body hash;
	enum canon form = s->body_canon;

	if (j->hash == JUDGE_RAW) {
		digest_of(j->body, ret);
		return;
	}
	for (size_t i = 0; i < j->body.len; i++)
		if (j->body.ptr[i] != '\r')
			buf_addc(&lf, j->body.ptr[i]);
	if (j->hash == JUDGE_LF) {
		digest_of(buf_span(&lf), ret);
		return;
	}
	if (j->hash == JUDGE_OTHER)
		form = form == CANON_SIMPLE ? CANON_RELAXED : CANON_SIMPLE;
	dkim_body_init(&hash);
	dkim_body_want(&hash, form, s->has_length ? s->length : UINT64_MAX);
	dkim_body_feed(&hash, j->body);
	dkim_body_end(&hash);
	memcpy(ret, hash.hash[0].value, DIGEST_SIZE);
	dkim_body_release(&hash);
}

/* Appends the DKIM-Signature of `j` with these tags. */
static inline void
judge_sign(const struct judge_message *j, const char *tags, struct buf *to)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(4 << 20);
	CLEANUP(buf_release) struct buf raw = BUF_INIT(65536);
	CLEANUP(buf_release) struct buf b = BUF_INIT(1024);
	struct header_block header, own;
	struct dkim_signature s;
	uint8_t hash[DIGEST_SIZE], digest[DIGEST_SIZE];
	enum canon form;
	size_t offset;

	buf_addf(&raw,
		 "DKIM-Signature: v=1; %s bh=AAECAwQFBgcICQoLDA0ODxAREhMUFRY"
		 "XGBkaGxwdHh8=; b=eA==\r\n\r\n",
		 tags);
	assert_int_equal(header_parse(buf_span(&raw), &arena, &own, &offset),
			 HEADER_OK);
	(void)!dkim_signature_parse(&own.field[0], &arena, &s);
	judge_body_hash(j, &s, hash);
	buf_truncate(&raw, span_search(buf_span(&raw), SPAN("AAECAw")));
	base64_encode(span_bytes(hash, DIGEST_SIZE), &raw);
	buf_adds(&raw, "; b=");
	(void)!header_parse(j->header, &arena, &header, &offset);
	form = s.header_canon;
	if (j->other_header)
		form = form == CANON_SIMPLE ? CANON_RELAXED : CANON_SIMPLE;
	dkim_header_hash(&header, form, s.header, s.headers, NULL,
			 buf_span(&raw), SPAN("\r\n"), digest);
	assert_true(privkey_sign(strstr(tags, "a=ed25519") != NULL ? judge_ed
								   : judge_rsa,
				 digest, &b));
	base64_encode(buf_span(&b), &raw);
	buf_adds(&raw, "\r\n");
	buf_add(to, buf_span(&raw));
}

/* Appends the message of `j` as it is received. */
static inline void
judge_write(const struct judge_message *j, struct buf *to)
{
	struct span empty = SPAN("\r\n");

	for (size_t i = 0; i < JUDGE_SIGNS && j->sign[i] != NULL; i++)
		judge_sign(j, j->sign[i], to);
	buf_add(to, j->header_now.len > 0 ? j->header_now : j->header);
	buf_add(to, empty);
	if (!j->no_body)
		buf_add(to, j->body_now.len > 0 ? j->body_now : j->body);
}

/* Has ret->message verified, fed in pieces of `piece` octets. */
static inline void
judge_run(const struct judge_message *j, const struct fixture *fixture,
	  size_t piece, struct judged *ret)
{
	struct report_transport t = {
		.has_ip = j->ip != NULL,
		.helo = span_of(j->helo != NULL ? j->helo : ""),
		.has_mail_from = j->mail_from != NULL,
		.mail_from = span_of(j->mail_from != NULL ? j->mail_from : ""),
		.receiver = SPAN(""),
		.tls = SPAN(""),
	};
	struct span rest = buf_span(&ret->message);
	struct dns_question question;

	if (j->ip != NULL)
		assert_true(spf_ip_parse(span_of(j->ip), &t.ip));
	arena_init(&ret->arena, VERIFY_ARENA_MAX);
	ret->m = verify_new(&t, JUDGE_NOW * INT64_C(1000), &ret->arena);
	verify_trace(ret->m);
	for (; rest.len > 0; rest = span_skip(rest, piece))
		verify_feed(ret->m, span_head(rest, piece));
	verify_end(ret->m);
	while (verify_ask(ret->m, &question)) {
		struct arena arena = ARENA_INIT(1 << 20);
		struct dns_answer answer;

		fixture_answer(fixture, &question, &arena, &answer);
		verify_answer(ret->m, &answer);
		arena_release(&arena);
	}
	ret->report = verify_report(ret->m);
}

/* Frees what judge_run() made; the message stays. */
static inline void
judge_clear(struct judged *d)
{
	verify_free(d->m);
	d->m = NULL;
	arena_release(&d->arena);
}

/* Writes, verifies and explains `j`. */
static inline void
judge(const struct judge_message *j, const char *zone, struct judged *ret)
{
	struct fixture *fixture = judge_zone(zone);

	buf_init(&ret->message, JUDGE_SIZE_MAX);
	judge_write(j, &ret->message);
	judge_run(j, fixture, SIZE_MAX, ret);
	verify_explain(ret->m, buf_span(&ret->message));
	fixture_free(fixture);
}

static inline void
judge_release(struct judged *d)
{
	judge_clear(d);
	buf_release(&d->message);
}
