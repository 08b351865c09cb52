/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_verify.h"

#include "crypt/privkey.h"
#include "mailauth/dkim_hash.h"
#include "text/base64.h"
#include "unit.h"
#include "worst.h"

#define NOW 1700000000 /* seconds */

static struct privkey *rsa_key, *ed_key;

/* Shared by all tests here: what is in it must change nothing. */
static struct dkim_keys *keys;

/* The message of the tests: its header, below the signatures, and its body. */
#define HEADER                                                                 \
	"From: Joe <joe@example.com>\r\nTo: a@example.org\r\n"                 \
	"Subject: hi  there\r\n\r\n"
#define BODY "Hello \t world \r\n\r\nBye\r\n\r\n"

/*
 * Appends a signature of HEADER and BODY with the given tags (without v, bh
 * and b), made with the key that a= names.
 */
static void
put_signature(struct buf *to, const char *tags, const char *body)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf raw = BUF_INIT(65536);
	CLEANUP(buf_release) struct buf signed_ = BUF_INIT(1024);
	struct header_block header, own;
	struct dkim_signature s;
	struct dkim_body hash;
	uint8_t digest[DIGEST_SIZE];
	size_t offset;

	/* A first version, to read the tags as a verifier does. */
	buf_addf(&raw,
		 "DKIM-Signature: v=1; %s bh=AAECAwQFBgcICQoLDA0ODxAREhMUFRY"
		 "XGBkaGxwdHh8=; b=eA==\r\n\r\n",
		 tags);
	assert_int_equal(header_parse(buf_span(&raw), &arena, &own, &offset),
			 HEADER_OK);
	(void)!dkim_signature_parse(&own.field[0], &arena, &s);
	dkim_body_init(&hash);
	dkim_body_want(&hash, s.body_canon,
		       s.has_length ? s.length : UINT64_MAX);
	dkim_body_feed(&hash, span_of(body));
	dkim_body_end(&hash);
	buf_truncate(&raw, (size_t)span_search(buf_span(&raw), SPAN("AAECAw")));
	base64_encode(span_bytes(hash.hash[0].value, DIGEST_SIZE), &raw);
	dkim_body_release(&hash);
	buf_adds(&raw, "; b=");
	assert_int_equal(header_parse(SPAN(HEADER), &arena, &header, &offset),
			 HEADER_OK);
	dkim_header_hash(&header, s.header_canon, s.header, s.headers, NULL,
			 buf_span(&raw), SPAN("\r\n"), digest);
	assert_true(privkey_sign(strstr(tags, "a=ed25519") != NULL ? ed_key
								   : rsa_key,
				 digest, &signed_));
	base64_encode(buf_span(&signed_), &raw);
	buf_adds(&raw, "\r\n");
	buf_add(to, buf_span(&raw));
}

/* The record that a row's text says; "RSA" and "ED" stand for the keys. */
static void
write_record(const char *text, struct buf *to)
{
	for (; *text != '\0'; text++) {
		if (strncmp(text, "RSA", 3) == 0)
			privkey_public(rsa_key, to), text += 2;
		else if (strncmp(text, "ED", 2) == 0)
			privkey_public(ed_key, to), text++;
		else
			buf_addc(to, *text);
	}
}

/* What DNS answers: records divided by "|", or "!" and a status. */
static void
answer(struct dkim_verify *m, const char *text, struct arena *arena)
{
	struct dns_rr *rr = arena_array(arena, 32, sizeof(*rr));
	struct dns_answer a = {.rr = rr, .status = DNS_OK};
	struct span rest = span_of(text);

	if (strcmp(text, "!servfail") == 0)
		a.status = DNS_SERVFAIL;
	else if (strcmp(text, "!timeout") == 0)
		a.status = DNS_TIMEOUT;
	else if (strcmp(text, "!nxdomain") == 0)
		a.status = DNS_NXDOMAIN;
	else if (strcmp(text, "!nodata") == 0)
		a.status = DNS_NODATA;
	while (a.status == DNS_OK && rest.len > 0) {
		CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
		struct span one = arena_copy(arena, span_cut(&rest, '|'));

		write_record(one.ptr, &b);
		rr[a.len].type = DNS_TXT;
		rr[a.len++].txt.text = arena_copy(arena, buf_span(&b));
	}
	dkim_verify_answer(m, &a);
}

/* Verifies `message`, its body fed in pieces of `size`. */
static struct dkim_verify *
verify(struct span message, const char *from, size_t size, const char *dns,
       struct arena *arena, size_t *ret_asked)
{
	struct header_block *header = arena_get(arena, sizeof(*header));
	struct dkim_verify_input input = {.now = NOW * INT64_C(1000),
					  .keys = keys};
	struct dns_question question, again;
	struct dkim_verify *m;
	struct domain domain;
	struct span rest;
	size_t offset;

	assert_int_equal(header_parse(message, arena, header, &offset),
			 HEADER_OK);
	if (from != NULL)
		assert_int_equal(domain_parse(span_of(from), &domain),
				 DOMAIN_OK);
	if (from != NULL)
		input.from = &domain;
	m = dkim_verify_new(header, &input, arena);
	for (rest = header->body; rest.len > 0; rest = span_skip(rest, size))
		dkim_verify_feed(
			m,
			span_sub(rest, 0, rest.len < size ? rest.len : size));
	dkim_verify_end(m);
	*ret_asked = 0;
	while (dkim_verify_ask(m, &question)) {
		/* The same question until it is answered. */
		assert_true(dkim_verify_ask(m, &again));
		assert_true(dname_equal(&question.name, &again.name));
		assert_int_equal(question.type, DNS_TXT);
		++*ret_asked;
		answer(m, dns, arena);
	}
	return m;
}

#define R  "a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s; h=from:to; "
#define E  "a=ed25519-sha256; c=relaxed/relaxed; d=example.com; s=s; h=from; "
#define KR "v=DKIM1; k=rsa; p=RSA"
#define KE "v=DKIM1; k=ed25519; p=ED"

static const struct verdict_row {
	const char *name;
	const char *tags;
	const char *dns;
	enum dkim_outcome outcome;
	enum dkim_reason reason;
	size_t asked; /* questions to DNS */
} verdict[] = {
	{"RFC 6376 s6.1: rsa-sha256", R, KR, DKIM_PASS, DKIM_REASON_OK, 1},
	{"RFC 8463 s3: ed25519-sha256", E, KE, DKIM_PASS, DKIM_REASON_OK, 1},
	{"s3.4: simple/simple",
	 "a=rsa-sha256; d=example.com; s=s; h=from:to:subject; ", KR, DKIM_PASS,
	 DKIM_REASON_OK, 1},
	{"s3.4: simple/relaxed",
	 "a=rsa-sha256; c=simple/relaxed; d=example.com; s=s; h=from; ", KR,
	 DKIM_PASS, DKIM_REASON_OK, 1},
	{"s3.4: relaxed/simple",
	 "a=rsa-sha256; c=relaxed; d=example.com; s=s; h=from; ", KR, DKIM_PASS,
	 DKIM_REASON_OK, 1},
	{"s5.4.2: names more often than fields",
	 "a=rsa-sha256; d=example.com; s=s; h=from:from:cc:cc; ", KR, DKIM_PASS,
	 DKIM_REASON_OK, 1},
	{"D3: h= names DKIM-Signature",
	 "a=rsa-sha256; d=example.com; s=s; h=from:dkim-signature; ", KR,
	 DKIM_PASS, DKIM_REASON_OK, 1},
	{"RFC 8301 s3.1: rsa-sha1", "a=rsa-sha1; d=example.com; s=s; h=from; ",
	 KR, DKIM_PERMERROR, DKIM_REASON_SHA1, 1},
	{"RFC 8301 s3.1: rsa-sha1, and DNS fails",
	 "a=rsa-sha1; d=example.com; s=s; h=from; ", "!servfail",
	 DKIM_TEMPERROR, DKIM_REASON_DNS, 1},
	{"a malformed signature", "a=rsa-sha256; d=com; s=s; h=from; ", KR,
	 DKIM_PERMERROR, DKIM_REASON_SIGNATURE, 0},
	{"D4: x= a second ago", R "x=1699999999; ", KR, DKIM_PERMERROR,
	 DKIM_REASON_EXPIRED, 0},
	{"s3.5: x= just now", R "x=1700000000; ", KR, DKIM_PASS, DKIM_REASON_OK,
	 1},
	{"D4: t= a day ahead", R "t=1700086400; ", KR, DKIM_PERMERROR,
	 DKIM_REASON_FUTURE, 0},
	{"D4: t= a time zone ahead", R "t=1700043200; ", KR, DKIM_PASS,
	 DKIM_REASON_OK, 1},
	{"D4: t= more than that ahead", R "t=1700043201; ", KR, DKIM_PERMERROR,
	 DKIM_REASON_FUTURE, 0},
	{"s6.1.2: SERVFAIL", R, "!servfail", DKIM_TEMPERROR, DKIM_REASON_DNS,
	 1},
	{"s6.1.2: time-out", R, "!timeout", DKIM_TEMPERROR, DKIM_REASON_DNS, 1},
	{"s6.1.2: no such name", R, "!nxdomain", DKIM_PERMERROR,
	 DKIM_REASON_NO_KEY, 1},
	{"s6.1.2: no TXT", R, "!nodata", DKIM_PERMERROR, DKIM_REASON_NO_KEY, 1},
	{"s6.1.2: revoked", R, "v=DKIM1; p=", DKIM_PERMERROR,
	 DKIM_REASON_KEY_RECORD, 1},
	{"s6.1.2: no key record", R, "v=spf1 -all", DKIM_PERMERROR,
	 DKIM_REASON_KEY_RECORD, 1},
	{"D8: two good records", R, KR "|" KR, DKIM_PERMERROR,
	 DKIM_REASON_MANY_KEYS, 1},
	{"D8: a good one among others", R,
	 "v=spf1 -all|" KR "|v=DKIM1; p=", DKIM_PASS, DKIM_REASON_OK, 1},
	{"D8: a revoked one behind another's record", R,
	 "v=spf1 -all|v=DKIM1; p=", DKIM_PERMERROR, DKIM_REASON_KEY_RECORD, 1},
	{"s6.1.2: k= is not what a= needs", R, KE, DKIM_PERMERROR,
	 DKIM_REASON_KEY_TYPE, 1},
	{"s6.1.2: h=sha1", R, "h=sha1; p=RSA", DKIM_PERMERROR,
	 DKIM_REASON_KEY_RECORD, 1},
	{"s3.6.1: t=s, i= under d=", R "i=@sub.example.com; ",
	 "v=DKIM1; t=s; p=RSA", DKIM_PERMERROR, DKIM_REASON_KEY_STRICT, 1},
	{"s3.6.1: t=s, i= at d=", R "i=joe@Example.Com; ",
	 "v=DKIM1; t=s; p=RSA", DKIM_PASS, DKIM_REASON_OK, 1},
	{"s3.6.1: t=y is no better", R, "v=DKIM1; t=y; p=RSA", DKIM_PASS,
	 DKIM_REASON_OK, 1},
	{"D1: l=0", R "l=0; ", KR, DKIM_PASS, DKIM_REASON_OK, 1},
	{"D1: l= of all", R "l=20; ", KR, DKIM_PASS, DKIM_REASON_OK, 1},
	{"D1: l= one too long", R "l=21; ", KR, DKIM_PERMERROR,
	 DKIM_REASON_LENGTH, 0},
	{"D1: l= of 20 digits", R "l=99999999999999999999; ", KR,
	 DKIM_PERMERROR, DKIM_REASON_LENGTH, 0},
};

static void
test_verdict(void **state)
{
	const struct verdict_row *row = *state;
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);

	put_signature(&b, row->tags, BODY);
	buf_adds(&b, HEADER BODY);
	for (size_t size = 1; size < 100; size *= 5) {
		CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
		CLEANUP(dkim_verify_freep) struct dkim_verify *m;
		const struct dkim_result *r;
		size_t asked, len;

		m = verify(buf_span(&b), NULL, size, row->dns, &arena, &asked);
		r = dkim_verify_results(m, &len);
		assert_int_equal(len, 1);
		assert_int_equal(r[0].reason, row->reason);
		assert_int_equal(r[0].outcome, row->outcome);
		assert_int_equal(dkim_verify_outcome(m), row->outcome);
		assert_int_equal(asked, row->asked);
		assert_true(strlen(dkim_result_text(&r[0])) > 0);
		assert_int_equal(r[0].dmarc_eligible,
				 row->outcome == DKIM_PASS &&
					 strstr(row->tags, "l=0") == NULL);
	}
}

static const struct change_row {
	const char *name;
	const char *tags;
	const char *find;    /* what is replaced, once */
	const char *replace; /* by what */
	enum dkim_reason reason;
} change[] = {
	{"s6.1.3: a letter of the body", R, "Bye", "By3", DKIM_REASON_BODY},
	{"s6.1.3: a line more", R, "Bye\r\n", "Bye\r\nx\r\n", DKIM_REASON_BODY},
	{"s3.4.4: relaxed white space in the body", R, "Hello \t world ",
	 "Hello world", DKIM_REASON_OK},
	{"s3.4.4: empty lines at the end", R, "Bye\r\n\r\n", "Bye\r\n",
	 DKIM_REASON_OK},
	{"s3.4.3: simple white space in the body",
	 "a=rsa-sha256; c=relaxed; "
	 "d=example.com; s=s; h=from; ",
	 "Hello \t world ", "Hello \t world", DKIM_REASON_BODY},
	{"s6.1.3: a letter of From", R, "Joe", "Jim", DKIM_REASON_HEADER},
	{"s5.4: a field that is not named", R, "hi  there", "bye",
	 DKIM_REASON_OK},
	{"s3.4.2: relaxed white space in From", R, "From: Joe ",
	 "FROM :  Joe\r\n ", DKIM_REASON_OK},
	{"s3.4.1: simple white space in From",
	 "a=rsa-sha256; d=example.com; s=s; h=from; ", "From: Joe ",
	 "From: Joe  ", DKIM_REASON_HEADER},
	{"s3.5: a tag of the signature", R, "s=s; h=from:to; ",
	 "s=s; h=from:to; n=1; ", DKIM_REASON_HEADER},
	{"s5.4.2: a second To on top", R, "From: Joe", "To: x@y.z\r\nFrom: Joe",
	 DKIM_REASON_OK},
	{"s5.4.2: a second To below", R,
	 "Subject:", "To: x@y.z\r\nSubject:", DKIM_REASON_HEADER},
	{"D2: a From more than h= allows",
	 "a=rsa-sha256; d=example.com; s=s; h=from:from; ", "From: Joe",
	 "From: x@y.z\r\nFrom: Joe", DKIM_REASON_HEADER},
	{"D2: an absent field that h= names",
	 "a=rsa-sha256; d=example.com; s=s; h=from:cc; ",
	 "Subject:", "Cc: x@y.z\r\nSubject:", DKIM_REASON_HEADER},
	{"D12: b= folded anew", R, "; b=", "; b=\r\n\t ", DKIM_REASON_OK},
	{"a16: text behind l=", R "l=13; ", "Bye", "Pay me", DKIM_REASON_OK},
	{"l=: a letter within", R "l=13; ", "Hello", "Hallo", DKIM_REASON_BODY},
};

static void
test_change(void **state)
{
	const struct change_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	CLEANUP(buf_release) struct buf changed = BUF_INIT(65536);
	CLEANUP(dkim_verify_freep) struct dkim_verify *m;
	const struct dkim_result *r;
	size_t asked, len, at;

	put_signature(&b, row->tags, BODY);
	buf_adds(&b, HEADER BODY);
	at = span_search(buf_span(&b), span_of(row->find));
	assert_true(at != SPAN_NONE);
	buf_add(&changed, span_sub(buf_span(&b), 0, at));
	buf_adds(&changed, row->replace);
	buf_add(&changed, span_skip(buf_span(&b), at + strlen(row->find)));
	m = verify(buf_span(&changed), NULL, 1000, KR, &arena, &asked);
	r = dkim_verify_results(m, &len);
	assert_int_equal(len, 1);
	assert_int_equal(r[0].reason, row->reason);
	assert_int_equal(r[0].outcome,
			 row->reason == DKIM_REASON_OK ? DKIM_PASS : DKIM_FAIL);
	if (strstr(row->tags, "l=") != NULL)
		assert_false(r[0].dmarc_eligible);
}

/* What else a result says. */
static void
test_facts(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	CLEANUP(dkim_verify_freep) struct dkim_verify *m;
	const struct dkim_result *r;
	size_t asked, len;

	(void)state;
	put_signature(&b, R "t=1699999990; l=3; ", BODY);
	put_signature(&b, E, BODY);
	buf_adds(&b, HEADER BODY);
	m = verify(buf_span(&b), NULL, 1, "v=DKIM1; t=y; p=RSA", &arena,
		   &asked);
	r = dkim_verify_results(m, &len);
	assert_int_equal(len, 2);
	assert_int_equal(asked, 2);
	assert_int_equal(r[0].outcome, DKIM_PASS);
	assert_true(r[0].testing);
	assert_int_equal(r[0].bits, 1024);
	assert_int_equal(r[0].age, 10);
	assert_int_equal(r[0].body_rest, 20 - 3);
	assert_true(span_starts(r[0].record, SPAN("v=DKIM1; t=y; p=MI")));
	assert_false(r[0].dmarc_eligible);
	assert_int_equal(r[1].reason, DKIM_REASON_KEY_TYPE);
	assert_true(r[1].body_good);
	assert_int_equal(r[1].age, -1);
	assert_int_equal(dkim_verify_outcome(m), DKIM_PASS);
}

/* Of a record that is too long its beginning is kept. */
static void
test_long_record(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf message = BUF_INIT(65536);
	CLEANUP(buf_release) struct buf record = BUF_INIT(65536);
	const struct dkim_result *r;
	struct dkim_verify *m;
	size_t asked, len;

	(void)state;
	put_signature(&message, R, BODY);
	buf_adds(&message, HEADER BODY);
	buf_adds(&record, "v=DKIM1; n=");
	while (record.len <= DKIM_RECORD_MAX)
		buf_addc(&record, 'x');
	m = verify(buf_span(&message), NULL, 100, record.ptr, &arena, &asked);
	r = dkim_verify_results(m, &len);
	assert_int_equal(len, 1);
	assert_int_equal(r->reason, DKIM_REASON_KEY_RECORD);
	assert_int_equal(r->key_status, DKIM_KEY_TOO_LONG);
	assert_int_equal(r->record.len, DKIM_RECORD_MAX);
	dkim_verify_free(m);
}

static void
test_none(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(dkim_verify_freep) struct dkim_verify *m;
	size_t asked, len;

	(void)state;
	m = verify(SPAN(HEADER BODY), NULL, 7, KR, &arena, &asked);
	dkim_verify_results(m, &len);
	assert_int_equal(len, 0);
	assert_int_equal(dkim_verify_outcome(m), DKIM_NONE);
}

/* D9: eight of many, those that are aligned first; others than those. */
static void
test_many(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf b = BUF_INIT(1 << 20);
	CLEANUP(dkim_verify_freep) struct dkim_verify *m;
	const struct dkim_result *r;
	size_t asked, len;

	(void)state;
	for (int i = 0; i < 100; i++)
		buf_addf(&b,
			 "DKIM-Signature: v=1; a=rsa-sha256; d=d%d.org; s=s; "
			 "h=from; bh=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"
			 "Hh8=; b=eA==\r\n"
			 "DKIM-Signature: broken\r\n",
			 i);
	put_signature(&b, "a=rsa-sha256; d=sub.example.com; s=s; h=from; ",
		      BODY);
	put_signature(&b, R, BODY);
	buf_adds(&b, HEADER BODY);
	m = verify(buf_span(&b), "example.com", 1000, KR, &arena, &asked);
	r = dkim_verify_results(m, &len);
	assert_int_equal(len, DKIM_VERIFY_MAX);
	assert_int_equal(asked, DKIM_VERIFY_MAX);
	assert_int_equal(dkim_verify_skipped(m), 202 - DKIM_VERIFY_MAX);
	assert_string_equal(r[0].signature.domain.s, "d0.org");
	assert_string_equal(r[6].signature.domain.s, "sub.example.com");
	assert_string_equal(r[7].signature.domain.s, "example.com");
	assert_int_equal(r[7].outcome, DKIM_PASS);
}

/* D9: as many as a header can hold, with one d= and with many. */
static void
test_500(void **state)
{
	(void)state;
	for (int same = 0; same < 2; same++) {
		CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
		CLEANUP(buf_release) struct buf b = BUF_INIT(1 << 20);
		CLEANUP(dkim_verify_freep) struct dkim_verify *m;
		size_t asked, len;

		for (int i = 0; i < 500; i++)
			buf_addf(&b,
				 "DKIM-Signature: v=1; a=rsa-sha256; "
				 "d=d%d.org; s=s; h=from; bh=AAECAwQFBgcICQoLD"
				 "A0ODxAREhMUFRYXGBkaGxwdHh8=; b=eA==\r\n",
				 same ? 0 : i);
		put_signature(&b, R, BODY);
		buf_adds(&b, HEADER BODY);
		m = verify(buf_span(&b), "example.com", 1000, KR, &arena,
			   &asked);
		dkim_verify_results(m, &len);
		assert_int_equal(len, DKIM_VERIFY_MAX);
		assert_int_equal(asked, DKIM_VERIFY_MAX);
		assert_int_equal(dkim_verify_skipped(m), 501 - DKIM_VERIFY_MAX);
		assert_int_equal(dkim_verify_outcome(m), DKIM_PASS);
	}
}

/* D6, D9: all that is dear at once goes to its end, for every signature. */
static void
test_worst(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(4 << 20);
	CLEANUP(buf_release) struct buf header = BUF_INIT(HEADER_SIZE_MAX);
	CLEANUP(dkim_verify_freep) struct dkim_verify *m;
	struct buf text[DKIM_VERIFY_MAX];
	struct span record[DKIM_VERIFY_MAX];
	const struct dkim_result *r;
	size_t len;

	(void)state;
	for (size_t i = 0; i < DKIM_VERIFY_MAX; i++) {
		buf_init(&text[i], DKIM_RECORD_MAX);
		worst_record(i, &text[i]);
		record[i] = buf_span(&text[i]);
	}
	worst_header(SPAN(BODY), &header);
	assert_false(header.full);
	m = worst_verify(buf_span(&header), SPAN(BODY), NULL, record, &arena);
	assert_non_null(m);
	r = dkim_verify_results(m, &len);
	assert_int_equal(len, DKIM_VERIFY_MAX);
	for (size_t i = 0; i < len; i++) {
		assert_int_equal(r[i].reason, DKIM_REASON_HEADER);
		assert_int_equal(r[i].bits, PUBKEY_BITS_MAX);
		assert_int_equal(r[i].signature.headers, DKIM_HEADERS_MAX);
		buf_release(&text[i]);
	}
}

/* As many different body hashes as there can be. */
static void
test_hashes(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	CLEANUP(buf_release) struct buf b = BUF_INIT(65536);
	CLEANUP(dkim_verify_freep) struct dkim_verify *m;
	const struct dkim_result *r;
	size_t asked, len;

	(void)state;
	for (int i = 0; i < DKIM_VERIFY_MAX; i++) {
		char tags[200];

		snprintf(tags, sizeof(tags), "%s l=%d; ",
			 i % 2 == 0 ? R
				    : "a=rsa-sha256; d=example.com; s=s; "
				      "h=from; ",
			 i);
		put_signature(&b, tags, BODY);
	}
	buf_adds(&b, HEADER BODY);
	m = verify(buf_span(&b), NULL, 3, KR, &arena, &asked);
	r = dkim_verify_results(m, &len);
	assert_int_equal(len, DKIM_VERIFY_MAX);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(r[i].outcome, DKIM_PASS);
}

int
main(void)
{
	int failed;

	rsa_key = privkey_generate(KEY_RSA, 1024);
	ed_key = privkey_generate(KEY_ED25519, 0);
	keys = dkim_keys_new(8);
	UNIT_ROWS(test_verdict, verdict);
	UNIT_ROWS(test_change, change);
	UNIT(test_facts);
	UNIT(test_long_record);
	UNIT(test_none);
	UNIT(test_many);
	UNIT(test_500);
	UNIT(test_worst);
	UNIT(test_hashes);
	failed = unit_run("mailauth/dkim_verify");
	dkim_keys_free(keys);
	privkey_free(rsa_key);
	privkey_free(ed_key);
	return failed;
}
