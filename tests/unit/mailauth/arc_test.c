/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/arc.h"

#include "crypt/privkey.h"
#include "text/base64.h"
#include "unit.h"

/* When chains are looked at: ms since 1970. */
#define NOW INT64_C(1794300000000)

/* Everything is written in its canonical form, so that what is signed is what
 * stands here; the body is empty. */
#define FROM      "from:a@a.example\r\n"
#define KEYS_MAX  3 /* records under one name */
#define BODY_HASH "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

/* A chain under construction. */
struct chain {
	struct privkey *key;
	struct buf sets;    /* the ARC fields, in the order they are sealed */
	struct buf public;  /* p= */
	unsigned instances; /* made so far */
};

/* Appends the base64 of a signature of `bytes`. */
static void
sign(const struct chain *c, struct span bytes, struct buf *to)
{
	struct buf signature = BUF_INIT(1024);
	uint8_t digest[DIGEST_SIZE];

	digest_of(bytes, digest);
	assert_true(privkey_sign(c->key, digest, &signature));
	base64_encode(buf_span(&signature), to);
	buf_release(&signature);
}

/* Adds an instance whose seal says `cv`. */
static void
add(struct chain *c, const char *cv)
{
	struct buf message = BUF_INIT(8192), signed_ = BUF_INIT(8192);
	unsigned i = ++c->instances;

	buf_addf(&c->sets,
		 "arc-authentication-results:i=%u; me.example; none"
		 "\r\n",
		 i);
	buf_addf(&message,
		 "arc-message-signature:i=%u; a=ed25519-sha256; "
		 "c=relaxed/relaxed; d=a.example; s=s; h=from; bh=%s; b=",
		 i, BODY_HASH);
	buf_adds(&signed_, FROM);
	buf_add(&signed_, buf_span(&message));
	sign(c, buf_span(&signed_), &message);
	buf_adds(&message, "\r\n");
	buf_add(&c->sets, buf_span(&message));
	buf_addf(&c->sets,
		 "arc-seal:i=%u; a=ed25519-sha256; cv=%s; d=a.example; s=s; "
		 "b=",
		 i, cv);
	buf_clear(&signed_);
	sign(c, buf_span(&c->sets), &signed_);
	buf_add(&c->sets, buf_span(&signed_));
	buf_adds(&c->sets, "\r\n");
	buf_release(&message);
	buf_release(&signed_);
}

static void
chain_init(struct chain *c)
{
	*c = (struct chain){.key = privkey_generate(KEY_ED25519, 0),
			    .sets = BUF_INIT(65536),
			    .public = BUF_INIT(4096)};
	buf_adds(&c->public, "v=DKIM1; k=ed25519; p=");
	privkey_public(c->key, &c->public);
}

static void
chain_release(struct chain *c)
{
	privkey_free(c->key);
	buf_release(&c->sets);
	buf_release(&c->public);
}

/* Validates `text`; the key's name has these records, or DNS ends as `status`.
 */
static struct arc_result
validate_keys(const char *text, const char *const key[], size_t keys,
	      enum dns_status status)
{
	struct arena arena = ARENA_INIT(ARC_ARENA_MAX + (1 << 20));
	struct header_block header;
	struct dns_question question;
	struct arc_result result;
	struct arc *m;
	size_t offset;

	assert_int_equal(header_parse(span_of(text), &arena, &header, &offset),
			 HEADER_OK);
	m = arc_new(&header, NOW, NULL, &arena);
	arc_feed(m, header.body);
	arc_end(m);
	while (arc_ask(m, &question)) {
		struct dns_rr rr[KEYS_MAX] = {{.type = DNS_TXT}};
		struct dns_answer a = {.status = status, .rr = rr};
		struct dname_text name;

		assert_span(dname_print(&question.name, &name),
			    "s._domainkey.a.example");
		for (size_t i = 0; i < keys; i++) {
			rr[i].type = DNS_TXT;
			rr[i].txt.text = span_of(key[i]);
		}
		a.len = status == DNS_OK ? keys : 0;
		arc_answer(m, &a);
	}
	result = *arc_result(m);
	result.domain = SPAN("");
	arc_free(m);
	arena_release(&arena);
	return result;
}

/* Likewise of one record. */
static struct arc_result
validate(const char *text, const char *key, enum dns_status status)
{
	return validate_keys(text, &key, 1, status);
}

static void
check(struct arc_result got, enum arc_verdict verdict, enum arc_reason reason,
      unsigned instance)
{
	assert_string_equal(arc_verdict_name(got.verdict),
			    arc_verdict_name(verdict));
	assert_string_equal(arc_reason_text(got.reason),
			    arc_reason_text(reason));
	assert_int_equal(got.instance, instance);
}

static void
test_chain(void **state)
{
	struct buf message = BUF_INIT(65536);
	struct arc_result got;
	struct chain c;
	char *at;

	(void)state;
	chain_init(&c);
	add(&c, "none");
	add(&c, "pass");
	add(&c, "pass");
	buf_add(&message, buf_span(&c.sets));
	buf_adds(&message, FROM "\r\n");
	got = validate(message.ptr, c.public.ptr, DNS_OK);
	check(got, ARC_PASS, ARC_REASON_OK, 0);
	assert_int_equal(got.len, 3);
	check(validate(message.ptr, c.public.ptr, DNS_SERVFAIL), ARC_FAIL,
	      ARC_REASON_DNS, 3);
	check(validate(message.ptr, c.public.ptr, DNS_NXDOMAIN), ARC_FAIL,
	      ARC_REASON_KEY, 3);
	check(validate(message.ptr, "v=DKIM1; p=", DNS_OK), ARC_FAIL,
	      ARC_REASON_KEY, 3);
	/* another body, another author, another word of the first forwarder */
	buf_adds(&message, "body\r\n");
	check(validate(message.ptr, c.public.ptr, DNS_OK), ARC_FAIL,
	      ARC_REASON_BODY, 3);
	buf_truncate(&message, message.len - 6);
	at = strstr(message.ptr, "from:a@");
	at[5] = 'b';
	check(validate(message.ptr, c.public.ptr, DNS_OK), ARC_FAIL,
	      ARC_REASON_MESSAGE, 3);
	at[5] = 'a';
	at = strstr(message.ptr, "me.example");
	*at = 'w';
	check(validate(message.ptr, c.public.ptr, DNS_OK), ARC_FAIL,
	      ARC_REASON_SEAL, 3);
	buf_release(&message);
	chain_release(&c);
}

/* RFC 6376 s3.6.2.2 has one record of a name; more are no key. */
static void
test_keys(void **state)
{
	struct buf message = BUF_INIT(65536);
	struct privkey *rsa = privkey_generate(KEY_RSA, 1024);
	struct buf other = BUF_INIT(4096);
	struct chain c;

	(void)state;
	chain_init(&c);
	add(&c, "none");
	buf_add(&message, buf_span(&c.sets));
	buf_adds(&message, FROM "\r\n");
	buf_adds(&other, "v=DKIM1; k=rsa; p=");
	privkey_public(rsa, &other);
	const char *const same[] = {c.public.ptr, c.public.ptr};
	const char *const beside[] = {"v=spf1 -all", c.public.ptr,
				      "v=DKIM1; p="};
	const char *const types[] = {other.ptr, c.public.ptr};

	check(validate_keys(message.ptr, same, 2, DNS_OK), ARC_FAIL,
	      ARC_REASON_KEY, 1);
	check(validate_keys(message.ptr, types, 2, DNS_OK), ARC_FAIL,
	      ARC_REASON_KEY, 1);
	check(validate_keys(message.ptr, types, 1, DNS_OK), ARC_FAIL,
	      ARC_REASON_KEY, 1);
	check(validate_keys(message.ptr, beside, 3, DNS_OK), ARC_PASS,
	      ARC_REASON_OK, 0);
	privkey_free(rsa);
	buf_release(&other);
	buf_release(&message);
	chain_release(&c);
}

/* What stands in every row besides the defect. */
#define AAR(i) "ARC-Authentication-Results: i=" i "; me; none\r\n"
#define AMS(i)                                                                 \
	"ARC-Message-Signature: i=" i "; a=rsa-sha256; d=a.example; s=s; "     \
	"h=from; bh=" BODY_HASH "; b=AAAA\r\n"
#define AS(i, more)                                                            \
	"ARC-Seal: i=" i "; a=rsa-sha256; d=a.example; s=s; b=AAAA; " more     \
	"\r\n"

static const struct row {
	const char *name;
	const char *text;
	enum arc_verdict verdict;
	enum arc_reason reason;
	unsigned instance;
} rows[] = {
	{"RFC 8617 s5.2 step 1: no set", "From: a@a.example\r\n\r\n", ARC_NONE,
	 ARC_REASON_OK, 0},
	{"s5.2 step 2: the newest says fail",
	 AAR("1") AMS("1") AS("1", "cv=fail") "\r\n", ARC_FAIL, ARC_REASON_SAID,
	 1},
	{"s5.2 step 3: no seal", AAR("1") AMS("1") "\r\n", ARC_FAIL,
	 ARC_REASON_STRUCTURE, 1},
	{"s5.2 step 3: no message signature",
	 AAR("1") AS("1", "cv=none") "\r\n", ARC_FAIL, ARC_REASON_STRUCTURE, 1},
	{"s5.2 step 3: no results", AMS("1") AS("1", "cv=none") "\r\n",
	 ARC_FAIL, ARC_REASON_STRUCTURE, 1},
	{"s5.2 step 3: one twice",
	 AAR("1") AMS("1") AMS("1") AS("1", "cv=none") "\r\n", ARC_FAIL,
	 ARC_REASON_STRUCTURE, 1},
	{"s5.2 step 3: a gap", AAR("2") AMS("2") AS("2", "cv=pass") "\r\n",
	 ARC_FAIL, ARC_REASON_STRUCTURE, 1},
	{"s5.2 step 3: the first must say none",
	 AAR("1") AMS("1") AS("1", "cv=pass") "\r\n", ARC_FAIL,
	 ARC_REASON_CHAIN, 1},
	{"s4.1.2, RFC 6376 s3.5: l= is more than the body has",
	 AAR("1") "ARC-Message-Signature: i=1; a=rsa-sha256; d=a.example; s=s; "
		  "h=from; l=1; bh=" BODY_HASH
		  "; b=AAAA\r\n" AS("1", "cv=none") "\r\n",
	 ARC_FAIL, ARC_REASON_LENGTH, 1},
	{"s4.1.2, RFC 6376 s3.5: x= is past",
	 AAR("1") "ARC-Message-Signature: i=1; a=rsa-sha256; d=a.example; s=s; "
		  "h=from; t=1794299990; x=1794299999; bh=" BODY_HASH
		  "; b=AAAA\r\n" AS("1", "cv=none") "\r\n",
	 ARC_FAIL, ARC_REASON_EXPIRED, 1},
	{"s4.1.2, RFC 6376 s3.5: x= is now",
	 AAR("1") "ARC-Message-Signature: i=1; a=rsa-sha256; d=a.example; s=s; "
		  "h=from; x=1794300000; l=1; bh=" BODY_HASH
		  "; b=AAAA\r\n" AS("1", "cv=none") "\r\n",
	 ARC_FAIL, ARC_REASON_LENGTH, 1},
	{"s4.1.2, RFC 6376 s3.5: t= is a day ahead",
	 AAR("1") "ARC-Message-Signature: i=1; a=rsa-sha256; d=a.example; s=s; "
		  "h=from; t=1794386400; bh=" BODY_HASH
		  "; b=AAAA\r\n" AS("1", "cv=none") "\r\n",
	 ARC_FAIL, ARC_REASON_FUTURE, 1},
	{"s4.2.1: instance 51", AAR("51") "\r\n", ARC_FAIL, ARC_REASON_RESULTS,
	 0},
	{"s4.2.1: instance 0", AMS("0") "\r\n", ARC_FAIL, ARC_REASON_SIGNATURE,
	 0},
	{"M9: instance 51 beside a good one",
	 AAR("1") AMS("1") AS("1", "cv=none") AAR("51") "\r\n", ARC_FAIL,
	 ARC_REASON_RESULTS, 0},
	{"M9: instance 51 of a signature", AMS("51") "\r\n", ARC_FAIL,
	 ARC_REASON_SIGNATURE, 0},
	{"M9: instance 51 of a seal", AS("51", "cv=pass") "\r\n", ARC_FAIL,
	 ARC_REASON_SIGNATURE, 0},
	{"M9: instance 0 of the results", AAR("0") "\r\n", ARC_FAIL,
	 ARC_REASON_RESULTS, 0},
	{"M9: instance 0 of a seal", AS("0", "cv=none") "\r\n", ARC_FAIL,
	 ARC_REASON_SIGNATURE, 0},
	{"M9: an instance that wraps round",
	 AAR("4294967297") AMS("4294967297") "\r\n", ARC_FAIL,
	 ARC_REASON_RESULTS, 0},
	{"M9: a negative instance", AAR("-1") "\r\n", ARC_FAIL,
	 ARC_REASON_RESULTS, 0},
	{"M9: an instance with a plus", AMS("+1") "\r\n", ARC_FAIL,
	 ARC_REASON_SIGNATURE, 0},
	{"M9: results twice",
	 AAR("1") AAR("1") AMS("1") AS("1", "cv=none") "\r\n", ARC_FAIL,
	 ARC_REASON_STRUCTURE, 1},
	{"M9: a seal twice",
	 AAR("1") AMS("1") AS("1", "cv=none") AS("1", "cv=none") "\r\n",
	 ARC_FAIL, ARC_REASON_STRUCTURE, 1},
	{"M9: i= twice in one field",
	 AAR("1") AMS("1; i=2") AS("1", "cv=none") "\r\n", ARC_FAIL,
	 ARC_REASON_SIGNATURE, 0},
	{"M9: a gap inside",
	 AAR("1") AMS("1") AS("1", "cv=none") AAR("3") AMS("3")
		 AS("3", "cv=pass") "\r\n",
	 ARC_FAIL, ARC_REASON_STRUCTURE, 2},
	{"M9: three digits", AAR("001") AMS("1") AS("1", "cv=none") "\r\n",
	 ARC_FAIL, ARC_REASON_RESULTS, 0},
	{"M9: three digits of a signature", AMS("001") "\r\n", ARC_FAIL,
	 ARC_REASON_SIGNATURE, 0},
	/* s4.2.1 has one or two digits: the key is what fails here */
	{"s4.2.1: two digits", AAR("01") AMS("01") AS("01", "cv=none") "\r\n",
	 ARC_FAIL, ARC_REASON_KEY, 1},
	{"s4.2.1: comments around the instance",
	 AAR("(a) 1 (b)") AMS("1") AS("1", "cv=none") "\r\n", ARC_FAIL,
	 ARC_REASON_KEY, 1},
	{"s5.2 step 2: said before anything else is looked at",
	 AAR("1") AAR("2") AMS("2") AS("2", "cv=fail") "\r\n", ARC_FAIL,
	 ARC_REASON_SAID, 2},
	{"s5.2 step 2: said, beside a field that cannot be read",
	 "ARC-Seal: nonsense\r\n" AAR("1") AMS("1") AS("1", "cv=fail") "\r\n",
	 ARC_FAIL, ARC_REASON_SAID, 1},
	{"a seal without d= has its instance",
	 AAR("1") AMS("1") "ARC-Seal: i=1; a=rsa-sha256; s=s; b=AAAA; "
			   "cv=none\r\n\r\n",
	 ARC_FAIL, ARC_REASON_SIGNATURE, 1},
	{"s5.2 step 3: an older seal that says fail",
	 AAR("1") AMS("1") AS("1", "cv=fail") AAR("2") AMS("2")
		 AS("2", "cv=pass") "\r\n",
	 ARC_FAIL, ARC_REASON_CHAIN, 1},
	{"s4.1.1: results without i=",
	 "ARC-Authentication-Results: me; none\r\n\r\n", ARC_FAIL,
	 ARC_REASON_RESULTS, 0},
	{"s4.1.1: i= is not first",
	 "ARC-Authentication-Results: me; i=1; none\r\n\r\n", ARC_FAIL,
	 ARC_REASON_RESULTS, 0},
	{"s4.1.3: a seal with h=",
	 AAR("1") AMS("1") AS("1", "cv=none; h=from") "\r\n", ARC_FAIL,
	 ARC_REASON_SIGNATURE, 1},
	{"s4.1.3: cv= is another word",
	 AAR("1") AMS("1") AS("1", "cv=good") "\r\n", ARC_FAIL,
	 ARC_REASON_SIGNATURE, 1},
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	check(validate(row->text, "v=DKIM1; p=", DNS_OK), row->verdict,
	      row->reason, row->instance);
}

/* M9: a huge field costs no more than its octets. */
static void
test_huge(void **state)
{
	struct buf message = BUF_INIT(HEADER_SIZE_MAX);

	(void)state;
	buf_adds(&message, "ARC-Authentication-Results: i=1; me");
	while (message.len < HEADER_SIZE_MAX - 1000)
		buf_adds(&message, ";(((((\r\n\t\\))))) a=b c.d=\"\\x\"");
	buf_adds(&message, "\r\n" AMS("1") AS("1", "cv=none") "\r\n");
	assert_false(message.full);
	check(validate(message.ptr, "v=DKIM1; p=", DNS_OK), ARC_FAIL,
	      ARC_REASON_KEY, 1);
	buf_release(&message);
}

/* 50 sets are a chain still; hundreds of one kind ask nothing. */
static void
test_many(void **state)
{
	struct buf message = BUF_INIT(HEADER_SIZE_MAX);
	struct arc_result got;
	struct chain c;

	(void)state;
	chain_init(&c);
	for (int i = 0; i < ARC_INSTANCE_MAX; i++)
		add(&c, i == 0 ? "none" : "pass");
	buf_add(&message, buf_span(&c.sets));
	buf_adds(&message, FROM "\r\n");
	got = validate(message.ptr, c.public.ptr, DNS_OK);
	check(got, ARC_PASS, ARC_REASON_OK, 0);
	assert_int_equal(got.len, ARC_INSTANCE_MAX);
	buf_clear(&message);
	for (int i = 0; i < 500; i++)
		buf_adds(&message, AMS("1"));
	buf_adds(&message, "\r\n");
	check(validate(message.ptr, c.public.ptr, DNS_OK), ARC_FAIL,
	      ARC_REASON_STRUCTURE, 1);
	buf_release(&message);
	chain_release(&c);
}

/* A body fed octet by octet is the body fed whole. */
static void
test_pieces(void **state)
{
	static const char body[] = "A  b \t\r\n\r\n.\rx\n\r\n\r\n";

	(void)state;
	for (size_t step = 1; step <= sizeof(body); step++) {
		struct arena arena = ARENA_INIT(ARC_ARENA_MAX + (1 << 20));
		struct span rest = span_of(body);
		struct header_block header;
		struct dns_question question;
		struct arc *m;
		size_t offset;

		assert_int_equal(
			header_parse(
				SPAN(AAR("1") "ARC-Message-Signature: "
					      "i=1; a=rsa-sha256; d=a.example; "
					      "s=s; h=from; b=AAAA; bh="
					      "vFM2MNRtj6pJCl2ofrCyW6AVHZ94MZEe"
					      "qlWz"
					      "7kTdpIw=\r\n" AS("1",
								"cv=none")),
				&arena, &header, &offset),
			HEADER_OK);
		m = arc_new(&header, NOW, NULL, &arena);
		while (rest.len > 0) {
			arc_feed(m, span_head(rest, step));
			rest = span_skip(rest, step);
		}
		arc_end(m);
		/* the body hash is right: it goes on to the key */
		assert_true(arc_ask(m, &question));
		arc_free(m);
		arena_release(&arena);
	}
}

int
main(void)
{
	UNIT_ROWS(test_row, rows);
	UNIT(test_chain);
	UNIT(test_keys);
	UNIT(test_huge);
	UNIT(test_many);
	UNIT(test_pieces);
	return unit_run("mailauth/arc");
}
