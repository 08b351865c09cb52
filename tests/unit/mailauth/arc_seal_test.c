/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/arc_seal.h"

#include "corpus.h"
#include "crypt/privkey.h"
#include "mailauth/dkim_sign.h"
#include "text/base64.h"
#include "text/crlf.h"
#include "unit.h"

#define NOW 1700000000 /* seconds */

static struct privkey *key[2];

#define HEADER                                                                 \
	"From: Joe <joe@a.example>\r\nTo: list@b.example\r\n"                  \
	"Subject: hi\r\n there\r\n\r\n"
#define BODY "Hello \t world\r\n\r\nBye\r\n\r\n\r\n"

/* A message on its way, in memory of the test's. */
struct mail {
	struct arena arena;
	struct header_block header;
};

static void
mail_init(struct mail *mail, struct span text)
{
	size_t offset;

	mail->arena = ARENA_INIT(ARC_ARENA_MAX + (1 << 20));
	assert_int_equal(
		header_parse(text, &mail->arena, &mail->header, &offset),
		HEADER_OK);
}

/* Validates, with `public` at every key's name, or DNS ending as `status`. */
static struct arc_result
validate(const struct mail *mail, struct span public, enum dns_status status)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(ARC_ARENA_MAX);
	CLEANUP(arc_freep)
	struct arc *m =
		arc_new(&mail->header, NOW * INT64_C(1000), NULL, &arena);
	struct dns_rr rr = {.type = DNS_TXT};
	struct dns_answer a = {.status = status, .rr = &rr, .len = 1};
	struct dns_question question;
	struct arc_result result;

	rr.txt.text = public;
	arc_feed(m, mail->header.body);
	arc_end(m);
	while (arc_ask(m, &question))
		arc_answer(m, &a);
	result = *arc_result(m);
	result.domain = SPAN("");
	return result;
}

/* Signs with `signer` what both steps ask for, and appends the fields. */
static enum arc_seal_status
seal_with(const struct privkey *signer, const struct arc_seal *how,
	  struct mail *mail, const struct arc_result *chain, struct buf *to)
{
	CLEANUP(buf_release) struct buf signature = BUF_INIT(512);
	uint8_t hash[DIGEST_SIZE], digest[DIGEST_SIZE];
	enum arc_seal_status status;
	struct arc_sealing s;

	dkim_sign_body(mail->header.body, hash);
	status = arc_seal_begin(how, &mail->header, hash, chain, &mail->arena,
				&s, digest);
	if (status == ARC_SEAL_OK) {
		assert_true(privkey_sign(signer, digest, &signature));
		assert_true(arc_seal_next(&s, buf_span(&signature), digest));
		buf_clear(&signature);
		assert_true(privkey_sign(signer, digest, &signature));
		assert_true(arc_seal_finish(&s, buf_span(&signature), to));
	}
	arc_seal_release(&s);
	return status;
}

/* How the tests seal. */
static struct arc_seal
how_of(size_t which)
{
	struct arc_seal how = {
		.selector = SPAN("sel"),
		.type = privkey_type(key[which]),
		.time = NOW,
		.authserv_id = SPAN("mx.b.example"),
		.results = SPAN("spf=pass smtp.mailfrom=a.example"),
	};

	assert_int_equal(domain_parse(SPAN("b.example"), &how.domain),
			 DOMAIN_OK);
	return how;
}

static void
put_record(size_t which, struct buf *to)
{
	buf_addf(to, "v=DKIM1; k=%s; p=",
		 privkey_type(key[which]) == KEY_RSA ? "rsa" : "ed25519");
	privkey_public(key[which], to);
}

/*
 * Puts one more set on `text` as a forwarder does: validates first.  Returns
 * the result of the chain before.
 */
static struct arc_result
forward(size_t which, struct buf *text, enum arc_seal_status want)
{
	CLEANUP(buf_release) struct buf fields = BUF_INIT(1 << 20);
	CLEANUP(buf_release) struct buf record = BUF_INIT(4096);
	struct arc_seal how = how_of(which);
	struct arc_result chain;
	struct mail mail;

	put_record(which, &record);
	mail_init(&mail, buf_span(text));
	chain = validate(&mail, buf_span(&record), DNS_OK);
	assert_int_equal(seal_with(key[which], &how, &mail, &chain, &fields),
			 want);
	buf_add(&fields, buf_span(text));
	arena_release(&mail.arena);
	buf_clear(text);
	buf_add(text, buf_span(&fields));
	return chain;
}

static struct arc_result
verdict(size_t which, struct span text)
{
	CLEANUP(buf_release) struct buf record = BUF_INIT(4096);
	struct arc_result result;
	struct mail mail;

	put_record(which, &record);
	mail_init(&mail, text);
	result = validate(&mail, buf_span(&record), DNS_OK);
	arena_release(&mail.arena);
	return result;
}

/* RFC 8617 s5.1: each set validates, up to the 50th; the 51st is not made. */
static void
test_chain(void **state)
{
	(void)state;
	for (size_t which = 0; which < COUNT(key); which++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 20);
		unsigned most = which == 0 ? 3 : ARC_INSTANCE_MAX;

		buf_adds(&text, HEADER BODY);
		for (unsigned i = 1; i <= most; i++) {
			struct arc_result chain =
				forward(which, &text, ARC_SEAL_OK);

			assert_int_equal(chain.verdict,
					 i == 1 ? ARC_NONE : ARC_PASS);
			assert_int_equal(chain.len, i - 1);
		}
		assert_int_equal(verdict(which, buf_span(&text)).verdict,
				 ARC_PASS);
		if (most == ARC_INSTANCE_MAX)
			forward(which, &text, ARC_SEAL_FULL);
	}
}

/* Short lines; nothing that ARC forbids; arc= where the results have none. */
static void
test_fields(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 20);
	struct span rest, h;

	(void)state;
	buf_adds(&text,
		 "DKIM-Signature: v=1\r\n"
		 "Authentication-Results: mx.b.example; none\r\n" HEADER BODY);
	forward(0, &text, ARC_SEAL_OK);
	assert_true(span_starts(buf_span(&text), SPAN("ARC-Seal: a=rsa-")));
	rest = span_head(buf_span(&text),
			 span_search(buf_span(&text), SPAN("From: Joe")));
	assert_true(span_search(rest, SPAN("\r\n\tarc=none\r\n")) != SPAN_NONE);
	assert_true(span_search(rest, SPAN("i=1; mx.b.example;\r\n\tspf=pass"
					   " smtp.mailfrom=a.example;")) !=
		    SPAN_NONE);
	assert_true(span_search(rest, SPAN("l=")) == SPAN_NONE);
	assert_true(span_search(rest, SPAN("x=")) == SPAN_NONE);
	h = span_skip(rest, span_search(rest, SPAN("\th=")) + 3);
	h = span_cut(&h, ';');
	assert_true(span_starts(h, SPAN("From:From:To:To:Cc:Subject:")));
	assert_true(span_search(h, SPAN("DKIM-Signature")) != SPAN_NONE);
	assert_true(span_search(h, SPAN("ARC-")) == SPAN_NONE);
	assert_true(span_search(h, SPAN("Authentication-")) == SPAN_NONE);
	while (rest.len > 0)
		assert_true(span_cut(&rest, '\n').len <= 79);
}

/* What breaks the newest signature, and what does not. */
static const struct change_row {
	const char *name;
	const char *from; /* in the sealed message */
	const char *to;
	enum arc_verdict verdict;
	enum arc_reason reason;
} change[] = {
	{"nothing", "", "", ARC_PASS, ARC_REASON_OK},
	{"white space of the header", "Subject: hi", "Subject:  hi ", ARC_PASS,
	 ARC_REASON_OK},
	{"the author", "joe@a", "jim@a", ARC_FAIL, ARC_REASON_MESSAGE},
	{"a second From", "To: list", "From: x@y.z\r\nTo: list", ARC_FAIL,
	 ARC_REASON_MESSAGE},
	{"a Reply-To", "To: list", "Reply-To: x@y.z\r\nTo: list", ARC_FAIL,
	 ARC_REASON_MESSAGE},
	{"the body", "Bye", "bye", ARC_FAIL, ARC_REASON_BODY},
	{"the results of the second", "i=2; mx.b", "i=2; mx.c", ARC_FAIL,
	 ARC_REASON_SEAL},
	{"the results of the first", "i=1; mx.b", "i=1; mx.c", ARC_FAIL,
	 ARC_REASON_SEAL},
	{"a result of ours below", "To: list",
	 "Authentication-Results: x.y; none\r\nTo: list", ARC_PASS,
	 ARC_REASON_OK},
};

static void
test_change(void **state)
{
	const struct change_row *row = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 20);
	CLEANUP(buf_release) struct buf changed = BUF_INIT(1 << 20);
	struct arc_result got;
	size_t at;

	buf_adds(&text, HEADER BODY);
	forward(1, &text, ARC_SEAL_OK);
	forward(1, &text, ARC_SEAL_OK);
	at = span_search(buf_span(&text), span_of(row->from));
	assert_true(at != SPAN_NONE);
	buf_add(&changed, span_head(buf_span(&text), at));
	buf_adds(&changed, row->to);
	buf_add(&changed, span_skip(buf_span(&text), at + strlen(row->from)));
	got = verdict(1, buf_span(&changed));
	assert_int_equal(got.verdict, row->verdict);
	assert_int_equal(got.reason, row->reason);
}

/*
 * RFC 8617 s5.1.2: a broken chain is sealed as such, once, and the seal is
 * good as if its set were the only one.
 */
static void
test_failed(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 20);
	CLEANUP(buf_release) struct buf own = BUF_INIT(1 << 16);
	CLEANUP(buf_release) struct buf record = BUF_INIT(4096);
	struct arc_sets sets;
	uint8_t digest[DIGEST_SIZE];
	struct pubkey *public;
	struct mail mail;

	(void)state;
	buf_adds(&text, HEADER BODY);
	forward(1, &text, ARC_SEAL_OK);
	text.ptr[text.len - 9] ^= 1;
	assert_int_equal(forward(1, &text, ARC_SEAL_OK).verdict, ARC_FAIL);
	assert_true(span_search(buf_span(&text), SPAN("cv=fail; ")) !=
		    SPAN_NONE);
	assert_int_equal(verdict(1, buf_span(&text)).reason, ARC_REASON_SAID);
	mail_init(&mail, buf_span(&text));
	arc_sets_read(&sets, &mail.header, &mail.arena);
	assert_int_equal(sets.len, 2);
	canon_header(CANON_RELAXED, sets.set[2].results->raw, &own);
	canon_header(CANON_RELAXED, sets.set[2].message->raw, &own);
	arc_seal_hash(buf_span(&own), sets.set[2].seal_signature.before_b,
		      sets.set[2].seal_signature.after_b, digest);
	privkey_public(key[1], &record);
	assert_true(base64_decode(buf_span(&record), &own));
	assert_int_equal(pubkey_ed25519(span_skip(buf_span(&own), own.len - 32),
					&public),
			 PUBKEY_OK);
	assert_true(pubkey_verify(public, digest,
				  sets.set[2].seal_signature.signature));
	pubkey_free(public);
	arc_sets_release(&sets);
	arena_release(&mail.arena);
	/* and that is the end of it */
	forward(1, &text, ARC_SEAL_ENDED);
}

/*
 * Chains that are broken by a field that cannot be read: RFC 8617 s5.1.2 has
 * them sealed once as failed, and s5.2 step 2 has the next say that it was
 * said, whatever else is wrong.
 */
static const struct unreadable_row {
	const char *name;
	const char *field;
} unreadable[] = {
	{"results without an instance",
	 "ARC-Authentication-Results: i=:; x; none\r\n"},
	{"a message signature of nonsense", "ARC-Message-Signature: x\r\n"},
	{"a seal of nonsense", "ARC-Seal: x\r\n"},
};

static void
test_unreadable(void **state)
{
	const struct unreadable_row *row = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 20);
	struct arc_result after;

	buf_adds(&text, row->field);
	buf_adds(&text, HEADER BODY);
	assert_int_equal(forward(1, &text, ARC_SEAL_OK).verdict, ARC_FAIL);
	after = verdict(1, buf_span(&text));
	assert_int_equal(after.verdict, ARC_FAIL);
	assert_int_equal(after.reason, ARC_REASON_SAID);
	assert_int_equal(after.len, 1);
	forward(1, &text, ARC_SEAL_ENDED);
}

/* What is there is not to be sealed, or as what. */
static const struct refuse_row {
	const char *name;
	const char *header;
	struct arc_result chain;
	const char *results;
	const char *names; /* of h=, by ":"; NULL: ours */
	enum arc_seal_status status;
	const char *want; /* what the fields have in them; NULL: nothing */
} refuse[] = {
	{"nothing there",
	 "From: a@b.c\r\n",
	 {.verdict = ARC_NONE},
	 "",
	 NULL,
	 ARC_SEAL_OK,
	 "i=1; mx.b.example;\r\n\tarc=none\r\n"},
	{"arc= is there",
	 "From: a@b.c\r\n",
	 {.verdict = ARC_NONE},
	 "ARC=none (x)",
	 NULL,
	 ARC_SEAL_OK,
	 "mx.b.example;\r\n\tARC=none (x)"
	 "\r\n"},
	{"a gap, and an instance that is none: sealed above the highest",
	 "ARC-Authentication-Results: i=3; x; none\r\n"
	 "ARC-Authentication-Results: i=51; x; none\r\nFrom: a@b.c\r\n",
	 {.verdict = ARC_FAIL, .reason = ARC_REASON_RESULTS},
	 "",
	 NULL,
	 ARC_SEAL_OK,
	 "cv=fail; d=b.example;\r\n\t i=4;"},
	{"a result that says otherwise does not make it good",
	 "ARC-Authentication-Results: i=1; x; none\r\nFrom: a@b.c\r\n",
	 {.verdict = ARC_PASS},
	 "",
	 NULL,
	 ARC_SEAL_OK,
	 "cv=fail"},
	{"DNS failed",
	 "From: a@b.c\r\n",
	 {.verdict = ARC_FAIL, .reason = ARC_REASON_DNS},
	 "",
	 NULL,
	 ARC_SEAL_UNKNOWN,
	 NULL},
	{"the 50th is there",
	 "ARC-Authentication-Results: i=50; x; none\r\nFrom: a@b.c\r\n",
	 {.verdict = ARC_FAIL, .reason = ARC_REASON_STRUCTURE},
	 "",
	 NULL,
	 ARC_SEAL_FULL,
	 NULL},
	{"no From",
	 "To: a@b.c\r\n",
	 {.verdict = ARC_NONE},
	 "",
	 NULL,
	 ARC_SEAL_NO_FROM,
	 NULL},
	{"From is not named",
	 "From: a@b.c\r\n",
	 {.verdict = ARC_NONE},
	 "",
	 "to:subject",
	 ARC_SEAL_NO_FROM,
	 NULL},
	{"names that were asked for",
	 "From: a@b.c\r\n",
	 {.verdict = ARC_NONE},
	 "",
	 "to:from",
	 ARC_SEAL_OK,
	 "\r\n\th=to:from;\r\n"},
	{"Authentication-Results is never signed",
	 "From: a@b.c\r\n",
	 {.verdict = ARC_NONE},
	 "",
	 "from:authentication-results",
	 ARC_SEAL_BAD_NAME,
	 NULL},
	{"nor an ARC field",
	 "From: a@b.c\r\n",
	 {.verdict = ARC_NONE},
	 "",
	 "from:arc-seal",
	 ARC_SEAL_BAD_NAME,
	 NULL},
	{"a name that is none",
	 "From: a@b.c\r\n",
	 {.verdict = ARC_NONE},
	 "",
	 "from:a;b",
	 ARC_SEAL_BAD_NAME,
	 NULL},
	{"an empty name",
	 "From: a@b.c\r\n",
	 {.verdict = ARC_NONE},
	 "",
	 "from::to",
	 ARC_SEAL_BAD_NAME,
	 NULL},
	{"results that are none",
	 "From: a@b.c\r\n",
	 {.verdict = ARC_NONE},
	 "spf",
	 NULL,
	 ARC_SEAL_BAD_RESULTS,
	 NULL},
	{"results that are another field",
	 "From: a@b.c\r\n",
	 {.verdict = ARC_NONE},
	 "spf=pass (\r\nX: )",
	 NULL,
	 ARC_SEAL_BAD_RESULTS,
	 NULL},
	{"results that end their field",
	 "From: a@b.c\r\n",
	 {.verdict = ARC_NONE},
	 "spf=pass (\r\n\r\n)",
	 NULL,
	 ARC_SEAL_BAD_RESULTS,
	 NULL},
};

static void
test_refuse(void **state)
{
	const struct refuse_row *row = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 16);
	struct span name[8], rest;
	struct arc_seal how = how_of(1);
	struct mail mail;

	how.results = span_of(row->results);
	if (row->names != NULL) {
		how.header = name;
		for (rest = span_of(row->names); rest.len > 0;)
			name[how.headers++] = span_cut(&rest, ':');
	}
	mail_init(&mail, span_of(row->header));
	assert_int_equal(seal_with(key[1], &how, &mail, &row->chain, &text),
			 row->status);
	if (row->want != NULL &&
	    span_search(buf_span(&text), span_of(row->want)) == SPAN_NONE)
		fail_msg("\"%s\" is not in:\n%s", row->want, text.ptr);
	assert_true(arc_seal_strerror(row->status)[0] != '\0');
	arena_release(&mail.arena);
}

/* A signature that does not fit, or is not there; results above the limit. */
static void
test_limits(void **state)
{
	CLEANUP(buf_release) struct buf results = BUF_INIT(1 << 16);
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 16);
	CLEANUP(buf_release) struct buf many = BUF_INIT(1 << 16);
	struct arc_result none = {.verdict = ARC_NONE};
	uint8_t signature[600] = {0}, hash[DIGEST_SIZE] = {0};
	uint8_t digest[DIGEST_SIZE];
	struct arc_seal how = how_of(1);
	struct arc_sealing s;
	struct mail mail;

	(void)state;
	mail_init(&mail, SPAN(HEADER));
	assert_int_equal(arc_seal_begin(&how, &mail.header, hash, &none,
					&mail.arena, &s, digest),
			 ARC_SEAL_OK);
	assert_false(arc_seal_next(&s, span_bytes(signature, sizeof(signature)),
				   digest));
	assert_false(arc_seal_next(&s, SPAN(""), digest));
	assert_true(arc_seal_next(&s, span_bytes(signature, 512), digest));
	assert_false(arc_seal_finish(&s, SPAN(""), &text));
	assert_true(arc_seal_finish(&s, span_bytes(signature, 512), &text));
	arc_seal_release(&s);
	buf_adds(&results, "spf=pass (");
	while (results.len < ARC_RESULTS_MAX)
		buf_addc(&results, 'x');
	buf_addc(&results, ')');
	how.results = buf_span(&results);
	assert_int_equal(seal_with(key[1], &how, &mail, &none, &text),
			 ARC_SEAL_TOO_LONG);
	arena_release(&mail.arena);
	for (int i = 0; i < 90; i++)
		buf_adds(&many, "From: a@b.c\r\n");
	how = how_of(1);
	mail_init(&mail, buf_span(&many));
	assert_int_equal(seal_with(key[1], &how, &mail, &none, &text),
			 ARC_SEAL_TOO_MANY);
	arena_release(&mail.arena);
	buf_clear(&many);
	buf_adds(&many, "From: a@b.c\r\n");
	for (int i = 0; i < 100; i++)
		buf_adds(&many, "DKIM-Signature: v=1\r\n");
	mail_init(&mail, buf_span(&many));
	assert_int_equal(seal_with(key[1], &how, &mail, &none, &text),
			 ARC_SEAL_TOO_MANY);
	arena_release(&mail.arena);
}

/* RFC 8617 s4.1.1: our own results, of several fields, and nobody else's. */
static void
test_collect(void **state)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(4096);
	CLEANUP(buf_release) struct buf small = BUF_INIT(8);
	struct mail mail;

	(void)state;
	mail_init(&mail,
		  SPAN("Authentication-Results: us.example; spf=pass (a;b)\r\n"
		       " smtp.mailfrom=x.y;\r\n"
		       "Authentication-Results: them.example; dkim=pass\r\n"
		       "Authentication-Results: us.example; none\r\n"
		       "Authentication-Results: US.example. 1; dmarc=fail\r\n"
		       "Authentication-Results: us.example; (\r\n"
		       "X: us.example; a=b\r\n\r\n"));
	assert_true(arc_seal_collect(&mail.header, SPAN("us.example"), &b));
	assert_span(buf_span(&b), "spf=pass (a;b)\r\n smtp.mailfrom=x.y;\r\n\t"
				  "dmarc=fail");
	assert_false(
		arc_seal_collect(&mail.header, SPAN("us.example"), &small));
	arena_release(&mail.arena);
}

/* Appends `text` without any white space. */
static void
put_dense(struct span text, struct buf *to)
{
	for (size_t i = 0; i < text.len; i++)
		if (strchr(" \t\r\n", text.ptr[i]) == NULL)
			buf_addc(to, text.ptr[i]);
}

/* Whether the field `name` on top of `made` has the value `want`. */
static bool
has_field(const struct header_block *made, struct span name, struct span want)
{
	CLEANUP(buf_release) struct buf a = BUF_INIT(1 << 16);
	CLEANUP(buf_release) struct buf b = BUF_INIT(1 << 16);
	const struct header_field *field = header_get(made, name);

	put_dense(want, &a);
	if (field != NULL)
		put_dense(field->value, &b);
	return span_equal(buf_span(&a), buf_span(&b));
}

/* Names for h=, of "a:b:c". */
static size_t
split_names(struct span text, struct span *ret)
{
	size_t n = 0;

	while (text.len > 0 && n < DKIM_HEADERS_MAX)
		ret[n++] = span_cut(&text, ':');
	return n;
}

/* Seals one case of the suite, whose three fields are known to the octet. */
static bool
seal_agrees(const json_t *scenario, const json_t *one,
	    const struct privkey *signer, struct span record)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(1 << 20);
	CLEANUP(buf_release) struct buf made = BUF_INIT(1 << 20);
	CLEANUP(buf_release) struct buf results = BUF_INIT(ARC_RESULTS_MAX);
	struct span name[DKIM_HEADERS_MAX];
	struct arc_seal how = {
		.selector = corpus_member(scenario, "sel"),
		.type = KEY_RSA,
		.time = json_integer_value(json_object_get(one, "t")),
		.authserv_id = corpus_member(one, "srv-id"),
		.header = name,
		/* the seals of the suite sign fields that are not folded */
		.one_line = true,
	};
	enum arc_seal_status status;
	struct arc_result chain;
	struct mail mail, sealed;
	bool agrees;

	how.headers = split_names(corpus_member(one, "sig-headers"), name);
	assert_int_equal(
		domain_parse(corpus_member(scenario, "domain"), &how.domain),
		DOMAIN_OK);
	assert_true(crlf_normalise(corpus_member(one, "message"), &text));
	mail_init(&mail, buf_span(&text));
	assert_true(arc_seal_collect(&mail.header, how.authserv_id, &results));
	how.results = buf_span(&results);
	chain = validate(&mail, record, DNS_OK);
	status = seal_with(signer, &how, &mail, &chain, &made);
	if (corpus_member(one, "AS").len == 0) {
		arena_release(&mail.arena);
		return status == ARC_SEAL_ENDED && made.len == 0;
	}
	buf_adds(&made, "\r\n");
	mail_init(&sealed, buf_span(&made));
	agrees = status == ARC_SEAL_OK &&
		 has_field(&sealed.header, SPAN("ARC-Seal"),
			   corpus_member(one, "AS")) &&
		 has_field(&sealed.header, SPAN("ARC-Message-Signature"),
			   corpus_member(one, "AMS")) &&
		 has_field(&sealed.header, SPAN("ARC-Authentication-Results"),
			   corpus_member(one, "AAR"));
	arena_release(&sealed.arena);
	arena_release(&mail.arena);
	return agrees;
}

static void
test_corpus(void **state)
{
	json_t *json = corpus_json("arc/arc-draft-sign-tests.json");
	json_t *scenario, *one;
	size_t i, k, rows = 0, bad = 0;

	(void)state;
	json_array_foreach(json_get_array(json, "scenarios"), i, scenario)
	{
		CLEANUP(buf_release) struct buf record = BUF_INIT(4096);
		struct privkey *signer = NULL;

		assert_int_equal(
			privkey_import(corpus_member(scenario, "privatekey"),
				       &signer),
			PRIVKEY_OK);
		buf_adds(&record, "v=DKIM1; k=rsa; p=");
		privkey_public(signer, &record);
		json_array_foreach(json_get_array(scenario, "cases"), k, one)
		{
			rows++;
			bad += corpus_row("arc-draft-sign-tests.json",
					  corpus_member(one, "id"),
					  seal_agrees(scenario, one, signer,
						      buf_span(&record)));
		}
		privkey_free(signer);
	}
	json_decref(json);
	assert_int_equal(rows, 12);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	int failed;

	key[0] = privkey_generate(KEY_RSA, 2048);
	key[1] = privkey_generate(KEY_ED25519, 0);
	UNIT(test_chain);
	UNIT(test_fields);
	UNIT_ROWS(test_change, change);
	UNIT(test_failed);
	UNIT_ROWS(test_unreadable, unreadable);
	UNIT_ROWS(test_refuse, refuse);
	UNIT(test_limits);
	UNIT(test_collect);
	UNIT(test_corpus);
	failed = unit_run("mailauth/arc_seal");
	privkey_free(key[0]);
	privkey_free(key[1]);
	return failed;
}
