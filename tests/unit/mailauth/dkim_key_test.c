/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_key.h"

#include "crypt/privkey.h"
#include "text/base64.h"
#include "unit.h"

static const struct key_row {
	const char *name;
	const char *text; /* RSA and ED stand for keys */
	enum dkim_key_status status;
	const char *want; /* type, flags */
} key[] = {
	{"RFC 6376 s3.6.1: in full", "v=DKIM1; k=rsa; h=sha256; p=RSA",
	 DKIM_KEY_OK, "rsa v"},
	{"s3.6.1: p= alone", "p=RSA", DKIM_KEY_OK, "rsa"},
	{"s3.6.1: k= is rsa if it is not there", "v=DKIM1; p=RSA;", DKIM_KEY_OK,
	 "rsa v"},
	{"RFC 8463 s4: ed25519", "v=DKIM1; k=ed25519; p=ED", DKIM_KEY_OK,
	 "ed25519 v"},
	{"s3.6.1: t=y", "v=DKIM1; t=y; p=RSA", DKIM_KEY_OK, "rsa v y"},
	{"s3.6.1: t=s among others", "t = x : s; p=RSA", DKIM_KEY_OK, "rsa s"},
	{"s3.6.1: h= of several", "h=sha1:sha256:md5; p=RSA", DKIM_KEY_OK,
	 "rsa"},
	{"s3.6.1: s=*", "s=*; p=RSA", DKIM_KEY_OK, "rsa"},
	{"s3.6.1: s= of several", "s=web:email; p=RSA", DKIM_KEY_OK, "rsa"},
	{"s3.6.1: n= is not looked at", "n=hello  there; p=RSA", DKIM_KEY_OK,
	 "rsa"},
	{"D8: g= is ignored", "v=DKIM1; g=; p=RSA", DKIM_KEY_OK, "rsa v"},
	{"D8: v= not first", "p=RSA; v=DKIM1", DKIM_KEY_BAD_VERSION, NULL},
	{"s3.6.1: v= has a case", "v=dkim1; p=RSA", DKIM_KEY_BAD_VERSION, NULL},
	{"s3.6.1: v=DKIM2", "v=DKIM2; p=RSA", DKIM_KEY_BAD_VERSION, NULL},
	{"D8: p= empty", "v=DKIM1; k=rsa; p=", DKIM_KEY_REVOKED, NULL},
	{"D8: duplicate tags", "v=DKIM1; p=RSA; p=RSA", DKIM_KEY_BAD_LIST,
	 NULL},
	{"no p=", "v=DKIM1; k=rsa", DKIM_KEY_NO_KEY, NULL},
	{"no p=, no v=", "k=rsa", DKIM_KEY_NO_KEY, NULL},
	{"s3.6.1: an unknown type", "k=dsa; p=RSA", DKIM_KEY_BAD_TYPE, NULL},
	{"D5: h=sha1 only", "v=DKIM1; h=sha1; p=RSA", DKIM_KEY_BAD_HASH, NULL},
	{"D8: s=other", "v=DKIM1; s=other; p=RSA", DKIM_KEY_BAD_SERVICE, NULL},
	{"p= no base64", "v=DKIM1; p=MI$$", DKIM_KEY_BAD_BASE64, NULL},
	{"p= cut off", "v=DKIM1; p=MIGfMA0G", DKIM_KEY_BAD_KEY, NULL},
	{"D7: an RSA key for ed25519", "k=ed25519; p=RSA", DKIM_KEY_BAD_KEY,
	 NULL},
	{"D7: an Ed25519 key for RSA", "k=rsa; p=ED", DKIM_KEY_BAD_KEY, NULL},
	{"D7: 31 octets",
	 "k=ed25519; p=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==",
	 DKIM_KEY_BAD_KEY, NULL},
	{"an SPF record", "v=spf1 -all", DKIM_KEY_NOT_DKIM, NULL},
	{"another list", "v=DMARC1; p=none", DKIM_KEY_NOT_DKIM, NULL},
	{"nothing", "", DKIM_KEY_NOT_DKIM, NULL},
	{"no list", "hello", DKIM_KEY_NOT_DKIM, NULL},
	{"a broken list", "v=DKIM1; what", DKIM_KEY_BAD_LIST, NULL},
	{"escaped semicolons", "v=DKIM1\\; p=RSA", DKIM_KEY_BAD_VERSION, NULL},
	{"quoted", "\"v=DKIM1; p=RSA\"", DKIM_KEY_NOT_DKIM, NULL},
	{"D8: 8-bit", "v=DKIM1; n=\xff; p=RSA", DKIM_KEY_BAD_LIST, NULL},
};

/* Writes `text` with keys in it. */
static void
write_record(const char *text, struct privkey *rsa, struct privkey *ed,
	     struct buf *to)
{
	for (; *text != '\0'; text++) {
		if (strncmp(text, "RSA", 3) == 0)
			privkey_public(rsa, to), text += 2;
		else if (strncmp(text, "ED", 2) == 0)
			privkey_public(ed, to), text++;
		else
			buf_addc(to, *text);
	}
}

static struct privkey *rsa_key, *ed_key;

static void
test_key(void **state)
{
	const struct key_row *row = *state;
	CLEANUP(buf_release) struct buf b = BUF_INIT(DKIM_RECORD_MAX);
	CLEANUP(buf_release) struct buf got = BUF_INIT(100);
	struct dkim_key_record record;

	write_record(row->text, rsa_key, ed_key, &b);
	assert_int_equal(dkim_key_parse(buf_span(&b), &record), row->status);
	assert_int_equal(record.key != NULL, row->status == DKIM_KEY_OK);
	if (row->status != DKIM_KEY_OK)
		return;
	buf_adds(&got, record.type == KEY_RSA ? "rsa" : "ed25519");
	buf_adds(&got, record.has_version ? " v" : "");
	buf_adds(&got, record.testing ? " y" : "");
	buf_adds(&got, record.strict ? " s" : "");
	assert_span(buf_span(&got), row->want);
	assert_int_equal(record.bits, record.type == KEY_RSA ? 1024 : 256);
	pubkey_free(record.key);
}

static void
test_limit(void **state)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(2 * DKIM_RECORD_MAX);
	struct dkim_key_record record;

	(void)state;
	write_record("v=DKIM1; p=RSA; n=", rsa_key, ed_key, &b);
	while (b.len < DKIM_RECORD_MAX)
		buf_addc(&b, 'x');
	assert_int_equal(dkim_key_parse(buf_span(&b), &record), DKIM_KEY_OK);
	pubkey_free(record.key);
	buf_addc(&b, 'x');
	assert_int_equal(dkim_key_parse(buf_span(&b), &record),
			 DKIM_KEY_TOO_LONG);
	/* NUL inside */
	assert_int_equal(dkim_key_parse(SPAN("v=DKIM1; n=\0; p=x"), &record),
			 DKIM_KEY_BAD_LIST);
}

/* D5: RFC 8301 s3.2 wants 1024 bits at least. */
static void
test_weak(void **state)
{
	/* A made-up modulus of 1015 bits, as a bare RSAPublicKey. */
	uint8_t der[137] = {0x30, 0x81, 0x86, 0x02, 0x7f};
	CLEANUP(buf_release) struct buf b = BUF_INIT(DKIM_RECORD_MAX);
	struct dkim_key_record record;

	(void)state;
	memset(der + 5, 0x6b, 127);
	memcpy(der + 132, "\x02\x03\x01\x00\x01", 5);
	buf_adds(&b, "v=DKIM1; p=");
	base64_encode(span_bytes(der, sizeof(der)), &b);
	assert_int_equal(dkim_key_parse(buf_span(&b), &record),
			 DKIM_KEY_BAD_KEY);
	assert_int_equal(record.key_status, PUBKEY_WEAK);
}

int
main(void)
{
	int failed;

	rsa_key = privkey_generate(KEY_RSA, 1024);
	ed_key = privkey_generate(KEY_ED25519, 0);
	UNIT_ROWS(test_key, key);
	UNIT(test_limit);
	UNIT(test_weak);
	failed = unit_run("mailauth/dkim_key");
	privkey_free(rsa_key);
	privkey_free(ed_key);
	return failed;
}
