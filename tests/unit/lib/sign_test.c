/* SPDX-License-Identifier: Apache-2.0 */
#include "zone.h"

static struct sesame_key *key;

/* What is not to be signed, or not so. */
static const struct row {
	const char *name;
	const char *domain, *selector;
	const char *message;
	unsigned flags;
	enum sesame_status created, ended;
} rows[] = {
	{"a message", "a.example", "s", "From: a@a.example\r\n\r\nx\r\n", 0,
	 SESAME_OK, SESAME_OK},
	{"a header alone", "a.example", "s", "From: a@a.example\r\n", 0,
	 SESAME_OK, SESAME_OK},
	{"a selector with dots", "a.example", "s.2026", "From: a\r\n", 0,
	 SESAME_OK, SESAME_OK},
	{"no domain", NULL, "s", "", 0, SESAME_ERR_DOMAIN, SESAME_OK},
	{"a domain that is none", "a..example", "s", "", 0, SESAME_ERR_DOMAIN,
	 SESAME_OK},
	{"no selector", "a.example", NULL, "", 0, SESAME_ERR_SELECTOR,
	 SESAME_OK},
	{"a selector with a tag in it", "a.example", "s; l=0", "", 0,
	 SESAME_ERR_SELECTOR, SESAME_OK},
	{"a selector with an empty label", "a.example", "s..t", "", 0,
	 SESAME_ERR_SELECTOR, SESAME_OK},
	{"a flag that is not known", "a.example", "s", "", 8,
	 SESAME_ERR_ARGUMENT, SESAME_OK},
	{"nothing", "a.example", "s", "", 0, SESAME_OK, SESAME_ERR_MESSAGE},
	{"no From", "a.example", "s", "To: a\r\n\r\n", 0, SESAME_OK,
	 SESAME_ERR_MESSAGE},
	{"a bare LF in the header", "a.example", "s", "From: a\nTo: b\r\n\r\n",
	 0, SESAME_OK, SESAME_ERR_MESSAGE},
	{"a bare LF in the body", "a.example", "s",
	 "From: a@a.example\r\n\r\nx\ny\r\n", 0, SESAME_OK, SESAME_ERR_MESSAGE},
	{"a bare CR in the body", "a.example", "s",
	 "From: a@a.example\r\n\r\nx\ry\r\n", 0, SESAME_OK, SESAME_ERR_MESSAGE},
	{"a CR at its end", "a.example", "s", "From: a@a.example\r\n\r\nx\r", 0,
	 SESAME_OK, SESAME_ERR_MESSAGE},
	{"a bare CR in a file", "a.example", "s", "From: a@a.example\n\nx\ry\n",
	 SESAME_UNIX_LINES, SESAME_OK, SESAME_ERR_MESSAGE},
	{"a file", "a.example", "s", "From: a@a.example\n\nx\ny\r\n",
	 SESAME_UNIX_LINES, SESAME_OK, SESAME_OK},
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct sesame_sign_input in = {
		.size = sizeof(in),
		.domain = sesame_text_of(row->domain),
		.selector = sesame_text_of(row->selector),
		.key = key,
		.flags = row->flags,
	};
	struct sesame_sign *sign = NULL;

	assert_int_equal(sesame_sign_new(&in, &sign), row->created);
	if (row->created != SESAME_OK) {
		assert_null(sign);
		return;
	}
	for (const char *p = row->message; *p != '\0'; p++)
		assert_int_equal(sesame_sign_feed(sign, p, 1), SESAME_OK);
	assert_text(sesame_sign_field(sign), "");
	assert_int_equal(sesame_sign_end(sign), row->ended);
	assert_int_equal(sesame_sign_field(sign).len > 0,
			 row->ended == SESAME_OK);
	sesame_sign_free(sign);
}

static struct sesame_sign *
start(const struct sesame_key *with, enum sesame_key_type type)
{
	struct sesame_sign_input in = {
		.size = sizeof(in),
		.domain = sesame_text_of("a.example"),
		.selector = sesame_text_of("s"),
		.key = with,
		.key_type = type,
		.time_s = 5,
		.expiry_s = 9,
	};
	struct sesame_sign *sign;

	assert_int_equal(sesame_sign_new(&in, &sign), SESAME_OK);
	sesame_sign_feed(sign, "From: a@a.example\r\n\r\n", 21);
	return sign;
}

/* An HSM stands in for the key: the digest goes out, a signature comes in. */
static void
test_split(void **state)
{
	struct sesame_sign *here = start(key, SESAME_KEY_RSA);
	struct sesame_sign *there = start(NULL, sesame_key_type(key));
	unsigned char digest[SESAME_DIGEST_SIZE];
	static unsigned char big[SESAME_SIGNATURE_MAX + 1] = {1};

	(void)state;
	assert_int_equal(sesame_sign_digest(there, digest), SESAME_ERR_ORDER);
	assert_int_equal(sesame_sign_signature(there, big, 64),
			 SESAME_ERR_ORDER);
	assert_int_equal(sesame_sign_end(here), SESAME_OK);
	assert_int_equal(sesame_sign_end(there), SESAME_OK);
	assert_int_equal(sesame_sign_digest(here, digest), SESAME_ERR_ORDER);
	assert_int_equal(sesame_sign_digest(there, digest), SESAME_OK);
	assert_text(sesame_sign_field(there), "");
	assert_int_equal(sesame_sign_signature(there, big, 0),
			 SESAME_ERR_ARGUMENT);
	assert_int_equal(sesame_sign_signature(there, big, sizeof(big)),
			 SESAME_ERR_TOO_BIG);
	assert_int_equal(sesame_sign_signature(there, "\0\0\0", 3), SESAME_OK);
	assert_non_null(strstr(sesame_sign_field(there).ptr, "b=AAAA\r\n"));
	assert_non_null(strstr(sesame_sign_field(there).ptr, "x=9;"));
	/* but for the signature both are the same */
	assert_memory_equal(sesame_sign_field(here).ptr,
			    sesame_sign_field(there).ptr,
			    sesame_sign_field(there).len - 6);
	assert_int_equal(sesame_sign_signature(there, "x", 1),
			 SESAME_ERR_ORDER);
	sesame_sign_free(here);
	sesame_sign_free(there);
	sesame_sign_free(NULL);
}

static void
test_keys(void **state)
{
	struct sesame_key *again = NULL, *bad = NULL;
	struct sesame_text pem = sesame_key_pem(key);
	const char *why = NULL;

	(void)state;
	assert_int_equal(strlen(pem.ptr), pem.len);
	assert_int_equal(sesame_key_load(pem.ptr, pem.len, &again, &why),
			 SESAME_OK);
	assert_string_equal(sesame_key_record(again).ptr,
			    sesame_key_record(key).ptr);
	sesame_key_free(again);
	assert_null(why);
	assert_int_equal(sesame_key_load("hello", 5, &bad, &why),
			 SESAME_ERR_KEY);
	assert_true(why != NULL && strlen(why) > 5);
	assert_int_equal(sesame_key_load(NULL, 0, &bad, NULL), SESAME_ERR_KEY);
	assert_null(bad);
	assert_int_equal(sesame_key_generate(SESAME_KEY_RSA, 512, &bad),
			 SESAME_ERR_ARGUMENT);
	assert_int_equal(sesame_key_generate((enum sesame_key_type)3, 0, &bad),
			 SESAME_ERR_ARGUMENT);
	sesame_key_free(NULL);
}

static void
test_times(void **state)
{
	struct sesame_sign_input in = {
		.size = sizeof(in),
		.domain = sesame_text_of("a.example"),
		.selector = sesame_text_of("s"),
		.key_type = SESAME_KEY_RSA,
		.time_s = 10,
		.expiry_s = 10,
	};
	struct sesame_sign *sign;

	(void)state;
	assert_int_equal(sesame_sign_new(&in, &sign), SESAME_ERR_ARGUMENT);
	in.expiry_s = 0;
	in.time_s = -1;
	assert_int_equal(sesame_sign_new(&in, &sign), SESAME_ERR_ARGUMENT);
	in.time_s = 0;
	in.key_type = (enum sesame_key_type)0;
	assert_int_equal(sesame_sign_new(&in, &sign), SESAME_ERR_ARGUMENT);
}

int
main(void)
{
	int status;

	if (sesame_key_generate(SESAME_KEY_ED25519, 0, &key) != SESAME_OK)
		return 1;
	UNIT_ROWS(test_row, rows);
	UNIT(test_split);
	UNIT(test_keys);
	UNIT(test_times);
	status = unit_run("lib/sign");
	sesame_key_free(key);
	return status;
}
