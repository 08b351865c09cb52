/* SPDX-License-Identifier: Apache-2.0 */
#include "keyd/keyd.h"

#include <stdlib.h>

#include "base/mem.h"
#include "crypt/armor.h"
#include "crypt/hmac.h"
#include "unit.h"

#define AAD    SPAN("v1|000000000001|7|1|abcdefgh|rsa")
#define OTHER  SPAN("v1|000000000002|7|1|abcdefgh|rsa")
#define DIGEST SPAN("0123456789abcdef0123456789abcdef")
#define NONE   SPAN("")

/* AWS's own example, which is published and protects nothing. */
#define EXAMPLE_SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

static struct keyd *
keyd_of(const char *master)
{
	struct seal_ring *ring = seal_ring_new();

	assert_true(seal_ring_add(ring, span_of(master)));
	return keyd_new(ring);
}

static struct keyd *
make(void)
{
	return keyd_of("an octet, and another one: 32...");
}

/* A copy of what a reply borrows. */
static struct buf
keep(struct span s)
{
	struct buf b = BUF_INIT(KEYD_SEALED_MAX);

	assert_true(buf_add(&b, s));
	return b;
}

static struct buf
generate(struct keyd *k, enum key_type type, uint32_t bits, struct span aad,
	 struct buf *ret_public)
{
	struct keyd_request r = {
		.op = KEYD_GENERATE, .type = type, .bits = bits, .aad = aad};
	struct keyd_reply reply;

	keyd_answer(k, &r, &reply);
	assert_int_equal(reply.op, KEYD_GENERATE);
	assert_int_equal(reply.status, KEYD_OK);
	assert_int_equal(reply.type, type);
	assert_int_equal(reply.bits, type == KEY_RSA ? bits : 256);
	*ret_public = keep(reply.public);
	return keep(reply.sealed);
}

static enum keyd_status
sign(struct keyd *k, struct span sealed, struct span aad,
     struct keyd_reply *ret)
{
	struct keyd_request r = {.op = KEYD_SIGN,
				 .sealed = sealed,
				 .aad = aad,
				 .digest = DIGEST};

	keyd_answer(k, &r, ret);
	assert_int_equal(ret->op, KEYD_SIGN);
	return ret->status;
}

/* Checks the reply's signature under the p= text `public`. */
static void
check_signature(const struct keyd_reply *reply, struct span public)
{
	CLEANUP(secret_release) struct secret octets = {.ptr = NULL};
	CLEANUP(pubkey_freep) struct pubkey *key = NULL;
	enum armor_label label;

	assert_int_equal(armor_open(public, &octets, &label), ARMOR_OK);
	assert_int_equal(reply->type == KEY_RSA
				 ? pubkey_rsa(secret_span(&octets), &key)
				 : pubkey_ed25519(secret_span(&octets), &key),
			 PUBKEY_OK);
	assert_true(pubkey_verify(key, (const uint8_t *)DIGEST.ptr,
				  reply->signature));
}

static void
test_sign(void **state)
{
	static const enum key_type type[] = {KEY_RSA, KEY_ED25519};
	CLEANUP(keyd_freep) struct keyd *k = make();

	(void)state;
	for (size_t i = 0; i < COUNT(type); i++) {
		CLEANUP(buf_release) struct buf public;
		CLEANUP(buf_release)
		struct buf sealed = generate(k, type[i], 1024, AAD, &public);
		struct keyd_reply reply;

		assert_int_equal(sign(k, buf_span(&sealed), AAD, &reply),
				 KEYD_OK);
		check_signature(&reply, buf_span(&public));
		/* from the cache */
		assert_int_equal(keyd_cached(k), i + 1);
		assert_int_equal(sign(k, buf_span(&sealed), AAD, &reply),
				 KEYD_OK);
		assert_int_equal(keyd_cached(k), i + 1);
		check_signature(&reply, buf_span(&public));
		/* another's key, in the cache or not */
		assert_int_equal(sign(k, buf_span(&sealed), OTHER, &reply),
				 KEYD_BAD_SEAL);
		assert_int_equal(reply.signature.len, 0);
		sealed.ptr[20] ^= 1;
		assert_int_equal(sign(k, buf_span(&sealed), AAD, &reply),
				 KEYD_BAD_SEAL);
	}
}

static void
test_bad_requests(void **state)
{
	CLEANUP(keyd_freep) struct keyd *k = make();
	CLEANUP(buf_release) struct buf public;
	CLEANUP(buf_release)
	struct buf sealed = generate(k, KEY_ED25519, 0, AAD, &public);
	struct keyd_request r = {
		.op = KEYD_SIGN, .sealed = buf_span(&sealed), .aad = AAD};
	struct keyd_reply reply;

	(void)state;
	r.digest = span_sub(DIGEST, 0, 31);
	keyd_answer(k, &r, &reply);
	assert_int_equal(reply.status, KEYD_BAD_REQUEST);
	r.digest = NONE;
	keyd_answer(k, &r, &reply);
	assert_int_equal(reply.status, KEYD_BAD_REQUEST);
	r = (struct keyd_request){.op = KEYD_GENERATE,
				  .type = KEY_RSA,
				  .bits = 1 << 30,
				  .aad = AAD};
	keyd_answer(k, &r, &reply);
	assert_int_equal(reply.status, KEYD_BAD_REQUEST);
	r.bits = 512;
	keyd_answer(k, &r, &reply);
	assert_int_equal(reply.status, KEYD_BAD_REQUEST);
	assert_int_equal(sign(k, SPAN("rubbish"), AAD, &reply), KEYD_BAD_SEAL);
	assert_int_equal(sign(k, NONE, AAD, &reply), KEYD_BAD_SEAL);
}

static void
test_import(void **state)
{
	CLEANUP(keyd_freep) struct keyd *k = make();
	CLEANUP(privkey_freep)
	struct privkey *key = privkey_generate(KEY_RSA, 1024);
	CLEANUP(buf_release) struct buf text = BUF_INIT(PRIVKEY_PUBLIC_MAX);
	CLEANUP(secret_release) struct secret pem = {.ptr = NULL};
	CLEANUP(buf_release) struct buf sealed = BUF_INIT(KEYD_SEALED_MAX);
	struct keyd_request r = {.op = KEYD_IMPORT, .aad = AAD};
	struct keyd_reply reply;

	(void)state;
	privkey_pem(key, &pem);
	privkey_public(key, &text);
	r.bytes = secret_span(&pem);
	keyd_answer(k, &r, &reply);
	assert_int_equal(reply.status, KEYD_OK);
	assert_int_equal(reply.bits, 1024);
	assert_int_equal(reply.type, KEY_RSA);
	assert_true(span_equal(reply.public, buf_span(&text)));
	buf_add(&sealed, reply.sealed);
	assert_int_equal(sign(k, buf_span(&sealed), AAD, &reply), KEYD_OK);
	check_signature(&reply, buf_span(&text));

	r.bytes = SPAN("not a key");
	keyd_answer(k, &r, &reply);
	assert_int_equal(reply.status, KEYD_BAD_KEY);
	assert_int_equal(reply.fault, PRIVKEY_NOT_A_KEY);
	assert_int_equal(reply.sealed.len, 0);
}

static void
test_rebind(void **state)
{
	CLEANUP(keyd_freep) struct keyd *k = make();
	CLEANUP(buf_release) struct buf public;
	CLEANUP(buf_release)
	struct buf sealed = generate(k, KEY_ED25519, 0, AAD, &public);
	CLEANUP(buf_release) struct buf moved = BUF_INIT(KEYD_SEALED_MAX);
	struct keyd_request r = {.op = KEYD_REBIND,
				 .sealed = buf_span(&sealed),
				 .aad = AAD,
				 .aad_new = OTHER};
	struct keyd_reply reply;

	(void)state;
	keyd_answer(k, &r, &reply);
	assert_int_equal(reply.status, KEYD_OK);
	buf_add(&moved, reply.sealed);
	assert_int_equal(sign(k, buf_span(&moved), OTHER, &reply), KEYD_OK);
	check_signature(&reply, buf_span(&public));
	assert_int_equal(sign(k, buf_span(&moved), AAD, &reply), KEYD_BAD_SEAL);

	/* Not for who does not have it, nor as something else. */
	r.aad = OTHER;
	keyd_answer(k, &r, &reply);
	assert_int_equal(reply.status, KEYD_BAD_SEAL);
	r.aad = AAD;
	r.purpose = SEAL_API_SECRET;
	keyd_answer(k, &r, &reply);
	assert_int_equal(reply.status, KEYD_BAD_SEAL);
}

/* Restored without its master key, nothing is signed, and it is said why. */
static void
test_no_master(void **state)
{
	CLEANUP(keyd_freep) struct keyd *k = make();
	CLEANUP(keyd_freep)
	struct keyd *other = keyd_of("quite another master key of 32 o");
	CLEANUP(buf_release) struct buf public;
	CLEANUP(buf_release)
	struct buf sealed = generate(k, KEY_ED25519, 0, AAD, &public);
	struct keyd_reply reply;

	(void)state;
	assert_int_equal(sign(other, buf_span(&sealed), AAD, &reply),
			 KEYD_NO_MASTER);
}

/* What a client sends: the signature that the secret makes. */
static void
sign_v4(struct span secret, const struct keyd_request *r,
	uint8_t ret[HMAC_SIZE])
{
	char start[64] = "AWS4";
	uint8_t next[HMAC_SIZE];

	memcpy(start + 4, secret.ptr, secret.len);
	hmac_of(span_bytes(start, 4 + secret.len), r->date, ret);
	hmac_of(span_bytes(ret, HMAC_SIZE), r->region, next);
	hmac_of(span_bytes(next, HMAC_SIZE), r->service, ret);
	hmac_of(span_bytes(ret, HMAC_SIZE), SPAN("aws4_request"), next);
	hmac_of(span_bytes(next, HMAC_SIZE), r->string_to_sign, ret);
}

static enum keyd_status
verify(struct keyd *k, const struct keyd_request *r)
{
	struct keyd_reply reply;

	keyd_answer(k, r, &reply);
	assert_int_equal(reply.op, KEYD_VERIFY);
	assert_int_equal(reply.sealed.len, 0);
	assert_int_equal(reply.secret.len, 0);
	return reply.status;
}

static void
test_new_secret(void **state)
{
	CLEANUP(keyd_freep) struct keyd *k = make();
	CLEANUP(buf_release) struct buf sealed = BUF_INIT(KEYD_SEALED_MAX);
	CLEANUP(buf_release) struct buf secret = BUF_INIT(KEYD_SECRET_MAX);
	struct keyd_request r = {.op = KEYD_NEW_SECRET, .aad = AAD};
	uint8_t signature[HMAC_SIZE];
	struct keyd_reply reply;

	(void)state;
	keyd_answer(k, &r, &reply);
	assert_int_equal(reply.status, KEYD_OK);
	assert_int_equal(reply.secret.len, KEYD_NEW_SECRET_SIZE);
	for (size_t i = 0; i < reply.secret.len; i++)
		assert_non_null(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
				       "nopqrstuvwxyz0123456789+/",
				       reply.secret.ptr[i]));
	buf_add(&sealed, reply.sealed);
	buf_add(&secret, reply.secret);
	keyd_answer(k, &r, &reply);
	assert_false(span_equal(reply.secret, buf_span(&secret)));

	r = (struct keyd_request){.op = KEYD_VERIFY,
				  .sealed = buf_span(&sealed),
				  .aad = AAD,
				  .date = SPAN("20261123"),
				  .region = SPAN("eu-west-2"),
				  .service = SPAN("ses"),
				  .string_to_sign = SPAN("what is signed"),
				  .signature = {(char *)signature, HMAC_SIZE}};
	sign_v4(buf_span(&secret), &r, signature);
	assert_int_equal(verify(k, &r), KEYD_OK);
	for (size_t i = 0; i < HMAC_SIZE * 8; i++) {
		signature[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(verify(k, &r), KEYD_NO);
		signature[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	r.date = SPAN("20261124");
	assert_int_equal(verify(k, &r), KEYD_NO);
	r.date = SPAN("20261123");
	r.region = SPAN("eu-west-1");
	assert_int_equal(verify(k, &r), KEYD_NO);
	r.region = SPAN("eu-west-2");
	r.service = SPAN("s3");
	assert_int_equal(verify(k, &r), KEYD_NO);
	r.service = SPAN("ses");
	r.aad = OTHER;
	assert_int_equal(verify(k, &r), KEYD_BAD_SEAL);
	r.aad = AAD;
	r.sealed = NONE;
	assert_int_equal(verify(k, &r), KEYD_BAD_SEAL);
	r.sealed = buf_span(&sealed);
	r.signature.len = 31;
	assert_int_equal(verify(k, &r), KEYD_BAD_REQUEST);
	/* nothing of it was cached */
	assert_int_equal(keyd_cached(k), 0);
}

/*
 * The example of "Create a signature" in the AWS documentation: GET
 * iam.amazonaws.com of 20150830T123600Z.
 */
static void
test_aws_example(void **state)
{
	static const uint8_t want[] = {0x5d, 0x67, 0x2d, 0x79, 0xc1, 0x5b, 0x13,
				       0x16, 0x2d, 0x92, 0x79, 0xb0, 0x85, 0x5c,
				       0xfb, 0xa6, 0x78, 0x9a, 0x8e, 0xdb, 0x4c,
				       0x82, 0xc4, 0x00, 0xe0, 0x6b, 0x59, 0x24,
				       0xa6, 0xf2, 0xb5, 0xd7};
	struct seal_ring *ring = seal_ring_new();
	CLEANUP(keyd_freep) struct keyd *k = NULL;
	CLEANUP(buf_release) struct buf sealed = BUF_INIT(KEYD_SEALED_MAX);
	struct keyd_request r = {
		.op = KEYD_VERIFY,
		.aad = AAD,
		.date = SPAN("20150830"),
		.region = SPAN("us-east-1"),
		.service = SPAN("iam"),
		.string_to_sign = SPAN("AWS4-HMAC-SHA256\n20150830T123600Z\n"
				       "20150830/us-east-1/iam/aws4_request\n"
				       "f536975d06c0309214f805bb90ccff089219ecd"
				       "68b2577efef23edd"
				       "43b7e1a59"),
		.signature = {(const char *)want, sizeof(want)},
	};

	(void)state;
	assert_true(
		seal_ring_add(ring, SPAN("an octet, and another one: 32...")));
	assert_true(seal(ring, SEAL_API_SECRET, AAD, SPAN(EXAMPLE_SECRET),
			 &sealed));
	k = keyd_new(ring);
	r.sealed = buf_span(&sealed);
	assert_int_equal(verify(k, &r), KEYD_OK);
}

/* The cache is bounded, and forgets what was used longest ago. */
static void
test_cache(void **state)
{
	static struct buf sealed[KEYD_CACHE_MAX + 2];
	CLEANUP(keyd_freep) struct keyd *k = make();
	struct keyd_reply reply;

	(void)state;
	for (size_t i = 0; i < COUNT(sealed); i++) {
		CLEANUP(buf_release) struct buf public;

		sealed[i] = generate(k, KEY_ED25519, 0, AAD, &public);
		assert_int_equal(sign(k, buf_span(&sealed[i]), AAD, &reply),
				 KEYD_OK);
		check_signature(&reply, buf_span(&public));
		/* the first is always used, so always kept */
		assert_int_equal(sign(k, buf_span(&sealed[0]), AAD, &reply),
				 KEYD_OK);
		assert_int_equal(keyd_cached(k),
				 i < KEYD_CACHE_MAX ? i + 1 : KEYD_CACHE_MAX);
	}
	/* one that was dropped is opened again */
	assert_int_equal(sign(k, buf_span(&sealed[1]), AAD, &reply), KEYD_OK);
	assert_int_equal(keyd_cached(k), KEYD_CACHE_MAX);
	for (size_t i = 0; i < COUNT(sealed); i++)
		buf_release(&sealed[i]);
}

/* K8: what was taken of the secure heap is given back. */
static void
test_heap(void **state)
{
	size_t before = secret_heap_used();
	struct keyd *k = make();
	CLEANUP(buf_release) struct buf public;
	CLEANUP(buf_release)
	struct buf sealed = generate(k, KEY_RSA, 1024, AAD, &public);
	struct keyd_request r = {.op = KEYD_NEW_SECRET, .aad = AAD};
	struct keyd_reply reply;

	(void)state;
	assert_int_equal(sign(k, buf_span(&sealed), AAD, &reply), KEYD_OK);
	assert_true(secret_heap_used() > before + 128);
	keyd_answer(k, &r, &reply);
	keyd_free(k);
	assert_int_equal(secret_heap_used(), before);
}

int
main(void)
{
	bool locked;

	if (!secret_heap(4 << 20, &locked))
		return 1;
	UNIT(test_sign);
	UNIT(test_bad_requests);
	UNIT(test_import);
	UNIT(test_rebind);
	UNIT(test_no_master);
	UNIT(test_new_secret);
	UNIT(test_aws_example);
	UNIT(test_cache);
	UNIT(test_heap);
	return unit_run("keyd/keyd");
}
