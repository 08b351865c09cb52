/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_keys.h"

#include "crypt/privkey.h"
#include "unit.h"

static struct privkey *rsa_key;

/* A good record whose n= says `n`. */
static struct span
good(int n, struct buf *to)
{
	buf_clear(to);
	buf_addf(to, "v=DKIM1; n=%d; t=s; p=", n);
	privkey_public(rsa_key, to);
	return buf_span(to);
}

static const struct same_row {
	const char *name;
	const char *text; /* NULL: a good one */
} same[] = {
	{"a good record", NULL},
	{"a revoked one", "v=DKIM1; p="},
	{"no key record", "v=spf1 -all"},
	{"a broken list", "v=DKIM1; what"},
	{"a key that is none", "v=DKIM1; k=ed25519; p=AAAA"},
	{"nothing", ""},
};

/* Parsed, parsed for the cache and found in it: all the same. */
static void
test_same(void **state)
{
	const struct same_row *row = *state;
	CLEANUP(buf_release) struct buf b = BUF_INIT(DKIM_RECORD_MAX);
	CLEANUP(dkim_keys_freep) struct dkim_keys *keys = dkim_keys_new(16);
	struct span text = row->text != NULL ? span_of(row->text) : good(1, &b);
	struct dkim_key_record want, got;
	enum dkim_key_status status = dkim_keys_parse(NULL, text, &want);

	assert_int_equal(dkim_key_parse(text, &got), status);
	pubkey_free(got.key);
	for (uint64_t i = 0; i < 3; i++) {
		assert_int_equal(dkim_keys_parse(keys, text, &got), status);
		assert_int_equal(dkim_keys_hits(keys), i);
		assert_int_equal(dkim_keys_misses(keys), 1);
		assert_int_equal(got.key != NULL, want.key != NULL);
		assert_int_equal(got.type, want.type);
		assert_int_equal(got.strict, want.strict);
		assert_int_equal(got.testing, want.testing);
		assert_int_equal(got.has_version, want.has_version);
		assert_int_equal(got.bits, want.bits);
		assert_int_equal(got.key_status, want.key_status);
		pubkey_free(got.key);
	}
	pubkey_free(want.key);
}

/* A text that differs in one octet is another one, wherever that stands. */
static void
test_octet(void **state)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(DKIM_RECORD_MAX);
	CLEANUP(dkim_keys_freep) struct dkim_keys *keys = dkim_keys_new(1);
	struct dkim_key_record got;
	uint64_t parsed = 1;

	(void)state;
	(void)!dkim_keys_parse(keys, good(1, &b), &got);
	pubkey_free(got.key);
	for (size_t i = 0; i < b.len; i++) {
		b.ptr[i] ^= 1;
		(void)!dkim_keys_parse(keys, buf_span(&b), &got);
		pubkey_free(got.key);
		b.ptr[i] ^= 1;
		assert_int_equal(dkim_keys_misses(keys), ++parsed);
		/* that has put the first one out, in the end */
		(void)!dkim_keys_parse(keys, buf_span(&b), &got);
		pubkey_free(got.key);
		parsed = dkim_keys_misses(keys);
	}
}

/* More records than there is room for; keys that are out go on. */
static void
test_limit(void **state)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(DKIM_RECORD_MAX);
	CLEANUP(buf_release) struct buf signature = BUF_INIT(512);
	struct dkim_keys *keys = dkim_keys_new(32);
	struct dkim_key_record first, got;
	uint8_t digest[DIGEST_SIZE] = {1};

	(void)state;
	assert_true(privkey_sign(rsa_key, digest, &signature));
	assert_int_equal(dkim_keys_parse(keys, good(0, &b), &first),
			 DKIM_KEY_OK);
	for (int i = 1; i < 300; i++) {
		assert_int_equal(dkim_keys_parse(keys, good(i, &b), &got),
				 DKIM_KEY_OK);
		pubkey_free(got.key);
	}
	assert_int_equal(dkim_keys_misses(keys), 300);
	for (int i = 0; i < 300; i++) {
		assert_int_equal(dkim_keys_parse(keys, good(i, &b), &got),
				 DKIM_KEY_OK);
		pubkey_free(got.key);
	}
	/* 32 of them at most were there still */
	assert_true(dkim_keys_hits(keys) <= 32);
	dkim_keys_free(keys);
	assert_true(pubkey_verify(first.key, digest, buf_span(&signature)));
	pubkey_free(first.key);
}

/* A text that is too long is not kept. */
static void
test_long(void **state)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(2 * DKIM_RECORD_MAX);
	CLEANUP(dkim_keys_freep) struct dkim_keys *keys = dkim_keys_new(0);
	struct dkim_key_record got;

	(void)state;
	while (b.len <= DKIM_RECORD_MAX)
		buf_adds(&b, "x");
	for (int i = 0; i < 2; i++)
		assert_int_equal(dkim_keys_parse(keys, buf_span(&b), &got),
				 DKIM_KEY_TOO_LONG);
	assert_int_equal(dkim_keys_misses(keys), 0);
	assert_int_equal(dkim_keys_hits(keys), 0);
	dkim_keys_free(dkim_keys_new(SIZE_MAX));
}

int
main(void)
{
	int failed;

	rsa_key = privkey_generate(KEY_RSA, 1024);
	UNIT_ROWS(test_same, same);
	UNIT(test_octet);
	UNIT(test_limit);
	UNIT(test_long);
	failed = unit_run("mailauth/dkim_keys");
	privkey_free(rsa_key);
	return failed;
}
